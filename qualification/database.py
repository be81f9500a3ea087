"""The two databases we run on: a durable SQLite file, or PostgreSQL as it comes."""

import json
import os
import sqlite3
import threading
from contextlib import suppress
from functools import partial
from time import sleep
from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from qualification.writing.wire import errors_named

WRITER = "bantline-writer"
WHERE = "where"  # under which an index keeps what is true of its rows
CONNECT_WITHIN = 5  # seconds
PATIENCE = 8_000  # milliseconds a transaction waits for a locked SQLite file before it is refused (R11)
FROZEN_AFTER = 15_000  # milliseconds after which PostgreSQL takes the locks of a process that stands still (R4)

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an answer is a promise: it has to survive a power cut
    "foreign_keys=ON",
    "secure_delete=ON",
    "wal_autocheckpoint=4000",  # pages; `copy_log` is there long before, so that a commit has little left to copy
    "cache_size=-1000",  # KiB of pages for each line to the file, which the machine keeps in memory as well
)
COPY_AGAIN_AFTER = 0.05  # seconds
COPY_TRIES = 20

sqlite3.register_adapter(type(None), lambda nothing: nothing)
"""Else the driver asks for each NULL whether anybody knows a better value, which takes longer than to write it."""


def open_engine(url: str) -> Engine:
    """An engine for a database URL: sqlite:///file.db, or postgresql:// (postgres:// is understood too).

    Its errors do not quote what was to be written: that is what people said, and errors end up in logs.
    """
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if url.startswith("postgresql"):
        return _postgres(url)
    engine = create_engine(url, hide_parameters=True, json_serializer=as_json, json_deserializer=read_json)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", partial(_for_its_owner_alone, engine.url.database or ""))
        event.listen(engine, "connect", _make_durable)
        event.listen(engine, "begin", _begin_immediate)
    return engine


class Written(str):
    """JSON that is written already."""


def as_json(value: Any) -> str:
    """A JSON column as it is kept: letters as they are and no spaces, a third less on disk than what json.dumps writes.

    Half a pair of letters, which no file can hold, is written as an escape.
    """
    if type(value) is Written:
        return value
    try:
        return to_json(value).decode()
    except PydanticSerializationError:
        return json.dumps(value)


def read_json(kept: str | bytes) -> Any:
    """What `as_json` wrote, half pairs of letters too."""
    try:
        return from_json(kept)
    except ValueError:
        return json.loads(kept)


def has_log(engine: Engine) -> bool:
    """Whether changes stand in a log beside the file first, as SQLite's do."""
    return engine.dialect.name == "sqlite"


def copy_log(engine: Engine) -> None:
    """What is in SQLite's log goes into the file, holding nobody up; what is missed is copied the next time."""
    with suppress(sqlite3.Error, SQLAlchemyError):
        _copied(engine, "PASSIVE")


def forget_old_pages(engine: Engine) -> None:
    """What was deleted leaves SQLite's log as well; PostgreSQL's vacuum does the same in its own time."""
    for _ in range(COPY_TRIES if has_log(engine) else 0):
        if _copied(engine, "TRUNCATE"):
            return
        sleep(COPY_AGAIN_AFTER)


def _copied(engine: Engine, how: str) -> bool:
    """Whether it was done to the end: only one may copy at a time, and whoever reads an old page is waited for."""
    connection = engine.raw_connection()
    try:
        (was_busy, _, _) = connection.cursor().execute(f"PRAGMA wal_checkpoint({how})").fetchone()
    finally:
        connection.close()
    return not was_busy


def _postgres(url: str) -> Engine:
    limits = {"connect_timeout": CONNECT_WITHIN}
    engine = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=limits,
        json_serializer=as_json,
        json_deserializer=read_json,
    )
    event.listen(engine, "connect", _never_hold_others_up)
    complete_for_postgresql(SQLModel.metadata)
    return engine


def complete_for_postgresql(metadata: MetaData) -> None:
    """Which rows its indexes are of. Said only where needed: it has SQLAlchemy load all it knows of PostgreSQL."""
    for index in (index for table in metadata.tables.values() for index in table.indexes if WHERE in index.info):
        index.dialect_kwargs["postgresql_where"] = text(index.info[WHERE])


def line_of_writer(engine: Engine) -> Connection:
    """A line for one who goes on writing: what it has prepared on PostgreSQL stays so, and is planned once."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        driver.prepare_threshold = None  # or each rollback would have everything prepared forgotten, ours too
        connection.exec_driver_sql("SET plan_cache_mode = force_generic_plan")
        connection.commit()
    return connection


def without_transactions(engine: Engine) -> Engine:
    """The same lines to PostgreSQL for those who only look: each statement shows what is committed by then, as it does
    inside a transaction, too; but nobody says BEGIN and ROLLBACK, at which psycopg forgets all that it has prepared.
    SQLite, where a look is one picture, goes on as it is.
    """
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine


def _never_hold_others_up(connection: Any, _record: Any) -> None:
    from psycopg.types.array import ListBinaryDumper  # where it is used: whoever runs on SQLite need not hold it

    connection.autocommit = True
    connection.execute(f"SET idle_in_transaction_session_timeout = {FROZEN_AFTER}")
    connection.autocommit = False
    connection.adapters.register_dumper(list, ListBinaryDumper)  # a list as text is looked at letter by letter


def _for_its_owner_alone(file: str, *_connecting: Any) -> None:
    """A new file holds what people say and is nobody else's to read; SQLite gives its log the same rights.

    A file that is there keeps the rights its operator gave it; what cannot be made here, SQLite says better.
    """
    if file and not file.startswith((":memory:", "file:")):
        with suppress(OSError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _make_durable(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={PATIENCE}")  # first: the others wait for the lock too
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    """The writer takes its lock at once: a transaction that reads first and then wants to write may be refused."""
    writing = threading.current_thread().name == WRITER
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"
    driver: Any = connection.connection.driver_connection
    with errors_named(connection, begin):
        driver.execute(begin)
