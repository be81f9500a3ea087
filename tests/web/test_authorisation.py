"""Who may call what over HTTP (S1): every route is listed from the code, and one nobody has declared fails here."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from bot.bootstrap import start_services
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.streams import Streams
from tests.files import database_in

KEY = "key-of-the-tests"
NOBODY = "0" * 12
IN_THE_BODY = "the talk's token, in the body: a page that closes can set no header"
ANYBODY, KEY_ONLY, TALK_ONLY, SLACK_ONLY, BY_LINK = (
    "anybody",
    "key",
    "the talk's token",
    "Slack",
    "a secret in the link",
)

WHO_MAY: dict[str, str] = {
    "GET /": ANYBODY,
    "GET /healthz": ANYBODY,
    "GET /livez": ANYBODY,
    "POST /api/chat/sessions": ANYBODY,
    "GET /chat": ANYBODY,
    "POST /chat": ANYBODY,
    "GET /api/forms/{name}": ANYBODY,
    "POST /api/forms/{name}": ANYBODY,
    "GET /forms/{name}": ANYBODY,
    "POST /forms/{name}": ANYBODY,
    "POST /api/chat/messages": TALK_ONLY,
    "GET /api/chat/messages": TALK_ONLY,
    "GET /api/chat/export": TALK_ONLY,
    "DELETE /api/chat": TALK_ONLY,
    "POST /api/chat/activities": IN_THE_BODY,
    "GET /metrics": KEY_ONLY,
    "GET /api/leads": KEY_ONLY,
    "GET /api/leads/{lead_id}": KEY_ONLY,
    "GET /api/leads/{lead_id}/why": KEY_ONLY,
    "POST /api/leads/{lead_id}/activities": KEY_ONLY,
    "POST /api/leads/{lead_id}/attributes": KEY_ONLY,
    "POST /api/leads/{lead_id}/result": KEY_ONLY,
    "GET /definition": KEY_ONLY,
    "GET /api/definition": KEY_ONLY,
    "POST /slack/events": SLACK_ONLY,
}
BODIES = {
    "POST /api/chat/messages": {"id": "1", "text": "hello"},
    "POST /api/leads/{lead_id}/activities": {"id": "1", "kind": "page_viewed"},
    "POST /api/leads/{lead_id}/attributes": {"industry": "manufacturing"},
    "POST /api/leads/{lead_id}/result": {"id": "1", "result": "won"},
}
MALFORMED = [
    "",
    "Bearer",
    f"Bearer {KEY} x",
    f"Bearer,{KEY}",
    KEY,
    f"Token {KEY}",
    "Basic !!!",
    "Basic Og==",
    "Basic é",
]
CLOSED = [route for route, who in WHO_MAY.items() if who in (KEY_ONLY, TALK_ONLY)]


async def from_slack(request: Request) -> Response:
    raise AssertionError("nobody calls it here")


@pytest.fixture
def routes(own_folder: Path) -> Iterator[list[APIRoute]]:
    services = start_services(Settings(database_url=database_in(own_folder)))
    app = build_web(services, Streams(services), slack_requests=from_slack)
    yield list(_routes_of(app.routes))
    services.close()


def _routes_of(listed: Sequence[Any]) -> Iterator[APIRoute]:
    """Those of included routers too, which FastAPI keeps as one entry each."""
    for route in listed:
        if isinstance(route, APIRoute):
            yield route
        elif (included := getattr(route, "original_router", None)) is not None:
            yield from _routes_of(included.routes)


def test_every_route_of_the_code_is_declared(routes: list[APIRoute]) -> None:
    found = {f"{method} {route.path}" for route in routes for method in (route.methods or set()) - {"HEAD"}}
    by_link = {route for route in found if "{token}" in route}
    assert found - by_link - set(WHO_MAY) == set()
    assert set(WHO_MAY) - found == set()


@pytest.mark.parametrize("route", CLOSED)
def test_a_closed_route_opens_to_no_other_and_no_malformed_credential(web: httpx2.Client, route: str) -> None:
    method, _, path = route.partition(" ")
    token = web.post("/api/chat/sessions", json={"locale": "en"}).json()["token"]
    wrong = f"Bearer {token if WHO_MAY[route] == KEY_ONLY else KEY}"
    for header in (None, wrong, f"Bearer {NOBODY}", f"Bearer {'x' * 4_000}", "Bearer é", *MALFORMED):
        answer = web.request(
            method,
            path.format(lead_id=NOBODY),
            headers=httpx2.Headers({} if header is None else {"Authorization": header}, encoding="utf-8"),
            json=BODIES.get(route),
        )
        assert answer.status_code == 401, (header, answer.text)
        assert NOBODY not in answer.text
