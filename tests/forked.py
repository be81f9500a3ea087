"""`bantline` in a process of its own, forked from one that has loaded the program already.

Loading takes seconds of work, what the tests try takes milliseconds; the operator's own script is tried in test_cli.
"""

import multiprocessing
import os
import select
import sys
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from bot.cli import read_command_line


def loaded() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.awake", "tests.forked"])
    return context


def run_as(folder: Path, arguments: tuple[str, ...], settings: dict[str, str]) -> None:
    """The command in this process, as the operator's script would run it."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    sys.argv = ["bantline", *arguments]
    read_command_line()


class Forked:
    """A command that goes on until it is told to stop; its handle is used as one of subprocess.Popen."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], settings: dict[str, str], errors: Path) -> None:
        context = loaded()
        hears, says = context.Pipe(duplex=False)
        target, given = _run_and_tell, (folder, arguments, settings, errors, says)
        self._process: ForkServerProcess = context.Process(target=target, args=given, daemon=True)
        self._process.start()
        says.close()
        self._hears = hears  # closing it would close the wire below
        self.stdout = os.fdopen(os.dup(hears.fileno()), encoding="utf-8")

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self, timeout: float | None = None) -> int:
        """The exit status; raises TimeoutError when it goes on."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutError(f"process {self.pid} has not ended in {timeout} seconds")
        self.stdout.close()
        return self._process.exitcode


def _run_and_tell(
    folder: Path, arguments: tuple[str, ...], settings: dict[str, str], errors: Path, says: Connection
) -> None:
    os.dup2(says.fileno(), sys.stdout.fileno())
    threading.Thread(target=_end_with_whoever_listens, args=(says.fileno(),), daemon=True).start()
    with errors.open("a") as written:
        os.dup2(written.fileno(), sys.stderr.fileno())
    run_as(folder, arguments, settings)


def _end_with_whoever_listens(wire: int) -> None:
    """A run of tests that is killed can stop nobody: its end of the wire closes, and nobody reads what we say."""
    watch = select.poll()
    watch.register(wire, 0)
    watch.poll()
    os._exit(1)
