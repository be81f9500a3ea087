"""The same test on SQLite and on a real PostgreSQL: pytestmark = on_both_databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from qualification.store import Store

on_both_databases = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)


def plan_of(store: Store, look: Callable[[Session], object]) -> list[str]:
    """How SQLite means to answer the statements of a look."""
    lines: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        lines.extend(str(row[-1]) for row in rows)

    event.listen(store.engine, "before_cursor_execute", explain)
    store.read(look)
    event.remove(store.engine, "before_cursor_execute", explain)
    return lines
