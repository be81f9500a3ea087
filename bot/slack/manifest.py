"""What the app asks of a workspace: scopes, events, the command and the shortcuts, for both ways in.

manifest.yaml at the root is this text for Socket Mode; a test keeps them equal. Paste it at
https://api.slack.com/apps when you create the app.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack import ids

SCOPES: dict[str, str] = {
    "channels:history": "look for our own message when an answer was lost; hear the rep who took a chat over",
    "chat:write": "cards, threads and alarms",
    "commands": "/lead and the shortcuts",
    "groups:history": "the same as channels:history, in private channels",
    "usergroups:read": "reps, managers and admins named by a user group",
    "users:read": "name, language and zone of a rep; who is a guest",
    "users:read.email": "a rep's address under the mails they send",
}
EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "subteam_members_changed",
    "subteam_updated",
    "tokens_revoked",
    "user_change",
)
HINT = "help | find TEXT | mine | new NAME, COMPANY what they said | interview, won, lost, left, reassign ID | undo"
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ /.-")


def manifest(request_url: str | None = None) -> dict[str, Any]:
    """The manifest for Socket Mode, or for HTTP when `request_url` (https://HOST/slack/events) is given."""
    url = {"url": request_url} if request_url else {}
    to_us = {"request_url": request_url} if request_url else {}
    return {
        "display_information": {
            "name": "Bantline",
            "description": "Qualifies leads by budget, authority, need and timeframe, and sees that a person calls.",
            "background_color": "#1f2937",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Bantline", "always_online": True},
            "shortcuts": [
                {
                    "name": "Log a call",
                    "type": "global",
                    "callback_id": ids.LOG_CALL_SHORTCUT,
                    "description": "Write down how a call ended and what you heard",
                },
                {
                    "name": "Make this a lead",
                    "type": "message",
                    "callback_id": ids.NEW_LEAD_SHORTCUT,
                    "description": "Turn a message into a lead",
                },
            ],
            "slash_commands": [
                {
                    "command": ids.COMMAND,
                    **url,
                    "description": "Find, make and work on leads by the keyboard",
                    "usage_hint": HINT,
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {**_back_to_us(request_url), "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**to_us, "bot_events": list(EVENTS)},
            "interactivity": {
                "is_enabled": True,
                **to_us,
                **({"message_menu_options_url": request_url} if request_url else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def _back_to_us(request_url: str | None) -> dict[str, Any]:
    """Where Slack sends a person who installed the app by the link."""
    if request_url is None:
        return {}
    return {"redirect_urls": [request_url.removesuffix("/slack/events") + "/slack/oauth_redirect"]}


def as_yaml(facts: Mapping[str, Any]) -> str:
    """The manifest as YAML, in the order it was written down."""
    return "\n".join(_lines(facts)) + "\n"


def _lines(facts: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield f"{indent}{name}:"
            yield from _lines(value, indent + "  ")
        elif isinstance(value, list):
            yield f"{indent}{name}:"
            yield from _items(value, indent + "  ")
        else:
            yield f"{indent}{name}: {_scalar(value)}"


def _items(values: list[Any], indent: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            first, *rest = _lines(value, indent + "  ")
            yield f"{indent}- {first.strip()}"
            yield from rest
        else:
            yield f"{indent}- {_scalar(value)}"


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if text and set(text) <= PLAIN else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
