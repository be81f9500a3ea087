""" "I have seen it": silence for a while, then the same is said again, unless somebody has made contact by then.

What has been seen is the last step taken; each step can be seen once. A rep holds back reminders, a manager also what
goes to the managers: a claim to have seen it is no contact, and never keeps the lateness from those above.
"""

from datetime import datetime, timedelta

from qualification.clock_rules import AGAIN
from qualification.events import FollowUpSeen
from qualification.followup import hold_back, hours_of, open_follow_ups_of, step_named, timer_for, waiting_timers_of
from qualification.kept_rules import rule_of
from qualification.records import FollowUp, Lead, Timer
from qualification.schedule import PlannedStep
from qualification.store import Transaction
from qualification.timers import TimerStatus

OPENED = "opened"


class NothingToSee(Exception):
    """No clock is running for this lead."""


class AlreadySeen(Exception):
    """This step was seen before; the next one can be seen again."""


def acknowledge(tx: Transaction, lead: Lead, *, by: str, is_manager: bool = False, rule: str | None = None) -> datetime:
    """Hold back what falls within the policy's interval; gives the instant from which it is said again.

    Of the named rule, or of the most urgent running clock. Raises NothingToSee, AlreadySeen.
    """
    running = [row for row in open_follow_ups_of(tx, lead) if rule in (None, row.rule)]
    if not running:
        raise NothingToSee(NothingToSee.__doc__)
    follow_up = running[0]
    timers = tx.find(Timer, "subject_id", follow_up.id)
    step = _last_said(tx, follow_up, timers)
    if _was_seen(follow_up, step, timers):
        raise AlreadySeen(AlreadySeen.__doc__)
    until = hours_of(tx, follow_up).add(tx.now, timedelta(minutes=rule_of(tx, follow_up).renotify_minutes))
    waiting = waiting_timers_of(tx, follow_up)
    held = [timer for timer in waiting if is_manager or not step_named(tx, follow_up, timer.step).tells.is_above]
    hold_back(tx, follow_up, _not_passed_by(tx, follow_up, held, waiting), until=until)
    if step != OPENED:
        tx.add(timer_for(follow_up, PlannedStep(step=step_named(tx, follow_up, step), at=until), suffix=AGAIN))
    follow_up.seen_by, follow_up.seen_at, follow_up.quiet_until = by, tx.now, until
    tx.record(FollowUpSeen(lead_id=lead.id, by=by, rule=follow_up.rule, step=step, until=until))
    return until


def _not_passed_by(tx: Transaction, follow_up: FollowUp, held: list[Timer], waiting: list[Timer]) -> list[Timer]:
    """Without the steps that are due beside a stronger one that is not held: with it they fall silent (DR11)."""
    rule = rule_of(tx, follow_up)

    def rank(timer: Timer) -> int:
        return rule.rank_of(timer.step.removesuffix(AGAIN))

    said_now = max((rank(timer) for timer in waiting if timer not in held and timer.due_at <= tx.now), default=-1)
    return [timer for timer in held if timer.due_at > tx.now or rank(timer) > said_now]


def _last_said(tx: Transaction, follow_up: FollowUp, timers: list[Timer]) -> str:
    """The strongest step taken so far of those its rule still has, by its own name; "opened" before the first."""
    rule = rule_of(tx, follow_up)
    taken = {timer.step.removesuffix(AGAIN) for timer in timers if timer.status == TimerStatus.DONE}
    return max((name for name in taken if rule.has(name)), key=rule.rank_of, default=OPENED)


def _was_seen(follow_up: FollowUp, step: str, timers: list[Timer]) -> bool:
    if step == OPENED:
        return follow_up.seen_at is not None
    return any(timer.step == step + AGAIN for timer in timers)
