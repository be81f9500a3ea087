"""The words dates are made of: 来期, 4月, 末, end of, March, next year, 6/30, Q3 - with what each one means.

`dates` puts words that stand side by side together and finds the days they mean.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice

from dialogs.reading.date_forms import FORMS, JAPANESE_FORMS, Token
from dialogs.reading.english_dates import COUNTED_DAYS, DAY_WORDS, ENGLISH_FORMS, day_number
from dialogs.reading.english_names import RUN, Looks, looks
from dialogs.reading.lexicon import Words, lexicon
from dialogs.reading.places import Beginnings
from dialogs.reading.text import MOST, Text

TABLES = (
    "month", "relative_month", "relative_year", "relative_fiscal_year", "quarter", "relative_quarter", "half",
    "coming_half", "season", "relative_week", "relative_work_week", "weekday", "relative_day", "named", "part",
)  # fmt: skip
"""The sections of lexicons/calendar.toml; each is a kind of word."""

# English words that are dates only in company: "we may", "sat down", "fall behind"
_OFTEN_OTHER = frozenset({"may", "march", "mar", "fall", "sun", "sat", "mon", "wed", "dec", "jan"})
_LEADS_TO_DATE = re.compile(
    r"(?<![a-z])(?:in|by|until|till|before|after|early|late|mid|of|from|since|next|this|coming|between|beginning"
    r"|during|end|around|starting|on|through|about|last|latest|the|for|than"
    r"|now and|today and)[\s-]{1,2}(?:the |early |late |mid[ -])?$"
)
# "make that March", "probably May": there the word ends what is said
_NAMES_A_DATE = re.compile(
    r"(?<![a-z])(?:it's|it is|that's|make (?:that|it)|means?|meant|(?:should|must|would|will|might) be|maybe"
    r"|probably|perhaps|possibly|realistically"
    r"|(?:live|launch|launching|start|date|deadline|target|rollout|kick-?off|timing|timeline|delivery|month)"
    r"(?: date| month)? (?:is|was)"
    r"|(?:live|launch|roll-?out|kick-?off|target|eta)"
    r"|hopefully|ideally|say|likely|not|rather|actually|to)\s$"
)
_ENDS_THERE = re.compile(
    r"\s?(?:[.,;!?)]|$|(?:please|instead|then|now|not|or|as|at|if|though|but|i think|latest|ideally)(?![a-z]))"
)
_SHORT_TEXT = 14
_OPENS_ALONE = re.compile(r"\s*(?:(?:um|hmm|well|ok|okay|so|oh)[,.]?\s)?(?:march|may)[.,;!]")


@cache
def _words() -> tuple[re.Pattern[str], Mapping[str, tuple[str, str]], Beginnings]:
    """One pattern for the words of all tables, what each word means, and where one may begin."""
    meanings: dict[str, tuple[str, str]] = {}
    for table in TABLES:
        for word, meaning in lexicon("calendar").table(table).meanings.items():
            meanings.setdefault(word, (table, meaning))
    beginnings = Beginnings.of([word.partition(" ")[0] for word in meanings])
    # the longer first: "new year's eve" is not "new year"
    return Words.spelled(sorted(meanings, key=len, reverse=True)).pattern, meanings, beginnings


def date_words(text: Text) -> list[Token]:
    """The words of dates from left to right; where two overlap, the one that begins first, else the longer."""
    found = [*islice(_word_tokens(text), 4 * MOST), *islice(_form_tokens(text), 4 * MOST)]
    found.sort(key=lambda token: (token.start, -token.end))
    taken: list[Token] = []
    for token in found:
        border = taken[-1].end if taken else 0
        if token.start >= border:
            taken.append(token)
        elif token.end > border and (rest := _words()[0].match(text.plain, border)):
            # 「4月末日」: 月末 is a word too, but 4月 took its first letter
            taken.extend(_read_word(text, rest))
    return taken


def _word_tokens(text: Text) -> Iterator[Token]:
    pattern, _, beginnings = _words()
    for match in beginnings.finditer(pattern, text.plain):
        yield from _read_word(text, match)


def _read_word(text: Text, match: re.Match[str]) -> Iterator[Token]:
    word, plain = match.group(), text.plain
    meanings = _words()[1]
    kind, meaning = meanings.get(word) or meanings[re.sub(r"[\s-]+", " ", word)]
    if kind == "part" and not word.isascii() and _is_verb(word, plain, match.end()):
        return
    if (kind == "season" or meaning.endswith("half_term")) and _OF_THE_SEASON.match(plain, match.end()):
        return
    if kind == "weekday" and _EACH_TIME.match(plain, match.end()):
        return
    if kind == "weekday" and _EVERY.search(plain, max(0, match.start() - 8), match.start()):
        return
    if (
        kind == "weekday"
        and word.endswith("days")
        and not _COUNTS.search(plain, max(0, match.start() - 8), match.start())
    ):
        return  # nobody answers "on Saturdays"; but "three Fridays from now"
    if word in _TOMORROW and _NO_TOMORROW.match(plain, match.end()):
        return
    if meaning == "year_end" and plain.startswith("調整", match.end()):
        return  # 年末調整
    if word == "ことし" and _ENDS_A_VERB.search(plain, 0, match.start()):
        return  # 「使うことしか」
    if word == "らいねん" and _ENDS_AN_ADJECTIVE.search(plain, 0, match.start()):
        return  # 「つらいねん」
    days = list(_days_beside(plain, match)) if kind in ("month", "weekday") and word.isascii() else []
    if kind == "relative_month" and plain.endswith("of ", 0, match.start()):
        days = [day for day in _days_beside(plain, match) if day.end <= match.start()]
    weak = word in _OFTEN_OTHER and not days and text.language == "en"
    if weak and _begins_a_name(text, match):
        return
    weak = weak and not in_company(plain, *match.span())
    value = int(meaning) if meaning.isdecimal() else meaning
    yield Token(kind=kind, value=value, start=match.start(), end=match.end(), weak=weak)
    yield from days


def _days_beside(plain: str, month: re.Match[str]) -> Iterator[Token]:
    """ "March 3", "the third of March", "July 13 to 15": a number beside an English month is a day of it.

    So is one behind a weekday: "Monday 21".
    """
    behind = _day_behind().match(plain, month.end())
    front = (
        None
        if behind or month.group().startswith(_WEEKDAY_HEADS)
        else _day_in_front().search(plain, max(0, month.start() - 40), month.start())
    )
    if behind and not behind[2] and (years := _SHORT_YEAR.match(plain, behind.start(1))):
        front = _day_in_front().search(plain, max(0, month.start() - 40), month.start())
        if front and not front[2]:  # "3 May 27"
            yield Token(kind="year", value=2000 + int(years[1]), start=years.start(1), end=years.end(1))
            behind = None
    for found in (behind, front):
        for group in (1, 2) if found else ():
            number = day_number(found[group]) if found and found[group] else 0
            if found and 1 <= number <= 31:
                yield Token(kind="day", value=number, start=found.start(group), end=found.end(group))


# "the summer intern", "spring cleaning": what only comes at that time of the year
_OF_THE_SEASON = re.compile(
    r"\s(?:interns?|internships?|students?|jobs?|schools?|camps?|temps?|staff|help|hires?|workers?|associates?|cleaning"
    r"|collections?|fashion|bookings?|clubs?|activities|cover|menus?|parties)(?![a-z])"
)
_EVERY = re.compile(r"(?<![a-z])(?:every|each|most)\s$")
_EACH_TIME = re.compile(r"\s(?:mornings|afternoons|evenings|nights|lunchtimes)(?![a-z])")
"""Nobody answers "on Monday mornings", nor "every Saturday"."""
_TOMORROW = frozenset({"あす", "明日"})
_NO_TOMORROW = re.compile(r"か(?!ら|明|な|も|あ|\?)|なろ|[香葉]")
"""あすか工業, あすなろ建設, 明日香さん, 明日葉"""
_ENDS_A_VERB = re.compile("[うくぐすつぬぶむるいたな]$")
_ENDS_AN_ADJECTIVE = re.compile("[つえくきわ]$")
_SHORT_YEAR = re.compile(r"(1[3-9]|[2-9][0-9])(?![0-9a-z])")
_WEEKDAY_HEADS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@cache
def _day_source() -> str:
    words = "|".join(sorted((word.replace(" ", r"[\s-]") for word in DAY_WORDS), key=len, reverse=True))
    return rf"[0-9]{{1,2}}(?:st|nd|rd|th)?|{words}"


_TO_DAY = r"\s?(?:-|to|thru|through|till|until|and)\s?(?:the\s)?"


@cache
def _day_behind() -> re.Pattern[str]:
    counted = (
        "%|am|pm|people|days|weeks|months|years|month|week|day|year|k|usd|employees|of|half|quarter|tuesday|monday"
    )
    end = rf"(?![0-9a-z%:]|[.,/][0-9]|\s?(?:{counted}))"
    alone = rf"(?:{COUNTED_DAYS})(?=\s?(?:[.,;!?)]|$))"
    return re.compile(rf"[\s/-]{{0,2}}(?:the )?({_day_source()}|{alone})(?:{_TO_DAY}({_day_source()}))?{end}")


@cache
def _day_in_front() -> re.Pattern[str]:
    day = _day_source()
    return re.compile(
        rf"(?<![0-9a-z$€£¥.,/-])(?<![0-9]:)(?<![$€£¥] )({day})(?:{_TO_DAY}({day}))?[\s/-]?(?:day\s)?(?:of\s)?$"
    )


def _is_verb(word: str, plain: str, end: int) -> bool:
    """「4月始めたい」 and 「3月終わります」 have verbs, 「4月始め」 has a part of the month."""
    return word.endswith(("め", "わり")) and plain[end : end + 1] in tuple("たてるよま") and bool(plain[end : end + 1])


_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_MONTH_AND = re.compile(rf"(?<![a-z]){_MONTH_NAME}\s?(?:to|or|and|through|thru|until|till|-|~|/|,)\s?$")
_AND_MONTH = re.compile(rf"\s?(?:to|or|and|through|thru|until|till|-|~|/)\s?{_MONTH_NAME}(?![a-z])")


_IN_A_YEAR = re.compile(r"\s(?:after next|in (?:a|one|1|two|2) years?)(?![a-z])")


def in_company(plain: str, start: int, end: int) -> bool:
    """Whether a word that is often no date stands where dates stand: "in May", "March or May"."""
    return (
        len(plain.strip()) <= _SHORT_TEXT
        or _OPENS_ALONE.match(plain, 0, end + 1) is not None
        or _LEADS_TO_DATE.search(plain, max(0, start - 14), start) is not None
        or _MONTH_AND.search(plain, max(0, start - 20), start) is not None
        or _AND_MONTH.match(plain, end) is not None
        or _IN_A_YEAR.match(plain, end) is not None
        or (_ENDS_THERE.match(plain, end) and _NAMES_A_DATE.search(plain, max(0, start - 16), start)) is not None
    )


_COUNTS = re.compile(r"(?:[0-9]|one|two|three|four|five|six|seven|eight|nine|ten|few|of|next|more)\s$")


def _begins_a_name(text: Text, match: re.Match[str]) -> bool:
    """ "Sun & Moon Spa", "March Foods": the word opens the name of a firm."""
    if not text.plain.startswith((" & ", " "), match.end()) or not text.words(*match.span())[0].isupper():
        return False
    name = _NAME.match(text.words(match.start(), len(text.plain)))
    return name is not None and looks(name.group()) is Looks.FIRM


_NAME = re.compile(RUN)
_MAY_HOLD_A_FORM = {
    "ja": re.compile("[0-9年月つ日春夏秋冬(]|ねん|ことし"),
    "en": re.compile(
        "[0-9]|next| the (?:week|month|year)|first|second|third|th(?![a-z])|last|final|twenty|thousand"
        "| (?:now|date|present)"
    ),
}


def _form_tokens(text: Text) -> Iterator[Token]:
    plain = text.plain
    if not _MAY_HOLD_A_FORM[text.language].search(plain):
        return
    for form in (*FORMS, *(JAPANESE_FORMS if text.language == "ja" else ENGLISH_FORMS)):
        for hint in form.hints:  # a loop, because every text goes through all forms
            if hint in plain:
                for match in form.pattern.finditer(plain):
                    version = _VERSION.search(plain, max(0, match.start() - 9), match.start())
                    if not version or _BY_THEN.match(plain, match.end()):
                        yield from form.read(match)
                break


_VERSION = re.compile(r"(?:(?<![a-z])(?:versions?|ver\.?|v\.?|build|firmware)|バージョン|率[はが]?)\s?$")
"""In front of figures that are no date then: "version 1.2.2027", 「補助率2/3」."""
_BY_THEN = re.compile(r"までに|に向け|以降|付け|には[^。、\n]{0,6}(?:下げ|上げ|減ら|改善|半減|達成|間に合)")
"""Behind them they are one all the same: 「解約率3/1までに」."""
