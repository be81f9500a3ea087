"""Time that jumps from one event to the next, and the two things everybody waits for: cores and a disk.

world.after(seconds, then)          something happens later
cores.work(seconds, then)           CPU time, shared evenly by all who want it: n tasks on c cores
disk.keep(then)                     one durable write; who comes while it runs shares the next one
"""

import heapq
import itertools
from collections.abc import Callable

Then = Callable[[], None]
NO_TIME = 1e-12


class World:
    """The events to come, in their order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Then]] = []
        self._numbers = itertools.count()

    def after(self, seconds: float, then: Then) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._numbers), then))

    def run(self, until: float) -> None:
        """Until this instant, or until nothing is left to happen."""
        while self._events and self._events[0][0] <= until:
            self.now, _, then = heapq.heappop(self._events)
            then()
        self.now = until


class Cores:
    """Tasks share them evenly. A Python process is one core, whatever the machine has."""

    def __init__(self, world: World, count: int) -> None:
        self.used = 0.0
        self._world = world
        self.count = count
        self._tasks: dict[int, tuple[float, Then]] = {}
        self._numbers = itertools.count()
        self._since = 0.0
        self._plan = 0

    def work(self, seconds: float, then: Then) -> None:
        self._advance()
        self._tasks[next(self._numbers)] = (seconds, then)
        self._look_ahead()

    @property
    def _pace(self) -> float:
        return min(1.0, self.count / len(self._tasks)) if self._tasks else 0.0

    def _advance(self) -> None:
        done = (self._world.now - self._since) * self._pace
        self._since = self._world.now
        self.used += done * len(self._tasks)
        self._tasks = {number: (left - done, then) for number, (left, then) in self._tasks.items()}

    def _look_ahead(self) -> None:
        self._plan += 1
        if self._tasks:
            soonest = max(0.0, min(left for left, _ in self._tasks.values()))
            plan = self._plan
            self._world.after(soonest / self._pace, lambda: self._finish(plan))

    def _finish(self, plan: int) -> None:
        if plan != self._plan:
            return  # somebody came in the meantime
        self._advance()
        ended = [number for number, (left, _) in self._tasks.items() if left <= NO_TIME]
        thens = [self._tasks.pop(number)[1] for number in ended]
        self._look_ahead()
        for then in thens:
            then()


class Disk:
    """One durable write at a time; all who wait when it begins are in it."""

    def __init__(self, world: World, seconds: float) -> None:
        self.writes = 0
        self._world = world
        self._seconds = seconds
        self._line: list[Then] = []
        self._busy = False

    def keep(self, then: Then) -> None:
        self._line.append(then)
        if not self._busy:
            self._begin()

    def _begin(self) -> None:
        together, self._line = self._line, []
        self._busy = True
        self.writes += 1
        self._world.after(self._seconds, lambda: self._end(together))

    def _end(self, together: list[Then]) -> None:
        self._busy = False
        if self._line:
            self._begin()
        for then in together:
            then()
