"""What is wrong with a policy that every table by itself allows: names nobody knows, lines nobody reaches, rules
that never matter (N20).

An error stops the policy from loading; a hint is for whoever wrote it. Each names its place in the text.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from qualification.behaviour import KINDS
from qualification.policies.duties import duties
from qualification.policies.finding import Place, PolicyFinding
from qualification.policies.score_model import Rule, Score

if TYPE_CHECKING:
    from qualification.policies.parts import Segment
    from qualification.policy import Policy

Conditions = tuple[bool, frozenset[str]]
FIRST_FIELDS = 2


def check(policy: "Policy") -> tuple[PolicyFinding, ...]:
    """Everything that is wrong, for the policy itself and as it stands for each segment and trial."""
    kinds = KINDS | set(policy.activities.own)
    found = [*_model(policy, kinds, ()), *_rules_switched_off(policy.score), *_segments(policy.segments)]
    found += _long_forms(policy)
    if not policy.version.strip():
        problem = 'every decision names the version that made it: give it a name, such as "2026-1"'
        found.append(PolicyFinding(place=("version",), problem=problem))
    for table, models in (("segments", policy.of_segment), ("trials", policy.of_trial)):
        for name, model in models.items():
            found += [finding for finding in _model(model, kinds, (table, name)) if not _said_before(finding, found)]
    return tuple(found)


def _said_before(finding: PolicyFinding, found: list[PolicyFinding]) -> bool:
    """A mistake of the policy itself is not said again for each segment."""
    return any(finding.place[2:] == other.place for other in found)


def _model(policy: "Policy", kinds: frozenset[str] | set[str], at: Place) -> Iterator[PolicyFinding]:
    yield from _unknown_kinds(policy, kinds, at)
    yield from _lines_out_of_reach(policy, at)
    yield from _stages_out_of_reach(policy, at)
    yield from _judges(policy, at)
    yield from duties(policy.follow_up, at)
    yield from _offers(policy, at)
    yield from _rules(policy.score, at)


def _unknown_kinds(policy: "Policy", kinds: frozenset[str] | set[str], at: Place) -> Iterator[PolicyFinding]:
    named: list[tuple[Place, str]] = [
        (("score", "rules", name), kind)
        for name, rule in policy.score.rules.items()
        for done in rule.acts
        for kind in done.did
    ]
    named.append((("stages", "mql"), policy.stages.mql.with_activity))
    named += [(("forms", name, "activity"), form.activity) for name, form in policy.forms.items()]
    named += [(("temperature", "hot_activities"), kind) for kind in policy.temperature.hot_activities]
    for place, kind in named:
        if kind not in kinds:
            said = f"{kind!r} is no activity we know; name your own in [activities] own"
            yield PolicyFinding(place=(*at, *place, kind), problem=said)


def _lines_out_of_reach(policy: "Policy", at: Place) -> Iterator[PolicyFinding]:
    most, mql = policy.score.most, policy.stages.mql
    lines: list[tuple[Place, int]] = [
        (("stages", "mql", "score"), mql.score),
        (("stages", "mql", "priority_score"), mql.priority_score),
        (("temperature", "hot_score"), policy.temperature.hot_score),
        (("temperature", "warm_score"), policy.temperature.warm_score),
    ]
    for place, line in lines:
        if line > most:
            problem = f"no lead can reach {line} points: all rules together bring {most}"
            yield PolicyFinding(place=(*at, *place), problem=problem)
    if mql.priority_score <= mql.score:
        problem = f"with_activity never matters: {mql.priority_score} points are enough without it"
        yield PolicyFinding(place=(*at, "stages", "mql", "priority_score"), problem=problem)


def _stages_out_of_reach(policy: "Policy", at: Place) -> Iterator[PolicyFinding]:
    if not policy.stages.tql.conversations:
        problem = "no talk ever makes a lead a TQL: name chat, call or both"
        yield PolicyFinding(place=(*at, "stages", "tql", "conversations"), problem=problem)
    if not policy.stages.mql.origins:
        problem = "no lead becomes an MQL by its points: name inbound, outbound or both"
        some_do = at[:1] == ("segments",) or any(one.stages.mql.origins for one in policy.of_segment.values())
        place = (*at, "stages", "mql", "origins")
        yield PolicyFinding(place=place, problem=problem, level="hint" if some_do else "error")
    hot, warm = policy.temperature.hot_score, policy.temperature.warm_score
    if warm > hot:
        problem = f"warm_score never matters: with {hot} points a lead is hot already"
        yield PolicyFinding(place=(*at, "temperature", "warm_score"), problem=problem)


def _judges(policy: "Policy", at: Place) -> Iterator[PolicyFinding]:
    for stage in ("MQL", "TQL", "SAL", "SQL"):
        if not policy.stages.judges.of(stage):
            place = (*at, "stages", "judges", stage)
            yield PolicyFinding(place=place, problem=f"nobody may judge that a lead is an {stage}")


def _offers(policy: "Policy", at: Place) -> Iterator[PolicyFinding]:
    """An offer with a moment of its own is a duty to decide: without one nobody hears of it or can accept."""
    stages = policy.stages
    if stages.offer_when == "bant_rule" and not stages.auto_accept and not policy.asks_sales:
        problem = (
            'sales would never be asked: switch on a [follow_up.NAME] with starts = "offered" and met_by = "decision"'
        )
        yield PolicyFinding(place=(*at, "stages", "offer_when"), problem=problem)


def _rules(score: Score, at: Place) -> Iterator[PolicyFinding]:
    rules = (*at, "score", "rules")
    for name, rule in score.rules.items():
        if rule.group is not None and rule.group not in score.groups:
            problem = f"the group {rule.group!r} has no cap; give it one in [score.groups]"
            yield PolicyFinding(place=(*rules, name), problem=problem)
        if reason := _contradiction(rule):
            yield PolicyFinding(place=(*rules, name), problem=f"this rule never counts: {reason}")
    first_with: dict[Conditions, str] = {}
    for name, rule in score.rules.items():
        if rule.points and (one := first_with.setdefault(_conditions(rule), name)) != name:
            yield PolicyFinding(
                place=(*rules, name), problem=f"the conditions are those of {one!r}: put them in one rule"
            )
    for group in score.groups:
        if all(rule.group != group for rule in score.rules.values()):
            problem = f"no rule belongs to the group {group!r}"
            yield PolicyFinding(place=(*at, "score", "groups", group), problem=problem, level="hint")


def _long_forms(policy: "Policy") -> Iterator[PolicyFinding]:
    """Many fields drive people away (M115): two are enough to begin with (M113)."""
    for name, form in policy.forms.items():
        if len(form.first) > FIRST_FIELDS:
            problem = f"{len(form.first)} fields at once drive people away; ask {FIRST_FIELDS} at first, the rest later"
            yield PolicyFinding(place=("forms", name, "first"), problem=problem, level="hint")


def _rules_switched_off(score: Score) -> Iterator[PolicyFinding]:
    """A segment may switch a rule off with no points; in the policy itself such a rule is dead."""
    for name, rule in score.rules.items():
        if not rule.points:
            yield PolicyFinding(
                place=("score", "rules", name, "points"), problem="this rule never counts: it has no points"
            )


def _conditions(rule: Rule) -> Conditions:
    """Two rules with equal conditions count the same leads."""
    return rule.in_order, frozenset(map(repr, rule.when))


def _contradiction(rule: Rule) -> str | None:
    low = max((trait.at_least for trait in rule.traits if trait.at_least is not None), default=0)
    high = min((trait.at_most for trait in rule.traits if trait.at_most is not None), default=None)
    values: dict[str, set[str]] = {}
    for trait in rule.traits:
        if trait.one_of and trait.has not in ("title", "department"):
            values[trait.has] = values.get(trait.has, set(trait.one_of)) & set(trait.one_of)
    if high is not None and low > high:
        return f"no headcount is at least {low} and at most {high}"
    return next((f"no {name} is all of these at once" for name, left in values.items() if not left), None)


def _segments(segments: dict[str, "Segment"]) -> Iterator[PolicyFinding]:
    for name, segment in segments.items():
        if segment.headcount_from and segment.headcount_to and segment.headcount_from > segment.headcount_to:
            problem = "no headcount lies between headcount_from and headcount_to"
            yield PolicyFinding(place=("segments", name, "headcount_from"), problem=problem)
    for (earlier, first), (later, second) in combinations(segments.items(), 2):
        if _covers(first, second):
            problem = f"no lead gets here: {earlier!r} stands before it and fits all of them"
            yield PolicyFinding(place=("segments", later), problem=problem)


def _covers(first: "Segment", second: "Segment") -> bool:
    """Whether every lead of the second fits the first."""
    return (
        _includes(first.industry, second.industry)
        and _includes(first.origin, second.origin)
        and (first.headcount_from is None or (second.headcount_from or 0) >= first.headcount_from)
        and (first.headcount_to is None or (second.headcount_to or first.headcount_to + 1) <= first.headcount_to)
    )


def _includes(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    return not wide or (bool(narrow) and set(narrow) <= set(wide))
