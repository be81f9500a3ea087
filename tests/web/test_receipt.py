"""The pages behind the links of a receipt: two languages, one button, no script, and no doing by looking."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from bot.bootstrap import Services, start_services
from bot.settings import Settings
from bot.slack.card import card
from bot.slack.voice import Voice
from bot.web.app import build_web
from bot.web.streams import Streams
from bot.web.tokens import hash_of
from bot.words import Words
from qualification.calls import Outcome
from qualification.dossier import dossier_of
from qualification.receipt import receipt_of
from tests.business import Business
from tests.clock import TOKYO, Clock, jst
from tests.dialogs.chatting import Prospect
from tests.files import database_in


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    settings = Settings(database_url=database_in(tmp_path), bantline_url="https://desk.example.jp/")
    services = start_services(settings, clock=clock)
    yield services
    services.close()


@pytest.fixture
def desk(services: Services, clock: Clock) -> Business:
    return Business(services.store, clock)


@pytest.fixture
def browser(services: Services) -> TestClient:
    return TestClient(build_web(services, Streams(services)), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("place", "button", "heard", "told"),
    [
        ("nobody-called", "まだ連絡を受けていません", "責任者に伝えました。本日13:00までに", "nobody_called"),
        ("sooner", "できるだけ早く連絡がほしい", "遅くとも本日13:00までにご連絡いたします", "sooner_wanted"),
    ],
)
def test_looking_changes_nothing_and_pressing_tells_us_once(
    desk: Business, browser: TestClient, place: str, button: str, heard: str, told: str
) -> None:
    lead = desk.qualified_lead()
    path = f"/{place}/{desk.does(receipt_of, lead)}"

    page = browser.get(path)
    assert page.status_code == 200
    assert button in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert desk.history(lead, told) == []

    answers = [browser.post(path) for _ in range(2)]
    assert [heard in answer.text for answer in answers] == [True, True]
    assert "<button" not in answers[0].text
    assert len(desk.history(lead, told)) == 1
    assert [row.payload["event"] for row in desk.said("ring")] == [told]


def test_sooner_please_is_on_the_card_until_somebody_has_called(desk: Business, browser: TestClient) -> None:
    lead = desk.qualified_lead()
    token = desk.does(receipt_of, lead)
    browser.post(f"/sooner/{token}")

    dossier = desk.store.run_here(lambda tx: dossier_of(tx, lead, policy=tx.policy, now=tx.now))
    voice = Voice(words=Words(TOKYO), language="en", now=desk.clock.now)
    assert "Asked to hear from us sooner (Mon 18 May, 10:00 am)" in card(dossier, voice)["text"]
    assert (dossier.lead.temperature, dossier.clocks[0].due_at) == ("hot", jst("2026-05-18 13:00"))
    desk.calls(lead, Outcome.CONNECTED)
    assert "すでにご連絡を差し上げた記録" in browser.post(f"/sooner/{token}").text


def test_correct_opens_the_read_back_on_any_device(services: Services, desk: Business, browser: TestClient) -> None:
    prospect = Prospect(services.store, token=hash_of("the-token-of-the-other-device"))
    prospect.opens_chat()
    prospect.says_everything()
    path = f"/correct/{prospect.lead.receipt}"

    assert "チャットを開いて訂正する" in browser.get(path).text
    assert prospect.chat.state == "completed", "looking changes nothing"
    page = browser.post(path)
    assert (page.status_code, prospect.chat.state) == (200, "confirming")
    assert "次の内容で承りました" in page.text
    field = re.search(r'name="token" value="([^"]+)"', page.text)
    assert field is not None
    form = {"id": "m1", "lang": "ja", "token": field[1], "text": "予算は500万円です"}
    assert "500万円" in browser.post("/chat", data=form, headers={"Sec-Fetch-Site": "same-origin"}).text
    budget = prospect.known.budget
    assert budget is not None
    assert budget.minimum == 5_000_000
    assert prospect.says("はい").state == "completed", "the first device talks on in the same chat"
    assert browser.post(path).status_code == 200
    assert f'value="{field[1]}"' not in browser.post("/chat", data=form).text, "an older link's way in is closed"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_site_puts_nobody_into_a_talk_that_is_not_theirs(
    services: Services, browser: TestClient, headers: dict[str, str]
) -> None:
    prospect = Prospect(services.store)
    prospect.opens_chat()
    prospect.says_everything()
    page = browser.post(f"/correct/{prospect.lead.receipt}", headers=headers)

    assert "チャットを開いて訂正する" in page.text, "the button is theirs to press"
    assert (prospect.chat.state, dict(browser.cookies)) == ("completed", {})


def test_the_leads_language_comes_first(desk: Business, browser: TestClient) -> None:
    lead = desk.qualified_lead(language="en")
    page = browser.get(f"/nobody-called/{desk.does(receipt_of, lead)}").text

    assert page.index('<section lang="en">') < page.index('<section lang="ja">')


@pytest.mark.parametrize("place", ["nobody-called", "sooner", "correct"])
@pytest.mark.parametrize("token", ["x" * 32, "short", "%2e%2e%2f" * 8])
def test_a_link_of_nobody_says_so_in_both_languages(browser: TestClient, place: str, token: str) -> None:
    for answer in (browser.get(f"/{place}/{token}"), browser.post(f"/{place}/{token}")):
        assert answer.status_code == 404
        if "/" not in unquote(token):
            assert "リンクを確認できません" in answer.text
            assert "We don&#39;t know this link" in answer.text


def test_other_pages_still_allow_no_form(browser: TestClient) -> None:
    assert "form-action 'none'" in browser.get("/healthz").headers["content-security-policy"]


def test_the_promise_in_the_chat_says_what_to_do_when_nobody_calls(services: Services) -> None:
    facts = {"due_at": "2026-05-18T04:00:00+00:00", "reachable": True, "receipt": "abc"}
    button = {"ja": "「まだ連絡がない」", "en": "“Nobody contacted me”"}
    for name in ("completed", "thank_you_will_reach", "person_is_coming"):
        for language in ("ja", "en"):
            said = services.words.prompt(name, language, facts, services.clock())
            assert button[language] in said
            assert services.words.choice("common", "nobody_called", language) in button[language]
            assert button[language] not in services.words.prompt(
                name, language, {**facts, "receipt": None}, services.clock()
            )
