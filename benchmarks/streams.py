"""Ten thousand open event streams on one process: what they weigh, and how long a push to all of them takes.

    python -m benchmarks.streams                10,000 streams, each of its own talk
    python -m benchmarks.streams --streams 500

The server is the product in a process of its own. A new message is written into every talk, the server is told that
these talks changed (as a commit tells it), and the clock stops when the last client has its message. Clients share the
machine with it.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlmodel import col

from benchmarks.costs import cpu_seconds
from bot.bootstrap import start_services
from bot.logs import set_up_logs
from bot.running import running
from bot.server import Server, make_room_for_many
from bot.settings import Settings
from bot.web.tokens import hash_of
from dialogs.messages import Message
from dialogs.records import Chat, Turn
from dialogs.turn import open_chat
from qualification.database import open_engine
from qualification.writing.rows import table_of

STREAMS, ROUNDS = 10_000, 3
FROM_ONE_ADDRESS = {
    "bantline_lines_per_address": 0,
    "bantline_requests_a_minute": 0,
}  # as ten thousand visitors never do
OPENING_AT_ONCE = 200
TALKS_AT_ONCE = 2_000
MEBIBYTE = 1024  # kibibytes
PATIENCE = 120.0


# -- the server --------------------------------------------------------------------------------------


async def serve(database: str) -> None:
    """The product on a free port; each line on the standard input says that every talk has changed."""
    set_up_logs()
    settings = Settings.model_validate({"database_url": database, "slack_bot_token": "", **FROM_ONE_ADDRESS})
    services = start_services(settings)
    async with running(services, with_worker=False) as program, Server(program, "127.0.0.1", 0).listening() as url:
        print(url, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip() == "changed":
                chats = services.store.read(lambda session: session.execute(select(col(Chat.id))).scalars().all())
                program.streams.note(chats)
            print(program.streams.count, flush=True)
    services.close()


# -- the clients -------------------------------------------------------------------------------------


class Listener(asyncio.Protocol):
    """One open panel, as small as it can be: it counts the events it got."""

    def __init__(self, request: bytes, crowd: "Crowd") -> None:
        self._request = request
        self._crowd = crowd

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._crowd.heard(data.count(b"\nid: ") + data.startswith(b"id: "))

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.lost += 1


class Crowd:
    """Everybody who listens: how many events came, and when the wanted number was reached."""

    def __init__(self) -> None:
        self.events = 0
        self.lost = 0
        self._wanted = 0
        self._reached = asyncio.Event()

    def heard(self, events: int) -> None:
        self.events += events
        if self.events >= self._wanted:
            self._reached.set()

    async def until(self, events: int) -> None:
        self._wanted = events
        self._reached.clear()
        if self.events < events:
            async with asyncio.timeout(PATIENCE):
                await self._reached.wait()


async def open_all(address: tuple[str, int], tokens: Sequence[str], crowd: Crowd) -> list[asyncio.BaseTransport]:
    loop = asyncio.get_running_loop()
    opened: list[asyncio.BaseTransport] = []
    for start in range(0, len(tokens), OPENING_AT_ONCE):
        requests = [
            f"GET /api/chat/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
            for token in tokens[start : start + OPENING_AT_ONCE]
        ]
        made = [loop.create_connection(partial(Listener, request, crowd), *address) for request in requests]
        opened += [transport for transport, _ in await asyncio.gather(*made)]
        await crowd.until(start + len(requests))
    return opened


# -- talks -------------------------------------------------------------------------------------------


async def begin_talks(database: str, count: int) -> list[str]:
    """So many talks in a fresh database; their tokens."""
    services = start_services(Settings.model_validate({"database_url": database, "slack_bot_token": ""}))
    tokens = [f"a-token-of-the-benchmark-{number:08d}" for number in range(count)]
    for start in range(0, count, TALKS_AT_ONCE):
        await asyncio.gather(
            *(
                services.store.run(
                    lambda tx, token=token: open_chat(  # type: ignore[misc]  # bound now
                        tx, token_hash=hash_of(token), language="ja", page_url=None, referrer=None, playbook=None
                    )
                )
                for token in tokens[start : start + TALKS_AT_ONCE]
            )
        )
    services.close()
    return tokens


def write_into_every_talk(database: str) -> None:
    """A line of a rep for everybody, in one transaction."""
    engine = open_engine(database)
    chat, turn = table_of(Chat), table_of(Turn)
    now, words = datetime.now(UTC), "お待たせしました。担当の山田です。"
    said = [Message(seq=0, sender="rep", text=words, facts={"name": "山田 由紀"}, at=now).kept()]
    line = {"said": said, "state": "handed_over", "at": now}
    with engine.begin() as connection:
        rows = connection.execute(select(chat.c.id, chat.c.seq)).all()
        turns = [{"chat_id": chat_id, "first": seq + 1, "last": seq + 1, **line} for chat_id, seq in rows]
        connection.execute(insert(turn), turns)
        connection.execute(update(chat).values(seq=chat.c.seq + 1))
    engine.dispose()


# -- the measurement ---------------------------------------------------------------------------------


def resident_mebibytes(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / MEBIBYTE


async def measure(count: int) -> None:
    make_room_for_many()
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/streams.db"
        tokens = await begin_talks(database, count)
        command = (sys.executable, "-m", "benchmarks.streams", "--serve", database)
        pipe = asyncio.subprocess.PIPE
        quiet = os.open(os.devnull, os.O_WRONLY)
        server = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=quiet)
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            url = (await server.stdout.readline()).decode().strip()
            empty = resident_mebibytes(server.pid)
            crowd, host_and_port = Crowd(), url.removeprefix("http://").split(":")
            began = time.perf_counter()
            opened = await open_all((host_and_port[0], int(host_and_port[1])), tokens, crowd)
            print(f"{count} streams opened in {time.perf_counter() - began:.1f} s")
            took, spent = [], cpu_seconds(server.pid)
            for number in range(1, ROUNDS + 1):
                await asyncio.to_thread(write_into_every_talk, database)
                began = time.perf_counter()
                server.stdin.write(b"changed\n")
                await crowd.until(count * (1 + number))
                took.append(time.perf_counter() - began)
                await server.stdout.readline()
            spent = (cpu_seconds(server.pid) - spent) / ROUNDS
            full = resident_mebibytes(server.pid)
            each = (full - empty) * 1024 / count
            print(f"a push to all: {', '.join(f'{one:.2f}' for one in took)} s; {spent:.2f} s of its CPU time each")
            print(f"server: {full:.0f} MiB resident ({empty:.0f} before), {each:.1f} KiB a stream")
            print(f"events: {crowd.events} of {count * (1 + ROUNDS)}, lines lost: {crowd.lost}")
            for transport in opened:
                transport.close()
        finally:
            server.stdin.close()
            await server.wait()


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.streams")
    asked.add_argument("--streams", type=int, default=STREAMS)
    asked.add_argument("--serve", metavar="DATABASE", help=argparse.SUPPRESS)
    given = asked.parse_args()
    asyncio.run(serve(given.serve) if given.serve else measure(given.streams))


if __name__ == "__main__":
    main()
