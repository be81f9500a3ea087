"""`bantline` in a process of its own, forked from one that has loaded the program already.

Loading takes seconds of work, what the tests try takes milliseconds; the operator's own script is tried in test_cli.
"""

import os
import select
import sys
import threading
from pathlib import Path

from bot.cli import read_command_line
from tests.loaded import Begun


def run_as(folder: Path, arguments: tuple[str, ...], settings: dict[str, str]) -> None:
    """The command in this process, as the operator's script would run it."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    sys.argv = ["bantline", *arguments]
    read_command_line()


class Forked(Begun):
    """A command that goes on until it is told to stop, and what it says; errors are added to their file."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], settings: dict[str, str], errors: Path) -> None:
        hears, says = os.pipe()
        self.stdout = os.fdopen(hears, encoding="utf-8")
        with errors.open("a") as written, open(os.devnull) as nothing:
            wires = (nothing.fileno(), says, written.fileno())
            super().__init__(_run_and_tell, folder, arguments, settings, wires=wires)
        os.close(says)

    def wait(self, timeout: float | None = None) -> int:
        status = super().wait(timeout)
        self.stdout.close()
        return status


def _run_and_tell(folder: Path, arguments: tuple[str, ...], settings: dict[str, str]) -> None:
    threading.Thread(target=_end_with_whoever_listens, args=(sys.stdout.fileno(),), daemon=True).start()
    run_as(folder, arguments, settings)


def _end_with_whoever_listens(wire: int) -> None:
    """A run of tests that is killed can stop nobody: its end of the wire closes, and nobody reads what we say."""
    watch = select.poll()
    watch.register(wire, 0)
    watch.poll()
    os._exit(1)
