"""Slack is answered in time while the database is locked, and what was pressed is done all the same (R8)."""

import contextlib
import sqlite3
from collections.abc import Iterator

from bot.slack.in_time import LONGEST, PATIENCE
from tests.desk import YUKI, Bench, calls_of


@contextlib.contextmanager
def locked(bench: Bench) -> Iterator[None]:
    """Somebody else holds the database's only pen, and Slack is not kept waiting."""
    bench.door.in_time.patience, bench.door.in_time.longest = PATIENCE, LONGEST
    path = bench.services.settings.database_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


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
