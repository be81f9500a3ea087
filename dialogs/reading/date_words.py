"""The words dates are made of: 来期, 4月, 末, end of, March, next year, 6/30, Q3 - with what each one means.

`dates` puts words that stand side by side together and finds the days they mean.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import NamedTuple

from dialogs.reading.lexicon import Words, lexicon
from dialogs.reading.numbers import kanji_value
from dialogs.reading.places import shows_any
from dialogs.reading.text import MOST, Text


class Token(NamedTuple):
    """One word of a date: what kind of word, its value, and its place in `plain`.

    A `weak` word ("may", "sat") is a date only together with others.
    """

    kind: str
    value: int | str
    start: int
    end: int
    weak: bool = False

    @property
    def number(self) -> int:
        return int(self.value)


TABLES = (
    "month", "relative_month", "relative_year", "relative_fiscal_year", "quarter", "relative_quarter", "half",
    "coming_half", "season", "relative_week", "weekday", "relative_day", "named", "part",
)  # fmt: skip
"""The sections of lexicons/calendar.toml; each is a kind of word."""

# English words that are dates only in company: "we may", "sat down", "fall behind"
_OFTEN_OTHER = frozenset({"may", "march", "mar", "fall", "sun", "sat", "mon", "wed", "dec", "jan"})
_LEADS_TO_DATE = re.compile(
    r"(?<![a-z])(?:in|by|until|till|before|after|early|late|mid|of|from|since|next|this|coming|between|beginning"
    r"|during|end|around|starting|on|through|about|last|latest|the|for|than"
    r"|now and|today and)[\s-]{1,2}(?:the |early |late |mid[ -])?$"
)
_SHORT_TEXT = 14


@cache
def _words() -> tuple[re.Pattern[str], Mapping[str, tuple[str, str]]]:
    """One pattern for the words of all tables, and what each word means."""
    meanings: dict[str, tuple[str, str]] = {}
    for table in TABLES:
        for word, meaning in lexicon("calendar").table(table).meanings.items():
            meanings.setdefault(word, (table, meaning))
    # the longer first: "new year's eve" is not "new year"
    return Words.spelled(sorted(meanings, key=len, reverse=True)).pattern, meanings


def date_words(text: Text) -> list[Token]:
    """The words of dates from left to right; where two overlap, the one that begins first, else the longer."""
    found = [*islice(_word_tokens(text), 4 * MOST), *islice(_form_tokens(text), 4 * MOST)]
    found.sort(key=lambda token: (token.start, -token.end))
    taken: list[Token] = []
    for token in found:
        border = taken[-1].end if taken else 0
        if token.start >= border:
            taken.append(token)
        elif token.end > border and (rest := _words()[0].match(text.plain, border, token.end)):
            # 「4月末」: 月末 is a word too, but 4月 took its first letter
            taken.extend(_read_word(text, rest))
    return taken


def _word_tokens(text: Text) -> Iterator[Token]:
    for match in _words()[0].finditer(text.plain):
        yield from _read_word(text, match)


def _read_word(text: Text, match: re.Match[str]) -> Iterator[Token]:
    word, plain = match.group(), text.plain
    meanings = _words()[1]
    kind, meaning = meanings.get(word) or meanings[re.sub(r"[\s-]+", " ", word)]
    if kind == "part" and not word.isascii() and _is_verb(word, plain, match.end()):
        return
    if word == "ことし" and _ENDS_A_VERB.search(plain, 0, match.start()):
        return  # 「使うことしか」
    days = list(_days_beside(plain, match)) if kind in ("month", "weekday") and word.isascii() else []
    if kind == "relative_month" and plain.endswith("of ", 0, match.start()):
        days = [day for day in _days_beside(plain, match) if day.end <= match.start()]
    weak = word in _OFTEN_OTHER and not days and text.language == "en" and not in_company(plain, *match.span())
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
    for found in (behind, front):
        for group in (1, 2) if found else ():
            number = _day_number(found[group]) if found and found[group] else 0
            if found and 1 <= number <= 31:
                yield Token(kind="day", value=number, start=found.start(group), end=found.end(group))


_ENDS_A_VERB = re.compile("[うくぐすつぬぶむるいたな]$")
_WEEKDAY_HEADS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
_DAY_WORDS = {
    **{word: at for at, word in enumerate(_ORDINALS, 1)},
    **{f"twenty {word}": 20 + at for at, word in enumerate(_ORDINALS[:9], 1)},
    "thirtieth": 30,
    "thirty first": 31,
}


@cache
def _day_source() -> str:
    words = "|".join(sorted((word.replace(" ", r"[\s-]") for word in _DAY_WORDS), key=len, reverse=True))
    return rf"[0-9]{{1,2}}(?:st|nd|rd|th)?|{words}"


_TO_DAY = r"\s?(?:-|to|thru|through|till|until|and)\s?(?:the\s)?"


@cache
def _day_behind() -> re.Pattern[str]:
    counted = (
        "%|am|pm|people|days|weeks|months|years|month|week|day|year|k|usd|employees|of|half|quarter|tuesday|monday"
    )
    end = rf"(?![0-9a-z%:]|[.,/][0-9]|\s?(?:{counted}))"
    return re.compile(rf"[\s/-]{{0,2}}(?:the )?({_day_source()})(?:{_TO_DAY}({_day_source()}))?{end}")


@cache
def _day_in_front() -> re.Pattern[str]:
    day = _day_source()
    return re.compile(rf"(?<![0-9a-z$€£¥.,/:-])({day})(?:{_TO_DAY}({day}))?[\s/-]?(?:day\s)?(?:of\s)?$")


def _day_number(written: str) -> int:
    figures = re.match("[0-9]{1,2}", written)
    return int(figures.group()) if figures else _DAY_WORDS[re.sub(r"[\s-]+", " ", written)]


def _is_verb(word: str, plain: str, end: int) -> bool:
    """「4月始めたい」 and 「3月終わります」 have verbs, 「4月始め」 has a part of the month."""
    return word.endswith(("め", "わり")) and plain[end : end + 1] in tuple("たてるよま") and bool(plain[end : end + 1])


_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_MONTH_AND = re.compile(rf"(?<![a-z]){_MONTH_NAME}\s?(?:to|or|and|through|thru|until|till|-|~|/|,)\s?$")
_AND_MONTH = re.compile(rf"\s?(?:to|or|and|through|thru|until|till|-|~|/)\s?{_MONTH_NAME}(?![a-z])")


def in_company(plain: str, start: int, end: int) -> bool:
    """Whether a word that is often no date stands where dates stand: "in May", "March or May"."""
    return (
        len(plain.strip()) <= _SHORT_TEXT
        or _LEADS_TO_DATE.search(plain, max(0, start - 14), start) is not None
        or _MONTH_AND.search(plain, max(0, start - 20), start) is not None
        or _AND_MONTH.match(plain, end) is not None
    )


# Dates in figures


@dataclass(frozen=True, kw_only=True)
class Form:
    """A way to write a date in figures. Tried only when the text holds one of its `hints`.

    A pattern better starts with a letter it needs than with a look behind: then `re` can skip to the next such letter.
    """

    example: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Iterator[Token]]


_MAY_HOLD_A_FORM = {"ja": re.compile("[0-9年月つ日春夏秋冬(]"), "en": re.compile("[0-9]|next")}


def _form_tokens(text: Text) -> Iterator[Token]:
    if not _MAY_HOLD_A_FORM[text.language].search(text.plain):
        return
    for form in (*FORMS, *(JAPANESE_FORMS if text.language == "ja" else ENGLISH_FORMS)):
        if shows_any(text.plain, form.hints):
            for match in form.pattern.finditer(text.plain):
                yield from form.read(match)


def _one(kind: str, value: int, match: re.Match[str]) -> Iterator[Token]:
    yield Token(kind=kind, value=value, start=match.start(), end=match.end())


def _year_month_day(match: re.Match[str]) -> Iterator[Token]:
    if 1 <= int(match[2]) <= 12:
        yield from _full(*match.span(), int(match[1]), int(match[2]), int(match[3]) if match[3] else None)


def _month_day(match: re.Match[str]) -> Iterator[Token]:
    month, day = int(match[1]), int(match[2])
    if month > 12 >= day >= 1:
        month, day = day, month
    if 1 <= month <= 12 and 1 <= day <= 31 and match.group() != "24/7":
        yield from _full(*match.span(), _full_year(match[3]) if match[3] else None, month, day)


def _month_year(match: re.Match[str]) -> Iterator[Token]:
    if 1 <= int(match[1]) <= 12:
        yield from _full(*match.span(), int(match[2]), int(match[1]), None)


def _year_quarter(match: re.Match[str]) -> Iterator[Token]:
    year, number = (match[1], match[2]) if len(match[1]) > 1 else (match[2], match[1])
    start, end = match.span()
    yield Token(kind="year", value=_full_year(year), start=start, end=start + 1)
    yield Token(kind="quarter", value=int(number), start=start + 1, end=end)


def _fiscal_year(match: re.Match[str]) -> Iterator[Token]:
    return _one("fiscal_year", _full_year(str(kanji_value(match[1]))), match)


def _closing_year(match: re.Match[str]) -> Iterator[Token]:
    """2027年3月期 closes in March 2027 and so is the fiscal year 2026; 12月期 is the year itself."""
    year = _full_year(str(kanji_value(match[1])))
    return _one("fiscal_year", year - 1, match) if "3" in (match[2], match[3]) else _one("calendar_year", year, match)


def _year(match: re.Match[str]) -> Iterator[Token]:
    return _one("year", _full_year(str(kanji_value(match[1]))), match)


_MONTH_IN_FRONT = re.compile(
    r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?:[/-][0-9]{1,2})?$"
)


def _year_behind_month(match: re.Match[str]) -> Iterator[Token]:
    if _MONTH_IN_FRONT.search(match.string, max(0, match.start() - 13), match.start()):
        yield Token(kind="year", value=int(match[1]), start=match.start(1), end=match.end(1))


_ERAS = {"令和": 2018, "r": 2018, "平成": 1988}


def _next_one(match: re.Match[str]) -> Iterator[Token]:
    start = match.start() + match.group().rindex("next")
    yield Token(kind=f"relative_{match[1]}", value=1, start=start, end=match.end())


def _era(kind: str) -> Callable[[re.Match[str]], Iterator[Token]]:
    return lambda match: _one(kind, _ERAS[match[1]] + (1 if match[2] == "元" else int(match[2])), match)


def _within(kind: str, most: int) -> Callable[[re.Match[str]], Iterator[Token]]:
    def read(match: re.Match[str]) -> Iterator[Token]:
        if 1 <= kanji_value(match[1]) <= most:
            yield from _one(kind, kanji_value(match[1]), match)

    return read


def _full(start: int, end: int, year: int | None, month: int, day: int | None) -> Iterator[Token]:
    """Tokens for a date in figures; they share its place between them."""
    places = iter(range(start, end))
    if year is not None:
        at = next(places)
        yield Token(kind="year", value=year, start=at, end=at + 1)
    at = next(places)
    yield Token(kind="month", value=month, start=at, end=end if day is None else at + 1)
    if day is not None:
        yield Token(kind="day", value=day, start=at + 1, end=end)


def _full_year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)


_KANJI = re.compile("[\u4e00-\u9fff]")
_BEFORE_SEASON = "年度初来翌今"
_AFTER_SEASON = "以過中明前後末半始開導稼本終頃先口入内"


def _season_tokens(match: re.Match[str]) -> Iterator[Token]:
    """「秋頃」 and 「来春」 are seasons, 「秋田」 and 「春日」 are not."""
    plain, (start, end) = match.string, match.span()
    before, after = plain[start - 1 : start] if start else "", plain[end : end + 1]
    if before not in _BEFORE_SEASON and _KANJI.match(before):
        return
    if before not in ("来", "翌", "今") and after and after not in _AFTER_SEASON and _KANJI.match(after):
        return
    if before in ("来", "翌"):
        yield Token(kind="relative_year", value=1, start=start - 1, end=start)
    yield Token(kind="season", value=_SEASON_MONTH[match[1]], start=start, end=end)


_SEASON_MONTH = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
_WEEKDAYS = "月火水木金土日"
_FIGURE = "0-9一二三四五六七八九十"
_N = rf"[{_FIGURE}](?<![{_FIGURE}].)[{_FIGURE}]{{0,2}}"
_YEAR = r"(?:19|20)(?<![0-9/.,]..)[0-9]{2}"
_KANJI_YEAR = "二〇[〇一二三四五六七八九]{2}"
_COUNTED_BEHIND = r"\s?(?:usd|eur|dollars|euros|people|employees|users|seats)"
_DAY_END = r"(?!間|数|で?も早|付(?!け?で)|本|当た|曜)(?:\s?\(?[月火水木金土日](?:曜日?)?\)?(?=[)\s、。にま]|$))?"

FORMS = (
    Form(
        example="2027/4/1, 2027-04-01, 2027.4",
        hints=("/", "-", "."),
        pattern=re.compile(rf"({_YEAR})[/.-]([0-9]{{1,2}})(?:[/.-]([0-9]{{1,2}}))?(?![0-9]|[.,/][0-9])"),
        read=_year_month_day,
    ),
    Form(
        example="6/30, 6/30/2027",
        hints=("/",),
        pattern=re.compile(
            r"([0-9](?<![0-9/.,].)[0-9]?)/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?"
            r"(?![0-9]|[/.,][0-9]|%|\s?(?:million|billion|thousand|of|the))"
        ),
        read=_month_day,
    ),
    Form(
        example="4/2027",
        hints=("/",),
        pattern=re.compile(r"([0-9](?<![0-9/.,-].)[0-9]?)/((?:19|20)[0-9]{2})(?![0-9])"),
        read=_month_year,
    ),
    Form(
        example="2027q4, 27q4",
        hints=("q",),
        pattern=re.compile(r"((?:20)?[0-9]{2})[\s-]?q([1-4])(?![0-9a-z])"),
        read=_year_quarter,
    ),
    Form(
        example="q4'27",
        hints=("q",),
        pattern=re.compile(r"q(?<![0-9a-z]q)([1-4])[\s-]?'([0-9]{2})(?![0-9a-z])"),
        read=_year_quarter,
    ),
    Form(
        example="fy27, fiscal 2027",
        hints=("fy", "fiscal", "financial"),
        pattern=re.compile(r"f(?<![a-z]f)(?:y|iscal year|iscal|inancial year)[\s'-]{0,2}((?:20)?[0-9]{2})(?![0-9])"),
        read=_fiscal_year,
    ),
)
JAPANESE_FORMS = (
    Form(
        example="2027年3月期, 27/12期",
        hints=("期",),
        pattern=re.compile(rf"(?<![0-9])((?:19|20)?[0-9]{{2}}|{_KANJI_YEAR})(?:年(3|12)月|/(3|12)月?)期(?!間)"),
        read=_closing_year,
    ),
    Form(
        example="2027年度, 27年度",
        hints=("年度",),
        pattern=re.compile(rf"(?<![0-9])((?:20)?[0-9]{{2}}|{_KANJI_YEAR})\s?年度"),
        read=_fiscal_year,
    ),
    Form(
        example="令和9年度",
        hints=("年度",),
        pattern=re.compile(r"(令和|r)([0-9]{1,2}|元)年度"),
        read=_era("fiscal_year"),
    ),
    Form(
        example="2027年",
        hints=("年",),
        pattern=re.compile(rf"((?:19|20)(?<![0-9]..)[0-9]{{2}}|{_KANJI_YEAR})\s?年(?![度間])"),
        read=_year,
    ),
    Form(
        example="2027から2028年",
        hints=("20",),
        pattern=re.compile(r"(20(?<![0-9.,/-]..)[0-9]{2})(?=\s?(?:から|~|・|、|以降|年?[春夏秋冬]))"),
        read=_year,
    ),
    Form(
        example="27年4月",
        hints=("年",),
        pattern=re.compile(r"([23](?<![0-9].)[0-9])年(?=\s?(?:[0-9]{1,2}月|[春夏秋冬]|末|初|第))"),
        read=_year,
    ),
    Form(
        example="令和9年",
        hints=("令和", "平成"),
        pattern=re.compile(r"(令和|平成)([0-9]{1,2}|元)年(?!度)"),
        read=_era("year"),
    ),
    Form(
        example="4月, 十二月",
        hints=("月", "がつ"),
        pattern=re.compile(rf"({_N})\s?(?:月(?![額次給間曜商々])|がつ)"),
        read=_within("month", 12),
    ),
    Form(
        example="the 6 of 6〜8月",
        hints=("月",),
        pattern=re.compile(r"([0-9](?<![0-9./].)[0-9]?)(?=\s?(?:~|-|、|,|・|/|か|から|ー)\s?[0-9]{1,2}月)"),
        read=_within("month", 12),
    ),
    Form(
        example="15日, 15日(木)",
        hints=("日",),
        pattern=re.compile(rf"({_N})日{_DAY_END}"),
        read=_within("day", 31),
    ),
    Form(
        example="秋頃, 来春",
        hints=("春", "夏", "秋", "冬"),
        pattern=re.compile(r"([春夏秋冬])(?:先|口|頃|ごろ|季)?"),
        read=_season_tokens,
    ),
    Form(
        example="(木)",
        hints=("(",),
        pattern=re.compile(r"\(([月火水木金土日])\)"),
        read=lambda match: _one("weekday", _WEEKDAYS.index(match[1]), match),
    ),
)
ENGLISH_FORMS = (
    Form(
        example="not this year, next",
        hints=("next",),
        pattern=re.compile(
            r"(?<=this )(week|month|quarter|year)[\s,]{1,3}"
            r"(?:(?:but|maybe|probably|rather|more likely|is out|the)[\s,]{1,3}){0,3}"
            r"next(?: one)?(?=\s?(?:[.,!?;]|$))"
        ),
        read=_next_one,
    ),
    Form(
        example="15th",
        hints=("st", "nd", "rd", "th"),
        pattern=re.compile(r"([0-9](?<![0-9].)[0-9]?)(?:st|nd|rd|th)(?![a-z])"),
        read=_within("day", 31),
    ),
    Form(
        example="2027",
        hints=("19", "20"),
        pattern=re.compile(
            rf"((?:19|20)(?<![0-9$€£¥.,/a-z-]..)[0-9]{{2}})(?![0-9%]|[.,/-][0-9]|k(?![a-z])|{_COUNTED_BEHIND})"
        ),
        read=_year,
    ),
    Form(
        example="Sep-23-2027, 23/Sep/2027, Dec/2027",
        hints=("-20", "/20"),
        pattern=re.compile(r"[/-](20[0-9]{2})(?![0-9]|[.,/-][0-9])"),
        read=_year_behind_month,
    ),
    Form(
        example="Oct '27",
        hints=("'",),
        pattern=re.compile(r"'(?<=[a-z] ')([0-9]{2})(?![0-9a-z])"),
        read=_year,
    ),
)
