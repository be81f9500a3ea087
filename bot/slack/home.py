"""The Home tab: a rep's work queue, their leads by time left, then those nobody has yet; the buttons work here too.

It is drawn when somebody opens it, and again after a change for those who opened it lately.
"""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt.async_app import AsyncApp
from sqlmodel import Session, col, select

from bot.bootstrap import Services
from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.health import waiting_to_leave
from bot.slack import ids
from bot.slack.afterwards import Afterwards
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.gateway import Gateway
from bot.slack.home_view import LISTS, home_facts, home_view
from bot.slack.press import COLLEAGUE, ONCE
from bot.slack.records import SlackHome
from bot.slack.team import Who
from bot.slack.voice import Voice
from qualification.records import Lead, Rep
from qualification.store import Transaction

LATELY = timedelta(hours=12)
TURNS = re.compile(f"{ids.TURN_PAGE}page_(back|on)")
COALESCE = 1.0

log = structlog.get_logger()


def register(app: AsyncApp, desk: Desk) -> None:
    homes = Homes(desk.services, desk.gateway, desk.afterwards)

    @app.event("app_home_opened")
    async def open_home(ack: Any, event: Any, context: Any) -> None:
        """Slack is answered at once: nothing that has to last hangs on somebody looking."""
        await ack()
        if event.get("tab", "home") == "home":
            desk.afterwards.do(_opened(desk, homes, context[COLLEAGUE].id, context[ONCE]))

    @app.action(TURNS)
    async def turn_page(ack: Any, body: Any, context: Any) -> None:
        """A button of Home: another page of one list."""
        user_id, (name, number) = context[COLLEAGUE].id, page_in(str(body["actions"][0].get("value") or ""))

        def turn(tx: Transaction) -> None:
            remember_opening(tx, user_id, turned={name: number})

        await desk.act(context[ONCE], turn)
        await ack()
        homes.draw(user_id)


def page_in(value: str) -> tuple[str, int]:
    """Which page of which list a button turns to; the first one for a value we do not know."""
    name, _, number = value.partition(":")
    known = name in LISTS and number.isascii() and number.isdecimal() and len(number) <= 4
    return (name, int(number)) if known else (LISTS[0], 0)


async def _opened(desk: Desk, homes: "Homes", user_id: str, key: str) -> None:
    """Draw it for the first delivery of the event only."""
    first: list[str] = []

    def remember(tx: Transaction) -> None:
        first.append(user_id)
        remember_opening(tx, user_id)

    await desk.act(key, remember)
    if first:
        homes.draw(user_id)


def remember_opening(tx: Transaction, user_id: str, *, turned: dict[str, int] | None = None) -> None:
    """Who looks now gets changes for some hours; the page that is open in each list is kept."""
    row = tx.peek(SlackHome, user_id)
    if row is None:
        row = tx.add(SlackHome(user_id=user_id, opened_at=tx.now, pages={}))
    row.opened_at = tx.now
    row.pages = {**row.pages, **turned} if turned else {}


class Homes:
    """Draws Home tabs; several changes within a second are one drawing."""

    def __init__(
        self,
        services: Services,
        gateway: Gateway,
        afterwards: Afterwards | None = None,
        *,
        coalesce: float = COALESCE,
    ) -> None:
        self._services = services
        self._gateway = gateway
        self._afterwards = afterwards or Afterwards()
        self._coalesce = coalesce
        self._soon: set[str] = set()

    def draw(self, user_id: str) -> None:
        """Draw one person's Home now, beside whatever else happens."""
        self._afterwards.do(self._draw(user_id))

    async def changed(self, lead: Lead) -> None:
        """A lead has changed: whoever looked lately and may see it gets a fresh Home in a moment."""
        since = self._services.clock() - LATELY
        lately = await self._services.store.look(
            lambda session: session.exec(select(SlackHome.user_id).where(col(SlackHome.opened_at) > since)).all()
        )
        for user_id in lately:
            if user_id not in self._soon:
                self._soon.add(user_id)
                self._afterwards.do(self._draw_soon(user_id))

    async def _draw_soon(self, user_id: str) -> None:
        await asyncio.sleep(self._coalesce)
        self._soon.discard(user_id)
        await self._draw(user_id)

    async def _draw(self, user_id: str) -> None:
        services = self._services
        view = await services.store.look(lambda session: self._view(session, user_id))
        if view is None:
            return
        try:
            await self._gateway.publish_home(user_id, view)
        except (RetryLater, GiveUp, OutcomeUnknown) as problem:
            log.warning("home_not_drawn", user=user_id, problem=str(problem))

    def _view(self, session: Session, user_id: str) -> Json | None:
        services = self._services
        rep, home = session.get(Rep, user_id), session.get(SlackHome, user_id)
        if rep is None:
            return None
        zone = ZoneInfo(rep.zone)
        voice = Voice(words=services.words, language=rep.language, now=services.clock(), zone=zone)
        turned = home.pages if home else {}
        facts = home_facts(session, Who.of(rep), turned, services.store.policy.working_hours, voice)
        if services.settings.outbound == "hold":
            facts = replace(facts, held=waiting_to_leave(session))
        return home_view(facts, voice)
