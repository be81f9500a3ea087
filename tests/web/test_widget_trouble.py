"""When something stands in the way: said kindly, tried again, and nothing is sent twice."""

import pytest
from playwright.sync_api import Route, expect

from tests.web.widget import ANSWERS, Site, ids


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


def test_what_can_never_be_sent_is_said_kindly_and_the_words_come_back(site: Site) -> None:
    visitor = site.visitor("en").opens()
    answers = {413: "send it in parts", 422: "send it in parts", 409: "can't hold any more", 403: "try once more"}
    statuses = iter(answers)
    visitor.page.route("**/api/chat/messages", lambda route: route.fulfill(status=next(statuses), json={}))
    for words in answers.values():
        visitor.input.fill("Approvals take a week")
        visitor.input.press("Enter")
        notice = visitor.panel.locator(".notice")
        expect(notice).to_contain_text(words)
        expect(visitor.input).to_have_value("Approvals take a week")
        notice.get_by_role("button", name="Close").click()
        expect(notice).to_be_hidden()
    assert visitor.violations == []


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
