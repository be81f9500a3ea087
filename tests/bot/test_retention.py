"""The worker forgets what led nowhere, a handful at a time, and nobody who is waited for."""

from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import select

from bot.upkeep.retention import Position, Retention, forget, handful
from dialogs.records import Chat, Turn
from qualification import leads
from qualification.policy import load_policy
from qualification.records import FollowUp, Heartbeat, History, Lead
from qualification.retention import BY, Fate
from qualification.stages import Stage
from qualification.store import Store, Transaction
from qualification.tombstones import ERASED
from tests.business import NEED, SATO, Business
from tests.clock import Clock
from tests.dialogs.chatting import Prospect
from tests.qualification.databases import on_both_databases
from tests.qualification.test_mission_rules import LARGE
from tests.qualification.test_policy import written

pytestmark = on_both_databases


@pytest.fixture
def retention(store: Store) -> Retention:
    return Retention(store)


def talk(store: Store, name: str, *said: str) -> str:
    """A chat with these words; its id."""
    prospect = Prospect(store, token=f"token-of-{name}-in-this-test")
    prospect.opens_chat()
    for text in said:
        prospect.says(text)
    prospect.time_passes()
    return prospect.chat.id


def chats(store: Store) -> set[str]:
    return set(store.read(lambda session: session.exec(select(Chat.id)).all()))


def history(store: Store, lead: str) -> list[tuple[str, str]]:
    return store.run_here(lambda tx: [(row.kind, row.by) for row in tx.find(History, "lead_id", lead)])


def lead_of(store: Store, chat: str) -> Lead:
    return store.run_here(lambda tx: tx.get(Lead, tx.get(Chat, chat).lead_id))


async def test_a_silent_visitor_and_a_talk_that_led_nowhere_are_forgotten_after_ninety_days(
    store: Store, clock: Clock, retention: Retention
) -> None:
    nobody, nowhere = talk(store, "nobody"), talk(store, "nowhere", "手作業が多くて困っています")
    lead = lead_of(store, nowhere).id
    clock.advance(days=89)
    recent = talk(store, "recent")
    assert await retention.whole_pass() == Counter()

    clock.advance(days=2)
    gone = await retention.whole_pass()

    assert gone == Counter({Fate.TALK_OF_NOBODY: 1, Fate.LEAD_LED_NOWHERE: 1})
    assert chats(store) == {recent}
    assert store.run_here(lambda tx: tx.find(Turn, "chat_id", nobody)) == []
    assert history(store, lead) == [(ERASED, BY)]
    assert store.run_here(lambda tx: tx.get(Heartbeat, BY).detail) == {
        "talk_of_nobody": 1,
        "lead_led_nowhere": 1,
    }
    assert await retention.whole_pass() == Counter(), "a second pass finds nothing"


async def test_whoever_has_an_open_clock_is_never_touched(
    store: Store, clock: Clock, firm: Business, retention: Retention
) -> None:
    lead = firm.qualified_lead()
    chat = talk(store, "waiting")
    store.run_here(lambda tx: setattr(tx.get(Chat, chat), "lead_id", lead))
    store.run_here(lambda tx: setattr(tx.get(Lead, lead), "stage", "LEAD"))  # also when the stage was set back
    clock.advance(days=3 * 366)

    assert await retention.whole_pass() == Counter()
    assert {row.status for row in store.run_here(lambda tx: tx.find(FollowUp, "lead_id", lead))} == {"open"}


@pytest.mark.parametrize(("segment", "gone"), [("large", 1), ("other", 0)])
async def test_a_talk_led_nowhere_below_the_line_of_its_own_segment(
    store: Store, clock: Clock, retention: Retention, tmp_path: Path, segment: str, gone: int
) -> None:
    store.policy = load_policy(written(tmp_path, LARGE + 'qualified_from = "TQL"\n'))
    lead = lead_of(store, talk(store, "segment", "手作業が多くて困っています")).id
    store.run_here(lambda tx: stands(tx.get(Lead, lead), stage="MQL", segment=segment))
    clock.advance(days=91)

    assert (await retention.whole_pass()).total() == gone


def stands(lead: Lead, **columns: str) -> None:
    for name, value in columns.items():
        setattr(lead, name, value)


async def test_a_lead_known_from_elsewhere_loses_only_the_talk(
    store: Store, clock: Clock, retention: Retention
) -> None:
    listed = store.run_here(lambda tx: leads.capture(tx, language="ja", via="list").id)
    chat = talk(store, "listed", "また来ました")
    both = (chat, talk(store, "second", "もう一度"))
    for one in both:
        store.run_here(partial(_belongs_to, listed, one))
    clock.advance(days=91)

    assert await retention.whole_pass() == Counter({Fate.TALK_LED_NOWHERE: 2})
    assert store.run_here(lambda tx: tx.peek(Chat, chat)) is None
    assert ("talk_erased", BY) in history(store, listed)


async def test_a_person_of_two_records_is_forgotten_whole_after_two_quiet_years(
    store: Store, clock: Clock, firm: Business, retention: Retention
) -> None:
    kept, other = (firm.has_lead(NEED, SATO, stage=Stage.SQL) for _ in range(2))
    store.run_here(lambda tx: setattr(tx.get(Lead, other), "merged_into", kept))
    clock.advance(days=700)
    assert await retention.whole_pass() == Counter()

    clock.advance(days=40)

    assert await retention.whole_pass() == Counter({Fate.LEAD_IS_QUIET: 1})
    for lead in (kept, other):
        assert history(store, lead) == [(ERASED, BY)]


async def test_the_walk_goes_on_behind_those_who_are_kept(store: Store, clock: Clock) -> None:
    for number in range(5):
        talk(store, str(number))
    clock.advance(days=91)
    place: Position | None = Position()
    seen: list[str] = []
    while place is not None:
        at = place
        found, place = store.read(lambda session: handful(session, at, policy=store.policy, now=clock(), most=2))  # noqa: B023 - read at once
        seen += [one.id for one in found]

    assert sorted(seen) == sorted(chats(store))


async def test_a_prospect_who_comes_back_in_that_moment_is_kept(store: Store, clock: Clock) -> None:
    talk(store, "back")
    clock.advance(days=91)
    [due], _ = store.read(lambda session: handful(session, Position(), policy=store.policy, now=clock()))
    store.run_here(lambda tx: setattr(tx.get(Chat, due.id), "spoke_at", tx.now))

    assert store.run_here(lambda tx: forget(due, tx)) is Fate.KEEP
    assert chats(store) == {due.id}


def _belongs_to(lead_id: str, chat_id: str, tx: Transaction) -> None:
    tx.get(Chat, chat_id).lead_id = lead_id


async def test_a_record_nobody_can_judge_keeps_nobody_behind_it(store: Store, clock: Clock) -> None:
    broken = lead_of(store, talk(store, "broken", "手作業が多くて困っています")).id
    clock.advance(minutes=1)
    behind = talk(store, "behind")
    store.run_here(partial(_loses_its_facts, broken))
    clock.advance(days=91)

    assert await Retention(store).whole_pass() == Counter({Fate.TALK_OF_NOBODY: 1})
    assert behind not in chats(store)


def _loses_its_facts(lead_id: str, tx: Transaction) -> None:
    for row in tx.find(History, "lead_id", lead_id):
        row.data = []  # type: ignore[assignment]  # as no program of ours writes it
