"""How only English writes a date: 15th, Sep-23-2027, Oct '27, this month or next."""

import re
from collections.abc import Iterator

from dialogs.reading.date_forms import COUNTED_BEHIND, Form, Token, within, year

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


def day_number(written: str) -> int:
    figures = re.match("[0-9]{1,2}", written)
    return int(figures.group()) if figures else DAY_WORDS[re.sub(r"[\s-]+", " ", written)]


_MONTH_IN_FRONT = re.compile(
    r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?:[/-][0-9]{1,2})?$"
)


def _year_behind_month(match: re.Match[str]) -> Iterator[Token]:
    if _MONTH_IN_FRONT.search(match.string, max(0, match.start() - 13), match.start()):
        yield Token(kind="year", value=int(match[1]), start=match.start(1), end=match.end(1))


def _next_one(match: re.Match[str]) -> Iterator[Token]:
    start = match.start() + match.group().rindex("next")
    yield Token(kind=f"relative_{match[1]}", value=1, start=start, end=match.end())


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
)
