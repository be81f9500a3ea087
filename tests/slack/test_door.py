"""Only a true signature gets in: everything else is 401, and nothing is ever 500 (S3, S4)."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlmodel import select

from bot.bootstrap import Services
from bot.sandbox.payloads import slash_command
from bot.slack.app import build_app
from bot.slack.records import SlackRefusal
from tests.desk import Bench
from tests.log_book import log_book

SECRET = "sandbox-signing-secret"
FORM = "application/x-www-form-urlencoded"


def signed(body: bytes, *, at: int | None = None, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(at if at is not None else int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


async def post(bench: Bench, body: bytes, headers: dict[str, str], content_type: str = FORM) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session:
        given = {"Content-Type": content_type, **headers}
        async with session.post(str(bench.workspace.request_url), data=body, headers=given) as response:
            return response.status, await response.text()


def command(bench: Bench, text: str = "help", **changed: Any) -> bytes:
    workspace = bench.workspace
    yuki = workspace.person("yuki")
    fields = slash_command(
        workspace,
        user=yuki,
        channel=workspace.channel("#leads"),
        command="/lead",
        text=text,
        trigger="1.2.3",
        url=f"{bench.server.url}response/commands/T/none",
    )
    return urlencode(fields | changed).encode()


async def test_a_start_with_the_token_in_the_environment_warns_of_nothing(
    services: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", services.settings.slack_bot_token)
    build_app(services)
    assert [said for said in caplog.messages if "token" in said] == []


async def test_a_signed_command_is_answered(http_bench: Bench) -> None:
    body = command(http_bench)
    status, text = await post(http_bench, body, signed(body))
    assert status == 200
    assert "/lead find" in text


async def test_every_malformed_or_false_header_is_401(http_bench: Bench) -> None:
    body = command(http_bench)
    true = signed(body)
    stamp, signature = true["X-Slack-Request-Timestamp"], true["X-Slack-Signature"]
    timestamps = ["", "abc", "9" * 400, "-1", "1.5", f"{stamp} ", f" {stamp}0", "０", "1e9", f"+{stamp}", "0x1", "²"]
    signatures = [
        "",
        "v0=",
        "v0=" + "0" * 63,
        "v0=" + "g" * 64,
        signature.upper(),
        signature[3:],
        f"v1={signature[3:]}",
    ]
    signatures += [signature + "0", signature[:-1], "v0=" + "é" * 64, "v0=" + "0" * 64]
    bad = [{**true, "X-Slack-Request-Timestamp": one} for one in timestamps if one.strip() != stamp]
    bad += [{**true, "X-Slack-Signature": one} for one in signatures]
    bad += [{}, {"X-Slack-Signature": signature}, {"X-Slack-Request-Timestamp": stamp}]
    bad += [signed(body, at=int(time.time()) - 400), signed(body, at=int(time.time()) + 400)]
    bad += [signed(body, secret="another"), signed(body + b"x")]
    bad += [
        {**true, "X-Slack-Signature": f"{signature[:at]}{_other(signature[at])}{signature[at + 1 :]}"}
        for at in range(3, 67)
    ]
    statuses = [(await post(http_bench, body, headers))[0] for headers in bad]
    assert set(statuses) == {401}


def _other(digit: str) -> str:
    return "0" if digit != "0" else "1"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe\x00", FORM),
        (b"{not json", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"[]", "application/json"),
        (b"payload=%7Bnope", FORM),
        (b"payload=%5B%5D", FORM),
        (b"payload=" + b"%5B" * 50_000, FORM),
        (b"", FORM),
        (b"{}", "application/json"),
        (b'{"type":"event_callback","event":{"type":"app_home_opened"}}', "application/json"),
        (b"payload=" + b"%7B%22type%22%3A%22block_actions%22%7D", FORM),
        (b"payload=" + b"%7B%22type%22%3A%22view_submission%22%2C%22user%22%3A3%7D", FORM),
    ],
)
async def test_a_signed_body_that_makes_no_sense_is_never_a_fault_of_ours(
    http_bench: Bench, body: bytes, content_type: str
) -> None:
    status, text = await post(http_bench, body, signed(body), content_type)
    assert status < 500
    assert "Traceback" not in text


async def test_a_body_larger_than_any_of_slack_is_cut_off(http_bench: Bench) -> None:
    status, _ = await post(http_bench, b"x" * 1_100_000, {})
    assert status == 413


async def test_slack_checks_our_address(http_bench: Bench) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    status, text = await post(http_bench, body, signed(body), "application/json")
    assert (status, "abc" in text) == (200, True)


async def test_the_operator_reads_when_slack_holds_events_back(http_bench: Bench) -> None:
    """Above 30,000 an hour Slack tells of a minute in which we heard nothing; nobody's press is behind it."""
    told = {"type": "app_rate_limited", "token": "t", "api_app_id": "A1", "minute_rate_limited": 1_794_880_800}
    body = json.dumps(told | {"team_id": http_bench.workspace.team.id}).encode()
    with log_book() as log:
        status, _ = await post(http_bench, body, signed(body), "application/json")
    assert status == 200
    assert "slack_holds_events_back" in log.getvalue()
    assert "2026-11-17T02:00:00+00:00" in log.getvalue()
    refusals = http_bench.services.store.read(lambda session: list(session.exec(select(SlackRefusal)).all()))
    assert refusals == []


async def test_a_request_of_a_foreign_team_signed_with_our_secret_changes_nothing(http_bench: Bench) -> None:
    body = command(http_bench, "new Eve Doe, Acme needs it", team_id="T0FOREIGN01")
    status, text = await post(http_bench, body, signed(body))
    assert status == 200
    assert "ワークスペースのメンバーだけ" in json.loads(text)["text"]


async def test_a_replayed_command_has_one_effect_and_the_same_answer(http_bench: Bench) -> None:
    body = command(http_bench, "new 山田太郎、アサヒ 在庫管理に困っている")
    answers = [await post(http_bench, body, signed(body)) for _ in range(3)]
    assert len(set(answers)) == 1
    body = command(http_bench, "find アサヒ")
    _, text = await post(http_bench, body, signed(body))
    assert "該当するリード：1件" in json.loads(text)["text"]


async def test_an_unknown_button_and_an_unknown_form_are_answered_in_words(http_bench: Bench) -> None:
    house = {"team": {"id": http_bench.workspace.team.id}, "user": {"id": http_bench.workspace.person("yuki").id}}
    view = {"id": "V1", "type": "modal", "hash": "1", "callback_id": "of_old", "state": {"values": {}}, "blocks": []}
    form = urlencode({"payload": json.dumps({"type": "view_submission", **house, "view": view})}).encode()
    status, text = await post(http_bench, form, signed(form))
    assert status == 200
    assert json.loads(text)["response_action"] == "update"


async def test_a_fault_of_ours_gives_the_person_a_number_to_quote(http_bench: Bench) -> None:
    lead_id = await http_bench.has_lead()
    house = {"team": {"id": http_bench.workspace.team.id}, "user": {"id": http_bench.workspace.person("ken").id}}
    typed = {"outcome": {"outcome": {"selected_option": {"value": "of another planet"}}}}
    view = {"id": "V1", "type": "modal", "hash": "1", "callback_id": "call_form", "state": {"values": typed}}
    view |= {"blocks": [], "private_metadata": json.dumps({"lead": lead_id})}
    form = urlencode({"payload": json.dumps({"type": "view_submission", **house, "view": view})}).encode()
    status, text = await post(http_bench, form, signed(form))
    assert status == 200
    assert "give your operator this number" in text
    assert "planet" not in text
    assert "call_logged" not in [event.kind for event in (await http_bench.dossier(lead_id)).history]
