"""A rep presses "Claim" and the lead is theirs: one press, no form; who comes second hears who was faster (D23)."""

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.press import Press
from bot.slack.rights import contactable, record_that_counts
from qualification import deeds, ownership
from qualification.deeds import Kind
from qualification.store import Transaction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.CLAIM)
    async def claim(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        await desk.act(press.once, lambda tx: take(tx, press))
        await ack()


def take(tx: Transaction, press: Press) -> None:
    """Raises RecordNotFound, DataErased, ContactForbidden, AlreadyClaimed."""
    lead = contactable(record_that_counts(tx, press.lead_id))
    deeds.do(tx, lead, Kind.CLAIM, lambda: ownership.claim(tx, lead, by=press.by.id), by=press.by.id)
