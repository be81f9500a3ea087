"""The score looked at again, with sales: did high scores become deals, and which indicators are weak (M80, M81, M84)?

    qualified   the first move to MQL or beyond
    deal rate   SQL of all that were qualified in that time (D24)
    win rate    won of SQL
    kept        won, and still using it
    worth       what a won deal brings on average, of those whose amount is known, in each currency (M169)
    speed       how soon they were contacted first (M100)

A rate stands beside its counts and claims no cause (D24).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import Connection, Row, select

from qualification.answers import Known
from qualification.assessment import basis_of
from qualification.behaviour import Behaviour
from qualification.deals import EVENT, MOVED, Result, moves_in, results_in
from qualification.policy import Policy
from qualification.records import History, Lead
from qualification.reports.recorded_facts import Range, recorded
from qualification.reports.replay import ACTIVITY, ANSWER, Facts
from qualification.reports.speed import FirstContact, Speed, first_contacts, speed_of
from qualification.scoring import points_for
from qualification.stages import Stage, is_qualifying
from qualification.taken_back import UNDONE
from qualification.writing.batch import batched
from qualification.writing.rows import table_of

LEAST_TO_JUDGE = 10  # leads; with fewer an indicator is not called weak

Band = tuple[int, int | None]


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a qualified lead went on: when it was qualified, its score then, the rules that gave points, and the end."""

    lead_id: str
    qualified_at: datetime
    score: int
    rules: frozenset[str]
    is_sql: bool
    result: Result | None
    has_left: bool
    amount: tuple[int, str] | None = None
    contact: FirstContact | None = None


@dataclass(frozen=True, kw_only=True)
class Count:
    """Leads in numbers, and the rates made of them; a rate of nothing is None."""

    leads: int = 0
    sql: int = 0
    won: int = 0
    lost: int = 0
    left: int = 0

    @property
    def deal_rate(self) -> float | None:
        return self.sql / self.leads if self.leads else None

    @property
    def win_rate(self) -> float | None:
        return self.won / self.sql if self.sql else None

    @property
    def kept(self) -> int:
        return self.won - self.left

    @classmethod
    def of(cls, courses: Iterable[Course]) -> "Count":
        count = cls()
        for course in courses:
            won = course.result is Result.WON
            count = replace(
                count,
                leads=count.leads + 1,
                sql=count.sql + (course.is_sql or won),
                won=count.won + won,
                lost=count.lost + (course.result is Result.LOST),
                left=count.left + (won and course.has_left),
            )
        return count


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A rule of the score: the leads that had its points, and those that had not."""

    rule: str
    having: Count
    without: Count

    @property
    def is_weak(self) -> bool:
        """Leads that have it become deals less often than those that have not (M81)."""
        one, other = self.having.deal_rate, self.without.deal_rate
        enough = min(self.having.leads, self.without.leads) >= LEAST_TO_JUDGE
        return enough and one is not None and other is not None and one < other


@dataclass(frozen=True, kw_only=True)
class Worth:
    """Won deals whose amount is known, in one currency: how many, and what one brings on average, in whole units."""

    currency: str
    deals: int
    average: int


@dataclass(frozen=True, kw_only=True)
class Review:
    """Everything in numbers: by the month they were qualified in ("2026-05"), by the score then, by indicator."""

    total: Count
    months: tuple[tuple[str, Count], ...]
    bands: tuple[tuple[Band, Count], ...]
    indicators: tuple[Indicator, ...]
    speed: Speed
    worth: tuple[Worth, ...]


def review_of(courses: Iterable[Course], policy: Policy) -> Review:
    """The review of these courses, by the lines and rules of a policy and in its zone."""
    zone = policy.working_hours.zone
    months: dict[str, list[Course]] = {}
    known = sorted(courses, key=lambda course: course.qualified_at)
    for course in known:
        months.setdefault(f"{course.qualified_at.astimezone(zone):%Y-%m}", []).append(course)
    used = {rule for course in known for rule in course.rules}
    return Review(
        total=Count.of(known),
        months=tuple((month, Count.of(some)) for month, some in months.items()),
        bands=tuple((band, Count.of(one for one in known if _fits(one.score, band))) for band in bands_of(policy)),
        indicators=tuple(_indicator(rule, known) for rule in policy.score.rules if rule in used),
        speed=speed_of(course.contact for course in known if course.contact is not None),
        worth=_worth(known),
    )


def _worth(courses: Iterable[Course]) -> tuple[Worth, ...]:
    amounts: dict[str, list[int]] = {}
    for course in courses:
        if course.result is Result.WON and course.amount is not None:
            amount, currency = course.amount
            amounts.setdefault(currency, []).append(amount)
    return tuple(
        Worth(currency=currency, deals=len(some), average=round(sum(some) / len(some)))
        for currency, some in sorted(amounts.items())
    )


def bands_of(policy: Policy) -> tuple[Band, ...]:
    """The score cut at the policy's own lines."""
    mql, temperature = policy.stages.mql, policy.temperature
    lines = sorted({0, temperature.warm_score, mql.score, mql.priority_score, temperature.hot_score})
    return (*((one, other - 1) for one, other in pairwise(lines)), (lines[-1], None))


def _fits(score: int, band: Band) -> bool:
    first, last = band
    return (score >= first or first == 0) and (last is None or score <= last)


def _indicator(rule: str, courses: list[Course]) -> Indicator:
    having = [course for course in courses if rule in course.rules]
    without = [course for course in courses if rule not in course.rules]
    return Indicator(rule=rule, having=Count.of(having), without=Count.of(without))


# -- from what is recorded -------------------------------------------------------------------------


def courses_in(
    connection: Connection, portion: Range, policy: Policy, *, since: datetime, until: datetime
) -> Iterator[Course]:
    """The courses of the leads of a portion that were qualified within this time (`until` exclusive)."""
    merged = _merged(connection)
    told = _told(connection, portion, merged)
    contacts = first_contacts(connection, portion, merged, policy)
    for facts in recorded(connection, portion, policy):
        events = told.get(facts.lead_id, [])
        entry = next((row for row in events if is_qualifying(row.kind, row.data)), None)
        if facts.lead_id not in merged and entry is not None and since <= entry.at < until:
            yield _course(facts, entry, events, policy, contacts.get(facts.lead_id))


def _merged(connection: Connection) -> dict[str, str]:
    """The records that were made one with another, and which counts now: a person is counted once (D24, D29)."""
    columns = table_of(Lead).c
    into: dict[str, str] = {
        row.id: row.merged_into
        for row in connection.execute(select(columns.id, columns.merged_into).where(columns.merged_into.is_not(None)))
    }
    return {one: _end_of(one, into) for one in into}


def _end_of(one: str, into: dict[str, str]) -> str:
    while one in into:
        one = into[one]
    return one


def _told(connection: Connection, portion: Range, merged: dict[str, str]) -> dict[str, list[Row[Any]]]:
    """What was told of each person of the portion and still stands, on whichever record, oldest first."""
    first, following = portion
    others = [one for one, kept in merged.items() if first <= kept < following and not first <= one < following]
    found: dict[str, list[Row[Any]]] = {}
    for lead_id, rows in groupby(_read(connection, portion, others), key=lambda row: row.lead_id):
        events = [*rows]
        standing = [*moves_in(events, lambda row: row.data), *results_in(events, lambda row: row.data)]
        found.setdefault(merged.get(lead_id, lead_id), []).extend(standing)
    return {person: sorted(events, key=lambda row: (row.at, row.id)) for person, events in found.items()}


def _read(connection: Connection, portion: Range, others: list[str]) -> Iterator[Row[Any]]:
    columns = table_of(History).c
    first, following = portion
    told = (
        select(columns.id, columns.lead_id, columns.kind, columns.data, columns.at)
        .where(columns.kind.in_((MOVED, EVENT, UNDONE)))
        .order_by(columns.lead_id, columns.id)
    )
    own: Iterable[Row[Any]] = connection.execute(told.where(columns.lead_id >= first, columns.lead_id < following))
    yield from own
    for part in batched(others):
        more: Iterable[Row[Any]] = connection.execute(told.where(columns.lead_id.in_(part)))
        yield from more


def _course(
    facts: Facts, entry: Row[Any], events: list[Row[Any]], policy: Policy, contact: FirstContact | None
) -> Course:
    told = [row.data for row in events if row.kind == EVENT]
    results = [Result(data["result"]) for data in told]
    won: Mapping[str, Any] = next((data for data in reversed(told) if data["result"] == Result.WON), {})
    deals = [result for result in results if result is not Result.LEFT]
    rules, score = _score_at(facts, entry.at, policy)
    kept = entry.data.get("score")
    return Course(
        lead_id=facts.lead_id,
        qualified_at=entry.at,
        score=score if kept is None else kept,
        rules=rules,
        is_sql=any(row.kind == MOVED and row.data["after"] == Stage.SQL for row in events),
        result=deals[-1] if deals else None,
        has_left=bool(results) and results[-1] is Result.LEFT,
        amount=(won["amount"], won["currency"]) if won.get("amount") is not None else None,
        contact=contact,
    )


def _score_at(facts: Facts, at: datetime, policy: Policy) -> tuple[frozenset[str], int]:
    """The rules that gave points by then, and the sum of all."""
    known, behaviour = Known(), Behaviour()
    for when, order, fact in facts.happened:
        if when > at:
            break
        if order == ANSWER:
            known = known.with_answer(fact)
        elif order == ACTIVITY and fact is not None:
            behaviour = behaviour.with_did(fact, policy.memory)
    today = at.astimezone(policy.working_hours.zone).date()
    basis = basis_of(known, policy, origin=facts.origin, today=today)
    points = points_for(behaviour, basis.person, basis.policy.score, now=at)
    return frozenset(point.rule for point in points if point.points > 0), sum(point.points for point in points)
