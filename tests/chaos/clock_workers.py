"""Workers as processes that can be killed or frozen within milliseconds of their start, beside a strict Slack.

They are forked from a server that has imported everything. What they run is the product: its worker, outbox, delivery
and gateway; only what is said is shortened to one line, so that a run is many deliveries and not many drawings.
"""

import multiprocessing
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import bootstrap
from bot.delivery import Delivery, may_leave
from bot.in_background import in_background
from bot.server import run
from bot.settings import Settings
from bot.slack import blocks
from bot.slack.gateway import Gateway
from bot.slack.last_look import slack_session
from bot.slack.pace import Pace
from bot.worker import Worker
from qualification.notices import ALARM
from qualification.outbox import Errand
from qualification.store import Store, Transaction
from tests.chaos.clocks import always_open, store_of
from tests.chaos.office import quiet

CHANNELS = 30
PATIENCE = 60.0  # seconds for a start
LEASE = timedelta(seconds=3)  # in place of thirty: still longer than the history lags
ONE_REQUEST = 1  # second: less than half the lease

forked = multiprocessing.get_context("forkserver")
forked.set_forkserver_preload(["tests.chaos.clock_workers", "tests.chaos.__main__"])


def channel_name(number: int) -> str:
    return f"alerts-{number:02}"


class LineSender:
    """One line for each alarm, in one of many channels: looked for first when it may hang there already."""

    def __init__(self, store: Store, gateway: Gateway, channels: list[str]) -> None:
        self._store, self._gateway, self._channels = store, gateway, channels

    async def send(self, errand: Errand) -> dict[str, Any]:
        channel = self._channels[int(errand.key.split(":")[1][-4:], 32) % len(self._channels)]
        if errand.may_have_been_sent:
            found = await self._gateway.find(channel, errand.key, since=errand.created_at)
            if found:
                return {"channel": channel, "ts": found}
        line = blocks.message(f"{os.getpid()} at try {errand.attempt}", [blocks.section(errand.key)])
        look = partial(may_leave, errand, self._store.clock)
        return {"channel": channel, "ts": await self._gateway.post(channel, line, key=errand.key, may_leave=look)}

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        """The receipt is all there is."""

    def gave_up(self, tx: Transaction, errand: Errand, problem: str) -> None:
        raise AssertionError(f"{errand.key}: {problem}")

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        await self._gateway.take_back(receipt["channel"], receipt["ts"])

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        since = errand.created_at
        await self._gateway.take_back_others(receipt["channel"], errand.key, receipt["ts"], since=since)


def work(database: str, api_url: str, token: str, channels: list[str], ready: Any) -> None:
    """The body of one process; without an API address only timers are taken."""
    quiet()
    run(_work(database, api_url, token, channels, ready))


async def _work(database: str, api_url: str, token: str, channels: list[str], ready: Any) -> None:
    with store_of(database) as store:
        async with slack_session(ONE_REQUEST) as session:
            client = AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])
            sender = LineSender(store, Gateway(client, Pace(seconds_for_one=0)), channels)
            ready.set()
            await Worker(store, Delivery(store, {ALARM: sender} if api_url else {}, lease=LEASE)).run()


def start(database: str, api_url: str = "", token: str = "", channels: list[str] | None = None) -> Any:
    """A process that works already when this returns."""
    return _started(work, database, api_url, token, channels or [])


def _started(body: Callable[..., None], *given: object) -> Any:
    ready = forked.Event()
    process = forked.Process(target=body, args=(*given, ready), daemon=True)
    process.start()
    ready.wait(PATIENCE)
    return process


def work_on_a_host(database: str, ahead: float, ready: Any) -> None:
    """The program's own clock and worker on a host whose wall clock is so many seconds ahead; no Slack."""
    quiet()

    class WrongTime(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(seconds=ahead)

    bootstrap.datetime = WrongTime  # type: ignore[attr-defined]  # the host's clock, not our code
    run(_work_on_a_host(database, ready))


async def _work_on_a_host(database: str, ready: Any) -> None:
    services = bootstrap.start_services(Settings(database_url=database), policy=always_open())
    ready.set()
    async with in_background(services.clock.keep_in_step()):  # type: ignore[attr-defined]  # PostgreSQL's own
        await Worker(services.store, Delivery(services.store, {})).run()


def start_on_a_host(database: str, ahead: float) -> Any:
    return _started(work_on_a_host, database, ahead)
