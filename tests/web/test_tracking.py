"""Pages a prospect looks at: counted only after their yes, once each, and nothing a page could not tell."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.bootstrap import Services
from bot.web.app import build_web
from bot.web.streams import Streams
from bot.web.tokens import hash_of
from qualification.records import Activity, Consent
from tests.business import Business
from tests.clock import Clock
from tests.dialogs.chatting import Prospect

TOKEN = "the-token-of-this-browser"


@pytest.fixture
def browser(services: Services) -> TestClient:
    return TestClient(build_web(services, Streams(services)), raise_server_exceptions=False)


@pytest.fixture
def prospect(services: Services) -> Prospect:
    prospect = Prospect(services.store, token=hash_of(TOKEN), tracks=True)
    prospect.opens_chat()
    return prospect


@pytest.fixture
def firm(services: Services, clock: Clock) -> Business:
    return Business(services.store, clock)


def sighting(id: str, kind: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": kind, "at": at.isoformat(), **more}


def test_three_price_pages_seen_before_the_talk_count_once_each_after_a_yes(
    browser: TestClient, prospect: Prospect, firm: Business, clock: Clock
) -> None:
    """M63-M67, M70, M73, M74."""

    def tells(*seen: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any]]:
        # As a beacon sends it: text, without a header of its own.
        batch = {"token": TOKEN, "seen": list(seen), **more}
        answer = browser.post("/api/chat/activities", json=batch, headers={"Content-Type": "text/plain"})
        return answer.status_code, answer.json()

    early = clock.now - timedelta(days=3)
    seen = [sighting(f"p{day}", "price_page_viewed", early + timedelta(days=day), seconds=20) for day in range(3)]
    document = sighting("d1", "document_requested", early, page="https://www.example.jp/a.pdf")
    campaign = sighting(
        "l1", "landing_page_viewed", early, data={"utm_source": "newsletter", "referrer": "https://x.example"}
    )
    assert tells(*seen)[0] == 409, "until the first word it stays in the browser"
    prospect.says("転記に時間がかかって困っています")
    assert tells(*seen)[0] == 403, "nothing without a yes"
    assert firm.all(Activity) == []

    agreed = {"wording": "our banner 3"}
    assert tells(*seen, document, campaign, **agreed) == (200, {"counted": 5, "refused": []})
    assert tells(*seen) == (200, {"counted": 0, "refused": []}), "told twice, counted once"
    lead = prospect.lead
    assert (lead.score, firm.clocks_of(lead.id)) == (20, {}), "what lies before the talk starts no clock"
    assert tells({**seen[2], "seconds": 65})[1]["counted"] == 1, "a longer stay replaces the shorter"
    assert prospect.lead.score == 25
    assert [row.data.get("seconds") for row in firm.all(Activity) if row.kind == "price_page_viewed"] == [20, 20, 65]
    assert [(row.purpose, row.wording) for row in firm.all(Consent)][1:] == [("tracking", "site: our banner 3")]

    assert tells(agreed=False)[1]["counted"] == 0
    assert tells(*seen)[0] == 403, "they took it back"


def test_only_what_a_page_can_tell_is_counted(browser: TestClient, prospect: Prospect, clock: Clock) -> None:
    prospect.says("転記に時間がかかって困っています")
    forged = [
        sighting("1", "seminar_attended", clock.now),
        sighting("2", "chat_talk", clock.now),
        sighting("3", "made_up", clock.now),
        sighting("4", "page_viewed", clock.now - timedelta(days=91)),
        sighting("5", "page_viewed", clock.now + timedelta(days=1)),
        sighting("6", "page_viewed", clock.now),
    ]
    answer = browser.post("/api/chat/activities", json={"token": TOKEN, "wording": "w", "seen": forged}).json()
    assert answer["counted"] == 1
    assert [one["error"] for one in answer["refused"]] == [
        *["unknown_activity"] * 3,
        "too_long_ago",
        "not_yet_happened",
    ]


def test_pages_seen_after_a_merge_count_for_the_record_that_was_kept(
    browser: TestClient, prospect: Prospect, firm: Business, clock: Clock
) -> None:
    prospect.says("転記に時間がかかって困っています")
    kept, other = firm.has_lead(), prospect.lead.id
    firm.merges(kept, other)
    clock.advance(minutes=1)
    seen = [sighting("1", "document_requested", clock.now)]
    assert browser.post("/api/chat/activities", json={"token": TOKEN, "wording": "w", "seen": seen}).status_code == 200
    assert (firm.lead(kept).score, firm.lead(other).score) == (20, 0)

    told = {"id": "p1", "kind": "price_list_viewed"}
    key = {"Authorization": "Bearer key-of-the-tests"}
    assert browser.post(f"/api/leads/{other}/activities", json=told, headers=key).json()["score"] == 35


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": "x" * 30}, 401),
        ({"more": 1}, 422),
        ({"seen": [{"id": "1", "kind": "page_viewed"}]}, 422),
        ({"seen": [{"id": "<b>", "kind": "page_viewed", "at": "2026-05-18T00:00:00Z"}]}, 422),
        ({"seen": [{"id": "1", "kind": "page_viewed", "at": "2026-05-18T00:00:00Z", "data": {"a": {"b": 1}}}]}, 422),
        ({"seen": [{"id": "1", "kind": "page_viewed", "at": "2026-05-18T00:00:00Z", "ip": "192.0.2.1"}]}, 422),
        ({"seen": [{"id": str(n), "kind": "page_viewed", "at": "2026-05-18T00:00:00Z"} for n in range(51)]}, 422),
        ({"wording": "x" * 17_000}, 413),
    ],
    ids=["foreign token", "unknown field", "no time", "odd id", "deep data", "an address", "too many", "too large"],
)
def test_a_batch_that_is_not_as_it_should_be_is_refused(
    browser: TestClient, prospect: Prospect, change: dict[str, Any], status: int
) -> None:
    prospect.says("困っています")
    answer = browser.post("/api/chat/activities", json={"token": TOKEN, "wording": "w", "seen": [], **change})
    assert answer.status_code == status


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 400])
def test_a_number_no_other_program_could_read_is_not_kept(
    browser: TestClient, prospect: Prospect, firm: Business, number: str
) -> None:
    prospect.says("困っています")
    seen = f'{{"id": "1", "kind": "page_viewed", "at": "2026-05-18T00:00:00Z", "data": {{"x": {number}}}}}'
    batch = f'{{"token": "{TOKEN}", "wording": "w", "seen": [{seen}]}}'
    answer = browser.post("/api/chat/activities", content=batch, headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")
    assert [row for row in firm.all(Activity) if row.kind == "page_viewed"] == []


def test_what_was_noted_is_given_out_with_the_talk_and_erased_with_it(
    browser: TestClient, prospect: Prospect, firm: Business, clock: Clock
) -> None:
    prospect.says("転記に時間がかかって困っています")
    seen = [sighting("1", "price_page_viewed", clock.now, page="https://www.example.jp/price")]
    browser.post("/api/chat/activities", json={"token": TOKEN, "wording": "w", "seen": seen})

    own = {"Authorization": f"Bearer {TOKEN}"}
    export = browser.get("/api/chat/export", headers=own).json()
    assert [(one["kind"], one["data"]["page"]) for one in export["noted"]] == [("price_page_viewed", seen[0]["page"])]
    assert [one["purpose"] for one in export["agreed"]] == ["enquiry", "tracking"]
    text = browser.get("/api/chat/export", headers={**own, "Accept": "text/plain"}).text
    for words in (
        "転記に時間がかかって困っています",
        "承った内容",
        "https://www.example.jp/price",
        "enquiry-2",
        "2026-05-18 10:00",
    ):
        assert words in text

    firm.has_lead(merged_into=prospect.lead.id)  # they are known from elsewhere, too
    assert browser.delete("/api/chat", headers=own).status_code == 204
    assert [row for row in firm.all(Activity) if row.kind == "price_page_viewed"] == []
    assert browser.post("/api/chat/activities", json={"token": TOKEN, "seen": seen}).status_code == 401


def test_the_bot_asks_whether_it_may_only_where_the_site_wishes_it_and_once(
    services: Services, prospect: Prospect
) -> None:
    prospect.says_everything()
    prospect.chooses("sooner")
    assert prospect.bot_said == ["sooner_heard", "may_we_note_pages"]
    assert prospect.chooses("may_note").tracking is True
    assert prospect.bot_said == ["noting_pages"]
