"""Which days a firm is closed, and what it is told when its calendar file has a mistake."""

import tomllib
from datetime import date
from itertools import pairwise

import pytest

from qualification.hours import calendars
from qualification.hours.calendars import (
    SHIPPED_JAPANESE,
    ClosedDays,
    Closing,
    YearlyRange,
    office_hours,
    read_closed_days,
)
from qualification.hours.opening_times import BadHours, Interval

JAPAN = ClosedDays(country="JP")
HOLIDAYS_2026 = """
    2026-01-01 2026-01-12 2026-02-11 2026-02-23 2026-03-20 2026-04-29 2026-05-03 2026-05-04 2026-05-05 2026-05-06
    2026-07-20 2026-08-11 2026-09-21 2026-09-22 2026-09-23 2026-10-12 2026-11-03 2026-11-23
"""


def closed_in(year: int, closed: ClosedDays) -> list[date]:
    days = (
        date.fromordinal(number) for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    )
    return [day for day in days if day in closed]


def shipped(**changes: object) -> ClosedDays:
    return read_closed_days({**SHIPPED_JAPANESE["closed"], **changes})


def test_japan_closes_on_its_national_holidays() -> None:
    assert closed_in(2026, JAPAN) == [date.fromisoformat(day) for day in HOLIDAYS_2026.split()]


@pytest.mark.parametrize(
    ("day", "closing"),
    [
        pytest.param("2026-05-06", Closing.NATIONAL, id="3 May is a Sunday and moves behind the holidays that follow"),
        pytest.param("2026-09-22", Closing.NATIONAL, id="between two holidays"),
        pytest.param("2019-05-01", Closing.NATIONAL, id="once in the history"),
        pytest.param("2019-04-30", Closing.NATIONAL, id="the day before it"),
        pytest.param("2020-07-24", Closing.NATIONAL, id="moved for the games"),
        pytest.param("2033-09-22", None, id="no citizens' holiday before an equinox on Friday the 23rd"),
    ],
)
def test_substitutes_and_citizens_holidays_are_known(day: str, closing: Closing | None) -> None:
    assert JAPAN.closing(date.fromisoformat(day)) is closing


@pytest.mark.parametrize("year", [1975, 2019, 2026, 2050, 2099])
def test_every_year_is_known_when_it_is_asked_for(year: int) -> None:
    assert date(year, 1, 1) in JAPAN
    assert 12 <= len(closed_in(year, JAPAN)) <= 22


def test_the_shipped_calendar_is_closed_over_the_turn_of_the_year() -> None:
    closed = shipped()
    turn = [date(2026, 12, day) for day in (28, 29, 30, 31)] + [date(2027, 1, day) for day in (1, 2, 3, 4)]
    assert [day in closed for day in turn] == [False, True, True, True, True, True, True, False]
    assert closed.closing(date(2026, 12, 30)) is Closing.YEARLY
    assert closed.closing(date(2027, 1, 1)) is Closing.NATIONAL


def test_obon_is_a_switch_that_is_shipped_off() -> None:
    obon = {"name": "obon", "from": "08-13", "to": "08-15", "on": True}
    assert date(2026, 8, 14) not in shipped()
    assert closed_in(2026, read_closed_days({"yearly": [obon]})) == [date(2026, 8, day) for day in (13, 14, 15)]


def test_a_yearly_range_may_end_on_29_february() -> None:
    winter = YearlyRange(name="winter", first=(2, 27), last=(2, 29))
    assert [len(closed_in(year, ClosedDays(yearly=(winter,)))) for year in (2026, 2028)] == [2, 3]


def test_the_firm_has_its_own_days_and_works_on_some_holidays() -> None:
    closed = shipped(dates=["2026-06-01"], open_anyway=[date(2026, 5, 4)])
    assert closed.closing(date(2026, 6, 1)) is Closing.OWN
    assert date(2026, 5, 4) not in closed
    assert date(2026, 5, 5) in closed


def test_lunch_is_a_switch_that_is_shipped_off() -> None:
    lunch = {"from": "12:00", "to": "13:00", "on": True}
    with_lunch = office_hours({**SHIPPED_JAPANESE, "hours": {**SHIPPED_JAPANESE["hours"], "lunch": lunch}})
    assert office_hours(SHIPPED_JAPANESE).week[0] == (Interval(9 * 60, 18 * 60),)
    assert with_lunch.week[0] == (Interval(9 * 60, 12 * 60), Interval(13 * 60, 18 * 60))
    assert with_lunch.week[6] == ()


def test_lunch_leaves_other_hours_alone_and_also_cuts_a_long_night() -> None:
    policy = {
        "zone": "Asia/Tokyo",
        "lunch": {"from": "12:00", "to": "13:00"},
        "mon": [["09:00", "12:00"], ["12:30", "14:00"]],
        "tue": [["22:00", "14:00"]],
    }
    monday, tuesday, *_ = office_hours({"hours": policy}).week
    assert [(part.opens / 60, part.closes / 60) for part in monday] == [(9, 12), (13, 14)]
    assert [(part.opens / 60, part.closes / 60) for part in tuesday] == [(22, 36), (37, 38)]


def test_the_example_at_the_top_of_the_module_is_the_shipped_calendar_and_can_be_read() -> None:
    example = str(calendars.__doc__).split("\n\n", 1)[1].split("\n\nD10")[0]
    policy = tomllib.loads(example.replace("# and so on; or: always = true", ""))
    read = office_hours(policy).holidays
    assert isinstance(read, ClosedDays)
    assert (read.country, [days.name for days in read.yearly]) == ("JP", ["year_end"])
    assert shipped().yearly == read.yearly


def test_elapsed_time_may_stand_for_working_time() -> None:
    always = office_hours({"hours": {"zone": "Europe/Berlin", "always": True}})
    assert all(day == (Interval(0, 1440),) for day in always.week)


@pytest.mark.parametrize(("country", "region", "day"), [("DE", "BY", date(2026, 1, 6)), ("US", None, date(2026, 7, 3))])
def test_other_countries_and_regions_can_be_named(country: str, region: str | None, day: date) -> None:
    table = {"country": country} | ({"region": region} if region else {})
    assert day in read_closed_days(table)


@pytest.mark.parametrize(
    ("hours", "closed", "field"),
    [
        ({}, {"contry": "JP"}, "closed.contry"),
        ({}, {"country": "Nippon"}, "closed.country"),
        ({}, {"country": ""}, "closed.country"),
        ({}, {"region": "BY"}, "closed.region"),
        ({}, {"country": "DE", "region": "XX"}, "closed.region"),
        ({}, {"dates": "2026-06-01"}, "closed.dates"),
        ({}, {"dates": ["2026-06-31"]}, "closed.dates[0]"),
        ({}, {"open_anyway": [1]}, "closed.open_anyway[0]"),
        ({}, {"yearly": {"name": "obon"}}, "closed.yearly"),
        ({}, {"yearly": [{"from": "08-13", "to": "08-15"}]}, "closed.yearly[0].name"),
        ({}, {"yearly": [{"name": "obon", "from": "8/13", "to": "08-15"}]}, "closed.yearly[0].from"),
        ({}, {"yearly": [{"name": "obon", "from": "08-13", "to": "08-32"}]}, "closed.yearly[0].to"),
        ({}, {"yearly": [{"name": "obon", "from": "08-13", "to": "08-15", "on": "no"}]}, "closed.yearly[0].on"),
        ({}, {"yearly": [{"name": "obon", "until": "08-15"}]}, "closed.yearly[0].until"),
        ({"zone": "Tokyo"}, {}, "hours.zone"),
        ({"monday": []}, {}, "hours.monday"),
        ({"mon": [["09:00", "25:00"]]}, {}, "hours.mon[0][1]"),
        ({"always": "yes"}, {}, "hours.always"),
        ({"always": True}, {}, "hours.mon"),
        ({"mon": []}, {}, "hours"),
        ({"lunch": True}, {}, "hours.lunch"),
        ({"lunch": {"from": "12:00"}}, {}, "hours.lunch[1]"),
        ({"lunch": {"from": "13:00", "to": "12:00", "on": False}}, {}, "hours.lunch.to"),
        ({"lunch": {"from": "00:00", "to": "24:00"}}, {}, "hours"),
    ],
)
def test_a_mistake_in_the_calendar_is_named_by_its_key(
    hours: dict[str, object], closed: dict[str, object], field: str
) -> None:
    office: dict[str, object] = {"zone": "Asia/Tokyo", "mon": [["09:00", "18:00"]]}
    with pytest.raises(BadHours) as refused:
        office_hours({"hours": office | hours, "closed": closed})
    assert refused.value.field == field


def test_a_policy_without_hours_is_refused() -> None:
    with pytest.raises(BadHours, match=r"^hours: give a table"):
        office_hours({})


def test_weekends_and_the_turn_of_the_year_leave_enough_working_days() -> None:
    hours = office_hours(SHIPPED_JAPANESE)
    open_days = [day for day in closed_in(2026, _Open()) if hours.week[day.weekday()] and day not in hours.holidays]
    assert len(open_days) == 240
    assert max((after - before).days for before, after in pairwise(open_days)) == 6


class _Open(ClosedDays):
    def __contains__(self, day: object) -> bool:
        return True
