"""What is said in a lead's thread: notes, rings, the line of what a person did, and the prospect's own words."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, select

from bot.delivery import GiveUp
from bot.slack import blocks, lines
from bot.slack.blocks import Json, one_line
from bot.slack.card import claim_at_once, owner_in_words, take_over_at_once
from bot.slack.deed_line import Done, deed_message, what_followed, with_outcomes
from bot.slack.errors import NOWHERE, AskAdmin, MessageGone
from bot.slack.managers import Managers
from bot.slack.outcomes import name_of_last
from bot.slack.posting import Posting, lead_of
from bot.slack.voice import Voice
from bot.slack.words_of_chat import overview, said_in
from dialogs.live import chat_of_lead
from qualification.audience import called_on
from qualification.deeds import FOLLOWS, Kind
from qualification.dossier import Dossier
from qualification.look import Look, LookNow
from qualification.notices import RING
from qualification.outbox import Errand, OutboundStatus, card_key
from qualification.records import Deed, Outbound

STEP_TAKEN, OWNER_CHANGED = "step_taken", "owner_changed"
ASKS_FOR_A_CALL = frozenset({"call_back_due"})
PERSON_WANTED = "person_wanted"


class Threads:
    """Says each thing once, in its order, and edits a line that goes on."""

    def __init__(self, posting: Posting, managers: Managers) -> None:
        self._posting, self._managers = posting, managers
        self._services, self._gateway = posting.services, posting.gateway

    async def note(self, errand: Errand) -> dict[str, Any]:
        if "deed" in errand.payload or FOLLOWS in errand.payload:
            return await self._deed(errand)
        return await self._reply(errand, mentions=(), broadcast=False)

    async def ring(self, errand: Errand) -> dict[str, Any]:
        """Whoever must act; where the lead's own channel is closed to us, in the managers' channel."""
        try:
            return await self._ring_in_thread(errand)
        except AskAdmin as problem:
            if problem.code in NOWHERE:
                raise
            await self._managers.tell_admin(problem)
            return await self._managers.alarm(errand, why=problem.problem)

    async def _ring_in_thread(self, errand: Errand) -> dict[str, Any]:
        """The owner by name in the thread, or who stands in for them; the channel once while nobody is called (D12).

        The first escalation is said aloud. What follows an earlier line of its kind about a lead that nobody has
        takes the place of that line.
        """
        dossier, _ = await self._posting.look(lead_of(errand))
        owner = dossier.lead.owner_id
        errand = await self._addressed(errand, owner)
        called = _called(errand.payload, owner)
        if "deed" in errand.payload:
            return await self._deed(errand, called)
        if await self._was_taken_back(errand):
            return await self._deed(errand)
        if errand.receipt is not None and "ts" in errand.receipt:
            return await self._go_on(errand, errand.receipt)
        earlier = await self._services.store.look(lambda session: earlier_rings(session, errand))
        if earlier and not called:
            return await self._say_instead(errand, earlier[-1])
        aloud = not earlier and (
            lines.is_escalation(errand.payload) or (not called and await self._is_old_news(errand))
        )
        return await self._reply(errand, mentions=called, broadcast=aloud)

    async def _addressed(self, errand: Errand, owner: str | None) -> Errand:
        """With whom it calls, as a step of a clock says it itself, and for which absent owner they stand in."""
        facts = errand.payload.get("facts", {})
        if owner is None or "people" in facts or errand.payload.get("event") == OWNER_CHANGED:
            return errand
        policy, now = self._services.store.policy, self._services.clock()
        asked = await self._services.store.look(
            lambda session: called_on(LookNow(session, policy=policy, now=now), owner)
        )
        said = {**facts, "people": asked.people, "stands_in_for": asked.stands_in_for}
        return replace(errand, payload={**errand.payload, "facts": said})

    async def _say_instead(self, errand: Errand, hangs: dict[str, Any]) -> dict[str, Any]:
        """One line of a thread goes on with what is true now."""
        dossier, _ = await self._posting.look(lead_of(errand))
        message = lines.line_message(errand.payload, dossier, self._posting.voice(), ())
        message["blocks"] += _to_claim(errand.payload, dossier, self._posting.voice())
        try:
            await self._gateway.edit(hangs["channel"], hangs["ts"], message, key=errand.key)
        except MessageGone:
            return await self._reply(errand, mentions=(), broadcast=False)
        return hangs

    async def _go_on(self, errand: Errand, hangs: dict[str, Any]) -> dict[str, Any]:
        """A line that asked for somebody says who has the lead by now; of a duty that is over, how it ended."""
        dossier, _ = await self._posting.look(lead_of(errand))
        voice = self._posting.voice()
        over = lines.settled(errand.payload, errand.created_at, dossier, voice)
        message = lines.called_out(over, ()) if over else lines.line_message(errand.payload, dossier, voice, ())
        if dossier.lead.owner_id is not None:
            message["blocks"].append(blocks.context(owner_in_words(dossier, voice)))
        elif not over:
            message["blocks"] += _to_claim(errand.payload, dossier, voice)
        with contextlib.suppress(MessageGone):
            await self._gateway.edit(hangs["channel"], hangs["ts"], message, key=errand.key)
        return hangs

    async def _is_old_news(self, errand: Errand) -> bool:
        """Whether the card was there before: a card just posted rings by itself."""
        key = card_key(lead_of(errand))
        hung = await self._services.store.look(
            lambda session: session.exec(select(Outbound.created_at).where(Outbound.key == key)).first()
        )
        return hung is not None and hung < errand.created_at

    async def _was_taken_back(self, errand: Errand) -> bool:
        """Whether what somebody is called for followed a deed that is undone by now."""
        deed_id = errand.payload.get(FOLLOWS)
        if deed_id is None:
            return False
        return (await self._services.store.look(lambda session: self._done_of(session, deed_id))).undone

    def _done_of(self, session: Session, deed_id: str) -> Done:
        """What a line tells of, as it stands by now. Raises GiveUp when nobody did that."""
        deed = session.get(Deed, deed_id)
        if deed is None:
            raise GiveUp("this line tells of something nobody did")
        return Done.of(deed, last_call_on(session, deed.lead_id), self._services.clock())

    async def _deed(self, errand: Errand, mentions: Sequence[str] = ()) -> dict[str, Any]:
        """The line of what a person did, or of what followed: posted once, edited when it is taken back."""
        dossier, place = await self._posting.thread_of(errand)
        deed_id = errand.payload.get("deed") or errand.payload[FOLLOWS]
        done = await self._services.store.look(lambda session: self._done_of(session, deed_id))
        draw = deed_message if "deed" in errand.payload else what_followed
        message = draw(errand.payload, done, dossier, self._posting.voice(), mentions)
        if "deed" in errand.payload and done.kind is Kind.REASSIGN and not done.undone:
            message["blocks"] += await self._still_in_the_chat(dossier)
        hangs = errand.receipt or errand.payload.get("place")
        if hangs is not None:
            with contextlib.suppress(MessageGone):
                await self._gateway.edit(hangs["channel"], hangs["ts"], message, key=errand.key)
                return {"channel": hangs["channel"], "ts": hangs["ts"], "thread_ts": place.ts}
        ts = await self._posting.post(place.channel, message, errand, thread=place.ts)
        return {"channel": place.channel, "ts": ts, "thread_ts": place.ts}

    async def _still_in_the_chat(self, dossier: Dossier) -> list[Json]:
        """Who talks with the prospect though the lead is another's by now, and the button to step in for them."""
        lead, voice = dossier.lead, self._posting.voice()
        chat = await self._services.store.look(lambda session: chat_of_lead(Look(session), lead.id))
        if chat is None or chat.rep_id in (None, lead.owner_id):
            return []
        words = voice.says("still_in_the_chat", name=one_line(chat.rep_name or ""), press=voice.card("take_over"))
        return [blocks.section(words), take_over_at_once(dossier, voice)]

    async def mirror(self, errand: Errand) -> dict[str, Any]:
        """What was said in the chat, as it was said."""
        said = await self._services.store.look(lambda session: said_in(session, errand.payload))
        _, place = await self._posting.thread_of(errand)
        message = overview(said, errand.payload, self._posting.voice())
        ts = await self._posting.post(place.channel, message, errand, thread=place.ts)
        return {"channel": place.channel, "ts": ts, "thread_ts": place.ts}

    async def _reply(self, errand: Errand, *, mentions: Sequence[str], broadcast: bool) -> dict[str, Any]:
        dossier, place = await self._posting.thread_of(errand)
        message = lines.line_message(errand.payload, dossier, self._posting.voice(), mentions)
        message["blocks"] += _to_claim(errand.payload, dossier, self._posting.voice())
        if errand.payload["event"] in ASKS_FOR_A_CALL:
            after = await self._services.store.look(lambda session: last_call_on(session, dossier.lead.id))
            message["blocks"] += with_outcomes(dossier, after, self._posting.voice())
        if errand.payload.get("event") == PERSON_WANTED or errand.payload.get("facts", {}).get("in_chat"):
            message["blocks"].append(take_over_at_once(dossier, self._posting.voice()))
        ts = await self._posting.post(place.channel, message, errand, thread=place.ts, broadcast=broadcast)
        return {"channel": place.channel, "ts": ts, "thread_ts": place.ts}


def _called(payload: dict[str, Any], owner: str | None) -> tuple[str, ...]:
    """Who is mentioned: whom the step names; the new and the old owner of a lead that changes hands; the owner."""
    facts = payload.get("facts", {})
    if "before" in facts and "after" in facts and payload["event"] == OWNER_CHANGED:
        return tuple(who for who in (facts["after"], facts["before"]) if who and who != payload["by"])
    return tuple(facts.get("people", (owner,) if owner else ()))


def _to_claim(payload: dict[str, Any], dossier: Dossier, voice: Voice) -> list[Json]:
    """Beneath a step of the clock: who calls a lead that nobody has takes it first."""
    return claim_at_once(dossier, voice) if payload["event"] == STEP_TAKEN else []


def earlier_rings(session: Session, errand: Errand) -> list[dict[str, Any]]:
    """Where earlier lines about the same duty, to the same ears, hang; oldest first."""
    if errand.payload["event"] != STEP_TAKEN:
        return []
    sent = select(Outbound).where(
        col(Outbound.lead_id) == errand.lead_id,
        col(Outbound.kind) == RING,
        col(Outbound.status) == OutboundStatus.SENT,
        col(Outbound.id) < errand.id,
    )
    rows = session.exec(sent.order_by(col(Outbound.id))).all()
    return [row.receipt for row in rows if row.receipt and _same_duty(row.payload, errand.payload)]


def _same_duty(one: dict[str, Any], other: dict[str, Any]) -> bool:
    said = one["event"] == other["event"] and one["facts"]["follow_up_id"] == other["facts"]["follow_up_id"]
    return said and lines.is_escalation(one) == lines.is_escalation(other)


def last_call_on(session: Session, lead_id: str) -> str:
    """The last call on a lead that was not taken back, as the outcome buttons carry it."""
    calls = select(Deed).where(col(Deed.lead_id) == lead_id, col(Deed.kind) == Kind.CALL, col(Deed.undone_at).is_(None))
    return name_of_last(list(session.exec(calls.order_by(col(Deed.id))).all()))
