"""Whether what a prospect writes answers a person of ours: then both have spoken, the strongest contact there is (D11).

    a rep's mail was accepted, or lines of theirs stand in the chat -> the prospect writes in the chat -> two-way, once

An answer by mail goes to the rep's own mailbox, which nobody but them reads: they log it as "they replied".
"""

from dataclasses import dataclass
from datetime import datetime

from qualification import leads
from qualification.answers import PROSPECT
from qualification.contact import Evidence, Grade
from qualification.events import MailAccepted, ProspectReplied, kind_of
from qualification.followup import record_contact
from qualification.promptness import note_answer
from qualification.records import History, Lead
from qualification.silence import watch_for_silence
from qualification.store import Transaction

REPLY = "reply"
MAIL = "mail"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a person of ours wrote, and where; `at` is when they could first read it, where our history has not that."""

    by: str
    via: str
    at: datetime | None = None


def mail_accepted(tx: Transaction, lead: Lead, *, by: str, to: str, subject: str, message_id: str) -> None:
    """A mail server took what a person of ours wrote: an attempt, with the Message-ID as its proof (D11)."""
    tx.record(MailAccepted(lead_id=lead.id, by=by, to=to, subject=subject, message_id=message_id))
    lead.mailed_by = by
    record_contact(tx, lead, Grade.ATTEMPT, Evidence(kind=MAIL, detail=message_id), by=by)
    watch_for_silence(tx, lead)


def hear_reply(tx: Transaction, lead: Lead, *, to: Written | None, detail: str) -> None:
    """The prospect writes in the chat. `to` are lines they have not answered yet; otherwise a mail may be answered.

    A move it earns comes first, so that the answer meets the clock it starts (D9).
    """
    answered = to or _unanswered_mail(lead)
    if answered is None:
        return
    lead.mailed_by = None
    tx.record(ProspectReplied(lead_id=lead.id, by=PROSPECT, answered=answered.by, via=answered.via))
    note_answer(tx, lead, tried_at=answered.at)
    leads.reassess(tx, lead)
    record_contact(tx, lead, Grade.TWO_WAY, Evidence(kind=REPLY, detail=detail), by=answered.by)


def count_again(tx: Transaction, lead: Lead, *, since: datetime) -> None:
    """A call is taken back: the mails and answers that came after it are contact for the clock it had stopped."""
    for said in tx.find(History, "lead_id", lead.id):
        if said.at > since and said.kind == kind_of(MailAccepted):
            proof = Evidence(kind=MAIL, detail=said.data["message_id"])
            record_contact(tx, lead, Grade.ATTEMPT, proof, by=said.by, at=said.at)
            watch_for_silence(tx, lead)
        elif said.at > since and said.kind == kind_of(ProspectReplied):
            proof = Evidence(kind=REPLY, detail=said.data["via"])
            record_contact(tx, lead, Grade.TWO_WAY, proof, by=said.data["answered"], at=said.at)


def _unanswered_mail(lead: Lead) -> Written | None:
    return Written(by=lead.mailed_by, via=MAIL) if lead.mailed_by is not None else None
