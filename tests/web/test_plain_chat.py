"""The chat as a page without script: forms alone carry a whole interview, with a cookie or without."""

import re
import sqlite3
from contextlib import closing
from html import unescape

import httpx2
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, ViewportSize, expect

from bot.bootstrap import Services
from bot.web.app import build_web
from bot.web.streams import Streams
from tests.process import BantlineProcess
from tests.web.axe import violations

ANSWERS = {
    "ja": (
        "紙の申請書が多く、承認に一週間かかっています",
        "3か月以内に導入したいです",
        "私が決裁者です",
        "300万円ほどです",
        "株式会社あさひ製作所",
        "山田花子 hanako.yamada@asahi-seisakusho.co.jp",
    ),
    "en": (
        "Approvals take a week because everything is on paper",
        "Within three months",
        "I make the decision",
        "About 3 million yen",
        "Northwind Tools Ltd",
        "Mary Smith, mary.smith@northwind-tools.com",
    ),
}
HOSTILE = "</textarea></p><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \" ' &"


class Visitor:
    """Somebody who fills in the forms of the page; `keeps_cookies` says what their browser does."""

    def __init__(self, web: TestClient, *, language: str = "ja", keeps_cookies: bool = True) -> None:
        self.web, self.keeps_cookies = web, keeps_cookies
        self.html = ""
        self.sees(web.get(f"/chat?lang={language}"))

    def sees(self, answer: httpx2.Response) -> httpx2.Response:
        self.html = answer.text
        if not self.keeps_cookies:
            self.web.cookies.clear()
        return answer

    @property
    def carried(self) -> dict[str, str]:
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.html))

    @property
    def said(self) -> list[str]:
        return [unescape(text) for text in re.findall(r'<p class="said">(.*?)</p>', self.html, re.DOTALL)]

    @property
    def choices(self) -> list[str]:
        offered = self.html.partition('class="choices"')[2].partition("</fieldset>")[0]
        return re.findall(r'name="choice" value="([^"]*)"', offered)

    def sends(self, **fields: str) -> httpx2.Response:
        return self.sees(self.web.post("/chat", data=self.carried | fields))


@pytest.fixture
def web(services: Services) -> TestClient:
    return TestClient(build_web(services, Streams(services)), raise_server_exceptions=False)


@pytest.mark.parametrize("keeps_cookies", [True, False], ids=["cookie", "no cookie"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_whole_interview_by_forms_alone(web: TestClient, language: str, keeps_cookies: bool) -> None:
    visitor = Visitor(web, language=language, keeps_cookies=keeps_cookies)
    for answer in ANSWERS[language]:
        assert visitor.sends(text=answer).status_code == 200
        assert answer in visitor.said
        assert f'<html lang="{language}">' in visitor.html
    assert visitor.choices[0] == "confirm"
    visitor.sends(choice="confirm")

    assert {"ja": "新しく相談する", "en": "Start a new talk"}[language] in visitor.html
    assert ("token" in visitor.carried) is not keeps_cookies
    visitor.sends(anew="yes")
    assert len(visitor.said) == 2
    assert visitor.carried["begins"] == "yes"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_opens_with_the_words_of_the_widget_and_keeps_nothing(web: TestClient, language: str) -> None:
    visitor = Visitor(web, language=language)
    begun = web.post("/api/chat/sessions", json={"locale": language}).json()

    assert visitor.said == [message["text"] for message in begun["messages"]]
    assert visitor.choices == [choice["value"] for choice in begun["messages"][-1]["choices"]]
    assert not web.cookies
    unkept = web.get("/api/chat/messages", headers={"Authorization": f"Bearer {visitor.carried['token']}"})
    assert unkept.status_code == 401


def test_a_form_sent_again_changes_nothing(web: TestClient) -> None:
    visitor = Visitor(web)
    for answer in ANSWERS["ja"][:2]:
        form = visitor.carried | {"text": answer}
        visitor.sends(text=answer)
        before = visitor.said
        visitor.sees(web.post("/chat", data=form))
        assert visitor.said == before


@pytest.mark.parametrize(
    ("language", "line"), [("ja", "送信済みのメッセージが変更されています"), ("en", "You changed a message")]
)
def test_an_older_form_with_other_words_is_told_and_heard_when_it_is_sent_again(
    web: TestClient, language: str, line: str
) -> None:
    visitor = Visitor(web, language=language)
    form = visitor.carried | {"text": ANSWERS[language][0]}
    visitor.sends(text=ANSWERS[language][0])
    back = visitor.sees(web.post("/chat", data=form | {"text": ANSWERS[language][1]}))
    assert (back.status_code, line in back.text, ANSWERS[language][1] in back.text) == (409, True, True)

    visitor.sends(text=ANSWERS[language][1])
    assert ANSWERS[language][1] in visitor.said


def test_the_cookie_is_the_pages_own_and_a_turn_leads_back_to_the_page(services: Services) -> None:
    web = TestClient(build_web(services, Streams(services)), base_url="https://testserver", follow_redirects=False)
    visitor = Visitor(web)
    cookie = visitor.sends(choice="efficiency").headers["set-cookie"]
    answer = visitor.sends(text="3か月以内")

    assert {"HttpOnly", "Path=/chat", "SameSite=lax", "Secure"} == set(cookie.split("; ")[1:])
    assert (answer.status_code, answer.headers["location"]) == (303, "/chat")


@pytest.mark.parametrize("keeps_cookies", [True, False], ids=["cookie", "no cookie"])
def test_the_menu_without_script_saves_the_talk_and_deletes_it_after_a_question(
    web: TestClient, keeps_cookies: bool
) -> None:
    visitor = Visitor(web, keeps_cookies=keeps_cookies)
    token = visitor.carried["token"]
    visitor.sends(text=ANSWERS["ja"][0])
    for item in ("会話の記録を保存", "この会話を消去する"):
        assert item in visitor.html.partition("メニュー")[2]
    copy = web.post("/chat", data=visitor.carried | {"save": "yes"})
    assert ANSWERS["ja"][0] in copy.text
    assert copy.headers["content-disposition"] == 'attachment; filename="chat.txt"'

    visitor.sends(erase="ask")
    assert "元には戻せません" in visitor.html
    visitor.sends(look="yes")
    assert ANSWERS["ja"][0] in visitor.said
    visitor.sends(erase="ask")
    visitor.sends(erase="for_good")
    assert "消去いたしました" in visitor.html
    assert ANSWERS["ja"][0] not in visitor.said
    gone = web.get("/api/chat/messages", headers={"Authorization": f"Bearer {token}"})
    assert gone.status_code == 401


def test_what_a_prospect_wrote_is_shown_as_text(web: TestClient) -> None:
    visitor = Visitor(web)
    visitor.sends(text=HOSTILE)
    assert HOSTILE in visitor.said
    visitor.sends(choice="<script>alert(2)</script>")
    visitor.sends(text=HOSTILE * 60)  # too long: it comes back in the field, to be shortened

    assert "<script" not in visitor.html
    assert "<img" not in visitor.html
    assert visitor.html.count("</textarea>") == 1


def test_an_address_in_a_message_can_be_pressed_and_nothing_else_can(web: TestClient) -> None:
    visitor = Visitor(web)
    visitor.sends(
        text='資料はhttps://asahi.example/a?b=1&c=2です。http://x.example javascript:alert(1) https://y.example"onx=1'
    )
    links = re.findall(r'<a href="([^"]*)" target="_blank" rel="noopener">([^<]*)</a>', visitor.html)
    assert [(unescape(address), unescape(words)) for address, words in links] == [
        ("https://asahi.example/a?b=1&c=2", "https://asahi.example/a?b=1&c=2"),
        ("https://y.example", "https://y.example"),
    ]


def test_the_page_allows_its_own_form_and_no_script(web: TestClient) -> None:
    policy = web.get("/chat").headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy


@pytest.mark.parametrize(("language", "line"), [("ja", "新しく始めました"), ("en", "started a new one")])
def test_a_talk_nobody_knows_begins_anew_with_a_kind_line(web: TestClient, language: str, line: str) -> None:
    web.cookies.set("bantline_chat", "x" * 43, path="/chat")
    visitor = Visitor(web, language=language)
    assert line in visitor.html
    assert "Max-Age=0" in web.get("/chat").headers["set-cookie"]
    web.cookies.clear()

    lost = {"token": "x" * 43, "id": "1", "text": ANSWERS[language][0], "lang": language}
    visitor.sees(web.post("/chat", data=lost))
    assert line in visitor.html
    assert ANSWERS[language][0] in visitor.html, "what was typed is still there"
    visitor.sends(text=ANSWERS[language][0])
    assert len(visitor.said) >= 4


@pytest.mark.parametrize(
    ("fields", "status", "line"),
    [
        ({"text": "あ" * 4_001}, 422, "4,000文字以内"),
        ({"text": "あ" * 30_000}, 413, "長すぎるため"),
        ({"text": "a", "choice": "b"}, 422, "送信できませんでした"),
        ({"text": "a", "id": ""}, 422, "送信できませんでした"),
        ({f"f{number}": "x" for number in range(30)}, 422, "送信できませんでした"),
        ({"text": " \r\n "}, 200, "ご返信"),
        ({"text": "null\x00character"}, 200, "ご返信"),
    ],
    ids=["too long", "too large", "both", "no id", "many fields", "nothing", "null character"],
)
def test_bad_input_gets_a_page_one_can_read(web: TestClient, fields: dict[str, str], status: int, line: str) -> None:
    visitor = Visitor(web)
    answer = visitor.sends(**fields)

    assert (answer.status_code, line in visitor.html) == (status, True)
    assert answer.headers["content-type"].startswith("text/html")
    assert visitor.sends(text=ANSWERS["ja"][0]).status_code == 200
    assert ANSWERS["ja"][0] in visitor.said


@pytest.mark.parametrize("token", ["語" * 30, "😀" * 30, "a" * 30 + "\r\nSet-Cookie: x=y"])
def test_a_token_that_fits_no_cookie_opens_nothing_and_is_not_remembered(web: TestClient, token: str) -> None:
    answer = web.post("/chat", data={"token": token, "id": "1", "text": "a", "begins": "yes"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)


def test_a_line_end_counts_once(web: TestClient) -> None:
    visitor = Visitor(web)
    assert visitor.sends(text="承認が遅い\r\n" + "あ" * 3_994).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": "http://testserver"}, 200),
    ],
)
def test_another_site_cannot_make_a_visitor_speak(web: TestClient, headers: dict[str, str], status: int) -> None:
    visitor = Visitor(web)
    answer = web.post("/chat", data=visitor.carried | {"text": "hello"}, headers=headers)

    assert answer.status_code == status
    assert bool(web.cookies) is (status == 200)


# ---- in a browser without script


def test_in_a_browser_without_script_the_talk_is_held_and_everybody_can_read_it(
    browser: Browser, bantline: BantlineProcess
) -> None:
    phone = ViewportSize(width=390, height=844)
    context = browser.new_context(java_script_enabled=False, viewport=phone)
    judged = browser.new_context(bypass_csp=True, viewport=phone)  # axe itself is a script
    page, judge = context.new_page(), judged.new_page()
    page.goto(f"{bantline.url}/chat?lang=ja")
    judge.goto(page.url)
    assert violations(judge) == [], "opening"
    for answer in ANSWERS["ja"]:
        page.get_by_role("textbox").fill(answer)
        page.get_by_role("button", name="送信", exact=True).click()
        expect(page.get_by_text(answer, exact=True).first).to_be_in_viewport()
    judged.add_cookies(context.cookies())  # type: ignore[arg-type]  # the same cookie, typed as two kinds
    judge.goto(f"{bantline.url}/chat")
    assert violations(judge) == [], "read-back"
    page.locator("button[value=confirm]").click()
    expect(page.get_by_role("button", name="新しく相談する")).to_be_visible()
    judge.reload()
    assert violations(judge) == [], "completed"
    assert judge.evaluate("document.documentElement.scrollWidth") <= 390
    judge.locator("textarea").evaluate(
        "field => { field.removeAttribute('maxlength'); field.value = 'あ'.repeat(4001) }"
    )
    judge.get_by_role("button", name="送信", exact=True).click()
    expect(judge.get_by_role("alert")).to_contain_text("4,000文字以内")
    assert violations(judge) == [], "too long"
    for way_out, answer in (("担当者と話す", ""), ("ここで終了する", "はい、終了します")):
        judged.clear_cookies()
        judge.goto(f"{bantline.url}/chat?lang=ja")
        judge.get_by_role("button", name=way_out).click()
        if answer:
            judge.get_by_role("button", name=answer).click()
        expect(judge.locator(".standing")).to_be_visible()
        assert violations(judge) == [], way_out
    for place in ("sooner", "nobody-called", "correct"):
        judge.goto(f"{bantline.url}/{place}/{receipt_in(bantline)}")
        assert violations(judge) == [], place
    judge.goto(judge.url.replace("/correct/", "/sooner/"))
    judge.get_by_role("button").click()
    expect(judge.locator(".done").first).to_be_visible()
    assert violations(judge) == [], "heard"
    judge.goto(f"{bantline.url}/sooner/{'x' * 32}")
    assert violations(judge) == [], "a link of nobody"
    judge.goto(f"{bantline.url}/forms/document?lang=ja")
    assert violations(judge) == [], "form"
    judge.locator("form").evaluate("form => { form.noValidate = true }")
    judge.get_by_role("button").click()
    assert violations(judge) == [], "form with mistakes"
    context.close()
    judged.close()


def receipt_in(bantline: BantlineProcess) -> str:
    """The token of a lead's receipt, as their mail holds it."""
    with closing(sqlite3.connect(bantline.database)) as opened:
        row = opened.execute("SELECT receipt FROM lead WHERE receipt IS NOT NULL").fetchone()
    return str(row[0])
