"""One contestant's part of a round: started on an empty database, warmed up, and measured with each crowd."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import uvloop

from benchmarks.costs import cpu_seconds, family_cpu_seconds, machine_now, memory, on_disk
from benchmarks.crowd import connected, measure
from benchmarks.durable_postgres import Postgres
from benchmarks.peers.contestants import POSTGRES, Contestant
from benchmarks.peers.server import Server
from tests.process import UNMEASURED

WARM_UP_CLIENTS = 4


@dataclass(frozen=True, kw_only=True)
class Row:
    """One contestant with one crowd in one round. Microseconds of CPU a turn, milliseconds a turn, megabytes.

    `others` is the share of the machine that was used by neither the contestant, its database nor the clients.
    `bytes_a_talk` is what the database weighs when the contestant has stopped, by finished interview; SQLite only.
    """

    round: int
    contestant: str
    clients: int
    turns: int
    rate: float
    p50: float
    p99: float
    server_us: float
    database_us: float | None
    client_us: float
    memory: float
    load: float
    others: float
    bytes_a_talk: float | None = None


@dataclass(frozen=True, kw_only=True)
class Ring:
    """What is the same for all: the crowds, how long, and PostgreSQL if there is one."""

    crowds: tuple[int, ...]
    seconds: float
    postgres: Postgres | None = None
    warm_up: float = 1.0


def compete(contestant: Contestant, installed: Path | None, ring: Ring, number: int) -> list[Row]:
    """A row for each crowd. Raises DidNotStart, and RuntimeError with an answer that is none."""
    with tempfile.TemporaryDirectory() as name, database_for(contestant, Path(name), ring) as (database, postmaster):
        folder = Path(name)
        with Server(contestant.command(installed, database), folder, settings_for(database)) as server:
            talks = uvloop.run(measure(server.url, WARM_UP_CLIENTS, ring.warm_up)).talks
            rows = []
            for clients in ring.crowds:
                row, finished = uvloop.run(_measured(server, contestant, number, clients, ring.seconds, postmaster))
                rows.append(row)
                talks += finished
        if contestant.database == POSTGRES:
            return rows
        return [replace(row, bytes_a_talk=on_disk(folder) / talks) for row in rows]


@contextlib.contextmanager
def database_for(contestant: Contestant, folder: Path, ring: Ring) -> Iterator[tuple[str, int | None]]:
    """An empty one, and the first process of its server."""
    if contestant.database != POSTGRES:
        yield str(folder / "talks.db"), None
        return
    assert ring.postgres is not None
    with ring.postgres.fresh_database() as url:
        yield url, ring.postgres.pid


async def _measured(
    server: Server, contestant: Contestant, number: int, clients: int, seconds: float, postmaster: int | None
) -> tuple[Row, int]:
    crowd = await connected(server.url, clients)
    load, machine = os.getloadavg()[0], machine_now()
    own, its = time.process_time(), cpu_seconds(server.pid)
    of_database = family_cpu_seconds(postmaster) if postmaster else 0.0
    seen = await crowd.talk(seconds)
    own, its = time.process_time() - own, cpu_seconds(server.pid) - its
    of_database = family_cpu_seconds(postmaster) - of_database if postmaster else 0.0
    now = machine_now()
    row = Row(
        round=number,
        contestant=contestant.name,
        clients=clients,
        turns=seen.turns,
        rate=seen.rate,
        p50=seen.p50,
        p99=seen.p99,
        server_us=its / seen.turns * 1e6,
        database_us=of_database / seen.turns * 1e6 if postmaster else None,
        client_us=own / seen.turns * 1e6,
        memory=memory(server.pid),
        load=load,
        others=max(0.0, now.used_since(machine) - (own + its + of_database) / now.seconds_since(machine)),
    )
    return row, seen.talks


def settings_for(database: str) -> dict[str, str]:
    """Those of ours: no limits by address, because everybody comes from here."""
    url = database if "://" in database else f"sqlite:///{database}"
    return {"DATABASE_URL": url, "BANTLINE_API_KEY": "key-of-the-benchmarks"} | dict.fromkeys(UNMEASURED, "0")
