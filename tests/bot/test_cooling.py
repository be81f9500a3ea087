"""The running program judges again what time has changed, a handful at a time, and one bad row keeps nobody back."""

from datetime import timedelta

import pytest

from bot.cooling import MOST_AT_ONCE, Cooling
from qualification.records import Lead
from qualification.store import Transaction
from tests.business import NEED, SATO, Business


async def test_more_leads_than_a_handful_cool_down_one_handful_after_the_other(firm: Business) -> None:
    many = [firm.qualified_lead(NEED, SATO) for _ in range(MOST_AT_ONCE + 2)]
    firm.clock.advance(days=91)
    cooling = Cooling(firm.store)

    assert [(await cooling.round())[0] for _ in range(3)] == [MOST_AT_ONCE, 2, 0]
    assert {firm.lead(lead).temperature for lead in many} == {"cold"}


def breaks(tx: Transaction, lead: Lead) -> None:
    lead.behaviour, lead.judged_until = {"mail_clicked": "not a sum"}, tx.now + timedelta(days=1)


async def test_a_record_nobody_can_judge_keeps_nobody_behind_it(firm: Business) -> None:
    broken, well = firm.qualified_lead(NEED, SATO), firm.qualified_lead(NEED, SATO)
    firm.does(breaks, broken)
    firm.clock.advance(days=91)
    with pytest.raises(ValueError, match="unpack"):
        await Cooling(firm.store).round()

    assert firm.lead(well).temperature == "cold"
