"""Installing by a link, people who change, and the end of an installation, as Slack does them."""

import re

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import SandboxServer, Workspace
from bot.sandbox.oauth import new_code
from tests.sandbox.conftest import HandClock, refusal


async def exchanged(server: SandboxServer, code: str, *, client_id: str = "", secret: str = "") -> str:
    """The token for a code, or the error."""
    town = server.workspace
    client = AsyncWebClient(base_url=server.api_url, retry_handlers=[])
    try:
        answer = await client.oauth_v2_access(
            client_id=client_id or town.client_id, client_secret=secret or town.client_secret, code=code
        )
    except SlackApiError as refused:
        return str(refused.response["error"])
    return str(answer["access_token"])


async def test_a_code_becomes_a_token_once_and_only_for_the_app_it_was_given_to(
    workspace: Workspace, server: SandboxServer, clock: HandClock
) -> None:
    ken = workspace.person("ken")
    code = new_code(workspace, ken, ["chat:write", "users:read", "admin"])
    assert await exchanged(server, code, client_id="9.9") == "invalid_client_id"
    assert await exchanged(server, code, secret="wrong") == "bad_client_secret"
    assert await exchanged(server, "made-up") == "invalid_code"
    token = await exchanged(server, code)
    assert workspace.tokens[token].scopes == {"chat:write", "users:read"}
    assert await exchanged(server, code) == "code_already_used"
    late = new_code(workspace, ken, ["chat:write"])
    clock.advance(minutes=11)
    assert await exchanged(server, late) == "invalid_code"


async def test_the_page_that_asks_leads_back_with_the_state(workspace: Workspace, server: SandboxServer) -> None:
    asked = f"{server.url}oauth/v2/authorize?client_id={workspace.client_id}&scope=chat:write&state=s%26t"
    async with aiohttp.ClientSession() as browser:
        async with browser.get(asked) as nowhere:
            assert (nowhere.status, await nowhere.text()) == (400, "bad_redirect_uri")
        workspace.redirect_url = "http://127.0.0.1:9/back"
        async with browser.get(asked) as page:
            allow = re.search('id="allow" href="([^"]+)"', await page.text())
        assert allow is not None
        async with browser.get(f"{server.url.rstrip('/')}{allow[1]}", allow_redirects=False) as back:
            assert re.fullmatch(r"http://127.0.0.1:9/back\?code=T0SANDBOX1.\w+&state=s%26t", back.headers["Location"])


async def test_the_app_hears_who_changed_and_who_left_a_group(workspace: Workspace) -> None:
    workspace.restrict("ken")
    workspace.deactivate("yuki")
    workspace.set_members("S0REPS00001", ["ken"])
    heard = [payload["event"] for payload in workspace.events]
    assert [event["type"] for event in heard] == ["user_change", "user_change", "subteam_members_changed"]
    assert heard[0]["user"]["is_restricted"]
    assert heard[1]["user"]["deleted"]
    assert heard[2]["removed_users"] == [workspace.person("yuki").id]


async def test_an_app_that_is_removed_hears_it_and_its_tokens_are_dead(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    workspace.uninstall()
    assert [payload["event"]["type"] for payload in workspace.events] == ["tokens_revoked", "app_uninstalled"]
    assert await refusal(slack.auth_test()) == "token_revoked"


@pytest.mark.parametrize("method", ["conversations_info", "conversations_history"])
async def test_a_private_channel_without_the_app_does_not_exist_for_it(
    workspace: Workspace, slack: AsyncWebClient, method: str
) -> None:
    hidden = workspace.add_channel("#secret", members=["ken"], private=True, with_app=False)
    assert await refusal(getattr(slack, method)(channel=hidden.id)) == "channel_not_found"
