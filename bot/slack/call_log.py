"""A rep logs a call: how it ended, what was heard, and everything else follows from that (M38, D11).

The note stands before the fields, for it is what a rep has at hand: a press reads it into them
(bot/slack/call_note.py), and it fills those that are still empty when the form is sent in. The fields hold what is
known and say who said it. Only what the rep changed is recorded, as theirs.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.card import source_of, value_of
from bot.slack.desk import Desk
from bot.slack.drafts import forget_draft, with_draft
from bot.slack.hearing import NotUnderstood, heard_about, heard_in_note, size_alone, stands_beside
from bot.slack.people import Colleague
from bot.slack.press import NOTED, WAS, Form, Press, mark_of, memory
from bot.slack.problems import FormProblem
from bot.slack.rights import lead_for
from bot.slack.voice import Voice
from qualification import deeds, ownership
from qualification.bant import Topic
from qualification.calls import Call, CallBackInThePast, Heard, Outcome, log_call
from qualification.deeds import Kind, ThreadLine
from qualification.dossier import Dossier
from qualification.records import Lead
from qualification.store import Transaction

TOPICS = (Topic.NEED, Topic.TIMEFRAME, Topic.AUTHORITY, Topic.BUDGET, Topic.COMPANY, Topic.CONTACT)
ANSWER_LENGTH = 500


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.LOG_CALL)
    async def ask(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        voice = desk.voice(press.by.language)
        view = call_form(await desk.dossier_for(press.lead_id, press.by), voice)
        view = await with_draft(desk, view, press.by.id, press.lead_id, voice)
        await ack()
        desk.open_form(press.place, view, press.by.language)

    @app.view(ids.CALL_FORM)
    async def save(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        voice = desk.voice(form.by.language)
        call = await asyncio.to_thread(read_call, form, voice, now=desk.local_now)
        try:
            await desk.act(form.once, lambda tx: save_call(tx, form, call))
        except CallBackInThePast as past:
            key = "in_the_past" if call.call_back_at else "call_back_missing"
            raise FormProblem({ids.CALL_BACK_AT: voice.form(key)}) from past
        await ack()


# -- the form --------------------------------------------------------------------------------------


def call_form(dossier: Dossier, voice: Voice) -> Json:
    outcomes = [blocks.option(voice.label("outcome", outcome), outcome) for outcome in Outcome]
    lead = dossier.lead
    known = {topic: _known_text(topic, dossier, voice) for topic in TOPICS}
    return blocks.modal(
        voice.form("call_title"),
        [
            blocks.context(voice.title(lead.company, lead.person)),
            blocks.radio_field(ids.OUTCOME, voice.form("outcome"), outcomes),
            blocks.instant_field(ids.CALL_BACK_AT, voice.form("call_back_at"), hint=voice.says("call_back_hint")),
            blocks.text_field(ids.CALL_NOTE, voice.form("note"), hint=voice.says("note_hint"), lines=True),
            read_note_button(lead.id, voice),
            *(_topic_field(topic, known[topic], dossier, voice) for topic in TOPICS),
            blocks.text_field(ids.CALL_MINUTES, voice.form("call_minutes"), most=3),
        ],
        callback_id=ids.CALL_FORM,
        keeps_draft=True,
        submit=voice.form("save"),
        close=voice.form("cancel"),
        memory=memory(lead=lead.id, **{WAS: {topic.value: mark_of(text) for topic, text in known.items() if text}}),
    )


def read_note_button(lead_id: str, voice: Voice) -> Json:
    return blocks.actions(ids.READ_NOTE, [blocks.button(voice.says("read_note"), ids.READ_NOTE, lead_id)])


def _known_text(topic: Topic, dossier: Dossier, voice: Voice) -> str:
    answer = dossier.known.about(topic)
    return blocks.cut(value_of(answer, voice), ANSWER_LENGTH) if answer else ""


def _topic_field(topic: Topic, initial: str, dossier: Dossier, voice: Voice) -> Json:
    answer = dossier.known.about(topic)
    hint = source_of(answer, dossier.names, voice) if answer else voice.says(f"example_{topic}")
    return blocks.text_field(topic.value, voice.label("topic", topic), initial=initial, hint=hint, most=ANSWER_LENGTH)


# -- what was filled in ----------------------------------------------------------------------------


def read_call(form: Form, voice: Voice, *, now: datetime) -> Call:
    """The call as the rep wrote it down. Raises FormProblem, each sentence under its field."""
    outcome = Outcome(form.chosen(ids.OUTCOME) or Outcome.CONNECTED)
    note = form.text(ids.CALL_NOTE)
    noted = {fact.topic: fact for fact in heard_in_note(note, now=now)}
    heard, problems = _heard(form, noted, voice, now)
    minutes = form.text(ids.CALL_MINUTES)
    if minutes and not minutes.isdecimal():
        problems[ids.CALL_MINUTES] = voice.form("not_minutes")
    if problems:
        raise FormProblem(problems)
    return Call(
        outcome=outcome,
        note=note,
        heard=(*heard, *_from_the_note_alone(form, noted)),
        call_back_at=form.instant(ids.CALL_BACK_AT),
        minutes=int(minutes) if minutes else None,
    )


def _heard(form: Form, noted: Mapping[Topic, Heard], voice: Voice, now: datetime) -> tuple[list[Heard], dict[str, str]]:
    """What stands in the fields and was not there before; what the note had filled counts in the words of the note."""
    was: Mapping[str, str] = form.memory.get(WAS, {})
    from_note: Mapping[str, str] = form.memory.get(NOTED, {})
    heard: list[Heard] = []
    problems: dict[str, str] = {}
    for topic in TOPICS:
        text = form.text(topic.value)
        if not text or mark_of(text) == was.get(topic.value):
            continue
        if topic in noted and mark_of(text) == from_note.get(topic.value):
            heard.append(noted[topic])
            continue
        try:
            heard.append(heard_about(topic, text, now=now))
        except NotUnderstood:
            problems[topic.value] = voice.says("not_understood", example=voice.says(f"example_{topic}"))
    return heard, problems


def _from_the_note_alone(form: Form, noted: Mapping[Topic, Heard]) -> list[Heard]:
    """What no field says: where it is empty, and who and how many they are beside the name as it was."""
    was: Mapping[str, str] = form.memory.get(WAS, {})
    texts = {topic: form.text(topic.value) for topic in TOPICS}
    left = {topic for topic, text in texts.items() if mark_of(text) == was.get(topic.value)}
    return [
        fact
        for topic, fact in noted.items()
        if topic in texts and (not texts[topic] or (topic in left and (size_alone(fact) or stands_beside(fact))))
    ]


def save_call(tx: Transaction, form: Form, call: Call) -> None:
    """Raises NotYourLead, CallBackInThePast."""
    log_by(tx, lead_for(tx, form.lead_id, form.by), call, by=form.by)
    forget_draft(tx, form)


def log_by(tx: Transaction, lead: Lead, call: Call, *, by: Colleague, place: ThreadLine | None = None) -> None:
    """Log a call so that it can be taken back; who calls a lead that nobody has takes it."""

    def work() -> None:
        if lead.owner_id is None:
            ownership.claim(tx, lead, by=by.id)
        log_call(tx, lead, call, by=by.id)

    deeds.do(tx, lead, Kind.CALL, work, by=by.id, place=place)
