"""What waits for a lead beside its clocks, as it must: so that the auditor notices when it was lost (R19).

    tried and not reached      the day on which silence is silence (D15)
    accepted, with a time      the morning after the time it named (D21)
    accepted, its time is far  the morning on which it is near enough for an SQL (D6); so a TQL that is offered by rule
    in NURTURE, with a time    the morning on which it wakes (N22)

`awaited` only says what has to be there; `wait_again` plants it as it was planted first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from qualification.answers import Known
from qualification.leads import judge, known_of
from qualification.policy import Policy
from qualification.records import History, Lead
from qualification.silence import CALL, MAIL, QUIET_TIMER, last_try, watch_for_silence
from qualification.stages import LADDER, Stage
from qualification.store import Transaction
from qualification.taken_back import UNDONE
from qualification.their_time import (
    KEEP_THEIR_TIME,
    NEAR_TIMER,
    TIMEFRAME_TIMER,
    WAKE_UP_TIMER,
    wait_for_waking,
    wait_until_passed,
)
from qualification.timeframes import FARTHEST, comes_back_on, comes_within

WATCHES = (QUIET_TIMER, TIMEFRAME_TIMER, NEAR_TIMER, WAKE_UP_TIMER)
WATCHES_AT: Mapping[Stage, frozenset[str]] = {  # the kinds of timers that a lead at this stage may have
    **dict.fromkeys(LADDER, frozenset({QUIET_TIMER})),
    **dict.fromkeys(KEEP_THEIR_TIME, frozenset({QUIET_TIMER, TIMEFRAME_TIMER})),
    Stage.SAL: frozenset({QUIET_TIMER, TIMEFRAME_TIMER, NEAR_TIMER}),
    Stage.NURTURE: frozenset({WAKE_UP_TIMER}),
    Stage.DISQUALIFIED: frozenset(),
}
TOLD_OF_TRIES = (CALL, MAIL, UNDONE)  # the events that say whether we tried


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What decides which timers a lead must have. `tried_at` is our last try that did not reach them (UTC)."""

    stage: Stage
    segment: str
    known: Known
    tried_at: datetime | None


def kinds_at(stage: Stage, segment: str, policy: Policy) -> frozenset[str]:
    """The same in a segment: a TQL that is not offered before the rule of SQL is met waits for its time, too."""
    waits_for_its_time = stage is Stage.TQL and policy.in_segment(segment).stages.offer_when == "bant_rule"
    return WATCHES_AT[stage] | (frozenset({NEAR_TIMER}) if waits_for_its_time else frozenset())


def awaited(lead: Watched, policy: Policy, *, today: date) -> frozenset[str]:
    """The kinds of timers that must be there, whether they wait or have done their work."""
    wanted = {
        QUIET_TIMER: lead.tried_at is not None,
        TIMEFRAME_TIMER: _time_is_to_come(lead.known, today),
        NEAR_TIMER: _time_comes_near(lead, policy, today),
        WAKE_UP_TIMER: policy.nurture.wake_up and _wakes(lead.known, policy, today),
    }
    return frozenset(kind for kind in kinds_at(lead.stage, lead.segment, policy) if wanted[kind])


def _time_is_to_come(known: Known, today: date) -> bool:
    latest = known.timeframe.latest if known.timeframe else None
    return latest is not None and today <= latest <= today + FARTHEST


def _time_comes_near(lead: Watched, policy: Policy, today: date) -> bool:
    months = policy.in_segment(lead.segment).stages.sql.within_months
    return lead.known.timeframe is not None and comes_within(lead.known.timeframe, months, today=today) is not None


def _wakes(known: Known, policy: Policy, today: date) -> bool:
    """Whether it would come back: they named a time, and have not said that they need nothing."""
    if known.timeframe is None or (known.need is not None and not known.need.present):
        return False
    return comes_back_on(known.timeframe, days_before=policy.nurture.days_before, today=today) is not None


def watched(tx: Transaction, lead: Lead) -> Watched:
    """The lead as it stands."""
    history = tx.find(History, "lead_id", lead.id)
    return Watched(stage=Stage(lead.stage), segment=lead.segment, known=known_of(tx, lead), tried_at=last_try(history))


def wait_again(tx: Transaction, lead: Lead, kind: str, *, tried_at: datetime | None) -> None:
    """Plant what was lost; silence counts from the try it follows, as it did."""
    if kind == WAKE_UP_TIMER:
        wait_for_waking(tx, lead, known_of(tx, lead).timeframe)
    elif kind == TIMEFRAME_TIMER:
        wait_until_passed(tx, lead, known_of(tx, lead).timeframe)
    elif kind == NEAR_TIMER:
        judge(tx, lead)
    else:
        watch_for_silence(tx, lead, since=tried_at)
