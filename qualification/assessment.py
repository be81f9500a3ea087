"""From what we know to where the lead stands: the stage it has earned, how keen it is, and what is missing.

Pure: facts and a policy in, a judgement with its reasons out. `leads.reassess` applies it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from qualification.answers import Known
from qualification.bant import Budget, Clarity, Need, Timeframe, Topic, Value
from qualification.behaviour import CALL_TALK, CHAT_TALK, Behaviour
from qualification.freshness import counts_until, outdated, without
from qualification.policy import OTHER, Policy
from qualification.scoring import Person, Point, points_for, points_stand_until, score_of
from qualification.stages import Reason, Stage
from qualification.timeframes import FARTHEST, comes_within, within_months


class Temperature(StrEnum):
    """How keen they are now: computed, never typed (D8)."""

    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


HOUR = timedelta(hours=1)
_TALKS = {"chat": CHAT_TALK, "call": CALL_TALK}
BEFORE_TQL = frozenset({Stage.LEAD, Stage.MQL, Stage.NURTURE})


class Picture(NamedTuple):
    """Everything a judgement may look at. `since` is when the lead came to its stage."""

    stage: Stage
    known: Known
    last_activity_at: datetime
    now: datetime
    since: datetime | None = None
    behaviour: Behaviour = Behaviour()
    origin: str = "inbound"
    today: date = date.min

    def is_news(self, at: datetime) -> bool:
        """Whether it may move the lead: everything may, but out of NURTURE only what came after (D7, D15)."""
        return self.stage is not Stage.NURTURE or self.since is None or at > self.since


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The judgement: points, temperature, the next move that is earned (None: stay), and what is missing for more.

    `below_its_line`: an MQL whose score no longer meets the rule; the stage stays, and people see it (D7).
    """

    points: tuple[Point, ...]
    temperature: Temperature
    earned: tuple[Stage, Reason] | None
    missing: tuple[str, ...]
    next_stage: Stage | None
    segment: str = OTHER
    below_its_line: bool = False
    outdated: tuple[Topic, ...] = ()

    @property
    def score(self) -> int:
        return sum(point.points for point in self.points)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a judgement changes about a lead, without points and reasons: half of the work of an assessment.

    A move changes none of it: what the next stage earns is asked of the same verdict.
    """

    score: int
    temperature: Temperature
    segment: str
    picture: Picture
    person: Person
    policy: Policy

    def earned_at(self, stage: Stage, *, since: datetime) -> tuple[Stage, Reason] | None:
        """The next move from this stage, by the policy as it stands for the segment; None: stay."""
        picture = self.picture
        if stage is not picture.stage:
            picture = picture._replace(stage=stage, since=since)
        return _earned(picture, lambda: self.score, self.policy)

    @property
    def comes_near_on(self) -> date | None:
        """The next day on which the stated time alone changes this."""
        return comes_near_on(self.picture.known, self.policy, today=self.picture.today)

    @property
    def stands_until(self) -> datetime | None:
        """Until when the score and the temperature are right if nothing happens, up to the full hour; None: for good.

        They may be right for longer: who looks again finds the next such instant.
        """
        picture, policy = self.picture, self.policy
        end = for_good = picture.now + FARTHEST
        if self.temperature is Temperature.WARM:
            end = min(end, picture.last_activity_at + policy.temperature.stays_warm)
        if not picture.behaviour.seen.keys().isdisjoint(policy.score.passing):
            end = min((end, *points_stand_until(picture.behaviour, self.person, policy.score, now=picture.now)))
        if day := counts_until(picture.known, policy, before=end):
            end = min(end, datetime.combine(day, time.max, policy.working_hours.zone).astimezone(UTC))
        return None if end is for_good else end.replace(minute=0, second=0, microsecond=0) + HOUR

    @property
    def is_for_sales(self) -> bool:
        """Whether sales is asked to accept it, once it is a TQL."""
        return is_for_sales(self.picture.known, self.policy, today=self.picture.today)


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a judgement stands on, from one day to the next answer: who they are, and the policy of their segment."""

    person: Person
    policy: Policy
    segment: str
    outdated: tuple[Topic, ...]


def basis_of(known: Known, policy: Policy, *, origin: str, today: date) -> Basis:
    """The policy as it stands for the lead's segment, and what is known without the answers that are too old."""
    segment = policy.segment_of(known, origin)
    own = policy.of_segment.get(segment, policy)
    old = outdated(known, own, today=today)
    person = Person(known=without(known, old), origin=origin, today=today)
    return Basis(person=person, policy=own, segment=segment, outdated=old)


def assess(picture: Picture, policy: Policy) -> Assessment:
    """Judge by the policy as it stands for the lead's segment."""
    basis = basis_of(picture.known, policy, origin=picture.origin, today=picture.today)
    picture, own = _as_it_counts(picture, basis), basis.policy
    points = points_for(picture.behaviour, basis.person, own.score, now=picture.now)
    score = sum(point.points for point in points)
    next_stage, missing = _what_is_missing(picture, own)
    return Assessment(
        points=points,
        temperature=_temperature(picture, score, own),
        earned=_earned(picture, lambda: score, own),
        missing=missing,
        next_stage=next_stage,
        segment=basis.segment,
        outdated=basis.outdated,
        below_its_line=picture.stage is Stage.MQL and _mql_rule(picture, score, own) is None,
    )


def verdict(picture: Picture, policy: Policy) -> Verdict:
    """The same judgement as `assess`, for a lead that nobody looks at just now."""
    basis = basis_of(picture.known, policy, origin=picture.origin, today=picture.today)
    picture, own = _as_it_counts(picture, basis), basis.policy
    score = score_of(picture.behaviour, basis.person, own.score, now=picture.now)
    return Verdict(
        score=score,
        temperature=_temperature(picture, score, own),
        segment=basis.segment,
        picture=picture,
        person=basis.person,
        policy=own,
    )


def _as_it_counts(picture: Picture, basis: Basis) -> Picture:
    """Without the answers that are too old, where there are any."""
    known = basis.person.known
    return picture if known is picture.known else picture._replace(known=known)


def comes_near_on(known: Known, policy: Policy, *, today: date) -> date | None:
    """The next day on which the stated time alone brings points, or satisfies the rule of SQL (M55, D4, D6)."""
    timeframe = known.timeframe
    if timeframe is None or timeframe.latest is None:
        return None
    days = [comes_within(timeframe, months, today=today) for months in policy.months_that_count]
    return min(filter(None, days), default=None)


def next_move(picture: Picture, basis: Basis) -> tuple[Stage, Reason] | None:
    """Only the move that is earned: the score is summed up when it matters. `picture` knows what the basis knows."""
    score = partial(score_of, picture.behaviour, basis.person, basis.policy.score, now=picture.now)
    return _earned(picture, score, basis.policy)


def _earned(picture: Picture, score: Callable[[], int], policy: Policy) -> tuple[Stage, Reason] | None:
    """The next move the rules make by themselves, where the policy lets them judge (M19)."""
    found = _move_by_rule(picture, score, policy)
    return found if found and "policy" in policy.stages.judges.of(found[0]) else None


def _move_by_rule(picture: Picture, score: Callable[[], int], policy: Policy) -> tuple[Stage, Reason] | None:
    stage = picture.stage
    if stage in BEFORE_TQL and not missing_for_tql(picture, policy):
        return Stage.TQL, _reason("tql_need_confirmed", policy, _talks(picture, policy), "need")
    if _may_become_mql(picture) and (rule := _mql_rule(picture, points := score(), policy)):
        return Stage.MQL, _reason(rule, policy, (f"score {points}",))
    if stage is Stage.TQL and policy.stages.auto_accept and is_for_sales(picture.known, policy, today=picture.today):
        return Stage.SAL, _reason("sal_auto_accept", policy, ())
    if stage is Stage.SAL and not missing_for_sql(picture.known, policy, today=picture.today):
        return Stage.SQL, _reason("sql_timeframe_and_budget", policy, policy.stages.sql.required)
    return None


def _reason(rule: str, policy: Policy, evidence: tuple[str, ...], *more: str) -> Reason:
    return Reason(rule=rule, policy=policy.version, evidence=(*evidence, *more))


def _mql_rule(picture: Picture, score: int, policy: Policy) -> str | None:
    """Which way the score makes an MQL; outbound leads move by what a person heard (M40, M41, D18)."""
    rule = policy.stages.mql
    if picture.origin not in rule.origins:
        return None
    if score >= rule.score and picture.behaviour.times(rule.with_activity):
        return "mql_score_and_activity"
    return "mql_priority_score" if score >= rule.priority_score else None


def _may_become_mql(picture: Picture) -> bool:
    """Old points do not lift a lead out of NURTURE: it takes something new that they did (M28, M133)."""
    if picture.stage is Stage.NURTURE:
        return bool(_news(picture))
    return picture.stage is Stage.LEAD


def _news(picture: Picture) -> Collection[str]:
    """The kinds of activity that may move the lead: in NURTURE only what they did since it was put there."""
    if picture.stage is Stage.NURTURE and picture.since is not None:
        return picture.behaviour.since(picture.since)
    return picture.behaviour.seen.keys()


def _talks(picture: Picture, policy: Policy) -> tuple[str, ...]:
    """The conversations that count; in NURTURE only what was said since the lead was put there."""
    counting = sorted(_TALKS[kind] for kind in _conversations(picture.known, policy))
    if picture.stage is not Stage.NURTURE:
        return tuple(kind for kind in counting if picture.behaviour.times(kind))
    said = {_TALKS.get(answer.via, "") for answer in picture.known.stated if picture.is_news(answer.at)}
    held = said.union(_news(picture))
    return tuple(kind for kind in counting if kind in held)


def _conversations(known: Known, policy: Policy) -> tuple[str, ...]:
    """The kinds of talk that may make a TQL of this lead: of a student's, a rep's own alone (M61, M62)."""
    rule, contact = policy.stages.tql, known.contact
    if contact is None or contact.standing is None or contact.standing not in rule.needs_a_call:
        return rule.conversations
    return tuple(kind for kind in rule.conversations if kind != "chat")


def missing_for_tql(picture: Picture, policy: Policy) -> tuple[str, ...]:
    """What a conversation still has to bring before the lead is a TQL (M13, D2)."""
    need, talks = picture.known.need, _talks(picture, policy)
    reached = picture.known.reachable or CALL_TALK in talks  # who spoke with us on the phone can be reached
    missing = []
    if not (need and need.present):
        missing.append("need")
    if policy.stages.tql.reachable and not reached:
        missing.append("contact")
    if not talks:
        missing.append("talk")
    return tuple(missing)


def missing_for_sql(known: Known, policy: Policy, *, today: date) -> tuple[str, ...]:
    """The criteria of the SQL rule that are not satisfied yet (M17, M32, D6)."""
    return tuple(topic for topic in policy.stages.sql.required if not _satisfied(topic, known, policy, today))


def is_for_sales(known: Known, policy: Policy, *, today: date) -> bool:
    """Whether a TQL is put to sales: every one is, or those alone that satisfy the rule of SQL already (M39, D16)."""
    return policy.stages.offer_when == "tql" or not missing_for_sql(known, policy, today=today)


def _satisfied(topic: Topic, known: Known, policy: Policy, today: date) -> bool:
    answer = known.about(topic)
    if answer is None:
        return False
    return _is_enough(answer.value, policy, today)


def _is_enough(value: Value, policy: Policy, today: date) -> bool:
    if isinstance(value, Timeframe):
        return within_months(value, policy.stages.sql.within_months, today=today)
    if isinstance(value, Budget):
        return value.exists
    return value.present if isinstance(value, Need) else True


def out_of_reach(known: Known, policy: Policy, *, today: date, origin: str = "inbound") -> frozenset[Stage]:
    """The stages this talk can no longer bring, whatever else we asked: the interview ends early on them.

    Only a plain statement closes a door: no need, a date beyond the rule, no plan, no budget. "Not decided
    yet" leaves it open.
    """
    policy = policy.for_lead(known, origin)
    if known.need and not known.need.present:
        return frozenset({Stage.TQL, Stage.SAL, Stage.SQL})
    closed = any(
        answer is not None and _is_stated(answer.value) and not _is_enough(answer.value, policy, today)
        for answer in map(known.about, policy.stages.sql.required)
    )
    return frozenset({Stage.SQL}) if closed else frozenset()


def _is_stated(value: Value) -> bool:
    return not isinstance(value, (Timeframe, Budget)) or value.clarity is not Clarity.UNDECIDED


def _what_is_missing(picture: Picture, policy: Policy) -> tuple[Stage | None, tuple[str, ...]]:
    if picture.stage in BEFORE_TQL:
        return Stage.TQL, missing_for_tql(picture, policy)
    if picture.stage is Stage.TQL:
        return Stage.SAL, (*_missing_for_an_offer(picture, policy), "acceptance")
    if picture.stage is Stage.SAL:
        return Stage.SQL, missing_for_sql(picture.known, policy, today=picture.today)
    return None, ()


def _missing_for_an_offer(picture: Picture, policy: Policy) -> tuple[str, ...]:
    if policy.stages.offer_when == "tql":
        return ()
    return missing_for_sql(picture.known, policy, today=picture.today)


def _temperature(picture: Picture, score: int, policy: Policy) -> Temperature:
    rule = policy.temperature
    if score >= rule.hot_score or any(picture.behaviour.times(kind) for kind in rule.hot_activities):
        return Temperature.HOT
    recent = picture.now - picture.last_activity_at <= rule.stays_warm
    need = picture.known.need
    if recent and (score >= rule.warm_score or (need is not None and need.present)):
        return Temperature.WARM
    return Temperature.COLD
