"""Somebody has edited the hours: steps that are still to come are laid out anew, and the history keeps both (D13).

due still to come      new due, new steps; what was delivered stays delivered
due already passed     nothing moves: it was late by the hours of its time
new due in the past    nothing moves, and it is said so: a due instant never slips into the past unseen
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlmodel import Session, col, select

from qualification.events import POLICY, FollowUpRecounted
from qualification.followup import AGAIN, Status, TimerStatus, rule_of, step_named
from qualification.policy import Policy
from qualification.records import FollowUp, Timer
from qualification.schedule import due_of, schedule
from qualification.store import Transaction


class Kept(StrEnum):
    """Why a clock stays as it is."""

    ALREADY_DUE = "already_due"
    WOULD_BE_PAST = "would_be_past"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A step that was still to come: its instant by the old hours and by the new ones (UTC)."""

    step: str
    old: datetime
    new: datetime


@dataclass(frozen=True, kw_only=True)
class Recount:
    """What the new hours make of one clock."""

    follow_up_id: str
    lead_id: str
    rule: str
    old_due: datetime
    new_due: datetime
    steps: tuple[Moved, ...]
    kept: Kept | None


def counted_with_other_hours(session: Session, policy: Policy) -> Sequence[str]:
    """The running clocks, by id, whose hours have been edited since their steps were laid out."""
    rows = select(FollowUp.id).where(FollowUp.status == Status.OPEN, _is_outdated(policy))
    return session.exec(rows.order_by(col(FollowUp.id))).all()


def _is_outdated(policy: Policy) -> ColumnElement[bool]:
    current = [
        and_(col(FollowUp.calendar) == name, col(FollowUp.hours_mark) == policy.mark_of(name))
        for name in policy.calendar_names
    ]
    return not_(or_(*current))


def recount(policy: Policy, clock: FollowUp, timers: Sequence[Timer], *, now: datetime) -> Recount:
    """The rule it began with, counted by the hours of now; held-back steps stay held back."""
    rule, hours = rule_of(clock), policy.calendar(clock.calendar)
    new_due = due_of(rule, clock.started_at, hours)
    falls = {due.step.name: due.at for due in schedule(rule, clock.started_at, hours)}
    waiting = [row for row in timers if row.status == TimerStatus.WAITING and not row.step.endswith(AGAIN)]
    steps = (Moved(step=row.step, old=row.due_at, new=_not_before(clock, row, falls[row.step], now)) for row in waiting)
    kept = Kept.ALREADY_DUE if clock.due_at <= now else Kept.WOULD_BE_PAST if new_due <= now else None
    return Recount(
        follow_up_id=clock.id,
        lead_id=clock.lead_id,
        rule=clock.rule,
        old_due=clock.due_at,
        new_due=clock.due_at if kept else new_due,
        steps=() if kept else tuple(step for step in steps if step.old != step.new),
        kept=kept,
    )


def _not_before(clock: FollowUp, timer: Timer, at: datetime, now: datetime) -> datetime:
    holds = [clock.snoozed_until]
    if not step_named(clock, timer.step).tells.is_above:
        holds.append(clock.quiet_until)
    return max([at, *(until for until in holds if until is not None and until > now)])


def recompute(tx: Transaction, follow_up_id: str) -> Recount | None:
    """Lay one clock's steps out anew, and write down the old and the new due instant; None when it runs no more."""
    clock = tx.get(FollowUp, follow_up_id)
    if clock.status != Status.OPEN:
        return None
    timers = tx.find(Timer, "subject_id", clock.id)
    counted = recount(tx.policy, clock, timers, now=tx.now)
    clock.hours_mark = tx.policy.mark_of(clock.calendar)
    moved = {step.step: step.new for step in counted.steps}
    for timer in timers:
        if timer.status == TimerStatus.WAITING:
            timer.due_at = moved.get(timer.step, timer.due_at)
    if counted.new_due != counted.old_due or counted.steps or counted.kept:
        clock.due_at = counted.new_due
        tx.record(
            FollowUpRecounted(
                lead_id=clock.lead_id,
                by=POLICY,
                rule=clock.rule,
                old_due_at=counted.old_due,
                due_at=counted.new_due,
                policy=tx.policy.version,
                kept=counted.kept,
            )
        )
    return counted
