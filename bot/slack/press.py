"""What a person did in Slack, as our own types: a press on a lead, a form sent in, a command typed.

Slack's payloads are read here and nowhere else.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.slack import ids
from bot.slack.people import Colleague
from qualification.deeds import ThreadLine
from qualification.leads import LeadNotFound

COLLEAGUE, ONCE = "colleague", "once"
WAS, NOTED = "was", "noted"  # in a form's memory: the marks of the texts it was opened with, and of those from a note


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the person is, so that an answer for their eyes only reaches them there."""

    user_id: str
    response_url: str | None
    trigger_id: str | None
    in_modal: bool

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Place":
        user = body.get("user") or {}
        view = body.get("view") or {}
        return cls(
            user_id=str(user.get("id") or body.get("user_id") or ""),
            response_url=body.get("response_url") or None,
            trigger_id=body.get("trigger_id") or None,
            in_modal=view.get("type") == "modal",
        )


@dataclass(frozen=True, kw_only=True)
class Press:
    """A button or a menu entry pressed on one lead. `mark` is Slack's own time of the press."""

    by: Colleague
    lead_id: str
    once: str
    place: Place
    entry: str = ""
    action: str = ""
    mark: str = ""
    message: ThreadLine | None = None

    @property
    def after(self) -> str:
        """What stands before the lead's id in the value: a menu entry, a deed, the call a button was drawn after."""
        return self.entry

    @classmethod
    def of(cls, body: Mapping[str, Any], context: Mapping[str, Any]) -> "Press":
        """Raises LeadNotFound for a value that names no lead."""
        action = body["actions"][0]
        value = str(action.get("value") or (action.get("selected_option") or {}).get("value") or "")
        lead_id = ids.lead_id_in(value)
        if lead_id is None:
            raise LeadNotFound(value[:40])
        return cls(
            by=context[COLLEAGUE],
            lead_id=lead_id,
            once=context[ONCE],
            place=Place.of(body),
            entry=ids.menu_entry_in(value),
            action=str(action.get("action_id") or ""),
            message=_message_of(body),
            mark=str(action.get("action_ts") or ""),
        )


def _message_of(body: Mapping[str, Any]) -> ThreadLine | None:
    """The message a button was pressed in; none on Home."""
    container = body.get("container") or {}
    channel, ts = container.get("channel_id"), container.get("message_ts")
    return ThreadLine(channel=str(channel), ts=str(ts)) if channel and ts else None


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form as it was sent in, or as it stands while somebody fills it in.

    `memory` is what we gave it when it was opened; `fields` is what stands in each field, by the field's name, and
    `blocks` the id of the block it stands in: a field that was filled by us stands in a new one. `mark` is Slack's own
    time of a press in it.
    """

    by: Colleague
    once: str
    place: Place
    name: str
    memory: Mapping[str, Any]
    fields: Mapping[str, Mapping[str, Any]]
    blocks: Mapping[str, str]
    view: Mapping[str, Any]
    mark: str = ""

    @classmethod
    def of(cls, body: Mapping[str, Any], context: Mapping[str, Any]) -> "Form":
        view = body["view"]
        values = (view.get("state") or {}).get("values") or {}
        return cls(
            by=context[COLLEAGUE],
            once=context[ONCE],
            place=Place.of(body),
            name=str(view.get("callback_id") or ""),
            memory=json.loads(view.get("private_metadata") or "{}"),
            fields={name: held for fields in values.values() for name, held in fields.items()},
            blocks={name: block for block, fields in values.items() for name in fields},
            view=view,
            mark=str((body.get("actions") or [{}])[0].get("action_ts") or ""),
        )

    @property
    def step(self) -> str:
        """One screen of one opened form; the interview shows several in the same view."""
        return f"{self.view.get('id')}:{self.memory.get('question', '')}"

    @property
    def lead_id(self) -> str:
        """Raises LeadNotFound."""
        lead_id = ids.lead_id_in(str(self.memory.get("lead", "")))
        if lead_id is None:
            raise LeadNotFound(str(self.memory.get("lead", ""))[:40])
        return lead_id

    @property
    def after(self) -> str:
        """The call the button that opened this form was drawn after."""
        return str(self.memory.get("after", ""))

    @property
    def message(self) -> ThreadLine | None:
        """The message whose button opened this form."""
        channel, ts = self.memory.get("channel"), self.memory.get("ts")
        return ThreadLine(channel=str(channel), ts=str(ts)) if channel and ts else None

    def text(self, name: str) -> str:
        return str(self._held(name).get("value") or "").strip()

    def chosen(self, name: str) -> str | None:
        option = self._held(name).get("selected_option")
        return str(option["value"]) if option else None

    def person(self, name: str) -> str | None:
        """The Slack id of somebody chosen from everybody."""
        return self._held(name).get("selected_user") or None

    def ticked(self, name: str) -> bool:
        return bool(self._held(name).get("selected_options"))

    def instant(self, name: str) -> datetime | None:
        at = self._held(name).get("selected_date_time")
        return datetime.fromtimestamp(int(at), UTC) if at else None

    def is_as_offered(self, name: str) -> bool:
        """Whether a text still stands as we offered it, known before or read from a note."""
        offered = [self.memory.get(offer, {}).get(name) for offer in (WAS, NOTED)]
        return mark_of(self.text(name)) in offered

    def _held(self, name: str) -> Mapping[str, Any]:
        return self.fields.get(name, {})


def mark_of(text: str) -> str:
    """A mark by which a form recognises that a field was left as it was; it says nothing about the text."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def memory(**facts: object) -> str:
    """What a form has to remember until it is sent in: ids only (no personal data leaves us this way)."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
