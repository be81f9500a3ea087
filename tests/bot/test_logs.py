"""What the log says: ids and what went wrong, never a person's words, and no secret.

That a whole journey leaves none: tests/journeys/test_whole_journey.py.
"""

import io
import json
import logging
import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from bot import logs
from bot.logs import HideSecrets, OneLine
from bot.trails import Trails
from qualification.records import Lead
from qualification.store import Store, Transaction
from tests.log_book import log_book
from tests.qualification.databases import on_both_databases

CANARY = "カナリア太郎 canary@example.jp"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    with log_book() as written:
        yield written


@on_both_databases
def test_a_database_that_refuses_a_row_does_not_quote_it(store: Store, log: io.StringIO) -> None:
    def twice(tx: Transaction) -> None:
        for number in range(2):
            tx.add(_lead(f"lead{number}", tx))

    with pytest.raises(Exception, match="receipt") as refused:
        store.run_here(twice)
    logs.log.error("timer_broke", exc_info=refused.value)
    logging.getLogger("somebody").error("it broke", exc_info=refused.value)

    assert "IntegrityError" in log.getvalue()
    assert CANARY not in log.getvalue()
    assert "canary" not in log.getvalue()


def _lead(lead_id: str, tx: Transaction) -> Lead:
    return Lead(
        id=lead_id,
        stage="LEAD",
        stage_since=tx.now,
        temperature="cold",
        origin="inbound",
        language="ja",
        person=CANARY,
        receipt=CANARY,
        created_at=tx.now,
        last_activity_at=tx.now,
    )


class Amount(BaseModel):
    yen: int


def _refused_mail() -> None:
    raise smtplib.SMTPRecipientsRefused({"canary@example.jp": (550, b"no such user canary@example.jp")})


def _refused_value() -> None:
    Amount.model_validate({"yen": CANARY})


@pytest.mark.parametrize("breaks", [_refused_mail, _refused_value])
def test_what_others_quote_in_their_errors_is_blacked_out(breaks: Any, log: io.StringIO) -> None:
    try:
        breaks()
    except Exception as problem:
        logs.log.error("broke", problem=str(problem), facts={"to": ["canary@example.jp"]})
        logs.log.error("broke", exc_info=problem)
        logging.getLogger("somebody").warning("broke: %s", problem, exc_info=problem)

    assert log.getvalue().count("broke") == 3
    assert "canary@" not in log.getvalue()
    assert "カナリア" not in log.getvalue()


def test_links_that_open_something_and_keys_are_not_written_down(log: io.StringIO) -> None:
    token = "t0k3n-of-a-prospect-0123456789"
    logs.log.warning("x", url=f"https://b.example/nobody-called/{token}", head=f"Bearer {token}")
    logging.getLogger("uvicorn.error").warning("GET /correct/%s", token)

    assert "b.example" in log.getvalue()
    assert token not in log.getvalue()


def test_a_text_without_end_that_a_library_quotes_is_gone_through_once(log: io.StringIO) -> None:
    """A look from each of its letters to its end would keep everybody waiting for an hour."""
    logging.getLogger("slack_sdk").warning("unknown block: %s %s", "x" * 1_000_000, CANARY)

    assert CANARY.rpartition(" ")[2] not in log.getvalue()
    assert log.getvalue().count("x") == 1_000_000


def test_what_is_logged_for_one_piece_of_work_has_one_number(log: io.StringIO) -> None:
    trails = Trails()
    for _ in range(2):
        with trails.begin("chat_message"):
            logs.log.info("one")
            with trails.begin("slack_press"):
                logs.log.info("and its part")
    logs.log.info("nobody's")

    first, its_part, second, _, alone = (json.loads(line).get("trace") for line in log.getvalue().splitlines())
    assert first == its_part != second
    assert alone is None


def test_a_library_is_quoted_in_one_line_of_json_too() -> None:
    record = logging.LogRecord("somebody", logging.ERROR, "", 0, "mail to %s broke", ("canary@example.jp",), None)
    with Trails().begin("errand") as trail:
        hidden = HideSecrets()
        assert hidden.filter(record)
        line = json.loads(OneLine().format(record))

    assert (line["logger"], line["level"], line["trace"]) == ("somebody", "error", trail.number)
    assert line["event"] == "mail to [hidden] broke"
