"""What Slack brings again is known by its key; what only looks alike is something of its own (R7)."""

from typing import Any

import pytest

from bot.slack.once import inbox_key

PRESS: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "actions": [{"action_id": "lead_claim", "action_ts": "1.1"}],
    "trigger_id": "1.2.3",
}
FORM: dict[str, Any] = {"type": "view_submission", "view": {"id": "V1", "hash": "1.a"}, "trigger_id": "1.2.3"}
COMMAND: dict[str, Any] = {"command": "/lead", "user_id": "U1", "text": "new", "trigger_id": "1.2.3"}
SHORTCUT: dict[str, Any] = {"type": "shortcut", "callback_id": "new", "trigger_id": "1.2.3"}
EVENT: dict[str, Any] = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message"}}


@pytest.mark.parametrize("told", [PRESS, FORM, COMMAND, SHORTCUT, EVENT], ids=lambda told: told.get("type", "command"))
def test_what_comes_again_has_the_key_it_had(told: dict[str, Any]) -> None:
    assert inbox_key(told) is not None
    assert inbox_key({**told}) == inbox_key(told)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PRESS, PRESS | {"user": {"id": "U2"}}),
        (PRESS, PRESS | {"actions": [{"action_id": "lead_claim", "action_ts": "1.2"}]}),
        (PRESS, PRESS | {"actions": [{"action_id": "lead_undo", "action_ts": "1.1"}]}),
        (FORM, FORM | {"view": {"id": "V1", "hash": "2.b"}}),
        (FORM, FORM | {"view": {"id": "V2", "hash": "1.a"}}),
        (COMMAND, COMMAND | {"trigger_id": "4.5.6"}),
        (SHORTCUT, SHORTCUT | {"trigger_id": "4.5.6"}),
        (EVENT, EVENT | {"event_id": "Ev2"}),
    ],
    ids=[
        "two reps in the same instant",
        "a button pressed once more",
        "two buttons in the same instant",
        "the next screen of a form",
        "another form",
        "a command typed once more",
        "a shortcut used once more",
        "another event",
    ],
)
def test_what_only_looks_alike_has_a_key_of_its_own(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert inbox_key(one) != inbox_key(other)


def test_to_be_asked_for_options_has_no_effect_and_no_key() -> None:
    assert inbox_key({"type": "block_suggestion", "value": "a", "trigger_id": "1.2.3"}) is None
