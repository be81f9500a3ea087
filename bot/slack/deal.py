"""A rep says what became of the deal: in the card's menu, or by /lead won, lost or left (M80, M89).

The card says it from then on, nobody is reminded to call any more, and `bantline review` counts it.
"""

import asyncio
from datetime import datetime

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.drafts import forget_draft, with_draft
from bot.slack.hearing import NotUnderstood, heard_about
from bot.slack.people import Colleague
from bot.slack.press import Form, Press, memory
from bot.slack.problems import FormProblem
from bot.slack.rights import lead_for
from bot.slack.voice import Voice
from qualification import deeds
from qualification.bant import Budget, Topic
from qualification.deals import Result, Told, tell_result
from qualification.deeds import Kind
from qualification.store import Transaction

WORDS_LENGTH = 500
USUAL_CURRENCY = "JPY"


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(ids.DEAL_FORM)
    async def save(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        told = await asyncio.to_thread(read_form, form, desk.voice(form.by.language), now=desk.local_now)
        await desk.act(form.once, lambda tx: _save(tx, form, told))
        await ack()


async def open_deal(desk: Desk, press: Press) -> None:
    """Raises LeadNotFound, NotYourLead."""
    dossier = await desk.dossier_for(press.lead_id, press.by)
    voice = desk.voice(press.by.language)
    title = voice.title(dossier.lead.company, dossier.lead.person)
    view = await with_draft(desk, deal_form(dossier.lead.id, title, voice), press.by.id, dossier.lead.id, voice)
    desk.open_form(press.place, view, press.by.language)


def deal_form(lead_id: str, title: str, voice: Voice) -> Json:
    results = [blocks.option(voice.label("result", result), result) for result in Result]
    hint = voice.says("example_amount")
    return blocks.modal(
        voice.form("deal_title"),
        [
            blocks.context(title),
            blocks.radio_field(ids.RESULT, voice.form("deal_result"), results),
            blocks.text_field(ids.AMOUNT, voice.form("deal_amount"), hint=hint, most=WORDS_LENGTH),
            blocks.text_field(ids.DEAL_WORDS, voice.form("note"), lines=True, most=WORDS_LENGTH),
        ],
        callback_id=ids.DEAL_FORM,
        keeps_draft=True,
        submit=voice.form("save"),
        close=voice.form("cancel"),
        memory=memory(lead=lead_id),
    )


def read_form(form: Form, voice: Voice, *, now: datetime) -> Told:
    """Raises FormProblem for an amount that cannot be read."""
    typed = form.text(ids.AMOUNT)
    amount = amount_in(typed, now=now) if typed else None
    if typed and amount is None:
        sentence = voice.says("not_understood", example=voice.says("example_amount"))
        raise FormProblem({ids.AMOUNT: sentence})
    return told_of(Result(form.chosen(ids.RESULT) or Result.WON), amount, form.text(ids.DEAL_WORDS))


def read_line(result: Result, words: str, *, now: datetime) -> Told:
    """What stands behind `/lead won ID`: an amount and a word about it. Only a won deal has an amount of ours."""
    words = blocks.one_line(words)[:WORDS_LENGTH]
    amount = amount_in(words, now=now) if words and result is Result.WON else None
    only_the_amount = amount is not None and " " not in words
    return told_of(result, amount, "" if only_the_amount else words)


def amount_in(text: str, *, now: datetime) -> Budget | None:
    """The sum a rep typed, read like any other; `now` is local time."""
    try:
        value = heard_about(Topic.BUDGET, text, now=now).value
    except NotUnderstood:
        return None
    return value if isinstance(value, Budget) and value.exists else None


def told_of(result: Result, amount: Budget | None, words: str) -> Told:
    if amount is None:
        return Told(result=result, words=words)
    worth = round(amount.maximum or amount.minimum or 0)
    return Told(result=result, amount=worth, currency=amount.currency or USUAL_CURRENCY, words=words)


def _save(tx: Transaction, form: Form, told: Told) -> None:
    keep_result(tx, form.lead_id, told, form.by)
    forget_draft(tx, form)


def keep_result(tx: Transaction, lead_id: str, told: Told, by: Colleague) -> None:
    """Raises RecordNotFound, NotYourLead, NoDealYet, NothingWon."""
    lead = lead_for(tx, lead_id, by)
    deeds.do(tx, lead, Kind.RESULT, lambda: tell_result(tx, lead, told, by=by.id), by=by.id)
