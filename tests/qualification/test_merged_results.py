"""What became of a deal is known of the person, whichever of their records was kept."""

import pytest

from qualification import leads, ownership
from qualification.calls import Outcome
from qualification.deals import Result, Told, tell_result
from qualification.dossier import dossier_of
from qualification.followup import Status, cancel_follow_ups
from qualification.stages import Stage
from tests.business import Business
from tests.qualification.databases import on_both_databases


def shown(firm: Business, lead: str) -> list[str]:
    dossier = firm.store.run_here(lambda tx: dossier_of(tx, lead, policy=tx.policy, now=tx.now))
    return [line.facts["result"] for line in dossier.results]


@on_both_databases
@pytest.mark.parametrize("result", [Result.WON, Result.LOST])
def test_a_deal_that_was_decided_on_the_record_that_went_into_another_is_over_on_that_one(
    firm: Business, result: Result
) -> None:
    kept, other = firm.qualified_lead(), firm.has_lead(stage=Stage.SQL)
    firm.does(cancel_follow_ups, kept, reason="test", by="yuki")
    firm.clock.advance(hours=1)
    firm.does(tell_result, other, Told(result=result), by="yuki")
    over_at = firm.clock.now
    firm.clock.advance(hours=1)
    firm.merges(kept, other)
    assert (shown(firm, kept), firm.lead(kept).deal_over_at) == ([result], over_at)

    firm.parts(kept, other)
    assert (shown(firm, kept), firm.lead(kept).deal_over_at) == ([], None)
    assert (shown(firm, other), firm.lead(other).deal_over_at) == ([result], over_at)


def test_who_was_promised_a_call_after_the_deal_is_owed_it_though_the_card_tells_of_the_deal(firm: Business) -> None:
    other = firm.has_lead(stage=Stage.SQL)
    firm.does(tell_result, other, Told(result=Result.WON), by="yuki")
    firm.clock.advance(days=30)
    kept = firm.qualified_lead()
    firm.merges(kept, other)

    assert (shown(firm, kept), firm.lead(kept).deal_over_at) == (["won"], None)


def on_offer(firm: Business, *, was_called: bool) -> str:
    """A TQL that sales has been asked about."""
    lead = firm.qualified_lead()
    if was_called:
        firm.calls(lead, Outcome.CONNECTED)
    assert firm.clocks_of(lead)["acceptance"].status == Status.OPEN
    return lead


@on_both_databases
@pytest.mark.parametrize("offer_is_kept", [True, False], ids=["into the one on offer", "into the lost one"])
@pytest.mark.parametrize(
    ("offered_at", "was_called", "is_over"),
    [
        (0, True, True),
        (0, False, True),  # they were called since, on the other record
        (1, True, True),  # all that was left was a decision about somebody whom sales had accepted
        (1, False, False),  # the call they were promised is owed still
        (2, True, False),  # they came anew after the loss
        (2, False, False),
    ],
)
def test_a_tql_on_offer_and_a_lost_deal_of_one_person_come_out_alike_whichever_record_is_kept(
    firm: Business, offer_is_kept: bool, offered_at: int, was_called: bool, is_over: bool
) -> None:
    """Offered before the other record was accepted, before its deal was lost, or after."""
    made: dict[str, str] = {}

    def offered() -> None:
        made["offered"] = on_offer(firm, was_called=was_called)

    def accepted() -> None:
        made["lost"] = firm.qualified_lead()
        firm.calls(made["lost"], Outcome.CONNECTED)
        firm.does(ownership.accept, made["lost"], by="yuki")

    def lost() -> None:
        firm.does(tell_result, made["lost"], Told(result=Result.LOST), by="yuki")

    course = [accepted, lost]
    course.insert(offered_at, offered)
    for happens in course:
        happens()
        firm.clock.advance(minutes=10)
    over_at = firm.lead(made["lost"]).deal_over_at
    kept, other = (made["offered"], made["lost"]) if offer_is_kept else (made["lost"], made["offered"])
    firm.merges(kept, other)

    assert firm.lead(kept).stage == Stage.SAL
    assert firm.clocks_of(kept)["acceptance"].status != Status.OPEN
    assert firm.lead(kept).deal_over_at == (over_at if is_over else None)

    firm.parts(kept, other)
    assert (firm.lead(made["lost"]).deal_over_at, firm.lead(made["offered"]).deal_over_at) == (over_at, None)
    assert (firm.lead(made["lost"]).stage, firm.lead(made["offered"]).stage) == (Stage.SAL, Stage.TQL)


def test_who_left_after_a_deal_that_was_won_on_a_merged_record_is_told_of_on_the_kept_one(firm: Business) -> None:
    kept, other = firm.has_lead(), firm.qualified_lead()
    firm.does(tell_result, other, Told(result=Result.WON), by="yuki")
    firm.clock.advance(days=1)
    firm.merges(kept, other)
    firm.clock.advance(days=100)
    firm.does(tell_result, kept, Told(result=Result.LEFT), by="yuki")

    assert shown(firm, kept) == ["won", "left"]


def test_the_kept_record_of_somebody_whose_other_record_qualified_once_has_a_deal_to_tell_of(firm: Business) -> None:
    """Put aside on both since: where they had come to stands in the other record's history."""
    kept, other = firm.has_lead(stage=Stage.NURTURE), firm.qualified_lead()
    firm.does(leads.put_aside, other, Stage.NURTURE, rule="silence", by="clock")
    firm.merges(kept, other)
    assert firm.lead(kept).stage == Stage.NURTURE
    firm.does(tell_result, kept, Told(result=Result.LOST), by="yuki")

    assert shown(firm, kept) == ["lost"]
