"""A contestant in a process of its own, from its start until it is told to stop."""

import os
import re
import signal
import subprocess
from pathlib import Path
from types import TracebackType

LISTENS = re.compile(r"listens on (http://\S+)")
ROOT = Path(__file__).parents[2]
PATIENCE = 20
OF_THE_OPERATOR = ("SLACK_", "BANTLINE_", "SMTP_")


class DidNotStart(Exception):
    """The last thing a contestant said before it ended."""


class Server:
    """`with Server(command, folder, settings) as server: server.url, server.pid`."""

    def __init__(self, command: list[str], folder: Path, settings: dict[str, str]) -> None:
        self._command = command
        self._folder = folder
        self._said = folder / "stderr.log"
        self._settings = settings
        self.url = ""

    def __enter__(self) -> "Server":
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_OPERATOR)}
        with self._said.open("w") as errors:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=kept | self._settings | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := LISTENS.search(line):
                self.url = found[1]
                return self
        raise DidNotStart(self._last_words())

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.end(signal.SIGTERM)

    def end(self, by: signal.Signals) -> None:
        """Nothing happens to one that has ended already."""
        self._process.send_signal(by)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _last_words(self) -> str:
        self._process.wait()
        return next(reversed(self._said.read_text().strip().splitlines()), f"ended with {self._process.returncode}")
