"""What a workspace is made of: people, channels, messages, views, and the short-lived keys handed to an app."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["channels", "groups", "im"]
TokenKind = Literal["bot", "app", "user"]


@dataclass(kw_only=True)
class Team:
    id: str = "T0SANDBOX1"
    name: str = "Sandbox"
    domain: str = "sandbox"


@dataclass(kw_only=True)
class User:
    """A member of the workspace as `users.info` describes them."""

    id: str
    name: str
    real_name: str
    display_name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = "en-US"
    tz: str = "Asia/Tokyo"
    role: str = ""
    is_bot: bool = False
    bot_id: str | None = None
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    team_id: str = ""
    enterprise_id: str | None = None


@dataclass(kw_only=True)
class Channel:
    id: str
    name: str
    kind: ChannelKind = "channels"
    topic: str = ""
    created: int = 0
    creator: str = ""
    members: set[str] = field(default_factory=set)
    is_archived: bool = False
    counterpart: str | None = None  # the person in a direct message with the app


@dataclass(kw_only=True)
class Message:
    """One message. `ts` names it inside its channel; `posted_at` is the instant it was accepted."""

    ts: str
    channel: str
    user: str
    text: str
    posted_at: datetime
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    only_for: str | None = None  # set on an ephemeral message: the one person who sees it
    client_msg_id: str | None = None

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(kw_only=True)
class View:
    """A modal or a Home tab. `typed` is what the person has entered so far, in the shape of `state.values`."""

    id: str
    kind: Literal["modal", "home"]
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    typed: Json = field(default_factory=dict)
    closed: bool = False

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def title(self) -> str:
        return text_of(self.content.get("title"))

    @property
    def callback_id(self) -> str:
        return str(self.content.get("callback_id", ""))


@dataclass(kw_only=True)
class Token:
    """`team` is the workspace it was issued in."""

    value: str
    kind: TokenKind
    scopes: frozenset[str]
    user: str
    team: str
    revoked: bool = False


@dataclass(kw_only=True)
class InstallCode:
    """What a person who allowed the app brings back to it: good once, for ten minutes."""

    code: str
    user: str
    scopes: frozenset[str]
    expires: datetime
    spent: bool = False


@dataclass(kw_only=True)
class Trigger:
    """Three seconds in which an app may open one view for the person who pressed."""

    id: str
    user: str
    expires: datetime
    view: str | None = None
    spent: bool = False


@dataclass(kw_only=True)
class ResponseUrl:
    """An address for up to five answers within thirty minutes."""

    key: str
    user: str
    channel: str
    expires: datetime
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass(kw_only=True)
class Usergroup:
    id: str
    handle: str
    name: str
    users: list[str]


@dataclass(kw_only=True)
class Scheduled:
    id: str
    channel: str
    post_at: int
    text: str
    blocks: list[Json]
    thread_ts: str | None
    metadata: Json | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the Web API as it came in and as it was answered; `error` is None when it went well."""

    method: str
    args: Json
    token_kind: str
    error: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something the Slack app showed a person that is no message, such as "the app did not respond"."""

    user: str
    text: str
    at: datetime


def text_of(text: Json | None) -> str:
    """The words of a text object, or nothing."""
    return str(text.get("text", "")) if text else ""
