"""Why a clock is due when it is due: every stretch that counted and every one that did not, as facts.

    Fri 17:10  counted 50 min
    Fri 18:00  skipped: closed weekday (Saturday, Sunday)
    Mon 09:00  counted 2 h 10 min
    due Mon 11:10

The words for people are made of this in templates/.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from qualification.hours.opening_times import DAY_MINUTES, Interval
from qualification.hours.sheet import Span, instant, microseconds, without
from qualification.working_hours import Pause, WorkingHours, pause_spans

ANY_TIME = (Interval(0, DAY_MINUTES),)


class Waiting(StrEnum):
    """Why the clock stood still."""

    PAUSED = "paused"
    HOLIDAY = "holiday"
    CLOSED_WEEKDAY = "closed_weekday"
    BREAK = "break"
    OUTSIDE_HOURS = "outside_hours"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A time in which the clock either ran or stood still, in the zone of the hours.

    `counted` is the working time in it, nothing when it was skipped; `holidays` are the closed dates behind HOLIDAY.
    """

    starts_at: datetime
    ends_at: datetime
    counted: timedelta = timedelta()
    skipped: tuple[Waiting, ...] = ()
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The arithmetic behind a due instant; all datetimes are in the zone of the hours."""

    start: datetime
    work: timedelta
    due: datetime
    stretches: tuple[Stretch, ...]

    @property
    def counted(self) -> tuple[Stretch, ...]:
        """Only the stretches in which the clock ran; together they last exactly `work`."""
        return tuple(stretch for stretch in self.stretches if stretch.counted)


def explain(hours: WorkingHours, start: datetime, work: timedelta, *, pauses: Sequence[Pause] = ()) -> Explanation:
    """The same due instant as `hours.add`, with the way to it. Raises what `hours.add` raises."""
    due = hours.add(start, work, pauses=pauses)
    standstill = pause_spans(pauses)
    stretches: list[Stretch] = []
    at, until = microseconds(start), microseconds(due)
    for opens, closes in without(hours.open_spans(start, due), standstill):
        if opens > at:
            stretches.append(_skipped(hours, (at, opens), standstill))
        stretches.append(_counted(hours, (opens, closes)))
        at = closes
    if until > at:
        stretches.append(_skipped(hours, (at, until), standstill))
    local_start, local_due = start.astimezone(hours.zone), due.astimezone(hours.zone)
    return Explanation(start=local_start, work=work, due=local_due, stretches=tuple(stretches))


def _counted(hours: WorkingHours, span: Span) -> Stretch:
    starts_at, ends_at = _local(hours, span)
    return Stretch(starts_at=starts_at, ends_at=ends_at, counted=timedelta(microseconds=span[1] - span[0]))


def _skipped(hours: WorkingHours, span: Span, standstill: Sequence[Span]) -> Stretch:
    starts_at, ends_at = _local(hours, span)
    days = _days_lost(hours, starts_at, ends_at)
    holidays = tuple(day for day in days if hours.week[day.weekday()] and day in hours.holidays)
    applies = {
        Waiting.PAUSED: any(starts < span[1] and ends > span[0] for starts, ends in standstill),
        Waiting.HOLIDAY: bool(holidays),
        Waiting.CLOSED_WEEKDAY: any(not hours.week[day.weekday()] for day in days),
    }
    skipped = tuple(reason for reason, true in applies.items() if true) or (_closed(hours, starts_at, ends_at),)
    return Stretch(starts_at=starts_at, ends_at=ends_at, skipped=skipped, holidays=holidays)


def _closed(hours: WorkingHours, starts_at: datetime, ends_at: datetime) -> Waiting:
    intervals = hours.week[starts_at.weekday()]
    begins, ends = _minute(starts_at), _minute(ends_at)
    same_day = starts_at.date() == ends_at.date()
    if same_day and intervals and intervals[0].closes <= begins and ends <= intervals[-1].opens:
        return Waiting.BREAK
    return Waiting.OUTSIDE_HOURS


def _days_lost(hours: WorkingHours, starts_at: datetime, ends_at: datetime) -> list[date]:
    """The local days whose hours the wait cut into; of a day without hours, any part of the day."""
    first, last = starts_at.date() - timedelta(days=1), ends_at.date()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    begins, ends = starts_at.replace(tzinfo=UTC), ends_at.replace(tzinfo=UTC)
    return [day for day in days if _cut_into(hours, day, begins, ends)]


def _cut_into(hours: WorkingHours, day: date, begins: datetime, ends: datetime) -> bool:
    midnight = datetime.combine(day, time(), tzinfo=UTC)  # wall clock throughout: only compared with its like
    return any(
        midnight + timedelta(minutes=interval.opens) < ends and midnight + timedelta(minutes=interval.closes) > begins
        for interval in hours.week[day.weekday()] or ANY_TIME
    )


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _local(hours: WorkingHours, span: Span) -> tuple[datetime, datetime]:
    return instant(span[0]).astimezone(hours.zone), instant(span[1]).astimezone(hours.zone)
