"""The whole journey through the real doors: a browser at the chat, Slack over both transports, SMTP, the clock."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.commands.demo import set_stage
from bot.commands.story import SetClock, act, story_on
from qualification.policy import shipped_policy
from tests.browser import BROWSER_ARGUMENTS, chromium_path
from tests.log_book import log_book
from tests.postgres import fresh_schema

# What the people of the story are called, can be reached by, and say.
OF_PEOPLE = (
    "山田",
    "Smith",
    "鈴木",
    "アサヒ工具",
    "Northwind",
    "northwind",
    "asahi-tools",
    "suzuki",
    "1234-5678",
    "300万",
    "困って",
)
MONDAY_AT_TEN = datetime(2026, 5, 18, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("over_http", [False, True], ids=["Socket Mode", "signed HTTP"])
async def test_the_demo_keeps_every_promise(tmp_path: Path, over_http: bool) -> None:
    with log_book() as log:
        assert await act(f"sqlite:///{tmp_path}/demo.db", over_http=over_http)

    assert [word for word in OF_PEOPLE if word in log.getvalue()] == [], "the log holds ids only"


async def test_the_demo_keeps_every_promise_on_postgresql(postgres_url: str) -> None:
    with fresh_schema(postgres_url) as url:
        assert await act(url)


async def test_a_prospect_in_a_browser_becomes_a_card_that_a_rep_answers(tmp_path: Path) -> None:
    clock = SetClock(MONDAY_AT_TEN)
    async with (
        set_stage(
            clock=clock, policy=shipped_policy(), database_url=f"sqlite:///{tmp_path}/demo.db", with_worker=False
        ) as stage,
        story_on(stage, clock) as story,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=BROWSER_ARGUMENTS)
        page = await browser.new_page()
        await page.goto(f"{stage.url}/static/demo.html")
        await answer_the_interview(page)
        await browser.close()
        await story.settles()

        card = story.card_of("山田太郎")
        assert card is not None
        yuki = stage.workspace.user("yuki")
        await yuki.clicks("担当する", on=card)
        await story.settles()
        lead = await story.lead("山田太郎")
        assert lead["owner"] == yuki.id
        assert lead["stage"] == "TQL"
        assert lead["follow_up"]["status"] == "open"


async def answer_the_interview(page: Page) -> None:
    await page.locator("bantline-chat >> button").first.click()
    panel = page.get_by_role("dialog")
    box = panel.get_by_role("textbox")
    for question, words in (
        ("need", "手作業が多くて困っています"),
        ("timeframe", "3ヶ月以内に導入したいです"),
        ("authority", "私が決めます"),
        ("budget", "300万円くらいです"),
        ("company", "株式会社アサヒ工具"),
        ("contact", "山田太郎 yamada@asahi.example"),
    ):
        await expect(panel).to_have_attribute("data-question", question)
        await box.fill(words)
        await box.press("Enter")
    await expect(panel).to_have_attribute("data-state", "confirming")
    await panel.locator(".choices button").first.click()
    await expect(panel).to_have_attribute("data-state", "completed")
