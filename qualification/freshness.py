"""Answers grow old: which ones no longer count, so that their question is open again (D21, N16)."""

from collections.abc import Collection
from datetime import date, timedelta

from qualification.answers import Known, Stated
from qualification.bant import CRITERIA, Timeframe, Topic
from qualification.policy import Policy
from qualification.timeframes import has_passed


def outdated(known: Known, policy: Policy, *, today: date) -> tuple[Topic, ...]:
    """The criteria whose answer is too old, in whole days (UTC), or names a time that has passed."""
    oldest = today - timedelta(days=policy.answers.valid_days)
    old = [answer.topic for answer in known.counting if _is_old(answer, oldest, today)]
    return tuple(topic for topic in CRITERIA if topic in old) if old else ()


def _is_old(answer: Stated, oldest: date, today: date) -> bool:
    if isinstance(answer.value, Timeframe) and has_passed(answer.value, today=today):
        return True
    return answer.at.date() < oldest


def fresh(known: Known, policy: Policy, *, today: date) -> Known:
    """What is known without the answers that no longer count."""
    return without(known, outdated(known, policy, today=today))


def without(known: Known, old: Collection[Topic]) -> Known:
    """What is known but for these topics."""
    return Known(tuple(answer for answer in known.stated if answer.topic not in old)) if old else known
