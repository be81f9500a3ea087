"""The schema: brought up to date on both databases, equal to the tables in the code, and never written by an old program."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from bot.migrations import SchemaTooNew, bring_up_to_date, schema_is_current
from qualification.records import Heartbeat
from qualification.store import open_engine
from qualification.writing.rows import table_of
from tests.clock import MONDAY_TEN


def test_an_empty_database_gets_exactly_the_tables_of_the_code(empty_database: str) -> None:
    bring_up_to_date(empty_database)

    engine = open_engine(empty_database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert schema_is_current(engine)
    engine.dispose()


def test_bringing_it_up_to_date_again_changes_nothing(empty_database: str) -> None:
    bring_up_to_date(empty_database)
    engine = open_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(insert(table_of(Heartbeat)), {"name": "worker", "at": MONDAY_TEN, "detail": None})

    bring_up_to_date(empty_database)

    with engine.connect() as connection:
        assert connection.execute(select(table_of(Heartbeat).c.at)).scalars().all() == [MONDAY_TEN]
    assert schema_is_current(engine)
    engine.dispose()


def test_a_database_of_a_newer_bantline_is_refused(empty_database: str) -> None:
    bring_up_to_date(empty_database)
    engine = open_engine(empty_database)
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaTooNew):
        bring_up_to_date(empty_database)
    assert not schema_is_current(engine)
    engine.dispose()


def test_every_text_compares_as_plain_text_from_the_first_statement_on() -> None:
    """A column whose kind changes after it was compared breaks the next look at its table."""
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    assert [str(column) for column in columns if isinstance(column.type, AutoString)] == []
