"""How many machine instructions one reading takes: the same count however busy the machine is.

    python -m benchmarks.instructions

Runs itself under `valgrind --tool=callgrind` (half a minute), counts nothing but the readings of the texts of
`benchmarks.reading`, each read before, and prints the mean for each kind of text in millions. Compare two versions by
it; a count is no time, but where two versions differ by less than a busy machine's noise it says which does more.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.reading import ANSWERS, DENSE, MAILS, NOTES, NOW, lengthened
from dialogs.reading import read
from qualification.bant import Topic

KINDS: Mapping[str, Sequence[tuple[Topic | None, str]]] = {
    "answers": ANSWERS,
    "mails": MAILS,
    "call notes, 300 characters": [(None, lengthened(text, 300)) for _, text in NOTES],
    "dense, 300 characters": [(None, lengthened(text, 300)) for text in DENSE],
}
COUNTED = "COUNTED"
"""Set in the environment of the process whose instructions are counted."""


def main() -> None:
    if COUNTED in os.environ:
        read_them()
        return
    with tempfile.TemporaryDirectory() as folder:
        counting = ("valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/count")
        subprocess.run(
            (*counting, sys.executable, "-m", "benchmarks.instructions"),
            check=True,
            stderr=subprocess.DEVNULL,
            env={**os.environ, COUNTED: "yes", "PYTHONHASHSEED": "0"},
        )
        counts = [instructions(Path(folder, f"count.{at}")) for at in range(1, 2 * len(KINDS) + 1)]
    print(f"{'text':<28}{'Japanese':>12}{'English':>12}")
    for at, (kind, texts) in enumerate(KINDS.items()):
        japanese = sum(not text.isascii() for _, text in texts)
        each = (counts[2 * at] / japanese, counts[2 * at + 1] / (len(texts) - japanese))
        print(f"{kind:<28}{each[0] / 1e6:>12.2f}{each[1] / 1e6:>12.2f}")


def read_them() -> None:
    for texts in KINDS.values():
        for question, text in (*texts, *texts):
            read(text, question=question, now=NOW)
    told("-i", "on")
    for texts in KINDS.values():
        for english in (False, True):
            told("-z")
            for question, text in texts:
                if text.isascii() is english:
                    read(text + "   ", question=question, now=NOW)
            told("-d")
    told("-i", "off")


def told(*what: str) -> None:
    """Has valgrind begin to count, count from zero, or write down what it has counted."""
    subprocess.run(("callgrind_control", *what, str(os.getpid())), check=True, stdout=subprocess.DEVNULL)


def instructions(written: Path) -> int:
    line = next(line for line in written.read_text("utf-8").splitlines() if line.startswith("summary:"))
    return int(line.split()[1])


if __name__ == "__main__":
    main()
