"""A program of the firm's that hears webhooks: a real server on a socket, which answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent.parent / "docs" / "webhooks.md"
SECRET_PATH = "/hooks/canary-0123456789abcdef?token=canary-of-the-query"


@dataclass(frozen=True)
class Heard:
    """One delivery as it arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Program:
    """`answers` are given in their turn, each a status with its headers; afterwards everything is taken.

    `took`: the deliveries that were; `tried`: all of them. While its `door` is closed, nobody is answered.
    """

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    tried: list[Heard] = field(default_factory=list)
    took: list[Heard] = field(default_factory=list)
    door: threading.Event = field(default_factory=threading.Event)
    says: bytes = b""
    url: str = ""

    def hears(self, heard: Heard) -> tuple[int, dict[str, str]]:
        self.tried.append(heard)
        self.door.wait()
        status, headers = self.answers.pop(0) if self.answers else (204, {})
        if 200 <= status < 300:
            self.took.append(heard)
        return status, headers


@contextmanager
def program() -> Iterator[Program]:
    listens = Program()
    listens.door.set()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers = listens.hears(Heard({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            length = {} if status == 204 else {"Content-Length": str(len(listens.says))}
            for name, value in (length | headers).items():
                self.send_header(name, value)
            self.end_headers()
            if status != 204:
                self.wfile.write(listens.says)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        listens.url = f"http://127.0.0.1:{server.server_address[1]}{SECRET_PATH}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield listens
        finally:
            listens.door.set()
            server.shutdown()
            thread.join()


def verifies() -> Any:
    """The receiver's check as docs/webhooks.md has it."""
    told: dict[str, Any] = {}
    exec(DOCS.read_text("utf-8").split("```python\n")[1].split("```")[0], told)
    return told["is_ours"]
