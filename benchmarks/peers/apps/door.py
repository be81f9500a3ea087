"""The door of every peer in Python: our two calls of the chat as a bare ASGI program on uvicorn."""

import asyncio
import json
import secrets
import socket
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

import uvicorn
import uvloop
from pydantic_core import from_json, to_json

_interview = json.loads(Path(__file__).with_name("interview.json").read_text("utf-8"))
QUESTIONS: list[str] = _interview["questions"]
THANKS: str = _interview["thanks"]
SESSIONS, MESSAGES = "/api/chat/sessions", "/api/chat/messages"
WAITING = 2048


class Interviewer(Protocol):
    """Keeps talks. Both answers go out, so both are durable when they are given."""

    async def open(self, token: str) -> str:
        """A new talk; the first question."""

    async def say(self, token: str, text: str) -> tuple[str, bool]:
        """What was typed; the next question or thanks, and whether that was the end."""


def program(interviewer: Interviewer) -> Callable[..., Awaitable[None]]:
    async def answer(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Any) -> None:
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        if scope["path"] == SESSIONS:
            token = secrets.token_urlsafe(16)
            status = 201
            answered: dict[str, object] = {"token": token, "reply": await interviewer.open(token)}
        elif scope["path"] == MESSAGES:
            said = from_json(body)
            bearer = next(value for name, value in scope["headers"] if name == b"authorization")
            reply, done = await interviewer.say(bearer[7:].decode(), said.get("text") or said["choice"])
            status = 200
            answered = {"reply": reply, "done": done}
        else:
            status, answered = 404, {}
        body = to_json(answered)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


def serve(interviewers: AbstractAsyncContextManager[Interviewer]) -> None:
    """Until SIGTERM."""

    async def run() -> None:
        async with interviewers as interviewer:
            with socket.create_server(("127.0.0.1", 0), backlog=WAITING) as place:
                config = uvicorn.Config(
                    program(interviewer), http="httptools", lifespan="off", log_level="warning", access_log=False
                )
                print(f"listens on http://127.0.0.1:{place.getsockname()[1]}", flush=True)
                await uvicorn.Server(config).serve([place])

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
