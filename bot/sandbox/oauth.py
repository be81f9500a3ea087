"""Adding the app to the workspace by a link: the page that asks a person, the code they bring back, and its exchange.

A code is good once and for ten minutes, and only with the app's own id and secret (HTTP Basic, as slack_sdk sends it).
"""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.records import InstallCode, Json, User

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

EXCHANGE = "oauth.v2.access"
CODE_LIFE = timedelta(minutes=10)
PAGE = """<!doctype html><meta charset="utf-8"><title>{app}</title>
<h1>{app} wants to be added to {team}</h1><p>It asks for: {scopes}</p>
<p><a id="allow" href="{allow}">Allow</a> <a id="cancel" href="{cancel}">Cancel</a></p>"""


def routes(workspace: Workspace) -> list[web.RouteDef]:
    async def ask(request: web.Request) -> web.Response:
        """The page Slack shows: what the app asks for, Allow and Cancel."""
        given = dict(request.query)
        if given.get("client_id") != workspace.client_id:
            return web.Response(text="invalid_client_id", status=400)
        if not workspace.redirect_url:
            return web.Response(text="bad_redirect_uri", status=400)
        state = given.get("state", "")
        page = PAGE.format(
            app=escape(workspace.installation.name),
            team=escape(workspace.team.name),
            scopes=escape(given.get("scope", "")),
            allow=f"/oauth/v2/allow?{urlencode({'state': state, 'scope': given.get('scope', '')})}",
            cancel=escape(_back(workspace, error="access_denied", state=state)),
        )
        return web.Response(text=page, content_type="text/html")

    async def allow(request: web.Request) -> web.Response:
        person = next(user for user in workspace.people.values() if not user.is_bot)
        code = new_code(workspace, person, request.query.get("scope", "").split(","))
        raise web.HTTPFound(_back(workspace, code=code, state=request.query.get("state", "")))

    return [web.get("/oauth/v2/authorize", ask), web.get("/oauth/v2/allow", allow)]


def new_code(workspace: Workspace, user: User, scopes: list[str]) -> str:
    """This person allowed the app; the code they bring back."""
    code = InstallCode(
        code=f"{workspace.team.id}.{workspace.new_word(32)}",
        user=user.id,
        scopes=frozenset(scopes) & workspace.installation.scopes,
        expires=workspace.wire_clock() + CODE_LIFE,
    )
    workspace.install_codes[code.code] = code
    return code.code


def _back(workspace: Workspace, **facts: str) -> str:
    return f"{workspace.redirect_url}?{urlencode(facts)}"


def exchange(workspace: Workspace, authorization: str, given: Json) -> Json:
    """oauth.v2.access: a bot token for a code. Raises SlackError."""
    client_id, secret = _basic(authorization) or (str(given.get("client_id")), str(given.get("client_secret")))
    if client_id != workspace.client_id:
        raise SlackError("invalid_client_id")
    if secret != workspace.client_secret:
        raise SlackError("bad_client_secret")
    code = workspace.install_codes.get(str(given.get("code", "")))
    if code is None or code.expires < workspace.wire_clock():
        raise SlackError("invalid_code")
    if code.spent:
        raise SlackError("code_already_used")
    code.spent = True
    token = workspace.issue("bot", f"xoxb-installed-{workspace.new_word(16)}", code.scopes, workspace.bot.id)
    return {
        "ok": True,
        "app_id": workspace.app_id,
        "authed_user": {"id": code.user},
        "scope": ",".join(sorted(code.scopes)),
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": workspace.bot.id,
        "team": {"id": workspace.team.id, "name": workspace.team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _basic(authorization: str) -> tuple[str, str] | None:
    kind, _, value = authorization.partition(" ")
    if kind != "Basic":
        return None
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret
