"""Points for what they did and who they are, each with its evidence (M47-M62, D4, D5).

The sum of the shown points is the score, always.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from qualification.answers import Known
from qualification.bant import Role
from qualification.policy import Policy, Score
from qualification.timeframes import within_months


@dataclass(frozen=True, kw_only=True)
class Did:
    """Something the prospect did, and when."""

    kind: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Point:
    """Points for one rule: which, how many, when it was earned, and whether the number is only our hypothesis."""

    rule: str
    points: int
    at: datetime | None
    hypothesis: bool


def points_for(activities: Iterable[Did], known: Known, policy: Policy, *, today: date) -> tuple[Point, ...]:
    """Every point a lead has, behaviour first; a rule counts once for a lead (D5)."""
    rules = policy.score
    earned = [
        Point(rule=did.kind, points=rules.activities[did.kind], at=did.at, hypothesis=did.kind in rules.hypothesis)
        for did in _first_of_each(activities)
        if did.kind in rules.activities
    ]
    earned += [
        Point(rule=rule, points=points, at=None, hypothesis=rule in rules.hypothesis)
        for rule, points in _attributes(known, rules, today).items()
    ]
    return tuple(earned)


def _first_of_each(activities: Iterable[Did]) -> list[Did]:
    firsts: dict[str, Did] = {}
    for did in sorted(activities, key=lambda did: did.at):
        firsts.setdefault(did.kind, did)
    return list(firsts.values())


def _attributes(known: Known, rules: Score, today: date) -> dict[str, int]:
    own = rules.attributes
    earned: dict[str, int] = {}
    headcount = known.company.headcount if known.company else None
    if headcount and (headcount.minimum or 0) >= own.large_firm_from:
        earned["large_firm"] = own.large_firm
    if headcount and headcount.maximum is not None and headcount.maximum <= own.tiny_firm_to:
        earned["tiny_firm"] = own.tiny_firm
    if known.authority and known.authority.role is Role.DECISION_MAKER:
        earned["deciding_role"] = own.deciding_role
    if known.timeframe and within_months(known.timeframe, 6, today=today):
        earned["within_six_months"] = own.within_six_months
    return earned
