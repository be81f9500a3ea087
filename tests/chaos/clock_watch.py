"""What watches over the clock: the auditor, the noise guard, and what happens when we fall silent (R16, R19, R20, R22, S17)."""

import asyncio
import random
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, text
from sqlmodel import Session, col, select

from bot.delivery import Delivery
from bot.health import examine
from bot.mail.alert import AlertMailSender
from bot.upkeep.auditor import Auditor
from bot.worker import Worker
from qualification import ownership
from qualification.audit import Flaw
from qualification.calls import Call, Outcome, log_call
from qualification.notices import ALARM, ALERT_MAIL, NOTE, RING
from qualification.outbox import CARD
from qualification.records import FollowUp, Irregularity, Outbound
from qualification.silence import QUIET_TIMER
from qualification.store import Store, Transaction
from qualification.their_time import TIMEFRAME_TIMER, WAKE_UP_TIMER
from tests.chaos.clocks import has_clocks, sqlite_firm
from tests.chaos.office import folder, open_office
from tests.chaos.proof import Proof, unless
from tests.clock import Clock
from tests.desk import LEADS, MANAGERS, Bench, qualified_lead

# -- R19 -------------------------------------------------------------------------------------------

SABOTAGE = {
    Flaw.TIMER_MISSING: "DELETE FROM timer WHERE subject_id = :id AND step = 'due'",
    Flaw.TIMER_DROPPED: "UPDATE timer SET status = 'dropped' WHERE subject_id = :id AND step = 'due'",
    Flaw.TIMER_BROKEN: "UPDATE timer SET status = 'broken' WHERE subject_id = :id AND step = 'due'",
    Flaw.STEP_NOT_TOLD: "UPDATE timer SET status = 'done' WHERE subject_id = :id AND step = 'due'",
    Flaw.ENDED_WITHOUT_TRACE: "UPDATE follow_up SET status = 'met' WHERE id = :id",
}
SABOTAGE_OF_LEADS = {
    WAKE_UP_TIMER: "DELETE FROM timer WHERE subject_id = :id AND kind = 'wake_up'",
    QUIET_TIMER: "DELETE FROM timer WHERE subject_id = :id AND kind = 'quiet_lead'",
    TIMEFRAME_TIMER: "DELETE FROM timer WHERE subject_id = :id AND kind = 'timeframe_passed'",
}
SABOTAGE_OF_ERRANDS = {
    Flaw.LEASE_STUCK: "UPDATE outbox SET status = 'sending', lease_until = NULL WHERE id = :id",
    Flaw.NO_RECEIPT: "UPDATE outbox SET status = 'sent', receipt = NULL WHERE id = :id",
}


def auditor_finds_everything(quick: bool) -> Proof:
    return asyncio.run(_audited(500 if quick else 10_000))


async def _audited(count: int) -> Proof:
    clock = Clock()
    with folder() as place, sqlite_firm(place, clock) as store:
        qualified = has_clocks(store, count, clock.now)
        watched = _has_watches(store, count // 10)
        auditor = Auditor(store)
        false_alarms = await _one_pass(auditor, store)
        wanted = _sabotage(store, random.Random(19), qualified, watched)
        slowest: list[float] = []
        event.listen(store.engine, "before_cursor_execute", lambda *_: slowest.append(-time.perf_counter()))
        event.listen(store.engine, "after_cursor_execute", _clocked(slowest))
        began, rounds = time.perf_counter(), 0
        await auditor.round()
        rounds += 1
        while auditor.is_on_its_way:
            await auditor.round()
            rounds += 1
        took = time.perf_counter() - began
        found = _book(store)
        repaired = sum(1 for row in found if row.repaired_at)
    seen = Counter(row.flaw for row in found)
    in_life = took + rounds * 2.0
    return Proof(
        name="R19",
        promise="the auditor finds what was lost or tampered with",
        figures=(
            f"{sum(wanted.values())} sabotages among {count:,} clocks and {sum(map(len, watched.values())):,} leads with "
            f"a timer of their own: {len(found)} found, {repaired} of them mended, "
            f"{len(false_alarms)} false alarms; a pass takes {in_life:.0f} s with its rests, slowest query "
            f"{max(slowest) * 1000:.0f} ms"
        ),
        broken=unless(
            all_found=(seen == wanted, dict(seen)),
            no_false_alarm=(not false_alarms, len(false_alarms)),
            within_a_minute=(in_life <= 60, in_life),
        ),
    )


def _clocked(times: list[float]) -> Any:
    def after(*_: Any) -> None:
        times[-1] += time.perf_counter()

    return after


async def _one_pass(auditor: Auditor, store: Store) -> list[Irregularity]:
    await auditor.whole_pass()
    return _book(store)


def _book(store: Store) -> list[Irregularity]:
    return store.read(lambda session: list(session.exec(select(Irregularity)).all()))


def _has_watches(store: Store, count: int) -> dict[str, list[str]]:
    """Leads with a way back, a silence that is watched, and a stated time, in equal parts: their ids by that timer."""
    ids: dict[str, list[str]] = {kind: [] for kind in SABOTAGE_OF_LEADS}

    def make(tx: Transaction) -> None:
        for number in range(count):
            kind = list(ids)[number % len(ids)]
            lead = qualified_lead(tx, company=f"Bcme {number}", knows_all=True, email=None)
            if kind == WAKE_UP_TIMER:
                ownership.hand_back(tx, lead, reason="later", to_nurture=True, by="yuki")
            elif kind == QUIET_TIMER:
                log_call(tx, lead, Call(outcome=Outcome.NO_ANSWER), by="yuki")
            else:
                ownership.accept(tx, lead, by="yuki")
            ids[kind].append(lead.id)

    store.run_here(make)
    return ids


def _sabotage(store: Store, dice: random.Random, qualified: list[str], watched: dict[str, list[str]]) -> Counter[str]:
    leads = dice.sample(qualified, 15)
    victims = store.read(
        lambda session: session.exec(select(FollowUp.id).where(col(FollowUp.lead_id).in_(leads))).all()
    )
    cards = store.read(lambda session: list(session.exec(select(Outbound.id).where(Outbound.kind == CARD)).all()))
    if not cards:  # these clocks were made without a chat, so nothing was said about them yet
        cards = _some_cards(store)
    wanted: Counter[str] = Counter()
    errands = dice.sample(cards, 5)
    with store.engine.begin() as connection:
        for number, victim in enumerate(victims):
            flaw = list(SABOTAGE)[number % len(SABOTAGE)]
            connection.execute(text(SABOTAGE[flaw]), {"id": victim})
            wanted[flaw] += 1
        for kind, statement in SABOTAGE_OF_LEADS.items():
            for victim in dice.sample(watched[kind], 4):
                connection.execute(text(statement), {"id": victim})
                wanted[Flaw.TIMER_MISSING] += 1
        for number, victim in enumerate(errands):
            flaw = list(SABOTAGE_OF_ERRANDS)[number % len(SABOTAGE_OF_ERRANDS)]
            connection.execute(text(SABOTAGE_OF_ERRANDS[flaw]), {"id": victim})
            wanted[flaw] += 1
    return wanted


def _some_cards(store: Store) -> list[str]:
    from qualification import outbox

    def queue(tx: Transaction) -> None:
        for number in range(20):
            outbox.queue(tx, key=f"card:{number}", kind=CARD, lead_id=f"l{number}", payload={})

    store.run_here(queue)
    return store.read(lambda session: list(session.exec(select(Outbound.id).where(Outbound.kind == CARD)).all()))


# -- R16, S17, R22 -----------------------------------------------------------------------------------


def catch_up(quick: bool) -> Proof:
    return asyncio.run(_catch_up(24 if quick else 300))


async def _catch_up(count: int) -> Proof:
    """Everything was told; then the program was away for a day while every step of every lead fell due."""
    async with open_office() as bench:
        ids = await _flood(bench, count)
        await _until_posted(bench, count)
        before = {channel: len(bench.workspace.messages[channel]) for channel in (LEADS, MANAGERS)}
        bench.clock.advance(hours=24)
        await bench.settle()
        managers = bench.workspace.messages[MANAGERS][before[MANAGERS] :]
        aloud = [
            message
            for message in bench.workspace.messages[LEADS][before[LEADS] :]
            if message.broadcast or not message.is_reply
        ]
        alarms = _rows(bench, ALARM)
        per_lead = Counter(row.payload["facts"]["follow_up_id"] for row in alarms)
        told = {row.lead_id for row in alarms}
    return Proof(
        name="R16",
        promise="after a stop each lead is said once, and many at once in one digest",
        figures=(
            f"24 h down, {count} leads overdue in every step: {len(managers)} message for the managers, {len(aloud)} aloud "
            f"in the leads' channel, {max(per_lead.values())} step of each clock, {count - len(told)} escalations missed"
        ),
        broken=unless(
            one_digest=(len(managers) == 1, len(managers)),
            one_line_aloud=(len(aloud) <= 1, len(aloud)),
            strongest_step_once=(set(per_lead.values()) == {1}, Counter(per_lead.values())),
            none_missed=(told == set(ids), count - len(told)),
        ),
    )


def alert_bombing(quick: bool) -> Proof:
    return asyncio.run(_bombed(60 if quick else 500))


async def _bombed(false_leads: int) -> Proof:
    """So many false qualified leads in a minute, five true ones among them."""
    async with open_office() as bench:
        first = await _flood(bench, false_leads // 2)
        real = await _flood(bench, 5)
        await _flood(bench, false_leads - len(first))
        await bench.settle()
        in_the_minute = [message for message in bench.workspace.messages[LEADS] if not message.is_reply]
        minutes = await _until_posted(bench, false_leads + 5)
        cards = _rows(bench, CARD)
        real_by = max(row.settled_at for row in cards if row.lead_id in real and row.settled_at)
        waited = (real_by - min(row.created_at for row in cards)).total_seconds() / 60
        escalations = [message for message in bench.workspace.messages[MANAGERS] if not message.is_reply]
    return Proof(
        name="S17",
        promise="a flood of false leads does not drown the true ones",
        figures=(
            f"{false_leads} false leads and 5 true ones within a minute: {len(in_the_minute)} posts in the channel in that "
            f"minute, the rest minute by minute within {minutes} min, none lost; the true ones after {waited:.0f} min at "
            f"most (their first contact is due after 180), {len(escalations)} escalations meanwhile"
        ),
        broken=unless(
            twenty_posts_at_most=(len(in_the_minute) <= 20, len(in_the_minute)),
            none_lost=(all(row.status == "sent" for row in cards), Counter(row.status for row in cards)),
            the_true_ones_in_time=(waited < 90, waited),
            no_escalation_meanwhile=(waited >= 90 or not escalations, len(escalations)),
        ),
    )


def restored(quick: bool) -> Proof:
    return asyncio.run(_restored(8 if quick else 60))


async def _restored(count: int) -> Proof:
    """The outbox forgets what it delivered, as after an older backup; OUTBOUND=careful looks before it posts."""
    async with open_office(outbound="careful") as bench:
        await _flood(bench, count)
        await _until_posted(bench, count)
        before = Counter(_keys(bench))

        def forget(tx: Transaction) -> None:
            for row_id in tx.select(select(Outbound.id)):
                row = tx.get(Outbound, row_id[0])
                row.status, row.attempts, row.receipt, row.settled_at = "waiting", 0, None, None

        await bench.services.store.run(forget)
        await _until_posted(bench, count)
        after = Counter(_keys(bench))
    again = sum((after - before).values())
    return Proof(
        name="R22",
        promise="what was sent before a restore is not sent again",
        figures=f"{sum(before.values())} messages of {count} leads forgotten as by an older backup, OUTBOUND=careful: "
        f"{again} posted again",
        broken=unless(none_again=(again == 0, again)),
    )


def _keys(bench: Bench) -> list[str]:
    return [message.metadata["event_payload"]["key"] for message in bench.workspace.messages[LEADS] if message.metadata]


async def _flood(bench: Bench, count: int) -> list[str]:
    def work(tx: Transaction) -> list[str]:
        return [qualified_lead(tx, company=f"Acme {number}").id for number in range(count)]

    ids: list[str] = await bench.services.store.run(work)
    return ids


async def _until_posted(bench: Bench, count: int) -> int:
    """Minutes until every card hangs and nothing waits."""
    minutes = 0
    while minutes < 120:
        await bench.settle()
        if not [row for row in _rows(bench) if row.status in ("waiting", "sending")]:
            break
        bench.clock.advance(minutes=1)
        minutes += 1
    return minutes


def _rows(bench: Bench, *kinds: str) -> list[Outbound]:
    def look(session: Session) -> list[Outbound]:
        rows = list(session.exec(select(Outbound).order_by(col(Outbound.id))).all())
        return [row for row in rows if not kinds or row.kind in kinds]

    return bench.services.store.read(look)


# -- R20 -------------------------------------------------------------------------------------------


def silence_is_noticed(quick: bool) -> Proof:
    return asyncio.run(_silent())


async def _silent() -> Proof:
    """Time is simulated, a second at a time; health is what /healthz and the heartbeat URL go by."""
    clock = Clock()
    with folder() as place, sqlite_firm(place, clock) as store:
        worker, auditor = Worker(store, Delivery(store, {})), Auditor(store)
        await worker.tick()
        await auditor.round()
        well_before = _problems(store, clock.now) == ()
        stopped = await _seconds_until_bad(store, clock)
    async with open_office(smtp_url="smtp://127.0.0.1:9", mail_managers=("megumi@asahi.example",)) as bench:
        await bench.has_lead()
        bench.clock.advance(hours=3)
        bench.workspace.faults.fail("*", "invalid_auth", times=None)
        store = bench.services.store
        auditor, broken = Auditor(store), 0
        ways = dict.fromkeys((CARD, NOTE, RING, ALARM), bench.sender)
        worker = Worker(store, Delivery(store, {**ways, ALERT_MAIL: AlertMailSender(bench.services)}))
        while broken < 120:
            await worker.tick()
            await auditor.round()
            if _problems(store, bench.clock.now):
                break
            bench.clock.advance(seconds=5)
            broken += 5
        mails = len(_rows(bench, ALERT_MAIL))
    return Proof(
        name="R20",
        promise="silence is noticed within a minute",
        figures=(
            f"worker stopped: unhealthy after {stopped} s; Slack and mail broken at once with an escalation due: after "
            f"{broken} s ({mails} mails tried meanwhile)"
        ),
        broken=unless(
            well_while_all_is_well=(well_before, well_before),
            a_silent_worker_is_noticed=(stopped <= 61, stopped),
            broken_ways_out_are_noticed=(broken <= 60, broken),
        ),
    )


def _problems(store: Store, now: datetime) -> tuple[str, ...]:
    return store.read(lambda session: examine(session, now=now)).problems


async def _seconds_until_bad(store: Store, clock: Clock) -> int:
    began = clock.now
    while not _problems(store, clock.now) and clock.now - began < timedelta(minutes=5):
        clock.now += timedelta(seconds=1)
    return int((clock.now - began).total_seconds())
