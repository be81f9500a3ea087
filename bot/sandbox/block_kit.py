"""Block Kit as tables: every block and every element with its fields and their limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.records import Json
from bot.sandbox.rules import (
    Findings,
    Rule,
    Shape,
    all_of,
    anything,
    boolean,
    either,
    listed,
    not_both,
    one_of,
    ordered,
    plain,
    string,
    text,
    whole,
)

CONFIRM = Shape(
    required={"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    optional={"style": one_of("primary", "danger")},
)
DISPATCH_CONFIG = Shape(
    optional={"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}
)
OPTION = Shape(
    required={"text": plain(75), "value": string(150)},
    optional={"description": plain(75)},
)
CHOICE = Shape(  # the option of radio buttons and checkboxes may use mrkdwn
    required={"text": text(75), "value": string(150)},
    optional={"description": text(75)},
)
OVERFLOW_OPTION = Shape(
    required={"text": plain(75), "value": string(150)},
    optional={"description": plain(75), "url": string(3000)},
)
OPTION_GROUP = Shape(required={"label": plain(75), "options": listed(OPTION, 1, 100)})
CONVERSATION_FILTER = Shape(
    optional={
        "include": listed(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)

ID: dict[str, Rule] = {"action_id": string(255)}
FIELD: dict[str, Rule] = {**ID, "placeholder": plain(150), "focus_on_load": boolean}
MENU: dict[str, Rule] = {**FIELD, "confirm": CONFIRM}
MANY: dict[str, Rule] = {**MENU, "max_selected_items": whole(1)}
STATIC: dict[str, Rule] = {"options": listed(OPTION, 1, 100), "option_groups": listed(OPTION_GROUP, 1, 100)}


def _listed_in(value: Any, name: str) -> list[Json]:
    found = value.get(name) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _chosen_among_options(value: Any, at: str, found: Findings) -> None:
    """What is chosen at the start is one of the options, word for word."""
    groups = [option for group in _listed_in(value, "option_groups") for option in _listed_in(group, "options")]
    offered = [_named(option) for option in (*_listed_in(value, "options"), *groups)]
    chosen = [("initial_option", value.get("initial_option"))] if "initial_option" in value else []
    chosen += [("initial_options", one) for one in _listed_in(value, "initial_options")]
    for name, option in chosen:
        if isinstance(option, dict) and _named(option) not in offered:
            found.add(f"{at}/{name}", "unknown_option", f"{name} must be one of the options", field=name)


def _named(option: Json) -> tuple[Any, Any]:
    words = option.get("text")
    return option.get("value"), words.get("text") if isinstance(words, dict) else words


STATIC_WHOLE = all_of(either("options", "option_groups"), not_both("options", "option_groups"), _chosen_among_options)
ONE_LINE: dict[str, Rule] = {**FIELD, "initial_value": string(3000, least=0), "dispatch_action_config": DISPATCH_CONFIG}
URL = string(3000)

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        required={"text": plain(75)},
        optional={
            **ID,
            "value": string(2000),
            "url": URL,
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "static_select": Shape(optional={**MENU, **STATIC, "initial_option": OPTION}, beyond=STATIC_WHOLE),
    "external_select": Shape(optional={**MENU, "initial_option": OPTION, "min_query_length": whole(0)}),
    "users_select": Shape(optional={**MENU, "initial_user": string()}),
    "conversations_select": Shape(
        optional={
            **MENU,
            "initial_conversation": string(),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": CONVERSATION_FILTER,
        }
    ),
    "channels_select": Shape(optional={**MENU, "initial_channel": string(), "response_url_enabled": boolean}),
    "multi_static_select": Shape(
        optional={**MANY, **STATIC, "initial_options": listed(OPTION, 1, 100)}, beyond=STATIC_WHOLE
    ),
    "multi_external_select": Shape(
        optional={**MANY, "initial_options": listed(OPTION, 1, 100), "min_query_length": whole(0)}
    ),
    "multi_users_select": Shape(optional={**MANY, "initial_users": listed(string(), 1, None)}),
    "multi_conversations_select": Shape(
        optional={
            **MANY,
            "initial_conversations": listed(string(), 1, None),
            "default_to_current_conversation": boolean,
            "filter": CONVERSATION_FILTER,
        }
    ),
    "multi_channels_select": Shape(optional={**MANY, "initial_channels": listed(string(), 1, None)}),
    "overflow": Shape(required={"options": listed(OVERFLOW_OPTION, 1, 5)}, optional={**ID, "confirm": CONFIRM}),
    "radio_buttons": Shape(
        required={"options": listed(CHOICE, 1, 10)},
        optional={**ID, "initial_option": CHOICE, "confirm": CONFIRM, "focus_on_load": boolean},
        beyond=_chosen_among_options,
    ),
    "checkboxes": Shape(
        required={"options": listed(CHOICE, 1, 10)},
        optional={**ID, "initial_options": listed(CHOICE, 1, 10), "confirm": CONFIRM, "focus_on_load": boolean},
        beyond=_chosen_among_options,
    ),
    "datepicker": Shape(optional={**MENU, "initial_date": string(10)}),
    "timepicker": Shape(optional={**MENU, "initial_time": string(5), "timezone": string()}),
    "datetimepicker": Shape(
        optional={
            **ID,
            "initial_date_time": whole(1_000_000_000, 9_999_999_999),
            "confirm": CONFIRM,
            "focus_on_load": boolean,
        }
    ),
    "plain_text_input": Shape(
        optional={**ONE_LINE, "multiline": boolean, "min_length": whole(0, 3000), "max_length": whole(1, 3000)},
        beyond=ordered("min_length", "max_length"),
    ),
    "email_text_input": Shape(optional=ONE_LINE),
    "url_text_input": Shape(optional=ONE_LINE),
    "number_input": Shape(
        required={"is_decimal_allowed": boolean},
        optional={**ONE_LINE, "min_value": string(), "max_value": string()},
        beyond=ordered("min_value", "max_value"),
    ),
    "rich_text_input": Shape(optional={**FIELD, "initial_value": anything, "dispatch_action_config": DISPATCH_CONFIG}),
    "file_input": Shape(optional={**ID, "filetypes": listed(string(), 1, None), "max_files": whole(1, 10)}),
    "image": Shape(
        required={"alt_text": string(2000)},
        optional={"image_url": URL, "slack_file": anything},
        beyond=all_of(either("image_url", "slack_file"), not_both("image_url", "slack_file")),
    ),
    "workflow_button": Shape(
        required={"text": plain(75), "workflow": anything},
        optional={**ID, "style": one_of("primary", "danger"), "accessibility_label": string(75)},
    ),
    "feedback_buttons": Shape(required={"positive_button": anything, "negative_button": anything}, optional=ID),
    "icon_button": Shape(
        required={"icon": string(), "text": plain(75)},
        optional={**ID, "value": string(2000), "confirm": CONFIRM, "accessibility_label": string(75)},
    ),
}

SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
ONE_CHOICE_SELECTS = frozenset(name for name in SELECTS if not name.startswith("multi_"))
PICKERS = frozenset({"datepicker", "timepicker"})
LISTS = frozenset({"radio_buttons", "checkboxes"})
IN_SECTION = SELECTS | PICKERS | LISTS | {"button", "overflow", "image", "workflow_button"}
IN_ACTIONS = (
    ONE_CHOICE_SELECTS
    | SELECTS
    | PICKERS
    | LISTS
    | {
        "button",
        "overflow",
        "datetimepicker",
        "workflow_button",
        "rich_text_input",
    }
)
TYPED = frozenset(
    {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input"}
)
IN_INPUT = SELECTS | PICKERS | LISTS | TYPED | {"datetimepicker"}


def element(allowed: frozenset[str]) -> Rule:
    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add(at, "type", "must be an object")
            return
        kind = str(value.get("type"))
        if kind not in ELEMENTS or kind not in allowed:
            found.add(f"{at}/type", "unsupported_type", f"unsupported type: {kind}")
            return
        ELEMENTS[kind](value, at, found)

    return check


def context_element(value: Any, at: str, found: Findings) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        ELEMENTS["image"](value, at, found)
    else:
        text(3000)(value, at, found)


def _nested(value: Any, at: str, found: Findings) -> None:
    if isinstance(value, dict) and value.get("type") == "container":
        found.add(at, "nesting", "a container cannot hold a container")
    elif isinstance(value, dict) and str(value.get("type")) in BLOCKS:
        BLOCKS[str(value["type"])](value, at, found)
    else:
        found.add(at, "unsupported_type", "unsupported type of block")


STYLED: dict[str, Rule] = {"style": anything}
IN_RICH_TEXT: dict[str, Shape] = {
    "text": Shape(required={"text": string()}, optional=STYLED),
    "link": Shape(required={"url": URL}, optional={**STYLED, "text": string(), "unsafe": boolean}),
    "user": Shape(required={"user_id": string()}, optional=STYLED),
    "usergroup": Shape(required={"usergroup_id": string()}, optional=STYLED),
    "channel": Shape(required={"channel_id": string()}, optional=STYLED),
    "emoji": Shape(required={"name": string()}, optional={**STYLED, "unicode": string()}),
    "broadcast": Shape(required={"range": one_of("here", "channel", "everyone")}, optional=STYLED),
    "date": Shape(
        required={"timestamp": whole(), "format": string()}, optional={**STYLED, "url": URL, "fallback": string()}
    ),
    "color": Shape(required={"value": string()}, optional=STYLED),
}


def one_among(shapes: Mapping[str, Shape]) -> Rule:
    """An object of one of these types, with the fields of that type."""

    def check(value: Any, at: str, found: Findings) -> None:
        kind = str(value.get("type")) if isinstance(value, dict) else ""
        if kind not in shapes:
            found.add(f"{at}/type", "unsupported_type", f"unsupported type: {kind}")
        else:
            shapes[kind](value, at, found)

    return check


PARAGRAPH = Shape(required={"elements": listed(one_among(IN_RICH_TEXT), 1, None)}, optional={"border": whole(0, 1)})
RICH_TEXT: dict[str, Shape] = {
    "rich_text_section": PARAGRAPH,
    "rich_text_quote": PARAGRAPH,
    "rich_text_preformatted": PARAGRAPH,
    "rich_text_list": Shape(
        required={
            "style": one_of("bullet", "ordered"),
            "elements": listed(one_among({"rich_text_section": PARAGRAPH}), 1, None),
        },
        optional={"indent": whole(0), "offset": whole(0), "border": whole(0, 1)},
    ),
}

DATA_TABLE_CHARACTERS = 10_000


def _characters_of_rows(value: Any, at: str, found: Findings) -> None:
    rows = [row for row in value.get("rows", []) if isinstance(row, list)] if isinstance(value, dict) else []
    cells = [cell for row in rows for cell in row if isinstance(cell, dict)]
    if sum(len(str(cell.get("text", ""))) for cell in cells) > DATA_TABLE_CHARACTERS:
        message = f"must be less than {DATA_TABLE_CHARACTERS + 1} characters together"
        found.add(at, "max_length", message, constraint=DATA_TABLE_CHARACTERS)


BLOCK: dict[str, Rule] = {"block_id": string(255)}
STATUS = one_of("pending", "in_progress", "complete", "error")

BLOCKS: dict[str, Shape] = {
    "section": Shape(
        optional={
            **BLOCK,
            "text": text(3000),
            "fields": listed(text(2000), 1, 10),
            "accessory": element(IN_SECTION),
            "expand": boolean,
        },
        beyond=either("text", "fields"),
    ),
    "header": Shape(required={"text": plain(150)}, optional=BLOCK),
    "divider": Shape(optional=BLOCK),
    "actions": Shape(required={"elements": listed(element(IN_ACTIONS), 1, 25)}, optional=BLOCK),
    "context": Shape(required={"elements": listed(context_element, 1, 10)}, optional=BLOCK),
    "context_actions": Shape(
        required={"elements": listed(element(frozenset({"feedback_buttons", "icon_button"})), 1, 5)}, optional=BLOCK
    ),
    "input": Shape(
        required={"label": plain(2000), "element": element(IN_INPUT)},
        optional={**BLOCK, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": Shape(
        required={"alt_text": string(2000)},
        optional={**BLOCK, "image_url": URL, "slack_file": anything, "title": plain(2000)},
        beyond=all_of(either("image_url", "slack_file"), not_both("image_url", "slack_file")),
    ),
    "markdown": Shape(required={"text": string(12_000)}, optional=BLOCK),
    "rich_text": Shape(required={"elements": listed(one_among(RICH_TEXT), 1, None)}, optional=BLOCK),
    "table": Shape(
        required={"rows": listed(listed(anything, 1, 20), 1, 100)},
        optional={**BLOCK, "column_settings": listed(anything, 0, 20)},
    ),
    "data_table": Shape(
        required={"rows": listed(listed(anything, 1, 20), 2, 101)},
        optional={
            **BLOCK,
            "caption": anything,
            "page_size": whole(1, 100),
            "row_header_column_index": anything,
        },
        beyond=_characters_of_rows,
    ),
    "video": Shape(
        required={
            "alt_text": string(),
            "title": plain(199),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        optional={
            **BLOCK,
            "author_name": string(49),
            "description": plain(200),
            "provider_icon_url": URL,
            "provider_name": string(),
            "title_url": URL,
        },
    ),
    "file": Shape(required={"external_id": string(), "source": one_of("remote")}, optional=BLOCK),
    "card": Shape(
        optional={
            **BLOCK,
            "title": text(150),
            "subtitle": text(150),
            "body": text(200),
            "hero_image": anything,
            "icon": anything,
            "actions": listed(element(frozenset({"button"})), 1, 2),
        }
    ),
    "carousel": Shape(required={"elements": listed(anything, 1, 10)}, optional=BLOCK),
    "container": Shape(
        required={"child_blocks": listed(_nested, 1, 10)},
        optional={
            **BLOCK,
            "title": text(150),
            "rich_text_title": anything,
            "subtitle": text(150),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "icon": anything,
            "width": anything,
        },
        beyond=either("title", "rich_text_title"),
    ),
    "alert": Shape(
        required={"text": text(3000)},
        optional={**BLOCK, "level": one_of("default", "info", "warning", "error", "success")},
    ),
    "plan": Shape(required={"title": anything}, optional={**BLOCK, "tasks": listed(anything, 0, None)}),
    "task_card": Shape(
        required={"task_id": string(), "title": anything},
        optional={**BLOCK, "status": STATUS, "details": anything, "output": anything, "sources": anything},
    ),
    "data_visualization": Shape(required={"title": anything, "chart": anything}, optional=BLOCK),
}
