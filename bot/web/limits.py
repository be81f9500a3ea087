"""The outermost layer: how large a body may be, and the headers every answer carries."""

import asyncio
import contextlib
from collections.abc import Collection
from itertools import chain

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.origins import header, shared_with
from bot.web.problems import CutOff, problem

LARGEST_BODY = 64 * 1024
LARGEST_SLACK_BODY = 1024 * 1024
LARGEST_HEADERS = 32 * 1024
BODY_WITHIN = 20.0  # seconds

CONTENT_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
OWN_FORM_POLICY = CONTENT_POLICY.replace(b"form-action 'none'", b"form-action 'self'")
NO_SCRIPT_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
PAGES_WITH_A_FORM = ("/nobody-called/", "/sooner/", "/correct/")
FORM_PAGES = "/forms/"
CHAT_PAGE = "/chat"  # works without script, and says itself, in words, when a message is too large
ASK_AGAIN = (b"cache-control", b"no-cache")  # files may be kept, but are asked for: loader and panel change together
KEEP_NOTHING = (b"cache-control", b"no-store")


class BodyTooLarge(CutOff):
    """The body passed its limit while it was being read."""


class BodyTooSlow(CutOff):
    """The body did not come whole in time."""


class BodyInTime:
    """A body as the application reads it, cut off once it is over its limit (bytes) or late (`until`, the loop's time).

    `receive` raises BodyTooLarge and BodyTooSlow; `cut` keeps which of them it was.
    """

    def __init__(self, receive: Receive, *, limit: int, until: float) -> None:
        self._receive = receive
        self._limit = limit
        self._until = until
        self._read = 0
        self._is_whole = False
        self.cut: CutOff | None = None

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self.cut = BodyTooSlow()
            raise self.cut from None
        self._read += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._read > self._limit:
            self.cut = BodyTooLarge()
            raise self.cut
        return message


class _Answer:
    """The application's answer, with the safe headers; withheld when the body was cut off, for that answer is ours."""

    def __init__(self, scope: Scope, send: Send, body: BodyInTime) -> None:
        self._scope = scope
        self._send = send
        self._body = body
        self.started = False

    async def send(self, message: Message) -> None:
        if self._body.cut is not None and not self.started and self._scope["path"] != CHAT_PAGE:
            return
        if message["type"] == "http.response.start":
            self.started = True
            message["headers"] = [*message.get("headers", ()), *safe_headers(self._scope)]
        await self._send(message)


class Limits:
    """Refuses a body over its limit before anything parses it, or one that never ends, and adds the safe headers."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str] = (), patience: float = BODY_WITHIN) -> None:
        """`patience`: seconds for a whole body."""
        self._app = app
        self._origins = origins
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = LARGEST_SLACK_BODY if scope["path"].startswith("/slack/") else LARGEST_BODY
        if declared(scope) > limit and scope["path"] != CHAT_PAGE:
            await self._refuse(scope, receive, send, limit)
            return
        if not has_small_headers(scope):
            await self._answer(scope, receive, send, 431, "headers_too_large", "the headers of a request are too large")
            return
        body = BodyInTime(receive, limit=limit, until=asyncio.get_running_loop().time() + self._patience)
        answer = _Answer(scope, send, body)
        with contextlib.suppress(CutOff):
            await self._app(scope, body.receive, answer.send)
        if isinstance(body.cut, BodyTooLarge) and not answer.started:
            await self._refuse(scope, receive, send, limit)
        elif body.cut is not None and not answer.started:
            await too_slow(scope, self._origins)(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        await self._answer(scope, receive, send, 413, "too_large", f"a request has at most {limit} bytes")

    async def _answer(self, scope: Scope, receive: Receive, send: Send, status: int, error: str, message: str) -> None:
        await _last(scope, self._origins, status, error, message)(scope, receive, send)


def too_slow(scope: Scope, origins: Collection[str]) -> Response:
    """What somebody hears whose request did not come whole in time."""
    return _last(scope, origins, 408, "too_slow", "the request did not come whole in time")


def _last(scope: Scope, origins: Collection[str], status: int, error: str, message: str) -> Response:
    """What is left of the request is not worth reading: the connection ends with the answer."""
    return in_front(problem(status, error, message, {"Connection": "close"}), scope, origins)


def in_front(answer: Response, scope: Scope, origins: Collection[str]) -> Response:
    """An answer given in front of the application, with the headers its layers would have added."""
    answer.raw_headers += [*safe_headers(scope), *shared_with(scope, origins)]
    return answer


def safe_headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """What every answer at this path carries, refusals too."""
    caching = ASK_AGAIN if scope["path"].startswith("/static/") else KEEP_NOTHING
    return [*SAFE_HEADERS, _content_policy(scope), caching]


def _content_policy(scope: Scope) -> tuple[bytes, bytes]:
    if scope["path"] == CHAT_PAGE or scope["path"].startswith(FORM_PAGES):
        return (b"content-security-policy", NO_SCRIPT_POLICY)
    own_form = scope["path"].startswith(PAGES_WITH_A_FORM)
    return (b"content-security-policy", OWN_FORM_POLICY if own_form else CONTENT_POLICY)


def declared(scope: Scope) -> int:
    """How many bytes the body has, as the request says; 0 when it does not say."""
    said = header(scope, b"content-length")
    return int(said) if said.isdigit() else 0


def has_small_headers(scope: Scope) -> bool:
    return sum(map(len, chain.from_iterable(scope["headers"]))) <= LARGEST_HEADERS
