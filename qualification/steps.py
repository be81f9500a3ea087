"""The steps of the clocks, taken when they fall: what fell due together is decided together.

    clocks with a step due -> looked at as they stand, under their lock -> what each of them does, a pure decision
                           -> timers settled, history and messages written: a few statements for hundreds of clocks

After an outage only the strongest step whose time has come is taken; weaker ones are dropped (DR11). A clock that has
ended, or was opened anew, takes none.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, Text, bindparam, cast, exists, select

from qualification.audience import Audience, audience_of
from qualification.clock_rules import AGAIN, FollowUpRule, Tells
from qualification.events import CLOCK, StepTaken
from qualification.followup import Status, TimerStatus, read_rule
from qualification.notices import tell_steps
from qualification.records import FollowUp, Lead, Timer
from qualification.rows import table_of
from qualification.store import RecordNotFound, Transaction

Clock = Row[Any]  # as `_clocks_with` reads it
Waiting = Row[Any]  # as `_steps_of` reads it


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What one clock does now: the step it takes, if any, and those that fall silent."""

    taken: Waiting | None = None
    dropped: Sequence[Waiting] = ()
    breaches: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A clock and the step it takes."""

    clock: Clock
    step: Waiting
    rule: FollowUpRule

    @property
    def tells(self) -> Tells:
        return self.rule.named(self.step.step).tells


def take_due_steps(tx: Transaction, clock_ids: Collection[str]) -> int:
    """Do what the due timers of these clocks ask, where they still may; how many timers that settled.

    A clock that another process is deciding in this moment is left to it. Raises RecordNotFound for one that is gone.
    """
    clocks = {clock.id: clock for clock in tx.select_in(_clocks_with(), clock_ids)}
    if len(clocks) < len(set(clock_ids)):
        _all_are_there(tx, clock_ids)
    waiting: dict[str, list[Waiting]] = {clock_id: [] for clock_id in clocks}
    for step in tx.select_in(_steps_of(), clocks):
        waiting[step.subject_id].append(step)
    decided = [(clock, decide(clock, waiting[clock.id], now=tx.now)) for clock in clocks.values()]
    taken = [Taken(clock=clock, step=done.taken, rule=read_rule(clock.policy)) for clock, done in decided if done.taken]
    _settle(tx, taken, [step for _, done in decided for step in done.dropped])
    tx.change(FollowUp, [clock.id for clock, done in decided if done.breaches], breached_at=table_of(FollowUp).c.due_at)
    _tell(tx, taken)
    return sum(len(done.dropped) for _, done in decided) + len(taken)


def take_step(tx: Transaction, timer: Timer) -> None:
    """What one due timer asks of its clock."""
    take_due_steps(tx, [timer.subject_id])


def decide(clock: Clock, waiting: Sequence[Waiting], *, now: datetime) -> Decision:
    """What this clock does with the steps that wait on it."""
    due = [step for step in waiting if step.due_at <= now]
    if not due:
        return Decision()
    if clock.status != Status.OPEN or clock.was_opened_anew:
        return Decision(dropped=waiting)
    rule = read_rule(clock.policy)
    wanted = [step for step in due if _is_wanted(rule, step.step, clock.attempts)]
    strongest = max(wanted, key=lambda step: rule.rank_of(step.step), default=None)
    dropped = [step for step in due if step is not strongest]
    return Decision(taken=strongest, dropped=dropped, breaches=now >= clock.due_at and clock.breached_at is None)


def _is_wanted(rule: FollowUpRule, step: str, attempts: int) -> bool:
    """A reminder to try again is silent for whoever has tried often enough."""
    enough = rule.named(step).unless_attempts
    return enough is None or attempts < enough


# -- writing ---------------------------------------------------------------------------------------


def _settle(tx: Transaction, taken: Sequence[Taken], dropped: Sequence[Waiting]) -> None:
    """Of a lead that Slack does not show yet nobody is told (D17): the step is written down, its timer is dropped."""
    told = [one.step.id for one in taken if one.clock.channel is not None]
    untold = [one.step.id for one in taken if one.clock.channel is None]
    tx.change(Timer, told, status=TimerStatus.DONE, settled_at=tx.now)
    tx.change(Timer, [*untold, *(step.id for step in dropped)], status=TimerStatus.DROPPED, settled_at=tx.now)


def _tell(tx: Transaction, taken: Sequence[Taken]) -> None:
    """Write the steps into the histories of their leads, and queue what is said about them."""

    @cache
    def audience(owner_id: str | None, tells: Tells) -> Audience:
        return audience_of(tx, owner_id, tells)

    told = [_step_taken(one, audience(one.clock.owner_id, one.tells), now=tx.now) for one in taken]
    tell_steps(tx, told, in_slack={one.clock.lead_id for one in taken if one.clock.channel is not None})


def _step_taken(one: Taken, audience: Audience, *, now: datetime) -> StepTaken:
    clock, step = one.clock, one.step.step
    return StepTaken(
        lead_id=clock.lead_id,
        by=CLOCK,
        follow_up_id=clock.id,
        rule=clock.rule,
        step=step,
        tells=audience.tells,
        due_at=clock.due_at,
        late=now >= clock.due_at,
        asks=one.rule.asks,
        people=audience.people,
        managers=audience.managers,
        stands_in_for=audience.stands_in_for,
        again=step.endswith(AGAIN),
    )


# -- reading ---------------------------------------------------------------------------------------


@cache
def _clocks_with() -> Select[Any]:
    """The clocks with these ids as they stand; on PostgreSQL nobody else changes them until our commit."""
    clock, lead = table_of(FollowUp), table_of(Lead)
    later = clock.alias()
    opened_anew = exists().where(
        later.c.lead_id == clock.c.lead_id,
        later.c.rule == clock.c.rule,
        later.c.generation > clock.c.generation,
        later.c.status != Status.UNDONE,
    )
    own = [clock.c[name] for name in ("id", "lead_id", "rule", "status", "due_at", "breached_at", "attempts")]
    policy = cast(clock.c.policy, Text).label("policy")  # its text names it: a rule is read once, not once a clock
    read = select(*own, policy, lead.c.owner_id, lead.c.channel, opened_anew.label("was_opened_anew"))
    these = clock.c.id.in_(bindparam("wanted", expanding=True))
    ordered = read.join(lead, lead.c.id == clock.c.lead_id).where(these).order_by(clock.c.id)
    return ordered.with_for_update(of=clock, skip_locked=True)


@cache
def _steps_of() -> Select[Any]:
    """What waits on the clocks with these ids."""
    timer = table_of(Timer)
    these = timer.c.subject_id.in_(bindparam("wanted", expanding=True))
    waits = timer.c.status == TimerStatus.WAITING
    read = select(timer.c.id, timer.c.subject_id, timer.c.step, timer.c.due_at).where(these, waits)
    return read.order_by(timer.c.id).with_for_update()


def _all_are_there(tx: Transaction, clock_ids: Collection[str]) -> None:
    clock = table_of(FollowUp)
    these = select(clock.c.id).where(clock.c.id.in_(bindparam("wanted", expanding=True)))
    there = {row.id for row in tx.select_in(these, clock_ids)}
    for clock_id in clock_ids:
        if clock_id not in there:
            raise RecordNotFound(FollowUp, clock_id)
