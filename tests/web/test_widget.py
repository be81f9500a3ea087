"""The chat widget as a prospect meets it: a real browser, the real pages, the real server behind `chat_url`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, Route, expect

from tests.browser import chromium

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
OPEN_LIDS = {"ja": "ご相談はこちら", "en": "Talk with us"}
ANSWERS = {
    "ja": {
        "need": "紙の申請書が多く、承認に一週間かかっています",
        "timeframe": "3か月以内に導入したいです",
        "authority": "私が決裁者です",
        "budget": "300万円ほどです",
        "company": "株式会社あさひ製作所",
        "contact": "山田花子 hanako.yamada@asahi-seisakusho.co.jp",
    },
    "en": {
        "need": "Approvals take a week because everything is on paper",
        "timeframe": "Within three months",
        "authority": "I make the decision",
        "budget": "About 3 million yen",
        "company": "Northwind Tools Ltd",
        "contact": "Mary Smith, mary.smith@northwind-tools.com",
    },
}
# The strictest policy a page can have and still name us: no styles, no eval, trusted types.
STRICTEST = (
    "default-src 'none'; style-src 'none'; script-src {url}/static/; connect-src {url}/api/; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HOSTILE_CSS = """
body, body *, html > :not(head), bantline-chat, bantline-chat *, button, textarea, p, ol, li, section, header, svg {
  display: none; visibility: hidden; opacity: .02; position: static; float: left; z-index: -1; pointer-events: none;
  font: italic 3px/0.5 fantasy; letter-spacing: 9px; text-transform: uppercase; direction: rtl; color: yellow;
  background: yellow; transform: rotate(20deg) scale(.2); filter: blur(9px); clip-path: inset(50%);
  width: 1px; height: 1px; max-height: 2px; margin: 99px; padding: 99px; border: 9px dashed red;
}
""".replace(";", " !important;")


@dataclass
class Visitor:
    """A person in front of a page that carries the widget."""

    page: Page
    address: str
    locale: str
    sent: list[Request] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.sent.append(request) if is_message(request) else None)
        self.page.on("pageerror", lambda error: self.violations.append(str(error)))
        self.page.on("dialog", lambda dialog: self.violations.append(dialog.message))

    @property
    def panel(self) -> Any:
        return self.page.get_by_role("dialog")

    @property
    def input(self) -> Any:
        return self.panel.get_by_role("textbox")

    @property
    def launcher(self) -> Any:
        return self.page.locator("bantline-chat > button, bantline-chat >> button").first

    @property
    def choices(self) -> Any:
        return self.panel.locator(".choices button")

    def opens(self) -> Visitor:
        self.launcher.click()
        expect(self.panel.locator("li.bot").first).to_be_visible()
        return self

    def turn(self, act: Callable[[], object]) -> dict[str, Any]:
        """Do something that sends one message; what the server answered, once it can be seen."""
        with self.page.expect_response(lambda response: is_message(response.request) and response.ok) as answer:
            act()
        body: dict[str, Any] = answer.value.json()
        expect(self.panel.locator("ol.unsent")).to_be_hidden()
        expect(self.panel).to_have_attribute("data-state", body["state"])
        return body

    def says(self, text: str) -> dict[str, Any]:
        self.input.fill(text)
        return self.turn(lambda: self.input.press("Enter"))

    def answers_until_the_read_back(self, say: Callable[[str], dict[str, Any]] | None = None) -> None:
        for _ in range(12):
            if self.panel.get_attribute("data-state") != "asking":
                break
            question = self.panel.get_attribute("data-question")
            (say or self.says)(ANSWERS[self.locale][question])
            expect(self.panel.locator("li").last).to_be_in_viewport()
        expect(self.panel).to_have_attribute("data-state", "confirming")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@dataclass
class Site:
    """A firm's web page with our script tag, served inside the browser so that it can be as hostile as we like."""

    browser: Browser
    chat_url: str
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(
        self, locale: str = "ja", *, context: BrowserContext | None = None, policy: str = "", css: str = "", **how: Any
    ) -> Visitor:
        script, attributes, more = how.pop("script", ""), how.pop("attributes", ""), how.pop("more", "")
        if context is None:
            context = self.browser.new_context(**{"reduced_motion": "reduce", **how})
            self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        headers = {"Content-Security-Policy": policy.format(url=self.chat_url)} if policy else {}
        html = f"""<!doctype html><html lang="{locale}"><head><meta charset="utf-8"><title>Asahi Tools</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            {'<link rel="stylesheet" href="/host.css">' if css else ""}</head>
            <body><main><h1>Asahi Tools</h1><p>Sharp since 1921.</p>{more}</main>
            {'<script src="/host.js"></script>' if script else ""}
            <script src="/static/widget.js" async {attributes}></script></body></html>"""
        address = f"{self.chat_url}/host.html"
        for name, kind, body in (
            ("html", "text/html", html),
            ("css", "text/css", css),
            ("js", "text/javascript", script),
        ):
            page.route(f"**/host.{name}*", lambda route, *, body=body, kind=kind: serve(route, kind, body, headers))
        visitor = Visitor(page, address, locale)
        page.goto(address)
        return visitor


@pytest.fixture
def site(browser: Browser, chat_url: str) -> Iterator[Site]:
    site = Site(browser, chat_url.rstrip("/"))
    yield site
    for context in site.contexts:
        context.close()


def serve(route: Route, kind: str, body: str, headers: dict[str, str]) -> None:
    route.fulfill(content_type=f"{kind}; charset=utf-8", body=body, headers=headers)


def is_message(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/api/chat/messages")


def stored(page: Page) -> list[str]:
    names: list[str] = page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return names


def ids(requests: list[Request]) -> list[str]:
    return [json.loads(request.post_data or "{}")["id"] for request in requests]


# ---- an interview


class JapaneseKeyboard:
    """A person who types kana, converts them, and confirms the conversion with Enter."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.keys: CDPSession = visitor.page.context.new_cdp_session(visitor.page)

    def compose(self, text: str) -> None:
        for end in range(1, len(text) + 1, 3):
            self.keys.send("Input.imeSetComposition", {"text": text[:end], "selectionStart": end, "selectionEnd": end})
        self.keys.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        )

    def press_conversion_enter(self) -> None:
        enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
        self.keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
        self.keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})

    def confirm(self, text: str) -> None:
        self.keys.send("Input.insertText", {"text": text})

    def says(self, text: str) -> dict[str, Any]:
        sent_before = len(self.visitor.sent)
        self.compose(text)
        self.press_conversion_enter()
        self.confirm(text)
        expect(self.visitor.input).to_have_value(text)
        self.press_conversion_enter()  # Safari reports the Enter that ended the composition only now
        expect(self.visitor.input).to_have_value(text)
        assert len(self.visitor.sent) == sent_before, "sent while composing"
        return self.visitor.turn(lambda: self.visitor.page.keyboard.press("Enter"))


def test_a_prospect_finishes_the_interview_by_keyboard_in_composed_japanese(site: Site) -> None:
    visitor = site.visitor("ja")
    keyboard = visitor.page.keyboard
    expect(visitor.launcher).to_have_text(OPEN_LIDS["ja"])

    keyboard.press("Tab")
    expect(visitor.launcher).to_be_focused()
    keyboard.press("Enter")
    expect(visitor.input).to_be_focused()
    expect(visitor.choices.first).to_be_visible()
    visitor.answers_until_the_read_back(JapaneseKeyboard(visitor).says)
    expect(visitor.input).to_be_focused()
    expect(visitor.panel.locator("dl")).to_contain_text("あさひ製作所")

    for _ in range(10):
        keyboard.press("Shift+Tab")
        if visitor.choices.first.evaluate("button => button.getRootNode().activeElement === button"):
            break
    answer = visitor.turn(lambda: keyboard.press("Enter"))
    assert answer["state"] == "completed"
    assert len(set(ids(visitor.sent))) == len(visitor.sent)

    keyboard.press("Escape")
    expect(visitor.launcher).to_be_focused()
    assert visitor.violations == []


def test_a_prospect_finishes_the_interview_by_touch_on_a_phone_in_english(site: Site) -> None:
    visitor = site.visitor("en", **PHONE)
    visitor.launcher.tap()
    expect(visitor.choices.first).to_be_visible()
    place = visitor.panel.bounding_box()
    assert {edge: round(length) for edge, length in place.items()} == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(visitor.input).not_to_be_focused()  # or the screen keyboard would hide the question

    for _ in range(12):
        if visitor.panel.get_attribute("data-state") != "asking":
            break
        question = visitor.panel.get_attribute("data-question") or ""
        if question in ("company", "contact") or not visitor.choices.count():
            visitor.input.fill(ANSWERS["en"][question])
            visitor.turn(lambda: visitor.panel.get_by_role("button", name="Send").tap())
        else:
            visitor.turn(lambda: visitor.choices.first.tap())
    expect(visitor.panel).to_have_attribute("data-state", "confirming")
    assert visitor.turn(lambda: visitor.choices.first.tap())["state"] == "completed"
    assert visitor.violations == []


def test_on_a_phone_the_panel_fills_exactly_what_the_keyboard_leaves(site: Site) -> None:
    visitor = site.visitor("ja", **PHONE)
    visitor.launcher.tap()
    expect(visitor.choices.first).to_be_visible()
    visitor.page.set_viewport_size({"width": 390, "height": 400})
    expect(visitor.input).to_be_in_viewport(ratio=1)
    expect(visitor.panel.locator("li.bot").last).to_be_in_viewport()
    expect(visitor.panel.get_by_role("button", name="閉じる")).to_be_in_viewport(ratio=1)


def test_the_read_back_can_be_corrected(site: Site) -> None:
    visitor = site.visitor("en").opens()
    visitor.answers_until_the_read_back()
    assert visitor.choices.count() >= 2
    answer = visitor.turn(lambda: visitor.choices.last.click())
    assert answer["state"] in ("asking", "confirming")
    expect(visitor.input).to_be_focused()


@pytest.mark.parametrize(
    ("item", "state"),
    [("担当者と話す", "handed_over"), ("ここで終了する", "declined")],
)
def test_a_person_and_the_end_are_always_in_reach(site: Site, item: str, state: str) -> None:
    visitor = site.visitor("ja").opens()
    visitor.panel.get_by_role("button", name="メニュー").click()
    assert visitor.turn(lambda: visitor.panel.get_by_role("button", name=item).click())["state"] == state


def test_after_the_end_the_prospect_can_still_add_something(site: Site) -> None:
    visitor = site.visitor("en").opens()
    visitor.answers_until_the_read_back()
    assert visitor.turn(lambda: visitor.choices.first.click())["state"] == "completed"
    expect(visitor.panel.get_by_text("Anything to add?")).to_be_visible()
    visitor.turn(lambda: visitor.panel.get_by_role("button", name="Sooner, please").click())
    expect(visitor.panel.locator("li.bot").last).to_contain_text("I've told our team")
    visitor.panel.get_by_role("button", name="Menu").click()
    visitor.turn(lambda: visitor.panel.get_by_role("button", name="Nobody contacted me").click())
    expect(visitor.panel.locator("li.bot").last).to_contain_text("A manager knows now")
    visitor.says("Please call after five o'clock")
    expect(visitor.panel.locator("li.bot").last).to_be_in_viewport()


def test_after_stop_nothing_more_is_asked_but_one_can_begin_anew(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.says("終了")
    expect(visitor.panel).to_have_attribute("data-state", "declined")
    expect(visitor.input).to_be_hidden()
    visitor.panel.get_by_role("button", name="新しく相談する").click()
    expect(visitor.panel).to_have_attribute("data-state", "asking")
    expect(visitor.panel.locator("li.prospect")).to_have_count(0)
    expect(visitor.input).to_be_focused()


def test_the_prospect_sees_which_question_this_is(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    progress = visitor.panel.get_by_role("progressbar")
    expect(progress).to_have_attribute("aria-valuetext", re.compile("質問 1 / 6"))
    answer = visitor.says(ANSWERS["ja"]["need"])
    if answer["question"] == "timeframe":
        expect(progress).to_have_attribute("aria-valuetext", re.compile("質問 2 / 6 導入時期"))


def test_the_prospect_can_keep_the_transcript(site: Site, tmp_path: Path) -> None:
    visitor = site.visitor("en").opens()
    visitor.says(ANSWERS["en"]["need"])
    visitor.panel.get_by_role("button", name="Menu").click()
    with visitor.page.expect_download() as download:
        visitor.panel.get_by_role("button", name="Save a copy").click()
    download.value.save_as(tmp_path / "talk.txt")
    talk = (tmp_path / "talk.txt").read_text(encoding="utf-8")
    assert ANSWERS["en"]["need"] in talk
    assert talk.index("Bot") < talk.index("You\n")


# ---- coming back


def test_nothing_is_stored_or_asked_before_the_first_click(site: Site) -> None:
    visitor = site.visitor("ja")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.reload()
    expect(visitor.launcher).to_be_visible()
    assert [url.rsplit("/", 1)[-1] for url in asked] == ["host.html", "widget.js"]
    assert stored(visitor.page) == []
    assert visitor.page.context.cookies() == []

    visitor.opens()
    assert set(stored(visitor.page)) == {f"bantline:{site.chat_url}/"}
    assert visitor.page.context.cookies() == []


def test_a_page_that_opens_the_panel_by_itself_still_stores_nothing_before_a_click(site: Site) -> None:
    by_itself = "addEventListener('load', () => bantline.open())"
    visitor = site.visitor("ja", script=by_itself)
    expect(visitor.choices.first).to_be_visible()
    assert stored(visitor.page) == []
    visitor.input.click()
    assert stored(visitor.page) != []


def test_a_reload_resumes_at_the_same_question_and_leaves_the_focus_alone(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.says(ANSWERS["ja"]["need"])
    expect(visitor.panel).to_have_attribute("data-question", "timeframe")
    expect(visitor.panel.locator("li.prospect")).to_have_count(1)
    talk = visitor.panel.locator("li").all_text_contents()

    visitor.page.reload()
    expect(visitor.panel).to_have_attribute("data-question", "timeframe")
    expect(visitor.panel.locator("li.prospect")).to_have_count(1)
    assert visitor.panel.locator("li").all_text_contents() == talk
    assert visitor.page.evaluate("document.activeElement === document.body")


def test_a_second_tab_continues_the_talk_and_the_first_hears_of_it(site: Site) -> None:
    first = site.visitor("ja").opens()
    first.says(ANSWERS["ja"]["need"])
    second = site.visitor("ja", context=first.page.context)
    expect(second.launcher).to_have_text("ご相談の続き")
    second.opens()
    expect(second.panel.locator("li.prospect")).to_have_text(re.compile("承認に一週間"))

    second.input.fill(ANSWERS["ja"]["timeframe"])
    second.input.press("Enter")  # whichever tab is free first sends it
    for tab in (second, first):
        expect(tab.panel.locator("li.prospect")).to_have_count(2)
        expect(tab.panel.locator("ol.unsent")).to_be_hidden()
        expect(tab.panel.locator("li:not(.unsent li)").last).to_have_class(re.compile("bot"))
    expect(first.panel.locator("li")).to_have_text(second.panel.locator("li").all_text_contents())
    assert len(set(ids(first.sent + second.sent))) == 2


def test_after_sleep_the_panel_shows_what_was_said_meanwhile(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    token = visitor.page.evaluate("JSON.parse(Object.values(localStorage)[0]).token")
    elsewhere = visitor.page.context.request.post(
        f"{site.chat_url}/api/chat/messages",
        headers={"Authorization": f"Bearer {token}"},
        data={"id": "from-another-device", "text": ANSWERS["ja"]["need"]},
    )
    assert elsewhere.ok
    visitor.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(visitor.panel.locator("li.prospect")).to_have_count(1)
    expect(visitor.panel).to_have_attribute("data-question", elsewhere.json()["question"])


def test_a_talk_the_server_no_longer_knows_begins_anew_and_gives_the_words_back(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.page.evaluate("""() => {
        const key = Object.keys(localStorage)[0];
        localStorage.setItem(key, JSON.stringify({token: "forgotten", unsent: []}));
    }""")
    visitor.input.fill("続きをお願いします")
    visitor.input.press("Enter")
    expect(visitor.panel.get_by_text("新しく始めました")).to_be_visible()
    expect(visitor.input).to_have_value("続きをお願いします")
    expect(visitor.panel.locator("li.prospect")).to_have_count(0)
    visitor.says(ANSWERS["ja"]["need"])


# ---- what they look at, if they agree


PRICES = '<p data-bantline-page="price"><a href="/guide.pdf">Guide</a> <button data-bantline-track="demo_requested">Demo</button></p>'


def test_pages_are_noted_only_after_a_yes_and_told_after_the_first_word(site: Site) -> None:
    """M63-M70, M73, M107."""
    visitor = site.visitor("en", more=PRICES, script="addEventListener('click', (event) => event.preventDefault())")
    page, asked = visitor.page, list[str]()
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    expect(visitor.launcher).to_be_visible()
    page.evaluate("bantline.track('quote_requested')")
    page.get_by_role("button", name="Demo").click()
    assert ("track.js" in asked, stored(page)) == (False, []), "nothing before a yes"

    page.goto(f"{visitor.address}?utm_source=newsletter&name=secret")
    expect(visitor.launcher).to_be_visible()
    page.evaluate("bantline.consent(true, 'site banner 3')")
    page.wait_for_function("localStorage.getItem(Object.keys(localStorage)[0])?.includes('price_page_viewed')")
    page.get_by_role("button", name="Demo").click()
    page.get_by_text("Guide").click()
    page.evaluate("bantline.track('quote_requested', {product: 'saw'})")
    expect(visitor.launcher).to_have_text(OPEN_LIDS["en"])
    visitor.opens()
    assert "activities" not in asked, "until the first word it stays in the browser"
    with page.expect_response("**/api/chat/activities"):
        visitor.says(ANSWERS["en"]["need"])

    token = page.evaluate("JSON.parse(localStorage[Object.keys(localStorage).find((key) => !/pages/.test(key))]).token")
    own = {"Authorization": f"Bearer {token}"}
    noted = page.context.request.get(f"{site.chat_url}/api/chat/export", headers=own).json()["noted"]
    assert {one["kind"] for one in noted} == {
        "site_visited", "price_page_viewed", "demo_requested", "document_requested", "quote_requested"
    }  # fmt: skip
    (price,) = [one["data"] for one in noted if one["kind"] == "price_page_viewed"]
    assert (price["page"], price["told"]) == (visitor.address, {"utm_source": "newsletter"})

    page.reload()
    visitor.panel.get_by_role("button", name="Menu").click()
    with page.expect_request("**/api/chat/activities"):
        visitor.panel.get_by_role("button", name="Stop noting my pages").click()
    expect(visitor.panel.get_by_text("We no longer note your pages")).to_be_visible()
    assert not [name for name in stored(page) if "pages" in name]
    assert visitor.violations == []


# ---- trouble


def test_what_is_written_offline_is_sent_once_when_the_network_is_back(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.page.context.set_offline(True)
    visitor.input.fill(ANSWERS["ja"]["need"])
    visitor.input.press("Enter")
    expect(visitor.panel.get_by_text("送信待ち")).to_be_visible()
    expect(visitor.panel.get_by_text("自動的に送信いたします")).to_be_visible()

    visitor.turn(lambda: visitor.page.context.set_offline(False))
    expect(visitor.panel.get_by_text("自動的に送信いたします")).to_be_hidden()
    assert len(set(ids(visitor.sent))) == 1
    visitor.page.reload()
    expect(visitor.panel.locator("li.prospect")).to_have_count(1)


def test_an_unsent_message_survives_a_reload(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.page.route("**/api/chat/messages", lambda route: route.abort())
    visitor.input.fill(ANSWERS["ja"]["need"])
    visitor.input.press("Enter")
    expect(visitor.panel.get_by_text("送信待ち")).to_be_visible()
    visitor.page.unroute("**/api/chat/messages")
    visitor.turn(lambda: visitor.page.reload())
    expect(visitor.panel.locator("li.prospect")).to_have_count(1)
    assert len(set(ids(visitor.sent))) == 1


def test_a_lost_answer_is_asked_for_again_under_the_same_id(site: Site) -> None:
    visitor = site.visitor("ja").opens()

    def lose_the_first_answer(route: Route) -> None:
        if len(visitor.sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    visitor.page.route("**/api/chat/messages", lose_the_first_answer)
    visitor.says(ANSWERS["ja"]["need"])
    assert len(visitor.sent) == 2
    assert len(set(ids(visitor.sent))) == 1
    expect(visitor.panel.locator("li.prospect")).to_have_count(1)


@pytest.mark.parametrize(("status", "words"), [(503, "混み合って"), (429, "混み合って"), (500, "接続できません")])
def test_a_busy_server_is_explained_and_asked_again(site: Site, status: int, words: str) -> None:
    visitor = site.visitor("ja").opens()
    refusals = iter([status])

    def refuse_once(route: Route) -> None:
        if next(refusals, None):
            route.fulfill(status=status, headers={"Retry-After": "1"}, json={"error": "busy", "message": "later"})
        else:
            route.continue_()

    visitor.page.route("**/api/chat/messages", refuse_once)
    visitor.input.fill(ANSWERS["ja"]["need"])

    def send_and_read_why() -> None:
        visitor.input.press("Enter")
        expect(visitor.panel.get_by_text(words)).to_be_visible()
        expect(visitor.panel.get_by_text("送信待ち")).to_be_visible()

    visitor.turn(send_and_read_why)
    expect(visitor.panel.get_by_text(words)).to_be_hidden()
    assert len(set(ids(visitor.sent))) == 1


def test_a_server_that_is_down_never_leaves_a_dead_overlay(site: Site) -> None:
    visitor = site.visitor("ja")
    visitor.page.route("**/api/chat/**", lambda route: route.abort())
    visitor.launcher.click()
    expect(visitor.panel.get_by_text("つながり次第、自動的に始まります")).to_be_visible()
    expect(visitor.panel.get_by_role("button", name="今すぐ再試行")).to_be_visible()
    visitor.panel.get_by_role("button", name="閉じる").click()
    expect(visitor.launcher).to_be_focused()

    visitor.page.unroute("**/api/chat/**")
    visitor.launcher.click()
    expect(visitor.choices.first).to_be_visible()
    expect(visitor.panel.get_by_text("接続できません")).to_be_hidden()


def test_a_panel_that_cannot_be_fetched_is_explained_and_fetched_again(site: Site) -> None:
    visitor = site.visitor("en")
    visitor.page.route("**/panel.js", lambda route: route.abort())
    visitor.launcher.click()
    expect(visitor.page.get_by_text("We can't connect just now")).to_be_visible()
    expect(visitor.choices.first).to_be_visible()
    expect(visitor.page.get_by_text("We can't connect just now")).to_be_hidden()


def test_a_message_that_is_too_long_comes_back_to_its_writer(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    long = "承認に時間がかかります。" * 400
    visitor.input.fill(long)
    visitor.input.press("Enter")
    expect(visitor.panel.get_by_text("4,000文字以内")).to_be_visible()
    expect(visitor.input).to_have_value(long)
    assert visitor.sent == []


# ---- on somebody else's page


def test_the_widget_works_on_a_page_with_hostile_styles(site: Site) -> None:
    visitor = site.visitor("ja", css=HOSTILE_CSS).opens()
    looks = visitor.page.evaluate("""() => {
        const panel = document.querySelector("bantline-chat").shadowRoot.querySelector(".panel");
        const {width, height, right} = panel.getBoundingClientRect();
        const style = getComputedStyle(panel.querySelector(".bubble"));
        const host = getComputedStyle(document.querySelector("bantline-chat"));
        return {width, height, right, size: style.fontSize, spacing: style.letterSpacing, direction: style.direction,
            case: style.textTransform, opacity: host.opacity, filter: host.filter};
    }""")
    assert looks == {
        "width": 392, "height": 680, "right": 1260, "size": "15px", "spacing": "normal", "direction": "ltr",
        "case": "none", "opacity": "1", "filter": "none",
    }  # fmt: skip
    visitor.says(ANSWERS["ja"]["need"])


def test_the_widget_works_under_the_strictest_policy(site: Site) -> None:
    visitor = site.visitor("en", policy=STRICTEST)
    visitor.page.on(
        "console", lambda message: visitor.violations.append(message.text) if message.type == "error" else None
    )
    visitor.opens()
    visitor.answers_until_the_read_back()
    visitor.panel.get_by_role("button", name="Menu").click()
    with visitor.page.expect_download():
        visitor.panel.get_by_role("button", name="Save a copy").click()
    assert visitor.violations == []


def test_markup_in_an_answer_stays_text(site: Site) -> None:
    visitor = site.visitor("en").opens()
    typed = """<img src=x onerror=alert(1)><script>alert(2)</script> [x](javascript:alert(3)) "><svg onload=alert(4)>"""
    visitor.says(typed)
    expect(visitor.panel.locator("li.prospect .bubble")).to_have_text(typed)
    visitor.page.reload()
    expect(visitor.panel.locator("li.prospect .bubble")).to_have_text(typed)
    assert visitor.panel.locator("img, script, a, iframe").count() == 0
    assert visitor.violations == []


def test_shortcuts_of_the_page_do_not_hear_what_is_typed(site: Site) -> None:
    shortcuts = "window.heard = 0; addEventListener('keydown', () => window.heard++)"
    visitor = site.visitor("en", script=shortcuts).opens()
    visitor.input.press_sequentially("search?")
    assert visitor.page.evaluate("heard") == 0


def test_the_page_can_open_close_and_listen(site: Site) -> None:
    visitor = site.visitor("en")
    expect(visitor.launcher).to_be_visible()
    visitor.page.evaluate("""() => {
        window.heard = [];
        for (const name of ["open", "close", "message", "state"])
            bantline.on(name, (detail) => heard.push([name, detail]));
        document.addEventListener("bantline:open", (event) => heard.push(["dom", event.target.localName]));
        bantline.open();
    }""")
    expect(visitor.choices.first).to_be_visible()
    visitor.page.evaluate("bantline.close()")
    expect(visitor.panel).to_be_hidden()
    heard = visitor.page.evaluate("heard")
    assert [name for name, _ in heard if name in ("open", "dom", "close")] == ["open", "dom", "close"]
    assert ["state", {"state": "asking", "question": "need"}] in heard
    assert all(set(detail) == {"seq", "from"} for name, detail in heard if name == "message")  # never the words


# ---- for everybody


# axe measures contrast only below <body>, and the widget stands beside it.
WITHIN_REACH_OF_AXE = """() => {
    const widget = document.querySelector("bantline-chat");
    if (widget.parentNode !== document.body) document.body.append(widget);
}"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong, and the contrasts it could not measure (but for words that something lies over)."""
    page.evaluate(WITHIN_REACH_OF_AXE)
    found = Axe().run(page).response
    unclear = [rule for rule in found["incomplete"] if rule["id"] == "color-contrast"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"] + unclear
        for node in rule["nodes"]
        if "overlapped by another element" not in node["failureSummary"]
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_state_is_accessible(site: Site, scheme: Scheme) -> None:
    visitor = site.visitor("ja", color_scheme=scheme)
    page = visitor.page
    expect(visitor.launcher).to_be_visible()
    assert violations(page) == [], "closed"
    visitor.opens()
    assert violations(page) == [], "open with choices"
    visitor.panel.get_by_role("button", name="メニュー").click()
    assert violations(page) == [], "menu"
    page.keyboard.press("Escape")
    expect(visitor.panel).to_be_visible()
    visitor.answers_until_the_read_back()
    assert violations(page) == [], "read-back"
    page.context.set_offline(True)
    visitor.input.fill("はい")
    visitor.input.press("Enter")
    expect(visitor.panel.get_by_text("送信待ち")).to_be_visible()
    assert violations(page) == [], "offline"
    visitor.turn(lambda: page.context.set_offline(False))
    expect(visitor.panel.get_by_role("button", name="新しく相談する")).to_be_visible()
    assert violations(page) == [], "completed"
    visitor.panel.get_by_role("button", name="メニュー").click()
    assert violations(page) == [], "menu at the end"
    visitor.panel.get_by_role("button", name="この会話を消去する").click()
    expect(visitor.panel.get_by_text("元には戻せません")).to_be_visible()
    erase = visitor.panel.get_by_role("button", name="この会話を消去する")
    expect(erase).to_be_focused()
    assert violations(page) == [], "asked whether to erase"
    erase.click()
    expect(visitor.panel.get_by_text("消去いたしました")).to_be_visible()
    assert violations(page) == [], "erased"
    assert page.evaluate("JSON.parse(Object.values(localStorage)[0]).token") is None
    expect(visitor.panel.locator("li.bot")).to_have_count(0)
    visitor.panel.get_by_role("button", name="新しく相談する").click()
    expect(visitor.choices.first).to_be_visible()


def test_on_a_phone_the_open_panel_is_accessible_and_keeps_the_focus_inside(site: Site) -> None:
    visitor = site.visitor("en", **PHONE).opens()
    assert violations(visitor.page) == []
    for _ in range(12):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate("document.activeElement.localName") == "bantline-chat"


def test_a_screen_reader_hears_each_bot_message_once(site: Site) -> None:
    listen = """document.addEventListener("bantline:open", ({target}) => {
        window.spoken = [];
        const hear = (changes) => changes.forEach(({addedNodes}) =>
            addedNodes.forEach((node) => spoken.push(node.textContent)));
        const region = target.shadowRoot.querySelector("[aria-live=polite]");
        new MutationObserver(hear).observe(region, {childList: true});
    }, {once: true})"""
    visitor = site.visitor("ja", script=listen).opens()
    visitor.says(ANSWERS["ja"]["need"])
    visitor.says(ANSWERS["ja"]["timeframe"])
    visitor.page.evaluate("dispatchEvent(new Event('focus'))")
    shown = visitor.panel.locator("li.bot .bubble").all_text_contents()
    assert visitor.page.evaluate("spoken") == shown

    visitor.page.reload()  # of a talk that goes on, only the open question is read out
    expect(visitor.panel.locator("li.bot")).to_have_count(len(shown))
    visitor.page.wait_for_function("window.spoken?.length")
    last_turn = visitor.page.evaluate("spoken")
    assert last_turn == shown[-len(last_turn) :]
    assert len(last_turn) < len(shown)


def test_motion_stops_for_those_who_ask_for_it(site: Site) -> None:
    visitor = site.visitor("en", reduced_motion="reduce").opens()
    names = visitor.page.evaluate("""() => [...document.querySelector("bantline-chat").shadowRoot.querySelectorAll("*")]
        .map((element) => getComputedStyle(element).animationName)""")
    assert set(names) == {"none"}


@pytest.mark.parametrize(("locale", "scheme"), [("ja", "light"), ("en", "dark")])
def test_the_demo_page_is_accessible_and_carries_the_widget(
    browser: Browser, chat_url: str, locale: str, scheme: Scheme
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{chat_url}/static/demo.html{'?lang=en' if locale == 'en' else ''}")
    expect(page.get_by_role("button", name=OPEN_LIDS[locale])).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", locale)
    assert violations(page) == []
    context.close()
