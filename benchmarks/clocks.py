"""What a look for due timers costs beside a million that wait, and how soon 10,000 due in one second are decided.

`python -m benchmarks.clocks [--pending N] [--due N]`: on SQLite, and on PostgreSQL where one can be had. The plans the
databases choose are printed with the figures.
"""

import argparse
import asyncio
import os
import secrets
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, text
from sqlmodel import col, select

from bot.bootstrap import wall_clock
from bot.delivery import Delivery
from bot.migrations import bring_up_to_date
from bot.worker import MOST_TIMERS, Worker
from qualification.records import Timer
from qualification.rows import table_of
from qualification.store import Store
from tests.chaos.clocks import has_clocks, steps_told, store_of
from tests.chaos.office import quiet
from tests.postgres import fresh_schema, server_url

TOGETHER = 20_000
LOOKS = 20
FIRST_REMINDER = timedelta(minutes=91)  # one step of each clock is due


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pending", type=int, default=1_000_000)
    asked.add_argument("--due", type=int, default=10_000)
    given = asked.parse_args()
    quiet()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as place:
        measure("SQLite", f"sqlite:///{Path(place)}/clocks.db", given.pending, given.due)
    with fresh_schema(server_url()) as url:
        measure("PostgreSQL", url, given.pending, given.due)


def measure(name: str, url: str, pending: int, due: int) -> None:
    bring_up_to_date(url)
    with store_of(url) as store:
        worker = Worker(store, Delivery(store, {}))
        few = look(store, worker)
        fill(store, pending)
        many = look(store, worker)
        print(
            f"{name}: a look for what is due takes {few:.2f} ms beside none, {many:.2f} ms beside {pending:,} waiting"
        )
        print(f"  {plan(store)}")
        has_clocks(store, due, wall_clock() - FIRST_REMINDER)
        took = asyncio.run(decide(worker, store, due))
        print(f"  {due:,} due at once: all decided after {took:.1f} s")


def fill(store: Store, pending: int) -> None:
    """Timers that wait for next month."""
    due = wall_clock() + timedelta(days=30)
    with store.engine.begin() as connection:
        for start in range(0, pending, TOGETHER):
            rows = [
                {
                    "id": secrets.token_hex(16),
                    "key": f"pending:{number}",
                    "kind": "follow_up_step",
                    "subject_id": f"{number:032}",
                    "generation": 1,
                    "step": "due",
                    "status": "waiting",
                    "due_at": due + timedelta(seconds=number),
                }
                for number in range(start, min(pending, start + TOGETHER))
            ]
            connection.execute(insert(table_of(Timer)), rows)
    with store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def look(store: Store, worker: Worker) -> float:
    """Milliseconds of one sweep, the median of some."""
    took = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        store.read(worker._due)
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[LOOKS // 2]


def plan(store: Store) -> str:
    due = (
        select(Timer.id)
        .where(text("status = 'waiting'"), col(Timer.due_at) <= text("CURRENT_TIMESTAMP"))
        .order_by(col(Timer.due_at))
        .limit(MOST_TIMERS)
    )
    how = "EXPLAIN QUERY PLAN" if store.engine.dialect.name == "sqlite" else "EXPLAIN"
    statement = due.compile(store.engine, compile_kwargs={"literal_binds": True})
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{how} {statement}".replace("%", "%%")).all()
    return " | ".join(str(row[-1]).strip() for row in rows)


async def decide(worker: Worker, store: Store, due: int) -> float:
    began = time.perf_counter()
    while await worker._fire_due():
        pass
    took = time.perf_counter() - began
    assert len(steps_told(store)) >= due, "a clock was forgotten"
    return took


if __name__ == "__main__":
    main()
