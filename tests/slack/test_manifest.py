"""What the app asks of a workspace is what it uses, no more and no less."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.sandbox import methods
from bot.sandbox.manifest import installation_from
from bot.slack import ids
from bot.slack.app import HEARD_EVENTS
from bot.slack.manifest import SCOPES, as_yaml, manifest
from qualification.store import Transaction
from tests.desk import LEADS, MANAGERS, Bench, qualified_lead

FILE = Path(__file__).parents[2] / "manifest.yaml"
CODE = Path(ids.__file__).parent
CALLED = (
    "chat.postMessage",
    "chat.update",
    "chat.getPermalink",
    "conversations.history",
    "conversations.replies",
    "usergroups.users.list",
    "users.info",
    "views.open",
    "views.publish",
)


def test_the_file_is_what_the_code_says() -> None:
    assert FILE.read_text("utf-8") == as_yaml(manifest())


def test_the_http_variant_names_our_address_wherever_slack_needs_it() -> None:
    url = "https://bantline.example/slack/events"
    text = as_yaml(manifest(url))
    assert text.count(f'"{url}"') == 4
    assert "socket_mode_enabled: false" in text


def test_nothing_in_the_manifest_is_longer_or_more_than_slack_takes() -> None:
    asked = manifest("https://bantline.example/slack/events")
    shown, features = asked["display_information"], asked["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    assert [one["command"] for one in features["slash_commands"] if len(one["command"]) > 32] == []
    assert [one["callback_id"] for one in features["shortcuts"] if len(one["callback_id"]) > 255] == []
    assert len(features["slash_commands"]) <= 50
    assert len(features["shortcuts"]) <= 10
    assert len(asked["settings"]["event_subscriptions"]["bot_events"]) <= 100
    assert len(asked["oauth_config"]["scopes"]["bot"]) <= 255


def test_commands_shortcuts_and_events_are_those_of_the_code() -> None:
    installed = installation_from(manifest())
    assert {command.name for command in installed.commands or ()} == {ids.COMMAND}
    assert {shortcut.callback_id for shortcut in installed.shortcuts or ()} == set(ids.SHORTCUTS)
    assert {event.partition(".")[0] for event in installed.events} == HEARD_EVENTS


def test_every_method_has_a_scope_and_every_scope_serves_a_method() -> None:
    served = {
        "commands",
        "users:read.email",
    }  # no method by themselves: a command, and a field of what users.info tells
    for name in CALLED:
        alternatives = _spelled(methods.METHODS[name].scopes)
        assert not alternatives or alternatives & set(SCOPES), name
        served |= alternatives
    assert set(SCOPES) <= served


def _spelled(scopes: Iterable[str]) -> set[str]:
    """`*:history` stands for the kind of the channel."""
    return {scope.replace("*", kind) for scope in scopes for kind in ("channels", "groups")}


def test_every_button_and_form_is_named_once_and_heard() -> None:
    source = "\n".join(path.read_text("utf-8") for path in CODE.glob("*.py") if path.name != "ids.py")
    names = [name for name in dir(ids) if name.isupper() and isinstance(getattr(ids, name), str)]
    assert [name for name in names if f"ids.{name}" not in source] == []
    assert len({*ids.BUTTONS, *ids.FORMS, *ids.SHORTCUTS}) == len(ids.BUTTONS) + len(ids.FORMS) + len(ids.SHORTCUTS)


async def test_fewer_than_forty_listeners(bench: Bench) -> None:
    assert len(bench.door.app._async_listeners) < 40


async def test_a_working_day_calls_nothing_the_manifest_does_not_allow(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    yuki.opens_home()
    await yuki.clicks("担当する", on=bench.card(lead_id))
    bench.workspace.faults.accept_then_drop("chat.postMessage", times=2)
    await bench.settle()
    bench.clock.advance(hours=5)
    await bench.settle()
    assert {call.method for call in bench.workspace.calls} <= {*CALLED, "auth.test", "apps.connections.open"}
    assert [call for call in bench.workspace.calls if call.error] == []


@pytest.mark.parametrize("private", [LEADS, MANAGERS])
async def test_the_cards_channel_may_be_public_or_private(bench: Bench, private: str) -> None:
    def routed(tx: Transaction) -> str:
        lead = qualified_lead(tx)
        lead.channel = private
        return lead.id

    bench.workspace.faults.accept_then_drop("chat.postMessage")
    lead_id = await bench.services.store.run(routed)
    await bench.settle()
    bench.clock.advance(minutes=1)
    await bench.settle()
    assert bench.card(lead_id).channel == private
