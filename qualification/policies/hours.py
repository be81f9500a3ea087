"""Hours that can be used but may not mean what their author thinks, found before a clock runs on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from qualification.hours.opening_times import DAY_MINUTES, WEEKDAYS, clock_time
from qualification.hours.sheet import DAY, EPOCH_ORDINAL, MINUTE, SHEET, Offset, offsets
from qualification.working_hours import WorkingHours


@dataclass(frozen=True, kw_only=True)
class HoursWarning:
    """One doubt: the interval edge it is about ("hours.sun[0][0]"), the first day it shows, and a sentence."""

    field: str
    on: date
    problem: str

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}"


def check(hours: WorkingHours, since: date, *, days: int = 731) -> tuple[HoursWarning, ...]:
    """What to tell the author of the hours, looking at `days` days from `since`; at most one warning an edge.

    An edge inside an hour that the zone skips has no agreed meaning; hours that run overnight into the next day's hours
    share time with them, which counts once.
    """
    first_of_each: dict[str, HoursWarning] = {}
    for warning in (*_edges_in_missing_hours(hours, since, days), *_shared_mornings(hours, since)):
        first_of_each.setdefault(warning.field, warning)
    return tuple(first_of_each.values())


def _edges_in_missing_hours(hours: WorkingHours, since: date, days: int) -> Iterator[HoursWarning]:
    for before, after in _clock_changes(hours, since, days):
        missing_from, missing_to = before.ends + before.offset, after.begins + after.offset
        for day in range(missing_from // DAY - 1, missing_to // DAY + 1):
            opened = date.fromordinal(day + EPOCH_ORDINAL)
            for field, edge in _edges(hours, opened):
                if missing_from < day * DAY + edge * MINUTE < missing_to and opened not in hours.holidays:
                    on = opened + timedelta(days=edge // DAY_MINUTES)
                    problem = f"{clock_time(edge)} does not exist on {on} in {hours.zone.key}: the clocks skip it"
                    yield HoursWarning(field=field, on=on, problem=problem)


def _clock_changes(hours: WorkingHours, since: date, days: int) -> Iterator[tuple[Offset, Offset]]:
    first = (since.toordinal() - EPOCH_ORDINAL) * DAY
    last = first + days * DAY
    sheets = range(first // SHEET, last // SHEET + 1)
    known = [offset for number in sheets for offset in offsets(hours.zone, number)]
    return ((before, after) for before, after in pairwise(known) if first <= after.begins < last)


def _edges(hours: WorkingHours, on: date) -> Iterator[tuple[str, int]]:
    field = f"hours.{WEEKDAYS[on.weekday()]}"
    for position, interval in enumerate(hours.week[on.weekday()]):
        yield f"{field}[{position}][0]", interval.opens
        yield f"{field}[{position}][1]", interval.closes


def _shared_mornings(hours: WorkingHours, since: date) -> Iterator[HoursWarning]:
    for number, (today, tomorrow) in enumerate(pairwise((*hours.week, hours.week[0]))):
        if today and tomorrow and today[-1].closes - DAY_MINUTES > tomorrow[0].opens:
            field = f"hours.{WEEKDAYS[number]}[{len(today) - 1}][1]"
            on = since + timedelta(days=(number - since.weekday()) % 7)
            next_day = WEEKDAYS[(number + 1) % len(WEEKDAYS)]
            problem = f"runs into the hours of {next_day}; the time they share counts once"
            yield HoursWarning(field=field, on=on, problem=problem)
