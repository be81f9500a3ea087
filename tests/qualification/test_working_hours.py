"""When is the three hours over? The worked examples, and what stops the clock: nights, weekends, holidays, pauses."""

from datetime import UTC, date, timedelta

import pytest

from qualification.hours.calendars import SHIPPED_JAPANESE, office_hours
from qualification.hours.due_explained import Waiting, explain
from qualification.working_hours import WorkingHours
from tests.qualification.minute_counter import utc
from tests.qualification.office_hours import FRIDAY_NIGHT, THREE_HOURS, WITH_LUNCH, WORKDAYS, due_text, hours_of, local


@pytest.fixture(scope="module")
def japanese() -> WorkingHours:
    return office_hours(SHIPPED_JAPANESE)


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
    """M91."""
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
