"""The schema, brought up to date before anything opens the database: alembic revisions, oldest first.

A database that is newer than the program is refused, so that an old process never writes into a new schema.
"""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

import bot.slack.records
import dialogs.records
import qualification.records
from qualification.store import open_engine

ALL_TABLES = (qualification.records, dialogs.records, bot.slack.records)
LOCK = 0x62616E74  # "bant": one process migrates at a time on PostgreSQL


class SchemaTooNew(RuntimeError):
    """The database was written by a newer Bantline; install that version or restore a backup."""


def bring_up_to_date(url: str) -> None:
    """Apply the revisions this database has not seen yet; raises SchemaTooNew."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection, connection.begin():
            _lock(connection)
            _upgrade(connection)
    finally:
        engine.dispose()


def schema_is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        return _seen(connection) == _head()


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def _upgrade(connection: Connection) -> None:
    with as_file(files("bot.migrations")) as folder:
        config = _config(str(folder))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            if "Can't locate revision" in str(error):
                raise SchemaTooNew(SchemaTooNew.__doc__) from error
            raise


def _config(folder: str) -> Config:
    config = Config()
    config.set_main_option("script_location", folder)
    return config


def _head() -> str | None:
    with as_file(files("bot.migrations")) as folder:
        return ScriptDirectory.from_config(_config(str(folder))).get_current_head()


def _seen(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()
