"""Interview turns per second over real HTTP: token, reader, interview, answer, score, stage, outbox, durable commit.

    python -m benchmarks.turns                 SQLite in a fresh file
    DATABASE_URL=postgresql://... python -m benchmarks.turns

One `bantline serve` in a process of its own; the clients share the machine with it, so compare rows, not absolutes.
"""

import asyncio
import itertools
import os
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp

from tests.process import BantlineProcess

CLIENTS = (1, 32, 256)
SECONDS = 6.0
TALK = (
    "手作業が多くて困っています",
    "3ヶ月以内に導入したいです",
    "部長の承認が必要です",
    "300万円くらいです",
    "株式会社アサヒ工具",
    "山田太郎 yamada@asahi.example",
)


async def talk_on(http: aiohttp.ClientSession, url: str, until: float, took: list[float]) -> None:
    while time.perf_counter() < until:
        async with http.post(f"{url}/api/chat/sessions", json={"locale": "ja"}) as begun:
            bearer = {"Authorization": f"Bearer {(await begun.json())['token']}"}
        bodies = [{"id": str(number), "text": text} for number, text in enumerate(TALK)]
        for body in [*bodies, {"id": "end", "choice": "confirm"}]:
            begin = time.perf_counter()
            async with http.post(f"{url}/api/chat/messages", json=body, headers=bearer) as answer:
                await answer.read()
                assert answer.status == 200, await answer.text()
            took.append(time.perf_counter() - begin)


async def measure(url: str, clients: int) -> tuple[float, float, float]:
    """Turns a second, and the time of one turn in milliseconds at p50 and p99."""
    took: list[float] = []
    until = time.perf_counter() + SECONDS
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        begin = time.perf_counter()
        await asyncio.gather(*itertools.starmap(talk_on, itertools.repeat((http, url, until, took), clients)))
        passed = time.perf_counter() - begin
    took.sort()
    return len(took) / passed, statistics.median(took) * 1000, took[int(len(took) * 0.99)] * 1000


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    given = os.environ.get("DATABASE_URL")
    with tempfile.TemporaryDirectory() as folder:
        settings = {"DATABASE_URL": given} if given else {}
        with BantlineProcess(Path(folder), **settings) as bantline:
            asyncio.run(measure(bantline.url, 4))
            print(f"{'clients':>8} {'turns/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'server µs/turn':>15}")
            for clients in CLIENTS:
                before = cpu_seconds(bantline.pid)
                rate, middle, slowest = asyncio.run(measure(bantline.url, clients))
                spent = (cpu_seconds(bantline.pid) - before) / (rate * SECONDS) * 1e6
                print(f"{clients:>8} {rate:>9.0f} {middle:>8.1f} {slowest:>8.1f} {spent:>15.0f}")


if __name__ == "__main__":
    main()
