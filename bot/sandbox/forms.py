"""Buttons and fields in blocks: finding them, what they hold at the start, and what a person may put into them.

A control is one interactive element together with the block it stands in. `entered` turns what a person says
("Connected", 3, a date) into the piece of `state.values` Slack would send, and refuses what the screen would refuse.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bot.sandbox.errors import DriverError, known
from bot.sandbox.records import Json, text_of

TEXT_FIELDS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons"})
MANY_OPTIONS = frozenset({"checkboxes", "multi_static_select", "multi_external_select"})
ONE_NAME = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
MANY_NAMES = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
EXTERNAL = frozenset({"external_select", "multi_external_select"})
PRESSED_ONLY = frozenset({"button", "overflow", "workflow_button", "feedback_buttons", "icon_button"})
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, kw_only=True)
class Control:
    """One interactive element; `label` is what a person reads on it or beside it."""

    block: Json
    element: Json
    label: str

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def type(self) -> str:
        return str(self.element["type"])

    @property
    def is_input(self) -> bool:
        return bool(self.block["type"] == "input")

    @property
    def required(self) -> bool:
        return self.is_input and not self.block.get("optional", False)

    @property
    def tells_at_once(self) -> bool:
        """Whether using it sends block_actions right away."""
        return not self.is_input or bool(self.block.get("dispatch_action", False))

    @property
    def options(self) -> list[Json]:
        groups = self.element.get("option_groups")
        if groups:
            return [option for group in groups for option in group["options"]]
        return list(self.element.get("options", []))


def elements_of(block: Json) -> Iterator[Json]:
    """Every element of a block that may be interactive."""
    if isinstance(block.get("accessory"), dict):
        yield block["accessory"]
    if isinstance(block.get("element"), dict):
        yield block["element"]
    for key in ("elements", "actions"):
        listed = block.get(key)
        for element in listed if isinstance(listed, list) else []:
            if isinstance(element, dict):
                yield element


def controls(blocks: list[Json]) -> list[Control]:
    return [
        Control(block=block, element=element, label=_label(block, element))
        for block in blocks
        for element in elements_of(block)
        if "action_id" in element
    ]


def _label(block: Json, element: Json) -> str:
    if block["type"] == "input":
        return text_of(block.get("label"))
    return text_of(element.get("text")) or text_of(element.get("placeholder")) or text_of(block.get("text"))


def control_by_id(blocks: list[Json], block_id: str, action_id: str) -> Control | None:
    for control in controls(blocks):
        if control.block_id == block_id and control.action_id == action_id:
            return control
    return None


# --- from what the app sent to what Slack keeps ----------------------------------------------------------------------


def completed(blocks: list[Json], new_word: Callable[[int], str]) -> list[Json]:
    """The blocks as Slack stores them: with ids the app left out and the defaults of text objects."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", new_word(5))
        for element in elements_of(block):
            if _is_interactive(element):
                element.setdefault("action_id", new_word(5))
        if block.get("type") != "rich_text":
            _fill_text_objects(block)
    return kept


def _is_interactive(element: Json) -> bool:
    kind = str(element.get("type"))
    return (
        kind in PRESSED_ONLY
        or kind in TEXT_FIELDS
        or kind in ONE_NAME
        or kind in MANY_NAMES
        or (kind in ONE_OPTION or kind in MANY_OPTIONS or kind in ("rich_text_input", "file_input"))
    )


def _fill_text_objects(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _fill_text_objects(item)
    elif isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for value in node.values():
            _fill_text_objects(value)


# --- what a form holds -----------------------------------------------------------------------------------------------


def start_values(blocks: list[Json]) -> Json:
    """`state.values` of a form nobody has touched."""
    values: Json = {}
    for control in controls(blocks):
        if control.type not in PRESSED_ONLY:
            values.setdefault(control.block_id, {})[control.action_id] = _start(control.element)
    return values


def _start(element: Json) -> Json:
    kind = element["type"]
    if kind in TEXT_FIELDS:
        return {"type": kind, "value": element.get("initial_value")}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": list(element.get("initial_options", []))}
    if kind in ONE_NAME:
        selected, initial = ONE_NAME[kind]
        return {"type": kind, selected: element.get(initial)}
    if kind in MANY_NAMES:
        selected, initial = MANY_NAMES[kind]
        return {"type": kind, selected: list(element.get(initial, []))}
    return {"type": kind}


def carried_over(blocks: list[Json], typed: Json) -> Json:
    """The values after an update: a field that kept both ids and its type keeps what was typed."""
    values = start_values(blocks)
    for block_id, fields in values.items():
        for action_id, fresh in fields.items():
            before = typed.get(block_id, {}).get(action_id)
            if before is not None and before["type"] == fresh["type"]:
                fields[action_id] = before
    return values


def is_empty(value: Json) -> bool:
    return not any(held for key, held in value.items() if key != "type")


# --- what a person puts in -------------------------------------------------------------------------------------------


def entered(control: Control, said: Any) -> Json:
    """The value after a person entered `said`: text, an option's words, a list of them, a date, an instant."""
    kind = control.type
    if kind in TEXT_FIELDS:
        return {"type": kind, "value": _typed_text(control, said)}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": None if said is None else option_called(control, said)}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": [option_called(control, one) for one in said]}
    if kind in ONE_NAME:
        return {"type": kind, ONE_NAME[kind][0]: _picked(said)}
    if kind in MANY_NAMES:
        return {"type": kind, MANY_NAMES[kind][0]: list(said)}
    raise DriverError(f"nothing can be entered into {control.label!r}, a {kind}")


def _typed_text(control: Control, said: Any) -> str | None:
    if said is None or said == "":
        return None
    text = str(said)
    if not control.element.get("multiline") and "\n" in text:
        raise DriverError(f"{control.label!r} takes one line only")
    return text


def _picked(said: Any) -> Any:
    if isinstance(said, datetime):
        return int(said.timestamp())
    if isinstance(said, date):
        return said.isoformat()
    if isinstance(said, time):
        return said.strftime("%H:%M")
    return said


def option_called(control: Control, said: Any) -> Json:
    """The option with these words, or this very option when it came from an options request."""
    if isinstance(said, dict):
        return said
    for option in control.options:
        if text_of(option["text"]) == said:
            return option
    raise DriverError(
        f"{control.label!r} offers no {said!r}; there is {known([text_of(o['text']) for o in control.options])}"
    )


COMPLAINTS = {
    "en": {
        "required": "Please complete this required field.",
        "short": "Please lengthen this to {0} characters or more.",
        "long": "Please shorten this to {0} characters or fewer.",
        "email": "Please enter a valid email address.",
        "number": "Please enter a number.",
        "low": "Please enter {0} or more.",
        "high": "Please enter {0} or less.",
    },
    "ja": {
        "required": "必須項目です。入力してください。",
        "short": "{0}文字以上で入力してください。",
        "long": "{0}文字以内で入力してください。",
        "email": "有効なメールアドレスを入力してください。",
        "number": "数値を入力してください。",
        "low": "{0}以上の数値を入力してください。",
        "high": "{0}以下の数値を入力してください。",
    },
}


def complaint(control: Control, value: Json, locale: str = "en-US") -> str | None:
    """What the Slack app itself says under a field before it sends anything, or None when it is content."""
    found = _complaint(control, value)
    if found is None:
        return None
    reason, limit = found
    return COMPLAINTS["ja" if locale.startswith("ja") else "en"][reason].format(limit)


def _complaint(control: Control, value: Json) -> tuple[str, Any] | None:
    if is_empty(value):
        return ("required", None) if control.required else None
    text = value.get("value")
    if text is None:
        return None
    element = control.element
    if len(text) < element.get("min_length", 0):
        return "short", element["min_length"]
    if "max_length" in element and len(text) > element["max_length"]:
        return "long", element["max_length"]
    if control.type == "number_input":
        return _number_complaint(element, text)
    if control.type == "email_text_input" and not EMAIL.fullmatch(text):
        return "email", None
    return None


def _number_complaint(element: Json, text: str) -> tuple[str, Any] | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, text):
        return "number", None
    if "min_value" in element and float(text) < float(element["min_value"]):
        return "low", element["min_value"]
    if "max_value" in element and float(text) > float(element["max_value"]):
        return "high", element["max_value"]
    return None


def action_taken(control: Control, value: Json, *, action_ts: str) -> Json:
    """The entry of `actions` in block_actions for using this control."""
    action: Json = {
        "type": control.type,
        "action_id": control.action_id,
        "block_id": control.block_id,
        "action_ts": action_ts,
    }
    if control.type == "button":
        action["text"] = control.element["text"]
        for key in ("value", "style", "url"):
            if key in control.element:
                action[key] = control.element[key]
        return action
    for key in ("placeholder", "initial_option", "initial_date", "initial_time", "initial_user"):
        if key in control.element:
            action[key] = control.element[key]
    return action | {key: held for key, held in value.items() if key != "type"}
