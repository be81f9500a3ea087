"""Reminders wait until later, with a reason the managers see; the due time stays what it is (D12)."""

from datetime import datetime, time, timedelta

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.drafts import forget_draft, with_draft
from bot.slack.press import Form, Press, memory
from bot.slack.problems import FormProblem
from bot.slack.rights import lead_for
from bot.slack.voice import Voice
from qualification import deeds
from qualification.deeds import Kind
from qualification.followup import SnoozeTooLong, SnoozeTooShort, snooze
from qualification.policy import Policy
from qualification.records import Lead
from qualification.store import Transaction

REASON_LENGTH = 500
NEXT_MORNING = "next_morning"
MINUTES = {"30": 30, "60": 60, "180": 180}


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(ids.SNOOZE_FORM)
    async def save(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        voice = desk.voice(form.by.language)
        if not form.text(ids.REASON):
            raise FormProblem({ids.REASON: voice.form("reason_missing")})
        try:
            await desk.act(form.once, lambda tx: hold_back(tx, form))
        except SnoozeTooShort as past:
            raise FormProblem({ids.UNTIL_AT: voice.form("in_the_past")}) from past
        except SnoozeTooLong as far:
            raise FormProblem({ids.UNTIL_AT: voice.form("snooze_too_far")}) from far
        await ack()


async def open_snooze(desk: Desk, press: Press) -> None:
    """Raises LeadNotFound, NotYourLead."""
    dossier = await desk.dossier_for(press.lead_id, press.by)
    voice = desk.voice(press.by.language)
    view = await with_draft(desk, snooze_form(dossier.lead, voice), press.by.id, dossier.lead.id, voice)
    desk.open_form(press.place, view, press.by.language)


def snooze_form(lead: Lead, voice: Voice) -> Json:
    spans = [blocks.option(voice.words.span(minutes, voice.language), key) for key, minutes in MINUTES.items()]
    options = [*spans, blocks.option(voice.says("next_morning"), NEXT_MORNING)]
    return blocks.modal(
        voice.form("snooze_title"),
        [
            blocks.context(voice.title(lead.company, lead.person)),
            blocks.select_field(ids.UNTIL, voice.form("until"), options, initial="60"),
            blocks.instant_field(ids.UNTIL_AT, voice.says("or_until")),
            blocks.text_field(ids.REASON, voice.form("reason"), required=True, lines=True, most=REASON_LENGTH),
        ],
        callback_id=ids.SNOOZE_FORM,
        keeps_draft=True,
        submit=voice.card("snooze"),
        close=voice.form("cancel"),
        memory=memory(lead=lead.id),
    )


def hold_back(tx: Transaction, form: Form) -> None:
    lead = lead_for(tx, form.lead_id, form.by)
    until = form.instant(ids.UNTIL_AT) or until_chosen(form.chosen(ids.UNTIL), now=tx.now, policy=tx.policy)
    reason, by = form.text(ids.REASON), form.by.id
    deeds.do(tx, lead, Kind.SNOOZE, lambda: snooze(tx, lead, until=until, reason=reason, by=by), by=by)
    forget_draft(tx, form)


def until_chosen(choice: str | None, *, now: datetime, policy: Policy) -> datetime:
    """The instant a choice stands for: so many minutes from now, or the opening of the next working day."""
    if choice != NEXT_MORNING:
        return now + timedelta(minutes=MINUTES.get(choice or "", 60))
    hours = policy.working_hours
    tomorrow = now.astimezone(hours.zone).date() + timedelta(days=1)
    return hours.next_opening(datetime.combine(tomorrow, time.min, hours.zone))
