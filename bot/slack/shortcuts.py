"""The two shortcuts: "Log a call" from anywhere, and "Make this a lead" on any message."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.call_log import call_form
from bot.slack.desk import Desk
from bot.slack.drafts import with_draft
from bot.slack.new_lead import NewLead, heard_of, make_lead, names_in, person_named
from bot.slack.press import COLLEAGUE, Form, Place, memory
from bot.slack.queue import SHORT_ID, leads_of
from bot.slack.search import find_leads
from bot.slack.spoken import as_plain_words, people_in
from bot.slack.voice import Voice
from qualification.dossier import names_of
from qualification.leads import LeadNotFound
from qualification.records import Lead
from qualification.store import Transaction

MOST_OPTIONS = 100
NAME_LENGTH, SAID_LENGTH = 80, 3_000
NAME, COMPANY = "name", "company"


def register(app: AsyncApp, desk: Desk) -> None:
    @app.shortcut(ids.LOG_CALL_SHORTCUT)
    async def ask_which(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        language = context[COLLEAGUE].language
        desk.open_form(Place.of(body), pick_form(desk.voice(language)), language)
        await ack()

    @app.shortcut(ids.NEW_LEAD_SHORTCUT)
    async def ask_who(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        language = context[COLLEAGUE].language
        said = await _said_in(body.get("message") or {}, desk)
        name, company = await asyncio.to_thread(names_in, said, now=desk.local_now)
        view = new_form(said, desk.voice(language), name=name, company=company)
        desk.open_form(Place.of(body), view, language)
        await ack()

    @app.options(ids.PICK_LEAD)
    async def offer_leads(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        by, typed = context[COLLEAGUE], str(body.get("value") or "")
        found = await desk.services.store.look(
            lambda session: find_leads(session, typed) if typed else leads_of(desk.now_in(session), by.id)
        )
        await ack(options=options_of([one.lead for one in found[:MOST_OPTIONS]], desk.voice(by.language)))

    @app.view(ids.PICK_LEAD_FORM)
    async def picked(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        lead_id = ids.lead_id_in(form.chosen(ids.PICK_LEAD) or "")
        if lead_id is None:
            raise LeadNotFound("")
        voice = desk.voice(form.by.language)
        view = call_form(await desk.dossier_for(lead_id, form.by), voice)
        await ack(response_action="update", view=await with_draft(desk, view, form.by.id, lead_id, voice))

    @app.view(ids.NEW_LEAD_FORM)
    async def save_new(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        new = NewLead(name=person_named(form.text(NAME)), company=form.text(COMPANY), said=form.text(ids.SAID))
        now = desk.local_now
        facts = await asyncio.to_thread(heard_of, new, now=now)

        def make(tx: Transaction) -> Json:
            return {"lead": make_lead(tx, new, facts, by=form.by).id}

        made = await desk.act(form.once, make)
        voice = desk.voice(form.by.language)
        told = voice.says("lead_made", lead=voice.title(new.company, new.name), id=made["lead"][:SHORT_ID])
        await ack(response_action="update", view=desk.only_words(told, form.by.language))


def options_of(found: Sequence[Lead], voice: Voice) -> list[Json]:
    """The leads by name; of those with the same name the stage and the beginning of the id, too, as lists show them."""
    titles = [voice.title(lead.company, lead.person) for lead in found]
    often = Counter(titles)
    return [
        blocks.option(_apart(title, lead, voice) if often[title] > 1 else title, lead.id)
        for title, lead in zip(titles, found, strict=True)
    ]


def _apart(title: str, lead: Lead, voice: Voice) -> str:
    facts = (voice.label("stage", lead.stage), voice.says("short_id", id=lead.id[:SHORT_ID]))
    behind = voice.says("in_brackets", words=voice.says("separator").join(facts))
    return blocks.cut(title, blocks.OPTION - len(behind)) + behind


async def _said_in(message: Mapping[str, Any], desk: Desk) -> str:
    """The words of the message a shortcut was used on; Slack's markup is no word of anybody's."""
    text = str(message.get("text") or "")
    names = await desk.services.store.look(lambda session: names_of(session, people_in(text)))
    return as_plain_words(text, names, message.get("blocks") or ())


def pick_form(voice: Voice) -> Json:
    return blocks.modal(
        voice.form("call_title"),
        [blocks.search_field(ids.PICK_LEAD, voice.says("which_lead"), voice.says("search_hint"))],
        callback_id=ids.PICK_LEAD_FORM,
        submit=voice.form("next"),
        close=voice.form("cancel"),
        memory=memory(),
    )


def new_form(said: str, voice: Voice, *, name: str = "", company: str = "") -> Json:
    """With what the message names, for the rep to put right; and a word where the field holds only its beginning."""
    hint = voice.says("message_cut", most=SAID_LENGTH) if len(said) > SAID_LENGTH else ""
    return blocks.modal(
        voice.form("lead_title"),
        [
            blocks.text_field(NAME, voice.form("name"), initial=name, required=True, most=NAME_LENGTH),
            blocks.text_field(COMPANY, voice.form("company"), initial=company, required=True, most=NAME_LENGTH),
            blocks.text_field(
                ids.SAID, voice.form("what_they_said"), initial=said, hint=hint, lines=True, most=SAID_LENGTH
            ),
        ],
        callback_id=ids.NEW_LEAD_FORM,
        submit=voice.form("save"),
        close=voice.form("cancel"),
        memory=memory(),
    )
