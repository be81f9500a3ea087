"""A rep's work in Slack, from the card to the accepted lead, over both ways in."""

from functools import partial

from bot.sandbox.driver import all_words, pressable_labels
from qualification import leads
from qualification.bant import Budget, Topic
from qualification.followup import Status
from qualification.records import Lead
from qualification.stages import Stage
from qualification.store import Transaction
from tests.desk import LEADS, MANAGERS, YUKI, Bench, say


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


async def test_the_talk_script_opens_with_the_name_of_whoever_has_the_lead_now(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    assert "〇〇と申します" in all_words(bench.thread(lead_id)[0].blocks)
    yuki = bench.person("yuki")
    await yuki.clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    assert "山田 由紀と申します" in all_words(bench.thread(lead_id)[0].blocks)
    await yuki.clicks("差し戻す", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal("差し戻す"), {"理由": "担当エリア外です"})
    await bench.settle()
    assert "〇〇と申します" in all_words(bench.thread(lead_id)[0].blocks)


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


async def test_a_lead_that_nobody_takes_is_said_aloud_twice_in_its_channel_and_no_more(bench: Bench) -> None:
    """The first reminder, and the escalation; what comes after each of them takes its place."""
    lead_id = await bench.has_lead()
    for minutes in (91, 60, 30, 60):
        bench.clock.advance(minutes=minutes)
        await bench.settle()
    aloud = [message for message in bench.thread(lead_id) if message.broadcast]
    assert len(aloud) == 2
    assert "まもなく対応期限" in aloud[0].text
    assert "過ぎています" in aloud[1].text
    assert len(bench.managers_see()) == 2


async def test_a_lead_that_nobody_has_is_claimed_from_the_line_that_says_so_aloud(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    for minutes in (91, 60, 30, 60):
        bench.clock.advance(minutes=minutes)
        await bench.settle()
    for aloud in (message for message in bench.thread(lead_id) if message.broadcast):
        assert pressable_labels(aloud.blocks) == ["担当する"]
    await bench.person("yuki").clicks("担当する", on=aloud)
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.owner_id == YUKI


async def test_a_line_that_was_said_aloud_says_who_has_the_lead_once_somebody_does(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    for minutes in (91, 60, 30, 60):
        bench.clock.advance(minutes=minutes)
        await bench.settle()
    aloud = [message for message in bench.thread(lead_id) if message.broadcast]
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    for line in aloud:
        assert pressable_labels(line.blocks) == []
        assert "主担当：山田 由紀さん" in all_words(line.blocks)
        assert "担当者は未定です" not in all_words(line.blocks)
    assert len([message for message in bench.thread(lead_id) if message.broadcast]) == 2, "nobody is rung by it"

    claimed = next(
        line for line in reversed(bench.thread(lead_id)) if "取り消す（5分以内）" in pressable_labels(line.blocks)
    )
    await bench.person("yuki").clicks("取り消す（5分以内）", on=claimed)
    await bench.settle()
    for line in aloud:
        assert pressable_labels(line.blocks) == ["担当する"]
        assert "主担当" not in all_words(line.blocks)


async def test_a_line_that_was_said_aloud_tells_of_the_call_that_somebody_made_at_once(bench: Bench) -> None:
    """Who logs a call on a lead that nobody has takes it, and its duty is met with the same press."""
    lead_id = await bench.has_lead()
    bench.clock.advance(minutes=91)
    await bench.settle()
    (aloud,) = (message for message in bench.thread(lead_id) if message.broadcast)
    yuki = bench.person("yuki")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal("架電を記録"), {"架電結果": "つながった"})
    await bench.settle()
    assert aloud.text.startswith("完了：アサヒ工業 山田 太郎様")
    assert pressable_labels(aloud.blocks) == []


async def test_an_owned_lead_is_said_aloud_once_and_its_owner_is_called_each_time(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    for minutes in (91, 60, 30, 60):
        bench.clock.advance(minutes=minutes)
        await bench.settle()
    rung = [message for message in bench.thread(lead_id) if f"<@{YUKI}>" in message.text]
    assert "担当する" not in [label for message in rung for label in pressable_labels(message.blocks)]
    assert [message.broadcast for message in rung] == [False, False, True, False]


async def test_a_wish_for_a_person_with_the_first_card_is_not_said_twice_in_the_channel(bench: Bench) -> None:
    def asks(tx: Transaction) -> str:
        lead = leads.capture(tx, language="ja", via="chat")
        leads.want_person(tx, lead, words="担当者と話したい")
        return lead.id

    lead_id = await bench.services.store.run(asks)
    await bench.settle()
    assert [message.broadcast for message in bench.thread(lead_id)] == [False, False]


async def test_while_a_prospect_goes_on_talking_the_card_is_edited_once(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    for number in range(5):
        await bench.services.store.run(partial(answers, lead_id, f"{number}00万円です"))
        await bench.settle()
        bench.clock.advance(seconds=5)
    edits = len([call for call in bench.workspace.calls if call.method == "chat.update"])
    bench.clock.advance(seconds=45)
    await bench.settle()
    assert edits == 0
    assert "400万円です" in all_words(bench.card(lead_id).blocks)


async def test_a_press_draws_the_card_at_once_with_what_had_waited(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    await bench.services.store.run(partial(answers, lead_id, "300万円です"))
    await bench.settle()
    assert "300万円です" not in all_words(bench.card(lead_id).blocks)
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    assert "300万円です" in all_words(bench.card(lead_id).blocks)


def answers(lead_id: str, words: str, tx: Transaction) -> None:
    budget = Budget(minimum=3_000_000, maximum=3_000_000, currency="JPY")
    say(tx, tx.get(Lead, lead_id), Topic.BUDGET, budget, words)


async def test_while_nobody_owns_a_lead_the_channel_is_reminded_and_nobody_is_rung(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    bench.clock.advance(minutes=91)
    await bench.settle()
    reminder = bench.thread(lead_id)[-1]
    assert reminder.broadcast
    assert "<" not in reminder.text
    assert "担当する" in reminder.text
