"""The workspaces the app was installed in by OAuth, and the token that speaks to each.

An option: with SLACK_BOT_TOKEN none of this is used. The first of SLACK_WORKSPACES is home, where the channels of the
settings are; people of the others work with the command, the shortcuts and Home. Which workspace is spoken to follows
from the payload being answered; the worker speaks to home.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.bootstrap import Services
from bot.slack.records import SlackHome, SlackInstallState, SlackWorkspace
from qualification.store import Transaction

SPOKEN_TO: ContextVar[str | None] = ContextVar("workspace_spoken_to", default=None)
STATE_LIVES = timedelta(minutes=10)
KNOWN_FOR = 60.0


class Workspaces:
    """Who installed us, kept in our database."""

    def __init__(self, services: Services, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._ticks = ticks
        self._known: dict[str, tuple[float, SlackWorkspace]] = {}

    @property
    def home(self) -> str:
        return self._services.settings.slack_workspaces[0]

    async def authorize(self, team_id: str) -> AuthorizeResult | None:
        """As Bolt asks for it with every payload; None for a workspace that did not install us."""
        installed = await self.find(team_id)
        if installed is None:
            return None
        SPOKEN_TO.set(installed.team_id)
        return AuthorizeResult(
            enterprise_id=installed.enterprise_id,
            team_id=installed.team_id,
            bot_user_id=installed.bot_user_id,
            bot_token=installed.bot_token,
        )

    async def find(self, team_id: str) -> SlackWorkspace | None:
        """The workspace, while we are installed there; what another process heard of it is known within a minute."""
        if team_id not in self._services.settings.slack_workspaces:
            return None
        until, known = self._known.get(team_id, (0.0, None))
        if known is None or until <= self._ticks():
            known = await self._services.store.look(lambda session: session.get(SlackWorkspace, team_id))
            if known is None or not known.bot_token:
                self._known.pop(team_id, None)
                return None
            self._known[team_id] = (self._ticks() + KNOWN_FOR, known)
        return known

    async def token(self) -> str | None:
        """The token for whoever is spoken to right now."""
        installed = await self.find(SPOKEN_TO.get() or self.home)
        return installed.bot_token if installed else None

    async def keep(self, facts: dict[str, Any]) -> None:
        """An installation takes the place of an earlier one of the same workspace."""
        self._known.pop(facts["team_id"], None)
        await self._services.store.run(lambda tx: keep_workspace(tx, facts))

    async def forget(self, team_id: str) -> None:
        """The app was removed there: its token is worth nothing and leaves the database."""
        self._known.pop(team_id, None)
        await self._services.store.run(lambda tx: forget_workspace(tx, team_id))


def keep_workspace(tx: Transaction, facts: dict[str, Any]) -> None:
    """Installed by a link, for the first time or anew: the newest token counts. `facts` are columns of the row."""
    row = tx.peek(SlackWorkspace, facts["team_id"])
    if row is None:
        tx.add(SlackWorkspace(installed_at=tx.now, **facts))
        return
    for name, value in facts.items():
        setattr(row, name, value)
    row.installed_at = tx.now


def forget_workspace(tx: Transaction, team_id: str) -> None:
    """Without a token it is not spoken to, and nobody's Home is drawn there."""
    row = tx.peek(SlackWorkspace, team_id)
    if row is not None:
        row.bot_token = ""
    tx.delete(SlackHome, "team_id", team_id)


# -- the state of one installation under way --------------------------------------------------------


def issue_state(tx: Transaction, state: str) -> None:
    tx.add(SlackInstallState(state=state, expires_at=tx.now + STATE_LIVES))


def spend_state(tx: Transaction, state: str) -> bool:
    """Whether this state was ours, unused and not too old; it is used from now on."""
    row = tx.peek(SlackInstallState, state)
    if row is None or row.spent or row.expires_at < tx.now:
        return False
    row.spent = True
    return True


class InstalledClient(AsyncWebClient):
    """Slack's client, with the token of the workspace that is spoken to."""

    def __init__(self, workspaces: Workspaces, base_url: str, session: aiohttp.ClientSession | None) -> None:
        super().__init__(base_url=base_url, session=session, retry_handlers=[], timeout=10)
        self._workspaces = workspaces

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        token = await self._workspaces.token()
        headers = dict(given.pop("headers", None) or {})
        if token and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {token}"
        return await super().api_call(api_method, headers=headers, **given)
