"""A row is found by the value it has now, whatever earlier steps of the batch did to it."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from qualification.records import Activity, Heartbeat, History, Lead, Rep
from qualification.store import RecordNotFound, Store, Transaction
from tests.business import Business
from tests.clock import Clock
from tests.qualification.databases import on_both_databases
from tests.qualification.works import stumble_after, together

pytestmark = on_both_databases


def test_a_row_is_found_by_the_value_it_has_now(firm: Business) -> None:
    lead = firm.has_lead(owner_id="aoi")

    def work(tx: Transaction) -> tuple[int, int, int]:
        before = len(tx.find(Lead, "owner_id", "aoi"))
        tx.get(Lead, lead).owner_id = "beni"
        return before, len(tx.find(Lead, "owner_id", "aoi")), len(tx.find(Lead, "owner_id", "beni"))

    assert firm.store.run_here(work) == (1, 0, 1)


def test_a_row_an_earlier_step_changed_is_found_by_its_new_value(firm: Business) -> None:
    lead = firm.has_lead(owner_id="aoi")

    def count(tx: Transaction) -> tuple[int, int]:
        return len(tx.find(Lead, "owner_id", "aoi")), len(tx.find(Lead, "owner_id", "beni"))

    def hand_over(tx: Transaction) -> None:
        tx.get(Lead, lead).owner_id = "beni"

    assert together(firm.store, count, hand_over, count) == [(1, 0), None, (0, 1)]


def test_a_change_taken_back_is_found_where_it_was(firm: Business) -> None:
    lead = firm.has_lead(owner_id="aoi")

    def hand_over(tx: Transaction) -> int:
        tx.get(Lead, lead).owner_id = "beni"
        return len(tx.find(Lead, "owner_id", "beni"))

    answers = together(firm.store, stumble_after(hand_over), lambda tx: len(tx.find(Lead, "owner_id", "aoi")))

    assert answers[1] == 1


def test_new_rows_are_found_before_they_are_written_and_in_their_order(firm: Business) -> None:
    lead = firm.has_lead()

    def work(tx: Transaction) -> list[str]:
        for kind in ("first", "second"):
            tx.add(History(lead_id=lead, kind=kind, by="bot", data={}, at=tx.now))
        return [row.kind for row in tx.find(History, "lead_id", lead)]

    assert firm.store.run_here(work) == ["lead_captured", "first", "second"]


def test_a_row_the_database_numbers_can_be_changed_after_it_was_written(store: Store) -> None:
    def work(tx: Transaction) -> int | None:
        row = tx.add(Activity(lead_id="x", kind="seminar_attended", key="k", data={}, at=tx.now, received_at=tx.now))
        tx.select(select(col(Rep.id)))
        row.kind = "mail_clicked"
        assert tx.find(Activity, "lead_id", "x") == [row]
        return row.id

    number = store.run_here(work)

    assert store.run_here(lambda tx: tx.get(Activity, number).kind) == "mail_clicked"


def test_nothing_is_found_by_nothing(store: Store) -> None:
    assert store.run_here(lambda tx: tx.find(Lead, "owner_id", None)) == []
    with pytest.raises(RecordNotFound):
        store.run_here(lambda tx: tx.get(Lead, None))


def test_an_instant_comes_back_as_the_instant_it_was(store: Store, clock: Clock) -> None:
    store.run_here(lambda tx: tx.add(Heartbeat(name="worker", at=tx.now)) and None)

    assert store.run_here(lambda tx: tx.get(Heartbeat, "worker").at) == clock.now


def test_ids_keep_their_order_when_the_clock_stands_still_or_steps_back(store: Store, clock: Clock) -> None:
    made = [store.run_here(lambda tx: tx.ordered_id()) for _ in range(3)]
    clock.advance(hours=-1)
    made += store.run_here(lambda tx: [tx.ordered_id(), tx.ordered_id()])

    assert made == sorted(made)
