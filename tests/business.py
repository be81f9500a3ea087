"""Leads, answers and calls as a test names them: only what matters, the rest is filled in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select

from qualification import leads
from qualification.answers import PROSPECT, Stated
from qualification.bant import Authority, Budget, Company, Contact, Need, Timeframe, Topic, Value
from qualification.behaviour import CHAT_TALK
from qualification.calls import Call, Heard, Outcome, log_call
from qualification.clock_rules import FIRST_CONTACT
from qualification.duplicates import merge, undo_merge
from qualification.followup import latest_follow_up_of
from qualification.records import FollowUp, History, Lead, Outbound, Timer
from qualification.stages import Stage
from qualification.store import Store, Transaction
from tests.clock import Clock

R = TypeVar("R", bound=SQLModel)
T = TypeVar("T")

NEED = Need(present=True)
NO_NEED = Need(present=False)
BUDGET = Budget(minimum=3_000_000, maximum=3_000_000, currency="JPY")
SOON = Timeframe(latest=date(2026, 9, 30))
NEXT_YEAR = Timeframe(earliest=date(2027, 4, 1), latest=date(2028, 3, 31))
SATO = Contact(name="佐藤", email="sato@example.jp")
ASAHI = Company(name="Asahi Tools")

TOPIC_OF: dict[type[Value], Topic] = {
    Need: Topic.NEED,
    Budget: Topic.BUDGET,
    Timeframe: Topic.TIMEFRAME,
    Contact: Topic.CONTACT,
    Company: Topic.COMPANY,
    Authority: Topic.AUTHORITY,
}


@dataclass(frozen=True)
class Business:
    """A firm with a real store; `lead` is the id a verb is told."""

    store: Store
    clock: Clock

    def has_lead(self, *said: Value, stage: Stage = Stage.LEAD, origin: str = "inbound", **columns: Any) -> str:
        """A lead who has said this in the chat, standing on this stage without having climbed to it."""

        def work(tx: Transaction) -> str:
            lead = leads.capture(tx, language="ja", origin=origin, via="chat")
            for value in said:
                leads.record_answer(tx, lead, _stated(tx, value), by=PROSPECT)
            for name, value in {"stage": stage, **columns}.items():
                setattr(lead, name, value)
            return lead.id

        return self.store.run_here(work)

    def does(self, verb: Callable[..., T], lead: str, *args: Any, **named: Any) -> T:
        """firm.does(ownership.claim, lead, by="yuki")"""
        return self.store.run_here(lambda tx: verb(tx, tx.get(Lead, lead), *args, **named))

    def talks_in_chat(self, lead: str, *said: Value) -> None:
        """The prospect says this, and the interview ends."""

        def work(tx: Transaction, row: Lead) -> None:
            for value in said:
                leads.record_answer(tx, row, _stated(tx, value), by=PROSPECT)
            leads.record_activity(tx, row, CHAT_TALK, key=f"{CHAT_TALK}:{tx.new_id()}")
            leads.reassess(tx, row)

        self.does(work, lead)

    def qualified_lead(self, *said: Value, **columns: Any) -> str:
        """A lead whose chat made it a TQL just now, with the clock running."""
        lead = self.has_lead(**columns)
        self.talks_in_chat(lead, *(said or (NEED, SATO)))
        return lead

    def calls(self, lead: str, outcome: Outcome, *heard: Value, by: str = "yuki", **more: Any) -> None:
        words = tuple(Heard(topic=TOPIC_OF[type(value)], value=value, words="(phone)") for value in heard)
        self.does(log_call, lead, Call(outcome=outcome, heard=words, **more), by=by)

    def merges(self, kept: str, other: str) -> None:
        """Yuki sees that both are one person."""
        self.store.run_here(lambda tx: merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki"))

    def parts(self, kept: str, other: str) -> None:
        """They were two after all."""
        self.store.run_here(lambda tx: undo_merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki"))

    def row(self, table: type[R], key: str | tuple[str, ...]) -> R:
        return self.store.run_here(lambda tx: tx.get(table, key))

    def lead(self, lead: str) -> Lead:
        return self.row(Lead, lead)

    def clock_of(self, lead: str) -> FollowUp | None:
        return self.does(latest_follow_up_of, lead)

    def clocks_of(self, lead: str) -> dict[str, FollowUp]:
        """The latest clock of every duty of this lead, by its rule."""
        rows = self.store.run_here(lambda tx: tx.find(FollowUp, "lead_id", lead))
        return {row.rule: row for row in sorted(rows, key=lambda row: row.generation)}

    def all(self, table: type[R]) -> list[R]:
        key = next(iter(table.__table__.primary_key))  # type: ignore[attr-defined]  # every table model has one
        return self.store.read(lambda session: list(session.exec(select(table).order_by(key))))

    def timers(self, lead: str, rule: str = FIRST_CONTACT) -> dict[str, str]:
        """Each step of the lead's clock with its status."""
        follow_up = self.clocks_of(lead)[rule]
        rows = self.store.run_here(lambda tx: tx.find(Timer, "subject_id", follow_up.id))
        return {row.step: row.status for row in sorted(rows, key=lambda row: row.due_at)}

    def history(self, lead: str, kind: str | None = None) -> list[History]:
        rows = self.store.run_here(lambda tx: tx.find(History, "lead_id", lead))
        return [row for row in rows if kind in (None, row.kind)]

    def moves(self, lead: str) -> list[str]:
        return [row.data["after"] for row in self.history(lead, "stage_moved")]

    def said(self, *kinds: str) -> list[Outbound]:
        """What was queued for Slack and mail, oldest first."""
        statement = select(Outbound).order_by(col(Outbound.id))
        rows = self.store.read(lambda session: list(session.exec(statement)))
        return [row for row in rows if not kinds or row.kind in kinds]


def _stated(tx: Transaction, value: Value) -> Stated:
    topic = TOPIC_OF[type(value)]
    return Stated(topic=topic, value=value, words="(said)", certainty=1.0, said_by=PROSPECT, via="chat", at=tx.now)
