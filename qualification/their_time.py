"""The time a lead named, and the mornings that are waited for by it. What happens on them: mornings.py.

accepted              the morning after it: its question is open again (D21)
not yet near enough   the morning on which the lead earns more by its time alone (D6)
in NURTURE            the morning so many days before it, on which the lead wakes (N22)
"""

from datetime import date, timedelta

from qualification import timers
from qualification.bant import Timeframe
from qualification.records import Lead
from qualification.schedule import morning_of
from qualification.stages import Stage
from qualification.store import Transaction
from qualification.timeframes import FARTHEST, comes_back_on, has_passed

TIMEFRAME_TIMER = "timeframe_passed"
WAKE_UP_TIMER = "wake_up"
NEAR_TIMER = "time_is_near"
KEEP_THEIR_TIME = frozenset({Stage.SAL, Stage.SQL})


def watch(tx: Transaction, lead: Lead, timeframe: Timeframe | None) -> None:
    """What the stated time has to say where the lead stands: it passed (D21), it draws near (N22)."""
    if Stage(lead.stage) in KEEP_THEIR_TIME:
        wait_until_passed(tx, lead, timeframe)
    elif Stage(lead.stage) is Stage.NURTURE:
        wait_for_waking(tx, lead, timeframe)


def wait_until_passed(tx: Transaction, lead: Lead, timeframe: Timeframe | None) -> None:
    """Once the stated time of an accepted lead has passed, somebody hears that its question is open again (D21)."""
    today = tx.here.date()
    if timeframe is None or timeframe.latest is None or has_passed(timeframe, today=today):
        return
    if timeframe.latest - today <= FARTHEST:
        _wait_for_the_morning(tx, lead, TIMEFRAME_TIMER, of=timeframe.latest + timedelta(days=1))


def wait_until_near(tx: Transaction, lead: Lead, day: date) -> None:
    """The day on which their time alone earns them more (D6)."""
    _wait_for_the_morning(tx, lead, NEAR_TIMER, of=day)


def wait_for_waking(tx: Transaction, lead: Lead, timeframe: Timeframe | None) -> None:
    """The stated way back of a lead in NURTURE: it wakes before the time it named, by what is known now (N22).

    Also while the firm wakes nobody: when it begins to, those who sleep since before are not forgotten.
    """
    days_before, today = tx.policy.nurture.days_before, tx.here.date()
    day = timeframe and comes_back_on(timeframe, days_before=days_before, today=today)
    if day:
        _wait_for_the_morning(tx, lead, WAKE_UP_TIMER, of=day)
    else:
        timers.wait_no_more(tx, WAKE_UP_TIMER, lead.id)


def _wait_for_the_morning(tx: Transaction, lead: Lead, kind: str, *, of: date) -> None:
    """The first working minute on this day or after it; it takes the place of the one that was waited for."""
    timers.wait(tx, kind, lead.id, until=morning_of(of, tx.policy.working_hours))
