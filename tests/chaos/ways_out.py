"""The ways out in trouble: Slack that refuses, hangs and forgets (R9), and a mail server that was away (R10)."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as MailSession
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col, select

from bot.bootstrap import Services, start_services, wall_clock
from bot.delivery import Delivery
from bot.in_background import in_background
from bot.mail.alert import AlertMailSender
from bot.mail.letter import MailSender
from bot.sandbox.cast import sales_team
from bot.sandbox.inbox import MailInbox
from bot.sandbox.server import SandboxServer, read_arguments
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from bot.slack.afterwards import Afterwards
from bot.slack.gateway import Gateway
from bot.slack.homes import Homes
from bot.slack.last_look import slack_session
from bot.slack.pace import BURST, Pace
from bot.slack.sender import SlackSender
from bot.worker import Worker
from qualification import leads, outbox
from qualification.events import NobodyCalled, NoteKept
from qualification.notices import ALARM, ALERT_MAIL, MAIL, NOTE, RING
from qualification.notices import BURST as MANY
from qualification.outbox import CARD
from qualification.records import History, Outbound
from qualification.store import Transaction
from tests.chaos import progress
from tests.chaos.clocks import always_open
from tests.chaos.office import folder
from tests.chaos.proof import Proof, unless
from tests.chaos.shaky import POST, hanging
from tests.clock import Clock
from tests.desk import LEADS, MANAGERS, installation, qualified_lead

# -- R9 --------------------------------------------------------------------------------------------

LEASE = timedelta(seconds=20)  # half of it is longer than a turn in a full channel and one request
ONE_REQUEST = 2.0  # seconds
HANGS_FOR = 2.5  # seconds: longer than we wait for one answer, and what hangs is done all the same
WAIT_ASKED = 2  # seconds
ON_ITS_WAY = 0.2  # seconds: what had left us when the channel shut is nobody's fault
CHANNELS = 5
NOTES = 3
ARCHIVED_FOR = 15.0
A_MINUTE = 60.0
FATAL = ("channel_not_found", "is_archived", "token_revoked")
OF_A_HUNDRED = {"429": 6, "500": 4, "hangs": 2, "reset": 3, "reset after accept": 4}


class RoughSlack(SandboxServer):
    """Every fifth post meets some trouble; whoever knocks before the time it was asked to wait for is counted."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        super().__init__(workspace)
        self.is_rough = True
        self.seen: Counter[str] = Counter()
        self.too_early: list[str] = []
        self.posted_at: dict[str, list[float]] = {}
        self.closed: dict[str, str] = {}
        self._shut: dict[str, tuple[float, float]] = {}
        self._dice = random.Random(seed)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method, now = request.match_info["method"], time.monotonic()
        channel = str((await read_arguments(request)).get("channel", ""))
        error = self.closed.get(channel) or self.closed.get("*")
        if error is not None:
            self.seen[error] += 1
            return web.json_response({"ok": False, "error": error})
        if method != POST:
            return await super()._call(request)
        since, until = self._shut.get(channel, (now, now))
        if since + ON_ITS_WAY < now < until:
            self.too_early.append(channel)
        self.posted_at.setdefault(channel, []).append(now)
        return await self._post(request, channel)

    async def _post(self, request: web.Request, channel: str) -> web.StreamResponse:
        trouble = self._trouble() if self.is_rough else ""
        self.seen[trouble] += 1
        match trouble:
            case "429":
                now = time.monotonic()
                self._shut[channel] = (now, now + WAIT_ASKED)
                wait = {"Retry-After": str(WAIT_ASKED)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=wait)
            case "500":
                return web.json_response({"ok": False, "error": "internal_error"}, status=500)
            case "hangs":
                await asyncio.sleep(HANGS_FOR)
            case "reset":
                return self._reset(request)
        answered = await super()._call(request)
        return self._reset(request) if trouble == "reset after accept" else answered

    def _trouble(self) -> str:
        roll = self._dice.randrange(100)
        for trouble, share in OF_A_HUNDRED.items():
            roll -= share
            if roll < 0:
                return trouble
        return ""

    @staticmethod
    def _reset(request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


@dataclass
class Desk:
    """A running worker with Slack's true pace, and what it meets."""

    workspace: Workspace
    slack: RoughSlack
    inbox: MailInbox
    services: Services
    channels: list[str]

    def rows(self) -> list[Outbound]:
        rows = select(Outbound).order_by(col(Outbound.id))
        return self.services.store.read(lambda session: list(session.exec(rows).all()))

    async def until_sent(self, within: float) -> None:
        until = time.monotonic() + within
        while unsent := [row for row in self.rows() if row.status in ("waiting", "sending")]:
            progress.says(f"{len(unsent)} still on their way, {dict(self.slack.seen)}")
            if time.monotonic() > until:
                return
            await asyncio.sleep(0.5)


@contextlib.asynccontextmanager
async def _desk() -> AsyncIterator[Desk]:
    workspace = sales_team(installation=installation(), limits=False)
    channels = [workspace.add_channel(f"leads-{number}", members=()).id for number in range(CHANNELS)]
    policy = always_open(alerts={"digest_from": 10**6, "new_leads_a_minute": 10**6})
    async with contextlib.AsyncExitStack() as stack:
        place = stack.enter_context(folder())
        inbox = await stack.enter_async_context(MailInbox(wall_clock))
        slack = RoughSlack(workspace, seed=9)
        await stack.enter_async_context(slack)
        settings = Settings(
            database_url=f"sqlite:///{place}/desk.db",
            slack_leads_channel=LEADS,
            slack_managers_channel=MANAGERS,
            slack_bot_token=workspace.bot_token,
            slack_api_url=slack.api_url,
            smtp_url=inbox.smtp_url,
            mail_from="sales@asahi.example",
            mail_managers=("megumi@asahi.example",),
        )
        services = start_services(settings, policy=policy)
        stack.callback(services.close)
        session = await stack.enter_async_context(slack_session(ONE_REQUEST))
        client = AsyncWebClient(
            token=workspace.bot_token, base_url=slack.api_url, session=session, retry_handlers=[], timeout=2
        )
        gateway = Gateway(client, Pace())
        sender = SlackSender(services, gateway, Homes(services, gateway, Afterwards()))
        ways: dict[str, Any] = {**dict.fromkeys((CARD, NOTE, RING, ALARM, MANY), sender)}
        ways |= {ALERT_MAIL: AlertMailSender(services)}
        worker = Worker(services.store, Delivery(services.store, ways, lease=LEASE))
        await stack.enter_async_context(in_background(worker.run()))
        yield Desk(workspace, slack, inbox, services, channels)


def slack_in_trouble(quick: bool) -> Proof:
    return asyncio.run(_rough(10, archived=False) if quick else _rough(85, archived=True))


async def _rough(count: int, *, archived: bool) -> Proof:
    """Leads in five channels, each with a card, its script and some lines; then errors only an admin can mend."""
    async with _desk() as desk:
        store, began = desk.services.store, time.monotonic()
        shut = desk.channels[-1]
        if archived:
            desk.slack.closed[shut] = "is_archived"
        await store.run(lambda tx: _leads(tx, desk.channels, count))
        if archived:
            await asyncio.sleep(ARCHIVED_FOR)
            del desk.slack.closed[shut]
        await desk.until_sent(within=420)
        took = time.monotonic() - began
        rows = desk.rows()
        left = Counter(
            f"{row.kind} {row.status}: {row.problem}" for row in rows if row.status not in ("sent", "withdrawn")
        )
        hangs = hanging(desk.workspace)
        missing = [row.key for row in rows if row.kind in (CARD, NOTE) and row.key not in hangs]
        doubled = {key: many for key, many in hangs.items() if many > 1}
        jumbled = [row.key for row in rows if row.kind == CARD and not _in_order(desk, row, rows)]
        too_fast = [channel for channel, at in desk.slack.posted_at.items() if not _keeps_pace(at)]
        seen, posts = Counter(desk.slack.seen), sum(map(len, desk.slack.posted_at.values()))
        desk.slack.is_rough = False
        other_way = {error: await _fatal(desk, error) for error in FATAL}
    slowest = max(other_way.values())
    trouble = ", ".join(f"{many} {kind}" for kind, many in seen.items() if kind)
    return Proof(
        name="R9",
        promise="whatever Slack does, each message hangs once and in its order",
        figures=(
            f"{sum(hangs.values())} messages of {count} leads in {CHANNELS} channels, {posts} posts of which {trouble}: "
            f"{len(missing)} lost, {len(doubled)} doubled, {len(desk.slack.too_early)} before the time asked for, "
            f"{len(jumbled)} threads out of order, {len(too_fast)} channels asked more than once a second (bursts of "
            f"{BURST}), {took:.0f} s; alarms refused with {', '.join(FATAL)} on another way after {slowest:.1f} s at most"
        ),
        broken=unless(
            none_lost=(not missing and not left, (missing[:3], dict(left))),
            none_doubled=(not doubled, doubled),
            none_too_early=(not desk.slack.too_early, desk.slack.too_early[:5]),
            in_order=(not jumbled, jumbled[:3]),
            one_a_second=(not too_fast, too_fast),
            another_way_within_a_minute=(slowest < A_MINUTE, other_way),
        ),
    )


def _leads(tx: Transaction, channels: list[str], count: int) -> None:
    for number in range(count):
        lead = qualified_lead(tx, company=f"Acme {number}")
        lead.channel = channels[number % len(channels)]
        for note in range(NOTES):
            tx.record(NoteKept(lead_id=lead.id, by="U1", words=f"{note} of the list"))


def _in_order(desk: Desk, card: Outbound, rows: list[Outbound]) -> bool:
    """The lines of a thread hang in the order in which they were written."""
    said = [row.receipt["ts"] for row in rows if row.lead_id == card.lead_id and row.kind == NOTE and row.receipt]
    return said == sorted(said, key=float)


def _keeps_pace(at: list[float]) -> bool:
    """In no stretch of ten seconds more than ten, and a burst."""
    return all(later - earlier > 9.5 for earlier, later in zip(at, at[10 + BURST :], strict=False))


async def _fatal(desk: Desk, error: str) -> float:
    """Seconds until the managers are told of five leads in another way."""
    desk.slack.closed["*" if error == "token_revoked" else MANAGERS] = error
    ids = [row.lead_id for row in desk.rows() if row.kind == CARD][:5]
    caught, hung = len(desk.inbox.caught), len(desk.workspace.messages[LEADS])

    def complain(tx: Transaction) -> None:
        for lead_id in ids:
            if lead_id is not None:
                generation = FATAL.index(error) + 1
                tx.record(
                    NobodyCalled(
                        lead_id=lead_id, by="prospect", rule="first_contact", generation=generation, due_at=tx.now
                    )
                )

    began = time.monotonic()
    await desk.services.store.run(complain)

    def told() -> int:
        alarms = [m for m in desk.workspace.messages[LEADS][hung:] if m.metadata and _is_alarm(m.metadata)]
        return len(alarms) + len(desk.inbox.caught) - caught

    while told() < len(ids) and time.monotonic() - began < 2 * A_MINUTE:
        await asyncio.sleep(0.1)
    desk.slack.closed.clear()
    return time.monotonic() - began


def _is_alarm(metadata: dict[str, Any]) -> bool:
    return str(metadata["event_payload"]["key"]).startswith(ALARM)


# -- R10 -------------------------------------------------------------------------------------------

STEP = timedelta(seconds=5)
TWO_HOURS = timedelta(hours=2)


@dataclass
class RoughPost:
    """A mail server that takes mails, refuses some for now and some for ever, or takes one and hangs up."""

    dice: random.Random
    taken: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    async def handle_RCPT(
        self, server: SMTP, session: MailSession, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address.startswith("nobody"):
            self.refused["for ever"] += 1
            return "550 No such user"
        if self.dice.random() < 0.15:
            self.refused["for now"] += 1
            return "451 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: MailSession, envelope: Envelope) -> str:
        message_id = str(message_from_bytes(envelope.original_content or b"")["Message-ID"])
        self.taken.append(message_id)
        if self.dice.random() < 0.15:
            self.dropped[message_id] += 1
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"


def mail_server_away(quick: bool) -> Proof:
    return asyncio.run(_without_mail(20 if quick else 200))


async def _without_mail(count: int) -> Proof:
    """Time is simulated, five seconds a step or more: an hour without a server, then one that is in a bad mood."""
    clock, post = Clock(), RoughPost(random.Random(10))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, loop=loop, hostname="post"), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with folder() as place:
        settings = Settings(
            database_url=f"sqlite:///{place}/mail.db",
            smtp_url=f"smtp://127.0.0.1:{port}",
            mail_from="sales@asahi.example",
            bantline_company="Asahi",
        )
        services = start_services(settings, clock=clock)
        try:
            await services.store.run(lambda tx: _write_mails(tx, count))
            delivery = Delivery(services.store, {MAIL: MailSender(services)})
            began, tried = clock.now, 0
            told_after: dict[str, timedelta] = {}
            while clock.now - began < timedelta(hours=1):
                tried += await delivery.send_waiting()
                clock.now = min(_next_try(services, clock.now), began + timedelta(hours=1))
                progress.says(f"{(clock.now - began).seconds // 60} simulated minutes, {tried:,} tries")
            server = await loop.create_server(lambda: SMTP(post, loop=loop, hostname="post"), "127.0.0.1", port)
            while _unsent(services) and clock.now - began < TWO_HOURS:
                await delivery.send_waiting()
                for row in _failures(services):
                    told_after.setdefault(row.lead_id, clock.now - row.at)
                clock.now = _next_try(services, clock.now)
            took = clock.now - began
            server.close()
            rows = _mails(services)
        finally:
            services.close()
    sent = [row for row in rows if row.status == "sent"]
    hopeless = [row for row in rows if row.payload["to"].startswith("nobody")]
    lost = [row.key for row in rows if row not in hopeless and (row.receipt or {}).get("message_id") not in post.taken]
    again = Counter(post.taken)
    doubled = {one: many - 1 for one, many in again.items() if many > 1}
    unexcused = {one: many for one, many in doubled.items() if many > post.dropped[one]}
    told = max(told_after.values(), default=timedelta(hours=9)).total_seconds()
    return Proof(
        name="R10",
        promise="a mail server that was away loses no mail, and none is written twice",
        figures=(
            f"{count} mails, no server for an hour ({tried:,} tries), then {post.refused['for now']} refused for now, "
            f"{post.refused['for ever']} for ever, {sum(post.dropped.values())} taken without an answer: {len(sent)} "
            f"sent after {took.total_seconds() / 60:.0f} min, {len(lost)} lost; {sum(doubled.values())} came again, each "
            f"after a lost answer and with the same Message-ID; of the hopeless {len(told_after)} the rep is told after "
            f"{told:.0f} s"
        ),
        broken=unless(
            none_lost=(not lost and len(sent) + len(hopeless) == count, (lost[:3], len(sent))),
            a_repeat_only_after_a_lost_answer=(not unexcused, unexcused),
            one_message_id_for_each=(len(again) == len(sent), (len(again), len(sent))),
            the_rep_is_told=(len(told_after) == len(hopeless) and told <= 60, (len(told_after), told)),
        ),
    )


def _write_mails(tx: Transaction, count: int) -> None:
    for number in range(count):
        lead = leads.capture(tx, language="en", via="chat")
        to = f"{'nobody' if number % 20 == 0 else 'person'}{number}@client.example"
        payload = {"lead_id": lead.id, "by": "yuki", "to": to, "subject": "Hello", "body": f"This is {number}."}
        outbox.queue(tx, key=f"mail:{lead.id}", kind=MAIL, lead_id=lead.id, payload=payload)


def _mails(services: Services) -> list[Outbound]:
    return services.store.read(lambda session: list(session.exec(select(Outbound).where(Outbound.kind == MAIL))))


def _unsent(services: Services) -> bool:
    return any(row.status in ("waiting", "sending") for row in _mails(services))


def _next_try(services: Services, now: datetime) -> datetime:
    waits = [row.due_at if row.status == "waiting" else row.lease_until for row in _mails(services)]
    return max(now + STEP, min((at for at in waits if at is not None and at > now), default=now))


def _failures(services: Services) -> list[History]:
    return services.store.read(lambda session: list(session.exec(select(History).where(History.kind == "mail_failed"))))
