"""What a rep typed into a form that was closed instead of sent in: kept for a day, and there again when it is opened.

Slack tells us of the closing without what stood in the fields, so each change is told while it happens, and the
newest of a second is kept. Sent in, the draft is gone.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from sqlmodel import Session, col, select

from bot.logs import log
from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.press import Form
from bot.slack.records import DRAFT_KEPT_FOR, SlackDraft
from bot.slack.voice import Voice
from qualification.look import Look
from qualification.one_person import records_of
from qualification.records import Lead
from qualification.store import Busy, Transaction, Unavailable
from qualification.tombstones import is_erased

KEPT_FORMS = (
    ids.CALL_FORM,
    ids.CALL_BACK_FORM,
    ids.INTERVIEW_FORM,
    ids.INTERVIEW_END,
    ids.MAIL_FORM,
    ids.HAND_BACK_FORM,
    ids.SNOOZE_FORM,
    ids.DEAL_FORM,
)
TYPED_IN = frozenset({"plain_text_input", "radio_buttons", "datetimepicker", "static_select", "checkboxes"})
ASKED_ANEW = frozenset({ids.WRITE_AGAIN})  # M105: a yes holds for the mail it was given for, as things stood then
APART = ("template", "language")  # in a form's memory: what was typed into one mail is nothing for another

Values = Mapping[str, Mapping[str, Any]]


def register(app: AsyncApp, desk: Desk) -> None:
    drafts = Drafts(desk)

    @app.action(ids.ANYTHING, matchers=[_is_typed_into_a_kept_form])
    async def keep(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        drafts.heard(Form.of(body, context))
        await ack()


async def _is_typed_into_a_kept_form(body: Json) -> bool:
    kind = body["actions"][0].get("type")
    return kind in TYPED_IN and (body.get("view") or {}).get("callback_id") in KEPT_FORMS


class Drafts:
    """Keeps what is being typed: of many changes of a form within a second the last one is written."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._typed: dict[str, Form] = {}

    def heard(self, form: Form) -> None:
        waiting = self._typed.get(form.step)
        if waiting is None:
            self._desk.afterwards.do(self._keep_soon(form.step))
        if waiting is None or float(form.mark) >= float(waiting.mark):
            self._typed[form.step] = form

    async def _keep_soon(self, step: str) -> None:
        await asyncio.sleep(self._desk.coalesce)
        form = self._typed.pop(step)
        try:
            await self._desk.services.store.run(lambda tx: keep_draft(tx, form))
        except (Busy, Unavailable) as problem:
            log.warning("draft_not_kept", problem=str(problem))


def name_of(user_id: str, form: str, lead_id: str, remembered: Mapping[str, Any]) -> str:
    apart = (str(remembered[name]) for name in APART if name in remembered)
    return ":".join((user_id, form, lead_id, *apart))


def keep_draft(tx: Transaction, form: Form) -> None:
    """What stands in the fields of the form now, but for what it was opened with; unless we know better already.

    Nothing of a person whose data was erased meanwhile.
    """
    if is_erased(tx, tx.get(Lead, form.lead_id)):
        return
    draft = _draft_of(tx, form)
    if draft.sent == form.step or (draft.mark and float(form.mark) < float(draft.mark)):
        return
    typed = {name: {} if form.is_as_offered(name) else dict(held) for name, held in form.fields.items()}
    draft.fields = {**draft.fields, **typed}
    draft.mark, draft.at = form.mark, tx.now


def forget_draft(tx: Transaction, form: Form) -> None:
    """These fields were sent in."""
    draft = _draft_of(tx, form)
    draft.fields = {name: held for name, held in draft.fields.items() if name not in form.fields}
    draft.sent = form.step


def _draft_of(tx: Transaction, form: Form) -> SlackDraft:
    key = name_of(form.by.id, form.name, form.lead_id, form.memory)
    return tx.peek(SlackDraft, key) or tx.add(SlackDraft(key=key, lead_id=form.lead_id, fields={}, at=tx.now))


async def with_draft(desk: Desk, view: Json, user_id: str, lead_id: str, voice: Voice) -> Json:
    """The form as this person left it, when they left one of its kind about this lead lately."""
    key = name_of(user_id, view["callback_id"], lead_id, json.loads(view["private_metadata"]))

    def look(session: Session) -> Values:
        draft = session.get(SlackDraft, key)
        return draft.fields if draft is not None and voice.now - draft.at < DRAFT_KEPT_FOR else {}

    values = await desk.services.store.look(look)
    return restored(view, values, voice) if values else view


def left_behind(session: Session, user_id: str, lead_id: str, now: datetime) -> list[str]:
    """The texts this person typed into forms about a lead lately and has not sent in, whole; on any of its records."""
    rows = Look(session)
    lead = rows.peek(Lead, lead_id)
    ids_of_theirs = [one.id for one in records_of(rows, lead)] if lead else []
    found = session.exec(select(SlackDraft).where(col(SlackDraft.lead_id).in_(ids_of_theirs))).all()
    own = (one for one in found if one.key.startswith(f"{user_id}:") and now - one.at < DRAFT_KEPT_FOR)
    texts = (str(held.get("value") or "").strip() for draft in own for held in draft.fields.values())
    return list(filter(None, texts))


def restored(view: Json, values: Values, voice: Voice) -> Json:
    """The view with these values in its fields; a line says so. Fields it does not have are left out."""
    fields = [_filled(block, values) for block in view["blocks"]]
    if fields == view["blocks"]:
        return view
    return view | {"blocks": [blocks.context(voice.says("draft_restored")), *fields]}


def _filled(block: Json, values: Values) -> Json:
    if block.get("type") != "input" or block["element"]["action_id"] in ASKED_ANEW:
        return block
    element = block["element"]
    initial = _initial(element, values.get(element["action_id"], {}))
    return block | {"element": element | initial} if initial else block


def _initial(element: Json, held: Mapping[str, Any]) -> Json:
    """What Slack told of a field, as it wants to be told of it."""
    text = str(held.get("value") or "").strip()
    if text and element["type"] == "plain_text_input":
        return {"initial_value": blocks.cut(blocks.clean(text), element.get("max_length", blocks.FIELD))}
    if at := held.get("selected_date_time"):
        return {"initial_date_time": int(at)}
    ticked = {one["value"] for one in held.get("selected_options") or ()}
    if options := [one for one in element.get("options", []) if one["value"] in ticked]:
        return {"initial_options": options}
    chosen = (held.get("selected_option") or {}).get("value")
    option = next((one for one in element.get("options", []) if one["value"] == chosen), None)
    return {"initial_option": option} if option else {}
