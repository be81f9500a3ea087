"""Carrying payloads to the app: Socket Mode envelopes or signed HTTP, with acknowledgement and redelivery.

    person presses ── ask ──> one open socket, or POST to the request URL ──> acknowledged within 3 s, or an error
    event happens ── tell ──> the same, in the background; again at once, after 1 min and after 5 min

Waiting goes by the workspace's wire clock, so a test can let five minutes pass by setting a clock.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.sandbox import messages, payloads
from bot.sandbox.errors import AppDidNotAnswer, NobodyListens
from bot.sandbox.records import Json
from bot.sandbox.workspace import Workspace

Way = Literal["socket", "http"]

ACK_WITHIN = timedelta(seconds=3)
ACK_WITHIN_REAL = 30.0  # so that a stopped clock does not wait for ever
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
CLOCK_CHECK = 0.02  # real seconds between two looks at the wire clock
MOST_SOCKETS = 10


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """One attempt to hand a payload to the app. `status` is the HTTP status; for sockets 200, or 0 without an ack."""

    kind: str
    payload: Json
    attempt: int
    status: int


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """An event waiting for its next attempt."""

    payload: Json
    attempt: int
    due: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: Json | None = None
    no_retry: bool = False
    reason: str = ""

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


@dataclass(eq=False)
class Socket:
    """One Socket Mode connection and the envelopes it has not acknowledged yet."""

    connection: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)

    def acknowledge(self, message: Json) -> None:
        waiting = self.waiting.pop(str(message.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(message.get("payload"))

    def give_up(self) -> None:
        for waiting in self.waiting.values():
            if not waiting.done():
                waiting.set_exception(NobodyListens("the connection closed before the app acknowledged"))
        self.waiting.clear()

    def cut(self) -> None:
        """Break the connection without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


class Delivery:
    """The courier of a workspace that is being served."""

    def __init__(self, workspace: Workspace, *, signing_clock: Callable[[], float] = time.time) -> None:
        self.workspace = workspace
        self.signing_clock = signing_clock  # real time: the receiver checks freshness against its own clock
        self.sockets: list[Socket] = []
        self.log: list[Delivered] = []
        self.unanswered = 0  # deliveries under way
        self._random = random.Random(7)
        self._waiting: list[Parcel] = []
        self._held_back: list[Json] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession()
        self._watch = asyncio.create_task(self._watch_the_clock())
        self.workspace.courier = self

    async def stop(self) -> None:
        tasks = [*self._tasks, *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for socket in list(self.sockets):
            await socket.connection.close()
        if self._session is not None:
            await self._session.close()

    # --- the two ways in --------------------------------------------------------------------------------------------

    async def ask(self, kind: str, payload: Json) -> Json | None:
        """Deliver and return the app's answer. Raises AppDidNotAnswer after 3 s or for a status other than 200."""
        copies = self.workspace.faults.copies()
        answers = await asyncio.gather(*(self._attempt(kind, payload) for _ in range(copies)))
        accepted = [answer for answer in answers if answer.accepted]
        if not accepted:
            raise (NobodyListens if answers[0].reason == "connection_failed" else AppDidNotAnswer)(answers[0].reason)
        return accepted[0].body

    async def hand_over(self, kind: str, payload: Json, *, way: Way) -> Answer:
        """One attempt by a way of the caller's choice, for tests of what is repeated or lost; any answer is given."""
        return await self._attempt(kind, payload, way=way)

    def tell(self, payload: Json) -> None:
        faults = self.workspace.faults
        if faults.shuffle_next:
            faults.shuffle_next -= 1
            self._held_back.append(payload)
            if faults.shuffle_next:
                return
            held, self._held_back = list(reversed(self._held_back)), []
        else:
            held = [payload]
        for one in held:
            for _ in range(faults.copies()):
                self._start(self._deliver_event(one, attempt=0, reason=""))

    async def settled(self) -> None:
        """Wait until nothing is under way and nothing is due."""
        self.deliver_due()
        while self._tasks:
            await asyncio.wait(self._tasks)
            self.deliver_due()

    def deliver_due(self) -> None:
        """Start every redelivery whose time has come."""
        now = self.workspace.wire_clock()
        due = [parcel for parcel in self._waiting if parcel.due <= now]
        self._waiting = [parcel for parcel in self._waiting if parcel.due > now]
        for parcel in due:
            self._start(self._deliver_event(parcel.payload, attempt=parcel.attempt, reason=parcel.reason))

    @property
    def undelivered(self) -> list[Parcel]:
        """Events that wait for another attempt."""
        return list(self._waiting)

    # --- one attempt ------------------------------------------------------------------------------------------------

    async def _deliver_event(self, payload: Json, *, attempt: int, reason: str) -> None:
        retry = (attempt, reason) if attempt else None
        answer = await self._attempt("events_api", payload, retry=retry)
        if answer.accepted or answer.no_retry or attempt >= len(RETRY_AFTER):
            return
        due = self.workspace.wire_clock() + RETRY_AFTER[attempt]
        self._waiting.append(Parcel(payload=payload, attempt=attempt + 1, due=due, reason=answer.reason))

    async def _attempt(
        self, kind: str, payload: Json, *, retry: tuple[int, str] | None = None, way: Way | None = None
    ) -> Answer:
        by_http = way == "http" if way else bool(self.workspace.request_url)
        send = self._over_http if by_http else self._over_socket
        deadline = self.workspace.wire_clock() + ACK_WITHIN
        self.unanswered += 1
        answer = await send(kind, payload, retry, deadline)
        self.unanswered -= 1
        attempt = retry[0] if retry else 0
        self.log.append(Delivered(kind=kind, payload=payload, attempt=attempt, status=answer.status))
        self.workspace.changed()
        return answer

    async def _over_socket(self, kind: str, payload: Json, retry: tuple[int, str] | None, deadline: datetime) -> Answer:
        if not self.sockets:
            return Answer(status=0, reason="connection_failed")
        socket = self._random.choice(self.sockets)
        envelope_id = self.workspace.new_word(32)
        waiting: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        socket.waiting[envelope_id] = waiting
        try:
            await socket.connection.send_json(payloads.envelope(kind, payload, envelope_id=envelope_id, retry=retry))
            await self._in_time(waiting, deadline)
            return Answer(status=200, body=waiting.result())
        except TimeoutError:
            return Answer(status=0, reason="timeout")
        except (NobodyListens, ConnectionError):
            return Answer(status=0, reason="connection_failed")
        finally:
            socket.waiting.pop(envelope_id, None)

    async def _over_http(self, kind: str, payload: Json, retry: tuple[int, str] | None, deadline: datetime) -> Answer:
        body, headers = http_request(kind, payload)
        headers |= signature_headers(self.workspace.signing_secret, body, int(self.signing_clock()))
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        posting = asyncio.ensure_future(self._post(body, headers))
        try:
            await self._in_time(posting, deadline)
            return posting.result()
        except TimeoutError:
            return Answer(status=0, reason="http_timeout")
        except aiohttp.ClientError:
            return Answer(status=0, reason="connection_failed")

    async def _post(self, body: bytes, headers: dict[str, str]) -> Answer:
        assert self._session is not None
        url = str(self.workspace.request_url)
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            text = await response.text()
            return Answer(
                status=response.status,
                body=_answer_body(text) if response.status == 200 else None,
                no_retry=response.headers.get("X-Slack-No-Retry") == "1",
                reason="" if response.status < 300 else "http_error",
            )

    async def _in_time(self, waiting: asyncio.Future[Json | None] | asyncio.Future[Answer], deadline: datetime) -> None:
        """Wait for an acknowledgement until the wire clock has passed three seconds; raises TimeoutError."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + ACK_WITHIN_REAL
        while not waiting.done():
            if self.workspace.wire_clock() >= deadline or loop.time() >= give_up:
                waiting.cancel()
                raise TimeoutError
            await asyncio.wait({waiting}, timeout=CLOCK_CHECK)

    # --- the background ---------------------------------------------------------------------------------------------

    def _start(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[call-overload]  # always our own coroutine
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch_the_clock(self) -> None:
        while True:
            await asyncio.sleep(CLOCK_CHECK)
            self.deliver_due()
            messages.release_scheduled(self.workspace)

    # --- Socket Mode ------------------------------------------------------------------------------------------------

    async def serve_socket(self, request: web.Request) -> web.StreamResponse:
        """Hold one Socket Mode connection until it ends; a ticket opens it once."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.workspace.tickets or len(self.sockets) >= MOST_SOCKETS:
            return web.Response(status=403)
        self.workspace.tickets.discard(ticket)
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        socket = Socket(connection, request)
        self._count(socket, opened=True)
        try:
            await connection.send_json(payloads.hello(self.workspace, connections=len(self.sockets)))
            async for message in connection:
                if message.type is aiohttp.WSMsgType.TEXT:
                    socket.acknowledge(json.loads(message.data))
        finally:
            self._count(socket, opened=False)
            socket.give_up()
        return connection

    def _count(self, socket: Socket, *, opened: bool) -> None:
        (self.sockets.append if opened else self.sockets.remove)(socket)
        self.workspace.connections = len(self.sockets)
        self.workspace.changed()

    async def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection that it is about to close, and close it, as Slack does from time to time."""
        for socket in list(self.sockets):
            await socket.connection.send_json(payloads.disconnect(reason))

    def kill_sockets(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self.sockets):
            socket.cut()


def http_request(kind: str, payload: Json) -> tuple[bytes, dict[str, str]]:
    """Body and content type as Slack posts this kind."""
    if kind == "events_api":
        return json.dumps(payload, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload, ensure_ascii=False)}
    return urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}


def signature_headers(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """Slack's v0 signature over timestamp and body."""
    base = f"v0:{timestamp}:".encode() + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def _answer_body(text: str) -> Json | None:
    if not text.strip():
        return None
    try:
        parsed = json.loads(text)
    except ValueError:
        return {"text": text}
    return parsed if isinstance(parsed, dict) else {"text": text}
