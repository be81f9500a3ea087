"""A lead that does not answer what we tried: when silence is an answer, and what follows from it (M27, D15).

never reached       to nurture, by rule
reached before      its rep is asked what becomes of it
won or lost         nothing: a mail after the deal waits for no answer
"""

from collections.abc import Iterable
from datetime import datetime

from qualification import timers
from qualification.activities import BY_MACHINE
from qualification.answers import PROSPECT, not_withdrawn
from qualification.contact import Grade
from qualification.deals import is_decided
from qualification.events import CLOCK, CallLogged, InterviewClosed, MailAccepted, StayedSilent, kind_of
from qualification.leads import put_aside
from qualification.one_person import records_of
from qualification.records import Activity, Answer, History, Lead, Timer
from qualification.stages import LADDER, Stage
from qualification.store import Transaction
from qualification.taken_back import still_said

QUIET_TIMER = "quiet_lead"
CALL, MAIL = kind_of(CallLogged), kind_of(MailAccepted)
ENDS_BY_ITSELF = kind_of(InterviewClosed)  # also when nobody says anything any more


def watch_for_silence(tx: Transaction, lead: Lead, *, since: datetime | None = None) -> None:
    """Tried but not reached: so many working days without an answer, and silence is silence (M27, D15); 0: never.

    `since`: when it was tried, if not now.
    """
    due_at = _silent_at(tx, since or tx.now)
    if due_at is not None:
        timers.wait(tx, QUIET_TIMER, lead.id, until=due_at)


def watch_anew(tx: Transaction, lead: Lead) -> None:
    """Where records became one person or two again: the last try on any of theirs is the one that silence follows."""
    tried_at = None if lead.merged_into is not None else last_try(_history(tx, lead))
    if tried_at is not None and Stage(lead.stage) in LADDER:
        silent_at = _silent_at(tx, tried_at)
        if silent_at is not None and silent_at > tx.now:  # otherwise silence has been told already
            watch_for_silence(tx, lead, since=tried_at)
    else:
        timers.wait_no_more(tx, QUIET_TIMER, lead.id)


def _silent_at(tx: Transaction, tried_at: datetime) -> datetime | None:
    """When silence after this try is silence; None where the firm never takes it for one."""
    days = tx.policy.silence.nurture_after_working_days
    return tx.policy.working_hours.end_of_working_day(tried_at, days) if days else None


def lead_stayed_quiet(tx: Transaction, timer: Timer) -> None:
    """Ten working days after the last try, and no word of theirs (D15)."""
    timers.done(tx, timer)
    lead = tx.get(Lead, timer.subject_id)
    if Stage(lead.stage) not in LADDER or _answered(tx, lead) or is_decided(lead):
        return
    if not lead.reached:
        put_aside(tx, lead, Stage.NURTURE, rule="silence", by=CLOCK)
    else:
        tx.record(StayedSilent(lead_id=lead.id, by=CLOCK, days=tx.policy.silence.nurture_after_working_days))


def _history(tx: Transaction, lead: Lead) -> list[History]:
    """What happened to this person, on any of their records."""
    return [row for one in records_of(tx, lead) for row in tx.find(History, "lead_id", one.id)]


def _answered(tx: Transaction, lead: Lead) -> bool:
    """Whether our last try reached them, or they said or did something since; what a rep notes is no word of theirs."""
    history = _history(tx, lead)
    tries = tries_in(history)
    if tries and _grade_of(tries[-1]).is_enough_for(Grade.REACHED):
        return True
    return _last_heard(tx, lead, history) > max((row.at for row in tries), default=lead.created_at)


def tries_in(history: Iterable[History]) -> list[History]:
    """Our calls and mails, oldest first; a call that was taken back never was (D23)."""
    told = list(history)
    calls = still_said(told, CALL, deed="call", facts=lambda row: row.data)
    return sorted([*calls, *(row for row in told if row.kind == MAIL)], key=lambda row: (row.at, row.id or 0))


def last_try(history: Iterable[History]) -> datetime | None:
    """Our last call or mail that did not reach them."""
    tries = (row for row in tries_in(history) if not _grade_of(row).is_enough_for(Grade.REACHED))
    return max((row.at for row in tries), default=None)


def contact_of(one: History) -> tuple[str, Grade]:
    """What a call or mail of ours proves: the kind of evidence, and its grade."""
    if one.kind == MAIL:
        return "mail", _grade_of(one)
    return "reply" if one.data.get("outcome") == "replied" else "call", _grade_of(one)


def _grade_of(one: History) -> Grade:
    """A mail was a try."""
    return Grade(one.data.get("grade") or Grade.ATTEMPT)


def _last_heard(tx: Transaction, lead: Lead, history: Iterable[History]) -> datetime:
    answers = (row.at for row in not_withdrawn(tx.find(Answer, "lead_id", lead.id)) if row.said_by in (None, PROSPECT))
    did = (
        row.at for row in tx.find(Activity, "lead_id", lead.id) if not (row.withdrawn_at or row.data.get(BY_MACHINE))
    )
    told = (row.at for row in history if row.by == PROSPECT and row.kind != ENDS_BY_ITSELF)
    return max((*answers, *did, *told), default=lead.created_at)
