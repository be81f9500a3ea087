"""What an app may do with a response_url, and with the body it puts into the answer to a slash command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import messages
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Channel, Json, Message, User
from bot.sandbox.request import checked_blocks

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

RESPONSE_URL_USES = 5


def use_response_url(workspace: Workspace, key: str, body: Json) -> None:
    """One post to a response_url. Raises used_url after five, expired_url after thirty minutes (both HTTP 404)."""
    url = workspace.response_urls.get(key)
    if url is None:
        raise SlackError("invalid_url", status=404)
    if workspace.wire_clock() >= url.expires:
        raise SlackError("expired_url", status=404)
    if url.uses >= RESPONSE_URL_USES:
        raise SlackError("used_url", status=404)
    url.uses += 1
    channel, user = workspace.channels[url.channel], workspace.people[url.user]
    if body.get("delete_original") or body.get("replace_original"):
        _change_original(workspace, _original(workspace, channel, url.message_ts), body)
    else:
        show(workspace, user, channel, body, thread_ts=body.get("thread_ts") or url.thread_ts)


def show(workspace: Workspace, user: User, channel: Channel, body: Json, *, thread_ts: str | None = None) -> Message:
    """Show what the app answered: to this person only, or to the channel when it says `in_channel`."""
    text, blocks = str(body.get("text") or ""), body.get("blocks")
    if not text and not blocks:
        raise SlackError("no_text", status=400)
    if blocks:
        checked_blocks(blocks)
    if body.get("response_type") == "in_channel":
        return messages.post(workspace, workspace.bot, channel, text=text, blocks=blocks, thread_ts=thread_ts)
    return messages.post_ephemeral(workspace, channel, user, text=text, blocks=blocks, thread_ts=thread_ts)


def _original(workspace: Workspace, channel: Channel, ts: str | None) -> Message:
    for message in workspace.messages[channel.id]:
        if message.ts == ts:
            return message
    raise SlackError("message_not_found", status=404)


def _change_original(workspace: Workspace, message: Message, body: Json) -> None:
    if body.get("delete_original"):
        messages.delete(workspace, message)
        return
    blocks = body.get("blocks")
    if blocks:
        checked_blocks(blocks)
    messages.edit(workspace, workspace.bot, message, text=str(body.get("text") or ""), blocks=blocks)
