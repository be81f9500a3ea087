"""The days on which a firm is closed, and the office hours a policy file describes.

    [hours]
    zone = "Asia/Tokyo"
    lunch = { from = "12:00", to = "13:00", on = false }
    mon = [["09:00", "18:00"]]            # and so on; or: always = true

    [closed]
    country = "JP"                        # national holidays, with substitutes and citizens' holidays
    dates = ["2026-06-01"]                # the firm's own
    open_anyway = ["2026-05-04"]          # closed by the lines above, but people work
    yearly = [
        { name = "year_end", from = "12-29", to = "01-03", on = true },
        { name = "obon", from = "08-13", to = "08-15", on = false },
    ]

D10: Japanese offices work Monday to Friday 09:00-18:00; year-end is closed, lunch and Obon are switches, off.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from qualification.hours.opening_times import (
    ALWAYS,
    DAY_MINUTES,
    WEEKDAYS,
    BadHours,
    Interval,
    Week,
    read_date,
    read_interval,
    read_week,
    read_zone,
)
from qualification.working_hours import WorkingHours

if TYPE_CHECKING:
    from holidays import HolidayBase

SHIPPED_JAPANESE: Mapping[str, Mapping[str, object]] = {
    "hours": {
        "zone": "Asia/Tokyo",
        "lunch": {"from": "12:00", "to": "13:00", "on": False},
        **{day: [["09:00", "18:00"]] for day in WEEKDAYS[:5]},
    },
    "closed": {
        "country": "JP",
        "yearly": [
            {"name": "year_end", "from": "12-29", "to": "01-03", "on": True},
            {"name": "obon", "from": "08-13", "to": "08-15", "on": False},
        ],
    },
}

HOURS_KEYS = ("zone", "always", "lunch", *WEEKDAYS)
LUNCH_KEYS = ("from", "to", "on")
CLOSED_KEYS = ("country", "region", "dates", "open_anyway", "yearly")
YEARLY_KEYS = ("name", "from", "to", "on")
LEAP_YEAR = 2024  # so that 29 February may begin or end a yearly range
MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")


class Closing(StrEnum):
    """Why a day is closed."""

    NATIONAL = "national"
    OWN = "own"
    YEARLY = "yearly"


@dataclass(frozen=True, kw_only=True)
class YearlyRange:
    """Days closed every year, both ends included, as (month, day); a range may run over New Year."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]

    def __contains__(self, day: date) -> bool:
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


@dataclass(frozen=True, kw_only=True)
class ClosedDays:
    """Answers `day in closed_days` for any year: national holidays, the firm's own dates, yearly ranges.

    National holidays are worked out a year at a time, when first asked for. For years the law does not cover (Japan:
    before 1949, after 2099) only the firm's own days are known.
    """

    country: str | None = None
    region: str | None = None
    dates: frozenset[date] = frozenset()
    open_anyway: frozenset[date] = frozenset()
    yearly: tuple[YearlyRange, ...] = ()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.closing(day) is not None

    def closing(self, day: date) -> Closing | None:
        """Why this local date is closed, or None when it is not; the national holiday comes first."""
        if day in self.open_anyway:
            return None
        if self.country and day in _national(self.country, self.region, day.year):
            return Closing.NATIONAL
        if day in self.dates:
            return Closing.OWN
        return Closing.YEARLY if self.range_of(day) else None

    def range_of(self, day: date) -> YearlyRange | None:
        """The yearly range the day falls in, such as "obon"."""
        return next((days for days in self.yearly if day in days), None)


def office_hours(policy: Mapping[str, object]) -> WorkingHours:
    """The working hours of a policy with the tables [hours] and, where days are closed, [closed].

    Raises BadHours naming the key that is wrong or unknown, such as "closed.yearly[1].from".
    """
    closed = read_closed_days(policy.get("closed", {}))
    return read_hours(policy.get("hours"), closed)


def read_hours(table: object, closed: ClosedDays) -> WorkingHours:
    """Read the [hours] table: a zone, a week or `always = true`, and the lunch switch. Raises BadHours."""
    hours = _table(table, "hours", HOURS_KEYS)
    zone = read_zone(hours.get("zone"), "hours.zone")
    days = {day: hours[day] for day in WEEKDAYS if day in hours}
    if _switch(hours, "always", "hours", default=False):
        if days:
            raise BadHours(f"hours.{next(iter(days))}", "cannot stand beside always = true; remove one of them")
        week = ALWAYS
    else:
        week = read_week(days)
    return WorkingHours(week=_without_lunch(week, hours.get("lunch")), zone=zone, holidays=closed)


def read_closed_days(table: object) -> ClosedDays:
    """Read the [closed] table; everything in it is optional. Raises BadHours."""
    closed = _table(table, "closed", CLOSED_KEYS)
    country, region = _read_country(closed)
    return ClosedDays(
        country=country,
        region=region,
        dates=_read_dates(closed, "dates"),
        open_anyway=_read_dates(closed, "open_anyway"),
        yearly=_read_yearly(closed.get("yearly", ())),
    )


def _read_country(closed: Mapping[str, object]) -> tuple[str | None, str | None]:
    country, region = _text(closed, "country"), _text(closed, "region")
    if country is None:
        if region is not None:
            raise BadHours("closed.region", "needs a country beside it")
        return None, None
    _must_be_known(country, None, "closed.country", 'give a country code such as "JP"')
    if region is not None:
        _must_be_known(country, region, "closed.region", f"give a region of {country} in ISO 3166-2")
    return country, region


def _must_be_known(country: str, region: str | None, field: str, advice: str) -> None:
    try:
        _national(country, region, LEAP_YEAR)
    except NotImplementedError:
        raise BadHours(field, f"{advice}, not {region or country!r}") from None


def _text(closed: Mapping[str, object], key: str) -> str | None:
    value = closed.get(key)
    if value is None or (isinstance(value, str) and value):
        return value
    raise BadHours(f"closed.{key}", f"give a code in quotes, or leave the line out, not {value!r}")


def _read_dates(closed: Mapping[str, object], key: str) -> frozenset[date]:
    days = _list(closed.get(key, ()), f"closed.{key}", 'give a list of dates such as ["2026-06-01"]')
    return frozenset(read_date(day, f"closed.{key}[{position}]") for position, day in enumerate(days))


def _read_yearly(ranges: object) -> tuple[YearlyRange, ...]:
    tables = _list(ranges, "closed.yearly", "give a list of ranges")
    read = [_read_range(table, f"closed.yearly[{position}]") for position, table in enumerate(tables)]
    return tuple(days for days in read if days is not None)


def _read_range(table: object, field: str) -> YearlyRange | None:
    """A yearly range, or None when it is switched off; a range that is off is checked all the same."""
    written = _table(table, field, YEARLY_KEYS)
    name = written.get("name")
    if not isinstance(name, str) or not name:
        raise BadHours(f"{field}.name", f'give the range a name such as "obon", not {name!r}')
    first, last = (_month_day(written.get(key), f"{field}.{key}") for key in ("from", "to"))
    days = YearlyRange(name=name, first=first, last=last)
    return days if _switch(written, "on", field, default=True) else None


def _month_day(text: object, field: str) -> tuple[int, int]:
    written = MONTH_DAY.fullmatch(text) if isinstance(text, str) else None
    with suppress(ValueError):
        if written:
            day = date(LEAP_YEAR, int(written[1]), int(written[2]))
            return day.month, day.day
    raise BadHours(field, f'give a month and a day such as "12-29", not {text!r}')


def _without_lunch(week: Week, lunch: object) -> Week:
    if lunch is None:
        return week
    written = _table(lunch, "hours.lunch", LUNCH_KEYS)
    noon = read_interval([written.get("from"), written.get("to")], "hours.lunch")
    if noon.closes > DAY_MINUTES:
        raise BadHours("hours.lunch.to", "lunch has to end after it begins, on the same day")
    if not _switch(written, "on", "hours.lunch", default=True):
        return week
    for lunch_time in (noon, Interval(noon.opens + DAY_MINUTES, noon.closes + DAY_MINUTES)):
        week = tuple(tuple(part for interval in day for part in _cut(interval, lunch_time)) for day in week)
    return week


def _cut(interval: Interval, noon: Interval) -> list[Interval]:
    before = Interval(interval.opens, min(interval.closes, noon.opens))
    after = Interval(max(interval.opens, noon.closes), interval.closes)
    return [part for part in (before, after) if part.opens < part.closes]


def _table(table: object, field: str, known: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(table, Mapping):
        raise BadHours(field, f"give a table with the keys {', '.join(known)}")
    unknown = [key for key in table if key not in known]
    if unknown:
        raise BadHours(f"{field}.{unknown[0]}", f"no such key; the keys are {', '.join(known)}")
    return table


def _list(value: object, field: str, advice: str) -> Sequence[object]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    raise BadHours(field, f"{advice}, not {value!r}")


def _switch(table: Mapping[str, object], key: str, field: str, *, default: bool) -> bool:
    value = table.get(key, default)
    if isinstance(value, bool):
        return value
    raise BadHours(f"{field}.{key}", f"is a switch: true or false, not {value!r}")


def _national(country: str, region: str | None, year: int) -> frozenset[date]:
    days = known_holidays.get((country, region, year))
    if days is None:
        days = known_holidays[country, region, year] = frozenset(_holidays_of(country, region, year))
    return days


known_holidays: dict[tuple[str, str | None, int], frozenset[date]] = {}
"""National holidays of a country or region by the year, as far as they were asked for; who has them from elsewhere
may put them here, and saves this process the library."""


def _holidays_of(country: str, region: str | None, year: int) -> "HolidayBase":
    found: HolidayBase = _library().country_holidays(country, subdiv=region, years=year, expand=False)
    return found


@cache
def _library() -> ModuleType:
    """The library of holidays, loaded where it is used, for many commands never ask.

    It keeps each country in a module of its own, but would load all 250 with the first: a tenth of a second and 8 MB.
    So their package stands there before they come, with their place and nothing else.
    """
    import holidays

    countries = ModuleType(f"{holidays.__name__}.countries")
    countries.__path__ = [str(Path(place, "countries")) for place in holidays.__path__]
    sys.modules.setdefault(countries.__name__, countries)
    return holidays
