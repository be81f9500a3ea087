"""Why a lead has its score and its stage, and what would bring it further (N7, N8).

Pure: what a judgement looked at in, the shortest way and the next best question out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from qualification.answers import Known
from qualification.assessment import Assessment, Picture
from qualification.bant import CRITERIA, Topic
from qualification.policies.score_model import Has, Rule
from qualification.policy import Policy
from qualification.scoring import TOPIC_OF_ATTRIBUTE, Person, holds
from qualification.stages import Stage

PERHAPS_STILL_TOLD = frozenset({"title", "department", "standing", "industry", "headcount", "role", "timeframe"})


@dataclass(frozen=True, kw_only=True)
class Way:
    """The shortest way over a line of the score: which rules, and what they would bring together.

    `line` is "score" (with the activity the rule asks for) or "priority_score".
    """

    line: Literal["score", "priority_score"]
    points_missing: int
    rules: tuple[str, ...]
    brings: int


def way_to_mql(picture: Picture, judged: Assessment, policy: Policy) -> Way | None:
    """The fewest further rules that make the lead an MQL, the last as small as will do.

    None when it is one already, or does not move by score (M40, M41).
    """
    own = policy.for_lead(picture.known, picture.origin)
    mql = own.stages.mql
    if picture.stage not in (Stage.LEAD, Stage.NURTURE) or picture.origin not in mql.origins:
        return None
    gains = sorted(_gains(picture, judged, own), key=lambda gain: -gain[1])
    asked = [gain for gain in gains if _asks_for(own.score.rules[gain[0]], mql.with_activity)]
    ways = [_way("priority_score", mql.priority_score - judged.score, [], gains)]
    if picture.behaviour.times(mql.with_activity):
        ways.append(_way("score", mql.score - judged.score, [], gains))
    elif asked:
        ways.append(_way("score", mql.score - judged.score, asked[:1], gains))
    found = [way for way in ways if way is not None]
    return min(found, key=lambda way: (len(way.rules), way.points_missing), default=None)


def _asks_for(rule: Rule, kind: str) -> bool:
    return len(rule.when) == 1 and any(kind in done.did for done in rule.acts)


def _way(
    line: Literal["score", "priority_score"], missing: int, first: list[tuple[str, int]], gains: list[tuple[str, int]]
) -> Way | None:
    taken, brought = list(first), sum(points for _, points in first)
    for gain in gains:
        if brought >= missing:
            break
        if gain not in taken:
            taken.append(gain)
            brought += gain[1]
    if brought < missing:
        return None
    if len(taken) > len(first):
        rest = missing - (brought - taken.pop()[1])
        taken.append(min((gain for gain in gains if gain not in taken and gain[1] >= rest), key=itemgetter(1)))
        brought = sum(points for _, points in taken)
    return Way(line=line, points_missing=max(0, missing), rules=tuple(name for name, _ in taken), brings=brought)


def _gains(picture: Picture, judged: Assessment, policy: Policy) -> Iterator[tuple[str, int]]:
    """What each rule that is not met yet could still bring, caps of groups counted."""
    person = Person(known=picture.known, origin=picture.origin, today=picture.today)
    have = {point.rule: point.points for point in judged.points}
    left = dict(policy.score.groups)
    for point in judged.points:
        group = policy.score.rules[point.rule].group
        if group in left:
            left[group] -= abs(point.points)
    for name, rule in policy.score.rules.items():
        gain = rule.points - have.get(name, 0)
        if gain <= 0 or not all(holds(trait, person) or _may_be_told(trait, person) for trait in rule.traits):
            continue
        if rule.group in left:
            gain = min(gain, left[rule.group])
            left[rule.group] -= gain
        if gain > 0:
            yield name, gain


def _may_be_told(trait: Has, person: Person) -> bool:
    """Nobody has said it yet; a known headcount does not grow by asking."""
    if trait.has == "headcount":
        return person.headcount is None
    if trait.has == "timeframe":
        return person.known.timeframe is None
    return trait.has in PERHAPS_STILL_TOLD and person.values[trait.has] is None


def next_question(known: Known, judged: Assessment, policy: Policy, *, origin: str) -> Topic | None:
    """What to ask next, for the interview and for the rep: what the next stage lacks, then what brings most points."""
    wanted = [Topic(missing) for missing in judged.missing if missing in set(Topic)]
    if wanted:
        return wanted[0]
    unknown = [topic for topic in CRITERIA if known.about(topic) is None]
    rules = policy.for_lead(known, origin).score.rules.values()
    worth = {topic: sum(_worth_of_asking(rule, topic) for rule in rules) for topic in unknown}
    return max(unknown, key=lambda topic: worth[topic], default=None)


def _worth_of_asking(rule: Rule, topic: Topic) -> int:
    asked = any(TOPIC_OF_ATTRIBUTE.get(trait.has) is topic for trait in rule.traits)
    return max(0, rule.points) if asked else 0
