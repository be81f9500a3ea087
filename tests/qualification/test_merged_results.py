"""What became of a deal is known of the person, whichever of their records was kept."""

import pytest

from qualification.deals import Result, Told, tell_result
from qualification.dossier import dossier_of
from qualification.followup import cancel_follow_ups
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
