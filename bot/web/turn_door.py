"""POST /api/chat/messages: one turn, answered without the layers that only describe and check.

The same call is declared beside the others in bot/web/chat.py, which describes it in /openapi.json. Here a message that
is plainly in order goes straight to the store; whatever is not is handed on, and the application says what is wrong.
"""

from pydantic import ValidationError
from pydantic_core import to_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.bootstrap import Services
from bot.chat_words import chat_talk
from bot.web import problems
from bot.web.chat import Saying, speak, token_in
from dialogs.turn import ChatNotFound

PATH = "/api/chat/messages"
JSON = b"application/json"


class TurnDoor:
    """Answers the one call, and hands everything else on."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        heard = await _whole(receive)
        plain = _plain(scope, heard)
        if plain is None:
            await self._app(scope, _again(heard, receive), send)
            return
        try:
            reply = await speak(self._services, *plain)
        except problems.ANSWERED as problem:
            await problems.answer_to(problem)(scope, receive, send)
            return
        body = to_json(chat_talk(self._services.words, reply))
        headers = [(b"content-length", str(len(body)).encode()), (b"content-type", JSON)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _whole(receive: Receive) -> list[Message]:
    """Everything that belongs to the request; a visitor who left in the middle is the last of it."""
    heard = [await receive()]
    while heard[-1].get("more_body"):
        heard.append(await receive())
    return heard


def _plain(scope: Scope, heard: list[Message]) -> tuple[str, Saying] | None:
    """The token, and what is said with it; None unless both are in order."""
    headers = dict(scope["headers"])
    if not headers.get(b"content-type", b"").startswith(JSON) or heard[-1]["type"] != "http.request":
        return None
    body = b"".join(part.get("body", b"") for part in heard)
    try:
        return token_in(headers.get(b"authorization", b"").decode("latin-1")), Saying.model_validate_json(body)
    except (ChatNotFound, ValidationError):
        return None


def _again(heard: list[Message], receive: Receive) -> Receive:
    """What was read already, once more, and then what comes."""
    rest = iter(heard)

    async def again() -> Message:
        return next(rest, None) or await receive()

    return again
