"""What the app is told without anybody pressing anything: one function per event, and the envelope around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.payloads import VERIFICATION_TOKEN
from bot.sandbox.records import Channel, Json, Message, User, Usergroup, View
from bot.sandbox.wire import message_json, user_json, view_json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

CHANNEL_TYPE = {"channels": "channel", "groups": "group", "im": "im"}


def event_callback(workspace: Workspace, event: Json, *, event_id: str) -> Json:
    """The envelope around every event, from the workspace of whoever opened Home, else from ours."""
    team_id = workspace.told_of(event["user"]) if event["type"] == "app_home_opened" else workspace.team.id
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team_id,
        "context_team_id": team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(float(event.get("event_ts", "0"))),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team_id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def message_event(workspace: Workspace, channel: Channel, message: Message) -> Json:
    return message_json(workspace, message) | {
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": CHANNEL_TYPE[channel.kind],
    }


def message_changed(workspace: Workspace, channel: Channel, *, before: Json, after: Json, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": after,
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": CHANNEL_TYPE[channel.kind],
    }


def message_deleted(workspace: Workspace, channel: Channel, *, before: Json, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": before["ts"],
        "ts": ts,
        "event_ts": ts,
        "channel_type": CHANNEL_TYPE[channel.kind],
    }


def app_mention(workspace: Workspace, channel: Channel, message: Message) -> Json:
    event: Json = {
        "type": "app_mention",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": workspace.team.id,
        "blocks": message.blocks,
        "channel": channel.id,
        "event_ts": message.ts,
    }
    if message.client_msg_id:
        event["client_msg_id"] = message.client_msg_id
    if message.thread_ts:
        event["thread_ts"] = message.thread_ts
    return event


def app_home_opened(
    workspace: Workspace, *, user: User, tab: str, channel: Channel, view: View | None, ts: str
) -> Json:
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": tab, "event_ts": ts}
    if view is not None and tab == "home":
        event["view"] = view_json(workspace, view)
    return event


def reaction_event(kind: str, *, user: str, message: Message, name: str, ts: str) -> Json:
    """`kind` is reaction_added or reaction_removed."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": ts,
    }


def member_joined_channel(workspace: Workspace, *, user: User, channel: Channel, ts: str) -> Json:
    return {
        "type": "member_joined_channel",
        "user": user.id,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channels" else "G",
        "team": workspace.team.id,
        "event_ts": ts,
    }


def tokens_revoked(*, bot_users: list[str], ts: str) -> Json:
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bot_users}, "event_ts": ts}


def app_uninstalled(*, ts: str) -> Json:
    return {"type": "app_uninstalled", "event_ts": ts}


def user_change(workspace: Workspace, *, user: User, ts: str) -> Json:
    """Something about this member is different: their name, their rights, or that they are a member at all."""
    shown = user_json(user, workspace.team.id, workspace.clock())
    shown["profile"].pop("email", None)
    return {"type": "user_change", "user": shown, "cache_ts": int(float(ts)), "event_ts": ts}


def subteam_members_changed(
    workspace: Workspace, *, group: Usergroup, added: list[str], removed: list[str], ts: str
) -> Json:
    return {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": workspace.team.id,
        "date_previous_update": 0,
        "date_update": int(float(ts)),
        "added_users": added,
        "added_users_count": str(len(added)),
        "removed_users": removed,
        "removed_users_count": str(len(removed)),
        "event_ts": ts,
    }
