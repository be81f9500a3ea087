"""What must be true of every clock, every lead and every message, and what is done about one that lies.

    clock    each step of its rule has a timer; none was dropped before its time; what was taken was told
    lead     its silence is watched, the time it named, its way back: none was lost or dropped before its time
    errand   none is held by a lease that never ends; what was sent has a receipt; none waits for ever

`clock_flaws`, `lead_flaws` and `errand_flaws` only say what is wrong. `audit_clock`, `audit_lead` and `audit_errand`
look again inside their own transaction, repair what is safe to repair, once, and keep what they found until it is gone
(DR13).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from qualification.followup import Status, plant_missing_steps
from qualification.kept_rules import rule_of
from qualification.notices import told_key
from qualification.outbox import LEASE, OutboundStatus
from qualification.records import FollowUp, Irregularity, Lead, Outbound, Timer
from qualification.store import Transaction
from qualification.timers import TimerStatus, wait_anew
from qualification.watches import WATCHES, awaited, wait_again, watched

OVERDUE_AFTER = timedelta(minutes=2)  # a worker that lives takes a step within a second or two
LEASE_AT_MOST = LEASE * 10  # also with the demo's fast clock
ERRAND_WAITS_AT_MOST = timedelta(minutes=15)  # longer than the longest pause between two tries


class Flaw(StrEnum):
    TIMER_MISSING = "timer_missing"
    TIMER_DROPPED = "timer_dropped"
    TIMER_BROKEN = "timer_broken"
    STEP_OVERDUE = "step_overdue"
    STEP_NOT_TOLD = "step_not_told"
    STEP_TOO_EARLY = "step_too_early"
    STEP_AFTER_THE_END = "step_after_the_end"
    ENDED_WITHOUT_TRACE = "ended_without_trace"
    LEASE_STUCK = "lease_stuck"
    NO_RECEIPT = "no_receipt"
    ERRAND_STUCK = "errand_stuck"


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing that should not be. `step` is the step's name, or empty for a whole clock or errand."""

    flaw: Flaw
    step: str = ""


class Stand(NamedTuple):
    """A step's timer as it stands in its row."""

    step: str
    status: str
    due_at: datetime
    settled_at: datetime | None


def clock_flaws(
    steps: Iterable[str],
    timers: Collection[Stand],
    told: Collection[str],
    *,
    status: str,
    ended_at: datetime | None,
    now: datetime,
) -> tuple[Found, ...]:
    """What is wrong with one clock: `steps` of its rule, their timers, and the steps that were told."""
    if status == Status.OPEN:
        return (*_of_missing(steps, timers), *(f for stand in timers for f in _of_running(stand, told, now)))
    if ended_at is None:
        return (Found(flaw=Flaw.ENDED_WITHOUT_TRACE),)
    late = (stand for stand in timers if stand.status == TimerStatus.DONE and _after(stand.settled_at, ended_at))
    return tuple(Found(flaw=Flaw.STEP_AFTER_THE_END, step=stand.step) for stand in late)


def _of_missing(steps: Iterable[str], timers: Collection[Stand]) -> list[Found]:
    there = {stand.step for stand in timers}
    return [Found(flaw=Flaw.TIMER_MISSING, step=step) for step in steps if step not in there]


def _of_running(stand: Stand, told: Collection[str], now: datetime) -> list[Found]:
    if stand.status == TimerStatus.WAITING and stand.due_at > now - OVERDUE_AFTER:
        return []  # as nearly all of them do
    before_its_time = not _settled_in_time(stand)
    wrong = {
        Flaw.STEP_OVERDUE: stand.status == TimerStatus.WAITING and stand.due_at <= now - OVERDUE_AFTER,
        Flaw.TIMER_BROKEN: stand.status == TimerStatus.BROKEN,
        Flaw.TIMER_DROPPED: stand.status == TimerStatus.DROPPED and before_its_time,
        Flaw.STEP_TOO_EARLY: stand.status == TimerStatus.DONE and stand.step in told and before_its_time,
        Flaw.STEP_NOT_TOLD: stand.status == TimerStatus.DONE and stand.step not in told,
    }
    return [Found(flaw=flaw, step=stand.step) for flaw, is_so in wrong.items() if is_so]


def _after(settled_at: datetime | None, ended_at: datetime) -> bool:
    return settled_at is not None and settled_at > ended_at


def lead_flaws(kinds: Iterable[str], timers: Collection[Stand]) -> tuple[Found, ...]:
    """What is wrong with the timers of one lead: `kinds` are those that must be there, `timers` those that are."""
    there = {stand.step: stand for stand in timers}
    found = ((kind, _flaw_of(there.get(kind))) for kind in sorted(kinds))
    return tuple(Found(flaw=flaw, step=kind) for kind, flaw in found if flaw is not None)


def _flaw_of(stand: Stand | None) -> Flaw | None:
    if stand is None:
        return Flaw.TIMER_MISSING
    if stand.status == TimerStatus.BROKEN:
        return Flaw.TIMER_BROKEN
    if stand.status == TimerStatus.WAITING or _settled_in_time(stand):
        return None
    return Flaw.TIMER_DROPPED if stand.status == TimerStatus.DROPPED else Flaw.STEP_TOO_EARLY


def _settled_in_time(stand: Stand) -> bool:
    return stand.settled_at is not None and stand.settled_at >= stand.due_at


def errand_flaws(row: Outbound, now: datetime) -> tuple[Found, ...]:
    """What is wrong with one message on its way out."""
    held = row.status == OutboundStatus.SENDING
    waits = row.status == OutboundStatus.WAITING
    wrong = {
        Flaw.LEASE_STUCK: held and (row.lease_until is None or row.lease_until > now + LEASE_AT_MOST),
        Flaw.NO_RECEIPT: row.status == OutboundStatus.SENT and row.receipt is None,
        Flaw.ERRAND_STUCK: waits and row.due_at <= now - ERRAND_WAITS_AT_MOST,
    }
    return tuple(Found(flaw=flaw) for flaw, is_so in wrong.items() if is_so)


# -- the second look, and the repair ---------------------------------------------------------------


def audit_clock(tx: Transaction, follow_up_id: str) -> list[Irregularity]:
    """Look at one clock again, repair what is safe, and keep what is wrong; what is new comes back."""
    follow_up = tx.peek(FollowUp, follow_up_id)
    if follow_up is None:
        return _keep(tx, follow_up_id, None, ())
    lead = tx.peek(Lead, follow_up.lead_id)
    timers = {row.step: row for row in tx.find(Timer, "subject_id", follow_up.id)}
    told = [step for step in timers if lead is None or lead.channel is None or _was_told(tx, follow_up.id, step)]
    found = clock_flaws(
        [step.name for step in rule_of(tx, follow_up).steps],
        [stand_of(row) for row in timers.values()],
        told,
        status=follow_up.status,
        ended_at=follow_up.ended_at,
        now=tx.now,
    )
    new = _keep(tx, follow_up.id, follow_up.lead_id, found)
    for irregularity in new:
        if _mend_clock(tx, follow_up, timers.get(irregularity.step), Flaw(irregularity.flaw)):
            irregularity.repaired_at = tx.now
    return new


def audit_lead(tx: Transaction, lead_id: str) -> list[Irregularity]:
    """The same for what waits for a lead beside its clocks."""
    lead = tx.peek(Lead, lead_id)
    if lead is None:
        return _keep(tx, lead_id, None, ())
    standing = watched(tx, lead)
    timers = {row.step: row for row in tx.find(Timer, "subject_id", lead.id) if row.kind in WATCHES}
    wanted = awaited(standing, tx.policy, today=tx.here.date())
    new = _keep(tx, lead.id, lead.id, lead_flaws(wanted, [stand_of(row) for row in timers.values()]))
    for irregularity in new:
        timer = timers.get(irregularity.step)
        if timer is None:
            wait_again(tx, lead, irregularity.step, tried_at=standing.tried_at)
        else:
            wait_anew(timer)
        irregularity.repaired_at = tx.now
    return new


def audit_errand(tx: Transaction, outbound_id: str) -> list[Irregularity]:
    """The same for one message on its way out."""
    row = tx.peek(Outbound, outbound_id)
    if row is None:
        return _keep(tx, outbound_id, None, ())
    new = _keep(tx, row.id, row.lead_id, errand_flaws(row, tx.now))
    for irregularity in new:
        if irregularity.flaw in (Flaw.LEASE_STUCK, Flaw.NO_RECEIPT):
            _send_again(tx, row)
            irregularity.repaired_at = tx.now
    return new


def _mend_clock(tx: Transaction, follow_up: FollowUp, timer: Timer | None, flaw: Flaw) -> bool:
    """A step that was lost waits again; each row's unique key sees to it that nothing is said twice."""
    if flaw is Flaw.TIMER_MISSING:
        plant_missing_steps(tx, follow_up)
        return True
    if timer is not None and flaw in (Flaw.TIMER_DROPPED, Flaw.STEP_NOT_TOLD, Flaw.TIMER_BROKEN):
        wait_anew(timer)
        return True
    return False


def _send_again(tx: Transaction, row: Outbound) -> None:
    """It may hang there all the same, so it counts as tried: the next attempt looks first."""
    row.status, row.due_at, row.lease_until = OutboundStatus.WAITING, tx.now, None
    row.attempts = max(1, row.attempts)


def _was_told(tx: Transaction, follow_up_id: str, step: str) -> bool:
    return tx.first(Outbound, "key", told_key(follow_up_id, step)) is not None


def _keep(tx: Transaction, subject_id: str, lead_id: str | None, found: Sequence[Found]) -> list[Irregularity]:
    """The book of what is wrong: what is new is written down, what is gone is closed.

    What came back after a repair is not new: a repair that does not last is a person's business.
    """
    known = {row.key: row for row in tx.find(Irregularity, "subject_id", subject_id)}
    there = {f"{one.flaw}:{subject_id}:{one.step}": one for one in found}
    for key, row in known.items():
        row.gone_at = None if key in there else row.gone_at or tx.now
    return [
        tx.add(
            Irregularity(
                key=key,
                flaw=one.flaw,
                subject_id=subject_id,
                step=one.step,
                lead_id=lead_id,
                found_at=tx.now,
            )
        )
        for key, one in there.items()
        if key not in known
    ]


def stand_of(timer: Timer) -> Stand:
    return Stand(step=timer.step, status=timer.status, due_at=timer.due_at, settled_at=timer.settled_at)
