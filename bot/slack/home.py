"""The Home tab: a rep's work queue, their leads by time left, then those nobody has yet; the buttons work here too.

It is drawn when somebody opens it, and again after a change for those who opened it lately.
"""

import asyncio
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from sqlmodel import Session, col, select

from bot.bootstrap import Services
from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.slack import blocks, ids
from bot.slack.afterwards import Afterwards
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.gateway import Gateway
from bot.slack.press import COLLEAGUE, ONCE
from bot.slack.queue import Queue, list_of, queue_of
from bot.slack.records import SlackHome
from bot.slack.voice import Voice
from qualification.records import Lead, Rep
from qualification.store import Transaction

LATELY = timedelta(hours=12)
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


async def _opened(desk: Desk, homes: "Homes", user_id: str, key: str) -> None:
    """Draw it for the first delivery of the event only."""
    first: list[str] = []

    def remember(tx: Transaction) -> None:
        first.append(user_id)
        remember_opening(tx, user_id)

    await desk.act(key, remember)
    if first:
        homes.draw(user_id)


def remember_opening(tx: Transaction, user_id: str) -> None:
    row = tx.peek(SlackHome, user_id)
    if row is None:
        tx.add(SlackHome(user_id=user_id, opened_at=tx.now))
    else:
        row.opened_at = tx.now


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
        rep, queue = await services.store.look(lambda session: (_rep(session, user_id), queue_of(session, user_id)))
        if rep is None:
            return
        voice = Voice(words=services.words, language=rep.language, now=services.clock())
        try:
            await self._gateway.publish_home(user_id, home_view(queue, voice))
        except (RetryLater, GiveUp, OutcomeUnknown) as problem:
            log.warning("home_not_drawn", user=user_id, problem=str(problem))


def _rep(session: Session, user_id: str) -> Rep | None:
    return session.get(Rep, user_id)


def home_view(queue: Queue, voice: Voice) -> Json:
    drawn = [blocks.header(voice.label("home", "title"))]
    drawn += list_of(voice.label("home", "mine"), queue.mine, voice, (ids.LOG_CALL, ids.ACCEPT))
    drawn += list_of(voice.label("home", "unclaimed"), queue.free, voice, (ids.CLAIM,))
    return blocks.home(drawn)
