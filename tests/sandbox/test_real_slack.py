"""Opt-in: the same questions put to the real Slack, so that the stand-in cannot drift away from it unnoticed.

Set BANTLINE_CONTRACT_BOT_TOKEN (xoxb-) to a bot token of a workspace kept for tests, and for the socket also
BANTLINE_CONTRACT_APP_TOKEN (xapp-). Nothing is posted.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.test_block_limits import AT_AND_BEYOND

BOT_TOKEN = os.environ.get("BANTLINE_CONTRACT_BOT_TOKEN", "")
APP_TOKEN = os.environ.get("BANTLINE_CONTRACT_APP_TOKEN", "")
needs_bot_token = pytest.mark.skipif(not BOT_TOKEN, reason="set BANTLINE_CONTRACT_BOT_TOKEN to ask the real Slack")
needs_app_token = pytest.mark.skipif(not APP_TOKEN, reason="set BANTLINE_CONTRACT_APP_TOKEN to ask the real Slack")


@needs_bot_token
async def test_auth_test_has_the_fields_the_stand_in_gives(slack: AsyncWebClient) -> None:
    real, ours = await AsyncWebClient(token=BOT_TOKEN).auth_test(), await slack.auth_test()
    assert set(_fields(ours)) <= set(_fields(real))


@needs_bot_token
async def test_slack_s_validator_gives_the_same_verdict_on_every_limit() -> None:
    client = AsyncWebClient(token=BOT_TOKEN)
    differing = []
    for what, good, bad, _ in AT_AND_BEYOND:
        if not await _accepts(client, good) or await _accepts(client, bad):
            differing.append(what)
    assert differing == []


@needs_app_token
async def test_a_socket_address_is_given_for_an_app_token() -> None:
    opened = await AsyncWebClient().apps_connections_open(app_token=APP_TOKEN)
    assert opened["url"].startswith("wss://")


async def _accepts(client: AsyncWebClient, blocks: list[dict[str, Any]]) -> bool:
    try:
        await client.api_call("blocks.validate", params={"blocks": json.dumps(blocks)})
    except SlackApiError as error:
        if error.response["error"] != "invalid_blocks":
            raise
        return False
    return True


def _fields(answer: Any) -> list[str]:
    return list(answer.data)
