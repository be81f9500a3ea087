"""A rep's whole day at the desk, told from ten in the morning until the digest: twenty leads, in Japanese and English."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.bootstrap import Services
from qualification.reports.digest import plan_digest
from qualification.stages import Stage
from tests.clock import Clock
from tests.desk import MONDAY_TEN, open_bench, services_in
from tests.journeys.a_day import FIRMS, Day

REP = {"ja": "yuki", "en": "ken"}
COLLEAGUE = {"ja": "ken", "en": "yuki"}
NOTE = {
    "ja": "来年3月までに導入したいとのこと。予算は300万円くらい。",
    "en": "Wants to start by March, budget about $30k.",
}


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY_TEN)


@pytest.fixture
def make_services(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Services]]:
    with services_in(tmp_path, clock) as make:
        yield make


@pytest.fixture(params=["ja", "en"])
async def day(
    request: pytest.FixtureRequest, make_services: Callable[..., Services], clock: Clock
) -> AsyncIterator[Day]:
    language = request.param
    async with open_bench(make_services, clock, bantline_language=language) as bench:
        yield Day(bench, bench.person(REP[language]), bench.person("megumi"), language)


async def test_a_reps_day(day: Day) -> None:
    leads = await day.leads_arrive(20)
    await day.bench.services.store.run(plan_digest)

    # 10:00  One press takes a lead. It is nobody else's then, and the clock goes on.
    for lead in leads[:15]:
        await day.presses("claim", lead)
    assert await day.clocks(leads[:15]) == ["open"] * 15
    assert FIRMS[day.language].format(number=1) in await day.home(day.says("home", "accept"))

    # A colleague was faster with the sixteenth; it is said in private, and nothing else happens.
    colleague = day.bench.person(COLLEAGUE[day.language])
    card = day.bench.card(leads[15])
    claim = day.button("claim")
    await colleague.clicks(claim, on=card)
    await day.rep.clicks(claim, on=card)
    await day.bench.settle()
    assert day.told_privately() == day.says("card", "already_claimed", name=colleague.record.real_name)

    # 10:20  The telephone. How a call ended is one press in the thread.
    await day.passes(minutes=20)
    for lead in leads[:4]:
        await day.logs("connected", lead)
    for lead in leads[4:7]:
        await day.logs("no_answer", lead)
    await day.logs("busy", leads[7])
    assert await day.clocks(leads[:8]) == ["met"] * 8

    # Two ask to be called later: at half past eleven, and at two.
    await day.calls_back_in(leads[8], minutes=70)
    await day.calls_back_in(leads[9], minutes=220)

    # The wrong button: taken back within five minutes, the clock is what it was; then the right one.
    await day.logs("connected", leads[10])
    await day.takes_back(leads[10])
    assert await day.clocks([leads[10]]) == ["open"]
    await day.logs("no_answer", leads[10])
    history = [event.kind for event in (await day.look(leads[10])).history]
    assert (history.count("call_logged"), history.count("undone")) == (2, 1)

    # A long talk: the pasted note fills what was still unknown, and accepting the lead earns both stages.
    await day.presses("log_call", leads[11])
    connected = {
        day.says("form", "outcome"): day.says("outcome", "connected"),
        day.says("form", "note"): NOTE[day.language],
    }
    await day.fills(connected)
    known = (await day.look(leads[11])).known
    assert known.budget is not None
    assert known.timeframe is not None
    await day.presses("accept", leads[11])
    assert (await day.look(leads[11])).lead.stage == Stage.SQL

    # 10:40  Two more are accepted. One is not for us: back it goes, with a reason; one is for next year.
    await day.passes(minutes=20)
    for lead in leads[:2]:
        await day.presses("accept", lead)
    assert [(await day.look(lead)).lead.stage for lead in leads[:2]] == [Stage.SAL, Stage.SAL]
    await day.presses("hand_back", leads[2])
    await day.fills({day.says("form", "reason"): "another region"})
    assert (await day.look(leads[2])).lead.owner_id is None
    await day.presses("hand_back", leads[3])
    await day.fills(
        {
            day.says("form", "reason"): "next year",
            day.says("desk", "and_then"): [day.says("form", "to_nurture")],
        }
    )
    assert (await day.look(leads[3])).lead.stage == Stage.NURTURE

    # That was the wrong lead: taken back, and it stands where it stood.
    await day.takes_back(leads[3])
    assert (await day.look(leads[3])).lead.stage == Stage.TQL
    assert (await day.look(leads[3])).lead.owner_id == day.rep.id

    # A prospect is in a meeting until noon: reminders wait, with a reason the managers see.
    await day.presses("snooze", leads[12])
    await day.fills({day.says("form", "reason"): "in a meeting"})
    assert "in a meeting" in day.managers_heard("in a meeting")[0]

    # 11:30  The first call-back is due: the rep is called by name, calls, and presses once.
    await day.passes(minutes=50)
    assert day.is_rung(leads[8])
    await day.logs("connected", leads[8])
    assert (await day.look(leads[8])).lead.reached

    # 13:00  Three hours are over. Nobody took the twentieth: the managers hear of it, and the channel once more.
    await day.logs("no_answer", leads[12])
    await day.logs("connected", leads[13])
    await day.passes(minutes=91)
    twentieth = FIRMS[day.language].format(number=20)
    assert len(day.managers_heard(twentieth)) == 1
    assert (await day.clocks([leads[19]])) == ["overdue"]

    # The manager, who reads Japanese, gives it to the rep, who is told, calls at once, and is late all the same.
    await day.manager.slash("/lead", f"reassign {leads[19][:8]}")
    await day.fills({"新しい主担当": day.rep.id}, who=day.manager)
    assert day.is_rung(leads[19])
    await day.logs("connected", leads[19])
    assert await day.clocks([leads[19]]) == ["met_late"]

    # 14:00  The second call-back.
    await day.passes(minutes=59)
    assert day.is_rung(leads[9])
    await day.logs("connected", leads[9])

    # The day's result stands on Home, and the managers read it at six, once.
    met = day.says("home", "today", met=14, late=1)
    assert met in await day.home(met)
    await day.passes(hours=5)
    digests = day.managers_heard(day.says("digest", "new", count=20))
    assert len(digests) == 1
    assert day.says("digest", "met_late", count=1) in digests[0]

    # And Slack never refused a thing.
    assert [call.error for call in day.bench.workspace.calls if call.error] == []
