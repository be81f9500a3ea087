"""`bantline db copy`: everything from one database into an empty one, SQLite to PostgreSQL or back, and compared.

Either all of it arrives or nothing does. Nobody may write meanwhile: a database whose worker shows itself is refused.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.progress import Progress
from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from bot.bootstrap import as_json_text, sqlite_file
from bot.health import is_alive
from bot.logs import without_secrets
from bot.migrations import bring_up_to_date, schema_is_current
from bot.mistakes import AS_A_DATABASE, is_a_database
from qualification.database import open_engine

ROWS_AT_ONCE = 2_000
ALL_BITS = 1 << 256


class CannotCopy(Exception):
    """Nothing was copied; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a table holds: how many rows, and the sum of their marks, which is the same in whatever order they stand."""

    rows: int = 0
    mark: int = 0

    def __add__(self, row: Any) -> "Contents":
        return Contents(rows=self.rows + 1, mark=(self.mark + _mark(row)) % ALL_BITS)


def copy_database(source_url: str, target_url: str, *, as_json: bool) -> None:
    """Raises CannotCopy."""
    copied = copy(source_url, target_url, now=datetime.now(UTC), show_progress=not as_json)
    if as_json:
        print(as_json_text({"tables": copied}))
        return
    print(f"{sum(copied.values()):,} rows of {len(copied)} tables copied and compared: both databases hold the same.")
    print("Set DATABASE_URL to the new one, start Bantline, and keep the old one until you are sure.")


def _must_be_addresses(*urls: str) -> None:
    for url in urls:
        if not is_a_database(url):
            raise CannotCopy(f"{without_secrets(url)} is no database: {AS_A_DATABASE}")


def copy(source_url: str, target_url: str, *, now: datetime, show_progress: bool = False) -> dict[str, int]:
    """Copy and compare; the rows of each table. Raises CannotCopy."""
    _must_be_addresses(source_url, target_url)
    file = sqlite_file(source_url)
    if file is not None and not file.exists():
        raise CannotCopy(f"there is no database {file.absolute()}: give the address that DATABASE_URL has now")
    source = open_engine(source_url)
    if not _is_ours(lambda: schema_is_current(source)):
        raise CannotCopy("the source is no database of this version: run `bantline doctor` against it first")
    with Session(source) as session:
        if is_alive(session, now=now):
            raise CannotCopy("Bantline is running on the source: stop it, wait a minute, and copy then")
    bring_up_to_date(target_url)
    target = open_engine(target_url)
    tables = SQLModel.metadata.sorted_tables
    try:
        with source.connect() as giving, target.begin() as taking, Progress(disable=not show_progress) as progress:
            _must_be_empty(taking, tables)
            total = sum(giving.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
            task = progress.add_task("copying", total=total * 2)
            counts = {}
            for table in tables:
                given = _pour(giving, taking, table, lambda rows: progress.advance(task, rows))
                arrived = _contents(taking, table, lambda rows: progress.advance(task, rows))
                if given != arrived:
                    raise CannotCopy(f"the rows of {table.name} did not arrive as they were; nothing was kept")
                counts[table.name] = given.rows
            _count_on(taking, tables)
            return counts
    except SQLAlchemyError as refused:
        raise CannotCopy(
            f"the target did not take it, nothing was kept: {str(getattr(refused, 'orig', refused)).splitlines()[0]}"
        ) from refused
    finally:
        source.dispose()
        target.dispose()


def _is_ours(look: Callable[[], bool]) -> bool:
    try:
        return look()
    except SQLAlchemyError:
        return False


def _must_be_empty(taking: Connection, tables: list[Table]) -> None:
    for table in tables:
        if taking.execute(select(table).limit(1)).first() is not None:
            raise CannotCopy(f"the target already holds something (in {table.name}); name an empty database")


def _pour(giving: Connection, taking: Connection, table: Table, told: Callable[[int], object]) -> Contents:
    contents = Contents()
    for rows in _portions(giving, table):
        taking.execute(insert(table), [row._asdict() for row in rows])
        for row in rows:
            contents += row
        told(len(rows))
    return contents


def _contents(connection: Connection, table: Table, told: Callable[[int], object]) -> Contents:
    contents = Contents()
    for rows in _portions(connection, table):
        for row in rows:
            contents += row
        told(len(rows))
    return contents


def _portions(connection: Connection, table: Table) -> Iterator[list[Any]]:
    result = connection.execute(select(table).execution_options(yield_per=ROWS_AT_ONCE))
    for rows in result.partitions():
        yield list(rows)


def _mark(row: Any) -> int:
    spelled = json.dumps([_plain(value) for value in row], sort_keys=True, ensure_ascii=True)
    return int.from_bytes(hashlib.sha256(spelled.encode()).digest())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if isinstance(value, (str, int, float, bool, list, dict)) or value is None else str(value)


def _count_on(taking: Connection, tables: list[Table]) -> None:
    """PostgreSQL gives the next number where the copied ones end; SQLite does so by itself."""
    if taking.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key:
            if column.type.python_type is int:
                last = f'(SELECT COALESCE(MAX("{column.name}"), 0) + 1 FROM "{table.name}")'
                where = f"pg_get_serial_sequence('\"{table.name}\"', '{column.name}')"
                taking.execute(text(f"SELECT setval({where}, {last}, false)"))
