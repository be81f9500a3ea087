"""The chat widget as a prospect meets it: a real browser, a page of a firm, the real server behind `chat_url`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, Response, Route, expect

from tests.patience import IN_A_BROWSER

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
        with self.page.expect_response(_is_answer, timeout=IN_A_BROWSER) as answer:
            act()
        body: dict[str, Any] = answer.value.json()
        expect(self.panel.locator("ol.unsent")).to_be_hidden()
        expect(self.panel).to_have_attribute("data-state", body["state"])
        expect(self.panel).to_have_attribute("data-question", body["question"] or "")
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


def _is_answer(response: Response) -> bool:
    return is_message(response.request) and response.ok


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
        server, way = how.pop("server", ""), how.pop("way", "ltr")
        if context is None:
            context = self.browser.new_context(**{"reduced_motion": "reduce", **how})
            self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(IN_A_BROWSER)
        headers = {"Content-Security-Policy": policy.format(url=self.chat_url)} if policy else {}
        html = f"""<!doctype html><html lang="{locale}" dir="{way}"><head><meta charset="utf-8"><title>Asahi Tools</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            {'<link rel="stylesheet" href="/host.css">' if css else ""}</head>
            <body><main><h1>Asahi Tools</h1><p>Sharp since 1921.</p>{more}</main>
            {'<script src="/host.js"></script>' if script else ""}
            <script src="{server}/static/widget.js" async {attributes}></script></body></html>"""
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


def serve(route: Route, kind: str, body: str, headers: dict[str, str]) -> None:
    route.fulfill(content_type=f"{kind}; charset=utf-8", body=body, headers=headers)


def is_message(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/api/chat/messages")


def stored(page: Page) -> list[str]:
    names: list[str] = page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return names


def ids(requests: list[Request]) -> list[str]:
    return [json.loads(request.post_data or "{}")["id"] for request in requests]


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
