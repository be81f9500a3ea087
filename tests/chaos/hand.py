"""What people at Slack do, as the payloads that reach us: made one by one, so that a proof can repeat and bend them."""

import itertools
import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox import events, payloads
from bot.sandbox.records import Message, User, View
from bot.sandbox.workspace import Workspace
from bot.slack import ids

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One payload on its way to us. `kind` is events_api, interactive or slash_commands."""

    kind: str
    payload: Json


class Hand:
    """Makes payloads of one workspace; every one has its own event id, trigger, action time or view."""

    def __init__(self, workspace: Workspace, channel: str = "#leads") -> None:
        self._workspace = workspace
        self._channel = workspace.channel(channel)
        self._numbers = itertools.count(1)

    def types(self, user: User, text: str) -> Parcel:
        """/lead with this text."""
        fields = payloads.slash_command(
            self._workspace,
            user=user,
            channel=self._channel,
            command=ids.COMMAND,
            text=text,
            trigger=self._workspace.new_trigger(user),
            url=self._workspace.new_response_url(user, self._channel, kind="commands"),
        )
        return Parcel(kind="slash_commands", payload=fields)

    def presses(self, user: User, action_id: str, lead_id: str, *, entry: str | None = None) -> Parcel:
        """A button on a lead's card, or an entry of its menu."""
        number = next(self._numbers)
        action: Json = {"action_id": action_id, "block_id": "b", "action_ts": f"{1_790_000_000 + number}.000100"}
        if entry is None:
            action |= {"type": "button", "value": lead_id}
        else:
            chosen = {"text": {"type": "plain_text", "text": entry}, "value": ids.menu_value(entry, lead_id)}
            action |= {"type": "overflow", "selected_option": chosen}
        made = payloads.block_actions_on_message(
            self._workspace,
            user=user,
            channel=self._channel,
            message=self._card(),
            typed={},
            actions=[action],
            trigger=self._workspace.new_trigger(user),
            url=self._workspace.new_response_url(user, self._channel),
        )
        return Parcel(kind="interactive", payload=made)

    def _card(self) -> Message:
        bot = self._workspace.bot
        return Message(
            ts="1790000000.000009",
            channel=self._channel.id,
            user=bot.id,
            bot_id=bot.bot_id,
            text="card",
            posted_at=self._workspace.clock(),
        )

    def submits(self, user: User, form: str, memory: Json, values: Json) -> Parcel:
        """A form. `values` is field -> the state Slack would send for it."""
        view_id = f"V{next(self._numbers):010d}"
        view = View(
            id=view_id,
            root_id=view_id,
            kind="modal",
            hash=self._workspace.new_word(8),
            user=user.id,
            typed={name: {name: value} for name, value in values.items()},
            content={
                "type": "modal",
                "callback_id": form,
                "private_metadata": json.dumps(memory),
                "title": {"type": "plain_text", "text": "form"},
                "blocks": [],
            },
        )
        made = payloads.view_submission(
            self._workspace, user=user, view=view, trigger=self._workspace.new_trigger(user)
        )
        return Parcel(kind="interactive", payload=made)

    def runs(self, user: User, shortcut: str) -> Parcel:
        made = payloads.global_shortcut(
            self._workspace,
            user=user,
            callback_id=shortcut,
            trigger=self._workspace.new_trigger(user),
            action_ts=self._workspace.new_ts(),
        )
        return Parcel(kind="interactive", payload=made)

    def opens_home(self, user: User) -> Parcel:
        event = events.app_home_opened(
            self._workspace,
            user=user,
            tab="home",
            channel=self._workspace.direct_channel(user.id),
            view=None,
            ts=self._workspace.new_ts(),
        )
        wrapped = events.event_callback(self._workspace, event, event_id=self._workspace.new_id("Ev"))
        return Parcel(kind="events_api", payload=wrapped)


def chosen(value: str) -> Json:
    """The state of a radio field or a select with this choice."""
    return {"type": "radio_buttons", "selected_option": {"value": value}}


def written(text: str) -> Json:
    return {"type": "plain_text_input", "value": text}
