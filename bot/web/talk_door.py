"""A talk begun and a message said, answered without the layers that only describe and check.

    POST /api/chat/sessions     POST /api/chat/messages

The same calls are declared beside the others in bot/web/chat.py, which describes them in /openapi.json. Here what is
plainly in order goes straight to the store; whatever is not is handed on, and the application says what is wrong.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from pydantic import ValidationError
from pydantic_core import to_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.bootstrap import Services
from bot.in_words.chat import chat_talk
from bot.web import problems
from bot.web.chat import Beginning, Saying, begin_talk, speak, token_in
from bot.web.limits import BODY_WITHIN, LARGEST_BODY, has_small_headers, in_front, safe_headers, too_slow
from bot.web.origins import CHAT_API, shared_with_origin
from bot.web.streams import Streams
from dialogs.turn import ChatNotFound

BEGIN, SAY = f"{CHAT_API}/sessions", f"{CHAT_API}/messages"
JSON = b"application/json"
HEAD = ((b"content-type", JSON), *safe_headers({"path": SAY}))

Headers = dict[bytes, bytes]
Answer = Awaitable[bytes]


class TalkDoor:
    """Answers the two calls, and hands everything else on."""

    def __init__(self, app: ASGIApp, services: Services, streams: Streams, origins: Collection[str] = ()) -> None:
        self._app = app
        self._services = services
        self._streams = streams
        self._origins = origins
        self._acts: dict[str, tuple[int, Callable[[Headers, bytes], Answer]]] = {
            BEGIN: (201, self._begin),
            SAY: (200, self._say),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        act = self._acts.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        headers = _plain_headers(scope) if act else None
        if not act or not headers:
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(BODY_WITHIN):
                heard = await _whole(receive)
        except TimeoutError:
            await too_slow(scope, self._origins)(scope, receive, send)
            return
        status, answer_to = act
        answer = _in_order(answer_to, headers, heard)
        if answer is None:
            await self._app(scope, _again(heard, receive), send)
            return
        try:
            body = await answer
        except problems.ANSWERED as problem:
            await in_front(problems.answer_to(problem), scope, self._origins)(scope, receive, send)
            return
        head = [
            (b"content-length", b"%d" % len(body)),
            *HEAD,
            *shared_with_origin(headers.get(b"origin", b""), self._origins),
        ]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": body})

    def _begin(self, headers: Headers, body: bytes) -> Answer:
        asked = headers.get(b"accept-language", b"").decode("latin-1")
        return self._opening(Beginning.model_validate_json(body), asked)

    async def _opening(self, beginning: Beginning, asked: str) -> bytes:
        return to_json(await begin_talk(self._services, beginning, asked))

    def _say(self, headers: Headers, body: bytes) -> Answer:
        token = token_in(headers.get(b"authorization", b"").decode("latin-1"))
        return self._reply(token, Saying.model_validate_json(body))

    async def _reply(self, token: str, saying: Saying) -> bytes:
        reply = await speak(self._services, token, saying)
        talk = to_json(chat_talk(self._services.words, reply))
        asyncio.get_running_loop().call_soon(self._streams.tell, reply, talk)  # whoever asked hears it first
        return talk


def _plain_headers(scope: Scope) -> Headers | None:
    """The headers of a JSON body whose size is said and fits; None when there is more to say about them."""
    headers: Headers = dict(scope["headers"])
    size = headers.get(b"content-length", b"")
    plain = (
        headers.get(b"content-type", b"").startswith(JSON)
        and size.isdigit()
        and int(size) <= LARGEST_BODY
        and len(headers) == len(scope["headers"])
        and has_small_headers(scope)
    )
    return headers if plain else None


async def _whole(receive: Receive) -> list[Message]:
    """Everything that belongs to the request; a visitor who left in the middle is the last of it."""
    heard = [await receive()]
    while heard[-1].get("more_body"):
        heard.append(await receive())
    return heard


def _in_order(answer_to: Callable[[Headers, bytes], Answer], headers: Headers, heard: list[Message]) -> Answer | None:
    """The answer to what was heard; None when it has to be told first what is wrong with it."""
    if heard[-1]["type"] != "http.request":
        return None
    try:
        return answer_to(headers, b"".join(part.get("body", b"") for part in heard))
    except (ChatNotFound, ValidationError):
        return None


def _again(heard: list[Message], receive: Receive) -> Receive:
    """What was read already, once more, and then what comes."""
    rest = iter(heard)

    async def again() -> Message:
        return next(rest, None) or await receive()

    return again
