"""Two hosts whose clocks differ, on one PostgreSQL: what is due is due by the database's time (R15)."""

import asyncio
import random
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import text

from bot.bootstrap import wall_clock
from bot.migrations import bring_up_to_date
from qualification.store import Store
from tests.chaos.clock_workers import start_on_a_host
from tests.chaos.clocks import OVERDUE_BY, has_clocks, store_of
from tests.chaos.proof import Proof, unless
from tests.postgres import fresh_schema, server_url

APART = 90.0  # seconds
LATE = timedelta(seconds=5)
PARTS = 20
# Each step is dated by the server as it arrives there, whatever its worker believes.
RECEIVED = "ALTER TABLE history ADD COLUMN received_at timestamptz NOT NULL DEFAULT clock_timestamp()"
STEPS = """
    SELECT data->>'follow_up_id', data->>'step', (data->>'due_at')::timestamptz, received_at, at
    FROM history WHERE kind = 'step_taken' AND data->>'step' = 'due'
"""


def skewed_hosts(quick: bool) -> Proof:
    return asyncio.run(_apart(60, seconds=4) if quick else _apart(1_000, seconds=20))


async def _apart(count: int, *, seconds: int) -> Proof:
    with fresh_schema(server_url()) as url:
        await asyncio.to_thread(bring_up_to_date, url)
        with store_of(url) as store:
            with store.engine.begin() as connection:
                connection.execute(text(RECEIVED))
            workers = [await asyncio.to_thread(start_on_a_host, url, ahead) for ahead in (APART / 2, -APART / 2)]
            began = wall_clock() - OVERDUE_BY + timedelta(minutes=1, seconds=seconds)
            await asyncio.to_thread(_fall_due, store, count, began, seconds)
            steps = await _until_all(store, count, within=2 * seconds + 60)
            for worker in workers:
                worker.kill()
                worker.join()
    lateness = [received - due for _, _, due, received, _ in steps]
    early = sum(late < timedelta(0) for late in lateness)
    twice = sum(many - 1 for many in Counter(clock for clock, *_ in steps).values())
    believed = max((abs(at - received) for *_, received, at in steps), default=timedelta(0))
    return Proof(
        name="R15",
        promise="the database's time decides, not the hosts'",
        figures=(
            f"{count:,} timers over {seconds} s, two workers on PostgreSQL whose clocks are {APART:.0f} s apart: {early} "
            f"early, {twice} twice, {count - len(steps) + twice} lost; the latest after {max(lateness).total_seconds():.1f} s; "
            f"the time a worker writes down is {believed.total_seconds():.1f} s off at most"
        ),
        broken=unless(
            none_early=(early == 0, early),
            none_twice=(twice == 0, twice),
            none_lost=(len(steps) == count, len(steps)),
            none_late=(max(lateness) <= LATE, max(lateness)),
        ),
    )


def _fall_due(store: Store, count: int, began: datetime, seconds: int) -> None:
    dice = random.Random(15)
    for _ in range(PARTS):
        has_clocks(store, count // PARTS, began + timedelta(seconds=dice.uniform(0, seconds)))


async def _until_all(store: Store, count: int, *, within: float) -> list[tuple[str, str, datetime, datetime, datetime]]:
    loop = asyncio.get_running_loop()
    until = loop.time() + within
    while True:
        steps = await store.look(lambda session: [tuple(row) for row in session.connection().execute(text(STEPS))])
        if len(steps) >= count or loop.time() > until:
            return steps
        await asyncio.sleep(0.5)
