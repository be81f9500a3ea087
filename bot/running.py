"""One running Bantline: the doors open, the worker at its clock, and an orderly end."""

import asyncio
import contextlib
import gc
import resource
import signal
import sys
import threading
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import FastAPI
from sqlmodel import Session

from bot.alert_mail import AlertMailSender
from bot.auditor import Auditor
from bot.bootstrap import Services
from bot.copying import Copying
from bot.database_time import DatabaseClock
from bot.delivery import Delivery, Sender
from bot.logs import log
from bot.mail import MailSender
from bot.metrics import Metrics
from bot.receipt_mail import ReceiptMailSender
from bot.retention import Retention
from bot.settings import Settings
from bot.trails import Trails, passage_here
from bot.web.app import build_web
from bot.web.connections import Seats, line_with
from bot.web.gate import holder_of
from bot.web.streams import Streams
from bot.worker import Worker
from dialogs.reading import read
from dialogs.reading.vocabulary import vocabulary
from qualification.bant import Topic
from qualification.digest import DIGEST
from qualification.notices import ALARM, ALERT_MAIL, BURST, MAIL, MIRROR, NOTE, RECEIPT_MAIL, RING, TROUBLE
from qualification.outbox import CARD
from qualification.recompute import counted_with_other_hours
from qualification.store import Store

if TYPE_CHECKING:
    from bot.slack.app import SlackDoor
    from bot.slack.pace import Pace

GRACE = 5
CONNECTIONS = 65_536
COLLECT_AFTER = (50_000, 20, 50)
TAKE_TURNS_AFTER = 0.001  # seconds; of five the event loop would wait for each message it takes from its line


@dataclass(frozen=True)
class Running:
    """The parts of a running program that somebody outside may want to hold."""

    services: Services
    web: FastAPI
    worker: Worker
    delivery: Delivery
    streams: Streams


@contextlib.asynccontextmanager
async def running(
    services: Services,
    *,
    pace: float = 1,
    slack_pace: "Pace | None" = None,
    with_worker: bool = True,
    with_socket: bool = True,
) -> AsyncIterator[Running]:
    """Open every door the settings allow, and close them in order.

    `pace`: see Delivery. `slack_pace`: as Slack asks, unless given.
    """
    async with contextlib.AsyncExitStack() as stack:
        trails = trails_of(services.settings)
        stack.push_async_callback(asyncio.to_thread, trails.close)
        if services.settings.bantline_traces:
            services.store.passage = passage_here
            services.store.on_batch.append(trails.committed)
            stack.callback(_follow_no_more, services.store, trails)
        await stack.enter_async_context(in_background(Copying(services.store).run()))
        if isinstance(services.clock, DatabaseClock):
            await stack.enter_async_context(in_background(services.clock.keep_in_step()))
        senders: dict[str, Sender] = {
            MAIL: MailSender(services),
            ALERT_MAIL: AlertMailSender(services),
            RECEIPT_MAIL: ReceiptMailSender(services),
        }
        slack_requests, installing = None, None
        if services.settings.uses_slack:
            opening = _slack_door(services, with_socket=with_socket, pace=slack_pace, trails=trails)
            door, slack = await stack.enter_async_context(opening)
            senders |= dict.fromkeys((CARD, NOTE, RING, MIRROR, ALARM, DIGEST, BURST, TROUBLE), slack)
            slack_requests = None if services.settings.uses_socket_mode else door.handle
            installing = door.installing
        else:
            log.warning("slack_is_off", advice="set SLACK_BOT_TOKEN; until then cards and alerts wait in the outbox")
        await services.store.look(partial(_say_when_hours_changed, services))
        hold = services.settings.outbound == "hold"
        if hold:
            log.warning("outbound_on_hold", advice="OUTBOUND=on sends what waits")
        metrics = Metrics()
        services.store.on_batch.append(metrics.committed)
        stack.callback(services.store.on_batch.remove, metrics.committed)
        delivery = Delivery(services.store, senders, pace=pace, hold=hold, tried=metrics.tried, trails=trails)
        worker = Worker(services.store, delivery, pace=pace, took_up=metrics.took_up, trails=trails)
        if with_worker:
            await stack.enter_async_context(in_background(worker.run()))
            auditor = Auditor(services.store, kinds=() if hold else tuple(senders))
            await stack.enter_async_context(in_background(auditor.run()))
            await stack.enter_async_context(in_background(Retention(services.store).run()))
            if services.settings.heartbeat_url:
                from bot.pulse import Pulse

                await stack.enter_async_context(in_background(Pulse(services).run()))
        streams = await stack.enter_async_context(Streams(services).running())
        web = build_web(
            services, streams, slack_requests=slack_requests, installing=installing, metrics=metrics, trails=trails
        )
        yield Running(services, web, worker, delivery, streams)


@contextlib.asynccontextmanager
async def _slack_door(
    services: Services, *, with_socket: bool, pace: "Pace | None", trails: Trails
) -> AsyncIterator[tuple["SlackDoor", Sender]]:
    # Imported where it is used: Slack's own code is a sixth of what the process holds, and it may be off.
    from bot.slack.app import SlackDoor
    from bot.slack.sender import SlackSender

    async with SlackDoor.open(services, with_socket=with_socket, pace=pace, trails=trails) as door:
        yield door, SlackSender(services, door.desk.gateway, door.desk.homes)


def _say_when_hours_changed(services: Services, session: Session) -> None:
    """Clocks keep what they began with; whoever edits the hours decides whether they follow (D13)."""
    if stale := counted_with_other_hours(session, services.store.policy):
        log.warning("hours_changed", running_clocks=len(stale), advice="run: bantline clock recompute --dry-run")


def trails_of(settings: Settings) -> Trails:
    """Where trails begin: with a collector as spans for it, and without one nothing of OpenTelemetry is loaded."""
    if not settings.bantline_traces:
        return Trails()
    from bot.traces import Traces

    return Traces(settings.bantline_traces)


def _follow_no_more(store: Store, trails: Trails) -> None:
    store.passage = None
    store.on_batch.remove(trails.committed)


def get_ready(now: datetime, *, to_stay: bool = False) -> None:
    """Warm up beside the open doors, in a thread that nobody waits for when the program is told to stop at once.

    `to_stay`: what is loaded by then stays until the process ends, and is no longer looked through for garbage; that
    held up everybody for a tenth of a second.
    """
    work = _settle_down if to_stay else warm_up
    threading.Thread(target=work, args=(now,), name="bantline-warm-up", daemon=True).start()


def _settle_down(now: datetime) -> None:
    warm_up(now)
    gc.collect()
    gc.freeze()


def warm_up(now: datetime) -> None:
    """The first texts take the reader a second, for its word lists; no prospect should wait for that.

    The largest tables come first: what they are made of is let go, and all that comes after finds room there.
    """
    for file in ("needs", "who_decides"):
        vocabulary(file, "word")
    for topic in Topic:
        for text in ("はい、5月までに100万円で", "yes, by May, $5k"):
            read(text, question=topic, now=now)


@contextlib.asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run a coroutine beside the body, and end it with the body."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Server(uvicorn.Server):
    """uvicorn on an address of ours, able to say when it listens; signals stay with the program."""

    def __init__(self, program: Running, host: str, port: int) -> None:
        make_room_for_many()
        self._streams = program.streams
        settings = program.services.settings
        config = uvicorn.Config(
            program.web,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,  # it would be put together for every answer, to be dropped by the level
            timeout_graceful_shutdown=GRACE,
            server_header=False,
            forwarded_allow_ips=list(settings.bantline_trusted_proxies),
            http=line_with(Seats(settings.bantline_lines_per_address), partial(holder_of, settings)),
            ws_max_size=16_384 * 64,
        )
        super().__init__(config)

    @property
    def url(self) -> str:
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """The server beside the body; gives its base URL, raises OSError when the address is taken."""
        task = asyncio.create_task(self._serve_quietly())
        while not self.started:
            if task.done():
                raise OSError(f"cannot listen on {self.config.host}:{self.config.port}: is the port taken?")
            await asyncio.sleep(0.01)
        try:
            yield self.url
        finally:
            self._streams.close()  # before the server waits for its connections to end
            self.should_exit = True
            await task

    async def _serve_quietly(self) -> None:
        with contextlib.suppress(SystemExit):
            await self._serve()


def run(program: Coroutine[Any, Any, None]) -> None:
    """A program that serves until it is told to stop, on the fastest event loop there is for this machine."""
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(program)


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # not made for Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def make_room_for_many() -> None:
    """Ten thousand open panels are ten thousand files, and a million objects not to be looked through too often.

    The event loop and the writer run in turns: whoever waits for the interpreter is given it soon.
    """
    gc.set_threshold(*COLLECT_AFTER)
    sys.setswitchinterval(TAKE_TURNS_AFTER)
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS if most == resource.RLIM_INFINITY else min(most, CONNECTIONS)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def wish_to_stop() -> asyncio.Event:
    """Set when Ctrl-C or SIGTERM asks the program to end; from this call on neither kills it half-way."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stopped.set)
    return stopped
