"""However many leads there are, no page, press or look of the clock reads a table from end to end.

Both databases are asked how they mean to answer, while the work is done; PostgreSQL as if there were many rows. What
has to see every lead is not here: the export, the replay, the hunt for duplicates.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Index, Table, UniqueConstraint
from sqlmodel import Session, SQLModel

from bot.delivery import Delivery
from bot.health import examine
from bot.lists.giving_out import rows_of
from bot.person import erase_person
from bot.slack.home_view import LISTS, home_facts
from bot.slack.lead_command import last_deed_of
from bot.slack.queue import leads_of
from bot.slack.search import find_leads, lead_id_of, leads_known_by
from bot.slack.team import Who
from bot.slack.voice import Voice
from bot.upkeep.auditor import Auditor
from bot.upkeep.bursts import Bursts
from bot.upkeep.retention import Position, handful
from bot.web.chat import said_after
from bot.words import Words
from bot.worker import Worker
from dialogs.records import Chat
from qualification import deeds, leads, ownership
from qualification.activities import Seen
from qualification.calls import Call, Outcome, log_call
from qualification.deeds import Kind
from qualification.dossier import dossier_of
from qualification.duplicates import alike_of
from qualification.look import Look, LookNow
from qualification.outbox import CARD
from qualification.priority import leads_by_priority, newest_leads
from qualification.recompute import counted_with_other_hours, running_by_other_rules
from qualification.records import Lead, Rep
from qualification.reports.digest import digest_of
from qualification.stages import Stage
from qualification.steps import take_due_steps
from qualification.store import Store, Transaction
from tests.business import Business
from tests.dialogs.chatting import Prospect
from tests.qualification.databases import make_room, on_both_databases, watching

YUKI, MEGUMI = "yuki", "megumi"
ROOMS = ("qualification", "dialogs", "bot")
FOUND_BY = re.compile(r"(?:find|first|load|Load|delete)\((?:tx, )?([A-Z]\w+), \"(\w+)\"")
SORTS_A_FEW = frozenset(
    {
        "waiting messages",
        "a burst",
        "the digest",
        "priority",
        "old chats",
        "quiet leads",
        "the number typed",
        "the name typed",
        "the page",
        "somebody alike",
        "the export",
    }
)
Look_ = Callable[[Session], object]


@pytest.fixture
def desk(firm: Business) -> Business:
    """Two people, a lead each way, and one whose contact was made."""

    def hire(tx: Transaction) -> None:
        for name, role in ((YUKI, "rep"), (MEGUMI, "manager")):
            tx.add(Rep(id=name, name=name, language="ja", zone="Asia/Tokyo", role=role, seen_at=tx.now))

    make_room(firm.store)
    firm.store.run_here(hire)
    waits, met = firm.qualified_lead(), firm.qualified_lead(company="Beta")
    firm.does(ownership.claim, met, by=YUKI)
    firm.calls(met, Outcome.CONNECTED, by=YUKI)
    firm.clock.advance(hours=2)
    assert firm.lead(waits).due_at is not None
    return firm


def looks(store: Store, lead_id: str) -> Iterator[tuple[str, Look_]]:
    """Everything that is read beside the writer, by name."""
    policy, now = store.policy, store.clock()
    worker = Worker(store, Delivery(store, {}))
    words = Words(policy.working_hours.zone, company="Example")
    voice = Voice(words=words, language="ja", now=now)
    for who in (Who(id=YUKI, is_manager=False), Who(id=MEGUMI, is_manager=True)):
        for page in (0, 3):
            turned = dict.fromkeys(LISTS, page)
            yield "Home", partial(home_facts, who=who, turned=turned, policy=policy, voice=voice)
            by_rule = policy.with_values({"stages": {"offer_when": "bant_rule"}})
            yield "Home by the rule of SQL", partial(home_facts, who=who, turned=turned, policy=by_rule, voice=voice)
    yield "my leads", lambda session: leads_of(LookNow(session, policy=policy, now=now), user_id=YUKI)
    yield "my last deed", partial(last_deed_of, user_id=YUKI)
    yield "the id typed", partial(lead_id_of, typed=lead_id[:8])
    for typed in ("03-1234-5678", "taro@asahi.example", lead_id[:8]):
        yield "the number typed", partial(leads_known_by, text=typed)
    for typed in ("アサヒ", "株式会社アサヒ 山田", "Jane Doe", "kogyo@"):
        yield "the name typed", partial(find_leads, text=typed)
    yield "the page", lambda session: dossier_of(Look(session), lead_id, policy=policy, now=now)
    yield "somebody alike", lambda session: alike_of(Look(session), session.get_one(Lead, lead_id))
    yield "the newest", newest_leads
    yield "the newest of a stage", partial(newest_leads, stage=Stage.SAL)
    for stage in (None, Stage.MQL):
        yield "priority", partial(leads_by_priority, line=60, stage=stage)
    yield "the digest", partial(digest_of, day=now.date(), policy=policy, until=now)
    yield "is all well", partial(examine, now=now)
    yield "due timers", worker._due
    yield "waiting messages", Delivery(store, dict.fromkeys((CARD,)))._waiting  # type: ignore[arg-type]  # nobody sends
    yield "a burst", Bursts(store)._ready
    yield "the audit", Auditor(store, kinds=(CARD,))._look
    yield "old chats", partial(handful, place=Position(), policy=policy, now=now)
    yield "quiet leads", partial(handful, place=Position(table=Lead), policy=policy, now=now)
    yield "quiet leads", partial(handful, place=Position(table=Lead, after=(now, "a")), policy=policy, now=now)
    yield "edited hours", partial(counted_with_other_hours, policy=policy)
    yield "edited rules", partial(running_by_other_rules, policy=policy)
    yield "the export", lambda session: list(rows_of(session, words))


def works(lead_id: str) -> Iterator[tuple[str, Callable[[Transaction], object]]]:
    """Everything a press or the clock does inside the writer, in an order that a lead could live through."""

    def see(tx: Transaction) -> None:
        seen = Seen(source="site", id="1", kind="page_viewed", at=tx.now - timedelta(minutes=1))
        leads.see_activity(tx, tx.get(Lead, lead_id), seen)

    def claim(tx: Transaction) -> None:
        lead = tx.get(Lead, lead_id)
        deeds.do(tx, lead, Kind.CLAIM, lambda: ownership.claim(tx, lead, by=YUKI), by=YUKI)

    def call(tx: Transaction) -> None:
        lead, no_answer = tx.get(Lead, lead_id), Call(outcome=Outcome.NO_ANSWER)
        deeds.do(tx, lead, Kind.CALL, lambda: log_call(tx, lead, no_answer, by=YUKI), by=YUKI)

    yield "an activity", see
    yield "a claim", claim
    yield "a call", call
    yield "erasing", lambda tx: erase_person(tx, tx.get(Lead, lead_id), by=YUKI)


@on_both_databases
def test_no_look_reads_a_table_from_end_to_end(desk: Business) -> None:
    store = desk.store
    lead_id = next(lead.id for lead in desk.all(Lead) if lead.due_at)
    for name, look in looks(store, lead_id):
        with watching(store) as asked:
            store.read(look)
        assert asked, name
        assert [one for one in asked if one.reads_all] == [], name
        if store.engine.dialect.name == "sqlite" and name not in SORTS_A_FEW:
            assert [one for one in asked if one.sorts] == [], name


@on_both_databases
def test_no_press_and_no_step_of_the_clock_reads_a_table_from_end_to_end(desk: Business) -> None:
    store = desk.store
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています")
    lead_id = prospect.lead.id
    waiting = {lead.id: clock.id for lead in desk.all(Lead) if (clock := desk.clock_of(lead.id)) and lead.due_at}
    steps = ("steps", lambda tx: take_due_steps(tx, list(waiting.values())))
    for name, work in (*works(next(iter(waiting))), steps, *works(lead_id)):
        with watching(store) as asked:
            store.run_here(work)
        assert asked, name
        assert [one for one in asked if one.reads_all] == [], name
    assert store.run_here(lambda tx: tx.find(Chat, "lead_id", lead_id)) == []


@on_both_databases
def test_whoever_comes_back_to_their_chat_is_found_by_an_index(store: Store) -> None:
    make_room(store)
    prospect = Prospect(store)
    prospect.opens_chat()
    with watching(store) as asked:
        store.read(lambda session: said_after(session, prospect.token, 0))
    assert [one for one in asked if one.reads_all] == []


def test_every_column_that_rows_are_found_by_begins_an_index() -> None:
    tables = {mapper.class_.__name__: mapper.class_.__tablename__ for mapper in SQLModel._sa_registry.mappers}
    house = Path(__file__).parents[2]
    for file in (file for room in ROOMS for file in (house / room).rglob("*.py")):
        for model, column in FOUND_BY.findall(file.read_text("utf-8")):
            first = _first_columns(SQLModel.metadata.tables[tables[model]])
            assert column in first, f"{file.relative_to(house)}: {model}.{column} is found by reading every row"


def _first_columns(table: Table) -> set[str]:
    alone = {part.name for part in table.columns if part.primary_key or part.unique}
    together: list[Index | UniqueConstraint] = [*table.indexes]
    together += [unique for unique in table.constraints if isinstance(unique, UniqueConstraint)]
    return alone | {next(iter(columns.columns)).name for columns in together}
