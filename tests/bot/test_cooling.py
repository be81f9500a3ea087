"""The running program judges again what time has changed, a handful at a time, and one bad row keeps nobody back."""

import asyncio
from datetime import timedelta

from bot.upkeep.cooling import MOST_AT_ONCE, Cooling
from qualification.records import Lead
from qualification.store import Transaction
from tests.business import NEED, SATO, Business


async def test_more_leads_than_a_handful_cool_down_one_handful_after_the_other(firm: Business) -> None:
    many = [firm.qualified_lead(NEED, SATO) for _ in range(MOST_AT_ONCE + 2)]
    firm.clock.advance(days=91)
    cooling = Cooling(firm.store)

    assert [len(await cooling.round()) for _ in range(3)] == [MOST_AT_ONCE, 2, 0]
    assert {firm.lead(lead).temperature for lead in many} == {"cold"}


async def test_of_two_that_are_at_it_one_finds_nothing_left_to_do(firm: Business) -> None:
    for _ in range(MOST_AT_ONCE):
        firm.qualified_lead(NEED, SATO)
    firm.clock.advance(days=91)
    one, other = await asyncio.gather(Cooling(firm.store).round(), Cooling(firm.store).round())

    assert sorted((any(one), any(other))) == [False, True]


def breaks(tx: Transaction, lead: Lead) -> None:
    lead.behaviour, lead.judged_until = {"mail_clicked": "not a sum"}, tx.now + timedelta(days=1)


async def test_records_nobody_can_judge_keep_nobody_behind_them_and_are_tried_again(firm: Business) -> None:
    broken = [firm.qualified_lead(NEED, SATO) for _ in range(MOST_AT_ONCE)]
    for lead in broken:
        firm.does(breaks, lead)
    well = firm.qualified_lead(NEED, SATO)
    firm.clock.advance(days=91)
    cooling = Cooling(firm.store)

    assert [len(await cooling.round()) for _ in range(3)] == [MOST_AT_ONCE, 1, MOST_AT_ONCE]
    assert firm.lead(well).temperature == "cold"
