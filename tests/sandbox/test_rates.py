"""How often the stand-in may be called, and until when: rates, scheduled messages, response URLs."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import SandboxServer, Workspace
from tests.sandbox.conftest import HandClock, refusal
from tests.sandbox.sample_app import LEADS, MANAGERS, button


async def test_posting_faster_than_the_channel_takes_is_429_with_seconds_to_wait(
    slack: AsyncWebClient, clock: HandClock
) -> None:
    for number in range(10):
        await slack.chat_postMessage(channel=LEADS, text=str(number))
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=LEADS, text="one too many")
    assert (caught.value.response.status_code, caught.value.response["error"]) == (429, "ratelimited")
    assert caught.value.response.headers["Retry-After"] == "1"
    await slack.chat_postMessage(channel=MANAGERS, text="another channel is free")
    clock.advance(seconds=1)
    await slack.chat_postMessage(channel=LEADS, text="now it goes")


async def test_a_method_of_tier_three_takes_fifty_calls_a_minute(slack: AsyncWebClient, clock: HandClock) -> None:
    ts = (await slack.chat_postMessage(channel=LEADS, text="x"))["ts"]
    for number in range(50):
        await slack.chat_update(channel=LEADS, ts=ts, text=str(number))
    assert await refusal(slack.chat_update(channel=LEADS, ts=ts, text="51")) == "ratelimited"
    clock.advance(seconds=60)
    await slack.chat_update(channel=LEADS, ts=ts, text="52")


async def test_scheduled_messages_have_limits_and_with_metadata_never_come(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient, clock: HandClock
) -> None:
    now = int(clock().timestamp())
    await slack.chat_scheduleMessage(channel=LEADS, text="later", post_at=now + 60)
    await slack.chat_scheduleMessage(
        channel=LEADS, text="never", post_at=now + 60, metadata={"event_type": "x", "event_payload": {}}
    )
    far = slack.chat_scheduleMessage(channel=LEADS, text="x", post_at=now + 121 * 86400)
    assert await refusal(far) == "time_too_far"
    assert await refusal(slack.chat_scheduleMessage(channel=LEADS, text="x", post_at=now - 1)) == "time_in_past"
    clock.advance(seconds=61)
    await workspace.user("yuki").waits_for("later", channel="#leads")
    assert [message.text for message in workspace.user("yuki").sees("#leads")] == ["later"]


async def test_thirty_messages_fit_into_five_minutes_of_a_channel(slack: AsyncWebClient, clock: HandClock) -> None:
    at = int(clock().timestamp()) + 600
    for _ in range(30):
        await slack.chat_scheduleMessage(channel=LEADS, text="x", post_at=at)
    assert await refusal(slack.chat_scheduleMessage(channel=LEADS, text="x", post_at=at)) == "restricted_too_many"


async def test_a_response_url_works_five_times_in_thirty_minutes(
    workspace: Workspace, server: SandboxServer, clock: HandClock
) -> None:
    yuki, leads = workspace.person("yuki"), workspace.channel("#leads")
    url, late = (workspace.new_response_url(yuki, leads, kind="commands") for _ in range(2))
    async with aiohttp.ClientSession() as session:
        for number in range(5):
            async with session.post(url, json={"text": str(number)}) as response:
                assert (response.status, await response.text()) == (200, "ok")
        async with session.post(url, json={"text": "six"}) as response:
            assert (response.status, (await response.json())["error"]) == (404, "used_url")
        clock.advance(minutes=30)
        async with session.post(late, json={"text": "late"}) as response:
            assert (await response.json())["error"] == "expired_url"
    assert [message.text for message in workspace.user("yuki").sees_privately("#leads")] == ["0", "1", "2", "3", "4"]


async def test_a_response_url_replaces_and_deletes_the_message_it_came_from(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    shown = await slack.chat_postEphemeral(
        channel=LEADS, user="U0YUKI00001", text="choose", blocks=[{"type": "actions", "elements": [button("A", "a")]}]
    )
    yuki = workspace.user("yuki")
    [message] = yuki.sees_privately("#leads")
    assert message.ts == shown["message_ts"]
    url = workspace.new_response_url(yuki.record, workspace.channel("#leads"), message=message)
    async with aiohttp.ClientSession() as session:
        await session.post(url, json={"text": "chosen", "replace_original": True})
        assert [(one.text, one.blocks) for one in yuki.sees_privately("#leads")] == [("chosen", [])]
        await session.post(url, json={"delete_original": True})
    assert yuki.sees_privately("#leads") == []
