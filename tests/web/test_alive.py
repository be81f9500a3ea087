"""What a load balancer may ask, apart from what a person who watches must hear."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.bootstrap import Services, start_services
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.streams import Streams
from tests.files import database_in


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = start_services(Settings(database_url=database_in(tmp_path)))
    yield services
    services.close()


@pytest.fixture
def web(services: Services) -> TestClient:
    return TestClient(build_web(services, Streams(services)), raise_server_exceptions=False)


def test_a_silent_worker_wakes_a_person_but_takes_no_chat_off_the_page(web: TestClient) -> None:
    assert web.get("/healthz").status_code == 503
    assert web.get("/livez").json() == {"status": "ok"}
    assert web.post("/api/chat/sessions", json={"locale": "en"}).status_code == 201


def test_a_process_that_cannot_read_its_database_gets_no_visitors(
    web: TestClient, services: Services, tmp_path: Path
) -> None:
    services.store.engine.dispose()
    (tmp_path / "bantline.db").write_bytes(b"no database any more" * 500)

    assert web.get("/livez").status_code >= 500
