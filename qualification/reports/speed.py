"""How soon people were contacted first, as they were promised: in working time, and whose time it was (M100, D28).

Shares of stretches of time beside P50 and P95, and no mean: one forgotten lead would hide all the others in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from qualification.call_backs import began_with_a_call_back
from qualification.clock_rules import FIRST_CONTACT
from qualification.followup import Status
from qualification.policy import Policy
from qualification.records import FollowUp
from qualification.reports.delays import delays_of
from qualification.reports.recorded_facts import Range
from qualification.writing.batch import batched
from qualification.writing.rows import table_of

Stretch = tuple[int, int | None]
"""From so many minutes on, and below so many; None: without end."""

STRETCHES: tuple[Stretch, ...] = ((0, 5), (5, 15), (15, 60), (60, 180), (180, None))
HALF, NEARLY_ALL = 50, 95


@dataclass(frozen=True, kw_only=True)
class FirstContact:
    """A first contact that was promised: the working minutes until it was made, None where it never was; and of these
    our seconds until a person could see it, and their minutes from then on.
    """

    minutes: int | None
    in_time: bool
    system_seconds: int | None = None
    human_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Half of them lie within `p50`, all but one of twenty within `p95`; None of nothing."""

    p50: int | None
    p95: int | None

    @classmethod
    def of(cls, values: Iterable[int | None]) -> "Spread":
        known = sorted(value for value in values if value is not None)
        return cls(p50=_within(known, HALF), p95=_within(known, NEARLY_ALL))


@dataclass(frozen=True, kw_only=True)
class Speed:
    """First contacts in numbers: promised, made, made in time, and how many took how long."""

    promised: int
    made: int
    in_time: int
    minutes: Spread
    stretches: tuple[tuple[Stretch, int], ...]
    system_seconds: Spread
    human_minutes: Spread

    @property
    def kept_rate(self) -> float | None:
        """The share of promises that were kept."""
        return self.in_time / self.promised if self.promised else None


def speed_of(contacts: Iterable[FirstContact]) -> Speed:
    """Of these first contacts."""
    promised = [*contacts]
    took = [one.minutes for one in promised if one.minutes is not None]
    return Speed(
        promised=len(promised),
        made=len(took),
        in_time=sum(one.in_time for one in promised),
        minutes=Spread.of(took),
        stretches=tuple((one, sum(_lies_in(minutes, one) for minutes in took)) for one in STRETCHES),
        system_seconds=Spread.of(one.system_seconds for one in promised),
        human_minutes=Spread.of(one.human_minutes for one in promised),
    )


def _within(known: Sequence[int], percent: int) -> int | None:
    """The smallest value below or at which so many percent lie."""
    return known[-(-len(known) * percent // 100) - 1] if known else None


def _lies_in(minutes: int, stretch: Stretch) -> bool:
    first, end = stretch
    return first <= minutes and (end is None or minutes < end)


# -- from what is recorded -------------------------------------------------------------------------


def first_contacts(
    connection: Connection, portion: Range, merged: dict[str, str], policy: Policy
) -> dict[str, FirstContact]:
    """The first promise to each person of the portion, on whichever record, once it was kept or broken."""
    first, following = portion
    others = [one for one, kept in merged.items() if first <= kept < following and not first <= one < following]
    found: dict[str, Any] = {}
    for clock in _clocks(connection, portion, others):
        person = merged.get(clock.lead_id, clock.lead_id)
        if person not in found or clock.started_at < found[person].started_at:
            found[person] = clock
    return {person: _first_contact(clock, policy) for person, clock in found.items()}


def _clocks(connection: Connection, portion: Range, others: list[str]) -> Iterator[Any]:
    clock = table_of(FollowUp).c
    decided = or_(clock.status == Status.MET, clock.breached_at.is_not(None))
    told = select(table_of(FollowUp)).where(clock.rule == FIRST_CONTACT, decided, ~began_with_a_call_back(clock))
    first, following = portion
    yield from connection.execute(told.where(clock.lead_id >= first, clock.lead_id < following))
    for part in batched(others):
        yield from connection.execute(told.where(clock.lead_id.in_(part)))


def _first_contact(clock: Any, policy: Policy) -> FirstContact:
    if clock.status != Status.MET:
        return FirstContact(minutes=None, in_time=False)
    hours = policy.calendar(clock.calendar)
    delays = delays_of(clock, hours, until=clock.ended_at)
    return FirstContact(
        minutes=int(hours.between(clock.started_at, clock.ended_at).total_seconds() // 60),
        in_time=clock.ended_at <= clock.due_at,
        system_seconds=delays.system_seconds,
        human_minutes=delays.human_minutes,
    )
