"""What the managers hear: alarms, many in one, the day in numbers, what went wrong; by mail when Slack is closed."""

import contextlib
import time
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.logs import log
from bot.slack import blocks, lines
from bot.slack.blocks import Json
from bot.slack.digest import digest_message
from bot.slack.errors import NOWHERE, AskAdmin, MessageGone
from bot.slack.posting import Posting, lead_of
from bot.slack.reassign import give_to_somebody
from bot.slack.records import SlackCard
from bot.upkeep.given_up import BY_MAIL, REROUTED
from qualification import outbox
from qualification.audience import present
from qualification.bursts import TO_MANAGERS
from qualification.dossier import names_of
from qualification.events import CLOCK, AlertRerouted
from qualification.look import Look, Rows
from qualification.notices import ALARM, ALERT_MAIL, BURST
from qualification.outbox import Errand
from qualification.records import Outbound
from qualification.reports.digest import TOO_LATE, Digest, digest_of
from qualification.store import Transaction

TELL_ADMIN_AGAIN_AFTER = 600.0
OLD_NEWS = timedelta(days=1)
MOST_LINES = 20
PRESSING_AFTER = timedelta(seconds=45)


class Managers:
    """Speaks in the managers' channel, or wherever else they can be reached."""

    def __init__(self, posting: Posting) -> None:
        self._posting = posting
        self._services, self._gateway = posting.services, posting.gateway
        self._told: dict[str, float] = {}

    async def alarm(self, errand: Errand, *, why: str = "") -> dict[str, Any]:
        """In the managers' channel; where that is closed to us, in the channel of the leads.

        `why` says what kept it from the channel it was meant for. One that hangs goes on with what is true now.
        """
        if errand.receipt is not None:
            return await self._edit(errand, errand.receipt)
        channel, other = self._channel(), self._services.settings.slack_leads_channel
        try:
            receipt = await self._alarm_in(channel, errand)
        except AskAdmin as problem:
            if problem.code in NOWHERE or other in ("", channel):
                raise
            await self.tell_admin(problem)
            receipt, channel, why = await self._alarm_in(other, errand), other, problem.problem
        if why:
            await self._services.store.run(partial(_record_other_way, errand, channel, why))
        return receipt

    async def _alarm_in(self, channel: str, errand: Errand) -> dict[str, Any]:
        """One message for each lead; what follows is said in its thread, aloud."""
        message = await self._alarm_message(errand)
        thread = await self._services.store.look(lambda session: first_alarm(session, errand, channel))
        ts = await self._posting.post(channel, message, errand, thread=thread, broadcast=thread is not None)
        return {"channel": channel, "ts": ts}

    async def _edit(self, errand: Errand, hangs: dict[str, Any]) -> dict[str, Any]:
        """An edit rings nobody. What went by mail, or was deleted, stays as it is."""
        if "ts" in hangs:
            with contextlib.suppress(MessageGone):
                await self._gateway.edit(
                    hangs["channel"], hangs["ts"], await self._alarm_message(errand), key=errand.key
                )
        return hangs

    async def _alarm_message(self, errand: Errand) -> Json:
        """What has to be done and by whom; once it is settled, by whom and when."""
        dossier, place = await self._posting.look(lead_of(errand))
        voice, url = self._posting.voice(), await self._url(place)
        to_card = [blocks.literal("\n"), blocks.link(url, voice.says("to_card"))] if url else []
        if settled := lines.settled(errand.payload, errand.created_at, dossier, voice):
            return lines.called_out(settled, (), *to_card)
        managers = await self._called(errand)
        line = lines.line_of(errand.payload, dossier, voice, called=bool(managers), to_managers=True)
        message = lines.called_out(f"{line}\n{lines.why_it_matters(dossier, voice)}", managers, *to_card)
        message["blocks"] += give_to_somebody(dossier, voice)
        return message

    async def _called(self, errand: Errand) -> tuple[str, ...]:
        """Whom the step names, or the managers of the settings, without those who are away."""
        named = tuple(errand.payload.get("facts", {}).get("managers", ()))
        services = self._services
        everybody = named or services.settings.slack_managers
        return await services.store.look(lambda session: present(Look(session), everybody, services.clock()))

    async def burst(self, errand: Errand) -> dict[str, Any]:
        """Many at once, said once: to the managers, or to the channel of the leads (R16, S17)."""
        settings, to_managers = self._services.settings, errand.payload["to"] == TO_MANAGERS
        channel = self._channel() if to_managers else errand.payload.get("channel")
        channel = channel or settings.slack_leads_channel
        head, body = await self._services.store.look(lambda session: self._burst_words(Look(session), errand.payload))
        called = await self._called(errand) if to_managers else ()
        message = lines.called_out("\n".join(filter(None, (head, body))), called)
        return {"channel": channel, "ts": await self._posting.post(channel, message, errand)}

    def _burst_words(self, rows: Rows, payload: dict[str, Any]) -> tuple[str, str]:
        """How many, and the first of them one by one."""
        voice = self._posting.voice()
        if held := payload.get("held"):
            return voice.says("held_back", count=held), ""
        told, to_managers = payload["told"], payload["to"] == TO_MANAGERS
        said = []
        for one in told[:MOST_LINES]:
            dossier = self._posting.dossier(rows, one["lead_id"])
            line = lines.line_of(one["payload"], dossier, voice, called=False, to_managers=to_managers)
            said.append(f"• {lines.plain(line)}")
        if len(told) > MOST_LINES:
            said.append(voice.says("burst_more", count=len(told) - MOST_LINES))
        return voice.says(f"burst_{payload['to']}", count=len(told)), "\n".join(said)

    async def digest(self, errand: Errand) -> dict[str, Any]:
        """The day in numbers; one that waited for more than a day is no news any more."""
        day, until = date.fromisoformat(errand.payload["day"]), datetime.fromisoformat(errand.payload["until"])
        if self._services.clock() - until > OLD_NEWS:
            return {TOO_LATE: True}
        policy, channel = self._services.store.policy, self._channel()
        told_until = errand.payload.get("since")  # none in what an earlier version queued
        since = datetime.fromisoformat(told_until) if told_until else None

        def look(session: Session) -> tuple[Digest, dict[str, str]]:
            digest = digest_of(session, day, policy, until=until, since=since)
            return digest, names_of(session, (rep.rep_id for rep in digest.by_rep if rep.rep_id))

        digest, names = await self._services.store.look(look)
        message = digest_message(digest, names, policy.first_contact, self._posting.voice())
        return {"channel": channel, "ts": await self._posting.post(channel, message, errand)}

    async def trouble(self, errand: Errand) -> dict[str, Any]:
        """What will never appear, and why: an errand of its own, so that nobody's crash swallows it."""
        voice, channel = self._posting.voice(), self._channel()
        said = {"what": voice.says(f"errand_{errand.payload['what']}"), "problem": errand.payload["problem"]}
        if errand.lead_id is None:
            line = voice.says("gave_up", **said)
        else:
            dossier, _ = await self._posting.look(errand.lead_id)
            line = voice.says("gave_up_on", lead=voice.title(dossier.lead.company, dossier.lead.person), **said)
        return {"channel": channel, "ts": await self._posting.post(channel, lines.called_out(line, ()), errand)}

    async def by_mail(self, errand: Errand, problem: str) -> dict[str, Any] | None:
        """Send the same words to the managers by mail, once; None when there is nobody to send them to."""
        if not self._goes_by_mail:
            return None
        await self._services.store.run(lambda tx: self.queue_mails(tx, errand, problem))
        return {REROUTED: "mail"}

    @property
    def _goes_by_mail(self) -> bool:
        settings = self._services.settings
        return bool(settings.mail_managers and settings.smtp_url)

    def queue_mails(self, tx: Transaction, errand: Errand, problem: str) -> None:
        """One mail for each manager, once; the lead's history says which way the alert went."""
        to = self._services.settings.mail_managers if self._goes_by_mail else ()
        keys = {f"{errand.key}{BY_MAIL}{address}": address for address in to}
        fresh = {key: address for key, address in keys.items() if tx.first(Outbound, "key", key) is None}
        if not fresh:
            return
        line, stakes = self._plain_words(tx, errand)
        mail = {
            "subject": line,
            "body": self._posting.voice().says("alert_mail", line=line, stakes=stakes, problem=problem),
        }
        for key, address in fresh.items():
            outbox.queue(tx, key=key, kind=ALERT_MAIL, lead_id=errand.lead_id, payload={"to": address, **mail})
        if errand.lead_id is not None:
            _record_other_way(errand, "mail", problem, tx)

    def _plain_words(self, rows: Rows, errand: Errand) -> tuple[str, str]:
        """An alarm without marks and mentions: its line, and what is at stake."""
        if errand.kind == BURST:
            return self._burst_words(rows, errand.payload)
        voice, dossier = self._posting.voice(), self._posting.dossier(rows, lead_of(errand))
        line = lines.line_of(errand.payload, dossier, voice, called=False, to_managers=True)
        return lines.plain(line), lines.plain(lines.why_it_matters(dossier, voice))

    def is_pressing(self, errand: Errand, away: RetryLater | OutcomeUnknown) -> bool:
        """Slack has not answered for too long, and it is not only our turn that has not come."""
        trouble = isinstance(away, OutcomeUnknown) or away.counts
        return trouble and self._services.clock() - errand.created_at >= PRESSING_AFTER

    async def tell_admin(self, problem: AskAdmin) -> None:
        """Say aloud what only an admin can repair; the same problem once in ten minutes."""
        voice = self._posting.voice()
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

    async def _url(self, place: SlackCard | None) -> str | None:
        if place is None:
            return None
        try:
            return await self._gateway.permalink(place.channel, place.ts)
        except (RetryLater, GiveUp, OutcomeUnknown, MessageGone) as problem:
            log.info("no_permalink", problem=str(problem))
            return None

    def _channel(self) -> str:
        channel = self._services.store.policy.routing.managers or self._services.settings.slack_managers_channel
        if not channel:
            raise GiveUp("no managers' channel: set SLACK_MANAGERS_CHANNEL")
        return channel


def _record_other_way(errand: Errand, channel: str, problem: str, tx: Transaction) -> None:
    tx.record(AlertRerouted(lead_id=lead_of(errand), by=CLOCK, key=errand.key, to=channel, problem=problem))


def first_alarm(session: Session, errand: Errand, channel: str) -> str | None:
    """The ts of the first message the managers got about this lead, if it hangs in this channel."""
    told = select(Outbound.receipt).where(col(Outbound.lead_id) == errand.lead_id, col(Outbound.kind) == ALARM)
    receipts = session.exec(told.order_by(col(Outbound.id))).all()
    return next((receipt["ts"] for receipt in receipts if receipt and receipt.get("channel") == channel), None)
