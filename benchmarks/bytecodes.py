"""How many steps of Python a turn takes in the writer's thread: the same count however busy the machine is.

    python -m benchmarks.bytecodes

Bytecodes and calls of Python functions, for each step of the talk of `benchmarks.writer`, those of the reader apart. A
count is no time: what C does (SQLite, regular expressions, JSON) is not in it. But where two versions differ by less
than a busy machine's noise, it says which does more.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from sqlmodel import SQLModel

from benchmarks import writer
from benchmarks.writer import NAMES, STEPS, Writer, opening, turn
from bot.bootstrap import wall_clock
from bot.warm_up import warm_up
from qualification import notices
from qualification.policy import shipped_policy
from qualification.store import Store

TALKS = 16
READER = str(Path("dialogs", "reading"))
Traced = Callable[[FrameType, str, Any], Any]


class Counted:
    """What one thread has done since it was cleared: by whether it was the reader."""

    def __init__(self) -> None:
        self.bytecodes: Counter[bool] = Counter()
        self.calls: Counter[bool] = Counter()

    def clear(self) -> None:
        self.bytecodes.clear()
        self.calls.clear()

    def called(self, frame: FrameType, _event: str, _arg: object) -> Traced:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        by_reader = READER in frame.f_code.co_filename
        self.calls[by_reader] += 1

        def stepped(_frame: FrameType, event: str, _arg: object) -> Traced:
            self.bytecodes[by_reader] += event == "opcode"
            return stepped

        return stepped


def main() -> None:
    writer.TALKS = TALKS
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bantline.db", clock=wall_clock, policy=shipped_policy(), tell=notices.tell)
        SQLModel.metadata.create_all(store.engine)
        warm_up(wall_clock())
        held_back, counted = Writer(store), Counted()
        writer.tell_talks(held_back)
        tokens = [f"{number:032x}" for number in range(TALKS)]
        held_back.together([(opening(token), ()) for token in tokens])
        store.run_here(lambda tx: sys.settrace(counted.called))
        for name, said in zip(NAMES[1:], STEPS, strict=True):
            counted.clear()
            held_back.together([(turn(token, said), (token,)) for token in tokens])
            own, calls, readers = counted.bytecodes[False], counted.calls[False], counted.bytecodes[True]
            shares = f"{own / TALKS:7.0f} bytecodes in {calls / TALKS:.0f} calls, the reader's {readers / TALKS:.0f}"
            print(f"{name:8}{shares}")
        store.run_here(lambda tx: sys.settrace(None))
        store.close()


if __name__ == "__main__":
    main()
