"""users.*, usergroups.* and reactions.*: who somebody is, and what they think of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import messages, wire
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json, Message, User
from bot.sandbox.request import (
    Request,
    own_channel,
    page_of,
    user_of,
)

if TYPE_CHECKING:
    pass


def user_info(request: Request) -> Json:
    return {"user": _shown_user(request, user_of(request))}


def user_list(request: Request) -> Json:
    page, cursor = page_of(request.args, list(request.workspace.people.values()), default=1000)
    return {
        "members": [_shown_user(request, user) for user in page],
        "cache_ts": int(request.workspace.clock().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def user_by_email(request: Request) -> Json:
    email = request.args.required("email")
    for user in request.workspace.people.values():
        if user.email == email and not user.deleted:
            return {"user": _shown_user(request, user)}
    raise SlackError("users_not_found")


def _shown_user(request: Request, user: User) -> Json:
    """Without its scope there is no e-mail address, and the locale comes only when it is asked for."""
    shown = wire.user_json(user, request.workspace.team.id, request.workspace.clock())
    if "users:read.email" not in request.token.scopes:
        shown["profile"].pop("email", None)
    if not request.args.flag("include_locale"):
        shown.pop("locale", None)
    return shown


def usergroup_list(request: Request) -> Json:
    with_users = request.args.flag("include_users")
    groups = []
    for group in request.workspace.usergroups.values():
        shown: Json = {
            "id": group.id,
            "team_id": request.workspace.team.id,
            "is_usergroup": True,
            "name": group.name,
            "handle": group.handle,
            "user_count": len(group.users),
            "date_delete": 0,
        }
        groups.append(shown | ({"users": group.users} if with_users else {}))
    return {"usergroups": groups}


def usergroup_users(request: Request) -> Json:
    group = request.workspace.usergroups.get(request.args.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


# --- reactions ------------------------------------------------------------------------------------------------------


def _reacted_message(request: Request) -> Message:
    channel = own_channel(request)
    if not request.args.text("timestamp"):
        raise SlackError("no_item_specified")
    return request.workspace.message(channel.id, request.args.text("timestamp"))


def _reaction_name(request: Request) -> str:
    name = request.args.text("name").strip(":")
    if not name or not all(letter.isalnum() or letter in "_+-'" for letter in name):
        raise SlackError("invalid_name")
    return name


def add_reaction(request: Request) -> Json:
    messages.react(request.workspace, request.caller, _reacted_message(request), _reaction_name(request))
    return {}


def remove_reaction(request: Request) -> Json:
    messages.unreact(request.workspace, request.caller, _reacted_message(request), _reaction_name(request))
    return {}


def get_reactions(request: Request) -> Json:
    message = _reacted_message(request)
    shown = wire.message_json(request.workspace, message, with_metadata=False)
    return {"type": "message", "channel": message.channel, "message": shown}
