"""The same test on SQLite and on a real PostgreSQL: pytestmark = on_both_databases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from qualification.store import Store

on_both_databases = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)


@dataclass(frozen=True)
class Asked:
    """A statement, and how SQLite means to answer it."""

    statement: str
    plan: tuple[str, ...]


@contextmanager
def watching(store: Store) -> Iterator[list[Asked]]:
    """Every statement that comes in the meantime."""
    asked: list[Asked] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.startswith("BEGIN"):
            return
        rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters[0] if many else parameters)
        asked.append(Asked(" ".join(statement.split()), tuple(str(row[-1]) for row in rows)))

    event.listen(store.engine, "before_cursor_execute", explain)
    try:
        yield asked
    finally:
        event.remove(store.engine, "before_cursor_execute", explain)


def plan_of(store: Store, look: Callable[[Session], object]) -> list[str]:
    """How SQLite means to answer the statements of a look."""
    with watching(store) as asked:
        store.read(look)
    return [line for one in asked for line in one.plan]
