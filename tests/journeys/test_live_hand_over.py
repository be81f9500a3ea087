"""A person steps in: the prospect in a real browser, the rep in the stand-in Slack, and everything between them real."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.commands.demo import set_stage
from bot.commands.story import SetClock, Story, story_on
from bot.sandbox.cast import LEADS
from bot.sandbox.driver import Person, all_words
from bot.sandbox.records import Message
from qualification.policy import shipped_policy
from tests.browser import BROWSER_ARGUMENTS, chromium_path
from tests.web.test_widget import SCHEMES, WITHIN_REACH_OF_AXE

MONDAY_AT_TEN = datetime(2026, 5, 18, 1, 0, tzinfo=UTC)
TAKE_OVER, BACK = "チャットを引き継ぐ", "ボットに戻す"
PATIENCE = 20_000


@dataclass
class Talk:
    """Both sides of one talk."""

    page: Page
    story: Story

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def rep(self) -> Person:
        return self.story.stage.workspace.user("yuki")

    @property
    def card(self) -> Message:
        cards = [message for message in self.story.seen(LEADS) if not message.is_reply]
        assert len(cards) == 1
        return cards[0]

    async def prospect_says(self, words: str) -> None:
        box = self.panel.get_by_role("textbox")
        await box.fill(words)
        await box.press("Enter")
        await expect(self.panel.locator("li.prospect").last).to_contain_text(words)
        await expect(self.panel.locator("ol.unsent")).to_be_hidden()
        await self.story.settles()

    async def rep_writes(self, words: str) -> Message:
        said = self.rep.posts(LEADS, words, thread=self.card)
        await self.settles()
        return said

    async def window_passes(self) -> None:
        await self.story.passes(seconds=5)

    async def settles(self) -> None:
        await self.story.stage.slack.settled()
        await self.story.settles()

    async def rep_presses(self, label: str) -> None:
        await self.rep.clicks(label, on=self.card)
        await self.settles()

    async def seen_by_the_prospect(self) -> list[str]:
        return await self.panel.locator("li.rep .bubble").all_inner_texts()

    def seen_by_the_rep(self) -> str:
        return "\n".join(all_words(reply.blocks) for reply in self.rep.sees_thread(self.card))


@contextlib.asynccontextmanager
async def talk(folder: Path, locale: str) -> AsyncIterator[Talk]:
    clock = SetClock(MONDAY_AT_TEN)
    database = f"sqlite:///{folder}/demo.db"
    async with (
        set_stage(clock=clock, policy=shipped_policy(), database_url=database, with_worker=False) as stage,
        story_on(stage, clock) as story,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=BROWSER_ARGUMENTS)
        page = await browser.new_page(locale=locale, reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        await page.goto(f"{stage.url}/static/demo.html?lang={locale}")
        await page.locator("bantline-chat >> button").first.click()
        opened = Talk(page, story)
        await expect(opened.panel).to_have_attribute("data-question", "need")
        yield opened
        await browser.close()


async def violations(page: Page) -> list[str]:
    """What axe finds wrong."""
    await page.evaluate(WITHIN_REACH_OF_AXE)
    found = (await Axe().run(page)).response
    return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]


async def test_prospect_and_rep_talk_and_the_bot_goes_on_afterwards(tmp_path: Path) -> None:
    async with talk(tmp_path, "ja") as live:
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
    async with talk(tmp_path, "en") as live:
        await live.prospect_says("I'd like to talk to a person, please")
        await expect(live.panel).to_have_attribute("data-state", "handed_over")
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
        for scheme in SCHEMES:
            await live.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert await violations(live.page) == []
        await live.window_passes()
        await expect(live.panel.locator("li.rep")).to_have_count(2)
        await expect(live.panel.locator("[aria-live] p")).to_have_text(["山田 由紀: Still here"])
