"""Signed by Slack, and of another shape than Slack's: refused or answered, and never a fault of ours (S2)."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox.records import Json
from bot.slack.shape import has_shape
from tests.desk import Bench
from tests.log_book import log_book

ODD: tuple[Any, ...] = (None, True, 3, "x", "", [], ["x"], [[]], [None], {}, {"x": 1}, {"type": []})
GONE = object()
OF_EACH = 40


async def test_a_payload_with_one_thing_in_it_that_is_not_as_slack_writes_it(http_bench: Bench) -> None:
    """Any value of a true payload, at any depth, gives way to another kind of value, or to nothing."""
    picked = random.Random(7)
    for kind, payload in await a_days_payloads(http_bench):
        changed = list(misshapen(payload))
        for one in picked.sample(changed, min(OF_EACH, len(changed))):
            answer = await http_bench.server.delivery.hand_over(kind, one, way="http")
            assert answer.status in {200, 400, 404}, one


async def a_days_payloads(bench: Bench) -> list[tuple[str, Json]]:
    """What Slack sent while a rep worked, one of each kind, and what it tells by itself."""
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    await yuki.clicks("担当する", on=bench.card(lead_id))
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal("架電を記録"), {"架電結果": "つながった"})
    await yuki.slash("/lead", "find アサヒ")
    await yuki.shortcut("リードを登録")
    yuki.deletes(yuki.posts("#leads", "明日伺います", thread=bench.card(lead_id)))
    yuki.opens_home()
    await bench.settle()
    sent = {(one.kind, *_what(one.payload)): (one.kind, one.payload) for one in bench.server.delivery.log}
    news = [{"type": "user_change", "user": {"id": "U1"}}, {"type": "tokens_revoked", "tokens": {"bot": ["U1"]}}]
    return [*sent.values(), *(("events_api", _told(bench, event)) for event in news), ("events_api", _held_back(bench))]


def _what(payload: Json) -> tuple[Any, ...]:
    event = payload.get("event") or {}
    return payload.get("type"), event.get("type"), event.get("subtype")


def _told(bench: Bench, event: Json) -> Json:
    return {"type": "event_callback", "team_id": bench.workspace.team.id, "event_id": "Ev1", "event": event}


def _held_back(bench: Bench) -> Json:
    return {"type": "app_rate_limited", "team_id": bench.workspace.team.id, "minute_rate_limited": 1_794_880_800}


def misshapen(value: Any) -> Iterator[Any]:
    """The value with one thing in it that is not as it was."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, held in inside:
        others = [odd for odd in ODD if type(odd) is not type(held)]
        yield from (_with(value, name, odd) for odd in (*others, GONE, *misshapen(held)))


def _with(value: Any, name: Any, odd: Any) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    changed = [(key, odd if key == name else held) for key, held in items if key != name or odd is not GONE]
    return dict(changed) if isinstance(value, dict) else [held for _, held in changed]


def test_a_team_named_by_its_id_and_authorizations_of_nobody_are_of_slacks_shape() -> None:
    told = {"type": "event_callback", "team": "T1", "enterprise": "E1", "authorizations": None, "event": {"type": "x"}}
    assert has_shape(told)


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback", "event": {"type": []}},
        {"type": "event_callback", "event": None},
        {"type": []},
        {"type": "block_actions", "actions": None},
        {"type": "event_callback", "event": {"type": "message"}, "authorizations": [None]},
    ],
)
async def test_over_the_line_too_what_is_not_as_slack_writes_it_is_taken_and_told_to_the_operator(
    bench: Bench, payload: Json
) -> None:
    with log_book() as log:
        answer = await bench.server.delivery.hand_over("events_api", payload, way="socket")
    assert answer.status == 200
    assert "slack_payload_misshapen" in log.getvalue()
