"""The rows of one commit: read once, changed by each step in turn, written with a few set-based statements.

    load, find -> tracked rows -> steps change them and add new ones -> write: an INSERT for each table,
                                                                        an UPDATE for each shape of change

A step that fails is taken back from memory, so that it leaves no trace and harms no other step. Only when
something of it had already been written does that need a rollback (StepWritten).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Update, delete, insert, update
from sqlmodel import SQLModel

from qualification.ids import random_id
from qualification.writing.held import Held, Index
from qualification.writing.many import WANTED, Among, among_of, insert_many, with_keys
from qualification.writing.rows import (
    PlainRow,
    Values,
    columns_of,
    key_in,
    key_name,
    key_names,
    no_such_column,
    table_of,
)
from qualification.writing.statements import Statements
from qualification.writing.wire import wire_of

R = TypeVar("R", bound=SQLModel)
T = TypeVar("T")

# The tables written to, with the keys of their rows as far as we gave them, and what each row holds: None where a
# statement changed or deleted it unseen.
Wrote = dict[type[SQLModel], dict[Any, Values | None]]

Wanted = tuple[type[SQLModel], str, Iterable[Any]]  # the rows of a table that have one of these values in a column
Missing = tuple[Held, str, list[Any]]  # the same, as far as this commit does not know them

MOST_IN_ONE_LIST = 1_000  # SQLite takes 32,766 parameters, a planner prefers fewer


class StepWritten(Exception):
    """A step failed after its rows had been written: only a rollback takes them back."""


@dataclass(frozen=True)
class Load:
    """Rows a kind of work always needs, read for the whole batch at once.

    Loads without `via` take the work's keys in their order; the others follow rows already loaded: a column of theirs,
    or the values made of such a row, none where it needs nothing.
    """

    table: type[SQLModel]
    by: str
    via: tuple[type[SQLModel], str | Callable[[Any], Iterable[Any]]] | None = None


@lru_cache
def trips_of(plan: tuple[Load, ...]) -> list[list[Load]]:
    """The loads that can be made together: each follows rows of an earlier trip."""
    trips: dict[int, list[Load]] = {}
    trip_of: dict[type[SQLModel], int] = {}
    for load in plan:
        trip = trip_of[load.via[0]] + 1 if load.via else 0
        trip_of[load.table] = max(trip, trip_of.get(load.table, 0))
        trips.setdefault(trip, []).append(load)
    return [*trips.values()]


class _Tables(dict[type[SQLModel], Held]):
    """The rows of each table."""

    def __missing__(self, table: type[SQLModel]) -> Held:
        held = self[table] = Held(table)
        return held


ForGood = dict[tuple[type[SQLModel], Any], Values]  # rows that stay as they are, known from earlier commits


class Batch:
    """The rows of one commit: loaded once, found again by any column they were loaded by."""

    def __init__(
        self, connection: Connection, statements_of: Callable[[type[SQLModel]], Statements], for_good: ForGood
    ) -> None:
        self.connection = connection
        self._for_good = for_good
        self._wire = wire_of(connection)
        self._statements_of = statements_of
        self._among = among_of(connection)
        self.wrote: Wrote = {}
        self._held = _Tables()
        self._added: list[PlainRow] = []
        self._step_written = False
        self._new_ids: set[str] = set()
        self._made: dict[tuple[Any, ...], tuple[list[Any], Any]] = {}

    # -- one step -------------------------------------------------------------------------

    def begin_step(self) -> None:
        for held in self._held.values():
            if held.touched:
                held.end_step()
        self._added.clear()
        self._made.clear()
        self._step_written = False

    def undo_step(self) -> None:
        """Put every row back as it was before the step. Raises StepWritten when that is too late."""
        if self._step_written:
            raise StepWritten
        for held in self._held.values():
            held.undo_step()
        for row in self._added:
            self._held[row.model].forget(row)

    # -- reading --------------------------------------------------------------------------

    def one(self, table: type[R], key: Any) -> R | None:
        """The row with this primary key."""
        held = self._held[table]
        if key not in held.by_key:
            self._look_for(held, key)
        row: Any = held.by_key.get(key)
        if row is not None:
            held.touch((row,))
        return row  # type: ignore[no-any-return]  # a plain row stands for its model's

    def _look_for(self, held: Held, key: Any) -> None:
        if held.key_name is not None:
            self.load((held.table, held.key_name, [key]))
        else:
            self.load((held.table, key_names(held.table)[0], [key[0]]))

    def find(self, table: type[R], column: str, value: Any) -> list[R]:
        """Rows by a column, oldest key first, with what the steps so far have changed and added."""
        if value is None:
            return []
        held = self._held[table]
        if column == held.key_name:
            row = self.one(table, value)
            return [row] if row is not None else []
        held.refile_changed()
        index = held.index(column)
        if value not in index:
            self.load((table, column, [value]))
        found: list[Any] = index[value]
        held.touch(found)
        return found.copy()

    def load(self, *wanted: Wanted) -> None:
        """Read the rows with these values, those not known yet, in one trip to the database."""
        missing = [self._missing(*one) for one in wanted]
        for (held, column, values), rows in zip(missing, self._read(missing), strict=True):
            self._file(held, column, values, rows)

    def _missing(self, table: type[SQLModel], column: str, values: Iterable[Any]) -> Missing:
        held, wanted = self._held[table], [value for value in dict.fromkeys(values) if value is not None]
        if column == held.key_name:
            return held, column, [key for key in wanted if not self._is_known(held, key)]
        index = held.index(column)
        return held, column, [value for value in wanted if value not in index]

    def _is_known(self, held: Held, key: Any) -> bool:
        """Whether a row is there or not, without asking the database."""
        if key in held.by_key or key in held.absent:
            return True
        known = self._for_good.get((held.table, key))
        if known is not None:
            held.admit(known.copy())
        return known is not None

    def _file(self, held: Held, column: str, values: list[Any], rows: list[PlainRow]) -> None:
        """Whoever looks for one of these values finds the rows there are, those not written yet among them."""
        if column == held.key_name:
            held.absent.update(values)
        elif values:
            found: Index = {value: [] for value in values}
            for row in [*rows, *held.unwritten()]:
                filed = found.get(row.__dict__[column])
                if filed is not None and row not in filed:
                    filed.append(row)
            held.index(column).update(found)

    def _read(self, missing: Sequence[Missing]) -> list[list[PlainRow]]:
        """The rows of each."""
        readings = [
            (place, self._statements_of(held.table).select(column), part)
            for place, (held, column, values) in enumerate(missing)
            for part in batched(value for value in values if value not in self._new_ids)
        ]
        answers = self._wire.read([reading.of(part) for _, reading, part in readings])
        found: list[list[PlainRow]] = [[] for _ in missing]
        for (place, reading, _), answer in zip(readings, answers, strict=True):
            found[place] += map(missing[place][0].admit, reading.rows(answer))
        return found

    def seen_for_good(self) -> ForGood:
        """Rows that stay as they are, of those this commit has read and written."""
        return {
            (table, key): row.__dict__
            for table, held in self._held.items()
            if table.for_good  # type: ignore[attr-defined]  # every table of ours is a Record
            for key, row in held.by_key.items()
        }

    def values(self, table: type[SQLModel], of_row: str | Callable[[Any], Iterable[Any]]) -> list[Any]:
        """A column of the rows held by now, or all that is made of each of them."""
        rows = self._held[table].by_key.values()
        if isinstance(of_row, str):
            return [row.__dict__[of_row] for row in rows]
        return [value for row in rows for value in of_row(row)]

    def once(self, rows: list[R], make: Callable[[list[R]], T]) -> T:
        """What is made of rows whose facts are never edited, made once in a step. They are kept with it, so their ids
        are too.
        """
        name = (make, *map(id, rows))
        if name not in self._made:
            self._made[name] = (rows, make(rows))
        made: T = self._made[name][1]
        return made

    # -- writing --------------------------------------------------------------------------

    def add(self, row: SQLModel) -> None:
        """A new row, found by later steps at once and written with the batch. Raises AlreadyThere."""
        plain: Any = row
        self._held[plain.model].add(plain)
        self._added.append(plain)

    def new_id(self) -> str:
        """A random id nobody has used: no row of the database refers to it, and none is looked for."""
        made = random_id()
        self._new_ids.add(made)
        return made

    def added(self, table: type[R]) -> list[R]:
        """What the step has added so far."""
        added: list[Any] = [row for row in self._added if row.model is table]
        return added

    def delete(self, table: type[SQLModel], column: str, values: Iterable[Any]) -> int:
        """The rows with these values are gone for good, here and in the database; how many they were."""
        self.write()
        held, wanted = self._held[table], list(values)
        gone: list[Any] = [row for value in wanted for row in self.find(table, column, value)]
        by = table_of(table).c[column]
        for part in batched(wanted):
            self.connection.execute(delete(table_of(table)).where(by.in_(part)))
        for row in gone:
            held.forget(row)
        self._step_written = self._step_written or bool(gone)
        self.wrote.setdefault(table, {}).update(dict.fromkeys(held.key_in(row.__dict__) for row in gone))
        return len(gone)

    def write(self, *, last: bool = False) -> None:
        """Everything new and changed, one statement for each shape of change. `last`: nobody will look again."""
        for held in self._held.values():
            self._write_changed(held, last=last)
        for held in self._held.values():
            if held.fresh:
                self._write_new(held, last=last)
        self._new_ids.clear()
        if not last:
            self._wire.flush()
            for held in self._held.values():
                held.rest()

    def commit(self) -> None:
        """Write what is left, and be done."""
        self.write(last=True)
        self._wire.commit()

    def _write_changed(self, held: Held, *, last: bool) -> None:
        changes: dict[tuple[str, ...], list[Values]] = {}
        for row in held.used:
            stored, now = row.db_holds, row.__dict__
            if stored is None or not row.looked_at or not (changed := _changed_columns(row, stored)):
                continue
            row.db_holds = now if last else now.copy()
            changes.setdefault(changed, []).append(row.db_holds)
            self._step_written = self._step_written or row.held_before is not None
        for changed, rows in changes.items():
            self._statements_of(held.table).update(changed).run(self._wire, rows)
            self._note_written(held, rows)

    def _write_new(self, held: Held, *, last: bool) -> None:
        rows, columns = [row.__dict__ for row in held.fresh], len(columns_of(held.table))
        for values in rows:
            if len(values) > columns:
                raise no_such_column(held.table, values)
        if keyed := [row for row in rows if held.key_in(row) is not None]:
            self._statements_of(held.table).insert(numbered=False).run(self._wire, keyed)
        if len(keyed) < len(rows):
            self._write_unkeyed(held, [row for row in held.fresh if held.key_in(row.__dict__) is None], last=last)
        self._step_written = self._step_written or bool(self._added)
        self._note_written(held, rows)
        if not last:
            for row in held.fresh:
                row.db_holds = row.__dict__.copy()
        held.fresh = []

    def _note_written(self, held: Held, rows: list[Values]) -> None:
        self.wrote.setdefault(held.table, {}).update(zip(map(held.key_in, rows), rows, strict=True))

    def _write_unkeyed(self, held: Held, fresh: list[PlainRow], *, last: bool) -> None:
        """Rows numbered by the database learn their numbers, so that they can be found and changed again.

        Not the last ones: to ask SQLite for the numbers takes a statement a row.
        """
        table = table_of(held.table)
        if last:
            self._statements_of(held.table).insert(numbered=True).run(self._wire, [row.__dict__ for row in fresh])
            return
        (name,) = key_names(held.table)
        self._wire.flush()
        names = [column for column in columns_of(held.table) if column != name]
        rows = [{column: row.__dict__[column] for column in names} for row in fresh]
        numbered = insert(table).returning(table.c[name], sort_by_parameter_order=True)
        keys = self.connection.execute(numbered, rows).scalars().all()
        for row, key in zip(fresh, keys, strict=True):
            row.__dict__[name] = key
            held.by_key[key] = row
            if row.held_before is not None:
                row.held_before[name] = key

    # -- many rows at once, past the tracking ----------------------------------------------------

    def select_in(
        self, statement: Callable[[Among], Select[Any]], values: Iterable[Any], **more: Any
    ) -> Iterator[Row[Any]]:
        """Any read of the rows `among` these values, in parts; it sees what was written, and tracks nothing."""
        self.write()
        for part in batched(values):
            yield from self.connection.execute(statement(self._among), {WANTED: part, **more}).all()

    def change(self, table: type[SQLModel], keys: Iterable[Any], to: Values) -> None:
        """Set these columns of the rows with these keys, to values or to expressions of their columns."""
        self.write()
        found = with_keys(self.connection, [table_of(table).c[name] for name in key_names(table)])
        for part in batched(keys):
            change = update(table_of(table)).where(found.condition).values(**to)
            self.connection.execute(change, found.wanted(part))
            self._changed_unseen(table, part)

    def change_in(self, table: type[SQLModel], statement: Callable[[Among], Update], values: Iterable[Any]) -> int:
        """How many rows of the table the statement changes `among` these values; which of them is not known."""
        self.write()
        changed = sum(
            self.connection.execute(statement(self._among), {WANTED: part}).rowcount for part in batched(values)
        )
        self._changed_unseen(table, [None] if changed else [])
        held = self._held[table]
        for row in [*held.by_key.values()]:
            held.forget(row)
        return changed

    def add_many(
        self, table: type[SQLModel], rows: list[Values], *, alike: Values | None = None, unless: str | None = None
    ) -> None:
        """New rows as plain values, all of the same columns; who wants one as a row finds it."""
        self.write()
        if rows:
            insert_many(self.connection, table_of(table), rows, alike=alike, unless=unless)
            numbered = key_name(table) not in rows[0]
            self._changed_unseen(table, [None] if numbered else [*map(key_in(table), rows)])

    def _changed_unseen(self, table: type[SQLModel], keys: Sequence[Any]) -> None:
        """Who wants one of these rows has to read it again."""
        held = self._held[table]
        held.forget_places()
        self._step_written = True
        self.wrote.setdefault(table, {}).update(dict.fromkeys(keys))
        for known in keys if held.by_key else ():
            if row := held.by_key.get(known):
                held.forget(row)


def batched(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values in lists that a statement can take."""
    rest = list(values)
    for start in range(0, len(rest), MOST_IN_ONE_LIST):
        yield rest[start : start + MOST_IN_ONE_LIST]


def _changed_columns(row: PlainRow, stored: Values) -> tuple[str, ...]:
    held = row.__dict__
    if held == stored:
        return ()
    if len(held) > len(stored):
        raise no_such_column(row.model, held)
    return tuple([name for name, value in stored.items() if held[name] is not value and held[name] != value])
