"""Who was erased stays erased: no door writes on their tombstone, and a second erasure takes what stands there (D26)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from bot.lists.bringing_in import RowFate, Terms
from bot.lists.giving_out import as_csv, rows_of
from bot.person import erase_person
from bot.words import Words
from dialogs.turn import ChatNotFound
from qualification import deeds, duplicates, leads, ownership
from qualification.activities import Seen
from qualification.answers import PROSPECT
from qualification.bant import Contact
from qualification.calls import Call, Heard, Outcome, log_call
from qualification.deals import NoDealYet, Result, Told, tell_result
from qualification.events import OPERATOR, NoteKept
from qualification.policy import OTHER
from qualification.records import Activity, Answer, FollowUp, Lead
from qualification.stages import Stage
from qualification.store import Store, Transaction
from qualification.tombstones import DataErased
from qualification.writing.rows import values_of
from tests.bot.test_person import CANARY, erased, held, plant
from tests.business import NEED, TOPIC_OF, Business
from tests.dialogs.chatting import Prospect
from tests.lists.test_import import brings_in, fates
from tests.qualification.databases import on_both_databases

pytestmark = on_both_databases

EVE = Contact(name=f"Eve {CANARY}", email="canary@example.jp", phone="+81312345678")


def everything(store: Store) -> dict[str, list[str]]:
    """Every row of every table."""

    def look(session: Session) -> dict[str, list[str]]:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in tables}

    return store.read(look)


@pytest.fixture
def tombstone(firm: Business) -> str:
    """A lead whose data was erased; it had come as far as sales."""
    lead = firm.has_lead(NEED, EVE, stage=Stage.SAL)
    erased(firm, lead)
    return lead


def _answer(tx: Transaction, lead: Lead) -> None:
    heard = Heard(topic=TOPIC_OF[type(EVE)], value=EVE, words=CANARY)
    leads.record_answer(tx, lead, heard.stated(by=PROSPECT, via="api", at=tx.now), by="api")


def _call(tx: Transaction, lead: Lead) -> None:
    deeds.do(
        tx,
        lead,
        deeds.Kind.CALL,
        lambda: log_call(tx, lead, Call(outcome=Outcome.CONNECTED, note=CANARY), by="yuki"),
        by="yuki",
    )


DOORS: dict[str, Callable[[Transaction, Lead], object]] = {
    "an answer": _answer,
    "an activity": lambda tx, lead: leads.see_activity(
        tx, lead, Seen(source="site", id=CANARY, kind="page_viewed", data={"page": CANARY})
    ),
    "an activity that starts a clock": lambda tx, lead: leads.record_activity(
        tx, lead, "document_requested", key=CANARY
    ),
    "a call": _call,
    "a note": lambda tx, lead: tx.record(NoteKept(lead_id=lead.id, by="yuki", words=CANARY)),
    "an owner": lambda tx, lead: ownership.claim(tx, lead, by="yuki"),
    "what became of the deal": lambda tx, lead: tell_result(
        tx, lead, Told(result=Result.WON, amount=None, currency="JPY", words=CANARY), by="api"
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_written_on_a_tombstone_whichever_way_it_comes(firm: Business, tombstone: str, door: str) -> None:
    before = everything(firm.store)
    with pytest.raises((DataErased, NoDealYet)):
        firm.does(DOORS[door], tombstone)
    assert everything(firm.store) == before


def test_whoever_is_gone_is_neither_warm_nor_in_a_segment(firm: Business) -> None:
    """D8: what is left of them tells nothing of what they once wanted, and no list shows them among the warm."""
    lead = firm.has_lead(NEED, EVE, temperature="hot", segment="manufacturing")
    erased(firm, lead)
    assert (firm.lead(lead).temperature, firm.lead(lead).segment) == ("cold", OTHER)


@pytest.mark.parametrize("way", ["into the tombstone", "of the tombstone"])
def test_nobody_is_merged_with_who_was_erased(firm: Business, tombstone: str, way: str) -> None:
    alive = firm.has_lead(NEED, EVE)
    before = everything(firm.store)
    kept, other = (tombstone, alive) if way == "into the tombstone" else (alive, tombstone)

    with pytest.raises(DataErased):
        firm.store.run_here(lambda tx: deeds.merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki"))

    assert everything(firm.store) == before


def test_a_merge_made_before_the_erasure_cannot_be_taken_back_after_it(firm: Business) -> None:
    kept, other = firm.has_lead(NEED, EVE), firm.has_lead(EVE)
    firm.merges(kept, other)
    erased(firm, kept)
    with pytest.raises(duplicates.NotMerged):
        firm.parts(kept, other)
    assert held(firm.store, CANARY, "canary") == {}


def test_a_chat_that_stands_open_in_another_tab_ends_with_the_erasure(firm: Business) -> None:
    tab = Prospect(firm.store)
    tab.opens_chat()
    tab.says(f"在庫管理に困っています {CANARY}")
    erased(firm, tab.lead.id)
    with pytest.raises(ChatNotFound):
        tab.says(f"{CANARY}太郎です")
    assert held(firm.store, CANARY) == {}


@pytest.mark.parametrize("rehearse", [True, False], ids=["rehearsed", "for real"])
def test_a_list_from_before_brings_nobody_back_and_says_so(
    store: Store, firm: Business, tmp_path: Path, *, rehearse: bool
) -> None:
    lead = firm.has_lead(NEED, EVE)
    listed = store.read(lambda session: list(rows_of(session, Words(store.policy.working_hours.zone))))
    erased(firm, lead)
    before = everything(store)
    (tmp_path / "old.csv").write_text("".join(map(as_csv, listed)), encoding="utf-8-sig", newline="")

    taken = brings_in(store, tmp_path / "old.csv", Terms(by=OPERATOR), rehearse=rehearse)

    assert fates(taken) == [RowFate.ERASED]
    assert everything(store) == before


@pytest.mark.parametrize("source", ["Expo Tokyo", "Expo Tokyo, once more"])
def test_the_list_they_came_from_brings_nobody_back_whatever_it_is_called(
    store: Store, firm: Business, tmp_path: Path, source: str
) -> None:
    """D26: the cards of an exhibition lie in a file for years, and hold no id of ours."""
    cards = tmp_path / "cards.csv"
    cards.write_text(f"Company,Name,Email\nAsahi,{CANARY},{EVE.email}\nKita,Mori,mori@kita.example\n", "utf-8")
    brings_in(store, cards, Terms(by=OPERATOR, source="Expo Tokyo", activity="card_exchanged"))
    (gone,) = [lead.id for lead in firm.all(Lead) if lead.email == EVE.email]
    erased(firm, gone)
    erased(firm, gone)  # what is kept of the row outlives a second erasure
    assert held(store, CANARY, "Asahi", EVE.email or "") == {}

    taken = brings_in(store, cards, Terms(by=OPERATOR, source=source, activity="card_exchanged"))

    assert fates(taken)[0] is RowFate.ERASED
    assert len(firm.all(Lead)) == 2


def test_who_comes_back_by_themselves_begins_a_record_of_their_own(
    store: Store, firm: Business, tombstone: str, tmp_path: Path
) -> None:
    (tmp_path / "new.csv").write_text(f"Company,Email\nAsahi,{EVE.email}\n", "utf-8")
    assert fates(brings_in(store, tmp_path / "new.csv")) == [RowFate.CREATED]
    assert [lead.email for lead in firm.all(Lead) if lead.id != tombstone] == [EVE.email]


def test_a_second_erasure_takes_what_stands_on_a_tombstone_and_keeps_when_they_were_erased(
    firm: Business, tombstone: str
) -> None:
    (line,) = firm.history(tombstone)

    def plant_past_the_doors(tx: Transaction) -> None:
        """As a version of before, or a hand in the database, may have left it."""
        lead = tx.get(Lead, tombstone)
        lead.do_not_contact = False
        plant(tx, lead)
        _answer(tx, lead)
        lead.do_not_contact, lead.email, lead.company = True, "canary@example.jp", CANARY

    firm.store.run_here(plant_past_the_doors)
    assert held(firm.store, CANARY, "canary")

    firm.store.run_here(lambda tx: erase_person(tx, tx.get(Lead, tombstone), by="somebody else"))

    assert held(firm.store, CANARY, "canary", "somebody else") == {}
    assert [values_of(row) for row in firm.history(tombstone)] == [values_of(line)]
    assert (firm.all(Answer), firm.all(Activity)) == ([], [])
    assert all(clock.ended_at for clock in firm.all(FollowUp))
    row = firm.lead(tombstone)
    assert (row.stage, row.do_not_contact, row.email, row.score) == ("DISQUALIFIED", True, None, 0)
