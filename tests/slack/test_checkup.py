"""The doctor finds what is missing in a workspace, and says what to do about each."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap import Services
from bot.commands.manifest import NotAManifest, compare_manifest, request_url
from bot.findings import Finding
from bot.sandbox import SandboxServer, sales_team
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from bot.slack.checkup import examine_workspace
from bot.slack.manifest import SCOPES, manifest
from tests.clock import Clock
from tests.desk import KEN, LEADS, MANAGERS, MEGUMI, Bench, installation, open_bench

Change = Callable[[Workspace], None]


def complete(**changed: Any) -> Settings:
    given = {
        "slack_bot_token": "xoxb-sandbox-bot",
        "slack_app_token": "xapp-1-sandbox",
        "slack_leads_channel": LEADS,
        "slack_managers_channel": MANAGERS,
        "slack_managers": (MEGUMI, "S0MANAGERS1"),
    }
    return Settings.model_validate(given | changed)


async def examined(settings: Settings, change: Change | None = None) -> list[Finding]:
    workspace = sales_team(installation=installation())
    if change:
        change(workspace)
    async with SandboxServer(workspace) as server:
        settings = settings.model_copy(update={"slack_api_url": server.api_url})
        client = AsyncWebClient(token=settings.slack_bot_token, base_url=server.api_url, retry_handlers=[])
        return await examine_workspace(settings, client)


async def test_a_workspace_that_is_ready_is_well_in_every_part() -> None:
    findings = await examined(complete())
    assert [finding.seen for finding in findings if not finding.well] == []
    assert {finding.part for finding in findings} == {
        "slack",
        "slack scopes",
        "slack way in",
        "slack channel",
        "slack people",
    }


async def test_the_doctor_needs_no_scope_our_manifest_does_not_ask_for() -> None:
    workspace = sales_team(installation=installation())
    async with SandboxServer(workspace) as server:
        client = AsyncWebClient(token=workspace.bot_token, base_url=server.api_url, retry_handlers=[])
        await examine_workspace(complete(slack_api_url=server.api_url), client)
    assert [call.error for call in workspace.calls if call.error] == []


def without_scope(scope: str) -> Change:
    def change(workspace: Workspace) -> None:
        workspace.tokens.pop(workspace.bot_token)
        workspace.issue("bot", "xoxb-sandbox-bot", set(SCOPES) - {scope}, workspace.bot.id)

    return change


@pytest.mark.parametrize(
    ("settings", "change", "part", "seen", "advice"),
    [
        ({"slack_bot_token": "xoxp-1"}, None, "slack keys", "does not begin with xoxb-", "Bot User OAuth Token"),
        ({"slack_bot_token": "xoxb-wrong"}, None, "slack", "invalid_auth", "copy it again"),
        ({}, lambda town: town.revoke(town.bot_token), "slack", "token_revoked", "install the app again"),
        ({}, without_scope("chat:write"), "slack scopes", "chat:write (cards", "reinstall"),
        ({"slack_app_token": "xapp-wrong"}, None, "slack way in", "invalid_auth", "turn Socket Mode on"),
        ({"slack_app_token": "xoxb-sandbox-bot"}, None, "slack way in", "not_allowed_token_type", "connections:write"),
        ({"slack_leads_channel": "C0NOWHERE"}, None, "slack channel", "channel_not_found", "check the channel's id"),
        ({}, lambda town: town.remove_app_from("#leads"), "slack channel", "not_in_channel", "/invite @bantline"),
        ({}, lambda town: town.set_members("S0MANAGERS1", []), "slack people", "is empty", "add people"),
        ({"slack_reps": ("S0NOBODY001",)}, None, "slack people", "no_such_subteam", "user group's id"),
        ({"slack_admins": ("U0NOBODY001",)}, None, "slack people", "user_not_found", "Copy member ID"),
        ({"slack_reps": (KEN,)}, lambda town: town.restrict("ken"), "slack people", "(guest)", "a full member"),
        ({"slack_managers": ()}, None, "slack people", "nobody is a manager", "SLACK_MANAGERS"),
    ],
    ids=[
        "a user's token",
        "a token nobody issued",
        "a revoked token",
        "a missing scope",
        "a wrong app token",
        "the bot token as app token",
        "no such channel",
        "the bot is not in the channel",
        "an empty group",
        "no such group",
        "no such person",
        "a guest as rep",
        "nobody is a manager",
    ],
)
async def test_what_is_missing_is_named_with_what_to_do(
    settings: dict[str, Any], change: Change | None, part: str, seen: str, advice: str
) -> None:
    found = [finding for finding in await examined(complete(**settings), change) if not finding.well]
    assert [
        finding for finding in found if finding.part == part and seen in finding.seen and advice in finding.advice
    ], found


async def test_a_signing_secret_that_cannot_be_one_is_said_to_be_wrong() -> None:
    settings = complete(slack_signing_secret="xoxb-123", slack_api_url="https://slack.com/api/")
    client = AsyncWebClient(token="xoxb-1", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    keys, away = await examine_workspace(settings, client)
    assert "SLACK_SIGNING_SECRET" in keys.seen
    assert "can this machine reach it" in away.advice


def test_a_manifest_is_compared_with_that_of_the_app(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = manifest()
    theirs["settings"]["socket_mode_enabled"] = False
    theirs["settings"]["event_subscriptions"]["bot_events"].remove("user_change")
    theirs["oauth_config"]["scopes"]["bot"].append("files:read")
    path = tmp_path / "theirs.json"
    path.write_text(json.dumps(theirs))
    assert not compare_manifest(str(path), "")
    said = capsys.readouterr().out
    assert 'settings.event_subscriptions.bot_events: missing "user_change"' in said
    assert "settings.socket_mode_enabled: false, should be true" in said
    assert "files:read" not in said
    path.write_text(json.dumps(manifest()))
    assert compare_manifest(str(path), "")


def test_the_address_is_completed_and_has_to_be_https() -> None:
    assert request_url("https://bot.example") == "https://bot.example/slack/events"
    assert request_url("https://bot.example/slack/events/") == "https://bot.example/slack/events"
    assert request_url("https://www.example/bantline/") == "https://www.example/bantline/slack/events"
    with pytest.raises(NotAManifest):
        request_url("http://bot.example")


async def test_admins_are_called_when_only_they_can_help(make_services: Callable[..., Services], clock: Clock) -> None:
    async with open_bench(make_services, clock, slack_admins=(KEN, "S0MANAGERS1")) as bench:
        await _a_channel_is_archived(bench)
        told = bench.managers_see()[0].text
    assert f"<@{KEN}>" in told
    assert "<!subteam^S0MANAGERS1>" in told


async def _a_channel_is_archived(bench: Bench) -> None:
    bench.workspace.archive("#leads")
    await bench.has_lead()


async def test_an_app_that_nobody_installed_by_the_link_yet_is_said_to_be_so() -> None:
    settings = complete(
        slack_bot_token="", slack_client_id="1.2", slack_client_secret="secret", slack_workspaces=("T0SANDBOX1",)
    )
    (finding,) = await examined(settings)
    assert "not installed in T0SANDBOX1" in finding.seen
    assert "/slack/install" in finding.advice
