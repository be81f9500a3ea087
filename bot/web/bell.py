"""How the processes on one PostgreSQL wake each other: a committed chat is named on a channel, outside any transaction.

It only wakes earlier. A notice may be lost and a listener may die unnoticed, so the streams also look by themselves.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL

from bot.logs import log

if TYPE_CHECKING:
    from psycopg import AsyncConnection

CHANNEL = "bantline_chat"
IDS_IN_ONE_NOTICE = 200  # of 12 letters each; a notice holds 8,000 bytes
RINGS_APART = 0.03  # seconds; as long as the streams gather what they are told
TRY_AGAIN_AFTER = 1.0  # seconds


class Bell:
    """`ring(ids)` here, `heard(ids)` in every other process. On SQLite there is no other process, and no bell."""

    def __init__(self, url: URL, heard: Callable[[Iterable[str]], None]) -> None:
        self.hangs = url.get_backend_name() == "postgresql"
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False) if self.hangs else ""
        self._heard = heard
        self._to_tell: set[str] = set()
        self._woken = asyncio.Event()
        self._own_pid = 0

    def ring(self, chat_ids: Iterable[str]) -> None:
        if self.hangs:
            self._to_tell |= set(chat_ids)
            self._woken.set()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        works = (self._again_and_again(self._tell), self._again_and_again(self._listen)) if self.hangs else ()
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _again_and_again(self, work: Callable[["AsyncConnection"], Coroutine[Any, Any, None]]) -> None:
        import psycopg  # where it is used: whoever runs on SQLite need not hold it

        while True:
            with contextlib.suppress(psycopg.Error, OSError):
                async with await psycopg.AsyncConnection.connect(self._address, autocommit=True) as connection:
                    await work(connection)
            log.warning("bell_line_lost", next_try_in=TRY_AGAIN_AFTER)
            await asyncio.sleep(TRY_AGAIN_AFTER)

    async def _tell(self, connection: "AsyncConnection") -> None:
        self._own_pid = connection.info.backend_pid
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._to_tell:
                told = set(islice(self._to_tell, IDS_IN_ONE_NOTICE))
                await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, ",".join(told)))
                self._to_tell -= told
            await asyncio.sleep(RINGS_APART)

    async def _listen(self, connection: "AsyncConnection") -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        async for notice in connection.notifies():
            if notice.pid != self._own_pid:
                self._heard(notice.payload.split(","))
