"""Who hears of a step: whoever the rule names, or who stands in for a person who is away (D12, D23).

    owner   here -> the owner;  away -> their backup;  the backup away too, or none -> the channel
    backup  here -> the backup; away, or none -> the channel
    channel, manager, managers_manager: a whole group; those of it who are away are not called by name

Away is who said so until a date; and, for a reminder, who has hours of their own and is not in them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from qualification.clock_rules import Tells
from qualification.hours.sheet import MICROSECOND
from qualification.policy import OF_A_PERSON, Policy
from qualification.records import Lead, Rep
from qualification.working_hours import WorkingHours


class Peeks(Protocol):
    """Where one row comes from: a transaction, or a look beside the writer."""

    def peek(self, table: type[Rep], key: str) -> Rep | None: ...


class Standpoint(Peeks, Protocol):
    """The same at an instant and under a policy."""

    @property
    def policy(self) -> Policy: ...
    @property
    def now(self) -> datetime: ...


@dataclass(frozen=True, kw_only=True)
class Audience:
    """The group that hears of a step; `people` are called in the lead's thread, `managers` in the managers' channel.

    `stands_in_for` is the absent owner whom the others stand in for. No managers named: those of the settings.
    """

    tells: Tells
    people: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    stands_in_for: str | None = None


def audience_of(at: Standpoint, owner_id: str | None, tells: Tells) -> Audience:
    """Who hears now of a step on a lead of this owner."""
    nearest = _nearest(at, owner_id, Tells.OWNER if tells.is_above else tells)
    if not tells.is_above:
        return nearest
    named = at.policy.routing.next_managers if tells is Tells.MANAGERS_MANAGER else ()
    return replace(nearest, tells=tells, managers=present(at, named, at.now))


def _nearest(at: Standpoint, owner_id: str | None, tells: Tells) -> Audience:
    """Of the team: the owner, whoever stands in, or the channel."""
    if owner_id is None or tells is Tells.CHANNEL:
        return Audience(tells=Tells.CHANNEL)
    owner_is_here = is_here(at, owner_id)
    if tells is Tells.OWNER and owner_is_here:
        return Audience(tells=Tells.OWNER, people=(owner_id,))
    absent = None if owner_is_here else owner_id
    backup = backup_of(at.policy, owner_id)
    if backup is not None and is_here(at, backup):
        return Audience(tells=Tells.BACKUP, people=(backup,), stands_in_for=absent)
    return Audience(tells=Tells.CHANNEL, stands_in_for=absent)


def standing_in_for(at: Standpoint, lead: Lead) -> Audience:
    """Who hears in place of the owner right now; the owner, while they are here."""
    return _nearest(at, lead.owner_id, Tells.OWNER)


def called_on(at: Standpoint, owner_id: str) -> Audience:
    """Whom a ring calls that no clock sends: as a reminder does, but where nobody is named for a colleague's own
    evening the owner themselves, as nobody else may act then.
    """
    asked = _nearest(at, owner_id, Tells.OWNER)
    if asked.people or is_away(at.peek(Rep, owner_id), at.now):
        return asked
    return Audience(tells=Tells.OWNER, people=(owner_id,))


def stands_in(at: Standpoint, lead: Lead, rep_id: str) -> bool:
    """Whether this rep acts in place of the absent owner: by name, or with the whole channel.

    Everybody may only for who is away: a part-timer's evening gives their leads to nobody but their backup.
    """
    return stands_in_for(at, lead.owner_id, rep_id)


def stands_in_for(at: Standpoint, owner_id: str | None, rep_id: str) -> bool:
    """The same for whatever belongs to this owner."""
    asked = _nearest(at, owner_id, Tells.OWNER)
    if asked.stands_in_for is None or rep_id in asked.people:
        return asked.stands_in_for is not None
    return asked.tells is Tells.CHANNEL and is_away(at.peek(Rep, asked.stands_in_for), at.now)


def backup_of(policy: Policy, owner_id: str) -> str | None:
    """Who stands in for this rep: their own backup, or the team's; nobody for oneself."""
    person = policy.people.get(owner_id)
    backup = (person.backup if person else "") or policy.routing.backup
    return backup if backup and backup != owner_id else None


def is_here(at: Standpoint, rep_id: str) -> bool:
    """Neither away nor outside hours of their own."""
    own = f"{OF_A_PERSON}{rep_id}"
    if at.policy.has_calendar(own) and not _works_at(at.policy.calendar(own), at.now):
        return False
    return not is_away(at.peek(Rep, rep_id), at.now)


def _works_at(hours: WorkingHours, now: datetime) -> bool:
    """Closing time still belongs to the day: a step may fall exactly on it (CLOCK-S1)."""
    return hours.is_open(now) or hours.is_open(now - MICROSECOND)


def is_away(rep: Rep | None, now: datetime) -> bool:
    """Whether they said that they are away and the instant of their return (UTC) has not come; nobody is not away."""
    return rep is not None and rep.away_until is not None and now < rep.away_until


def present(rows: Peeks, people: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Those who are not away; all of them when nobody is there, because somebody has to hear it."""
    everybody = tuple(people)
    return tuple(one for one in everybody if not is_away(rows.peek(Rep, one), now)) or everybody
