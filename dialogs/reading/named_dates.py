"""Dates that have a name: year end, 年度初め, the new year, ゴールデンウィーク, 連休, Easter, Thanksgiving."""

from collections.abc import Callable
from datetime import date, timedelta

from dialogs.reading import calendar
from dialogs.reading.calendar import Grain, Span
from qualification.hours.calendars import ClosedDays


def named_date(name: str, number: int | None, today: date) -> Span | None:
    """What a name of lexicons/calendar.toml means; `number` is the year or fiscal year said beside it, if any."""
    fiscal = number if number is not None else calendar.fiscal_year_of(today)
    if name in ("fiscal_year_end", "in_the_fiscal_year"):
        span = calendar.fiscal_year(fiscal)
        return span if name.startswith("in") else calendar.day(span.end)
    if name == "fiscal_year_start":
        start = calendar.fiscal_year(fiscal if number is not None else fiscal + 1)
        return start.first_month
    if name in ("year_end", "in_the_year"):
        span = calendar.year(number or today.year)
        return span if name.startswith("in") else calendar.day(span.end)
    if name == "new_year":
        return calendar.month(number or today.year + 1, 1)
    if name == "new_school_year":
        return calendar.coming(today, lambda of: calendar.month(of, SEPTEMBER))
    if name in _SCHOOL_TERMS:
        first, count = _SCHOOL_TERMS[name]
        return _in(number, today, lambda year: calendar.months(year, first, count, Grain.SEASON))
    if name == "back_end_of_the_year":
        return calendar.quarter(today.year, 4, fiscal=False)
    if name == "half_term":
        every = (_holiday(of, number, today) for of in _HALF_TERMS)
        return min((each for each in every if each), key=lambda each: each.end)
    if name == "mid_year":
        return (
            calendar.months(number, 6, 2, Grain.SEASON)
            if number
            else calendar.coming(today, lambda of: calendar.months(of, 6, 2, Grain.SEASON))
        )
    if name in ("month_end", "in_the_month"):
        span = calendar.month(today.year, today.month)
        return span if name.startswith("in") else calendar.day(span.end)
    if name == "month_start":
        month = calendar.month(today.year, today.month + (today.day > 10))
        return calendar.part_of(month, "start")
    if name in ("quarter_end", "in_the_quarter"):
        span = calendar.quarter(today.year, (today.month - 1) // 3 + 1, fiscal=False)
        return span if name.startswith("in") else calendar.day(span.end)
    if name == "half_year_end":
        return calendar.day(calendar.coming(today, lambda of: calendar.half(of, 1, fiscal=True)).end)
    if name == "week_end":
        return calendar.day(calendar.week(today).end)
    if name == "weekend":
        end = calendar.week(today).end
        return Span(start=end - timedelta(days=1), end=end, grain=Grain.WEEK)
    if name == "week_start":
        return calendar.day(calendar.week(today).start + timedelta(days=7))
    return _holiday(name, number, today)


_SCHOOL_TERMS = {"first_term": (4, 4), "second_term": (9, 4), "third_term": (1, 3)}
"""The first month of a term of Japanese schools, and how many it lasts: 二学期."""
SEPTEMBER = 9
"""The month in which schools of the northern half of the world begin their year."""
_HALF_TERMS = ("spring_half_term", "summer_half_term", "autumn_half_term")
_ON_DAYS = {
    "turn_of_years": ((12, 29), (1, 3)),
    "winter_holidays": ((12, 25), (1, 7)),
    "spring_holidays": ((3, 25), (4, 7)),
    "rainy_season": ((6, 1), (7, 20)),
    "silver_week": ((9, 19), (9, 23)),
    "golden_week": ((4, 29), (5, 5)),
    "obon": ((8, 13), (8, 16)),
    "summer_holidays": ((7, 20), (8, 31)),
    "christmas": ((12, 25), (12, 25)),
    "christmas_eve": ((12, 24), (12, 24)),
    "new_years_day": ((1, 1), (1, 1)),
    "new_years_eve": ((12, 31), (12, 31)),
    "halloween": ((10, 31), (10, 31)),
    "valentines_day": ((2, 14), (2, 14)),
    "st_patricks_day": ((3, 17), (3, 17)),
    "independence_day": ((7, 4), (7, 4)),
    "juneteenth": ((6, 19), (6, 19)),
    "may_day": ((5, 1), (5, 1)),
    "veterans_day": ((11, 11), (11, 11)),
    "boxing_day": ((12, 26), (12, 26)),
    "setsubun": ((2, 3), (2, 3)),
    "dolls_festival": ((3, 3), (3, 3)),
    "after_tax_returns": ((3, 16), (3, 31)),
    "childrens_day": ((5, 5), (5, 5)),
    "star_festival": ((7, 7), (7, 7)),
    "culture_day": ((11, 3), (11, 3)),
    "shichigosan": ((11, 15), (11, 15)),
    "labour_thanksgiving": ((11, 23), (11, 23)),
    "last_day_at_work": ((12, 28), (12, 28)),
    "first_day_at_work": ((1, 4), (1, 4)),
    "spring_half_term": ((2, 11), (2, 20)),
    "summer_half_term": ((5, 21), (5, 31)),
    "autumn_half_term": ((10, 21), (10, 31)),
}
"""First and last day, as month and day; the last may be in the year behind."""

MONDAY, THURSDAY, FRIDAY, SUNDAY = 0, 3, 4, 6
_ON_WEEKDAYS = {
    "thanksgiving": (11, THURSDAY, 4, 0),
    "black_friday": (11, THURSDAY, 4, 1),
    "cyber_monday": (11, THURSDAY, 4, 4),
    "labor_day": (9, MONDAY, 1, 0),
    "memorial_day": (5, MONDAY, -1, 0),
    "presidents_day": (2, MONDAY, 3, 0),
    "martin_luther_king_day": (1, MONDAY, 3, 0),
    "columbus_day": (10, MONDAY, 2, 0),
    "coming_of_age_day": (1, MONDAY, 2, 0),
    "marine_day": (7, MONDAY, 3, 0),
    "respect_for_the_aged_day": (9, MONDAY, 3, 0),
    "sports_day": (10, MONDAY, 2, 0),
    "mothers_day": (5, SUNDAY, 2, 0),
    "fathers_day": (6, SUNDAY, 3, 0),
}
"""Month, weekday, which one of the month (-1 is the last), and how many days later."""

_FROM_EASTER = {"good_friday": -2, "easter": 0, "easter_monday": 1, "whitsun": 49}

_BY_THE_MOON = {
    "lunar_new_year": ((2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 3), (2031, 1, 23)),
    "diwali": ((2026, 11, 8), (2027, 10, 29), (2028, 10, 17), (2029, 11, 5), (2030, 10, 26), (2031, 11, 14)),
    "eid": ((2026, 3, 20), (2027, 3, 10), (2028, 2, 27), (2029, 2, 15), (2030, 2, 5), (2031, 1, 25)),
}
"""The days of the next years; Eid al-Fitr may fall a day later where the moon is looked for."""
RAMADAN = 30

HOLIDAYS = frozenset({*_ON_DAYS, *_ON_WEEKDAYS, *_FROM_EASTER, *_BY_THE_MOON, "ramadan", "days_off"})


def _holiday(name: str, number: int | None, today: date) -> Span | None:
    if name == "days_off":
        return _days_off(today)
    if name in _ON_WEEKDAYS:
        month, weekday, which, later = _ON_WEEKDAYS[name]
        return _in(number, today, lambda year: calendar.day(_weekday(year, month, weekday, which) + timedelta(later)))
    if name in _FROM_EASTER:
        return _in(number, today, lambda year: calendar.day(_easter(year) + timedelta(_FROM_EASTER[name])))
    if name in _BY_THE_MOON or name == "ramadan":
        return _by_the_moon(name, number, today)
    if name not in _ON_DAYS:
        return None
    (first_month, first), (last_month, last) = _ON_DAYS[name]

    def of(year: int) -> Span:
        ends_in = year + (last_month < first_month)
        return Span(start=date(year, first_month, first), end=date(ends_in, last_month, last), grain=Grain.DAY)

    return _in(number, today, of)


def _by_the_moon(name: str, number: int | None, today: date) -> Span | None:
    """The feast of that year, else the next; None for years beyond the table. Ramadan is the month before Eid."""
    feasts = (date(*day) for day in _BY_THE_MOON["eid" if name == "ramadan" else name])
    first = next((day for day in feasts if (day.year == number if number else day >= today)), None)
    if first is None or name != "ramadan":
        return calendar.day(first) if first else None
    return Span(start=first - timedelta(RAMADAN), end=first - timedelta(1), grain=Grain.DAY)


def _in(number: int | None, today: date, build: Callable[[int], Span]) -> Span:
    """The one of that year, else the next."""
    return build(number) if number else calendar.coming(today, build)


def _weekday(year: int, month: int, weekday: int, which: int) -> date:
    span = calendar.month(year, month)
    if which < 0:
        return span.end - timedelta((span.end.weekday() - weekday) % 7)
    return span.start + timedelta((weekday - span.start.weekday()) % 7, weeks=which - 1)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar: the Sunday behind the full moon of spring, counted as churches do."""
    century = year // 100
    skipped, moon = century - century // 4, (century - (century - 17) // 25) // 3
    age = (skipped - moon + 19 * (year % 19) + 15) % 30
    age -= age // 28 * (1 - 29 // (age + 1) * ((21 - year % 19) // 11))
    weekday = (year + year // 4 + age + 2 - skipped) % 7
    behind = age - weekday + 28
    return date(year, 3, 1) + timedelta(behind - 1)


LONG_WEEKEND = 3
_JAPAN = ClosedDays(country="JP")


def _days_off(today: date) -> Span:
    """連休: the next three days or more in a row that are Saturdays, Sundays or national holidays of Japan."""
    first = today
    while True:
        while not _is_off(first):
            first += timedelta(1)
        while _is_off(first - timedelta(1)):
            first -= timedelta(1)
        last = first
        while _is_off(last + timedelta(1)):
            last += timedelta(1)
        if (last - first).days + 1 >= LONG_WEEKEND:
            return Span(start=first, end=last, grain=Grain.DAY)
        first = last + timedelta(1)


def _is_off(day: date) -> bool:
    return day.weekday() > FRIDAY or day in _JAPAN
