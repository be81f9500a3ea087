"""Slack delivers things up to four times, in any order, to any of our processes: each has one effect (R7).

Two `bantline serve` share one PostgreSQL database; Socket Mode leads to the one, signed HTTP to the other. Every copy
of every payload goes one of the two ways, all of them shuffled and many at once.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlmodel import col, select

from bot.bootstrap import Services, start_services
from bot.sandbox import SandboxServer, sales_team
from bot.sandbox.delivery import Answer
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from bot.slack import ids
from qualification.calls import Outcome
from qualification.records import History, Inbound, Lead
from tests.chaos.hand import Hand, Parcel, chosen, written
from tests.chaos.office import folder, open_office
from tests.chaos.proof import Proof, unless
from tests.desk import LEADS, MANAGERS, installation, qualified_lead
from tests.postgres import fresh_schema, server_url
from tests.process import BantlineProcess

AT_ONCE = 6
MOST_COPIES = 4
REPS, WATCHING = 40, 5
Way = Literal["socket", "http"]
WAYS: tuple[Way, ...] = ("socket", "http")


@dataclass(kw_only=True)
class Town:
    """The workspace, two processes that serve it, and a look at their common database."""

    workspace: Workspace
    server: SandboxServer
    services: Services
    hand: Hand


@contextlib.asynccontextmanager
async def two_processes() -> AsyncIterator[Town]:
    workspace = sales_team(installation=installation(), limits=False)
    for number in range(REPS):
        workspace.add_user(f"rep{number}", locale="ja-JP" if number % 2 else "en-US")
    with folder() as place, fresh_schema(server_url()) as database:
        async with SandboxServer(workspace) as server, contextlib.AsyncExitStack() as stack:
            shared = {
                "DATABASE_URL": database,
                "SLACK_API_URL": server.api_url,
                "SLACK_BOT_TOKEN": workspace.bot_token,
                "SLACK_SIGNING_SECRET": workspace.signing_secret,
                "SLACK_LEADS_CHANNEL": LEADS,
                "SLACK_MANAGERS_CHANNEL": MANAGERS,
            }
            await _start(stack, place / "socket", shared | {"SLACK_APP_TOKEN": workspace.app_token})
            web = await _start(stack, place / "http", shared)
            workspace.request_url = f"{web.url}/slack/events"
            await server.connected()
            services = start_services(Settings(database_url=database))
            stack.callback(services.close)
            yield Town(workspace=workspace, server=server, services=services, hand=Hand(workspace))


async def _start(stack: contextlib.AsyncExitStack, place: Path, settings: dict[str, str]) -> BantlineProcess:
    """Started in a thread, because the workspace it asks for its name lives in this loop."""
    place.mkdir()
    process = BantlineProcess(place, **settings)
    await asyncio.to_thread(process.start)
    stack.push_async_callback(asyncio.to_thread, process.stop)
    return process


# -- R7 --------------------------------------------------------------------------------------------


def repeats_are_harmless(quick: bool) -> Proof:
    return asyncio.run(_repeats(80 if quick else 1_000))


async def _repeats(count: int) -> Proof:
    async with two_processes() as town:
        a_quarter = count // 4
        free = await _leads(town, a_quarter * 2)
        claimed, called = free[:a_quarter], free[a_quarter:]
        await _everybody_has_worked_today(town)
        parcels = _parcels(town, claimed, called, a_quarter)
        began = time.monotonic()
        answers, deliveries = await _deliver_all(town, parcels)
        took = time.monotonic() - began
        return _judged(town, answers, {"claims": claimed, "calls": called}, a_quarter, deliveries, took)


async def _everybody_has_worked_today(town: Town) -> None:
    """Both processes know the forty people and have read a text."""
    for number in range(REPS):
        for way in WAYS:
            parcel = town.hand.types(town.workspace.person(f"rep{number}"), "mine")
            await town.server.delivery.hand_over(parcel.kind, parcel.payload, way=way)


async def _leads(town: Town, count: int) -> list[str]:
    def make(number: int) -> Any:
        return town.services.store.run(lambda tx: qualified_lead(tx, company=f"Ready {number}").id)

    return list(await asyncio.gather(*(make(number) for number in range(count))))


def _parcels(town: Town, claimed: list[str], called: list[str], a_quarter: int) -> list[Parcel]:
    """As many commands as claims, call forms and looks at Home, by forty people."""
    people = [town.workspace.person(f"rep{number}") for number in range(REPS)]
    by = [people[number % REPS] for number in range(a_quarter)]
    hand = town.hand
    form = {ids.OUTCOME: chosen(Outcome.CONNECTED), ids.CALL_NOTE: written("予算は300万円、来年3月までに")}
    return [
        *(hand.types(who, f"new Person {at}, Typed{at} needs a stock system") for at, who in enumerate(by)),
        *(hand.presses(who, ids.CLAIM, lead) for who, lead in zip(by, claimed, strict=True)),
        *(hand.submits(who, ids.CALL_FORM, {"lead": lead}, form) for who, lead in zip(by, called, strict=True)),
        *(hand.opens_home(people[number % WATCHING]) for number in range(a_quarter)),
    ]


async def _deliver_all(town: Town, parcels: list[Parcel]) -> tuple[dict[int, list[Answer]], int]:
    """Every parcel 1-4 times, each copy one of the two ways, shuffled; the answers each parcel got."""
    dice = random.Random(7)
    copies = [
        (number, dice.choice(WAYS)) for number in range(len(parcels)) for _ in range(dice.randint(1, MOST_COPIES))
    ]
    dice.shuffle(copies)
    answers: dict[int, list[Answer]] = defaultdict(list)
    gate = asyncio.Semaphore(AT_ONCE)

    async def hand_over(number: int, way: Way) -> None:
        async with gate:
            parcel = parcels[number]
            answers[number].append(await town.server.delivery.hand_over(parcel.kind, parcel.payload, way=way))

    await asyncio.gather(*(hand_over(number, way) for number, way in copies))
    return answers, len(copies)


def _judged(
    town: Town,
    answers: dict[int, list[Answer]],
    prepared: dict[str, list[str]],
    a_quarter: int,
    deliveries: int,
    took: float,
) -> Proof:
    made = town.services.store.read(
        lambda session: [
            str(name) for name in session.exec(select(Lead.company).where(col(Lead.company).startswith("Typed")))
        ]
    )
    history = town.services.store.read(lambda session: session.exec(select(History.lead_id, History.kind)).all())
    happened = Counter((lead, kind) for lead, kind in history)
    claims = [happened[lead, "owner_changed"] for lead in prepared["claims"]]
    calls = [happened[lead, "call_logged"] for lead in prepared["calls"]]
    opened = town.services.store.read(
        lambda session: session.exec(select(Inbound.key).where(col(Inbound.key).startswith("slack:event:"))).all()
    )
    refused = [answer for given in answers.values() for answer in given if answer.status != 200]
    texts = [{str(one.body) for one in answers[number] if one.body} for number in range(a_quarter)]
    unlike = [said for said in texts if len(said) > 1]  # who is answered late gets the text by response_url
    effects = len(set(made)) + sum(claims) + sum(calls) + len(opened)
    return Proof(
        name="R7",
        promise="Slack's repeats are harmless",
        figures=(
            f"{4 * a_quarter:,} events, commands, presses and forms delivered {deliveries:,} times, shuffled, to two "
            f"processes over Socket Mode and HTTP: {effects:,} effects, {deliveries - len(refused):,} answered 200, "
            f"repeated commands with the same text; {deliveries / took:,.0f} deliveries a second"
        ),
        broken=unless(
            one_lead_for_each_command=(sorted(made) == sorted(f"Typed{at}" for at in range(a_quarter)), len(made)),
            one_owner_for_each_claim=(set(claims) == {1}, Counter(claims)),
            one_call_for_each_form=(set(calls) == {1}, Counter(calls)),
            one_opening_for_each_event=(len(opened) == a_quarter, len(opened)),
            every_delivery_answered_200=(not refused, Counter(f"{one.status} {one.reason}" for one in refused)),
            the_same_text_for_the_same_command=(not unlike, unlike[:2]),
        ),
    )


# -- one owner -------------------------------------------------------------------------------------


def twenty_claims(quick: bool) -> Proof:
    return asyncio.run(_twenty_claims(3 if quick else 25))


async def _twenty_claims(rounds: int) -> Proof:
    """Twenty reps press Claim on the same lead at the same moment, again and again."""
    seen: Counter[tuple[int, int]] = Counter()
    async with open_office() as bench:
        reps = [bench.workspace.add_user(f"rep{number}", locale="ja-JP") for number in range(20)]
        for rep in reps:
            bench.workspace.join(bench.workspace.channel(LEADS), rep)
        for _ in range(rounds):
            bench.clock.advance(minutes=1)  # so many new leads within one minute would be held back as a flood
            lead_id = await bench.has_lead()
            before = {rep.id: len(bench.person(rep.id).sees_privately(LEADS)) for rep in reps}
            card = bench.card(lead_id)
            await asyncio.gather(*(bench.person(rep.id).clicks("担当する", on=card) for rep in reps))
            await bench.settle()
            told = [rep.id for rep in reps if len(bench.person(rep.id).sees_privately(LEADS)) == before[rep.id] + 1]
            owner = (await bench.dossier(lead_id)).lead.owner_id
            owners = [event.kind for event in (await bench.dossier(lead_id)).history].count("owner_changed")
            seen[owners, len([one for one in told if one != owner])] += 1
    return Proof(
        name="twenty-claims",
        promise="of twenty simultaneous claims one wins",
        figures=f"{rounds} rounds of 20 claims at once: 1 owner and 19 told whose it is, every time",
        broken=unless(one_owner_and_nineteen_told=(set(seen) == {(1, 19)}, dict(seen))),
    )
