"""Hostile text in a live talk, both ways: typed by a prospect, written by a rep in Slack; it stays text everywhere (S7)."""

import asyncio
import json
from pathlib import Path

from playwright.async_api import Page

from bot.sandbox.messages import as_slack_writes
from bot.slack.blocks import clean
from bot.slack.spoken import as_plain_words
from tests.chaos.office import folder
from tests.chaos.proof import Proof, unless
from tests.journeys.both_sides import TAKE_OVER, Talk, comes, desk
from tests.slack.hostile import SHARED

FEW = 6
OWN = (
    "<img src=x onerror=\"alert('hit')\">",
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "\"><iframe src='https://evil.example'></iframe>",
    "<a href='https://evil.example' onclick=alert(1)>bank</a>",
    "{{constructor.constructor('alert(1)')()}}",
    "<style>@import 'https://evil.example/x.css'</style>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "<!channel> <https://evil.example|https://bank.example> <@U0KEN000001>",
)
FOREIGN = "img,iframe,script,object,embed,link,style,a"


def hostile() -> list[str]:
    """Ours, and the class of markup from the firm's collection where it lies beside the repository."""
    if not SHARED.exists():
        return list(OWN)
    lines = (json.loads(line) for line in SHARED.read_text("utf-8").split("\n") if line.strip())
    return [
        *OWN,
        *(line["text"] for line in lines if line.get("class") == "html-xss" and isinstance(line["text"], str)),
    ]


class Watch:
    """What a browser would do if some text had become more than text."""

    def __init__(self, page: Page, origin: str) -> None:
        self.dialogs: list[str] = []
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda one: self.foreign.append(one.url) if not one.url.startswith(origin) else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if "Security Policy" in line.text else None)
        page.on("dialog", self._dismiss)

    async def _dismiss(self, dialog: object) -> None:
        self.dialogs.append(str(dialog))
        await dialog.dismiss()  # type: ignore[attr-defined]  # Playwright's own


async def _try_it(texts: list[str], place: Path) -> Proof:
    async with desk(place) as (story, browser):
        live = await comes(story, browser, "ja")
        watch = Watch(live.page, live.story.stage.url)
        await live.opens()
        await live.prospect_says("担当者と話したいです")
        await live.rep_presses(TAKE_OVER)
        for text in texts:
            await live.prospect_says(" ".join(text.split()))
            await live.rep_writes(text)
        await live.window_passes()
        await live.panel.locator("li.rep").nth(len(texts) - 1).wait_for()
        return await _judge(live, texts, watch)


async def _judge(live: Talk, texts: list[str], watch: Watch) -> Proof:
    typed = await live.panel.locator("li.prospect .bubble").all_text_contents()
    written = await live.panel.locator("li.rep .bubble").all_text_contents()
    became = await live.panel.locator(FOREIGN).count()
    thread = live.seen_by_the_rep()
    calls = [post.text for post in live.rep.sees_thread(live.card) if post.app_id and "<!" in post.text]
    expected = [clean(as_plain_words(as_slack_writes(text), {})) for text in texts]
    as_typed = [" ".join(text.split()) for text in texts]
    unread = [text for text in as_typed if clean(text) not in thread]
    return Proof(
        name="S7",
        promise="hostile text in a live talk stays text",
        figures=f"{len(texts)} strings typed by a prospect and written by a rep: {len(watch.dialogs)} dialogs, "
        f"{len(watch.foreign)} foreign requests, {len(watch.complaints)} errors or policy reports, {became} elements "
        f"made of text, {len(calls)} calls in Slack; all shown as they were written",
        broken=unless(
            no_dialog=(not watch.dialogs, watch.dialogs),
            no_foreign_request=(not watch.foreign, watch.foreign),
            no_complaint=(not watch.complaints, watch.complaints),
            nothing_became_an_element=(became == 0, became),
            the_prospect_sees_what_they_typed=(typed[1:] == as_typed, typed[1:]),
            the_prospect_sees_what_the_rep_wrote=(written == expected, written),
            the_rep_reads_what_the_prospect_typed=(not unread, unread),
            nobody_is_called=(not calls, calls),
        ),
    )


def hostile_talk(quick: bool) -> Proof:
    with folder() as place:
        return asyncio.run(_try_it(hostile()[:FEW] if quick else hostile(), place))
