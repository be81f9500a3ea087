"""Block Kit's limits as a table: what is at the limit is taken, what is beyond it is refused at the right place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View as SdkView

from bot.sandbox.validate import problems_in_blocks, problems_in_view
from tests.sandbox.block_parts import (
    Json,
    actions,
    buttons,
    confirm,
    many,
    paragraph,
    section,
    select,
    text_input,
    ticked,
)
from tests.sandbox.sample_app import button, call_form, card, field, mrkdwn, option, plain


def data_table(rows: int, *, of: int = 1, **more: Any) -> Json:
    return {"type": "data_table", "rows": [[{"type": "raw_text", "text": "x" * of}]] * rows, **more}


def picture(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://e.example/i.png", "alt_text": "x", **more}


def icon(number: int) -> Json:
    return {"type": "icon_button", "icon": "trash", "text": plain("x"), "action_id": f"i{number}"}


def container(*blocks: Json) -> Json:
    return {"type": "container", "title": plain("x"), "child_blocks": list(blocks)}


def video(title: str) -> Json:
    urls = dict.fromkeys(("thumbnail_url", "video_url"), "https://e.example/v")
    return {"type": "video", "alt_text": "x", "title": plain(title), **urls}


CHART: Json = {"type": "data_visualization", "title": "x", "chart": {}}

# (what, blocks at the limit, blocks beyond it, where the refusal points)
AT_AND_BEYOND: list[tuple[str, list[Json], list[Json], str]] = [
    ("50 blocks in a message", [{"type": "divider"}] * 50, [{"type": "divider"}] * 51, "/blocks"),
    ("section text 3000", [section("x" * 3000)], [section("x" * 3001)], "/blocks/0/text/text"),
    ("section text not empty", [section("x")], [section("")], "/blocks/0/text/text"),
    ("10 fields", [section(fields=[mrkdwn("x")] * 10)], [section(fields=[mrkdwn("x")] * 11)], "/blocks/0/fields"),
    (
        "field text 2000",
        [section(fields=[mrkdwn("x" * 2000)])],
        [section(fields=[mrkdwn("x" * 2001)])],
        "/blocks/0/fields/0/text",
    ),
    ("section needs text or fields", [section()], [{"type": "section"}], "/blocks/0"),
    (
        "header 150",
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "header", "text": plain("x" * 151)}],
        "/blocks/0/text/text",
    ),
    (
        "header is plain text",
        [{"type": "header", "text": plain("x")}],
        [{"type": "header", "text": mrkdwn("x")}],
        "/blocks/0/text/type",
    ),
    ("25 elements in actions", [actions(*buttons(25))], [actions(*buttons(26))], "/blocks/0/elements"),
    ("actions not empty", [actions(button("b", "b"))], [actions()], "/blocks/0/elements"),
    (
        "10 elements in context",
        [{"type": "context", "elements": [mrkdwn("x")] * 10}],
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
        "/blocks/0/elements",
    ),
    ("button text 75", [actions(button("x" * 75, "b"))], [actions(button("x" * 76, "b"))], "/elements/0/text/text"),
    (
        "button value 2000",
        [actions(button("b", "b", value="x" * 2000))],
        [actions(button("b", "b", value="x" * 2001))],
        "/elements/0/value",
    ),
    (
        "button url 3000",
        [actions(button("b", "b", url="https://e.example/" + "x" * 2982))],
        [actions(button("b", "b", url="https://e.example/" + "x" * 2983))],
        "/elements/0/url",
    ),
    (
        "button style",
        [actions(button("b", "b", style="danger"))],
        [actions(button("b", "b", style="green"))],
        "/elements/0/style",
    ),
    (
        "accessibility label 75",
        [actions(button("b", "b", accessibility_label="x" * 75))],
        [actions(button("b", "b", accessibility_label="x" * 76))],
        "/elements/0/accessibility_label",
    ),
    ("action_id 255", [actions(button("b", "x" * 255))], [actions(button("b", "x" * 256))], "/elements/0/action_id"),
    ("block_id 255", [section(block_id="x" * 255)], [section(block_id="x" * 256)], "/blocks/0/block_id"),
    (
        "action_id unique in the block",
        [actions(button("a", "a"), button("b", "b"))],
        [actions(button("a", "a"), button("b", "a"))],
        "/elements/1/action_id",
    ),
    (
        "block_id unique",
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a"), section(block_id="a")],
        "/blocks/1/block_id",
    ),
    ("100 options", [actions(select(many(100)))], [actions(select(many(101)))], "/elements/0/options"),
    ("at least one option", [actions(select(many(1)))], [actions(select([]))], "/elements/0/options"),
    (
        "option text 75",
        [actions(select([option("x" * 75, "v")]))],
        [actions(select([option("x" * 76, "v")]))],
        "/options/0/text/text",
    ),
    (
        "option value 150",
        [actions(select([option("o", "v" * 150)]))],
        [actions(select([option("o", "v" * 151)]))],
        "/options/0/value",
    ),
    (
        "what is chosen at the start is on offer",
        [actions(select(many(2), initial_option=option("1", "1")))],
        [actions(select(many(2), initial_option=option("another word", "1")))],
        "/elements/0/initial_option",
    ),
    (
        "a box ticked at the start is there",
        [actions(ticked(many(2), [option("0", "0")]))],
        [actions(ticked(many(2), [option("2", "2")]))],
        "/elements/0/initial_options",
    ),
    (
        "placeholder 150",
        [actions(select(many(1), placeholder=plain("x" * 150)))],
        [actions(select(many(1), placeholder=plain("x" * 151)))],
        "/placeholder/text",
    ),
    (
        "100 option groups",
        [actions({"type": "static_select", "option_groups": [{"label": plain("g"), "options": many(1)}] * 100})],
        [actions({"type": "static_select", "option_groups": [{"label": plain("g"), "options": many(1)}] * 101})],
        "/option_groups",
    ),
    (
        "group label 75",
        [actions({"type": "static_select", "option_groups": [{"label": plain("x" * 75), "options": many(1)}]})],
        [actions({"type": "static_select", "option_groups": [{"label": plain("x" * 76), "options": many(1)}]})],
        "/label/text",
    ),
    (
        "5 options in an overflow",
        [actions({"type": "overflow", "action_id": "o", "options": many(5)})],
        [actions({"type": "overflow", "action_id": "o", "options": many(6)})],
        "/options",
    ),
    (
        "10 radio buttons",
        [actions({"type": "radio_buttons", "action_id": "r", "options": many(10)})],
        [actions({"type": "radio_buttons", "action_id": "r", "options": many(11)})],
        "/options",
    ),
    (
        "10 checkboxes",
        [actions({"type": "checkboxes", "action_id": "c", "options": many(10)})],
        [actions({"type": "checkboxes", "action_id": "c", "options": many(11)})],
        "/options",
    ),
    (
        "confirm title 100",
        [actions(button("b", "b", confirm=confirm(title=plain("x" * 100))))],
        [actions(button("b", "b", confirm=confirm(title=plain("x" * 101))))],
        "/confirm/title/text",
    ),
    (
        "confirm text 300",
        [actions(button("b", "b", confirm=confirm(text=plain("x" * 300))))],
        [actions(button("b", "b", confirm=confirm(text=plain("x" * 301))))],
        "/confirm/text/text",
    ),
    (
        "confirm button 30",
        [actions(button("b", "b", confirm=confirm(deny=plain("x" * 30))))],
        [actions(button("b", "b", confirm=confirm(deny=plain("x" * 31))))],
        "/confirm/deny/text",
    ),
    (
        "image alt text 2000",
        [{"type": "image", "image_url": "https://e.example/i.png", "alt_text": "x" * 2000}],
        [{"type": "image", "image_url": "https://e.example/i.png", "alt_text": "x" * 2001}],
        "/blocks/0/alt_text",
    ),
    (
        "markdown 12000",
        [{"type": "markdown", "text": "x" * 12_000}],
        [{"type": "markdown", "text": "x" * 12_001}],
        "/blocks/0/text",
    ),
    ("input label 2000", [text_input()], [text_input() | {"label": plain("x" * 2001)}], "/blocks/0/label/text"),
    ("input hint 2000", [text_input()], [text_input() | {"hint": plain("x" * 2001)}], "/blocks/0/hint/text"),
    ("max_length 3000", [text_input(max_length=3000)], [text_input(max_length=3001)], "/element/max_length"),
    ("min_length 3000", [text_input(min_length=3000)], [text_input(min_length=3001)], "/element/min_length"),
    (
        "min not above max",
        [text_input(min_length=2, max_length=2)],
        [text_input(min_length=3, max_length=2)],
        "/element/min_length",
    ),
    (
        "number min not above max",
        [field("L", "b", {"type": "number_input", "is_decimal_allowed": False, "min_value": "2", "max_value": "2"})],
        [field("L", "b", {"type": "number_input", "is_decimal_allowed": False, "min_value": "3", "max_value": "2"})],
        "/element/min_value",
    ),
    (
        "one focus_on_load",
        [text_input(focus_on_load=True)],
        [text_input(focus_on_load=True), field("M", "c", {"type": "plain_text_input", "focus_on_load": True})],
        "/blocks/1",
    ),
    ("no unknown field", [section()], [section(colour="red")], "/blocks/0/colour"),
    ("no unknown field in an element", [actions(button("b", "b"))], [actions(button("b", "b", icon="x"))], "/icon"),
    ("no unknown block", [section()], [{"type": "sectoin"}], "/blocks/0/type"),
    ("every block has a type", [section()], [{"text": mrkdwn("x")}], "/blocks/0"),
    ("no input element among actions", [actions(button("b", "b"))], [actions({"type": "plain_text_input"})], "/type"),
    ("no button in an input", [text_input()], [field("L", "b", button("b", "b"))], "/element/type"),
    (
        "rich text has words",
        [paragraph({"type": "text", "text": "x"})],
        [paragraph({"type": "text", "text": ""})],
        "/blocks/0/elements/0/elements/0/text",
    ),
    ("a paragraph is not empty", [paragraph({"type": "text", "text": "x"})], [paragraph()], "/elements/0/elements"),
    (
        "a link has words or none at all",
        [paragraph({"type": "link", "url": "https://e.example"})],
        [paragraph({"type": "link", "url": "https://e.example", "text": ""})],
        "/elements/0/elements/0/text",
    ),
    (
        "no unknown piece of rich text",
        [paragraph({"type": "user", "user_id": "U1"})],
        [paragraph({"type": "mrkdwn", "text": "x"})],
        "/elements/0/elements/0/type",
    ),
    (
        "one table",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}],
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2,
        "/blocks",
    ),
    (
        "100 table rows",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 100}],
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}],
        "/blocks/0/rows",
    ),
    (
        "20 cells in a row",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20]}],
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}],
        "/blocks/0/rows/0",
    ),
    ("a data table has a head and a row", [data_table(2)], [data_table(1)], "/blocks/0/rows"),
    ("101 rows in a data table", [data_table(101)], [data_table(102)], "/blocks/0/rows"),
    ("100 rows on a page", [data_table(2, page_size=100)], [data_table(2, page_size=101)], "/blocks/0/page_size"),
    ("10,000 characters in a data table", [data_table(2, of=5_000)], [data_table(2, of=5_001)], "/blocks/0"),
    ("2 charts", [CHART] * 2, [CHART] * 3, "/blocks"),
    (
        "12,000 characters in all markdown",
        [{"type": "markdown", "text": "x" * 6_000}] * 2,
        [{"type": "markdown", "text": "x" * 6_001}] * 2,
        "/blocks",
    ),
    ("image title 2000", [picture(title=plain("x" * 2000))], [picture(title=plain("x" * 2001))], "/blocks/0/title"),
    (
        "5 elements in context actions",
        [{"type": "context_actions", "elements": [icon(number) for number in range(5)]}],
        [{"type": "context_actions", "elements": [icon(number) for number in range(6)]}],
        "/blocks/0/elements",
    ),
    (
        "card title 150",
        [{"type": "card", "title": plain("x" * 150)}],
        [{"type": "card", "title": plain("x" * 151)}],
        "/title",
    ),
    (
        "card body 200",
        [{"type": "card", "body": plain("x" * 200)}],
        [{"type": "card", "body": plain("x" * 201)}],
        "/body",
    ),
    (
        "2 actions on a card",
        [{"type": "card", "title": plain("x"), "actions": buttons(2)}],
        [{"type": "card", "title": plain("x"), "actions": buttons(3)}],
        "/blocks/0/actions",
    ),
    (
        "10 cards in a carousel",
        [{"type": "carousel", "elements": [{}] * 10}],
        [{"type": "carousel", "elements": [{}] * 11}],
        "/blocks/0/elements",
    ),
    ("10 blocks in a container", [container(*[section()] * 10)], [container(*[section()] * 11)], "/child_blocks"),
    ("no container in a container", [container(section())], [container(container(section()))], "/child_blocks/0"),
    ("video title under 200", [video("x" * 199)], [video("x" * 200)], "/blocks/0/title"),
    (
        "status of a task",
        [{"type": "task_card", "task_id": "t", "title": "x", "status": "error"}],
        [{"type": "task_card", "task_id": "t", "title": "x", "status": "late"}],
        "/blocks/0/status",
    ),
    (
        "10 files",
        [field("L", "b", {"type": "file_input", "max_files": 10})],
        [field("L", "b", {"type": "file_input", "max_files": 11})],
        "/element/max_files",
    ),
    ("no alert in a message", [section()], [{"type": "alert", "text": plain("x")}], "/blocks/0/type"),
]

# What slack_sdk's own models let through (measured with 3.47); everything else in the table they refuse as well.
SDK_MISSES = {
    "what is chosen at the start is on offer",
    "a box ticked at the start is there",
    "rich text has words",
    "a paragraph is not empty",
    "a link has words or none at all",
    "no unknown piece of rich text",
    "20 cells in a row",
    "a data table has a head and a row",
    "101 rows in a data table",
    "100 rows on a page",
    "10,000 characters in a data table",
    "2 charts",
    "12,000 characters in all markdown",
    "2 actions on a card",
    "10 files",
    "no container in a container",
    "50 blocks in a message",
    "section text not empty",
    "field text 2000",
    "header is plain text",
    "actions not empty",
    "action_id unique in the block",
    "block_id unique",
    "at least one option",
    "option text 75",
    "option value 150",
    "group label 75",
    "10 radio buttons",
    "10 checkboxes",
    "max_length 3000",
    "min_length 3000",
    "min not above max",
    "number min not above max",
    "one focus_on_load",
    "no unknown field",
    "no unknown field in an element",
    "no unknown block",
    "every block has a type",
    "no input element among actions",
    "one table",
    "100 table rows",
    "no alert in a message",
}


def sdk_refuses(blocks: list[Json]) -> bool:
    try:
        for block in filter(None, Block.parse_all(blocks)):  # an unknown block becomes None there
            block.to_dict()
    except SlackObjectFormationError:
        return True
    return False


@pytest.mark.parametrize(("what", "good", "bad", "pointer"), AT_AND_BEYOND, ids=[row[0] for row in AT_AND_BEYOND])
def test_a_block_limit_holds_exactly(what: str, good: list[Json], bad: list[Json], pointer: str) -> None:
    assert problems_in_blocks(good, surface="message") == []
    found = problems_in_blocks(bad, surface="message")
    assert found
    assert pointer in found[0].pointer
    assert f"[json-pointer:{found[0].pointer}]" in found[0].line()


@pytest.mark.parametrize(("what", "good", "bad", "pointer"), AT_AND_BEYOND, ids=[row[0] for row in AT_AND_BEYOND])
def test_slack_s_own_models_agree_where_they_look(what: str, good: list[Json], bad: list[Json], pointer: str) -> None:
    assert not sdk_refuses(good)
    assert sdk_refuses(bad) or what in SDK_MISSES


def test_what_we_build_is_accepted_by_slack_s_models_as_well() -> None:
    assert problems_in_view(call_form()) == []
    assert problems_in_blocks(card(), surface="message") == []
    SdkView(**call_form()).to_dict()
    assert all(block is not None for block in Block.parse_all(card()))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "element", "accessory", "options", "fields", "block_id", "label"]
            ),
            inner | st.sampled_from(["section", "actions", "input", "button", "static_select", "mrkdwn", "context"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_no_payload_however_odd_breaks_the_validator(payload: Any) -> None:
    problems_in_blocks(payload, surface="message")
    problems_in_blocks([payload], surface="modal")
    problems_in_view(payload)
