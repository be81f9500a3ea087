"""The same person twice: noticed, merged by a person, and two again when that was wrong (D29)."""

from datetime import timedelta

import pytest

from qualification import leads
from qualification.bant import Budget, Company, Contact
from qualification.calls import Outcome
from qualification.duplicates import (
    AlreadyMerged,
    NotMerged,
    SameLead,
    duplicates_of,
)
from qualification.identity import name_key
from qualification.records import Lead
from tests.business import BUDGET, NEED, SATO, SOON, Business
from tests.clock import Clock

ALIKE = [
    ("ｱｻﾋ製作所(株)", "佐藤 健一", "株式会社アサヒ製作所", "佐藤健一様"),
    ("あさひ製作所", "さとう けんいち", "アサヒ製作所", "サトウ　ケンイチ"),
    ("Asahi Tools, Inc.", "Kenichi Sato", "ASAHI TOOLS", "Mr. Sato Kenichi"),
    ("㈱みどり", "田中", "みどり 株式会社", "田中さん"),
]
DIFFERENT = [
    ("あさひ製作所", "佐藤健一", "あさひ製作所", "佐藤健二"),
    ("Asahi Tools", "Jane Doe", "Asahi Toys", "Jane Doe"),
]


@pytest.mark.parametrize(("company", "person", "other_company", "other_person"), ALIKE)
def test_width_kana_legal_form_and_order_do_not_make_two_people(
    company: str, person: str, other_company: str, other_person: str
) -> None:
    assert name_key(company, person) == name_key(other_company, other_person)


@pytest.mark.parametrize(("company", "person", "other_company", "other_person"), DIFFERENT)
def test_other_people_stay_others(company: str, person: str, other_company: str, other_person: str) -> None:
    assert name_key(company, person) != name_key(other_company, other_person)


def test_one_name_alone_is_many_people() -> None:
    assert name_key("あさひ", None) is None
    assert name_key("株式会社", "佐藤") is None


def test_the_same_address_is_suggested_and_nothing_happens_by_itself(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    (like,) = firm.store.run_here(lambda tx: duplicates_of(tx, tx.get(Lead, kept)))
    assert (like.lead_id, like.ways) == (other, ("email",))


def test_a_merged_lead_knows_what_both_knew(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    firm.merges(kept, other)
    known = firm.does(leads.known_of, kept)
    assert (known.need, known.budget, known.company) == (NEED, BUDGET, Company(name="Asahi"))
    assert firm.lead(kept).company == "Asahi"
    assert firm.lead(other).merged_into == kept
    assert firm.lead(other).stage == "DISQUALIFIED"


def test_what_went_over_gives_the_other_record_no_score_any_more(firm: Business) -> None:
    kept, other = firm.qualified_lead(NEED, SATO), firm.has_lead(SATO, SOON)
    firm.does(leads.judge, other)
    before = firm.lead(other).score
    firm.merges(kept, other)
    assert before > 0
    assert firm.lead(other).score == 0

    firm.parts(kept, other)
    assert firm.lead(other).score == before


def test_a_merge_taken_back_leaves_two_leads_as_they_were(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    before = firm.lead(other)
    firm.merges(kept, other)
    firm.parts(kept, other)
    after = firm.lead(other)
    assert (after.stage, after.owner_id, after.merged_into, after.company) == (
        before.stage, before.owner_id, None, "Asahi",
    )  # fmt: skip
    assert firm.does(leads.known_of, kept).budget is None
    assert firm.does(leads.known_of, other).budget == BUDGET


def test_a_wish_not_to_be_contacted_counts_for_both(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    firm.does(leads.opt_out, other, words="stop", by="prospect")
    firm.merges(kept, other)
    assert firm.lead(kept).do_not_contact


def test_a_merge_forgets_neither_that_we_reached_them_nor_that_they_wished_for_a_person(
    firm: Business, clock: Clock
) -> None:
    """D29: silence asks the rep about whom we reached (D15), and who wished for a person stays hot (D8)."""
    kept = firm.has_lead(SATO)
    clock.advance(days=1)
    other = firm.has_lead(SATO)
    firm.does(leads.want_person, other, words="お電話ください")
    firm.calls(other, Outcome.CALL_BACK, call_back_at=clock.now + timedelta(days=1))
    wished, seen = clock.now, firm.lead(other).last_activity_at
    firm.merges(kept, other)
    after = firm.lead(kept)
    assert (after.reached, after.wants_person_at, after.last_activity_at) == (True, wished, seen)


def test_nobody_is_merged_twice_or_with_himself(firm: Business, two: tuple[str, str]) -> None:
    kept, other = two
    third = firm.has_lead(Contact(name="x", email="x@x.example"), Budget(minimum=1))
    with pytest.raises(SameLead):
        firm.merges(kept, kept)
    firm.merges(kept, other)
    with pytest.raises(AlreadyMerged):
        firm.merges(third, other)
    with pytest.raises(NotMerged):
        firm.parts(third, other)


def test_merges_are_taken_back_the_last_one_first(firm: Business, two: tuple[str, str]) -> None:
    """What both knew has gone on to the third record: there is nothing to give back here."""
    kept, other = two
    third = firm.has_lead(SATO)
    firm.merges(kept, other)
    firm.merges(third, kept)
    with pytest.raises(AlreadyMerged):
        firm.parts(kept, other)
    firm.parts(third, kept)
    firm.parts(kept, other)
    assert firm.does(leads.known_of, other).budget == BUDGET
