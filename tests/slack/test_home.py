"""Home is the work queue: mine by time left, the free ones, and buttons that work there."""

from functools import partial

import pytest

from bot.sandbox.driver import all_words
from qualification.calls import Call, Outcome, log_call
from qualification.followup import cancel_follow_ups
from qualification.records import Lead
from qualification.store import Transaction
from tests.slack.conftest import KEN, YUKI, Bench, qualified_lead


async def test_home_shows_my_leads_by_time_left_and_the_free_ones(bench: Bench) -> None:
    await bench.has_lead(company="先", owner=YUKI)
    bench.clock.advance(minutes=10)
    await bench.has_lead(company="後", owner=YUKI)
    await bench.has_lead(company="人の", owner=KEN)
    await bench.has_lead(company="空き")
    yuki = bench.person("yuki")
    yuki.opens_home()
    home = await yuki.waits_for_home("空き 山田")
    words = all_words(home.blocks)
    assert words.index("先 山田") < words.index("後 山田") < words.index("空き 山田")
    assert "人の" not in words


@pytest.mark.parametrize(
    ("hours", "japanese", "english"), [(0, "期限内に対応", "Met in time"), (4, "期限後に対応", "Met late")]
)
async def test_a_lead_whose_follow_up_was_met_says_so_in_home_and_in_lists(
    bench: Bench, hours: int, japanese: str, english: str
) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    bench.clock.advance(hours=hours)
    yuki, ken = bench.person("yuki"), bench.person("ken")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal("架電を記録"), {"架電結果": "つながった"})
    await bench.settle()
    yuki.opens_home()
    await yuki.waits_for_home(f" ・ {japanese}")
    await yuki.slash("/lead", "mine")
    assert f" ・ {japanese}" in all_words(yuki.sees_privately("#leads")[-1].blocks)
    await ken.slash("/lead", "find アサヒ")
    assert f" · {english}" in all_words(ken.sees_privately("#leads")[-1].blocks)


async def test_what_still_runs_stands_before_what_was_met_and_what_was_closed(bench: Bench) -> None:
    met = await bench.has_lead(company="済み", owner=YUKI)
    closed = await bench.has_lead(company="終わり", owner=YUKI)
    await bench.has_lead(company="これから", owner=YUKI)
    await bench.services.store.run(lambda tx: log_call(tx, tx.get(Lead, met), Call(outcome=Outcome.CONNECTED), by=YUKI))
    await bench.services.store.run(
        lambda tx: cancel_follow_ups(tx, tx.get(Lead, closed), by=YUKI, reason="disqualified")
    )
    yuki = bench.person("yuki")
    await yuki.slash("/lead", "mine")
    words = all_words(yuki.sees_privately("#leads")[-1].blocks)
    assert words.index("これから") < words.index("済み") < words.index("終わり")
    assert "フォロー終了" in words
    assert "フォローなし" not in words


async def test_a_claim_on_home_works_and_home_follows(bench: Bench) -> None:
    lead_id = await bench.has_lead(company="空き")
    ken = bench.person("ken")
    ken.opens_home()
    home = await ken.waits_for_home("空き")
    assert "Nobody's yet" in all_words(home.blocks)
    await ken.clicks("Claim", on=home)
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.owner_id == KEN
    await ken.waits_for_home("Log a call")


async def test_who_claims_on_home_too_late_gets_a_small_modal(bench: Bench) -> None:
    lead_id = await bench.has_lead(company="空き")
    ken = bench.person("ken")
    ken.opens_home()
    home = await ken.waits_for_home("空き")
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await ken.clicks("Claim", on=home)
    shown = await ken.modal()
    assert "山田 由紀 has already claimed this lead." in all_words(shown.blocks)


async def test_a_guest_who_opens_home_gets_none(bench: Bench) -> None:
    bench.person("guest").opens_home()
    await bench.settle()
    assert bench.person("guest").home is None


async def test_a_long_queue_is_cut_and_says_so(bench: Bench) -> None:
    for number in range(22):
        await bench.services.store.run(partial(_lead, number))
    yuki = bench.person("yuki")
    yuki.opens_home()
    home = await yuki.waits_for_home("20件まで")
    assert len(home.blocks) <= 100


def _lead(number: int, tx: Transaction) -> None:
    qualified_lead(tx, company=f"会社{number}", owner=YUKI)
