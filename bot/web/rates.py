"""How often one may come: a measure that refills evenly, kept for many at once in a bounded memory.

    Measure(a_minute=60)     15 at once, then one a second
    Rates.take(...)          0.0: come in; else the seconds until the next may come

What is kept for each is one instant: when its measure is full again. Whoever was quiet for long is simply forgotten.
"""

import math
from dataclasses import dataclass
from functools import cached_property

AT_ONCE = 4  # a quarter of a minute's number may come at once: a page that wakes up, an office behind one address
SAME_INSTANT = 1e-9  # seconds; what rounding leaves
MOST_KEPT = 50_000  # in each of the two halves of the memory


class TooOften(Exception):
    """You come more often than we can serve you well; please wait a moment."""

    def __init__(self, wait: float) -> None:
        super().__init__(self.__doc__)
        self.retry_after = max(1, math.ceil(wait))


@dataclass(frozen=True)
class Measure:
    """So many a minute; 0: no limit."""

    name: str
    a_minute: int

    @cached_property
    def pause(self) -> float:
        """Seconds in which one refills."""
        return 60 / self.a_minute

    @cached_property
    def ahead(self) -> float:
        """How many seconds somebody may be ahead of an even pace."""
        return self.pause * max(1, self.a_minute // AT_ONCE)


class Rates:
    """When the measure of each is full again. Two halves: when the newer is full, the older is forgotten.

    So a flood of new names costs no sweep and at most twice MOST_KEPT entries (about 20 MiB). What it can push out are
    names that were quiet while 50,000 others came.
    """

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self._most_kept = most_kept
        self._newer: dict[tuple[str, bytes], float] = {}
        self._older: dict[tuple[str, bytes], float] = {}

    def take(self, measure: Measure, who: bytes, now: float) -> float:
        """Take one; what is not given is not counted. `now`: seconds of a clock that never steps back."""
        if not measure.a_minute:
            return 0.0
        key = (measure.name, who)
        next_full_at = max(self._full_at(key), now) + measure.pause
        if (wait := next_full_at - measure.ahead - now) > SAME_INSTANT:
            return wait
        self._keep(key, next_full_at)
        return 0.0

    def wait(self, measure: Measure, who: bytes, now: float) -> float:
        """The same look without taking: the seconds until one would be given."""
        if not measure.a_minute:
            return 0.0
        wait = max(self._full_at((measure.name, who)), now) + measure.pause - measure.ahead - now
        return wait if wait > SAME_INSTANT else 0.0

    def _full_at(self, key: tuple[str, bytes]) -> float:
        return self._newer.get(key) or self._older.get(key, 0.0)

    def _keep(self, key: tuple[str, bytes], full_at: float) -> None:
        if len(self._newer) >= self._most_kept and key not in self._newer:
            self._older, self._newer = self._newer, {}
        self._newer[key] = full_at

    def __len__(self) -> int:
        return len(self._newer) + len(self._older)
