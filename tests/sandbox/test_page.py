"""A person plays the rep in a real browser: presses, fills the form, types a command and a reply, switches person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Page, async_playwright, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import SandboxServer, Workspace
from tests.browser import BROWSER_ARGUMENTS, chromium_path
from tests.sandbox.conftest import over_sockets
from tests.sandbox.sample_app import LEADS, button, card, field, mrkdwn, option, plain, sample_app

HOSTILE = '<img src=x onerror="window.hacked=1"> *bold* <https://e.example|a link> <@U0KEN000001> &lt;b&gt; <javascript:alert(1)|no>'


pytestmark = pytest.mark.asyncio(loop_scope="module")  # the browser's, and so everybody's


class Opens(Protocol):
    """A page of its own in the one browser of these tests; what went wrong in it is told at its end."""

    def __call__(self, **settings: Any) -> AbstractAsyncContextManager[Page]: ...


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def a_browser() -> AsyncIterator[Opens]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=BROWSER_ARGUMENTS)

        @asynccontextmanager
        async def opens(**settings: Any) -> AsyncIterator[Page]:
            page = await browser.new_page(**settings)
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            try:
                yield page
            finally:
                await page.context.close()
            assert complaints == []

        yield opens
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def server(workspace: Workspace) -> AsyncIterator[SandboxServer]:
    async with SandboxServer(workspace) as server:
        yield server


async def test_a_person_plays_the_rep_from_command_to_claimed_card(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient, a_browser: Opens
) -> None:
    async with over_sockets(sample_app(workspace, server.api_url), server), a_browser() as page:
        await page.goto(f"{server.url}?as=ken&channel=leads")
        await page.get_by_placeholder("Message #leads").fill("/lead new")
        await page.keyboard.press("Enter")

        form = page.get_by_role("dialog", name="Log a call")
        await form.get_by_role("button", name="Save").click()
        await expect(form.get_by_text("Please complete this required field.").first).to_be_visible()
        await form.get_by_label("No answer").check()
        await form.get_by_label("Call back").fill("2026-11-25")
        await form.get_by_role("combobox", name="Lead").press_sequentially("Asahi T")
        await form.get_by_role("button", name="Asahi Tools").click()
        await form.get_by_label("Note").fill("line one\nline two")
        await form.get_by_role("button", name="Save").click()
        await expect(form).to_be_hidden()

        await page.get_by_role("button", name="Claim").click()
        await expect(page.get_by_text("Claimed by @Ken Miller")).to_be_visible()
        await expect(page.get_by_text("Only visible to you")).to_be_visible()

        await page.get_by_role("button", name="More actions").first.click()
        await page.get_by_role("menuitem", name="Snooze").click()
        await page.get_by_role("button", name="1 reply").click()
        await page.get_by_placeholder("Reply…").fill("calling at three")
        await page.keyboard.press("Enter")
        await expect(page.locator("#thread").get_by_text("calling at three")).to_be_visible()

        await page.get_by_role("button", name="佐藤 恵").click()
        await expect(page.get_by_role("button", name="sales-managers")).to_be_visible()
        await expect(page.get_by_text("It is yours.")).to_be_hidden()
        await page.get_by_role("button", name="Bantline").click()
        await expect(page.get_by_text("Your queue")).to_be_visible()
        await page.get_by_role("button", name="Refresh").click()
        await expect(page.get_by_text("pressed in view")).to_be_visible()

    root = next(message for message in workspace.messages[LEADS] if not message.is_reply and message.app_id)
    assert [reply.text for reply in workspace.replies_to(root)] == ["snooze done", "calling at three"]


async def test_hostile_text_stays_text_and_an_unknown_block_is_a_red_box(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient, a_browser: Opens
) -> None:
    blocks = [{"type": "section", "text": mrkdwn(HOSTILE)}, {"type": "section", "text": plain("*not bold*")}]
    posted = await slack.chat_postMessage(channel=LEADS, text="x", blocks=blocks)
    workspace.message(LEADS, posted["ts"]).blocks.append({"type": "hologram", "block_id": "h"})
    async with a_browser(color_scheme="dark", viewport={"width": 390, "height": 844}) as page:
        await page.goto(f"{server.url}?as=ken&channel=leads")
        message = page.get_by_role("article")
        await expect(message.get_by_text('<img src=x onerror="window.hacked=1">')).to_be_visible()
        await expect(message.locator("b")).to_have_text("bold")
        await expect(message.get_by_role("link", name="a link")).to_have_attribute("href", "https://e.example")
        await expect(message.get_by_text("@Ken Miller")).to_be_visible()
        await expect(message.get_by_text("<javascript:alert(1)|no>")).to_be_visible()
        await expect(message.get_by_text("*not bold*")).to_be_visible()
        await expect(message.get_by_text("Unknown block: hologram")).to_be_visible()
        assert await message.locator("img").count() == 0
        assert await page.evaluate("window.hacked") is None
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_every_element_of_a_form_can_be_filled_in(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient, a_browser: Opens
) -> None:
    app, sent = sample_app(workspace, server.api_url), []

    @app.view("all")
    async def take(ack: Any, view: Any) -> None:
        sent.append(view["state"]["values"])
        await ack()

    two = [option("Alpha", "a"), option("Beta", "b")]
    elements: list[tuple[str, dict[str, Any]]] = [
        ("Text", {"type": "plain_text_input"}),
        ("Number", {"type": "number_input", "is_decimal_allowed": False}),
        ("Menu", {"type": "static_select", "options": two}),
        ("Radio", {"type": "radio_buttons", "options": [option("Gamma", "c")]}),
        ("Boxes", {"type": "checkboxes", "options": [option("Delta", "d"), option("Epsilon", "e")]}),
        ("Day", {"type": "datepicker"}),
        ("Moment", {"type": "datetimepicker"}),
        ("Who", {"type": "users_select"}),
    ]
    blocks = [field(label, label, element | {"action_id": label}) for label, element in elements]
    view = {"type": "modal", "callback_id": "all", "title": plain("All"), "submit": plain("Go"), "blocks": blocks}
    async with over_sockets(app, server), a_browser() as page:
        await page.goto(f"{server.url}?as=ken")
        await expect(page.get_by_text("The app is connected")).to_be_visible()
        await slack.views_open(trigger_id=workspace.new_trigger(workspace.person("ken")), view=view)
        form = page.get_by_role("dialog", name="All")
        await form.get_by_label("Text").fill("hello")
        await form.get_by_label("Number").fill("42")
        await form.get_by_label("Menu").select_option("Beta")
        await form.get_by_label("Gamma").check()
        await form.get_by_label("Delta").check()
        await form.get_by_label("Epsilon").check()
        await form.get_by_label("Day").fill("2026-12-01")
        await form.get_by_label("Moment").fill("2026-12-01T09:30")
        await form.get_by_label("Who").select_option("Ken Miller")
        await form.get_by_role("button", name="Go").click()
        await expect(form).to_be_hidden()

    [values] = sent
    assert values["Text"]["Text"]["value"] == "hello"
    assert values["Number"]["Number"]["value"] == "42"
    assert values["Menu"]["Menu"]["selected_option"]["value"] == "b"
    assert values["Radio"]["Radio"]["selected_option"]["value"] == "c"
    assert [one["value"] for one in values["Boxes"]["Boxes"]["selected_options"]] == ["d", "e"]
    assert values["Day"]["Day"]["selected_date"] == "2026-12-01"
    assert values["Moment"]["Moment"]["selected_date_time"] == 1796085000  # 09:30 in Tokyo
    assert values["Who"]["Who"]["selected_user"] == "U0KEN000001"


async def test_escape_gives_up_a_japanese_word_that_is_being_typed_and_only_then_closes_the_form(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient, a_browser: Opens
) -> None:
    blocks = [field("Text", "Text", {"type": "plain_text_input", "action_id": "Text"})]
    view = {"type": "modal", "callback_id": "all", "title": plain("All"), "submit": plain("Go"), "blocks": blocks}
    async with over_sockets(sample_app(workspace, server.api_url), server), a_browser() as page:
        await page.goto(f"{server.url}?as=ken")
        await expect(page.get_by_text("The app is connected")).to_be_visible()
        await slack.views_open(trigger_id=workspace.new_trigger(workspace.person("ken")), view=view)
        text = page.get_by_role("dialog", name="All").get_by_label("Text")
        await text.fill("みなと")
        await text.dispatch_event("keydown", {"key": "Escape", "isComposing": True, "bubbles": True})
        await text.press("End")
        await expect(text).to_have_value("みなと")
        assert workspace.user("ken").open_modal is not None
        await text.press("Escape")
        await expect(text).to_be_hidden()


async def test_a_button_with_a_confirm_dialog_is_pressed_only_after_yes(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient, a_browser: Opens
) -> None:
    confirm = {"title": plain("Sure?"), "text": plain("It rings."), "confirm": plain("Yes"), "deny": plain("No")}
    blocks = [{"type": "actions", "elements": [button("Ring", "home_button", confirm=confirm)]}]
    await slack.chat_postMessage(channel=LEADS, text="x", blocks=blocks)
    async with over_sockets(sample_app(workspace, server.api_url), server), a_browser() as page:
        await page.goto(f"{server.url}?as=ken&channel=leads")
        await page.get_by_role("button", name="Ring").click()
        await page.get_by_role("button", name="No", exact=True).click()
        assert workspace.home("U0KEN000001") is None
        await page.get_by_role("button", name="Ring").click()
        await page.get_by_role("button", name="Yes", exact=True).click()
        await workspace.user("ken").waits_for_home("pressed in message")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"as": "nobody", "do": "say"}, 400),
        ({"as": "ken", "do": "fly"}, 400),
        ({"as": "ken", "do": "press", "channel": LEADS, "ts": "1.1", "block_id": "b", "action_id": "a"}, 409),
        ({"as": "ken", "do": "close"}, 409),
        ({"as": "ken", "do": "say", "channel": LEADS, "text": "/nothing"}, 409),
    ],
    ids=["a stranger", "an unknown act", "a message that is gone", "no modal", "an unknown command"],
)
async def test_a_wish_that_cannot_be_is_answered_with_a_reason(
    server: SandboxServer, body: dict[str, str], status: int
) -> None:
    async with ClientSession() as session, session.post(f"{server.url}sandbox/do", json=body) as response:
        assert response.status == status
        assert (await response.json())["error"]


async def test_another_web_site_cannot_act_through_a_plain_form(server: SandboxServer) -> None:
    async with ClientSession() as session, session.post(f"{server.url}sandbox/do", data={"as": "ken"}) as response:
        assert response.status == 415


async def test_cards_are_drawn_as_they_were_sent(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient
) -> None:
    await slack.chat_postMessage(channel=LEADS, text="x", blocks=card("*朝日工具*　:fire: <!date^1796085000^{time}|?>"))
    address = f"{server.url}sandbox/screen?as=yuki&channel={LEADS}"
    async with ClientSession() as session, session.get(address) as response:
        screen = await response.json()
    assert [block["type"] for block in screen["messages"][0]["blocks"]] == ["section", "actions"]
    assert screen["me"]["locale"] == "ja-JP"


TYPED = "three pm for R&D, jane@rd.example, https://rd.example/a?b=1&c=2"


async def test_people_edit_and_delete_their_own_messages_and_nobody_elses(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient, a_browser: Opens
) -> None:
    posted = await slack.chat_postMessage(channel=LEADS, text="the card")
    card, ken = workspace.message(LEADS, posted["ts"]), workspace.user("ken")
    first, second = ken.posts(LEADS, TYPED, thread=card), ken.posts(LEADS, "oops", thread=card)
    async with a_browser() as page:
        await page.goto(f"{server.url}?as=ken&channel=leads&thread={card.ts}")
        thread = page.locator("#thread")

        async def chooses(entry: str, message: str) -> None:
            said = thread.get_by_role("article", name=message)
            await said.hover()
            await said.get_by_role("button", name="More actions").click()
            await page.get_by_role("menuitem", name=entry).click()

        await chooses("Edit message", "three pm")
        editor = thread.get_by_role("textbox", name="Edit message")
        await expect(editor).to_have_value(TYPED)
        await editor.fill("four pm, R&D")
        await editor.press("Enter")
        await expect(thread.get_by_text("four pm, R&D")).to_be_visible()
        await expect(editor).to_be_hidden()
        await chooses("Delete message", "oops")
        await expect(thread.get_by_text("oops")).to_be_hidden()

        refused = {"as": "megumi", "do": "edit", "channel": LEADS, "ts": first.ts, "text": "mine now"}
        answer = await page.request.post(f"{server.url}sandbox/do", data=refused)
        assert answer.status == 409

    assert [reply.text for reply in workspace.replies_to(card)] == ["four pm, R&amp;D"]
    assert second.ts not in [reply.ts for reply in workspace.replies_to(card)]
