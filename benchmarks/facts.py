"""Leads and facts made up by rule, the same for the same numbers: the past that benchmarks live again.

Most facts are page views and visits; some leads ask for documents, open mails, come to seminars, talk in the chat and
are called. Rows are written as the product writes them.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel

from qualification.bant import Budget, Company, Contact, Headcount, Need, Timeframe, Topic, Value, to_json
from qualification.behaviour import CHAT_TALK
from qualification.records import Activity, Answer, History, Lead
from qualification.writing.rows import table_of, values_of

BEGIN = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
NOW = BEGIN + timedelta(days=200)
KINDS = (
    *("site_visited", "page_viewed", "product_page_viewed", "price_page_viewed", "case_page_viewed") * 3,
    *("newsletter_opened", "mail_clicked", "comparison_page_viewed") * 2,
    *("document_requested", "price_list_viewed", "seminar_attended", "demo_requested", "quote_requested"),
)
SAID: tuple[tuple[Topic, Value], ...] = (
    (Topic.NEED, Need(present=True)),
    (Topic.TIMEFRAME, Timeframe(latest=(NOW + timedelta(days=60)).date())),
    (Topic.BUDGET, Budget(minimum=3_000_000, maximum=3_000_000, currency="JPY")),
    (Topic.COMPANY, Company(name="Example", headcount=Headcount(minimum=600, maximum=600))),
    (Topic.CONTACT, Contact(email="someone@example.com")),
)
Rows = tuple[type[SQLModel], dict[str, Any]]


def rows(leads: int, facts_each: int) -> Iterator[Rows]:
    """Every row of so many leads; each has so many activities, every fifth some answers and a call besides."""
    for number in range(leads):
        chance = random.Random(number)
        lead_id = f"{chance.getrandbits(128):032x}"
        at = BEGIN + timedelta(minutes=chance.randrange(150 * 24 * 60))
        yield Lead, _lead(lead_id, at)
        for order in range(facts_each):
            at += timedelta(minutes=chance.randrange(1, 3_000))
            yield Activity, _activity(lead_id, chance.choice(KINDS), order, at, chance.randrange(120))
        if number % 5 == 0:
            yield from _talk(lead_id, at + timedelta(minutes=5))


def _lead(lead_id: str, at: datetime) -> dict[str, Any]:
    words: dict[str, Any] = {"stage": "LEAD", "temperature": "cold", "origin": "inbound", "language": "ja"}
    return values_of(Lead(id=lead_id, stage_since=at, created_at=at, last_activity_at=at, **words))


def _activity(lead_id: str, kind: str, order: int, at: datetime, seconds: int) -> dict[str, Any]:
    key = f"made:{lead_id}:{order}"
    return {"lead_id": lead_id, "kind": kind, "key": key, "data": {"seconds": seconds}, "at": at, "received_at": at}


def _talk(lead_id: str, at: datetime) -> Iterator[Rows]:
    told = {"lead_id": lead_id, "words": "", "certainty": 100, "at": at}
    for topic, value in SAID:
        yield Answer, {**told, "topic": topic.value, "value": to_json(topic, value)}
    yield Activity, _activity(lead_id, CHAT_TALK, -1, at, 0)
    call = {"outcome": "no_answer", "grade": "attempt", "note": ""}
    later = at + timedelta(hours=2)
    yield History, {"lead_id": lead_id, "kind": "call_logged", "by": "U1", "data": call, "at": later}


def write(connection: Connection, made: Iterable[Rows], *, at_once: int = 20_000) -> int:
    """Write the rows; how many facts there were, leads not counted."""
    facts, left = 0, iter(made)
    while portion := list(islice(left, at_once)):
        by_table: dict[type[SQLModel], list[dict[str, Any]]] = {}
        for model, row in portion:
            by_table.setdefault(model, []).append(row)
        for model, written in by_table.items():
            connection.execute(insert(table_of(model)), written)
        facts += sum(len(written) for model, written in by_table.items() if model is not Lead)
    return facts
