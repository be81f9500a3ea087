"""How long "three hours" takes for a firm that sleeps, eats lunch and keeps holidays.

    Mon-Fri 09:00-18:00, three hours from Friday 17:10:
    Fri 17:10 + 50 min  ->  Mon 09:00 + 2 h 10 min  =  Mon 11:10

The rules, as their users may rely on them:

* CLOCK-S1  due is the earliest instant at which the working time has passed: at closing time, not the next opening
* CLOCK-S2  working time is real time while the wall clock is inside hours: a missing hour is none, a repeated one two
* CLOCK-S3  an interval that closes no later than it opens runs overnight and belongs to the day on which it opens
* CLOCK-S4  holidays are local dates
* CLOCK-S5  outside hours the clock starts at the next opening
* CLOCK-S6  seconds are kept

Three hours and thirty days cost the same: the hours are laid onto UTC a sheet of thirteen weeks at a time, and a sheet
knows the working time up to each of its closings.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from qualification.hours.opening_times import ALWAYS, WEEKDAYS, BadHours, Week, read_holidays, read_week, read_zone
from qualification.hours.sheet import (
    DAY,
    EPOCH_ORDINAL,
    EPOCH_WEEKDAY,
    MICROSECOND,
    MINUTE,
    SHEET,
    NoWorkingTime,
    Offset,
    Sheet,
    Span,
    instant,
    joined,
    microseconds,
    offsets,
)

HORIZON_DAYS = 36_400  # a hundred years: whatever is not due by then is a mistake in the hours

Pause = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """When people work: a week of intervals in a zone, without the holidays.

    `holidays` answers `day in holidays` for local dates: a frozenset, or closed days that know every year. Build it
    with `from_policy`, which checks what a person wrote, and keep it: it remembers its sheets (0.2 ms each to lay out).
    Instants go in with any zone and come out in UTC; one without a zone is a ValueError.
    """

    week: Week
    zone: ZoneInfo
    holidays: Container[date] = frozenset()
    _sheets: dict[int, Sheet] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != len(WEEKDAYS):
            raise BadHours("hours", f"a week has seven days, not {len(self.week)}")
        if not any(self.week):
            raise BadHours("hours", "the office never opens; give at least one interval")

    @classmethod
    def from_policy(cls, hours: object, zone: object, holidays: Container[date] | Iterable[date | str] = ()) -> Self:
        """Read hours as people write them: {"mon": [["09:00", "12:00"], ["13:00", "18:00"]], ...} or "always".

        `zone` is an IANA name. `holidays` are dates or their ISO text, or anything that answers `day in holidays`.
        Raises BadHours naming the field: "hours.mon[1][0]", "zone", "holidays[2]".
        """
        return cls(week=read_week(hours), zone=read_zone(zone), holidays=read_holidays(holidays))

    @classmethod
    def always(cls, zone: ZoneInfo) -> Self:
        """Every minute counts: the clock of a policy that counts elapsed time (D10 `count: elapsed`)."""
        return cls(week=ALWAYS, zone=zone)

    def add(self, start: datetime, work: timedelta, *, pauses: Sequence[Pause] = ()) -> datetime:
        """The instant (UTC) at which `work` of working time has passed since `start`, pauses taken out.

        No work at all is due as soon as the clock starts: at `start`, or at the next opening (CLOCK-S5).
        Raises NoWorkingTime when it does not pass within a hundred years, ValueError for a negative `work`.
        """
        if work < timedelta():
            raise ValueError(f"working time cannot be negative: {work}")
        if not work:
            return self.add(start, MICROSECOND, pauses=pauses) - MICROSECOND
        at, left = microseconds(start), work // MICROSECOND
        for pause_starts, pause_ends in pause_spans(pauses):
            before_pause = self._worked(at, pause_starts)
            if left <= before_pause:
                break
            left -= before_pause
            at = max(at, pause_ends)
        return instant(self._reach(at, left))

    def between(self, start: datetime, end: datetime, *, pauses: Sequence[Pause] = ()) -> timedelta:
        """The working time from `start` to `end`, pauses taken out; nothing when `end` is not later than `start`."""
        at, until, worked = microseconds(start), microseconds(end), 0
        for pause_starts, pause_ends in pause_spans(pauses):
            worked += self._worked(at, min(pause_starts, until))
            at = max(at, pause_ends)
        return timedelta(microseconds=worked + self._worked(at, until))

    def is_open(self, at: datetime) -> bool:
        """Whether people work at this instant; at opening time they do, at closing time they have gone."""
        return self._worked(microseconds(at), microseconds(at) + 1) > 0

    def next_opening(self, at: datetime) -> datetime:
        """The first instant (UTC) from `at` on at which people work: `at` itself inside hours."""
        return self.add(at, timedelta())

    def end_of_working_day(self, start: datetime, days: int) -> datetime:
        """Closing time (UTC) of the nth working day after the local day of `start` (M93 and D14: three days).

        The day of `start` itself never counts. Raises NoWorkingTime when there are not so many working days within a
        hundred years, ValueError for less than one day.
        """
        if days < 1:
            raise ValueError(f"working days are counted from 1: {days}")
        left = days
        today = start.astimezone(self.zone).toordinal() - EPOCH_ORDINAL
        for day in range(today + 1, today + HORIZON_DAYS):
            closing = self._closing(day)
            if closing is not None:
                left -= 1
                if left == 0:
                    return instant(closing)
        raise NoWorkingTime(f"there are no {days} working days within a hundred years of {start.isoformat()}")

    def open_spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """What is open from one instant to another, in order, in microseconds since 1970 UTC."""
        at, until = microseconds(start), microseconds(end)
        return joined(
            (max(opens, at), min(closes, until))
            for number in range(at // SHEET, until // SHEET + 1)
            for opens, closes in self._sheet(number).stretches()
            if closes > at and opens < until
        )

    def _reach(self, at: int, left: int) -> int:
        number = at // SHEET
        horizon = number + HORIZON_DAYS * DAY // SHEET
        sheet = self._sheet(number)
        target = sheet.worked_until(at) + left
        while target > sheet.total:
            target -= sheet.total
            number += 1
            if number > horizon:
                work = timedelta(microseconds=left)
                raise NoWorkingTime(f"{work} of working time do not pass within a hundred years of {instant(at)}")
            sheet = self._sheet(number)
        return sheet.instant_of(target)

    def _worked(self, at: int, until: int) -> int:
        if until <= at:
            return 0
        first, last = at // SHEET, until // SHEET
        whole = sum(self._sheet(number).total for number in range(first, last))
        return whole + self._sheet(last).worked_until(until) - self._sheet(first).worked_until(at)

    def _sheet(self, number: int) -> Sheet:
        sheet = self._sheets.get(number)
        if sheet is None:
            sheet = self._sheets[number] = Sheet.of(self._open_on_sheet(number))
        return sheet

    def _open_on_sheet(self, number: int) -> Iterator[Span]:
        for stretch in offsets(self.zone, number):
            # One local day earlier, because an overnight interval reaches into the first day.
            first, last = (stretch.begins + stretch.offset) // DAY - 1, (stretch.ends + stretch.offset) // DAY
            for day in range(first, last + 1):
                yield from self._open_on(day, stretch)

    def _open_on(self, day: int, under: Offset) -> Iterator[Span]:
        """The intervals that open on a local day, cut to the span in which the zone keeps one offset (CLOCK-S2)."""
        intervals = self.week[(day + EPOCH_WEEKDAY) % 7]
        if not intervals or date.fromordinal(day + EPOCH_ORDINAL) in self.holidays:
            return
        midnight = day * DAY - under.offset
        for interval in intervals:
            opens = max(midnight + interval.opens * MINUTE, under.begins)
            closes = min(midnight + interval.closes * MINUTE, under.ends)
            if opens < closes:
                yield opens, closes

    def _closing(self, day: int) -> int | None:
        """When the last interval of a local day ends, or None when nobody works on that day."""
        nearby = range((day - 2) * DAY // SHEET, (day + 4) * DAY // SHEET + 1)
        closings = (
            closes
            for number in nearby
            for stretch in offsets(self.zone, number)
            for _, closes in self._open_on(day, stretch)
        )
        return max(closings, default=None)


def pause_spans(pauses: Sequence[Pause]) -> list[Span]:
    """Pauses in order, overlapping ones as one; a pause that ends no later than it starts is none."""
    if not pauses:
        return []
    spans = sorted((microseconds(starts), microseconds(ends)) for starts, ends in pauses)
    return list(joined(span for span in spans if span[0] < span[1]))


__all__ = ["BadHours", "NoWorkingTime", "Pause", "WorkingHours", "pause_spans"]
