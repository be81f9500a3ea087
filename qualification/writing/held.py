"""The rows of one table in a commit's hands: found by any column they were looked for by, watched for what changes.

admit, add -> held -> touch: a step looks at them, and may change them -> end_step | undo_step -> written
"""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from sqlmodel import SQLModel

from qualification.writing.rows import PlainRow, Values, key_in, key_name, plain_row

Index = dict[Any, list[PlainRow]]


class AlreadyThere(Exception):
    """A step added a row whose key this batch already holds."""


class Held:
    """One table's. `absent`: keys that were looked for and are not there. `fresh`: new and not written yet. `used`:
    somebody has looked at them since they were last written. `touched`: the step that runs has.
    """

    def __init__(self, table: type[SQLModel]) -> None:
        self.table = table
        self.key_name = key_name(table)
        self.key_in = key_in(table)
        self.by_key: dict[Any, PlainRow] = {}
        self.absent: set[Any] = set()
        self.indexes: dict[str, Index] = {}
        self.fresh: list[PlainRow] = []
        self.used: list[PlainRow] = []
        self.touched: list[PlainRow] = []
        self._place: Callable[[Values], Any] | None = None

    def index(self, column: str) -> Index:
        """Where rows are found by this column, which is not the key. What they hold in such columns is their place."""
        index = self.indexes.get(column)
        if index is None:
            index = self.indexes[column] = {}
            self._place = itemgetter(*self.indexes)
        return index

    def forget_places(self) -> None:
        """Who is looked for by another column than the key is looked for anew, and so is who was not there."""
        self.indexes.clear()
        self.absent.clear()
        self._place = None

    # -- rows come and go ----------------------------------------------------------------------

    def admit(self, stored: Values) -> PlainRow:
        """A row as the database holds it, as it is held here already or from now on."""
        key = self.key_in(stored)
        row = self.by_key.get(key)
        if row is None:
            row = self.by_key[key] = plain_row(self.table, stored)
            row.db_holds, row.held_before, row.looked_at = stored.copy(), None, False
        return row

    def add(self, row: PlainRow) -> None:
        """A new row. Raises AlreadyThere."""
        values = row.__dict__
        key = self.key_in(values)
        if key is not None:
            if key in self.by_key:
                raise AlreadyThere(f"{self.table.__tablename__} {key!r} is already there")
            self.by_key[key] = row
        row.db_holds, row.held_before, row.looked_at = None, values.copy(), True
        self.fresh.append(row)
        self.used.append(row)
        self.touched.append(row)
        for column, index in self.indexes.items():
            if (filed := index.get(values[column])) is not None:
                filed.append(row)

    def forget(self, row: PlainRow) -> None:
        row.looked_at, row.held_before = False, None
        self.by_key.pop(self.key_in(row.__dict__), None)
        self.fresh = [other for other in self.fresh if other is not row]
        for column, index in self.indexes.items():
            if filed := index.get(row.__dict__[column]):
                filed[:] = [other for other in filed if other is not row]

    def unwritten(self) -> list[PlainRow]:
        """Rows the database does not show as they are: changed since they were read, or new."""
        return [row for row in self.used if row.looked_at and row.db_holds] + self.fresh

    # -- one step ------------------------------------------------------------------------------

    def touch(self, rows: Iterable[PlainRow]) -> None:
        for row in rows:
            if row.held_before is None:
                unchanged = row.db_holds if not row.looked_at else None
                row.held_before = unchanged or row.__dict__.copy()
                self.touched.append(row)
                if not row.looked_at:
                    row.looked_at = True
                    self.used.append(row)

    def end_step(self) -> None:
        self.refile_changed()
        for row in self.touched:
            row.held_before = None
        self.touched.clear()

    def undo_step(self) -> None:
        """Every row is as it was before the step; those it added are still there."""
        for row in self.touched:
            if (before := row.held_before) is not None:
                self._refile(row, row.__dict__, before)
                row.__dict__.update(before)

    def refile_changed(self) -> None:
        """What the step has changed is found under what it is now."""
        if (place := self._place) is None:
            return
        for row in self.touched:
            before, now = row.held_before, row.__dict__
            if before is not None and place(before) != place(now):
                self._refile(row, before, now)

    def _refile(self, row: PlainRow, before: Values, after: Values) -> None:
        """Move the row from its old values to its new ones, wherever these have been looked for."""
        for column, index in self.indexes.items():
            old, new = before[column], after[column]
            if old == new:
                continue
            if filed := index.get(old):
                filed[:] = [other for other in filed if other is not row]
            filed = index.get(new)
            if filed is not None and row not in filed:
                filed.append(row)
                filed.sort(key=self._age)

    def rest(self) -> None:
        """All is written: only rows of the step that runs may change before somebody looks at them again."""
        for row in self.used:
            row.looked_at = row.held_before is not None
        self.used = [row for row in self.touched if row.looked_at]

    def _age(self, row: PlainRow) -> tuple[bool, Any]:
        """Oldest key first; a row the database has yet to number is the youngest."""
        key = self.key_in(row.__dict__)
        return key is None, key
