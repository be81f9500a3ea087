"""The process that all others of a run of tests are forked from: it has loaded the program, and its reader is awake.

    pytest ── begins it ──> loaded ── forks ──> each worker of the run
                              └────── forks ──> each `bantline` that a test starts, whoever asks for it

Loading takes seconds of work, and a run would do it half a dozen times. The fork server of multiprocessing works for
the one process that began it; this one is found by the environment, and forks by multiprocessing all the same.
"""

import contextlib
import functools
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import Any

ADDRESS = "TESTS_ARE_LOADED_AT"
STANDARD_WIRES = (0, 1, 2)
Work = Callable[..., object]


class Begun:
    """A process forked from the loaded one, which does its work and ends; asked as one asks subprocess.Popen.

    `wires`: what its standard input, output and errors are, as file descriptors of ours.
    """

    def __init__(self, work: Work, *given: object, wires: Sequence[int] = STANDARD_WIRES) -> None:
        self._line = _line_to_the_loaded()
        self._line.send((work, given))
        for wire in wires:
            send_handle(self._line, wire, 0)
        self.pid: int = self._line.recv()
        self._status: int | None = None

    def poll(self) -> int | None:
        """The exit status, of a signal its negative number; None while it goes on."""
        if self._status is None and self._line.poll():
            self._status = self._line.recv()
            self._line.close()
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        """The exit status; raises TimeoutError when it goes on."""
        if self._status is None:
            self._line.poll(timeout)
        if (status := self.poll()) is None:
            raise TimeoutError(f"process {self.pid} has not ended in {timeout} seconds")
        return status

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


def begin() -> None:
    """Have it load, beside us; whoever comes after us finds it, and it ends with us."""
    if ADDRESS not in os.environ:
        _begun_by_us()


@functools.cache
def _begun_by_us() -> subprocess.Popen[bytes]:
    with socket.socket(socket.AF_UNIX) as door:
        address = Path(tempfile.mkdtemp(prefix="bantline-loaded-"), "door")
        door.bind(str(address))
        door.listen()
        os.environ[ADDRESS] = str(address)
        return subprocess.Popen(
            [sys.executable, "-u", "-m", __name__, str(door.fileno())],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            pass_fds=[door.fileno()],
        )


def _line_to_the_loaded() -> Connection:
    begin()
    line = socket.socket(socket.AF_UNIX)
    line.connect(os.environ[ADDRESS])
    return Connection(line.detach())


# -- the loaded process itself ---------------------------------------------------------------------


def _fork_who_is_asked_for(door: socket.socket, awaited: int) -> None:
    """Until there is no more to come from `awaited`: whoever began us is gone."""
    alive: dict[int, tuple[BaseProcess, Connection]] = {}
    while awaited not in (ready := wait([awaited, door, *alive])):
        for what in ready:
            if what is door:
                process, line = _forked(Connection(door.accept()[0].detach()), door)
                alive[process.sentinel] = (process, line)
            elif isinstance(what, int):
                process, line = alive.pop(what)
                process.join()
                _tell(line, process.exitcode)


def _forked(line: Connection, door: socket.socket) -> tuple[BaseProcess, Connection]:
    work, given = line.recv()
    wires = [recv_handle(line) for _ in STANDARD_WIRES]
    process = multiprocessing.get_context("fork").Process(target=_become, args=(door, line, wires, work, given))
    process.start()
    for wire in wires:
        os.close(wire)
    _tell(line, process.pid)
    return process, line


def _tell(line: Connection, number: int | None) -> None:
    with contextlib.suppress(BrokenPipeError):  # who asked may have ended before, and then nobody wants to know
        line.send(number)


def _become(door: socket.socket, line: Connection, wires: list[int], work: Work, given: Sequence[Any]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    door.close()
    line.close()
    for place, wire in zip(STANDARD_WIRES, wires, strict=True):
        os.dup2(wire, place)
        os.close(wire)
    work(*given)


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of Ctrl-C those think who are forked
    door = socket.socket(fileno=int(sys.argv[1]))
    import_module("tests.awake")
    _fork_who_is_asked_for(door, sys.stdin.fileno())
    address = Path(os.environ[ADDRESS])
    address.unlink()
    address.parent.rmdir()
    os._exit(0)  # without waiting for who is still there: their own ends of the wires tell them


if __name__ == "__main__":
    _main()
