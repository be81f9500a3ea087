"""What a person's press, form or command becomes on its way to the app: one function per payload kind.

A message button has a channel, a message and a response_url; the same button in a modal or on Home has a view instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.records import Channel, Json, Message, User, View
from bot.sandbox.wire import message_json, view_json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

VERIFICATION_TOKEN = "sandbox-verification-token"


def _who(workspace: Workspace, user: User) -> Json:
    return {
        "id": user.id,
        "username": user.name,
        "name": user.name,
        "team_id": workspace.team_of(user.id),
    }


def _house(workspace: Workspace, user: User) -> Json:
    return {
        "team": {"id": workspace.told_of(user.id), "domain": workspace.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": workspace.app_id,
        "token": VERIFICATION_TOKEN,
    }


def _place(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel_label(channel)}


def channel_label(channel: Channel) -> str:
    return {"im": "directmessage", "groups": "privategroup"}.get(channel.kind, channel.name)


def block_actions_on_message(
    workspace: Workspace,
    *,
    user: User,
    channel: Channel,
    message: Message,
    typed: Json,
    actions: list[Json],
    trigger: str,
    url: str,
) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = {
        "type": "block_actions",
        "user": _who(workspace, user),
        **_house(workspace, user),
        "container": container,
        "trigger_id": trigger,
        "channel": _place(channel),
        "state": {"values": typed},
        "response_url": url,
        "actions": actions,
    }
    if message.only_for is None:
        payload["message"] = message_json(workspace, message)
    return payload


def block_actions_in_view(workspace: Workspace, *, user: User, view: View, actions: list[Json], trigger: str) -> Json:
    return {
        "type": "block_actions",
        "user": _who(workspace, user),
        **_house(workspace, user),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger,
        "view": view_json(workspace, view),
        "actions": actions,
    }


def view_submission(workspace: Workspace, *, user: User, view: View, trigger: str) -> Json:
    return {
        "type": "view_submission",
        **_house(workspace, user),
        "user": _who(workspace, user),
        "trigger_id": trigger,
        "view": view_json(workspace, view),
        "response_urls": [],
    }


def view_closed(workspace: Workspace, *, user: User, view: View, is_cleared: bool) -> Json:
    return {
        "type": "view_closed",
        **_house(workspace, user),
        "user": _who(workspace, user),
        "view": view_json(workspace, view) | {"state": {"values": {}}},  # what stood in the fields is not told
        "is_cleared": is_cleared,
    }


def global_shortcut(workspace: Workspace, *, user: User, callback_id: str, trigger: str, action_ts: str) -> Json:
    return {
        "type": "shortcut",
        **_house(workspace, user),
        "user": _who(workspace, user),
        "action_ts": action_ts,
        "callback_id": callback_id,
        "trigger_id": trigger,
    }


def message_shortcut(
    workspace: Workspace,
    *,
    user: User,
    channel: Channel,
    message: Message,
    callback_id: str,
    trigger: str,
    action_ts: str,
    url: str,
) -> Json:
    return {
        "type": "message_action",
        **_house(workspace, user),
        "user": _who(workspace, user),
        "action_ts": action_ts,
        "callback_id": callback_id,
        "trigger_id": trigger,
        "channel": _place(channel),
        "message_ts": message.ts,
        "message": message_json(workspace, message),
        "response_url": url,
    }


def slash_command(
    workspace: Workspace, *, user: User, channel: Channel, command: str, text: str, trigger: str, url: str
) -> Json:
    """Form fields, all of them text, as a slash command arrives over both transports."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.told_of(user.id),
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": channel_label(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger,
    }


def options_request(
    workspace: Workspace,
    *,
    user: User,
    block_id: str,
    action_id: str,
    value: str,
    view: View | None = None,
    message: Message | None = None,
    channel: Channel | None = None,
) -> Json:
    payload: Json = {
        "type": "block_suggestion",
        "user": _who(workspace, user),
        **_house(workspace, user),
        "action_id": action_id,
        "block_id": block_id,
        "value": value,
    }
    if view is not None:
        return payload | {"container": {"type": "view", "view_id": view.id}, "view": view_json(workspace, view)}
    assert message is not None
    assert channel is not None
    return payload | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.only_for is not None,
        },
        "channel": _place(channel),
        "message": message_json(workspace, message),
    }


# --- Socket Mode -----------------------------------------------------------------------------------------------------


def hello(workspace: Workspace, *, connections: int) -> Json:
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": workspace.app_id},
    }


def disconnect(reason: str) -> Json:
    """`reason` is warning, refresh_requested or link_disabled."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


def envelope(kind: str, payload: Json, *, envelope_id: str, retry: tuple[int, str] | None) -> Json:
    """`kind` is events_api, interactive or slash_commands; only events carry retry fields."""
    wrapped: dict[str, Any] = {
        "envelope_id": envelope_id,
        "type": kind,
        "accepts_response_payload": kind != "events_api",
        "payload": payload,
    }
    if kind == "events_api":
        attempt, reason = retry or (0, "")
        wrapped |= {"retry_attempt": attempt, "retry_reason": reason}
    return wrapped
