"""Figures that are money: each with its scale and currency, and two of them joined to a range.

300〜500万円       one core from 3 to 5 million yen
$20 and 43 cents  one sum
3 users, 2027     no money
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import floor, log10

from dialogs.reading.english_numbers import is_in_hundreds
from dialogs.reading.figures import SAME_LINE
from dialogs.reading.found import Language
from dialogs.reading.kanji_numbers import KANJI_DIGITS, SMALL_SCALES
from dialogs.reading.lexicon import Words, lexicon
from dialogs.reading.number import Number
from dialogs.reading.numbers import numbers
from dialogs.reading.text import Text

NEAR = 44
"""Characters in front of an amount that can belong to it."""

MAN = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One number with its currency: the core of an amount, or one end of it."""

    low: float
    high: float
    scale: float
    currency: str | None
    open: bool
    bare: bool
    start: int
    end: int
    closed: bool = False
    """The currency stands behind the figure, so no scale of the other end is meant: 100円〜100万円."""


def cores(text: Text) -> tuple[tuple[Term, bool], ...]:
    """Each amount from left to right, and whether it spans a range: "300〜500万" is one core from 3 to 5 million."""
    found = numbers(text)
    if not found:
        return ()
    pairs = zip(found, (*found[1:], None), strict=True)
    return tuple(_join(text, _apart(term for number, other in pairs if (term := _term(text, number, other)))))


def _apart(terms: Iterable[Term]) -> list[Term]:
    """Terms outside of the one before: not the cents of "20 dollars 43", nor the "million" of "75 USD million"."""
    kept: list[Term] = []
    for term in terms:
        if not kept or term.start >= kept[-1].end:
            kept.append(term)
    return kept


@cache
def _currency_behind() -> re.Pattern[str]:
    words = lexicon("money")
    tables = [words.table("currency").words, words.table("currency_unit").words]
    spelled = "|".join(table.glued_source for table in tables)
    return re.compile(rf"(?:{SAME_LINE}|-(?=[a-z]))?(?:{spelled})")


@cache
def _currency_in_front() -> re.Pattern[str]:
    words = lexicon("money")
    tables = [words.table("currency").words, words.table("currency_unit").words]
    # "usd50": here the figure stands directly behind the letters, so the right edge does not hold
    spelled = sorted((spelling for table in tables for spelling in table.spellings), key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, spelled))})[^\S\n]?$")


@cache
def _currency_letters() -> frozenset[str]:
    """The last letters of all currencies."""
    words = lexicon("money")
    tables = [words.table("currency").words, words.table("currency_unit").words]
    return frozenset(spelling[-1] for table in tables for spelling in table.spellings)


def _currency(found: str) -> str:
    words = lexicon("money")
    written = found.strip().strip("-").strip()
    table = words.table("currency")
    return table[written] if written in table.meanings else words.table("currency_unit")[written]


@cache
def _counted(language: Language) -> re.Pattern[str]:
    words = lexicon("money").words("counted", language)
    return re.compile(rf"[\s-]?(?:{_plural_source(words)})")


def _plural_source(words: Words) -> str:
    """English things are counted in plural as well: "seat" also finds "seats"."""
    plurals = [f"{word}s" for word in words.spellings if word.isascii() and word.isalpha()]
    return Words.spelled([*words.spellings, *plurals]).glued_source


_NEXT_WORD = re.compile(r"\s?([a-z']+)")
_KANJI_NUMERALS = frozenset(KANJI_DIGITS) | SMALL_SCALES.keys()
_GOES_ON_AS_A_NAME = re.compile(
    "[\u4e00-\u9fff々](?<![以未前後程位弱強台超上下限内円桁近余規見税年月最精辺届足取切想予希出用考払欲])"
)
"""八百屋, 千疋屋, 三河屋, 五十嵐: a kanji that says nothing about money makes a name of the numeral in front of it."""
_IN_A_DATE = re.compile(r"[/:.][0-9]")
_TWO_SUMS = re.compile(r"(?<![0-9/])(?!(?:19|20)[0-9]{2}/)[1-9][0-9]{2,}/[1-9][0-9]{2,}(?![0-9/])")
"""500/700 a month: figures too large for a day and a month."""
_YEAR = re.compile(r"\A(?:19|20)[0-9]{2}\Z")
_BEFORE_A_YEAR = re.compile(
    r"(?:in|by|before|until|since|of|fy|end|late|early|mid|uary|ch|ril|may|une|uly|ust|ber|月|春|夏|秋|冬)\W*$"
)
_BEHIND_A_YEAR = re.compile(
    r"\W{0,2}(?:q[1-4]|(?:first|second|third|fourth)[\s-](?:half|quarter)|sales|results)(?![a-z])"
)
_BEFORE_AN_HOUR = re.compile(r"(?:today|tomorrow|tonight|morning|afternoon|evening|day|me|us|back) at $")
_NAMES_A_THING = re.compile(
    r"(?<![a-z])(?:(?:order|invoice|ticket|ref|reference|account|case|po|job|customer|client|room|unit|suite|flat)"
    r"(?: (?:number|no\.?|id|ref|code))?(?: is| was|:| #|#)?|version|release|windows|office|sage|iso|extension"
    r"|ext\.?|i'm|i am|im|aged?)\s$"
)
"""In front of figures that count nothing: an order, a product, somebody's age."""
_HALF_OF_IT = re.compile(r"の(?:半分|半額)")
_ROUGHLY = re.compile(r"(?:くらい|ぐらい|程度|前後|ほど|、[一二三四五六七八九]|か[一二三四五六七八九]|~)")
_LAKHS = re.compile(r"\s?l(?![a-z0-9])")
_LAKHS_A_YEAR = re.compile(r"l(?=\s(?:per annum|p\.?a|per year|a year|annually|per month|a month|monthly)(?![a-z]))")
_LAKHS_TO_SPEND = re.compile(r"l(?=\s?(?:$|[.,;)]|-|to\s|max|inr|rupees|for\sth|is\s(?:our|the|what|my)))")
_TO_SPEND = re.compile(r"(?<![a-z])(?:budget|spend|afford|invest|allocated|set aside|up to)[^.;!?\n]{0,16}$")
_LITRES = re.compile(
    r"(?<![a-z])(?:uses?|using|used|consumes?|consuming|consumed|drinks?|burns?|burning|pours?|holds?|tank|fills?"
    r"|brews?|sells?|ships?|makes?"
    r"|produces?|bottles?|pumps?|(?:go|goes|going|get|gets|went) through)\s(?:about |around |roughly |up to |some "
    r"|over |maybe )?$"
)
_OF_LITRES = re.compile(
    r"[0-9]l\s(?!(?:to|or|and|max|min|at|inr|rupees|rs|for|is|per|p\.?a|an?|annually|monthly|yearly|total|i|we|roughly|approx|maybe"
    r"|so|but|if|budget)(?![a-z]))[a-z]"
)
LAKH = 100_000
"""₹2.5L, 3L p.a., "budget is 4L"; but "we use 3L per month" counts litres."""
_BUT_NOT = re.compile(r",? (?:but |and )?(?:not|never) (?:a |the )?")
_NO_YUAN = ("元管理", "元化", "元的")
"""一元管理 counts no yuan."""
_SCALE_BEHIND = re.compile(r"[^\S\n](million|billion|mil|mn|bn)(?![a-z])")
_PHONE = re.compile(r"[0-9+]{2,6}-[0-9]{2,6}-[0-9]{2,6}")
_OF_MAN = re.compile(r"万")
_OF_THOUSANDS = re.compile(r"\s(?:of )?thousands?(?![a-z])")
_DECADE = re.compile(r"円?台|(?<=[万億])円?代(?![表金理わ替行])")
"""「50万代」 is typed for 50万台."""
_ALL_OF_THEM = re.compile(r"(?:全部|合計|総計)で$")
_MACHINES = re.compile(r"あたり|当たり|につき|ごと|分|で?[0-9一二三四五六七八九]|導入|購入")
"""「1台5万、全部で20台」 and 「1台あたり5万」 count machines."""


def _term(text: Text, number: Number, following: Number | None) -> Term | None:
    """The number as money, or None when something else is counted. `following` is the next number of the text."""
    plain = text.plain
    start, end = number.start, number.end
    low, high, scale = number.low, number.high, number.scale
    currency = None
    may_be_named = start and (plain[start - 1] in _currency_letters() or plain[start - 1].isspace())
    if may_be_named and (front := _currency_in_front().search(plain, max(0, start - 8), start)):
        currency, start = _currency(front.group()), front.start()
    elif start and plain[start - 1] == "r":
        currency, start = "ZAR", start - 1
    behind = _currency_behind().match(plain, end)
    if behind and plain.startswith(_NO_YUAN, behind.end() - 1):
        return None
    if scale == 1 and plain.startswith(("l", " l"), end) and (lakhs := _lakhs(text, start, end, currency)):
        low, high, scale, end = low * LAKH, high * LAKH, LAKH, lakhs
    if following and scale == 1 < following.scale and _BUT_NOT.fullmatch(plain, end, following.start):
        low, high, scale = low * following.scale, high * following.scale, following.scale  # "3 but not 4 thousand"
    if behind and not (currency and behind.group().startswith("-")):  # "AUD 100-AUD 200"
        currency, end = currency or _currency(behind.group()), behind.end()
        if scale == 1 and (more := _SCALE_BEHIND.match(plain, end)):  # "75 USD million"
            scale = 1e9 if more[1][0] == "b" else 1e6
            low, high, end = low * scale, high * scale, more.end()
    if decade := _DECADE.match(plain, number.end):
        machines = _ALL_OF_THEM.search(plain, max(0, start - 4), start) or _MACHINES.match(plain, decade.end())
        if not (currency or scale >= MAN or scale == 1) or machines:
            return None
        unit = _leading_unit(low)
        low, high, end, number = low, low + unit - 1, decade.end(), number._replace(high=low + 1)
        currency = currency or ("JPY" if "円" in decade.group() else None)
    elif figures := _figures(text.language).match(plain, number.end):
        if not 2 <= low <= 12:
            return None
        unit = 1_000 if text.language == "en" and _OF_THOUSANDS.match(plain, figures.end()) else 1
        unit = MAN if _OF_MAN.match(plain, figures.end()) else unit  # 3桁万円
        low, high, scale, end = 10 ** (low - 1) * unit, (10**high - 1) * unit, 1_000, figures.end() + (unit == MAN)
        if behind := _currency_behind().match(plain, end):
            currency, end = currency or _currency(behind.group()), behind.end()
    elif currency is None and _is_counted(text, number):
        return None
    if cents := _cents(text, low, end, following) if currency and scale == 1 and low == high else None:
        low, high, end = low + cents[0] / 100, high + cents[0] / 100, cents[1]
    if half := _HALF_OF_IT.match(plain, end):
        low, high, end = low / 2, high / 2, half.end()
    # 五百 and 三千 without 円 are said like 500 and 3000
    bare = currency is None and (scale == 1 or (scale in (10, 100, 1_000) and plain[end - 1] in "十百千"))
    only_a_word = _is_only_a_word(plain, start, end, low) and not _shares_scale(text, number, following)
    if bare and (only_a_word or not _may_be_bare(plain, start, end)):
        return None
    return Term(
        low=low,
        high=high,
        scale=scale,
        currency=currency,
        open=number.open or scale != number.scale,
        bare=bare,
        start=start,
        end=end,
        closed=behind is not None,
    )


def _lakhs(text: Text, start: int, end: int, currency: str | None) -> int | None:
    """Where the L of so many lakhs ends; None when there is none, or it means litres."""
    if currency == "INR":
        found = _LAKHS.match(text.plain, end)
    elif _LITRES.search(text.plain, max(0, start - 32), start):
        return None
    else:
        found = _LAKHS_A_YEAR.match(text.plain, end) or _lakhs_to_spend(text, start, end)
    return found.end() if found else None


def _lakhs_to_spend(text: Text, start: int, end: int) -> re.Match[str] | None:
    """A capital L where they speak of what they may spend, or of nothing else: "budget is 4L", "3-4L"."""
    if text.words(end, end + 1) != "L" or _OF_LITRES.search(text.plain):
        return None  # "5L to 10L drums"
    alone = len(text.plain) <= _ONLY_A_FIGURE or _TO_SPEND.search(text.plain, max(0, start - 32), start)
    return _LAKHS_TO_SPEND.match(text.plain, end) if alone else None


_ONLY_A_FIGURE = 20
"""Characters of a text that says an amount and nothing else."""


_BEFORE_CENTS = re.compile(r"\s?(?:and\s|と)?\s?")
_CENTS = re.compile(r"\s?(?:cents?|c|pence|p|セント|ペンス|銭)(?![a-z0-9])")
_NOTHING_MORE = re.compile(r"\s?(?:です|でした|$|[.。,、!?])")


def _cents(text: Text, whole: float, end: int, following: Number | None) -> tuple[float, int] | None:
    """ "20 dollars 43 cents", "$20 and 43", 「2ドル3セント」: the hundredths behind a whole sum, and where they end."""
    if following is None or following.scale != 1 or not 0 < following.high < 100 or whole != round(whole):
        return None
    if following.start < end or not _BEFORE_CENTS.fullmatch(text.plain, end, following.start):
        return None
    if named := _CENTS.match(text.plain, following.end):
        return following.low, named.end()
    return (following.low, following.end) if _NOTHING_MORE.match(text.plain, following.end) else None


def _is_only_a_word(plain: str, start: int, end: int, value: float) -> bool:
    """ "one of us", 一緒, 一切: small numbers in words count for money only when something says "about" behind them."""
    if value >= 10 or plain[start].isdecimal():
        return False
    return plain[start] not in KANJI_DIGITS or not _ROUGHLY.match(plain, end)


def _shares_scale(text: Text, number: Number, following: Number | None) -> bool:
    """ "Three to four thousand": the first figure takes its scale from the second."""
    if following is None or (following.scale == 1 and not is_in_hundreds(text, following.start, following.end)):
        return False
    if _joint(text.language).fullmatch(text.plain, number.end, following.start):
        return True
    joined = text.plain[number.end : following.start].strip() == "and"
    return joined and _BETWEEN.search(text.plain, max(0, number.start - 36), number.start) is not None


_BETWEEN = re.compile(r"(?:between|from)\b[^.;,]{0,24}$")


@cache
def _figures(language: Language) -> re.Pattern[str]:
    return re.compile(rf"[\s-]?(?:{lexicon('money').words('figures', language).glued_source})")


_HOURS = 24
_ANOTHER_WORD = re.compile(r"\s[\u4e00-\u9fff]+(?<=[\u4e00-\u9fff]{2})$")
"""Behind a space a counter with more letters is a word of its own: 「300万 時期は来期」, 「200万 部長決裁」."""
_NEVER_COUNTED = re.compile(
    r"つ[いきけく]|\s[月年][はにで々額0-9]|[部社店室校]長|時(?:期|点)|本(?:年|部|社)|年(?:内|度|明|末)|月(?:末|内)"
)
"""Directly behind ten thousands, too: 「30万ついた」, 「300万部長決裁」, 「200万年内」."""


def _is_counted(text: Text, number: Number) -> bool:
    plain = text.plain
    if (counted := _counted(text.language).match(plain, number.end)) and not _ANOTHER_WORD.match(
        plain, number.end, counted.end() + 1
    ):
        if number.scale >= MAN and _NEVER_COUNTED.match(plain, number.end):
            return False
        return not (number.low > _HOURS and counted.group().strip() == "pm")  # "400 pm" is each month
    word = _NEXT_WORD.match(plain, number.end)
    if not word or not word[1].endswith("s") or len(word[1]) < 4:
        return False
    return word[1] not in lexicon("money").words("not_counted", "en").spellings


def _may_be_bare(plain: str, start: int, end: int) -> bool:
    """Not part of a date, a time, a telephone number or a version."""
    before, behind = plain[max(0, start - 2) : start], plain[end : end + 2]
    if "/" in (before[-1:], behind[:1]) and any(
        sums.start() <= start and end <= sums.end()
        for sums in _TWO_SUMS.finditer(plain, max(0, start - 9), min(len(plain), end + 9))
    ):
        return True
    return not bool(
        plain[start:end].startswith("0")
        or plain.startswith("第", start - 1)
        or _IN_A_DATE.match(behind)
        or (plain[end - 1] in _KANJI_NUMERALS and _GOES_ON_AS_A_NAME.match(plain, end))
        or re.search(r"[0-9][/:.]$", before)
        or _BEFORE_AN_HOUR.search(plain, max(0, start - 16), start)
        or _NAMES_A_THING.search(plain, max(0, start - 28), start)
        or any(
            phone.start() < end and start < phone.end()
            for phone in _PHONE.finditer(plain, max(0, start - 14), end + 14)
        )
        or (
            _YEAR.search(plain[start:end])
            and (_BEFORE_A_YEAR.search(plain, max(0, start - 8), start) or _BEHIND_A_YEAR.match(plain, end))
        )
    )


def _leading_unit(value: float) -> int:
    """The place of the last figure that is not zero: 1,000,000 for 3,000,000; 100,000 for 1,500,000."""
    whole = round(value)
    unit: int = 10 ** floor(log10(whole)) if whole > 0 else 1
    while unit > 1 and whole % unit:
        unit //= 10
    return unit


@cache
def _joint(language: Language) -> re.Pattern[str]:
    words = lexicon("money")
    about = words.words("about_after", language).source if language == "ja" else "or so|ish"
    return re.compile(rf"\s?(?:{about})?\s?(?:{words.words('joint', language).glued_source})\s?(?:約|about )?")


def _join(text: Text, terms: Sequence[Term]) -> Iterator[tuple[Term, bool]]:
    at = 0
    while at < len(terms):
        term = terms[at]
        if at + 1 < len(terms) and _joined(text, term, terms[at + 1]):
            yield _range(term, _in_hundreds(text, terms[at + 1]), text.language), True
            at += 2
        else:
            yield term, term.low != term.high
            at += 1


def _in_hundreds(text: Text, other: Term) -> Term:
    """ "Twelve to fifteen hundred": the last word counts for both."""
    return replace(other, scale=100) if other.scale == 1 and is_in_hundreds(text, other.start, other.end) else other


def _joined(text: Text, term: Term, other: Term) -> bool:
    if _changed(text, term):
        return False
    between = text.plain[term.end : other.start]
    if between in ("、", ",", ", ") and (_neighbours(term, other) or _shortened(text, term, other)):
        return True
    if text.language == "ja" and not between.strip(" ."):
        return False  # 「四百…四百五十万円」 hesitates
    if between == "と":
        return text.plain.startswith(("の間", "のあいだ"), other.end)
    if between.strip() == "and":
        return _BETWEEN.search(text.plain, max(0, term.start - 36), term.start) is not None
    return len(between) <= 12 and _joint(text.language).fullmatch(between) is not None


def _shortened(text: Text, term: Term, other: Term) -> bool:
    """ "10, 15 thousand", 「20、30万」: round figures of which the second says the scale."""
    rounded = term.low % 5 == 0 and term.low < other.low / other.scale <= 2 * term.low
    least = 1 if text.language == "en" else MAN - 1
    return term.scale == 1 and other.scale > least and term.currency is None and rounded


def _neighbours(term: Term, other: Term) -> bool:
    """「二、三百万」 and 「5、600万」: neighbouring figures that share what follows the second."""
    ratio = other.low / other.scale
    return (
        term.scale == 1 < other.scale and 1 <= term.low < 10 and ratio in {(term.low + 1) * 10**at for at in range(3)}
    )


def _changed(text: Text, term: Term) -> bool:
    """「300万から400万に増額」 and "raised from 50k to 60k" are no ranges: the first amount is the old one."""
    after = lexicon("money").pattern("earlier_after", text.language).match(text.plain, term.end)
    front = text.plain[max(0, term.start - NEAR) : term.start]
    return after is not None or (text.language == "en" and _from_old().search(front) is not None)


@cache
def _from_old() -> re.Pattern[str]:
    return re.compile(rf"(?:{lexicon('money').words('changed_before', 'en').source})\s$")


def _range(term: Term, other: Term, language: Language) -> Term:
    low, high = term.low, other.high
    if _neighbours(term, other):
        low *= other.low / (low + 1) / other.scale
    one_currency = None in (term.currency, other.currency) or term.currency == other.currency
    said_bare = term.scale == 1 or (term.bare and term.scale < MAN <= other.scale)  # 三百から四百万
    if said_bare and term.scale < other.scale and one_currency and not term.closed:
        if low * other.scale <= high:
            low *= other.scale
        elif language == "ja" and low < MAN and term.currency is None:
            low *= MAN
    elif other.scale == 1 < term.scale and high <= low and high * term.scale >= low:
        high *= term.scale
    return replace(
        term,
        low=min(low, high),
        high=max(low, high),
        scale=max(term.scale, other.scale),
        currency=term.currency or other.currency,
        open=term.open or other.open,
        bare=term.bare and other.bare,
        end=other.end,
    )
