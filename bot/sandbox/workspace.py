"""One Slack workspace in memory: who is in it, what was said, which keys are still good.

Everything here is plain state and look-ups, no network and no waiting. `messages` and `views` hold the rules for
posting and for modals, `methods` the Web API, `client` what a person's Slack app does, `server` the sockets.

Two clocks are handed in. `clock` dates messages and events; `wire_clock` runs out triggers, response URLs, rate
limits and redelivery. They are the same unless a demo lets business time run faster than a person can click.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.sandbox import events
from bot.sandbox.driver import Person
from bot.sandbox.errors import SlackError, known
from bot.sandbox.faults import Faults
from bot.sandbox.manifest import Installation
from bot.sandbox.rates import Rates
from bot.sandbox.records import (
    Call,
    Channel,
    InstallCode,
    Json,
    Message,
    Notice,
    ResponseUrl,
    Scheduled,
    Team,
    Token,
    TokenKind,
    Trigger,
    User,
    Usergroup,
    View,
)

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)

Clock = Callable[[], datetime]


class Courier(Protocol):
    """Whoever carries payloads to the app; the server sets itself here while it runs."""

    async def ask(self, kind: str, payload: Json) -> Json | None:
        """Deliver a press, a form or a command and return the app's answer; AppDidNotAnswer when there is none."""

    def tell(self, payload: Json) -> None:
        """Deliver an event in the background, with redelivery."""


class SealedLetters:
    """The courier of a workspace that is not being served: events are only written down."""

    async def ask(self, kind: str, payload: Json) -> Json | None:
        raise RuntimeError("the workspace is not being served: enter `async with SandboxServer(workspace)` first")

    def tell(self, payload: Json) -> None:
        return


def now_utc() -> datetime:
    return datetime.now(UTC)


class Workspace:
    """The state of one workspace with one installed app."""

    def __init__(
        self,
        *,
        clock: Clock = now_utc,
        wire_clock: Clock | None = None,
        installation: Installation | None = None,
        request_url: str | None = None,
        limits: bool = True,
    ) -> None:
        self.clock = clock
        self.wire_clock = wire_clock or clock
        self.installation = installation or Installation()
        self.request_url = request_url
        self.base_url = "http://127.0.0.1/"
        self.signing_secret = "sandbox-signing-secret"
        self.team = Team()
        self.client_id, self.client_secret = "1000000000.2000000000", "sandbox-client-secret"
        self.redirect_url = ""  # where people come back to who allowed the app; "" until the app has one
        self.install_codes: dict[str, InstallCode] = {}
        self.app_id = "A0BANTLINE"
        self.people: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.messages: dict[str, list[Message]] = defaultdict(list)
        self.typed: dict[tuple[str, str, str], Json] = {}
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[str]] = defaultdict(list)  # person -> open views, the top one last
        self.homes: dict[str, str] = {}  # person -> their published Home view
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.tokens: dict[str, Token] = {}
        self.connections = 0  # open Socket Mode connections
        self.tickets: set[str] = set()  # Socket Mode addresses that were handed out and not used yet
        self.calls: list[Call] = []
        self.events: list[Json] = []
        self.notices: list[Notice] = []
        self.faults = Faults()
        self.rates = Rates(self.wire_clock, enforced=limits)
        self.courier: Courier = SealedLetters()
        self.on_change: list[Callable[[], None]] = []
        self._numbers: dict[str, int] = defaultdict(int)
        self._last_ts = (0, 0)
        self.bot = self.add_user(
            "bantline", id="U0BANTLINE", real_name=self.installation.name, is_bot=True, bot_id="B0BANTLINE"
        )
        self.bot_token = self.issue("bot", "xoxb-sandbox-bot", self.installation.scopes, self.bot.id)
        self.app_token = self.issue("app", "xapp-1-sandbox", {"connections:write"}, self.bot.id)

    # --- furnishing -------------------------------------------------------------------------------------------------

    def add_user(
        self,
        name: str,
        *,
        real_name: str = "",
        id: str | None = None,
        role: str = "",
        locale: str = "en-US",
        is_bot: bool = False,
        bot_id: str | None = None,
        is_restricted: bool = False,
        is_ultra_restricted: bool = False,
        is_stranger: bool = False,
        email: str | None = None,
        tz: str = "Asia/Tokyo",
        team_id: str = "",
        enterprise_id: str | None = None,
    ) -> User:
        user = User(
            id=id or self.new_id("U"),
            name=name,
            real_name=real_name or name,
            display_name=real_name or name,
            email=f"{name}@sandbox.example" if email is None and not is_bot else email or "",
            locale=locale,
            role=role,
            is_bot=is_bot,
            bot_id=bot_id or (self.new_id("B") if is_bot else None),
            is_restricted=is_restricted,
            is_ultra_restricted=is_ultra_restricted,
            is_stranger=is_stranger,
            tz=tz,
            team_id=team_id,
            enterprise_id=enterprise_id,
        )
        self.people[user.id] = user
        return user

    def add_channel(
        self, name: str, *, members: Iterable[str], private: bool = False, id: str | None = None, with_app: bool = True
    ) -> Channel:
        """`members` are handles; the app is invited too unless `with_app` is False."""
        ids = {self.person(member).id for member in members}
        channel = Channel(
            id=id or self.new_id("C"),
            name=name.lstrip("#"),
            kind="groups" if private else "channels",
            created=int(self.clock().timestamp()),
            creator=min(ids, default=self.bot.id),
            members=ids | ({self.bot.id} if with_app else set()),
        )
        self.channels[channel.id] = channel
        self.changed()
        return channel

    def add_usergroup(self, handle: str, *, name: str, users: Iterable[str], id: str | None = None) -> Usergroup:
        group = Usergroup(
            id=id or self.new_id("S"), handle=handle, name=name, users=[self.person(user).id for user in users]
        )
        self.usergroups[group.id] = group
        return group

    def issue(self, kind: TokenKind, value: str, scopes: Iterable[str], user: str, *, team: str = "") -> str:
        """A new token of that kind; returns its value. `team`: the app was installed in another workspace, too."""
        self.tokens[value] = Token(
            value=value, kind=kind, scopes=frozenset(scopes), user=user, team=team or self.team.id
        )
        return value

    def revoke(self, token: str) -> None:
        """Revoke a token; the app is told by `tokens_revoked`."""
        self.tokens[token].revoked = True
        self.announce("tokens_revoked", events.tokens_revoked(bot_users=[self.tokens[token].user], ts=self.new_ts()))

    def uninstall(self) -> None:
        """An administrator removes the app: its tokens die, and it is told so with its last breath."""
        for token in self.tokens.values():
            token.revoked = token.revoked or token.kind != "app"
        gone = events.tokens_revoked(bot_users=[self.bot.id], ts=self.new_ts())
        self.announce("tokens_revoked", gone)
        self.announce("app_uninstalled", events.app_uninstalled(ts=self.new_ts()))

    def deactivate(self, name: str) -> None:
        """An administrator deactivates this person's account."""
        user = self.person(name)
        user.deleted = True
        for channel in self.channels.values():
            if channel.kind != "im":
                channel.members.discard(user.id)
        self.announce("user_change", events.user_change(self, user=user, ts=self.new_ts()))
        self.changed()

    def restrict(self, name: str) -> None:
        """An administrator makes this person a guest."""
        user = self.person(name)
        user.is_restricted = True
        self.announce("user_change", events.user_change(self, user=user, ts=self.new_ts()))
        self.changed()

    def set_members(self, group_id: str, names: Iterable[str]) -> None:
        """Somebody changes who is in a user group."""
        group = self.usergroups[group_id]
        before, group.users = group.users, [self.person(name).id for name in names]
        changed = events.subteam_members_changed(
            self,
            group=group,
            added=[one for one in group.users if one not in before],
            removed=[one for one in before if one not in group.users],
            ts=self.new_ts(),
        )
        self.announce("subteam_members_changed", changed)

    def archive(self, name: str) -> None:
        self.channel(name).is_archived = True
        self.changed()

    def remove_app_from(self, name: str) -> None:
        """Somebody takes the app out of a channel."""
        self.channel(name).members.discard(self.bot.id)
        self.changed()

    def join(self, channel: Channel, user: User) -> None:
        if user.id in channel.members:
            return
        channel.members.add(user.id)
        if self.bot.id in channel.members:
            event = events.member_joined_channel(self, user=user, channel=channel, ts=self.new_ts())
            self.announce("member_joined_channel", event)
        self.changed()

    # --- looking up -------------------------------------------------------------------------------------------------

    def user(self, name: str) -> Person:
        """The person with this handle, real name or id, ready to be driven by a test."""
        return Person(self, self.person(name))

    def person(self, name: str) -> User:
        for user in self.people.values():
            if name in (user.id, user.name, user.real_name):
                return user
        raise KeyError(f"nobody is called {name!r}; there is {known([user.name for user in self.people.values()])}")

    def team_of(self, user_id: str) -> str:
        """The workspace this person is a member of: ours, unless they were added with another."""
        return self.people[user_id].team_id or self.team.id

    def told_of(self, user_id: str) -> str:
        """The workspace a payload of this person names: their own where the app is installed there, else ours."""
        own = self.team_of(user_id)
        return own if any(token.team == own for token in self.tokens.values()) else self.team.id

    def bot_by_id(self, bot_id: str) -> User:
        for user in self.people.values():
            if user.bot_id == bot_id:
                return user
        raise SlackError("bot_not_found")

    def channel(self, name: str) -> Channel:
        """The channel of that id or name, with or without the hash sign."""
        for channel in self.channels.values():
            if name in (channel.id, channel.name, f"#{channel.name}") and name:
                return channel
        names = [f"#{channel.name}" for channel in self.channels.values() if channel.name]
        raise KeyError(f"no channel {name!r}; there is {known(names)}")

    def direct_channel(self, user_id: str) -> Channel:
        """The direct message between the app and this person, opened when it does not exist yet."""
        for channel in self.channels.values():
            if channel.counterpart == user_id:
                return channel
        channel = Channel(
            id=self.new_id("D"),
            name="",
            kind="im",
            created=int(self.clock().timestamp()),
            members={self.bot.id, user_id},
            counterpart=user_id,
        )
        self.channels[channel.id] = channel
        return channel

    def visible_messages(self, channel: Channel, user_id: str) -> list[Message]:
        """What this person sees there, oldest first: messages, replies and what is only for them."""
        if channel.kind != "channels" and user_id not in channel.members:
            return []
        return [message for message in self.messages[channel.id] if message.only_for in (None, user_id)]

    def message(self, channel_id: str, ts: str) -> Message:
        for message in self.messages[channel_id]:
            if message.ts == ts and message.only_for is None:
                return message
        raise SlackError("message_not_found")

    def parent_of(self, reply: Message) -> Message:
        return next((m for m in self.messages[reply.channel] if m.ts == reply.thread_ts), reply)

    def replies_to(self, root: Message) -> list[Message]:
        return [
            message
            for message in self.messages[root.channel]
            if message.thread_ts == root.ts and message.is_reply and message.only_for is None
        ]

    def top_modal(self, user_id: str) -> View | None:
        stack = self.modals[user_id]
        return self.views[stack[-1]] if stack else None

    def home(self, user_id: str) -> View | None:
        view_id = self.homes.get(user_id)
        return self.views[view_id] if view_id else None

    # --- names, times and keys --------------------------------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """A Slack-like id: the same run gives the same ids."""
        self._numbers[prefix] += 1
        return f"{prefix}{self._numbers[prefix]:010d}"

    def new_word(self, length: int = 8) -> str:
        """A random-looking word that is the same in every run."""
        self._numbers["word"] += 1
        return hashlib.sha256(f"sandbox {self._numbers['word']}".encode()).hexdigest()[:length]

    def new_ts(self) -> str:
        """A timestamp id that is later than every one before, even when the clock stands still."""
        second = int(self.clock().timestamp())
        last_second, last_number = self._last_ts
        self._last_ts = (second, 1) if second > last_second else (last_second, last_number + 1)
        return f"{self._last_ts[0]}.{self._last_ts[1] * 100 + 9:06d}"

    def new_trigger(self, user: User, *, view: View | None = None) -> str:
        trigger = Trigger(
            id=f"{self.new_id('')}.{int(self.wire_clock().timestamp())}.{self.new_word(32)}",
            user=user.id,
            expires=self.wire_clock() + TRIGGER_LIFE,
            view=view.id if view else None,
        )
        self.triggers[trigger.id] = trigger
        return trigger.id

    def new_response_url(
        self, user: User, channel: Channel, *, message: Message | None = None, kind: str = "actions"
    ) -> str:
        """`kind` is actions, commands or app, the first part of the address."""
        key = self.new_word(24)
        self.response_urls[key] = ResponseUrl(
            key=key,
            user=user.id,
            channel=channel.id,
            message_ts=message.ts if message else None,
            thread_ts=message.thread_ts if message and message.is_reply else None,
            expires=self.wire_clock() + RESPONSE_URL_LIFE,
        )
        return f"{self.base_url}response/{kind}/{self.team.id}/{key}"

    # --- telling ----------------------------------------------------------------------------------------------------

    def announce(self, subscription: str, event: Json) -> None:
        """Send an event to the app if it subscribed to it and holds the scope to see it."""
        if not self.installation.hears(subscription):
            return
        payload = events.event_callback(self, event, event_id=self.new_id("Ev"))
        self.events.append(payload)
        self.courier.tell(payload)

    def notify(self, user: User, text: str) -> None:
        """Show this person one line that is no message, such as "the app did not respond"."""
        self.notices.append(Notice(user=user.id, text=text, at=self.clock()))
        self.changed()

    def changed(self) -> None:
        for listener in list(self.on_change):
            listener()
