"""What is wrong with the duties of a policy that each of them by itself allows: a promise nobody makes, no contact ever
meets or nobody hears of, and numbers nobody can mean.

Here and not in the rule itself: a running clock reads the rule it began with, whatever we think of it by now (D13).
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from qualification.clock_rules import FIRST_CONTACT, FollowUpRule, Reminder, Starts
from qualification.policies.finding import Place, PolicyFinding
from qualification.policies.table import A_YEAR

MOST_DAYS = 1_000  # working days: four years
MOST_ATTEMPTS = 1_000
NO_MORE_THAN = {
    "within_minutes": A_YEAR,
    "within_working_days": MOST_DAYS,
    "renotify_minutes": A_YEAR,
    "attempts": MOST_ATTEMPTS,
}
NO_STEP_MORE_THAN = {"late_minutes": A_YEAR, "after_minutes": A_YEAR, "before_minutes": A_YEAR}


def duties(rules: Mapping[str, FollowUpRule], at: Place) -> Iterator[PolicyFinding]:
    """Of the rules that are on; `at`: the tables they stand in."""
    for name, rule in rules.items():
        if rule.on:
            place = (*at, "follow_up", name)
            if name == FIRST_CONTACT:
                yield from _promise(rule, place)
            yield from _numbers(rule, place)
            yield from _never_met(rule, place)
            yield from _never_told(name, rule, place)
            yield from _out_of_order(rule, place)


def _promise(rule: FollowUpRule, place: Place) -> Iterator[PolicyFinding]:
    """It starts when a lead qualifies, and a contact meets it (M91, M92)."""
    if rule.starts is not Starts.QUALIFIED:
        problem = 'nobody would be promised a contact: write starts = "qualified", and give this duty a name of its own'
        yield PolicyFinding(place=(*place, "starts"), problem=problem)
    if rule.met_by == "decision":
        problem = 'no contact would ever meet it: write "attempt", "reached" or "two_way"'
        yield PolicyFinding(place=(*place, "met_by"), problem=problem)


def _numbers(rule: FollowUpRule, place: Place) -> Iterator[PolicyFinding]:
    for key, most in NO_MORE_THAN.items():
        if (getattr(rule, key) or 0) > most:
            yield PolicyFinding(place=(*place, key), problem=_too_much(getattr(rule, key), most))
    for step in rule.steps:
        for key, most in NO_STEP_MORE_THAN.items():
            if (getattr(step, key, None) or 0) > most:
                yield PolicyFinding(place=(*place, step.name), problem=_too_much(getattr(step, key), most))


def _too_much(number: int, most: int) -> str:
    return f"{number} cannot be meant: write {most} or less"


def _never_met(rule: FollowUpRule, place: Place) -> Iterator[PolicyFinding]:
    if rule.evidence == ("mail",) and rule.met_by in ("reached", "two_way") and rule.attempts is None:
        problem = f"a mail alone is never {rule.met_by!r}: name other evidence as well, or attempts"
        yield PolicyFinding(place=(*place, "evidence"), problem=problem)


def _never_told(name: str, rule: FollowUpRule, place: Place) -> Iterator[PolicyFinding]:
    if not rule.steps:
        problem = "nobody ever hears of it: give it reminders or a ladder, or switch it off"
        yield PolicyFinding(place=place, problem=problem, level="hint" if rule.asks_sales else "error")
    elif name == FIRST_CONTACT and not rule.ladder:
        problem = "nobody hears that it is late; without this line the ladder is as shipped"
        yield PolicyFinding(place=(*place, "ladder"), problem=problem, level="hint")


def _out_of_order(rule: FollowUpRule, place: Place) -> Iterator[PolicyFinding]:
    """Of what fell due together the last one is said, so the last has to be the latest (DR11)."""
    for earlier, later in pairwise(rule.reminders):
        before, after = _falls_at(earlier, rule), _falls_at(later, rule)
        if before is not None and after is not None and before >= after:
            problem = f"reminders must be in the order of their time: {later.name!r} comes too late"
            yield PolicyFinding(place=(*place, "reminders"), problem=problem)


def _falls_at(reminder: Reminder, rule: FollowUpRule) -> int | None:
    """Minutes after the start, where that can be told."""
    if reminder.before_minutes is None or rule.within_minutes is None:
        return reminder.after_minutes
    return rule.within_minutes - reminder.before_minutes
