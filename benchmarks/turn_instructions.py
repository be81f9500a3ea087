"""How many machine instructions each turn of a talk takes: the same count however busy the machine is.

    python -m benchmarks.turn_instructions

Counts (benchmarks/callgrind.py, three minutes) the talk of `benchmarks.writer`, 32 turns in a commit, and that of
`benchmarks.door`, and prints thousands of instructions for each of its steps. What the kernel does is not in it.
"""

import tempfile
from pathlib import Path
from typing import Any

import uvloop
from sqlmodel import SQLModel

from benchmarks import callgrind, door, writer
from benchmarks.writer import NAMES, STEPS, Writer, opening, turn
from bot.bootstrap import wall_clock
from bot.warm_up import warm_up
from qualification import notices
from qualification.policy import shipped_policy
from qualification.store import Store

TALKS = 32


class CountedDoor(door.Door):
    """Counts a request of all connections where the other door measures its time."""

    async def _best(self, request: Any) -> float:
        await self._once(request)
        callgrind.begin()
        await self._once(request)
        callgrind.end()
        return 0


def main() -> None:
    if callgrind.is_counted():
        with tempfile.TemporaryDirectory() as folder:
            write(f"sqlite:///{folder}/bantline.db")
        with tempfile.TemporaryDirectory() as folder:
            uvloop.run(door.measure(Path(folder), CountedDoor))
        return
    counts = callgrind.counted("benchmarks.turn_instructions", 2 * len(NAMES))
    tell("writer", [count / TALKS for count in counts[: len(NAMES)]])
    tell("door", [count / door.CONNECTIONS for count in counts[len(NAMES) :]])


def write(url: str) -> None:
    store = Store(url, clock=wall_clock, policy=shipped_policy(), tell=notices.tell)
    SQLModel.metadata.create_all(store.engine)
    warm_up(wall_clock())
    writer.TALKS = TALKS
    held_back = Writer(store)
    writer.tell_talks(held_back)
    tokens = [f"{number:032x}" for number in range(TALKS)]
    for said in (None, *STEPS):
        works = [(turn(token, said), (token,)) if said else (opening(token), ()) for token in tokens]
        callgrind.begin()
        held_back.together(works)
        callgrind.end()
    store.close()


def tell(where: str, counts: list[float]) -> None:
    steps = "  ".join(f"{name} {count / 1e3:.0f}" for name, count in zip(NAMES, counts, strict=True))
    print(f"{where:<8}{steps}  mean of a turn {sum(counts[1:]) / len(STEPS) / 1e3:.0f}")


if __name__ == "__main__":
    main()
