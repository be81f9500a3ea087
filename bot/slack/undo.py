"""A rep takes back what they did: within five minutes, and while nothing stands on it (D23)."""

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.people import Colleague
from bot.slack.press import Press
from dialogs import live
from qualification import deeds
from qualification.deeds import Kind
from qualification.records import Deed, Lead
from qualification.store import Transaction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.UNDO)
    async def on_press(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        await desk.act(press.once, lambda tx: take_back(tx, press.entry, press.by))
        await ack()


def take_back(tx: Transaction, deed_id: str, by: Colleague) -> None:
    """As it was: whose claim it is leaves the chat they took over, too.

    Raises RecordNotFound, AlreadyUndone, NotYourDeed, TooLateToUndo, ChangedSince.
    """
    deed = tx.get(Deed, deed_id)
    deeds.undo(tx, deed, by=by.id, is_manager=by.is_manager)
    if Kind(deed.kind) is Kind.CLAIM:
        _leave_the_chat(tx, deed, by)


def _leave_the_chat(tx: Transaction, deed: Deed, by: Colleague) -> None:
    """Nobody talks with a prospect whose lead nobody has."""
    lead = tx.get(Lead, deed.lead_id)
    chat = live.chat_of_lead(tx, lead.id)
    if chat is not None and chat.rep_id == deed.by:
        live.hand_back(tx, lead, by=by.id)
