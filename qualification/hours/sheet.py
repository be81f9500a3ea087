"""A sheet of the calendar: thirteen weeks of open stretches in UTC, ready to be looked up.

An instant is a whole number of microseconds since 1970 here, because Python subtracts two datetimes of one zone as wall
clock and so forgets clock changes. A span is a pair of instants; it ends just before the second.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 1440 * MINUTE
SHEET = 91 * DAY
FIRST_SHEET, LAST_SHEET = -7_900, 32_220  # the sheets that lie inside Python's years 1 to 9999
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
EPOCH_WEEKDAY = date(1970, 1, 1).weekday()

Span = tuple[int, int]


class NoWorkingTime(ValueError):
    """The office does not open often enough for the clock to run out before the calendar ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Open stretches in order, and the working time from the top of the sheet to each closing."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    worked: tuple[int, ...]
    total: int

    @classmethod
    def of(cls, stretches: Iterable[Span]) -> Self:
        """Lay out stretches sorted by opening; those that touch or overlap become one."""
        opens, closes, worked, total = [], [], [], 0
        for opening, closing in joined(stretches):
            total += closing - opening
            opens.append(opening)
            closes.append(closing)
            worked.append(total)
        return cls(opens=tuple(opens), closes=tuple(closes), worked=tuple(worked), total=total)

    def stretches(self) -> Iterator[Span]:
        return zip(self.opens, self.closes, strict=True)

    def worked_until(self, at: int) -> int:
        index = bisect_right(self.closes, at)
        if index == len(self.closes):
            return self.total
        return self.worked[index] - (self.closes[index] - max(at, self.opens[index]))

    def instant_of(self, worked: int) -> int:
        """The earliest instant at which so much has been worked (CLOCK-S1); more than nothing, at most the total."""
        index = bisect_left(self.worked, worked)
        return self.closes[index] - (self.worked[index] - worked)


class Offset(NamedTuple):
    """A span in which a zone keeps one distance from UTC, in microseconds."""

    begins: int
    ends: int
    offset: int


@lru_cache(maxsize=4096)
def offsets(zone: ZoneInfo, sheet: int) -> tuple[Offset, ...]:
    """The offsets of one sheet, in order. Looks once a day: no zone has changed its clock twice within three days.

    Raises NoWorkingTime for a year no calendar knows.
    """
    if not FIRST_SHEET <= sheet <= LAST_SHEET:
        raise NoWorkingTime("the calendar knows only the years 2 to 9996")
    begins, ends = sheet * SHEET, (sheet + 1) * SHEET
    changes = (_change_within(zone, day, day + DAY) for day in range(begins, ends, DAY))
    edges = [begins, *(change for change in changes if change is not None and change < ends), ends]
    return tuple(Offset(first, last, _offset(zone, first)) for first, last in pairwise(edges) if first < last)


def microseconds(at: datetime) -> int:
    """An instant as a number. Raises ValueError for a datetime without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {at.isoformat()}")
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def instant(at: int) -> datetime:
    """The number as a datetime in UTC."""
    return EPOCH + timedelta(0, 0, at)


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans sorted by their beginning, with those that touch or overlap made one."""
    current: Span | None = None
    for begins, ends in spans:
        if current and begins <= current[1]:
            current = (current[0], max(ends, current[1]))
            continue
        if current:
            yield current
        current = (begins, ends)
    if current:
        yield current


def without(spans: Iterable[Span], cuts: Sequence[Span]) -> Iterator[Span]:
    """What is left of the spans when the cuts, sorted and apart, are taken out."""
    for begins, ends in spans:
        at = begins
        for cut_begins, cut_ends in cuts:
            if cut_ends <= at or cut_begins >= ends:
                continue
            if cut_begins > at:
                yield at, cut_begins
            at = cut_ends
        if at < ends:
            yield at, ends


def _change_within(zone: ZoneInfo, before: int, after: int) -> int | None:
    """The instant at which the zone changes its offset, to the second, or None when it keeps it."""
    old = _offset(zone, before)
    if old == _offset(zone, after):
        return None
    while after - before > SECOND:
        middle = (before + after) // (2 * SECOND) * SECOND
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: int) -> int:
    return (instant(at).astimezone(zone).utcoffset() or timedelta()) // MICROSECOND
