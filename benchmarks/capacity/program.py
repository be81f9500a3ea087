"""One process of Bantline as the model sees it: a door, a line, and one writer who commits for all who wait.

    a request -> door (d) -> line -> writer: a + b x n of CPU, c x n of the database's, one durable write -> answers

Door and writer share one core, because they are threads of one Python process.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.capacity.world import Cores, Disk, World

MOST_IN_A_COMMIT = 256
MOST_WAITING = 2_048  # visitors, after whom one is asked to come again (qualification/writing/waiting_line.py)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """CPU seconds: of the door for a turn, of a commit, of the writer for a turn; and of the database for a turn."""

    door: float
    commit: float
    turn: float
    database: float = 0.0

    @property
    def of_a_turn(self) -> float:
        """What the process itself spends on a turn when commits are large."""
        return self.door + self.turn


class Process:
    """Answers what arrives; `database` and `disk` may be those of other processes too."""

    def __init__(self, world: World, parts: Parts, disk: Disk, database: Cores | None = None) -> None:
        self.core = Cores(world, 1)
        self.commits = 0
        self.heard = self.turned_away = 0
        self._parts = parts
        self._disk = disk
        self._database = database
        self._at_the_door: deque[Callable[[], None]] = deque()
        self._door_is_busy = self._writes = False
        self._line: list[Callable[[], None]] = []

    def hear(self, answered: Callable[[], None]) -> None:
        if self.waiting >= MOST_WAITING:
            self.turned_away += 1
            return
        self.heard += 1
        self._at_the_door.append(answered)
        if not self._door_is_busy:
            self._let_in()

    @property
    def waiting(self) -> int:
        return len(self._at_the_door) + len(self._line)

    def _let_in(self) -> None:
        self._door_is_busy = bool(self._at_the_door)
        if self._door_is_busy:
            answered = self._at_the_door.popleft()
            self.core.work(self._parts.door, lambda: self._let_through(answered))

    def _let_through(self, answered: Callable[[], None]) -> None:
        self._line.append(answered)
        self._write()
        self._let_in()

    def _write(self) -> None:
        if self._writes or not self._line:
            return
        self._writes = True
        self.commits += 1
        together, self._line = self._line[:MOST_IN_A_COMMIT], self._line[MOST_IN_A_COMMIT:]
        work = self._parts.commit + self._parts.turn * len(together)
        self.core.work(work, lambda: self._ask_the_database(together))

    def _ask_the_database(self, together: list[Callable[[], None]]) -> None:
        if self._database is None:
            self._disk.keep(lambda: self._committed(together))
        else:
            work = self._parts.database * len(together)
            self._database.work(work, lambda: self._disk.keep(lambda: self._committed(together)))

    def _committed(self, together: list[Callable[[], None]]) -> None:
        self._writes = False
        for answered in together:
            answered()
        self._write()
