"""How only English writes a date: 15th, Sep-23-2027, 14april, first two weeks of 2027, twenty twenty-seven."""

import re
from collections.abc import Iterator

from dialogs.reading.date_forms import COUNTED_BEHIND, Form, Token, full, one, within, year

_DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
DAY_WORDS = {
    **{word: at for at, word in enumerate(_ORDINALS, 1)},
    **{f"twenty {word}": 20 + at for at, word in enumerate(_ORDINALS[:9], 1)},
    "thirtieth": 30,
    "thirty first": 31,
}


_SPOKEN_DAYS = sorted((word.replace(" ", r"[\s-]") for word in DAY_WORDS), key=len, reverse=True)


_SPOKEN_COUNTS = {
    **{f"twenty {word}": 20 + at for at, word in enumerate(_DIGITS, 1)},
    **dict(zip(("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
               range(11, 20), strict=True)),
    "twenty": 20, "thirty": 30, "thirty one": 31,
}  # fmt: skip
COUNTED_DAYS = "|".join(sorted((word.replace(" ", r"[\s-]") for word in _SPOKEN_COUNTS), key=len, reverse=True))
"""Behind a month and at the end of what is said: "may twenty nine"."""


def day_number(written: str) -> int:
    if figures := re.match("[0-9]{1,2}", written):
        return int(figures.group())
    word = re.sub(r"[\s-]+", " ", written)
    return DAY_WORDS.get(word) or _SPOKEN_COUNTS[word]


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_NOT_COUNTED = rf"(?![0-9a-z%:]|[.,/-][0-9]|{COUNTED_BEHIND}|\s?(?:days|weeks|months|years|units|licen|stores|sites))"


def _month_of(written: str) -> int:
    return _MONTHS.index(written[:3]) + 1


def _glued(match: re.Match[str]) -> Iterator[Token]:
    if 1 <= int(match[1]) <= 31:
        yield from full(*match.span(), None, _month_of(match[2]), int(match[1]))


def _in_any_order(match: re.Match[str]) -> Iterator[Token]:
    """2027/23/sep, sep-2027-23, 23-2027-sep: a name, four figures and the day that is left."""
    for part in re.finditer("[a-z0-9]+", match.group()):
        start, end = match.start() + part.start(), match.start() + part.end()
        if part.group().isalpha():
            yield Token(kind="month", value=_month_of(part.group()), start=start, end=end)
        elif len(part.group()) == 4:
            yield Token(kind="year", value=int(part.group()), start=start, end=end)
        elif 1 <= int(part.group()) <= 31:
            yield Token(kind="day", value=int(part.group()), start=start, end=end)


def _day_first(match: re.Match[str]) -> Iterator[Token]:
    """Dots are how Europe writes it, the day first."""
    day, month = int(match[1]), int(match[2])
    if month > 12 >= day:
        day, month = month, day
    if 1 <= day <= 31 and 1 <= month <= 12:
        yield from full(*match.span(), int(match[3]), month, day)


def _compact(match: re.Match[str]) -> Iterator[Token]:
    yield from full(*match.span(), int(match[1]), int(match[2]), int(match[3]))


def _two_years(match: re.Match[str]) -> Iterator[Token]:
    for group in (1, 2):
        yield Token(kind="year", value=int(match[group]), start=match.start(group), end=match.end(group))


def _two_days(match: re.Match[str]) -> Iterator[Token]:
    for group in (1, 2):
        yield Token(kind="day", value=int(match[group]), start=match.start(group), end=match.end(group))


_TENS = {"ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_ONES = {word: at for at, word in enumerate(_DIGITS, 1)}
_LEADS_TO_YEAR = re.compile(
    rf"(?:(?<![a-z])(?:in|of|by|until|till|before|after|early|late|mid|during|{_MONTH}|quarter)"
    r"(?:\sthe)?|(?:first|second|third|th|[0-9]),?)[\s-]$"
)


def _spoken_year(match: re.Match[str]) -> Iterator[Token]:
    if _LEADS_TO_YEAR.search(match.string, max(0, match.start() - 14), match.start()):
        yield from one("year", 2000 + _TENS[match[1]] + _ONES.get(match[2] or "", 0), match)


def _the_ordinal(match: re.Match[str]) -> Iterator[Token]:
    yield Token(kind="day", value=day_number(match[1]), start=match.start(1), end=match.end(1))


def _now(match: re.Match[str]) -> Iterator[Token]:
    yield Token(kind="relative_day", value=0, start=match.start(1), end=match.end(1))


# A counted part of a period: "the first two weeks of", "third month of", "second to last week of", "week 3 of"

_FEW = "|".join(_ONES)
_NTH = rf"(?:{'|'.join(_ORDINALS[:12])}|[0-9]{{1,2}}(?:st|nd|rd|th))"


def _count(written: str) -> int:
    return int(written) if written.isdecimal() else _ONES[written]


def counted(unit: str, first: int, last: int) -> str:
    """The value of a part that is counted: units `first` to `last` of a period, from its end when negative."""
    return f"{unit} {first} {last}"


def _several(match: re.Match[str]) -> Iterator[Token]:
    number = _count(match[2])
    places = (1, number) if match[1] in ("first", "opening") else (-number, -1)
    if number:
        yield Token(kind="part", value=counted(match[3], *places), start=match.start(), end=match.end())


def _nth(match: re.Match[str]) -> Iterator[Token]:
    number = day_number(match[1])
    place = -number if match[2] else number
    if number:
        unit = "week" if match[3] == "wk" else match[3]
        yield Token(kind="part", value=counted(unit, place, place), start=match.start(), end=match.end())


def _week_number(match: re.Match[str]) -> Iterator[Token]:
    number = int(match[2])
    if not 1 <= number <= 53:
        return
    if match[3]:
        yield Token(kind="part", value=counted("week", number, number), start=match.start(), end=match.end(2))
    elif match[1] != "week" or number > _LONGEST_PROJECT:
        yield Token(kind="week_number", value=number, start=match.start(), end=match.end(2))


_LONGEST_PROJECT = 26
"""Weeks; "go live in week 6" counts from the beginning of a project, "in week 40" is of the calendar."""

_MONTH_IN_FRONT = re.compile(
    r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?:[/-][0-9]{1,2})?$"
)


def _year_behind_month(match: re.Match[str]) -> Iterator[Token]:
    if _MONTH_IN_FRONT.search(match.string, max(0, match.start() - 13), match.start()):
        yield Token(kind="year", value=int(match[1]), start=match.start(1), end=match.end(1))


def _next_one(match: re.Match[str]) -> Iterator[Token]:
    start = match.start() + match.group().rindex("next")
    yield Token(kind=f"relative_{match[1]}", value=1, start=start, end=match.end())


def _short_year(match: re.Match[str]) -> Iterator[Token]:
    yield Token(kind="year", value=2000 + int(match[1]), start=match.start(1), end=match.end(1))


def _period_of_year(match: re.Match[str]) -> Iterator[Token]:
    number = int(match[1])
    if match[2] == "q" or number <= 2:
        kind = "quarter" if match[2] == "q" else "half"
        yield Token(kind=kind, value=number, start=match.start(), end=match.end(2))
        yield Token(kind="year", value=2000 + int(match[3]), start=match.start(3), end=match.end())


_NOT_OF_ALL = re.compile(
    r"(?:(?<![a-z])(?:times?|once|twice|days?|weeks?|months?|quarters?|hours|most|peak|early|late)"
    r"|[a-z]est(?: [a-z]+)?)\s$"
)


def _this_one(match: re.Match[str]) -> Iterator[Token]:
    if not _NOT_OF_ALL.search(match.string, max(0, match.start() - 20), match.start()):
        yield Token(kind=f"relative_{match[1]}", value=0, start=match.start(1), end=match.end())


ENGLISH_FORMS = (
    Form(
        example="sometime in the year",
        hints=("the week", "the month", "the year"),
        pattern=re.compile(r"(?<![a-z])(?:in|during) the (week|month|year)(?=\s?(?:[.,;!?)]|$))"),
        read=_this_one,
    ),
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
        read=within("day", 31),
    ),
    Form(
        example="2027",
        hints=("19", "20"),
        pattern=re.compile(
            rf"((?:19|20)(?<![0-9$€£¥.,/a-z-]..)[0-9]{{2}})(?![0-9%]|[.,/-][0-9]|k(?![a-z])|{COUNTED_BEHIND})"
        ),
        read=year,
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
        read=year,
    ),
    Form(
        example="first half of 27, Q3 27, end of 27",
        hints=tuple(map(str, range(24, 40))),
        pattern=re.compile(
            r"(?:half|q[1-4]|h[1-4]|quarter|spring|summer|autumn|fall|winter|early|late|mid|end)"
            r"(?<![a-z][qh][1-4])(?: of)?[\s-]"
            rf"(2[4-9]|3[0-9])(?![0-9a-z%:/]|[.,/-][0-9]|\s?(?:days|weeks|months|percent|k(?![a-z])|of)|{COUNTED_BEHIND})"
        ),
        read=_short_year,
    ),
    Form(
        example="1Q27, 2H 27",
        hints=("q2", "q3", "h2", "h3", "q 2", "h 2"),
        pattern=re.compile(r"(?<![0-9a-z$€£¥.,/-])([1-4])(q|h)\s?(2[4-9]|3[0-9])(?![0-9a-z%:/]|[.,/-][0-9])"),
        read=_period_of_year,
    ),
    Form(
        example="first two weeks of 2027, the last 3 days in march",
        hints=("weeks", "days", "months"),
        pattern=re.compile(
            rf"(?<![a-z])(?:the )?(first|opening|last|final|closing) ([0-9]{{1,2}}|{_FEW}) (day|week|month)s"
            r"(?=\s(?:of|in)\s)"
        ),
        read=_several,
    ),
    Form(
        example="third month of 2027, second to last week of may, 5th last day of june",
        hints=("day", "week", "wk", "month"),
        pattern=re.compile(
            rf"(?<![a-z0-9])(?:the )?({_NTH})([\s-](?:to[\s-])?last)?[\s-](day|week|wk|month)(?=\s(?:of|in)\s)"
        ),
        read=_nth,
    ),
    Form(
        example="week 3 of 2027, calendar week 12, week 40",
        hints=("week", "cw", "kw", "wk"),
        pattern=re.compile(
            r"(c(?<![a-z]c)(?:alendar week|w)|i(?<![a-z]i)so week|w(?<![a-z]w)(?:eek|k)|k(?<![a-z]k)w)"
            r"\s?([0-9]{1,2})(?![0-9]|[.,-][0-9])(\sof\s)?"
        ),
        read=_week_number,
    ),
    Form(
        example="14april",
        hints=_MONTHS,
        pattern=re.compile(rf"([0-9](?<![0-9a-z$€£¥.,/:-].)[0-9]?)(?:st|nd|rd|th)?({_MONTH})(?![a-z])"),
        read=_glued,
    ),
    Form(
        example="2027/23/sep, sep-2027-23, 23-2027-sep",
        hints=("/20", "-20", "20"),
        pattern=re.compile(
            rf"(?<![0-9a-z/-])(?:20[0-9]{{2}}([/-])[0-9]{{1,2}}\1{_MONTH}|{_MONTH}([/-])20[0-9]{{2}}\2[0-9]{{1,2}}"
            rf"|[0-9]{{1,2}}([/-])20[0-9]{{2}}\3{_MONTH})(?![0-9a-z]|[/-][0-9])"
        ),
        read=_in_any_order,
    ),
    Form(
        example="31.12.2027",
        hints=(".20",),
        pattern=re.compile(r"([0-9](?<![0-9a-z.,].)[0-9]?)\.([0-9]{1,2})\.(20[0-9]{2})(?![0-9a-z]|[.,][0-9])"),
        read=_day_first,
    ),
    Form(
        example="20270401",
        hints=("20",),
        pattern=re.compile(
            r"(20(?<![0-9a-z#+$€£¥.,]..)(?<![0-9a-z]-..)[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
            r"(?!-?[0-9a-z]|[.,][0-9]|\s?(?:usd|eur|jpy|yen|dollars|euros))"
        ),
        read=_compact,
    ),
    Form(
        example="2027-2029",
        hints=("-20",),
        pattern=re.compile(r"(20(?<![0-9a-z#+$€£¥.,-]..)[0-9]{2})\s?-\s?(20[0-9]{2})(?!-?[0-9]|[.,][0-9])"),
        read=_two_years,
    ),
    Form(
        example="4-23 in next month",
        hints=(" month",),
        pattern=re.compile(
            r"([0-9](?<![0-9$€£¥.,/-].)[0-9]?)\s?(?:-|to)\s?([0-9]{1,2})(?=\s(?:in|of)\s(?:the\s)?(?:next|this|coming|following)\smonth)"
        ),
        read=_two_days,
    ),
    Form(
        example="in two thousand and twenty-seven, twenty twenty-seven",
        hints=("two thousand", "twenty twenty", "twenty-twenty", "twenty thirty"),
        pattern=re.compile(
            rf"(?:two thousand(?: and)?|twenty)[\s-]({'|'.join(_TENS)})(?:[\s-]({_FEW}))?{_NOT_COUNTED}"
        ),
        read=_spoken_year,
    ),
    Form(
        example="on the first, between the ninth and the 17th",
        hints=tuple(f" the {day}" for day in ("fi", "se", "th", "fo", "si", "ei", "ni", "te", "el", "tw")),
        pattern=re.compile(
            rf"(?<![a-z])(?:on|by|from|until|till|before|after|between|and|to|through) the ({'|'.join(_SPOKEN_DAYS)})"
            r"(?=\s?(?:[.,;!?)]|$)"
            r"|\s(?:and|to|until|till|through|or) the (?:[0-9]|[a-z]+(?:th|st|nd|rd|second|third|first)))"
        ),
        read=_the_ordinal,
    ),
    Form(
        example="between august and now",
        hints=(" now", " date", " present"),
        pattern=re.compile(
            r"(?:between|from|since)\s[a-z0-9 ,/-]{3,24}\s(?:and|to|till|until|through)"
            r"\s(now|date|current date|the present)(?![a-z])"
        ),
        read=_now,
    ),
)
