"""Is the workspace ready for us? Tokens, scopes, channels, people and groups, each with what to do when it is not.

Asked with nothing but the scopes of our manifest; what Slack does not show a bot (events, request URLs) is compared by
`bantline manifest --compare`.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.findings import Finding
from bot.settings import Settings
from bot.slack.manifest import SCOPES
from bot.slack.people import House, why_not

SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
SLACK = "https://slack.com/"
REINSTALL = "on your app's page: App Manifest, paste `bantline manifest`, then Install App, reinstall"

ADVICE = {
    "invalid_auth": "SLACK_BOT_TOKEN is not valid: copy it again from your app's page, Install App",
    "not_authed": "set SLACK_BOT_TOKEN",
    "token_revoked": "install the app again and copy the new bot token",
    "token_expired": "turn token rotation off on your app's page, then install the app again",
    "account_inactive": "install the app again: its bot user was deactivated",
    "not_allowed_token_type": "take the bot token (xoxb-...), not another one of the page",
    "missing_scope": REINSTALL,
    "channel_not_found": "check the channel's id; a private channel has to invite the bot: /invite @bantline",
    "not_in_channel": "invite the bot there: /invite @bantline",
    "no_such_subteam": "check the user group's id (S...) in Slack: People, User groups, the three dots",
    "subteam_not_found": "check the user group's id (S...) in Slack: People, User groups, the three dots",
    "user_not_found": "check the user's id (U...) in Slack: profile, the three dots, Copy member ID",
    "ratelimited": "Slack asks us to wait: try again in a minute",
}
SET_UP = "set SLACK_BOT_TOKEN; README.md, Connect a real Slack workspace, says where it is"
NOT_REACHED = "is SLACK_API_URL right, and can this machine reach it?"

Ask = Callable[[], Awaitable[Any]]


async def examine_workspace(settings: Settings, client: AsyncWebClient) -> list[Finding]:
    """Every finding about Slack, in the order in which to mend them."""
    if not settings.uses_slack:
        return [Finding(part="slack", well=False, seen="no token", advice=SET_UP)]
    if settings.installs_by_link and not client.token:
        advice = "open /slack/install of this server in a browser, and allow the app"
        return [
            Finding(part="slack", well=False, seen=f"not installed in {settings.slack_workspaces[0]}", advice=advice)
        ]
    findings = [*_tokens(settings)]
    try:
        answer = await client.auth_test()
    except (SlackApiError, SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as problem:
        return [*findings, _trouble("slack", problem)]
    findings.append(Finding(part="slack", well=True, seen=f"{answer['team']} as {answer['user']}"))
    findings.append(_scopes(answer))
    findings.append(await _way_in(settings, client))
    house = House(team_id=answer.get("team_id"), enterprise_id=answer.get("enterprise_id"))
    findings += [finding async for finding in _channels(settings, client)]
    findings += [finding async for finding in _people(settings, client, house)]
    return findings


def _tokens(settings: Settings) -> list[Finding]:
    """Keys that cannot be right, before Slack is asked."""
    wrong = []
    if not (settings.installs_by_link or settings.slack_bot_token.startswith("xoxb-")):
        wrong.append(("SLACK_BOT_TOKEN", "does not begin with xoxb-", "copy the Bot User OAuth Token of Install App"))
    if settings.slack_app_token and not settings.slack_app_token.startswith("xapp-"):
        advice = "make one under Basic Information, App-Level Tokens, with connections:write"
        wrong.append(("SLACK_APP_TOKEN", "does not begin with xapp-", advice))
    at_slack = settings.slack_api_url.startswith(SLACK)
    if at_slack and settings.slack_signing_secret and not SIGNING_SECRET.fullmatch(settings.slack_signing_secret):
        advice = "copy it again from Basic Information, App Credentials: 32 letters and digits"
        wrong.append(("SLACK_SIGNING_SECRET", "does not look like one", advice))
    return [Finding(part="slack keys", well=False, seen=f"{name} {seen}", advice=do) for name, seen, do in wrong]


def _scopes(answer: Any) -> Finding:
    granted = {scope.strip() for scope in (answer.headers or {}).get("x-oauth-scopes", "").split(",")}
    missing = [f"{scope} ({why})" for scope, why in SCOPES.items() if scope not in granted]
    if missing:
        return Finding(part="slack scopes", well=False, seen=f"missing: {'; '.join(missing)}", advice=REINSTALL)
    return Finding(part="slack scopes", well=True, seen="as the manifest asks")


async def _way_in(settings: Settings, client: AsyncWebClient) -> Finding:
    """Socket Mode is tried with one address that is not used; HTTP can only be tried by Slack itself."""
    if not settings.uses_socket_mode:
        seen = "HTTP at /slack/events; your app's page shows whether Slack reaches it"
        return Finding(part="slack way in", well=True, seen=seen, advice="compare: bantline manifest --http URL")
    advice = "turn Socket Mode on, and make SLACK_APP_TOKEN anew with connections:write"
    problem = await _refusal(partial(client.apps_connections_open, app_token=settings.slack_app_token))
    if problem is not None:
        return Finding(part="slack way in", well=False, seen=f"Socket Mode: {_code_of(problem)}", advice=advice)
    return Finding(part="slack way in", well=True, seen="Socket Mode")


async def _channels(settings: Settings, client: AsyncWebClient) -> AsyncIterator[Finding]:
    """History tells what we need to know, and we may read it: whether the channel exists and we are in it."""
    named = {
        "SLACK_LEADS_CHANNEL": settings.slack_leads_channel,
        "SLACK_MANAGERS_CHANNEL": settings.slack_managers_channel,
    }
    for name, channel in named.items():
        problem = await _refusal(partial(client.conversations_history, channel=channel, limit=1))
        part = "slack channel"
        yield _trouble(part, problem, name, channel) if problem else _well(part, f"{name}: the bot is in {channel}")


async def _people(settings: Settings, client: AsyncWebClient, house: House) -> AsyncIterator[Finding]:
    named = {
        "SLACK_REPS": settings.slack_reps,
        "SLACK_MANAGERS": settings.slack_managers,
        "SLACK_ADMINS": settings.slack_admins,
    }
    if not (settings.slack_managers or settings.slack_admins):
        advice = "set SLACK_MANAGERS: escalations call nobody by name, and nobody may act on the leads of others"
        yield Finding(part="slack people", well=False, seen="nobody is a manager", advice=advice)
    for setting, names in named.items():
        for name in names:
            yield await (_group if name.startswith("S") else _person)(setting, name, client, house)


async def _group(setting: str, group: str, client: AsyncWebClient, house: House) -> Finding:
    try:
        members = (await client.usergroups_users_list(usergroup=group))["users"]
    except (SlackApiError, SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as problem:
        return _trouble("slack people", problem, setting, group)
    if not members:
        return Finding(part="slack people", well=False, seen=f"{setting}: {group} is empty", advice="add people to it")
    return _well("slack people", f"{setting}: {group}, {len(members)} people")


async def _person(setting: str, user: str, client: AsyncWebClient, house: House) -> Finding:
    try:
        member = (await client.users_info(user=user))["user"]
    except (SlackApiError, SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as problem:
        return _trouble("slack people", problem, setting, user)
    if why := why_not(member, house):
        seen = f"{setting}: {user} may not act here ({why})"
        return Finding(part="slack people", well=False, seen=seen, advice="name a full member of your workspace")
    return _well("slack people", f"{setting}: {member.get('real_name') or user}")


async def _refusal(ask: Ask) -> Exception | None:
    try:
        await ask()
    except (SlackApiError, SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as problem:
        return problem
    return None


def _code_of(problem: Exception) -> str:
    if isinstance(problem, SlackApiError):
        return str(problem.response.get("error", "unknown"))
    return str(problem) or type(problem).__name__


def _trouble(part: str, problem: Exception, setting: str = "", value: str = "") -> Finding:
    code = _code_of(problem)
    advice = ADVICE.get(code, "see the Slack part of README") if isinstance(problem, SlackApiError) else NOT_REACHED
    seen = f"{setting} {value}: {code}" if setting else code
    return Finding(part=part, well=False, seen=seen, advice=advice)


def _well(part: str, seen: str) -> Finding:
    return Finding(part=part, well=True, seen=seen)
