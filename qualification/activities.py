"""The activities of a lead as they are kept: the facts, and their sum on the lead's own row.

The sum is a cache. When the rules ask for more than it holds, it is made anew from the facts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from qualification.behaviour import CALL_TALK, CHAT_TALK, KINDS, Behaviour, Did
from qualification.policy import Policy
from qualification.records import Activity, Lead

OUR_OWN = frozenset(
    {CHAT_TALK, CALL_TALK, "asked_for_person", "asked_sooner"}
)  # recorded by ourselves, under keys of our own
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)  # an empty date of another system is the year 1, 1900 or this day
AHEAD = timedelta(minutes=5)  # clocks of other systems may run ahead of ours by so much
MOST_NAMED, LONGEST_KIND = 3, 40  # of what may have been meant
BY_MACHINE = "by_machine"  # a mail proxy opened the picture, a scanner followed the link: kept, never counted (D5)


class UnknownKind(ValueError):
    """The policy knows no such kind of activity."""


class IdOfAnotherKind(ValueError):
    """Another kind of activity was told under this id before."""

    def __init__(self, known: str, told: str) -> None:
        super().__init__(f"this id was told as {known} before and is {told} now: every activity needs an id of its own")


class NotYetHappened(ValueError):
    """An activity lies in the future."""


class BeforeAnyLead(ValueError):
    """An activity lies before 1970."""


def summed(lead: Lead, facts: Callable[[], Iterable[Activity]], policy: Policy) -> Behaviour:
    """What the lead did. `facts` are only asked for when the kept sum was made for other rules."""
    if lead.behaviour_for == policy.memory.stamp:
        return Behaviour.from_json(lead.behaviour)
    return sum_of(facts(), policy)


def sum_of(facts: Iterable[Activity], policy: Policy) -> Behaviour:
    """The facts summed by the policy's memory; what was withdrawn, or done by a machine, does not count (D5)."""
    counted = (row for row in facts if row.withdrawn_at is None and not row.data.get(BY_MACHINE))
    return Behaviour.of((Did.of(row.kind, row.at, row.data) for row in counted), policy.memory)


def keep(lead: Lead, behaviour: Behaviour, policy: Policy) -> None:
    """Put the sum on the lead's own row, with the stamp of the rules it was made for."""
    lead.behaviour, lead.behaviour_for = behaviour.to_json(), policy.memory.stamp


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An activity as its source tells it. `id` is the source's own, once for an activity; no time means now."""

    source: str
    id: str
    kind: str
    at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def key(self, lead_id: str) -> str:
        """Under which it counts once: its source, the lead, and the source's own id."""
        return f"{self.source}:{lead_id}:{self.id}"


def check(seen: Seen, policy: Policy, *, now: datetime) -> None:
    """Raises UnknownKind, which names the kinds there are, NotYetHappened and BeforeAnyLead."""
    known = KINDS | set(policy.activities.own)
    if seen.kind not in known:
        near = " or ".join(_nearest(seen.kind, sorted(known)))
        meant = f"did you mean {near}? It knows" if near else "one of"
        raise UnknownKind(f"{seen.kind!r} is no activity of the policy; {meant} {', '.join(sorted(known))}")
    if seen.at is not None and seen.at > now + AHEAD:
        raise NotYetHappened(f"{seen.at.isoformat()} has not come yet")
    if seen.at is not None and seen.at < EARLIEST:
        raise BeforeAnyLead(f"{seen.at.isoformat()} is before 1970: leave `at` out when nobody knows it")


def _nearest(typed: str, kinds: list[str]) -> list[str]:
    """seminar: seminar_attended."""
    return [kind for kind in kinds if typed and typed in kind][:MOST_NAMED] or get_close_matches(
        typed[:LONGEST_KIND], kinds, MOST_NAMED
    )
