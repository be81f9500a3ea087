"""Machine instructions counted by valgrind, the same however busy the machine is.

    counted("benchmarks.instructions", 8)    runs the module once more under callgrind, with COUNTED set

The module that runs under callgrind calls `begin` and `end` around each thing it wants counted. A count is no time; but
where two versions differ by less than a busy machine's noise, it says which does more.
"""

import gc
import os
import subprocess
import sys
import tempfile
from pathlib import Path

COUNTED = "COUNTED"
"""Set in the environment of the process whose instructions are counted."""


def counted(module: str, things: int) -> list[int]:
    """The instructions of so many things, in the order in which the module does them."""
    with tempfile.TemporaryDirectory() as folder:
        counting = ("valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/count")
        subprocess.run(
            (*counting, sys.executable, "-m", module),
            check=True,
            stderr=subprocess.DEVNULL,
            env={**os.environ, COUNTED: "yes", "PYTHONHASHSEED": "0"},
        )
        return [_instructions(Path(folder, f"count.{at}")) for at in range(1, things + 1)]


def is_counted() -> bool:
    """Whether this is the process whose instructions are counted."""
    return COUNTED in os.environ


def begin() -> None:
    """Count from here on; nobody looks for garbage meanwhile."""
    gc.collect()
    gc.disable()
    _told("-i", "on")
    _told("-z")


def end() -> None:
    """Write down what was counted."""
    _told("-d")
    _told("-i", "off")
    gc.enable()


def _told(*what: str) -> None:
    subprocess.run(("callgrind_control", *what, str(os.getpid())), check=True, stdout=subprocess.DEVNULL)


def _instructions(written: Path) -> int:
    line = next(line for line in written.read_text("utf-8").splitlines() if line.startswith("summary:"))
    return int(line.split()[1])
