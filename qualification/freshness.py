"""Answers grow old: which ones no longer count, so that their question is open again (D21, N16)."""

from collections.abc import Collection
from datetime import date, datetime

from qualification.answers import Known
from qualification.bant import CRITERIA, Timeframe, Topic
from qualification.policy import Policy
from qualification.timeframes import has_passed


def outdated(known: Known, policy: Policy, *, today: date) -> tuple[Topic, ...]:
    """The criteria whose answer is too old, in whole days (UTC), or names a time that has passed."""
    oldest = today - policy.answers.stay_valid
    old = [
        answer.topic
        for answer in known.counting
        if answer.at.date() < oldest or (isinstance(answer.value, Timeframe) and has_passed(answer.value, today=today))
    ]
    return tuple(topic for topic in CRITERIA if topic in old) if old else ()


def counts_until(known: Known, policy: Policy, *, before: datetime) -> date | None:
    """The last day on which every answered criterion counts, where it lies before this instant's; else None. `known`
    holds none that is too old.
    """
    valid, days = policy.answers.stay_valid, []
    if known.stated and known.stated[0].at + valid < before:
        days = [answer.at.date() + valid for answer in known.counting if answer.topic in CRITERIA]
    if (timeframe := known.timeframe) and timeframe.latest is not None:
        days.append(timeframe.latest)
    day = min(days, default=None)
    return day if day and day <= before.date() else None


def fresh(known: Known, policy: Policy, *, today: date) -> Known:
    """What is known without the answers that no longer count."""
    return without(known, outdated(known, policy, today=today))


def without(known: Known, old: Collection[Topic]) -> Known:
    """What is known but for these topics."""
    return Known(tuple(answer for answer in known.stated if answer.topic not in old)) if old else known
