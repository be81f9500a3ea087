"""The Home tab: a rep's work queue, their leads by time left, then those nobody has yet; the buttons work here too.

It is drawn when somebody opens it, and again after a change for those who opened it lately (bot/slack/homes.py).
"""

import re

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.home_view import LISTS
from bot.slack.live import OURS
from bot.slack.press import COLLEAGUE, ONCE
from bot.slack.records import SlackHome
from qualification.store import Transaction

TURNS = re.compile(f"{ids.TURN_PAGE}page_(back|on)")


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("app_home_opened")
    async def open_home(ack: AsyncAck, event: Json, context: AsyncBoltContext) -> None:
        """Slack is answered at once: nothing that has to last hangs on somebody looking."""
        await ack()
        if event.get("tab", "home") == "home":
            desk.afterwards.do(_opened(desk, context[COLLEAGUE].id, context[OURS].team_id, context[ONCE]))

    @app.action(TURNS)
    async def turn_page(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """A button of Home: another page of one list."""
        user_id, team_id = context[COLLEAGUE].id, context[OURS].team_id
        name, number = page_in(str(body["actions"][0].get("value") or ""))

        def turn(tx: Transaction) -> None:
            remember_opening(tx, user_id, team_id, turned={name: number})

        await desk.act(context[ONCE], turn)
        await ack()
        desk.homes.draw(user_id)


def page_in(value: str) -> tuple[str, int]:
    """Which page of which list a button turns to; the first one for a value we do not know."""
    name, _, number = value.partition(":")
    known = name in LISTS and number.isascii() and number.isdecimal() and len(number) <= 4
    return (name, int(number)) if known else (LISTS[0], 0)


async def _opened(desk: Desk, user_id: str, team_id: str | None, key: str) -> None:
    """Draw it for the first delivery of the event only."""
    first: list[str] = []

    def remember(tx: Transaction) -> None:
        first.append(user_id)
        remember_opening(tx, user_id, team_id)

    await desk.act(key, remember)
    if first:
        desk.homes.draw(user_id)


def remember_opening(
    tx: Transaction, user_id: str, team_id: str | None, *, turned: dict[str, int] | None = None
) -> None:
    """Who looks now gets changes for some hours, in the workspace they look from; the page of each list is kept."""
    row = tx.peek(SlackHome, user_id)
    if row is None:
        row = tx.add(SlackHome(user_id=user_id, opened_at=tx.now, pages={}))
    row.opened_at, row.team_id = tx.now, team_id
    row.pages = {**row.pages, **turned} if turned else {}
