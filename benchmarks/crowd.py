"""A crowd of prospects who talk over HTTP: whole interviews in Japanese, each message after the last answer.

Whoever is measured speaks the two calls of our chat: POST /api/chat/sessions opens a talk (201, a token), POST
/api/chat/messages says something (200, an answer). A turn is a message with its answer; to open a talk is not counted.
"""

import asyncio
import itertools
import json
import time
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

TALK = (
    "手作業が多くて困っています",
    "3ヶ月以内に導入したいです",
    "部長の承認が必要です",
    "300万円くらいです",
    "株式会社アサヒ工具",
    "山田太郎 yamada@asahi.example",
)
SAID = [json.dumps({"id": str(number), "text": text}).encode() for number, text in enumerate(TALK[:-1])]
CONFIRMED = b'{"id": "end", "choice": "confirm"}'
OPENING = b'{"locale": "ja"}'
FINISHED = (b'"state":"completed"', b'"done":true')
HELLO = b"GET /api/chat/nothing HTTP/1.1\r\nhost: x\r\n\r\n"  # any answer will do
END_OF_HEAD = b"\r\n\r\n"

_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one crowd of clients saw; the time of a turn in milliseconds."""

    turns: int
    talks: int
    rate: float
    p50: float
    p99: float


class Prospect(asyncio.Protocol):
    """One client on one connection: talk after talk until the time is over, and the last one to its end.

    Who `leaves_after` some messages goes on with another talk and leaves this one open.
    """

    def __init__(self, took: list[float], leaves_after: int | None) -> None:
        self.accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.talks = 0
        self._took = took
        self._leaves_after = leaves_after
        self._until = 0.0
        self._answer = b""
        self._bearer = b""
        self._left: list[bytes] = []
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(HELLO)

    def begin(self, until: float) -> None:
        """Talk until then, by the performance counter."""
        self._until = until
        self._open()

    def connection_lost(self, problem: Exception | None) -> None:
        awaited = self.done if self.accepted.done() else self.accepted
        if not awaited.done():
            awaited.set_exception(problem or ConnectionResetError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, found, body = self._answer.partition(END_OF_HEAD)
        if not found or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r", 1)[0]):
            return
        self._answer = b""
        self._heard(head.split(b" ", 2)[1], body)

    def _heard(self, status: bytes, body: bytes) -> None:
        now = time.perf_counter()
        if not self.accepted.done():
            self.accepted.set_result(None)
            return
        if status == b"201":
            self._bearer = b"authorization: Bearer " + json.loads(body)["token"].encode() + b"\r\n"
            self._left = messages()[: self._leaves_after][::-1]
        elif status == b"200":
            self._took.append(now - self._sent)
        else:
            self._end(RuntimeError(body.decode()))
            return
        if self._left:
            self._post(b"messages", self._left.pop(), self._bearer)
        elif self._leaves_after is None and not any(sign in body for sign in FINISHED):
            self._end(RuntimeError(f"the interview did not end: {body.decode()}"))
        else:
            self.talks += 1
            if now < self._until:
                self._open()
            else:
                self._end(None)

    def _open(self) -> None:
        self._post(b"sessions", OPENING)

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


def messages() -> list[bytes]:
    """The bodies of a whole talk, its yes at the end; everybody is of a firm of their own."""
    contact = {"id": "contact", "text": TALK[-1].replace("asahi", f"asahi{next(_numbers)}")}
    return [*SAID, json.dumps(contact).encode(), CONFIRMED]


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Everybody, connected and heard once by the server, so that it has accepted all of them before they begin."""

    prospects: list[Prospect]
    took: list[float]

    async def talk(self, seconds: float) -> Measured:
        """All begin now and talk for so long, and until each has finished its talk."""
        begin = time.perf_counter()
        for prospect in self.prospects:
            prospect.begin(begin + seconds)
        await asyncio.gather(*(prospect.done for prospect in self.prospects))
        spent = time.perf_counter() - begin
        ordered = sorted(self.took)
        return Measured(
            turns=len(ordered),
            talks=sum(prospect.talks for prospect in self.prospects),
            rate=len(ordered) / spent,
            p50=ordered[len(ordered) // 2] * 1000,
            p99=ordered[int(len(ordered) * 0.99)] * 1000,
        )


async def connected(url: str, clients: int, leaves_after: int | None = None) -> Crowd:
    address, loop = urlsplit(url), asyncio.get_running_loop()
    host, port = address.hostname or "127.0.0.1", address.port or 80
    took: list[float] = []
    prospects = [
        (await loop.create_connection(lambda: Prospect(took, leaves_after), host, port))[1] for _ in range(clients)
    ]
    await asyncio.gather(*(prospect.accepted for prospect in prospects))
    return Crowd(prospects=prospects, took=took)


async def measure(url: str, clients: int, seconds: float) -> Measured:
    """So many clients talking for so long."""
    return await (await connected(url, clients)).talk(seconds)
