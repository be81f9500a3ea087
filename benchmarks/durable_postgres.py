"""A PostgreSQL that keeps what it says it keeps, and a fresh database on it for each who is measured."""

import contextlib
import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.postgres import server_url


class Postgres:
    """The server DATABASE_URL names, or one of our own; every commit waits for the disk."""

    def __init__(self) -> None:
        self._url = server_url()
        with self._connected() as connection, contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute("ALTER SYSTEM SET fsync = on")  # the tests' own server runs without
            connection.execute("SELECT pg_reload_conf()")

    @property
    def pid(self) -> int | None:
        """The server's first process, if it runs here and we may look."""
        with self._connected() as connection, contextlib.suppress(psycopg.Error):
            row = connection.execute("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int").fetchone()
            return int(row[0]) if row else None
        return None

    @property
    def version(self) -> str:
        with self._connected() as connection:
            return f"PostgreSQL {connection.info.server_version // 10000}.{connection.info.server_version % 10000}"

    @contextlib.contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Its URL; it goes afterwards."""
        name = f"benchmark_{secrets.token_hex(6)}"
        with self._connected() as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
            yield urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self._url, autocommit=True)
