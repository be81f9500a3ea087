"""Points for what they did and who they are, each with its evidence (M47-M62, D4, D5, D20).

The sum of the shown points is the score, always. Pure: the running sum of what they did, what we know, and
the rules in; points out. Nothing here depends on how many activities there are, or in which order they came.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Literal

from qualification.answers import Known
from qualification.bant import Company, Contact, Headcount, Topic
from qualification.behaviour import Behaviour
from qualification.hours.sheet import instant, microseconds
from qualification.policies.score_model import Done, Has, Rule, Score
from qualification.timeframes import FARTHEST, within_months

DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who they are, as the rules ask it; `known` holds the answers behind it."""

    known: Known
    origin: str
    today: date
    _has: dict[int, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def values(self) -> Mapping[str, str | None]:
        """The attributes in words; None while nobody has told us."""
        company, contact = self.known.company or Company(), self.known.contact or Contact()
        authority = self.known.authority
        return {
            "industry": company.industry,
            "title": contact.title,
            "department": contact.department,
            "standing": contact.standing,
            "role": authority.role if authority else None,
            "origin": self.origin,
        }

    def has(self, trait: Has) -> bool:
        """Whether the trait holds; looked up once for each."""
        known = self._has.get(id(trait))
        if known is None:
            known = self._has[id(trait)] = holds(trait, self)
        return known

    @cached_property
    def headcount(self) -> Headcount | None:
        return self.known.company.headcount if self.known.company else None


TOPIC_OF_ATTRIBUTE = {
    "headcount": Topic.COMPANY,
    "industry": Topic.COMPANY,
    "title": Topic.CONTACT,
    "department": Topic.CONTACT,
    "standing": Topic.CONTACT,
    "role": Topic.AUTHORITY,
    "timeframe": Topic.TIMEFRAME,
}
IN_WORDS = frozenset({"title", "department"})
LATIN = "[a-zà-ÿ]"
NOT_THEIR_AIDE = r"(?!の?(?:秘書|補佐|付|アシスタント|室)|(?:['’]s?)?\s+(?:assistant|secretary|pa\b)|['’]s?\s+office)"
AIDE_TO = re.compile(r"\b((?:assistant|secretary|aide|pa) to\b).*")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One fact behind points: what it was, and when it happened or was said (None: it was so from the start)."""

    what: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Point:
    """Points for one rule: how many count, how many it would be without age and caps, and on which grounds.

    `held_back` says what made the two differ: "age" (faded or expired), "group" (its group is full), None.
    """

    rule: str
    points: int
    full: int
    at: datetime | None
    hypothesis: bool
    axis: Literal["behaviour", "attributes"]
    grounds: tuple[Ground, ...]
    held_back: Literal["age", "group"] | None = None


@dataclass(frozen=True)
class _Met:
    """A rule whose conditions are met: the times that count for each thing they did, and what it brings."""

    name: str
    rule: Rule
    counted: tuple[tuple[int, ...], ...]
    aged: int
    points: int


def points_for(behaviour: Behaviour, person: Person, score: Score, *, now: datetime) -> tuple[Point, ...]:
    """Every point a lead has, in the order of the rules."""
    return tuple(_point(met, behaviour, person) for met in _met(behaviour, person, score, microseconds(now)))


def score_of(behaviour: Behaviour, person: Person, score: Score, *, now: datetime) -> int:
    """The sum of the points, without their reasons: a third of the work."""
    return sum(met.points for met in _met(behaviour, person, score, microseconds(now)))


def points_stand_until(behaviour: Behaviour, person: Person, score: Score, *, now: datetime) -> Iterator[datetime]:
    """The last instants at which points of now still count in full, if nothing happens; none beyond a century."""
    at = microseconds(now)
    for rule in score.passing_rules:
        for end in _ends(rule, _counted_times(rule, behaviour, person, at) or (), at):
            if end - at < FARTHEST.days * DAY:
                yield instant(end)


def _ends(rule: Rule, counted: tuple[tuple[int, ...], ...], now: int) -> Iterator[int]:
    for done, times in zip(rule.acts, counted, strict=False):
        if done.within_days is not None:
            yield times[-1] + done.within_days * DAY
    for at in _ageing(rule, counted) if rule.ages and counted else ():
        days = _days_it_stays(rule, max(0, now - at) / DAY)
        if days is not None:
            yield at + round(days * DAY)


def _met(behaviour: Behaviour, person: Person, score: Score, now: int) -> Iterator[_Met]:
    left, seen = dict(score.groups), behaviour.seen.keys()
    for name, rule in score.rules.items():
        if rule.acts and seen.isdisjoint(rule.acts[0].keys):  # of most rules
            continue
        counted = _counted_times(rule, behaviour, person, now)
        if counted is None or not rule.points:
            continue
        points = aged = _aged(rule, counted, now)
        if rule.group in left:
            points = max(-left[rule.group], min(left[rule.group], aged))
            left[rule.group] -= abs(points)
        yield _Met(name, rule, counted, aged, points)


def _counted_times(rule: Rule, behaviour: Behaviour, person: Person, now: int) -> tuple[tuple[int, ...], ...] | None:
    """The times behind the rule, for each thing they did; None while a condition is not met."""
    for trait in rule.traits:
        if not person.has(trait):
            return None
    counted: list[tuple[int, ...]] = []
    before: int | None = None
    for done in rule.acts:
        times = _counted(rule, done, behaviour, now)
        if len(times) < done.times:
            return None
        if rule.in_order:
            # the newest counts here: who looked at prices, then read, then looked again, did it in this order (M68)
            if before is not None and behaviour.latest(done.keys)[done.times - 1] < before:
                return None
            before = behaviour.first(done.keys)
        counted.append(times)
    return tuple(counted)


def _counted(rule: Rule, done: Done, behaviour: Behaviour, now: int) -> tuple[int, ...]:
    """The latest times that count, newest first; a rule without age keeps its first evidence."""
    latest = behaviour.latest(done.keys)
    if not latest:
        return ()
    if rule.keeps_first(done):
        first = behaviour.first(done.keys)
        return latest[:1] if first is None else (first,)
    latest = latest[: rule.counts_up_to or done.times]
    if done.within_days is None:
        return latest
    line = now - done.within_days * DAY
    return tuple(at for at in latest if at >= line)


def _kind_at(at: int, done: Done, behaviour: Behaviour) -> str:
    """Which of the kinds it was."""
    seen = (signal.kind for signal in done.signals if at in behaviour.times_of(signal.key))
    return next(seen, done.did[0])


def holds(trait: Has, person: Person) -> bool:
    """Whether the person has this attribute; what nobody has told us is never held."""
    if trait.has == "headcount":
        return person.headcount is not None and _lies_within(person.headcount, trait)
    if trait.has == "timeframe":
        timeframe = person.known.timeframe
        return timeframe is not None and within_months(timeframe, trait.within_months or 0, today=person.today)
    value = person.values[trait.has]
    if value is not None and trait.has in IN_WORDS:
        title = AIDE_TO.sub(r"\1", value.casefold())
        return any(_named(word).search(title) for word in trait.one_of)
    return value in trait.one_of


@cache
def _named(word: str) -> re.Pattern[str]:
    """Where this word stands in a title: a whole word in Latin letters ("factory" holds no CTO), and not the one whom
    they assist.
    """
    return re.compile(rf"(?<!{LATIN}(?={LATIN})){re.escape(word.casefold())}(?!(?<={LATIN}){LATIN}){NOT_THEIR_AIDE}")


def _lies_within(headcount: Headcount, limits: Has) -> bool:
    """The whole stated range does: "1 to 6 people" is not "5 at most"."""
    if limits.at_least is not None and (headcount.minimum or 0) < limits.at_least:
        return False
    return limits.at_most is None or (headcount.maximum is not None and headcount.maximum <= limits.at_most)


def _point(met: _Met, behaviour: Behaviour, person: Person) -> Point:
    rule = met.rule
    moments = sorted(
        (at, _kind_at(at, done, behaviour)) for done, times in zip(rule.acts, met.counted, strict=True) for at in times
    )
    said = (_ground_of(trait, person.known) for trait in rule.traits)
    grounds = (*(Ground(what=what, at=instant(at)) for at, what in moments), *said)
    full = rule.points * _counted_times_of(met)
    return Point(
        rule=met.name,
        points=met.points,
        full=full,
        at=max((ground.at for ground in grounds if ground.at is not None), default=None),
        hypothesis=rule.hypothesis,
        axis=rule.axis,
        grounds=grounds,
        held_back="group" if met.points != met.aged else "age" if met.points != full else None,
    )


def _counted_times_of(met: _Met) -> int:
    return len(met.counted[0]) if met.rule.counts_up_to else 1


def _ground_of(trait: Has, known: Known) -> Ground:
    topic = TOPIC_OF_ATTRIBUTE.get(trait.has)
    answer = known.about(topic) if topic else None
    return Ground(what=trait.has, at=answer.at if answer else None)


def _aged(rule: Rule, counted: tuple[tuple[int, ...], ...], now: int) -> int:
    """What the points are worth now; each time by itself, or all by the latest."""
    if not rule.ages:
        return rule.points * (len(counted[0]) if rule.counts_up_to else 1)
    return sum(_left_of(rule, max(0, now - at) / DAY) for at in _ageing(rule, counted))


def _ageing(rule: Rule, counted: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """The times from which its age is counted."""
    return counted[0] if rule.counts_up_to else (max(at for each in counted for at in each),)


def _left_of(rule: Rule, days: float) -> int:
    """What is left of the points after so many days; whole points, so that the shown ones add up."""
    if rule.expires_days is not None and days >= rule.expires_days:
        return 0
    if rule.half_life_days is not None:
        return round(rule.points * math.exp2(-days / rule.half_life_days))
    if rule.fades_in_days is not None:
        return round(rule.points * max(0.0, 1 - days / rule.fades_in_days))
    return rule.points


def _days_it_stays(rule: Rule, days: float) -> float | None:
    """How old the evidence is, in days, when a point less is left of it than after so many; None: nothing is left."""
    left = abs(_left_of(rule, days))
    if not left:
        return None
    share = (left - 0.5) / abs(rule.points)  # points are rounded
    ends: list[float] = []
    if rule.expires_days is not None:
        ends.append(rule.expires_days)
    if rule.half_life_days is not None:
        ends.append(-rule.half_life_days * math.log2(share))
    elif rule.fades_in_days is not None:
        ends.append(rule.fades_in_days * (1 - share))
    return min(ends)
