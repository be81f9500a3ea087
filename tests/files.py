"""An empty database with our tables, laid down anew for each test: made once by the migrations, copied many times."""

import functools
import tempfile
from pathlib import Path

from sqlalchemy import create_mock_engine
from sqlmodel import SQLModel

from bot.migrations import bring_up_to_date
from qualification.store import open_engine


def database_in(folder: Path, name: str = "bantline.db") -> str:
    """The URL of a SQLite file of this folder; what is there already stays."""
    file = folder / name
    if not file.exists():
        file.write_bytes(_empty_file())
    return f"sqlite:///{file}"


def lay_tables_into(postgres: str) -> None:
    """The tables of the code in an empty PostgreSQL schema, by one statement in place of a hundred."""
    engine = open_engine(postgres)
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(_tables_of_postgres())
    engine.dispose()


@functools.cache
def _empty_file() -> bytes:
    with tempfile.TemporaryDirectory(prefix="bantline-template-") as folder:
        file = Path(folder, "template.db")
        bring_up_to_date(f"sqlite:///{file}")
        return file.read_bytes()


@functools.cache
def _tables_of_postgres() -> str:
    statements: list[str] = []

    def note(statement: object, *_: object, **__: object) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))  # type: ignore[attr-defined]  # DDL, always

    engine = create_mock_engine("postgresql+psycopg://", note)
    SQLModel.metadata.create_all(engine, checkfirst=False)
    return ";\n".join(statements)
