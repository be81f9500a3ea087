"""Statements about many rows at once, as each database takes them best.

SQLite       one prepared statement, run row by row inside the process; a list of values is one JSON text
PostgreSQL   one statement with an array for each column: a parameter a column in place of one for each value
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, Connection, Dialect, Table, any_, bindparam, func, select, tuple_
from sqlalchemy.types import TypeEngine

from qualification.database import as_json
from qualification.writing.statements import Process, outward

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
    from sqlalchemy.dialects.postgresql import ARRAY  # where it is used: whoever runs on SQLite need not hold it

    return one == any_(bindparam(WANTED, type_=ARRAY(one.type)))


class Keyed(NamedTuple):
    """The rows with these keys: the condition, and the list of keys as its parameters."""

    condition: ColumnElement[bool]
    wanted: Callable[[Sequence[Any]], Values]


def with_keys(connection: Connection, columns: Sequence[ColumnElement[Any]]) -> Keyed:
    """How this database is asked for the rows of a list of keys, each of one column or of several."""
    if len(columns) == 1:
        return Keyed(among_of(connection)(columns[0]), _whole)
    return (_keys_in_arrays if _takes_arrays(connection.dialect) else _keys_in_text)(columns)


def _whole(keys: Sequence[Any]) -> Values:
    return {WANTED: keys}


def _keys_in_text(columns: Sequence[ColumnElement[Any]]) -> Keyed:
    given = func.json_each(bindparam(WANTED, type_=JSON)).table_valued("value")
    parts = [func.json_extract(given.c.value, f"$[{place}]") for place in range(len(columns))]
    return Keyed(tuple_(*columns).in_(select(*parts)), _whole)


def _keys_in_arrays(columns: Sequence[ColumnElement[Any]]) -> Keyed:
    from sqlalchemy.dialects.postgresql import ARRAY

    names = [f"{WANTED}_{place}" for place in range(len(columns))]
    arrays = [bindparam(name, type_=ARRAY(one.type)) for name, one in zip(names, columns, strict=True)]
    given = func.unnest(*arrays).table_valued(*names).render_derived()
    condition = tuple_(*columns).in_(select(*given.c))
    return Keyed(condition, lambda keys: dict(zip(names, map(list, zip(*keys, strict=True)), strict=True)))


def insert_many(
    connection: Connection,
    table: Table,
    rows: Sequence[Values],
    *,
    alike: Values | None = None,
    unless: str | None = None,
) -> None:
    """New rows, all of the same columns; `alike` is what they have in common. Without those whose value of the column
    `unless` is taken already.
    """
    same = alike or {}
    insert = _insert(connection.dialect, table, tuple(rows[0]), tuple(same), unless)
    columns = [_column(made, name, rows) for name, made in zip(rows[0], insert.made, strict=True)]
    shared = [made(value) if made else value for made, value in zip(insert.made_alike, same.values(), strict=True)]
    if _takes_arrays(connection.dialect):
        connection.exec_driver_sql(insert.text, (*shared, *columns))
    else:
        connection.exec_driver_sql(insert.text, [*zip(*map(repeat, shared), *columns, strict=False)])


def _column(made: Process | None, name: str, rows: Sequence[Values]) -> list[Any]:
    held = map(itemgetter(name), rows)
    return [*map(made, held)] if made else [*held]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Insert:
    """The statement, and how a value of each of its columns is made for the database."""

    text: str
    made: tuple[Process | None, ...]
    made_alike: tuple[Process | None, ...]


@cache
def _insert(
    dialect: Dialect, table: Table, names: tuple[str, ...], alike: tuple[str, ...], unless: str | None
) -> _Insert:
    spelled = {name: dialect.identifier_preparer.format_column(table.c[name]) for name in (*alike, *names)}
    columns, into = ", ".join(spelled.values()), dialect.identifier_preparer.format_table(table)
    rows = f"VALUES ({', '.join('?' * len(spelled))})"
    if _takes_arrays(dialect):
        rows = _from_arrays(dialect, table, names, alike)
    apart = f" ON CONFLICT ({spelled[unless]}) DO NOTHING" if unless else ""
    return _Insert(
        text=f"INSERT INTO {into} ({columns}) {rows}{apart}",
        made=tuple(_made(table.c[name].type, dialect) for name in names),
        made_alike=tuple(_made(table.c[name].type, dialect) for name in alike),
    )


def _made(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return _as_text if isinstance(kind, JSON) else outward(kind, dialect)


def _as_text(value: Any) -> str | None:
    return None if value is None else as_json(value)


def _from_arrays(dialect: Dialect, table: Table, names: tuple[str, ...], alike: tuple[str, ...]) -> str:
    spelled = {name: dialect.identifier_preparer.format_column(table.c[name]) for name in names}
    types = {name: table.c[name].type for name in (*alike, *names)}
    arrays = ", ".join(
        f"%s::{'TEXT' if isinstance(types[name], JSON) else types[name].compile(dialect)}[]" for name in names
    )
    values = [f"{named}::JSON" if isinstance(types[name], JSON) else named for name, named in spelled.items()]
    shared = [f"%s::{types[name].compile(dialect)}" for name in alike]
    return f"SELECT {', '.join([*shared, *values])} FROM unnest({arrays}) AS given ({', '.join(spelled.values())})"
