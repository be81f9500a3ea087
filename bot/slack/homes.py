"""Drawing Home again when something changed, for those who looked at it lately, at the pace Slack takes it."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.bootstrap import Services
from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.health import waiting_to_leave
from bot.logs import log
from bot.slack.afterwards import COALESCE, Afterwards
from bot.slack.blocks import Json
from bot.slack.gateway import Gateway
from bot.slack.home_view import home_facts, home_view
from bot.slack.records import SlackHome
from bot.slack.team import Who
from bot.slack.voice import Voice
from bot.slack.workspaces import SPOKEN_TO
from qualification.records import Rep

LATELY = timedelta(hours=12)
APART = 5  # times as long between two drawings of one Home that nobody asked for


class Homes:
    """Draws Home tabs; several changes within a moment are one drawing, and the newest wins.

    `coalesce`: for how many seconds a change waits for others; `rest`: how to wait.
    """

    def __init__(
        self,
        services: Services,
        gateway: Gateway,
        afterwards: Afterwards,
        *,
        coalesce: float = COALESCE,
        rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._gateway = gateway
        self._afterwards = afterwards
        self._coalesce, self._apart = coalesce, coalesce * APART
        self._rest, self._ticks = rest, ticks
        self._asked: set[str] = set()
        self._soon: dict[str, asyncio.Task[None]] = {}
        self._drawn_at: dict[str, float] = {}
        self._one_at_a_time: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def draw(self, user_id: str) -> None:
        """Draw one person's Home now, beside whatever else happens; once for all who ask until its turn has come."""
        if user_id not in self._asked:
            self._asked.add(user_id)
            self._afterwards.do(self._draw(user_id))

    async def lead_changed(self) -> None:
        """Some lead has changed: whoever looked lately gets a fresh Home in a moment."""
        since = self._services.clock() - LATELY
        lately = await self._services.store.look(
            lambda session: session.exec(select(SlackHome.user_id).where(col(SlackHome.opened_at) > since)).all()
        )
        for user_id in lately:
            self._draw_soon(user_id, self._coalesce)

    async def close(self) -> None:
        """What would be drawn later is drawn by whoever starts next."""
        for resting in self._soon.values():
            resting.cancel()

    def _draw_soon(self, user_id: str, wait: float) -> None:
        """Once for all changes until then."""
        if user_id not in self._soon:
            self._soon[user_id] = self._afterwards.do(self._draw_later(user_id, wait))

    async def _draw_later(self, user_id: str, wait: float) -> None:
        earliest = self._drawn_at.get(user_id, -self._apart) + self._apart
        await self._rest(max(wait, earliest - self._ticks()))
        del self._soon[user_id]
        self.draw(user_id)

    async def _draw(self, user_id: str) -> None:
        """As things are when its turn has come; later when Slack asks for it."""

        async def look() -> Json | None:
            self._asked.discard(user_id)
            return await self._services.store.look(lambda session: self._view(session, user_id))

        async with self._one_at_a_time[user_id]:
            home = await self._services.store.look(lambda session: session.get(SlackHome, user_id))
            if home is None:  # the app was removed where they looked from
                self._asked.discard(user_id)
                return
            SPOKEN_TO.set(home.team_id)
            try:
                await self._gateway.publish_home(user_id, look)
            except (RetryLater, GiveUp, OutcomeUnknown) as problem:
                log.warning("home_not_drawn", user=user_id, problem=str(problem))
                if isinstance(problem, RetryLater) and problem.wait is not None:
                    self._draw_soon(user_id, problem.wait.total_seconds())
            finally:
                self._asked.discard(user_id)
                self._drawn_at[user_id] = self._ticks()

    def _view(self, session: Session, user_id: str) -> Json | None:
        services = self._services
        rep, home = session.get(Rep, user_id), session.get(SlackHome, user_id)
        if rep is None:
            return None
        zone = ZoneInfo(rep.zone)
        voice = Voice(words=services.words, language=rep.language, now=services.clock(), zone=zone)
        turned = home.pages if home else {}
        facts = home_facts(session, Who.of(rep), turned, services.store.policy, voice)
        if services.settings.outbound == "hold":
            facts = replace(facts, held=waiting_to_leave(session))
        return home_view(facts, voice)
