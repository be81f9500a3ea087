"""Many alerts at once become one, and a flood of new leads does not drown a channel (R16, S17)."""

from sqlmodel import select

from qualification.notices import ALARM
from qualification.outbox import CARD
from qualification.records import Outbound
from qualification.store import Transaction
from tests.desk import LEADS, MANAGERS, MEGUMI, Bench, qualified_lead


async def flood(bench: Bench, leads: int) -> list[str]:
    def work(tx: Transaction) -> list[str]:
        return [qualified_lead(tx, company=f"Acme {number}").id for number in range(leads)]

    ids: list[str] = await bench.services.store.run(work)
    return ids


async def minutes_pass(bench: Bench, minutes: int) -> None:
    for _ in range(minutes):
        await bench.settle()
        bench.clock.advance(minutes=1)


def rows(bench: Bench, kind: str) -> list[Outbound]:
    found = bench.services.store.read(lambda session: list(session.exec(select(Outbound)).all()))
    return [row for row in found if row.kind == kind]


def said_in(bench: Bench, channel: str) -> list[str]:
    return [message.text for message in bench.workspace.messages[channel] if not message.is_reply]


async def test_after_an_outage_the_managers_get_one_digest_and_each_thread_its_line(bench: Bench) -> None:
    leads = await flood(bench, 12)
    await bench.settle()
    bench.clock.advance(hours=8)
    await bench.settle()

    (told,) = said_in(bench, MANAGERS)
    assert told.startswith(f"<@{MEGUMI}> 12件のリードで至急のご対応が必要です")
    assert "Acme 11" in told
    assert {row.status for row in rows(bench, ALARM)} == {"folded"}
    assert all(len(bench.thread(lead)) >= 2 for lead in leads), "each thread says what is due"
    assert sum("お電話をお待ちです" in text for text in said_in(bench, LEADS)) == 1
    assert not any(message.broadcast for lead in leads for message in bench.thread(lead))


async def test_a_few_alerts_are_said_one_by_one(bench: Bench) -> None:
    await flood(bench, 3)
    await bench.settle()
    bench.clock.advance(hours=3)
    await bench.settle()
    assert len(said_in(bench, MANAGERS)) == 3


async def test_a_flood_of_leads_comes_minute_by_minute_with_one_line_and_none_is_lost(bench: Bench) -> None:
    most = bench.services.store.policy.alerts.new_leads_a_minute
    leads = await flood(bench, most * 2 + 5)
    await bench.settle()
    posted = said_in(bench, LEADS)
    assert len(posted) == most + 1
    assert sum(f"ほか{most + 5}件" in text for text in posted) == 1

    await minutes_pass(bench, 5)
    assert {row.status for row in rows(bench, CARD)} == {"sent"}
    assert len(said_in(bench, LEADS)) == len(leads) + 1
