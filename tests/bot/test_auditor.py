"""The auditor finds what was lost or tampered with, mends what is safe, and is quiet when all is well (R19)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.delivery import Delivery
from bot.health import AUDITOR, examine
from bot.upkeep.auditor import Auditor
from bot.worker import Worker
from qualification import deeds, leads, ownership
from qualification.audit import Flaw
from qualification.calls import Call, Outcome, log_call
from qualification.notices import ALARM, NOTE, RING
from qualification.outbox import CARD
from qualification.records import Heartbeat, Irregularity, Lead, Timer
from qualification.silence import QUIET_TIMER
from qualification.stages import Stage
from qualification.store import Store, Transaction
from qualification.their_time import NEAR_TIMER, TIMEFRAME_TIMER, WAKE_UP_TIMER
from tests.bot.test_delivery import Receiver
from tests.business import BUDGET, NEED, NEXT_YEAR, NO_NEED, SATO, SOON, Business
from tests.clock import jst
from tests.qualification.databases import on_both_databases


@pytest.fixture
def worker(store: Store) -> Worker:
    return Worker(store, Delivery(store, dict.fromkeys((CARD, NOTE, RING, ALARM), Receiver())))


@pytest.fixture
def auditor(store: Store) -> Auditor:
    return Auditor(store, at_once=2)


def do(store: Store, statement: str, **values: object) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(statement), values)


def flaws(firm: Business) -> list[tuple[str, str]]:
    return [(row.flaw, row.step) for row in firm.all(Irregularity)]


@on_both_databases
async def test_clocks_that_are_as_they_should_be_raise_no_alarm(
    firm: Business, worker: Worker, auditor: Auditor
) -> None:
    """Through a whole life: opened, reminded, escalated, called, closed, and caught up after an outage."""
    for outcome in (None, Outcome.NO_ANSWER, Outcome.CONNECTED):
        lead = firm.qualified_lead()
        firm.clock.advance(minutes=91)
        await worker.tick()
        if outcome:
            firm.calls(lead, outcome)
        firm.clock.advance(hours=5)
        await worker.tick()
        await auditor.whole_pass()
    firm.clock.advance(days=3)
    await worker.tick()
    await auditor.whole_pass()

    assert flaws(firm) == []


@on_both_databases
async def test_a_timer_that_was_deleted_is_planted_again_and_rings_in_time(
    firm: Business, worker: Worker, auditor: Auditor
) -> None:
    for _ in range(5):
        lead = firm.qualified_lead()
    clock = firm.clock_of(lead)
    assert clock is not None
    do(firm.store, "DELETE FROM timer WHERE step = 'due' AND subject_id = :clock", clock=clock.id)
    await auditor.whole_pass()
    assert flaws(firm) == [(Flaw.TIMER_MISSING, "due")]

    firm.clock.advance(hours=3)
    await worker.tick()
    assert lead in {row.lead_id for row in firm.said(ALARM)}


@pytest.mark.parametrize(
    ("sabotage", "flaw"),
    [
        ("UPDATE timer SET status = 'dropped' WHERE step = 'due'", Flaw.TIMER_DROPPED),
        ("UPDATE timer SET status = 'broken' WHERE step = 'due'", Flaw.TIMER_BROKEN),
        ("UPDATE timer SET status = 'done' WHERE step = 'due'", Flaw.STEP_NOT_TOLD),
    ],
)
async def test_a_step_that_was_silenced_by_hand_is_told_all_the_same(
    firm: Business, worker: Worker, auditor: Auditor, sabotage: str, flaw: Flaw
) -> None:
    firm.qualified_lead()
    do(firm.store, sabotage)
    await auditor.whole_pass()
    firm.clock.advance(hours=3)
    await worker.tick()

    assert flaws(firm) == [(flaw, "due")]
    assert len(firm.said(ALARM)) == 1


@pytest.mark.parametrize(
    ("sabotage", "flaw"),
    [
        ("UPDATE outbox SET status = 'sending', lease_until = NULL", Flaw.LEASE_STUCK),
        ("UPDATE outbox SET status = 'sent', receipt = NULL", Flaw.NO_RECEIPT),
    ],
)
async def test_a_message_held_for_ever_or_sent_without_receipt_is_looked_for_and_sent(
    firm: Business, auditor: Auditor, sabotage: str, flaw: Flaw
) -> None:
    firm.qualified_lead()
    do(firm.store, f"{sabotage} WHERE kind = 'card'")
    await auditor.whole_pass()

    (card,) = firm.said(CARD)
    assert flaws(firm) == [(flaw, "")]
    assert (card.status, card.attempts) == ("waiting", 1), "it counts as tried, so it is looked for first"


async def test_what_only_a_person_can_clear_up_is_reported_until_it_is_gone(firm: Business, auditor: Auditor) -> None:
    firm.qualified_lead()
    do(firm.store, "UPDATE follow_up SET status = 'met' WHERE rule = 'first_contact'")
    await auditor.whole_pass()
    assert flaws(firm) == [(Flaw.ENDED_WITHOUT_TRACE, "")]
    assert firm.store.read(lambda session: examine(session, now=firm.clock.now)).irregular == 1

    do(firm.store, "UPDATE follow_up SET status = 'open' WHERE rule = 'first_contact'")
    await auditor.whole_pass()
    assert firm.store.read(lambda session: examine(session, now=firm.clock.now)).irregular == 0


async def test_a_worker_that_does_not_take_its_steps_is_reported(firm: Business, auditor: Auditor) -> None:
    firm.qualified_lead()
    firm.clock.advance(minutes=95)
    await auditor.whole_pass()

    assert (Flaw.STEP_OVERDUE, "half_time") in flaws(firm)


async def test_a_repair_that_does_not_last_is_left_to_a_person(firm: Business, auditor: Auditor) -> None:
    firm.qualified_lead()
    for _ in range(3):
        do(firm.store, "UPDATE timer SET status = 'broken' WHERE step = 'due'")
        await auditor.whole_pass()

    assert firm.timers(firm.all(Irregularity)[0].lead_id or "")["due"] == "broken"


# -- what waits for a lead beside its clocks -----------------------------------------------------------


def in_nurture(firm: Business) -> str:
    lead = firm.qualified_lead(NEED, SATO, NEXT_YEAR)
    firm.does(ownership.hand_back, lead, reason="来期", to_nurture=True, by="yuki")
    return lead


def accepted(firm: Business) -> str:
    lead = firm.qualified_lead(NEED, SATO, SOON, BUDGET)
    firm.does(ownership.accept, lead, by="yuki")
    return lead


def accepted_far_ahead(firm: Business) -> str:
    """Its time is too far for an SQL, and comes near enough next year."""
    lead = firm.qualified_lead(NEED, SATO, NEXT_YEAR, BUDGET)
    firm.does(ownership.accept, lead, by="yuki")
    return lead


def tried(firm: Business) -> str:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    return lead


WATCHED = pytest.mark.parametrize(
    ("with_timer", "kind"),
    [
        (in_nurture, WAKE_UP_TIMER),
        (accepted, TIMEFRAME_TIMER),
        (accepted_far_ahead, NEAR_TIMER),
        (tried, QUIET_TIMER),
    ],
    ids=["the way back", "the stated time", "the stated time that comes near", "silence"],
)


@WATCHED
@on_both_databases
async def test_a_timer_of_a_lead_that_was_deleted_is_noticed_and_waits_again_for_its_instant(
    firm: Business, auditor: Auditor, with_timer: Callable[[Business], str], kind: str
) -> None:
    for _ in range(4):
        lead = with_timer(firm)
    await auditor.whole_pass()
    assert flaws(firm) == []
    before = firm.row(Timer, (lead, kind)).due_at
    do(firm.store, "DELETE FROM timer WHERE subject_id = :lead AND kind = :kind", lead=lead, kind=kind)
    firm.clock.advance(minutes=10)
    await auditor.whole_pass()

    (found,) = firm.all(Irregularity)
    assert (found.flaw, found.step, found.lead_id) == (Flaw.TIMER_MISSING, kind, lead)
    assert found.repaired_at is not None
    again = firm.row(Timer, (lead, kind))
    assert (again.status, again.due_at) == ("waiting", before)

    await auditor.whole_pass()
    assert firm.store.read(lambda session: examine(session, now=firm.clock.now)).irregular == 0


@pytest.mark.parametrize(
    ("status", "flaw"),
    [("dropped", Flaw.TIMER_DROPPED), ("broken", Flaw.TIMER_BROKEN), ("done", Flaw.STEP_TOO_EARLY)],
)
@WATCHED
async def test_a_timer_of_a_lead_that_was_silenced_by_hand_waits_again(
    firm: Business, auditor: Auditor, with_timer: Callable[[Business], str], kind: str, status: str, flaw: Flaw
) -> None:
    lead = with_timer(firm)
    do(firm.store, "UPDATE timer SET status = :status WHERE kind = :kind", status=status, kind=kind)
    await auditor.whole_pass()

    assert flaws(firm) == [(flaw, kind)]
    assert firm.row(Timer, (lead, kind)).status == "waiting"


async def test_a_lost_wake_up_comes_in_time_after_all(firm: Business, worker: Worker, auditor: Auditor) -> None:
    lead = in_nurture(firm)
    do(firm.store, "DELETE FROM timer WHERE kind = :kind", kind=WAKE_UP_TIMER)
    await auditor.whole_pass()
    firm.clock.now = jst("2027-03-02 09:01")
    await worker.tick()

    assert Stage.MQL in firm.moves(lead)
    await auditor.whole_pass()
    assert len(flaws(firm)) == 1, "and all is well since"


async def test_silence_that_was_over_when_its_watch_was_found_lost_is_silence_at_once(
    firm: Business, worker: Worker, auditor: Auditor
) -> None:
    lead = tried(firm)
    do(firm.store, "DELETE FROM timer WHERE kind = :kind", kind=QUIET_TIMER)
    firm.clock.advance(days=30)
    await auditor.whole_pass()
    await worker.tick()

    assert firm.lead(lead).stage == "NURTURE"


async def test_timers_that_have_done_their_work_or_are_not_due_to_anybody_raise_no_alarm(
    firm: Business, worker: Worker, auditor: Auditor
) -> None:
    """Woken, silent, past their time; put aside without a time; needing nothing; left alone; a try taken back."""
    for lead in (in_nurture(firm), accepted(firm), tried(firm)):
        assert lead
    firm.does(leads.put_aside, firm.qualified_lead(), Stage.NURTURE, rule="silence", by="clock")
    firm.talks_in_chat(in_nurture(firm), NO_NEED)
    firm.does(leads.opt_out, in_nurture(firm), words="", by="prospect")
    undone = firm.qualified_lead()
    firm.does(missed_and_taken_back, undone)
    for days in (1, 20, 200, 300):
        firm.clock.advance(days=days)
        await worker.tick()
        await auditor.whole_pass()

    assert flaws(firm) == []


def missed_and_taken_back(tx: Transaction, lead: Lead) -> None:
    missed = Call(outcome=Outcome.NO_ANSWER)
    deed = deeds.do(tx, lead, deeds.Kind.CALL, lambda: log_call(tx, lead, missed, by="yuki"), by="yuki")
    assert deed is not None
    deeds.undo(tx, deed, by="yuki")


async def test_the_silence_of_the_auditor_is_noticed(firm: Business, worker: Worker, auditor: Auditor) -> None:
    await worker.tick()
    await auditor.round()
    health = firm.store.read(lambda session: examine(session, now=firm.clock.now))
    assert health.problems == ()
    assert firm.row(Heartbeat, AUDITOR).detail == {"clocks": 0, "found": 0, "repaired": 0}

    firm.clock.advance(minutes=2)
    await worker.tick()
    health = firm.store.read(lambda session: examine(session, now=firm.clock.now))
    assert health.problems == ("auditor is silent",)


async def test_an_escalation_whose_clock_was_met_while_it_waited_never_leaves(
    firm: Business, store: Store, worker: Worker
) -> None:
    """R6: decided in time, then the channel was full, then the rep called."""
    lead = firm.qualified_lead()
    await worker.tick()
    firm.clock.advance(hours=3)
    await worker._fire_due()
    firm.calls(lead, Outcome.CONNECTED)
    firm.clock.now += timedelta(seconds=1)
    await worker.tick()

    assert {row.status for row in firm.said(ALARM)} == {"withdrawn"}
