"""One running Bantline: the doors open, the worker at its clock, and an orderly end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from sqlmodel import Session

from bot.bootstrap import Services
from bot.copying import Copying
from bot.database_time import DatabaseClock
from bot.delivery import Delivery, Sender
from bot.health import AUDITOR, WORKER, is_alive
from bot.in_background import in_background
from bot.in_words.playbook import check_playbooks
from bot.logs import log
from bot.mail.alert import AlertMailSender
from bot.mail.letter import MailSender
from bot.mail.receipt import ReceiptMailSender
from bot.metrics import Metrics
from bot.settings import Settings
from bot.trails import Trails, passage_here
from bot.upkeep.auditor import Auditor
from bot.upkeep.cooling import Cooling
from bot.upkeep.retention import Retention
from bot.web.app import build_web
from bot.web.streams import Streams
from bot.worker import Worker
from qualification.notices import ALARM, ALERT_MAIL, BURST, MAIL, MIRROR, NOTE, RECEIPT_MAIL, RING, TROUBLE
from qualification.outbox import CARD
from qualification.passed_on import WEBHOOK
from qualification.recompute import counted_with_other_hours
from qualification.reports.digest import DIGEST
from qualification.store import Busy, Store, Unavailable

if TYPE_CHECKING:
    from bot.slack.app import SlackDoor
    from bot.slack.pace import Pace

FIRST_LOOK_WITHIN = 3.0  # seconds the doors stay closed for
LOOKED_YET = 0.02
WEBHOOKS_AT_ONCE = 8


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

    `pace`: see Delivery. `slack_pace`: as Slack asks, unless given. Raises BadPlaybook.
    """
    check_playbooks()
    async with contextlib.AsyncExitStack() as stack:
        trails, metrics = _trails(services, stack), _metrics(services, stack)
        for work in _of_the_process(services):
            await stack.enter_async_context(in_background(work))
        senders, door = _mail_senders(services), None
        if services.settings.uses_slack:
            opening = _slack_door(services, with_socket=with_socket, pace=slack_pace, trails=trails)
            door, slack = await stack.enter_async_context(opening)
            senders |= dict.fromkeys((CARD, NOTE, RING, MIRROR, ALARM, DIGEST, BURST, TROUBLE), slack)
        await services.store.look(partial(_say_what_is_odd, services))
        hold = services.settings.outbound == "hold"
        delivery_of = partial(Delivery, services.store, pace=pace, hold=hold, tried=metrics.tried, trails=trails)
        delivery, webhooks = delivery_of(senders), await stack.enter_async_context(_webhooks(services, delivery_of))
        worker = Worker(services.store, delivery, webhooks=webhooks, pace=pace, took_up=metrics.took_up, trails=trails)
        if with_worker:
            for work in _of_the_worker(services, worker, kinds=() if hold else tuple(senders)):
                await stack.enter_async_context(in_background(work))
            await _have_looked(services)
            if services.settings.heartbeat_url:
                await stack.enter_async_context(in_background(_pulse(services)))
        streams = await stack.enter_async_context(Streams(services).running())
        web = build_web(
            services,
            streams,
            slack_requests=None if door is None or services.settings.uses_socket_mode else door.handle,
            slack_pages=None if door is None or door.installing is None else door.installing.pages,
            metrics=metrics,
            trails=trails,
        )
        yield Running(services, web, worker, delivery, streams)


def _trails(services: Services, stack: contextlib.AsyncExitStack) -> Trails:
    """Trails that follow the store until the stack ends."""
    trails = trails_of(services.settings)
    stack.push_async_callback(asyncio.to_thread, trails.close)
    if services.settings.bantline_traces:
        services.store.passage = passage_here
        services.store.on_batch.append(trails.committed)
        stack.callback(_follow_no_more, services.store, trails)
    return trails


def _metrics(services: Services, stack: contextlib.AsyncExitStack) -> Metrics:
    """Metrics that count what the store commits until the stack ends."""
    metrics = Metrics()
    services.store.on_batch.append(metrics.committed)
    stack.callback(services.store.on_batch.remove, metrics.committed)
    return metrics


def _of_the_process(services: Services) -> Iterator[Coroutine[Any, Any, None]]:
    """What every process does beside its doors: copies of the database, and the database's time."""
    yield Copying(services.store).run()
    if isinstance(services.clock, DatabaseClock):
        yield services.clock.keep_in_step()


def _of_the_worker(
    services: Services, worker: Worker, *, kinds: Collection[str]
) -> Iterator[Coroutine[Any, Any, None]]:
    """What a process with a worker does beside it: audits, judges again what time has changed, forgets what is old."""
    yield worker.run()
    yield Auditor(services.store, kinds=kinds).run()
    yield Cooling(services.store).run()
    yield Retention(services.store).run()


async def _have_looked(services: Services) -> None:
    """Until worker and auditor have shown themselves: a program that has just begun is not told as silent.

    Those who cannot look, because the database is held or much is due, are told as what they are.
    """

    def all_seen(session: Session) -> bool:
        return all(is_alive(session, now=services.clock(), name=name) for name in (WORKER, AUDITOR))

    with contextlib.suppress(TimeoutError, Unavailable, Busy):
        async with asyncio.timeout(FIRST_LOOK_WITHIN):
            while not await services.store.look(all_seen):
                await asyncio.sleep(LOOKED_YET)


def _pulse(services: Services) -> Coroutine[Any, Any, None]:
    """Shows whoever watches from outside that we live."""
    from bot.pulse import Pulse

    return Pulse(services).run()


def _mail_senders(services: Services) -> dict[str, Sender]:
    return {
        MAIL: MailSender(services),
        ALERT_MAIL: AlertMailSender(services),
        RECEIPT_MAIL: ReceiptMailSender(services),
    }


def _say_what_is_odd(services: Services, session: Session) -> None:
    """What the operator may not know of: no Slack, nothing is sent, clocks that keep the hours of before (D13)."""
    if not services.settings.uses_slack:
        log.warning("slack_is_off", advice="set SLACK_BOT_TOKEN; until then cards and alerts wait in the outbox")
    if services.settings.outbound == "hold":
        log.warning("outbound_on_hold", advice="OUTBOUND=on sends what waits")
    if stale := counted_with_other_hours(session, services.store.policy):
        log.warning("hours_changed", running_clocks=len(stale), advice="run: bantline clock recompute --dry-run")


@contextlib.asynccontextmanager
async def _slack_door(
    services: Services, *, with_socket: bool, pace: "Pace | None", trails: Trails
) -> AsyncIterator[tuple["SlackDoor", Sender]]:
    # Imported where it is used: Slack's own code is a sixth of what the process holds, and it may be off.
    from bot.slack.app import SlackDoor
    from bot.slack.sender import SlackSender

    async with SlackDoor.open(services, with_socket=with_socket, pace=pace, trails=trails) as door:
        yield door, SlackSender(services, door.desk.gateway, door.desk.homes)


@contextlib.asynccontextmanager
async def _webhooks(services: Services, delivery_of: Callable[..., Delivery]) -> AsyncIterator[Delivery | None]:
    """A delivery of their own, for their receiver may hang; None where nobody wants any."""
    if not services.settings.bantline_webhook_url:
        yield None
        return
    from bot.webhook.errand import Receiver, WebhookSender  # with what speaks HTTP for it

    async with Receiver.open(services.settings) as receiver:
        yield delivery_of({WEBHOOK: WebhookSender(services, receiver)}, at_once=WEBHOOKS_AT_ONCE)


def trails_of(settings: Settings) -> Trails:
    """Where trails begin: with a collector as spans for it, and without one nothing of OpenTelemetry is loaded."""
    if not settings.bantline_traces:
        return Trails()
    from bot.traces import Traces

    return Traces(settings.bantline_traces)


def _follow_no_more(store: Store, trails: Trails) -> None:
    store.passage = None
    store.on_batch.remove(trails.committed)
