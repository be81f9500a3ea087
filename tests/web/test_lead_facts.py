"""Facts about leads over HTTP: an activity counts once, attributes are learnt, nonsense is refused in words."""

import gzip

import httpx2
import pytest

KEY = {"Authorization": "Bearer key-of-the-tests"}


@pytest.fixture
def lead(web: httpx2.Client) -> str:
    token = web.post("/api/chat/sessions", json={"locale": "ja"}).json()["token"]
    said = {"id": "1", "text": "手作業が多くて困っています"}
    web.post("/api/chat/messages", json=said, headers={"Authorization": f"Bearer {token}"})
    newest = web.get("/api/leads?limit=1", headers=KEY).json()["leads"][0]
    return str(newest["id"])


def test_an_activity_counts_once_and_the_answer_says_where_the_lead_stands(web: httpx2.Client, lead: str) -> None:
    """M74, M159."""
    body = {"id": "dl-1", "kind": "document_requested", "source": "site", "at": "2026-05-01T09:00:00Z"}
    told = [web.post(f"/api/leads/{lead}/activities", json=body, headers=KEY).json() for _ in range(2)]

    assert [(answer["new"], answer["score"], answer["stage"]) for answer in told] == [
        (True, 20, "LEAD"),
        (False, 20, "LEAD"),
    ]
    (point,) = web.get(f"/api/leads/{lead}", headers=KEY).json()["points"]
    assert (point["rule"], point["points"], point["at"]) == ("document_requested", 20, "2026-05-01T09:00:00Z")


def test_the_id_of_an_earlier_activity_with_another_kind_is_refused_by_name(web: httpx2.Client, lead: str) -> None:
    kinds = ("mail_clicked", "quote_requested", "mail_clicked")
    told = [web.post(f"/api/leads/{lead}/activities", json={"id": "7", "kind": kind}, headers=KEY) for kind in kinds]

    assert [answer.status_code for answer in told] == [200, 409, 200]
    assert told[1].json()["error"] == "id_used_before"
    assert (told[2].json()["new"], told[2].json()["score"]) == (False, 5)


def test_another_tool_tells_how_long_our_contact_had_waited_for_its_answer(web: httpx2.Client, lead: str) -> None:
    """M34."""
    body = {"id": "re-1", "kind": "answered_us", "source": "mail", "minutes": 0}
    told = web.post(f"/api/leads/{lead}/activities", json=body, headers=KEY).json()

    assert (told["new"], told["score"]) == (True, 10)
    (point,) = web.get(f"/api/leads/{lead}", headers=KEY).json()["points"]
    assert (point["rule"], point["points"], point["hypothesis"]) == ("quick_answer", 10, True)


def test_attributes_are_learnt_and_choose_the_segment(web: httpx2.Client, lead: str) -> None:
    """M55, M112, M139."""
    body = {"industry": "manufacturing", "headcount": 800, "title": "製造部長"}
    told = web.post(f"/api/leads/{lead}/attributes", json=body, headers=KEY).json()

    assert (told["segment"], told["score"]) == ("manufacturing", 30)


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"id": "1", "kind": "waved_at_us"}, 422, "unknown_activity"),
        ({"id": "1", "kind": "page_viewed", "at": "2999-01-01T00:00:00Z"}, 422, "not_yet_happened"),
        ({"id": "1", "kind": "page_viewed", "at": "0001-01-01T00:00:00+14:00"}, 422, "before_any_lead"),
        ({"id": "1", "kind": "page_viewed", "at": "1899-12-30T00:00:00"}, 422, "before_any_lead"),
        ({"id": "", "kind": "page_viewed"}, 422, "malformed"),
        ({"id": "1", "kind": "page_viewed", "seconds": -1}, 422, "malformed"),
        ({"id": "1", "kind": "page_viewed", "source": "A B"}, 422, "malformed"),
        ({"id": "1", "kind": "page_viewed", "score": 100}, 422, "malformed"),
    ],
)
def test_an_activity_that_makes_no_sense_is_refused(
    web: httpx2.Client, lead: str, body: dict[str, object], status: int, error: str
) -> None:
    answer = web.post(f"/api/leads/{lead}/activities", json=body, headers=KEY)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert web.get(f"/api/leads/{lead}", headers=KEY).status_code == 200, "and it can be read as before"


@pytest.mark.parametrize("title", ["   ", "\x00", "\u200b", "\x1b\u202e"])
def test_a_title_nobody_can_see_is_none(web: httpx2.Client, lead: str, title: str) -> None:
    answer = web.post(f"/api/leads/{lead}/attributes", json={"title": title}, headers=KEY)
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        '{"title": "部長"}'.encode("cp932"),
        gzip.compress(b'{"title": "CEO"}'),
        b'{"headcount": ' + b"9" * 5_000,
    ],
    ids=["deep", "Shift_JIS", "compressed", "a number without end"],
)
def test_a_body_nobody_can_read_says_what_to_send(web: httpx2.Client, lead: str, body: bytes) -> None:
    answer = web.post(f"/api/leads/{lead}/attributes", content=body, headers=KEY | {"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
    assert "send JSON in UTF-8" in answer.json()["message"]


def test_facts_need_the_key_and_a_lead(web: httpx2.Client, lead: str) -> None:
    body = {"id": "1", "kind": "page_viewed"}

    assert web.post(f"/api/leads/{lead}/activities", json=body).status_code == 401
    assert web.post("/api/leads/nobody/activities", json=body, headers=KEY).status_code == 404


def test_the_reasons_of_a_score_add_up_to_it(web: httpx2.Client, lead: str) -> None:
    """M158, N7."""
    for kind in ("price_list_viewed", "newsletter_opened"):
        web.post(f"/api/leads/{lead}/activities", json={"id": kind, "kind": kind}, headers=KEY)
    why = web.get(f"/api/leads/{lead}/why", headers=KEY).json()

    assert why["score"] == sum(point["points"] for point in why["points"]) == 25
    assert why["axes"] == {"behaviour": 25, "attributes": 0}
    assert why["shortest_way"]["points_missing"] == 35
    assert (why["next_stage"], why["next_question"]) == ("TQL", "contact")


def test_what_became_of_the_deal_is_heard_from_the_firms_own_system(web: httpx2.Client, lead: str) -> None:
    """M80."""
    early = web.post(f"/api/leads/{lead}/result", json={"result": "won"}, headers=KEY)
    assert (early.status_code, early.json()["error"]) == (409, "no_deal_yet")
    for kind in ("document_requested", "price_list_viewed", "quote_requested", "trial_started", "seminar_attended"):
        web.post(f"/api/leads/{lead}/activities", json={"id": kind, "kind": kind}, headers=KEY)
    told = web.post(f"/api/leads/{lead}/result", json={"result": "won", "amount": 3_000_000}, headers=KEY)
    assert told.json()["result"] == "won"
    (row,) = (
        row for row in web.get(f"/api/leads/{lead}", headers=KEY).json()["history"] if row["kind"] == "result_told"
    )
    assert (row["result"], row["amount"], row["currency"]) == ("won", 3_000_000, "JPY")
    assert web.post(f"/api/leads/{lead}/result", json={"result": "maybe"}, headers=KEY).status_code == 422


@pytest.mark.parametrize(
    ("of", "body"),
    [
        ("activities", {"id": "1", "kind": "price_list_viewed"}),
        ("attributes", {"title": "部長"}),
        ("result", {"result": "won"}),
    ],
)
def test_nothing_is_written_down_any_more_about_who_erased_their_data(
    web: httpx2.Client, of: str, body: dict[str, str]
) -> None:
    token = web.post("/api/chat/sessions", json={"locale": "ja"}).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    web.post("/api/chat/messages", json={"id": "1", "text": "手作業が多くて困っています"}, headers=bearer)
    lead_id = web.get("/api/leads?limit=1", headers=KEY).json()["leads"][0]["id"]
    web.delete("/api/chat", headers=bearer)

    told = web.post(f"/api/leads/{lead_id}/{of}", json=body, headers=KEY)
    assert (told.status_code, told.json()["error"]) == (410, "erased")
