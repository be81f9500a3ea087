"""A prospect talks on after a rep has made one record of two: what they say counts for the one that was kept (D29)."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlmodel import SQLModel

from bot.person import erase_talk, talk_json
from bot.words import Words
from dialogs.again import open_again
from dialogs.records import Chat
from dialogs.turn import chat_of
from qualification.bant import Budget, Topic
from qualification.calls import Outcome
from qualification.clock_rules import FIRST_CONTACT
from qualification.duplicates import merge, undo_merge
from qualification.followup import cancel_follow_ups
from qualification.receipt import nobody_called, receipt_of
from qualification.records import FollowUp, History, Lead, Outbound
from qualification.store import Store
from tests.business import BUDGET, Business
from tests.clock import Clock
from tests.dialogs.chatting import Prospect
from tests.qualification.databases import on_both_databases

R = TypeVar("R", bound=SQLModel)
ADDRESS = "yamada@asahi.example"


@pytest.fixture
def first(store: Store) -> Prospect:
    """Told a rep everything some time ago."""
    prospect = Prospect(store, token="the first talk")
    prospect.opens_chat()
    prospect.says("転記が大変です。予算は800万円です")
    prospect.says(f"株式会社あさひ 山田花子 {ADDRESS}")
    return prospect


@pytest.fixture
def second(store: Store, first: Prospect, clock: Clock) -> Prospect:
    """Left the same address in a second talk, which a rep has made a part of the first."""
    clock.advance(minutes=10)
    prospect = Prospect(store, token="the second talk")
    prospect.opens_chat()
    prospect.says(f"在庫管理で困っています。連絡先は {ADDRESS} です")
    merged(store, first.lead.id, prospect.lead.id)
    return prospect


def merged(store: Store, kept: str, other: str) -> None:
    store.run_here(lambda tx: merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki"))


def rows(store: Store, table: type[R], column: str, value: str) -> list[R]:
    return store.run_here(lambda tx: tx.find(table, column, value))


def running(store: Store) -> list[FollowUp]:
    return [row for row in rows(store, FollowUp, "status", "open") if row.rule == FIRST_CONTACT]


def test_what_they_say_reaches_the_card_that_the_rep_looks_at(first: Prospect, second: Prospect) -> None:
    second.says("3か月以内に始めたいです")
    assert first.known.timeframe is not None
    assert second.known.timeframe is None  # nothing hangs on the record that is closed
    assert first.lead.company == "株式会社あさひ"


def test_the_bot_goes_on_where_it_was_and_asks_nothing_twice(second: Prospect) -> None:
    second.says("3か月以内に始めたいです")
    assert second.question not in (Topic.NEED, Topic.TIMEFRAME)


def test_a_talk_shows_only_what_was_said_in_it(store: Store, first: Prospect, second: Prospect) -> None:
    second.says("3か月以内に始めたいです")
    replies = [second.chooses("skip") for _ in range(4)]
    assert second.chat.state == "confirming"
    shown = str([message.facts for reply in replies for message in reply.messages])
    assert "timeframe" in shown
    assert "8000000" not in shown
    assert "あさひ" not in shown

    words = Words(zone=store.policy.working_hours.zone)
    exported = str(store.run_here(lambda tx: talk_json(tx, chat_of(tx, second.token), words)))
    assert "在庫管理" in exported
    assert "800万" not in exported


def test_what_a_rep_heard_on_the_phone_is_not_shown_in_the_talk(
    firm: Business, first: Prospect, second: Prospect, clock: Clock
) -> None:
    clock.advance(minutes=10)
    firm.calls(first.lead.id, Outcome.CONNECTED, BUDGET)
    assert first.known.budget == BUDGET
    second.says("3か月以内に始めたいです")
    second.says("私が決めます")
    assert second.bot_said[-1] == "budget_range"


def test_a_wish_for_a_person_starts_the_clock_of_the_kept_record(
    store: Store, first: Prospect, second: Prospect
) -> None:
    second.says("担当者と話したいです")
    assert first.lead.wants_person_at is not None
    assert [clock.lead_id for clock in running(store)] == [first.lead.id]
    mirrored = [row.lead_id for row in rows(store, Outbound, "kind", "mirror")]
    assert set(mirrored) == {first.lead.id}


def test_who_says_stop_is_called_by_nobody(store: Store, first: Prospect, second: Prospect) -> None:
    second.says("もう連絡しないでください")
    assert first.lead.do_not_contact
    assert running(store) == []


def test_who_deletes_the_talk_is_called_by_nobody_and_a_person_hears_of_the_wish(
    store: Store, first: Prospect, second: Prospect
) -> None:
    store.run_here(lambda tx: erase_talk(tx, second.token))
    assert first.lead.do_not_contact
    told = [row.data for row in rows(store, History, "lead_id", first.lead.id) if row.kind == "opted_out"]
    assert [one["deletion"] for one in told] == [True]
    assert first.known.about(Topic.BUDGET) is not None


def test_a_receipt_speaks_of_the_kept_duty_and_opens_its_own_talk_alone(
    store: Store, first: Prospect, second: Prospect
) -> None:
    second.says("担当者と話したいです")
    own = second.lead.id
    token = store.run_here(lambda tx: receipt_of(tx, tx.get(Lead, own)))
    store.run_here(lambda tx: nobody_called(tx, token))
    (clock,) = running(store)
    assert (clock.lead_id, clock.disputed_at is not None) == (first.lead.id, True)

    store.run_here(lambda tx: open_again(tx, token, again_hash="another device"))
    assert [chat.lead_id for chat in rows(store, Chat, "again_hash", "another device")] == [own]


def test_a_rep_takes_over_from_the_kept_card_and_answers_who_asked(
    store: Store, clock: Clock, first: Prospect, second: Prospect
) -> None:
    second.says("担当者と話したいです")
    first.rep_takes_over()
    assert second.chat.rep_id == "yuki"
    assert first.chat.rep_id is None
    second.says("よろしくお願いします")
    second.rep_writes("お電話番号を教えてください")
    clock.advance(seconds=30)
    second.window_passes()
    assert second.chat.held == 0
    assert [row.status for row in rows(store, FollowUp, "lead_id", first.lead.id) if row.rule == FIRST_CONTACT] == [
        "met"
    ]


def test_taken_back_each_talk_is_of_its_own_record_again(store: Store, first: Prospect, second: Prospect) -> None:
    kept, other = first.lead.id, second.lead.id
    store.run_here(lambda tx: undo_merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki"))
    second.says("予算は50万円です")
    assert (second.known.budget, first.known.budget) == (_yen(500_000), _yen(8_000_000))


def says_stop(prospect: Prospect) -> None:
    prospect.says("もう連絡しないでください")


def deletes_the_talk(prospect: Prospect) -> None:
    prospect.store.run_here(lambda tx: erase_talk(tx, prospect.token))


def taken_back(store: Store, kept: str, other: str) -> None:
    store.run_here(lambda tx: undo_merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki"))


@on_both_databases
@pytest.mark.parametrize("leaves", [says_stop, deletes_the_talk])
def test_who_said_stop_while_the_two_were_one_is_called_on_neither_when_that_is_taken_back(
    store: Store, clock: Clock, first: Prospect, second: Prospect, leaves: Callable[[Prospect], None]
) -> None:
    """D26: nobody knows any more which of the two said it, and who said it said it for good."""
    kept, other = first.chat.lead_id or "", second.chat.lead_id or ""
    clock.advance(minutes=2)
    leaves(second)
    clock.advance(minutes=2)
    taken_back(store, kept, other)
    both = [row for one in (kept, other) for row in rows(store, Lead, "id", one)]
    assert [(lead.stage, lead.do_not_contact) for lead in both] == [("DISQUALIFIED", True)] * 2
    assert rows(store, FollowUp, "status", "open") == []


def test_who_was_called_as_they_wished_while_the_two_were_one_is_owed_no_other_call_when_that_is_taken_back(
    store: Store, firm: Business, clock: Clock, first: Prospect, second: Prospect
) -> None:
    kept, other = first.chat.lead_id or "", second.chat.lead_id or ""
    clock.advance(minutes=2)
    second.says("担当者と話したいです")
    firm.calls(kept, Outcome.CONNECTED)
    clock.advance(days=20)
    taken_back(store, kept, other)
    assert [row.wants_person_at for row in rows(store, Lead, "id", other)] == [None]
    assert [row.rule for row in rows(store, FollowUp, "lead_id", other) if row.status == "open"] == []


def test_who_says_stop_after_somebody_else_did_on_a_record_merged_by_mistake_is_left_alone(
    store: Store, clock: Clock, first: Prospect
) -> None:
    second = Prospect(store, token="the second talk")
    second.opens_chat()
    says_stop(second)
    kept, other = first.chat.lead_id or "", second.chat.lead_id or ""
    merged(store, kept, other)
    clock.advance(minutes=2)
    says_stop(first)
    taken_back(store, kept, other)
    assert (first.lead.stage, first.lead.do_not_contact) == ("DISQUALIFIED", True)


def test_a_wish_for_a_person_said_while_the_two_were_one_is_kept_for_both(
    firm: Business, clock: Clock, first: Prospect, second: Prospect
) -> None:
    kept, other = first.chat.lead_id or "", second.chat.lead_id or ""
    for lead in (kept, other):
        firm.does(cancel_follow_ups, lead, reason="test", by="yuki")
    clock.advance(minutes=2)
    second.says("担当者と話したいです")
    clock.advance(minutes=2)
    taken_back(firm.store, kept, other)
    assert {clock.lead_id for clock in running(firm.store)} == {kept, other}
    assert firm.lead(other).wants_person_at is not None
    assert [row.payload["event"] for row in firm.said("ring") if row.lead_id == other][-1] == "person_wanted"


def _yen(amount: int) -> Budget:
    return Budget(minimum=amount, maximum=amount, currency="JPY")
