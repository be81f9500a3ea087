"""How the writer speaks to its database: its statements go to the driver with no layer between (ADR 10).

    SQLite        a statement is run at once, inside this process
    PostgreSQL    what is read together is one trip; what is written waits, and travels with the COMMIT (trips.py)

SQLAlchemy opens and ends the transaction, names the errors and has its listeners told, as for any statement of its own;
to run a statement through it takes seven times as long as to run it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Stored = Sequence[Any]
Asked = tuple[str, Stored]  # the text of a statement that reads, and its values
Answer = list[tuple[Any, ...]]


class Wire(Protocol):
    """Statements of fixed text in the driver's spelling, in the order in which they are given."""

    def read(self, asked: Sequence[Asked]) -> list[Answer]:
        """What each of these statements reads, asked in one trip where that is one."""
        ...

    def write(self, text: str, rows: Sequence[Stored]) -> None:
        """A statement for each of these rows, done when the next is read, at the latest by `flush`."""
        ...

    def flush(self) -> None:
        """Everything is written."""
        ...

    def commit(self) -> None:
        """Everything is written, and where that saves a trip to the database it is committed, too."""
        ...


def wire_of(connection: Connection) -> Wire:
    """For one transaction on this connection."""
    if connection.dialect.name == "postgresql":
        from qualification.writing.trips import (
            Trips,  # where it is used: whoever runs on SQLite need not hold its driver
        )

        return Trips(connection)
    return AtOnce(connection)


class AtOnce:
    """SQLite's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._driver: Any = connection.connection.driver_connection

    def read(self, asked: Sequence[Asked]) -> list[Answer]:
        return [self._rows(text, values) for text, values in asked]

    def _rows(self, text: str, values: Stored) -> Answer:
        tell(self._connection, text, values)
        with errors_named(self._connection, text):
            return cast(Answer, self._driver.execute(text, values).fetchall())

    def write(self, text: str, rows: Sequence[Stored]) -> None:
        tell(self._connection, text, rows, many=True)
        with errors_named(self._connection, text):
            self._driver.executemany(text, rows)

    def flush(self) -> None:
        pass

    def commit(self) -> None:
        pass


def tell(connection: Connection, text: str, values: Sequence[Any], *, many: bool = False) -> None:
    """Whoever listens for statements hears of this one before it is run."""
    for hear in connection.dispatch.before_cursor_execute:
        hear(connection, connection.connection.cursor(), text, values, None, many)


@contextmanager
def errors_named(connection: Connection, text: str) -> Iterator[None]:
    """Raises what SQLAlchemy raises, which is the same on both databases; a line that is lost is given up."""
    dialect = connection.dialect
    names: Any = dialect.loaded_dbapi
    try:
        yield
    except names.Error as problem:
        driver: Any = connection.connection.driver_connection
        lost = dialect.is_disconnect(problem, driver, None)
        if lost:
            connection.invalidate(problem)
        raise DBAPIError.instance(
            text, None, problem, names.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        ) from problem
