"""A timer: an instant that is waited for, and what became of it.

waiting -- its instant comes --> done
        -- it is waited for no more --> dropped
        -- it fails again and again --> broken, laid aside for a person to look at

The steps of a follow-up are timers, and so are silence, a call back, the digest and a held line.
"""

from datetime import datetime
from enum import StrEnum

from qualification.records import Timer
from qualification.store import Transaction


class TimerStatus(StrEnum):
    """The condition of a timer's row."""

    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"
    BROKEN = "broken"


def timer_at(due_at: datetime, kind: str, subject_id: str, *, own_id: str = "") -> Timer:
    """A row that waits for this UTC instant. A subject has one of a kind, unless `own_id` tells several apart."""
    return Timer(
        subject_id=subject_id,
        step=f"{kind}:{own_id}" if own_id else kind,
        kind=kind,
        status=TimerStatus.WAITING,
        due_at=due_at,
    )


def wait(tx: Transaction, kind: str, subject_id: str, *, until: datetime) -> None:
    """The subject's one timer of this kind waits for this UTC instant, in place of any it waited for before."""
    timer = tx.peek(Timer, (subject_id, kind))
    if timer is None:
        tx.add(timer_at(until, kind, subject_id))
    else:
        wait_anew(timer, until=until)


def wait_no_more(tx: Transaction, kind: str, subject_id: str) -> None:
    """The subject's one timer of this kind is dropped, if there is one that waits."""
    timer = tx.peek(Timer, (subject_id, kind))
    if timer is not None:
        drop(tx, timer)


def wait_anew(timer: Timer, *, until: datetime | None = None) -> None:
    """As if nothing had become of it; `until` another UTC instant, if it is another."""
    timer.status, timer.settled_at = TimerStatus.WAITING, None
    if until is not None:
        timer.due_at = until


def done(tx: Transaction, timer: Timer) -> None:
    """Its instant has come."""
    timer.status, timer.settled_at = TimerStatus.DONE, tx.now


def drop(tx: Transaction, timer: Timer) -> None:
    """It is waited for no more; what became of one that waits no longer stays as it was."""
    if timer.status == TimerStatus.WAITING:
        timer.status, timer.settled_at = TimerStatus.DROPPED, tx.now


def lay_aside(tx: Transaction, timer: Timer) -> None:
    """It failed again and again: it holds nobody else up, and stays visible until somebody looks."""
    if timer.status == TimerStatus.WAITING:
        timer.status, timer.settled_at = TimerStatus.BROKEN, tx.now
