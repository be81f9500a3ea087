"""Spans of the calendar as salespeople mean them: months, quarters, halves, seasons, weeks, and the April fiscal year.

A span runs from its first to its last day, both inclusive. "Coming" is the next one whose last day has not passed.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from math import floor
from typing import NamedTuple

FISCAL_MONTH = 4
DAYS_PER_MONTH = 30.4375


class Grain(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    HALF = "half"
    YEAR = "year"
    FISCAL_YEAR = "fiscal_year"


LONGER_THAN_A_MONTH = frozenset({Grain.QUARTER, Grain.SEASON, Grain.HALF, Grain.YEAR, Grain.FISCAL_YEAR})


class Span(NamedTuple):
    start: date
    end: date
    grain: Grain

    @property
    def first_month(self) -> "Span":
        return month(self.start.year, self.start.month)._replace(start=self.start)


def day(of: date) -> Span:
    return Span(start=of, end=of, grain=Grain.DAY)


def week(of: date) -> Span:
    """The week, Monday to Sunday, that holds a day."""
    monday = of - timedelta(days=of.weekday())
    return Span(start=monday, end=monday + timedelta(days=6), grain=Grain.WEEK)


@lru_cache(maxsize=256)
def months(year: int, first: int, count: int, grain: Grain) -> Span:
    """`count` months from month `first` (which may lie outside 1 to 12) of a year."""
    start = _first_day(year, first)
    return Span(start=start, end=_first_day(year, first + count) - timedelta(days=1), grain=grain)


def month(year: int, number: int) -> Span:
    return months(year, number, 1, Grain.MONTH)


def year(number: int) -> Span:
    return months(number, 1, 12, Grain.YEAR)


def fiscal_year(number: int) -> Span:
    """The fiscal year named by its first year: 2026 runs from 1 April 2026 to 31 March 2027."""
    return months(number, FISCAL_MONTH, 12, Grain.FISCAL_YEAR)


def fiscal_year_of(today: date) -> int:
    return today.year if today.month >= FISCAL_MONTH else today.year - 1


def quarter(of_year: int, number: int, *, fiscal: bool) -> Span:
    return months(of_year, (FISCAL_MONTH if fiscal else 1) + 3 * (number - 1), 3, Grain.QUARTER)


def half(of_year: int, number: int, *, fiscal: bool) -> Span:
    return months(of_year, (FISCAL_MONTH if fiscal else 1) + 6 * (number - 1), 6, Grain.HALF)


def season(of_year: int, first_month: int) -> Span:
    return months(of_year, first_month, 3, Grain.SEASON)


def day_of_month(of_year: int, of_month: int, number: int) -> date | None:
    """None for a day the month does not have."""
    try:
        return date(of_year, of_month, number)
    except ValueError:
        return None


def coming(today: date, build: Callable[[int], Span]) -> Span:
    """The first span whose last day has not passed."""
    return next(span for of in range(today.year - 1, today.year + 3) if (span := build(of)).end >= today)


def part_of(span: Span, part: str) -> Span:
    """The beginning, middle or end of a span. Of a month: tens of days; of longer spans: months."""
    start, end = span.start, span.end
    if part == "end":
        return day(end)
    if match := _COUNTED.fullmatch(_WEEKS.get(part, part) if span.grain is not Grain.MONTH else part):
        return _counted_part(span, match[1], int(match[2]), int(match[3]))
    if span.grain is Grain.MONTH:
        return _part_of_month(span, part)
    if span.grain in (Grain.DAY, Grain.WEEK):
        return span
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    first, length = {
        "start": (0, 1),
        "first_third": (0, 1),
        "middle": (count // 2 - (1 if count % 2 == 0 else 0), 2 - count % 2),
        "last_third": (count - max(1, count // 4), max(1, count // 4)),
        "first_half": (0, (count + 1) // 2),
        "second_half": (count // 2, (count + 1) // 2),
    }[part]
    grain = Grain.MONTH if length == 1 else Grain.HALF if length == 6 else Grain.QUARTER
    return months(start.year, start.month + first, length, grain)


_COUNTED = re.compile(r"(day|week|month) (-?[0-9]+) (-?[0-9]+)")
_WEEKS = {
    "first_week": "week 1 1",
    "second_week": "week 2 2",
    "third_week": "week 3 3",
    "fourth_week": "week 4 4",
    "last_week": "week -1 -1",
}


def _counted_part(span: Span, unit: str, first: int, last: int) -> Span:
    """Units `first` to `last` of a span, counted from its end when negative; never outside of it.

    The weeks of a year are those of the ISO calendar, Monday to Sunday; of anything else they are seven days each.
    """
    if span.grain in (Grain.DAY, Grain.WEEK) and unit != "day":
        return span
    if unit == "month":
        count = (span.end.year - span.start.year) * 12 + span.end.month - span.start.month + 1
        begin, stop = (min(at - 1, count - 1) if at > 0 else max(count + at, 0) for at in (first, last))
        grain = Grain.MONTH if begin == stop else Grain.QUARTER
        return months(span.start.year, span.start.month + begin, stop - begin + 1, grain)
    size, head, tail = timedelta(days=7 if unit == "week" else 1), span.start, span.end
    whole_weeks = unit == "week" and span.grain is Grain.YEAR
    if whole_weeks:
        head, tail = week(date(head.year, 1, 4)).start, week(date(head.year, 12, 28)).end
    one_day = timedelta(days=1)
    start = head + size * (first - 1) if first > 0 else tail + one_day + size * first
    end = head + size * last - one_day if last > 0 else tail + size * (last + 1)
    start = max(head, min(start, tail))
    return Span(start=start, end=max(start, min(end, tail)), grain=Grain.DAY if unit == "day" else Grain.WEEK)


_DAYS_OF_PART = {
    "start": (1, 10),
    "first_third": (1, 10),
    "middle": (11, 20),
    "last_third": (21, 31),
    "first_half": (1, 15),
    "second_half": (16, 31),
    "first_week": (1, 7),
    "second_week": (8, 14),
    "third_week": (15, 21),
    "fourth_week": (22, 28),
}


def _part_of_month(span: Span, part: str) -> Span:
    last = span.end.day
    first_day, last_day = _DAYS_OF_PART.get(part, (last - 6, last))
    return Span(
        start=span.start.replace(day=first_day), end=span.start.replace(day=min(last_day, last)), grain=Grain.DAY
    )


def add_months(to: date, count: float) -> date:
    """Calendar months later, the day clamped to the month; a part of a month counts as 30 days' part."""
    whole = floor(count)
    first = _first_day(to.year, to.month + whole)
    later = first.replace(day=min(to.day, monthrange(first.year, first.month)[1]))
    return later + timedelta(days=round((count - whole) * 30))


def _first_day(of_year: int, number: int) -> date:
    carried, index = divmod(number - 1, 12)
    return date(min(max(of_year + carried, 1), 9998), index + 1, 1)
