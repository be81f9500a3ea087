"""Two thousand random deadlines against a minute counter, on days when the clocks change (R1)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualification.hours.due_explained import explain
from qualification.hours.sheet import SHEET, NoWorkingTime, instant
from qualification.working_hours import WorkingHours
from tests.qualification.minute_counter import DAYS, Instants, MinuteCounter, Written, utc

# Days on which the clocks of the zone change, among them by half an hour, two hours, at midnight, and by a whole day.
CLOCK_CHANGES = {
    "Europe/Berlin": [(2026, 3, 29), (2026, 10, 25)],
    "America/New_York": [(2026, 3, 8), (2026, 11, 1)],
    "America/Santiago": [(2026, 4, 5), (2026, 9, 6)],
    "America/Sao_Paulo": [(2018, 2, 18), (2018, 11, 4)],
    "Australia/Lord_Howe": [(2026, 4, 5), (2026, 10, 4)],
    "Antarctica/Troll": [(2026, 3, 29), (2026, 10, 25)],
    "Europe/Dublin": [(2026, 3, 29), (2026, 10, 25)],
    "Africa/Casablanca": [(2026, 2, 15), (2026, 3, 22)],
    "Pacific/Apia": [(2011, 12, 30), (2021, 4, 4)],
    "Pacific/Kwajalein": [(1993, 8, 21)],
    "Asia/Kathmandu": [(1986, 1, 1), (2026, 6, 1)],
    "Asia/Tokyo": [(2026, 12, 31)],
}
END_OF_A_SHEET = instant(226 * SHEET)  # the other place where the arithmetic has a seam
WINDOW_DAYS = 21
CALENDARS, CLOCKS_EACH = 40, 50

clock_times = st.integers(0, 96).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")


def _no_later_than(opens: str) -> Callable[[str], bool]:
    return lambda closes: closes <= opens


@st.composite
def written_days(draw: st.DrawFn) -> list[list[str]]:
    """Up to three intervals of one day that do not overlap; the last may run overnight."""
    edges = sorted(draw(st.lists(clock_times, max_size=6, unique=True)))
    pairs = [edges[at : at + 2] for at in range(0, len(edges) - 1, 2)]
    overnight = draw(st.booleans())
    if pairs and overnight:
        pairs[-1][1] = draw(clock_times.filter(_no_later_than(pairs[-1][0])))
    return [pair for pair in pairs if pair[0] != "24:00"]


def _opens_at_all(week: Written) -> bool:
    return any(week.values())


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Written, str, set[date], datetime]:
    zone = draw(st.sampled_from(sorted(CLOCK_CHANGES)))
    change = draw(st.sampled_from([*(utc(*day) for day in CLOCK_CHANGES[zone]), END_OF_A_SHEET]))
    week = draw(st.fixed_dictionaries({name: written_days() for name in DAYS}).filter(_opens_at_all))
    closed = draw(st.sets(st.integers(-8, 12).map(lambda days: (change + timedelta(days=days)).date()), max_size=4))
    return week, zone, closed, change - timedelta(days=5)


# Starts lie in the first eight days of the window, around the change.
minutes_in = st.integers(0, 8 * 1440).map(lambda minute: timedelta(minutes=minute))
pause_edges = st.lists(st.tuples(minutes_in, st.integers(0, 600)), max_size=2)
clocks = st.tuples(minutes_in, st.one_of(st.integers(1, 2_400), st.integers(1, 240)), pause_edges)


@settings(max_examples=CALENDARS, deadline=None, suppress_health_check=list(HealthCheck))
@given(calendar=calendars(), questions=st.lists(clocks, min_size=CLOCKS_EACH, max_size=CLOCKS_EACH))
def test_a_minute_counter_agrees_on_two_thousand_random_deadlines(
    calendar: tuple[Written, str, set[date], datetime],
    questions: list[tuple[timedelta, int, list[tuple[timedelta, int]]]],
) -> None:
    week, zone, holidays, first = calendar
    hours = WorkingHours.from_policy(week, zone, holidays)
    counter = MinuteCounter.walk(week, ZoneInfo(zone), holidays, first, WINDOW_DAYS)
    for after, minutes, paused in questions:
        start, work = first + after, timedelta(minutes=minutes)
        pauses: Instants = [(first + at, first + at + timedelta(minutes=length)) for at, length in paused]
        due = hours.add(start, work, pauses=pauses)
        counted = counter.due(start, minutes, pauses)
        if counted is None:
            assert due > first + timedelta(days=WINDOW_DAYS)
            continue
        assert due == counted
        assert hours.between(start, due, pauses=pauses) == work
        later = start + 2 * work
        assert hours.between(start, later, pauses=pauses) == counter.between(start, later, pauses)
        explained = explain(hours, start, work, pauses=pauses)
        assert sum((part.counted for part in explained.counted), timedelta()) == work


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(calendar=calendars(), after=minutes_in, days=st.integers(1, 6))
def test_a_minute_counter_agrees_on_the_end_of_working_days(
    calendar: tuple[Written, str, set[date], datetime], after: timedelta, days: int
) -> None:
    week, zone, holidays, first = calendar
    counter = MinuteCounter.walk(week, ZoneInfo(zone), holidays, first, WINDOW_DAYS)
    closing = counter.closing(first + after, ZoneInfo(zone), days)
    if closing is not None:
        hours = WorkingHours.from_policy(week, zone, holidays)
        assert hours.end_of_working_day(first + after, days) == closing


@settings(max_examples=60, deadline=None)
@given(
    calendar=calendars(),
    start=st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    works=st.tuples(*[st.timedeltas(timedelta(), timedelta(days=200))] * 2),
)
def test_one_step_of_work_and_two_steps_end_at_the_same_instant(
    calendar: tuple[Written, str, set[date], datetime], start: datetime, works: tuple[timedelta, timedelta]
) -> None:
    week, zone, holidays, _ = calendar
    hours = WorkingHours.from_policy(week, zone, holidays)
    first, second = works
    try:
        due = hours.add(start, first + second)
    except NoWorkingTime:  # a week of a quarter of an hour
        return
    assert hours.between(start, due) == first + second
    assert hours.add(hours.add(start, first), second) == due or second == timedelta()
