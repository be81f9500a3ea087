"""The chat as a prospect sees it: `python -m tests.chat_surfaces [NAME...]` draws docs/images/chat-*.png anew.

Two prospects talk with the real house, each before a screen of their own: in Japanese on a desktop in light, in English on
a phone in dark. What they see of one moment stands side by side. `demo` is the README's picture, docs/images/demo.png: the
page with the chat, and the card a rep sees of it. Needs a Chromium, as tests/surfaces.py.
"""

import asyncio
import base64
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect

from tests.chaos.office import quiet
from tests.journeys.both_sides import BACK, MONDAY_AT_TEN, TAKE_OVER, Talk, comes, desk
from tests.small_png import shrunk
from tests.surfaces import IMAGES

DESKTOP: dict[str, Any] = {"viewport": {"width": 440, "height": 740}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 740}, "has_touch": True, "is_mobile": True}
WINDOW: dict[str, Any] = {"viewport": {"width": 794, "height": 900}}
VIEWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ja", {**DESKTOP, "color_scheme": "light", "timezone_id": "Asia/Tokyo"}),
    ("en", {**PHONE, "color_scheme": "dark", "timezone_id": "Asia/Singapore"}),
)
SATURDAY = datetime(2026, 5, 23, 2, 0, tzinfo=UTC)
SHEET = """<style>body{{margin:0;width:max-content;background:#c9cdd3}}
main{{display:flex;gap:14px;padding:14px;align-items:start}}img{{border-radius:6px}}</style><main>{pictures}</main>"""
WORDS = {
    "ja": {
        "need": "紙の申請書が多く、承認に一週間かかっています",
        "rest": ("3か月以内に導入したいです", "私が決裁者です", "300万円ほどです", "株式会社あさひ製作所"),
        "contact": "山田花子 hanako.yamada@asahi-seisakusho.example",
        "person": "担当者と話したいです",
        "rep": (
            "お待たせいたしました。山田です。承認の件、詳しく伺えますか。",
            "承認に関わる方は何名ほどいらっしゃいますか。",
        ),
        "answer": "部長と経理の二名です",
        "menu": "メニュー",
        "erase": "この会話を消去する",
    },
    "en": {
        "need": "Approvals take a week because everything is on paper",
        "rest": ("Within three months", "I make the decision", "About 3 million yen", "Northwind Tools Ltd"),
        "contact": "Mary Smith, mary.smith@northwind-tools.example",
        "person": "I'd like to talk to a person",
        "rep": ("Hello, this is Yuki. Could you tell me more about those approvals?", "How many people have to sign?"),
        "answer": "Two: the head of department and accounting",
        "menu": "Menu",
        "erase": "Delete this talk",
    },
}
NAMES = (
    "closed", "opening", "menu", "question", "read-back", "receipt",
    "asked", "typing", "person", "back", "offline", "erasing", "erased", "nobody-free", "call-back",
)  # fmt: skip
SHOWN = ("read-back", "receipt", "person")  # in docs/widget.md
DEMO = "demo"


async def interview(talk: Talk, words: dict[str, Any]) -> AsyncIterator[str]:
    """From the closed launcher to the receipt; tells the name of each moment worth a picture."""
    await expect(talk.page.locator("bantline-chat >> button").first).to_be_visible()
    yield "closed"
    await talk.opens()
    yield "opening"
    await talk.panel.get_by_role("button", name=words["menu"]).click()
    yield "menu"
    await talk.page.keyboard.press("Escape")
    await talk.prospect_says(words["need"])
    yield "question"
    for said in (*words["rest"], words["contact"]):
        await talk.prospect_says(said)
    yield "read-back"
    await talk.prospect_chooses(0)
    yield "receipt"


async def hand_over(talk: Talk, words: dict[str, Any]) -> AsyncIterator[str]:
    """A rep steps in and goes again; then the line breaks, and the prospect has it all deleted."""
    await talk.opens()
    await talk.prospect_says(words["need"])
    await talk.prospect_says(words["person"])
    yield "asked"
    await talk.rep_presses(TAKE_OVER)
    await talk.rep_writes(words["rep"][0])
    await expect(talk.panel.locator(".typing")).to_be_visible()
    yield "typing"
    await talk.window_passes()
    await expect(talk.panel.locator("li.rep")).to_have_count(1)
    await talk.prospect_says(words["answer"])
    await talk.rep_writes(words["rep"][1])
    await talk.window_passes()
    await expect(talk.panel.locator("li.rep")).to_have_count(2)
    yield "person"
    await talk.rep_presses(BACK)
    await expect(talk.panel).to_have_attribute("data-state", "asking")
    yield "back"
    await talk.page.context.set_offline(True)
    await talk.panel.get_by_role("textbox").fill(words["rest"][0])
    await talk.panel.get_by_role("textbox").press("Enter")
    await expect(talk.panel.locator(".fate")).to_be_visible()
    yield "offline"
    await talk.page.context.set_offline(False)
    await expect(talk.panel.locator("ol.unsent")).to_be_hidden()
    await talk.panel.get_by_role("button", name=words["menu"]).click()
    await talk.panel.get_by_role("button", name=words["erase"]).click()
    yield "erasing"
    await talk.panel.get_by_role("button", name=words["erase"]).click()
    await expect(talk.panel).to_have_attribute("data-state", "erased")
    yield "erased"


async def weekend(talk: Talk, words: dict[str, Any]) -> AsyncIterator[str]:
    """Nobody is free: the prospect hears when, and asks for a call."""
    await talk.opens()
    await talk.prospect_says(words["need"])
    await talk.prospect_says(words["person"])
    yield "nobody-free"
    await talk.prospect_chooses(0)
    yield "call-back"


async def draw(folder: Path, names: Sequence[str]) -> None:
    """Every moment of `names`, both views of it in one picture."""
    quiet()
    seen: dict[str, list[bytes]] = {name: [] for name in names if name != DEMO}
    if DEMO in names:
        await draw_both_sides(folder / f"{DEMO}.png")
    for acts, at in ((interview, MONDAY_AT_TEN), (hand_over, MONDAY_AT_TEN), (weekend, SATURDAY)):
        if not seen:
            break
        with tempfile.TemporaryDirectory() as house:
            async with desk(Path(house), at) as (story, browser):
                for locale, how in VIEWS:
                    talk = await comes(story, browser, locale, **how)
                    async for name in acts(talk, WORDS[locale]):
                        if name in seen:
                            await talk.page.mouse.move(0, 0)
                            await talk.page.wait_for_timeout(400)
                            seen[name].append(await talk.page.screenshot(animations="disabled"))
                    await talk.page.close()
                for name in [name for name, views in seen.items() if len(views) == len(VIEWS)]:
                    (folder / f"chat-{name}.png").write_bytes(shrunk(await _sheet(browser, seen.pop(name))))


async def draw_both_sides(picture: Path) -> None:
    """The firm's page when the chat promises a call, beside the lead's card in the desk."""
    with tempfile.TemporaryDirectory() as house:
        async with desk(Path(house)) as (story, browser):
            talk = await comes(story, browser, "ja", **WINDOW, timezone_id="Asia/Tokyo")
            async for _ in interview(talk, WORDS["ja"]):
                pass
            await talk.settles()
            await talk.page.mouse.move(0, 0)  # where it pressed last, another button would look pressed
            channel = await browser.new_page(**WINDOW, locale="ja-JP")
            await channel.goto(f"{story.stage.slack.url}?as=yuki&channel=leads")
            await channel.locator("#feed .msg").last.wait_for()
            views = []
            for page in (talk.page, channel):
                await page.wait_for_timeout(400)
                views.append(await page.screenshot(animations="disabled"))
            picture.write_bytes(shrunk(await _sheet(browser, views), most=256))


async def _sheet(browser: Browser, views: list[bytes]) -> bytes:
    page = await browser.new_page()
    pictures = "".join(f'<img src="data:image/png;base64,{base64.b64encode(view).decode()}">' for view in views)
    await page.set_content(SHEET.format(pictures=pictures))
    picture = await page.locator("main").screenshot()
    await page.close()
    return picture


if __name__ == "__main__":
    asyncio.run(draw(IMAGES, sys.argv[1:] or (*SHOWN, DEMO)))
