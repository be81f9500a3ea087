"""Small blocks and parts of them, which the tests of limits put together."""

from __future__ import annotations

from typing import Any

from tests.sandbox.sample_app import button, field, mrkdwn, option, plain

Json = dict[str, Any]


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def paragraph(*pieces: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(pieces)}]}


def select(options: list[Json], **more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": options, **more}


def ticked(options: list[Json], at_first: list[Json]) -> Json:
    return {"type": "checkboxes", "action_id": "c", "options": options, "initial_options": at_first}


def text_input(**more: Any) -> Json:
    return field("Label", "b", {"type": "plain_text_input", "action_id": "a", **more})


def many(number: int) -> list[Json]:
    return [option(str(index), str(index)) for index in range(number)]


def confirm(**more: Any) -> Json:
    return {"title": plain("t"), "text": plain("t"), "confirm": plain("yes"), "deny": plain("no"), **more}


def buttons(number: int) -> list[Json]:
    return [button("b", f"b{index}") for index in range(number)]
