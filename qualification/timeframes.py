"""Whether a stated timeframe is near enough or has passed, and when to come back to it (M17, D6, D21, N22)."""

from calendar import monthrange
from datetime import date, timedelta

from qualification.bant import Clarity, Timeframe

FARTHEST = timedelta(days=36_525)  # a century; nobody waits for the year 9999, and no calendar knows it


def months_later(day: date, months: int) -> date:
    """The same day so many calendar months later, clamped to the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def within_months(timeframe: Timeframe, months: int, *, today: date) -> bool:
    """The latest date of a stated range lies within so many months, and has not passed."""
    if timeframe.clarity is not Clarity.KNOWN or timeframe.latest is None:
        return False
    return today <= timeframe.latest <= months_later(today, months)


def comes_within(timeframe: Timeframe, months: int, *, today: date) -> date | None:
    """The day to come from which on its latest date lies within so many months; None where it does or never will."""
    latest = timeframe.latest
    if timeframe.clarity is not Clarity.KNOWN or latest is None or latest <= months_later(today, months):
        return None
    if not is_to_come(latest, today=today):
        return None
    day = months_later(latest, -months)
    while months_later(day, months) < latest:  # the last days of a long month have no like in a short one
        day += timedelta(days=1)
    return day


def has_passed(timeframe: Timeframe, *, today: date) -> bool:
    """Whether the latest date that was named lies before today; a timeframe without one never passes."""
    return timeframe.latest is not None and timeframe.latest < today


def is_to_come(day: date, *, today: date) -> bool:
    """Whether a day that was named can be waited for."""
    return timedelta() < day - today <= FARTHEST


def comes_back_on(timeframe: Timeframe, *, days_before: int, today: date) -> date | None:
    """The next day on which to come back to somebody not ready yet: so many days before the time they named (N22).

    Where that day is over already, the named day itself; None when no day they named is still to come.
    """
    named = [day for day in (timeframe.earliest, timeframe.latest) if day is not None and is_to_come(day, today=today)]
    days = [come for day in named for come in (day - timedelta(days=days_before), day) if come > today]
    return min(days, default=None)
