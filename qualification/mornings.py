"""The mornings that a lead's stated time leads to, once they have come. How they are waited for: their_time.py.

it woke      a lead that was not ready is back before the time it named: "next April" is a call in March (N22, M28, D9)
it is near   what the lead earns by its time alone, it earns now (D6)
it passed    the question when they want to start is open again (D21)
"""

from datetime import datetime

from qualification import leads, outbox, timers
from qualification.bant import Topic
from qualification.clock_rules import Starts
from qualification.deals import is_decided
from qualification.events import CLOCK, LeadWoken, TimeframePassed
from qualification.followup import start_clocks
from qualification.records import Lead, Timer
from qualification.stages import Reason, Stage
from qualification.store import Transaction
from qualification.their_time import KEEP_THEIR_TIME
from qualification.timeframes import has_passed

WOKEN = "time_draws_near"


def wake_up(tx: Transaction, timer: Timer) -> None:
    """The morning has come: whoever still waits in NURTURE is back, unless they said that they need nothing.

    A deal that was won or lost since is over; who was put there after that, or named a time since, is waited for.
    """
    timers.done(tx, timer)
    lead = tx.get(Lead, timer.subject_id)
    known = leads.known_of(tx, lead)
    if lead.do_not_contact or Stage(lead.stage) is not Stage.NURTURE or not tx.policy.nurture.wake_up:
        return
    named = known.about(Topic.TIMEFRAME)
    if named is None or (known.need is not None and not known.need.present):
        return
    if is_decided(lead, since=max(named.at, lead.stage_since)):
        return
    tx.record(LeadWoken(lead_id=lead.id, by=CLOCK))
    reason = Reason(rule=WOKEN, policy=tx.policy.version, evidence=("timeframe",))
    leads.advance(tx, lead, Stage.MQL, by=CLOCK, reason=reason)
    start_clocks(tx, lead, Starts.QUALIFIED)  # also where leads are called from a later stage on
    leads.reassess(tx, lead)


def time_is_near(tx: Transaction, timer: Timer) -> None:
    """The morning has come: what the lead earns by its time alone, it earns now; a later day is waited for again.

    Where another time was named meanwhile, it is judged all the same, which changes nothing. A deal that was won or
    lost moves no more by it.
    """
    timers.done(tx, timer)
    lead = tx.get(Lead, timer.subject_id)
    score = lead.score
    if is_decided(lead, since=_time_named_at(tx, lead)):
        leads.judge(tx, lead)
    else:
        leads.reassess(tx, lead)
    if lead.score != score and lead.channel is not None:
        outbox.refresh(tx, lead.id)


def _time_named_at(tx: Transaction, lead: Lead) -> datetime | None:
    named = leads.known_of(tx, lead).about(Topic.TIMEFRAME)
    return named.at if named else None


def timeframe_passed(tx: Transaction, timer: Timer) -> None:
    """The time a lead wanted to start has come and gone: its rep asks again; the policy may send it to nurture."""
    timers.done(tx, timer)
    lead = tx.get(Lead, timer.subject_id)
    timeframe = leads.known_of(tx, lead).timeframe
    if lead.do_not_contact or Stage(lead.stage) not in KEEP_THEIR_TIME:
        return
    if timeframe is None or not has_passed(timeframe, today=tx.here.date()):
        return
    if is_decided(lead, since=_time_named_at(tx, lead)):
        return
    tx.record(TimeframePassed(lead_id=lead.id, by=CLOCK))
    if leads.stages_for(tx, lead).sql.when_time_passes == "nurture":
        leads.put_aside(tx, lead, Stage.NURTURE, rule="timeframe_passed", by=CLOCK)
