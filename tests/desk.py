"""A desk to test on: a real store in a file, a clock to set, and the strict stand-in of Slack around the real app."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bot.bootstrap import Services, start_services
from bot.delivery import Delivery
from bot.sandbox.cast import sales_team
from bot.sandbox.driver import Person
from bot.sandbox.manifest import installation_from
from bot.sandbox.records import Message
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from bot.slack.app import SlackDoor
from bot.slack.manifest import manifest
from bot.slack.pace import Pace
from bot.slack.people import House
from bot.slack.records import SlackCard
from bot.slack.sender import SlackSender
from bot.warm_up import warm_up
from bot.worker import Worker
from qualification import leads, ownership
from qualification.answers import PROSPECT, Stated
from qualification.bant import Authority, Budget, Company, Contact, Need, Role, Timeframe, Topic, Value
from qualification.behaviour import CHAT_TALK
from qualification.dossier import Dossier, dossier_of
from qualification.notices import ALARM, BURST, MIRROR, NOTE, RING, TROUBLE
from qualification.outbox import CARD
from qualification.records import Lead
from qualification.reports.digest import DIGEST
from qualification.store import Transaction
from tests.clock import Clock
from tests.files import database_in

LEADS, MANAGERS = "C0LEADS0001", "C0MANAGERS1"
YUKI, KEN, MEGUMI = "U0YUKI00001", "U0KEN000001", "U0MEGUMI001"
SAID_IN_SLACK = (CARD, NOTE, RING, MIRROR, ALARM, DIGEST, BURST, TROUBLE)
ALMOST_TOO_LATE = 25.0  # seconds, while the clock on the wire stands: a busy machine makes no answer a late one
MONDAY_TEN = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # 10:00 in Tokyo


@contextlib.contextmanager
def services_in(folder: Path, clock: Clock) -> Iterator[Callable[..., Services]]:
    """Services with settings of one's own, over a database in this folder; all closed at the end."""
    with contextlib.ExitStack() as stack:

        def make(**settings: Any) -> Services:
            given = {
                "database_url": database_in(folder),
                "slack_leads_channel": LEADS,
                "slack_managers_channel": MANAGERS,
                "slack_managers": (MEGUMI,),
                "slack_bot_token": "xoxb-sandbox-bot",
                "slack_signing_secret": "sandbox-signing-secret",
                "bantline_company": "バントライン商事",
            }
            services = start_services(Settings.model_validate(given | settings), clock=clock)
            stack.callback(services.close)
            return services

        yield make


@dataclass
class Bench:
    """A running desk: the workspace people see, the door, and the worker that carries things out."""

    workspace: Workspace
    server: SandboxServer
    services: Services
    door: SlackDoor
    sender: SlackSender
    worker: Worker
    clock: Clock

    def person(self, name: str) -> Person:
        return self.workspace.user(name)

    @property
    def house(self) -> House:
        return House(team_id=self.workspace.team.id, enterprise_id=None)

    async def settle(self) -> None:
        """Everything that was caused has happened: sent, drawn, answered."""
        await self.door.desk.afterwards.finished()
        await self.worker.tick()
        await self.door.desk.afterwards.finished()
        await self.server.settled()

    async def has_lead(self, **given: Any) -> str:
        lead_id: str = await self.services.store.run(lambda tx: qualified_lead(tx, **given).id)
        await self.settle()
        return lead_id

    async def dossier(self, lead_id: str) -> Dossier:
        return await self.door.desk.dossier(lead_id)

    def card(self, lead_id: str) -> Message:
        place = self.services.store.read(lambda session: session.get(SlackCard, lead_id))
        assert place is not None
        return self.workspace.message(place.channel, place.ts)

    def thread(self, lead_id: str) -> list[Message]:
        return self.workspace.replies_to(self.card(lead_id))

    def managers_see(self) -> list[Message]:
        return [message for message in self.workspace.messages[MANAGERS] if message.only_for is None]


async def calls_of(bench: Bench, lead_id: str) -> int:
    """How many calls are in the lead's history."""
    return [event.kind for event in (await bench.dossier(lead_id)).history].count("call_logged")


def installation() -> Any:
    return installation_from(manifest())


@functools.cache
def the_reader_is_awake() -> None:
    """As in a running program: the first text would take it seconds, and Slack does not wait."""
    warm_up(MONDAY_TEN)


@contextlib.asynccontextmanager
async def open_bench(make_services: Callable[..., Services], clock: Clock, **settings: Any) -> AsyncIterator[Bench]:
    the_reader_is_awake()
    workspace = sales_team(clock=clock, installation=installation(), limits=False)
    async with SandboxServer(workspace) as server:
        socket = {"slack_app_token": workspace.app_token}
        services = make_services(slack_api_url=server.api_url, **(socket | settings))
        pace = Pace(seconds_for_one=0, ticks=lambda: clock.now.timestamp())
        async with SlackDoor.open(services, pace=pace, coalesce=0) as door:
            door.in_time.patience = door.in_time.longest = ALMOST_TOO_LATE
            sender = SlackSender(services, door.desk.gateway, door.desk.homes)
            worker = Worker(services.store, Delivery(services.store, dict.fromkeys(SAID_IN_SLACK, sender)))
            if services.settings.uses_socket_mode:
                await server.connected()
            yield Bench(workspace, server, services, door, sender, worker, clock)
            assert [call.method for call in workspace.calls if call.error == "missing_scope"] == []


@contextlib.asynccontextmanager
async def http_server(door: SlackDoor) -> AsyncIterator[str]:
    """POST /slack/events on an address of its own; gives the URL."""
    async with listening(Starlette(routes=[Route("/slack/events", door.handle, methods=["POST"])])) as url:
        yield f"{url}/slack/events"


@contextlib.asynccontextmanager
async def listening(app: Starlette) -> AsyncIterator[str]:
    """A web application on a free port; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


# -- leads -----------------------------------------------------------------------------------------


def say(tx: Transaction, lead: Lead, topic: Topic, value: Value, words: str, *, by: str = PROSPECT) -> None:
    via = "chat" if by == PROSPECT else "call"
    answer = Stated(topic=topic, value=value, words=words, certainty=0.9, said_by=by, via=via, at=tx.now)
    leads.record_answer(tx, lead, answer, by=by)


def qualified_lead(
    tx: Transaction,
    *,
    company: str = "アサヒ工業",
    person: str = "山田 太郎",
    email: str | None = "taro@asahi.example",
    phone: str = "+81312345678",
    language: str = "ja",
    need: str = "在庫管理に困っています",
    knows_all: bool = False,
    owner: str | None = None,
) -> Lead:
    """A lead whose chat confirmed a need: a TQL, and its clock runs."""
    lead = leads.capture(tx, language=language, via="chat")
    say(tx, lead, Topic.NEED, Need(present=True), need)
    say(tx, lead, Topic.COMPANY, Company(name=company), company)
    say(tx, lead, Topic.CONTACT, Contact(name=person, email=email, phone=phone), person)
    if knows_all:
        today = tx.now.date()
        say(tx, lead, Topic.TIMEFRAME, Timeframe(earliest=today, latest=today + timedelta(days=60)), "2か月以内に")
        say(tx, lead, Topic.AUTHORITY, Authority(role=Role.NEEDS_APPROVAL, approver="部長"), "部長の承認が必要です")
        say(tx, lead, Topic.BUDGET, Budget(minimum=3_000_000, maximum=3_000_000, currency="JPY"), "300万円です")
    leads.record_activity(tx, lead, CHAT_TALK, key=f"talk:{lead.id}")
    leads.reassess(tx, lead)
    if owner:
        ownership.claim(tx, lead, by=owner)
    return lead


def make_dossier(services: Services, **given: Any) -> Dossier:
    """A lead of the store with everything known about it, for builders."""

    def make(tx: Transaction) -> Dossier:
        lead = qualified_lead(tx, **given)
        return dossier_of(tx, lead.id, policy=tx.policy, now=tx.now)

    return services.store.run_here(make)
