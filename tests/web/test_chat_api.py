"""The chat's three calls over real HTTP: begin, say, catch up, and what bad input gets."""

from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from bot.bootstrap import start_services
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.chat import Beginning, Page, Saying, begin_talk, speak
from bot.web.forms import Answer as Form
from bot.web.forms import take
from bot.web.streams import Streams
from bot.web.tokens import new_token
from qualification.records import Lead
from tests.patience import PATIENCE
from tests.postgres import fresh_schema
from tests.process import QuickBantline

KEY = {"Authorization": "Bearer key-of-the-tests"}
TOLD_WITH_NULL = {"email": "sato@asahi.example", "company": "アサヒ\x00商事", "person": "佐藤\x00"}


def begin(web: httpx2.Client, locale: str | None = "ja") -> dict[str, Any]:
    answer = web.post("/api/chat/sessions", json={"locale": locale, "page": {"url": "https://www.example.jp/"}})
    assert answer.status_code == 201
    begun: dict[str, Any] = answer.json()
    return begun


def say(web: httpx2.Client, token: str, message_id: str, text: str) -> httpx2.Response:
    body = {"id": message_id, "text": text}
    return web.post("/api/chat/messages", json=body, headers={"Authorization": f"Bearer {token}"})


def test_the_bot_says_what_it_is_and_asks_the_first_question(web: httpx2.Client) -> None:
    begun = begin(web)

    assert [message["from"] for message in begun["messages"]] == ["bot", "bot"]
    assert [message["seq"] for message in begun["messages"]] == [1, 2]
    assert begun["state"] == "asking"
    assert begun["question"] == "need"
    assert {choice["value"] for choice in begun["messages"][1]["choices"]} >= {"efficiency", "skip"}


def test_a_talk_begins_in_the_language_of_the_page_or_of_the_browser(web: httpx2.Client) -> None:
    asked = {"Accept-Language": "en-GB,en;q=0.9"}
    english = web.post("/api/chat/sessions", json={"locale": None}, headers=asked).json()

    assert english["messages"][0]["text"].startswith("Hi!")
    assert begin(web, "ja")["messages"][0]["text"].startswith("こんにちは")


@pytest.mark.parametrize(
    ("told", "kept"),
    [("Europe/London", "Europe/London"), ("UTC", None), ("Etc/UTC", None), ("Etc/GMT-9", None), ("Etc/Unknown", None)],
)
def test_a_browser_that_hides_where_it_is_is_shown_the_firms_clock_and_no_time_of_utc(
    told: str, kept: str | None
) -> None:
    assert Beginning(zone=told).zone == kept


def test_the_same_message_id_gets_the_same_answer_and_is_recorded_once(web: httpx2.Client) -> None:
    token = begin(web)["token"]

    first = say(web, token, "m1", "手作業が多くて困っています").json()
    second = say(web, token, "m1", "手作業が多くて困っています").json()

    assert first == second
    everything = web.get("/api/chat/messages?after=0", headers={"Authorization": f"Bearer {token}"}).json()
    assert [message["text"] for message in everything["messages"]].count("手作業が多くて困っています") == 1


SHORT, DESCRIBED = (
    {"Content-Type": kind, "Origin": "https://www.example.jp"} for kind in ("application/json", "Application/JSON")
)


def undated(answer: httpx2.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in ("date", "content-length")}


def test_the_short_way_to_a_turn_answers_as_it_is_described(web: httpx2.Client) -> None:
    bearer = {"Authorization": f"Bearer {begin(web)['token']}"}
    body = b'{"id": "m1", "text": "5 million yen, by May"}'

    short, described = (
        web.post("/api/chat/messages", content=body, headers=bearer | way) for way in (SHORT, DESCRIBED)
    )

    assert short.status_code == described.status_code == 200
    assert short.content == described.content
    assert undated(short) == undated(described)


def test_the_short_way_to_a_new_talk_answers_as_it_is_described(web: httpx2.Client) -> None:
    short, described = (web.post("/api/chat/sessions", content=b"{}", headers=way) for way in (SHORT, DESCRIBED))

    assert short.status_code == described.status_code == 201
    assert short.json().keys() == described.json().keys()
    assert [said["text"] for said in short.json()["messages"]] == [
        said["text"] for said in described.json()["messages"]
    ]
    assert undated(short) == undated(described)


def test_a_visitor_who_comes_back_sees_everything_and_the_right_question(web: httpx2.Client) -> None:
    begun = begin(web)
    answered = say(web, begun["token"], "m1", "手作業が多くて困っています").json()

    bearer = {"Authorization": f"Bearer {begun['token']}"}
    again = web.get("/api/chat/messages?after=0", headers=bearer).json()
    rest = web.get("/api/chat/messages?after=2", headers=bearer).json()

    assert again["messages"] == begun["messages"] + answered["messages"]
    assert rest["messages"] == answered["messages"]
    assert again["question"] == answered["question"] == "timeframe"


@pytest.mark.parametrize(
    ("headers", "body", "status", "error"),
    [
        ({}, {"id": "1", "text": "hi"}, 401, "unknown_token"),
        ({"Authorization": "Bearer " + "x" * 43}, {"id": "1", "text": "hi"}, 401, "unknown_token"),
        ({"Authorization": "Basic abc"}, {"id": "1", "text": "hi"}, 401, "unknown_token"),
    ],
    ids=["no token", "a token nobody has", "another scheme"],
)
def test_without_its_token_nobody_speaks_in_a_talk(
    web: httpx2.Client, headers: dict[str, str], body: dict[str, str], status: int, error: str
) -> None:
    answer = web.post("/api/chat/messages", json=body, headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 422),
        (b"[]", 422),
        (b'{"id": "1"}', 422),
        (b'{"id": "1", "text": "a", "choice": "b"}', 422),
        (b'{"id": "", "text": "a"}', 422),
        (b'{"id": "1", "text": ""}', 422),
        (b'{"id": "1", "text": 5}', 422),
        (b'{"id": "1", "text": "\\ud800"}', 422),
        (b"\xff\xfe", 422),
        (b'{"id": "1", "text": "' + b"a" * 70_000 + b'"}', 413),
    ],
    ids=[
        "cut off",
        "a list",
        "nothing said",
        "both",
        "empty id",
        "empty text",
        "a number",
        "half a letter",
        "no text",
        "64 KB",
    ],
)
def test_malformed_messages_get_a_clear_error(web: httpx2.Client, content: bytes, status: int) -> None:
    token = begin(web)["token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    answer = web.post("/api/chat/messages", content=content, headers=headers)

    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message"}
    everything = web.get("/api/chat/messages?after=0", headers=headers).json()
    assert len(everything["messages"]) == 2, "nothing was recorded"


def test_a_message_of_ten_thousand_characters_is_refused_and_leaves_nothing(web: httpx2.Client) -> None:
    token = begin(web)["token"]

    answer = say(web, token, "m1", "あ" * 10_000)

    assert answer.status_code == 422
    assert answer.json()["error"] == "too_long"
    assert say(web, token, "m1", "手作業が多い").status_code == 200, "the id was not used up"


def test_a_null_character_is_text_like_any_other(web: httpx2.Client) -> None:
    token = begin(web)["token"]

    assert say(web, token, "m1", "手作業が\x00多い").status_code == 200


async def test_a_null_character_keeps_nobody_from_talking_on_postgresql(postgres_url: str) -> None:
    with fresh_schema(postgres_url) as url:
        services = start_services(Settings(database_url=url, bantline_api_key="key-of-the-tests"))
        try:
            page = Page(url="https://www.example.jp/\x00", referrer="\x00")
            begun = await begin_talk(services, Beginning(page=page), "ja")
            answered = await speak(services, begun["token"], Saying(id="m\x00", choice="efficiency\x00"))
            form = Form(form="document", id="f\x00", token=new_token(), language="ja", fields=TOLD_WITH_NULL)
            await take(services, form)
            (lead_id, *_) = services.store.read(lambda session: session.exec(select(Lead.id)).all())
            site = TestClient(build_web(services, Streams(services)), raise_server_exceptions=False)
            told = [site.post(path, json=body, headers=KEY).status_code for path, body in told_by_the_site(lead_id)]
            unknown = site.get("/api/leads/nobody%00", headers=KEY)
        finally:
            services.close()
    assert answered.state == "asking"
    assert told == [200, 200, 409], "the deal of a lead who never qualified is refused in words"
    assert (unknown.status_code, unknown.json()["error"]) == (404, "lead_not_found")


def told_by_the_site(lead_id: str) -> list[tuple[str, Any]]:
    seen = {"id": "1\x00", "kind": "page_viewed", "page": "/\x00"}
    calls: dict[str, Any] = {
        "activities": seen,
        "attributes": {"title": "\x00部長"},
        "result": {"result": "won", "note": "\x00"},
    }
    return [(f"/api/leads/{lead_id}/{name}", body) for name, body in calls.items()]


def test_leads_are_read_with_the_operators_key_only(web: httpx2.Client) -> None:
    assert web.get("/api/leads").status_code == 401
    assert web.get("/api/leads", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert web.get("/api/leads", headers={"Authorization": "Bearer key-of-the-tests"}).status_code == 200
    missing = web.get("/api/leads/nobody", headers={"Authorization": "Bearer key-of-the-tests"})
    assert (missing.status_code, missing.json()["error"]) == (404, "lead_not_found")


def test_a_finished_talk_is_a_lead_with_its_answers_and_reasons(web: httpx2.Client) -> None:
    token = begin(web)["token"]
    talk = [
        "手作業が多くて困っています",
        "3ヶ月以内",
        "私が決めます",
        "300万円",
        "株式会社アサヒ",
        "山田太郎 yamada@asahi.example",
    ]
    for number, text in enumerate(talk):
        last = say(web, token, f"m{number}", text).json()
    assert last["state"] == "confirming"
    done = web.post(
        "/api/chat/messages", json={"id": "end", "choice": "confirm"}, headers={"Authorization": f"Bearer {token}"}
    ).json()
    assert (done["state"], done["question"]) == ("completed", None)

    key = {"Authorization": "Bearer key-of-the-tests"}
    listed = web.get("/api/leads", headers=key).json()["leads"]
    lead_id = next(lead["id"] for lead in listed if lead["person"] == "山田太郎")
    lead = web.get(f"/api/leads/{lead_id}", headers=key).json()

    assert lead["stage"] == "TQL"
    assert lead["bant"]["budget"]["value"]["maximum"] == 3_000_000
    assert lead["bant"]["budget"]["said_by"] == "prospect"
    assert lead["bant"]["budget"]["words"]
    assert lead["follow_up"]["status"] == "open"
    assert [step["name"] for step in lead["follow_up"]["steps"]] == ["half_time", "last_call", "due", "overdue"]
    assert any(row["kind"] == "stage_moved" and row["rule"] == "tql_need_confirmed" for row in lead["history"])
    assert lead["missing"] == ["acceptance"]


def test_health_is_well_while_the_worker_shows_itself(web: httpx2.Client) -> None:
    told = web.get("/healthz").json()
    assert (told["status"], told["outbound"], told["undelivered"], told["irregular"]) == ("ok", "on", 0, 0)


def test_the_interface_is_described(web: httpx2.Client) -> None:
    described = web.get("/openapi.json").json()["paths"]

    assert {"/api/chat/sessions", "/api/chat/messages", "/api/leads", "/api/leads/{lead_id}", "/healthz"} <= set(
        described
    )
    assert "delete" in described["/api/chat"]
    assert "get" in described["/api/chat/export"]


def test_only_listed_sites_may_embed_the_chat(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("origins")
    with (
        QuickBantline(folder, BANTLINE_ALLOWED_ORIGINS="https://www.example.jp") as process,
        httpx2.Client(base_url=process.url, timeout=PATIENCE) as web,
    ):
        for origin, status in (
            ("https://www.example.jp", 201),
            ("https://www.example.jp.evil.example", 403),
            ("http://www.example.jp", 403),
            ("null", 403),
        ):
            assert web.post("/api/chat/sessions", json={}, headers={"Origin": origin}).status_code == status
        assert web.post("/api/chat/sessions", json={}).status_code == 201


@pytest.mark.parametrize("path", ["/healthz", "/static/demo.html", "/nowhere", "/api/leads"])
def test_every_answer_carries_the_safe_headers(web: httpx2.Client, path: str) -> None:
    headers = web.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in headers["content-security-policy"]
    assert "server" not in headers
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")


def test_a_prospect_takes_home_what_was_said_and_what_was_understood(web: httpx2.Client) -> None:
    token = begin(web)["token"]
    say(web, token, "m1", "手作業が多くて困っています")

    given = web.get("/api/chat/export", headers={"Authorization": f"Bearer {token}"})

    assert given.status_code == 200
    assert "手作業が多くて困っています" in [message["text"] for message in given.json()["messages"]]
    assert given.json()["page"] == "https://www.example.jp/"
    assert [(fact["topic"], fact["said_by"]) for fact in given.json()["understood"]] == [("need", "prospect")]


def test_a_prospect_erases_their_talk_and_its_token_opens_nothing_more(web: httpx2.Client) -> None:
    token, neighbour = begin(web)["token"], begin(web)["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    say(web, token, "m1", "手作業が多くて困っています")

    erased = web.delete("/api/chat", headers=bearer)

    assert (erased.status_code, erased.content) == (204, b"")
    assert web.get("/api/chat/messages", headers=bearer).status_code == 401
    assert web.get("/api/chat/export", headers=bearer).status_code == 401
    assert web.delete("/api/chat", headers=bearer).status_code == 401
    assert say(web, token, "m2", "もしもし").status_code == 401
    assert say(web, neighbour, "m1", "手作業が多い").status_code == 200, "others talk on"


def test_without_its_token_no_talk_is_given_out_or_erased(web: httpx2.Client) -> None:
    assert web.get("/api/chat/export").status_code == 401
    assert web.delete("/api/chat", headers={"Authorization": "Bearer " + "x" * 43}).status_code == 401


def test_a_page_of_another_site_may_ask_to_erase(web: httpx2.Client) -> None:
    asked = {
        "Origin": "https://www.example.jp",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization",
    }
    assert "DELETE" in web.options("/api/chat", headers=asked).headers["access-control-allow-methods"]
