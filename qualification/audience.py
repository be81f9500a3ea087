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

from qualification.calendar_sheet import MICROSECOND
from qualification.clock_rules import Tells
from qualification.policy import OF_A_PERSON, Policy
from qualification.records import Lead, Rep
from qualification.store import Transaction
from qualification.working_hours import WorkingHours


class Peeks(Protocol):
    """Where one row comes from: a transaction, or a look beside the writer."""

    def peek(self, table: type[Rep], key: str) -> Rep | None: ...


@dataclass(frozen=True, kw_only=True)
class Audience:
    """The group that hears of a step; `people` are called in the lead's thread, `managers` in the managers' channel.

    `stands_in_for` is the absent owner whom the others stand in for. No managers named: those of the settings.
    """

    tells: Tells
    people: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    stands_in_for: str | None = None


def audience_of(tx: Transaction, owner_id: str | None, tells: Tells) -> Audience:
    """Who hears now of a step on a lead of this owner."""
    nearest = _nearest(tx, owner_id, Tells.OWNER if tells.is_above else tells)
    if not tells.is_above:
        return nearest
    named = tx.policy.routing.next_managers if tells is Tells.MANAGERS_MANAGER else ()
    return replace(nearest, tells=tells, managers=present(tx, named, tx.now))


def _nearest(tx: Transaction, owner_id: str | None, tells: Tells) -> Audience:
    """Of the team: the owner, whoever stands in, or the channel."""
    if owner_id is None or tells is Tells.CHANNEL:
        return Audience(tells=Tells.CHANNEL)
    owner_is_here = is_here(tx, owner_id)
    if tells is Tells.OWNER and owner_is_here:
        return Audience(tells=Tells.OWNER, people=(owner_id,))
    absent = None if owner_is_here else owner_id
    backup = backup_of(tx.policy, owner_id)
    if backup is not None and is_here(tx, backup):
        return Audience(tells=Tells.BACKUP, people=(backup,), stands_in_for=absent)
    return Audience(tells=Tells.CHANNEL, stands_in_for=absent)


def standing_in_for(tx: Transaction, lead: Lead) -> Audience:
    """Who hears in place of the owner right now; the owner, while they are here."""
    return _nearest(tx, lead.owner_id, Tells.OWNER)


def backup_of(policy: Policy, owner_id: str) -> str | None:
    """Who stands in for this rep: their own backup, or the team's; nobody for oneself."""
    person = policy.people.get(owner_id)
    backup = (person.backup if person else "") or policy.routing.backup
    return backup if backup and backup != owner_id else None


def is_here(tx: Transaction, rep_id: str) -> bool:
    """Neither away nor outside hours of their own."""
    own = f"{OF_A_PERSON}{rep_id}"
    if tx.policy.has_calendar(own) and not _works_at(tx.policy.calendar(own), tx.now):
        return False
    return not is_away(tx.peek(Rep, rep_id), tx.now)


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
