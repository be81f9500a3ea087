"""A list that went out comes back the same, whatever its leads have said, in both languages (S9)."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.lists.bringing_in import Terms
from bot.lists.columns import understand
from bot.lists.giving_out import as_csv, rows_of
from bot.lists.sheet import open_sheet
from bot.lists.taking_in import take_in
from bot.words import Words
from qualification import leads
from qualification.answers import PROSPECT, Known, Stated
from qualification.bant import (
    Authority,
    Budget,
    Clarity,
    Company,
    Contact,
    Headcount,
    Industry,
    Need,
    Period,
    Role,
    Standing,
    Strength,
    Timeframe,
    Topic,
    Value,
)
from qualification.policy import Policy
from qualification.records import Answer, Lead
from qualification.store import Store, Transaction
from tests.business import ASAHI, BUDGET, SATO, TOPIC_OF, Business
from tests.clock import Clock
from tests.files import database_in

OPERATOR = Terms(by="operator")
NOT_OURS = "answers: cannot be read: leave it as it was exported, or leave the column out"
DAYS = st.dates(date(2026, 1, 1), date(2031, 12, 31))
PEOPLE = st.integers(1, 200_000)
WORDS = st.sampled_from(
    ["CFO", "社長", "the board (Tokyo), and legal", "上司と役員会", "=SUM(A1)", "I decide; he signs"]
)
SUMS = st.one_of(
    st.integers(1, 10**10), st.integers(1, 99).map(lambda n: n * 10**6), st.just(Decimal("49.99")), st.just(None)
)


def _ends(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    low, high = pair if None in pair else sorted(pair)
    return low, high


BUDGETS = st.one_of(
    st.builds(
        lambda ends, currency, period: Budget(minimum=ends[0], maximum=ends[1], currency=currency, period=period),
        st.tuples(SUMS, SUMS).filter(any).map(_ends),
        st.sampled_from(["JPY", "USD", "EUR", "CHF", None]),
        st.sampled_from([*Period, None]),
    ),
    st.sampled_from([Budget(clarity=Clarity.UNDECIDED), Budget(clarity=Clarity.NONE)]),
)
TIMEFRAMES = st.one_of(
    st.builds(
        lambda ends, rough: Timeframe(earliest=ends[0], latest=ends[1], rough=rough),
        st.tuples(st.none() | DAYS, st.none() | DAYS).filter(any).map(_ends),
        st.booleans(),
    ),
    st.sampled_from([Timeframe(clarity=Clarity.UNDECIDED), Timeframe(clarity=Clarity.NONE)]),
)
AUTHORITIES = st.builds(Authority, role=st.sampled_from(Role), approver=st.none() | WORDS)
NEEDS = st.builds(
    Need,
    present=st.booleans(),
    strength=st.sampled_from([*Strength, None]),
    categories=st.sampled_from([(), ("efficiency",), ("cost", "legacy"), ("customer", "own_kind")]),
)
HEADCOUNTS = st.builds(
    lambda ends: Headcount(minimum=ends[0], maximum=ends[1]),
    st.tuples(st.none() | PEOPLE, st.none() | PEOPLE).filter(any).map(_ends),
)
COMPANIES = st.builds(
    Company,
    name=st.sampled_from(["Asahi Tools", "株式会社あさひ", "'Quoted' & Sons", "-5", "=cmd|'/c calc'!A0"]),
    headcount=st.none() | HEADCOUNTS,
    industry=st.sampled_from([*Industry, None]),
)
CONTACTS = st.builds(
    Contact,
    name=st.sampled_from(["佐藤 健一", "Jane O'Hara", "+Eve"]),
    phone=st.sampled_from([None, "+81312345678", "+819012345678", "+14155550132", "+2348031234567"]),
    title=st.sampled_from([None, "部長", "Managing Director", "社長"]),
    department=st.sampled_from([None, "情報システム部", "IT"]),
    standing=st.sampled_from([*Standing, None]),
)
SAID_OF_A_NEED = st.sampled_from(
    ["", "在庫が合わない", "We lose orders, and nobody knows why", "予算は来期で社長が決めます"]
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with every kind of fact."""

    company: Company
    contact: Contact
    criteria: tuple[Value | None, ...]
    words: str
    language: str
    origin: str
    source: str | None
    do_not_contact: bool


PERSONS = st.builds(
    Person,
    company=COMPANIES,
    contact=CONTACTS,
    criteria=st.tuples(*(st.none() | values for values in (NEEDS, TIMEFRAMES, AUTHORITIES, BUDGETS))),
    words=SAID_OF_A_NEED,
    language=st.sampled_from(["ja", "en"]),
    origin=st.sampled_from(["inbound", "outbound"]),
    source=st.sampled_from([None, "Expo Tokyo 2026", "展示会"]),
)


@contextmanager
def _business(clock: Clock, policy: Policy, folder: Path) -> Iterator[Business]:
    store = Store(database_in(folder, f"{len(list(folder.iterdir()))}.db"), clock=clock, policy=policy,
                  tell=lambda tx, event: None)  # fmt: skip
    try:
        yield Business(store, clock)
    finally:
        store.close()


def _has(firm: Business, person: Person, number: int) -> None:
    contact = replace(person.contact, email=f"person{number}@asahi.example")

    def work(tx: Transaction) -> None:
        lead = leads.capture(tx, language=person.language, origin=person.origin, via="chat", source=person.source)
        told: list[Value] = [person.company, contact, *(value for value in person.criteria if value)]
        for value in told:
            said = person.words if isinstance(value, Need) else ""
            leads.record_answer(tx, lead, _stated(tx, value, said), by=PROSPECT)
        lead.do_not_contact = person.do_not_contact

    firm.store.run_here(work)


def _stated(tx: Transaction, value: Value, words: str) -> Stated:
    return Stated(TOPIC_OF[type(value)], value, words, 1.0, PROSPECT, "chat", tx.now)


def _exported(firm: Business, to: Path) -> Path:
    words = Words(firm.store.policy.working_hours.zone)

    def look(session: Session) -> list[list[str]]:
        return list(rows_of(session, words))

    to.write_text("".join(map(as_csv, firm.store.read(look))), encoding="utf-8-sig", newline="")
    return to


def _imported(firm: Business, path: Path) -> list[str]:
    with open_sheet(path) as sheet:
        taken = list(take_in(sheet, understand(sheet.headings), OPERATOR, firm.store))
    return [row.brought.fate.value if row.brought else "; ".join(row.problems) for row in taken]


def _facts(firm: Business) -> dict[str, tuple[object, ...]]:
    """What is known of everybody, with the vagueness of their timeframe, which makes no two answers differ."""

    def of(lead: Lead) -> tuple[object, ...]:
        known: Known = firm.does(leads.known_of, lead.id)
        values = (known.company, known.contact, known.need, known.timeframe, known.authority, known.budget)
        vague = known.timeframe and known.timeframe.rough
        need = known.need and next(one.words for one in known.stated if isinstance(one.value, Need))
        return (*values, vague, need, lead.language, lead.origin, lead.source, lead.do_not_contact)

    return {lead.id: of(lead) for lead in firm.all(Lead)}


@given(people=st.lists(PERSONS, min_size=1, max_size=8))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everybody_comes_back_as_they_went_out(clock: Clock, policy: Policy, people: list[Person]) -> None:
    with TemporaryDirectory() as scratch, _business(clock, policy, Path(scratch)) as firm:
        for number, person in enumerate(people):
            _has(firm, person, number)
        before, answers = _facts(firm), len(firm.all(Answer))
        out = _exported(firm, Path(scratch, "out.csv"))

        assert set(_imported(firm, out)) == {"unchanged"}
        assert (_facts(firm), len(firm.all(Answer))) == (before, answers)

        with _business(clock, policy, Path(scratch)) as elsewhere:
            assert set(_imported(elsewhere, out)) == {"created"}
            assert _facts(elsewhere) == before


def test_a_cell_mended_by_hand_counts_and_not_what_went_out(clock: Clock, policy: Policy, tmp_path: Path) -> None:
    with _business(clock, policy, tmp_path) as firm:
        firm.has_lead(ASAHI, SATO, BUDGET, Timeframe(latest=date(2026, 9, 23), rough=True))
        out = _exported(firm, tmp_path / "out.csv")
    with out.open(encoding="utf-8-sig", newline="") as file:
        headings, row = csv.reader(file)
    row[headings.index("budget")] = "500万円"
    out.write_text("".join(map(as_csv, (headings, row))), encoding="utf-8-sig", newline="")
    with _business(clock, policy, tmp_path) as elsewhere:
        assert _imported(elsewhere, out) == ["created"]
        (known,) = (elsewhere.does(leads.known_of, lead.id) for lead in elsewhere.all(Lead))
        assert known.budget == Budget(minimum=5_000_000, maximum=5_000_000, currency="JPY")
        assert known.timeframe == Timeframe(latest=date(2026, 9, 23))


@pytest.mark.parametrize("cell", ["{", '{"budget": 3}', '{"budget": {"reads": "300万円", "value": {"minimum": "x"}}}'])
def test_a_column_of_ours_that_was_cut_off_is_refused_and_says_so(
    clock: Clock, policy: Policy, tmp_path: Path, cell: str
) -> None:
    rows = [["company", "person", "budget", "answers"], ["Asahi", "Jane", "300万円", cell]]
    (tmp_path / "list.csv").write_text("".join(map(as_csv, rows)), encoding="utf-8")
    with _business(clock, policy, tmp_path) as firm:
        assert _imported(firm, tmp_path / "list.csv") == [NOT_OURS]


def _brought_in(firm: Business, folder: Path, answers: str, **cells: str) -> list[str]:
    """One row of a stranger with these cells beside its `answers`."""
    rows = [["company", "person", *cells, "answers"], ["Asahi", "Jane", *cells.values(), answers]]
    (folder / "list.csv").write_text("".join(map(as_csv, rows)), encoding="utf-8")
    return _imported(firm, folder / "list.csv")


def _one_known(firm: Business) -> Known:
    (known,) = (firm.does(leads.known_of, lead.id) for lead in firm.all(Lead))
    return known


@pytest.mark.parametrize(
    ("topic", "value"),
    [
        ("budget", {"amount": 10**400, "currency": "JPY"}),
        ("budget", {"amount": 10**16, "currency": "JPY"}),
        ("budget", {"amount": -5, "currency": "JPY"}),
        ("budget", {"amount": 5, "currency": "=HYPERLINK(1)"}),
        ("budget", {"minimum": 9, "maximum": 5}),
        ("budget", {"amount": 5, "lead_id": "x"}),
        ("budget", {}),
        ("timeframe", {}),
        ("timeframe", {"earliest": "9999-12-31"}),
        ("timeframe", {"latest": "0001-01-01"}),
        ("timeframe", {"earliest": "2026-09-02", "latest": "2026-09-01"}),
        ("need", {"amount": 5}),
        ("need", {"categories": ["cost\u202e"]}),
        ("need", {"categories": ["x" * 201]}),
        ("authority", {"role": "needs_approval", "approver": "x" * 201}),
        ("authority", {"role": "needs_approval", "approver": "the\x1b[31m board"}),
    ],
)
def test_a_value_that_no_answer_of_ours_can_have_is_refused(
    clock: Clock, policy: Policy, tmp_path: Path, topic: str, value: dict[str, object]
) -> None:
    answers = json.dumps({topic: {"reads": "so", "value": value}})
    with _business(clock, policy, tmp_path) as firm:
        assert _brought_in(firm, tmp_path, answers, **{topic: "so"}) == [NOT_OURS]
        assert not firm.all(Lead)


def test_the_words_of_an_answer_come_in_as_people_see_them_and_no_longer_than_any(
    clock: Clock, policy: Policy, tmp_path: Path
) -> None:
    def answers(words: str) -> str:
        value = {"amount": 5, "currency": "JPY"}
        return json.dumps({"budget": {"reads": "so", "value": value, "words": words}})

    with _business(clock, policy, tmp_path) as firm:
        assert _brought_in(firm, tmp_path, answers("x" * 20_000), budget="so") == [NOT_OURS]
        assert _brought_in(firm, tmp_path, answers("5\x00 \x1b[31m\u202eyen"), budget="so") == ["created"]
        said = _one_known(firm).about(Topic.BUDGET)
        assert said is not None
        assert said.words == "5 [31myen"


def test_a_board_named_with_letters_nobody_sees_goes_out_without_them_and_comes_back(
    clock: Clock, policy: Policy, tmp_path: Path
) -> None:
    with _business(clock, policy, tmp_path) as firm:
        firm.has_lead(ASAHI, SATO, Authority(role=Role.NEEDS_APPROVAL, approver="the\u202e board"))
        out = _exported(firm, tmp_path / "out.csv")
    with _business(clock, policy, tmp_path) as elsewhere:
        assert _imported(elsewhere, out) == ["created"]
        assert _one_known(elsewhere).authority == Authority(role=Role.NEEDS_APPROVAL, approver="the board")


def test_an_answer_beside_an_empty_cell_does_not_count(clock: Clock, policy: Policy, tmp_path: Path) -> None:
    answers = json.dumps({"budget": {"reads": "", "value": {"amount": 5, "currency": "JPY"}}})
    with _business(clock, policy, tmp_path) as firm:
        assert _brought_in(firm, tmp_path, answers, budget="") == ["created"]
        assert _one_known(firm).budget is None


@pytest.mark.parametrize("typed", ["9" * 5_000, "9" * 5_000 + "+", "9" * 23, "10 to 5", "0", "0 or fewer", "0+"])
def test_a_size_no_firm_can_have_is_refused_and_the_others_come_in(
    clock: Clock, policy: Policy, tmp_path: Path, typed: str
) -> None:
    rows = [["company", "person", "headcount"], ["Asahi", "Jane", typed], ["Midori", "Joe", "12"]]
    (tmp_path / "list.csv").write_text("".join(map(as_csv, rows)), encoding="utf-8")
    with _business(clock, policy, tmp_path) as firm:
        refused, fate = _imported(firm, tmp_path / "list.csv")
        assert refused.endswith("is no number of people")
        assert fate == "created"


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("50 or fewer", Headcount(maximum=50)),
        ("50名以下", Headcount(maximum=50)),
        ("up to 50", Headcount(maximum=50)),
        ("11 to 50", Headcount(minimum=11, maximum=50)),
        ("11-50", Headcount(minimum=11, maximum=50)),
        ("1001+", Headcount(minimum=1001)),
    ],
)
def test_the_size_of_a_firm_is_read_as_lists_write_it(
    clock: Clock, policy: Policy, tmp_path: Path, typed: str, size: Headcount
) -> None:
    rows = [["company", "person", "headcount"], ["Asahi", "Jane", typed]]
    (tmp_path / "list.csv").write_text("".join(map(as_csv, rows)), encoding="utf-8")
    with _business(clock, policy, tmp_path) as firm:
        assert _imported(firm, tmp_path / "list.csv") == ["created"]
        (known,) = (firm.does(leads.known_of, lead.id) for lead in firm.all(Lead))
        assert known.company is not None
        assert known.company.headcount == size
