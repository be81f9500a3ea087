"""What a look for due timers costs beside a million that wait, and how late 10,000 due in one second are decided.

`python -m benchmarks.clocks [--pending N] [--due N]`: on SQLite, and on PostgreSQL where one can be had. A clock is
decided when its step is in its history, its messages wait in the outbox and the commit is through. Beside them a
visitor writes a line, waits for its commit, and writes the next 20 ms later. The plans the databases choose are printed
with the figures.
"""

import argparse
import asyncio
import contextlib
import gc
import os
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import event, text
from sqlmodel import Session, col, select

from bot.bootstrap import wall_clock
from bot.delivery import Delivery
from bot.health import beat
from bot.migrations import bring_up_to_date
from bot.server import COLLECT_AFTER
from bot.worker import Worker
from qualification.followup import STEP_TIMER
from qualification.ids import random_id
from qualification.outbox import CARD, OutboundStatus
from qualification.records import FollowUp, Outbound, Timer
from qualification.store import Store, Wrote
from qualification.writing.many import insert_many
from qualification.writing.rows import table_of
from qualification.writing.waiting_line import Lane
from tests.chaos.clocks import has_clocks, steps_told, store_of
from tests.chaos.office import quiet
from tests.postgres import fresh_schema, server_url

TOGETHER = 20_000
LOOKS = 20
SETUP = timedelta(seconds=1)
SINGLES = 20
BETWEEN_LINES = 0.02  # seconds
BETWEEN_SINGLES = timedelta(seconds=0.3)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pending", type=int, default=1_000_000)
    asked.add_argument("--due", type=int, default=10_000)
    given = asked.parse_args()
    quiet()
    gc.set_threshold(*COLLECT_AFTER)  # as `bantline serve` does
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as place:
        measure("SQLite", f"sqlite:///{Path(place)}/clocks.db", given.pending, given.due)
    server = server_url()
    with (
        psycopg.connect(server, autocommit=True) as connection,
        contextlib.suppress(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("ALTER SYSTEM SET fsync = on")  # the tests' own server runs without
        connection.execute("SELECT pg_reload_conf()")
    with fresh_schema(server) as url:
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
        for line in plans(store, worker):
            print(f"  {line}")
        fall_due_together(store, due)
        asyncio.run(one_by_one(store))


def fill(store: Store, pending: int) -> None:
    """Timers that wait for next month."""
    due = wall_clock() + timedelta(days=30)
    clocks = sorted(random_id() for _ in range(pending))  # an index takes them in its order
    for start in range(0, pending, TOGETHER):
        rows = [
            {
                "subject_id": clock,
                "step": "due",
                "kind": STEP_TIMER,
                "status": "waiting",
                "due_at": due + timedelta(seconds=start + number),
            }
            for number, clock in enumerate(clocks[start : start + TOGETHER])
        ]
        with store.engine.begin() as connection:
            insert_many(connection, table_of(Timer), rows)
    _analyze(store)


def _analyze(store: Store) -> None:
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


def plans(store: Store, worker: Worker) -> list[str]:
    """How the database means to answer the statements of a sweep."""
    lines: list[str] = []
    how = "EXPLAIN QUERY PLAN" if store.engine.dialect.name == "sqlite" else "EXPLAIN"

    def explain(_connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            rows = cursor.connection.execute(f"{how} {statement}", parameters)  # type: ignore[attr-defined]  # its own
            lines.append(" | ".join(str(row[-1]).strip() for row in rows))

    event.listen(store.engine, "before_cursor_execute", explain)
    store.read(worker._due)
    event.remove(store.engine, "before_cursor_execute", explain)
    return lines


# -- lateness --------------------------------------------------------------------------------------


def fall_due_together(store: Store, due: int) -> None:
    """So many clocks of leads whose cards hang in Slack, and a step of each due in the same second."""
    has_clocks(store, due, wall_clock())
    hang_cards(store)
    _analyze(store)
    at = wall_clock() + SETUP
    with store.engine.begin() as connection:
        steps = table_of(Timer).update().where(col(Timer.kind) == STEP_TIMER, col(Timer.step) == "half_time")
        connection.execute(steps.values(due_at=at))
    cpu = time.process_time()
    late, waited = asyncio.run(_beside_a_visitor(store, due))
    used = time.process_time() - cpu
    assert len(steps_told(store)) == due, "a clock was forgotten"
    print(f"  {due:,} due at once: {_in_words(late)}; all decided after {late[-1]:.2f} s; {used:.1f} s of CPU here")
    print(f"  a visitor beside them: {_in_ms(waited)}, {len(waited)} lines")


def hang_cards(store: Store) -> None:
    """As if Slack showed all of them for a while."""
    cards = table_of(Outbound).update().where(col(Outbound.kind) == CARD)
    receipt = {"channel": "C0LEADS0001", "ts": "1790000000.000001"}
    with store.engine.begin() as connection:
        connection.execute(
            cards.values(status=OutboundStatus.SENT, attempts=1, receipt=receipt, settled_at=wall_clock())
        )


async def _beside_a_visitor(store: Store, due: int) -> tuple[list[float], list[float]]:
    """How late the clocks were, and how many seconds each line of a visitor waited for its commit meanwhile."""
    waited: list[float] = []

    async def write_lines() -> None:
        await asyncio.sleep(SETUP.total_seconds())
        while True:
            began = time.perf_counter()
            await store.run(lambda tx: beat(tx, "visitor"), (), "a chat", lane=Lane.VISITORS)
            waited.append(time.perf_counter() - began)
            await asyncio.sleep(BETWEEN_LINES)

    async with asyncio.TaskGroup() as both:
        visitor = both.create_task(write_lines())
        late = await lateness_of(store, due)
        visitor.cancel()
    return late, sorted(waited)


async def lateness_of(store: Store, many: int) -> list[float]:
    """Seconds from the due instant of each timer to the commit that decided it, sorted, while a worker runs."""
    done: list[tuple[datetime, set[tuple[str, str]]]] = []
    total = 0
    all_done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def note(wrote: Wrote) -> None:
        nonlocal total
        done.append((wall_clock(), set(wrote.get(Timer, ()))))
        total += len(done[-1][1])
        if total >= many:
            loop.call_soon_threadsafe(all_done.set)

    store.on_commit.append(note)
    async with working(store):
        await all_done.wait()
    store.on_commit.remove(note)
    with Session(store.engine) as session:
        rows = session.exec(select(Timer.subject_id, Timer.step, Timer.due_at).where(Timer.status == "done")).all()
    due = {(subject_id, step): due_at for subject_id, step, due_at in rows}
    return sorted((at - due[key]).total_seconds() for at, keys in done for key in keys if key in due)


@contextlib.asynccontextmanager
async def working(store: Store) -> AsyncIterator[None]:
    worker = Worker(store, Delivery(store, {}))
    task = asyncio.create_task(worker.run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def one_by_one(store: Store) -> None:
    """Some clocks that fall due at different instants, each alone."""
    ids = await asyncio.to_thread(has_clocks, store, SINGLES, wall_clock())
    at = wall_clock() + SETUP
    timer, clock = table_of(Timer), table_of(FollowUp)
    with store.engine.begin() as connection:
        for number, lead_id in enumerate(ids):
            its = timer.c.subject_id.in_(clock.select().with_only_columns(clock.c.id).where(clock.c.lead_id == lead_id))
            due = timer.update().where(its, timer.c.step == "half_time")
            connection.execute(due.values(due_at=at + number * BETWEEN_SINGLES))
    late = (await lateness_of(store, SINGLES))[-SINGLES:]
    print(f"  {SINGLES} due one after another: {_in_words(late)}")


def _in_words(late: list[float]) -> str:
    p50, p99 = late[len(late) // 2], late[int(len(late) * 0.99)]
    return f"late by {p50:.2f} s (p50), {p99:.2f} s (p99)"


def _in_ms(waited: list[float]) -> str:
    p50, p99 = waited[len(waited) // 2] * 1000, waited[int(len(waited) * 0.99)] * 1000
    return f"its line is kept after {p50:.0f} ms (p50), {p99:.0f} ms (p99), {waited[-1] * 1000:.0f} ms (longest)"


if __name__ == "__main__":
    main()
