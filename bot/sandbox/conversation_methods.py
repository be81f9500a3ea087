"""conversations.*: what was said in a channel or a thread, and who is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import wire
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.request import (
    Request,
    channel_of,
    direct_channel_with,
    missing_scope,
    own_channel,
    page_of,
)

if TYPE_CHECKING:
    pass


def history(request: Request) -> Json:
    channel = own_channel(request, "history")
    top = [m for m in _readable(request, channel) if not m.is_reply or m.broadcast]
    return _page_of_messages(request, [m for m in reversed(top) if _in_range(request.args, m)])


def replies(request: Request) -> Json:
    channel = own_channel(request, "history")
    readable = _readable(request, channel)
    asked = request.args.required("ts")
    named = next((m for m in readable if m.ts == asked), None)
    if named is None:
        raise SlackError("thread_not_found")
    root_ts = named.thread_ts or named.ts
    talk = [m for m in readable if m.ts == root_ts or m.thread_ts == root_ts]
    return _page_of_messages(request, [m for m in talk if m.ts == root_ts or _in_range(request.args, m)])


def _readable(request: Request, channel: Channel) -> list[Message]:
    """What history shows: nothing ephemeral, and nothing younger than the lag that a test asked for."""
    workspace = request.workspace
    newest = workspace.clock() - workspace.faults.history_lag
    return [m for m in workspace.messages[channel.id] if m.only_for is None and m.posted_at <= newest]


def _in_range(args: Arguments, message: Message) -> bool:
    oldest, latest, inclusive = args.text("oldest", "0") or "0", args.text("latest"), args.flag("inclusive")
    ts = float(message.ts)
    after = ts >= float(oldest) if inclusive else ts > float(oldest)
    if not latest:
        return after
    return after and (ts <= float(latest) if inclusive else ts < float(latest))


def _page_of_messages(request: Request, found: list[Message]) -> Json:
    page, cursor = page_of(request.args, found, default=100)
    with_metadata = request.args.flag("include_all_metadata")
    return {
        "messages": [wire.message_json(request.workspace, message, with_metadata=with_metadata) for message in page],
        "has_more": bool(cursor),
        "pin_count": 0,
        "response_metadata": {"next_cursor": cursor},
    }


def conversation_info(request: Request) -> Json:
    return {"channel": wire.channel_json(request.workspace, channel_of(request, "read"))}


def conversation_list(request: Request) -> Json:
    kinds = {"public_channel": "channels", "private_channel": "groups", "im": "im"}
    asked = {kinds[name] for name in request.args.text("types", "public_channel").split(",") if name in kinds}
    for kind in sorted(asked):
        if f"{kind}:read" not in request.token.scopes:
            raise missing_scope(request.token, f"{kind}:read")
    found = [
        channel
        for channel in request.workspace.channels.values()
        if channel.kind in asked
        and (channel.kind == "channels" or request.caller.id in channel.members)
        and not (channel.is_archived and request.args.flag("exclude_archived"))
    ]
    page, cursor = page_of(request.args, found, default=100)
    return {
        "channels": [wire.channel_json(request.workspace, channel) for channel in page],
        "response_metadata": {"next_cursor": cursor},
    }


def conversation_members(request: Request) -> Json:
    channel = channel_of(request, "read")
    page, cursor = page_of(request.args, sorted(channel.members), default=100)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def open_conversation(request: Request) -> Json:
    users = [name for name in request.args.text("users").split(",") if name]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise missing_scope(request.token, "mpim:write")
    user = request.workspace.people.get(users[0])
    if user is None:
        raise SlackError("user_not_found")
    channel = direct_channel_with(request.workspace, user)
    if request.args.flag("return_im"):
        return {"channel": wire.channel_json(request.workspace, channel)}
    return {"channel": {"id": channel.id}}


def join_conversation(request: Request) -> Json:
    channel = channel_of(request)
    if channel.kind != "channels":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    request.workspace.join(channel, request.caller)
    return {"channel": wire.channel_json(request.workspace, channel)}
