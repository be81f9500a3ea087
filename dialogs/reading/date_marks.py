"""What the words beside a date or a length of time make of it: a deadline, a beginning, about then, or not then.

遅くとも9月末までに
^^^^^^^^      ^^^^       head and tail: the deadline
"""

import re
from enum import StrEnum
from functools import cache

from dialogs.reading.found import Language
from dialogs.reading.lexicon import lexicon, only_where_one_begins
from dialogs.reading.places import Endings
from dialogs.reading.text import Text

NEAR = 48
"""Characters in front of a date that can belong to it."""


class Mark(StrEnum):
    """What a word beside a date makes of it. The order is the order in which they are tried."""

    ABOUT_FIRST = "about_first"
    SINCE = "since"
    REJECTED = "rejected"
    AGO = "ago"
    WITHIN = "within"
    DEADLINE = "deadline"
    AHEAD = "ahead"
    LATER = "later"
    PAST_IT = "past_it"
    FROM = "from"
    ABOUT = "about"
    BUSY = "busy"


_MARKS = {str(mark): mark for mark in Mark}
DATE_MARKS = tuple(mark for mark in Mark if mark not in (Mark.AGO, Mark.WITHIN, Mark.LATER))
DURATION_MARKS = tuple(mark for mark in Mark if mark not in (Mark.AHEAD, Mark.FROM))
BOUNDS = frozenset({Mark.SINCE, Mark.WITHIN, Mark.DEADLINE, Mark.AHEAD, Mark.PAST_IT, Mark.FROM})
BOUNDS_IN_ORDER = tuple(mark for mark in Mark if mark in BOUNDS)


@cache
def _marks(side: str, language: Language, kinds: tuple[Mark, ...]) -> re.Pattern[str]:
    words = lexicon("timeframe")
    groups = [
        f"(?P<{mark}>{words.words(f'{mark}_{side}', language).source})"
        for mark in kinds
        if f"{mark}_{side}" in words.sections
    ]
    if side == "before":
        every = [words.words(f"{mark}_before", language) for mark in kinds if f"{mark}_before" in words.sections]
        return re.compile(rf"{only_where_one_begins(every)}(?:{'|'.join(groups)})[\s、:(]{{0,3}}$")
    return re.compile(rf"[\s)]{{0,2}}(?:{'|'.join(groups)})")


@cache
def _endings(language: Language, kinds: tuple[Mark, ...]) -> Endings:
    """How the words in front of a date end."""
    words = lexicon("timeframe")
    sections = [f"{mark}_before" for mark in kinds if f"{mark}_before" in words.sections]
    tails = frozenset(tail for section in sections for tail in words.words(section, language).tails)
    return Endings(tails=tails, between=frozenset(" \t\n\u3000、:("), most=3)


def marks_ahead(text: Text, start: int, border: int, kinds: tuple[Mark, ...]) -> tuple[set[Mark], int]:
    """The marks in front of a date, and where their words begin."""
    pattern = _marks("before", text.language, kinds)
    may_stand = _endings(text.language, kinds).may_stand
    marks: set[Mark] = set()
    for step in range(6):
        floor = max(border, start - NEAR)
        window = text.plain[floor:start]
        found = pattern.search(window) if may_stand(text.plain, floor, start) else None
        if not found or not found.lastgroup:
            break
        mark = _MARKS[found.lastgroup]
        if mark is Mark.FROM and step:
            break  # "start in Q3" is in Q3, "starting Q3" is its first month
        if not (mark in BOUNDS and marks & BOUNDS):
            marks.add(mark)
        start += found.start() - len(window)
    return marks, start


def marks_behind(text: Text, end: int, following: int, kinds: tuple[Mark, ...]) -> tuple[set[Mark], int]:
    """The marks behind a date, and where their words end."""
    pattern = _marks("after", text.language, kinds)
    marks: set[Mark] = set()
    for _ in range(6):
        found = pattern.match(text.plain, end, following)
        if not found or not found.lastgroup:
            break
        if found.group().strip() == "~" and text.plain[end - 1] in "なねよか":
            break  # 夏ぐらいかな〜
        mark = _MARKS[found.lastgroup]
        if not (mark in BOUNDS and marks & BOUNDS):
            marks.add(mark)
        end = found.end()
    return marks, end
