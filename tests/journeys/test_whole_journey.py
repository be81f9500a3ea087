"""The whole journey through the real doors: a browser at the chat, Slack over both transports, SMTP, the clock."""

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.commands.demo import FastClock, patient, set_stage
from bot.commands.ports import CannotListen, make_sure_of
from bot.commands.story import SetClock, act, story_on
from bot.sandbox.cast import LEADS
from bot.sandbox.driver import all_words
from qualification.policy import shipped_policy
from tests.browser import BROWSER_ARGUMENTS, chromium_path
from tests.log_book import log_book
from tests.patience import PATIENCE
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


async def test_the_demo_keeps_every_promise_over_socket_mode(tmp_path: Path) -> None:
    with log_book() as log:
        assert await act(f"sqlite:///{tmp_path}/demo.db")

    assert [word for word in OF_PEOPLE if word in log.getvalue()] == [], "the log holds ids only"


@pytest.mark.parametrize("speed", [1, 600, 3600])
async def test_however_fast_the_clock_of_the_demo_runs_its_chat_opens(tmp_path: Path, speed: float) -> None:
    policy = patient(shipped_policy(), speed)
    database = f"sqlite:///{tmp_path}/demo.db"
    async with (
        set_stage(clock=FastClock(policy, speed), policy=policy, database_url=database, pace=speed) as stage,
        httpx2.AsyncClient(base_url=stage.url, timeout=PATIENCE) as page,
    ):
        answer = await page.post("/api/chat/sessions", json={"locale": "ja", "page": {"url": "http://x"}})
    assert (answer.status_code, answer.json()["state"]) == (201, "asking")


async def test_the_demo_knows_its_own_address_for_the_links_of_its_mails(tmp_path: Path) -> None:
    policy, database = shipped_policy(), f"sqlite:///{tmp_path}/demo.db"
    async with set_stage(
        clock=FastClock(policy, 1), policy=policy, database_url=database, port=three_free_ports()
    ) as stage:
        assert stage.program.services.settings.url == stage.url


def three_free_ports() -> int:
    """The first of three in a row that nobody listens on."""
    for port in range(20_000, 30_000, 7):
        with contextlib.suppress(CannotListen):
            make_sure_of("127.0.0.1", port, port + 1, port + 2)
            return port
    raise AssertionError("no three ports are free")


async def test_a_demo_in_english_speaks_english_in_the_teams_channels(tmp_path: Path) -> None:
    policy, database = shipped_policy(), f"sqlite:///{tmp_path}/demo.db"
    async with (
        set_stage(clock=FastClock(policy, 1), policy=policy, database_url=database, language="en") as stage,
        httpx2.AsyncClient(base_url=stage.url, timeout=PATIENCE) as page,
    ):
        begun = (await page.post("/api/chat/sessions", json={"locale": "en"})).json()
        wish, token = {"id": "1", "text": "I'd like to talk to a person"}, {"Authorization": f"Bearer {begun['token']}"}
        await page.post("/api/chat/messages", json=wish, headers=token)
        channel = stage.workspace.channel(LEADS).id
        async with asyncio.timeout(PATIENCE):
            while not stage.workspace.messages[channel]:
                await asyncio.sleep(0.05)
        (card, *_) = stage.workspace.messages[channel]
    assert "Wants to talk to a person" in all_words(card.blocks)


async def test_the_demo_keeps_every_promise_over_signed_http_and_shows_where_its_time_goes(tmp_path: Path) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="the extra `traces` is not installed")
    from tests.collector import Collector, collector

    def shows_each_turn(kept: Collector) -> None:
        for turn in (span for span in kept.named("chat_message") if span.told["http.request.method"] == "POST"):
            waiting, commit, answer = (kept.under(turn)[name] for name in ("waiting", "commit", "answer"))
            assert turn.began <= waiting.began <= waiting.ended == commit.began
            assert commit.ended == answer.began <= answer.ended <= turn.ended
            assert int(commit.told["bantline.jobs"]) >= 1
            assert {turn.trace} == {waiting.trace, commit.trace, answer.trace}

    with log_book() as log, collector() as kept:
        assert await act(f"sqlite:///{tmp_path}/demo.db", over_http=True, traces=kept.url)

    assert [word for word in OF_PEOPLE if word in log.getvalue()] == [], "the log holds ids only"
    assert [word for word in OF_PEOPLE if word.encode() in b"".join(kept.raw)] == [], "and so do the traces"
    shows_each_turn(kept)
    parts = {(span.name, part) for span in kept.spans for part in kept.under(span)}
    assert parts >= {("slack", "slack_press"), ("slack_press", "commit"), ("errand", "commit"), ("errand", "mail")}
    assert parts >= {("slack_press", "slack_call"), ("errand", "slack_call"), ("clock_steps", "commit")}
    assert {("chat_message", "errand"), ("slack_press", "errand"), ("clock_steps", "errand")} <= parts, (
        "what they cause"
    )
    posts = {span.told["bantline.method"] for span in kept.named("slack_call")}
    assert {"chat.postMessage", "views.open"} <= posts
    assert {span.told["bantline.outcome"] for span in kept.named("errand")} <= {"arrived", "later"}
    assert sum(int(span.told["bantline.jobs"]) for span in kept.named("batch")) >= len(kept.named("commit"))


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
