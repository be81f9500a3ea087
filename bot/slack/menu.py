"""The menu of a card: what is needed now and then, behind one button."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack import ids
from bot.slack.desk import Desk
from bot.slack.handover import open_hand_back
from bot.slack.live import begin_to_talk
from bot.slack.press import Press
from bot.slack.reassign import open_reassign
from bot.slack.snooze import open_snooze
from bot.slack.typist import begin_interview
from qualification.dossier import LeadNotFound


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.MORE)
    async def choose(ack: Any, body: Any, context: Any) -> None:
        press = Press.of(body, context)
        open_entry = ENTRIES.get(press.entry)
        if open_entry is None:
            raise LeadNotFound(press.entry)
        await open_entry(desk, press)
        await ack()


async def _interview(desk: Desk, press: Press) -> None:
    await begin_interview(desk, press.lead_id, press.place, press.by)


ENTRIES: dict[str, Callable[[Desk, Press], Awaitable[None]]] = {
    ids.SNOOZE: open_snooze,
    ids.INTERVIEW: _interview,
    ids.TURN_DOWN: open_hand_back,
    ids.REASSIGN_ENTRY: open_reassign,
    ids.TAKE_OVER_ENTRY: begin_to_talk,
}
