"""The 3-hour rule: a qualified lead hears from a person within three working hours (M91, M92).

    opened -- reminders to the owner -- due -- escalations to the manager
       \\______ an attempt with evidence meets it at any time; a claim never does (D11)

The rule a follow-up began with is copied onto its row, so editing the policy moves no running clock (D13).
Each step is a timer row with a unique key: it fires once, and never after the contact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from qualification.contact import Evidence, Grade
from qualification.events import CLOCK, FollowUpCancelled, FollowUpMet, FollowUpOpened, FollowUpSnoozed, StepTaken
from qualification.policy import FollowUpRule, Policy, Step
from qualification.records import FollowUp, Lead, Timer
from qualification.stages import ReasonMissing
from qualification.store import Transaction

FIRST_CONTACT = "first_contact"
STEP_TIMER = "follow_up_step"


class Status(StrEnum):
    """The condition of a follow-up row."""

    OPEN = "open"
    MET = "met"
    CANCELLED = "cancelled"
    UNDONE = "undone"  # opened by something that was taken back: as if it had never run


class TimerStatus(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"
    BROKEN = "broken"  # it failed again and again; it stays visible, and somebody has to look


class NothingToSnooze(Exception):
    """There is no open follow-up to snooze for this lead."""


class SnoozeTooShort(Exception):
    """Snooze until a time that has not come yet."""


@dataclass(frozen=True, kw_only=True)
class Due:
    step: Step
    at: datetime


def add_time(policy: Policy, rule: FollowUpRule) -> Callable[[datetime, timedelta], datetime]:
    """How this rule counts: working time of the firm, or plain elapsed time (D10)."""
    if rule.count == "elapsed":
        return lambda start, time: start + time
    return policy.working_hours.add


def schedule(
    rule: FollowUpRule, started_at: datetime, add: Callable[[datetime, timedelta], datetime]
) -> tuple[Due, ...]:
    """When each step of the rule falls, in order."""
    return tuple(Due(step=step, at=add(started_at, timedelta(minutes=step.after_minutes))) for step in rule.steps)


def rule_of(follow_up: FollowUp) -> FollowUpRule:
    return FollowUpRule.model_validate(follow_up.policy)


def open_follow_up_of(tx: Transaction, lead: Lead, rule: str = FIRST_CONTACT) -> FollowUp | None:
    rows = tx.find(FollowUp, "lead_id", lead.id)
    return next((row for row in rows if row.rule == rule and row.status == Status.OPEN), None)


def latest_follow_up_of(tx: Transaction, lead: Lead, rule: str = FIRST_CONTACT) -> FollowUp | None:
    rows = [row for row in tx.find(FollowUp, "lead_id", lead.id) if row.rule == rule and row.status != Status.UNDONE]
    return max(rows, key=lambda row: row.generation, default=None)


def open_follow_up(tx: Transaction, lead: Lead, *, started_at: datetime, rule: str = FIRST_CONTACT) -> FollowUp:
    """Start the clock, unless it already runs; every step becomes a timer in the same commit."""
    if running := open_follow_up_of(tx, lead, rule):
        return running
    terms = tx.policy.follow_up[rule]
    add = add_time(tx.policy, terms)
    lead.generation += 1
    follow_up = tx.add(
        FollowUp(
            id=tx.new_id(),
            lead_id=lead.id,
            rule=rule,
            generation=lead.generation,
            status=Status.OPEN,
            started_at=started_at,
            due_at=add(started_at, terms.within),
            policy=terms.model_dump(mode="json"),
        )
    )
    for due in schedule(terms, started_at, add):
        tx.add(_timer(tx, follow_up, due))
    tx.record(
        FollowUpOpened(
            lead_id=lead.id,
            by=CLOCK,
            rule=rule,
            generation=follow_up.generation,
            started_at=started_at,
            due_at=follow_up.due_at,
        )
    )
    return follow_up


def _timer(tx: Transaction, follow_up: FollowUp, due: Due) -> Timer:
    return Timer(
        id=tx.new_id(),
        key=f"{follow_up.lead_id}:{follow_up.rule}:{follow_up.generation}:{due.step.name}",
        kind=STEP_TIMER,
        subject_id=follow_up.id,
        generation=follow_up.generation,
        step=due.step.name,
        status=TimerStatus.WAITING,
        due_at=due.at,
    )


def take_step(tx: Transaction, timer: Timer) -> None:
    """Do what a due timer asks, if it still may: re-checked here, in the transaction that settles it.

    After an outage only the strongest step whose time has come is taken; weaker ones are dropped (DR11).
    """
    follow_up = tx.get(FollowUp, timer.subject_id)
    lead = tx.get(Lead, follow_up.lead_id)
    if timer.status != TimerStatus.WAITING or timer.due_at > tx.now:
        return
    waiting = [row for row in tx.find(Timer, "subject_id", follow_up.id) if row.status == TimerStatus.WAITING]
    if follow_up.status != Status.OPEN or latest_follow_up_of(tx, lead, follow_up.rule) is not follow_up:
        _settle(tx, waiting, TimerStatus.DROPPED)
        return
    due = [row for row in waiting if row.due_at <= tx.now]
    strongest = max(due, key=lambda row: _rank(follow_up, row))
    _settle(tx, [row for row in due if row is not strongest], TimerStatus.DROPPED)
    _settle(tx, [strongest], TimerStatus.DONE)
    late = tx.now >= follow_up.due_at
    if late and follow_up.breached_at is None:
        follow_up.breached_at = follow_up.due_at
    step = _step_named(follow_up, strongest.step)
    tx.record(
        StepTaken(
            lead_id=lead.id,
            by=CLOCK,
            follow_up_id=follow_up.id,
            rule=follow_up.rule,
            step=step.name,
            tells=step.tells,
            due_at=follow_up.due_at,
            late=late,
        )
    )


def _rank(follow_up: FollowUp, timer: Timer) -> int:
    return [step.name for step in rule_of(follow_up).steps].index(timer.step)


def _step_named(follow_up: FollowUp, name: str) -> Step:
    return next(step for step in rule_of(follow_up).steps if step.name == name)


def _settle(tx: Transaction, timers: list[Timer], status: TimerStatus) -> None:
    for timer in timers:
        timer.status = status
        timer.settled_at = tx.now


def record_contact(tx: Transaction, lead: Lead, grade: Grade, evidence: Evidence, *, by: str) -> None:
    """A person tried or spoke: whatever is open and satisfied by this grade is met, and its steps fall silent."""
    if grade.is_enough_for(Grade.REACHED):
        lead.reached = True
    for follow_up in tx.find(FollowUp, "lead_id", lead.id):
        if follow_up.status == Status.OPEN and grade.is_enough_for(Grade(rule_of(follow_up).met_by)):
            _meet(tx, lead, follow_up, grade, evidence, by)


def _meet(tx: Transaction, lead: Lead, follow_up: FollowUp, grade: Grade, evidence: Evidence, by: str) -> None:
    _end(tx, follow_up, Status.MET)
    follow_up.grade = grade
    follow_up.evidence = {"kind": evidence.kind, "detail": evidence.detail, "by": by}
    late = tx.now > follow_up.due_at
    if late and follow_up.breached_at is None:
        follow_up.breached_at = follow_up.due_at
    tx.record(
        FollowUpMet(
            lead_id=lead.id,
            by=by,
            rule=follow_up.rule,
            grade=grade,
            evidence=evidence.detail,
            minutes=_minutes_taken(tx, follow_up),
            late=late,
        )
    )


def _minutes_taken(tx: Transaction, follow_up: FollowUp) -> int:
    if rule_of(follow_up).count == "elapsed":
        taken = tx.now - follow_up.started_at
    else:
        taken = tx.policy.working_hours.between(follow_up.started_at, tx.now)
    return int(taken.total_seconds() // 60)


def cancel_follow_ups(tx: Transaction, lead: Lead, *, reason: str, by: str) -> None:
    for follow_up in tx.find(FollowUp, "lead_id", lead.id):
        if follow_up.status == Status.OPEN:
            _end(tx, follow_up, Status.CANCELLED)
            tx.record(FollowUpCancelled(lead_id=lead.id, by=by, rule=follow_up.rule, reason=reason))


def _end(tx: Transaction, follow_up: FollowUp, status: Status) -> None:
    follow_up.status = status
    follow_up.ended_at = tx.now
    waiting = [row for row in tx.find(Timer, "subject_id", follow_up.id) if row.status == TimerStatus.WAITING]
    _settle(tx, waiting, TimerStatus.DROPPED)


def snooze(tx: Transaction, lead: Lead, *, until: datetime, reason: str, by: str) -> FollowUp:
    """Hold reminders and escalations back until then; the due instant stays, and the manager hears the reason (D12).

    Raises NothingToSnooze, SnoozeTooShort and ReasonMissing.
    """
    follow_up = open_follow_up_of(tx, lead)
    if follow_up is None:
        raise NothingToSnooze(NothingToSnooze.__doc__)
    if until <= tx.now:
        raise SnoozeTooShort(SnoozeTooShort.__doc__)
    if not reason.strip():
        raise ReasonMissing(ReasonMissing.__doc__)
    follow_up.snoozed_until = until
    follow_up.snooze_reason = reason
    for timer in tx.find(Timer, "subject_id", follow_up.id):
        if timer.status == TimerStatus.WAITING and timer.due_at < until:
            timer.due_at = until
    tx.record(FollowUpSnoozed(lead_id=lead.id, by=by, rule=follow_up.rule, until=until, reason=reason))
    return follow_up
