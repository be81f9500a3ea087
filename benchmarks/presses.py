"""How long Slack waits for the answer to a press: signed, over HTTP, one client, every commit durable.

    python -m benchmarks.presses [COUNT]

Beside it the parts: what the door and Bolt take when nothing is committed, and what one commit takes on this disk.
"""

import argparse
import asyncio
import contextlib
import sqlite3
import time
from statistics import median

import aiohttp

from bot.slack import ids
from qualification.database import PRAGMAS
from tests.chaos.hand import Parcel
from tests.chaos.office import folder, quiet
from tests.chaos.proof import percentile
from tests.chaos.slack_doors import body_of, signed
from tests.chaos.slack_under_load import one_process


async def measure(count: int) -> None:
    async with one_process(count) as ward, aiohttp.ClientSession() as session:
        user = ward.workspace.person("yuki")
        url = str(ward.workspace.request_url)
        presses = [ward.hand.presses(user, ids.CLAIM, lead) for lead in ward.leads]
        unknown = [ward.hand.presses(user, "nobody_knows_this", lead) for lead in ward.leads]
        await _timed(session, url, [ward.hand.types(user, "mine")])
        _tell("acknowledged, nothing to commit", await _timed(session, url, unknown))
        _tell("a claim, acknowledged after its commit", await _timed(session, url, presses))
    _tell("one durable commit on this disk", await asyncio.to_thread(_bare_commits, count))


def _bare_commits(count: int) -> list[float]:
    """SQLite alone, with our settings: what no program can go below."""
    taken = []
    with folder() as place, contextlib.closing(sqlite3.connect(place / "bare.db", isolation_level=None)) as bare:
        for pragma in PRAGMAS:
            bare.execute(f"PRAGMA {pragma}")
        bare.execute("CREATE TABLE press (id INTEGER PRIMARY KEY, words TEXT)")
        for number in range(count):
            began = time.perf_counter()
            bare.execute("INSERT INTO press VALUES (?, ?)", (number, "x" * 500))
            taken.append(time.perf_counter() - began)
    return taken


async def _timed(session: aiohttp.ClientSession, url: str, parcels: list[Parcel]) -> list[float]:
    taken = []
    for parcel in parcels:
        body, kind = body_of(parcel)
        headers = signed(body)
        headers["Content-Type"] = kind
        began = time.perf_counter()
        async with session.post(url, data=body, headers=headers) as response:
            await response.read()
        taken.append(time.perf_counter() - began)
        assert response.status == 200
    return taken


def _tell(what: str, taken: list[float]) -> None:
    ms = [one * 1000 for one in taken]
    print(f"{what:<40} p50 {median(ms):5.1f} ms   p99 {percentile(ms, 99):5.1f} ms   ({len(ms)} presses)")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", nargs="?", type=int, default=500)
    quiet()
    asyncio.run(measure(asked.parse_args().count))
