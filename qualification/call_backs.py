"""An hour at which somebody is to be called again: waited for, rung, and owed from then on (D9, D12).

named       with a call, however it ended; a talk that reaches them leaves only what was agreed in it
its hour    whoever has the lead hears, and the call is owed as a first contact is, with its reminders and ladder
no more     once the deal is won or lost, and to whom nobody may call
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists

from qualification import timers
from qualification.clock_rules import Starts
from qualification.events import CLOCK, CallBackDue, kind_of
from qualification.followup import start_clocks
from qualification.one_person import kept_of, records_of
from qualification.records import History, Lead, Timer
from qualification.stages import Stage
from qualification.store import Transaction
from qualification.writing.rows import table_of

CALL_BACK_TIMER = "call_back"
CALL_BACK_DUE = kind_of(CallBackDue)


def call_back(tx: Transaction, lead: Lead, *, at: datetime) -> None:
    """Ring for this lead at that instant (UTC)."""
    tx.add(timers.timer_at(at, CALL_BACK_TIMER, lead.id, own_id=tx.ordered_id()))


def call_back_no_more(tx: Transaction, lead: Lead) -> None:
    """What was agreed before, on any record of this person, is over."""
    for one in records_of(tx, lead):
        for timer in tx.find(Timer, "subject_id", one.id):
            if timer.kind == CALL_BACK_TIMER:
                timers.drop(tx, timer)


def call_back_due(tx: Transaction, timer: Timer) -> None:
    """The hour has come, on the record that stands for them by now; where nobody calls, it climbs the ladder."""
    timers.done(tx, timer)
    lead = kept_of(tx, tx.get(Lead, timer.subject_id))
    if lead.do_not_contact or Stage(lead.stage) is Stage.DISQUALIFIED:
        return
    tx.record(CallBackDue(lead_id=lead.id, by=CLOCK))
    start_clocks(tx, lead, Starts.QUALIFIED)


def began_with_a_call_back(clock: Any) -> ColumnElement[bool]:
    """Whether a clock (its columns) began with the hour of a call back: it is owed alike, and is no first contact."""
    told = table_of(History).c
    its_hour = (told.lead_id == clock.lead_id, told.kind == CALL_BACK_DUE, told.at == clock.started_at)
    return exists().where(*its_hour)
