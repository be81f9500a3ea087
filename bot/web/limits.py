"""The outermost layer: how large a body may be, and the headers every answer carries."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import problem

LARGEST_BODY = 64 * 1024
LARGEST_SLACK_BODY = 1024 * 1024

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
PAGES_WITH_A_FORM = ("/nobody-called/",)
CHAT_PAGE = "/chat"  # works without script, and says itself, in words, when a message is too large
ASK_AGAIN = (b"cache-control", b"no-cache")  # files may be kept, but are asked for: loader and panel change together
KEEP_NOTHING = (b"cache-control", b"no-store")


class BodyTooLarge(Exception):
    """The body passed its limit while it was being read."""


class Limits:
    """Refuses a body over its limit before anything parses it, and adds the safe headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = LARGEST_SLACK_BODY if scope["path"].startswith("/slack/") else LARGEST_BODY
        if _declared(scope) > limit and scope["path"] != CHAT_PAGE:
            await self._refuse(scope, receive, send, limit)
            return
        started, read = False, 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise BodyTooLarge
            return message

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message.get("headers", ()), *safe_headers(scope)]
            await send(message)

        try:
            await self._app(scope, counted, with_headers)
        except BodyTooLarge:
            if not started:
                await self._refuse(scope, receive, send, limit)

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        answer = problem(413, "too_large", f"a request has at most {limit} bytes")
        await answer(scope, receive, send)


def safe_headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """What every answer at this path carries, refusals too."""
    caching = ASK_AGAIN if scope["path"].startswith("/static/") else KEEP_NOTHING
    return [*SAFE_HEADERS, _content_policy(scope), caching]


def _content_policy(scope: Scope) -> tuple[bytes, bytes]:
    if scope["path"] == CHAT_PAGE:
        return (b"content-security-policy", NO_SCRIPT_POLICY)
    own_form = scope["path"].startswith(PAGES_WITH_A_FORM)
    return (b"content-security-policy", OWN_FORM_POLICY if own_form else CONTENT_POLICY)


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
