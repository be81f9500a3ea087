"""The ceiling's three statements on PostgreSQL with raw asyncpg: one transaction a turn on one of sixteen connections.

`python -m benchmarks.peers.apps.bare_postgres postgresql://...`
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from pydantic_core import from_json, to_json

from benchmarks.peers.apps.door import QUESTIONS, THANKS, serve

SCHEMA = """
CREATE TABLE IF NOT EXISTS talk (
    id BIGSERIAL PRIMARY KEY, token TEXT NOT NULL UNIQUE, asked INTEGER NOT NULL, answers TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS history (
    id BIGSERIAL PRIMARY KEY, talk_id BIGINT NOT NULL, question INTEGER NOT NULL, answer TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS history_of_talk ON history (talk_id);
"""
CONNECTIONS = 16


class CommitEachTurn:
    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def open(self, token: str) -> str:
        await self._pool.execute("INSERT INTO talk (token, asked, answers) VALUES ($1, 0, '{}')", token)
        return QUESTIONS[0]

    async def say(self, token: str, text: str) -> tuple[str, bool]:
        async with self._pool.acquire() as connection, connection.transaction():
            talk_id, asked, kept = await connection.fetchrow(
                "SELECT id, asked, answers FROM talk WHERE token = $1 FOR UPDATE", token
            )
            answers = to_json(from_json(kept) | {str(asked): text}).decode()
            await connection.execute(
                "UPDATE talk SET asked = $1, answers = $2, changed_at = now() WHERE id = $3",
                asked + 1,
                answers,
                talk_id,
            )
            await connection.execute(
                "INSERT INTO history (talk_id, question, answer) VALUES ($1, $2, $3)", talk_id, asked, text
            )
        return (THANKS, True) if asked + 1 == len(QUESTIONS) else (QUESTIONS[asked + 1], False)


@asynccontextmanager
async def commit_each_turn(url: str) -> AsyncIterator[CommitEachTurn]:
    async with asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        await pool.execute(SCHEMA)
        yield CommitEachTurn(pool)


if __name__ == "__main__":
    serve(commit_each_turn(sys.argv[1]))
