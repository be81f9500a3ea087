"""Who holds a line to us, and for how long without a word: connections are counted before a request is even read.

Seats             how many lines one address holds; a proxy of ours holds as many as it likes
Watch             one look at all lines now and then: ten thousand open panels are no ten thousand timers
Line              uvicorn's protocol, with a seat: none left, or no whole head within PATIENCE, and it is closed
WholeAnswer       what its requests write to: head and body of an answer go out as one packet
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from bot.web.limits import KEEP_NOTHING, NO_SCRIPT_POLICY, SAFE_HEADERS

PATIENCE = 10.0  # seconds for a whole head; a body has its own (bot/web/limits.py)
LOOK_EVERY = 2.0  # seconds
LARGEST_HEAD = 64 * 1024  # bytes of a head that does not end
MALFORMED = b"this is no HTTP request"


class Seats:
    """How many lines each address holds. 0: as many as it likes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        """Whether there was one left."""
        if self._most and self._held[address] >= self._most:
            return False
        self._held[address] += 1
        return True

    def give_back(self, address: str) -> None:
        self._held[address] -= 1
        if self._held[address] <= 0:
            del self._held[address]


class Watch:
    """Looks at every line each LOOK_EVERY seconds, as long as there is one."""

    def __init__(self) -> None:
        self._lines: set[Line] = set()
        self._next: asyncio.TimerHandle | None = None

    def begin(self, line: "Line") -> None:
        self._lines.add(line)
        if self._next is None:
            self._look_later()

    def end(self, line: "Line") -> None:
        self._lines.discard(line)

    def _look_later(self) -> None:
        self._next = asyncio.get_running_loop().call_later(LOOK_EVERY, self._look)

    def _look(self) -> None:
        self._next = None
        now = time.monotonic()
        for line in tuple(self._lines):
            line.looked_at(now)
        if self._lines:
            self._look_later()


class WholeAnswer:
    """A transport for one answer: its head, which uvicorn writes by itself, waits for what follows."""

    __slots__ = ("_head", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head: bytes | None = None

    def write(self, data: bytes) -> None:
        if self._head is None:
            self._head = data
        else:
            self._transport.write(self._head + data)
            self._head = b""

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self.write(b"")
        self._transport.close()


class Line(asyncio.Protocol):
    """What is added in front of uvicorn's own protocol; `cycle` is its request in progress."""

    watch: Watch
    seats: Seats
    holder_of: Callable[[str], str | None]
    cycle: Any
    transport: Any

    _seat: str | None = None
    _refused = False
    _silent_since = 0.0
    _head = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        holder = type(self).holder_of(peer[0]) if isinstance(peer, tuple) else None
        if holder is not None and not self.seats.take(holder):
            self._refused = True
            transport.abort()  # type: ignore[attr-defined]  # every transport of a socket has it
            return
        self._seat = holder
        super().connection_made(transport)
        self._silent_since = time.monotonic()
        self.watch.begin(self)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_served():
            self._head = 0
        elif (head := self._head + len(data)) > LARGEST_HEAD:
            self.transport.abort()
        else:
            self._head = head

    def on_headers_complete(self) -> None:
        """Told by httptools. Where somebody waits for leave to go on, or for a head alone, nothing is held back."""
        before = self.cycle
        super().on_headers_complete()  # type: ignore[misc]  # of uvicorn's protocol
        cycle = self.cycle
        if cycle is not before and cycle.scope["method"] != "HEAD" and not cycle.waiting_for_100_continue:
            cycle.transport = WholeAnswer(cycle.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.watch.end(self)
        if self._seat is not None:
            self.seats.give_back(self._seat)
        if not self._refused:
            super().connection_lost(exc)

    def send_400_response(self, _said: str) -> None:
        """uvicorn's own answer to a malformed request would lack our headers."""
        headers = [*SAFE_HEADERS, KEEP_NOTHING, (b"content-security-policy", NO_SCRIPT_POLICY)]
        head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        plain = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head + plain % len(MALFORMED) + MALFORMED)
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """We speak nothing but HTTP, and answer as such; who asks for more writes no line into the log."""

    def _is_served(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def looked_at(self, now: float) -> None:
        """A line that is served may take its time; one that only waits for a head may not."""
        if self._is_served():
            self._silent_since = now
        elif now - self._silent_since > PATIENCE:
            self.transport.abort()


def line_with(seats: Seats, holder_of: Callable[[str], str | None]) -> type[asyncio.Protocol]:
    """The protocol for a server. `holder_of(address)`: whose seat a line from there takes; None: nobody's."""
    own = {"seats": seats, "watch": Watch(), "holder_of": staticmethod(holder_of)}
    return type("SeatedLine", (Line, AutoHTTPProtocol), own)
