"""Amounts of money in a text, with their bounds, currency and period; whose money it is, `money` decides.

最大でも月300〜500万円くらいまで
^^^^^^^^                     head: words in front (at most, a month)
        ^^^^^^^^^^^          core: numbers, scale, currency
                   ^^^^^^^^^ tail: words behind (about, at most)
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache

from dialogs.reading.currency import in_their_currency
from dialogs.reading.found import Language
from dialogs.reading.lexicon import lexicon, only_where_one_begins
from dialogs.reading.places import Endings
from dialogs.reading.terms import MAN, NEAR, Term, cores
from dialogs.reading.text import Text
from qualification.bant import Period, Sum

ONLY_A_NUMBER = 12
"""An English text longer than this does not name its budget by a single figure."""


class Mark(StrEnum):
    """What a word beside an amount says about it. The order is the order in which they are tried."""

    EARLIER = "earlier"
    DENIED = "denied"
    UPPER = "upper"
    LOWER = "lower"
    REFUSED = "refused"
    MONTH = "month"
    YEAR = "year"
    ONCE = "once"
    ABOUT = "about"
    OWN = "own"


_MARKS = {str(mark): mark for mark in Mark}
_PERIODS = {Mark.MONTH: Period.MONTH, Mark.YEAR: Period.YEAR, Mark.ONCE: Period.ONCE}
_SEPARATORS = r"[\s:()\[\]「」\"=→、,]{0,4}"
_TAIL_SEPARATORS = {
    "ja": r"[\s()\[\]「」\"]{0,4}(?:、(?=[それこ]れ以[上下]|(?:年間|年額|月額|毎月|一括|買い切り|初期)で?[。\s]*$))?",
    # "8k. Tops."
    "en": (
        r"(?:[.!-]{1,3}\s(?=(?:tops|max|maximum|at (?:the )?(?:most|least)|minimum|(?:per|a|each|every) (?:month"
        r"|year|annum|mo|yr)"
        r"|monthly|yearly|annually|p\.?a|one[- ]off|up-?\s?front)(?: that is| i mean)?[\s.!]*$)|[\s()\[\],]{0,4})"
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """Money between `low` and `high` before its marks are applied. `start` and `end` include head and tail."""

    low: float
    high: float
    marks: frozenset[Mark]
    currency: str | None
    open: bool
    bare: bool
    span: bool
    core: tuple[int, int]
    start: int
    end: int

    @property
    def period(self) -> Period | None:
        return next((period for mark, period in _PERIODS.items() if mark in self.marks), None)

    @property
    def minimum(self) -> Sum | None:
        if Mark.REFUSED in self.marks or (Mark.UPPER in self.marks and (self.open or not self.span)):
            return None
        return to_the_cent(self.low)

    @property
    def maximum(self) -> Sum | None:
        if self.marks & {Mark.UPPER, Mark.REFUSED}:
            return to_the_cent(self.high)
        return None if Mark.LOWER in self.marks and not self.span else to_the_cent(self.high)


def to_the_cent(value: float) -> Sum:
    """Whole sums are integers; $49.99 keeps its cents."""
    whole = round(value)
    return whole if abs(value - whole) < 0.005 else Decimal(f"{value:.2f}")


def amounts(text: Text, *, bare_numbers: bool) -> tuple[Amount, ...]:
    """All amounts from left to right. A number without scale or currency counts only with `bare_numbers`."""
    found = in_their_currency(text, cores(text))
    taken: list[Amount] = []
    for at, (core, span) in enumerate(found):
        if core.bare and not bare_numbers and not (_labelled(text, core.start) or _paid_by_the_month(text, core)):
            continue
        if core.bare and core.high < 10 and text.language == "en" and len(text.plain) > ONLY_A_NUMBER:
            continue  # "option 1", "1 of 3"
        if core.bare and at:
            core = _of_the_same_scale(text, found[at - 1][0], core)
        border = taken[-1].end if taken else 0
        following = found[at + 1][0].start if at + 1 < len(found) else len(text.plain)
        taken.append(_with_words(text, core, span, border, following))
    return tuple(taken)


def _of_the_same_scale(text: Text, before: Term, core: Term) -> Term:
    """ "60 thousand, no wait, 65" and "20k, though 25 is the limit" are 65 and 25 thousand."""
    scale = before.scale
    if text.language != "en" or scale == 1 or not before.low / 10 <= core.low * scale <= before.high * 10:
        return core
    return replace(core, low=core.low * scale, high=core.high * scale, scale=scale, bare=False)


_CODE_BEHIND = re.compile(
    r"\s(?:usd|eur|gbp|aud|nzd|cad|sgd|hkd|inr|php|myr|chf|aed|jpy|dollars|euros?|pounds|quid|bucks)(?![a-z])"
)
"""800 a month aud"""
_A_MONTH = re.compile(
    r"(?:\s(?:a|per|each|every)\s|\s?/\s?)(?:month|year|mo|yr)(?![a-z])|\s(?:monthly|yearly|annually|pcm|pa)(?![a-z])"
)
_AT_MOST_BEHIND = re.compile(
    r"\s?,?\s?(?:at (?:the )?(?:very )?most|max|maximum|tops|or less|or so is|is our limit|limit)(?![a-z])"
)
_PAYS = re.compile(
    r"(?<![a-z])(?:up to|at most|no more than|not more than|max|maximum|max of|pay|pays|paying|spend|spending"
    r"|afford|afford about"
    r"|stretch to|go to|go up to|go over|go above|go beyond|exceed|manage)\s(?:about |around |up to |roughly |maybe )?$"
)


_SET_ASIDE = re.compile(
    r"\s(?:for (?:this|it|that)|to (?:spend|invest|play with|work with)|available|set aside|earmarked|allocated"
    r"|in the budget)(?![a-z])"
)
_NOT_PAID = re.compile(
    r"(?<![a-z])(?:gets?|receives?|handles?|sells?|ships?|process|sees?|does|do|loses?|miss|hires?|sends?|prints?|makes?|takes?|have|has)"
    r"\s(?:about |around |roughly |up to |over |maybe )?$"
)


def _paid_by_the_month(text: Text, core: Term) -> bool:
    """ "100 a month at most", "could pay 80 a month" are money although no currency is named."""
    if text.language != "en" or not (by := _A_MONTH.match(text.plain, core.end)):
        return False
    if _SET_ASIDE.match(text.plain, by.end()) or _CODE_BEHIND.match(text.plain, by.end()):
        return True
    if _NOT_PAID.search(text.plain, max(0, core.start - 26), core.start):
        return False
    return bool(
        _AT_MOST_BEHIND.match(text.plain, by.end()) or _PAYS.search(text.plain, max(0, core.start - 26), core.start)
    )


def _labelled(text: Text, start: int) -> bool:
    near = text.plain[max(0, start - 16) : start]
    labels = list(_label(text.language).finditer(near))
    return bool(labels) and not re.search(r"[。.;!?\n]", near[labels[-1].end() :])


@cache
def _label(language: Language) -> re.Pattern[str]:
    return re.compile(
        r"予算|金額|費用|コスト|投資|(?<![a-z])(?:budget|bgt)" if language == "ja" else r"(?<![a-z])budget(?![a-z])"
    )


# The words around it


_UNLESS = {
    Mark.UPPER: r"(?!(?:を|は|も)(?:下回ら|下ら|切ら)(?:な|ない|ず))",
    Mark.LOWER: (
        r"(?!plus or minus|plus\s?/\s?minus|\+\s?/\s?-|\+\s?[\u4e00-\u9fff]"
        r"|(?:plus|\+)\s?(?:vat|gst|tax|taxes|hst|fees|expenses)(?![a-z]))"
    ),
}
"""22k plus or minus; 400 a month + VAT; 初期50万+月額5万; 500万を下回らない"""


_GLUED = {Mark.MONTH: r"|(?<=[0-9k])pcm(?![a-z])", Mark.YEAR: r"|(?<=[0-9k])pa(?![a-z])"}
"""£600pcm, 12kpa"""


@cache
def _marks(side: str, language: Language) -> re.Pattern[str]:
    words = lexicon("money")
    groups = [
        f"(?P<{mark}>{_UNLESS.get(mark, '')}(?:{words.words(f'{mark}_{side}', language).source}"
        f"{_GLUED.get(mark, '') if side == 'after' else ''}))"
        for mark in Mark
        if f"{mark}_{side}" in words.sections
    ]
    if side == "before":
        every = [words.words(f"{mark}_before", language) for mark in Mark if f"{mark}_before" in words.sections]
        return re.compile(rf"{only_where_one_begins(every)}(?:{'|'.join(groups)}){_SEPARATORS}$")
    return re.compile(rf"{_TAIL_SEPARATORS[language]}(?:{'|'.join(groups)})")


@cache
def _endings(language: Language) -> Endings:
    """How the words in front of an amount end."""
    words = lexicon("money")
    sections = [f"{mark}_before" for mark in Mark if f"{mark}_before" in words.sections]
    tails = frozenset(tail for section in sections for tail in words.words(section, language).tails)
    return Endings(tails=tails, between=frozenset(' \t\n\u3000:()[]「」"=→、,'), most=4)


def _with_words(text: Text, core: Term, span: bool, border: int, following: int) -> Amount:
    marks: set[Mark] = set()
    start = _read_head(text, core.start, border, marks)
    end = _read_tail(text, core.end, following, marks)
    low, high, bare = core.low, core.high, core.bare
    if bare and text.language == "ja" and core.currency is None and low < MAN:
        low, high = low * MAN, (high + 1) * MAN - 1 if core.open and span and high % 10 == 9 else high * MAN
    return Amount(
        low=low,
        high=high,
        marks=frozenset(marks),
        currency=core.currency,
        open=core.open,
        bare=bare,
        span=span,
        core=(core.start, core.end),
        start=start,
        end=end,
    )


COUNTED_PERIODS = re.compile(r"[0-9一二三四五六七八九十数半](?:[カヶかヵケ箇]|か?月と)?$")
_BARE_MONTH = re.compile(r"(?<![0-9一二三四五六七八九十来今先翌毎々半ヶカか箇ケ人])月(?:は|に|で|、)?\s?$")
_BARE_YEAR = re.compile(r"(?<![0-9一二三四五六七八九十来今去昨翌例半ヶカか箇ケ])年(?:は|に|で|、)?\s?$")


def _read_head(text: Text, start: int, border: int, marks: set[Mark]) -> int:
    """Walks back from the core as long as it meets known words; returns where they begin."""
    plain, language = text.plain, text.language
    pattern, may_stand = _marks("before", language), _endings(language).may_stand
    for _ in range(8):
        window = plain[max(border, start - NEAR) : start]
        offset = start - len(window)
        if language == "ja":
            for single, mark in ((_BARE_MONTH, Mark.MONTH), (_BARE_YEAR, Mark.YEAR)):
                if match := single.search(window):
                    marks.add(mark)
                    window, start = window[: match.start()], offset + match.start()
        found = pattern.search(window) if may_stand(plain, offset, offset + len(window)) else None
        if not found or not found.lastgroup:
            break
        mark = _MARKS[found.lastgroup]
        if mark in _PERIODS and COUNTED_PERIODS.search(
            plain, max(0, offset + found.start() - 3), offset + found.start()
        ):
            break  # 「5年で600万」 is for five years, not a year
        _add(marks, mark)
        start = offset + found.start()
    return start


_BOUND_BEHIND = re.compile(r"[$€£¥]?[0-9][0-9.,]*\s?(?:k|m|grand|thousand)?\s(?:max|maximum|min|minimum|tops)(?![a-z])")
"""10k min 15k max: each has its own bound behind it."""
_OPENS = frozenset({Mark.OWN, Mark.ABOUT})
"""What may stand in front of an amount as well as behind it."""
_LEADS_ON = re.compile(r"\s?(?:of|is|でも|は|で|:)?\s?")


def _read_tail(text: Text, end: int, following: int, marks: set[Mark]) -> int:
    """Walks on from the core; a word that leads to the next amount is left to that one."""
    plain, language = text.plain, text.language
    pattern = _marks("after", language)
    exceptions = {
        Mark.REFUSED: lexicon("money").pattern("not_refused", language),
        Mark.DENIED: lexicon("money").pattern("not_denied", language),
    }
    for _ in range(8):
        found = pattern.match(plain, end)
        if not found or not found.lastgroup:
            break
        mark = _MARKS[found.lastgroup]
        if found.end() > following:
            marks |= {mark} & {Mark.EARLIER}  # 「から400万に増額」 reaches over the new amount
            break
        leads_on = following < len(plain) and _LEADS_ON.fullmatch(plain, found.end(), following)
        if mark is not Mark.ABOUT and leads_on and not _BOUND_BEHIND.match(plain, following):
            break
        if mark in exceptions and exceptions[mark].match(plain, found.start(found.lastgroup)):
            break
        parted = following < len(plain) and "," in plain[end : found.start(mark)]
        if mark in _OPENS and parted and "," not in plain[found.end() : following]:
            break  # "revenue 40m, budget for this approx 25k"
        _add(marks, mark)
        end = found.end()
    if language == "ja" and (refused := _refusal_nearby(text, end, following)):
        if not marks & {Mark.UPPER, Mark.DENIED}:
            _add(marks, Mark.REFUSED)
        end = refused
    return end


def _refusal_nearby(text: Text, end: int, following: int) -> int | None:
    """「600万はさすがにちょっと厳しい」: the refusal may stand a few words behind the amount, in the same clause."""
    window = re.split(r"[。、,.!?\n]", text.plain[end : min(following, end + 16)], maxsplit=1)[0]
    words = lexicon("money")
    found = words.pattern("refused_after", "ja").search(window)
    if not found or words.pattern("not_refused", "ja").match(window, found.start()):
        return None
    if window.endswith("しか", 0, found.start()):
        return None  # 「15000ぐらいしか出せん」 offers it
    return end + found.end()


def _add(marks: set[Mark], mark: Mark) -> None:
    """The first bound met stands nearest and wins: "at least" and "at most" do not hold at once."""
    bounds = {Mark.UPPER, Mark.LOWER}
    if mark in bounds and marks & bounds:
        return
    if mark in _PERIODS and marks & _PERIODS.keys():
        return
    marks.add(mark)
