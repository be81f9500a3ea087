"""The same person twice: the card says so, and a person decides: make one lead of two, or say that they are two (D29).

The lead on whose card it is decided is kept. Whoever decides must be allowed to act on both.
"""

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.in_words.answers import phone_as_dialled
from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.card import alike_in_words, owner_in_words
from bot.slack.desk import Desk
from bot.slack.people import Colleague
from bot.slack.press import Form, Press, memory
from bot.slack.rights import record_for
from bot.slack.voice import Voice
from qualification import deeds
from qualification.dossier import Dossier
from qualification.duplicates import Alike, alike_of
from qualification.leads import LeadNotFound
from qualification.look import Look
from qualification.records import Lead
from qualification.store import Transaction

ONE, TWO = "one", "two"


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.COMPARE)
    async def compare(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        dossier = await desk.dossier_for(press.lead_id, press.by)
        alike = await desk.services.store.look(lambda session: alike_of(Look(session), dossier.lead))
        if alike is None or alike.lead.id != press.entry:
            raise LeadNotFound(press.entry)
        other = await desk.dossier_for(alike.lead.id, press.by)
        await ack()
        voice = desk.voice(press.by.language)
        desk.open_form(press.place, compare_form(dossier, other, alike, voice), press.by.language)

    @app.view(ids.COMPARE_FORM)
    async def decide(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        await desk.act(form.once, lambda tx: settle(tx, form))
        await ack()


def compare_form(dossier: Dossier, other: Dossier, alike: Alike, voice: Voice) -> Json:
    """Both records, and the two answers."""
    answers = [blocks.option(voice.says(f"alike_{answer}"), answer) for answer in (ONE, TWO)]
    return blocks.modal(
        voice.says("compare_title"),
        [
            blocks.section(alike_in_words(alike, voice)),
            blocks.section(_record("this_record", dossier, voice)),
            blocks.section(_record("other_record", other, voice)),
            blocks.radio_field(ids.SAME_PERSON, voice.says("same_person"), answers),
        ],
        callback_id=ids.COMPARE_FORM,
        submit=voice.form("save"),
        close=voice.form("cancel"),
        memory=memory(lead=dossier.lead.id, other=other.lead.id),
    )


def _record(key: str, dossier: Dossier, voice: Voice) -> str:
    lead = dossier.lead
    phone = phone_as_dialled(lead.phone, voice.language) if lead.phone else None
    contact = [blocks.one_line(one) for one in (lead.email, phone) if one]
    standing = (voice.label("stage", lead.stage), owner_in_words(dossier, voice), *contact)
    title = voice.says(key, lead=voice.title(lead.company, lead.person), since=voice.date_and_time(lead.created_at))
    return f"{title}\n{voice.says('separator').join(standing)}"


def settle(tx: Transaction, form: Form) -> None:
    """Raises RecordNotFound, NotYourLead, AlreadyMerged, SameLead."""
    kept, other = record_for(tx, form.lead_id, form.by), _other(tx, form, form.by)
    if form.chosen(ids.SAME_PERSON) == ONE:
        deeds.merge(tx, kept, other, by=form.by.id)
    else:
        deeds.keep_apart(tx, kept, other, by=form.by.id)


def _other(tx: Transaction, form: Form, by: Colleague) -> Lead:
    other_id = ids.lead_id_in(str(form.memory.get("other", "")))
    if other_id is None:
        raise LeadNotFound(str(form.memory.get("other", ""))[:40])
    return record_for(tx, other_id, by)
