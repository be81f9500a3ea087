"""What a firm may write as its opening times, and what it is told when that makes no sense.

mon = [["09:00", "12:00"], ["13:00", "18:00"]]     lunch at noon
fri = [["22:00", "06:00"]]                         overnight, Friday's work (CLOCK-S3)
sat = [["00:00", "24:00"]]                         the whole day
"always"                                           the whole week
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 1440
CLOCK_TIME = re.compile(r"([0-9]{1,2}):([0-5][0-9])")


class BadHours(ValueError):
    """The hours, the zone or the closed days cannot be used: says in which field, and what to write instead."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class Interval(NamedTuple):
    """Minutes since local midnight; past 1440 the interval ends on the next day."""

    opens: int
    closes: int


Week = tuple[tuple[Interval, ...], ...]
"""Seven days from Monday on, each with its intervals in order."""

ALWAYS: Week = ((Interval(0, DAY_MINUTES),),) * len(WEEKDAYS)


def read_week(hours: object, name: str = "hours") -> Week:
    """Read "always" or {"mon": [["09:00", "18:00"]], ...}; a day left out is closed.

    Raises BadHours naming the place under `name`, such as "hours.mon[1][0]", also when the office would never open.
    """
    if hours == "always":
        return ALWAYS
    if not isinstance(hours, Mapping):
        raise BadHours(name, f'give "always" or intervals for each day, not {hours!r}')
    unknown = [day for day in hours if day not in WEEKDAYS]
    if unknown:
        raise BadHours(f"{name}.{unknown[0]}", f"no such day; the days are {', '.join(WEEKDAYS)}")
    week = tuple(_read_day(hours.get(day, ()), f"{name}.{day}") for day in WEEKDAYS)
    if not any(week):
        raise BadHours(name, "the office never opens; give at least one interval")
    return week


def read_interval(pair: object, name: str) -> Interval:
    """Read ["09:00", "18:00"]; closing no later than opening means overnight. Raises BadHours under `name`."""
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise BadHours(name, f'give an opening and a closing time such as ["09:00", "18:00"], not {pair!r}')
    opens, closes = _minutes(pair[0], f"{name}[0]"), _minutes(pair[1], f"{name}[1]")
    if opens == DAY_MINUTES:
        raise BadHours(f"{name}[0]", "24:00 can only close; open at 00:00 of the next day")
    return Interval(opens, closes if closes > opens else closes + DAY_MINUTES)


def read_zone(zone: object, name: str = "zone") -> ZoneInfo:
    """Read an IANA zone name. Raises BadHours under `name`, also for an offset such as "+09:00"."""
    # A folder of zones such as "America" comes back as an OSError, a path such as "../Tokyo" as a ValueError.
    with suppress(ZoneInfoNotFoundError, ValueError, OSError):
        if isinstance(zone, str):
            return ZoneInfo(zone)
    raise BadHours(name, f'give an IANA time zone such as "Asia/Tokyo", not {zone!r}')


def read_holidays(holidays: object, name: str = "holidays") -> Container[date]:
    """Read a list of dates, or take closed days that answer `day in holidays` as they are. Raises BadHours."""
    if not isinstance(holidays, str | Mapping):
        if isinstance(holidays, Iterable):
            return frozenset(read_date(day, f"{name}[{position}]") for position, day in enumerate(holidays))
        if isinstance(holidays, Container):
            return holidays
    raise BadHours(name, f"give a list of dates, not {holidays!r}")


def read_date(day: object, name: str) -> date:
    """Read a date or its ISO text. Raises BadHours under `name`; a datetime is no date, it would never be found."""
    if isinstance(day, date) and not isinstance(day, datetime):
        return day
    with suppress(ValueError):
        if isinstance(day, str):
            return date.fromisoformat(day)
    raise BadHours(name, f'give a date such as "2026-12-29", not {day!r}')


def clock_time(minutes: int) -> str:
    """Minutes since local midnight the way people write them; an overnight closing shows the time of the next day."""
    hours, rest = divmod(minutes if minutes <= DAY_MINUTES else minutes - DAY_MINUTES, 60)
    return f"{hours:02}:{rest:02}"


def _read_day(intervals: object, name: str) -> tuple[Interval, ...]:
    if not isinstance(intervals, Sequence) or isinstance(intervals, str):
        raise BadHours(name, f'give a list of intervals such as [["09:00", "18:00"]], not {intervals!r}')
    named = sorted((read_interval(pair, f"{name}[{n}]"), f"{name}[{n}]") for n, pair in enumerate(intervals))
    for (earlier, _), (later, place) in pairwise(named):
        if later.opens < earlier.closes:
            written = f"{clock_time(earlier.opens)} to {clock_time(earlier.closes)}"
            raise BadHours(place, f"overlaps the interval from {written} of the same day")
    return tuple(interval for interval, _ in named)


def _minutes(text: object, name: str) -> int:
    written = CLOCK_TIME.fullmatch(text) if isinstance(text, str) else None
    minutes = int(written[1]) * 60 + int(written[2]) if written else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise BadHours(name, f'give a time from "00:00" to "24:00", not {text!r}')
    return minutes
