"""chat.*: post, edit, delete, show privately, schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.sandbox import messages, wire
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json, Scheduled
from bot.sandbox.request import (
    Request,
    attachments_of,
    blocks_of,
    channel_of,
    metadata_of,
    own_channel,
    posting_channel,
)

if TYPE_CHECKING:
    pass


SCHEDULE_AHEAD = timedelta(days=120)
SCHEDULED_IN_FIVE_MINUTES = 30


def post_message(request: Request) -> Json:
    workspace, args = request.workspace, request.args
    channel = posting_channel(request)
    blocks, attachments, metadata = blocks_of(args), attachments_of(args), metadata_of(args)
    text = args.text("text") or args.text("markdown_text")
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    workspace.rates.count_post(channel.id)
    message = messages.post(
        workspace,
        request.caller,
        channel,
        text=text,
        blocks=blocks,
        attachments=attachments,
        thread_ts=args.text("thread_ts") or None,
        broadcast=args.flag("reply_broadcast"),
        metadata=metadata or None,
    )
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": wire.message_json(workspace, message, with_metadata=True),
    }


def update_message(request: Request) -> Json:
    workspace, args = request.workspace, request.args
    channel = own_channel(request)
    if channel.is_archived:
        raise SlackError("is_inactive")
    message = workspace.message(channel.id, args.required("ts"))
    if message.user != request.caller.id:
        raise SlackError("cant_update_message")
    text = args.text("text") if args.has("text") else None
    blocks, attachments, metadata = blocks_of(args), attachments_of(args), metadata_of(args)
    if text is None and blocks is None and attachments is None:
        raise SlackError("no_text")
    messages.edit(
        workspace,
        request.caller,
        message,
        text=text,
        blocks=blocks,
        attachments=attachments,
        metadata=metadata,
    )
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": wire.message_json(workspace, message, with_metadata=True),
    }


def delete_message(request: Request) -> Json:
    channel = own_channel(request)
    message = request.workspace.message(channel.id, request.args.required("ts"))
    if message.user != request.caller.id:
        raise SlackError("cant_delete_message")
    messages.delete(request.workspace, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(request: Request) -> Json:
    workspace, args = request.workspace, request.args
    channel = posting_channel(request)
    reader = workspace.people.get(args.required("user"))
    if reader is None or reader.id not in channel.members:
        raise SlackError("user_not_in_channel")
    blocks = blocks_of(args)
    if not args.text("text") and not blocks:
        raise SlackError("no_text")
    message = messages.post_ephemeral(
        workspace,
        channel,
        reader,
        text=args.text("text"),
        blocks=blocks,
        thread_ts=args.text("thread_ts") or None,
    )
    return {"message_ts": message.ts}


def get_permalink(request: Request) -> Json:
    workspace = request.workspace
    channel = channel_of(request)
    message = workspace.message(channel.id, request.args.required("message_ts"))
    link = f"{workspace.base_url}archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def schedule_message(request: Request) -> Json:
    workspace, args = request.workspace, request.args
    channel = posting_channel(request)
    post_at, now = args.number("post_at", 0), workspace.clock()
    blocks, metadata = blocks_of(args), metadata_of(args)
    if not args.text("text") and not blocks:
        raise SlackError("no_text")
    if post_at <= now.timestamp():
        raise SlackError("time_in_past")
    if post_at > (now + SCHEDULE_AHEAD).timestamp():
        raise SlackError("time_too_far")
    near = [
        one
        for one in workspace.scheduled.values()
        if one.channel == channel.id and one.post_at // 300 == post_at // 300
    ]
    if len(near) >= SCHEDULED_IN_FIVE_MINUTES:
        raise SlackError("restricted_too_many")
    waiting = Scheduled(
        id=workspace.new_id("Q"),
        channel=channel.id,
        post_at=post_at,
        text=args.text("text"),
        blocks=blocks or [],
        thread_ts=args.text("thread_ts") or None,
        metadata=metadata or None,
        created_at=now,
    )
    workspace.scheduled[waiting.id] = waiting
    return {"channel": channel.id, "scheduled_message_id": waiting.id, "post_at": str(post_at)}


def delete_scheduled(request: Request) -> Json:
    own_channel(request)
    if request.workspace.scheduled.pop(request.args.required("scheduled_message_id"), None) is None:
        raise SlackError("invalid_scheduled_message_id")
    return {}


def list_scheduled(request: Request) -> Json:
    waiting = sorted(request.workspace.scheduled.values(), key=lambda one: one.post_at)
    shown = [
        {
            "id": one.id,
            "channel_id": one.channel,
            "post_at": one.post_at,
            "date_created": int(one.created_at.timestamp()),
            "text": one.text,
        }
        for one in waiting
    ]
    return {"scheduled_messages": shown, "response_metadata": {"next_cursor": ""}}
