"""What is done for a person after Slack has its acknowledgement: a form opened, a private answer given.

It never holds up the acknowledgement, and its failures are written down.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.logs import log

COALESCE = 1.0  # seconds within which several changes of the same thing become one


class Afterwards:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def do(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("slack_afterwards_failed", problem=repr(problem))

    async def finished(self) -> None:
        """Wait until nothing is left to do."""
        while self._tasks:  # `gather` of tasks that are done lets nobody forget them: it returns at once from 3.12 on
            await asyncio.wait(self._tasks)
