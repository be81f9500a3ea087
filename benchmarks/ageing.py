"""What a turn costs the store's writer among many talks, beside what it costs in a fresh database (SQLite).

    python -m benchmarks.ageing                  after 5,000 talks
    TALKS_BEFORE=10000 ROUNDS=8 python -m benchmarks.ageing

Two databases in one process, one round of talks in each by turns, as in benchmarks/writer.py. What the writer's thread
reads and writes is counted by the kernel (Linux), so that these two figures are the same however busy the machine is.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlmodel import SQLModel

from benchmarks.writer import STEPS, TALKS, Writer, tell_talks
from bot.bootstrap import wall_clock
from bot.server import make_room_for_many
from bot.warm_up import warm_up
from qualification import notices
from qualification.database import copy_log
from qualification.policy import shipped_policy
from qualification.store import Store

TALKS_BEFORE = int(os.environ.get("TALKS_BEFORE", "5000"))
ROUNDS = int(os.environ.get("ROUNDS", "6"))


@dataclass(frozen=True, kw_only=True)
class Round:
    """Of one turn: CPU time of the writer's thread in microseconds, and its calls to read and to write a page."""

    took: float
    reads: float
    writes: float


class Database:
    """One database and its writer."""

    def __init__(self, folder: str) -> None:
        self.store = Store(
            f"sqlite:///{folder}/bantline.db", clock=wall_clock, policy=shipped_policy(), tell=notices.tell
        )
        SQLModel.metadata.create_all(self.store.engine)
        self._writer = Writer(self.store)

    def round(self) -> Round:
        """A crowd talks to the end; then the log is copied, as it is beside a program that serves."""
        turns = TALKS * len(STEPS)
        read, written = self._calls()
        took = sum(tell_talks(self._writer)) / len(STEPS)
        read_by_now, written_by_now = self._calls()
        copy_log(self.store.engine)
        return Round(took=took, reads=(read_by_now - read) / turns, writes=(written_by_now - written) / turns)

    def _calls(self) -> tuple[int, int]:
        lines = Path(f"/proc/self/task/{self.store._thread.native_id}/io").read_text().splitlines()
        counted = dict(line.split(": ") for line in lines)
        return int(counted["syscr"]), int(counted["syscw"])


def main() -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as another:
        aged, fresh = Database(one), Database(another)
        make_room_for_many()
        warm_up(wall_clock())
        for _ in range(TALKS_BEFORE // TALKS):
            aged.round()
        fresh.round()
        told: dict[str, list[Round]] = {"fresh": [], "aged": []}
        for _ in range(ROUNDS):
            told["aged"].append(aged.round())
            told["fresh"].append(fresh.round())
        for name, rounds in told.items():
            best = min(one.took for one in rounds)
            reads, writes = median(one.reads for one in rounds), median(one.writes for one in rounds)
            print(f"{name}: {best:.0f} µs, {reads:.1f} pages read and {writes:.1f} written, a turn")
        aged.store.close()
        fresh.store.close()


if __name__ == "__main__":
    main()
