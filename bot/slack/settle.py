"""Two answers that do not agree stand on the card; a rep presses which of them is right, and it counts (D22)."""

import re

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.press import Press
from bot.slack.rights import lead_for
from qualification.answers import TOPICS
from qualification.contradictions import NothingToSettle, settle
from qualification.store import Transaction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(re.compile(f"{ids.SETTLE}[0-9a-f]+"))
    async def say_which(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        await desk.act(press.once, lambda tx: settle_as_pressed(tx, press))
        await ack()


def settle_as_pressed(tx: Transaction, press: Press) -> None:
    """Raises RecordNotFound, DataErased, NotYourLead, NothingToSettle."""
    lead, topic = lead_for(tx, press.lead_id, press.by), TOPICS.get(press.entry)
    if topic is None:
        raise NothingToSettle(NothingToSettle.__doc__)
    settle(tx, lead, topic, press.action.removeprefix(ids.SETTLE), by=press.by.id)
