"""The clock itself: right to the minute, silent after the answer, unmoved by jumps, not stopped by poison (R1, R6, R14, R24)."""

import asyncio
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.bootstrap import wall_clock
from bot.delivery import Delivery
from bot.worker import PAUSE_AFTER_FAILURE, TRIES, Worker
from qualification import outbox
from qualification.contact import Evidence, Grade
from qualification.followup import STEP_TIMER, record_contact
from qualification.notices import NOTE
from qualification.records import FollowUp, History, Lead, Outbound, Timer
from qualification.store import Store, Transaction
from qualification.working_hours import WorkingHours
from tests.chaos.clocks import OVERDUE_BY, has_clocks, sqlite_firm, steps_told
from tests.chaos.office import folder
from tests.chaos.proof import Proof, unless
from tests.clock import MONDAY_TEN, Clock
from tests.qualification.minute_counter import DAYS, MinuteCounter, Written
from tests.qualification.test_random_deadlines import CLOCK_CHANGES

# -- R1 --------------------------------------------------------------------------------------------

WINDOW = 21


def deadlines_are_right(quick: bool) -> Proof:
    """Random weeks, zones, holidays and pauses around the days on which clocks change, against a minute counter."""
    calendars, each, dice = (4, 25, random.Random(1)) if quick else (40, 100, random.Random(1))
    wrong, asked, took = [], 0, 0.0
    for _ in range(calendars):
        week, zone, closed, first = _calendar(dice)
        hours = WorkingHours.from_policy(week, zone, closed)
        counter = MinuteCounter.walk(week, ZoneInfo(zone), closed, first, WINDOW)
        for _ in range(each):
            start, minutes = first + timedelta(minutes=dice.randrange(8 * 1440)), dice.choice((30, 90, 180, 600, 2_400))
            began = time.perf_counter()
            due = hours.add(start, timedelta(minutes=minutes))
            took += time.perf_counter() - began
            counted = counter.due(start, minutes, [])
            asked += 1
            if counted is not None and counted != due:
                wrong.append((zone, start, minutes, due, counted))
    return Proof(
        name="R1",
        promise="deadlines are right",
        figures=(
            f"{asked:,} random deadlines on {calendars} random calendars in {len(CLOCK_CHANGES)} zones around their clock "
            f"changes, against a minute counter: {len(wrong)} wrong; {took / asked * 1e6:.0f} µs each"
        ),
        broken=unless(none_wrong=(not wrong, wrong[:3])),
    )


def _calendar(dice: random.Random) -> tuple[Written, str, set[Any], datetime]:
    zone = dice.choice(sorted(CLOCK_CHANGES))
    change = datetime(*dice.choice(CLOCK_CHANGES[zone]), tzinfo=UTC)
    week = {day: _intervals(dice) for day in DAYS}
    week["wed"] = week["wed"] or [["09:00", "18:00"]]
    closed = {(change + timedelta(days=dice.randint(-8, 12))).date() for _ in range(dice.randint(0, 3))}
    return week, zone, closed, change - timedelta(days=5)


def _intervals(dice: random.Random) -> list[list[str]]:
    edges = sorted(dice.sample(range(96), 2 * dice.randint(0, 2)))
    pairs = [[_quarter(edges[at]), _quarter(edges[at + 1])] for at in range(0, len(edges), 2)]
    if pairs and dice.random() < 0.2:
        pairs[-1][1] = _quarter(dice.randint(0, min(int(pairs[-1][0][:2]) * 4, 95)))  # overnight
        pairs = pairs[-1:]
    return pairs


def _quarter(number: int) -> str:
    return f"{number // 4:02}:{number % 4 * 15:02}"


# -- R6 --------------------------------------------------------------------------------------------


def no_escalation_after_the_answer(quick: bool) -> Proof:
    return asyncio.run(_races(100 if quick else 2_000))


async def _races(count: int, together: int = 100) -> Proof:
    """Contact is logged within 5 ms of the due instant, while the worker looks for what is due without a rest."""
    dice, late, won = random.Random(6), [], Counter[str]()
    with folder() as place, sqlite_firm(place) as store:
        worker = Worker(store, Delivery(store, {}))
        for _ in range(count // together):
            due = wall_clock() + timedelta(seconds=1.5)
            ids = await asyncio.to_thread(has_clocks, store, together, due - timedelta(hours=3))
            looking = asyncio.create_task(_look_on(worker))
            await asyncio.gather(*(_contact(store, lead, due, dice.uniform(-0.005, 0.005)) for lead in ids))
            await asyncio.sleep(0.02)
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            await worker._fire_due()
        rows = store.read(
            lambda session: session.exec(
                select(History.lead_id, History.id, History.kind, History.data).order_by(col(History.id))
            ).all()
        )
        answered: set[str] = set()
        for lead, _, kind, data in rows:
            if kind == "follow_up_met":
                answered.add(lead)
            elif kind == "step_taken" and data["step"] == "due":
                won["clock"] += 1
                if lead in answered:
                    late.append(lead)
        waiting = store.read(lambda session: session.exec(select(FollowUp.id).where(FollowUp.status == "open")).all())
    return Proof(
        name="R6",
        promise="no escalation after the answer",
        figures=(
            f"{count:,} races of a contact against the due instant, within 5 ms: {won['clock']:,} times the clock was "
            f"first, {len(late)} escalations decided after the contact was recorded"
        ),
        broken=unless(
            none_late=(not late, late[:3]),
            every_clock_was_answered=(len(answered) == count and not waiting, (len(answered), len(waiting))),
            some_races_were_close=(quick_or(count, won["clock"]), won["clock"]),
        ),
    )


def quick_or(count: int, clock_first: int) -> bool:
    """A race nobody ever loses is no race."""
    return count < 1_000 or 0 < clock_first < count


async def _look_on(worker: Worker) -> None:
    while True:
        await worker._fire_due()


async def _contact(store: Store, lead: str, due: datetime, off: float) -> None:
    await asyncio.sleep(max(0.0, (due - wall_clock()).total_seconds() + off))
    evidence = Evidence(kind="call", detail="connected")
    await store.run(lambda tx: record_contact(tx, tx.get(Lead, lead), Grade.TWO_WAY, evidence, by="U1"))


# -- R14 -------------------------------------------------------------------------------------------

JUMPS = (timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1), timedelta(minutes=1))


def clock_jumps(quick: bool) -> Proof:
    return asyncio.run(_jumps(3 if quick else 40))


async def _jumps(rounds: int) -> Proof:
    """The wall clock is thrown about, also to 1970 and back; a step never comes before its instant, nor twice."""
    dice, clock, early, dead = random.Random(14), Clock(), 0, 0
    with folder() as place, sqlite_firm(place, clock) as store:
        worker = Worker(store, Delivery(store, {}))
        for _ in range(rounds):
            has_clocks(store, 5, clock.now)
            for jump in (*dice.sample(JUMPS, len(JUMPS)), None):
                home = clock.now
                clock.now = datetime(1970, 1, 2, tzinfo=UTC) if jump is None else clock.now + jump
                before = len(steps_told(store))
                await worker.tick()
                told = store.read(lambda session: session.exec(select(Timer).where(Timer.status == "done")).all())
                early += sum(timer.settled_at < timer.due_at for timer in told if timer.settled_at)
                dead += jump is None and len(steps_told(store)) != before
                clock.now = home if jump is None else clock.now
        clock.now = max(clock.now, MONDAY_TEN) + timedelta(days=9)
        await worker.tick()
        told_steps = steps_told(store)
        left = store.read(
            lambda session: session.exec(
                select(Timer.subject_id).where(
                    Timer.status == "waiting", Timer.kind == STEP_TIMER, col(Timer.due_at) <= clock.now
                )
            ).all()
        )
    return Proof(
        name="R14",
        promise="a clock that jumps wakes nobody early, nor twice",
        figures=(
            f"{rounds * 6} jumps of an hour, a day, to 1970 and back, {rounds * 5} running clocks: {early} steps before "
            f"their instant, {len(told_steps) - len(set(told_steps))} twice, {len(left)} forgotten afterwards"
        ),
        broken=unless(
            none_early=(early == 0, early),
            none_fired_in_1970=(dead == 0, dead),
            none_twice=(len(told_steps) == len(set(told_steps)), len(told_steps)),
            none_forgotten=(not left, len(left)),
        ),
    )


# -- R24 -------------------------------------------------------------------------------------------


class Picky:
    """A receiver that stumbles over every tenth message, every time."""

    def __init__(self) -> None:
        self.got: Counter[str] = Counter()
        self.given_up: list[str] = []

    async def send(self, errand: outbox.Errand) -> dict[str, Any]:
        self.got[errand.key] += 1
        if errand.payload["poison"]:
            raise ValueError("cannot be drawn")
        return {"ts": "1"}

    def settled(self, tx: Transaction, errand: outbox.Errand, receipt: dict[str, Any]) -> None:
        """The receipt is all there is."""

    def gave_up(self, tx: Transaction, errand: outbox.Errand, problem: str) -> None:
        self.given_up.append(errand.key)

    async def came_twice(self, errand: outbox.Errand, receipt: dict[str, Any]) -> None:
        raise AssertionError(errand.key)

    async def may_have_come_twice(self, errand: outbox.Errand, receipt: dict[str, Any]) -> None:
        raise AssertionError(errand.key)


def poison_stops_nobody(quick: bool) -> Proof:
    return asyncio.run(_poison(100 if quick else 1_000))


async def _poison(count: int) -> Proof:
    """Every tenth message breaks its sender, every tenth timer breaks the worker."""
    clock, receiver = Clock(), Picky()

    def queue(tx: Transaction) -> None:
        for number in range(count):
            payload = {"poison": number % 10 == 0}
            outbox.queue(tx, key=f"m{number}", kind=NOTE, lead_id=f"lead{number}", payload=payload)
            if number % 10 == 0:
                tx.add(
                    Timer(
                        subject_id=f"t{number}",
                        step="s",
                        kind="unknown",
                        status="waiting",
                        due_at=tx.now,
                    )
                )

    with folder() as place, sqlite_firm(place, clock) as store:
        worker = Worker(store, Delivery(store, {NOTE: receiver}))
        await store.run(queue)
        leads = has_clocks(store, count // 10, clock.now - OVERDUE_BY)
        for _ in range(TRIES + 3):
            await worker.tick()
            clock.now += PAUSE_AFTER_FAILURE
        rows = store.read(
            lambda session: session.exec(
                select(Outbound).where(Outbound.kind == NOTE, col(Outbound.key).startswith("m"))
            ).all()
        )
        parked = store.read(
            lambda session: session.exec(select(Timer.subject_id).where(Timer.status == "broken")).all()
        )
        told = len(set(steps_told(store)))
    sent = [row for row in rows if row.status == "sent"]
    failed = [row for row in rows if row.status == "failed"]
    return Proof(
        name="R24",
        promise="poison stops nobody",
        figures=(
            f"{count:,} messages of which {count // 10} break their sender, {count // 10} timers nobody understands: "
            f"{len(sent):,} sent, {len(failed)} laid aside with their reason after {max(receiver.got.values())} tries, "
            f"{len(parked)} timers parked, {told} of {len(leads)} true clocks told"
        ),
        broken=unless(
            the_others_arrived=(len(sent) == count - count // 10, len(sent)),
            the_poison_is_visible=(len(failed) == count // 10 and all(row.problem for row in failed), len(failed)),
            no_endless_tries=(max(receiver.got.values()) <= 5, max(receiver.got.values())),
            timers_are_parked=(len(parked) == count // 10, len(parked)),
            true_clocks_are_told=(told >= len(leads), told),
        ),
    )
