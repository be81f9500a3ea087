"""A clock as people read it: time left, the arithmetic of its due instant, and how long which part took.

金 17:10 + 50分 → 月 9:00 + 2時間10分 = 月 11:10
Fri 5:10 pm + 50 min → Mon 9:00 am + 2 h 10 min = Mon 11:10 am
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.in_words.moments import clock_time
from bot.words import Words
from qualification.dossier import FollowUpView
from qualification.hours.due_explained import Stretch

MINUTE = timedelta(minutes=1)
A_WEEK = timedelta(days=6)
MOST_PIECES = 4


def left_in_words(
    clock: FollowUpView, words: Words, language: str, now: datetime, *, zone: ZoneInfo | None = None
) -> str:
    """Time left as it passes: あと2時間10分, 2 h 10 min left; once it is over, since when: a night is no time of
    anybody's. Empty for a clock that has ended.
    """
    if clock.ended_at is not None:
        return ""
    if clock.due_at <= now:
        due = words.day_and_time(clock.due_at, language, zone=zone)
        return words.label("arithmetic", "over", language).format(due=due)
    minutes = int((clock.due_at - now) / MINUTE)
    return words.label("arithmetic", "left", language).format(span=words.span(minutes, language))


def arithmetic(clock: FollowUpView, words: Words, language: str) -> str:
    """Which time counted from start to due; empty when the hours were edited since, so that it would not add up."""
    if clock.days is not None:
        return _in_days(clock, words, language)
    counted = clock.counted
    if not counted:
        return ""
    far = counted[-1].ends_at - counted[0].starts_at > A_WEEK
    pieces = [_piece(stretch, words, language, far=far) for stretch in counted]
    if len(pieces) > MOST_PIECES:
        pieces = [*pieces[: MOST_PIECES - 1], "…", pieces[-1]]
    then = words.label("arithmetic", "then", language)
    due = words.label("arithmetic", "due", language).format(at=_at(counted[-1].ends_at, words, language, far=far))
    return then.join(pieces) + due


def _in_days(clock: FollowUpView, words: Words, language: str) -> str:
    zone = clock.zone
    key = "elapsed_days" if clock.is_elapsed else "days"
    start, due = (_at(at.astimezone(zone), words, language, far=True) for at in (clock.started_at, clock.due_at))
    return words.label("arithmetic", key, language).format(at=start, days=clock.days, due=due)


def _piece(stretch: Stretch, words: Words, language: str, *, far: bool) -> str:
    span = words.span(int(stretch.counted / MINUTE), language)
    at = _at(stretch.starts_at, words, language, far=far)
    return words.label("arithmetic", "piece", language).format(at=at, span=span)


def _at(at: datetime, words: Words, language: str, *, far: bool) -> str:
    pattern = words.label("arithmetic", "dated" if far else "at", language)
    return pattern.format(time=clock_time(at, language), **words.day_names(at.date(), language))


def took_in_words(clock: FollowUpView, words: Words, language: str) -> str:
    """Afterwards: how long until it stood in Slack, and from there until the contact, if there was one (D28)."""
    if (
        clock.ended_at is None
        or clock.status == "cancelled"
        or clock.delays.system_seconds is None
        or clock.delays.human_minutes is None
    ):
        return ""
    seconds = clock.delays.system_seconds
    system = (
        words.label("arithmetic", "seconds", language).format(seconds=seconds)
        if seconds < 60
        else words.span(seconds // 60, language)
    )
    human = words.span(clock.delays.human_minutes, language)
    return words.label("desk", "took", language).format(system=system, human=human)


def clock_json(clock: FollowUpView, words: Words, now: datetime, *, zone: ZoneInfo | None = None) -> dict[str, Any]:
    """A clock for programs: instants in UTC, due also in the reader's zone, what people read in both languages."""
    open_now = clock.ended_at is None
    return {
        "rule": clock.rule,
        "asks": clock.asks,
        "generation": clock.generation,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "due_local": clock.due_at.astimezone(zone or clock.zone).isoformat(),
        "calendar": clock.calendar or "firm",
        "status": clock.status,
        "minutes_left": int((clock.due_at - now) / MINUTE) if open_now else None,
        "left": {one: left_in_words(clock, words, one, now) for one in ("ja", "en")} if open_now else None,
        "arithmetic": {one: arithmetic(clock, words, one) for one in ("ja", "en")},
        "attempts": clock.attempts,
        "grade": clock.grade,
        "evidence": clock.evidence,
        "told_at": clock.told_at,
        "ended_at": clock.ended_at,
        "system_delay_seconds": clock.delays.system_seconds,
        "human_delay_minutes": clock.delays.human_minutes,
        "snoozed_until": clock.snoozed_until,
        "snooze_reason": clock.snooze_reason,
        "seen_by": clock.seen_by,
        "quiet_until": clock.quiet_until,
        "steps": [{"name": step.name, "due_at": step.due_at, "status": step.status} for step in clock.steps],
    }
