"""The steps of the clocks, taken when they fall: what fell due together is decided together.

    clocks with a step due -> looked at as they stand, under their lock -> what each of them does, a pure decision
                           -> timers settled, history and messages written: a few statements for hundreds of clocks

After an outage only the strongest step whose time has come is taken; weaker ones are dropped (DR11). A clock that has
ended, or was opened anew, takes none.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, select

from qualification.audience import audience_of
from qualification.clock_rules import AGAIN, FollowUpRule, Tells
from qualification.events import CLOCK, StepTaken
from qualification.followup import Status
from qualification.kept_rules import rule_named
from qualification.notices import tell_steps
from qualification.passed_on import pass_on_steps
from qualification.records import FollowUp, Lead, Timer
from qualification.store import RecordNotFound, Transaction
from qualification.timers import TimerStatus
from qualification.writing.many import Among
from qualification.writing.rows import table_of


class DueStep(NamedTuple):
    """A due step with its clock and its lead, in the order in which `_due_steps` reads them.

    A plain tuple: an attribute of SQLAlchemy's rows takes ten times as long to look at.
    """

    step: str
    clock_id: str
    lead_id: str
    rule: str
    status: str
    attempts: int
    clock_due_at: datetime
    is_breached: bool
    began_with: str
    was_opened_anew: bool
    owner_id: str | None
    channel: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """What a rule says of one of its steps: the higher its rank the stronger, silent from so many attempts on."""

    rank: int
    tells: Tells
    asks: str
    unless_attempts: float


Meanings = Mapping[tuple[str, str], Meaning]  # by the name of the rule and that of its step


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What one clock does now: the step it takes, if any, and those that fall silent."""

    taken: DueStep | None = None
    dropped: Sequence[DueStep] = ()


def take_due_steps(tx: Transaction, clock_ids: Collection[str]) -> int:
    """Do what the due timers of these clocks ask, where they still may; how many timers that settled.

    A clock that another process is deciding in this moment is left to it. Raises RecordNotFound for one that is gone.
    """
    due: dict[str, list[DueStep]] = {}
    for step in map(DueStep._make, tx.select_in(_due_steps, clock_ids, now=tx.now)):
        due.setdefault(step.clock_id, []).append(step)
    if len(due) < len(clock_ids):
        _all_are_there(tx, clock_ids)
    meanings = _meanings(tx, [step for steps in due.values() for step in steps])
    decided = [decide(steps, meanings) for steps in due.values()]
    taken = [decision.taken for decision in decided if decision.taken is not None]
    _settle(tx, taken, [step for decision in decided for step in decision.dropped])
    breached = [step.clock_id for step in taken if step.clock_due_at <= tx.now and not step.is_breached]
    tx.change(FollowUp, breached, breached_at=table_of(FollowUp).c.due_at)
    _tell(tx, taken, meanings)
    return sum(map(len, due.values()))


def take_step(tx: Transaction, timer: Timer) -> None:
    """What one due timer asks of its clock."""
    take_due_steps(tx, [timer.subject_id])


def decide(due: Sequence[DueStep], meanings: Meanings) -> Decision:
    """What a clock does with those of its steps whose time has come."""
    clock = due[0]
    if clock.status != Status.OPEN or clock.was_opened_anew:
        return Decision(dropped=due)
    meant = [(meanings[step.began_with, step.step], step) for step in due]
    wanted = [(meaning.rank, step) for meaning, step in meant if clock.attempts < meaning.unless_attempts]
    strongest = max(wanted, key=itemgetter(0))[1] if wanted else None
    return Decision(taken=strongest, dropped=[step for step in due if step is not strongest])


def _meanings(tx: Transaction, due: Sequence[DueStep]) -> Meanings:
    """Of each step of a rule once: thousands of clocks have the same."""
    kinds = {(step.began_with, step.step) for step in due}
    return {(name, step): _meaning(rule_named(tx, name), step) for name, step in kinds}


def _meaning(rule: FollowUpRule, step: str) -> Meaning:
    named = rule.named(step)
    enough = math.inf if named.unless_attempts is None else named.unless_attempts
    return Meaning(rank=rule.rank_of(step), tells=named.tells, asks=rule.asks.value, unless_attempts=enough)


# -- writing ---------------------------------------------------------------------------------------


def _settle(tx: Transaction, taken: Sequence[DueStep], dropped: Sequence[DueStep]) -> None:
    """Of a lead that Slack does not show yet nobody is told (D17): the step is written down, its timer is dropped."""
    told = [step for step in taken if step.channel is not None]
    untold = [step for step in taken if step.channel is None]
    tx.change(Timer, map(_key, told), status=TimerStatus.DONE, settled_at=tx.now)
    tx.change(Timer, map(_key, [*untold, *dropped]), status=TimerStatus.DROPPED, settled_at=tx.now)


def _key(step: DueStep) -> tuple[str, str]:
    return step.clock_id, step.step


def _tell(tx: Transaction, taken: Sequence[DueStep], meanings: Meanings) -> None:
    """Write the steps into the histories of their leads, and queue what is said about them: all that is said of
    clocks with the same rule and owner is said alike.
    """
    alike: dict[tuple[Any, ...], list[DueStep]] = {}
    for step in taken:
        alike.setdefault(
            (step.rule, step.step, step.began_with, step.owner_id, tx.now >= step.clock_due_at), []
        ).append(step)
    told = [(_step_taken(tx, steps[0], meanings), steps) for steps in alike.values()]
    tell_steps(tx, told)
    pass_on_steps(tx, told)


def _step_taken(tx: Transaction, step: DueStep, meanings: Meanings) -> StepTaken:
    meaning = meanings[step.began_with, step.step]
    audience = audience_of(tx, step.owner_id, meaning.tells)
    return StepTaken(
        lead_id=step.lead_id,
        by=CLOCK,
        follow_up_id=step.clock_id,
        rule=step.rule,
        step=step.step,
        tells=audience.tells.value,
        due_at=step.clock_due_at,
        late=tx.now >= step.clock_due_at,
        asks=meaning.asks,
        people=audience.people,
        managers=audience.managers,
        stands_in_for=audience.stands_in_for,
        again=step.step.endswith(AGAIN),
    )


# -- reading ---------------------------------------------------------------------------------------


@cache
def _due_steps(among: Among) -> Select[Any]:
    """What is due of these clocks, as they stand; on PostgreSQL nobody else changes them until our commit."""
    timer, clock, lead = table_of(Timer), table_of(FollowUp), table_of(Lead)
    later = clock.alias()
    opened_anew = exists().where(
        later.c.lead_id == clock.c.lead_id,
        later.c.rule == clock.c.rule,
        later.c.generation > clock.c.generation,
        later.c.status != Status.UNDONE,
    )
    due = select(
        timer.c.step,
        clock.c.id,
        clock.c.lead_id,
        clock.c.rule,
        clock.c.status,
        clock.c.attempts,
        clock.c.due_at,
        clock.c.breached_at.is_not(None),
        clock.c.began_with,
        opened_anew,
        lead.c.owner_id,
        lead.c.channel,
    )
    of_these = due.join(clock, clock.c.id == timer.c.subject_id).join(lead, lead.c.id == clock.c.lead_id)
    of_these = of_these.where(among(timer.c.subject_id))
    waiting = of_these.where(timer.c.status == TimerStatus.WAITING, timer.c.due_at <= bindparam("now"))
    return waiting.with_for_update(of=(clock, timer), skip_locked=True)


def _all_are_there(tx: Transaction, clock_ids: Collection[str]) -> None:
    """Those of which nothing was due may be decided by now, or be another's; but they have to be somewhere."""
    there = {row.id for row in tx.select_in(_with_ids, clock_ids)}
    for clock_id in clock_ids:
        if clock_id not in there:
            raise RecordNotFound(FollowUp, clock_id)


@cache
def _with_ids(among: Among) -> Select[Any]:
    clock = table_of(FollowUp)
    return select(clock.c.id).where(among(clock.c.id))
