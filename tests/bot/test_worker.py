"""The worker: fires what is due, lives on whatever happens, shows that it is alive."""

import asyncio
import contextlib
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.delivery import Delivery
from bot.health import ALIVE_WITHIN, is_alive
from bot.worker import LONGEST_REST, PAUSE_AFTER_FAILURE, SHORTEST_SLEEP, TRIES, Worker, rest_after, until_rung
from qualification.calls import Outcome
from qualification.database import WRITER
from qualification.notices import ALARM, BURST, MAIL, NOTE, RING
from qualification.outbox import CARD
from qualification.records import FollowUp, Heartbeat, Lead, Timer
from qualification.store import Store, Transaction
from tests.bot.test_delivery import Receiver
from tests.business import Business
from tests.clock import Clock
from tests.patience import PATIENCE
from tests.qualification.databases import on_both_databases, plan_of


@pytest.fixture
def slack() -> Receiver:
    return Receiver()


@pytest.fixture
def worker(store: Store, slack: Receiver) -> Worker:
    return Worker(store, Delivery(store, dict.fromkeys((CARD, NOTE, RING, ALARM), slack)))


def add_timer(store: Store, kind: str, name: str = "t", minutes: int = 0) -> None:
    def work(tx: Transaction) -> None:
        due_at = tx.now + timedelta(minutes=minutes)
        tx.add(Timer(subject_id=name, step="s", kind=kind, status="waiting", due_at=due_at))

    store.run_here(work)


def timer(store: Store, name: str = "t") -> str:
    return store.run_here(lambda tx: tx.get(Timer, (name, "s")).status)


async def test_the_manager_hears_when_three_hours_pass_without_a_call(
    firm: Business, worker: Worker, slack: Receiver
) -> None:
    firm.qualified_lead()
    await worker.tick()
    firm.clock.advance(hours=3)
    await worker.tick()

    assert sorted(key.split(":")[0] for key in slack.got) == ["card", "card", "note", "step", "step"]
    assert [row.payload["facts"]["step"] for row in firm.said(ALARM)] == ["due"]


async def test_nobody_hears_anything_after_a_call(firm: Business, worker: Worker) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.CONNECTED)
    firm.clock.advance(hours=5)
    await worker.tick()

    assert firm.said(ALARM, RING) == []


async def test_a_commit_wakes_the_running_worker(firm: Business, worker: Worker, slack: Receiver) -> None:
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    await asyncio.to_thread(firm.qualified_lead)
    async with asyncio.timeout(PATIENCE):
        while len(slack.settled_keys) < 2:
            await asyncio.sleep(0.01)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running

    assert firm.store.on_commit == [], "it takes its bell with it"


async def test_a_commit_with_nothing_to_do_for_the_worker_lets_it_rest(firm: Business, slack: Receiver) -> None:
    """Slack is off, and the clock of the lead has hours to go."""
    worker = Worker(firm.store, Delivery(firm.store, {MAIL: slack}))
    firm.store.on_commit.append(worker._waker(asyncio.get_running_loop()))
    firm.qualified_lead()
    await _after_the_commit(firm.store)
    assert not worker._timer_set.is_set()
    assert not worker._woken.is_set()

    add_timer(firm.store, "a step", minutes=0)
    await _after_the_commit(firm.store)
    assert worker._timer_set.is_set()


async def _after_the_commit(store: Store) -> None:
    store.run_here(lambda tx: None)  # the writer has told of the commit before by then
    await asyncio.sleep(0)


async def test_a_timer_that_always_breaks_is_parked_and_holds_nobody_up(
    firm: Business, worker: Worker, clock: Clock
) -> None:
    add_timer(firm.store, "a kind from the future")
    lead = firm.qualified_lead()
    clock.advance(minutes=90)
    await worker.tick()
    assert [row.data["step"] for row in firm.history(lead, "step_taken")] == ["half_time"]

    for _ in range(TRIES - 1):
        assert timer(firm.store) == "waiting"
        clock.now += PAUSE_AFTER_FAILURE
        await worker.tick()

    assert timer(firm.store) == "broken"


async def test_a_timer_that_broke_is_left_alone_for_a_while(firm: Business, worker: Worker) -> None:
    add_timer(firm.store, "a kind from the future")
    for _ in range(TRIES * 2):
        await worker.tick()

    assert timer(firm.store) == "waiting"


async def test_the_worker_outlives_a_broken_round(store: Store, worker: Worker, clock: Clock) -> None:
    """The outbox table is away for a moment: the clock goes on as soon as it is back."""
    stumbled = threading.Event()
    event.listen(store.engine, "handle_error", lambda context: stumbled.set())
    _run(store, "ALTER TABLE outbox RENAME TO gone")
    running = asyncio.create_task(worker.run())
    assert await asyncio.to_thread(stumbled.wait, PATIENCE)
    _run(store, "ALTER TABLE gone RENAME TO outbox")
    async with asyncio.timeout(PATIENCE):
        while not store.read(lambda session: is_alive(session, now=clock.now)):
            await asyncio.sleep(0.02)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


def _run(store: Store, statement: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(statement))


async def test_silence_of_the_worker_is_noticed(store: Store, worker: Worker, clock: Clock) -> None:
    assert not store.read(lambda session: is_alive(session, now=clock.now))
    await worker.tick()
    assert store.read(lambda session: is_alive(session, now=clock.now))
    clock.now += ALIVE_WITHIN + timedelta(seconds=1)
    assert not store.read(lambda session: is_alive(session, now=clock.now))


async def test_a_clock_that_jumps_back_does_not_silence_the_heart(store: Store, worker: Worker, clock: Clock) -> None:
    await worker.tick()
    clock.advance(days=-1)
    await worker.tick()

    assert store.run_here(lambda tx: tx.get(Heartbeat, "worker").at) == clock.now


def test_the_sweep_reads_only_what_is_due(store: Store, worker: Worker) -> None:
    plan = plan_of(store, worker._due)
    assert any("USING INDEX ix_timer_waiting" in line for line in plan), plan


@on_both_databases
async def test_what_falls_together_takes_no_more_statements_than_one(firm: Business, worker: Worker) -> None:
    async def statements_for(leads: int) -> int:
        seen: list[str] = []

        def note(*told: Any) -> None:
            if threading.current_thread().name == WRITER:
                seen.append(told[2])

        waiting = [firm.qualified_lead() for _ in range(leads)]
        firm.clock.advance(hours=3)
        event.listen(firm.store.engine, "before_cursor_execute", note)
        await worker._fire_due()
        event.remove(firm.store.engine, "before_cursor_execute", note)
        for lead in waiting:
            firm.calls(lead, Outcome.CONNECTED)
        return len(seen)

    alone = await statements_for(1)

    assert await statements_for(5) == alone
    assert len(firm.said(ALARM)) == 6


async def test_a_clock_nobody_understands_does_not_stop_the_others(firm: Business, worker: Worker) -> None:
    leads = [firm.qualified_lead() for _ in range(3)]
    firm.does(_has_an_unknown_rule, leads[1])
    firm.clock.advance(hours=3)
    await worker._fire_due()

    assert [len(firm.history(lead, "step_taken")) for lead in leads] == [1, 0, 1]


def _has_an_unknown_rule(tx: Transaction, lead: Lead) -> None:
    for clock in tx.find(FollowUp, "lead_id", lead.id):
        clock.began_with = "in the future"


async def test_what_nobody_can_send_is_left_as_it_is_until_somebody_can(firm: Business, slack: Receiver) -> None:
    """Slack is off: no digest is made of what waits, and nothing is looked for."""
    for _ in range(12):
        firm.qualified_lead()
    firm.clock.advance(hours=3)
    await Worker(firm.store, Delivery(firm.store, {MAIL: slack})).tick()
    assert [row.status for row in firm.said(ALARM)] == ["waiting"] * 12

    await Worker(firm.store, Delivery(firm.store, dict.fromkeys((CARD, NOTE, RING, ALARM, BURST), slack))).tick()
    assert {row.status for row in firm.said(ALARM)} == {"folded"}


def test_a_look_that_took_long_is_not_repeated_soon() -> None:
    assert rest_after(0.001) == SHORTEST_SLEEP
    assert rest_after(0.03) == pytest.approx(0.12)
    assert rest_after(8) == LONGEST_REST


@pytest.mark.parametrize("turns", range(4))
async def test_a_worker_that_is_woken_as_it_is_stopped_stops(turns: int) -> None:
    bell = asyncio.Event()
    resting = asyncio.create_task(until_rung(1, SHORTEST_SLEEP, bell))
    await asyncio.sleep(SHORTEST_SLEEP * 2)
    bell.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    asked = resting.cancel()
    await asyncio.gather(resting, return_exceptions=True)

    assert resting.cancelled() == asked
