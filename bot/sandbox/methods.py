"""The Web API as a table: method -> what it does, which token and scope it needs, how often it may be called.

A handler reads arguments, asks the workspace, and returns the fields of Slack's answer without `ok`; every refusal
is a SlackError. `*:history` in a scope stands for the kind of the channel that is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox import chat_methods, conversation_methods, house_methods, people_methods, view_methods
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.records import ChannelKind, Json, Token, TokenKind
from bot.sandbox.request import Request, missing_scope

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

SCOPE_FAMILIES: tuple[ChannelKind, ...] = ("channels", "groups", "im")


@dataclass(frozen=True, kw_only=True)
class Method:
    """How one method is answered; `scopes` are alternatives, `tier` None means a limit of its own."""

    handle: Callable[[Request], Json]
    scopes: tuple[str, ...] = ()
    tier: int | None = 3
    tokens: frozenset[TokenKind] = frozenset({"bot", "user"})


def answer(workspace: Workspace, method: str, token_value: str | None, given: Json) -> Json:
    """Do what the call asks and return Slack's answer; raises SlackError."""
    described = METHODS.get(method)
    if described is None:
        raise SlackError("unknown_method", req_method=method)
    token = _token(workspace, token_value, described)
    _check_scope(token, described.scopes)
    if described.tier is not None:
        workspace.rates.count_call(method, described.tier)
    return {"ok": True, **described.handle(Request(workspace=workspace, token=token, args=Arguments(given)))}


def _token(workspace: Workspace, value: str | None, method: Method) -> Token:
    if not value:
        raise SlackError("not_authed")
    token = workspace.tokens.get(value)
    if token is None:
        raise SlackError("invalid_auth")
    if token.revoked:
        raise SlackError("token_revoked")
    if workspace.people[token.user].deleted:
        raise SlackError("account_inactive")
    if token.kind not in method.tokens:
        raise SlackError("not_allowed_token_type")
    return token


def _check_scope(token: Token, alternatives: tuple[str, ...]) -> None:
    spelled = {name for scope in alternatives for name in _spelled(scope)}
    if spelled and not spelled & token.scopes:
        raise missing_scope(token, ",".join(sorted(spelled)))


def _spelled(scope: str) -> list[str]:
    family, _, what = scope.partition(":")
    return [f"{one}:{what}" for one in SCOPE_FAMILIES] if family == "*" else [scope]


ANY_TOKEN: frozenset[TokenKind] = frozenset({"bot", "user", "app"})
APP_TOKEN: frozenset[TokenKind] = frozenset({"app"})

METHODS: Mapping[str, Method] = {
    "apps.connections.open": Method(
        handle=house_methods.open_connection, scopes=("connections:write",), tier=None, tokens=APP_TOKEN
    ),
    "auth.test": Method(handle=house_methods.auth_test, tier=4, tokens=ANY_TOKEN),
    "blocks.validate": Method(handle=view_methods.validate_blocks, tier=4),
    "bots.info": Method(handle=house_methods.bot_info, scopes=("users:read",)),
    "chat.delete": Method(handle=chat_methods.delete_message, scopes=("chat:write",)),
    "chat.deleteScheduledMessage": Method(handle=chat_methods.delete_scheduled, scopes=("chat:write",)),
    "chat.getPermalink": Method(handle=chat_methods.get_permalink, tier=None),
    "chat.postEphemeral": Method(handle=chat_methods.post_ephemeral, scopes=("chat:write",), tier=4),
    "chat.postMessage": Method(handle=chat_methods.post_message, scopes=("chat:write",), tier=None),
    "chat.scheduleMessage": Method(handle=chat_methods.schedule_message, scopes=("chat:write",)),
    "chat.scheduledMessages.list": Method(handle=chat_methods.list_scheduled),
    "chat.update": Method(handle=chat_methods.update_message, scopes=("chat:write",)),
    "conversations.history": Method(handle=conversation_methods.history, scopes=("*:history",)),
    "conversations.info": Method(handle=conversation_methods.conversation_info, scopes=("*:read",)),
    "conversations.join": Method(handle=conversation_methods.join_conversation, scopes=("channels:join",)),
    "conversations.list": Method(handle=conversation_methods.conversation_list, scopes=("*:read",), tier=2),
    "conversations.members": Method(handle=conversation_methods.conversation_members, scopes=("*:read",), tier=4),
    "conversations.open": Method(handle=conversation_methods.open_conversation, scopes=("im:write",)),
    "conversations.replies": Method(handle=conversation_methods.replies, scopes=("*:history",)),
    "reactions.add": Method(handle=people_methods.add_reaction, scopes=("reactions:write",)),
    "reactions.get": Method(handle=people_methods.get_reactions, scopes=("reactions:read",)),
    "reactions.remove": Method(handle=people_methods.remove_reaction, scopes=("reactions:write",), tier=2),
    "team.info": Method(handle=house_methods.team_info, scopes=("team:read",)),
    "usergroups.list": Method(handle=people_methods.usergroup_list, scopes=("usergroups:read",), tier=2),
    "usergroups.users.list": Method(handle=people_methods.usergroup_users, scopes=("usergroups:read",), tier=2),
    "users.info": Method(handle=people_methods.user_info, scopes=("users:read",), tier=4),
    "users.list": Method(handle=people_methods.user_list, scopes=("users:read",), tier=2),
    "users.lookupByEmail": Method(handle=people_methods.user_by_email, scopes=("users:read.email",)),
    "views.open": Method(handle=view_methods.open_view, tier=4),
    "views.publish": Method(handle=view_methods.publish_view, tier=4),
    "views.push": Method(handle=view_methods.push_view, tier=4),
    "views.update": Method(handle=view_methods.update_view, tier=4),
}
