"""Both sides of one talk: the prospect in a real browser, the rep in the stand-in Slack, and everything between them real."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.commands.demo import set_stage
from bot.commands.story import SetClock, Story, story_on
from bot.sandbox.cast import LEADS
from bot.sandbox.driver import Person, all_words
from bot.sandbox.records import Message
from qualification.policy import shipped_policy
from tests.browser import BROWSER_ARGUMENTS, chromium_path
from tests.patience import IN_A_BROWSER

MONDAY_AT_TEN = datetime(2026, 5, 18, 1, 0, tzinfo=UTC)
TAKE_OVER, BACK = "チャットを引き継ぐ", "ボットに戻す"


@dataclass
class Talk:
    """One prospect's page, and the desk where the firm's people see the talk."""

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
        """The card of the lead who came last."""
        return [message for message in self.story.seen(LEADS) if not message.is_reply][-1]

    async def opens(self) -> None:
        await self.page.locator("bantline-chat >> button").first.click()
        await expect(self.panel).to_have_attribute("data-question", "need")

    async def prospect_says(self, words: str) -> None:
        box = self.panel.get_by_role("textbox")
        await box.fill(words)
        await box.press("Enter")
        await expect(self.panel.locator("li.prospect").last).to_contain_text(words)
        await self._answered()

    async def prospect_chooses(self, place: int) -> None:
        await self.panel.locator(".choices button").nth(place).click()
        await self._answered()

    async def _answered(self) -> None:
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
async def desk(folder: Path, at: datetime = MONDAY_AT_TEN) -> AsyncIterator[tuple[Story, Browser]]:
    """The firm's whole house at this time, and a browser for those who come."""
    clock = SetClock(at)
    database = f"sqlite:///{folder}/demo.db"
    async with (
        set_stage(
            clock=clock, policy=shipped_policy(), database_url=database, slack_limits=False, with_worker=False
        ) as stage,
        story_on(stage, clock) as story,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=BROWSER_ARGUMENTS)
        expect.set_options(timeout=IN_A_BROWSER)
        yield story, browser
        await browser.close()


async def comes(story: Story, browser: Browser, locale: str, **how: Any) -> Talk:
    """Somebody opens the firm's page; `how` as a browser context takes it."""
    page = await browser.new_page(**{"locale": locale, "reduced_motion": "reduce"} | how)
    page.set_default_timeout(IN_A_BROWSER)
    await page.goto(f"{story.stage.url}/static/demo.html?lang={locale}")
    return Talk(page, story)
