"""Whether what a prospect writes answers a person of ours: then both have spoken, the strongest contact there is (D11).

    a rep's mail was accepted, or lines of theirs stand in the chat -> the prospect writes in the chat -> two-way, once

An answer by mail goes to the rep's own mailbox, which nobody but them reads: they log it as "they replied".
"""

from dataclasses import dataclass

from qualification.answers import PROSPECT
from qualification.contact import Evidence, Grade
from qualification.events import ProspectReplied
from qualification.followup import record_contact
from qualification.records import History, Lead
from qualification.store import Transaction

REPLY = "reply"
MAIL_ACCEPTED, REPLIED = "mail_accepted", "prospect_replied"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a person of ours wrote, and where."""

    by: str
    via: str


def hear_reply(tx: Transaction, lead: Lead, *, to: Written | None, detail: str) -> None:
    """The prospect writes in the chat. `to` are lines they have not answered yet; otherwise a mail may be answered."""
    answered = to or _unanswered_mail(tx, lead)
    if answered is None:
        return
    tx.record(ProspectReplied(lead_id=lead.id, by=PROSPECT, answered=answered.by, via=answered.via))
    record_contact(tx, lead, Grade.TWO_WAY, Evidence(kind=REPLY, detail=detail), by=answered.by)


def _unanswered_mail(tx: Transaction, lead: Lead) -> Written | None:
    told = (row for row in tx.find(History, "lead_id", lead.id) if row.kind in (MAIL_ACCEPTED, REPLIED))
    last = max(told, key=lambda row: row.id or 0, default=None)
    return Written(by=last.by, via="mail") if last is not None and last.kind == MAIL_ACCEPTED else None
