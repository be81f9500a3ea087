"""Statements about many rows at once, as each database takes them best.

SQLite       one prepared statement, run row by row inside the process; a list of values is one JSON text
PostgreSQL   one statement with an array for each column: a parameter a column in place of one for each value
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Dialect, Table, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from qualification.database import as_json
from qualification.statements import Process, outward

WANTED = "wanted"
Values = dict[str, Any]
Among = Callable[[ColumnElement[Any]], ColumnElement[bool]]


def among_of(connection: Connection) -> Among:
    """How this database is asked for the rows whose column has one of the values called `wanted`."""
    return _in_array if _takes_arrays(connection.dialect) else _in_text


def _takes_arrays(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"


def _in_text(one: ColumnElement[Any]) -> ColumnElement[bool]:
    given = func.json_each(bindparam(WANTED, type_=JSON)).table_valued("value")
    return one.in_(select(given.c.value))


def _in_array(one: ColumnElement[Any]) -> ColumnElement[bool]:
    return one == any_(bindparam(WANTED, type_=ARRAY(one.type)))


def insert_many(connection: Connection, table: Table, rows: Sequence[Values], *, unless: str | None = None) -> None:
    """New rows, all of the same columns; without those whose value of the column `unless` is taken already."""
    insert = _insert(connection.dialect, table, tuple(rows[0]), unless)
    columns = [[*map(itemgetter(name), rows)] for name in insert.names]
    written = [[*map(made, column)] if made else column for made, column in zip(insert.made, columns, strict=True)]
    arrays = _takes_arrays(connection.dialect)
    connection.exec_driver_sql(insert.text, tuple(written) if arrays else [*zip(*written, strict=True)])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Insert:
    """The statement, the columns it takes in their order, and how a value of each is made for the database."""

    text: str
    names: tuple[str, ...]
    made: tuple[Process | None, ...]


@cache
def _insert(dialect: Dialect, table: Table, names: tuple[str, ...], unless: str | None) -> _Insert:
    spelled = {name: dialect.identifier_preparer.format_column(table.c[name]) for name in names}
    columns, into = ", ".join(spelled.values()), dialect.identifier_preparer.format_table(table)
    rows = (
        _from_arrays(dialect, table, spelled) if _takes_arrays(dialect) else f"VALUES ({', '.join('?' * len(names))})"
    )
    apart = f" ON CONFLICT ({spelled[unless]}) DO NOTHING" if unless else ""
    return _Insert(
        text=f"INSERT INTO {into} ({columns}) {rows}{apart}",
        names=names,
        made=tuple(_made(table.c[name].type, dialect) for name in names),
    )


def _made(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return _as_text if isinstance(kind, JSON) else outward(kind, dialect)


def _as_text(value: Any) -> str | None:
    return None if value is None else as_json(value)


def _from_arrays(dialect: Dialect, table: Table, spelled: dict[str, str]) -> str:
    types = {name: table.c[name].type for name in spelled}
    arrays = ", ".join(f"%s::{'TEXT' if isinstance(of, JSON) else of.compile(dialect)}[]" for of in types.values())
    values = ", ".join(f"{name}::JSON" if isinstance(types[of], JSON) else name for of, name in spelled.items())
    return f"SELECT {values} FROM unnest({arrays}) AS given ({', '.join(spelled.values())})"
