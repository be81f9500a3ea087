"""How Slack shows a person, a channel, a message and a view to an app, in answers and inside payloads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.sandbox.records import Channel, Json, Message, User, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def zone_offset(tz: str, at: datetime) -> int:
    """Seconds east of Greenwich in that IANA zone at that instant, summer time included."""
    offset = at.astimezone(ZoneInfo(tz)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def user_json(user: User, team_id: str, at: datetime) -> Json:
    """A member as `users.info` shows them."""
    profile = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "email": user.email,
        "phone": user.phone,
        "team": user.team_id or team_id,
    }
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id or team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1700000000,
    }
    if user.is_bot:
        profile["bot_id"] = user.bot_id or ""
    if user.enterprise_id:
        shown["enterprise_user"] = {"id": user.id, "enterprise_id": user.enterprise_id}
    if user.is_stranger:
        shown["is_stranger"] = True
    if user.deleted:
        return shown
    return shown | {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": zone_offset(user.tz, at),
        "locale": user.locale,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted or user.is_ultra_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_email_confirmed": True,
    }


def channel_json(workspace: Workspace, channel: Channel) -> Json:
    """A conversation as `conversations.info` shows it to our bot."""
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "is_org_shared": False,
        "context_team_id": workspace.team.id,
    }
    if channel.kind == "im":
        return shown | {"user": channel.counterpart, "is_open": True}
    return shown | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channels",
        "is_group": channel.kind == "groups",
        "is_private": channel.kind == "groups",
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": workspace.bot.id in channel.members,
        "creator": channel.creator,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": channel.created},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def message_json(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    """A message as history, an answer to chat.postMessage or a payload carries it."""
    shown: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": workspace.team.id,
    }
    if message.bot_id:
        shown |= {"bot_id": message.bot_id, "bot_profile": bot_profile(workspace, message.bot_id)}
    if message.app_id:
        shown["app_id"] = message.app_id
    if message.client_msg_id:
        shown["client_msg_id"] = message.client_msg_id
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.edited:
        shown["edited"] = message.edited
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.is_reply:
        shown["parent_user_id"] = workspace.parent_of(message).user
    if message.broadcast:
        shown |= {"subtype": "thread_broadcast", "root": root_json(workspace, workspace.parent_of(message))}
    if message.thread_ts == message.ts:
        shown |= thread_facts(workspace, message)
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
        ]
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def root_json(workspace: Workspace, root: Message) -> Json:
    shown: Json = {"type": "message", "user": root.user, "text": root.text, "ts": root.ts, "thread_ts": root.ts}
    return shown | thread_facts(workspace, root)


def thread_facts(workspace: Workspace, root: Message) -> Json:
    replies = workspace.replies_to(root)
    repliers = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "reply_count": len(replies),
        "reply_users_count": len(repliers),
        "latest_reply": replies[-1].ts if replies else root.ts,
        "reply_users": repliers[:5],
        "is_locked": False,
        "subscribed": False,
    }


def bot_profile(workspace: Workspace, bot_id: str) -> Json:
    bot = workspace.bot_by_id(bot_id)
    return {
        "id": bot_id,
        "app_id": workspace.app_id if bot.id == workspace.bot.id else "A0OTHERAPP",
        "name": bot.real_name,
        "deleted": False,
        "updated": 1700000000,
        "team_id": workspace.team.id,
    }


def view_json(workspace: Workspace, view: View) -> Json:
    """A view as views.* answers and view payloads carry it, with what was typed so far in `state`."""
    content = view.content
    return {
        "id": view.id,
        "team_id": workspace.team.id,
        "type": view.kind,
        "blocks": view.blocks,
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": view.typed},
        "hash": view.hash,
        "title": content.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(content.get("clear_on_close", False)),
        "notify_on_close": bool(content.get("notify_on_close", False)),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": workspace.app_id,
        "external_id": content.get("external_id", ""),
        "app_installed_team_id": workspace.team.id,
        "bot_id": workspace.bot.bot_id,
    }
