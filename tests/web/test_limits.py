"""What every answer carries, and requests that are cut off: too large, too slow, or broken by a mistake of ours."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import Message, Receive, Scope, Send
from uvicorn.server import ServerState

from bot.web.connections import Seats, line_with
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


class Wire:
    """A transport that only notes what is written, packet by packet."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 50_000), "sockname": ("127.0.0.1", 80)}.get(name, default)

    def write(self, data: bytes) -> None:
        self.packets.append(data)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


async def answered(request: bytes, app: Any) -> list[bytes]:
    """The packets of one answer."""
    config = uvicorn.Config(app, http=line_with(Seats(0), lambda address: address), ws="none", log_config=None)
    config.load()
    protocol: Any = config.http_protocol_class
    line, wire = protocol(config=config, server_state=ServerState(), app_state={}), Wire()
    line.connection_made(wire)
    line.data_received(request)
    while not line.cycle.response_complete:
        await asyncio.sleep(0)
    return [packet for packet in wire.packets if packet]


async def in_parts(scope: Scope, receive: Receive, send: Send) -> None:
    """An answer of two parts, given when the question is whole."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8")]})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.body", "body": b"well", "more_body": True})
    await send({"type": "http.response.body", "body": b"come"})


async def test_the_head_of_an_answer_goes_out_with_its_body_as_one_packet() -> None:
    whole, rest = await answered(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", in_parts)
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
    assert whole.endswith(b"\r\n\r\nwell")
    assert rest == b"come"


async def test_a_head_nothing_follows_and_leave_to_go_on_are_not_held_back() -> None:
    (alone,) = await answered(b"HEAD / HTTP/1.1\r\nhost: x\r\n\r\n", in_parts)
    assert alone.endswith(b"\r\n\r\n")
    asks_first = b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}"
    leave, *_ = await answered(asks_first, in_parts)
    assert leave == b"HTTP/1.1 100 Continue\r\n\r\n"


async def test_whoever_asks_for_a_web_socket_is_answered_as_anybody_and_leaves_no_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    upgrade = b"connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGhl\r\n"
    whole, _ = await answered(b"GET / HTTP/1.1\r\nhost: x\r\n" + upgrade + b"\r\n", in_parts)
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
    assert caplog.text == ""
