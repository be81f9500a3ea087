"""A form in front of a document: two questions at first, later what is still unknown, and a lead at the end of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.bootstrap import Services
from bot.web.app import build_web
from bot.web.streams import Streams
from qualification import leads
from qualification.answers import Known
from qualification.bant import Budget, Company, Topic
from qualification.calls import Outcome
from qualification.policies.check import check
from qualification.policy import Policy, shipped_policy
from qualification.records import Activity, FollowUp, Lead
from tests.business import BUDGET, NEED, SATO, Business
from tests.clock import Clock

FIRST = {"email": "Sato@Asahi.example", "company": "株式会社あさひ製作所"}


@pytest.fixture
def site(services: Services) -> Iterator[TestClient]:
    with TestClient(build_web(services, Streams(services)), base_url="https://bantline.example") as client:
        yield client


@pytest.fixture
def office(services: Services, clock: Clock) -> Business:
    return Business(services.store, clock)


def sent(site: TestClient, fields: dict[str, str], *, id: str = "1", token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return site.post("/api/forms/document", json={"id": id, "fields": fields, "locale": "ja"}, headers=headers)


def asked(site: TestClient, token: str = "") -> list[str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return [field["name"] for field in site.get("/api/forms/document?locale=ja", headers=headers).json()["fields"]]


def the_lead(office: Business) -> tuple[Lead, Known]:
    (lead,) = office.all(Lead)
    return lead, office.does(leads.known_of, lead.id)


def test_the_first_form_asks_two_things_and_makes_a_lead(site: TestClient, office: Business) -> None:
    """M111, M113, M2: address and company are enough; the request counts, and its own clock runs (M93)."""
    assert asked(site) == ["email", "company"]
    assert sent(site, FIRST).status_code == 201

    lead, _ = the_lead(office)
    assert (lead.email, lead.company, lead.origin, lead.source, lead.score) == (
        "sato@asahi.example", "株式会社あさひ製作所", "inbound", "document", 20,
    )  # fmt: skip
    assert [clock.rule for clock in office.all(FollowUp)] == ["document_call"]


def test_who_comes_again_is_asked_what_is_still_unknown_a_few_things_at_a_time(
    site: TestClient, office: Business
) -> None:
    """M112, M114, M115."""
    token = sent(site, FIRST).json()["token"]
    assert asked(site, token) == ["person", "department", "title"]
    sent(site, {"person": "佐藤 健一", "title": "情報システム部長"}, id="2", token=token)
    assert asked(site, token) == ["department", "timeframe", "phone"]
    sent(site, {"timeframe": "3か月以内"}, id="3", token=token)

    _, known = the_lead(office)
    assert known.contact is not None
    assert (known.contact.name, known.contact.title, known.timeframe is not None) == (
        "佐藤 健一",
        "情報システム部長",
        True,
    )
    assert {answer.via for answer in known.stated} == {"form"}


def test_the_same_form_twice_counts_once_and_a_second_request_counts_again(site: TestClient, office: Business) -> None:
    token = sent(site, FIRST).json()["token"]
    sent(site, FIRST)  # the answer was lost, and the page asks again without its token
    sent(site, {}, id="2", token=token)
    sent(site, {}, id="2", token=token)
    assert [row.kind for row in office.all(Activity)] == ["document_requested"] * 2
    assert len(office.all(Lead)) == 1


def test_an_address_we_know_is_the_same_lead_and_what_we_know_of_it_is_not_told(
    site: TestClient, office: Business
) -> None:
    sent(site, {**FIRST, "company": "あさひ"})
    stranger = sent(site, FIRST, id="2").json()["token"]
    lead, _ = the_lead(office)
    assert lead.company == "あさひ"
    assert asked(site, stranger) == ["person", "department", "title"]


def test_who_only_types_a_leads_address_changes_none_of_its_answers_and_is_no_more_believed_when_they_come_again(
    site: TestClient, office: Business
) -> None:
    """D22, D29: what is unknown is filled; what differs stays beside the answer until a rep has settled it."""
    lead = office.has_lead(NEED, BUDGET, SATO)
    office.clock.advance(minutes=1)
    stranger = sent(site, {"email": SATO.email or "", "company": "X", "budget": "予算なし", "timeframe": "3か月以内"})
    sent(site, {"budget": "予算なし"}, id="2", token=stranger.json()["token"])

    _, known = the_lead(office)
    assert (known.budget, known.timeframe is not None, known.company) == (BUDGET, True, Company(name="X"))
    assert known.conflicts == (Topic.BUDGET,)
    assert office.lead(lead).score == 20 + 15, "the request counts as before, and so does the time"

    office.calls(lead, Outcome.CONNECTED, BUDGET)
    assert the_lead(office)[1].conflicts == ()


def test_whoever_made_the_lead_is_believed_when_they_tell_it_otherwise(site: TestClient, office: Business) -> None:
    token = sent(site, {**FIRST, "budget": "300万円"}).json()["token"]
    office.clock.advance(days=1)
    sent(site, {"budget": "500万円"}, id="2", token=token)
    _, known = the_lead(office)
    assert known.budget == Budget(minimum=5_000_000, maximum=5_000_000, currency="JPY")
    assert known.conflicts == ()


def test_an_answer_that_counts_no_more_is_given_anew_by_whoever_types_the_address(
    site: TestClient, office: Business
) -> None:
    """D21: a year-old budget is as good as unknown."""
    office.has_lead(NEED, BUDGET, SATO)
    office.clock.advance(days=400)
    sent(site, {"email": SATO.email or "", "company": "X", "budget": "500万円"})
    _, known = the_lead(office)
    assert known.budget == Budget(minimum=5_000_000, maximum=5_000_000, currency="JPY")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "sato@asahi.example"}, {"company": "missing"}),
        ({"email": "sato@@asahi", "company": "あさひ"}, {"email": "unreadable"}),
        ({"email": "sato@asahi.example", "company": "あ" * 300}, {"company": "too_long"}),
        ({"email": "sato@asahi.example", "company": "あ" * 121}, {"company": "too_long"}),
    ],
)
def test_a_field_that_cannot_be_taken_is_named_and_nothing_is_kept(
    site: TestClient, office: Business, fields: dict[str, str], wrong: dict[str, str]
) -> None:
    answer = sent(site, fields)
    assert (answer.status_code, answer.json()["fields"]) == (422, wrong)
    assert office.all(Lead) == []


@pytest.mark.parametrize(
    ("language", "line"), [("ja", "リンクをもう一度ご確認ください"), ("en", "Please check the link once more")]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_person_at_the_address_of_no_form_reads_so_in_their_language(
    site: TestClient, method: str, language: str, line: str
) -> None:
    address = '/forms/<script>"x'
    page = site.request(method, address, headers={"Accept-Language": language}, content=b"email=x")
    assert (page.status_code, line in page.text, "<script>" in page.text) == (404, True, False)
    assert f'href="/chat?lang={language}"' in page.text


def test_nonsense_is_refused_in_words(site: TestClient) -> None:
    assert site.post("/api/forms/nothing", json={"id": "1", "fields": {}}).json()["error"] == "unknown_form"
    assert sent(site, {"password": "x"}).status_code == 422
    assert asked(site, "x" * 40) == ["email", "company"]


def carried(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


def test_the_page_needs_no_script_and_knows_its_visitor_by_a_cookie(site: TestClient, office: Business) -> None:
    page = site.get("/forms/document?lang=ja")
    assert "script" not in page.headers["content-security-policy"]
    hostile = '"><script>alert(1)</script>'
    refused = site.post("/forms/document", data={**carried(page.text), "email": hostile, "company": hostile})
    assert refused.status_code == 422
    assert "<script" not in refused.text
    thanks = site.post("/forms/document", data={**carried(refused.text), **FIRST})
    assert "担当者より、メールで資料をお送りいたします" in thanks.text
    again = site.get("/forms/document?lang=ja").text
    assert 'name="department"' in again
    assert 'name="email"' not in again
    lead, _ = the_lead(office)
    assert lead.language == "ja"


@pytest.mark.parametrize("token", ["語" * 30, "😀" * 30, "a" * 30 + "\r\nSet-Cookie: x=y", "\x00" * 30])
def test_a_token_that_fits_no_cookie_is_nobodys_and_nothing_is_half_done(
    site: TestClient, office: Business, token: str
) -> None:
    answer = site.post("/forms/document", data={**FIRST, "lang": "ja", "id": "1", "token": token})
    assert (answer.status_code, "set-cookie" in answer.headers) == (422, False)
    assert FIRST["company"] in answer.text, "what was typed is still there"
    assert office.all(Lead) == []


@pytest.mark.parametrize("company", ["\x1b\x00", "\u200b", "\u202e", "　"])
def test_a_field_filled_with_what_nobody_sees_is_empty(site: TestClient, office: Business, company: str) -> None:
    refused = sent(site, {**FIRST, "company": company})
    assert (refused.status_code, refused.json()["fields"]) == (422, {"company": "missing"})
    assert office.all(Lead) == []


def test_a_machine_that_fills_in_every_field_is_thanked_and_left(site: TestClient, office: Business) -> None:
    page = site.get("/forms/document?lang=en").text
    assert site.post("/forms/document", data={**carried(page), **FIRST, "website": "x"}).status_code == 200
    assert office.all(Lead) == []


def test_a_first_form_with_many_fields_is_pointed_out(policy: Policy) -> None:
    """M115."""
    forms = {"long": {"title": {"ja": "資料", "en": "Guide"}, "first": ["email", "company", "person"]}}
    long = Policy.model_validate(shipped_policy().model_dump(exclude_unset=True) | {"forms": forms})
    assert [(finding.place, finding.level) for finding in check(long)] == [(("forms", "long", "first"), "hint")]
