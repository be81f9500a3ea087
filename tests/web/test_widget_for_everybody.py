"""The widget for everybody: axe, screen readers, large text, strong contrast, little motion."""

import pytest
from playwright.sync_api import Browser, expect

from tests.web.axe import violations
from tests.web.widget import ANSWERS, OPEN_LIDS, PHONE, Site, Visitor


def test_every_state_is_accessible_in_light_and_in_dark(site: Site) -> None:
    visitor = site.visitor("ja", attributes="data-track")
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
    expect(visitor.panel.get_by_role("button", name="できるだけ早く連絡がほしい")).to_be_visible()
    assert violations(page) == [], "completed"

    visitor.turn(lambda: visitor.panel.get_by_role("button", name="できるだけ早く連絡がほしい").click())
    assert violations(page) == [], "asked whether pages may be noted"
    visitor.turn(lambda: visitor.choices.first.click())
    visitor.panel.get_by_role("button", name="メニュー").click()
    stop = visitor.panel.get_by_role("button", name="ページの記録をやめる")
    expect(stop).to_be_visible()
    assert violations(page) == [], "menu at the end"
    stop.click()
    expect(visitor.panel.get_by_text("ページの記録をやめました")).to_be_visible()
    assert violations(page) == [], "no longer noted"
    visitor.panel.locator(".notice").get_by_role("button", name="閉じる").click()
    expect(visitor.panel.locator(".notice")).to_be_hidden()

    visitor.panel.get_by_role("button", name="メニュー").click()
    visitor.panel.get_by_role("button", name="この会話を消去する").click()
    expect(visitor.panel.get_by_text("元には戻せません")).to_be_visible()
    erase = visitor.panel.get_by_role("button", name="この会話を消去する")
    expect(erase).to_be_focused()
    assert violations(page) == [], "asked whether to erase"
    page.keyboard.press("Escape")
    expect(visitor.panel.locator(".notice")).to_be_hidden()
    expect(visitor.panel.get_by_role("button", name="メニュー"), "the panel stays open").to_be_focused()
    page.keyboard.press("Enter")
    erase.click()
    erase.click()
    expect(visitor.panel.get_by_text("消去いたしました")).to_be_visible()
    assert violations(page) == [], "erased"
    assert page.evaluate("JSON.parse(Object.values(localStorage)[0]).token") is None
    expect(visitor.panel.locator("li.bot")).to_have_count(0)
    visitor.panel.get_by_role("button", name="新しく相談する").click()
    expect(visitor.choices.first).to_be_visible()


def test_on_a_phone_the_open_panel_is_accessible_and_the_page_behind_it_out_of_reach(site: Site) -> None:
    visitor = site.visitor("en", **PHONE, more='<a href="/elsewhere">Elsewhere</a>').opens()
    link = visitor.page.locator("main a")
    for _ in range(12):
        visitor.page.keyboard.press("Tab")
        expect(link).not_to_be_focused()
    visitor.panel.get_by_role("button", name="Close").click()
    link.focus()
    expect(link).to_be_focused()
    assert violations(visitor.opens().page) == []


def test_a_menu_that_the_keyboard_leaves_does_not_lie_over_the_talk(site: Site) -> None:
    visitor = site.visitor("en").opens()
    menu = visitor.panel.locator(".menu")
    visitor.panel.get_by_role("button", name="Menu").press("Enter")
    for _ in range(4):
        expect(menu).to_be_visible()
        visitor.page.keyboard.press("Tab")
    expect(visitor.panel.get_by_role("region", name="Conversation")).to_be_focused()
    expect(menu).to_be_hidden()


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


INDICATORS = """() => [...document.querySelector("bantline-chat").shadowRoot.querySelectorAll(".steps i, .typing i")]
    .map((mark) => getComputedStyle(mark).backgroundColor)"""


def test_strong_colours_of_the_visitors_own_leave_progress_and_typing_to_be_seen(site: Site) -> None:
    visitor = site.visitor("en", forced_colors="active").opens()
    canvas = visitor.panel.evaluate("panel => getComputedStyle(panel).backgroundColor")
    shown = visitor.page.evaluate(INDICATORS)
    assert len(shown) == 9
    assert canvas not in shown


def fits(visitor: Visitor) -> bool:
    """Nothing lies beyond an edge: neither the panel beyond the screen, nor anything in it beyond its own."""
    expect(visitor.input).to_be_in_viewport(ratio=1)
    expect(visitor.panel.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    fit: bool = visitor.panel.evaluate("""panel => [panel, ...panel.querySelectorAll(".log, .bubble, .head, .choices")]
        .every(({scrollWidth, clientWidth}) => scrollWidth <= clientWidth + 1)""")
    return fit


def test_text_of_twice_the_size_long_words_and_long_answers_stay_within_the_panel(site: Site) -> None:
    visitor = site.visitor("en", **PHONE)
    size = {"fontSizes": {"standard": 32, "fixed": 26}}
    visitor.page.context.new_cdp_session(visitor.page).send("Page.setFontSizes", size)
    visitor.opens()
    assert visitor.panel.evaluate("panel => getComputedStyle(panel).fontSize") == "30px"
    assert fits(visitor)
    visitor.says("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3)
    assert fits(visitor)
    visitor.says("Approvals take a week because everything is on paper. " * 70)
    expect(visitor.panel.locator("li.bot").last).to_be_in_viewport()
    assert fits(visitor)


def test_on_a_page_that_reads_from_right_to_left_the_panel_reads_as_its_own_language(site: Site) -> None:
    visitor = site.visitor("en", way="rtl").opens()
    mine, theirs = (visitor.panel.locator(f"li.{who} .bubble") for who in ("prospect", "bot"))
    visitor.says("הצעת מחיר, please")
    assert (mine.last.bounding_box() or {})["x"] > (theirs.last.bounding_box() or {})["x"]
    assert visitor.panel.evaluate("panel => getComputedStyle(panel).direction") == "ltr"
    assert fits(visitor)


def test_words_read_in_their_own_direction_whatever_the_language_of_the_talk(site: Site) -> None:
    visitor = site.visitor("en").opens()
    visitor.says("הצעת מחיר.")
    full_stop_is_left_of_the_words = """bubble => {
        const [text, left] = [bubble.firstChild, (from, to) => {
            const range = document.createRange();
            range.setStart(bubble.firstChild, from);
            range.setEnd(bubble.firstChild, to);
            return range.getBoundingClientRect().left;
        }];
        return left(text.length - 1, text.length) < left(0, 1)}"""
    assert visitor.panel.locator("li.prospect .bubble").last.evaluate(full_stop_is_left_of_the_words)


def test_a_narrow_screen_keeps_its_room_for_the_talk(site: Site) -> None:
    head = "panel => panel.querySelector('.head').getBoundingClientRect().height"
    wide = site.visitor("en", **PHONE).opens().panel.evaluate(head)
    narrow = site.visitor("en", **PHONE | {"viewport": {"width": 320, "height": 568}}).opens().panel.evaluate(head)
    assert narrow <= wide


@pytest.mark.parametrize("width", [320, 390, 1000])
def test_the_demo_page_fits_every_screen_with_text_of_twice_the_size(
    browser: Browser, chat_url: str, width: int
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 740}).new_page()
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    for locale in ("ja", "en"):
        page.goto(f"{chat_url}/static/demo.html?lang={locale}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_the_demo_page_is_accessible_and_carries_the_widget(browser: Browser, chat_url: str, locale: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{chat_url}/static/demo.html{'?lang=en' if locale == 'en' else ''}")
    expect(page.get_by_role("button", name=OPEN_LIDS[locale])).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", locale)
    assert violations(page) == []
    context.close()
