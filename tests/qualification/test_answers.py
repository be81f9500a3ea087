"""Which answer counts, what is gathered over time, and when two people disagree (D21, D22)."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification import leads
from qualification.answers import PROSPECT, Known, Stated
from qualification.bant import (
    Authority,
    Budget,
    Clarity,
    Company,
    Contact,
    Headcount,
    Need,
    Role,
    Strength,
    Timeframe,
    Topic,
    Value,
    as_kept,
    as_told,
    from_json,
    to_json,
)
from qualification.calls import Outcome
from qualification.records import Answer
from tests.business import BUDGET, NEED, SATO, SOON, TOPIC_OF, Business
from tests.clock import MONDAY_TEN
from tests.qualification.test_assessment import stated

FIVE_MILLION = Budget(minimum=5_000_000, maximum=5_000_000, currency="JPY")


def known(*said: tuple[str, Value]) -> Known:
    """What was said by whom, a minute apart."""
    return Known(
        tuple(
            stated(value, by=by, at=MONDAY_TEN + timedelta(minutes=minute)) for minute, (by, value) in enumerate(said)
        )
    )


def test_the_newest_answer_counts() -> None:
    assert known((PROSPECT, BUDGET), (PROSPECT, FIVE_MILLION)).budget == FIVE_MILLION


def test_answers_are_put_in_order_of_their_time() -> None:
    newer = Answer(lead_id="lead", **stated(FIVE_MILLION, at=MONDAY_TEN + timedelta(hours=1)).as_kept())
    older = Answer(lead_id="lead", **stated(BUDGET).as_kept())

    assert Known.of([newer, older]).budget == FIVE_MILLION


def test_a_name_today_and_a_phone_number_tomorrow_are_one_contact() -> None:
    gathered = known((PROSPECT, Contact(name="佐藤")), (PROSPECT, Contact(phone="+81312345678")))

    assert gathered.contact == Contact(name="佐藤", phone="+81312345678")
    assert gathered.reachable


def test_a_corrected_address_replaces_the_old_one_and_keeps_the_name() -> None:
    assert known((PROSPECT, SATO), (PROSPECT, Contact(email="new@example.jp"))).contact == Contact(
        name="佐藤", email="new@example.jp"
    )


def test_undecided_is_an_answer_but_silence_is_not() -> None:
    heard = known((PROSPECT, Budget(clarity=Clarity.UNDECIDED)))

    assert Topic.BUDGET not in heard.unknown
    assert heard.unknown == (Topic.NEED, Topic.TIMEFRAME, Topic.AUTHORITY)


@pytest.mark.parametrize(
    ("said", "conflict"),
    [
        ([(PROSPECT, BUDGET)], False),
        ([(PROSPECT, BUDGET), ("yuki", BUDGET)], False),
        ([(PROSPECT, BUDGET), ("yuki", FIVE_MILLION)], True),
        ([("yuki", FIVE_MILLION), (PROSPECT, BUDGET)], True),
        ([(PROSPECT, BUDGET), (PROSPECT, FIVE_MILLION)], False),  # a correction is no disagreement
        ([(PROSPECT, BUDGET), ("yuki", FIVE_MILLION), (PROSPECT, FIVE_MILLION)], False),
        ([(PROSPECT, BUDGET), ("yuki", FIVE_MILLION), ("yuki", FIVE_MILLION)], False),  # the rep settled it
        ([(PROSPECT, BUDGET), ("yuki", FIVE_MILLION), ("yuki", BUDGET)], False),
        ([(PROSPECT, BUDGET), ("yuki", FIVE_MILLION), ("yuki", FIVE_MILLION), (PROSPECT, BUDGET)], True),
        ([(PROSPECT, Need(present=True, strength=Strength.HIGH)), ("yuki", Need(present=True))], False),
        ([(PROSPECT, NEED), ("yuki", Need(present=False))], True),
        (
            [
                (PROSPECT, Authority(role=Role.NEEDS_APPROVAL, approver="社長")),
                ("yuki", Authority(role=Role.NEEDS_APPROVAL)),
            ],
            False,
        ),
        ([(PROSPECT, SOON), ("yuki", Timeframe(latest=SOON.latest))], False),
        ([(PROSPECT, SATO), ("yuki", Contact(name="鈴木"))], False),  # only criteria are flagged
    ],
)
def test_a_disagreement_is_flagged_until_a_rep_settles_it(said: list[tuple[str, Value]], conflict: bool) -> None:
    heard = known(*said)

    assert bool(heard.conflicts) is conflict
    assert len(heard.stated) == len(said), "both answers stay"


def test_what_the_rep_hears_stands_beside_what_the_prospect_said(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, BUDGET)
    firm.clock.advance(minutes=5)
    firm.calls(lead, Outcome.CONNECTED, FIVE_MILLION)

    heard = firm.does(leads.known_of, lead)

    assert heard.budget == FIVE_MILLION
    assert heard.conflicts == (Topic.BUDGET,)
    budgets = [(answer.said_by, answer.via) for answer in heard.stated if answer.topic is Topic.BUDGET]
    assert budgets == [("prospect", "chat"), ("yuki", "call")]


def test_the_leads_columns_follow_the_answer_that_counts(firm: Business) -> None:
    lead = firm.has_lead(SATO, Company(name="Asahi Tools", headcount=Headcount(minimum=30, maximum=30)))
    firm.does(lambda tx, row: leads.record_answer(tx, row, stated(Contact(phone="+81312345678")), by=PROSPECT), lead)

    row = firm.lead(lead)

    assert (row.company, row.person, row.email, row.phone) == ("Asahi Tools", "佐藤", "sato@example.jp", "+81312345678")


NAMES = st.none() | st.text(min_size=1, max_size=8)
CONTACTS = st.builds(Contact, name=NAMES, email=NAMES, phone=NAMES)
VALUES = st.one_of(
    CONTACTS,
    st.builds(Budget, minimum=st.none() | st.integers(0, 10**12), clarity=st.sampled_from(Clarity)),
    st.builds(Timeframe, latest=st.none() | st.dates(), clarity=st.sampled_from(Clarity)),
    st.builds(Authority, role=st.sampled_from(Role), approver=NAMES),
    st.builds(Need, present=st.booleans(), categories=st.lists(st.text(max_size=4)).map(tuple)),
    st.builds(
        Company, name=NAMES, headcount=st.none() | st.builds(Headcount, minimum=st.none() | st.integers(0, 10**6))
    ),
)


@given(st.lists(CONTACTS, min_size=1))
def test_gathering_never_loses_a_part_that_was_once_told(contacts: list[Contact]) -> None:
    gathered = known(*((PROSPECT, contact) for contact in contacts)).contact
    assert gathered is not None

    for part in ("name", "email", "phone"):
        told = [getattr(contact, part) for contact in contacts if getattr(contact, part) is not None]
        assert getattr(gathered, part) == (told[-1] if told else None)


@given(VALUES)
def test_a_value_comes_back_from_its_row_unchanged(value: Value) -> None:
    topic = TOPIC_OF[type(value)]

    assert from_json(topic, to_json(topic, value)) == value
    assert Stated.of(Answer(lead_id="lead", **stated(value).as_kept())) == stated(value)


@pytest.mark.parametrize(
    ("topic", "kept", "told"),
    [
        (Topic.NEED, {}, {"present": True, "categories": []}),
        (Topic.NEED, {"present": False}, {"present": False, "categories": []}),
        (Topic.TIMEFRAME, {"latest": "2026-08-31"}, {"latest": "2026-08-31", "clarity": "known", "rough": False}),
        (Topic.BUDGET, {"clarity": "undecided"}, {"clarity": "undecided"}),
        (
            Topic.BUDGET,
            {"amount": 49.99, "currency": "USD"},
            {"minimum": 49.99, "maximum": 49.99, "currency": "USD", "clarity": "known"},
        ),
        (Topic.BUDGET, {"minimum": 0, "maximum": 5}, {"minimum": 0, "maximum": 5, "clarity": "known"}),
        (Topic.CONTACT, {"name": "山田"}, {"name": "山田"}),
    ],
)
def test_what_goes_without_saying_is_not_kept_and_other_programs_hear_it(topic: Topic, kept: Any, told: Any) -> None:
    assert as_kept(topic, from_json(topic, kept)) == kept
    assert as_told(topic, kept) == told
