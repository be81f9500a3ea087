"""What every answer carries, and requests that are cut off: too large, too slow, or broken by a mistake of ours."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import Message, Receive, Scope, Send

from bot.web.connections import Seats
from bot.web.edge import Edge
from bot.web.limits import LARGEST_BODY, Limits

SITE = "https://www.asahi.example"


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def error(self) -> str:
        return str(json.loads(self.body)["error"])


def door() -> FastAPI:
    """Our layers around a route that reads its body as FastAPI does, and one that breaks."""
    app = FastAPI()

    @app.post("/said")
    async def said(body: dict[str, Any]) -> dict[str, int]:
        return {"fields": len(body)}

    @app.post("/broken/{secret}")
    async def broken(request: Request) -> None:
        raise ZeroDivisionError

    app.add_middleware(CORSMiddleware, allow_origins=[SITE])
    app.add_middleware(Limits, origins=(SITE,), patience=0.05)
    app.add_middleware(Edge, origins=(SITE,))
    return app


async def ask(path: str, *chunks: bytes, ends: bool = True, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Answer:
    """A POST whose body comes in these parts, or never ends."""
    parts: AsyncIterator[Message] = _parts(chunks, ends)
    answer = Answer()

    async def receive() -> Message:
        return await anext(parts)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        answer.body += message.get("body", b"")

    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"origin", SITE.encode()), *headers],
    }
    layers: Any = door()
    await _run(layers, scope, receive, send)
    return answer


async def _run(layers: Any, scope: Scope, receive: Receive, send: Send) -> None:
    await layers(scope, receive, send)


async def _parts(chunks: tuple[bytes, ...], ends: bool) -> AsyncIterator[Message]:
    for place, chunk in enumerate(chunks):
        yield {"type": "http.request", "body": chunk, "more_body": not ends or place < len(chunks) - 1}
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (lambda: ask("/said", b'{"a": 1}'), 200, None),
        (lambda: ask("/said", b'{"a": "', *[b"x" * 10_000] * 7), 413, "too_large"),
        (lambda: ask("/said", headers=((b"content-length", b"%d" % (LARGEST_BODY + 1)),)), 413, "too_large"),
        (lambda: ask("/said", b"{", ends=False), 408, "too_slow"),
        (lambda: ask("/said", headers=((b"x-long", b"x" * 40_000),)), 431, "headers_too_large"),
        (lambda: ask("/broken/secret", b"{}"), 500, "internal"),
    ],
    ids=["well", "too large in parts", "too large as declared", "never ends", "headers", "our mistake"],
)
async def test_every_answer_has_the_safe_headers_and_can_be_read_by_the_page(
    answer: Any, status: int, error: str | None
) -> None:
    got = await answer()

    assert got.status == status
    assert error is None or got.error == error
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in got.headers["content-security-policy"]
    assert got.headers["access-control-allow-origin"] == SITE


async def test_a_mistake_is_logged_without_what_the_path_held(capsys: pytest.CaptureFixture[str]) -> None:
    await ask("/broken/secret-of-a-prospect", b"{}")

    assert "secret-of-a-prospect" not in capsys.readouterr().out.split("Traceback")[0]


def test_an_address_has_only_so_many_seats_and_gets_them_back() -> None:
    seats = Seats(2)

    assert [seats.take("a"), seats.take("a"), seats.take("a"), seats.take("b")] == [True, True, False, True]
    seats.give_back("a")
    assert seats.take("a")
