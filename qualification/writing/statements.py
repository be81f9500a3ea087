"""The writer's own statements: their text is made once, and values reach the driver as it takes them.

    select    the rows whose column has one of these values
    insert    new rows
    update    some columns of many rows, each found by its key

SQLAlchemy says how each database spells a name and a value. To have it build a statement from its parts for every
commit, and look up each value by its name, takes as long as the database itself.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from qualification.database import as_json, read_json
from qualification.writing.rows import Values, columns_of, key_name, key_names, table_of
from qualification.writing.wire import Asked, Wire

Process = Callable[[Any], Any]
AS_IT_IS = (str, int, float)  # every driver takes and gives these as they are


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """A statement that writes rows: its text, and which values it takes in which order, as the database holds them."""

    text: str
    names: tuple[str, ...]
    processes: tuple[tuple[int, Process], ...]

    def run(self, wire: Wire, rows: Iterable[Values]) -> None:
        """Rows hold a value for every column."""
        stored = [[*values] for values in map(itemgetter(*self.names), rows)]
        for place, process in self.processes:
            for values in stored:
                if (value := values[place]) is not None:
                    values[place] = process(value)
        wire.write(self.text, stored)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A statement that reads whole rows by one column: its text, and what becomes of the values of these columns."""

    text: str
    takes_arrays: bool
    names: tuple[str, ...]
    processes: tuple[tuple[int, Process], ...]

    def of(self, values: list[Any]) -> Asked:
        """The statement for the rows with one of these values."""
        return self.text, (values if self.takes_arrays else as_json(values),)

    def rows(self, stored: Iterable[Sequence[Any]]) -> list[Values]:
        """What the rows hold, from the values the database gave for them."""
        rows = [dict(zip(self.names, values, strict=True)) for values in stored]
        for place, process in self.processes:
            name = self.names[place]
            for row in rows:
                if (value := row[name]) is not None:
                    row[name] = process(value)
        return rows


class Statements:
    """What is said about one table to one database."""

    def __init__(self, model: type[SQLModel], dialect: Dialect) -> None:
        self._model = model
        self._dialect = dialect
        self._columns = table_of(model).c
        self._number = key_name(model)
        self._keys = key_names(model)
        self._table = dialect.identifier_preparer.format_table(table_of(model))
        self._value = "?" if dialect.paramstyle == "qmark" else "%s"
        self._readings: dict[str, Reading] = {}
        self._writings: dict[tuple[str, tuple[str, ...]], Writing] = {}

    def select(self, column: str) -> Reading:
        """Rows by this column, oldest key first, locked until the commit."""
        if column not in self._readings:
            self._readings[column] = Reading(
                text=self._select(column),
                takes_arrays=self._takes_arrays,
                names=columns_of(self._model),
                processes=_kept(_inward(one.type, self._dialect) for one in self._columns),
            )
        return self._readings[column]

    def insert(self, *, numbered: bool) -> Writing:
        """New rows; `numbered`: the database gives them their keys."""
        names = tuple(name for name in columns_of(self._model) if not (numbered and name == self._number))
        return self._writing("insert", names)

    def update(self, changed: tuple[str, ...]) -> Writing:
        """These columns of rows that exist, and the columns of the key last."""
        return self._writing("update", (*changed, *self._keys))

    def _writing(self, verb: str, names: tuple[str, ...]) -> Writing:
        if (verb, names) not in self._writings:
            text = self._insert(names) if verb == "insert" else self._update(names[: -len(self._keys)])
            processes = _kept(outward(self._columns[name].type, self._dialect) for name in names)
            self._writings[verb, names] = Writing(text=text, names=names, processes=processes)
        return self._writings[verb, names]

    # -- the texts ----------------------------------------------------------------------------

    @property
    def _takes_arrays(self) -> bool:
        return self._dialect.name == "postgresql"

    def _select(self, column: str) -> str:
        columns = ", ".join(map(self._spelled, columns_of(self._model)))
        of_these, lock = ("IN (SELECT value FROM json_each(?))", "")
        if self._takes_arrays:
            of_these, lock = f"= ANY({self._value})", " FOR UPDATE"
        where, order = self._spelled(column), ", ".join(map(self._spelled, self._keys))
        return f"SELECT {columns} FROM {self._table} WHERE {where} {of_these} ORDER BY {order}{lock}"

    def _insert(self, names: Sequence[str]) -> str:
        columns, values = ", ".join(map(self._spelled, names)), ", ".join(self._value for _ in names)
        return f"INSERT INTO {self._table} ({columns}) VALUES ({values})"

    def _update(self, names: Sequence[str]) -> str:
        changes = ", ".join(f"{self._spelled(name)} = {self._value}" for name in names)
        found = " AND ".join(f"{self._spelled(name)} = {self._value}" for name in self._keys)
        return f"UPDATE {self._table} SET {changes} WHERE {found}"

    def _spelled(self, name: str) -> str:
        return self._dialect.identifier_preparer.format_column(self._columns[name])


def outward(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """How a value that is there goes out; None: as it is."""
    if _is_text_of_json(kind, dialect):
        return as_json
    return None if kind.python_type in AS_IT_IS else kind.dialect_impl(dialect).bind_processor(dialect)


def _inward(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    if _is_text_of_json(kind, dialect):
        return read_json
    return None if kind.python_type in AS_IT_IS else kind.dialect_impl(dialect).result_processor(dialect, None)


def _is_text_of_json(kind: TypeEngine[Any], dialect: Dialect) -> bool:
    """SQLite keeps it as text, of which we are the only readers; PostgreSQL's driver has its own way."""
    return isinstance(kind, JSON) and dialect.name == "sqlite"


def _kept(processes: Iterable[Process | None]) -> tuple[tuple[int, Process], ...]:
    """Those there are, with their places."""
    return tuple((place, process) for place, process in enumerate(processes) if process is not None)


def statements_for(dialect: Dialect) -> Callable[[type[SQLModel]], Statements]:
    """The statements about each table for one database, made when they are first needed."""
    known: dict[type[SQLModel], Statements] = {}

    def statements_of(model: type[SQLModel]) -> Statements:
        return known.get(model) or known.setdefault(model, Statements(model, dialect))

    return statements_of
