"""A pasted call note, read into the form that is open: a rep sees what was understood before anything is saved.

call form    empty fields, and fields that stand as we offered them, are filled; what the rep typed stays
interview    everything the words answer is listed, and kept with the step that is sent in next
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.call_log import ANSWER_LENGTH, TOPICS
from bot.slack.card import value_of
from bot.slack.desk import Desk
from bot.slack.hearing import heard_in_note, size_alone, stands_beside
from bot.slack.press import NOTED, Form, mark_of, memory
from bot.slack.rep_interview import answers_beside, said_in
from bot.slack.voice import Voice
from qualification.answers import Known
from qualification.bant import CRITERIA, Topic
from qualification.calls import Heard

WHAT_WAS_READ = "what_was_read"
ROUND = "round"
QUOTED = 60


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.READ_NOTE)
    async def read(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        dossier = await desk.dossier_for(form.lead_id, form.by)
        await ack()
        voice = desk.voice(form.by.language)
        now = desk.local_now
        if form.name == ids.CALL_FORM:
            heard = await asyncio.to_thread(heard_in_note, form.text(ids.CALL_NOTE), now=now)
            desk.change_form(form, filled(form, heard, dossier.known, voice))
        else:
            known = dossier.known
            desk.change_form(form, listed(form, await asyncio.to_thread(answers_beside, form, known, now=now), voice))


# -- the call form ---------------------------------------------------------------------------------


def filled(form: Form, heard: Sequence[Heard], known: Known, voice: Voice) -> Json:
    """The open call form with what its note says, each such field marked as coming from it."""
    follow = {fact.topic for fact in heard if fact.topic in CRITERIA or size_alone(fact)}
    shown = (_beside_the_name(fact, known) for fact in heard if not stands_beside(fact))
    news = {fact.topic: fact for fact in shown if _is_news(fact, form, voice, follows=fact.topic in follow)}
    number = int(form.memory.get(ROUND, 0)) + 1
    fields = [_from_note(block, form, news, number, voice) for block in _own_blocks(form)]
    noted = dict(form.memory.get(NOTED, {})) | {topic.value: mark_of(_text(news[topic], voice)) for topic in news}
    words = _what_was_read(form.text(ids.CALL_NOTE), [topic for topic in TOPICS if topic in news], voice)
    return _view(form, _with_words(fields, words), **{NOTED: noted, ROUND: number})


def _beside_the_name(fact: Heard, known: Known) -> Heard:
    """How many they are is shown with the firm's name we know."""
    size = size_alone(fact)
    return (
        fact if size is None or known.company is None else replace(fact, value=replace(known.company, headcount=size))
    )


def _is_news(fact: Heard, form: Form, voice: Voice, *, follows: bool) -> bool:
    """What the rep typed stays; so do a name and an address we know, for a note may hold a colleague's.

    `follows`: what we offered in this field goes with the note.
    """
    text = form.text(fact.topic.value)
    if fact.topic not in TOPICS or text == _text(fact, voice):
        return False
    return not text or (follows and form.is_as_offered(fact.topic.value))


def _from_note(block: Json, form: Form, news: dict[Topic, Heard], number: int, voice: Voice) -> Json:
    """The field with the note's answer. It gets a new name for its block: Slack keeps what stands under an old one."""
    name = (block.get("element") or {}).get("action_id")
    fact = news.get(Topic(name)) if name in set(TOPICS) else None
    if fact is None:
        return block
    before = form.text(fact.topic.value)
    hint = voice.says("from_your_note", words=blocks.cut(blocks.one_line(fact.words), QUOTED))
    if before:
        hint += voice.says("before_that", value=blocks.cut(blocks.one_line(before), QUOTED))
    made = blocks.text_field(
        fact.topic.value,
        voice.label("topic", fact.topic),
        initial=_text(fact, voice),
        hint=hint,
        most=ANSWER_LENGTH,
    )
    return blocks.telling(made) | {"block_id": f"{name}_{number}"}


def _text(fact: Heard, voice: Voice) -> str:
    return blocks.cut(value_of(fact, voice), ANSWER_LENGTH)


def _what_was_read(note: str, topics: Sequence[Topic], voice: Voice) -> str:
    if not note:
        return voice.says("no_note_yet")
    if not topics:
        return voice.says("note_says_nothing_new")
    return voice.says(
        "note_was_read", topics=voice.words.listed([voice.label("topic", one) for one in topics], voice.language)
    )


# -- the interview ---------------------------------------------------------------------------------


def listed(form: Form, answers: Sequence[Heard], voice: Voice) -> Json:
    """The open question with a list of what its words answer beside it."""
    lines = [
        voice.says("noted_answer", topic=voice.label("topic", one.topic), value=value_of(one, voice)) for one in answers
    ]
    nothing = voice.says("note_says_nothing_new" if said_in(form) else "no_note_yet")
    words = "\n".join([voice.says("kept_with_this_step"), *lines]) if lines else nothing
    noted = {one.topic.value: mark_of(said_in(form)) for one in answers}
    return _view(form, _with_words(_own_blocks(form), words), **{NOTED: noted})


# -- both ------------------------------------------------------------------------------------------


def _own_blocks(form: Form) -> list[Json]:
    return [block for block in form.view["blocks"] if block.get("block_id") != WHAT_WAS_READ]


def _with_words(fields: Sequence[Json], words: str) -> list[Json]:
    """What was read stands beneath the button that asked for it."""
    shown: list[Json] = []
    for block in fields:
        shown.append(block)
        if block.get("block_id") == ids.READ_NOTE:
            shown.append(blocks.section(words, block_id=WHAT_WAS_READ))
    return shown


def _view(form: Form, fields: Sequence[Json], **remembered: object) -> Json:
    """The same form with other blocks: what Slack wants to hear of an open view, and no more."""
    kept = {name: form.view[name] for name in ("type", "callback_id", "title", "close", "submit")}
    return kept | {"blocks": list(fields), "private_metadata": memory(**{**form.memory, **remembered})}
