"""What Slack refuses of a view, the stand-in refuses too: triggers, the stack, hashes, sizes."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Workspace
from tests.sandbox.conftest import HandClock, refusal
from tests.sandbox.sample_app import call_form, plain


def modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("A"), "blocks": [{"type": "divider"}], **more}


async def test_a_trigger_opens_one_view_within_three_seconds(
    workspace: Workspace, slack: AsyncWebClient, clock: HandClock
) -> None:
    fresh, old = workspace.new_trigger(workspace.person("yuki")), workspace.new_trigger(workspace.person("yuki"))
    await slack.views_open(trigger_id=fresh, view=modal())
    assert await refusal(slack.views_open(trigger_id=fresh, view=modal())) == "exchanged_trigger_id"
    clock.advance(seconds=3)
    assert await refusal(slack.views_open(trigger_id=old, view=modal())) == "expired_trigger_id"
    assert await refusal(slack.views_open(trigger_id="1.2.3", view=modal())) == "invalid_arguments"


async def test_views_stack_three_deep(workspace: Workspace, slack: AsyncWebClient) -> None:
    yuki = workspace.person("yuki")
    view = (await slack.views_open(trigger_id=workspace.new_trigger(yuki), view=modal()))["view"]
    for _ in range(2):
        on_top = workspace.new_trigger(yuki, view=workspace.views[view["id"]])
        pushed = (await slack.views_push(trigger_id=on_top, view=modal()))["view"]
        assert pushed["root_view_id"] == view["id"]
    on_top = workspace.new_trigger(yuki, view=workspace.views[view["id"]])
    assert await refusal(slack.views_push(trigger_id=on_top, view=modal())) == "push_limit_reached"


async def test_an_update_with_an_old_hash_conflicts(workspace: Workspace, slack: AsyncWebClient) -> None:
    trigger = workspace.new_trigger(workspace.person("yuki"))
    view = (await slack.views_open(trigger_id=trigger, view=modal()))["view"]
    newer = (await slack.views_update(view_id=view["id"], hash=view["hash"], view=modal()))["view"]
    assert newer["hash"] != view["hash"]
    assert await refusal(slack.views_update(view_id=view["id"], hash=view["hash"], view=modal())) == "hash_conflict"
    await workspace.user("yuki").closes()
    assert await refusal(slack.views_update(view_id=view["id"], view=modal())) == "not_found"


async def test_home_knows_hash_conflicts_too(slack: AsyncWebClient) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = (await slack.views_publish(user_id="U0YUKI00001", view=home))["view"]
    second = (await slack.views_publish(user_id="U0YUKI00001", view=home, hash=first["hash"]))["view"]
    assert second["id"] == first["id"]
    assert await refusal(slack.views_publish(user_id="U0YUKI00001", view=home, hash=first["hash"])) == "hash_conflict"


async def test_an_external_id_names_one_open_view(workspace: Workspace, slack: AsyncWebClient) -> None:
    yuki, ken = workspace.person("yuki"), workspace.person("ken")
    await slack.views_open(trigger_id=workspace.new_trigger(yuki), view=modal(external_id="lead-1"))
    again = slack.views_open(trigger_id=workspace.new_trigger(ken), view=modal(external_id="lead-1"))
    assert await refusal(again) == "duplicate_external_id"
    await slack.views_update(external_id="lead-1", view=modal(external_id="lead-1"))


async def test_a_view_above_250_kilobytes_is_too_large(workspace: Workspace, slack: AsyncWebClient) -> None:
    wide = [{"type": "section", "text": {"type": "mrkdwn", "text": "漢" * 3000}} for _ in range(90)]
    call = slack.views_open(trigger_id=workspace.new_trigger(workspace.person("yuki")), view=modal(blocks=wide))
    assert await refusal(call) == "view_too_large"


async def test_a_refused_view_names_the_place_and_leaves_the_trigger_good(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    trigger = workspace.new_trigger(workspace.person("yuki"))
    with pytest.raises(SlackApiError) as caught:
        await slack.views_open(trigger_id=trigger, view=modal(title=plain("x" * 25)))
    answer = caught.value.response
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    await slack.views_open(trigger_id=trigger, view=modal())


async def test_an_update_keeps_typed_text_under_the_same_ids_and_resets_a_renamed_block(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    trigger = workspace.new_trigger(workspace.person("yuki"))
    view_id = (await slack.views_open(trigger_id=trigger, view=call_form()))["view"]["id"]
    yuki = workspace.user("yuki")
    await yuki.chooses("Note", "half a sentence", on=workspace.views[view_id])

    same = (await slack.views_update(view_id=view_id, view=call_form()))["view"]
    assert same["state"]["values"]["note"]["note"]["value"] == "half a sentence"

    renamed = call_form()
    renamed["blocks"][1]["block_id"] = "note_2"
    fresh = (await slack.views_update(view_id=view_id, view=renamed))["view"]
    assert fresh["state"]["values"]["note_2"]["note"]["value"] is None
