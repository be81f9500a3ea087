"""Interview turns per second over real HTTP: token, reader, interview, answer, score, stage, outbox, durable commit.

    python -m benchmarks.turns                 SQLite in a fresh file; CLIENTS=1,32,256 and SECONDS=6 unless told
    DATABASE_URL=postgresql://... python -m benchmarks.turns

One `bantline serve` in a process of its own; the clients share the machine with it, so compare rows, not absolutes.
A turn is a message of a prospect with its answer; to open the talk is not counted, but its work is.
"""

import asyncio
import json
import os
import tempfile
import time
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import uvloop

from tests.process import BantlineProcess

CLIENTS = tuple(map(int, os.environ.get("CLIENTS", "1,32,256").split(",")))
SECONDS = float(os.environ.get("SECONDS", "6"))
TALK = (
    "手作業が多くて困っています",
    "3ヶ月以内に導入したいです",
    "部長の承認が必要です",
    "300万円くらいです",
    "株式会社アサヒ工具",
    "山田太郎 yamada@asahi.example",
)
SAID = [json.dumps({"id": str(number), "text": text}).encode() for number, text in enumerate(TALK)]
BODIES = [*SAID, b'{"id": "end", "choice": "confirm"}']
OPENING = b'{"locale": "ja"}'
END_OF_HEAD = b"\r\n\r\n"
EVERYBODY_COMES_FROM_HERE = {"BANTLINE_REQUESTS_A_MINUTE": "0", "BANTLINE_CHATS_A_MINUTE": "0"}


class Prospect(asyncio.Protocol):
    """One client on one connection: talk after talk, each message after the answer to the one before."""

    def __init__(self, took: list[float], until: float) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.talks = 0
        self._took = took
        self._until = until
        self._answer = b""
        self._bearer = b""
        self._left: list[bytes] = []
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._post(b"sessions", OPENING)

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(problem or ConnectionResetError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, found, body = self._answer.partition(END_OF_HEAD)
        if not found or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r", 1)[0]):
            return
        self._answer = b""
        self._heard(head.split(b" ", 2)[1], body)

    def _heard(self, status: bytes, body: bytes) -> None:
        now = time.perf_counter()
        if status == b"201":
            self._bearer = b"authorization: Bearer " + json.loads(body)["token"].encode() + b"\r\n"
            self._left = [*BODIES]
        elif status == b"200":
            self._took.append(now - self._sent)
        else:
            self._end(RuntimeError(body.decode()))
            return
        if self._left:
            self._post(b"messages", self._left.pop(0), self._bearer)
        elif now < self._until:
            self.talks += 1
            self._post(b"sessions", OPENING)
        else:
            self.talks += 1
            self._end(None)

    def _post(self, place: bytes, body: bytes, bearer: bytes = b"") -> None:
        head = (
            b"POST /api/chat/%s HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n%s\r\n"
        )
        self._sent = time.perf_counter()
        self._transport.write(head % (place, len(body), bearer) + body)

    def _end(self, problem: Exception | None) -> None:
        if problem is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(problem)
        self._transport.close()


class Measured:
    """What one crowd of clients saw; every time in milliseconds."""

    def __init__(self, took: list[float], seconds: float, talks: int) -> None:
        self.turns = len(took)
        self.talks = talks
        self.rate = len(took) / seconds
        ordered = sorted(took)
        self.p50, self.p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.99))


async def measure(url: str, clients: int, seconds: float = SECONDS) -> Measured:
    """So many clients talking for so long, and until each has finished its talk."""
    took: list[float] = []
    begin = time.perf_counter()
    address, loop = urlsplit(url), asyncio.get_running_loop()
    crowd = [
        (await loop.create_connection(lambda: Prospect(took, begin + seconds), address.hostname, address.port))[1]
        for _ in range(clients)
    ]
    await asyncio.gather(*(prospect.done for prospect in crowd))
    return Measured(took, time.perf_counter() - begin, sum(prospect.talks for prospect in crowd))


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Megabytes the process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def on_disk(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("test.db*"))


def main() -> None:
    given = os.environ.get("DATABASE_URL")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = EVERYBODY_COMES_FROM_HERE | ({"DATABASE_URL": given} if given else {})
        begun = time.perf_counter()
        with BantlineProcess(folder, **settings) as bantline:
            print(f"listens after {time.perf_counter() - begun:.1f} s")
            talks = uvloop.run(measure(bantline.url, 4, 2.0)).talks
            print(f"{'clients':>8} {'turns/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'server µs/turn':>15} {'RSS MB':>7}")
            for clients in CLIENTS:
                before = cpu_seconds(bantline.pid)
                seen = uvloop.run(measure(bantline.url, clients))
                spent = (cpu_seconds(bantline.pid) - before) / seen.turns * 1e6
                talks += seen.talks
                row = f"{clients:>8} {seen.rate:>9.0f} {seen.p50:>8.1f} {seen.p99:>8.1f} {spent:>15.0f}"
                print(f"{row} {memory(bantline.pid):>7.0f}", flush=True)
        if not given:
            print(f"{on_disk(folder) / talks:.0f} bytes on disk for a finished interview, of {talks}")


if __name__ == "__main__":
    main()
