"""Who may act in Slack, and what we know of them: members of this workspace, no guests, strangers or bots (S5).

Slack tells us when somebody changes, and is asked again after a minute at the latest, so that a role taken away is
gone with the next press (S27). While Slack does not answer, somebody we saw today is still known, and Slack is left
alone for some seconds, so that not everybody waits for it.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.bootstrap import Services
from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.logs import log
from bot.slack.blocks import one_line
from bot.slack.errors import AskAdmin
from bot.slack.gateway import Gateway
from bot.slack.records import SlackRefusal
from qualification.records import Rep
from qualification.store import Transaction, Unavailable

KNOWN_FOR = 60.0
PATIENCE = 1.5
LEFT_ALONE_FOR = 10.0
STILL_KNOWN = timedelta(hours=24)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SEEN_AGAIN_AFTER = timedelta(hours=1)
NAME = 80
NEWS = frozenset({"user_change", "subteam_members_changed", "subteam_updated"})


class Role(StrEnum):
    """What somebody may do: a manager acts on every lead, an admin looks after the installation too."""

    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


class WhyNot(StrEnum):
    FOREIGN = "foreign"
    STRANGER = "stranger"
    GUEST = "guest"
    BOT = "bot"
    GONE = "gone"
    UNKNOWN = "unknown"
    NO_ROLE = "no_role"


class NotAllowed(Exception):
    """This person may not act here; said politely, in their language."""

    def __init__(self, user_id: str, why: WhyNot, language: str) -> None:
        super().__init__(f"{user_id} may not act: {why}")
        self.user_id, self.why, self.language = user_id, why, language


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """A person of ours at Slack: their role, and the language and the zone they read in.

    `phone` and `email` stand in their profile, and under a mail of theirs; "" where Slack does not tell.
    """

    id: str
    name: str
    language: str
    zone: ZoneInfo
    role: Role
    phone: str = ""
    email: str = ""

    @property
    def is_manager(self) -> bool:
        return self.role is not Role.REP

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


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
        self._away_until = 0.0
        self._news = 0

    async def who(self, user_id: str, house: House) -> Colleague:
        """The colleague with this id. Raises NotAllowed; Unavailable when Slack does not tell and we never met."""
        until, known = self._known.get(user_id, (0.0, None))
        if known is None or until <= self._ticks():
            news = self._news
            known = await self._ask(user_id, house)
            if news == self._news:
                self._known[user_id] = (self._ticks() + KNOWN_FOR, known)
        if isinstance(known, NotAllowed):
            raise known
        return known

    def heard(self, event: Mapping[str, Any]) -> None:
        """Slack tells that a person or a user group has changed: what we knew may be wrong from now on (S27)."""
        self._news += 1
        if event.get("type") != "user_change":
            self._groups.clear()
            self._known.clear()
        elif isinstance(user := event.get("user"), Mapping):
            self._known.pop(str(user.get("id")), None)

    async def _ask(self, user_id: str, house: House) -> Colleague | NotAllowed:
        if self._ticks() < self._away_until:
            return await self._remembered(user_id)
        try:
            async with asyncio.timeout(PATIENCE):
                member = await self._gateway.person(user_id)
                role = await self._role_of(user_id)
        except GiveUp:
            return await self._refused(user_id, WhyNot.UNKNOWN, self._services.settings.language)
        except (RetryLater, OutcomeUnknown, TimeoutError):
            self._away_until = self._ticks() + LEFT_ALONE_FOR
            return await self._remembered(user_id)
        language = language_of(member, self._services.settings.language)
        why = why_not(member, house)
        if why is not None or role is None:
            return await self._refused(user_id, why or WhyNot.NO_ROLE, language)
        colleague = Colleague(
            id=user_id,
            name=name_of(member, language),
            language=language,
            zone=self._zone_of(member),
            role=role,
            phone=_in_profile(member, "phone"),
            email=_in_profile(member, "email"),
        )
        await self._services.store.run(lambda tx: remember(tx, colleague))
        return colleague

    async def _refused(self, user_id: str, why: WhyNot, language: str) -> NotAllowed:
        await self._services.store.run(lambda tx: distrust(tx, user_id))
        return NotAllowed(user_id, why, language)

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

    async def _role_of(self, user_id: str) -> Role | None:
        """The highest role the settings give; without SLACK_REPS every member of the workspace is a rep."""
        settings = self._services.settings
        named = ((Role.ADMIN, settings.slack_admins), (Role.MANAGER, settings.slack_managers))
        for role, names in (*named, (Role.REP, settings.slack_reps)):
            if await self._is_among(user_id, names):
                return role
        return None if settings.slack_reps else Role.REP

    async def _is_among(self, user_id: str, names: tuple[str, ...]) -> bool:
        if user_id in names:
            return True
        groups = [await self._members(name) for name in names if name.startswith("S")]
        return any(user_id in members for members in groups)

    async def _members(self, group_id: str) -> frozenset[str]:
        until, members = self._groups.get(group_id, (0.0, frozenset()))
        if until <= self._ticks():
            members = await self._members_now(group_id)
            self._groups[group_id] = (self._ticks() + KNOWN_FOR, members)
        return members

    async def _members_now(self, group_id: str) -> frozenset[str]:
        """A group Slack does not show us gives nobody a role: one wrong id must not shut the desk."""
        try:
            return await self._gateway.members_of(group_id)
        except (GiveUp, AskAdmin) as unreadable:
            log.error(
                "user_group_unreadable", group=group_id, problem=str(unreadable), advice="bantline doctor --slack"
            )
            return frozenset()

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
    """The language a member has chosen in Slack, of the two we speak; `otherwise` when it is not told."""
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


def _in_profile(member: Mapping[str, Any], name: str) -> str:
    return one_line(str((member.get("profile") or {}).get(name) or ""))[:NAME]


def remember(tx: Transaction, colleague: Colleague) -> None:
    """Keep the rep for names and rights; a row that says the same is left alone for an hour."""
    rep = tx.peek(Rep, colleague.id)
    facts: dict[str, Any] = {
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


def distrust(tx: Transaction, user_id: str) -> None:
    """Somebody who was turned away is not remembered as a colleague of today, should Slack be silent next time."""
    rep = tx.peek(Rep, user_id)
    if rep is not None and rep.seen_at > LONG_AGO:
        rep.seen_at = LONG_AGO


def keep_refusal(tx: Transaction, user_id: str, why: str, wanted: str) -> None:
    """Who was turned away, from what, and why (S5)."""
    tx.add(SlackRefusal(user_id=user_id, reason=why, wanted=wanted[:80], at=tx.now))
