"""What a turn costs at the door: HTTP read, measured, let in, checked, handed over, put into words and answered.

    python -m benchmarks.door              the CPU time of the event loop's thread, the best of ROUNDS=300

The server's own protocol is fed whole requests of 128 connections and answers into memory; the writer is left out, and
every turn of a finished interview gets the answer it once got. So sockets and the writer's thread are not in it.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import uvloop
from uvicorn.server import ServerState

from benchmarks.crowd import CONFIRMED, OPENING, SAID
from bot.bootstrap import Services, start_services
from bot.metrics import Metrics
from bot.running import Running
from bot.server import Server
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.streams import Streams
from qualification.store import Store

ROUNDS = int(os.environ.get("ROUNDS", "300"))
CONNECTIONS = 128
CONTACT = '{"id": "contact", "text": "山田太郎 yamada@asahi.example"}'.encode()
SAYS = (*SAID, CONTACT, CONFIRMED)
HEAD = (
    b"POST /api/chat/%s HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n"
    b"authorization: Bearer %s\r\n\r\n"
)
PLENTY = 10**9  # a minute: everybody comes from here


class Line:
    """A transport that leads nowhere."""

    def __init__(self) -> None:
        self.answer = b""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 50_000), "sockname": ("127.0.0.1", 80)}.get(name, default)

    def write(self, data: bytes) -> None:
        self.answer += data

    def is_closing(self) -> bool:
        return False

    def close(self) -> None: ...
    def abort(self) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


class Prepared:
    """In the store's place: hands everybody the same answer, all at once."""

    def __init__(self, store: Store) -> None:
        self.engine, self.policy, self.clock = store.engine, store.policy, store.clock
        self._store = store
        self.waiting: list[asyncio.Future[Any]] = []
        self.learns = True
        self.answer: Any = None

    async def run(self, *work: Any, **how: Any) -> Any:
        if self.learns:
            self.answer = await self._store.run(*work, **how)
            return self.answer
        self.waiting.append(asyncio.get_running_loop().create_future())
        return await self.waiting[-1]

    def answer_all(self) -> None:
        waiting, self.waiting = self.waiting, []
        for future in waiting:
            future.set_result(self.answer)


class Door:
    """The door with its connections, and one prospect who talks through it once, to be repeated by all."""

    def __init__(self, services: Services) -> None:
        self._store = Prepared(services.store)
        services = replace(services, store=cast(Store, self._store))
        streams = Streams(services)
        web = build_web(services, streams, metrics=Metrics())
        program = Running(services, web, cast(Any, None), cast(Any, None), streams)
        self._config = Server(program, "127.0.0.1", 0).config
        self._config.load()
        self._state = ServerState()
        self._connections = [self._connect() for _ in range(CONNECTIONS)]

    def _connect(self) -> tuple[Line, Any]:
        line, protocol = Line(), cast(Any, self._config.http_protocol_class)
        connection = protocol(config=self._config, server_state=self._state, app_state={})
        connection.connection_made(line)
        return line, connection

    async def talk(self) -> list[float]:
        """Microseconds of each request of a talk, its opening first."""
        took, token = [], b"-" * 20
        for request in _requests():
            self._store.learns = True
            answer = await self._ask(request(token), self._connections[:1])
            if b'"token":"' in answer:
                token = answer.partition(b'"token":"')[2].partition(b'"')[0]
            self._store.learns = False
            took.append(await self._best(request(token)))
        return took

    async def _best(self, request: bytes) -> float:
        return min([await self._once(request) for _ in range(ROUNDS)])

    async def _once(self, request: bytes) -> float:
        began = time.thread_time()
        await self._ask(request, self._connections)
        return (time.thread_time() - began) / CONNECTIONS * 1e6

    async def _ask(self, request: bytes, connections: list[tuple[Line, Any]]) -> bytes:
        for line, connection in connections:
            line.answer = b""
            connection.data_received(request)
        while not all(connection.cycle.response_complete for _, connection in connections):
            await asyncio.sleep(0)
            if len(self._store.waiting) == len(connections):
                self._store.answer_all()
        answer = connections[0][0].answer
        if not answer.startswith(b"HTTP/1.1 20"):
            raise RuntimeError(answer.decode())
        return answer


def _requests() -> Iterator[Any]:
    yield lambda token: HEAD % (b"sessions", len(OPENING), token) + OPENING
    for body in SAYS:
        yield lambda token, body=body: HEAD % (b"messages", len(body), token) + body


async def measure(folder: Path, kind: type[Door] = Door) -> list[float]:
    """What each request of a talk took, as this kind of door measures it."""
    settings = Settings(
        database_url=f"sqlite:///{folder}/test.db",
        bantline_requests_a_minute=PLENTY,
        bantline_chats_a_minute=PLENTY,
        bantline_messages_a_minute=PLENTY,
    )
    services = start_services(settings)
    try:
        return await kind(services).talk()
    finally:
        services.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        opening, *turns = uvloop.run(measure(Path(name)))
    print("opening a talk", round(opening), "µs; turns", " ".join(f"{turn:.0f}" for turn in turns), "µs")
    print(f"{(opening + sum(turns)) / len(turns):.0f} µs of the event loop's thread for a turn, its opening shared out")


if __name__ == "__main__":
    main()
