"""Coming back to a talk: nothing is kept before a click, and afterwards nothing is lost."""

import re

import httpx2
from playwright.sync_api import expect

from tests.process import BantlineProcess
from tests.web.widget import ANSWERS, OPEN_LIDS, PHONE, Site, Visitor, ids, stored


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


def test_of_all_open_tabs_one_holds_the_line_and_a_closed_panel_hands_it_on(site: Site) -> None:
    """A browser opens six lines to a server: more would leave none for an answer."""
    first = site.visitor("ja")
    held = lines_of(first)
    first.opens()
    second = site.visitor("ja", context=first.page.context)
    waits = lines_of(second)
    second.opens()
    second.input.fill(ANSWERS["ja"]["need"])
    second.input.press("Enter")  # whichever tab is free first sends it
    for tab in (second, first):
        expect(tab.panel.locator("li.prospect")).to_have_count(1)
        expect(tab.panel.locator("ol.unsent")).to_be_hidden()
    assert (len(held), len(waits)) == (1, 0)

    with second.page.expect_request("**/api/chat/events?*"):
        first.page.keyboard.press("Escape")
    assert (len(held), len(waits)) == (1, 1)


def lines_of(visitor: Visitor) -> list[str]:
    """The lines this tab has opened to the server, to be told what is said."""
    opened: list[str] = []
    visitor.page.on("request", lambda asked: opened.append(asked.url) if "/api/chat/events" in asked.url else None)
    return opened


def test_who_reads_further_up_is_not_moved_by_what_comes_in(site: Site) -> None:
    visitor = site.visitor("ja", viewport={"width": 800, "height": 500}).opens()
    for question in ("need", "timeframe", "authority"):
        visitor.says(ANSWERS["ja"][question])
    log = visitor.panel.locator(".log")
    log.hover()
    visitor.page.mouse.wheel(0, -5_000)
    expect(visitor.panel.locator(".newer")).to_be_visible()
    token = visitor.page.evaluate("JSON.parse(Object.values(localStorage)[0]).token")
    elsewhere = visitor.page.context.request.post(
        f"{site.chat_url}/api/chat/messages",
        headers={"Authorization": f"Bearer {token}"},
        data={"id": "from-another-device", "text": ANSWERS["ja"]["budget"]},
    )
    assert elsewhere.ok
    expect(visitor.panel.locator("li.prospect")).to_have_count(4)
    visitor.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert log.evaluate("log => log.scrollTop") == 0

    visitor.panel.locator(".newer").click()
    expect(visitor.panel.locator("li").last).to_be_in_viewport()


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


def test_where_no_stream_comes_through_the_panel_asks_again_while_a_person_is_awaited(site: Site) -> None:
    visitor = site.visitor("en")
    page = visitor.page
    page.route("**/api/chat/events*", lambda route: route.abort())
    page.clock.install()
    visitor.opens()
    assert visitor.says("I'd like to talk to a person")["state"] == "handed_over"
    with page.expect_request("**/api/chat/messages?after=*"):
        page.clock.run_for(11_000)


def test_a_browser_without_the_new_clock_tells_its_zone_all_the_same(site: Site) -> None:
    visitor = site.visitor("en", script="delete window.Temporal", timezone_id="Asia/Singapore")
    with visitor.page.expect_request("**/api/chat/sessions") as begun:
        visitor.opens()
    assert (begun.value.post_data_json or {})["zone"] == "Asia/Singapore"


FORGET = """() => {
    const key = Object.keys(localStorage)[0];
    localStorage.setItem(key, JSON.stringify({token: "forgotten", unsent: []}));
}"""


def test_a_talk_that_is_too_old_or_erased_elsewhere_begins_anew_and_gives_the_words_back(
    site: Site, web: httpx2.Client
) -> None:
    visitor = site.visitor("ja").opens()

    def erase() -> None:
        token = visitor.page.evaluate("JSON.parse(Object.values(localStorage)[0]).token")
        assert web.delete("/api/chat", headers={"Authorization": f"Bearer {token}"}).status_code == 204

    for happens in (lambda: visitor.page.evaluate(FORGET), erase):
        visitor.says(ANSWERS["ja"]["need"])
        visitor.page.context.set_offline(True)  # it hears of neither before it speaks
        happens()
        visitor.input.fill("続きをお願いします")
        visitor.input.press("Enter")
        visitor.page.context.set_offline(False)
        expect(visitor.panel.get_by_text("新しく始めました")).to_be_visible()
        expect(visitor.input).to_have_value("続きをお願いします")
        expect(visitor.panel.locator("li.prospect")).to_have_count(0)


def test_a_server_that_starts_again_in_the_middle_of_a_talk_loses_no_word(
    site: Site, bantline: BantlineProcess
) -> None:
    visitor = site.visitor("ja").opens()
    visitor.says(ANSWERS["ja"]["need"])
    bantline.kill()
    visitor.input.fill(ANSWERS["ja"]["timeframe"])
    visitor.input.press("Enter")
    expect(visitor.panel.get_by_text("送信待ち")).to_be_visible()
    bantline.start()
    visitor.turn(lambda: visitor.panel.get_by_role("button", name="今すぐ再試行").click())
    expect(visitor.panel).to_have_attribute("data-question", "authority")
    expect(visitor.panel.locator("li.prospect")).to_have_count(2)
    assert len(set(ids(visitor.sent))) == 2


def test_a_half_written_answer_is_still_there_after_a_reload_and_goes_with_the_talk(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.says(ANSWERS["ja"]["need"])
    visitor.input.fill("ここまで書きました")
    visitor.page.reload()
    expect(visitor.input).to_have_value("ここまで書きました")
    visitor.input.press("Enter")
    expect(visitor.panel.locator("li.prospect")).to_have_count(2)
    visitor.page.reload()
    expect(visitor.panel.locator("li.prospect")).to_have_count(2)
    expect(visitor.input).to_have_value("")

    visitor.input.fill("消える下書き")
    assert f"bantline:{site.chat_url}/:draft" in stored(visitor.page)
    erases(visitor)
    assert f"bantline:{site.chat_url}/:draft" not in stored(visitor.page)
    visitor.panel.get_by_role("button", name="新しく相談する").click()
    expect(visitor.input).to_have_value("")


def erases(visitor: Visitor) -> None:
    visitor.panel.get_by_role("button", name="メニュー").click()
    visitor.panel.get_by_role("button", name="この会話を消去する").click()
    visitor.panel.get_by_role("alertdialog").get_by_role("button", name="この会話を消去する").click()
    expect(visitor.panel).to_have_attribute("data-state", "erased")


def test_a_talk_deleted_in_one_tab_is_said_to_be_deleted_in_the_other_and_begins_anew_in_both(site: Site) -> None:
    first = site.visitor("ja").opens()
    first.says(ANSWERS["ja"]["need"])
    second = site.visitor("ja", context=first.page.context).opens()
    expect(second.panel.locator("li.prospect")).to_have_count(1)
    begun: list[str] = []
    second.page.on("request", lambda asked: begun.append(asked.url) if asked.url.endswith("/sessions") else None)
    erases(first)
    expect(second.panel.get_by_text("消去いたしました")).to_be_visible()
    expect(second.panel.locator("li.bot")).to_have_count(0)
    assert begun == []

    second.panel.get_by_role("button", name="新しく相談する").click()
    expect(second.panel).to_have_attribute("data-question", "need")
    second.says(ANSWERS["ja"]["need"])
    expect(first.panel.locator("li.prospect")).to_have_count(1)
    assert len(begun) == 1


def test_two_widgets_of_two_sites_do_not_see_each_other(site: Site) -> None:
    """One browser, two installations: neither the talk nor what is kept of it passes from one to the other."""
    ours = site.visitor("ja").opens()
    ours.says(ANSWERS["ja"]["need"])
    other = site.chat_url.replace("127.0.0.1", "localhost")
    theirs = site.visitor("ja", context=ours.page.context, server=other)
    expect(theirs.launcher).to_have_text(OPEN_LIDS["ja"])
    theirs.opens()
    expect(theirs.panel).to_have_attribute("data-question", "need")
    theirs.says("在庫が合いません")
    expect(theirs.panel.locator("li.prospect")).to_have_count(1)
    ours.page.evaluate("dispatchEvent(new Event('focus'))")
    ours.says(ANSWERS["ja"]["timeframe"])
    expect(ours.panel.locator("li.prospect")).to_have_text([re.compile("承認に"), re.compile("3か月")])
    assert set(stored(ours.page)) == {f"bantline:{site.chat_url}/", f"bantline:{other}/"}


def test_on_a_phone_back_closes_the_chat_and_leaves_the_page_where_it_is(site: Site) -> None:
    visitor = site.visitor("ja", **PHONE, script="history.replaceState({page: 7}, '')")
    before = visitor.page.evaluate("history.length")
    visitor.opens().page.go_back()
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_visible()
    assert visitor.page.url == visitor.address
    assert visitor.page.evaluate("history.state") == {"page": 7}

    visitor.opens()
    visitor.panel.get_by_role("button", name="閉じる").click()
    expect(visitor.panel).to_be_hidden()
    visitor.page.wait_for_function("!history.state.bantline")
    assert visitor.page.evaluate("history.length") == before + 1, "an entry of ours is used again"


def test_a_page_that_its_site_has_put_out_of_reach_stays_so_beside_the_chat_and_behind_it(site: Site) -> None:
    for how in ({}, PHONE):
        visitor = site.visitor("ja", **how, script="document.body.inert = true").opens()
        assert visitor.page.evaluate("document.body.inert")
        visitor.panel.get_by_role("button", name="閉じる").click()
        expect(visitor.panel).to_be_hidden()
        assert visitor.page.evaluate("document.body.inert")


def test_beside_a_page_the_chat_takes_no_part_in_its_history(site: Site) -> None:
    visitor = site.visitor("ja")
    before = visitor.page.evaluate("history.length")
    visitor.opens()
    visitor.page.evaluate("history.pushState({page: 2}, '', '#2')")
    visitor.page.go_back()
    expect(visitor.panel).to_be_visible()
    visitor.panel.get_by_role("button", name="閉じる").click()
    expect(visitor.panel).to_be_hidden()
    assert visitor.page.evaluate("history.length") == before + 1
