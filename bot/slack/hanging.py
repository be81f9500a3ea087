"""The lead's card hangs in its channel once, and its talk script is the first reply under it."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.delivery import GiveUp, OutcomeUnknown, may_leave
from bot.logs import log
from bot.slack.blocks import Json
from bot.slack.card import card
from bot.slack.errors import AskAdmin, MessageGone
from bot.slack.homes import Homes
from bot.slack.managers import Managers
from bot.slack.posting import Posting, lead_of
from bot.slack.press import mark_of
from bot.slack.records import SlackCard
from bot.slack.script import talk_script
from dialogs.live import ChatView, chat_view
from qualification import outbox
from qualification.dossier import Dossier
from qualification.duplicates import Alike, alike_of
from qualification.look import Look
from qualification.outbox import Errand
from qualification.records import Lead
from qualification.store import Transaction

TAKEN_UP = "somebody else took it up while we stood still"


class Cards:
    """Hangs cards, draws them again, and keeps where they hang."""

    def __init__(self, posting: Posting, homes: Homes, managers: Managers) -> None:
        self._posting, self._homes, self._managers = posting, homes, managers
        self._services, self._gateway = posting.services, posting.gateway

    async def send(self, errand: Errand) -> dict[str, Any]:
        dossier, place = await self._posting.look(lead_of(errand))
        message = card(dossier, self._posting.voice(), *await self._beside(dossier.lead))
        hangs = await self._draw_again(place, message, errand.key) if place else None
        if hangs is None:
            hangs = await self.hang(dossier, message, errand)
        channel, ts = hangs
        await self._script(dossier, channel, ts, place, errand)
        await self._homes.lead_changed()
        return {"channel": channel, "ts": ts}

    async def _beside(self, lead: Lead) -> tuple[ChatView | None, Alike | None]:
        """The chat a rep could take over, and who may be the same person."""
        services = self._services

        def look(session: Session) -> tuple[ChatView | None, Alike | None]:
            rows = Look(session)
            chat = chat_view(rows, lead.id, policy=services.store.policy, now=services.clock())
            return chat, alike_of(rows, lead)

        return await services.store.look(look)

    async def _draw_again(self, place: SlackCard, message: Json, key: str) -> tuple[str, str] | None:
        try:
            await self._gateway.edit(place.channel, place.ts, message, key=key)
        except MessageGone:
            return None
        return place.channel, place.ts

    async def hang(self, dossier: Dossier, message: Json, errand: Errand) -> tuple[str, str]:
        """Post the card where its routing says; a channel that only an admin could open gives way to the usual one.

        Gives the channel and the ts of the card. Raises GiveUp without any channel, and what Slack's answers mean.
        """
        channels = list(
            dict.fromkeys(filter(None, (dossier.lead.channel, self._services.settings.slack_leads_channel)))
        )
        if not channels:
            raise GiveUp("no channel for lead cards: set SLACK_LEADS_CHANNEL")
        found = await self._found_in(channels, errand)
        if found is not None:
            await self._gateway.edit(*found, message, key=errand.key)
        channel, ts = found or await self._post_in(channels, message, errand)
        if not await self._services.store.run(partial(_keep_place_now, errand, dossier.lead.id, channel, ts)):
            if found is None:
                await self._gateway.take_back(channel, ts)
            raise OutcomeUnknown(TAKEN_UP)
        return channel, ts

    async def _found_in(self, channels: Sequence[str], errand: Errand) -> tuple[str, str] | None:
        """Where an earlier attempt hung it: perhaps not where it would hang today."""
        for channel in channels:
            try:
                if (ts := await self._posting.found(channel, errand.key, errand)) is not None:
                    return channel, ts
            except AskAdmin as problem:
                if channel == channels[-1]:
                    raise
                await self._managers.tell_admin(problem)
        return None

    async def _post_in(self, channels: Sequence[str], message: Json, errand: Errand) -> tuple[str, str]:
        look = partial(may_leave, errand, self._services.clock)
        for channel in channels[:-1]:
            try:
                return channel, await self._gateway.post(channel, message, key=errand.key, may_leave=look)
            except AskAdmin as problem:
                await self._managers.tell_admin(problem)
        return channels[-1], await self._gateway.post(channels[-1], message, key=errand.key, may_leave=look)

    async def _script(self, dossier: Dossier, channel: str, ts: str, place: SlackCard | None, errand: Errand) -> None:
        """The talk script is the first reply under a card, and follows what is known and whose lead it is (M94).

        A record that gave all it knew to another has nothing to be asked any more.
        """
        if dossier.is_erased:
            await self._take_script_back(place)
            return
        if dossier.lead.merged_into is not None:
            return
        message, key = talk_script(dossier, self._posting.voice()), f"script:{dossier.lead.id}"
        mark = mark_of(json.dumps(message, ensure_ascii=False))
        script_ts = place.script_ts if place and place.ts == ts else None
        if script_ts is not None and place is not None and place.script_mark == mark:
            return
        try:
            if script_ts is not None:
                await self._gateway.edit(channel, script_ts, message, key=key)
            else:
                script_ts = await self._posting.post(channel, message, errand, key=key, thread=ts)
        except MessageGone:
            log.info("talk_script_was_deleted", lead=dossier.lead.id)
        await self._services.store.run(lambda tx: keep_script(tx, dossier.lead.id, script_ts, mark))

    async def _take_script_back(self, place: SlackCard | None) -> None:
        """The talk script of an erased person names them."""
        if place is not None and place.script_ts is not None:
            await self._gateway.take_back(place.channel, place.script_ts)
            await self._services.store.run(lambda tx: keep_script(tx, place.lead_id, None, ""))


def keep_place(tx: Transaction, lead_id: str, channel: str, ts: str) -> None:
    """Remember where the lead's card hangs; a card posted anew has no script yet."""
    place = tx.peek(SlackCard, lead_id)
    if place is None:
        tx.add(SlackCard(lead_id=lead_id, channel=channel, ts=ts))
    elif place.ts != ts:
        place.channel, place.ts, place.script_ts, place.script_mark = channel, ts, None, ""


def _keep_place_now(errand: Errand, lead_id: str, channel: str, ts: str, tx: Transaction) -> bool:
    """Unless somebody took the card up while we stood still: theirs is the one that lives."""
    if not outbox.is_held(tx, errand):
        return False
    keep_place(tx, lead_id, channel, ts)
    return True


def keep_script(tx: Transaction, lead_id: str, ts: str | None, mark: str) -> None:
    place = tx.get(SlackCard, lead_id)
    place.script_ts, place.script_mark = ts, mark
