"""The dead man's switch: HEARTBEAT_URL is fetched every minute while all is well, and only then.

Whoever watches that address (a cron monitor, a status page) raises the alarm when we fall silent, also when this
whole machine is gone.
"""

import asyncio

import aiohttp

from bot.bootstrap import Services
from bot.health import examine
from bot.logs import log
from qualification.store import Busy, Unavailable

EVERY = 60.0  # seconds
PATIENCE = aiohttp.ClientTimeout(total=10)


class Pulse:
    def __init__(self, services: Services, *, every: float = EVERY) -> None:
        self._services = services
        self._every = every

    async def run(self) -> None:
        """Until cancelled."""
        async with aiohttp.ClientSession(timeout=PATIENCE) as http:
            while True:
                await self.beat(http)
                await asyncio.sleep(self._every)

    async def beat(self, http: aiohttp.ClientSession) -> bool:
        """Whether the watcher heard that all is well. The address is a secret: it is never logged."""
        problems = await self._problems()
        if problems:
            log.error("heartbeat_withheld", problems=problems)
            return False
        try:
            async with http.get(self._services.settings.heartbeat_url, allow_redirects=False) as answer:
                heard = answer.status < 400
        except (aiohttp.ClientError, TimeoutError, ValueError) as away:
            log.warning("heartbeat_not_heard", problem=type(away).__name__)
            return False
        if not heard:
            log.warning("heartbeat_not_heard", status=answer.status)
        return heard

    async def _problems(self) -> tuple[str, ...]:
        services = self._services
        try:
            health = await services.store.look(lambda session: examine(session, now=services.clock()))
        except (Unavailable, Busy):
            return ("the database does not answer",)
        return health.problems
