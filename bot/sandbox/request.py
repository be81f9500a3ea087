"""One call of the Web API: who asks, and the channel, person, blocks or view the call names, or Slack's refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.sandbox import validate
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.records import Channel, Json, Token, User
from bot.sandbox.rules import Problem

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Item = TypeVar("Item")

ATTACHMENTS = 100


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call: who asks, with which token, for what."""

    workspace: Workspace
    token: Token
    args: Arguments

    @property
    def caller(self) -> User:
        return self.workspace.people[self.token.user]


def missing_scope(token: Token, needed: str) -> SlackError:
    return SlackError("missing_scope", needed=needed, provided=",".join(sorted(token.scopes)))


# --- finding what a call names ---------------------------------------------------------------------------------------


def channel_of(request: Request, scope: str | None = None) -> Channel:
    """The channel asked about. A private one the app is not in does not exist for it."""
    channel = request.workspace.channels.get(request.args.text("channel"))
    if channel is None or (channel.kind != "channels" and request.caller.id not in channel.members):
        raise SlackError("channel_not_found")
    if scope is not None:
        needed = f"{channel.kind}:{scope}"
        if needed not in request.token.scopes:
            raise missing_scope(request.token, needed)
    return channel


def own_channel(request: Request, scope: str | None = None) -> Channel:
    channel = channel_of(request, scope)
    if request.caller.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def posting_channel(request: Request) -> Channel:
    """Where a post goes: a channel by id or name, or a person's direct message."""
    workspace, named = request.workspace, request.args.text("channel")
    if named in workspace.people:
        return direct_channel_with(workspace, workspace.people[named])
    by_name = {f"#{one.name}": one for one in workspace.channels.values() if one.name}
    channel = workspace.channels.get(named) or by_name.get(named) or by_name.get(f"#{named}")
    if channel is None:
        raise SlackError("channel_not_found")
    if request.caller.id not in channel.members:
        if channel.kind != "channels":
            raise SlackError("channel_not_found")
        if "chat:write.public" not in request.token.scopes:
            raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def direct_channel_with(workspace: Workspace, user: User) -> Channel:
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    if user.deleted:
        raise SlackError("user_disabled")
    return workspace.direct_channel(user.id)


def user_of(request: Request, name: str = "user") -> User:
    user = request.workspace.people.get(request.args.required(name))
    if user is None:
        raise SlackError("user_not_found")
    return user


# --- blocks, views, metadata -----------------------------------------------------------------------------------------


def refusal(code: str, problems: list[Problem]) -> SlackError:
    """Slack's two ways to list what is wrong: `errors` and `response_metadata.messages`."""
    lines = [problem.line() for problem in problems]
    return SlackError(code, errors=lines, response_metadata={"messages": [f"[ERROR] {line}" for line in lines]})


def blocks_of(args: Arguments) -> list[Json] | None:
    blocks = args.structure("blocks", error="invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    return checked_blocks(blocks)


def checked_blocks(blocks: list[Json]) -> list[Json]:
    """Blocks of a message, or invalid_blocks or msg_blocks_too_long."""
    if problems := validate.problems_in_blocks(blocks, surface="message"):
        raise refusal("invalid_blocks", problems)
    if validate.text_length(blocks) > validate.TEXT_IN_ONE_MESSAGE:
        raise SlackError("msg_blocks_too_long")
    return blocks


def view_of(args: Arguments, kind: str) -> Json:
    view = args.structure("view")
    if view is None:
        raise invalid_arguments("missing required field: view")
    return checked_view(view, kind)


def checked_view(view: Any, kind: str) -> Json:
    """A modal or Home, or invalid_arguments with pointers."""
    problems = validate.problems_in_view(view)
    if not problems and view["type"] != kind:
        problems = [Problem(pointer="/view/type", code="enum", message=f"must be {kind}")]
    if problems:
        raise refusal("invalid_arguments", problems)
    checked: Json = view
    return checked


def metadata_of(args: Arguments) -> Json | None:
    metadata = args.structure("metadata", error="invalid_metadata_format")
    if metadata is None or metadata == {}:
        return metadata  # type: ignore[no-any-return]  # None: not said; {}: take it away
    whole = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    if not whole or not metadata.get("event_type"):
        raise SlackError("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def attachments_of(args: Arguments) -> list[Json] | None:
    attachments = args.structure("attachments", error="invalid_attachments")
    if attachments is not None and not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if attachments and len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return attachments


# --- answering ------------------------------------------------------------------------------------------------------


def page_of(args: Arguments, items: list[Item], *, default: int) -> tuple[list[Item], str]:
    start = args.text("cursor") or "0"
    if not start.isdigit():
        raise SlackError("invalid_cursor")
    limit = min(1000, max(1, args.number("limit", default)))
    end = int(start) + limit
    return items[int(start) : end], str(end) if end < len(items) else ""
