"""The schema, brought up to date before anything opens the database: alembic revisions, oldest first.

A database that is newer than the program is refused, so that an old process never writes into a new schema.
"""

from enum import StrEnum
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

import bot.slack.records
import dialogs.records
import qualification.records
from bot.child_process import in_child_process
from qualification.store import open_engine

ALL_TABLES = (qualification.records, dialogs.records, bot.slack.records)
if TYPE_CHECKING:
    from alembic.config import Config

LOCK = 0x62616E74  # "bant": one process migrates at a time on PostgreSQL


class SchemaTooNew(RuntimeError):
    """The database was written by a newer Bantline; install that version or restore a backup."""


class NotOurTables(Exception):
    """Tables in this database have our names, and were made by another program."""


class NotADatabase(Exception):
    """DATABASE_URL names a file that is there, and is something else than a SQLite database."""


def bring_up_to_date(url: str) -> None:
    """Apply the revisions this database has not seen yet; raises SchemaTooNew, NotADatabase, NotOurTables."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection, connection.begin():
            _lock(connection)
            match _schema_of(connection):
                case Schema.FOREIGN:
                    raise NotOurTables(NotOurTables.__doc__)
                case Schema.MISSING | Schema.OLDER | Schema.NEWER:
                    _upgrade(connection)
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorname", None) != "SQLITE_NOTADB":
            raise
        raise NotADatabase(f"{engine.url.database} is no SQLite database") from error
    finally:
        engine.dispose()


def bring_up_to_date_in_child(url: str) -> None:
    """The same in a process of its own, which takes alembic along when it ends: 8 MB that nobody would need again.

    To be called before any thread is begun, and before `bring_up_to_date`: what goes wrong here goes wrong there, too,
    and is told there.
    """
    in_child_process(partial(bring_up_to_date, url))


def schema_is_current(engine: Engine) -> bool:
    return schema_of(engine) is Schema.CURRENT


def schema_of(engine: Engine) -> "Schema":
    """How the schema stands beside this program. A SQLite file that is not there is not made by looking."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).exists():
        return Schema.MISSING
    with engine.connect() as connection:
        return _schema_of(connection)


def _schema_of(connection: Connection) -> "Schema":
    seen, head = _seen(connection), _head()
    if seen is None:
        names_taken = set(inspect(connection).get_table_names()) & set(SQLModel.metadata.tables)
        return Schema.FOREIGN if names_taken else Schema.MISSING
    return Schema.CURRENT if seen == head else Schema.OLDER if seen < head else Schema.NEWER


class Schema(StrEnum):
    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    FOREIGN = "foreign"


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def _upgrade(connection: Connection) -> None:
    # Imported where it is used: alembic takes a tenth of a second to load, and nearly every start finds nothing to do.
    from alembic import command
    from alembic.util import CommandError

    with as_file(files("bot.migrations")) as folder:
        config = _config(str(folder))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            if "Can't locate revision" in str(error):
                raise SchemaTooNew(SchemaTooNew.__doc__) from error
            raise


def _config(folder: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", folder)
    return config


def _head() -> str:
    """The newest revision; their files are named in order, `0001_...` before `0002_...`."""
    names = (entry.name for entry in files("bot.migrations").joinpath("versions").iterdir())
    return max(name for name in names if name[:4].isdigit())[:4]


def _seen(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
