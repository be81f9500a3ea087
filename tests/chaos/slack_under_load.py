"""Slack never waits for us: the database locked, Slack's own API silent, the mail server gone (R8)."""

import asyncio
import contextlib
import random
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.bootstrap import start_services
from bot.sandbox import SandboxServer, sales_team
from bot.sandbox.records import User
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from bot.slack import ids
from qualification.calls import Outcome
from tests.chaos.hand import Hand, Parcel, chosen
from tests.chaos.office import folder
from tests.chaos.proof import Proof, percentile, unless
from tests.desk import KEN, LEADS, MANAGERS, MEGUMI, YUKI, installation, qualified_lead
from tests.process import BantlineProcess

A_SECOND, A_SECOND_QUICKLY = 11, 25
LOCKED_FOR, LOCKED_FOR_QUICKLY = 2.0, 0.4
P99, MOST = 0.5, 2.5


@dataclass(kw_only=True)
class Ward:
    """One process with everything around it about to fail, and the leads its people work on."""

    workspace: Workspace
    server: SandboxServer
    hand: Hand
    database: Path
    leads: list[str]
    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    async def deliver(self, kind: str, parcel: Parcel) -> None:
        began = time.perf_counter()
        answer = await self.server.delivery.hand_over(parcel.kind, parcel.payload, way="http")
        self.seconds.setdefault(kind, []).append(time.perf_counter() - began)
        self.statuses[answer.status] += 1


def slack_never_times_out(quick: bool) -> Proof:
    return asyncio.run(
        _under_load(150, A_SECOND_QUICKLY, LOCKED_FOR_QUICKLY) if quick else _under_load(500, A_SECOND, LOCKED_FOR)
    )


async def _under_load(count: int, a_second: float, locked_for: float) -> Proof:
    async with one_process(count) as ward:
        await _warm_up(ward)
        ward.workspace.faults.slow("*", 12, times=None)
        began = time.monotonic()
        locking = asyncio.create_task(_lock(ward.database, locked_for, after=count / a_second / 2))
        await _steadily(ward, count, a_second)
        await locking
        took = time.monotonic() - began
        ward.workspace.faults.lift()
    taken = [seconds for kind in ward.seconds.values() for seconds in kind]
    p50, p99, most = percentile(taken, 50), percentile(taken, 99), max(taken)
    kinds = ", ".join(
        f"{kind} {percentile(seconds, 50) * 1000:.0f}/{max(seconds) * 1000:.0f}"
        for kind, seconds in ward.seconds.items()
    )
    return Proof(
        name="R8",
        promise="Slack never times out on us",
        figures=(
            f"{len(taken)} requests in {took:.0f} s while the database was locked {locked_for:g} s, Slack's API hung and "
            f"the mail server was down: acknowledged p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, max {most * 1000:.0f} ms "
            f"(p50/max: {kinds})"
        ),
        broken=unless(
            p99_below_500_ms=(p99 < P99, p99),
            max_below_2_5_s=(most < MOST, most),
            every_one_answered_200=(set(ward.statuses) == {200}, dict(ward.statuses)),
        ),
    )


@contextlib.asynccontextmanager
async def one_process(count: int) -> AsyncIterator[Ward]:
    workspace = sales_team(installation=installation(), limits=False)
    with folder() as place:
        database = place / "bantline.db"
        services = start_services(Settings(database_url=f"sqlite:///{database}"))
        made = [services.store.run(lambda tx: qualified_lead(tx).id) for _ in range(count)]
        leads = list(await asyncio.gather(*made))
        services.close()
        async with SandboxServer(workspace) as server:
            process = BantlineProcess(
                place,
                DATABASE_URL=f"sqlite:///{database}",
                SLACK_API_URL=server.api_url,
                SLACK_BOT_TOKEN=workspace.bot_token,
                SLACK_SIGNING_SECRET=workspace.signing_secret,
                SLACK_LEADS_CHANNEL=LEADS,
                SLACK_MANAGERS_CHANNEL=MANAGERS,
                SLACK_MANAGERS=MEGUMI,
                SMTP_URL="smtp://127.0.0.1:9",
            )
            await asyncio.to_thread(process.start)
            workspace.request_url = f"{process.url}/slack/events"
            try:
                yield Ward(workspace=workspace, server=server, hand=Hand(workspace), database=database, leads=leads)
            finally:
                await asyncio.to_thread(process.stop)


async def _warm_up(ward: Ward) -> None:
    """Everybody has worked today already: Slack told us who they are, the texts' reader is awake."""
    for user_id in (YUKI, KEN, MEGUMI):
        user = ward.workspace.person(user_id)
        await ward.deliver("warm", ward.hand.types(user, "mine"))
        await ward.deliver("warm", ward.hand.types(user, f"new Warm {user.name}, Warm needs it by May for 300万円"))
    await asyncio.sleep(2)
    ward.seconds.clear()
    ward.statuses.clear()


async def _lock(database: Path, seconds: float, *, after: float) -> None:
    """Somebody else holds the pen."""
    await asyncio.sleep(after)
    with contextlib.closing(sqlite3.connect(database, isolation_level=None, timeout=5)) as other:
        other.execute("BEGIN EXCLUSIVE")
        await asyncio.sleep(seconds)
        other.execute("ROLLBACK")


async def _steadily(ward: Ward, count: int, a_second: float) -> None:
    """The requests of a busy day in less than a minute, at an even pace whether the answers come or not."""
    dice = random.Random(8)
    people = [ward.workspace.person(user_id) for user_id in (YUKI, KEN, MEGUMI)]
    under_way = []
    for number in range(count):
        lead, user = ward.leads[number], people[number % len(people)]
        kind, parcel = _request(ward.hand, number, lead, user)
        under_way.append(asyncio.create_task(ward.deliver(kind, parcel)))
        await asyncio.sleep(1 / a_second * dice.uniform(0.5, 1.5))
    await asyncio.gather(*under_way)


def _request(hand: Hand, number: int, lead: str, user: User) -> tuple[str, Parcel]:
    """Of twenty requests: eight presses, five commands, four looks at Home, two shortcuts, one form."""
    at = number % 20
    if at < 8:
        return "press", hand.presses(user, ids.CLAIM, lead)
    if at < 11:
        return "command", hand.types(user, "mine")
    if at < 13:
        return "command", hand.types(user, f"new Person {number}, Firm {number} needs a stock system")
    if at < 17:
        return "event", hand.opens_home(user)
    if at < 19:
        return "shortcut", hand.runs(user, ids.NEW_LEAD_SHORTCUT)
    return "form", hand.submits(user, ids.CALL_FORM, {"lead": lead}, {ids.OUTCOME: chosen(Outcome.NO_ANSWER)})
