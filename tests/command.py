"""A command of `bantline` that ends by itself: what it said, and its exit status."""

import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.forked import run_as
from tests.loaded import Begun
from tests.patience import PATIENCE

NOT_OURS = ("SLACK_", "BANTLINE_", "SMTP_", "DATABASE_URL")


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    written: bytes
    stderr: str

    @property
    def stdout(self) -> str:
        return self.written.decode("utf-8")


def bantline(folder: Path, *arguments: str, given: str = "", **settings: str) -> Done:
    """Run one command in a folder with these settings alone, `given` on its standard input.

    PYTHONIOENCODING means what it means to Python at its start: the letters a pipe knows.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    with tempfile.TemporaryDirectory() as wires:
        Path(wires, "in").write_text(given, "utf-8")
        process = Begun(_run, folder, arguments, clean | {"COLUMNS": "160"} | settings, Path(wires))
        try:
            status = process.wait(PATIENCE)
        except TimeoutError as slow:
            process.send_signal(signal.SIGKILL)
            raise AssertionError(f"bantline {' '.join(arguments)} took longer than {PATIENCE} seconds") from slow
        return Done(status, Path(wires, "out").read_bytes(), Path(wires, "err").read_text("utf-8"))


def _run(folder: Path, arguments: tuple[str, ...], settings: dict[str, str], wires: Path) -> None:
    letters = settings.get("PYTHONIOENCODING", "utf-8")
    with (
        Path(wires, "in").open(encoding="utf-8") as sys.stdin,
        Path(wires, "out").open("w", encoding=letters) as sys.stdout,
        Path(wires, "err").open("w", encoding="utf-8") as sys.stderr,
    ):
        run_as(folder, arguments, settings)
