"""The ceiling on SQLite: three statements a turn, raw sqlite3, one writer thread that commits whatever waits together.

`python -m benchmarks.peers.apps.ceiling talks.db`. No framework, no rules, no reading: what no program can go beyond
that keeps a turn in SQLite from Python.
"""

import asyncio
import queue
import sqlite3
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic_core import from_json, to_json

from benchmarks.peers.apps.door import QUESTIONS, THANKS, serve

SCHEMA = """
CREATE TABLE IF NOT EXISTS talk (
    id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, asked INTEGER NOT NULL, answers TEXT NOT NULL,
    changed_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS history (
    id INTEGER PRIMARY KEY, talk_id INTEGER NOT NULL, question INTEGER NOT NULL, answer TEXT NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS history_of_talk ON history (talk_id);
"""
AT_ONCE = 256
Waiting = tuple[str, str | None, asyncio.Future[Any]]


class GroupCommit:
    """Everybody who came while the last commit ran goes into the next one, and is answered after it."""

    def __init__(self, path: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._path = path
        self._waiting: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write)
        self._writer.start()

    async def open(self, token: str) -> str:
        await self._kept(token, None)
        return QUESTIONS[0]

    async def say(self, token: str, text: str) -> tuple[str, bool]:
        asked = await self._kept(token, text)
        return (THANKS, True) if asked == len(QUESTIONS) else (QUESTIONS[asked], False)

    def close(self) -> None:
        self._waiting.put(None)
        self._writer.join()

    def _kept(self, token: str, text: str | None) -> asyncio.Future[int]:
        kept: asyncio.Future[int] = self._loop.create_future()
        self._waiting.put((token, text, kept))
        return kept

    def _whoever_waits(self) -> list[Waiting]:
        """At least one, unless it is time to close."""
        batch = [self._waiting.get()]
        while len(batch) < AT_ONCE and not self._waiting.empty():
            batch.append(self._waiting.get())
        return [one for one in batch if one is not None]

    def _write(self) -> None:
        with sqlite3.connect(self._path, isolation_level=None) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.executescript(SCHEMA)
            while batch := self._whoever_waits():
                database.execute("BEGIN IMMEDIATE")
                answers = [turn(database, token, text) for token, text, _ in batch]
                database.execute("COMMIT")
                self._loop.call_soon_threadsafe(tell, batch, answers)


def turn(database: sqlite3.Connection, token: str, text: str | None) -> int:
    """How many questions are answered now."""
    now = time.time()
    if text is None:
        database.execute("INSERT INTO talk (token, asked, answers, changed_at) VALUES (?, 0, '{}', ?)", (token, now))
        return 0
    found = database.execute("SELECT id, asked, answers FROM talk WHERE token = ?", (token,))
    talk_id, asked, kept = found.fetchone()
    answers = to_json(from_json(kept) | {str(asked): text}).decode()
    database.execute(
        "UPDATE talk SET asked = ?, answers = ?, changed_at = ? WHERE id = ?", (asked + 1, answers, now, talk_id)
    )
    database.execute(
        "INSERT INTO history (talk_id, question, answer, at) VALUES (?, ?, ?, ?)", (talk_id, asked, text, now)
    )
    return int(asked) + 1


def tell(batch: list[Waiting], answers: list[int]) -> None:
    for (_, _, kept), answer in zip(batch, answers, strict=True):
        if not kept.cancelled():
            kept.set_result(answer)


@asynccontextmanager
async def group_commit(path: str) -> AsyncIterator[GroupCommit]:
    writer = GroupCommit(path)
    yield writer
    writer.close()


if __name__ == "__main__":
    serve(group_commit(sys.argv[1]))
