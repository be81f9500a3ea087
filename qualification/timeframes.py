"""Whether a stated timeframe is near enough, and whether its time has passed (M17, D6, D21)."""

from calendar import monthrange
from datetime import date

from qualification.bant import Clarity, Timeframe


def months_later(day: date, months: int) -> date:
    """The same day so many calendar months later, clamped to the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def within_months(timeframe: Timeframe, months: int, *, today: date) -> bool:
    """The latest date of a stated range lies within so many months, and has not passed."""
    if timeframe.clarity is not Clarity.KNOWN or timeframe.latest is None:
        return False
    return today <= timeframe.latest <= months_later(today, months)


def has_passed(timeframe: Timeframe, *, today: date) -> bool:
    """Whether the latest date that was named lies before today; a timeframe without one never passes."""
    return timeframe.latest is not None and timeframe.latest < today
