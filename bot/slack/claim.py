"""A rep presses "Claim" and the lead is theirs: one press, no form; who comes second hears who was faster (D23)."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack import ids
from bot.slack.desk import Desk
from bot.slack.press import Press
from bot.slack.rights import contactable
from qualification import leads
from qualification.records import Lead


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.CLAIM)
    async def claim(ack: Any, body: Any, context: Any) -> None:
        press = Press.of(body, context)
        await desk.act(press.once, lambda tx: leads.claim(tx, contactable(tx.get(Lead, press.lead_id)), by=press.by.id))
        await ack()
