"""A lead we tried and never reached: when silence is an answer, and what follows from it (M27, D15)."""

from qualification.events import CLOCK
from qualification.followup import TimerStatus
from qualification.leads import put_aside
from qualification.records import History, Lead, Timer
from qualification.stages import LADDER, Stage
from qualification.store import Transaction
from qualification.timers import timer_at

QUIET_TIMER = "quiet_lead"
OUTREACH = frozenset({"call_logged", "mail_accepted"})


def watch_for_silence(tx: Transaction, lead: Lead) -> None:
    """Tried but not reached: after so many working days without an answer, silence is silence (M27, D15)."""
    days = tx.policy.silence.nurture_after_working_days
    due_at = tx.policy.working_hours.end_of_working_day(tx.now, days)
    timer = tx.peek(Timer, (lead.id, QUIET_TIMER))
    if timer is None:
        tx.add(timer_at(due_at, QUIET_TIMER, lead.id))
    else:
        timer.status, timer.due_at = TimerStatus.WAITING, due_at


def lead_stayed_quiet(tx: Transaction, timer: Timer) -> None:
    """Ten working days after the last attempt: a lead never reached, that said nothing, goes to nurture (D15)."""
    timer.status, timer.settled_at = TimerStatus.DONE, tx.now
    lead = tx.get(Lead, timer.subject_id)
    if Stage(lead.stage) in LADDER and not lead.reached and not _spoke_since_we_tried(tx, lead):
        put_aside(tx, lead, Stage.NURTURE, rule="silence", by=CLOCK)


def _spoke_since_we_tried(tx: Transaction, lead: Lead) -> bool:
    tries = (row.at for row in tx.find(History, "lead_id", lead.id) if row.kind in OUTREACH)
    return lead.last_activity_at > max(tries, default=lead.created_at)
