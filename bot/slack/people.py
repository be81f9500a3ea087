"""Who may act in Slack, and what we know of them: members of this workspace, no guests, strangers or bots (S5).

Slack is asked again after a minute, so that a role taken away is gone with the next press (S27). When Slack does
not answer, somebody we saw today is still known.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.bootstrap import Services
from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.slack.blocks import one_line
from bot.slack.gateway import Gateway
from bot.slack.records import SlackRefusal
from qualification.records import Rep
from qualification.store import Transaction, Unavailable

KNOWN_FOR = 60.0
PATIENCE = 1.5
STILL_KNOWN = timedelta(hours=24)
SEEN_AGAIN_AFTER = timedelta(hours=1)
NAME = 80


class Role(StrEnum):
    REP = "rep"
    MANAGER = "manager"


class WhyNot(StrEnum):
    FOREIGN = "foreign"
    STRANGER = "stranger"
    GUEST = "guest"
    BOT = "bot"
    GONE = "gone"
    UNKNOWN = "unknown"


class NotAllowed(Exception):
    """This person may not act here; said politely, in their language."""

    def __init__(self, user_id: str, why: WhyNot, language: str) -> None:
        super().__init__(f"{user_id} may not act: {why}")
        self.user_id, self.why, self.language = user_id, why, language


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """A person of ours at Slack: a rep or a manager, with the language and the zone they read in."""

    id: str
    name: str
    language: str
    zone: ZoneInfo
    role: Role

    @property
    def is_manager(self) -> bool:
        return self.role is Role.MANAGER


@dataclass(frozen=True, kw_only=True)
class House:
    """The workspace we belong to."""

    team_id: str | None
    enterprise_id: str | None

    def owns(self, team_id: str | None, enterprise_id: str | None) -> bool:
        if team_id is None:
            return enterprise_id is not None and enterprise_id == self.enterprise_id
        return team_id == self.team_id


class People:
    """Everybody who pressed lately, as Slack describes them."""

    def __init__(self, services: Services, gateway: Gateway, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._gateway = gateway
        self._ticks = ticks
        self._known: dict[str, tuple[float, Colleague | NotAllowed]] = {}
        self._groups: dict[str, tuple[float, frozenset[str]]] = {}

    async def who(self, user_id: str, house: House) -> Colleague:
        """The colleague with this id. Raises NotAllowed; Unavailable when Slack does not tell and we never met."""
        until, known = self._known.get(user_id, (0.0, None))
        if known is None or until <= self._ticks():
            known = await self._ask(user_id, house)
            self._known[user_id] = (self._ticks() + KNOWN_FOR, known)
        if isinstance(known, NotAllowed):
            raise known
        return known

    async def _ask(self, user_id: str, house: House) -> Colleague | NotAllowed:
        try:
            async with asyncio.timeout(PATIENCE):
                member = await self._gateway.person(user_id)
                role = Role.MANAGER if await self._is_manager(user_id) else Role.REP
        except GiveUp:
            return NotAllowed(user_id, WhyNot.UNKNOWN, self._services.settings.language)
        except (RetryLater, OutcomeUnknown, TimeoutError):
            return await self._remembered(user_id)
        language = language_of(member, self._services.settings.language)
        if why := why_not(member, house):
            return NotAllowed(user_id, why, language)
        colleague = Colleague(
            id=user_id, name=name_of(member, language), language=language, zone=self._zone_of(member), role=role
        )
        await self._services.store.run(lambda tx: remember(tx, colleague))
        return colleague

    async def _remembered(self, user_id: str) -> Colleague:
        rep = await self._services.store.look(lambda session: session.get(Rep, user_id))
        if rep is None or self._services.clock() - rep.seen_at > STILL_KNOWN:
            raise Unavailable("Slack does not tell us who you are right now")
        return Colleague(
            id=rep.id,
            name=rep.name,
            language=rep.language,
            zone=self._zone_of({"tz": rep.zone}),
            role=Role(rep.role),
        )

    async def _is_manager(self, user_id: str) -> bool:
        named = self._services.settings.slack_managers
        if user_id in named:
            return True
        groups = [await self._members(name) for name in named if name.startswith("S")]
        return any(user_id in members for members in groups)

    async def _members(self, group_id: str) -> frozenset[str]:
        until, members = self._groups.get(group_id, (0.0, frozenset()))
        if until <= self._ticks():
            members = await self._gateway.members_of(group_id)
            self._groups[group_id] = (self._ticks() + KNOWN_FOR, members)
        return members

    def _zone_of(self, member: Mapping[str, Any]) -> ZoneInfo:
        try:
            return ZoneInfo(str(member.get("tz") or ""))
        except (ZoneInfoNotFoundError, ValueError):
            return self._services.store.policy.working_hours.zone


def why_not(member: Mapping[str, Any], house: House) -> WhyNot | None:
    """The first reason why this member of Slack is no colleague, or None."""
    enterprise = (member.get("enterprise_user") or {}).get("enterprise_id")
    if member.get("deleted"):
        return WhyNot.GONE
    if member.get("is_bot") or member.get("id") == "USLACKBOT":
        return WhyNot.BOT
    if member.get("is_stranger"):
        return WhyNot.STRANGER
    if not house.owns(member.get("team_id"), enterprise):
        return WhyNot.FOREIGN
    if member.get("is_restricted") or member.get("is_ultra_restricted"):
        return WhyNot.GUEST
    return None


def language_of(member: Mapping[str, Any], otherwise: str) -> str:
    locale = str(member.get("locale") or "")
    if not locale:
        return otherwise
    return "ja" if locale.lower().startswith("ja") else "en"


def name_of(member: Mapping[str, Any], language: str) -> str:
    """The name as colleagues read it; the family name comes first in Japanese."""
    profile = member.get("profile") or {}
    first, last = str(profile.get("first_name") or ""), str(profile.get("last_name") or "")
    real = str(member.get("real_name") or profile.get("real_name") or member.get("name") or member.get("id"))
    name = f"{last} {first}" if language == "ja" and first and last else real
    return one_line(name)[:NAME]


def remember(tx: Transaction, colleague: Colleague) -> None:
    """Keep the rep for names and rights; a row that says the same is left alone for an hour."""
    rep = tx.peek(Rep, colleague.id)
    facts = {
        "name": colleague.name,
        "language": colleague.language,
        "zone": colleague.zone.key,
        "role": colleague.role.value,
    }
    if rep is None:
        tx.add(Rep(id=colleague.id, seen_at=tx.now, **facts))
        return
    changed = any(getattr(rep, name) != value for name, value in facts.items())
    if changed or tx.now - rep.seen_at > SEEN_AGAIN_AFTER:
        for name, value in facts.items():
            setattr(rep, name, value)
        rep.seen_at = tx.now


def keep_refusal(tx: Transaction, refused: NotAllowed, wanted: str) -> None:
    """Who was turned away, from what, and why (S5)."""
    tx.add(SlackRefusal(user_id=refused.user_id, reason=refused.why, wanted=wanted[:80], at=tx.now))
