"""Every payload has the fields Slack documents for its surface: no channel in a modal, no view on a message."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Workspace, forms, messages, payloads, views
from bot.sandbox.records import Message, View
from tests.sandbox.sample_app import call_form, card

Json = dict[str, Any]
HOUSE = {"type", "team", "user", "api_app_id", "token", "enterprise", "is_enterprise_install"}
VIEW_FIELDS = {
    "id",
    "team_id",
    "type",
    "blocks",
    "private_metadata",
    "callback_id",
    "state",
    "hash",
    "title",
    "clear_on_close",
    "notify_on_close",
    "close",
    "submit",
    "previous_view_id",
    "root_view_id",
    "app_id",
    "external_id",
    "app_installed_team_id",
    "bot_id",
}


class Scene:
    """yuki, a card in #leads, an open form and a Home."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.yuki = workspace.person("yuki")
        self.leads = workspace.channel("#leads")
        self.card: Message = messages.post(workspace, workspace.bot, self.leads, text="lead", blocks=card())
        self.form: View = views.open_modal(workspace, workspace.new_trigger(self.yuki), call_form())
        self.home: View = views.publish(workspace, self.yuki, {"type": "home", "blocks": card()})

    def pressed(self, surface: Message | View) -> list[Json]:
        control = forms.controls(surface.blocks)[0]
        return [forms.action_taken(control, {"type": control.type}, action_ts="1.000001")]


@pytest.fixture
def scene(workspace: Workspace) -> Scene:
    return Scene(workspace)


def test_a_press_on_a_message(scene: Scene) -> None:
    payload = payloads.block_actions_on_message(
        scene.workspace,
        user=scene.yuki,
        channel=scene.leads,
        message=scene.card,
        typed={},
        actions=scene.pressed(scene.card),
        trigger="t",
        url="u",
    )
    own = {"container", "trigger_id", "channel", "message", "state", "response_url", "actions"}
    assert payload.keys() == HOUSE | own
    assert payload["user"].keys() == {"id", "username", "name", "team_id"}
    assert payload["container"] == {
        "type": "message",
        "message_ts": scene.card.ts,
        "channel_id": scene.leads.id,
        "is_ephemeral": False,
    }
    assert payload["actions"][0].keys() == {"type", "action_id", "block_id", "action_ts", "text", "value", "style"}
    assert payload["message"]["bot_id"] == "B0BANTLINE"
    assert "metadata" not in payload["message"]


def test_a_press_on_an_ephemeral_message_carries_no_message(scene: Scene) -> None:
    shown = messages.post_ephemeral(scene.workspace, scene.leads, scene.yuki, text="x", blocks=card())
    payload = payloads.block_actions_on_message(
        scene.workspace,
        user=scene.yuki,
        channel=scene.leads,
        message=shown,
        typed={},
        actions=[],
        trigger="t",
        url="u",
    )
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


@pytest.mark.parametrize("where", ["form", "home"])
def test_a_press_in_a_view(scene: Scene, where: str) -> None:
    view: View = getattr(scene, where)
    payload = payloads.block_actions_in_view(scene.workspace, user=scene.yuki, view=view, actions=[], trigger="t")
    assert payload.keys() == HOUSE | {"container", "trigger_id", "view", "actions"}
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert payload["view"].keys() == VIEW_FIELDS
    assert payload["view"]["type"] == view.kind


def test_a_submission_and_a_closing(scene: Scene) -> None:
    sent = payloads.view_submission(scene.workspace, user=scene.yuki, view=scene.form, trigger="t")
    closed = payloads.view_closed(scene.workspace, user=scene.yuki, view=scene.form, is_cleared=True)
    assert sent.keys() == HOUSE | {"trigger_id", "view", "response_urls"}
    assert closed.keys() == HOUSE | {"view", "is_cleared"}
    assert closed["view"]["state"] == {"values": {}}
    assert sent["view"]["state"]["values"] == {
        "outcome": {"outcome": {"type": "radio_buttons", "selected_option": None}},
        "note": {"note": {"type": "plain_text_input", "value": None}},
        "lead": {"lead": {"type": "external_select", "selected_option": None}},
    }


def test_shortcuts(scene: Scene) -> None:
    everywhere = payloads.global_shortcut(
        scene.workspace, user=scene.yuki, callback_id="c", trigger="t", action_ts="1.1"
    )
    on_message = payloads.message_shortcut(
        scene.workspace,
        user=scene.yuki,
        channel=scene.leads,
        message=scene.card,
        callback_id="c",
        trigger="t",
        action_ts="1.1",
        url="u",
    )
    assert everywhere.keys() == HOUSE | {"action_ts", "callback_id", "trigger_id"}
    assert on_message.keys() == everywhere.keys() | {"channel", "message_ts", "message", "response_url"}
    assert (everywhere["type"], on_message["type"]) == ("shortcut", "message_action")


def test_a_command_is_text_fields_only(scene: Scene) -> None:
    payload = payloads.slash_command(
        scene.workspace, user=scene.yuki, channel=scene.leads, command="/lead", text="x", trigger="t", url="u"
    )
    assert all(isinstance(value, str) for value in payload.values())
    assert {"command", "text", "user_id", "channel_id", "team_id", "trigger_id", "response_url"} <= payload.keys()


def test_an_options_request(scene: Scene) -> None:
    payload = payloads.options_request(
        scene.workspace, user=scene.yuki, block_id="lead", action_id="lead", value="As", view=scene.form
    )
    assert payload.keys() == HOUSE | {"action_id", "block_id", "value", "container", "view"}


def test_an_event_is_wrapped_with_its_authorisation(scene: Scene) -> None:
    said = scene.workspace.user("yuki").posts("#leads", "hello")
    payload = scene.workspace.events[-1]
    assert payload.keys() == {
        "token",
        "team_id",
        "context_team_id",
        "context_enterprise_id",
        "api_app_id",
        "event",
        "type",
        "event_id",
        "event_time",
        "authorizations",
        "is_ext_shared_channel",
        "event_context",
    }
    assert payload["authorizations"][0]["user_id"] == scene.workspace.bot.id
    event = payload["event"]
    assert (event["type"], event["user"], event["ts"], event["channel_type"]) == (
        "message",
        scene.yuki.id,
        said.ts,
        "channel",
    )
    assert {"client_msg_id", "blocks", "team", "channel", "event_ts"} <= event.keys()


@pytest.mark.parametrize(("tab", "has_view"), [("home", True), ("messages", False)])
def test_opening_home_tells_the_tab_and_shows_what_is_published(scene: Scene, tab: str, has_view: bool) -> None:
    scene.workspace.user("yuki").opens_home(tab=tab)
    event = scene.workspace.events[-1]["event"]
    assert (event["type"], event["tab"], event["channel"][0], "view" in event) == (
        "app_home_opened",
        tab,
        "D",
        has_view,
    )


def test_only_events_carry_retry_fields_on_the_socket() -> None:
    event = payloads.envelope("events_api", {}, envelope_id="1", retry=(2, "timeout"))
    press = payloads.envelope("interactive", {}, envelope_id="2", retry=None)
    assert (event["retry_attempt"], event["retry_reason"], event["accepts_response_payload"]) == (2, "timeout", False)
    assert press.keys() == {"envelope_id", "type", "payload", "accepts_response_payload"}
