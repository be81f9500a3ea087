"""Instants, days and spans of time as people say them: 本日15:00, Mon 18 May, 2026年10月〜12月, 1 h 20 min.

The patterns stand in templates/answers.*.toml; here is only which of them fits.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Patterns = Mapping[str, Any]


def clock_time(at: datetime, language: str) -> str:
    """The time of day of a local instant: 15:00, 3:00 pm, 12 noon."""
    if language == "ja":
        return f"{at.hour}:{at.minute:02}"
    if (at.hour, at.minute) == (12, 0):
        return "12 noon"
    return f"{(at.hour - 1) % 12 + 1}:{at.minute:02} {'am' if at.hour < 12 else 'pm'}"


def moment(at: datetime, *, now: datetime, zone: ZoneInfo, language: str, patterns: Patterns, use: str) -> str:
    """An instant, seen from now in this zone. `use` is "when" (a moment) or "by" (a limit)."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    table = patterns[use]
    pattern = table.get(_distance(local.date(), today), table["this_year"])
    return str(pattern).format(time=clock_time(local, language), **date_parts(local.date(), patterns))


def _distance(day: date, today: date) -> str:
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if kind := near.get((day - today).days):
        return kind
    return "this_year" if day.year == today.year else "other_year"


def date_parts(day: date, patterns: Patterns, prefix: str = "") -> dict[str, Any]:
    """The names and numbers a pattern may use, each with this prefix."""
    names = patterns["day"]
    return {
        f"{prefix}year": day.year,
        f"{prefix}month": names["months"][day.month - 1],
        f"{prefix}day": day.day,
        f"{prefix}weekday": names["weekdays"][day.weekday()],
    }


def day_in_words(day: date, patterns: Patterns, *, pattern: str = "day") -> str:
    """A day by the pattern of this name."""
    return str(patterns["day"][pattern]).format(**date_parts(day, patterns))


def days_in_words(first: date, last: date, patterns: Patterns) -> str:
    """From the first to the last day, both inclusive; whole months are said as months."""
    if is_whole_months(first, last):
        kind = _apart(first, last, same="month", near="months_of_one_year", far="months_apart")
    else:
        kind = _apart(first, last, same="", near="days_of_one_year", far="days")
    parts = {**date_parts(first, patterns), **date_parts(last, patterns, "to_")}
    return str(patterns["day"][kind]).format(**parts)


def _apart(first: date, last: date, *, same: str, near: str, far: str) -> str:
    if same and (first.year, first.month) == (last.year, last.month):
        return same
    return near if first.year == last.year else far


def is_whole_months(first: date, last: date) -> bool:
    """Whether they are the first and the last day of months."""
    return first.day == 1 and last.day == monthrange(last.year, last.month)[1]


def span_in_words(minutes: int, patterns: Patterns) -> str:
    """So many minutes: 1時間20分, 1 h 20 min; the sign is not shown."""
    hours, rest = divmod(abs(minutes), 60)
    kind = "hours_and_minutes" if hours and rest else "hours" if hours else "minutes" if rest else "less"
    return str(patterns["span"][kind]).format(hours=hours, minutes=rest)


def instant(fact: object) -> datetime:
    """An instant as it stands in a fact: a datetime or ISO text with its offset; without one it is UTC."""
    at = fact if isinstance(fact, datetime) else datetime.fromisoformat(str(fact))
    return at if at.utcoffset() is not None else at.replace(tzinfo=UTC)
