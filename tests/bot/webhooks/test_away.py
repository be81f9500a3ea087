"""A receiver that is away, busy, gone or hangs: everything arrives once and in its order, and nobody else waits."""

import asyncio
from datetime import timedelta

import pytest

from bot.delivery import MOST_AT_ONCE
from bot.webhook.errand import asked_to_wait
from qualification import leads, outbox
from qualification.notices import ALARM
from qualification.passed_on import WEBHOOK
from qualification.stages import Stage
from qualification.store import Store
from tests.bot.webhooks.office import SECRET, is_signed, office, told, waiting
from tests.business import Business
from tests.clock import MONDAY_TEN, Clock
from tests.log_book import log_book
from tests.patience import PATIENCE
from tests.program import Program, program
from tests.qualification.databases import on_both_databases


async def test_a_repeat_has_the_same_id_and_is_signed_for_its_own_time(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    firm.qualified_lead()
    crm.answers = [(503, {})]
    async with office(store, clock, crm) as desk:
        await desk.ticks()
        clock.advance(seconds=2)
        await desk.ticks()

    first, second = crm.tried
    assert first.id == second.id
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 2
    assert is_signed(second, SECRET, clock)


@on_both_databases
async def test_after_an_hour_away_everything_arrives_once_and_each_lead_in_its_order(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    crm.answers = [(502, {})] * 10_000
    pair = [firm.qualified_lead(), firm.qualified_lead()]
    async with office(store, clock, crm) as desk:
        for minute in range(60):
            if stage := {10: Stage.NURTURE, 20: Stage.DISQUALIFIED}.get(minute):
                for lead in pair:
                    firm.does(leads.put_aside, lead, stage, rule="by_hand", words="(said)", by="yuki")
            await desk.ticks()
            clock.advance(minutes=1)
        crm.answers.clear()
        for _ in range(30):
            await desk.ticks()
            clock.advance(minutes=1)

    assert len({one.id for one in crm.took}) == len(crm.took) == len(firm.said(WEBHOOK))
    assert waiting(firm) == []
    for lead in pair:
        moves = [told(one) for one in crm.took if told(one)["data"]["lead"]["id"] == lead]
        after = [one["data"]["facts"].get("after") for one in moves if one["type"] == "stage_moved"]
        assert after == [Stage.TQL, Stage.NURTURE, Stage.DISQUALIFIED]
        assert [one["id"] for one in moves] == sorted(one["id"] for one in moves)


async def test_a_receiver_that_hangs_keeps_no_alarm_waiting(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    crm.door.clear()
    for _ in range(MOST_AT_ONCE + 8):
        firm.qualified_lead()
    async with office(store, clock, crm, kinds=(ALARM,)) as desk:
        running = asyncio.create_task(desk.worker.run())
        async with asyncio.timeout(PATIENCE):
            while len(crm.tried) < 8:
                await asyncio.sleep(0.01)
            store.run_here(lambda tx: outbox.queue(tx, key="alarm", kind=ALARM, lead_id=None, payload={}))
            while "alarm" not in desk.slack.got:
                await asyncio.sleep(0.01)
        assert [row.problem for row in firm.said(WEBHOOK) if row.problem] == [], "no webhook had to end first"
        crm.door.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("status", [400, 401, 404, 410, 413, 422])
async def test_who_refuses_what_we_send_is_not_asked_again_and_the_operator_hears_of_it(
    firm: Business, store: Store, clock: Clock, crm: Program, status: int
) -> None:
    firm.qualified_lead()
    crm.answers = [(status, {"Retry-After": "5"})]
    with log_book() as log:
        async with office(store, clock, crm) as desk:
            await desk.ticks()
            clock.advance(hours=1)
            await desk.ticks()

    row = next(row for row in firm.said(WEBHOOK) if row.id == crm.tried[0].id)
    assert (row.status, len([one for one in crm.tried if one.id == row.id])) == ("failed", 1)
    assert row.problem is not None
    assert row.problem.startswith(f"the receiver answered {status}: it ")
    assert "errand_given_up" in log.getvalue()


@pytest.mark.parametrize("status", [301, 307, 408, 425, 429, 500, 503])
async def test_who_is_only_busy_or_moved_is_asked_again(
    firm: Business, store: Store, clock: Clock, crm: Program, status: int
) -> None:
    firm.qualified_lead()
    with program() as elsewhere:
        crm.answers = [(status, {"Location": elsewhere.url})]
        async with office(store, clock, crm) as desk:
            await desk.ticks()
            clock.advance(seconds=2)
            await desk.ticks()

    assert (len(crm.tried), len(crm.took), elsewhere.tried) == (2, 1, []), "and no redirect is followed"


async def test_who_asks_us_to_wait_is_asked_nothing_meanwhile(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    firm.qualified_lead()
    crm.answers = [(429, {"Retry-After": "120"})]
    async with office(store, clock, crm) as desk:
        await desk.ticks()
        firm.qualified_lead()
        for _ in range(11):
            clock.advance(seconds=10)
            await desk.ticks()
        assert len(crm.tried) == 1
        clock.advance(seconds=10)
        await desk.ticks()

    assert len(crm.took) == 2


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("99999999999999999999", timedelta(hours=1)),
        ("Mon, 18 May 2026 01:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 18 May 2026 00:05:00 GMT", timedelta()),
        ("Mon, 18 May 2037 00:05:00 GMT", timedelta(hours=1)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
    ],
)
def test_how_long_a_receiver_asks_us_to_wait(said: str, wait: timedelta | None) -> None:
    assert asked_to_wait(said, MONDAY_TEN) == wait
