"""A thousand people chat at once, each with a stream open beside it: every answer durable, quick, and pushed once (R17)."""

import asyncio
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.costs import cpu_seconds
from tests.chaos.chat_killed import Visitor
from tests.chaos.office import folder
from tests.chaos.proof import Proof, percentile, unless
from tests.process import BantlineProcess

CHATS, QUICK_CHATS = 1_000, 50
THINKS = 1.5  # seconds
MEBIBYTE = 1024  # kibibytes
P95, P99, MOST_MEMORY = 150.0, 500.0, 400
AFTERWARDS = (
    "ありがとうございます",
    "資料もお願いします",
    "来週は不在です",
    "電話は午後にお願いします",
    "以上です",
    "よろしくお願いします",
)


class Guest(Visitor):
    """The same widget; how long each answer took, in milliseconds."""

    def __init__(self, http: aiohttp.ClientSession, url: str, number: int, thinks: float = THINKS) -> None:
        super().__init__(http, url, number, thinks=thinks)
        self.took: list[float] = []

    async def _is_asked(self, question: str | None) -> None:
        """Nobody is killed here, so nobody has to look again."""

    async def says(self, body: dict[str, str]) -> dict[str, object]:
        began = time.perf_counter()
        answer = await super().says(body)
        self.took.append((time.perf_counter() - began) * 1000)
        return answer


async def _try_it(chats: int) -> Proof:
    random.seed(17)
    with folder() as place:
        bantline = BantlineProcess(place)
        await asyncio.to_thread(bantline.start)
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
                await Guest(http, bantline.url, chats, thinks=0).talks()  # the reader's lists are read by then
                guests = [Guest(http, bantline.url, number) for number in range(chats)]
                busy, own = os.getloadavg()[0], time.process_time()
                began, spent = time.perf_counter(), cpu_seconds(bantline.pid)
                await asyncio.gather(*(guest.talks(AFTERWARDS) for guest in guests))
                seconds, spent = time.perf_counter() - began, cpu_seconds(bantline.pid) - spent
                cost = Cost(seconds=seconds, server=spent, clients=time.process_time() - own, busy=busy)
                return await _judge(guests, cost, resident(bantline.pid))
        finally:
            await asyncio.to_thread(bantline.stop)


def resident(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / MEBIBYTE


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What it took: seconds on the clock, seconds of CPU on either side, and how many others wanted the two cores."""

    seconds: float
    server: float
    clients: float
    busy: float


async def _judge(guests: list[Guest], cost: Cost, memory: float) -> Proof:
    stored = [await guest.remembered() for guest in guests]
    acknowledged = sum(len(guest.took) for guest in guests)
    kept = sum(len(own) for _, own in stored)
    misheard = sum(guest.pushed != seqs for guest, (seqs, _) in zip(guests, stored, strict=True))
    took = [one for guest in guests for one in guest.took]
    p95, p99 = percentile(took, 95), percentile(took, 99)
    return Proof(
        name="R17",
        promise="a thousand chats at once are answered quickly",
        figures=f"{len(guests)} chats with a stream each, {THINKS} s thinking: {acknowledged} acknowledged, {kept} stored, "
        f"{acknowledged / cost.seconds:.0f} a second where {len(guests) / THINKS:.0f} were asked for; p50 {percentile(took, 50):.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms; "
        f"{cost.server / acknowledged * 1000:.2f} ms of the server's CPU for each, its push with it; the clients took "
        f"{cost.clients / acknowledged * 1000:.2f} ms of the same {os.cpu_count()} cores, at a load of {cost.busy:.0f} from other work; "
        f"{memory:.0f} MiB; {misheard} streams with a gap, a repeat or a wrong order",
        broken=unless(
            what_is_acknowledged_is_stored=(kept == acknowledged, (acknowledged, kept)),
            nineteen_of_twenty_are_quick=(p95 < P95, p95),
            ninety_nine_of_a_hundred_are_quick=(p99 < P99, p99),
            memory_stays_below_400=(memory < MOST_MEMORY, memory),
            every_stream_tells_each_message_once_in_order=(misheard == 0, misheard),
        ),
    )


def a_thousand_chats(quick: bool) -> Proof:
    return asyncio.run(_try_it(QUICK_CHATS if quick else CHATS))
