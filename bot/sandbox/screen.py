"""One person's screen as facts: what the page draws, and nothing it would have to look up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.sandbox import client, wire
from bot.sandbox.records import Channel, Json, Message, User, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def screen_of(workspace: Workspace, user: User, channel: Channel | None) -> Json:
    """Everything `user` sees now, with the messages of one open channel."""
    home = workspace.home(user.id)
    return {
        "team": workspace.team.name,
        "now": workspace.clock().timestamp(),
        "me": _person(user, workspace.clock()),
        "app": {"name": workspace.installation.name, "user": workspace.bot.id, **_transport(workspace)},
        "people": {one.id: _person(one, workspace.clock()) for one in workspace.people.values()},
        "groups": {group.id: group.handle for group in workspace.usergroups.values()},
        "channels": [_channel(workspace, one, user) for one in _listed(workspace, user)],
        "channel": channel.id if channel else None,
        "messages": [_message(workspace, one, user) for one in _read(workspace, channel, user)],
        "modals": [_view(workspace, workspace.views[view_id]) for view_id in workspace.modals[user.id]],
        "home": _view(workspace, home) if home else None,
        "commands": [_command(one.name, one.usage_hint) for one in workspace.installation.commands or ()],
        "shortcuts": [
            {"name": one.name, "callback_id": one.callback_id, "kind": one.kind}
            for one in workspace.installation.shortcuts or ()
        ],
        "notices": [
            {"text": one.text, "number": number} for number, one in enumerate(workspace.notices) if one.user == user.id
        ][-5:],
    }


def _transport(workspace: Workspace) -> Json:
    return {"request_url": workspace.request_url, "connected": bool(workspace.request_url) or workspace.connections > 0}


def _person(user: User, at: datetime) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "role": user.role,
        "locale": user.locale,
        "tz": user.tz,
        "tz_offset": wire.zone_offset(user.tz, at),
        "is_bot": user.is_bot,
        "deleted": user.deleted,
    }


def _listed(workspace: Workspace, user: User) -> list[Channel]:
    return [one for one in workspace.channels.values() if user.id in one.members]


def _channel(workspace: Workspace, channel: Channel, user: User) -> Json:
    seen = [one for one in workspace.visible_messages(channel, user.id) if one.user != user.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_archived": channel.is_archived,
        "has_app": workspace.bot.id in channel.members,
        "latest": seen[-1].ts if seen else "",
    }


def _read(workspace: Workspace, channel: Channel | None, user: User) -> list[Message]:
    return workspace.visible_messages(channel, user.id) if channel else []


def _message(workspace: Workspace, message: Message, user: User) -> Json:
    root = workspace.parent_of(message)
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "is_reply": message.is_reply,
        "broadcast": message.broadcast,
        "root_text": root.text if message.broadcast else "",
        "edited": message.edited is not None,
        "reactions": message.reactions,
        "private": message.only_for is not None,
        "by_app": message.app_id is not None,
        "typed": client.typed_in(workspace, user, message) if message.blocks else {},
    }


def _view(workspace: Workspace, view: View) -> Json:
    return wire.view_json(workspace, view)


def _command(name: str, hint: str) -> Json:
    return {"name": name, "hint": hint}
