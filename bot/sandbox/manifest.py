"""What the app asked for when it was installed: scopes, events, commands and shortcuts, read from its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

CORE_SCOPES = frozenset(
    {
        "commands",
        "chat:write",
        "im:write",
        "users:read",
        "users:read.email",
        "channels:read",
        "channels:history",
        "groups:read",
        "groups:history",
        "app_mentions:read",
        "usergroups:read",
    }
)
CORE_EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "message.channels",
        "message.groups",
        "message.im",
        "member_joined_channel",
        "reaction_added",
        "reaction_removed",
        "app_uninstalled",
        "tokens_revoked",
        "user_change",
        "subteam_members_changed",
        "subteam_updated",
    }
)

# An event is sent only to an app that also holds the scope to see it.
SCOPE_OF_EVENT: Mapping[str, frozenset[str]] = {
    "app_mention": frozenset({"app_mentions:read"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "reaction_added": frozenset({"reactions:read"}),
    "reaction_removed": frozenset({"reactions:read"}),
    "user_change": frozenset({"users:read"}),
    "subteam_members_changed": frozenset({"usergroups:read"}),
    "subteam_updated": frozenset({"usergroups:read"}),
}


@dataclass(frozen=True, kw_only=True)
class Command:
    name: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    name: str
    callback_id: str
    kind: Literal["global", "message"]


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What was granted. `commands` is None when no manifest was given: then every slash command reaches the app."""

    scopes: frozenset[str] = CORE_SCOPES
    events: frozenset[str] = CORE_EVENTS
    commands: tuple[Command, ...] | None = None
    shortcuts: tuple[Shortcut, ...] | None = None
    name: str = "Bantline"

    def hears(self, event: str) -> bool:
        needed = SCOPE_OF_EVENT.get(event)
        return event in self.events and (needed is None or bool(needed & self.scopes))


def installation_from(manifest: Mapping[str, Any], *, with_optional: bool = True) -> Installation:
    """Install the app as its manifest asks. `with_optional` also grants the scopes under `bot_optional`."""
    features = manifest.get("features", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    granted = list(scopes.get("bot", [])) + (list(scopes.get("bot_optional", [])) if with_optional else [])
    return Installation(
        name=manifest.get("display_information", {}).get("name", "Bantline"),
        scopes=frozenset(granted),
        events=frozenset(manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])),
        commands=tuple(
            Command(
                name=command["command"],
                description=command.get("description", ""),
                usage_hint=command.get("usage_hint", ""),
            )
            for command in features.get("slash_commands", [])
        ),
        shortcuts=tuple(
            Shortcut(name=shortcut["name"], callback_id=shortcut["callback_id"], kind=shortcut["type"])
            for shortcut in features.get("shortcuts", [])
        ),
    )
