"""kill -9 at any moment of the journey: nothing acknowledged is lost, and no card rings twice.

The stand-in Slack and the chat client live here; Bantline is a process of its own that is killed and started again.
"""

import asyncio
import contextlib
import itertools
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.cast import LEADS, MANAGERS, sales_team
from bot.sandbox.records import Message
from bot.sandbox.server import SandboxServer
from tests.process import QuickBantline
from tests.talk import TALK

KILLS = 6
PATIENCE = 240.0  # seconds, on a machine that does much else
TALKS = 8


def settings_for(slack: SandboxServer) -> dict[str, str]:
    team = slack.workspace
    return {
        "SLACK_BOT_TOKEN": team.bot_token,
        "SLACK_APP_TOKEN": team.app_token,
        "SLACK_SIGNING_SECRET": team.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "SLACK_LEADS_CHANNEL": team.channel(LEADS).id,
        "SLACK_MANAGERS_CHANNEL": team.channel(MANAGERS).id,
    }


class Visitor:
    """A prospect whose widget sends each message again, under the same id, until it is acknowledged."""

    def __init__(self, http: aiohttp.ClientSession, bantline: QuickBantline, number: int) -> None:
        self._http = http
        self._bantline = bantline
        self._number = number
        self.acknowledged: list[str] = []
        self.state = ""
        self._token = ""

    async def talks(self) -> None:
        begun = await self._until_answered("/api/chat/sessions", {"locale": "ja"}, {})
        self._token = begun["token"]
        for place, words in enumerate(TALK):
            text = words.format(n=self._number)
            await self._says({"id": f"m{place}", "text": text})
            self.acknowledged.append(text)
        last = await self._says({"id": "end", "choice": "confirm"})
        self.state = last["state"]

    async def _says(self, body: dict[str, str]) -> dict[str, Any]:
        await asyncio.sleep(random.uniform(0, 0.25))
        return await self._until_answered("/api/chat/messages", body, self._bearer)

    async def remembered(self) -> list[str]:
        async with self._http.get(f"{self._bantline.url}/api/chat/messages?after=0", headers=self._bearer) as answer:
            messages = (await answer.json())["messages"]
        return [message["text"] for message in messages if message["from"] == "prospect"]

    async def _until_answered(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        for _ in itertools.repeat(None, 1_800):
            try:
                async with self._http.post(self._bantline.url + path, json=body, headers=headers) as answer:
                    if answer.status < 300:
                        result: dict[str, Any] = await answer.json()
                        return result
                    assert answer.status == 503, await answer.text()
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
        raise AssertionError("nobody answered for a minute and a half")

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def cards_in(slack: SandboxServer) -> list[Message]:
    seen = slack.workspace.user("megumi").sees(LEADS)
    return [message for message in seen if message.thread_ts is None or message.thread_ts == message.ts]


@pytest.mark.waits
@pytest.mark.parametrize("seed", [1])
async def test_nothing_acknowledged_is_lost_and_no_card_rings_twice(tmp_path: Path, seed: int) -> None:
    random.seed(seed)
    async with (
        SandboxServer(sales_team(limits=False)) as slack,
        aiohttp.ClientSession() as http,
        started(QuickBantline(tmp_path, **settings_for(slack))) as bantline,
    ):
        visitors = [Visitor(http, bantline, number) for number in range(TALKS)]
        talks = [asyncio.create_task(visitor.talks()) for visitor in visitors]
        await kill_again_and_again(bantline)
        await asyncio.wait_for(asyncio.gather(*talks), PATIENCE)
        await slack.until(lambda: len(cards_in(slack)) >= TALKS or None, within=PATIENCE)
        await asyncio.sleep(1)
        await slack.settled()

        assert [visitor.state for visitor in visitors] == ["completed"] * TALKS
        for visitor in visitors:
            assert (await visitor.remembered())[:-1] == visitor.acknowledged
        assert len(cards_in(slack)) == TALKS


@contextlib.asynccontextmanager
async def started(bantline: QuickBantline) -> AsyncIterator[QuickBantline]:
    """The process beside this loop, which has to go on answering as Slack while it starts and stops."""
    await asyncio.to_thread(bantline.start)
    try:
        yield bantline
    finally:
        await asyncio.to_thread(bantline.stop)


async def kill_again_and_again(bantline: QuickBantline) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(random.uniform(0.02, 0.8))
        await asyncio.to_thread(bantline.kill)
        await asyncio.to_thread(bantline.start)
