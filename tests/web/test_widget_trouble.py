"""When something stands in the way: said kindly, tried again, and nothing is sent twice."""

import pytest
from playwright.sync_api import Route, expect

from tests.web.widget import ANSWERS, PHONE, Site, Visitor, ids

FORGET = """() => {
    const key = Object.keys(localStorage)[0];
    localStorage.setItem(key, JSON.stringify({token: "forgotten", unsent: []}));
}"""


def test_what_is_written_offline_is_sent_once_when_the_network_is_back(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.page.context.set_offline(True)
    visitor.input.fill(ANSWERS["ja"]["need"])
    visitor.input.press("Enter")
    expect(visitor.panel.get_by_text("送信待ち")).to_be_visible()
    expect(visitor.panel.get_by_text("自動的に再開いたします")).to_be_visible()

    visitor.turn(lambda: visitor.page.context.set_offline(False))
    expect(visitor.panel.get_by_text("自動的に再開いたします")).to_be_hidden()
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
    expect(visitor.panel.get_by_text("つながり次第、自動的に再開いたします")).to_be_visible()
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


def chooses_in_the_menu(visitor: Visitor, item: str) -> None:
    visitor.panel.get_by_role("button", name="Menu" if visitor.locale == "en" else "メニュー").click()
    visitor.panel.get_by_role("button", name=item).click()


def test_who_wants_to_delete_while_offline_reads_the_question_and_no_button_turns_into_another(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.says(ANSWERS["ja"]["need"])
    visitor.page.context.set_offline(True)
    visitor.input.fill(ANSWERS["ja"]["timeframe"])
    visitor.input.press("Enter")
    retry = visitor.panel.get_by_role("button", name="今すぐ再試行")
    expect(retry).to_be_visible()

    chooses_in_the_menu(visitor, "この会話を消去する")
    question = visitor.panel.get_by_role("alertdialog", name="元には戻せません")
    erase = question.get_by_role("button", name="この会話を消去する")
    expect(question).to_contain_text("元には戻せません")
    expect(erase).to_be_focused()
    question.get_by_role("button", name="閉じる").click()
    expect(question).to_be_hidden()

    retry.focus()
    visitor.turn(lambda: visitor.page.context.set_offline(False))
    expect(retry).to_be_hidden()
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Enter")
    visitor.says(ANSWERS["ja"]["authority"])
    expect(visitor.panel.locator("li.prospect")).to_have_count(3)


def test_the_question_whether_to_delete_is_read_in_whole_lines_on_a_small_phone(site: Site) -> None:
    visitor = site.visitor("ja", **{**PHONE, "viewport": {"width": 320, "height": 568}}).opens()
    chooses_in_the_menu(visitor, "この会話を消去する")
    words = visitor.panel.get_by_role("alertdialog").get_by_text("元には戻せません")
    assert (words.bounding_box() or {})["width"] > 240


def test_whoever_is_asked_whether_to_delete_finds_both_answers_side_by_side(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    chooses_in_the_menu(visitor, "この会話を消去する")
    question = visitor.panel.get_by_role("alertdialog")
    erase, keep = (question.get_by_role("button", name=name).bounding_box() for name in ("消去する", "閉じる"))
    assert erase is not None
    assert keep is not None
    assert abs((erase["y"] + erase["height"] / 2) - (keep["y"] + keep["height"] / 2)) < 2


def test_the_last_button_of_a_deleted_talk_does_not_touch_the_edge(site: Site) -> None:
    visitor = site.visitor("en").opens()
    chooses_in_the_menu(visitor, "Delete this talk")
    visitor.panel.get_by_role("alertdialog").get_by_role("button", name="Delete this talk").click()
    last = visitor.panel.get_by_role("button", name="Start a new talk").bounding_box()
    panel = visitor.panel.bounding_box()
    assert last is not None
    assert panel is not None
    assert panel["y"] + panel["height"] - last["y"] - last["height"] >= 8


def test_the_question_whether_to_delete_goes_with_the_next_word_and_with_its_talk(site: Site) -> None:
    visitor = site.visitor("en").opens()
    question = visitor.panel.get_by_role("alertdialog")
    chooses_in_the_menu(visitor, "Delete this talk")
    expect(question).to_be_visible()
    visitor.says(ANSWERS["en"]["need"])
    expect(question).to_be_hidden()

    chooses_in_the_menu(visitor, "Delete this talk")
    expect(question).to_be_visible()
    visitor.page.evaluate(FORGET)
    visitor.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(visitor.panel.get_by_text("we've started a new one")).to_be_visible()
    expect(question).to_be_hidden()


@pytest.mark.parametrize(("locale", "words"), [("ja", "完了できませんでした"), ("en", "that didn't work")])
def test_a_deletion_that_fails_says_so_promises_nothing_and_can_be_tried_again(
    site: Site, locale: str, words: str
) -> None:
    visitor = site.visitor(locale).opens()
    visitor.says(ANSWERS[locale]["need"])
    refuse = {"status": 503, "headers": {"Retry-After": "5"}, "json": {}}
    visitor.page.route("**/api/chat/", lambda route: route.fulfill(**refuse))
    visitor.page.route("**/api/chat", lambda route: route.fulfill(**refuse))
    name = "この会話を消去する" if locale == "ja" else "Delete this talk"
    chooses_in_the_menu(visitor, name)
    erase = visitor.panel.get_by_role("alertdialog").get_by_role("button", name=name)
    erase.click()
    notice = visitor.panel.get_by_role("status")
    expect(notice).to_contain_text(words)
    expect(visitor.panel.locator("li.prospect")).to_have_count(1)

    visitor.page.unroute("**/api/chat/")
    visitor.page.unroute("**/api/chat")
    erase.click()
    expect(visitor.panel).to_have_attribute("data-state", "erased")
    expect(notice).to_be_hidden()


def test_a_copy_that_cannot_be_fetched_promises_nothing(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.page.route("**/api/chat/export", lambda route: route.fulfill(status=429, json={}))
    chooses_in_the_menu(visitor, "会話の記録を保存")
    expect(visitor.panel.get_by_role("status")).to_contain_text("完了できませんでした")


def test_what_failed_does_not_hide_that_the_line_is_down(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.says(ANSWERS["ja"]["need"])
    visitor.page.context.set_offline(True)
    chooses_in_the_menu(visitor, "会話の記録を保存")
    notice = visitor.panel.get_by_role("status")
    expect(notice).to_contain_text("完了できませんでした")
    visitor.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(notice).to_contain_text("接続できません")
    expect(notice).to_contain_text("完了できませんでした")
    expect(visitor.panel.get_by_role("button", name="今すぐ再試行")).to_be_visible()
    visitor.panel.locator(".notice").get_by_role("button", name="閉じる").click()
    expect(notice).to_have_text("ただいま接続できません。つながり次第、自動的に再開いたします。")


def test_who_deletes_the_talk_while_a_person_is_typing_sees_nobody_type_any_more(site: Site) -> None:
    visitor = site.visitor("ja")

    def somebody_types(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "typing": True, "person": "山田"})

    visitor.page.route("**/api/chat/messages*", somebody_types)
    visitor.page.route("**/api/chat/events*", lambda route: route.abort())
    visitor.opens().says(ANSWERS["ja"]["need"])
    dots = visitor.panel.get_by_role("img", name="入力中です")
    expect(dots).to_be_visible()
    chooses_in_the_menu(visitor, "この会話を消去する")
    visitor.panel.get_by_role("button", name="この会話を消去する").click()
    expect(visitor.panel).to_have_attribute("data-state", "erased")
    expect(dots).to_be_hidden()
    visitor.page.evaluate("() => new Promise(again => setTimeout(again, 400))")
    expect(dots).to_be_hidden()
