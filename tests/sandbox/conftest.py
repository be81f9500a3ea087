"""A served workspace whose clock the test moves, and an unmodified app connected over either transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import SandboxServer, Workspace, sales_team
from bot.sandbox.manifest import CORE_SCOPES, Command, Installation, Shortcut
from tests.sandbox.sample_app import sample_app

MORE_SCOPES = CORE_SCOPES | {"im:history", "reactions:read", "reactions:write", "team:read", "channels:join"}
EVERYTHING = Installation(
    scopes=MORE_SCOPES,
    commands=(Command(name="/lead", usage_hint="find, new, mine"),),
    shortcuts=(
        Shortcut(name="Log a call", callback_id="log_a_call", kind="global"),
        Shortcut(name="Make this a lead", callback_id="make_lead", kind="message"),
    ),
)


@dataclass
class HandClock:
    """Stands still until the test moves it."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 20, 1, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def workspace(clock: HandClock) -> Workspace:
    return sales_team(clock=clock, installation=EVERYTHING)


@pytest.fixture
async def server(workspace: Workspace) -> AsyncIterator[SandboxServer]:
    async with SandboxServer(workspace) as server:
        yield server


@pytest.fixture
def slack(workspace: Workspace, server: SandboxServer) -> AsyncWebClient:
    """Slack's own client, as an app would hold it."""
    return AsyncWebClient(token=workspace.bot_token, base_url=server.api_url, retry_handlers=[])


@asynccontextmanager
async def over_sockets(app: AsyncApp, server: SandboxServer) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, server.workspace.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
    await server.connected()
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the same


@asynccontextmanager
async def over_http(app: AsyncApp, server: SandboxServer) -> AsyncIterator[None]:
    async with listening(app.server(port=0, path="/slack/events").web_app) as url:
        server.workspace.request_url = f"{url}/slack/events"
        yield


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """Serve an aiohttp application on a free port; gives its address."""
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture(params=[over_sockets, over_http], ids=["socket mode", "signed http"])
async def connected(request: pytest.FixtureRequest, workspace: Workspace, server: SandboxServer) -> AsyncIterator[None]:
    """The sample app, listening over each transport in turn."""
    async with request.param(sample_app(workspace, server.api_url), server):
        yield


async def lets_time_run_out(server: SandboxServer, clock: HandClock, seconds: float = 3) -> None:
    """Move the clock once a delivery is under way, so that its three seconds are over."""
    while not server.delivery.unanswered:
        await asyncio.sleep(0)
    clock.advance(seconds=seconds)


async def refusal(call: Awaitable[object]) -> str:
    """The error code a call was refused with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])
