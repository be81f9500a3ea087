"""A lead is offered to sales: a rep accepts it with one press, or hands it back with a reason (M14, M15, D16).

Whoever has accepted it may say by hand that its deal is real (M20, D2).
"""

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.drafts import forget_draft, with_draft
from bot.slack.people import Colleague
from bot.slack.press import Form, Press, memory
from bot.slack.problems import FormProblem
from bot.slack.rights import lead_for
from bot.slack.voice import Voice
from qualification import deeds, ownership
from qualification.deeds import Kind
from qualification.records import Lead
from qualification.stages import ReasonMissing
from qualification.store import Transaction

REASON_LENGTH = 500


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(ids.HAND_BACK_FORM)
    async def hand_back(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        try:
            await desk.act(form.once, lambda tx: give_back(tx, form))
        except ReasonMissing as missing:
            raise FormProblem({ids.REASON: desk.voice(form.by.language).form("reason_missing")}) from missing
        await ack()


def take_on(tx: Transaction, press: Press) -> None:
    """Raises NotYourLead, MoveNotAllowed."""
    lead, by = lead_for(tx, press.lead_id, press.by), press.by.id
    deeds.do(tx, lead, Kind.ACCEPT, lambda: ownership.accept(tx, lead, by=by), by=by)


async def accept(desk: Desk, press: Press) -> None:
    """No form: one press, and sales has taken the lead on."""
    await desk.act(press.once, lambda tx: take_on(tx, press))


async def open_hand_back(desk: Desk, press: Press) -> None:
    """Raises LeadNotFound, NotYourLead."""
    dossier = await desk.dossier_for(press.lead_id, press.by)
    voice = desk.voice(press.by.language)
    view = await with_draft(desk, hand_back_form(dossier.lead, voice), press.by.id, dossier.lead.id, voice)
    desk.open_form(press.place, view, press.by.language)


def hand_back_form(lead: Lead, voice: Voice) -> Json:
    nurture = blocks.option(voice.form("to_nurture"), ids.TO_NURTURE)
    return blocks.modal(
        voice.form("hand_back_title"),
        [
            blocks.context(voice.title(lead.company, lead.person)),
            blocks.text_field(ids.REASON, voice.form("reason"), required=True, lines=True, most=REASON_LENGTH),
            blocks.checkbox_field(ids.TO_NURTURE, voice.says("and_then"), [nurture]),
        ],
        callback_id=ids.HAND_BACK_FORM,
        keeps_draft=True,
        submit=voice.card("hand_back"),
        close=voice.form("cancel"),
        memory=memory(lead=lead.id),
    )


def give_back(tx: Transaction, form: Form) -> None:
    """Raises NotYourLead, ReasonMissing, MoveNotAllowed."""
    lead, reason, by = lead_for(tx, form.lead_id, form.by), form.text(ids.REASON), form.by.id
    to_nurture = form.ticked(ids.TO_NURTURE)
    deeds.do(
        tx,
        lead,
        Kind.HAND_BACK,
        lambda: ownership.hand_back(tx, lead, reason=reason, to_nurture=to_nurture, by=by),
        by=by,
    )
    forget_draft(tx, form)


def confirm_deal(tx: Transaction, lead_id: str, reason: str, by: Colleague) -> None:
    """Raises RecordNotFound, NotYourLead, ReasonMissing, MoveNotAllowed."""
    lead = lead_for(tx, lead_id, by)
    deeds.do(tx, lead, Kind.CONFIRM, lambda: ownership.confirm(tx, lead, reason=reason, by=by.id), by=by.id)
