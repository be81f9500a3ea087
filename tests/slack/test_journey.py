"""A rep's work in Slack, from the card to the accepted lead, over both ways in."""

from bot.sandbox.driver import all_words
from qualification.followup import Status
from qualification.stages import Stage
from tests.slack.conftest import LEADS, MANAGERS, YUKI, Bench


async def work_through(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    form = await yuki.modal("架電を記録")
    heard = {"架電結果": "つながった", "予算": "300万円くらい", "導入時期": "来年3月まで"}
    assert await yuki.submits(form, heard) == {}
    await bench.settle()
    await yuki.clicks("受け入れる", on=bench.card(lead_id))
    await bench.settle()

    dossier = await bench.dossier(lead_id)
    card = all_words(bench.card(lead_id).blocks)
    assert dossier.lead.owner_id == YUKI
    assert dossier.lead.stage == Stage.SQL
    assert dossier.follow_up is not None
    assert dossier.follow_up.status == Status.MET
    assert "期限内に対応済み：山田 由紀さんの架電（つながった）" in card
    assert "予算：300万円 — 山田 由紀（電話）「300万円くらい」" in card
    assert [message.ts for message in bench.workspace.messages[LEADS] if message.thread_ts in (None, message.ts)] == [
        bench.card(lead_id).ts
    ]
    assert [call for call in bench.workspace.calls if call.error] == []


async def test_a_rep_claims_calls_and_accepts_over_socket_mode(bench: Bench) -> None:
    await work_through(bench)


async def test_a_rep_claims_calls_and_accepts_over_signed_http(http_bench: Bench) -> None:
    await work_through(http_bench)


async def test_the_talk_script_is_the_first_reply_and_shrinks_as_answers_come(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    assert "【予算】" in all_words(bench.thread(lead_id)[0].blocks)
    yuki = bench.person("yuki")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    form = await yuki.modal("架電を記録")
    await yuki.submits(form, {"架電結果": "つながった", "予算": "300万円"})
    await bench.settle()
    script = all_words(bench.thread(lead_id)[0].blocks)
    assert "【予算】" not in script
    assert "【決裁権】" in script


async def test_nobody_calls_so_the_owner_is_rung_and_the_managers_hear_twice_in_one_thread(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    bench.clock.advance(minutes=91)
    await bench.settle()
    assert f"<@{YUKI}>" in bench.thread(lead_id)[-1].text
    assert bench.managers_see() == []

    bench.clock.advance(minutes=90)
    await bench.settle()
    bench.clock.advance(minutes=60)
    await bench.settle()
    first, second = bench.managers_see()
    assert "U0MEGUMI001" in first.text
    assert "アサヒ工業 山田 太郎様" in first.text
    assert "カードを開く" in all_words(first.blocks)
    assert second.thread_ts == first.ts
    assert second.broadcast
    assert first.channel == MANAGERS
    assert "期限超過" in all_words(bench.card(lead_id).blocks)


async def test_while_nobody_owns_a_lead_the_channel_is_reminded_and_nobody_is_rung(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    bench.clock.advance(minutes=91)
    await bench.settle()
    reminder = bench.thread(lead_id)[-1]
    assert reminder.broadcast
    assert "<" not in reminder.text
    assert "担当する" in reminder.text
