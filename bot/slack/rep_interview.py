"""The interview a rep holds on the phone: one form that walks through what is still unknown (M94).

Beside each question stands what to say; the answer is a choice or free text. Each step is recorded when it is sent
in, so a closed form loses nothing. Words that answer more than they were asked for can be read at once
(bot/slack/call_note.py). The end counts as a talk on the phone.
"""

import asyncio
from datetime import datetime
from functools import partial

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.call_log import log_by, read_note_button
from bot.slack.card import fact_line
from bot.slack.desk import Desk
from bot.slack.drafts import forget_draft, with_draft
from bot.slack.hearing import NotUnderstood, heard_about, heard_in_note, stands_beside
from bot.slack.people import Colleague
from bot.slack.press import NOTED, Form, Place, mark_of, memory
from bot.slack.problems import FormProblem
from bot.slack.rights import contactable, lead_for, take_if_free
from bot.slack.script import CLOSING, script_line
from bot.slack.voice import Voice
from dialogs.interview import Interview, State
from dialogs.playbook import Question, shipped_playbook
from qualification import leads
from qualification.answers import Known
from qualification.assessment import out_of_reach
from qualification.bant import CRITERIA, Topic
from qualification.calls import Call, Heard, Outcome
from qualification.dossier import Dossier
from qualification.policy import Policy
from qualification.store import Transaction

ANSWER_LENGTH = 500
LINE = 700


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(ids.INTERVIEW_FORM)
    async def next_step(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        voice = desk.voice(form.by.language)
        question = shipped_playbook().question(str(form.memory["question"]))
        heard = await asyncio.to_thread(read_answers, form, question, voice, now=desk.local_now)
        await desk.act(form.once, lambda tx: keep_answers(tx, form, heard))
        dossier = await desk.dossier_that_counts(form.lead_id)
        passed = {
            *form.memory.get("passed", ()),
            *(() if any(one.topic is question.about for one in heard) else (question.key,)),
        }
        view = step_form(dossier, passed, voice, _policy(desk), desk.local_now)
        await ack(response_action="update", view=await with_draft(desk, view, form.by.id, form.lead_id, voice))

    @app.view(ids.INTERVIEW_END)
    async def finish(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        await desk.act(form.once, lambda tx: end_interview(tx, form))
        await ack()


async def begin_interview(desk: Desk, lead_id: str, place: Place, by: Colleague) -> None:
    """Open the form at the first unknown criterion. Raises LeadNotFound, NotYourLead, ContactForbidden."""
    dossier = await desk.dossier_for(lead_id, by)
    contactable(dossier.lead)
    voice = desk.voice(by.language)
    view = step_form(dossier, set(), voice, _policy(desk), desk.local_now)
    view = await with_draft(desk, view, by.id, lead_id, voice)
    desk.open_form(place, view, by.language)


def _policy(desk: Desk) -> Policy:
    return desk.services.store.policy


# -- which question is next ------------------------------------------------------------------------


def next_question(known: Known, passed: set[str], policy: Policy, *, now: datetime) -> Question | None:
    """The first question whose answer is unknown, was not passed over, and could still change something."""
    interview = Interview(
        playbook=shipped_playbook(),
        state=State.ASKING,
        known=known,
        passed=passed,
        closes=partial(out_of_reach, policy=policy, today=now.date()),
    )
    return interview.next_question()


def step_form(dossier: Dossier, passed: set[str], voice: Voice, policy: Policy, now: datetime) -> Json:
    """The form for the next question, or the end where nothing more would change anything."""
    question = next_question(dossier.known, passed, policy, now=now)
    return question_form(question, dossier, passed, voice) if question else end_form(dossier, voice)


# -- the forms -------------------------------------------------------------------------------------


def question_form(question: Question, dossier: Dossier, passed: set[str], voice: Voice) -> Json:
    """One criterion: what to say, what can be chosen, and a line for their own words."""
    lead, topic = dossier.lead, question.about
    name = voice.label("topic", topic)
    choices = [
        blocks.option(voice.words.choice(question.key, choice.value, voice.language), choice.value)
        for choice in question.choices
    ]
    said = blocks.text_field(
        field_of(ids.SAID, question),
        voice.says("what_they_said", topic=name),
        hint=voice.says(f"example_{topic}"),
        lines=True,
        most=ANSWER_LENGTH,
    )
    return blocks.modal(
        voice.says("interview"),
        [
            blocks.context(voice.title(lead.company, lead.person)),
            blocks.section(blocks.cut(_what_to_say(question, dossier, voice), LINE)),
            *([blocks.radio_field(field_of(ids.CHOICE, question), name, choices, required=False)] if choices else []),
            said,
            read_note_button(lead.id, voice),
        ],
        callback_id=ids.INTERVIEW_FORM,
        keeps_draft=True,
        submit=voice.form("next"),
        close=voice.form("close"),
        memory=memory(lead=lead.id, question=question.key, passed=sorted(passed)),
    )


def field_of(name: str, question: Question) -> str:
    """A new name for each question, so that Slack keeps nothing typed for the one before."""
    return f"{name}_{question.key}"


def _what_to_say(question: Question, dossier: Dossier, voice: Voice) -> str:
    """The script's line for a criterion; for company and contact the interview's own question."""
    if question.about in CRITERIA:
        return script_line(question.about, dossier, voice)
    known = {"name": dossier.lead.person is not None, "reachable": dossier.known.reachable}
    return voice.words.prompt(question.key, dossier.lead.language, {"known": known}, voice.now)


def end_form(dossier: Dossier, voice: Voice) -> Json:
    """What we know now, and how to say goodbye."""
    topics = (*CRITERIA, Topic.CONTACT)
    lines = [fact_line(topic, dossier.known, dossier.names, voice) for topic in topics]
    return blocks.modal(
        voice.says("interview"),
        [
            blocks.section("\n".join(lines)),
            blocks.section(blocks.cut(script_line(CLOSING, dossier, voice), LINE)),
            blocks.text_field(ids.CALL_NOTE, voice.form("note"), lines=True),
        ],
        callback_id=ids.INTERVIEW_END,
        keeps_draft=True,
        submit=voice.says("finish"),
        close=voice.form("close"),
        memory=memory(lead=dossier.lead.id),
    )


# -- what was typed --------------------------------------------------------------------------------


def said_in(form: Form) -> str:
    """The free text of the step that is open."""
    return form.text(f"{ids.SAID}_{form.memory['question']}")


def answers_beside(form: Form, known: Known, *, now: datetime) -> tuple[Heard, ...]:
    """What the free text answers: the question of this step, and everything else that is still unknown."""
    about = shipped_playbook().question(str(form.memory["question"])).about
    return tuple(
        heard
        for heard in heard_in_note(said_in(form), now=now)
        if not stands_beside(heard) and (heard.topic is about or not known.about(heard.topic))
    )


def read_answers(form: Form, question: Question, voice: Voice, *, now: datetime) -> tuple[Heard, ...]:
    """The answer to the question, and those the rep was shown beside it. Raises FormProblem."""
    beside = tuple(one for one in heard_in_note(said_in(form), now=now) if stands_beside(one))
    shown = [topic for topic, mark in form.memory.get(NOTED, {}).items() if mark == mark_of(said_in(form))]
    if shown:
        told = (one for one in heard_in_note(said_in(form), now=now) if not stands_beside(one))
        return (*(one for one in told if one.topic in shown), *beside)
    answer = read_answer(form, question, voice, now=now)
    return (answer, *beside) if answer else beside


def read_answer(form: Form, question: Question, voice: Voice, *, now: datetime) -> Heard | None:
    """Free text counts before a choice; nothing at all passes the question. Raises FormProblem."""
    said, chosen = form.text(field_of(ids.SAID, question)), form.chosen(field_of(ids.CHOICE, question))
    if said:
        try:
            return heard_about(question.about, said, now=now)
        except NotUnderstood as unread:
            words = voice.says("not_understood", example=voice.says(f"example_{question.about}"))
            raise FormProblem({field_of(ids.SAID, question): words}) from unread
    choice = question.choice(chosen) if chosen else None
    if choice is None:
        return None
    meaning = choice.meaning(today=now.date(), language=voice.language)
    return Heard(topic=question.about, value=meaning, words=choice.value)


def keep_answers(tx: Transaction, form: Form, heard: tuple[Heard, ...]) -> None:
    """Record what was heard and what it earns; who works on a free lead takes it.

    Raises RecordNotFound, NotYourLead.
    """
    lead = lead_for(tx, form.lead_id, form.by)
    forget_draft(tx, form)
    take_if_free(tx, lead, form.by)
    for one in heard:
        leads.record_answer(tx, lead, one.stated(by=form.by.id, via="call", at=tx.now), by=form.by.id)
    if heard:
        leads.reassess(tx, lead)


def end_interview(tx: Transaction, form: Form) -> None:
    """The talk took place: it is logged as a connected call, and earns what it earned."""
    lead = lead_for(tx, form.lead_id, form.by)
    log_by(tx, lead, Call(outcome=Outcome.CONNECTED, note=form.text(ids.CALL_NOTE)), by=form.by)
    forget_draft(tx, form)
