"""How often Slack lets an app call: token buckets per method, and one per channel for posting."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.errors import SlackError

CALLS_A_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
POSTS_A_SECOND_AND_CHANNEL = 1.0
POST_BURST = 10  # "short bursts" is all the documentation says


@dataclass
class Bucket:
    """`level` calls are left at `at`; it fills by `per_second` up to `size`."""

    size: float
    per_second: float
    level: float
    at: datetime

    def take(self, now: datetime) -> float:
        """Take one and return 0, or return the seconds until one is there."""
        passed = max(0.0, (now - self.at).total_seconds())
        self.level = min(self.size, self.level + passed * self.per_second)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class Rates:
    """All buckets of one app in one workspace."""

    def __init__(self, clock: Callable[[], datetime], *, enforced: bool = True) -> None:
        self.enforced = enforced
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def count_call(self, method: str, tier: int) -> None:
        """Raises `ratelimited` (429) with Retry-After in whole seconds."""
        per_minute = CALLS_A_MINUTE[tier]
        self._take(method, size=per_minute, per_second=per_minute / 60)

    def count_post(self, channel: str) -> None:
        self._take(f"post in {channel}", size=POST_BURST, per_second=POSTS_A_SECOND_AND_CHANNEL)

    def _take(self, name: str, *, size: float, per_second: float) -> None:
        if not self.enforced:
            return
        now = self._clock()
        bucket = self._buckets.setdefault(name, Bucket(size, per_second, size, now))
        wait = bucket.take(now)
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(seconds)})
