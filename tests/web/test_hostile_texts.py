"""What people send to do harm goes through every door of the web into both databases, and comes out again."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from bot.bootstrap import Services, as_json_text, start_services
from bot.lead_json import dossier_json
from bot.lists.giving_out import rows_of
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.streams import Streams
from qualification.dossier import dossier_of
from qualification.look import Look
from qualification.records import Lead
from tests.clock import Clock
from tests.postgres import fresh_schema
from tests.slack.hostile import hostile_strings

KEY = {"Authorization": "Bearer key-of-the-tests"}
HALVES = ["\ud83d", "a\udc00b", "\ud83d\x00\udc00", "𠮷" * 1_000, "𩸽田\u0000田", "\x00" * 50]
OF_TEXTS = [*hostile_strings()[::9], *HALVES]


@pytest.fixture(params=["sqlite", "postgres"])
def services(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Services]:
    with contextlib.ExitStack() as stack:
        on_postgres = request.param == "postgres"
        server = request.getfixturevalue("postgres_url") if on_postgres else ""
        url = stack.enter_context(fresh_schema(server)) if on_postgres else f"sqlite:///{tmp_path}/hostile.db"
        settings = Settings(database_url=url, bantline_api_key="key-of-the-tests", bantline_chats_a_minute=0)
        services = start_services(settings, clock=clock)
        stack.callback(services.close)
        yield services


def test_no_text_breaks_a_door_or_what_is_kept(services: Services) -> None:
    web = TestClient(build_web(services, Streams(services)), raise_server_exceptions=False)
    broken = [(door, text[:30]) for text in OF_TEXTS for door, status in statuses(web, text) if status >= 500]
    assert broken == []
    assert services.store.read(lambda session: everything_is_shown(session, services))


def everything_is_shown(session: Session, services: Services) -> bool:
    policy, now = services.store.policy, services.clock()
    dossiers = [dossier_of(Look(session), one.id, policy=policy, now=now) for one in session.exec(select(Lead)).all()]
    told = [as_json_text(dossier_json(dossier, services.words, now)).encode() for dossier in dossiers]
    return len(told) + 1 == len(list(rows_of(session, services.words))) > 1


def statuses(web: TestClient, text: str) -> Iterator[tuple[str, int]]:
    """Each door with the text in each of its fields; JSON carries half a letter as an escape."""

    def send(path: str, body: Any, **headers: str) -> Any:
        headers = {"Content-Type": "application/json", **headers}
        return web.post(path, content=json.dumps(body).encode(), headers=headers)

    begun = send("/api/chat/sessions", {"locale": text[:20], "page": text[:400]})
    if begun.status_code != 201:
        yield "session with it", begun.status_code
        begun = send("/api/chat/sessions", {"locale": "ja"})
    bearer = {"Authorization": f"Bearer {begun.json()['token']}"}
    for number in range(2):
        answer = send("/api/chat/messages", {"id": f"m{number}", "text": text[:3900] + "困っています"}, **bearer)
        yield "message", answer.status_code
    yield "message id", send("/api/chat/messages", {"id": text[:60], "text": "x"}, **bearer).status_code
    yield "choice", send("/api/chat/messages", {"id": "c", "choice": text[:60]}, **bearer).status_code
    fields = {"email": "a@b.example", "company": text[:100], "person": text[:70]}
    yield "form", send("/api/forms/document", {"id": text[:60], "fields": fields, "locale": "ja"}).status_code
    found = web.get("/api/leads", headers=KEY).json()["leads"]
    for lead in found[:1]:
        for field in ("title", "department", "industry", "product"):
            yield field, send(f"/api/leads/{lead['id']}/attributes", {field: text[:200]}, **KEY).status_code
        body = {"id": text[:60] or "x", "kind": "page_viewed", "data": {"page": text[:200]}}
        yield "lead activity", send(f"/api/leads/{lead['id']}/activities", body, **KEY).status_code
        yield (
            "result",
            send(f"/api/leads/{lead['id']}/result", {"result": "lost", "note": text[:400]}, **KEY).status_code,
        )
