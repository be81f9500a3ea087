"""What a database of an earlier version holds, kept for good, and what is left of it once a newer program has started.

    python -m tests.released VERSION      at a release: writes tests/bot/released/VERSION.*

A walk takes the revisions one by one and compares every row before and after; empty tables are given rows of their own
first, so that no revision passes for want of something to lose.
"""

import argparse
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select, text

from bot import migrations
from qualification import notices
from qualification.calls import Outcome
from qualification.policy import shipped_policy
from qualification.store import Store, open_engine
from tests.business import Business
from tests.clock import Clock
from tests.dialogs.chatting import Prospect
from tests.postgres import fresh_schema, server_url

KEPT = Path(__file__).parent / "bot" / "released"
OURS = Path(migrations.__file__).parent
VERSIONS = "alembic_version"
FILLED_ROWS = (1, 2)
AN_INSTANT = datetime(2026, 5, 18, 1, 0, tzinfo=UTC)
MADE_UP: dict[type, Callable[[str, int], Any]] = {
    str: lambda name, number: f"{name} {number}",
    int: lambda name, number: number,
    float: lambda name, number: number + 0.5,
    bool: lambda name, number: number == 1,
    datetime: lambda name, number: AN_INSTANT,
    dict: lambda name, number: {name: number},
    object: lambda name, number: {name: number},  # what SQLAlchemy says of JSON
}
Row = dict[str, Any]
Rows = dict[str, list[Row]]


# -- walking ---------------------------------------------------------------------------------------


def losses(url: str, *, folder: Path = OURS, fill: bool = True) -> list[str]:
    """Bring the database up to date one revision at a time; what each of them lost or changed without saying so."""
    engine = open_engine(url)
    script = ScriptDirectory(str(folder))
    revisions = [found.revision for found in reversed([*script.walk_revisions()])]
    lost: list[str] = []
    with engine.connect() as connection, connection.begin():
        seen = _seen(connection)
        for revision in revisions[revisions.index(seen) + 1 if seen else 0 :]:
            before = _rows_of(connection)
            _upgrade(connection, folder, revision)
            module = script.get_revision(revision).module
            lost += _compared(revision, before, _rows_of(connection), getattr(module, "MAY_LOSE", set()))
            if fill:
                fill_empty_tables(connection)
    engine.dispose()
    return lost


def _upgrade(connection: Connection, folder: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _seen(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSIONS):
        return None
    return connection.exec_driver_sql(f"SELECT version_num FROM {VERSIONS}").scalar()


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSIONS]


def _rows_of(connection: Connection) -> Rows:
    rows = {table.name: connection.execute(select(table)).mappings() for table in _tables(connection)}
    return {name: sorted((dict(row) for row in held), key=_in_order) for name, held in rows.items()}


def _in_order(row: Row) -> str:
    """By the key: it stands first in every table."""
    return str(next(iter(row.values())))


def _compared(revision: str, before: Rows, after: Rows, may_lose: Iterable[str]) -> list[str]:
    declared = set(may_lose)
    found = [loss for name in before for loss in _losses_of(name, before[name], after.get(name), declared)]
    return [f"{revision} {loss}" for loss in found]


def _losses_of(table: str, before: list[Row], after: list[Row] | None, declared: set[str]) -> Iterator[str]:
    if table in declared or not before:
        return
    if after is None or len(after) < len(before):
        yield f"loses rows of {table}: {len(before)} before, {len(after or [])} after"
        return
    for column in before[0]:
        if f"{table}.{column}" in declared:
            continue
        if column not in after[0]:
            yield f"loses {table}.{column}"
        elif [row[column] for row in before] != [row[column] for row in after][: len(before)]:
            yield f"changes {table}.{column}"


def fill_empty_tables(connection: Connection) -> None:
    """Some rows for each table that has none, made up from the kinds of its columns."""
    for table in _tables(connection):
        if connection.execute(select(func.count()).select_from(table)).scalar_one() == 0:
            rows = [
                {column.name: MADE_UP[column.type.python_type](column.name, number) for column in table.columns}
                for number in FILLED_ROWS
            ]
            connection.execute(insert(table), rows)


# -- keeping ---------------------------------------------------------------------------------------


def keep(version: str, folder: Path = KEPT) -> list[Path]:
    """Write what databases of the program as it is now hold; the files."""
    files = [folder / f"{version}.sqlite.sql", folder / f"{version}.postgres.json"]
    with tempfile.TemporaryDirectory() as place:
        _something_happens(f"sqlite:///{place}/release.db")
        with closing(sqlite3.connect(f"{place}/release.db")) as database:
            files[0].write_text("\n".join(database.iterdump()) + "\n", "utf-8")
    with fresh_schema(server_url()) as url:
        _something_happens(url)
        with _connected(url) as connection:
            rows = {name: _as_json(connection, name) for name in [table.name for table in _tables(connection)]}
            held = {"revision": _seen(connection), "rows": rows}
        files[1].write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return files


def _something_happens(url: str) -> None:
    """A talk, two leads, their clocks and a call; whatever they leave empty is made up."""
    migrations.bring_up_to_date(url)
    store = Store(url, clock=Clock(), policy=shipped_policy(), tell=notices.tell)
    try:
        Prospect(store).opens_chat()
        firm = Business(store, Clock())
        firm.calls(firm.qualified_lead(), Outcome.CONNECTED)
        firm.qualified_lead()
    finally:
        store.close()
    with _connected(url) as connection:
        fill_empty_tables(connection)


def _as_json(connection: Connection, table: str) -> list[Row]:
    rows: list[Row] = connection.exec_driver_sql(f'SELECT json_agg(a_row) FROM "{table}" AS a_row').scalar() or []
    return rows


def take_out(kept: Path, url: str) -> None:
    """Fill an empty database with what was kept: of SQLite as it was, of PostgreSQL after the same revision."""
    if kept.suffix == ".sql":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            database.executescript(kept.read_text("utf-8"))
        return
    held = json.loads(kept.read_text("utf-8"))
    with _connected(url) as connection:
        _upgrade(connection, OURS, held["revision"])
        for table, rows in held["rows"].items():
            put = text(f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", :rows)')
            connection.execute(put, {"rows": json.dumps(rows)})


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine: Engine = open_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.released", description=__doc__)
    asked.add_argument("version", help="the version to be released, as 0.1.0")
    for file in keep(asked.parse_args().version):
        print(file)


if __name__ == "__main__":
    main()
