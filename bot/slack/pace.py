"""Slack takes about one message a second in each channel, with short bursts: here everybody waits for a turn.

Edits of messages and drawings of Home have limits of their own, for the whole workspace.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

from bot.delivery import FULL_CHANNEL, RetryLater

BURST = 3
SECONDS_FOR_ONE = 1.0
LONGEST_QUEUE = 5.0  # seconds
EDITS, HOMES = "chat.update", "views.publish"
BEHIND_EACH_OTHER = {EDITS: 1.2, HOMES: 0.6}  # times a second: Slack takes 50 and 100 a minute


class Pace:
    """A bucket of turns for each channel; it fills by one a second and holds a few.

    Who would wait longer than `LONGEST_QUEUE` seconds goes back to the outbox, so that no lease runs out in a queue.
    """

    def __init__(
        self, *, seconds_for_one: float = SECONDS_FOR_ONE, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds_for_one = seconds_for_one
        self._ticks = ticks
        self._free_from: dict[str, float] = {}
        self._closed_until: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Wait for the next turn of the channel; raises RetryLater when that is too far off."""
        now, one = self._ticks(), self._seconds_for_one * BEHIND_EACH_OTHER.get(channel, 1.0)
        self.is_open(channel)
        free_from = max(self._free_from.get(channel, 0.0), now - (BURST - 1) * one)
        wait = free_from - now
        if wait > LONGEST_QUEUE:
            raise RetryLater(FULL_CHANNEL, timedelta(seconds=wait), counts=False)
        self._free_from[channel] = free_from + one
        if wait > 0:
            await asyncio.sleep(wait)
            self.is_open(channel)

    def close(self, channel: str, wait: timedelta) -> None:
        """Slack asked us to leave this channel alone for so long: nobody knocks there before (R9)."""
        self._closed_until[channel] = self._ticks() + wait.total_seconds()

    def is_open(self, channel: str) -> None:
        """Raises RetryLater while Slack wants this channel left alone."""
        now = self._ticks()
        wait = self._closed_until.get(channel, now) - now
        if wait > 0:
            raise RetryLater(FULL_CHANNEL, timedelta(seconds=wait), counts=False)
