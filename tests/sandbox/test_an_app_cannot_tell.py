"""An unmodified slack-bolt app lives in the stand-in over both transports: commands, forms, cards, buttons, Home."""

from __future__ import annotations

import asyncio

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import SandboxServer, Workspace
from bot.sandbox.driver import all_words
from bot.sandbox.errors import AppDidNotAnswer, DriverError
from tests.sandbox.conftest import HandClock, lets_time_run_out
from tests.sandbox.sample_app import LEADS, button, card

pytestmark = pytest.mark.usefixtures("connected")


async def test_a_rep_logs_a_call_by_command_and_form_and_the_card_appears(workspace: Workspace) -> None:
    yuki = workspace.user("yuki")
    await yuki.slash("/lead", "new")
    form = await yuki.modal("Log a call")

    assert await yuki.submits(form, {"Outcome": "Connected", "Lead": "Asahi Tools", "Note": "very keen"}) == {}

    posted = await yuki.waits_for("朝日工具", channel="#leads")
    assert posted.metadata == {"event_type": "lead_card", "event_payload": {"lead": "L-1"}}
    assert yuki.open_modal is None


async def test_the_app_s_errors_stand_under_the_named_field_and_the_form_stays_open(workspace: Workspace) -> None:
    yuki = workspace.user("yuki")
    await yuki.slash("/lead")
    form = await yuki.modal()

    errors = await yuki.submits(form, {"Outcome": "Connected", "Lead": "Asahi Tools", "Note": "bad"})

    assert errors == {"Note": "Please say more."}
    assert yuki.open_modal is form


async def test_errors_for_a_field_that_is_not_there_are_no_answer_at_all(workspace: Workspace) -> None:
    yuki = workspace.user("yuki")
    await yuki.slash("/lead")
    form = await yuki.modal()
    with pytest.raises(AppDidNotAnswer, match="no_such_block"):
        await yuki.submits(form, {"Outcome": "Connected", "Lead": "Asahi Tools", "Note": "astray"})
    assert yuki.open_modal is form


async def test_the_slack_app_itself_refuses_an_empty_required_field(workspace: Workspace) -> None:
    ken = workspace.user("ken")
    await ken.slash("/lead")
    errors = await ken.submits(await ken.modal(), {"Note": "hello"})
    assert errors == {
        "Outcome": "Please complete this required field.",
        "Lead": "Please complete this required field.",
    }


async def test_a_submission_answered_by_update_shows_the_next_page_in_the_same_modal(workspace: Workspace) -> None:
    yuki = workspace.user("yuki")
    await yuki.slash("/lead")
    form = await yuki.modal()
    before = form.hash
    await yuki.submits(form, {"Outcome": "Connected", "Lead": "Kita", "Note": "twice"})
    second = await yuki.modal("Second page")
    assert second.id == form.id
    assert second.hash != before


async def test_choosing_in_a_form_that_tells_at_once_changes_the_form_and_keeps_what_was_typed(
    workspace: Workspace,
) -> None:
    yuki = workspace.user("yuki")
    await yuki.slash("/lead")
    form = await yuki.modal()
    await yuki.chooses("Note", "typed before", on=form)

    await yuki.chooses("Outcome", "No answer", on=form)
    await yuki.waits_for_field("Call back", on=form)

    assert form.typed["note"]["note"]["value"] == "typed before"
    assert form.typed["outcome"]["outcome"]["selected_option"]["value"] == "no_answer"


async def test_an_external_select_offers_what_the_app_finds(workspace: Workspace) -> None:
    yuki = workspace.user("yuki")
    await yuki.slash("/lead")
    form = await yuki.modal()
    assert await yuki.searches("Lead", "Asahi", on=form) == ["Asahi Tools", "Asahi Foods"]


async def test_a_claim_edits_the_card_in_place_and_answers_only_the_one_who_pressed(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    yuki, ken = workspace.user("yuki"), workspace.user("ken")
    posted = await slack.chat_postMessage(channel=LEADS, text="lead", blocks=card())

    await yuki.clicks("Claim")

    claimed = await ken.waits_for(f"Claimed by <@{yuki.id}>", channel="#leads")
    assert claimed.ts == posted["ts"]
    await yuki.waits_for("It is yours.", channel="#leads")
    assert ken.sees_privately("#leads") == []


async def test_a_menu_entry_replies_in_the_thread_and_shows_in_the_channel(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    yuki = workspace.user("yuki")
    posted = await slack.chat_postMessage(channel=LEADS, text="lead", blocks=card())
    root = workspace.message(LEADS, posted["ts"])
    await yuki.clicks("Snooze", on=root)
    reply = await yuki.waits_for("snooze done", channel="#leads")
    assert yuki.sees_thread(root) == [reply]
    assert reply.broadcast


async def test_home_is_published_when_it_is_opened_and_its_buttons_know_they_are_on_home(workspace: Workspace) -> None:
    megumi = workspace.user("megumi")
    megumi.opens_home()
    home = await megumi.waits_for_home("Your queue")
    await megumi.clicks("Refresh", on=home)
    assert "pressed in view" in all_words((await megumi.waits_for_home("pressed")).blocks)


async def test_shortcuts_open_a_form_and_carry_the_message(workspace: Workspace) -> None:
    yuki = workspace.user("yuki")
    await yuki.shortcut("Log a call")
    await yuki.modal("Log a call")
    await yuki.closes()
    await yuki.waits_for("draft kept, cleared False", channel="#leads")

    said = yuki.posts("#leads", "A visitor asked for prices")
    await yuki.message_shortcut("Make this a lead", on=said)
    reply = await yuki.waits_for("lead from: A visitor asked for prices", channel="#leads")
    assert reply.thread_ts == said.ts


async def test_a_mention_is_heard_and_answered_in_a_thread(workspace: Workspace) -> None:
    ken = workspace.user("ken")
    said = ken.posts("#leads", f"<@{workspace.bot.id}> are you there?")
    reply = await ken.waits_for("hello", channel="#leads")
    assert reply.thread_ts == said.ts


async def test_text_in_the_answer_to_a_command_is_seen_by_the_one_who_typed_it(workspace: Workspace) -> None:
    ken = workspace.user("ken")
    await ken.slash("/lead", "help")
    assert [message.text for message in ken.sees_privately("#leads")] == ["find, new, mine"]


async def test_pressing_a_button_nobody_handles_shows_the_person_an_error(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient, clock: HandClock
) -> None:
    blocks = [{"type": "actions", "elements": [button("Press", "nobody")]}]
    await slack.chat_postMessage(channel=LEADS, text="x", blocks=blocks)
    await server.settled()
    ken = workspace.user("ken")
    with pytest.raises(AppDidNotAnswer):
        await asyncio.gather(ken.clicks("Press"), lets_time_run_out(server, clock))
    assert "did not respond" in ken.notices[0]


async def test_a_button_that_is_not_there_is_named_with_those_that_are(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    posted = await slack.chat_postMessage(channel=LEADS, text="lead", blocks=card())
    with pytest.raises(DriverError, match="there is 'Claim', 'Log call', 'Snooze', 'Hand back'"):
        await workspace.user("ken").clicks("Accept", on=workspace.message(LEADS, posted["ts"]))
