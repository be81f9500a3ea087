"""The page behind a prospect's receipt: two languages, one button, no script, and no doing by looking."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.bootstrap import Services, start_services
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.streams import Streams
from qualification.receipt import receipt_of
from tests.business import Business
from tests.clock import Clock


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/web.db", bantline_url="https://desk.example.jp/")
    services = start_services(settings, clock=clock)
    yield services
    services.close()


@pytest.fixture
def desk(services: Services, clock: Clock) -> Business:
    return Business(services.store, clock)


@pytest.fixture
def browser(services: Services) -> TestClient:
    return TestClient(build_web(services, Streams(services)), raise_server_exceptions=False)


def test_looking_changes_nothing_and_pressing_tells_the_manager(desk: Business, browser: TestClient) -> None:
    lead = desk.qualified_lead()
    path = f"/nobody-called/{desk.does(receipt_of, lead)}"

    page = browser.get(path)
    assert page.status_code == 200
    assert "まだ連絡を受けていません / Nobody has contacted me yet" in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert desk.history(lead, "nobody_called") == []

    answers = [browser.post(path) for _ in range(2)]
    assert ["責任者に伝えました。本日13:00までに" in answer.text for answer in answers] == [True, True]
    assert "<button" not in answers[0].text
    assert len(desk.history(lead, "nobody_called")) == 1


def test_the_leads_language_comes_first(desk: Business, browser: TestClient) -> None:
    lead = desk.qualified_lead(language="en")
    page = browser.get(f"/nobody-called/{desk.does(receipt_of, lead)}").text

    assert page.index('<section lang="en">') < page.index('<section lang="ja">')


@pytest.mark.parametrize("token", ["x" * 32, "short", "%2e%2e%2f" * 8])
def test_a_link_of_nobody_leads_nowhere(browser: TestClient, token: str) -> None:
    assert browser.post(f"/nobody-called/{token}").status_code in (404, 422)


def test_other_pages_still_allow_no_form(browser: TestClient) -> None:
    assert "form-action 'none'" in browser.get("/healthz").headers["content-security-policy"]


def test_the_promise_in_the_chat_carries_the_link(services: Services) -> None:
    facts = {"due_at": "2026-05-18T04:00:00+00:00", "reachable": True, "receipt": "abc"}
    for name in ("completed", "thank_you_will_reach", "person_is_coming"):
        for language in ("ja", "en"):
            said = services.words.prompt(name, language, facts, services.clock())
            assert "https://desk.example.jp/nobody-called/abc" in said
            without = services.words.prompt(name, language, {**facts, "receipt": None}, services.clock())
            assert "nobody-called" not in without
