"""A real `bantline serve` in a process of its own, to be talked to, killed and started again."""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.forked import Forked
from tests.patience import PATIENCE

BANTLINE = Path(sys.executable).parent / "bantline"
LISTENS = re.compile(r"listens on (http://\S+)")
Process = subprocess.Popen[str] | Forked
UNMEASURED = (  # hundreds of visitors share the address of the tests
    "BANTLINE_LINES_PER_ADDRESS",
    *(f"BANTLINE_{what}_A_MINUTE" for what in ("REQUESTS", "CHATS", "MESSAGES", "FORMS", "WRONG_KEYS")),
)


class BantlineProcess:
    """`with BantlineProcess(folder) as bantline: bantline.url`; the same folder again is the same database."""

    patience = PATIENCE

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._port = 0
        self._settings = {
            "DATABASE_URL": f"sqlite:///{folder}/test.db",
            "BANTLINE_API_KEY": "key-of-the-tests",
        }
        self._settings |= dict.fromkeys(UNMEASURED, "0") | settings
        self.url = ""
        self._process: Process | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    @property
    def database(self) -> Path:
        """The SQLite file, where no other database was asked for."""
        return self._folder / "test.db"

    def start(self) -> None:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "BANTLINE_", "SMTP_"))
        }
        arguments = ("serve", "--port", str(self._port))
        self._process = self._begun(arguments, kept | self._settings, self._folder / "stderr.log")
        self.url = self._wait_for_url()
        self._port = int(self.url.rpartition(":")[2])

    def _begun(self, arguments: tuple[str, ...], settings: dict[str, str], errors: Path) -> Process:
        with errors.open("a") as written:
            return subprocess.Popen(
                [str(BANTLINE), *arguments],
                cwd=self._folder,
                env=settings | {"PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=written,
                text=True,
            )

    def _wait_for_url(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            ready, _, _ = select.select([self._process.stdout], [], [], 0.2)
            line = self._process.stdout.readline() if ready else ""
            if found := LISTENS.search(line):
                return found[1]
            if self._process.poll() is not None:
                break
        raise AssertionError(f"bantline did not start:\n{self._folder.joinpath('stderr.log').read_text()}")

    def wait_until_well(self) -> None:
        """As whoever watches a program waits: the doors open a moment before worker and auditor were seen."""
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(f"{self.url}/healthz"):
                return
            time.sleep(0.02)
        raise AssertionError(f"bantline is not well:\n{self._folder.joinpath('stderr.log').read_text()}")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """kill -9: no goodbye, nothing flushed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM, as an operator or a service manager sends it; gives the exit status."""
        if self._process is None or self._process.poll() is not None:
            return -1
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=self.patience)


class QuickBantline(BantlineProcess):
    """The same program, forked from one that is loaded: it listens in a tenth of a second, and dies as hard."""

    def _begun(self, arguments: tuple[str, ...], settings: dict[str, str], errors: Path) -> Forked:
        return Forked(self._folder, arguments, settings, errors)
