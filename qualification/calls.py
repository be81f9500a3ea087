"""Call outcomes, and what each one means for the clock and the lead (D11, M38)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from qualification import leads
from qualification.answers import Stated
from qualification.bant import Topic, Value
from qualification.behaviour import CALL_TALK
from qualification.contact import Evidence, Grade
from qualification.duplicates import kept_of
from qualification.events import CLOCK, CallBackDue, CallLogged
from qualification.followup import TimerStatus, record_contact
from qualification.policy import Policy
from qualification.promptness import note_answer
from qualification.records import Lead, Timer
from qualification.replies import REPLY
from qualification.silence import watch_for_silence
from qualification.store import Transaction
from qualification.timers import timer_at

CALL_BACK_TIMER = "call_back"


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

    The move comes first, so that a two-way talk which itself qualifies the lead meets the clock it starts (D9).
    Raises CallBackInThePast; `call_back_at` is UTC.
    """
    if call.outcome is Outcome.CALL_BACK and (call.call_back_at is None or call.call_back_at <= tx.now):
        raise CallBackInThePast(CallBackInThePast.__doc__)
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
    if call.call_back_at is not None and call.outcome is Outcome.CALL_BACK:
        _remember_call_back(tx, lead, call.call_back_at)


def _remember_call_back(tx: Transaction, lead: Lead, at: datetime) -> None:
    tx.add(timer_at(at, CALL_BACK_TIMER, lead.id, own_id=tx.ordered_id()))


def call_back_due(tx: Transaction, timer: Timer) -> None:
    """The instant a prospect asked to be called back has come: whoever owns the lead hears of it, on the record that
    stands for them by now.
    """
    timer.status, timer.settled_at = TimerStatus.DONE, tx.now
    lead = kept_of(tx, tx.get(Lead, timer.subject_id))
    if not lead.do_not_contact:
        tx.record(CallBackDue(lead_id=lead.id, by=CLOCK))
