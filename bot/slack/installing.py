"""Installing the app by a link: /slack/install leads to Slack, /slack/oauth_redirect comes back with a code.

The state in between is a row that works once and for ten minutes, and stands in a cookie of the browser that began,
so that nobody finishes what somebody else began. Only workspaces named in SLACK_WORKSPACES can be added.
"""

import hmac
import secrets
from html import escape
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.bootstrap import Services
from bot.logs import log
from bot.slack.manifest import SCOPES
from bot.slack.voice import Voice
from bot.slack.workspaces import STATE_LIVES, Workspaces, issue_state, spend_state
from qualification.store import Busy, Unavailable

COOKIE = "bantline_slack_install"
INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
PAGE = '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Bantline</title><h1>{words}</h1></html>'
CLOSED = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Referrer-Policy": "no-referrer"}


class Installing:
    """The two pages a person sees who adds the app to a workspace."""

    def __init__(self, services: Services, workspaces: Workspaces) -> None:
        self._services = services
        self._workspaces = workspaces
        self.pages = {INSTALL_PATH: self.begin, REDIRECT_PATH: self.finish}

    async def begin(self, request: Request) -> Response:
        """Off to Slack, with a fresh state."""
        settings = self._services.settings
        state = secrets.token_urlsafe(32)
        await self._services.store.run(lambda tx: issue_state(tx, state))
        asked = {"client_id": settings.slack_client_id, "scope": ",".join(SCOPES), "state": state}
        answer = RedirectResponse(f"{_slack(settings.slack_api_url)}oauth/v2/authorize?{urlencode(asked)}", 302)
        answer.set_cookie(
            COOKIE,
            state,
            max_age=int(STATE_LIVES.total_seconds()),
            path="/slack",
            secure=request.url.scheme == "https" or settings.is_behind_tls,
            httponly=True,
            samesite="lax",
        )
        return answer

    async def finish(self, request: Request) -> Response:
        """Back from Slack: the code becomes a token, unless anything is not as it was begun."""
        state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
        began = request.cookies.get(COOKIE, "")
        ours = bool(state) and hmac.compare_digest(state.encode(), began.encode())
        if not (ours and await self._services.store.run(lambda tx: spend_state(tx, state))):
            return self._says("install_expired", 400)
        if not code:
            return self._says("install_cancelled", 200)
        return await self._installed(code)

    async def _installed(self, code: str) -> Response:
        settings = self._services.settings
        client = AsyncWebClient(base_url=settings.slack_api_url, retry_handlers=[], timeout=10)
        try:
            answer = await client.oauth_v2_access(
                client_id=settings.slack_client_id, client_secret=settings.slack_client_secret, code=code
            )
        except (SlackApiError, SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as problem:
            log.error("slack_install_failed", problem=str(problem))
            return self._says("install_failed", 502)
        facts = installation_in(answer)
        if facts["team_id"] not in settings.slack_workspaces:
            log.warning("slack_install_refused", team=facts["team_id"])
            return self._says("install_refused", 403)
        try:
            await self._workspaces.keep(facts)
        except (Busy, Unavailable):
            return self._says("install_failed", 503)
        log.info("slack_installed", team=facts["team_id"], by=facts["installed_by"])
        return self._says("installed", 200)

    def _says(self, key: str, status: int) -> Response:
        services = self._services
        language = services.settings.language
        voice = Voice(words=services.words, language=language, now=services.clock())
        page = PAGE.format(language=language, words=escape(voice.says(key)))
        answer = HTMLResponse(page, status_code=status, headers=CLOSED)
        answer.delete_cookie(COOKIE, path="/slack")
        return answer


def installation_in(answer: Any) -> dict[str, Any]:
    """What oauth.v2.access tells, as columns of SlackWorkspace."""
    enterprise = answer.get("enterprise") or {}
    return {
        "team_id": str(answer["team"]["id"]),
        "enterprise_id": enterprise.get("id"),
        "name": str(answer["team"].get("name") or ""),
        "bot_token": str(answer["access_token"]),
        "bot_user_id": str(answer["bot_user_id"]),
        "scopes": str(answer["scope"]),
        "installed_by": str(answer["authed_user"]["id"]),
    }


def _slack(api_url: str) -> str:
    """https://slack.com/ from https://slack.com/api/."""
    return api_url.removesuffix("api/")
