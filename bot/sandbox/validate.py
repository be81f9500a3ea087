"""What Slack accepts as blocks and views: every limit of Block Kit as a table, every refusal with a JSON pointer.

A shape says for each field of a block, element or text object what may stand there. Walking a payload along its
shape gives a list of problems in the words and the form of Slack's own validator. What no offline validator can
know is left out: scopes for video, unfurl domains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from bot.sandbox.block_kit import BLOCKS, OPTION, OPTION_GROUP
from bot.sandbox.forms import elements_of
from bot.sandbox.records import Json
from bot.sandbox.rules import (
    Findings,
    Problem,
    Rule,
    Shape,
    all_of,
    anything,
    boolean,
    either,
    listed,
    not_both,
    plain,
    string,
)

Surface = Literal["message", "modal", "home"]

BLOCKS_PER = {"message": 50, "modal": 100, "home": 100}
TEXT_IN_ONE_MESSAGE = 13_200  # measured by others (bolt-js #2509), not documented
MARKDOWN_IN_ONE_MESSAGE = 12_000
NOT_IN: Mapping[Surface, frozenset[str]] = {
    "message": frozenset({"alert", "file"}),
    "modal": frozenset(
        {
            "card",
            "carousel",
            "context_actions",
            "data_visualization",
            "file",
            "markdown",
            "plan",
            "table",
            "task_card",
        }
    ),
    "home": frozenset(
        {"alert", "context_actions", "data_visualization", "file", "markdown", "plan", "table", "task_card"}
    ),
}
MOST_OF_A_KIND = {"table": 1, "data_table": 1, "data_visualization": 2}


def problems_in_blocks(blocks: Any, *, surface: Surface, at: str = "/blocks") -> list[Problem]:
    """Everything Slack would refuse in these blocks on that surface; empty when it would accept them."""
    found = Findings()
    if not isinstance(blocks, list):
        found.add(at, "type", "must be an array")
        return found.problems
    _check_count(blocks, surface, at, found)
    for index, block in enumerate(blocks):
        _check_block(block, surface, f"{at}/{index}", found)
    whole_blocks = [block for block in blocks if isinstance(block, dict)]
    _check_block_ids(whole_blocks, at, found)
    _check_action_ids(whole_blocks, at, found)
    _check_focus(whole_blocks, at, found)
    _check_kinds(whole_blocks, at, found)
    return found.problems


def _check_count(blocks: list[Any], surface: Surface, at: str, found: Findings) -> None:
    most = BLOCKS_PER[surface]
    if len(blocks) > most:
        found.add(at, "max_items", f"no more than {most} items allowed", constraint=most)


def _check_block(block: Any, surface: Surface, at: str, found: Findings) -> None:
    if not isinstance(block, dict):
        found.add(at, "type", "must be an object")
        return
    kind = str(block.get("type"))
    if "type" not in block:
        found.add(at, "required", "missing required field: type", field="type")
    elif kind not in BLOCKS or kind in NOT_IN[surface]:
        found.add(f"{at}/type", "unsupported_type", f"unsupported type: {kind}")
    else:
        BLOCKS[kind](block, at, found)


def _check_block_ids(blocks: list[Json], at: str, found: Findings) -> None:
    times = Counter(str(block["block_id"]) for block in blocks if "block_id" in block)
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = str(block.get("block_id"))
        if times[block_id] > 1 and block_id in seen:
            message = f"`block_id` {block_id} already exists"
            found.add(f"{at}/{index}/block_id", "duplicate", message, field="block_id")
        seen.add(block_id)


def _check_action_ids(blocks: list[Json], at: str, found: Findings) -> None:
    for index, block in enumerate(blocks):
        seen: set[str] = set()
        for number, part in enumerate(elements_of(block)):
            action_id = part.get("action_id")
            if not isinstance(action_id, str):
                continue
            if action_id in seen:
                message = f"`action_id` {action_id} already exists in this block"
                found.add(f"{at}/{index}/elements/{number}/action_id", "duplicate", message, field="action_id")
            seen.add(action_id)


def _check_focus(blocks: list[Json], at: str, found: Findings) -> None:
    focused = [
        index for index, block in enumerate(blocks) for part in elements_of(block) if part.get("focus_on_load") is True
    ]
    for index in focused[1:]:
        found.add(
            f"{at}/{index}", "duplicate", "only one element may have focus_on_load", constraint=1, field="focus_on_load"
        )


def _check_kinds(blocks: list[Json], at: str, found: Findings) -> None:
    times = Counter(str(block.get("type")) for block in blocks)
    for kind, most in MOST_OF_A_KIND.items():
        if times[kind] > most:
            found.add(at, "max_items", f"no more than {most} {kind} blocks allowed", constraint=most)
    markdown = sum(len(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown")
    if markdown > MARKDOWN_IN_ONE_MESSAGE:
        message = f"markdown blocks must be less than {MARKDOWN_IN_ONE_MESSAGE + 1} characters together"
        found.add(at, "max_length", message, constraint=MARKDOWN_IN_ONE_MESSAGE)


def text_length(blocks: list[Json]) -> int:
    """All characters of all text objects together."""
    return sum(_characters(block) for block in blocks)


def _characters(node: Any) -> int:
    if isinstance(node, list):
        return sum(_characters(item) for item in node)
    if not isinstance(node, dict):
        return 0
    own = len(node["text"]) if isinstance(node.get("text"), str) else 0
    return own + sum(_characters(value) for value in node.values())


VIEW_FIELDS: dict[str, Rule] = {
    "blocks": anything,  # walked on their own
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
MODAL = Shape(
    required={"title": plain(24), "blocks": anything},
    optional={
        **VIEW_FIELDS,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = Shape(required={"blocks": anything}, optional=VIEW_FIELDS)


def problems_in_view(view: Any, *, at: str = "/view") -> list[Problem]:
    """Everything Slack would refuse in this modal or Home tab."""
    found = Findings()
    if not isinstance(view, dict):
        found.add(at, "type", "must be an object")
        return found.problems
    kind = view.get("type")
    if kind not in ("modal", "home"):
        found.add(f"{at}/type", "enum", "must be modal or home", field="type")
        return found.problems
    (MODAL if kind == "modal" else HOME)(view, at, found)
    if "blocks" in view:
        found.problems += problems_in_blocks(view["blocks"], surface=kind, at=f"{at}/blocks")
    if kind == "modal" and _has_input(view) and "submit" not in view:
        found.add(at, "required", "missing required field: submit", field="submit")
    return found.problems


OFFER = Shape(
    optional={"options": listed(OPTION, 0, 100), "option_groups": listed(OPTION_GROUP, 0, 100)},
    beyond=all_of(either("options", "option_groups"), not_both("options", "option_groups")),
)


def problems_in_offer(answer: Any) -> list[Problem]:
    """Everything Slack would refuse in an app's answer to the letters typed into an external select."""
    found = Findings()
    OFFER(answer, "", found)
    return found.problems


def _has_input(view: Json) -> bool:
    blocks = view.get("blocks")
    return isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
