"""Somebody has edited the policy: steps that are still to come are laid out anew, and the history keeps both (D13).

A clock keeps the rule it began with and counts on its calendar; only when asked does it follow edited hours, and only
when asked for the rules too does it take over the rule of now, with its steps and its evidence.

due still to come      new due, new steps; what was delivered stays delivered
due already passed     nothing moves: it was late by the hours of its time
new due in the past    nothing moves, and it is said so: a due instant never slips into the past unseen
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlmodel import Session, col, select

from qualification.clock_rules import AGAIN, FollowUpRule
from qualification.events import POLICY, FollowUpRecounted
from qualification.followup import Status, move_due, show_due, timer_for
from qualification.kept_rules import keep, name_of, rule_of
from qualification.policy import FIRMS_OWN, Policy
from qualification.records import FollowUp, Lead, Timer, is_written
from qualification.schedule import PlannedStep, due_of, schedule
from qualification.store import Transaction
from qualification.timers import TimerStatus, drop

HOURS, RULES = "hours", "rules"


class Kept(StrEnum):
    """Why a clock stays as it is."""

    ALREADY_DUE = "already_due"
    WOULD_BE_PAST = "would_be_past"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A step that was still to come, before and after (UTC); without `old` it is new, without `new` it is gone."""

    step: str
    old: datetime | None
    new: datetime | None


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
    rows = select(FollowUp.id).where(is_written(FollowUp.status, Status.OPEN), _is_outdated(policy))
    return session.exec(rows.order_by(col(FollowUp.id))).all()


def _is_outdated(policy: Policy) -> ColumnElement[bool]:
    current = [
        and_(col(FollowUp.calendar) == name, col(FollowUp.hours_mark) == policy.mark_of(name))
        for name in policy.calendar_names
    ]
    return not_(or_(*current))


def running_by_other_rules(session: Session, policy: Policy) -> list[str]:
    """The running clocks, by id, whose rule the policy has in other words now, or for another segment."""
    running = select(FollowUp.id, FollowUp.rule, FollowUp.began_with, Lead.segment).join(
        Lead, col(Lead.id) == col(FollowUp.lead_id)
    )
    rows = session.exec(running.where(is_written(FollowUp.status, Status.OPEN)).order_by(col(FollowUp.id))).all()

    @cache
    def now(rule: str, segment: str) -> str | None:
        found = rule_now(policy, rule, segment)
        return None if found is None else name_of(found)

    return [clock_id for clock_id, rule, began_with, segment in rows if now(rule, segment) not in (None, began_with)]


def rule_now(policy: Policy, name: str, segment: str) -> FollowUpRule | None:
    """The rule as a clock that starts now would have it; None when it is gone or switched off."""
    rule = policy.in_segment(segment).follow_up.get(name)
    return rule if rule is not None and rule.on else None


def recount(policy: Policy, clock: FollowUp, timers: Sequence[Timer], rule: FollowUpRule, *, now: datetime) -> Recount:
    """Counted by the hours of now and by `rule`, its own or the one it takes over; held-back steps stay held back."""
    hours = policy.calendar(clock.calendar)
    new_due = due_of(rule, clock.started_at, hours)
    kept = Kept.ALREADY_DUE if clock.due_at <= now else Kept.WOULD_BE_PAST if new_due <= now else None
    steps = () if kept else tuple(_moved(clock, timers, schedule(rule, clock.started_at, hours), now=now))
    return Recount(
        follow_up_id=clock.id,
        lead_id=clock.lead_id,
        rule=clock.rule,
        old_due=clock.due_at,
        new_due=clock.due_at if kept else new_due,
        steps=steps,
        kept=kept,
    )


def _moved(clock: FollowUp, timers: Sequence[Timer], falls: Sequence[PlannedStep], *, now: datetime) -> Iterator[Moved]:
    there = {row.step for row in timers}
    waiting = [row for row in timers if row.status == TimerStatus.WAITING and not row.step.endswith(AGAIN)]
    at = {due.step.name: _not_before(clock, due, now) for due in falls}
    for row in waiting:
        if (new := at.get(row.step)) != row.due_at:
            yield Moved(step=row.step, old=row.due_at, new=new)
    for due in falls:
        if due.step.name not in there:
            yield Moved(step=due.step.name, old=None, new=due.at if due.at <= now else at[due.step.name])


def _not_before(clock: FollowUp, due: PlannedStep, now: datetime) -> datetime:
    holds = [clock.snoozed_until]
    if not due.step.tells.is_above:
        holds.append(clock.quiet_until)
    return max([due.at, *(until for until in holds if until is not None and until > now)])


def recompute(tx: Transaction, follow_up_id: str, *, with_rules: bool = False) -> Recount | None:
    """Lay one clock's steps out anew, and write down the old and the new due instant; None when it runs no more."""
    clock = tx.get(FollowUp, follow_up_id)
    if clock.status != Status.OPEN:
        return None
    timers = tx.find(Timer, "subject_id", clock.id)
    lead = tx.get(Lead, clock.lead_id)
    rule = rule_now(tx.policy, clock.rule, lead.segment) if with_rules else None
    counted = recount(tx.policy, clock, timers, rule or rule_of(tx, clock), now=tx.now)
    hours_edited = _follow_hours(tx, clock)
    rules_edited = rule is not None and counted.kept is None and _take_over(tx, clock, rule)
    _apply(tx, clock, timers, counted)
    if (hours_edited and counted.kept) or rules_edited or counted.steps or counted.new_due != counted.old_due:
        move_due(tx, clock, to=counted.new_due)
        show_due(lead, clock)
        tx.record(
            FollowUpRecounted(
                lead_id=clock.lead_id,
                by=POLICY,
                rule=clock.rule,
                old_due_at=counted.old_due,
                due_at=counted.new_due,
                policy=tx.policy.version,
                kept=counted.kept,
                edited=RULES if rules_edited else HOURS,
            )
        )
    return counted


def _follow_hours(tx: Transaction, clock: FollowUp) -> bool:
    """It counts on the hours of now; a calendar that is gone gives way to the firm's. Whether they were edited."""
    before = clock.calendar, clock.hours_mark
    if not tx.policy.has_calendar(clock.calendar):
        clock.calendar = FIRMS_OWN
    clock.hours_mark = tx.policy.mark_of(clock.calendar)
    return before != (clock.calendar, clock.hours_mark)


def _take_over(tx: Transaction, clock: FollowUp, rule: FollowUpRule) -> bool:
    """Whether that is another rule than it had."""
    before, clock.began_with = clock.began_with, keep(tx, rule)
    return before != clock.began_with


def _apply(tx: Transaction, clock: FollowUp, timers: Sequence[Timer], counted: Recount) -> None:
    moved = {step.step: step for step in counted.steps}
    rule = rule_of(tx, clock)
    for timer in timers:
        if timer.status == TimerStatus.WAITING and not rule.has(timer.step):
            drop(tx, timer)
        elif timer.status == TimerStatus.WAITING and timer.step in moved:
            timer.due_at = moved[timer.step].new or timer.due_at
    for step in counted.steps:
        if step.old is None and step.new is not None:
            timer = tx.add(timer_for(clock, PlannedStep(step=rule.named(step.step), at=step.new)))
            if step.new <= tx.now:  # a reminder whose time is over is not made up for
                drop(tx, timer)
