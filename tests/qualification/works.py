"""What tests of the store give its writer: works that hire, rename and stumble, alone or together in one batch."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, select
from sqlmodel import col

from qualification.records import Rep
from qualification.store import Store, Transaction
from tests.patience import PATIENCE


class Stumbled(Exception):
    """A step that goes wrong."""


def rep(key: str, name: str = "Yuki") -> Rep:
    return Rep(
        id=key, name=name, language="ja", zone="Asia/Tokyo", role="rep", seen_at=datetime(2026, 5, 18, tzinfo=UTC)
    )


def hire(key: str, name: str = "Yuki") -> Any:
    return lambda tx: tx.add(rep(key, name)).id


def rename(key: str, name: str) -> Any:
    def work(tx: Transaction) -> None:
        tx.get(Rep, key).name = name

    return work


def stumble_after(*works: Any) -> Any:
    def work(tx: Transaction) -> None:
        for each in works:
            each(tx)
        raise Stumbled

    return work


@contextmanager
def writer_held(store: Store) -> Iterator[None]:
    """While the writer is busy with one job, everything that comes waits for the same commit."""
    holds, let_go = threading.Event(), threading.Event()

    def hold(tx: Transaction) -> None:
        holds.set()
        let_go.wait(PATIENCE)

    held = store._submit(hold, (), ())
    assert holds.wait(PATIENCE)
    try:
        yield
    finally:
        let_go.set()
        held.result(10)


def together(store: Store, *works: Any) -> list[Any]:
    """The works in one batch; each answer, or the problem it met."""
    with writer_held(store):
        futures = [store._submit(work, (), ()) for work in works]
    return [future.exception(10) or future.result() for future in futures]


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement.split("(")[0].strip())

    event.listen(store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(store.engine, "before_cursor_execute", note)


def names(store: Store) -> dict[str, str]:
    return store.read(lambda session: dict(session.execute(select(col(Rep.id), col(Rep.name))).all()))
