"""The four usual outcomes of a call as buttons in the lead's thread: one press, and the call is logged (M38).

They stand under the line that tells of a claim, and under a call-back whose time has come. The line is edited in
place to say what was logged. A button carries the call it was drawn after, so that no call is logged twice.
"""

import re
from datetime import datetime, timedelta

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.call_log import log_by
from bot.slack.desk import Desk
from bot.slack.drafts import forget_draft, with_draft
from bot.slack.press import Form, Press, memory
from bot.slack.problems import FormProblem
from bot.slack.rights import AlreadyLogged, contactable, lead_for
from bot.slack.voice import Voice
from qualification import deeds
from qualification.calls import Call, CallBackInThePast, Outcome
from qualification.deeds import Kind, ThreadLine
from qualification.dossier import Dossier
from qualification.policy import Policy
from qualification.records import Deed, Lead
from qualification.stages import Stage
from qualification.store import Transaction

AT_ONCE = (Outcome.CONNECTED, Outcome.NO_ANSWER, Outcome.BUSY)
NO_CALL = "none"
AN_HOUR, HALF_AN_HOUR = timedelta(hours=1), timedelta(minutes=30)


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(re.compile(f"{ids.OUTCOME_BUTTON}({'|'.join(AT_ONCE)})"))
    async def log(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        outcome = Outcome(press.action.removeprefix(ids.OUTCOME_BUTTON))
        await desk.act(press.once, lambda tx: log_outcome(tx, press, Call(outcome=outcome)))
        await ack()

    @app.action(ids.OUTCOME_BUTTON + Outcome.CALL_BACK)
    async def ask_when(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        dossier = await desk.dossier_for(press.lead_id, press.by)
        contactable(dossier.lead)
        await ack()
        view = call_back_form(
            dossier, press.after, press.message, desk.voice(press.by.language), desk.services.store.policy
        )
        view = await with_draft(desk, view, press.by.id, dossier.lead.id, desk.voice(press.by.language))
        desk.open_form(press.place, view, press.by.language)

    @app.view(ids.CALL_BACK_FORM)
    async def save(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        at = form.instant(ids.CALL_BACK_AT)
        call = Call(outcome=Outcome.CALL_BACK, call_back_at=at, note=form.text(ids.CALL_NOTE))
        try:
            await desk.act(form.once, lambda tx: _save(tx, form, call))
        except CallBackInThePast as past:
            sentence = desk.voice(form.by.language).form("in_the_past" if at else "call_back_missing")
            raise FormProblem({ids.CALL_BACK_AT: sentence}) from past
        await ack()


def _save(tx: Transaction, form: Form, call: Call) -> None:
    log_outcome(tx, form, call)
    forget_draft(tx, form)


def log_outcome(tx: Transaction, pressed: Press | Form, call: Call) -> None:
    """Log the call, unless one was logged since. Raises NotYourLead, ContactForbidden, AlreadyLogged."""
    lead = contactable(lead_for(tx, pressed.lead_id, pressed.by))
    calls = deeds.deeds_on(tx, pressed.lead_id, Kind.CALL)
    if name_of_last(calls) != pressed.after:
        raise AlreadyLogged(calls[-1].by if calls else pressed.by.id)
    log_by(tx, lead, call, by=pressed.by, place=pressed.message)


def name_of_last(calls: list[Deed]) -> str:
    """What the buttons carry: the last call that counts when they were drawn."""
    return calls[-1].id if calls else NO_CALL


# -- the buttons and the small form ----------------------------------------------------------------


def outcome_buttons(lead: Lead, after: str, voice: Voice) -> list[Json]:
    """One press each; nothing for a lead nobody may call."""
    if lead.do_not_contact or Stage(lead.stage) is Stage.DISQUALIFIED:
        return []
    value = ids.menu_value(after, lead.id)
    buttons = [
        blocks.button(voice.label("outcome", outcome), ids.OUTCOME_BUTTON + outcome, value) for outcome in AT_ONCE
    ]
    later = blocks.button(voice.says("call_back_button"), ids.OUTCOME_BUTTON + Outcome.CALL_BACK, value)
    return [blocks.actions(f"outcomes:{lead.id}", [*buttons, later])]


def call_back_form(dossier: Dossier, after: str, message: ThreadLine | None, voice: Voice, policy: Policy) -> Json:
    """Only when, and a note. Slack shows the instant in the zone of whoever looks."""
    lead = dossier.lead
    return blocks.modal(
        voice.label("outcome", Outcome.CALL_BACK),
        [
            blocks.context(voice.title(lead.company, lead.person)),
            blocks.instant_field(
                ids.CALL_BACK_AT, voice.form("call_back_at"), initial=next_slot(voice.now, policy), required=True
            ),
            blocks.text_field(ids.CALL_NOTE, voice.form("note"), lines=True),
        ],
        callback_id=ids.CALL_BACK_FORM,
        keeps_draft=True,
        submit=voice.form("save"),
        close=voice.form("cancel"),
        memory=memory(lead=lead.id, after=after, **_message(message)),
    )


def _message(place: ThreadLine | None) -> dict[str, str]:
    return {"channel": place.channel, "ts": place.ts} if place else {}


def next_slot(now: datetime, policy: Policy) -> datetime:
    """A likely time to call again: in an hour, at the next full or half hour, within working time."""
    later = now + AN_HOUR
    past = timedelta(minutes=later.minute % 30, seconds=later.second, microseconds=later.microsecond)
    return policy.working_hours.next_opening(later - past + (HALF_AN_HOUR if past else timedelta()))
