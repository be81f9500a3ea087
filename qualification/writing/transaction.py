"""One unit of work, and all it may do to the database: read, change, add, and record what happened."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Select, Update
from sqlalchemy.sql import Executable
from sqlmodel import SQLModel

from qualification.events import Event
from qualification.ids import OrderedIds
from qualification.policy import Policy
from qualification.writing.batch import Batch
from qualification.writing.jobs import Passage
from qualification.writing.many import Among
from qualification.writing.rows import Values

R = TypeVar("R", bound=SQLModel)
T = TypeVar("T")


class RecordNotFound(LookupError):
    def __init__(self, table: type[SQLModel], key: object) -> None:
        super().__init__(f"no {table.__tablename__} with {key!r}")


class Transaction:
    """One unit of work: what a step may read, change and record, at one instant.

    `now` is that instant in UTC, `here` the same on the firm's own clock.
    Rows come back tracked: set their attributes and the change is written with the batch.
    """

    def __init__(
        self,
        batch: Batch,
        *,
        now: datetime,
        here: datetime,
        policy: Policy,
        tell: "Tell",
        ids: OrderedIds,
        passage: Passage | None = None,
    ) -> None:
        self.now = now
        self.here = here
        self.trace = passage.trace if passage is not None else None
        self.policy = policy
        self._batch = batch
        self._tell = tell
        self._ids = ids

    def get(self, table: type[R], key: Any) -> R:
        """The row with this primary key; raises RecordNotFound."""
        row = self.peek(table, key)
        if row is None:
            raise RecordNotFound(table, key)
        return row

    def peek(self, table: type[R], key: Any) -> R | None:
        """The row with this primary key, or None."""
        return self._batch.one(table, key)

    def first(self, table: type[R], column: str, value: Any) -> R | None:
        return next(iter(self._batch.find(table, column, value)), None)

    def find(self, table: type[R], column: str, value: Any) -> list[R]:
        """The rows whose column has this value, oldest key first, those added by this step included."""
        return self._batch.find(table, column, value)

    def load(self, table: type[SQLModel], column: str, values: Iterable[Any]) -> None:
        """Read all of these in as few statements as possible: whoever asks for one of them finds it read."""
        self._batch.load((table, column, values))

    def select(self, statement: Executable) -> Sequence[Row[Any]]:
        """Any other read. It sees what earlier steps of the batch wrote; rows it returns are not tracked."""
        self._batch.write()
        return self._batch.connection.execute(statement).all()

    def select_in(
        self, statement: Callable[[Among], Select[Any]], values: Iterable[Any], **more: Any
    ) -> Iterator[Row[Any]]:
        """The same for the rows that are `among` a list of any length, beside the statement's other parameters."""
        return self._batch.select_in(statement, values, **more)

    def change(self, table: type[SQLModel], keys: Iterable[Any], **to: Any) -> None:
        """Set columns of many rows by a statement; a row that was read before has to be read again to show it."""
        self._batch.change(table, keys, to)

    def change_in(self, table: type[SQLModel], statement: Callable[[Among], Update], values: Iterable[Any]) -> int:
        """How many of the rows `among` a list of any length the statement changes."""
        return self._batch.change_in(table, statement, values)

    def add_many(
        self, table: type[SQLModel], rows: list[Values], *, alike: Values | None = None, unless: str | None = None
    ) -> None:
        """Many new rows as plain values, without a word to anybody; not those whose `unless` another row has.

        `alike`: the columns in which all of them hold the same.
        """
        self._batch.add_many(table, rows, alike=alike, unless=unless)

    def add(self, row: R) -> R:
        """A new row, found from now on and written with the batch. Raises AlreadyThere."""
        self._batch.add(row)
        return row

    def added(self, table: type[R]) -> list[R]:
        """The rows this unit of work has added so far, in their order."""
        return self._batch.added(table)

    def once(self, rows: list[R], make: Callable[[list[R]], T]) -> T:
        """What is made of these rows, whose facts are never edited, made once in a step."""
        return self._batch.once(rows, make)

    def delete(self, table: type[SQLModel], column: str, *values: Any) -> int:
        """The rows whose column has one of these values are gone for good; how many. Facts are only erased."""
        return self._batch.delete(table, column, values)

    def record(self, happened: Event) -> None:
        """Write what happened into the lead's history and tell whoever has to know."""
        self._tell(self, happened)

    def is_told_by(self, tell: "Tell") -> bool:
        """Whether this is who hears of what `record` is given."""
        return self._tell is tell

    def new_id(self) -> str:
        """A public id: random, never made from a counter or a clock."""
        return self._batch.new_id()

    def ordered_id(self) -> str:
        """An inner id that sorts by when it was made, for rows that must keep their order."""
        return self._ids.next(self.now)

    def ordered_ids(self, many: int) -> list[str]:
        """So many of them, in their order."""
        return self._ids.many(self.now, many)


Tell = Callable[[Transaction, Event], None]
Work = Callable[[Transaction], T]
