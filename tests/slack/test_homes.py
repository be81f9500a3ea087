"""Home is drawn again when something changed: once for many changes, for those who looked at it lately, as Slack takes it."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.slack.afterwards import Afterwards
from bot.slack.homes import Homes
from tests.desk import YUKI, Bench, qualified_lead


@dataclass
class Patience:
    """How long somebody was told to wait, and a door that opens when the test says so."""

    waits: list[float] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    afterwards: Afterwards = field(default_factory=Afterwards)

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        await self.over.wait()


@pytest.fixture
async def patient(bench: Bench) -> tuple[Homes, Patience]:
    """Home as it is drawn in real life, but for the waiting."""
    bench.person("yuki").opens_home()
    await bench.person("yuki").waits_for_home()
    patience = Patience()
    homes = Homes(
        bench.services, bench.door.desk.gateway, patience.afterwards, coalesce=1, rest=patience, ticks=lambda: 100.0
    )
    return homes, patience


def drawn(bench: Bench) -> int:
    return [call.method for call in bench.workspace.calls].count("views.publish")


async def test_many_changes_are_one_drawing_of_what_is_true_in_the_end(
    bench: Bench, patient: tuple[Homes, Patience]
) -> None:
    homes, patience = patient
    await bench.has_lead(company="最初")
    before = drawn(bench)
    for _ in range(30):
        await homes.lead_changed()
    await bench.services.store.run(lambda tx: qualified_lead(tx, company="最後"))
    patience.over.set()
    await patience.afterwards.finished()
    assert drawn(bench) == before + 1
    await bench.person("yuki").waits_for_home("最後 山田")
    await homes.lead_changed()
    await patience.afterwards.finished()
    assert patience.waits == [1, 5]  # the second drawing nobody asked for comes some seconds after the first


async def test_who_has_not_looked_for_half_a_day_is_drawn_nothing(bench: Bench) -> None:
    bench.person("yuki").opens_home()
    await bench.person("yuki").waits_for_home()
    bench.clock.advance(hours=13)
    before = drawn(bench)
    await bench.has_lead()
    assert drawn(bench) == before


async def test_who_reads_the_messages_of_the_app_has_not_asked_for_home(bench: Bench) -> None:
    bench.person("yuki").opens_home(tab="messages")
    await bench.server.settled()
    await bench.settle()
    assert drawn(bench) == 0


@pytest.fixture(params=["bench", "http_bench"], ids=["socket mode", "signed http"])
def either_bench(request: pytest.FixtureRequest) -> Bench:
    bench: Bench = request.getfixturevalue(request.param)
    return bench


async def test_what_reaches_us_only_by_a_repeat_of_slack_is_heard(either_bench: Bench) -> None:
    """The repeat may be the only delivery that works."""
    bench, delivery = either_bench, either_bench.server.delivery
    address, lines = bench.workspace.request_url, list(delivery.sockets)
    delivery.sockets.clear()
    bench.workspace.request_url = address and "http://127.0.0.1:9/"
    bench.person("yuki").opens_home()
    await bench.server.settled()
    delivery.sockets.extend(lines)
    bench.workspace.request_url = address
    bench.clock.advance(minutes=1)
    await bench.server.settled()
    await bench.person("yuki").waits_for_home()
    assert [(one.attempt, one.status) for one in delivery.log] == [(0, 0), (1, 0), (2, 200)]


async def test_a_home_slack_does_not_take_now_is_drawn_when_slack_asked_for_it(bench: Bench) -> None:
    waits: list[float] = []

    async def rest(seconds: float) -> None:
        waits.append(seconds)
        await bench.services.store.run(lambda tx: qualified_lead(tx, company="あとから"))
        bench.clock.advance(seconds=seconds)

    bench.person("yuki").opens_home()
    await bench.person("yuki").waits_for_home()
    homes = Homes(bench.services, bench.door.desk.gateway, bench.door.desk.afterwards, rest=rest)
    bench.workspace.faults.status("views.publish", 429, retry_after=7)
    homes.draw(YUKI)
    await bench.door.desk.afterwards.finished()
    assert waits == [7]
    await bench.person("yuki").waits_for_home("あとから 山田")
