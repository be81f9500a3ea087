"""The outbox: queued with its cause, claimed under a lease, settled once, never forgotten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from qualification import outbox
from qualification.outbox import CARD, GIVE_UP_AFTER, LEASE, Errand, Message, card_key
from qualification.records import Outbound
from qualification.store import Store, Transaction
from tests.business import Business
from tests.clock import Clock
from tests.qualification.databases import on_both_databases

pytestmark = on_both_databases
RECEIPT = {"ts": "1.0"}


def queue(store: Store, key: str | None = "greeting", kind: str = "note") -> None:
    store.run_here(lambda tx: outbox.queue(tx, key=key, kind=kind, lead_id="lead", payload={"say": key}))


def refresh(store: Store) -> None:
    store.run_here(lambda tx: outbox.refresh(tx, "lead"))


def row_of(store: Store, key: str = "greeting") -> Outbound:
    row = store.run_here(lambda tx: tx.first(Outbound, "key", key))
    assert row is not None
    return row


def claim(store: Store, key: str = "greeting") -> Errand | None:
    row_id = row_of(store, key).id
    return store.run_here(lambda tx: outbox.claim(tx, row_id))


def claimed(store: Store, key: str = "greeting") -> Errand:
    errand = claim(store, key)
    assert errand is not None
    return errand


def settle(store: Store, errand: Errand) -> bool:
    return store.run_here(lambda tx: outbox.settle(tx, errand, RECEIPT))


def put_off(store: Store, errand: Errand, **more: Any) -> bool:
    return store.run_here(lambda tx: outbox.put_off(tx, errand, problem="away", wait=timedelta(seconds=10), **more))


def give_up(store: Store, errand: Errand) -> bool:
    return store.run_here(lambda tx: outbox.give_up(tx, errand, problem="no such channel"))


def test_the_same_key_is_queued_once(store: Store) -> None:
    queue(store)
    queue(store)
    assert len(store.run_here(lambda tx: tx.find(Outbound, "lead_id", "lead"))) == 1


def test_a_message_without_a_key_is_a_message_of_its_own(store: Store) -> None:
    queue(store, None)
    queue(store, None)
    rows = store.run_here(lambda tx: tx.find(Outbound, "lead_id", "lead"))
    assert len({row.key for row in rows}) == 2


def test_messages_come_in_the_order_they_were_queued_even_while_the_clock_stands_still(firm: Business) -> None:
    for number in range(20):
        queue(firm.store, f"line {number:02}")
    assert [row.key for row in firm.said()] == [f"line {number:02}" for number in range(20)]


def test_one_of_two_claims_wins(store: Store) -> None:
    queue(store)
    assert claim(store) is not None
    assert claim(store) is None


def test_a_claim_nobody_settles_is_free_again_after_its_lease(store: Store, clock: Clock) -> None:
    queue(store)
    first = claimed(store)
    clock.now += LEASE - timedelta(seconds=1)
    assert claim(store) is None
    clock.advance(seconds=1)
    second = claimed(store)

    assert (first.may_have_been_sent, second.may_have_been_sent) == (False, True)


def test_what_arrived_is_settled_once_with_its_receipt(store: Store) -> None:
    queue(store)
    errand = claimed(store)

    assert settle(store, errand)
    assert not settle(store, errand)
    assert (row_of(store).status, row_of(store).receipt) == ("sent", RECEIPT)
    assert claim(store) is None


def test_what_was_put_off_waits_its_time(store: Store, clock: Clock) -> None:
    queue(store)
    assert put_off(store, claimed(store))
    clock.advance(seconds=9)
    assert claim(store) is None
    clock.advance(seconds=1)
    assert claimed(store).attempt == 2


def test_a_wait_that_is_nobodys_failure_does_not_count(store: Store, clock: Clock) -> None:
    queue(store)
    for _ in range(GIVE_UP_AFTER + 5):
        assert put_off(store, claimed(store), counts=False)
        clock.advance(seconds=10)
    assert not claimed(store).may_have_been_sent


def test_an_unknown_outcome_is_remembered_through_later_waits(store: Store, clock: Clock) -> None:
    """Attempt 1 may have arrived; a paced attempt 2 does not make us forget that."""
    queue(store)
    claimed(store)
    clock.now += LEASE
    put_off(store, claimed(store), counts=False)
    clock.advance(seconds=10)

    assert claimed(store).may_have_been_sent


def test_after_very_many_failures_we_give_up_and_keep_the_problem(store: Store, clock: Clock) -> None:
    queue(store)
    answers = []
    for _ in range(GIVE_UP_AFTER):
        answers.append(put_off(store, claimed(store)))
        clock.advance(seconds=10)

    assert answers == [True] * (GIVE_UP_AFTER - 1) + [False]
    assert (row_of(store).status, row_of(store).problem) == ("failed", "away")


def test_what_can_never_arrive_stays_visible_with_its_problem(store: Store) -> None:
    queue(store)
    assert give_up(store, claimed(store))
    assert (row_of(store).status, row_of(store).problem) == ("failed", "no such channel")
    assert claim(store) is None


# -- a worker that stood still ----------------------------------------------------------------


@pytest.mark.parametrize("late", [put_off, give_up], ids=["put_off", "give_up"])
def test_a_worker_that_lost_its_lease_cannot_take_the_errand_from_the_next(
    store: Store, clock: Clock, late: Any
) -> None:
    queue(store)
    frozen = claimed(store)
    clock.now += LEASE
    busy = claimed(store)

    late(store, frozen)

    assert row_of(store).status == "sending"
    assert settle(store, busy)


def test_a_late_receipt_is_still_a_receipt(store: Store, clock: Clock) -> None:
    queue(store)
    frozen = claimed(store)
    clock.now += LEASE
    put_off(store, claimed(store))

    assert settle(store, frozen)
    assert row_of(store).status == "sent"


# -- the card ---------------------------------------------------------------------------------

KEY = card_key("lead")


def test_many_wishes_to_draw_a_card_are_one_drawing(firm: Business) -> None:
    for _ in range(10):
        refresh(firm.store)
    assert [(row.kind, row.revision) for row in firm.said()] == [(CARD, 10)]


def test_a_card_whose_lead_changed_on_the_way_is_drawn_again(store: Store) -> None:
    refresh(store)
    errand = claimed(store, KEY)
    refresh(store)
    assert settle(store, errand)
    assert row_of(store, KEY).status == "waiting"

    assert settle(store, claimed(store, KEY))
    assert row_of(store, KEY).status == "sent"


def test_a_change_does_not_send_a_card_before_its_time(store: Store, clock: Clock) -> None:
    """Slack said when to come back: a new wish is no reason to come earlier (R9)."""
    refresh(store)
    put_off(store, claimed(store, KEY))
    refresh(store)
    assert claim(store, KEY) is None
    clock.advance(seconds=10)
    assert claimed(store, KEY).revision == 2


def test_a_card_that_may_hang_already_is_looked_for_whatever_changed_since(store: Store, clock: Clock) -> None:
    refresh(store)
    claimed(store, KEY)
    clock.now += LEASE
    put_off(store, claimed(store, KEY))
    refresh(store)
    clock.advance(seconds=10)
    assert claimed(store, KEY).may_have_been_sent


def test_a_card_that_failed_has_another_chance_with_the_next_change(store: Store) -> None:
    refresh(store)
    give_up(store, claimed(store, KEY))
    refresh(store)
    assert claimed(store, KEY).may_have_been_sent


def test_a_change_during_a_hopeless_drawing_is_not_lost(store: Store) -> None:
    refresh(store)
    errand = claimed(store, KEY)
    refresh(store)
    assert not give_up(store, errand)
    assert row_of(store, KEY).status == "waiting"


def _never_drawn(store: Store, key: str) -> None:
    """It waits for its first drawing."""


def _on_its_way(store: Store, key: str) -> None:
    claimed(store, key)


def _hangs(store: Store, key: str) -> None:
    settle(store, claimed(store, key))


def _failed(store: Store, key: str) -> None:
    give_up(store, claimed(store, key))


def _put_off(store: Store, key: str) -> None:
    put_off(store, claimed(store, key))


def test_cards_drawn_again_together_are_what_each_would_be_alone(store: Store, clock: Clock) -> None:
    come_to_this = (_never_drawn, _on_its_way, _hangs, _failed, _put_off)
    alone, together = ([f"{side}{number}" for number in range(len(come_to_this))] for side in ("alone", "together"))
    for leads in (alone, together):
        for lead_id, come_to in zip(leads, come_to_this, strict=True):
            store.run_here(lambda tx, lead_id=lead_id: outbox.refresh(tx, lead_id))  # type: ignore[misc]  # no default
            come_to(store, card_key(lead_id))
    clock.advance(seconds=3)
    rings = [Message(key=f"ring:{lead_id}", kind="ring", lead_id=lead_id, payload={}) for lead_id in (*together, "new")]

    for lead_id in (*alone, "new alone"):
        store.run_here(lambda tx, lead_id=lead_id: outbox.refresh(tx, lead_id))  # type: ignore[misc]  # no default
    store.run_here(lambda tx: outbox.say_many(tx, rings[:2]))
    store.run_here(lambda tx: outbox.say_many(tx, rings[2:]))

    def stands(lead_id: str) -> tuple[object, ...]:
        row = row_of(store, card_key(lead_id))
        return row.status, row.due_at, row.attempts, row.revision, row.problem

    assert [stands(lead_id) for lead_id in (*together, "new")] == [stands(lead_id) for lead_id in (*alone, "new alone")]
    assert {row_of(store, ring.key).status for ring in rings} == {"waiting"}


def test_what_is_said_together_is_said_once_for_its_key(firm: Business) -> None:
    ring = Message(key="ring", kind="ring", lead_id="lead", payload={"say": "first"})
    for message in (ring, replace(ring, payload={"say": "again"})):
        firm.store.run_here(lambda tx, message=message: outbox.say_many(tx, [message]))  # type: ignore[misc]  # no default
    assert [(row.kind, row.payload) for row in firm.said()] == [(CARD, {}), ("ring", {"say": "first"})]


# -- whatever happens -------------------------------------------------------------------------


def test_whatever_the_workers_do_nothing_is_lost_and_nothing_sent_blindly_twice(store: Store, clock: Clock) -> None:
    class Workers(RuleBasedStateMachine):
        """Two workers and a receiver that keeps what arrived; an answer may be lost, a worker may stand still."""

        @initialize()
        def a_message_is_queued(self) -> None:
            self.key = store.run_here(lambda tx: tx.new_id())
            self.arrived = 0
            self.held: list[Errand] = []
            store.run_here(lambda tx: outbox.queue(tx, key=self.key, kind="note", lead_id=None, payload={}))

        @rule()
        def a_worker_takes_it(self) -> None:
            errand = claim(store, self.key)
            if errand is not None:
                self.held.append(errand)

        @rule(answer=st.sampled_from(["arrived", "answer lost", "refused", "paced", "hopeless"]), latest=st.booleans())
        def a_worker_tries(self, answer: str, latest: bool) -> None:
            if not self.held:
                return
            errand = self.held.pop(-1 if latest else 0)
            if errand.claimed_at + LEASE <= clock.now:
                return  # it looks at its lease before it speaks (DR3)
            if errand.may_have_been_sent and self.arrived:
                settle(store, errand)
            elif answer in ("arrived", "answer lost"):
                self.arrived += 1
                if answer == "arrived":
                    settle(store, errand)
            elif answer == "hopeless":
                give_up(store, errand)
            else:
                put_off(store, errand, counts=answer == "refused")

        @rule(seconds=st.sampled_from([1, 10, 31]))
        def time_passes(self, seconds: int) -> None:
            clock.advance(seconds=seconds)

        @invariant()
        def it_arrived_at_most_once(self) -> None:
            assert self.arrived <= 1

        @invariant()
        def what_is_called_sent_has_arrived(self) -> None:
            if row_of(store, self.key).status == "sent":
                assert self.arrived == 1

        def teardown(self) -> None:
            """However it went, in the end it is sent, or visible as failed."""
            for _ in range(3):
                clock.advance(minutes=1)
                if errand := claim(store, self.key):
                    self.arrived += 0 if errand.may_have_been_sent and self.arrived else 1
                    settle(store, errand)
            assert row_of(store, self.key).status in ("sent", "failed")
            assert self.arrived <= 1

    run_state_machine_as_test(Workers, settings=settings(max_examples=15, stateful_step_count=12, deadline=None))


def test_the_errand_is_what_the_row_says(store: Store, clock: Clock) -> None:
    queue(store)

    def work(tx: Transaction) -> tuple[Errand | None, Outbound]:
        row = tx.first(Outbound, "key", "greeting")
        assert row is not None
        return outbox.claim(tx, row.id), row

    errand, row = store.run_here(work)
    assert errand is not None
    assert (errand.id, errand.payload, errand.claimed_at) == (row.id, {"say": "greeting"}, clock.now)
