"""A second opinion on working time: asks the wall clock at every minute. Slow, and hard to get wrong.

Shares no code with the product; knows only hours as people write them, a zone and dates.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Written = dict[str, list[list[str]]]
Instants = list[tuple[datetime, datetime]]


def minute_of(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


@dataclass(frozen=True, kw_only=True)
class MinuteCounter:
    """The days that own each minute of a window; a minute nobody owns is closed."""

    first: datetime
    owners: list[tuple[date, ...]]
    counts: bytes

    @classmethod
    def walk(cls, hours: Written, zone: ZoneInfo, holidays: set[date], first: datetime, days: int) -> "MinuteCounter":
        written = [[(minute_of(a), minute_of(b)) for a, b in hours.get(day, [])] for day in DAYS]
        began = int(first.timestamp())
        owners = []
        for minute in range(days * 1440):
            wall = datetime.fromtimestamp(began + 60 * minute, zone)
            owners.append(_owners(wall.date(), wall.hour * 60 + wall.minute, written, holidays))
        return cls(first=first, owners=owners, counts=bytes(map(bool, owners)))

    def due(self, start: datetime, work: int, pauses: Instants) -> datetime | None:
        """When so many minutes have passed, or None when the window is too short to tell."""
        counts = self._counting(pauses)
        for at in range(self._minute(start), len(counts)):
            work -= counts[at]
            if work == 0:
                return self.first + timedelta(minutes=at + 1)
        return None

    def between(self, start: datetime, end: datetime, pauses: Instants) -> timedelta:
        return timedelta(minutes=sum(self._counting(pauses)[self._minute(start) : self._minute(end)]))

    def closing(self, start: datetime, zone: ZoneInfo, days: int) -> datetime | None:
        """The end of the last minute owned by the nth day that owns any, after the local day of the start."""
        today = start.astimezone(zone).date()
        working = sorted({day for owners in self.owners for day in owners if day > today})
        if len(working) < days + 2:  # the last days of the window may be cut off
            return None
        last = max(at for at, owners in enumerate(self.owners) if working[days - 1] in owners)
        return self.first + timedelta(minutes=last + 1)

    def _minute(self, at: datetime) -> int:
        return (at - self.first) // timedelta(minutes=1)

    def _counting(self, pauses: Instants) -> bytearray:
        """One for each minute that counts, nought for each that does not."""
        counts = bytearray(self.counts)
        for starts, ends in pauses:
            paused = slice(self._minute(starts), self._minute(ends))
            counts[paused] = bytes(len(counts[paused]))
        return counts


def _owners(today: date, minute: int, written: list[list[tuple[int, int]]], holidays: set[date]) -> tuple[date, ...]:
    owners = []
    for opens, closes in written[today.weekday()]:
        if today not in holidays and opens <= minute and (minute < closes or closes <= opens):
            owners.append(today)
    yesterday = today - timedelta(days=1)
    for opens, closes in written[yesterday.weekday()]:
        if yesterday not in holidays and closes <= opens and minute < closes:
            owners.append(yesterday)
    return tuple(owners)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
