"""A whole interview in the widget: by keyboard, by touch, corrected, stopped, taken home."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.widget import ANSWERS, OPEN_LIDS, PHONE, JapaneseKeyboard, Site, Visitor, ids

LONG_ADDRESS = "Mary Smith, mary.smith@northwindtools.example"


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
            visitor.input.fill({**ANSWERS["en"], "contact": LONG_ADDRESS}[question])
            visitor.turn(lambda: visitor.panel.get_by_role("button", name="Send").tap())
        else:
            visitor.turn(lambda: visitor.choices.first.tap())
    expect(visitor.panel).to_have_attribute("data-state", "confirming")
    label, address = (visitor.panel.locator(f"dl div:last-child {part}").bounding_box() for part in ("dt", "dd"))
    assert (address["x"], address["y"] >= label["y"] + label["height"]) == (label["x"], True)  # a line of its own
    assert visitor.turn(lambda: visitor.choices.first.tap())["state"] == "completed"
    assert visitor.violations == []


@pytest.mark.parametrize(
    ("locale", "contact", "number"),
    [
        ("ja", "山田花子 hanako@asahi.example 03-1234-5678", "03-1234-5678"),
        ("en", "Mary Smith, mary.smith@northwind.example, +44 20 7946 0958", "+44 20 7946 0958"),
    ],
)
def test_a_number_to_call_is_read_back_in_one_piece_on_a_phone(
    site: Site, locale: str, contact: str, number: str
) -> None:
    visitor = site.visitor(locale, **PHONE).opens()
    given = {**ANSWERS[locale], "contact": contact}
    while visitor.panel.get_attribute("data-state") == "asking":
        visitor.says(given[visitor.panel.get_attribute("data-question") or ""])
    assert _stands_on_one_line(visitor, number)


def test_how_many_they_are_is_read_back_in_one_piece_on_a_small_phone(site: Site) -> None:
    visitor = site.visitor("ja", **{**PHONE, "viewport": {"width": 375, "height": 667}}).opens()
    given = {**ANSWERS["ja"], "company": "株式会社カモメ商会 30人"}
    while visitor.panel.get_attribute("data-state") == "asking":
        visitor.says(given[visitor.panel.get_attribute("data-question") or ""])
    assert _stands_on_one_line(visitor, "（社員30名）")


def _stands_on_one_line(visitor: Visitor, words: str) -> bool:
    shown = visitor.panel.locator("dd span").get_by_text(words, exact=True)
    height, line = shown.evaluate("part => [part.offsetHeight, parseFloat(getComputedStyle(part).lineHeight)]")
    return bool(height < 1.5 * line)


def test_on_a_phone_the_panel_fills_exactly_what_the_keyboard_leaves(site: Site) -> None:
    visitor = site.visitor("ja", **PHONE)
    visitor.launcher.tap()
    expect(visitor.choices.first).to_be_visible()
    visitor.page.set_viewport_size({"width": 390, "height": 400})
    expect(visitor.input).to_be_in_viewport(ratio=1)
    expect(visitor.panel.locator("li.bot").last).to_be_in_viewport()
    expect(visitor.panel.get_by_role("button", name="閉じる")).to_be_in_viewport(ratio=1)


# Some phones' keyboards lie over the page: what is seen shrinks and moves, the page itself does not.
KEYBOARD_OVER_THE_PAGE = """() => {
    Object.defineProperty(visualViewport, "height", {get: () => 420});
    Object.defineProperty(visualViewport, "offsetTop", {get: () => 60});
    visualViewport.dispatchEvent(new Event("resize"));
}"""


def test_a_keyboard_that_lies_over_the_page_covers_neither_the_question_nor_the_field(site: Site) -> None:
    visitor = site.visitor("en", **PHONE)
    visitor.launcher.tap()
    expect(visitor.choices.first).to_be_visible()
    visitor.input.tap()
    visitor.page.evaluate(KEYBOARD_OVER_THE_PAGE)
    for seen in (visitor.input, visitor.panel.get_by_role("button", name="Close", exact=True)):
        place = seen.bounding_box() or {}
        assert 60 <= place["y"] <= place["y"] + place["height"] <= 480
    place = visitor.panel.locator("li.bot").last.bounding_box() or {}
    assert place["y"] < 480 - 60
    expect(visitor.panel).to_have_attribute("aria-modal", "true")


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_on_a_small_phone_read_back_and_promise_are_shown_from_their_first_line(site: Site, locale: str) -> None:
    visitor = site.visitor(locale, **{**PHONE, "viewport": {"width": 320, "height": 568}}).opens()
    visitor.answers_until_the_read_back()
    assert _first_line_is_seen(visitor)
    assert visitor.turn(lambda: visitor.choices.first.tap())["state"] == "completed"
    expect(visitor.input).to_have_attribute("placeholder", re.compile("追加のご連絡" if locale == "ja" else "Anything"))
    assert _first_line_is_seen(visitor)


def _first_line_is_seen(visitor: Visitor) -> bool:
    """Whether what the bot said last begins below the upper edge of the talk, once everything has its place."""
    seen: bool = visitor.panel.evaluate("""async panel => {
        for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
        const said = [...panel.querySelectorAll("li.bot .bubble")].at(-1);
        return said.getBoundingClientRect().top >= panel.querySelector(".log").getBoundingClientRect().top}""")
    return seen


@pytest.mark.parametrize(
    "screen",
    [{**PHONE, "viewport": {"width": 740, "height": 360}}, {"viewport": {"width": 640, "height": 400}}],
    ids=["a phone on its side", "a small desktop at 200 %"],
)
def test_a_low_screen_says_who_talks_and_where_the_talk_stands(site: Site, screen: dict[str, Any]) -> None:
    visitor = site.visitor("ja", **screen).opens()
    progress = visitor.panel.locator(".progress")
    expect(visitor.panel.get_by_text("自動応答（ボット）が承ります")).to_be_in_viewport(ratio=1)
    expect(progress).to_contain_text("質問 1 / 6")
    visitor.answers_until_the_read_back()
    expect(progress.get_by_text("内容のご確認")).to_be_in_viewport(ratio=1)
    visitor.panel.get_by_role("button", name="メニュー").click()
    visitor.turn(lambda: visitor.panel.get_by_role("button", name="担当者と話す").click())
    expect(progress.get_by_text("担当者が対応いたします")).to_be_in_viewport(ratio=1)
    assert (visitor.panel.locator(".head").bounding_box() or {})["height"] <= 60, "the talk needs the room"


def test_the_read_back_can_be_corrected(site: Site) -> None:
    visitor = site.visitor("en").opens()
    visitor.answers_until_the_read_back()
    assert visitor.choices.count() >= 2
    answer = visitor.turn(lambda: visitor.choices.last.click())
    assert answer["state"] in ("asking", "confirming")
    expect(visitor.input).to_be_focused()


def test_a_person_is_always_in_reach(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.panel.get_by_role("button", name="メニュー").click()
    heard = visitor.turn(lambda: visitor.panel.get_by_role("button", name="担当者と話す").click())
    assert heard["state"] == "handed_over"


def test_the_end_is_always_in_reach_and_takes_a_second_press(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.panel.get_by_role("button", name="メニュー").click()
    heard = visitor.turn(lambda: visitor.panel.get_by_role("button", name="ここで終了する").click())
    assert heard["state"] == "asking"
    heard = visitor.turn(lambda: visitor.panel.get_by_role("button", name="はい、終了します").click())
    assert heard["state"] == "declined"


def test_after_the_end_the_prospect_can_still_add_something(site: Site) -> None:
    visitor = site.visitor("en").opens()
    visitor.answers_until_the_read_back()
    assert visitor.turn(lambda: visitor.choices.first.click())["state"] == "completed"
    expect(visitor.input).to_have_attribute("placeholder", "Anything to add?")
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


def test_no_japanese_word_of_a_button_breaks_in_two_on_a_small_phone(site: Site) -> None:
    visitor = site.visitor("ja", **{**PHONE, "viewport": {"width": 320, "height": 568}}).opens()
    visitor.says("終了")
    save = visitor.panel.get_by_role("button", name="会話の記録を保存")
    expect(save).to_be_visible()
    lines = save.evaluate("""button => {
        const range = document.createRange(), words = button.lastChild;
        return ["会話", "記録", "保存"].map((word) => {
            const at = words.data.indexOf(word);
            range.setStart(words, at); range.setEnd(words, at + word.length);
            return range.getClientRects().length})}""")
    assert lines == [1, 1, 1]


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


def test_what_is_around_a_talk_goes_over_to_its_language(site: Site) -> None:
    """On a Japanese page an English text begins an English talk: its menu, its field and its voice are English, too."""
    visitor = site.visitor("ja").opens()
    expect(visitor.input).to_have_attribute("placeholder", "ご自由にご入力いただけます")
    visitor.says("Our reporting takes far too long")

    expect(visitor.panel).to_have_attribute("lang", "en")
    expect(visitor.panel.get_by_role("heading")).to_have_text("How can we help?")
    expect(visitor.input).to_have_attribute("placeholder", "Or use your own words")
    visitor.panel.get_by_role("button", name="Menu").click()
    visitor.turn(lambda: visitor.panel.get_by_role("button", name="Talk to a person").click())
    expect(visitor.panel.locator("li.prospect").last).to_contain_text("I'd like to talk to a person")

    visitor.page.reload()
    expect(visitor.panel).to_have_attribute("lang", "en")


def test_a_new_talk_begins_in_the_language_of_the_one_before(site: Site) -> None:
    visitor = site.visitor("ja").opens()
    visitor.says("Please stop, we don't need this")
    expect(visitor.panel).to_have_attribute("data-state", "declined")
    visitor.panel.get_by_role("button", name="Start a new talk").last.click()
    expect(visitor.panel.locator("li.bot").first).to_contain_text("I'm an automated chatbot")
