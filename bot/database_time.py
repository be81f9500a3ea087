"""Which time it is for everybody who shares a database: the database's own (R15).

    PostgreSQL   the server is asked once a second; between two answers our steady clock counts on from the last
    SQLite       the file lies on this host, and the host's clock is the only one

So no wall clock decides what is due: one that is wrong, jumps or is set by hand fires no step early and none late.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import log

EVERY = 1.0  # seconds


def has_its_own_time(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def since_the_start() -> float:
    """Seconds since this host was started, those it slept among them: who wakes must not think that no time passed."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class DatabaseClock:
    """The server's time, without asking it at every look. `steady` counts seconds and is never set."""

    def __init__(self, engine: Engine, *, steady: Callable[[], float] = since_the_start) -> None:
        self._engine = engine
        self._steady = steady
        self._zero, _ = self._asked()

    def __call__(self) -> datetime:
        return self._at(self._steady())

    def _at(self, steady: float) -> datetime:
        return self._zero + timedelta(seconds=steady)

    def measure(self) -> None:
        """Ask again. Within what the way to the server leaves in doubt, the time we have is as good as the answer."""
        zero, doubt = self._asked()
        if abs(zero - self._zero) > doubt:
            self._zero = zero

    def _asked(self) -> tuple[datetime, timedelta]:
        """The server's time at which our steady clock stood at zero, and how wrong that may be."""
        with self._engine.connect() as connection:
            began = self._steady()
            told: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
            ended = self._steady()
        return told.astimezone(UTC) - timedelta(seconds=(began + ended) / 2), timedelta(seconds=(ended - began) / 2)

    async def keep_in_step(self) -> None:
        """Until cancelled; while the database is away we count on."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await asyncio.to_thread(self.measure)
            except SQLAlchemyError as away:
                log.warning("database_time_unknown", problem=str(away).partition("\n")[0])
