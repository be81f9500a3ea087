"""How cards, notes, rings, alarms and a prospect's words reach Slack: a card and a thread for each lead, nothing twice.

A message whose fate is unknown is looked for by its key before it is posted again (DR3). Each channel is paced by the
gateway; an error says whether to wait, to give up, or to ask an admin.
"""

import contextlib
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlmodel import Session, col, select

from bot.bootstrap import Services
from bot.delivery import NO_CARD_YET, GiveUp, OutcomeUnknown, RetryLater, may_leave
from bot.slack import blocks, lines
from bot.slack.blocks import Json
from bot.slack.card import card, take_over_at_once
from bot.slack.deed_line import Done, deed_message, with_outcomes
from bot.slack.digest import digest_message
from bot.slack.errors import NOWHERE, AskAdmin, MessageGone
from bot.slack.gateway import Gateway
from bot.slack.homes import Homes
from bot.slack.outcomes import name_of_last
from bot.slack.records import SlackCard
from bot.slack.script import remembered, talk_script, topics_of_script
from bot.slack.voice import Voice
from bot.slack.words_of_chat import overview, said_in
from dialogs.live import ChatView, chat_view
from qualification import followup, outbox
from qualification.audience import present
from qualification.bursts import TO_MANAGERS
from qualification.clock_rules import Tells
from qualification.deeds import Kind
from qualification.digest import DIGEST, Digest, digest_of
from qualification.dossier import Dossier, Look, Rows, dossier_of, names_of
from qualification.duplicates import Alike, alike_of
from qualification.events import CLOCK, AlertRerouted
from qualification.notices import ALARM, ALERT_MAIL, BURST, MIRROR, NOTE, RING, TROUBLE
from qualification.outbox import CARD, Errand, OutboundStatus, card_key
from qualification.records import Deed, Lead, Outbound
from qualification.store import Transaction

TELL_ADMIN_AGAIN_AFTER = 600.0
OLD_NEWS = timedelta(days=1)
STEP_TAKEN, OWNER_CHANGED = "step_taken", "owner_changed"
URGENT = (ALARM, RING, BURST)
MOST_LINES = 20
PRESSING_AFTER = timedelta(seconds=45)
BEFORE_THE_RESTORE = timedelta(days=7)
ASKS_FOR_A_CALL = frozenset({"call_back_due"})
PERSON_WANTED = "person_wanted"
TAKEN_UP = "somebody else took it up while we stood still"

log = structlog.get_logger()


class SlackSender:
    """Sends errands of every kind that Slack shows, see `_ways`."""

    def __init__(
        self,
        services: Services,
        gateway: Gateway,
        homes: Homes,
    ) -> None:
        self._services = services
        self._gateway, self._homes = gateway, homes
        self._told: dict[str, float] = {}
        self._ways = {
            CARD: self._card,
            NOTE: self._note,
            RING: self._ring,
            MIRROR: self._mirror,
            ALARM: self._alarm,
            DIGEST: self._digest,
            BURST: self._burst,
            TROUBLE: self._trouble,
        }

    async def send(self, errand: Errand) -> dict[str, Any]:
        """Bring one errand to Slack. The receipt says where it hangs: {"channel", "ts"}."""
        try:
            return await self._ways[errand.kind](errand)
        except AskAdmin as problem:
            await self._tell_admin(problem)
            if errand.kind in URGENT and (by_mail := await self._by_mail(errand, problem.problem)):
                return by_mail
            raise
        except (RetryLater, OutcomeUnknown) as away:
            if errand.kind in (ALARM, BURST) and self._is_pressing(errand, away):
                await self._by_mail(errand, away.problem)
            raise
        except MessageGone as gone:
            raise GiveUp(f"slack: {gone}") from gone

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        """A card that hangs is remembered with its place."""
        if errand.kind == CARD and errand.lead_id is not None:
            keep_place(tx, errand.lead_id, receipt["channel"], receipt["ts"])
            followup.mark_told(tx, errand.lead_id)

    def gave_up(self, tx: Transaction, errand: Errand, problem: str) -> None:
        """The managers hear that something will not appear in Slack; an alarm reaches them by mail."""
        if errand.kind in (ALARM, BURST):
            self._queue_mails(tx, errand, problem)
        elif errand.kind != TROUBLE:
            payload = {"what": errand.kind, "problem": problem}
            outbox.queue(tx, key=f"{errand.key}:{TROUBLE}", kind=TROUBLE, lead_id=errand.lead_id, payload=payload)

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """Somebody else posted it while we stood still, and theirs is on record: ours is taken back."""
        if errand.kind != CARD and "ts" in receipt:
            await self._gateway.take_back(receipt["channel"], receipt["ts"])

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """We do not know whether ours arrived; what counts hangs where `receipt` says."""
        if "ts" in receipt:
            taken = await self._gateway.take_back_others(
                receipt["channel"],
                errand.key,
                receipt["ts"],
                since=errand.created_at,
                thread=receipt.get("thread_ts"),
            )
            log.warning("looked_for_a_twin", errand=errand.key, taken_back=taken)

    # -- the card ---------------------------------------------------------------------------

    async def _card(self, errand: Errand) -> dict[str, Any]:
        dossier, place = await self._look(_lead_id(errand))
        message = card(dossier, self._voice(), *await self._beside(dossier.lead))
        hangs = await self._draw_again(place, message, errand.key) if place else None
        if hangs is None:
            hangs = await self._hang(dossier, message, errand)
        channel, ts = hangs
        await self._script(dossier, channel, ts, place, errand)
        await self._homes.changed(dossier.lead)
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

    async def _hang(self, dossier: Dossier, message: Json, errand: Errand) -> tuple[str, str]:
        """Post the card where its routing says; a channel that only an admin could open gives way to the usual one."""
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
                if (ts := await self._found(channel, errand.key, errand)) is not None:
                    return channel, ts
            except AskAdmin as problem:
                if channel == channels[-1]:
                    raise
                await self._tell_admin(problem)
        return None

    async def _post_in(self, channels: Sequence[str], message: Json, errand: Errand) -> tuple[str, str]:
        look = partial(may_leave, errand, self._services.clock)
        for channel in channels[:-1]:
            try:
                return channel, await self._gateway.post(channel, message, key=errand.key, may_leave=look)
            except AskAdmin as problem:
                await self._tell_admin(problem)
        return channels[-1], await self._gateway.post(channels[-1], message, key=errand.key, may_leave=look)

    async def _script(self, dossier: Dossier, channel: str, ts: str, place: SlackCard | None, errand: Errand) -> None:
        """The talk script is the first reply under a card, and follows what is still unknown (M94)."""
        if dossier.is_erased:
            await self._take_script_back(place)
            return
        asked = remembered(topics_of_script(dossier.known))
        script_ts = place.script_ts if place and place.ts == ts else None
        if script_ts is not None and place is not None and place.script_topics == asked:
            return
        message, key = talk_script(dossier, self._voice()), f"script:{dossier.lead.id}"
        try:
            if script_ts is not None:
                await self._gateway.edit(channel, script_ts, message, key=key)
            else:
                script_ts = await self._post(channel, message, errand, key=key, thread=ts)
        except MessageGone:
            log.info("talk_script_was_deleted", lead=dossier.lead.id)
        await self._services.store.run(lambda tx: keep_script(tx, dossier.lead.id, script_ts, asked))

    async def _take_script_back(self, place: SlackCard | None) -> None:
        """The talk script of an erased person names them."""
        if place is not None and place.script_ts is not None:
            await self._gateway.take_back(place.channel, place.script_ts)
            await self._services.store.run(lambda tx: keep_script(tx, place.lead_id, None, ""))

    # -- the thread -------------------------------------------------------------------------

    async def _note(self, errand: Errand) -> dict[str, Any]:
        if "deed" in errand.payload:
            return await self._deed(errand)
        return await self._reply(errand, mentions=(), broadcast=False)

    async def _ring(self, errand: Errand) -> dict[str, Any]:
        """Whoever must act; where the lead's own channel is closed to us, in the managers' channel."""
        try:
            return await self._ring_in_thread(errand)
        except AskAdmin as problem:
            if problem.code in NOWHERE:
                raise
            await self._tell_admin(problem)
            return await self._alarm(errand, why=problem.problem)

    async def _ring_in_thread(self, errand: Errand) -> dict[str, Any]:
        """The owner by name in the thread, the channel once while nobody owns the lead (D12).

        The first escalation is said aloud. What follows an earlier line of its kind about a lead that nobody has
        takes the place of that line.
        """
        dossier, _ = await self._look(_lead_id(errand))
        owner = dossier.lead.owner_id
        called = _called(errand.payload, owner)
        if "deed" in errand.payload:
            return await self._deed(errand, called)
        earlier = await self._services.store.look(lambda session: earlier_rings(session, errand))
        if earlier and not called:
            return await self._say_instead(errand, earlier[-1])
        aloud = not earlier and (_is_escalation(errand.payload) or (not called and await self._is_old_news(errand)))
        return await self._reply(errand, mentions=called, broadcast=aloud)

    async def _say_instead(self, errand: Errand, hangs: dict[str, Any]) -> dict[str, Any]:
        """One line of a thread goes on with what is true now."""
        dossier, _ = await self._look(_lead_id(errand))
        message = lines.line_message(errand.payload, dossier, self._voice(), ())
        try:
            await self._gateway.edit(hangs["channel"], hangs["ts"], message, key=errand.key)
        except MessageGone:
            return await self._reply(errand, mentions=(), broadcast=False)
        return hangs

    async def _is_old_news(self, errand: Errand) -> bool:
        """Whether the card was there before: a card just posted rings by itself."""
        key = card_key(_lead_id(errand))
        hung = await self._services.store.look(
            lambda session: session.exec(select(Outbound.created_at).where(Outbound.key == key)).first()
        )
        return hung is not None and hung < errand.created_at

    async def _deed(self, errand: Errand, mentions: Sequence[str] = ()) -> dict[str, Any]:
        """The line of what a person did: posted once, edited when it is taken back."""
        dossier, place = await self._look(_lead_id(errand))
        if place is None:
            await self._wait_for_card(_lead_id(errand))
        assert place is not None
        deed_id = errand.payload["deed"]
        done = await self._services.store.look(lambda session: done_of(session, deed_id))
        message = deed_message(errand.payload, done, dossier, self._voice(), mentions)
        hangs = errand.receipt or errand.payload.get("place")
        if hangs is not None:
            with contextlib.suppress(MessageGone):
                await self._gateway.edit(hangs["channel"], hangs["ts"], message, key=errand.key)
                return {"channel": hangs["channel"], "ts": hangs["ts"], "thread_ts": place.ts}
        ts = await self._post(place.channel, message, errand, thread=place.ts)
        return {"channel": place.channel, "ts": ts, "thread_ts": place.ts}

    async def _mirror(self, errand: Errand) -> dict[str, Any]:
        """What was said in the chat, as it was said."""
        said = await self._services.store.look(lambda session: said_in(session, errand.payload))
        place = await self._thread_of(errand)
        message = overview(said, errand.payload, self._voice())
        ts = await self._post(place.channel, message, errand, thread=place.ts)
        return {"channel": place.channel, "ts": ts, "thread_ts": place.ts}

    async def _thread_of(self, errand: Errand) -> SlackCard:
        _, place = await self._look(_lead_id(errand))
        if place is None:
            await self._wait_for_card(_lead_id(errand))
        assert place is not None
        return place

    async def _reply(self, errand: Errand, *, mentions: Sequence[str], broadcast: bool) -> dict[str, Any]:
        dossier, place = await self._look(_lead_id(errand))
        if place is None:
            await self._wait_for_card(_lead_id(errand))
        assert place is not None
        message = lines.line_message(errand.payload, dossier, self._voice(), mentions)
        if errand.payload["event"] in ASKS_FOR_A_CALL:
            after = await self._services.store.look(lambda session: last_call_on(session, dossier.lead.id))
            message["blocks"] += with_outcomes(dossier, after, self._voice())
        if errand.payload.get("event") == PERSON_WANTED:
            message["blocks"].append(take_over_at_once(dossier, self._voice()))
        ts = await self._post(place.channel, message, errand, thread=place.ts, broadcast=broadcast)
        return {"channel": place.channel, "ts": ts, "thread_ts": place.ts}

    async def _wait_for_card(self, lead_id: str) -> None:
        row = await self._services.store.look(
            lambda session: session.exec(select(Outbound.status).where(Outbound.key == card_key(lead_id))).first()
        )
        if row == OutboundStatus.FAILED:
            raise GiveUp("the lead's card could not be posted")
        raise RetryLater(NO_CARD_YET, counts=False)

    # -- the managers -----------------------------------------------------------------------

    async def _alarm(self, errand: Errand, *, why: str = "") -> dict[str, Any]:
        """In the managers' channel; where that is closed to us, in the channel of the leads.

        `why` says what kept it from the channel it was meant for.
        """
        channel, other = self._managers_channel(), self._services.settings.slack_leads_channel
        try:
            receipt = await self._alarm_in(channel, errand)
        except AskAdmin as problem:
            if problem.code in NOWHERE or other in ("", channel):
                raise
            await self._tell_admin(problem)
            receipt, channel, why = await self._alarm_in(other, errand), other, problem.problem
        if why:
            await self._services.store.run(partial(_record_other_way, errand, channel, why))
        return receipt

    async def _alarm_in(self, channel: str, errand: Errand) -> dict[str, Any]:
        """One message for each lead; what follows is said in its thread, aloud."""
        dossier, place = await self._look(_lead_id(errand))
        voice, managers = self._voice(), await self._managers_called(errand)
        line = lines.line_of(errand.payload, dossier, voice, called=bool(managers))
        line = f"{line}\n{lines.why_it_matters(dossier, voice)}"
        more = [blocks.literal(" "), blocks.link(url, voice.says("to_card"))] if (url := await self._url(place)) else []
        message = lines.called_out(line, managers, *more)
        thread = await self._services.store.look(lambda session: first_alarm(session, errand, channel))
        ts = await self._post(channel, message, errand, thread=thread, broadcast=thread is not None)
        return {"channel": channel, "ts": ts}

    async def _managers_called(self, errand: Errand) -> tuple[str, ...]:
        """Whom the step names, or the managers of the settings, without those who are away."""
        named = tuple(errand.payload.get("facts", {}).get("managers", ()))
        services = self._services
        everybody = named or services.settings.slack_managers
        return await services.store.look(lambda session: present(Look(session), everybody, services.clock()))

    async def _by_mail(self, errand: Errand, problem: str) -> dict[str, Any] | None:
        """Send the same words to the managers by mail, once; None when there is nobody to send them to."""
        if not self._goes_by_mail:
            return None
        await self._services.store.run(lambda tx: self._queue_mails(tx, errand, problem))
        return {"rerouted": "mail"}

    @property
    def _goes_by_mail(self) -> bool:
        settings = self._services.settings
        return bool(settings.mail_managers and settings.smtp_url)

    def _queue_mails(self, tx: Transaction, errand: Errand, problem: str) -> None:
        """One mail for each manager, once; the lead's history says which way the alert went."""
        to = self._services.settings.mail_managers if self._goes_by_mail else ()
        keys = {f"{errand.key}:mail:{address}": address for address in to}
        fresh = {key: address for key, address in keys.items() if tx.first(Outbound, "key", key) is None}
        if not fresh:
            return
        line, stakes = self._plain_words(tx, errand)
        mail = {"subject": line, "body": self._voice().says("alert_mail", line=line, stakes=stakes, problem=problem)}
        for key, address in fresh.items():
            outbox.queue(tx, key=key, kind=ALERT_MAIL, lead_id=errand.lead_id, payload={"to": address, **mail})
        if errand.lead_id is not None:
            _record_other_way(errand, "mail", problem, tx)

    def _plain_words(self, rows: Rows, errand: Errand) -> tuple[str, str]:
        """An alarm without marks and mentions: its line, and what is at stake."""
        if errand.kind == BURST:
            return self._burst_words(rows, errand.payload)
        voice, dossier = self._voice(), self._dossier(rows, _lead_id(errand))
        line = lines.line_of(errand.payload, dossier, voice, called=False)
        return lines.plain(line), lines.plain(lines.why_it_matters(dossier, voice))

    async def _burst(self, errand: Errand) -> dict[str, Any]:
        """Many at once, said once: to the managers, or to the channel of the leads (R16, S17)."""
        settings, to_managers = self._services.settings, errand.payload["to"] == TO_MANAGERS
        channel = self._managers_channel() if to_managers else errand.payload.get("channel")
        channel = channel or settings.slack_leads_channel
        head, body = await self._services.store.look(lambda session: self._burst_words(Look(session), errand.payload))
        called = await self._managers_called(errand) if to_managers else ()
        message = lines.called_out("\n".join(filter(None, (head, body))), called)
        return {"channel": channel, "ts": await self._post(channel, message, errand)}

    def _burst_words(self, rows: Rows, payload: dict[str, Any]) -> tuple[str, str]:
        """How many, and the first of them one by one."""
        voice = self._voice()
        if held := payload.get("held"):
            return voice.says("held_back", count=held), ""
        told = payload["told"]
        said = []
        for one in told[:MOST_LINES]:
            dossier = self._dossier(rows, one["lead_id"])
            said.append(f"• {lines.plain(lines.line_of(one['payload'], dossier, voice, called=False))}")
        if len(told) > MOST_LINES:
            said.append(voice.says("burst_more", count=len(told) - MOST_LINES))
        return voice.says(f"burst_{payload['to']}", count=len(told)), "\n".join(said)

    async def _trouble(self, errand: Errand) -> dict[str, Any]:
        """What will never appear, and why: an errand of its own, so that nobody's crash swallows it."""
        voice, channel = self._voice(), self._managers_channel()
        said = {"what": voice.says(f"errand_{errand.payload['what']}"), "problem": errand.payload["problem"]}
        if errand.lead_id is None:
            line = voice.says("gave_up", **said)
        else:
            dossier, _ = await self._look(errand.lead_id)
            line = voice.says("gave_up_on", lead=voice.title(dossier.lead.company, dossier.lead.person), **said)
        return {"channel": channel, "ts": await self._post(channel, lines.called_out(line, ()), errand)}

    def _is_pressing(self, errand: Errand, away: RetryLater | OutcomeUnknown) -> bool:
        """Slack has not answered for too long, and it is not only our turn that has not come."""
        trouble = isinstance(away, OutcomeUnknown) or away.counts
        return trouble and self._services.clock() - errand.created_at >= PRESSING_AFTER

    async def _url(self, place: SlackCard | None) -> str | None:
        if place is None:
            return None
        try:
            return await self._gateway.permalink(place.channel, place.ts)
        except (RetryLater, GiveUp, OutcomeUnknown, MessageGone) as problem:
            log.info("no_permalink", problem=str(problem))
            return None

    def _managers_channel(self) -> str:
        channel = self._services.store.policy.routing.managers or self._services.settings.slack_managers_channel
        if not channel:
            raise GiveUp("no managers' channel: set SLACK_MANAGERS_CHANNEL")
        return channel

    async def _tell_admin(self, problem: AskAdmin) -> None:
        """Say aloud what only an admin can repair; the same problem once in ten minutes."""
        voice = self._voice()
        advice = voice.label("slack_error", problem.code)
        log.error(
            "slack_needs_an_admin", code=problem.code, advice=voice.words.label("slack_error", problem.code, "en")
        )
        now = time.monotonic()
        if now - self._told.get(problem.code, -TELL_ADMIN_AGAIN_AFTER) >= TELL_ADMIN_AGAIN_AFTER:
            self._told[problem.code] = now
            await self._say_to_managers(
                voice.says("ask_admin", code=problem.code, advice=advice), self._services.settings.slack_admins
            )

    async def _say_to_managers(self, text: str, called: tuple[str, ...] = ()) -> None:
        channel = self._services.settings.slack_managers_channel
        try:
            await self._gateway.post(channel, lines.called_out(text, called), key="trouble")
        except (RetryLater, GiveUp, OutcomeUnknown, MessageGone) as problem:
            log.error("managers_not_told", problem=str(problem))

    async def _digest(self, errand: Errand) -> dict[str, Any]:
        """The day in numbers; one that waited for more than a day is no news any more."""
        day, until = date.fromisoformat(errand.payload["day"]), datetime.fromisoformat(errand.payload["until"])
        if self._services.clock() - until > OLD_NEWS:
            return {"too_late": True}
        policy, channel = self._services.store.policy, self._managers_channel()

        def look(session: Session) -> tuple[Digest, dict[str, str]]:
            digest = digest_of(session, day, policy, until=until)
            return digest, names_of(session, (rep.rep_id for rep in digest.by_rep if rep.rep_id))

        digest, names = await self._services.store.look(look)
        message = digest_message(digest, names, policy.first_contact_minutes, self._voice())
        return {"channel": channel, "ts": await self._post(channel, message, errand)}

    # -- what they share --------------------------------------------------------------------

    async def _post(
        self,
        channel: str,
        message: Json,
        errand: Errand,
        *,
        key: str | None = None,
        thread: str | None = None,
        broadcast: bool = False,
    ) -> str:
        """Post once: a message that may have arrived before is looked for first."""
        key = key or errand.key
        found = await self._found(channel, key, errand, thread=thread)
        look = partial(may_leave, errand, self._services.clock)
        return found or await self._gateway.post(
            channel, message, key=key, thread=thread, broadcast=broadcast, may_leave=look
        )

    async def _found(self, channel: str, key: str, errand: Errand, *, thread: str | None = None) -> str | None:
        """The message of an earlier attempt, if there was one and it arrived."""
        careful = self._services.settings.outbound == "careful"
        if not (errand.may_have_been_sent or careful):
            return None
        since = errand.created_at - (BEFORE_THE_RESTORE if careful else timedelta())
        return await self._gateway.find(channel, key, since=since, thread=thread)

    async def _look(self, lead_id: str) -> tuple[Dossier, SlackCard | None]:
        def look(session: Session) -> tuple[Dossier, SlackCard | None]:
            dossier = self._dossier(Look(session), lead_id)
            place = session.get(SlackCard, lead_id)
            if place is not None:
                session.expunge(place)
            return dossier, place

        return await self._services.store.look(look)

    def _dossier(self, rows: Rows, lead_id: str) -> Dossier:
        services = self._services
        return dossier_of(rows, lead_id, policy=services.store.policy, now=services.clock())

    def _voice(self) -> Voice:
        """Channels are spoken to in the firm's language."""
        services = self._services
        return Voice(words=services.words, language=services.settings.language, now=services.clock())


def _called(payload: dict[str, Any], owner: str | None) -> tuple[str, ...]:
    """Who is mentioned: whom the step names; the new and the old owner of a lead that changes hands; the owner."""
    facts = payload.get("facts", {})
    if "before" in facts and "after" in facts and payload["event"] == OWNER_CHANGED:
        return tuple(who for who in (facts["after"], facts["before"]) if who and who != payload["by"])
    return tuple(facts.get("people", (owner,) if owner else ()))


def _is_escalation(payload: dict[str, Any]) -> bool:
    tells = payload.get("facts", {}).get("tells")
    return tells is not None and Tells(tells).is_above


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
    return said and _is_escalation(one) == _is_escalation(other)


def done_of(session: Session, deed_id: str) -> Done:
    deed = session.get(Deed, deed_id)
    if deed is None:
        raise GiveUp("this line tells of something nobody did")
    return Done.of(deed, last_call_on(session, deed.lead_id))


def last_call_on(session: Session, lead_id: str) -> str:
    """The last call on a lead that was not taken back, as the outcome buttons carry it."""
    calls = select(Deed).where(col(Deed.lead_id) == lead_id, col(Deed.kind) == Kind.CALL, col(Deed.undone_at).is_(None))
    return name_of_last(list(session.exec(calls.order_by(col(Deed.id))).all()))


def _lead_id(errand: Errand) -> str:
    if errand.lead_id is None:
        raise GiveUp("this errand names no lead")
    return errand.lead_id


def _record_other_way(errand: Errand, channel: str, problem: str, tx: Transaction) -> None:
    tx.record(AlertRerouted(lead_id=_lead_id(errand), by=CLOCK, key=errand.key, to=channel, problem=problem))


def keep_place(tx: Transaction, lead_id: str, channel: str, ts: str) -> None:
    """Remember where the lead's card hangs; a card posted anew has no script yet."""
    place = tx.peek(SlackCard, lead_id)
    if place is None:
        tx.add(SlackCard(lead_id=lead_id, channel=channel, ts=ts))
    elif place.ts != ts:
        place.channel, place.ts, place.script_ts, place.script_topics = channel, ts, None, ""


def _keep_place_now(errand: Errand, lead_id: str, channel: str, ts: str, tx: Transaction) -> bool:
    """Unless somebody took the card up while we stood still: theirs is the one that lives."""
    if not outbox.is_held(tx, errand):
        return False
    keep_place(tx, lead_id, channel, ts)
    return True


def keep_script(tx: Transaction, lead_id: str, ts: str | None, topics: str) -> None:
    place = tx.get(SlackCard, lead_id)
    place.script_ts, place.script_topics = ts, topics


def first_alarm(session: Session, errand: Errand, channel: str) -> str | None:
    """The ts of the first message the managers got about this lead, if it hangs in this channel."""
    sent = select(Outbound.receipt).where(
        col(Outbound.lead_id) == errand.lead_id,
        col(Outbound.kind) == ALARM,
        col(Outbound.status) == OutboundStatus.SENT,
    )
    receipts = session.exec(sent.order_by(col(Outbound.id))).all()
    return next((receipt["ts"] for receipt in receipts if receipt and receipt.get("channel") == channel), None)
