"""A rep writes to a lead from a template: choose it, read and change the mail, send it (M94, M95).

What was previewed is what is queued; the mail goes out by the outbox, and its acceptance counts as an attempt. Who had
a mail a short time ago gets another only when the rep says so (M105). Where the address was changed while the mail was
read, the rep sees the new one before anything leaves.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.slack import blocks, ids
from bot.slack.blocks import Json, one_line
from bot.slack.desk import Desk
from bot.slack.drafts import forget_draft, with_draft
from bot.slack.press import WAS, Form, Press, mark_of, memory
from bot.slack.problems import FormProblem
from bot.slack.rights import NoMailAddress, contactable, lead_for, take_if_free
from bot.slack.script import facts_for_templates
from bot.slack.voice import Voice
from bot.words import LANGUAGES, Mail
from dialogs.live import chat_of_lead
from qualification import outbox
from qualification.calls import Outcome
from qualification.clock_rules import Asks
from qualification.deeds import Kind
from qualification.dossier import Dossier
from qualification.events import MailQueued
from qualification.followup import Status
from qualification.last_mail import LastMail, WrittenLately, last_mail
from qualification.look import Look, Rows
from qualification.notices import MAIL
from qualification.policy import Policy
from qualification.records import Lead
from qualification.store import Transaction
from qualification.taken_back import still_said

SUBJECT_LENGTH = 200
DOCUMENT_CALL = "document_call"  # the duty to call after a document request, as policies name it
AFTER_NO_ANSWER = "after_no_answer"
UNFILLED = re.compile(r"〔[^〕\n]+〕|\[\[[^\]\n]+\]\]")
"""A place in a template that a rep fills in: 〔資料のURL〕, [[the link to the document]]."""
AFTER_A_CALL: dict[str, str] = {
    Outcome.NO_ANSWER: AFTER_NO_ANSWER,
    Outcome.BUSY: AFTER_NO_ANSWER,
    Outcome.CONNECTED: "thank_you_and_next_steps",
}


@dataclass(frozen=True, kw_only=True)
class Before:
    """The mail before this one. `hours` since which nobody is written to unasked; 0 when it is long enough ago."""

    mail: LastMail
    names: Mapping[str, str]
    hours: int


@dataclass(frozen=True, kw_only=True)
class MadeOf:
    """The template a mail was made of, in which language, and the marks of its texts before the rep changed them."""

    template: str
    language: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)


class AddressChanged(Exception):
    """Their address is another one since the mail was shown: whoever sends it sees the new one first."""


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.SEND_MAIL)
    async def choose(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        dossier = await desk.dossier_for(press.lead_id, press.by)
        mailable(dossier.lead)
        view = choice_form(dossier, desk.voice(press.by.language))
        await ack()
        desk.open_form(press.place, view, press.by.language)

    @app.view(ids.MAIL_CHOICE_FORM)
    async def preview(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        dossier = await desk.dossier_for(form.lead_id, form.by)
        mailable(dossier.lead)
        last = await desk.services.store.look(lambda session: last_mail(Look(session), dossier.lead))
        theirs = await desk.services.store.look(lambda session: zone_of(Look(session), dossier.lead))
        voice, policy = desk.voice(form.by.language), desk.services.store.policy
        view = _preview(form, dossier, voice, _warned(desk, dossier, last), policy, theirs)
        view = await with_draft(desk, view, form.by.id, dossier.lead.id, voice)
        await ack(response_action="update", view=view)

    @app.view(ids.MAIL_FORM)
    async def send(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = Form.of(body, context)
        voice = desk.voice(form.by.language)
        if not one_line(form.text(ids.SUBJECT)):
            raise FormProblem({ids.SUBJECT: voice.form("subject_missing")})
        unfilled = {name for name in (ids.SUBJECT, ids.BODY) if UNFILLED.search(form.text(name))}
        if unfilled:
            raise FormProblem(dict.fromkeys(unfilled, voice.form("place_left_to_fill")))
        try:
            await desk.act(form.once, lambda tx: queue_mail(tx, form))
        except WrittenLately as lately:
            if ids.WRITE_AGAIN in form.fields:
                raise FormProblem({ids.WRITE_AGAIN: voice.form("write_again_missing")}) from lately
            await ack(response_action="update", view=await _asked_once_more(desk, form, lately.last))
        except AddressChanged:
            await ack(response_action="update", view=await _asked_once_more(desk, form, is_readdressed=True))
        else:
            await ack()


async def _asked_once_more(
    desk: Desk, form: Form, last: LastMail | None = None, *, is_readdressed: bool = False
) -> Json:
    """The same preview, of a mail that a colleague's has overtaken, or that goes to another address now."""
    dossier = await desk.dossier_for(form.lead_id, form.by)
    mailable(dossier.lead)
    if last is None:
        last = await desk.services.store.look(lambda session: last_mail(Look(session), dossier.lead))
    mail = Mail(subject=form.text(ids.SUBJECT), body=form.text(ids.BODY))
    made, voice = _made_of(form.memory), desk.voice(form.by.language)
    before = _warned(desk, dossier, last)
    return mail_form(dossier.lead, made, mail, voice, before, is_readdressed=is_readdressed)


def _made_of(remembered: Mapping[str, Any]) -> MadeOf:
    return MadeOf(
        template=str(remembered.get("template", "")),
        language=str(remembered.get("language", "")),
        marks=remembered.get(WAS, {}),
    )


def _warned(desk: Desk, dossier: Dossier, last: LastMail | None) -> Before | None:
    if last is None:
        return None
    policy = desk.services.store.policy
    fresh = last.is_fresh(policy, desk.services.clock())
    return Before(mail=last, names=dossier.names, hours=policy.contact.hours_between_mails if fresh else 0)


def mailable(lead: Lead) -> str:
    """The address. Raises ContactForbidden, NoMailAddress."""
    if contactable(lead).email is None:
        raise NoMailAddress(NoMailAddress.__doc__)
    return str(lead.email)


def choice_form(dossier: Dossier, voice: Voice) -> Json:
    lead = dossier.lead
    templates = [blocks.option(mail.titles[voice.language], mail.name) for mail in voice.words.mail_names()]
    languages = [blocks.option(voice.label("language", language), language) for language in LANGUAGES]
    return blocks.modal(
        voice.form("mail_title"),
        [
            blocks.context(voice.says("mail_to", address=lead.email)),
            blocks.select_field(ids.TEMPLATE, voice.form("template"), templates[:100], initial=likely_mail(dossier)),
            blocks.radio_field(ids.LANGUAGE, voice.form("language"), languages, initial=lead.language),
        ],
        callback_id=ids.MAIL_CHOICE_FORM,
        submit=voice.form("preview"),
        close=voice.form("cancel"),
        memory=memory(lead=lead.id),
    )


def likely_mail(dossier: Dossier) -> str:
    """The template that fits what happened last: a call that counts, or a document that waits to be sent."""
    calls = still_said(dossier.history, "call_logged", deed=Kind.CALL, facts=lambda line: line.facts)
    if calls and (after := AFTER_A_CALL.get(calls[-1].facts["outcome"])):
        return after
    document = dossier.clock_of(DOCUMENT_CALL)
    return "document" if document is not None and document.status in ("open", "overdue") else "first_contact"


def document_for(lead: Lead, policy: Policy) -> str:
    """What stands behind the form they came by, else the only document of the policy; "" where a rep has to choose."""
    forms = policy.forms
    if lead.source in forms and (asked_for := forms[lead.source].document):
        return asked_for
    known = {form.document for form in forms.values() if form.document}
    return known.pop() if len(known) == 1 else ""


def _next_call(dossier: Dossier, voice: Voice, language: str, theirs: ZoneInfo | None) -> str:
    """By when we owe them the next call, as they read it; "" where none is owed, or the time has passed. `theirs`:
    the zone their browser told us, None where it told none.
    """
    owed = [
        clock.due_at
        for clock in dossier.clocks
        if clock.asks != Asks.DECISION and clock.status == Status.OPEN and clock.due_at > voice.now
    ]
    return voice.words.day_and_time_there(min(owed), language, theirs) if owed else ""


def zone_of(rows: Rows, lead: Lead) -> ZoneInfo | None:
    """Where the clock of the prospect stands, as the chat told in which they spoke last."""
    chat = chat_of_lead(rows, lead.id)
    return ZoneInfo(chat.zone) if chat is not None and chat.zone is not None else None


def _preview(
    form: Form, dossier: Dossier, voice: Voice, before: Before | None, policy: Policy, theirs: ZoneInfo | None
) -> Json:
    template = form.chosen(ids.TEMPLATE) or ""
    language = form.chosen(ids.LANGUAGE) or dossier.lead.language
    facts = facts_for_templates(dossier, voice, language, rep_name=form.by.name) | {
        "rep_phone": form.by.phone if policy.contact.phone_under_mails else "",
        "rep_email": form.by.email,
        "document_url": document_for(dossier.lead, policy),
        "due": _next_call(dossier, voice, language, theirs) if template == AFTER_NO_ANSWER else "",
    }
    mail = voice.words.mail(template, language, facts)
    marks = {ids.SUBJECT: mark_of(mail.subject), ids.BODY: mark_of(mail.body)}
    return mail_form(dossier.lead, MadeOf(template=template, language=language, marks=marks), mail, voice, before)


def mail_form(
    lead: Lead, made: MadeOf, mail: Mail, voice: Voice, before: Before | None = None, *, is_readdressed: bool = False
) -> Json:
    """The mail as it would leave, open for changes; with the mail before it, and a question when that was lately."""
    changed = [blocks.section(voice.says("mail_readdressed"))] if is_readdressed else []
    return blocks.modal(
        voice.form("preview"),
        [
            *changed,
            blocks.context(voice.says("mail_to", address=lead.email)),
            blocks.text_field(
                ids.SUBJECT, voice.form("subject"), initial=mail.subject, required=True, most=SUBJECT_LENGTH
            ),
            blocks.text_field(ids.BODY, voice.form("body"), initial=mail.body, required=True, lines=True),
            *(_said_of(before, voice) if before else ()),
        ],
        callback_id=ids.MAIL_FORM,
        keeps_draft=True,
        submit=voice.form("send"),
        close=voice.form("cancel"),
        memory=memory(
            lead=lead.id,
            template=made.template,
            language=made.language,
            to=mark_of(lead.email or ""),
            **{WAS: dict(made.marks)},
        ),
    )


def _said_of(before: Before, voice: Voice) -> list[Json]:
    who = voice.colleague(before.mail.by, before.names)
    told = [blocks.context(voice.says("mail_before", at=voice.when(before.mail.at), who=who))]
    if not before.hours:
        return told
    again = blocks.option(voice.form("write_again"), ids.WRITE_AGAIN)
    return [*told, blocks.checkbox_field(ids.WRITE_AGAIN, voice.form("written_lately", hours=before.hours), [again])]


def queue_mail(tx: Transaction, form: Form) -> None:
    """Into the outbox, as the rep has read it. Raises NotYourLead, ContactForbidden, NoMailAddress, AddressChanged,
    WrittenLately.
    """
    lead = lead_for(tx, form.lead_id, form.by)
    address, before = mailable(lead), last_mail(tx, lead)
    if mark_of(address) != form.memory.get("to", mark_of(address)):
        raise AddressChanged(AddressChanged.__doc__)
    if before and before.is_fresh(tx.policy, tx.now) and not form.ticked(ids.WRITE_AGAIN):
        raise WrittenLately(before)
    take_if_free(tx, lead, form.by)
    template, subject = str(form.memory.get("template", "")), one_line(form.text(ids.SUBJECT))
    outbox.queue(
        tx,
        key=f"mail:{form.once}",
        kind=MAIL,
        lead_id=lead.id,
        payload={
            "lead_id": lead.id,
            "to": address,
            "subject": subject,
            "body": form.text(ids.BODY),
            "template": template,
            "by": form.by.id,
            "by_name": form.by.name,
        },
    )
    forget_draft(tx, form)
    tx.record(MailQueued(lead_id=lead.id, by=form.by.id, template=template, to=address, subject=subject))
