"""kill -9 at every statement of the migration, on both databases: the next start finishes it (R21)."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import alembic.command  # noqa: F401 - so that the processes to be killed need not load it
from sqlalchemy import Engine, event

from bot.bootstrap import wall_clock
from bot.migrations import SchemaTooNew, bring_up_to_date
from qualification.store import open_engine
from tests.chaos import progress
from tests.chaos.clock_workers import forked
from tests.chaos.clocks import has_clocks, store_of
from tests.chaos.office import folder, quiet
from tests.chaos.proof import Proof, unless
from tests.postgres import fresh_schema, server_url

SURVIVED = 0
CLOCKS = 200
SHAPES = {
    "sqlite": "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_master",
    "postgresql": """
        SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable) FROM information_schema.columns
        WHERE table_schema = current_schema()
        UNION SELECT replace(indexdef, schemaname || '.', '') FROM pg_indexes WHERE schemaname = current_schema()
    """,
}
Shape = set[str]


def migration_killed(quick: bool) -> Proof:
    """Each statement of the schema, or one in ten of them."""
    killed, broken = 0, []
    for name, fresh in (("SQLite", _fresh_file), ("PostgreSQL", _fresh_schema)):
        with fresh() as url:
            whole = _shape_after_a_start(url)
        at, ended = 1, False
        while not ended:
            with fresh() as url:
                ended = _migrates(url, killed_at=at) == SURVIVED
                killed += not ended
                progress.says(f"{name}: killed at statement {at}")
                broken += [] if _shape_after_a_start(url) == whole else [f"{name} at statement {at}"]
            at += 10 if quick else 1
    moved, too_new = _clocks_stay(), _newer_is_refused()
    return Proof(
        name="R21",
        promise="a migration may be killed anywhere",
        figures=(
            f"{killed} kill -9, one before each statement on SQLite and PostgreSQL: {len(broken)} schemas not whole after "
            f"the next start; {CLOCKS} open clocks, {moved} due instants moved by another start; a newer schema is "
            f"{'refused' if too_new else 'WRITTEN TO'} by an older program"
        ),
        broken=unless(
            the_next_start_finishes_it=(not broken, broken[:5]),
            due_instants_stay=(moved == 0, moved),
            an_old_program_refuses_a_newer_schema=(too_new, too_new),
            it_was_killed=(killed > 0, killed),
        ),
    )


@contextmanager
def _fresh_file() -> Iterator[str]:
    with folder() as place:
        yield f"sqlite:///{place}/schema.db"


@contextmanager
def _fresh_schema() -> Iterator[str]:
    with fresh_schema(server_url()) as url:
        yield url


def _migrates(url: str, *, killed_at: int) -> int | None:
    """A process that brings the schema up to date and dies before that statement; how it ended."""
    process = forked.Process(target=_migrate_and_die, args=(url, killed_at))
    process.start()
    process.join()
    ended: int | None = process.exitcode
    return ended


def _migrate_and_die(url: str, killed_at: int) -> None:
    quiet()
    statements = iter(range(1, killed_at))

    def count(*_: Any) -> None:
        if next(statements, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    bring_up_to_date(url)


def _shape_after_a_start(url: str) -> Shape:
    """Every column and index, once the program has started on it."""
    bring_up_to_date(url)
    engine = open_engine(url)
    with engine.connect() as connection:
        shape = {str(row[0]) for row in connection.exec_driver_sql(SHAPES[engine.dialect.name])}
    engine.dispose()
    return shape


def _clocks_stay() -> int:
    """How many due instants another start of the program moved."""
    with _fresh_file() as url:
        bring_up_to_date(url)
        with store_of(url) as store:
            has_clocks(store, CLOCKS, wall_clock())
            before = _dues(store.engine)
        bring_up_to_date(url)
        with store_of(url) as store:
            return len(before ^ _dues(store.engine))


def _dues(engine: Engine) -> set[tuple[Any, ...]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.exec_driver_sql("SELECT subject_id, step, due_at FROM timer")}


def _newer_is_refused() -> bool:
    with _fresh_file() as url:
        bring_up_to_date(url)
        engine = open_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        engine.dispose()
        try:
            bring_up_to_date(url)
        except SchemaTooNew:
            return True
    return False
