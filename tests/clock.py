"""A clock that stands still until a test moves it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def jst(text: str) -> datetime:
    """An instant as a person in Tokyo writes it: jst("2026-05-18 10:00"), in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).astimezone(UTC)


MONDAY_TEN = jst("2026-05-18 10:00")


@dataclass
class Clock:
    now: datetime = MONDAY_TEN

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> datetime:
        """clock.advance(hours=3), as timedelta takes it."""
        self.now += timedelta(**time)
        return self.now
