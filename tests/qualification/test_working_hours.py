"""When is the three hours over? The worked examples, then two thousand random ones against a minute counter."""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.clock import BadLines, due_lines
from qualification.calendars import SHIPPED_JAPANESE, office_hours
from qualification.due_explained import Waiting, explain
from qualification.hours_warnings import check
from qualification.opening_times import BadHours
from qualification.time_sheet import SHEET, NoWorkingTime, instant
from qualification.working_hours import WorkingHours
from tests.qualification.minute_counter import DAYS, Instants, MinuteCounter, Written, utc

COLLECTED_CASES = Path("../shared/clock")
WORKDAYS = DAYS[:5]
NINE_TO_SIX: Written = {day: [["09:00", "18:00"]] for day in WORKDAYS}
WITH_LUNCH: Written = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in WORKDAYS}
FRIDAY_NIGHT: Written = {"fri": [["22:00", "06:00"]]}
THREE_HOURS = timedelta(hours=3)


def hours_of(hours: object = NINE_TO_SIX, zone: str = "Asia/Tokyo", *holidays: str) -> WorkingHours:
    return WorkingHours.from_policy(hours, zone, list(holidays))


def local(text: str, zone: str = "Asia/Tokyo") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def due_text(hours: WorkingHours, start: datetime, work: timedelta) -> str:
    return hours.add(start, work).astimezone(hours.zone).strftime("%a %Y-%m-%d %H:%M")


@pytest.fixture(scope="module")
def japanese() -> WorkingHours:
    return office_hours(SHIPPED_JAPANESE)


# --- the worked examples of the mission ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qualified_at", "due"),
    [
        pytest.param("2026-11-27T17:10", "Mon 2026-11-30 11:10", id="50 minutes on Friday, 130 on Monday"),
        pytest.param("2026-11-28T16:00", "Mon 2026-11-30 12:00", id="a lead of Saturday starts on Monday at nine"),
        pytest.param("2026-11-30T15:00", "Mon 2026-11-30 18:00", id="due at closing time, not on Tuesday at nine"),
        pytest.param("2026-05-01T17:00", "Thu 2026-05-07 11:00", id="Golden Week with its substitute holiday"),
        pytest.param("2026-12-28T17:00", "Mon 2027-01-04 11:00", id="closed over the turn of the year"),
        pytest.param("2026-09-18T17:00", "Thu 2026-09-24 11:00", id="the citizens' holiday of 22 September 2026"),
    ],
)
def test_a_lead_hears_from_us_within_three_hours_that_people_work(
    japanese: WorkingHours, qualified_at: str, due: str
) -> None:
    assert due_text(japanese, local(qualified_at), THREE_HOURS) == due


@pytest.mark.parametrize(
    ("work", "due"),
    [
        (timedelta(minutes=90), "Mon 2026-11-30 09:40"),
        (timedelta(minutes=150), "Mon 2026-11-30 10:40"),
        (timedelta(minutes=180), "Mon 2026-11-30 11:10"),
        (timedelta(minutes=240), "Mon 2026-11-30 12:10"),
    ],
    ids=["first reminder", "second reminder", "manager", "next level"],
)
def test_reminders_and_escalations_count_working_time_too(japanese: WorkingHours, work: timedelta, due: str) -> None:
    assert due_text(japanese, local("2026-11-27T17:10"), work) == due


def test_a_document_request_is_phoned_by_closing_time_of_the_third_working_day(japanese: WorkingHours) -> None:
    assert japanese.end_of_working_day(local("2026-05-20T10:00"), 3) == local("2026-05-25T18:00")


@pytest.mark.parametrize("requested_at", ["2026-05-01T20:00", "2026-05-02T09:00", "2026-05-06T23:59"])
def test_working_days_skip_the_holidays_between(japanese: WorkingHours, requested_at: str) -> None:
    assert japanese.end_of_working_day(local(requested_at), 1) == local("2026-05-07T18:00")


# --- CLOCK-S1 to S6 -----------------------------------------------------------------------------------------------


def test_a_clock_that_runs_out_at_closing_time_is_due_at_closing_time() -> None:
    nine_to_five = hours_of({day: [["09:00", "17:00"]] for day in WORKDAYS})
    assert due_text(nine_to_five, local("2026-11-16T14:00"), THREE_HOURS) == "Mon 2026-11-16 17:00"


@pytest.mark.parametrize(("minutes", "due"), [(30, "Mon 2026-11-16 12:00"), (60, "Mon 2026-11-16 13:30")])
def test_lunch_does_not_count(minutes: int, due: str) -> None:
    assert due_text(hours_of(WITH_LUNCH), local("2026-11-16T11:30"), timedelta(minutes=minutes)) == due


def test_an_hour_that_does_not_exist_does_not_count() -> None:
    berlin = hours_of("always", "Europe/Berlin")
    half_past_one = local("2026-03-29T01:30", "Europe/Berlin")
    assert due_text(berlin, half_past_one, timedelta(hours=1)) == "Sun 2026-03-29 03:30"


def test_a_repeated_hour_counts_twice() -> None:
    berlin = hours_of("always", "Europe/Berlin")
    summer_time = local("2026-10-25T01:30", "Europe/Berlin")
    assert berlin.add(summer_time, timedelta(hours=2)) == utc(2026, 10, 25, 1, 30)  # 02:30 in winter time


def test_hours_inside_a_repeated_hour_open_twice() -> None:
    berlin = hours_of({"sun": [["02:00", "02:30"]]}, "Europe/Berlin")
    due = berlin.add(local("2026-10-24T12:00", "Europe/Berlin"), timedelta(minutes=45))
    assert due == utc(2026, 10, 25, 1, 15)  # the second 02:15


@pytest.mark.parametrize(
    ("holidays", "work", "due"),
    [
        pytest.param([], timedelta(hours=2), "Fri 2026-11-27 23:00", id="one hour until six, one next Friday"),
        pytest.param(
            ["2026-11-20"], timedelta(hours=1), "Fri 2026-11-27 23:00", id="Friday's holiday closes its night"
        ),
    ],
)
def test_an_overnight_interval_belongs_to_the_day_on_which_it_opens(
    holidays: list[str], work: timedelta, due: str
) -> None:
    night = hours_of(FRIDAY_NIGHT, "Asia/Tokyo", *holidays)
    assert due_text(night, local("2026-11-21T05:00"), work) == due


def test_a_holiday_on_saturday_leaves_fridays_night_alone() -> None:
    night = hours_of(FRIDAY_NIGHT, "Asia/Tokyo", "2026-11-21")
    assert due_text(night, local("2026-11-21T05:00"), timedelta(hours=1)) == "Sat 2026-11-21 06:00"


def test_a_day_may_end_at_twenty_four_hundred() -> None:
    monday = hours_of({"mon": [["00:00", "24:00"]]})
    assert due_text(monday, local("2026-11-16T23:00"), timedelta(hours=1)) == "Tue 2026-11-17 00:00"


def test_holidays_are_dates_of_the_office_and_not_of_utc() -> None:
    tokyo = hours_of("always", "Asia/Tokyo", "2026-11-23")
    assert tokyo.next_opening(utc(2026, 11, 22, 15)) == local("2026-11-24T00:00")


def test_outside_hours_the_clock_starts_at_the_next_opening() -> None:
    assert due_text(hours_of(), local("2026-11-14T16:00"), THREE_HOURS) == "Mon 2026-11-16 12:00"


def test_seconds_are_kept() -> None:
    assert hours_of().add(local("2026-11-16T09:00:20"), THREE_HOURS) == local("2026-11-16T12:00:20")


def test_a_pause_takes_its_working_time_out() -> None:
    pause = (local("2026-11-16T10:00"), local("2026-11-16T10:30"))
    assert hours_of().add(local("2026-11-16T09:00"), timedelta(hours=2), pauses=[pause]) == local("2026-11-16T11:30")


def test_overlapping_and_unsorted_pauses_count_once() -> None:
    ten, half_past, eleven = (local(f"2026-11-16T{at}") for at in ("10:00", "10:30", "11:00"))
    pauses = [(half_past, eleven), (ten, half_past), (ten, eleven), (eleven, ten)]
    start = local("2026-11-16T09:00")
    due = hours_of().add(start, timedelta(hours=2), pauses=pauses)
    assert due == local("2026-11-16T12:00")
    assert hours_of().between(start, due, pauses=pauses) == timedelta(hours=2)


def test_a_clock_opened_in_a_pause_starts_when_the_pause_ends() -> None:
    pause = (local("2026-11-16T10:00"), local("2026-11-16T11:00"))
    assert hours_of().add(local("2026-11-16T10:30"), timedelta(hours=1), pauses=[pause]) == local("2026-11-16T12:00")


@pytest.mark.parametrize(
    ("start", "due"), [("2026-11-16T10:00", "2026-11-16T10:00"), ("2026-11-14T10:00", "2026-11-16T09:00")]
)
def test_no_work_is_due_as_soon_as_the_clock_starts(start: str, due: str) -> None:
    assert hours_of().add(local(start), timedelta()) == local(due)


# --- asking the hours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "is_open", "opening"),
    [
        ("2026-11-16T08:59", False, "2026-11-16T09:00"),
        ("2026-11-16T09:00", True, "2026-11-16T09:00"),
        ("2026-11-16T12:00", False, "2026-11-16T13:00"),
        ("2026-11-20T18:00", False, "2026-11-23T09:00"),
    ],
)
def test_people_are_there_from_opening_until_just_before_closing(at: str, is_open: bool, opening: str) -> None:
    office = hours_of(WITH_LUNCH)
    assert office.is_open(local(at)) is is_open
    assert office.next_opening(local(at)) == local(opening)


def test_nothing_has_been_worked_before_the_clock_started() -> None:
    assert hours_of().between(local("2026-11-16T12:00"), local("2026-11-16T10:00")) == timedelta()


def test_thirty_days_of_work_reach_over_four_months(japanese: WorkingHours) -> None:
    start = local("2026-11-27T17:10")
    due = japanese.add(start, timedelta(days=30))
    assert due == local("2027-03-31T17:10")
    assert japanese.between(start, due) == timedelta(days=30)


def test_due_instants_are_utc() -> None:
    assert hours_of().add(local("2026-11-16T10:00"), THREE_HOURS).tzinfo is UTC


# --- the arithmetic, shown ----------------------------------------------------------------------------------------


def test_the_explanation_shows_the_arithmetic_over_a_weekend(japanese: WorkingHours) -> None:
    explained = explain(japanese, local("2026-11-27T17:10"), THREE_HOURS)
    assert [(f"{part.starts_at:%a %H:%M}", part.counted) for part in explained.counted] == [
        ("Fri 17:10", timedelta(minutes=50)),
        ("Mon 09:00", timedelta(hours=2, minutes=10)),
    ]
    assert f"{explained.due:%a %H:%M}" == "Mon 11:10"
    assert explained.stretches[1].skipped == (Waiting.CLOSED_WEEKDAY,)


def test_the_explanation_names_the_holidays_it_skips(japanese: WorkingHours) -> None:
    _, skipped, _ = explain(japanese, local("2026-05-01T17:00"), THREE_HOURS).stretches
    assert skipped.skipped == (Waiting.HOLIDAY, Waiting.CLOSED_WEEKDAY)
    assert skipped.holidays == (date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6))


@pytest.mark.parametrize(
    ("start", "work", "why"),
    [
        pytest.param("2026-11-16T11:30", timedelta(hours=1), Waiting.BREAK, id="lunch"),
        pytest.param("2026-11-16T17:30", timedelta(hours=1), Waiting.OUTSIDE_HOURS, id="night"),
        pytest.param("2026-11-16T08:00", timedelta(hours=1), Waiting.OUTSIDE_HOURS, id="before opening"),
        pytest.param("2026-11-14T08:00", timedelta(hours=1), Waiting.CLOSED_WEEKDAY, id="Saturday"),
        pytest.param("2026-11-17T10:00", timedelta(hours=1), Waiting.PAUSED, id="paused"),
    ],
)
def test_the_explanation_says_why_the_clock_stood_still(start: str, work: timedelta, why: Waiting) -> None:
    pause = (local("2026-11-17T10:15"), local("2026-11-17T10:45"))
    explained = explain(hours_of(WITH_LUNCH), local(start), work, pauses=[pause])
    assert [part.skipped for part in explained.stretches if part.skipped] == [(why,)]


def test_the_explanation_shows_when_the_clocks_changed() -> None:
    berlin = hours_of("always", "Europe/Berlin")
    (spring,) = explain(berlin, local("2026-03-29T01:30", "Europe/Berlin"), timedelta(hours=1)).stretches
    assert [spring.starts_at.utcoffset(), spring.ends_at.utcoffset()] == [timedelta(hours=1), timedelta(hours=2)]


# --- mistakes are named -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        pytest.param({}, "hours", id="never open"),
        pytest.param({"mon": []}, "hours", id="an empty week"),
        pytest.param("sometimes", "hours", id="not a week"),
        pytest.param({"monday": [["09:00", "18:00"]]}, "hours.monday", id="unknown day"),
        pytest.param({"mon": "09:00-18:00"}, "hours.mon", id="text for intervals"),
        pytest.param({"mon": ["09:00", "18:00"]}, "hours.mon[0]", id="one pair of brackets too few"),
        pytest.param({"mon": [["09:00"]]}, "hours.mon[0]", id="no closing time"),
        pytest.param({"mon": [["9am", "18:00"]]}, "hours.mon[0][0]", id="another notation"),
        pytest.param({"mon": [["09:00", "24:01"]]}, "hours.mon[0][1]", id="after midnight"),
        pytest.param({"mon": [["09:00", "18:60"]]}, "hours.mon[0][1]", id="sixty minutes"),
        pytest.param({"mon": [["24:00", "02:00"]]}, "hours.mon[0][0]", id="opens at the end of the day"),
        pytest.param({"mon": [["09:00", "13:00"], ["12:00", "18:00"]]}, "hours.mon[1]", id="overlap"),
        pytest.param({"mon": [["09:00", 18]]}, "hours.mon[0][1]", id="a number"),
        pytest.param({"mon": [["０９:00", "18:00"]]}, "hours.mon[0][0]", id="full-width digits"),
    ],
)
def test_hours_that_make_no_sense_are_refused_by_field(hours: object, field: str) -> None:
    with pytest.raises(BadHours) as refused:
        hours_of(hours)
    assert refused.value.field == field


@pytest.mark.parametrize("zone", ["Tokyo", "+09:00", "", "America", "../Tokyo", None, 9])
def test_only_iana_zones_are_taken(zone: object) -> None:
    with pytest.raises(BadHours, match=r"^zone: give an IANA time zone"):
        WorkingHours.from_policy(NINE_TO_SIX, zone)


@pytest.mark.parametrize("day", ["23 November", "2026-02-30", datetime(2026, 11, 23, tzinfo=UTC), 20261123])
def test_holidays_are_dates(day: object) -> None:
    with pytest.raises(BadHours) as refused:
        WorkingHours.from_policy(NINE_TO_SIX, "Asia/Tokyo", ["2026-11-03", day])  # type: ignore[arg-type] # wrong on purpose
    assert refused.value.field == "holidays[1]"


def test_a_clock_that_can_hardly_ever_run_is_an_error_and_not_a_loop() -> None:
    five_minutes_a_week = hours_of({"mon": [["09:00", "09:05"]]})
    with pytest.raises(NoWorkingTime, match="hundred years"):
        five_minutes_a_week.add(local("2026-11-16T09:00"), timedelta(days=30))


def test_an_office_closed_on_every_day_it_would_open_is_an_error_and_not_a_loop() -> None:
    class EveryDay(frozenset[date]):
        def __contains__(self, day: object) -> bool:
            return True

    never = WorkingHours(week=hours_of().week, zone=ZoneInfo("Asia/Tokyo"), holidays=EveryDay())
    with pytest.raises(NoWorkingTime):
        never.add(local("2026-11-16T09:00"), timedelta(minutes=1))
    with pytest.raises(NoWorkingTime):
        never.end_of_working_day(local("2026-11-16T09:00"), 1)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        hours_of().add(datetime(2026, 11, 16, 9), THREE_HOURS)  # noqa: DTZ001 - naive on purpose


def test_negative_work_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        hours_of().add(utc(2026, 11, 16), -THREE_HOURS)


def test_an_edge_inside_a_missing_hour_is_worth_a_warning() -> None:
    berlin = hours_of({"sun": [["02:30", "09:00"]], "sat": [["22:00", "02:15"]]}, "Europe/Berlin")
    assert [(warning.field, warning.on) for warning in check(berlin, date(2026, 1, 1))] == [
        ("hours.sat[0][1]", date(2026, 3, 29)),
        ("hours.sun[0][0]", date(2026, 3, 29)),
    ]


@pytest.mark.parametrize(
    "hours", [{"sun": [["02:00", "03:00"]]}, {"sun": [["01:30", "03:30"]]}, {"sat": [["02:30", "09:00"]]}, "always"]
)
def test_hours_around_a_missing_hour_need_no_warning(hours: object) -> None:
    assert check(hours_of(hours, "Europe/Berlin"), date(2026, 1, 1)) == ()


def test_a_night_that_runs_into_the_morning_hours_is_worth_a_warning_and_counts_once() -> None:
    office = hours_of({"sun": [["22:00", "10:00"]], "mon": [["09:00", "18:00"]]})
    (warning,) = check(office, date(2026, 11, 16))
    assert str(warning) == "hours.sun[0][1]: runs into the hours of mon; the time they share counts once"
    assert office.between(local("2026-11-16T08:00"), local("2026-11-16T11:00")) == THREE_HOURS


# --- the command line ---------------------------------------------------------------------------------------------


def question(**changes: object) -> str:
    asked: dict[str, object] = {
        "id": "a",
        "timezone": "Asia/Tokyo",
        "hours": NINE_TO_SIX,
        "holidays": ["2026-11-23"],
        "start": "2026-11-20T17:10:00+09:00",
        "work_minutes": 180,
    }
    return json.dumps({name: value for name, value in (asked | changes).items() if value is not ...}) + "\n"


def answers(text: str) -> list[dict[str, str]]:
    target = io.StringIO()
    due_lines(io.StringIO(text), target)
    return [json.loads(line) for line in target.getvalue().splitlines()]


def test_the_clock_command_answers_with_the_offset_of_the_zone() -> None:
    assert answers(question()) == [{"id": "a", "due": "2026-11-24T11:10:00+09:00"}]


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"hours": "always", "holidays": ...}, "2026-11-20T20:10:00+09:00"),
        ({"hours": {"fri": [["22:00", "24:00"], ["00:00", "01:00"]], "sat": []}}, "2026-11-27T01:00:00+09:00"),
        ({"start": "2026-11-20T08:10:00.5Z", "work_minutes": 0.5}, "2026-11-20T17:10:30.500000+09:00"),
        ({"pauses": [["2026-11-20T17:10:00+09:00", "2026-11-20T18:00:00+09:00"]]}, "2026-11-24T12:00:00+09:00"),
    ],
)
def test_the_clock_command_takes_every_kind_of_hours(changes: dict[str, object], due: str) -> None:
    assert [answer["due"] for answer in answers(question(**changes))] == [due]


def test_the_clock_command_names_line_and_field_and_answers_the_others() -> None:
    lines = [
        question(id="good"),
        "\n",
        "{\n",
        "[1]\n",
        question(start="2026-11-20T17:10:00"),
        question(timezone="JST-9"),
        question(work_minutes="180"),
        question(work_minutes=-1),
        question(work_minutes=10**12),
        question(hours={"mon": [["25:00", "26:00"]]}),
        question(holidays="2026-11-23"),
        question(pauses=[["2026-11-20T17:10:00+09:00"]]),
        question(id=...),
        question(id="also good"),
    ]
    target = io.StringIO()
    with pytest.raises(BadLines) as refused:
        due_lines(io.StringIO("".join(lines)), target)
    assert [(bad.line, bad.field) for bad in refused.value.lines] == [
        (3, "json"),
        (4, "json"),
        (5, "start"),
        (6, "timezone"),
        (7, "work_minutes"),
        (8, "work_minutes"),
        (9, "work_minutes"),
        (10, "hours.mon[0][0]"),
        (11, "holidays"),
        (12, "pauses[0]"),
        (13, "id"),
    ]
    assert [json.loads(line)["id"] for line in target.getvalue().splitlines()] == ["good", "also good"]
    assert "line 5: start: needs an offset" in str(refused.value)


@pytest.mark.parametrize(("file", "count"), [("cases.jsonl", 251), ("pause_cases.jsonl", 6)])
def test_every_collected_deadline_of_other_projects_is_right(file: str, count: int) -> None:
    collected = COLLECTED_CASES / file
    if not collected.exists():
        pytest.skip(f"the collected deadlines are not beside this repository: {collected}")
    text = collected.read_text(encoding="utf-8")
    expected = {case["id"]: case["expected_due"] for case in map(json.loads, text.splitlines())}
    given_due = {answer["id"]: answer["due"] for answer in answers(text)}
    wrong = {
        case: (given_due[case], due)
        for case, due in expected.items()
        if datetime.fromisoformat(given_due[case]) != datetime.fromisoformat(due)
    }
    assert (len(given_due), wrong) == (count, {})


# --- two thousand random deadlines against the minute counter (R1) ------------------------------------------------

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
