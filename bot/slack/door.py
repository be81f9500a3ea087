"""The HTTP way in, in front of Bolt: only a well-formed request with Slack's true signature gets past it (S3).

Bolt answers 500 to a malformed header and reads a body before it knows who sent it; both are checked here first.
"""

import re

from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.request.internals import parse_body
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response

from bot.logs import log
from bot.slack.in_time import InTime
from bot.slack.shape import has_shape

TIMESTAMP = re.compile(r"[0-9]{1,12}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
LARGEST_BODY = 1_000_000


class BodyTooLarge(Exception):
    """More than Slack ever sends."""


class HttpDoor:
    def __init__(self, in_time: InTime, signing_secret: str) -> None:
        self._in_time = in_time
        self._signing_secret = signing_secret

    async def handle(self, request: Request) -> Response:
        try:
            body = await _body_of(request)
        except BodyTooLarge:
            return Response("too large", status_code=413)
        text = self._signed(request, body)
        if text is None:
            return Response("not signed by Slack", status_code=401)
        if not _is_readable(text, request.headers.get("content-type", "")):
            log.warning("slack_payload_misshapen")
            return Response("not readable", status_code=400)
        bolt_request = AsyncBoltRequest(body=text, query=str(request.url.query), headers=dict(request.headers))
        answer = await self._in_time.answer(bolt_request)
        headers = answer.first_headers_without_set_cookie()
        return Response(content=answer.body, status_code=answer.status, headers=headers)

    def _signed(self, request: Request, body: bytes) -> str | None:
        """The body as text when shape, freshness and signature are right."""
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (self._signing_secret and TIMESTAMP.fullmatch(timestamp) and SIGNATURE.fullmatch(signature)):
            return None
        if len(request.headers.getlist("x-slack-signature")) != 1:
            return None
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return None
        return text if SignatureVerifier(self._signing_secret).is_valid(text, timestamp, signature) else None


async def _body_of(request: Request) -> bytes:
    """The raw body; raises BodyTooLarge as soon as it is."""
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > LARGEST_BODY:
            raise BodyTooLarge(BodyTooLarge.__doc__)
    return bytes(chunks)


def _is_readable(text: str, content_type: str) -> bool:
    """Whether Bolt, reading it, will find a payload of Slack's shape in it."""
    try:
        return has_shape(parse_body(text, content_type.partition(";")[0]))
    except (ValueError, RecursionError):
        return False
