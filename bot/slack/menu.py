"""The menu of a card: what is needed now and then, behind one button; and the buttons that do the same as an entry."""

import re
from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import ids
from bot.slack.blocks import Json
from bot.slack.deal import open_deal
from bot.slack.desk import Desk
from bot.slack.handover import accept, open_hand_back
from bot.slack.live import begin_to_talk
from bot.slack.press import Press
from bot.slack.reassign import open_reassign
from bot.slack.rep_interview import begin_interview
from bot.slack.rights import lead_for
from bot.slack.snooze import open_snooze
from qualification.acknowledge import acknowledge
from qualification.leads import LeadNotFound
from qualification.store import Transaction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.MORE)
    async def choose(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        open_entry = ENTRIES.get(press.entry)
        if open_entry is None:
            raise LeadNotFound(press.entry)
        await open_entry(desk, press)
        await ack()

    @app.action(ANY_BUTTON)
    async def press_button(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        await BUTTONS[press.action](desk, press)
        await ack()


async def _seen(desk: Desk, press: Press) -> None:
    """No form: one press, and the reminders wait for a while."""
    await desk.act(press.once, lambda tx: _acknowledge(tx, press))


def _acknowledge(tx: Transaction, press: Press) -> None:
    acknowledge(tx, lead_for(tx, press.lead_id, press.by), by=press.by.id, is_manager=press.by.is_manager)


async def _interview(desk: Desk, press: Press) -> None:
    await begin_interview(desk, press.lead_id, press.place, press.by)


async def _reassign(desk: Desk, press: Press) -> None:
    await open_reassign(desk, press.lead_id, press.place, press.by)


ENTRIES: dict[str, Callable[[Desk, Press], Awaitable[None]]] = {
    ids.SEEN: _seen,
    ids.SNOOZE: open_snooze,
    ids.INTERVIEW: _interview,
    ids.TURN_DOWN: open_hand_back,
    ids.REASSIGN_ENTRY: _reassign,
    ids.TAKE_OVER_ENTRY: begin_to_talk,
    ids.DEAL_ENTRY: open_deal,
}
BUTTONS: dict[str, Callable[[Desk, Press], Awaitable[None]]] = {
    ids.ACCEPT: accept,
    ids.HAND_BACK: open_hand_back,
    ids.REASSIGN: _reassign,
    ids.TAKE_OVER: begin_to_talk,
}
ANY_BUTTON = re.compile(f"^({'|'.join(BUTTONS)})$")
