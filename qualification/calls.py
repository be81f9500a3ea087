"""Call outcomes, and what each one means for the clock and the lead (D11, M38)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from qualification import leads
from qualification.answers import Stated
from qualification.bant import Topic, Value
from qualification.behaviour import CALL_TALK
from qualification.call_backs import call_back, call_back_no_more
from qualification.contact import Evidence, Grade
from qualification.events import CallLogged
from qualification.followup import record_contact
from qualification.policy import Policy
from qualification.promptness import note_answer
from qualification.records import Lead
from qualification.replies import REPLY
from qualification.silence import watch_for_silence
from qualification.store import Transaction


class Outcome(StrEnum):
    CONNECTED = "connected"
    REPLIED = "replied"  # in writing, to a mail or a message of ours
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    CALL_BACK = "call_back"
    DO_NOT_CONTACT = "do_not_contact"


GRADE_OF: dict[Outcome, Grade] = {
    Outcome.CONNECTED: Grade.TWO_WAY,
    Outcome.REPLIED: Grade.TWO_WAY,
    Outcome.NO_ANSWER: Grade.ATTEMPT,
    Outcome.BUSY: Grade.ATTEMPT,
    Outcome.WRONG_NUMBER: Grade.ATTEMPT,
    Outcome.CALL_BACK: Grade.REACHED,
    Outcome.DO_NOT_CONTACT: Grade.REACHED,
}


def grade_of(outcome: Outcome, policy: Policy) -> Grade:
    """What the outcome proves. A wrong number is an attempt, as every logged call is, unless the policy says none."""
    if outcome is Outcome.WRONG_NUMBER and policy.contact.wrong_number == "none":
        return Grade.CLAIM
    return GRADE_OF[outcome]


class CallBackInThePast(Exception):
    """A call-back needs a date and time that has not come yet."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One answer a rep heard on the phone, with the words they noted."""

    topic: Topic
    value: Value
    words: str
    certainty: float = 1.0

    def stated(self, *, by: str, via: str, at: datetime) -> Stated:
        """The answer with who wrote it down, where and when (UTC)."""
        return Stated(
            topic=self.topic,
            value=self.value,
            words=self.words,
            certainty=self.certainty,
            said_by=by,
            via=via,
            at=at,
        )


@dataclass(frozen=True, kw_only=True)
class Call:
    outcome: Outcome
    note: str = ""
    heard: tuple[Heard, ...] = field(default=())
    call_back_at: datetime | None = None
    minutes: int | None = None


def log_call(tx: Transaction, lead: Lead, call: Call, *, by: str) -> None:
    """Write the call down: what was heard, the move it earns, and the contact that meets the clock.

    The move comes first, so that a two-way talk which itself qualifies the lead meets the clock it starts (D9). An hour
    to call again counts with whatever outcome. Raises CallBackInThePast; `call_back_at` is UTC.
    """
    _check_call_back(tx, call)
    grade = grade_of(call.outcome, tx.policy)
    tx.record(
        CallLogged(
            lead_id=lead.id,
            by=by,
            outcome=call.outcome,
            grade=grade,
            note=call.note,
            call_back_at=call.call_back_at,
            minutes=call.minutes,
        )
    )
    for heard in call.heard:
        leads.record_answer(tx, lead, heard.stated(by=by, via="call", at=tx.now), by=by)
    if call.outcome is Outcome.CONNECTED:
        leads.record_activity(tx, lead, CALL_TALK, key=f"call:{tx.new_id()}")
    if grade.is_enough_for(Grade.REACHED) and call.outcome is not Outcome.DO_NOT_CONTACT:
        note_answer(tx, lead, tried_at=None if call.outcome is Outcome.REPLIED else tx.now)
    leads.reassess(tx, lead)
    kind = REPLY if call.outcome is Outcome.REPLIED else "call"
    record_contact(tx, lead, grade, Evidence(kind=kind, detail=call.outcome, minutes=call.minutes), by=by)
    if not grade.is_enough_for(Grade.REACHED):
        watch_for_silence(tx, lead)
    if call.outcome is Outcome.DO_NOT_CONTACT:
        leads.opt_out(tx, lead, words=call.note, by=by)
    if grade.is_enough_for(Grade.REACHED) and call.outcome is not Outcome.REPLIED:  # who writes may still be waiting
        call_back_no_more(tx, lead)
    if call.call_back_at is not None and call.outcome is not Outcome.DO_NOT_CONTACT:
        call_back(tx, lead, at=call.call_back_at)


def _check_call_back(tx: Transaction, call: Call) -> None:
    at, is_asked = call.call_back_at, call.outcome is Outcome.CALL_BACK
    is_past = at is not None and at <= tx.now and call.outcome is not Outcome.DO_NOT_CONTACT
    if is_past or (is_asked and at is None):
        raise CallBackInThePast(CallBackInThePast.__doc__)
