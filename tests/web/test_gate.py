"""Whoever comes too often waits a moment, everybody else does not notice, and nothing is lost."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.bootstrap import Services, start_services
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.gate import Gate, network_of
from bot.web.origins import is_foreign
from bot.web.rates import Measure, Rates, TooOften
from bot.web.streams import Streams
from tests.clock import Clock
from tests.files import database_in

SITE = "https://www.asahi.example"
KEY = "key-of-the-tests"


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    place = tmp_path_factory.mktemp("gate")
    services = start_services(Settings(database_url=database_in(place)), clock=Clock())
    yield services
    services.close()


@pytest.fixture
def door(services: Services) -> Callable[..., TestClient]:
    """`door(address, **settings)`: the web door as somebody at that address sees it."""

    def open_door(address: str = "203.0.113.7", **settings: Any) -> TestClient:
        given = Settings(bantline_api_key=KEY, **settings)
        own = replace(services, settings=given)
        proxied = ProxyHeadersMiddleware(build_web(own, Streams(own)), list(given.bantline_trusted_proxies))  # type: ignore[arg-type]  # two spellings of ASGI
        return TestClient(proxied, client=(address, 4711), raise_server_exceptions=False)  # type: ignore[arg-type]  # the same

    return open_door


def begin(web: TestClient, **headers: str) -> httpx2.Response:
    return web.post("/api/chat/sessions", json={"locale": "ja"}, headers=headers)


def says(web: TestClient, token: str, text: str) -> httpx2.Response:
    return web.post("/api/chat/messages", json={"id": text, "text": text}, headers={"Authorization": f"Bearer {token}"})


def said(web: TestClient, token: str) -> list[str]:
    talk = web.get("/api/chat/messages", headers={"Authorization": f"Bearer {token}"}).json()
    return [message["text"] for message in talk["messages"] if message["from"] == "prospect"]


# -- the measure ------------------------------------------------------------------------------


def test_a_quarter_of_a_minute_may_come_at_once_and_the_rest_evenly() -> None:
    rates, measure = Rates(), Measure("messages", 60)

    at_once = [rates.take(measure, b"visitor", 0.0) for _ in range(16)]
    later = [rates.take(measure, b"visitor", float(second)) for second in range(1, 60)]

    assert at_once == [0.0] * 15 + [1.0]
    assert later == [0.0] * 59


def test_who_was_refused_does_not_wait_longer_for_having_asked() -> None:
    rates, measure = Rates(), Measure("chats", 4)
    assert rates.take(measure, b"visitor", 0.0) == 0.0

    assert [rates.take(measure, b"visitor", 1.0) for _ in range(100)] == [14.0] * 100
    assert rates.take(measure, b"visitor", 15.0) == 0.0


def test_a_flood_of_strangers_costs_a_bounded_memory_and_frees_nobody_who_keeps_coming() -> None:
    rates, measure = Rates(most_kept=100), Measure("requests", 4)
    rates.take(measure, b"culprit", 0.0)

    freed = 0
    for number in range(5_000):
        rates.take(measure, str(number).encode(), 1.0)
        freed += number % 50 == 0 and rates.take(measure, b"culprit", 1.0) == 0.0

    assert len(rates) <= 200
    assert freed <= 50


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("not:an:address", "not:an:address", True),
    ],
)
def test_one_household_is_one_address(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


# -- the door ---------------------------------------------------------------------------------


def test_a_chat_that_writes_too_fast_is_told_when_to_go_on_and_nothing_is_recorded(
    door: Callable[..., TestClient],
) -> None:
    web = door(bantline_messages_a_minute=1)
    token, other = (begin(web).json()["token"] for _ in range(2))
    first, second = (says(web, token, text) for text in ("急ぎです", "早くお願いします"))

    assert (first.status_code, second.status_code) == (200, 429)
    assert second.json()["error"] == "too_often"
    assert 1 <= int(second.headers["retry-after"]) <= 60
    assert said(web, token) == ["急ぎです"]
    assert says(web, other, "隣の席です").status_code == 200


def test_one_address_begins_only_so_many_chats_and_its_page_can_read_why(door: Callable[..., TestClient]) -> None:
    web = door(bantline_chats_a_minute=8, bantline_allowed_origins=(SITE,))

    answers = [begin(web, Origin=SITE) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].headers["access-control-allow-origin"] == SITE
    assert answers[2].headers["access-control-expose-headers"] == "Retry-After"
    assert "default-src 'none'" in answers[2].headers["content-security-policy"]
    assert begin(web).status_code == 429, "without an Origin it is the same address"


def test_behind_a_proxy_each_visitor_is_one_of_their_own(door: Callable[..., TestClient]) -> None:
    web = door("10.0.0.2", bantline_chats_a_minute=4)

    first = begin(web, **{"X-Forwarded-For": "198.51.100.1"})
    other = begin(web, **{"X-Forwarded-For": "198.51.100.2"})
    again = begin(web, **{"X-Forwarded-For": "6.6.6.6, 198.51.100.1, 10.0.0.9"})

    assert [answer.status_code for answer in (first, other, again)] == [201, 201, 429]


def test_whoever_is_no_proxy_of_ours_cannot_borrow_an_address(door: Callable[..., TestClient]) -> None:
    web = door("203.0.113.7", bantline_chats_a_minute=4)

    answers = [begin(web, **{"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(3)]

    assert [answer.status_code for answer in answers] == [201, 429, 429]


def test_who_guesses_the_key_is_stopped_and_who_has_it_is_never_measured(door: Callable[..., TestClient]) -> None:
    path = "/api/definition"
    web = door(bantline_wrong_keys_a_minute=8, bantline_requests_a_minute=4)
    with_key, guess = {"Authorization": f"Bearer {KEY}"}, {"Authorization": "Bearer guess"}

    assert [web.get(path, headers=with_key).status_code for _ in range(20)] == [200] * 20
    assert [web.get(path, headers=guess).status_code for _ in range(4)] == [401, 401, 429, 429]
    assert web.get("/api/leads", headers=with_key).status_code == 429, (
        "the right guess must not be told from a wrong one"
    )


def test_the_door_counts_every_request_of_an_address_but_asks_of_browsers_whether_they_may(
    door: Callable[..., TestClient],
) -> None:
    web = door(bantline_requests_a_minute=12)
    preflight = {"Origin": SITE, "Access-Control-Request-Method": "POST"}

    assert [web.get("/api/chat/messages").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert web.options("/api/chat/messages", headers=preflight).status_code == 200


def test_a_form_sent_too_often_gets_a_page_in_both_languages(door: Callable[..., TestClient]) -> None:
    web = door(bantline_forms_a_minute=1)

    pages = [web.post("/chat", data={"lang": "en"}) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 429]
    assert "少し待ってから" in pages[1].text
    assert "nothing is lost" in pages[1].text
    assert 1 <= int(pages[1].headers["retry-after"]) <= 60


def test_a_chat_of_forms_has_the_measure_of_every_chat(door: Callable[..., TestClient]) -> None:
    web = door(bantline_messages_a_minute=1)
    form = {"token": "t" * 40, "begins": "yes", "lang": "ja"}

    pages = [web.post("/chat", data=form | {"id": str(n), "text": f"困りごと{n}"}) for n in range(2)]

    assert [page.status_code for page in pages] == [200, 429]
    assert "困りごと1</textarea>" in pages[1].text
    assert 'name="id" value="1"' in pages[1].text, "sent again it is the same message"


@pytest.mark.parametrize(
    ("origin", "foreign"),
    [
        (SITE, False),
        (None, False),
        ("http://chat.example", False),
        ("null", True),
        ("https://www.asahi.example.evil.example", True),
        ("http://www.asahi.example", True),
        ("https://www.asahi.example:8443", True),
        ("https://WWW.asahi.example", True),
        ("https://evil.example", True),
    ],
)
def test_a_site_is_named_by_its_whole_origin(origin: str | None, foreign: bool) -> None:
    headers = [(b"host", b"chat.example"), *([(b"origin", origin.encode())] if origin else [])]
    allowed = Settings(bantline_allowed_origins="https://WWW.asahi.example/").bantline_allowed_origins  # type: ignore[arg-type]  # as the environment gives it

    assert is_foreign({"type": "http", "scheme": "http", "headers": headers}, allowed) is foreign


@pytest.mark.parametrize("path", ["sessions", "messages", "export", "events", "anything"])
def test_a_page_of_another_site_reaches_nothing_of_the_chat(door: Callable[..., TestClient], path: str) -> None:
    web = door(bantline_allowed_origins=(SITE,))

    for method in ("GET", "POST", "DELETE"):
        answer = web.request(method, f"/api/chat/{path}", headers={"Origin": "https://evil.example"})
        assert (answer.status_code, answer.headers.get("access-control-allow-origin")) == (403, None)
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_gate_keeps_no_address_in_clear() -> None:
    gate = Gate(Settings(), clock=Seconds())
    scope = {
        "type": "http",
        "path": "/api/chat/messages",
        "method": "POST",
        "client": ("203.0.113.7", 1),
        "headers": [(b"authorization", b"Bearer " + b"t" * 43)],
    }
    for _ in range(15):
        gate.admit(scope)
    with pytest.raises(TooOften) as refused:
        gate.admit(scope)

    assert refused.value.retry_after == 1
    assert "203.0.113.7" not in repr(vars(gate._rates))
