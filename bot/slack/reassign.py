"""A lead gets another owner: a manager hands on any, a rep their own; the new and the old one are told."""

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.card import owner_in_words
from bot.slack.desk import Desk
from bot.slack.live import OURS
from bot.slack.people import Colleague, NotAllowed
from bot.slack.press import Form, Place, memory
from bot.slack.problems import FormProblem
from bot.slack.rights import contactable, record_that_counts
from bot.slack.voice import Voice
from qualification import deeds, ownership
from qualification.deeds import Kind
from qualification.dossier import Dossier
from qualification.store import Transaction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(ids.REASSIGN_FORM)
    async def save(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        voice = desk.voice(form.by.language)
        try:
            to = await desk.people.who(form.person(ids.NEW_OWNER) or "", context[OURS])
        except NotAllowed as refused:
            raise FormProblem({ids.NEW_OWNER: voice.says("cannot_own")}) from refused
        await desk.act(form.once, lambda tx: hand_on(tx, form, to))
        await ack()


async def open_reassign(desk: Desk, lead_id: str, place: Place, by: Colleague) -> None:
    """Raises LeadNotFound, DataErased, MayNotReassign, ContactForbidden."""
    dossier = await desk.dossier_that_counts(lead_id)
    ownership.check_may_reassign(dossier.lead, by=by.id, by_manager=by.is_manager)
    contactable(dossier.lead)
    desk.open_form(place, reassign_form(dossier, desk.voice(by.language)), by.language)


def reassign_form(dossier: Dossier, voice: Voice) -> Json:
    lead = dossier.lead
    return blocks.modal(
        voice.card("reassign"),
        [
            blocks.context(voice.title(lead.company, lead.person), owner_in_words(dossier, voice)),
            blocks.person_field(ids.NEW_OWNER, voice.says("new_owner")),
        ],
        callback_id=ids.REASSIGN_FORM,
        submit=voice.form("save"),
        close=voice.form("cancel"),
        memory=memory(lead=lead.id),
    )


def give_to_somebody(dossier: Dossier, voice: Voice) -> list[Json]:
    """The button beneath what a manager hears of a lead that waits; none where nobody may contact it."""
    if dossier.lead.do_not_contact:
        return []
    press = blocks.button(voice.card("reassign"), ids.REASSIGN, dossier.lead.id)
    return [blocks.actions(f"waits:{dossier.lead.id}", [press])]


def hand_on(tx: Transaction, form: Form, to: Colleague) -> None:
    """Raises RecordNotFound, DataErased, MayNotReassign, ContactForbidden."""
    lead, by = contactable(record_that_counts(tx, form.lead_id)), form.by

    def work() -> None:
        ownership.reassign(tx, lead, to=to.id, by=by.id, by_manager=by.is_manager)

    deeds.do(tx, lead, Kind.REASSIGN, work, by=by.id)
