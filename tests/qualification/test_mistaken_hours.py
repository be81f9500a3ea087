"""Hours that make no sense are refused by field, and those that count oddly are worth a warning."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qualification.hours.opening_times import BadHours
from qualification.hours.sheet import NoWorkingTime
from qualification.policies.hours import check
from qualification.working_hours import WorkingHours
from tests.qualification.minute_counter import utc
from tests.qualification.office_hours import NINE_TO_SIX, THREE_HOURS, hours_of, local


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
