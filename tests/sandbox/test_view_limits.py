"""Each limit of a view, and of what an external select offers, at its last good value and one beyond."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.validate import problems_in_offer, problems_in_view
from tests.sandbox.block_parts import Json, many, section, text_input
from tests.sandbox.sample_app import option, plain


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("T"), "blocks": list(blocks) or [section()], **more}


VIEWS: list[tuple[str, Json, Json, str]] = [
    ("title 24", modal(title=plain("x" * 24)), modal(title=plain("x" * 25)), "/view/title/text"),
    ("a modal has a title", modal(), {"type": "modal", "blocks": [section()]}, "/view"),
    ("submit 24", modal(submit=plain("x" * 24)), modal(submit=plain("x" * 25)), "/view/submit/text"),
    ("close 24", modal(close=plain("x" * 24)), modal(close=plain("x" * 25)), "/view/close/text"),
    ("input needs submit", modal(text_input(), submit=plain("Go")), modal(text_input()), "/view"),
    ("metadata 3000", modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001), "/view/private_metadata"),
    ("callback_id 255", modal(callback_id="x" * 255), modal(callback_id="x" * 256), "/view/callback_id"),
    ("external_id 255", modal(external_id="x" * 255), modal(external_id="x" * 256), "/view/external_id"),
    ("100 blocks", modal(*[section()] * 100), modal(*[section()] * 101), "/view/blocks"),
    ("no table in a modal", modal(), modal({"type": "table", "rows": [[{}]]}), "/view/blocks/0/type"),
    ("no markdown in a modal", modal(), modal({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
    ("no unknown field", modal(clear_on_close=True), modal(clear=True), "/view/clear"),
    (
        "Home has no submit",
        {"type": "home", "blocks": [section()]},
        {"type": "home", "blocks": [section()], "submit": plain("Go")},
        "/view/submit",
    ),
    (
        "Home has no close",
        {"type": "home", "blocks": [section()]},
        {"type": "home", "blocks": [section()], "close": plain("Bye")},
        "/view/close",
    ),
    (
        "no alert on Home",
        {"type": "home", "blocks": []},
        {"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]},
        "/view/blocks/0/type",
    ),
    ("a view is a modal or Home", modal(), modal() | {"type": "sheet"}, "/view/type"),
]


@pytest.mark.parametrize(("what", "good", "bad", "pointer"), VIEWS, ids=[row[0] for row in VIEWS])
def test_a_view_limit_holds_exactly(what: str, good: Json, bad: Json, pointer: str) -> None:
    assert problems_in_view(good) == []
    assert pointer in [problem.pointer for problem in problems_in_view(bad)]


OFFERS: list[tuple[str, Json, Json, str]] = [
    ("100 options", {"options": many(100)}, {"options": many(101)}, "/options"),
    (
        "option text 75",
        {"options": [option("x" * 75, "v")]},
        {"options": [option("x" * 76, "v")]},
        "/options/0/text/text",
    ),
    (
        "option value 150",
        {"options": [option("o", "v" * 150)]},
        {"options": [option("o", "v" * 151)]},
        "/options/0/value",
    ),
    ("an answer offers something or nothing", {"options": []}, {}, ""),
    (
        "a group has a label",
        {"option_groups": [{"label": plain("g"), "options": many(1)}]},
        {"option_groups": [{"options": many(1)}]},
        "/option_groups/0",
    ),
]


@pytest.mark.parametrize(("what", "good", "bad", "pointer"), OFFERS, ids=[row[0] for row in OFFERS])
def test_a_limit_of_what_an_external_select_offers_holds_exactly(
    what: str, good: Json, bad: Json, pointer: str
) -> None:
    assert problems_in_offer(good) == []
    assert pointer in [problem.pointer for problem in problems_in_offer(bad)]
