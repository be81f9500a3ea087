"""Who waits for the writer: three lanes side by side, so that a flood in one never holds up the others.

    VISITORS   chats: each chat in its turn, however much one of them has to say
    DESK       what reps press, lists, the API, the command line
    CLOCK      what is due, and what is on its way out

Each batch takes from the lanes in turn, and each lane is bounded by itself: when the visitors' is full they are asked
to come again, and nothing of what they wanted is done; presses and clocks notice nothing.
"""

import threading
from collections import deque
from enum import StrEnum
from typing import Any

from qualification.writing.jobs import Job


class Lane(StrEnum):
    VISITORS = "visitors"
    DESK = "desk"
    CLOCK = "clock"


WAITING_LINE = 4_096  # in each lane; of visitors fewer, as a panel waits 15 s and then asks again
MOST = {Lane.VISITORS: 2_048, Lane.DESK: WAITING_LINE, Lane.CLOCK: WAITING_LINE}
IN_TURN = (Lane.CLOCK, Lane.DESK, Lane.VISITORS)


class Full(Exception):
    """No more of this lane may wait."""


class Closed(Exception):
    """Nobody may get in line any more."""


class _Queue:
    """First come, first served; of those with the same key only one in each round."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_key: dict[Any, deque[Job[Any]]] = {}
        self.length = 0

    def put(self, job: Job[Any], key: Any) -> None:
        if self.length >= self._most:
            raise Full(Full.__doc__)
        self._by_key.setdefault(key, deque()).append(job)
        self.length += 1

    def next(self) -> Job[Any]:
        key, waiting = next(iter(self._by_key.items()))
        del self._by_key[key]
        job = waiting.popleft()
        if waiting:
            self._by_key[key] = waiting
        self.length -= 1
        return job


class WaitingLine:
    def __init__(self) -> None:
        self._lanes = {lane: _Queue(MOST[lane]) for lane in IN_TURN}
        self._changed = threading.Condition()
        self._closed = False

    @property
    def lengths(self) -> dict[str, int]:
        """How many wait in each lane."""
        return {lane.value: queue.length for lane, queue in self._lanes.items()}

    def put(self, job: Job[Any], lane: Lane) -> None:
        """Get in line. Raises Full and Closed."""
        key = job.keys[0] if job.keys and lane is Lane.VISITORS else id(job)
        with self._changed:
            if self._closed:
                raise Closed(Closed.__doc__)
            self._lanes[lane].put(job, key)
            self._changed.notify()

    def take(self, most: int) -> list[Job[Any]]:
        """Wait for the first; then at most so many, of each lane in turn. Empty: closed, and nobody waits."""
        with self._changed:
            while not (waiting := [lane for lane in self._lanes.values() if lane.length]):
                if self._closed:
                    return []
                self._changed.wait()
            taken: list[Job[Any]] = []
            while waiting:
                for lane in waiting:
                    if len(taken) == most:
                        return taken
                    taken.append(lane.next())
                waiting = [lane for lane in waiting if lane.length]
            return taken

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
