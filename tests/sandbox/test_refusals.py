"""What Slack refuses, the stand-in refuses too, with the same words: tokens, scopes, membership, triggers, views."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import SandboxServer, Workspace, sales_team
from bot.sandbox.manifest import CORE_SCOPES, Installation, installation_from
from tests.sandbox.conftest import HandClock, refusal
from tests.sandbox.sample_app import LEADS, MANAGERS, card, plain


def client_with(token: str, server: SandboxServer) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=server.api_url, retry_handlers=[])


# --- tokens and scopes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-nobody", "invalid_auth"), ("", "not_authed")],
    ids=["a token nobody issued", "no token"],
)
async def test_a_call_without_a_good_token_is_refused(server: SandboxServer, token: str, error: str) -> None:
    assert await refusal(client_with(token, server).auth_test()) == error


async def test_a_revoked_token_is_refused_and_the_app_is_told(workspace: Workspace, slack: AsyncWebClient) -> None:
    workspace.revoke(workspace.bot_token)
    assert await refusal(slack.auth_test()) == "token_revoked"
    assert workspace.events[-1]["event"]["type"] == "tokens_revoked"


async def test_the_app_token_cannot_post_and_the_bot_token_cannot_open_a_socket(
    workspace: Workspace, server: SandboxServer, slack: AsyncWebClient
) -> None:
    with_app_token = client_with(workspace.app_token, server)
    assert await refusal(with_app_token.chat_postMessage(channel=LEADS, text="x")) == "not_allowed_token_type"
    assert await refusal(slack.apps_connections_open(app_token=workspace.bot_token)) == "not_allowed_token_type"


async def test_a_missing_scope_is_named_with_what_is_there(clock: HandClock) -> None:
    workspace = sales_team(clock=clock, installation=Installation(scopes=frozenset({"chat:write"})))
    async with SandboxServer(workspace) as server:
        with pytest.raises(SlackApiError) as caught:
            await client_with(workspace.bot_token, server).users_info(user="U0YUKI00001")
    answer = caught.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "users:read", "chat:write")


async def test_history_needs_the_scope_of_that_kind_of_channel(clock: HandClock) -> None:
    granted = Installation(scopes=CORE_SCOPES - {"groups:history"})
    workspace = sales_team(clock=clock, installation=granted)
    async with SandboxServer(workspace) as server:
        client = client_with(workspace.bot_token, server)
        await client.conversations_history(channel=LEADS)
        assert await refusal(client.conversations_history(channel=MANAGERS)) == "missing_scope"


async def test_a_method_slack_does_not_know_is_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.api_call("chat.postMessages")) == "unknown_method"


def test_scopes_events_and_commands_come_from_the_manifest() -> None:
    manifest = {
        "display_information": {"name": "Bantline"},
        "features": {
            "slash_commands": [{"command": "/lead", "usage_hint": "find"}],
            "shortcuts": [{"name": "Log a call", "type": "global", "callback_id": "log"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands"], "bot_optional": ["reactions:read"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}},
    }
    full, bare = installation_from(manifest), installation_from(manifest, with_optional=False)
    assert full.scopes == {"commands", "reactions:read"}
    assert bare.scopes == {"commands"}
    assert full.hears("app_home_opened")
    assert not full.hears("message.channels")
    assert [shortcut.callback_id for shortcut in full.shortcuts or ()] == ["log"]


# --- channels and messages -------------------------------------------------------------------------------------------


async def test_the_app_posts_only_where_it_is_a_member(workspace: Workspace, slack: AsyncWebClient) -> None:
    workspace.add_channel("public", id="C0PUBLIC001", members=["yuki"], with_app=False)
    workspace.add_channel("secret", id="C0SECRET001", members=["yuki"], with_app=False, private=True)
    assert await refusal(slack.chat_postMessage(channel="C0PUBLIC001", text="x")) == "not_in_channel"
    assert await refusal(slack.chat_postMessage(channel="C0SECRET001", text="x")) == "channel_not_found"
    assert await refusal(slack.chat_postMessage(channel="C0NOWHERE01", text="x")) == "channel_not_found"
    assert await refusal(slack.conversations_history(channel="C0PUBLIC001")) == "not_in_channel"


async def test_an_archived_channel_takes_neither_posts_nor_edits(workspace: Workspace, slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel=LEADS, text="x")
    workspace.archive("#leads")
    assert await refusal(slack.chat_postMessage(channel=LEADS, text="x")) == "is_archived"
    assert await refusal(slack.chat_update(channel=LEADS, ts=posted["ts"], text="y")) == "is_inactive"


@pytest.mark.filterwarnings("ignore:The top-level:UserWarning")
async def test_an_empty_message_is_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.chat_postMessage(channel=LEADS)) == "no_text"


async def test_a_message_carries_a_hundred_attachments_and_no_more(slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel=LEADS, text="x", attachments=[{"text": "x"}] * 100)
    call = slack.chat_postMessage(channel=LEADS, text="x", attachments=[{"text": "x"}] * 101)
    assert await refusal(call) == "too_many_attachments"


async def test_the_app_edits_and_deletes_only_its_own_messages(workspace: Workspace, slack: AsyncWebClient) -> None:
    said = workspace.user("yuki").posts("#leads", "mine")
    assert await refusal(slack.chat_update(channel=LEADS, ts=said.ts, text="yours")) == "cant_update_message"
    assert await refusal(slack.chat_delete(channel=LEADS, ts=said.ts)) == "cant_delete_message"
    assert await refusal(slack.chat_update(channel=LEADS, ts="1.000001", text="?")) == "message_not_found"


async def test_an_ephemeral_message_can_neither_be_edited_nor_read_back(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    shown = await slack.chat_postEphemeral(channel=LEADS, user="U0YUKI00001", text="only you")
    assert [message.text for message in workspace.user("yuki").sees_privately("#leads")] == ["only you"]
    assert await refusal(slack.chat_update(channel=LEADS, ts=shown["message_ts"], text="x")) == "message_not_found"
    assert (await slack.conversations_history(channel=LEADS))["messages"] == []


async def test_an_ephemeral_message_needs_a_member_to_read_it(slack: AsyncWebClient) -> None:
    call = slack.chat_postEphemeral(channel=MANAGERS, user="U0YUKI00001", text="x")
    assert await refusal(call) == "user_not_in_channel"


@pytest.mark.filterwarnings("ignore:The top-level:UserWarning")
async def test_an_edit_with_text_alone_removes_the_blocks_and_marks_the_message(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    ts = (await slack.chat_postMessage(channel=LEADS, text="lead", blocks=card()))["ts"]
    await slack.chat_update(channel=LEADS, ts=ts, blocks=card("other"))
    after_blocks = workspace.message(LEADS, ts)
    assert (after_blocks.text, after_blocks.edited) == ("lead", None)

    answer = await slack.chat_update(channel=LEADS, ts=ts, text="plain")
    assert "blocks" not in answer["message"]
    assert answer["message"]["edited"]["user"] == workspace.bot.id


async def test_metadata_comes_back_only_when_it_is_asked_for(slack: AsyncWebClient) -> None:
    metadata = {"event_type": "lead_card", "event_payload": {"lead": "L-1"}}
    ts = (await slack.chat_postMessage(channel=LEADS, text="x", metadata=metadata))["ts"]
    plain_history = await slack.conversations_history(channel=LEADS)
    with_metadata = await slack.conversations_history(channel=LEADS, include_all_metadata=True)
    in_thread = await slack.conversations_replies(channel=LEADS, ts=ts, include_all_metadata=True)
    assert "metadata" not in plain_history["messages"][0]
    assert with_metadata["messages"][0]["metadata"] == metadata
    assert in_thread["messages"][0]["metadata"] == metadata


async def test_malformed_metadata_is_refused(slack: AsyncWebClient) -> None:
    call = slack.chat_postMessage(channel=LEADS, text="x", metadata={"event_type": "lead"})
    assert await refusal(call) == "invalid_metadata_format"


async def test_a_reply_to_a_message_that_does_not_exist_is_refused(slack: AsyncWebClient) -> None:
    call = slack.chat_postMessage(channel=LEADS, text="x", thread_ts="1.000001")
    assert await refusal(call) == "thread_not_found"


async def test_history_leaves_replies_out_except_those_sent_to_the_channel(slack: AsyncWebClient) -> None:
    root = (await slack.chat_postMessage(channel=LEADS, text="root"))["ts"]
    await slack.chat_postMessage(channel=LEADS, text="quiet", thread_ts=root)
    await slack.chat_postMessage(channel=LEADS, text="loud", thread_ts=root, reply_broadcast=True)
    history = (await slack.conversations_history(channel=LEADS))["messages"]
    replies = (await slack.conversations_replies(channel=LEADS, ts=root))["messages"]
    assert [(one["text"], one.get("subtype")) for one in history] == [("loud", "thread_broadcast"), ("root", None)]
    assert [one["text"] for one in replies] == ["root", "quiet", "loud"]
    assert replies[0]["reply_count"] == 2


async def test_history_is_paged_by_cursor(slack: AsyncWebClient) -> None:
    for number in range(5):
        await slack.chat_postMessage(channel=LEADS, text=str(number))
    seen = []
    async for page in await slack.conversations_history(channel=LEADS, limit=2):
        seen += [message["text"] for message in page["messages"]]
    assert seen == ["4", "3", "2", "1", "0"]


async def test_what_a_person_typed_is_told_as_slack_writes_it(workspace: Workspace, slack: AsyncWebClient) -> None:
    yuki = workspace.user("yuki")
    typed = "<@U0KEN000001> R&D <b> a.b@c.example https://x.example/?a=1&b=2"
    said = yuki.posts("#leads", typed)
    told = (await slack.conversations_history(channel=LEADS))["messages"][0]
    assert told["text"] == (
        "<@U0KEN000001> R&amp;D &lt;b&gt; <mailto:a.b@c.example|a.b@c.example> <https://x.example/?a=1&amp;b=2>"
    )
    assert [part["type"] for part in told["blocks"][0]["elements"][0]["elements"]] == [
        "user",
        "text",
        "link",
        "text",
        "link",
    ]
    yuki.edits(said, "R&D")
    assert (await slack.conversations_history(channel=LEADS))["messages"][0]["text"] == "R&amp;D"


async def test_text_is_cut_at_forty_thousand_characters(slack: AsyncWebClient) -> None:
    answer = await slack.chat_postMessage(channel=LEADS, text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000


async def test_a_direct_message_reaches_a_person_but_no_bot_and_nobody_deactivated(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    opened = await slack.conversations_open(users="U0KEN000001")
    await slack.chat_postMessage(channel=opened["channel"]["id"], text="hello Ken")
    assert [message.text for message in workspace.user("ken").direct_messages()] == ["hello Ken"]
    assert await refusal(slack.conversations_open(users="U0OTHERBOT1")) == "cannot_dm_bot"
    workspace.deactivate("ken")
    assert await refusal(slack.chat_postMessage(channel="U0KEN000001", text="x")) == "user_disabled"


async def test_a_user_is_shown_as_the_scopes_allow(workspace: Workspace, slack: AsyncWebClient) -> None:
    yuki = (await slack.users_info(user="U0YUKI00001", include_locale=True))["user"]
    assert (yuki["locale"], yuki["profile"]["email"], yuki["is_restricted"]) == ("ja-JP", "yuki@sandbox.example", False)
    assert "locale" not in (await slack.users_info(user="U0YUKI00001"))["user"]
    assert (await slack.users_info(user="U0GUEST0001"))["user"]["is_restricted"]
    assert (await slack.users_lookupByEmail(email="ken@sandbox.example"))["user"]["id"] == "U0KEN000001"
    assert await refusal(slack.users_lookupByEmail(email="x@y.example")) == "users_not_found"
    assert await refusal(slack.users_info(user="U0NOBODY001")) == "user_not_found"
    workspace.deactivate("ken")
    assert (await slack.users_info(user="U0KEN000001"))["user"]["deleted"]


async def test_the_small_look_ups_answer(slack: AsyncWebClient, workspace: Workspace) -> None:
    assert (await slack.usergroups_users_list(usergroup="S0MANAGERS1"))["users"] == ["U0MEGUMI001"]
    assert await refusal(slack.usergroups_users_list(usergroup="S1")) == "no_such_subteam"
    assert len((await slack.usergroups_list())["usergroups"]) == 2
    assert (await slack.team_info())["team"]["id"] == workspace.team.id
    assert (await slack.bots_info(bot="B0BANTLINE"))["bot"]["user_id"] == workspace.bot.id
    assert (await slack.conversations_info(channel=LEADS))["channel"]["is_member"]
    assert "U0YUKI00001" in (await slack.conversations_members(channel=LEADS))["members"]
    assert [one["name"] for one in (await slack.conversations_list())["channels"]] == ["leads"]
    assert "U0KEN000001" in [one["id"] for one in (await slack.users_list())["members"]]
    ts = (await slack.chat_postMessage(channel=LEADS, text="x"))["ts"]
    assert LEADS in (await slack.chat_getPermalink(channel=LEADS, message_ts=ts))["permalink"]


async def test_a_reaction_is_given_once(slack: AsyncWebClient) -> None:
    ts = (await slack.chat_postMessage(channel=LEADS, text="x"))["ts"]
    await slack.reactions_add(channel=LEADS, timestamp=ts, name="eyes")
    assert await refusal(slack.reactions_add(channel=LEADS, timestamp=ts, name="eyes")) == "already_reacted"
    assert (await slack.reactions_get(channel=LEADS, timestamp=ts))["message"]["reactions"][0]["count"] == 1
    await slack.reactions_remove(channel=LEADS, timestamp=ts, name="eyes")
    assert await refusal(slack.reactions_remove(channel=LEADS, timestamp=ts, name="eyes")) == "no_reaction"


# --- rates, scheduling, response URLs --------------------------------------------------------------------------------


# --- blocks in a post ------------------------------------------------------------------------------------------------


async def test_refused_blocks_come_back_with_a_pointer_and_nothing_was_posted(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=LEADS, text="x", blocks=[{"type": "divider"}] * 51)
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert answer["response_metadata"]["messages"] == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    assert workspace.messages[LEADS] == []


async def test_a_refused_edit_leaves_the_card_as_it_was(workspace: Workspace, slack: AsyncWebClient) -> None:
    ts = (await slack.chat_postMessage(channel=LEADS, text="lead", blocks=card()))["ts"]
    assert await refusal(slack.chat_update(channel=LEADS, ts=ts, text="x", blocks=card("y" * 3001))) == "invalid_blocks"
    assert workspace.message(LEADS, ts).text == "lead"


async def test_all_the_text_of_one_message_has_a_limit_too(slack: AsyncWebClient) -> None:
    sections = [{"type": "section", "text": plain("x" * 2700)} for _ in range(5)]
    assert await refusal(slack.chat_postMessage(channel=LEADS, text="x", blocks=sections)) == "msg_blocks_too_long"


async def test_blocks_that_are_no_list_are_refused(slack: AsyncWebClient) -> None:
    assert await refusal(slack.chat_postMessage(channel=LEADS, text="x", blocks="{")) == "invalid_blocks_format"


# --- the official validator ------------------------------------------------------------------------------------------


async def test_the_validator_method_lists_pointer_code_and_message(slack: AsyncWebClient) -> None:
    call = slack.api_call(
        "blocks.validate", params={"blocks": '[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]'}
    )
    with pytest.raises(SlackApiError) as caught:
        await call
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [
        {
            "pointer": "/blocks/0/text/type",
            "code": "enum",
            "message": "must be plain_text",
            "constraint": "plain_text",
        }
    ]


async def test_the_validator_method_takes_exactly_one_of_blocks_message_and_view(slack: AsyncWebClient) -> None:
    assert await refusal(slack.api_call("blocks.validate")) == "invalid_arguments"
    await slack.api_call("blocks.validate", params={"view": '{"type":"home","blocks":[{"type":"divider"}]}'})


# --- the wire --------------------------------------------------------------------------------------------------------


async def test_arguments_come_by_query_by_form_and_by_json(workspace: Workspace, server: SandboxServer) -> None:
    url, token = f"{server.api_url}chat.postMessage", {"Authorization": f"Bearer {workspace.bot_token}"}
    async with aiohttp.ClientSession(headers=token) as session:
        async with session.post(url, params={"text": "by query", "channel": LEADS}) as response:
            assert (await response.json())["message"]["text"] == "by query"
        async with session.post(url, data={"text": "by form", "channel": LEADS}) as response:
            assert (await response.json())["message"]["text"] == "by form"
        async with session.post(f"{url}?channel={LEADS}&text=q", json={"text": "json wins"}) as response:
            assert (await response.json())["message"]["text"] == "json wins"
        async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as response:
            assert (await response.json())["error"] == "invalid_json"
        async with session.post(url, data=b"x", headers={"Content-Type": "image/png"}) as response:
            assert (await response.json())["error"] == "invalid_post_type"


async def test_every_call_is_remembered_with_its_outcome(workspace: Workspace, slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel=LEADS, text="x")
    await refusal(slack.chat_delete(channel=LEADS, ts="1.1"))
    assert [(call.method, call.token_kind, call.error) for call in workspace.calls] == [
        ("chat.postMessage", "bot", None),
        ("chat.delete", "bot", "message_not_found"),
    ]
