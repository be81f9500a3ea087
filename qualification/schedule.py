"""When a duty is due and when each of its steps falls: pure arithmetic on a calendar (D10, D12, D14)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from qualification.clock_rules import FollowUpRule, Reminder, Step
from qualification.working_hours import WorkingHours


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """A step and the instant (UTC) at which it falls."""

    step: Step
    at: datetime


def counted_by(rule: FollowUpRule, hours: WorkingHours) -> WorkingHours:
    """The calendar this rule counts on: working time, or every minute of the same zone (D10)."""
    return WorkingHours.always(hours.zone) if rule.count == "elapsed" else hours


def morning_of(day: date, hours: WorkingHours) -> datetime:
    """The first working minute on this day or after it, as an instant (UTC)."""
    midnight = datetime.combine(day, time(), tzinfo=hours.zone)
    return hours.add(midnight.astimezone(UTC), timedelta(minutes=1))


def due_of(rule: FollowUpRule, start: datetime, hours: WorkingHours) -> datetime:
    """The instant (UTC) by which the duty must be met.

    In days: closing time of the nth working day after the day of `start` (D14); elapsed days end at midnight.
    """
    counted = counted_by(rule, hours)
    if rule.within_minutes is not None:
        return counted.add(start, timedelta(minutes=rule.within_minutes))
    return counted.end_of_working_day(start, rule.within_working_days or 1)


@dataclass(frozen=True, kw_only=True)
class Course:
    """What a clock that starts at an instant has before it."""

    due_at: datetime
    steps: tuple[PlannedStep, ...]


@lru_cache(maxsize=256)
def course_of(rule: FollowUpRule, start: datetime, hours: WorkingHours) -> Course:
    """Counted once for all clocks that start in one commit: they start at the same instant."""
    counted, due = counted_by(rule, hours), due_of(rule, start, hours)
    reminders = (PlannedStep(step=step, at=min(_remind_at(step, start, due, counted), due)) for step in rule.reminders)
    ladder = (PlannedStep(step=step, at=_late(due, step.late_minutes, counted)) for step in rule.ladder)
    return Course(due_at=due, steps=(*reminders, *ladder))


def schedule(rule: FollowUpRule, start: datetime, hours: WorkingHours) -> tuple[PlannedStep, ...]:
    """When each step of the rule falls, reminders first, then the ladder; no reminder falls after due."""
    return course_of(rule, start, hours).steps


def _remind_at(reminder: Reminder, start: datetime, due: datetime, hours: WorkingHours) -> datetime:
    if reminder.after_minutes is not None:
        return hours.add(start, timedelta(minutes=reminder.after_minutes))
    if reminder.before_minutes is not None:
        before = timedelta(minutes=reminder.before_minutes)
        return hours.add(start, max(hours.between(start, due) - before, timedelta()))
    return opening_of_working_day(hours, start, reminder.on_working_day or 1)


def _late(due: datetime, minutes: int, hours: WorkingHours) -> datetime:
    return hours.add(due, timedelta(minutes=minutes)) if minutes else due  # closing time is not the next opening


def opening_of_working_day(hours: WorkingHours, start: datetime, days: int) -> datetime:
    """When the nth working day after the local day of `start` opens (UTC)."""
    if days > 1:
        return hours.next_opening(hours.end_of_working_day(start, days - 1))
    tomorrow = start.astimezone(hours.zone).date() + timedelta(days=1)
    return hours.next_opening(datetime.combine(tomorrow, time(), hours.zone))
