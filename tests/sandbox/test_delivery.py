"""How payloads reach an app: signed HTTP with retries, Socket Mode with acknowledgement, and what goes wrong on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import SandboxServer, Workspace, sales_team
from bot.sandbox.errors import AppDidNotAnswer, NobodyListens
from tests.patience import PATIENCE
from tests.sandbox.conftest import HandClock, lets_time_run_out, listening, over_sockets, refusal
from tests.sandbox.sample_app import LEADS, card, sample_app


@dataclass
class Doorstep:
    """A request URL that writes down what arrives and answers as it was told."""

    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.arrived.append((dict(request.headers), await request.read()))
        return self.answers.pop(0) if self.answers else web.Response()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body)["event"] for _, body in self.arrived]

    def header(self, name: str) -> list[str | None]:
        return [headers.get(name) for headers, _ in self.arrived]


@pytest.fixture
async def doorstep(workspace: Workspace, server: SandboxServer) -> AsyncIterator[Doorstep]:
    doorstep = Doorstep()
    app = web.Application()
    app.add_routes([web.post("/", doorstep.take)])
    async with listening(app) as url:
        workspace.request_url = f"{url}/"
        yield doorstep


class RawSocket:
    """A Socket Mode connection held by hand."""

    def __init__(self, connection: aiohttp.ClientWebSocketResponse) -> None:
        self.connection = connection

    async def receives(self) -> dict[str, Any]:
        message: dict[str, Any] = await self.connection.receive_json(timeout=PATIENCE)
        return message

    async def acknowledges(self, envelope: dict[str, Any], payload: dict[str, Any] | None = None) -> None:
        answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        await self.connection.send_json(answer)


@asynccontextmanager
async def a_socket(server: SandboxServer) -> AsyncIterator[RawSocket]:
    client = AsyncWebClient(base_url=server.api_url, retry_handlers=[])
    opened = await client.apps_connections_open(app_token=server.workspace.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"], autoping=False) as connection:
        socket = RawSocket(connection)
        hello = await socket.receives()
        assert hello["type"] == "hello"
        yield socket


# --- signed HTTP -----------------------------------------------------------------------------------------------------


async def test_every_request_is_signed_as_slack_signs(workspace: Workspace, doorstep: Doorstep) -> None:
    await workspace.user("yuki").slash("/lead", "find 朝日 & co")
    [(headers, body)] = doorstep.arrived
    assert SignatureVerifier(workspace.signing_secret).is_valid_request(body, headers)
    assert not SignatureVerifier("another secret").is_valid_request(body, headers)
    assert parse_qs(body.decode())["text"] == ["find 朝日 &amp; co"]


async def test_an_event_that_fails_comes_again_at_once_after_a_minute_and_after_five(
    workspace: Workspace, server: SandboxServer, doorstep: Doorstep, clock: HandClock
) -> None:
    doorstep.answers = [web.Response(status=500) for _ in range(4)]
    workspace.user("yuki").posts("#leads", "hello")
    await server.settled()
    assert len(doorstep.arrived) == 2
    clock.advance(seconds=60)
    await server.settled()
    assert len(doorstep.arrived) == 3
    clock.advance(seconds=300)
    await server.settled()
    clock.advance(hours=1)
    await server.settled()
    assert doorstep.header("X-Slack-Retry-Num") == [None, "1", "2", "3"]
    assert doorstep.header("X-Slack-Retry-Reason") == [None, "http_error", "http_error", "http_error"]
    assert len({json.loads(body)["event_id"] for _, body in doorstep.arrived}) == 1


async def test_an_answer_with_no_retry_ends_it(workspace: Workspace, server: SandboxServer, doorstep: Doorstep) -> None:
    doorstep.answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    workspace.user("yuki").posts("#leads", "hello")
    await server.settled()
    assert len(doorstep.arrived) == 1
    assert server.delivery.undelivered == []


async def test_a_press_is_never_delivered_again(workspace: Workspace, doorstep: Doorstep) -> None:
    doorstep.answers = [web.Response(status=500)]
    with pytest.raises(AppDidNotAnswer):
        await workspace.user("yuki").slash("/lead")
    assert len(doorstep.arrived) == 1


async def test_an_app_that_is_too_slow_has_not_answered(
    workspace: Workspace, server: SandboxServer, clock: HandClock
) -> None:
    stuck = asyncio.Event()

    async def never(request: web.Request) -> web.Response:
        await stuck.wait()
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/", never)])
    async with listening(app) as url:
        workspace.request_url = f"{url}/"
        with pytest.raises(AppDidNotAnswer, match="http_timeout"):
            await asyncio.gather(workspace.user("yuki").slash("/lead"), lets_time_run_out(server, clock))
        stuck.set()


async def test_an_unreachable_app_is_reported_as_such(workspace: Workspace, server: SandboxServer) -> None:
    workspace.request_url = "http://127.0.0.1:9/"
    with pytest.raises(NobodyListens):
        await workspace.user("yuki").slash("/lead")


# --- Socket Mode -----------------------------------------------------------------------------------------------------


async def test_the_acknowledgement_of_a_command_carries_its_answer(workspace: Workspace, server: SandboxServer) -> None:
    async with a_socket(server) as socket:
        typing = asyncio.create_task(workspace.user("ken").slash("/lead", "help"))
        envelope = await socket.receives()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        await socket.acknowledges(envelope, {"text": "find, new"})
        await typing
    assert [message.text for message in workspace.user("ken").sees_privately("#leads")] == ["find, new"]


async def test_an_event_without_acknowledgement_comes_again_with_its_attempt(
    workspace: Workspace, server: SandboxServer, clock: HandClock
) -> None:
    async with a_socket(server) as socket:
        workspace.user("ken").posts("#leads", "hello")
        first = await socket.receives()
        clock.advance(seconds=3)
        again = await socket.receives()
        await socket.acknowledges(again)
        await server.settled()
    assert (first["retry_attempt"], again["retry_attempt"], again["retry_reason"]) == (0, 1, "timeout")
    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    assert again["envelope_id"] != first["envelope_id"]


async def test_each_envelope_goes_to_one_connection_only(workspace: Workspace, server: SandboxServer) -> None:
    async with a_socket(server) as one, a_socket(server) as other:
        seen: list[str] = []

        async def serve(socket: RawSocket) -> None:
            while True:
                envelope = await socket.receives()
                seen.append(envelope["payload"]["event"]["text"])
                await socket.acknowledges(envelope)

        servers = [asyncio.create_task(serve(one)), asyncio.create_task(serve(other))]
        for number in range(12):
            workspace.user("ken").posts("#leads", str(number))
        await server.settled()
        for task in servers:
            task.cancel()
        await asyncio.gather(*servers, return_exceptions=True)
    assert sorted(seen, key=int) == [str(number) for number in range(12)]


async def test_a_socket_address_opens_one_connection(workspace: Workspace, server: SandboxServer) -> None:
    client = AsyncWebClient(base_url=server.api_url, retry_handlers=[])
    url = (await client.apps_connections_open(app_token=workspace.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_there_are_never_more_than_ten_connections(workspace: Workspace, server: SandboxServer) -> None:
    client = AsyncWebClient(base_url=server.api_url, retry_handlers=[])
    urls = [(await client.apps_connections_open(app_token=workspace.app_token))["url"] for _ in range(11)]
    async with aiohttp.ClientSession() as session:
        held = [await session.ws_connect(url) for url in urls[:10]]
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(urls[10])
        assert len(held) == 10


async def test_the_pong_carries_the_ping_s_own_words(server: SandboxServer) -> None:
    async with a_socket(server) as socket:
        await socket.connection.ping(b"sdk-ping-pong:12.5")
        pong = await socket.connection.receive(timeout=PATIENCE)
    assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:12.5")


async def test_an_app_told_to_reconnect_opens_a_new_connection_and_goes_on(
    workspace: Workspace, server: SandboxServer
) -> None:
    async with over_sockets(sample_app(workspace, server.api_url), server):
        [before] = server.delivery.sockets
        await server.delivery.ask_to_reconnect()
        await server.until(lambda: any(socket is not before for socket in server.delivery.sockets))
        await server.until(lambda: before not in server.delivery.sockets)
        await workspace.user("ken").slash("/lead", "help")
    assert [message.text for message in workspace.user("ken").sees_privately("#leads")] == ["find, new, mine"]


async def test_an_app_whose_connection_was_cut_comes_back(workspace: Workspace, server: SandboxServer) -> None:
    async with over_sockets(sample_app(workspace, server.api_url), server):
        [before] = server.delivery.sockets
        server.delivery.kill_sockets()
        await server.until(lambda: any(socket is not before for socket in server.delivery.sockets))
        await workspace.user("ken").slash("/lead", "help")
    assert [message.text for message in workspace.user("ken").sees_privately("#leads")] == ["find, new, mine"]


async def test_a_press_while_nobody_is_connected_shows_the_person_an_error(
    workspace: Workspace, server: SandboxServer
) -> None:
    ken = workspace.user("ken")
    with pytest.raises(NobodyListens):
        await ken.slash("/lead")
    assert len(ken.notices) == 1


# --- trouble on demand -----------------------------------------------------------------------------------------------


async def test_a_payload_can_be_delivered_several_times(
    workspace: Workspace, server: SandboxServer, doorstep: Doorstep
) -> None:
    workspace.faults.repeat_next(3)
    workspace.user("yuki").posts("#leads", "thrice")
    workspace.user("yuki").posts("#leads", "once")
    await server.settled()
    assert sorted(event["text"] for event in doorstep.events) == ["once", "thrice", "thrice", "thrice"]


async def test_events_can_be_delivered_out_of_order(
    workspace: Workspace, server: SandboxServer, doorstep: Doorstep
) -> None:
    workspace.faults.shuffle(3)
    for text in ("first", "second", "third"):
        workspace.user("yuki").posts("#leads", text)
    await server.settled()
    assert [delivered.payload["event"]["text"] for delivered in server.delivery.log] != ["first", "second", "third"]
    assert len(doorstep.arrived) == 3


async def test_a_method_fails_as_often_as_it_was_told(workspace: Workspace, slack: AsyncWebClient) -> None:
    workspace.faults.fail("chat.postMessage", "internal_error", times=2)
    for _ in range(2):
        assert await refusal(slack.chat_postMessage(channel=LEADS, text="x")) == "internal_error"
    await slack.chat_postMessage(channel=LEADS, text="x")


async def test_a_bare_status_comes_with_its_waiting_time(workspace: Workspace, server: SandboxServer) -> None:
    workspace.faults.status("chat.postMessage", 429, retry_after=7)
    async with aiohttp.ClientSession() as session, session.post(f"{server.api_url}chat.postMessage") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "7")


async def test_a_dropped_call_did_nothing_and_an_accepted_one_did(workspace: Workspace, slack: AsyncWebClient) -> None:
    workspace.faults.drop("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel=LEADS, text="lost")
    workspace.faults.accept_then_drop("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel=LEADS, text="kept")
    assert [message.text for message in workspace.user("yuki").sees("#leads")] == ["kept"]


async def test_history_can_lag_behind_an_accepted_post(
    workspace: Workspace, slack: AsyncWebClient, clock: HandClock
) -> None:
    workspace.faults.lag_history(timedelta(seconds=20))
    await slack.chat_postMessage(channel=LEADS, text="x")
    assert (await slack.conversations_history(channel=LEADS))["messages"] == []
    clock.advance(seconds=20)
    assert len((await slack.conversations_history(channel=LEADS))["messages"]) == 1


async def test_all_trouble_can_be_lifted(workspace: Workspace, slack: AsyncWebClient) -> None:
    workspace.faults.fail("*", "fatal_error", times=None)
    assert await refusal(slack.auth_test()) == "fatal_error"
    workspace.faults.lift()
    await slack.auth_test()


# --- what the app hears ----------------------------------------------------------------------------------------------


async def test_the_app_hears_its_own_posts_edits_and_deletions(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient, doorstep: Doorstep
) -> None:
    ts = (await slack.chat_postMessage(channel=LEADS, text="one", blocks=card()))["ts"]
    await server.settled()
    await slack.chat_update(channel=LEADS, ts=ts, text="two")
    await server.settled()
    await slack.chat_delete(channel=LEADS, ts=ts)
    await server.settled()
    posted, changed, deleted = doorstep.events
    assert (posted["bot_id"], posted["user"], posted["channel_type"]) == ("B0BANTLINE", workspace.bot.id, "channel")
    assert (changed["subtype"], changed["message"]["text"], changed["previous_message"]["text"]) == (
        "message_changed",
        "two",
        "one",
    )
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)


async def test_a_reply_sent_to_the_channel_arrives_as_a_broadcast(
    workspace: Workspace, server: SandboxServer, doorstep: Doorstep
) -> None:
    yuki = workspace.user("yuki")
    root = yuki.posts("#leads", "root")
    yuki.posts("#leads", "reply", thread=root, broadcast=True)
    await server.settled()
    broadcast = next(event for event in doorstep.events if event["text"] == "reply")
    assert (broadcast["subtype"], broadcast["thread_ts"], broadcast["root"]["text"]) == (
        "thread_broadcast",
        root.ts,
        "root",
    )


async def test_the_app_hears_nothing_from_channels_it_was_taken_out_of(
    workspace: Workspace, server: SandboxServer, doorstep: Doorstep
) -> None:
    workspace.remove_app_from("#leads")
    workspace.user("yuki").posts("#leads", "between us")
    await server.settled()
    assert doorstep.arrived == []


async def test_the_same_run_gives_the_same_ids_and_times(clock: HandClock) -> None:
    def run() -> list[str]:
        workspace = sales_team(clock=clock)
        said = [workspace.user("yuki").posts("#leads", "x") for _ in range(3)]
        return [
            *(one.ts for one in said),
            workspace.new_trigger(workspace.person("ken")),
            *(event["event_id"] for event in workspace.events),
        ]

    assert run() == run()
    assert len(set(run())) == 7
