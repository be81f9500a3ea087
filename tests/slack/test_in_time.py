"""Slack is answered in time while the database is locked, and what was pressed is done all the same (R8)."""

import contextlib
import sqlite3
from collections.abc import Iterator

from bot.sandbox.delivery import ACK_WITHIN
from bot.slack.in_time import LONGEST, PATIENCE
from tests.desk import LEADS, YUKI, Bench, calls_of
from tests.slack.visit import Visit, taken_over


@contextlib.contextmanager
def locked(bench: Bench) -> Iterator[None]:
    """Somebody else holds the database's only pen, and Slack is not kept waiting."""
    bench.door.in_time.patience, bench.door.in_time.longest = PATIENCE, LONGEST
    path = bench.services.settings.database_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_whoever_waits_longest_is_answered_while_slack_still_listens() -> None:
    assert PATIENCE < LONGEST < ACK_WITHIN.total_seconds()


async def test_what_could_not_be_kept_in_time_slack_is_asked_to_bring_again(http_bench: Bench) -> None:
    visit = Visit(http_bench)
    rep, card = await taken_over(visit), visit.card
    with locked(http_bench):
        rep.posts(LEADS, "少々お待ちください", thread=card)
        await http_bench.server.settled()
        assert [one.status for one in http_bench.server.delivery.log[-2:]] == [503, 503]
        assert len(http_bench.server.delivery.undelivered) == 1
    http_bench.clock.advance(minutes=1)
    await visit.settles()
    await visit.window_passes()
    assert http_bench.server.delivery.undelivered == []
    assert visit.from_the_rep == ["少々お待ちください"]


async def test_a_claim_pressed_while_the_database_is_locked_is_acknowledged_and_done(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    await bench.door.desk.people.who(YUKI, bench.house)
    with locked(bench):
        await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
        assert (await bench.dossier(lead_id)).lead.owner_id is None
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.owner_id == YUKI


async def test_a_command_typed_while_the_database_is_locked_is_answered_when_it_is_done(bench: Bench) -> None:
    yuki = bench.person("yuki")
    await bench.door.desk.people.who(YUKI, bench.house)
    with locked(bench):
        await yuki.slash("/lead", "new 鈴木 花子, 北浜商店 在庫管理に困っています")
        assert yuki.sees_privately("#leads") == []
    await bench.settle()
    assert next(message.text for message in yuki.sees_privately("#leads")).startswith("北浜商店")


async def test_a_form_that_cannot_be_kept_in_time_stays_open_and_says_so(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    form = await yuki.modal("架電を記録")
    with locked(bench):
        errors = await yuki.submits(form, {"架電結果": "つながった"})
        assert list(errors.values()) == [bench.door.desk.voice("ja").says("busy")]
    await bench.settle()
    assert await yuki.submits(form, {"架電結果": "つながった"}) == {}
    assert await calls_of(bench, lead_id) == 1
