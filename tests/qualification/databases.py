"""The same test on SQLite and on a real PostgreSQL: pytestmark = on_both_databases."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, event
from sqlmodel import Session, SQLModel

from qualification.database import WRITER
from qualification.instants import Instant
from qualification.store import Store

on_both_databases = pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)


PARTIAL = {
    index.name
    for table in SQLModel.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
A_HANDFUL = frozenset({"rep", "heartbeat"})  # tables that may be read as a whole: no row of theirs is a prospect's
SCANS = frozenset({"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"})
MANY = 1_000
ALIAS = re.compile(r"_\d+$")
ROWS_ONE_BY_ONE = frozenset({"Sort", "Incremental Sort"})


@dataclass(frozen=True)
class Asked:
    """A statement, and how the database means to answer it, step by step.

    `reads_all`: the tables it would read from end to end, and indexes of every row of theirs. `sorts`: whether it
    reads rows in another order than they are asked for, which PostgreSQL chooses while there are few.
    """

    statement: str
    plan: tuple[str, ...]
    reads_all: tuple[str, ...]
    sorts: bool


def make_room(store: Store) -> None:
    """PostgreSQL plans by what its tables hold: a thousand rows of nonsense from another time in each.

    Of what is a handful there is no more: a thousand reps who are all away have two thousand lists to look through.
    """
    if store.engine.dialect.name != "postgresql":
        return
    with store.engine.connect() as connection:
        for table in (one for one in SQLModel.metadata.sorted_tables if one.name not in A_HANDFUL):
            columns = [one for one in table.columns if not (one.primary_key and isinstance(one.type, Integer))]
            names, values = (
                ", ".join(of) for of in zip(*((f'"{one.name}"', _nonsense(one)) for one in columns), strict=True)
            )
            connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) SELECT {values} {NUMBERS}')
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _nonsense(column: Column[Any]) -> str:
    if isinstance(column.type, JSON):
        return "'{}'"
    if isinstance(column.type, Instant):
        return "timestamptz '2030-01-01' + number * interval '1 hour'"
    if column.name in ("stage", "temperature"):
        return {"stage": "'DISQUALIFIED'", "temperature": "'cold'"}[column.name]
    return {bool: "false", str: "md5(number || random()::text)"}.get(column.type.python_type, "number")


NUMBERS = f"FROM generate_series(1, {MANY}) AS number"


@contextmanager
def trips_counted(store: Store, log: Path) -> Iterator[Callable[[], int]]:
    """How often the writer has gone to PostgreSQL and back meanwhile, by the driver's own record of its line."""
    lines: list[Any] = []

    def follow(connection: Any, *_statement: Any) -> None:
        if threading.current_thread().name == WRITER and not lines:
            lines.append(connection.connection.driver_connection.pgconn)
            lines[0].trace(record.fileno())

    with log.open("w") as record:
        event.listen(store.engine, "before_cursor_execute", follow)
        try:
            yield lambda: log.read_text("utf-8").count("\tSync")
        finally:
            event.remove(store.engine, "before_cursor_execute", follow)
            for line in lines:
                line.untrace()


@contextmanager
def watching(store: Store) -> Iterator[list[Asked]]:
    """Every statement that comes in the meantime. PostgreSQL tells how it would answer beside a great many rows."""
    asked: list[Asked] = []
    explain = _explained_by_sqlite if store.engine.dialect.name == "sqlite" else _explained_by_postgres

    def note(_connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.split()[0] in ("SELECT", "UPDATE", "DELETE"):
            asked.append(explain(cursor.connection, " ".join(statement.split()), parameters[0] if many else parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def _explained_by_sqlite(connection: Any, statement: str, parameters: Any) -> Asked:
    plan = tuple(str(row[-1]) for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))
    walks = [line.split() for line in plan if line.startswith("SCAN ")]
    if " ORDER BY " in statement and " LIMIT " in statement and not any("TEMP B-TREE" in line for line in plan):
        walks = []  # it walks along until it has enough
    tables = [ALIAS.sub("", words[1]) for words in walks if not PARTIAL.intersection(words)]
    return Asked(
        statement=statement,
        plan=plan,
        reads_all=tuple(name for name in tables if name in SQLModel.metadata.tables and name not in A_HANDFUL),
        sorts=any("TEMP B-TREE" in line for line in plan),
    )


def _explained_by_postgres(connection: Any, statement: str, parameters: Any) -> Asked:
    """Along an index where it can; only what asks for one thing or another takes a bitmap of two."""
    for bitmaps in ("off", "on"):
        connection.execute("SET enable_seqscan = off")
        connection.execute(f"SET enable_bitmapscan = {bitmaps}")
        ((explained,),) = connection.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        steps = list(_steps_of(explained[0]["Plan"]))
        asked = Asked(
            statement=statement,
            plan=tuple(f"{step['Node Type']} {step.get('Index Name', '')}" for step in steps),
            reads_all=tuple(filter(None, map(_read_as_a_whole, _without_walks(steps)))),
            sorts=any(step["Node Type"] in ROWS_ONE_BY_ONE for step in steps),
        )
        if not asked.reads_all:
            break
    return asked


def _without_walks(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A walk along an index ends when it has found enough."""
    kinds = [step["Node Type"] for step in steps]
    ends_early = kinds[0] == "Limit" and not ROWS_ONE_BY_ONE.intersection(kinds)
    return [step for step in steps if not (ends_early and step["Node Type"].startswith("Index"))]


def _read_as_a_whole(step: dict[str, Any]) -> str | None:
    if step["Node Type"] not in SCANS or "Index Cond" in step or step.get("Index Name") in PARTIAL:
        return None
    name = str(step.get("Relation Name", step.get("Index Name")))
    return None if name in A_HANDFUL else name


def _steps_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _steps_of(part)


def plan_of(store: Store, look: Callable[[Session], object]) -> list[str]:
    """How the database means to answer the statements of a look."""
    with watching(store) as asked:
        store.read(look)
    return [line for one in asked for line in one.plan]
