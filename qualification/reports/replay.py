"""The past lived again under another policy: who would stand elsewhere, how many alerts, how many late (N6).

    facts of a lead, oldest first --> judged at each moment it was judged --> moves, alerts, clocks

Pure and without writes. What people decided (accepted, put aside, opted out) is taken as it was, where the ladder of
the other policy allows it. Whether a call came in time is measured by the calls there were.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from qualification.answers import Known
from qualification.assessment import Basis, Picture, basis_of, comes_near_on, next_move
from qualification.behaviour import CHAT_TALK, Behaviour, Did
from qualification.clock_rules import FIRST_CONTACT
from qualification.policy import Policy
from qualification.schedule import due_of, morning_of
from qualification.scoring import score_of
from qualification.stages import ALLOWED_MOVES, Stage, is_at_least

# in this order within one instant: what was said is judged, then people decide
ANSWER, ACTIVITY, WISH, MOVE, OPT_OUT = range(5)


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A move a person or the clock made."""

    to: Stage
    rule: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything recorded about one lead. `happened` is (when we learnt it, its order, the fact), oldest first.

    Its owner and its language say which calendar counts.
    """

    lead_id: str
    owner_id: str | None = None
    language: str = "ja"
    origin: str
    created_at: datetime
    stage: Stage
    happened: tuple[tuple[datetime, int, Any], ...]
    contacts: tuple[datetime, ...] = ()

    @property
    def count(self) -> int:
        return len(self.happened) + len(self.contacts)


@dataclass(frozen=True, kw_only=True)
class Lived:
    """What became of a lead under a policy: its moves (when, to, by which rule), and each time a rep was rung."""

    stage: Stage
    score: int
    moves: tuple[tuple[datetime, Stage, str], ...]
    alerts: tuple[datetime, ...]
    late: int


@dataclass(eq=False)
class _Life:
    """One lead on its way through its facts."""

    facts: Facts
    policy: Policy
    stage: Stage = Stage.LEAD
    known: Known = field(default_factory=Known)
    behaviour: Behaviour = field(default_factory=Behaviour)
    moves: list[tuple[datetime, Stage, str]] = field(default_factory=list)
    clocks: list["_Clock"] = field(default_factory=list)
    closed: bool = False
    basis: Basis | None = None
    near_at: datetime | None = None  # the morning on which the time they named comes near

    def __post_init__(self) -> None:
        self.since = self.last_activity_at = self.facts.created_at
        self.zone = self.policy.working_hours.zone

    def live(self, now: datetime) -> Lived:
        for at, happened in _by_instant(self.facts.happened):
            self._wait_until(at)
            self._learn(at, happened)
        self._wait_until(now)
        late = sum(clock.is_late(self.facts.contacts, now) for clock in self.clocks)
        alerts = tuple(clock.started_at for clock in self.clocks)
        return Lived(stage=self.stage, score=self._score(now), moves=tuple(self.moves), alerts=alerts, late=late)

    def _learn(self, at: datetime, happened: list[tuple[datetime, int, Any]]) -> None:
        is_judged = False
        decisions = []
        for _, order, fact in happened:
            if order == ANSWER:
                self.known, self.basis = self.known.with_answer(fact), None
                self.last_activity_at = at
                is_judged = is_judged or fact.via != "chat" or bool(self.behaviour.times(CHAT_TALK))
            elif order == ACTIVITY:
                self._do(fact)
                is_judged = True
            elif order == WISH:
                self._start_clock(at)
            else:
                decisions.append(fact)
        if is_judged:
            self._judge(at)
        for decision in decisions:
            self._decide(at, decision)

    def _wait_until(self, at: datetime) -> None:
        """What the time they named earns by coming near, on each morning until then (M55, D6)."""
        while self.near_at is not None and self.near_at < at:
            morning, self.near_at = self.near_at, None
            self._judge(morning)

    def _do(self, did: Did | None) -> None:
        if did is None:
            return
        self.behaviour = self.behaviour.with_did(did, self.policy.memory)
        self.last_activity_at = max(self.last_activity_at, did.at)

    def _judge(self, at: datetime) -> None:
        today = at.astimezone(self.zone).date()
        while not self.closed:
            earned = next_move(self._picture(at, today), self._basis_on(today))
            if earned is None:
                break
            self._move(at, earned[0], earned[1].rule)
        if self.known.timeframe is not None:
            basis = self._basis_on(today)
            day = comes_near_on(basis.person.known, basis.policy, today=today)
            self.near_at = morning_of(day, self.policy.working_hours) if day else None

    def _picture(self, at: datetime, today: date) -> Picture:
        return Picture(
            stage=self.stage,
            since=self.since,
            known=self._basis_on(today).person.known,
            behaviour=self.behaviour,
            origin=self.facts.origin,
            last_activity_at=self.last_activity_at,
            now=at,
            today=today,
        )

    def _basis_on(self, today: date) -> Basis:
        """Laid anew when there is a new answer, or another day on which an answer may have grown too old."""
        if self.basis is None or (self.basis.person.today != today and self.known.stated):
            self.basis = basis_of(self.known, self.policy, origin=self.facts.origin, today=today)
        return self.basis

    def _policy_at(self, at: datetime) -> Policy:
        """As it stands for the lead's segment."""
        return self._basis_on(at.astimezone(self.zone).date()).policy

    def _score(self, at: datetime) -> int:
        basis = self._basis_on(at.astimezone(self.zone).date())
        return score_of(self.behaviour, basis.person, basis.policy.score, now=at)

    def _decide(self, at: datetime, decision: Decided | None) -> None:
        if decision is None:
            self.closed = True
        elif decision.to in ALLOWED_MOVES[self.stage]:
            self._move(at, decision.to, decision.rule)
            self._judge(at)

    def _move(self, at: datetime, to: Stage, rule: str) -> None:
        line = Stage(self._policy_at(at).stages.qualified_from)
        if is_at_least(to, line) and not is_at_least(self.stage, line) and self._needs_a_clock():
            self._start_clock(at)
        self.stage, self.since = to, at
        self.moves.append((at, to, rule))
        if to in (Stage.NURTURE, Stage.DISQUALIFIED) and self.clocks:
            self.clocks[-1].cancel(at)

    def _needs_a_clock(self) -> bool:
        """One contact after an earlier wish is enough (D9)."""
        if not self.clocks:
            return True
        last = self.clocks[-1]
        return last.met_at(self.facts.contacts) is None or last.started_at < self.since

    def _start_clock(self, at: datetime) -> None:
        if self.closed or (self.clocks and self.clocks[-1].runs(self.facts.contacts, at)):
            return
        rule = self._policy_at(at).follow_up[FIRST_CONTACT]
        due_at = due_of(
            rule, at, self.policy.calendar(self.policy.calendar_of(self.facts.owner_id, self.facts.language))
        )
        self.clocks.append(_Clock(started_at=at, due_at=due_at))


@dataclass(eq=False)
class _Clock:
    started_at: datetime
    due_at: datetime
    cancelled_at: datetime | None = None

    def met_at(self, contacts: tuple[datetime, ...]) -> datetime | None:
        return next((at for at in contacts if at >= self.started_at), None)

    def runs(self, contacts: tuple[datetime, ...], now: datetime) -> bool:
        met = self.met_at(contacts)
        return self.cancelled_at is None and (met is None or met > now)

    def cancel(self, at: datetime) -> None:
        self.cancelled_at = self.cancelled_at or at

    def is_late(self, contacts: tuple[datetime, ...], now: datetime) -> bool:
        ended = min(at for at in (self.met_at(contacts), self.cancelled_at, now) if at is not None)
        return ended > self.due_at


def _by_instant(
    happened: tuple[tuple[datetime, int, Any], ...],
) -> Iterator[tuple[datetime, list[tuple[datetime, int, Any]]]]:
    waiting: list[tuple[datetime, int, Any]] = []
    for fact in happened:
        if waiting and fact[0] != waiting[0][0]:
            yield waiting[0][0], waiting
            waiting = []
        waiting.append(fact)
    if waiting:
        yield waiting[0][0], waiting


def relive(facts: Facts, policy: Policy, *, now: datetime) -> Lived:
    """One lead's past under a policy."""
    return _Life(facts, policy).live(now)


# -- many leads ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A lead that would stand elsewhere; each side is the stage, since when, and the score."""

    lead_id: str
    before: tuple[Stage, datetime | None, int]
    after: tuple[Stage, datetime | None, int]


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one policy would have meant in all. `alerts` counts them for each hour of the firm's day."""

    stages: Counter[str] = field(default_factory=Counter)
    alerts: Counter[int] = field(default_factory=Counter)
    busiest: Counter[str] = field(default_factory=Counter)
    late: int = 0

    @property
    def rung(self) -> int:
        return self.alerts.total()


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two policies over the same past."""

    leads: int = 0
    facts: int = 0
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    changed: tuple[Changed, ...] = ()
    unlike_the_record: int = 0

    def __add__(self, other: "Comparison") -> "Comparison":
        return Comparison(
            leads=self.leads + other.leads,
            facts=self.facts + other.facts,
            before=_sum(self.before, other.before),
            after=_sum(self.after, other.after),
            changed=self.changed + other.changed,
            unlike_the_record=self.unlike_the_record + other.unlike_the_record,
        )


def _sum(one: Side, other: Side) -> Side:
    return Side(
        stages=one.stages + other.stages,
        alerts=one.alerts + other.alerts,
        busiest=one.busiest + other.busiest,
        late=one.late + other.late,
    )


def compare(many: Iterator[Facts], before: Policy, after: Policy, *, now: datetime) -> Comparison:
    """Live every lead's past under both policies.

    `unlike_the_record` counts the leads that the first does not bring to the stage they are recorded at.
    """
    sides: list[list[Lived]] = [[], []]
    changed, count, unlike = [], 0, 0
    for facts in many:
        one = relive(facts, before, now=now)
        other = one if after is before else relive(facts, after, now=now)
        sides[0].append(one)
        sides[1].append(other)
        count += facts.count
        unlike += one.stage is not facts.stage
        if one.stage is not other.stage:
            changed.append(Changed(lead_id=facts.lead_id, before=_standing(one), after=_standing(other)))
    return Comparison(
        leads=len(sides[0]),
        facts=count,
        before=_side(sides[0], before),
        after=_side(sides[1], after),
        changed=tuple(changed),
        unlike_the_record=unlike,
    )


def _standing(lived: Lived) -> tuple[Stage, datetime | None, int]:
    return lived.stage, max(map(itemgetter(0), lived.moves), default=None), lived.score


def _side(lives: list[Lived], policy: Policy) -> Side:
    zone = policy.working_hours.zone
    rung = [at.astimezone(zone) for lived in lives for at in lived.alerts]
    return Side(
        stages=Counter(lived.stage.value for lived in lives),
        alerts=Counter(at.hour for at in rung),
        busiest=Counter(f"{at:%Y-%m-%d %H}:00" for at in rung),
        late=sum(lived.late for lived in lives),
    )
