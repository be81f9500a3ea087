"""The rows of one commit: read once, changed by each step in turn, written with a few set-based statements.

    load, find -> tracked rows -> steps change them and add new ones -> write: an INSERT for each table,
                                                                        an UPDATE for each shape of change

A step that fails is taken back from memory, so that it leaves no trace and harms no other step. Only when
something of it had already been written does that need a rollback (StepWritten).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Update, delete, insert, update
from sqlmodel import SQLModel

from qualification.ids import random_id
from qualification.many import WANTED, Among, among_of, insert_many, with_keys
from qualification.rows import (
    Values,
    columns_of,
    key_in,
    key_name,
    key_names,
    key_of,
    model_of,
    row_of,
    table_of,
    values_of,
)
from qualification.statements import Statements
from qualification.wire import wire_of

R = TypeVar("R", bound=SQLModel)
T = TypeVar("T")

# The tables written to, with the keys of their rows as far as we gave them, and what each row holds: None where a
# statement changed or deleted it unseen.
Wrote = dict[type[SQLModel], dict[Any, Values | None]]

MOST_IN_ONE_LIST = 1_000  # SQLite takes 32,766 parameters, a planner prefers fewer


class AlreadyThere(Exception):
    """A step added a row whose key this batch already holds."""


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


@dataclass(eq=False, slots=True)
class _Tracked:
    """A row of a table, and what the database holds of it; None while it is new.

    `used`: somebody has looked at it since it was last written, so it may have changed. `before` is what it held when
    the step that runs first looked at it; None while that step has not.
    """

    table: type[SQLModel]
    row: Any
    stored: Values | None
    used: bool = False
    before: Values | None = None

    def holds(self, column: str) -> Any:
        return self.row.__dict__.get(column)


Index = dict[Any, list[_Tracked]]
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
        self._rows: dict[tuple[type[SQLModel], Any], _Tracked] = {}
        self._found: dict[type[SQLModel], dict[str, Index]] = {}
        self._places: dict[type[SQLModel], Callable[[Values], Any]] = {}
        self._fresh: dict[type[SQLModel], list[_Tracked]] = {}
        self._used: dict[type[SQLModel], list[_Tracked]] = {}
        self._touched: dict[type[SQLModel], list[_Tracked]] = {}
        self._added: list[_Tracked] = []
        self._step_written = False
        self._new_ids: set[str] = set()
        self._made: dict[Callable[[Any], Any], dict[int, tuple[Any, Any]]] = {}

    # -- one step -------------------------------------------------------------------------

    def begin_step(self) -> None:
        for table, touched in self._touched.items():
            self._refile_changed(table)
            for tracked in touched:
                tracked.before = None
        self._touched.clear()
        self._added.clear()
        self._step_written = False

    def undo_step(self) -> None:
        """Put every row back as it was before the step. Raises StepWritten when that is too late."""
        if self._step_written:
            raise StepWritten
        for tracked in [tracked for touched in self._touched.values() for tracked in touched]:
            if (before := tracked.before) is not None:
                self._refile(tracked, {column: tracked.holds(column) for column in before}, before)
                _restore(tracked.row, before)
        for tracked in self._added:
            self._forget(tracked)

    def _forget(self, tracked: _Tracked) -> None:
        table = tracked.table
        tracked.used, tracked.before = False, None
        self._rows.pop((table, key_of(tracked.row)), None)
        self._fresh[table] = [other for other in self._fresh.get(table, []) if other is not tracked]
        for column, index in self._found.get(table, {}).items():
            if filed := index.get(tracked.holds(column)):
                filed[:] = [other for other in filed if other is not tracked]

    def _touch(self, table: type[SQLModel], found: Iterable[_Tracked]) -> None:
        for tracked in found:
            if tracked.before is None:
                unchanged = tracked.stored if not tracked.used else None
                tracked.before = unchanged or tracked.row.__dict__.copy()
                self._touched.setdefault(table, []).append(tracked)
                if not tracked.used:
                    tracked.used = True
                    self._used.setdefault(table, []).append(tracked)

    def _refile_changed(self, table: type[SQLModel]) -> None:
        """What the step has changed is found under what it is now."""
        touched, places = self._touched.get(table), self._places.get(table)
        if not touched or not places:
            return
        for tracked in touched:
            before, held = tracked.before, tracked.row.__dict__
            if before is not None and places(before) != places(held):
                self._refile(tracked, before, held)

    def _refile(self, tracked: _Tracked, before: Values, after: Values) -> None:
        """Move the row from its old values to its new ones, wherever these have been looked for."""
        table = tracked.table
        key = key_name(table)
        for column, index in self._found.get(table, {}).items():
            old, new = before.get(column), after.get(column)
            if column == key or old == new:
                continue
            if filed := index.get(old):
                filed[:] = [other for other in filed if other is not tracked]
            filed = index.get(new)
            if filed is not None and tracked not in filed:
                filed.append(tracked)
                filed.sort(key=_age)

    # -- reading --------------------------------------------------------------------------

    def one(self, table: type[R], key: Any) -> R | None:
        """The row with this primary key."""
        tracked = self._rows.get((table, key))
        if tracked is None and (name := key_name(table)) is not None:
            return next(iter(self.find(table, name, key)), None)
        if tracked is None:
            first, *_ = key_names(table)
            return next((row for row in self.find(table, first, key[0]) if key_of(row) == key), None)
        self._touch(table, (tracked,))
        row: R = tracked.row
        return row

    def find(self, table: type[R], column: str, value: Any) -> list[R]:
        """Rows by a column, oldest key first, with what the steps so far have changed and added."""
        if value is None:
            return []
        if column != key_name(table):
            self._refile_changed(table)
        found = self._found.get(table, {}).get(column, {}).get(value)
        if found is None:
            self.load(table, column, [value])
            found = self._found[table][column][value]
        self._touch(table, found)
        return [tracked.row for tracked in found]

    def load(self, table: type[SQLModel], column: str, values: Iterable[Any]) -> None:
        """Read the rows with these values in as few statements as possible, those not known yet."""
        index = self._index(table, column)
        missing = [value for value in dict.fromkeys(values) if value is not None and value not in index]
        if column == key_name(table):
            missing = [value for value in missing if not self._is_held(table, value, index)]
        read: Index = {value: [] for value in missing}
        for part in batched(value for value in missing if value not in self._new_ids):
            for tracked in self._read(table, column, part):
                read.get(tracked.holds(column), []).append(tracked)
        for tracked in self._unwritten(table) if missing else ():
            filed = read.get(tracked.holds(column))
            if filed is not None and tracked not in filed:
                filed.append(tracked)
        index |= read

    def _index(self, table: type[SQLModel], column: str) -> Index:
        """Where the rows of a table are found by this column; its values, but for the key, are the row's places."""
        found = self._found.setdefault(table, {})
        if column not in found:
            found[column] = {}
            if filed_by := [column for column in found if column != key_name(table)]:
                self._places[table] = itemgetter(*filed_by)
        return found[column]

    def _is_held(self, table: type[SQLModel], key: Any, index: Index) -> bool:
        tracked = self._rows.get((table, key))
        if tracked is None and (known := self._for_good.get((table, key))):
            tracked = self._admit(table, [known[name] for name in columns_of(table)], key)
        if tracked is not None:
            index[key] = [tracked]
        return tracked is not None

    def seen_for_good(self) -> ForGood:
        """Rows that stay as they are, of those this commit has read and written."""
        return {
            (table, key): tracked.row.__dict__
            for table, index in self._found.items()
            if table.for_good  # type: ignore[attr-defined]  # every table of ours is a Record
            for key, filed in index.get(str(key_name(table)), {}).items()
            for tracked in filed
        }

    def _read(self, table: type[SQLModel], column: str, values: list[Any]) -> Iterator[_Tracked]:
        key_at = itemgetter(*map(columns_of(table).index, key_names(table)))
        for stored in self._statements_of(table).select(self._wire, column, values):
            key = key_at(stored)
            yield self._rows.get((table, key)) or self._admit(table, stored, key)

    def _admit(self, table: type[SQLModel], stored: list[Any], key: Any) -> _Tracked:
        row = row_of(table, stored)
        tracked = _Tracked(table, row, row.__dict__.copy())
        self._rows[table, key] = tracked
        return tracked

    def _unwritten(self, table: type[SQLModel]) -> list[_Tracked]:
        """Rows the database does not show as they are: changed since they were read, or new."""
        changed = [tracked for tracked in self._used.get(table, []) if tracked.used and tracked.stored]
        return changed + self._fresh.get(table, [])

    def values(self, table: type[SQLModel], of_row: str | Callable[[Any], Iterable[Any]]) -> list[Any]:
        """A column of the rows held by now, or all that is made of each of them."""
        rows = [tracked.row for (of, _), tracked in self._rows.items() if of is table]
        if isinstance(of_row, str):
            return [row.__dict__.get(of_row) for row in rows]
        return [value for row in rows for value in of_row(row)]

    def once(self, rows: Iterable[R], make: Callable[[R], T]) -> list[T]:
        """What is made of rows whose facts are never edited, made once. A row is kept with it, so its id is too."""
        known, made = self._made.setdefault(make, {}), []
        for row in rows:
            if id(row) not in known:
                known[id(row)] = (row, make(row))
            made.append(known[id(row)][1])
        return made

    # -- writing --------------------------------------------------------------------------

    def add(self, row: SQLModel) -> None:
        """A new row, found by later steps at once and written with the batch. Raises AlreadyThere."""
        table = model_of(row)
        name = key_name(table)
        tracked, key = _Tracked(table, row, None), key_in(table)(row.__dict__)
        if key is not None:
            if (table, key) in self._rows:
                raise AlreadyThere(f"{table.__tablename__} {key!r} is already there")
            self._rows[table, key] = tracked
            if name is not None:
                self._index(table, name)[key] = [tracked]
        self._fresh.setdefault(table, []).append(tracked)
        self._added.append(tracked)
        self._touch(table, [tracked])
        for column, index in self._found.get(table, {}).items():
            filed = index.get(row.__dict__[column])
            if filed is not None and column != name:
                filed.append(tracked)

    def new_id(self) -> str:
        """A random id nobody has used: no row of the database refers to it, and none is looked for."""
        made = random_id()
        self._new_ids.add(made)
        return made

    def added(self, table: type[R]) -> list[R]:
        """What the step has added so far."""
        return [tracked.row for tracked in self._added if tracked.table is table]

    def delete(self, table: type[SQLModel], column: str, values: Iterable[Any]) -> int:
        """The rows with these values are gone for good, here and in the database; how many they were."""
        self.write()
        wanted = list(values)
        gone = [row for value in wanted for row in self.find(table, column, value)]
        by = table_of(table).c[column]
        for part in batched(wanted):
            self.connection.execute(delete(table_of(table)).where(by.in_(part)))
        for row in gone:
            self._forget(self._rows[table, key_of(row)])
        self._step_written = self._step_written or bool(gone)
        self.wrote.setdefault(table, {}).update(dict.fromkeys(map(key_of, gone)))
        return len(gone)

    def write(self, *, last: bool = False) -> None:
        """Everything new and changed, one statement for each shape of change. `last`: nobody will look again."""
        self._write_changed()
        for table, fresh in self._fresh.items():
            if fresh:
                self._write_new(table, fresh, last=last)
        self._fresh.clear()
        self._new_ids.clear()
        if not last:
            self._wire.flush()
            self._rest()

    def _rest(self) -> None:
        """Of all rows only those of the step that runs may change before somebody looks at them again."""
        for tracked in [tracked for used in self._used.values() for tracked in used]:
            tracked.used = tracked.before is not None
        self._used = {
            table: [tracked for tracked in touched if tracked.used] for table, touched in self._touched.items()
        }

    def commit(self) -> None:
        """Write what is left, and be done."""
        self.write(last=True)
        self._wire.commit()

    def _write_changed(self) -> None:
        changes: dict[tuple[type[SQLModel], tuple[str, ...]], list[Values]] = {}
        for tracked in [tracked for used in self._used.values() for tracked in used if tracked.used]:
            if tracked.stored is None or not (changed := _changed_columns(tracked.row, tracked.stored)):
                continue
            now = tracked.row.__dict__.copy()
            changes.setdefault((tracked.table, changed), []).append(now)
            tracked.stored = now
            self._step_written = self._step_written or tracked.before is not None
        for (table, changed), rows in changes.items():
            self._statements_of(table).update(changed).run(self._wire, rows)
            key = key_in(table)
            self.wrote.setdefault(table, {}).update((key(row), row) for row in rows)

    def _write_new(self, table: type[SQLModel], fresh: list[_Tracked], *, last: bool) -> None:
        key = key_in(table)
        rows: list[Values] = [tracked.row.__dict__ for tracked in fresh]
        if keyed := [row for row in rows if key(row) is not None]:
            self._statements_of(table).insert(numbered=False).run(self._wire, keyed)
        if len(keyed) < len(rows):
            self._write_unkeyed(table, [tracked for tracked in fresh if key_of(tracked.row) is None], last=last)
        self._step_written = self._step_written or bool(self._added)
        self.wrote.setdefault(table, {}).update((key(row), row) for row in rows)
        if not last:
            for tracked in fresh:
                tracked.stored = values_of(tracked.row)

    def _write_unkeyed(self, table: type[SQLModel], fresh: list[_Tracked], *, last: bool) -> None:
        """Rows numbered by the database learn their numbers, so that they can be found and changed again.

        Not the last ones: to ask SQLite for the numbers takes a statement a row.
        """
        if last:
            rows = [tracked.row.__dict__ for tracked in fresh]
            self._statements_of(table).insert(numbered=True).run(self._wire, rows)
            return
        (name,) = key_names(table)
        self._wire.flush()
        rows = [{column: t.holds(column) for column in columns_of(table) if column != name} for t in fresh]
        numbered = insert(table_of(table)).returning(table_of(table).c[name], sort_by_parameter_order=True)
        keys = self.connection.execute(numbered, rows).scalars().all()
        for tracked, key in zip(fresh, keys, strict=True):
            setattr(tracked.row, name, key)
            self._rows[table, key] = tracked
            if tracked.before is not None:
                tracked.before[name] = key

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
        for tracked in [tracked for (of, _), tracked in self._rows.items() if of is table]:
            self._forget(tracked)
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
        self._found.pop(table, None)
        self._places.pop(table, None)
        self._step_written = True
        self.wrote.setdefault(table, {}).update(dict.fromkeys(keys))
        for known in keys if self._rows else ():
            if tracked := self._rows.get((table, known)):
                self._forget(tracked)


def batched(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values in lists that a statement can take."""
    rest = list(values)
    for start in range(0, len(rest), MOST_IN_ONE_LIST):
        yield rest[start : start + MOST_IN_ONE_LIST]


def _age(tracked: _Tracked) -> tuple[bool, Any]:
    """Oldest key first; a row the database has yet to number is the youngest."""
    key = key_of(tracked.row)
    return key is None, key


def _restore(row: SQLModel, before: Values) -> None:
    for name, value in before.items():
        if row.__dict__.get(name) is not value:
            setattr(row, name, value)


def _changed_columns(row: SQLModel, stored: Values) -> tuple[str, ...]:
    held = row.__dict__
    if held == stored:
        return ()
    return tuple([name for name, value in stored.items() if held[name] is not value and held[name] != value])
