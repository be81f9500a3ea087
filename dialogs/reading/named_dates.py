"""Dates that have a name: year end, 年度初め, the new year, ゴールデンウィーク."""

from collections.abc import Callable
from datetime import date, timedelta

from dialogs.reading import calendar
from dialogs.reading.calendar import Grain, Span


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
    if name == "quarter_end":
        return calendar.day(calendar.quarter(today.year, (today.month - 1) // 3 + 1, fiscal=False).end)
    if name == "half_year_end":
        return calendar.day(calendar.coming(today, lambda of: calendar.half(of, 1, fiscal=True)).end)
    if name == "week_end":
        return calendar.day(calendar.week(today).end)
    if name == "week_start":
        return calendar.day(calendar.week(today).start + timedelta(days=7))
    return _holiday(name, number, today)


_HOLIDAYS = {
    "turn_of_years": ((12, 29), (12, 31)),
    "golden_week": ((4, 29), (5, 5)),
    "obon": ((8, 13), (8, 16)),
    "summer_holidays": ((7, 20), (8, 31)),
    "christmas": ((12, 25), (12, 25)),
    "new_years_day": ((1, 1), (1, 1)),
    "new_years_eve": ((12, 31), (12, 31)),
}


def _holiday(name: str, number: int | None, today: date) -> Span | None:
    if name == "thanksgiving":  # the fourth Thursday of November
        return _in(
            number, today, lambda year: calendar.day(date(year, 11, 28 - (date(year, 11, 28).weekday() - 3) % 7))
        )
    if name not in _HOLIDAYS:
        return None
    (first_month, first), (last_month, last) = _HOLIDAYS[name]

    def of(year: int) -> Span:
        return Span(start=date(year, first_month, first), end=date(year, last_month, last), grain=Grain.DAY)

    return _in(number, today, of)


def _in(number: int | None, today: date, build: Callable[[int], Span]) -> Span:
    """The one of that year, else the next."""
    return build(number) if number else calendar.coming(today, build)
