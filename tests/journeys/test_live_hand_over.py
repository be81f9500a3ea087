"""A person steps in: the prospect in a real browser, the rep in the stand-in Slack, and everything between them real."""

from pathlib import Path

from playwright.async_api import expect

from tests.journeys.both_sides import BACK, TAKE_OVER, comes, desk
from tests.web.axe import violations_beside_a_rep


async def test_prospect_and_rep_talk_and_the_bot_goes_on_afterwards(tmp_path: Path) -> None:
    async with desk(tmp_path) as (story, browser):
        live = await comes(story, browser, "ja")
        await live.opens()
        await live.prospect_says("手作業が多くて困っています")
        await live.prospect_says("担当者と話したいです")
        await expect(live.panel).to_have_attribute("data-state", "handed_over")

        await live.rep_writes("このお客様、前にも問い合わせがあったらしい")
        await live.rep_presses(TAKE_OVER)
        await expect(live.panel.locator(".disclosure")).to_contain_text("山田 由紀")
        await expect(live.panel.locator(".choices")).to_be_hidden()

        await live.rep_writes("お待たせしました。山田です")
        await expect(live.panel.locator(".typing")).to_be_visible()
        await live.rep_writes("// 値段はまだ言わない")
        wrong = await live.rep_writes("原価は100万円です")
        changed = await live.rep_writes("どのような作業ですか。")
        live.rep.deletes(wrong)
        live.rep.edits(changed, "どのような作業でお困りですか。")
        await live.settles()
        await live.window_passes()
        await expect(live.panel.locator("li.rep")).to_have_count(2)
        await live.prospect_says("見積書の転記です")
        await live.prospect_says("3ヶ月以内に何とかしたいです")
        await live.rep_writes("承知しました。詳しくは後ほどお電話します")
        await live.rep_presses(BACK)

        await expect(live.panel).to_have_attribute("data-question", "authority")
        await expect(live.panel.locator(".disclosure")).to_contain_text("ボット")
        await live.rep_writes("手ごわいね")
        await live.window_passes()
        await live.prospect_says("私が決めます")
        await expect(live.panel).to_have_attribute("data-question", "budget")

        assert await live.seen_by_the_prospect() == [
            "お待たせしました。山田です",
            "どのような作業でお困りですか。",
            "承知しました。詳しくは後ほどお電話します",
        ]
        everything = await live.panel.locator(".log").inner_text()
        assert all(secret not in everything for secret in ("前にも", "値段", "原価", "手ごわい"))
        heard = live.seen_by_the_rep()
        in_order = [
            "手作業が多くて困っています",
            "担当者と話したいです",
            "見積書の転記です",
            "3ヶ月以内に何とかしたいです",
        ]
        mirrored = [f"お客様：\n{words}" for words in in_order]
        assert [heard.count(words) for words in mirrored] == [1, 1, 1, 1]
        assert sorted(mirrored, key=heard.index) == mirrored


async def test_reload_and_screen_reader_while_a_person_talks_in_english(tmp_path: Path) -> None:
    async with desk(tmp_path) as (story, browser):
        live = await comes(story, browser, "en")
        await live.opens()
        await live.prospect_says("I'd like to talk to a person, please")
        await expect(live.panel).to_have_attribute("data-state", "handed_over")
        assert await violations_beside_a_rep(live.page) == [], "a person was asked for"
        await live.rep_presses(TAKE_OVER)
        await expect(live.panel.locator(".disclosure")).to_contain_text("You're talking with 山田 由紀")
        await live.rep_writes("Hello, this is Yuki")
        await live.window_passes()
        await expect(live.panel.locator("[aria-live]")).to_contain_text("山田 由紀: Hello, this is Yuki")
        await live.page.reload()
        await expect(live.panel.locator("li.rep")).to_have_count(1)
        await expect(live.panel.locator("li.rep .who")).to_have_text("山田 由紀")
        await live.rep_writes("Still here")
        await expect(live.panel.locator(".typing")).to_be_visible()
        assert await violations_beside_a_rep(live.page) == [], "a rep talks and types"
        await live.window_passes()
        await expect(live.panel.locator("li.rep")).to_have_count(2)
        await expect(live.panel.locator("[aria-live] p")).to_have_text(["山田 由紀: Still here"])
