"""Statements about many rows at once, as each database takes them best.

SQLite       one prepared statement, run row by row inside the process; a list of values is a list of parameters
PostgreSQL   one statement with an array for each column: a parameter a column in place of one for each value
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

WANTED = "wanted"
Values = dict[str, Any]
Among = Callable[[ColumnElement[Any]], ColumnElement[bool]]
Process = Callable[[Any], Any]


def among_of(connection: Connection) -> Among:
    """How this database is asked for the rows whose column has one of the values called `wanted`."""
    return _in_array if _takes_arrays(connection) else _in_list


def _takes_arrays(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _in_list(one: ColumnElement[Any]) -> ColumnElement[bool]:
    return one.in_(bindparam(WANTED, expanding=True))


def _in_array(one: ColumnElement[Any]) -> ColumnElement[bool]:
    return one == any_(bindparam(WANTED, type_=ARRAY(one.type)))


def insert_many(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """New rows, all of the same columns."""
    if not _takes_arrays(connection):
        text, columns = _plain_insert(connection.dialect, table, tuple(rows[0]))
        written = [tuple([made(row[name]) if made else row[name] for name, made in columns]) for row in rows]
        connection.exec_driver_sql(text, written)
        return
    connection.execute(_insert_from_json(table, tuple(rows[0])), {"rows": json.dumps(rows, default=_in_json)})


@cache
def _plain_insert(
    dialect: Dialect, table: Table, names: tuple[str, ...]
) -> tuple[str, list[tuple[str, Process | None]]]:
    """The statement as SQLite reads it, and how each value of a row is written: half the work of SQLAlchemy's own."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    types = {name: table.c[name].type.dialect_impl(dialect) for name in names}
    return str(compiled), [(name, types[name].bind_processor(dialect)) for name in compiled.positiontup or ()]


@cache
def _insert_from_json(table: Table, names: tuple[str, ...]) -> Insert:
    rows = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
    given = rows.table_valued(*(column(name, table.c[name].type) for name in names)).render_derived(with_types=True)
    return insert(table).from_select(names, select(*(given.c[name] for name in names)))


def _in_json(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no column takes {value!r}")
