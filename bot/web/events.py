"""GET /api/chat/events: the talk as Server-Sent Events, for a panel that is open and looked at.

    Authorization: Bearer TOKEN     never in the address, which ends up in logs
    Last-Event-ID or ?after=SEQ     what the panel has already; everything later follows at once
    data: {"messages", "language", "state", "question", "person", "typing"}, id: the number of the last message

It stands in front of the application: ten thousand of these wait at once, and every layer between would wait too.
"""

from collections.abc import Sequence
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.bootstrap import Services
from bot.web.chat import chat_with, token_in
from bot.web.connections import Seats
from bot.web.gate import network_of
from bot.web.limits import safe_headers
from bot.web.origins import Shared, shared_with
from bot.web.problems import problem
from bot.web.streams import Stream, Streams, TooManyStreams
from bot.web.tokens import hash_of
from dialogs.turn import ChatNotFound
from qualification.store import Unavailable

PATH = "/api/chat/events"
COME_BACK_AFTER = 2_000  # milliseconds
OPENING = f"retry: {COME_BACK_AFTER}\n\n".encode()
RETRY_LATER = "30"
EVENT_STREAM = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),  # nginx would keep the events to itself
    *safe_headers({"path": PATH}),
)


class EventDoor:
    """Answers the one address, and hands everything else on."""

    def __init__(self, app: ASGIApp, services: Services, streams: Streams, origins: Sequence[str]) -> None:
        self._app = app
        self._seats = Seats(services.settings.bantline_lines_per_address)
        self._services = services
        self._streams = streams
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        sharing = shared_with(scope, self._origins)
        address = network_of(scope["client"][0]) if scope.get("client") else ""
        try:
            chat_id = await self._chat_of(headers.get("authorization", ""))
            stream = self._join(chat_id, _seen(headers, scope), send, address)
        except (ChatNotFound, TooManyStreams, Unavailable) as refused:
            await _refuse(refused, sharing)(scope, receive, send)
            return
        try:
            stream.begin([*EVENT_STREAM, *sharing], OPENING)
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._streams.leave(stream)
            self._seats.give_back(address)

    def _join(self, chat_id: str, seen: int, send: Send, address: str) -> Stream:
        """Raises TooManyStreams."""
        if not self._seats.take(address):
            raise TooManyStreams(TooManyStreams.__doc__)
        try:
            return self._streams.join(chat_id, seen, send)
        except TooManyStreams:
            self._seats.give_back(address)
            raise

    async def _chat_of(self, authorization: str) -> str:
        opened = hash_of(token_in(authorization))
        return await self._services.store.look(lambda session: chat_with(session, opened).id)


def _seen(headers: Headers, scope: Scope) -> int:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("after", ["0"])[0]
    seen = headers.get("last-event-id") or asked
    return min(int(seen), 2**31 - 1) if seen.isascii() and seen.isdigit() and len(seen) < 12 else 0


def _refuse(refused: Exception, sharing: Shared) -> JSONResponse:
    if isinstance(refused, ChatNotFound):
        answer = problem(401, "unknown_token", str(refused))
    else:
        answer = problem(503, "unavailable", str(refused), {"Retry-After": RETRY_LATER})
    answer.raw_headers += [*safe_headers({"path": PATH}), *sharing]
    return answer
