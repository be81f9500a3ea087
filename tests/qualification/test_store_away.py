"""A database that is locked, cut off or not there, and a program that is killed: nobody is answered before the commit."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlmodel import col, func

from qualification.records import Inbound
from qualification.store import Store, Transaction, Unavailable
from tests.clock import Clock
from tests.patience import PATIENCE
from tests.qualification.databases import on_both_databases
from tests.qualification.works import hire, names, rep

pytestmark = on_both_databases


def test_a_locked_database_refuses_everybody_at_once_and_keeps_nothing(store: Store, database_url: str) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("only a SQLite file is locked as a whole")
    store.engine.dispose()
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50"))
    locker = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")

    futures = [store._submit(hire(f"rep{number}"), (), ()) for number in range(50)]
    problems = [future.exception(10) for future in futures]
    locker.execute("COMMIT")

    assert all(isinstance(problem, Unavailable) for problem in problems)
    assert names(store) == {}
    assert store.run_here(hire("later")) == "later"


def test_a_connection_that_breaks_is_opened_again_and_the_work_is_done_once(store: Store, postgres_url: str) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("a file has no connection to break")
    tried = []

    def cut_off(tx: Transaction) -> str:
        tried.append(1)
        tx.add(rep("a"))
        if len(tried) == 1:
            tx.select(select(func.pg_terminate_backend(func.pg_backend_pid())))
        return "done"

    assert store.run_here(cut_off) == "done"
    assert len(tried) == 2
    assert names(store).keys() == {"a"}


def test_nobody_can_reach_a_database_that_is_not_there(clock: Clock, store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("a file is made when it is missing")
    away = Store("postgresql://nobody@127.0.0.1:1/none", clock=clock, policy=store.policy, tell=store._tell)

    with pytest.raises(Unavailable):
        away.run_here(hire("a"))
    with pytest.raises(Unavailable):
        names(away)
    away.close()


CHILD = """
import asyncio, sys
from datetime import UTC, datetime
from qualification import notices
from qualification.policy import shipped_policy
from qualification.records import Inbound
from qualification.store import Store

async def main(url):
    store = Store(url, clock=lambda: datetime.now(UTC), policy=shipped_policy(), tell=notices.tell)
    async def client(number):
        for turn in range(100_000):
            key = f"{number}:{turn}"
            await store.run(lambda tx: tx.add(Inbound(key=key, answer={}, at=tx.now)) and None)
            sys.stdout.write(key + "\\n")
            sys.stdout.flush()
    await asyncio.gather(*(client(number) for number in range(16)))

asyncio.run(main(sys.argv[1]))
"""


def test_whatever_was_acknowledged_is_there_after_a_kill(store: Store, database_url: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, database_url], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert child.stdout is not None
    heard = [child.stdout.readline() for _ in range(400)]
    child.kill()
    heard += child.stdout.readlines()
    child.wait(PATIENCE)

    acknowledged = {line.strip() for line in heard if line.endswith("\n")}
    kept = store.read(lambda session: set(session.execute(select(col(Inbound.key))).scalars()))
    assert len(acknowledged) >= 400
    assert acknowledged <= kept
