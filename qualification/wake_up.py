"""A lead that was not ready comes back before the time it named: "next April" is a call in March (N22, M28, D9).

planned    leads.watch_for_waking: when it goes to NURTURE, and whenever it names another time there
fired      on a working morning; it is an MQL again, its rep or its channel hears, and the clock runs anew
"""

from qualification import leads, timers
from qualification.bant import Topic
from qualification.clock_rules import Starts
from qualification.deals import is_decided
from qualification.events import CLOCK, LeadWoken
from qualification.followup import start_clocks
from qualification.records import Lead, Timer
from qualification.stages import Reason, Stage
from qualification.store import Transaction

RULE = "time_draws_near"


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
    reason = Reason(rule=RULE, policy=tx.policy.version, evidence=("timeframe",))
    leads.advance(tx, lead, Stage.MQL, by=CLOCK, reason=reason)
    start_clocks(tx, lead, Starts.QUALIFIED)  # also where leads are called from a later stage on
    leads.reassess(tx, lead)
