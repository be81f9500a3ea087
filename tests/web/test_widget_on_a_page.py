"""The widget on somebody else's page, however hostile, and what the page may do with it."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.process import QuickBantline
from tests.web.widget import ANSWERS, OPEN_LIDS, Site, serve

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


def test_the_widget_works_on_a_page_of_ours_that_another_site_holds_in_a_frame(
    browser: Browser, own_folder: Path
) -> None:
    """Who may chat is the page with the script tag, wherever it is shown."""
    with QuickBantline(own_folder, BANTLINE_ALLOWED_ORIGINS="http://asahi.example") as bantline:
        bantline.wait_until_well()
        ours = f'<!doctype html><title>Asahi Tools</title><script src="{bantline.url}/static/widget.js" async></script>'
        theirs = '<!doctype html><iframe src="http://asahi.example/" width="900" height="700"></iframe>'
        page = browser.new_page(locale="en-US")
        page.route("http://asahi.example/", lambda route: serve(route, "text/html", ours, {}))
        page.route("http://portal.example/", lambda route: serve(route, "text/html", theirs, {}))
        page.goto("http://portal.example/")
        framed = page.frame_locator("iframe")
        framed.locator("bantline-chat >> button").first.click()
        framed.get_by_role("textbox").fill(ANSWERS["en"]["need"])
        framed.get_by_role("textbox").press("Enter")
        expect(framed.get_by_role("dialog")).to_have_attribute("data-question", "timeframe")
        page.close()


BRAND = "bantline-chat { --bantline-accent: rgb(122, 59, 0); --bantline-x: 40px; --bantline-radius: 4px }"


def test_a_page_gives_the_chat_its_own_colour_place_and_title(site: Site) -> None:
    attributes = 'data-position="left" data-title="Ask Asahi" data-locale="ja"'
    visitor = site.visitor("en", css=BRAND, attributes=attributes)
    expect(visitor.launcher).to_have_text(OPEN_LIDS["ja"])
    expect(visitor.launcher).to_have_css("background-color", "rgb(122, 59, 0)")
    visitor.opens()
    expect(visitor.panel.get_by_role("heading")).to_have_text("Ask Asahi")
    expect(visitor.panel).to_have_css("border-radius", "4px")
    assert (visitor.panel.bounding_box() or {})["x"] == 40


def test_markup_in_an_answer_stays_text(site: Site) -> None:
    visitor = site.visitor("en").opens()
    typed = """<img src=x onerror=alert(1)><script>alert(2)</script> [x](javascript:alert(3)) "><svg onload=alert(4)>"""
    visitor.says(typed)
    expect(visitor.panel.locator("li.prospect .bubble")).to_have_text(typed)
    visitor.page.reload()
    expect(visitor.panel.locator("li.prospect .bubble")).to_have_text(typed)
    assert visitor.panel.locator("img, script, a, iframe").count() == 0
    assert visitor.violations == []


def test_an_address_in_a_message_can_be_pressed_and_nothing_else_can(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.says(
        "資料はhttps://asahi.example/a_b?c=1&d=%E3%81%82です (https://x.example/)、https://y.example/?q=1。"
        "http://plain.example javascript:alert(1) xhttps:/z.example data:text/html,x"
    )
    links = visitor.panel.locator("li.prospect .bubble a")
    expect(links).to_have_count(3)
    assert [link.get_attribute("href") for link in links.all()] == [
        "https://asahi.example/a_b?c=1&d=%E3%81%82",
        "https://x.example/",
        "https://y.example/?q=1",
    ]
    for link in links.all():
        assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
        assert link.inner_text() == link.get_attribute("href")


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
