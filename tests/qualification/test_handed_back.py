"""An accepted lead that sales gives back: nobody answers for it, so the next contact is owed anew (D12, D16)."""

from qualification import deeds, ownership
from qualification.calls import Outcome
from qualification.deals import Result, Told, tell_result
from qualification.followup import Status
from qualification.records import FollowUp, Lead, Timer
from qualification.stages import Stage
from qualification.steps import take_due_steps
from qualification.store import Transaction
from qualification.timers import TimerStatus
from tests.business import Business
from tests.clock import jst
from tests.qualification.databases import on_both_databases


def accepted_and_spoken_with(firm: Business) -> str:
    lead = firm.qualified_lead(owner_id="yuki", channel="C1")
    firm.calls(lead, Outcome.CONNECTED)
    firm.does(ownership.accept, lead, by="yuki")
    firm.clock.advance(hours=1)
    return lead


def running(firm: Business, lead: str) -> list[str]:
    return [row.rule for row in firm.all(FollowUp) if row.lead_id == lead and row.status == Status.OPEN]


@on_both_databases
def test_an_accepted_lead_that_is_given_back_is_owed_a_contact_and_climbs_the_ladder_until_somebody_makes_it(
    firm: Business,
) -> None:
    lead = accepted_and_spoken_with(firm)
    firm.does(ownership.hand_back, lead, reason="担当外", by="yuki")
    assert (firm.lead(lead).stage, firm.lead(lead).owner_id) == (Stage.SAL, None)
    assert running(firm, lead) == ["first_contact"]

    def take(tx: Transaction) -> None:
        due = [row for row in tx.find(Timer, "status", TimerStatus.WAITING) if row.due_at <= tx.now]
        take_due_steps(tx, {row.subject_id for row in due if row.kind == "step"})

    firm.clock.now = jst("2026-05-18 14:00")
    firm.store.run_here(take)
    assert [row.payload["facts"]["tells"] for row in firm.said("alarm") if row.payload["event"] == "step_taken"] == [
        "manager"
    ]
    firm.calls(lead, Outcome.CONNECTED, by="ken")
    assert running(firm, lead) == []


def test_what_is_given_back_by_mistake_is_owed_nothing_once_that_is_taken_back(firm: Business) -> None:
    lead = accepted_and_spoken_with(firm)

    def by_mistake(tx: Transaction, row: Lead) -> None:
        back = deeds.Kind.HAND_BACK
        deeds.do(tx, row, back, lambda: ownership.hand_back(tx, row, reason="担当外", by="yuki"), by="yuki")

    firm.does(by_mistake, lead)
    firm.does(lambda tx, row: deeds.undo(tx, deeds.deeds_on(tx, row.id)[-1], by="yuki"), lead)
    assert running(firm, lead) == []


def test_who_gives_a_lost_deal_back_leaves_nobody_a_call_to_make(firm: Business) -> None:
    lead = accepted_and_spoken_with(firm)
    firm.does(tell_result, lead, Told(result=Result.LOST), by="yuki")
    firm.does(ownership.hand_back, lead, reason="失注", by="yuki")
    assert running(firm, lead) == []
