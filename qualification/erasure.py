"""A person's data, gone for good (D26): what a lead leaves behind is a tombstone without a word of theirs.

    deleted   answers, activities, consents, history, deeds, merges, how we know a visitor of a form again
    made mute what a list brought: a mark of the row, so that the same list does not bring them back
    emptied   what was to be said about them, kept as a count; why a clock waited or ended
    kept      the lead's id, DISQUALIFIED, never to be contacted, its owner, the instants, and one line: lead_erased

The rooms that hold more of a person erase it first (dialogs/erasure.py, bot/slack/erasure.py); bot/person.py
puts them together.
"""

from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from qualification import activities, timers
from qualification.assessment import Temperature
from qualification.events import LeadErased
from qualification.followup import call_off, open_follow_ups_of
from qualification.notices import BURST
from qualification.outbox import CARD, OutboundStatus
from qualification.policy import OTHER
from qualification.records import (
    Activity,
    Answer,
    Consent,
    Deed,
    FollowUp,
    FormVisitor,
    History,
    Lead,
    Merge,
    Outbound,
    Timer,
    is_written,
)
from qualification.stages import Stage
from qualification.store import Transaction
from qualification.tombstones import ERASED, FROM_A_LIST, is_erased, mark_of
from qualification.writing.rows import table_of

DELETED: tuple[tuple[type[SQLModel], str], ...] = (
    (Answer, "lead_id"),
    (Consent, "lead_id"),
    (Deed, "lead_id"),
    (FormVisitor, "lead_id"),
    (Merge, "kept_id"),
    (Merge, "merged_id"),
)
ON_ITS_WAY = (OutboundStatus.WAITING, OutboundStatus.SENDING)
FOLDED = ("company_folded", "person_folded", "family_folded")
OF_THE_PERSON = ("company", "person", "email", "phone", "name_key", *FOLDED, "source", "wants_person_at", "receipt")
OF_THE_PROOF = ("kind", "by")


def erase(tx: Transaction, lead: Lead, *, by: str) -> None:
    """Everything this room holds of the person. Of who was erased before goes what is there all the same, unsaid."""
    was_erased = is_erased(tx, lead)
    for clock in open_follow_ups_of(tx, lead):
        call_off(tx, lead, clock)
    drop_timers(tx, lead.id)
    for clock in tx.find(FollowUp, "lead_id", lead.id):
        clock.snooze_reason = None
        clock.evidence = {name: clock.evidence.get(name) for name in OF_THE_PROOF} if clock.evidence else None
    for table, column in DELETED:
        tx.delete(table, column, lead.id)
    _forget_what_happened(tx, lead)
    _forget_what_they_did(tx, lead)
    for row in tx.find(Outbound, "lead_id", lead.id):
        _empty(tx, row)
    _leave_out_of_digests(tx, lead)
    _leave_a_tombstone(tx, lead)
    if not was_erased:
        tx.record(LeadErased(lead_id=lead.id, by=by))


def drop_timers(tx: Transaction, subject_id: str) -> None:
    """Nothing happens by itself any more."""
    for timer in tx.find(Timer, "subject_id", subject_id):
        timers.drop(tx, timer)


def _forget_what_happened(tx: Transaction, lead: Lead) -> None:
    """The line that says when they were erased stays as it was written."""
    told = [row.id for row in tx.find(History, "lead_id", lead.id) if row.kind != ERASED]
    tx.delete(History, "id", *told)


def _forget_what_they_did(tx: Transaction, lead: Lead) -> None:
    """All but the marks of the rows of lists they came from, each once."""
    marked: set[str] = set()
    forgotten = []
    for row in tx.find(Activity, "lead_id", lead.id):
        mark = mark_of(row.key)
        if row.key.startswith(FROM_A_LIST) and mark not in marked and tx.first(Activity, "key", mark) is None:
            row.kind, row.key, row.data, row.withdrawn_at = ERASED, mark, {}, tx.now
            marked.add(mark)
        elif row.kind != ERASED:
            forgotten.append(row.id)
    tx.delete(Activity, "id", *forgotten)


def _empty(tx: Transaction, row: Outbound) -> None:
    """Its words are gone; a card that hangs, or is on its way, is drawn again without them."""
    hangs = row.kind == CARD and (row.receipt is not None or row.attempts > 0)
    row.payload, row.problem = {}, None
    if row.status in ON_ITS_WAY and not hangs:
        row.status, row.settled_at = OutboundStatus.WITHDRAWN, tx.now


def _leave_out_of_digests(tx: Transaction, lead: Lead) -> None:
    """Digests of many leads hold the lines of each."""
    columns = table_of(Outbound).c
    for stored in tx.select(select(columns.id).where(is_written(columns.kind, BURST))):
        row = tx.get(Outbound, stored.id)
        told: list[dict[str, Any]] = row.payload.get("told") or []
        others = [one for one in told if one["lead_id"] != lead.id]
        if len(others) < len(told):
            row.payload = {**row.payload, "told": others}
            if not others and row.status in ON_ITS_WAY:
                row.status, row.settled_at = OutboundStatus.WITHDRAWN, tx.now


def _leave_a_tombstone(tx: Transaction, lead: Lead) -> None:
    if lead.stage != Stage.DISQUALIFIED:
        lead.stage, lead.stage_since = Stage.DISQUALIFIED, tx.now
    for name in OF_THE_PERSON:
        setattr(lead, name, None)
    lead.do_not_contact, lead.score, lead.reached = True, 0, False
    lead.temperature, lead.segment, lead.judged_until = Temperature.COLD, OTHER, None
    activities.keep(lead, activities.sum_of([], tx.policy), tx.policy)
