"""What a rep typed into a form that was closed instead of sent in: kept for a day, and there again when it is opened.

Slack tells us of the closing; what stood in the fields comes along. Sent in, the draft is gone.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlmodel import Session

from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.press import Form
from bot.slack.records import SlackDraft
from bot.slack.voice import Voice
from qualification.store import Transaction

KEPT_FOR = timedelta(days=1)
KEPT_FORMS = (ids.CALL_FORM, ids.INTERVIEW_FORM)

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view_closed(re.compile("|".join(KEPT_FORMS)))
    async def keep(ack: Any, body: Any, context: Any) -> None:
        form = Form.of(body, context)
        await desk.act(form.once, lambda tx: keep_draft(tx, form))
        await ack()


def name_of(user_id: str, form: str, lead_id: str) -> str:
    return f"{user_id}:{form}:{lead_id}"


def keep_draft(tx: Transaction, form: Form) -> None:
    """What stands in the fields of the form now."""
    key = name_of(form.by.id, form.name, form.lead_id)
    draft = tx.peek(SlackDraft, key) or tx.add(SlackDraft(key=key, lead_id=form.lead_id, fields={}, at=tx.now))
    draft.fields = {**draft.fields, **{block: dict(fields) for block, fields in form.values.items()}}
    draft.at = tx.now


def forget_draft(tx: Transaction, form: Form) -> None:
    """These fields were sent in."""
    draft = tx.peek(SlackDraft, name_of(form.by.id, form.name, form.lead_id))
    if draft is not None:
        draft.fields = {block: fields for block, fields in draft.fields.items() if block not in form.values}


async def with_draft(desk: Desk, view: Json, user_id: str, lead_id: str, voice: Voice) -> Json:
    """The form as this person left it, when they left one of its kind about this lead lately."""
    key = name_of(user_id, view["callback_id"], lead_id)

    def look(session: Session) -> Values:
        draft = session.get(SlackDraft, key)
        return draft.fields if draft is not None and voice.now - draft.at <= KEPT_FOR else {}

    values = await desk.services.store.look(look)
    return restored(view, values, voice) if values else view


def restored(view: Json, values: Values, voice: Voice) -> Json:
    """The view with these values in its fields; a line says so. Fields it does not have are left out."""
    fields = [_filled(block, values) for block in view["blocks"]]
    if fields == view["blocks"]:
        return view
    return view | {"blocks": [blocks.context(voice.says("draft_restored")), *fields]}


def _filled(block: Json, values: Values) -> Json:
    if block.get("type") != "input":
        return block
    element = block["element"]
    held = values.get(block["block_id"], {}).get(element["action_id"], {})
    initial = _initial(element, held)
    return block | {"element": element | initial} if initial else block


def _initial(element: Json, held: Mapping[str, Any]) -> Json:
    """What Slack told of a field, as it wants to be told of it."""
    text = str(held.get("value") or "").strip()
    if text and element["type"] == "plain_text_input":
        return {"initial_value": blocks.cut(blocks.clean(text), element.get("max_length", blocks.FIELD))}
    if at := held.get("selected_date_time"):
        return {"initial_date_time": int(at)}
    chosen = (held.get("selected_option") or {}).get("value")
    option = next((one for one in element.get("options", []) if one["value"] == chosen), None)
    return {"initial_option": option} if option else {}
