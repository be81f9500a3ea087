"""`bantline webhook test` and `doctor`: whether a receiver takes what we send, before any lead depends on it."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.bootstrap import start_services
from bot.settings import Settings
from tests.business import Business
from tests.clock import Clock
from tests.command import bantline
from tests.program import Program, program, verifies

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@pytest.fixture
def crm() -> Iterator[Program]:
    with program() as listens:
        yield listens


def settings(crm: Program, secrets: str = SECRET) -> dict[str, str]:
    return {"BANTLINE_WEBHOOK_URL": crm.url, "BANTLINE_WEBHOOK_SECRETS": secrets}


def test_a_receiver_is_tried_with_a_signed_event_of_no_lead(tmp_path: Path, crm: Program) -> None:
    done = bantline(tmp_path, "webhook", "test", **settings(crm))

    (heard,) = crm.took
    assert (done.returncode, "took it: 204" in done.stdout, heard.id in done.stdout) == (0, True, True)
    assert verifies()(heard.headers, heard.body, SECRET, int(heard.headers["webhook-timestamp"]))
    body = json.loads(heard.body)
    assert (body["type"], body["data"]) == ("test", {"lead": {"id": "test"}})
    assert list(tmp_path.iterdir()) == [], "it needs no database, and makes none"


def test_what_a_receiver_says_to_it_is_shown_and_no_more_than_a_little_of_it(tmp_path: Path, crm: Program) -> None:
    crm.answers, crm.says = [(401, {})] * 2, b"signature\x1b[2J missing " + b"x" * 100_000
    done = bantline(tmp_path, "webhook", "test", **settings(crm))
    as_json = bantline(tmp_path, "webhook", "test", "--json", **settings(crm))

    told = json.loads(as_json.stdout)
    assert (done.returncode, as_json.returncode, told["status"]) == (1, 1, 401)
    assert "the receiver answered 401: it refuses what we send" in done.stdout
    assert "missing" in told["answer"]
    assert len(told["answer"]) <= 200
    assert "\x1b" not in done.stdout
    assert "canary" not in done.stdout + done.stderr + as_json.stdout


def test_a_receiver_that_is_not_there_is_said_to_be_away(tmp_path: Path) -> None:
    nobody = {"BANTLINE_WEBHOOK_URL": "http://127.0.0.1:9/canary", "BANTLINE_WEBHOOK_SECRETS": SECRET}
    done = bantline(tmp_path, "webhook", "test", **nobody)

    assert (done.returncode, "127.0.0.1:9: nobody answers (Connection refused)" in done.stdout) == (1, True)
    assert "canary" not in done.stdout + done.stderr


def test_without_a_receiver_it_says_what_to_set(tmp_path: Path) -> None:
    done = bantline(tmp_path, "webhook", "test")

    assert (done.returncode, "set BANTLINE_WEBHOOK_URL" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_the_doctor_says_how_webhooks_are_signed_and_what_to_do_about_the_old_secret(
    tmp_path: Path, crm: Program
) -> None:
    one = bantline(tmp_path, "doctor", "--json", **settings(crm))
    two = bantline(tmp_path, "doctor", "--json", **settings(crm, f"{NEW_SECRET},{SECRET}"))
    none = bantline(tmp_path, "doctor", "--json")

    (first,), (second,), nothing = (
        [part for part in json.loads(done.stdout) if part["part"] == "webhooks"] for done in (one, two, none)
    )
    assert (first["well"], "signed by 1 secret" in first["seen"]) == (True, True)
    assert "take the old one away" in second["advice"]
    assert (nothing, crm.tried) == ([], []), "it sends nothing by itself"
    assert "canary" not in one.stdout


def test_the_doctor_names_webhooks_that_wait_while_nobody_says_where_to_send_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bantline.db"
    with_address = Settings(
        database_url=url, bantline_webhook_url="https://crm.example/hooks", bantline_webhook_secrets=(SECRET,)
    )
    clock = Clock()
    with closing(start_services(with_address, clock=clock)) as services:
        Business(services.store, clock).qualified_lead()

    done = bantline(tmp_path, "doctor", "--json", DATABASE_URL=url)
    (found,) = (part for part in json.loads(done.stdout) if part["part"] == "webhooks")
    assert (found["well"], "1 wait" in found["seen"]) == (False, True)
    assert "BANTLINE_WEBHOOK_URL" in found["advice"]


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"BANTLINE_WEBHOOK_URL": "http://crm.example/x"}, "BANTLINE_WEBHOOK_URL: write it as https://HOST/..."),
        ({"BANTLINE_WEBHOOK_SECRETS": "secret"}, "write each as whsec_ and 24 to 64 bytes in base64"),
        ({"BANTLINE_WEBHOOK_SECRETS": ""}, "goes with BANTLINE_WEBHOOK_URL"),
    ],
)
def test_the_doctor_says_how_to_write_what_is_written_wrongly(
    tmp_path: Path, crm: Program, wrong: dict[str, str], advice: str
) -> None:
    done = bantline(tmp_path, "doctor", **(settings(crm) | wrong))

    assert (done.returncode, advice in done.stdout) == (1, True)
