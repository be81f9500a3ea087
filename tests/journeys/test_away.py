"""Receivers that are away: the product starts, people are served, and what waited arrives afterwards."""

from pathlib import Path

import aiohttp

from bot.bootstrap import start_services
from bot.running import running
from bot.sandbox.cast import LEADS, MANAGERS, sales_team
from bot.sandbox.server import SandboxServer
from bot.server import Server
from bot.settings import Settings
from tests.journeys.test_kill import cards_in
from tests.talk import TALK

A_PORT_NOBODY_LISTENS_ON = 1


async def test_slack_away_at_the_start_keeps_nobody_from_chatting_and_the_card_rings_later(tmp_path: Path) -> None:
    team = sales_team(limits=False)
    settings = Settings.model_validate(
        {
            "database_url": f"sqlite:///{tmp_path}/away.db",
            "slack_bot_token": team.bot_token,
            "slack_app_token": team.app_token,
            "slack_api_url": f"http://127.0.0.1:{A_PORT_NOBODY_LISTENS_ON}/api/",
            "slack_leads_channel": team.channel(LEADS).id,
            "slack_managers_channel": team.channel(MANAGERS).id,
        }
    )
    services = start_services(settings)
    async with running(services) as program, Server(program, "127.0.0.1", 0).listening() as url:
        assert await talked_through(url) == "completed"
    services.close()

    async with SandboxServer(team) as slack:
        services = start_services(settings.model_copy(update={"slack_api_url": slack.api_url}))
        async with running(services):
            await slack.until(lambda: cards_in(slack) or None)
            assert len(cards_in(slack)) == 1
        services.close()


async def talked_through(url: str) -> str:
    async with aiohttp.ClientSession(raise_for_status=True) as http:
        async with http.post(f"{url}/api/chat/sessions", json={"locale": "ja"}) as begun:
            bearer = {"Authorization": f"Bearer {(await begun.json())['token']}"}
        says = [{"id": f"m{place}", "text": words.format(n=1)} for place, words in enumerate(TALK)]
        for body in [*says, {"id": "end", "choice": "confirm"}]:
            async with http.post(f"{url}/api/chat/messages", json=body, headers=bearer) as answer:
                state = (await answer.json())["state"]
    return str(state)
