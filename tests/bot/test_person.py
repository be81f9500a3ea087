"""A person's data: given out whole, and erased so that no word of theirs is left in any table (D26)."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, select
from sqlmodel import SQLModel

from bot.person import erase_person, erase_talk, person_json, talk_json
from bot.slack.records import SlackCard, SlackDraft
from bot.words import Words
from dialogs.records import Chat
from dialogs.turn import ChatNotFound, chat_of
from qualification import leads, outbox
from qualification.bant import Company, Contact
from qualification.calls import Outcome
from qualification.clock_rules import FIRST_CONTACT
from qualification.database import forget_old_pages
from qualification.deeds import Kind
from qualification.dossier import dossier_of
from qualification.events import OPERATOR, NoteKept
from qualification.followup import open_follow_up, snooze
from qualification.notices import BURST
from qualification.outbox import OutboundStatus, card_key
from qualification.records import Answer, Deed, FollowUp, History, Lead, Outbound
from qualification.store import Store, Transaction
from tests.business import NEED, SATO, Business
from tests.dialogs.chatting import Prospect
from tests.qualification.databases import on_both_databases

pytestmark = on_both_databases

CANARY = "カナリア"
# tables that hold nothing of a person; a new table joins this list with a reason, or the planting below
HOLD_NO_WORDS = {
    "rep",  # our own people
    "heartbeat",
    "kept_rule",
    "inbox",  # what Slack sent, by its own ids
    "irregularity",
    "playbook",
    "slack_home",
    "slack_refusal",
    "slack_workspace",
    "slack_install_state",
    "timer",  # ids and instants
    "form_visitor",  # the hash of a token, and names of fields
    "slack_card",  # where the card hangs
}


@pytest.fixture
def words(store: Store) -> Words:
    return Words(store.policy.working_hours.zone, company="", url="")


@pytest.fixture
def talk(store: Store) -> Prospect:
    """Somebody talks in the chat, names themselves, and talks with a rep."""
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says(f"在庫管理に困っています {CANARY}", message_id=f"m-{CANARY}")
    for line in ("9月までに", "部長が決めます", "500万円です", f"株式会社{CANARY}", f"{CANARY}太郎 canary@example.jp"):
        prospect.says(line)
    prospect.rep_takes_over()
    prospect.rep_writes(f"{CANARY}様、お待たせしました")
    return prospect


@pytest.fixture
def lead(firm: Business, talk: Prospect) -> str:
    """Their lead, with words of theirs wherever we keep any."""
    lead_id = talk.lead.id
    other = firm.has_lead(Contact(name=f"{CANARY}太郎", email="canary@example.jp"), Company(name=CANARY))
    firm.calls(lead_id, Outcome.NO_ANSWER, note=CANARY)
    firm.merges(lead_id, other)
    firm.store.run_here(lambda tx: plant(tx, tx.get(Lead, lead_id)))
    return lead_id


def plant(tx: Transaction, lead: Lead) -> None:
    leads.record_activity(tx, lead, "page_viewed", key=f"k-{CANARY}", data={"url": f"https://x.example/{CANARY}"})
    tx.record(NoteKept(lead_id=lead.id, by="yuki", words=CANARY))
    mail = {"to": "canary@example.jp", "subject": CANARY, "body": CANARY, "lead_id": lead.id}
    outbox.queue(tx, key=None, kind="mail", lead_id=lead.id, payload=mail)
    told = [{"lead_id": lead.id, "payload": {"facts": {"words": CANARY}}}, {"lead_id": "other", "payload": {}}]
    outbox.queue(tx, key=None, kind=BURST, lead_id=None, payload={"to": "leads", "told": told})
    tx.add(SlackDraft(key=f"U:{lead.id}", lead_id=lead.id, fields={"note": {"value": CANARY}}, at=tx.now))
    tx.add(SlackCard(lead_id=lead.id, channel="C", ts="1.0"))
    changes = {"note": CANARY}
    tx.add(Deed(id=tx.new_id(), lead_id=lead.id, kind=Kind.CALL, by="yuki", at=tx.now, changes=changes))
    lead.source, lead.phone, lead.behaviour = CANARY, "canary", {"did": CANARY}
    open_follow_up(tx, lead, started_at=tx.now, rule=FIRST_CONTACT)
    for clock in tx.find(FollowUp, "lead_id", lead.id):
        clock.snooze_reason, clock.evidence = CANARY, {"kind": "call", "by": "yuki", "detail": CANARY}


def held(store: Store, *needles: str) -> dict[str, int]:
    """How often any of these stands in a table, whatever the column."""
    found: dict[str, int] = {}
    for table in SQLModel.metadata.sorted_tables:
        rows = store.read(lambda session, table=table: session.execute(select(table)).all())  # type: ignore[misc]
        text = json.dumps([list(row) for row in rows], ensure_ascii=False, default=str).casefold()
        if count := sum(text.count(needle.casefold()) for needle in needles):
            found[table.name] = count
    return found


def erased(firm: Business, lead: str) -> None:
    firm.store.run_here(lambda tx: erase_person(tx, tx.get(Lead, lead), by=OPERATOR))


def test_every_table_is_planted_or_known_to_hold_no_words(firm: Business, lead: str) -> None:
    tables = {table.name for table in SQLModel.metadata.sorted_tables}
    holding = set(held(firm.store, CANARY, "canary", lead))
    assert tables - holding - HOLD_NO_WORDS == set()


def test_no_word_of_an_erased_person_survives_in_any_table(firm: Business, lead: str) -> None:
    token = firm.all(Chat)[0].token_hash
    erased(firm, lead)
    assert held(firm.store, CANARY, "canary", token) == {}


def test_others_keep_everything(firm: Business, lead: str) -> None:
    neighbour = firm.qualified_lead(NEED, SATO)
    before = held(firm.store, neighbour, "sato@example.jp")
    erased(firm, lead)
    assert held(firm.store, neighbour, "sato@example.jp") == before


def test_what_stays_is_a_tombstone_that_is_never_contacted(firm: Business, lead: str) -> None:
    erased(firm, lead)
    row = firm.lead(lead)
    assert (row.stage, row.do_not_contact, row.company, row.email) == ("DISQUALIFIED", True, None, None)
    assert [(line.kind, line.data) for line in firm.history(lead)] == [("lead_erased", {})]
    assert all(clock.ended_at for clock in firm.all(FollowUp))
    assert firm.store.run_here(lambda tx: dossier_of(tx, lead, policy=tx.policy, now=tx.now)).is_erased


def test_to_erase_twice_changes_nothing(firm: Business, lead: str) -> None:
    erased(firm, lead)
    before = (firm.all(Lead), firm.all(History), firm.all(Outbound))
    erased(firm, lead)
    assert (firm.all(Lead), firm.all(History), firm.all(Outbound)) == before


def test_nothing_of_theirs_is_sent_any_more_but_their_card(firm: Business, lead: str) -> None:
    erased(firm, lead)
    waiting = [row for row in firm.all(Outbound) if row.lead_id == lead and row.status == OutboundStatus.WAITING]
    assert {row.key for row in waiting} <= {card_key(lead)}


def test_a_mail_that_was_on_its_way_leaves_no_trace_when_it_arrives(firm: Business, lead: str) -> None:
    mail = next(row.id for row in firm.all(Outbound) if row.kind == "mail")
    errand = firm.store.run_here(lambda tx: outbox.claim(tx, mail))
    assert errand is not None
    erased(firm, lead)
    assert not firm.store.run_here(lambda tx: outbox.settle(tx, errand, {"message_id": CANARY}))
    assert held(firm.store, CANARY) == {}


def test_an_erasure_that_fails_leaves_everything_as_it_was(firm: Business, lead: str) -> None:
    before = held(firm.store, CANARY, "canary", lead)

    def fails(tx: Transaction) -> None:
        erase_person(tx, tx.get(Lead, lead), by=OPERATOR)
        raise LookupError("the light went out")

    with pytest.raises(LookupError):
        firm.store.run_here(fails)
    assert held(firm.store, CANARY, "canary", lead) == before


def test_the_database_file_itself_forgets(firm: Business, lead: str) -> None:
    url = make_url(str(firm.store.engine.url))
    if url.get_backend_name() != "sqlite":
        pytest.skip("PostgreSQL frees its pages by vacuum")
    erased(firm, lead)
    forget_old_pages(firm.store.engine)
    file = Path(url.database or "")
    written = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert sqlite3.connect(file).execute("SELECT count(*) FROM lead").fetchone() == (2,)
    assert CANARY.encode() not in written
    assert b"canary" not in written


def exported(firm: Business, lead: str, words: Words) -> dict[str, Any]:
    return firm.store.run_here(lambda tx: person_json(tx, tx.get(Lead, lead), words))


def test_the_export_holds_every_table_and_no_key(firm: Business, lead: str, words: Words) -> None:
    records = exported(firm, lead, words)["records"]
    text = json.dumps(records, ensure_ascii=False, default=str)
    assert all(answer.words in text for answer in firm.all(Answer))
    assert all(records[0][part] for part in ("answers", "activities", "history", "chats", "deeds", "drafts", "merges"))
    assert len(records) == 2
    assert firm.all(Chat)[0].token_hash not in text


def test_a_prospect_gets_their_talk_and_what_was_understood(firm: Business, talk: Prospect, words: Words) -> None:
    given = firm.store.run_here(lambda tx: talk_json(tx, chat_of(tx, talk.token), words))
    assert CANARY in given["messages"][2]["text"]
    assert {"need", "budget", "timeframe"} <= {answer["topic"] for answer in given["understood"]}


def test_a_prospect_erases_the_talk_and_the_lead_it_made(firm: Business, talk: Prospect) -> None:
    lead_id = talk.lead.id
    firm.store.run_here(lambda tx: erase_talk(tx, talk.token))
    assert held(firm.store, CANARY, "canary", talk.token) == {}
    assert firm.history(lead_id)[0].by == "prospect"
    with pytest.raises(ChatNotFound):
        firm.store.run_here(lambda tx: chat_of(tx, talk.token))


def test_a_token_does_not_erase_what_others_know_but_stops_all_contact(firm: Business, lead: str) -> None:
    (chat,) = firm.all(Chat)
    firm.store.run_here(lambda tx: erase_talk(tx, chat.token_hash))
    assert firm.all(Chat) == []
    assert firm.lead(lead).do_not_contact
    assert firm.history(lead, "opted_out")[0].data["deletion"]


def test_a_snoozed_clock_of_an_erased_person_is_cancelled(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO)
    firm.does(snooze, lead, until=firm.clock().replace(hour=3), reason=CANARY, by="yuki")
    erased(firm, lead)
    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status, clock.snooze_reason) == ("cancelled", None)
