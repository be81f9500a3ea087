"""The stand-in on a socket: the Web API, Socket Mode, response URLs, and the page a person can look at.

    async with SandboxServer(workspace) as server:
        client = AsyncWebClient(token=workspace.bot_token, base_url=server.api_url)

aiohttp serves it, because a test must be able to cut a connection in the middle of an answer.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from aiohttp import web

from bot.sandbox import control, methods, oauth, responses
from bot.sandbox.delivery import Delivery
from bot.sandbox.driver import PATIENCE, until
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.records import Call, Json
from bot.sandbox.workspace import Workspace

Seen = TypeVar("Seen")

LARGEST_BODY = 4 * 1024 * 1024
READABLE_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


class SandboxServer:
    """Serves one workspace while the `async with` block runs."""

    def __init__(self, workspace: Workspace, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.workspace = workspace
        self.delivery = Delivery(workspace)
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> SandboxServer:
        await self.delivery.start()
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes(self._routes())
        app.add_routes(control.routes(self.workspace))
        app.add_routes(oauth.routes(self.workspace))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._port = self._runner.addresses[0][1]
        self.workspace.base_url = self.url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.delivery.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The page's address, with a slash at the end."""
        return f"http://{self._host}:{self._port}/"

    @property
    def api_url(self) -> str:
        """What an app takes as the Web API's base URL."""
        return f"{self.url}api/"

    async def settled(self) -> None:
        """Wait until every event was delivered and acknowledged or waits for a later attempt."""
        await self.delivery.settled()

    async def until(self, look: Callable[[], Seen | None], *, within: float = PATIENCE) -> Seen:
        """Wait until `look` returns something true, checking after every change of the workspace."""
        return await until(self.workspace, look, within=within)

    async def connected(self, count: int = 1, *, within: float = PATIENCE) -> None:
        """Wait until that many Socket Mode connections are open."""
        await self.until(lambda: len(self.delivery.sockets) >= count, within=within)

    def _routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/{method}", self._call),
            web.post("/api/{method}", self._call),
            web.get("/link/", self.delivery.serve_socket),
            web.post("/response/{kind}/{team}/{key}", self._respond),
        ]

    # --- the Web API ------------------------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method, faults = request.match_info["method"], self.workspace.faults
        if slow := faults.take(method, "slow"):
            await asyncio.sleep(slow.seconds)
        if faults.take(method, "drop"):
            return _cut(request)
        if broken := faults.take(method, "status"):
            return web.json_response(
                {"ok": False, "error": broken.error}, status=broken.http_status, headers=dict(broken.headers)
            )
        response = await self._answered(request, method)
        return _cut(request) if faults.take(method, "accept_then_drop") else response

    async def _answered(self, request: web.Request, method: str) -> web.Response:
        given: Json = {}
        token: str | None = None
        try:
            given = await read_arguments(request)
            token = _token(request, given)
            if failing := self.workspace.faults.take(method, "error"):
                raise SlackError(failing.error)
            body = (
                oauth.exchange(self.workspace, request.headers.get("Authorization", ""), given)
                if method == oauth.EXCHANGE
                else methods.answer(self.workspace, method, token, given)
            )
            refusal = None
        except SlackError as error:
            body, refusal = error.body(), error
        self._remember(method, given, token, refusal)
        headers = self._scope_headers(method, token) | (refusal.headers if refusal else {})
        return web.json_response(body, status=refusal.status if refusal else 200, headers=headers)

    def _remember(self, method: str, given: Json, token: str | None, refusal: SlackError | None) -> None:
        issued = self.workspace.tokens.get(token or "")
        self.workspace.calls.append(
            Call(
                method=method,
                args=given,
                token_kind=issued.kind if issued else "",
                error=refusal.code if refusal else None,
                at=self.workspace.clock(),
            )
        )
        self.workspace.changed()

    def _scope_headers(self, method: str, token: str | None) -> dict[str, str]:
        issued, described = self.workspace.tokens.get(token or ""), methods.METHODS.get(method)
        headers = {"x-oauth-scopes": ",".join(sorted(issued.scopes))} if issued else {}
        if described:
            headers["x-accepted-oauth-scopes"] = ",".join(described.scopes)
        return headers

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.text())
            if not isinstance(body, dict):
                raise SlackError("invalid_payload", status=400)
            responses.use_response_url(self.workspace, request.match_info["key"], body)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        except SlackError as error:
            return web.json_response(error.body(), status=error.status if error.status != 200 else 400)
        return web.Response(text="ok")


async def read_arguments(request: web.Request) -> Json:
    """The call's arguments: query, then form, then JSON, the later winning."""
    given: Json = dict(request.query)
    if request.method != "POST" or not request.body_exists:
        return given
    content_type = request.content_type
    raw = await request.read()
    if not raw:
        return given
    if content_type not in READABLE_TYPES:
        raise SlackError("invalid_post_type")
    if content_type == "application/json":
        return given | _json_object(raw)
    form = await request.post()
    return given | {name: value for name, value in form.items() if isinstance(value, str)}


def _json_object(raw: bytes) -> Json:
    try:
        parsed = json.loads(raw)
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(parsed, dict):
        raise SlackError("json_not_object")
    return parsed


def _token(request: web.Request, given: Json) -> str | None:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind == "Bearer" and value:
        return value
    token = given.pop("token", None)
    if token is not None and not isinstance(token, str):
        raise invalid_arguments("must be a string [json-pointer:/token]")
    return token


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
