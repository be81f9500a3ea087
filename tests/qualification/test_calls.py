"""What a logged call means for the clock and the lead (D9, D11, M38)."""

import pytest

from qualification.call_backs import call_back_due
from qualification.calls import GRADE_OF, CallBackInThePast, Outcome
from qualification.records import Lead, Timer
from qualification.stages import Stage
from qualification.writing.rows import key_of
from tests.business import BUDGET, NEED, SATO, SOON, Business
from tests.clock import jst

TOMORROW = jst("2026-05-19 10:00")


@pytest.mark.parametrize(
    ("outcome", "grade", "reached"),
    [
        (Outcome.CONNECTED, "two_way", True),
        (Outcome.NO_ANSWER, "attempt", False),
        (Outcome.BUSY, "attempt", False),
        (Outcome.WRONG_NUMBER, "attempt", False),
        (Outcome.CALL_BACK, "reached", True),
    ],
)
def test_every_outcome_meets_the_clock_with_its_grade(
    firm: Business, outcome: Outcome, grade: str, reached: bool
) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=40)
    firm.calls(lead, outcome, call_back_at=TOMORROW if outcome is Outcome.CALL_BACK else None)

    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status, clock.grade, firm.lead(lead).reached) == ("met", grade, reached)
    assert clock.evidence == {"kind": "call", "detail": outcome, "by": "yuki"}
    (met,) = firm.history(lead, "follow_up_met")
    assert (met.data["minutes"], met.data["late"]) == (40, False)


def test_no_outcome_is_without_a_grade() -> None:
    assert set(GRADE_OF) == set(Outcome)


def test_who_asks_not_to_be_called_is_reached_and_off_limits(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.DO_NOT_CONTACT, note="二度と電話しないでください")

    row = firm.lead(lead)
    assert (row.stage, row.do_not_contact, row.reached) == (Stage.DISQUALIFIED, True, True)


def test_a_talk_that_itself_qualifies_the_lead_meets_the_clock_at_once(firm: Business) -> None:
    lead = firm.has_lead(origin="outbound")
    firm.calls(lead, Outcome.CONNECTED, NEED)

    clock = firm.clock_of(lead)
    assert clock is not None
    assert firm.moves(lead) == ["TQL"]
    assert (clock.status, clock.grade, clock.started_at, clock.ended_at) == (
        "met",
        "two_way",
        firm.clock.now,
        firm.clock.now,
    )


def test_a_call_nobody_answered_moves_nobody(firm: Business) -> None:
    lead = firm.has_lead(SATO, origin="outbound")
    firm.calls(lead, Outcome.NO_ANSWER)

    assert firm.moves(lead) == []


@pytest.mark.parametrize("outcome", [Outcome.CALL_BACK, Outcome.REPLIED])
def test_reaching_somebody_is_no_talk_that_confirms_a_need(firm: Business, outcome: Outcome) -> None:
    """M13, D2: a TQL takes a two-way talk."""
    lead = firm.has_lead(NEED, SATO)
    firm.calls(lead, outcome, call_back_at=TOMORROW)

    assert firm.moves(lead) == []


def test_what_was_heard_on_the_phone_can_complete_an_accepted_lead(firm: Business) -> None:
    lead = firm.has_lead(NEED, SATO, stage=Stage.SAL)
    firm.calls(lead, Outcome.CONNECTED, BUDGET, SOON)

    assert firm.moves(lead) == ["SQL"]


@pytest.mark.parametrize("at", [None, jst("2026-05-18 10:00"), jst("2026-05-17 10:00")])
def test_a_call_back_needs_a_time_to_come(firm: Business, at: object) -> None:
    lead = firm.qualified_lead()
    with pytest.raises(CallBackInThePast):
        firm.calls(lead, Outcome.CALL_BACK, call_back_at=at)

    assert firm.history(lead, "call_logged") == []


def test_the_owner_hears_when_the_call_back_is_due(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    firm.calls(lead, Outcome.CALL_BACK, call_back_at=TOMORROW)
    (timer,) = [row for row in firm.all(Timer) if row.kind == "call_back"]
    assert timer.due_at == TOMORROW

    firm.clock.now = TOMORROW
    firm.store.run_here(lambda tx: call_back_due(tx, tx.get(Timer, key_of(timer))))

    (ring,) = firm.said("ring")
    assert ring.payload["event"] == "call_back_due"


def test_nobody_is_reminded_to_call_back_who_opted_out_meanwhile(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.CALL_BACK, call_back_at=TOMORROW)
    firm.calls(lead, Outcome.DO_NOT_CONTACT)
    (timer,) = [row for row in firm.all(Timer) if row.kind == "call_back"]
    firm.store.run_here(lambda tx: call_back_due(tx, tx.get(Timer, key_of(timer))))

    assert firm.said("ring") == []
    assert firm.row(Lead, lead).do_not_contact
