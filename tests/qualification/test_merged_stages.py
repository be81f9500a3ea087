"""Where a person stands who stood on two records (D1, D7)."""

from datetime import datetime

import pytest

from qualification import leads, ownership
from qualification.calls import Outcome
from qualification.duplicates import (
    AtStage,
    stands_at,
)
from qualification.records import FollowUp
from qualification.stages import Stage
from tests.business import NEED, SATO, Business
from tests.clock import Clock, jst
from tests.qualification.databases import on_both_databases


def test_an_accepted_lead_is_not_offered_once_more_by_a_merge(firm: Business) -> None:
    kept, other = firm.qualified_lead(NEED, SATO), firm.qualified_lead(NEED, SATO)
    firm.does(ownership.accept, kept, by="yuki")
    firm.merges(kept, other)
    assert "acceptance" not in {row.rule for row in firm.all(FollowUp) if row.status == "open"}


@on_both_databases
def test_a_lead_that_sales_had_accepted_stays_accepted_when_it_is_merged_into_a_fresh_record(firm: Business) -> None:
    kept, other = firm.has_lead(SATO, owner_id="ken"), firm.qualified_lead(NEED, SATO)
    firm.calls(other, Outcome.CONNECTED)
    firm.does(ownership.accept, other, by="yuki")
    firm.does(ownership.confirm, other, reason="先方と合意", by="yuki")
    firm.merges(kept, other)
    after = firm.lead(kept)
    assert (after.stage, after.owner_id, after.due_at) == ("SQL", "yuki", None)
    assert [row.data["rule"] for row in firm.history(kept, "stage_moved")] == ["merged"] * 3

    firm.parts(kept, other)
    assert [(firm.lead(lead).stage, firm.lead(lead).owner_id) for lead in (kept, other)] == [
        ("LEAD", "ken"), ("SQL", "yuki"),
    ]  # fmt: skip


def test_a_merge_wakes_nobody_whom_a_person_put_aside_after_sales_had_accepted(firm: Business, clock: Clock) -> None:
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO)
    firm.does(ownership.accept, other, by="yuki")
    clock.advance(days=1)
    firm.does(leads.put_aside, kept, Stage.NURTURE, rule="handed_back", by="ken")
    firm.merges(kept, other)
    assert firm.lead(kept).stage == "NURTURE"


EARLY, LATE = jst("2026-05-18 10:00"), jst("2026-05-20 10:00")
STAND = [
    ("LEAD", LATE, "MQL", EARLY, "other"),
    ("TQL", LATE, "MQL", EARLY, "kept"),
    ("MQL", EARLY, "SAL", LATE, "other"),
    ("LEAD", LATE, "NURTURE", EARLY, "other"),  # what was known by then lifts nobody
    ("MQL", EARLY, "NURTURE", LATE, "kept"),  # only a person, or silence, moves a lead down
    ("NURTURE", EARLY, "NURTURE", LATE, "other"),
    ("NURTURE", LATE, "NURTURE", EARLY, "kept"),
    ("NURTURE", EARLY, "MQL", LATE, "other"),  # back since then
    ("NURTURE", LATE, "TQL", EARLY, "kept"),
    ("NURTURE", LATE, "LEAD", EARLY, "kept"),
    ("DISQUALIFIED", EARLY, "SQL", LATE, "kept"),  # only a manager opens it again
    ("SQL", EARLY, "DISQUALIFIED", LATE, "kept"),
]


@pytest.mark.parametrize(("kept", "kept_since", "other", "other_since", "says"), STAND)
def test_of_two_records_one_says_where_the_person_stands(
    kept: str, kept_since: datetime, other: str, other_since: datetime, says: str
) -> None:
    """D1, D7."""
    stand = {"kept": AtStage(Stage(kept), kept_since), "other": AtStage(Stage(other), other_since)}
    assert stands_at(stand["kept"], stand["other"]) is stand[says]


@on_both_databases
def test_whom_a_rep_put_aside_is_not_offered_to_sales_by_a_merge_into_an_empty_record(
    firm: Business, clock: Clock
) -> None:
    """D16: the old talk is no news; what they do since then is."""
    other = firm.qualified_lead(NEED, SATO)
    firm.does(ownership.hand_back, other, reason="来期", to_nurture=True, by="yuki")
    clock.advance(days=5)
    kept = firm.has_lead()
    firm.merges(kept, other)
    assert firm.lead(kept).stage == "NURTURE"
    assert [row for row in firm.all(FollowUp) if row.status == "open"] == []

    clock.advance(days=1)
    firm.talks_in_chat(kept, NEED)
    assert firm.lead(kept).stage == "TQL"


def test_a_merge_taken_back_takes_back_what_it_made_of_the_kept_record(firm: Business) -> None:
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO, owner_id="yuki", reached=True)
    firm.does(leads.want_person, other, words="お電話ください")
    firm.merges(kept, other)
    assert firm.lead(kept).stage == "TQL"

    firm.parts(kept, other)
    after = firm.lead(kept)
    assert (after.stage, after.owner_id, after.due_at, after.wants_person_at, after.reached) == (
        "LEAD", None, None, None, False,
    )  # fmt: skip
    assert {row.lead_id for row in firm.all(FollowUp) if row.status == "open"} == {other}


def test_what_was_done_with_the_kept_record_since_stands_when_a_merge_is_taken_back(
    firm: Business, clock: Clock
) -> None:
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO)
    firm.merges(kept, other)
    clock.advance(days=1)
    firm.does(ownership.accept, kept, by="yuki")
    firm.parts(kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).owner_id) == ("SAL", "yuki")
    assert firm.lead(other).due_at is not None
