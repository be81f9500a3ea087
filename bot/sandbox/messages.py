"""Posting, editing and deleting: what Slack keeps of a message, and which events follow from it.

The app hears its own posts too. An edit without blocks takes the blocks away; an edit of blocks alone leaves no
"(edited)" mark. Nothing that is only for one person can be found, edited or heard of again.

What a person typed is told to an app as Slack writes it: & < > escaped, addresses between angle brackets.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from rich.emoji import Emoji

from bot.sandbox import events, forms, wire
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Channel, Json, Message, User

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Piece = TypeVar("Piece")

TEXT_CUT = 40_000
SUBSCRIPTION = {"channels": "message.channels", "groups": "message.groups", "im": "message.im"}
MENTION = re.compile(r"<@([A-Z0-9]+)>")
ADDRESS = re.compile(r"(?P<web>https?://[^\s<>|]+)|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
# The editor shows these otherwise than they are typed; the text keeps them as they are.
DRAWN = re.compile(r":(?P<emoji>[a-z0-9_+-]+):|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])")


def post(
    workspace: Workspace,
    author: User,
    channel: Channel,
    *,
    text: str,
    blocks: list[Json] | None = None,
    attachments: list[Json] | None = None,
    thread_ts: str | None = None,
    broadcast: bool = False,
    metadata: Json | None = None,
) -> Message:
    """Put a message into a channel or a thread and tell the app. The author's right to post was checked before."""
    root = thread_root(workspace, channel, thread_ts) if thread_ts else None
    ts = workspace.new_ts()
    by_app = author.id == workspace.bot.id
    message = Message(
        ts=ts,
        channel=channel.id,
        user=author.id,
        text=(text if author.is_bot else as_slack_writes(text))[:TEXT_CUT],
        blocks=forms.completed(blocks or [], workspace.new_word) if author.is_bot else [typed_text(text)],
        attachments=attachments or [],
        posted_at=workspace.clock(),
        bot_id=author.bot_id,
        app_id=workspace.app_id if by_app else None,
        thread_ts=root.ts if root else None,
        broadcast=broadcast and root is not None,
        metadata=metadata,
        client_msg_id=None if author.is_bot else workspace.new_word(32),
    )
    if root:
        root.thread_ts = root.ts
    workspace.messages[channel.id].append(message)
    _announce(workspace, channel, events.message_event(workspace, channel, message))
    if workspace.bot.id in MENTION.findall(text) and workspace.bot.id in channel.members and not by_app:
        workspace.announce("app_mention", events.app_mention(workspace, channel, message))
    workspace.changed()
    return message


def thread_root(workspace: Workspace, channel: Channel, thread_ts: str) -> Message:
    """The message a reply hangs on; naming a reply leads to its own parent."""
    try:
        named = workspace.message(channel.id, thread_ts)
    except SlackError as error:
        raise SlackError("thread_not_found") from error
    return workspace.parent_of(named) if named.is_reply else named


def typed_text(text: str) -> Json:
    """What a person typed, as the rich text Slack makes of it."""
    return {
        "type": "rich_text",
        "block_id": "typed",
        "elements": [{"type": "rich_text_section", "elements": _drawn(_pieces(text, _rich_piece))}],
    }


def as_slack_writes(text: str) -> str:
    """What a person typed, as an app reads it; who was picked from the list (`<@U…>`) stays."""
    return "".join(_pieces(text, _written_piece))


def escaped_text(text: str) -> str:
    """The three characters that mean something to Slack, as it sends them."""
    return html.escape(text, quote=False)


def _pieces(text: str, made: Callable[[str, str], Piece]) -> list[Piece]:
    """The text from left to right, cut into people, addresses and the words between them."""
    pieces: list[Piece] = []
    for index, piece in enumerate(MENTION.split(text)):
        if index % 2:
            pieces.append(made("user", piece))
            continue
        end = 0
        for found in ADDRESS.finditer(piece):
            pieces += [made("text", piece[end : found.start()])] if found.start() > end else []
            pieces.append(made(str(found.lastgroup), found[0]))
            end = found.end()
        pieces += [made("text", piece[end:])] if piece[end:] else []
    return pieces


def _rich_piece(kind: str, words: str) -> Json:
    if kind == "user":
        return {"type": "user", "user_id": words}
    if kind == "text":
        return {"type": "text", "text": words}
    return (
        {"type": "link", "url": words} if kind == "web" else {"type": "link", "url": f"mailto:{words}", "text": words}
    )


def _drawn(pieces: list[Json]) -> list[Json]:
    """With emoji and bold words as the editor makes them of what is typed."""
    return [one for piece in pieces for one in (_drawn_words(piece["text"]) if piece["type"] == "text" else [piece])]


def _drawn_words(words: str) -> list[Json]:
    pieces: list[Json] = []
    end = 0
    for found in DRAWN.finditer(words):
        piece = _bold(found["bold"]) if found["bold"] else _emoji(found["emoji"])
        if piece is not None:
            pieces += [*_as_typed(words[end : found.start()]), piece]
            end = found.end()
    return [*pieces, *_as_typed(words[end:])]


def _as_typed(words: str) -> list[Json]:
    return [{"type": "text", "text": words}] if words else []


def _bold(words: str) -> Json:
    return {"type": "text", "text": words, "style": {"bold": True}}


def _emoji(name: str) -> Json | None:
    """With the sign itself, as Slack tells it; None when it knows none of this name."""
    sign = Emoji.replace(f":{name}:")
    points = "-".join(f"{ord(point):x}" for point in sign)
    return {"type": "emoji", "name": name, "unicode": points} if sign != f":{name}:" else None


def _written_piece(kind: str, words: str) -> str:
    escaped = escaped_text(words)
    written = {"user": f"<@{words}>", "web": f"<{escaped}>", "mail": f"<mailto:{words}|{words}>"}
    return written.get(kind, escaped)


def post_ephemeral(
    workspace: Workspace,
    channel: Channel,
    reader: User,
    *,
    text: str,
    blocks: list[Json] | None = None,
    thread_ts: str | None = None,
) -> Message:
    """Show a message to one person. It is no part of the history and makes no event."""
    message = Message(
        ts=workspace.new_ts(),
        channel=channel.id,
        user=workspace.bot.id,
        text=text[:TEXT_CUT],
        blocks=forms.completed(blocks or [], workspace.new_word),
        posted_at=workspace.clock(),
        bot_id=workspace.bot.bot_id,
        app_id=workspace.app_id,
        thread_ts=thread_ts,
        only_for=reader.id,
    )
    workspace.messages[channel.id].append(message)
    workspace.changed()
    return message


def edit(
    workspace: Workspace,
    editor: User,
    message: Message,
    *,
    text: str | None,
    blocks: list[Json] | None,
    attachments: list[Json] | None = None,
    metadata: Json | None = None,
) -> None:
    """Change a message in place. None means the caller did not say; the rules are those of chat.update."""
    channel = workspace.channels[message.channel]
    before = wire.message_json(workspace, message)
    if text is not None:
        written = text if editor.is_bot else as_slack_writes(text)
        if written != message.text:
            message.edited = {"user": editor.id, "ts": workspace.new_ts()}
        message.text = written[:TEXT_CUT]
        message.blocks = []
    if blocks is not None:
        message.blocks = forms.completed(blocks, workspace.new_word)
    if not editor.is_bot and text is not None:
        message.blocks = [typed_text(text)]
    if attachments is not None:
        message.attachments = attachments
    if metadata is not None:
        message.metadata = metadata or None
    if message.only_for is None:
        after = wire.message_json(workspace, message)
        event = events.message_changed(workspace, channel, before=before, after=after, ts=workspace.new_ts())
        _announce(workspace, channel, event)
    workspace.changed()


def delete(workspace: Workspace, message: Message) -> None:
    channel = workspace.channels[message.channel]
    before = wire.message_json(workspace, message)
    workspace.messages[channel.id].remove(message)
    if message.only_for is None:
        event = events.message_deleted(workspace, channel, before=before, ts=workspace.new_ts())
        _announce(workspace, channel, event)
    workspace.changed()


def react(workspace: Workspace, who: User, message: Message, name: str) -> None:
    """Raises already_reacted."""
    users = message.reactions.setdefault(name, [])
    if who.id in users:
        raise SlackError("already_reacted")
    users.append(who.id)
    _announce_reaction(workspace, "reaction_added", who, message, name)


def unreact(workspace: Workspace, who: User, message: Message, name: str) -> None:
    """Raises no_reaction."""
    users = message.reactions.get(name, [])
    if who.id not in users:
        raise SlackError("no_reaction")
    users.remove(who.id)
    if not users:
        del message.reactions[name]
    _announce_reaction(workspace, "reaction_removed", who, message, name)


def _announce_reaction(workspace: Workspace, kind: str, who: User, message: Message, name: str) -> None:
    if workspace.bot.id in workspace.channels[message.channel].members:
        event = events.reaction_event(kind, user=who.id, message=message, name=name, ts=workspace.new_ts())
        workspace.announce(kind, event)
    workspace.changed()


def _announce(workspace: Workspace, channel: Channel, event: Json) -> None:
    if workspace.bot.id in channel.members:
        workspace.announce(SUBSCRIPTION[channel.kind], event)


def release_scheduled(workspace: Workspace) -> None:
    """Post what is due. One with metadata never posts: that is Slack's own documented bug."""
    now = workspace.clock().timestamp()
    for waiting in sorted(workspace.scheduled.values(), key=lambda one: one.post_at):
        if waiting.post_at > now or waiting.metadata:
            continue
        del workspace.scheduled[waiting.id]
        channel = workspace.channels[waiting.channel]
        post(
            workspace,
            workspace.bot,
            channel,
            text=waiting.text,
            blocks=waiting.blocks,
            thread_ts=waiting.thread_ts,
        )
