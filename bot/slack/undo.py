"""A rep takes back what they did: within five minutes, and while nothing stands on it (D23)."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack import ids
from bot.slack.desk import Desk
from bot.slack.press import Press
from qualification import deeds
from qualification.records import Deed
from qualification.store import Transaction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.UNDO)
    async def take_back(ack: Any, body: Any, context: Any) -> None:
        press = Press.of(body, context)
        await desk.act(press.once, lambda tx: take_deed_back(tx, press))
        await ack()


def take_deed_back(tx: Transaction, press: Press) -> None:
    """Raises RecordNotFound, AlreadyUndone, NotYourDeed, TooLateToUndo, ChangedSince."""
    deeds.undo(tx, tx.get(Deed, press.entry), by=press.by.id, is_manager=press.by.is_manager)
