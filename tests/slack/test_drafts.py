"""A form that was closed gives back what stood in it; sent in, it begins anew."""

from datetime import timedelta

from bot.sandbox import payloads
from bot.sandbox.driver import all_words
from bot.sandbox.records import View
from qualification.bant import Budget, Topic
from qualification.records import Lead
from tests.desk import Bench, calls_of, say

CALL, TYPIST = "架電を記録", "聞き取りを進める"
BACK_AGAIN = "前回閉じたときの入力内容を復元しました。"


async def opened(bench: Bench, lead_id: str, button: str = CALL, who: str = "yuki") -> View:
    await bench.person(who).clicks(button, on=bench.card(lead_id))
    return await bench.person(who).modal()


async def test_a_call_form_closed_by_mistake_gives_everything_back(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    form = await opened(bench, lead_id)
    at = bench.clock() + timedelta(hours=2)
    for label, typed in (
        ("架電結果", "かけ直し"),
        ("かけ直す日時", at),
        ("予算", "300万円"),
        ("メモ", "受付の方が親切"),
    ):
        await yuki.chooses(label, typed, on=form)
    await yuki.closes()
    await bench.settle()

    again = await opened(bench, lead_id)
    assert BACK_AGAIN in all_words(again.blocks)
    assert again.typed["budget"]["budget"]["value"] == "300万円"
    assert await yuki.submits(again) == {}
    dossier = await bench.dossier(lead_id)
    assert dossier.known.budget is not None
    (call,) = [event for event in dossier.history if event.kind == "call_logged"]
    assert (call.facts["outcome"], call.facts["note"]) == ("call_back", "受付の方が親切")


async def test_a_form_that_was_sent_in_begins_anew(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    form = await opened(bench, lead_id)
    await yuki.chooses("メモ", "一度目", on=form)
    await yuki.closes()
    await bench.settle()
    assert await yuki.submits(await opened(bench, lead_id), {"架電結果": "不在"}) == {}
    again = await opened(bench, lead_id)
    assert BACK_AGAIN not in all_words(again.blocks)
    assert await calls_of(bench, lead_id) == 1


async def test_a_change_that_arrives_late_brings_nothing_back(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    form = await opened(bench, lead_id)
    await yuki.chooses("メモ", "最後のひとこと", on=form)
    typed = {"type": "plain_text_input", "action_id": "call_note", "block_id": "call_note", "action_ts": "9999999999.0"}
    late = payloads.block_actions_in_view(
        bench.workspace, user=yuki.record, view=form, actions=[typed], trigger=bench.workspace.new_trigger(yuki.record)
    )
    assert await yuki.submits(form, {"架電結果": "不在"}) == {}
    await bench.server.delivery.hand_over("interactive", late, way="socket")
    await bench.settle()
    assert BACK_AGAIN not in all_words((await opened(bench, lead_id)).blocks)


async def test_what_was_known_when_the_form_was_opened_is_nobodys_draft(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(knows_all=True), bench.person("yuki")
    await yuki.chooses("メモ", "下書き", on=await opened(bench, lead_id))
    await yuki.closes()
    await bench.settle()
    newer = Budget(minimum=9_000_000, maximum=9_000_000, currency="JPY")
    await bench.services.store.run(lambda tx: say(tx, tx.get(Lead, lead_id), Topic.BUDGET, newer, "900万円"))
    again = await opened(bench, lead_id)
    assert BACK_AGAIN in all_words(again.blocks)
    assert again.typed["budget"]["budget"]["value"] == "900万円"


async def test_a_draft_is_for_one_person_one_lead_and_one_day(bench: Bench) -> None:
    lead_id, other = await bench.has_lead(), await bench.has_lead(company="別の会社")
    yuki = bench.person("yuki")
    await yuki.chooses("メモ", "下書き", on=await opened(bench, lead_id))
    await yuki.closes()
    await bench.settle()
    for lead, who, button in ((other, "yuki", CALL), (lead_id, "ken", CALL)):
        assert "restored" not in all_words((await opened(bench, lead, button, who)).blocks)
        assert BACK_AGAIN not in all_words((await bench.person(who).modal()).blocks)
        await bench.person(who).closes()
    bench.clock.advance(hours=25)
    await bench.settle()
    assert BACK_AGAIN not in all_words((await opened(bench, lead_id)).blocks)


async def test_the_rep_finds_the_words_of_each_question_where_they_were(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.submits(await opened(bench, lead_id, TYPIST), {})
    await yuki.chooses("お客様のことば（決裁権）", "部長の承認がいるらしい", on=await yuki.modal(TYPIST))
    await yuki.closes()
    await bench.settle()

    first = await opened(bench, lead_id, TYPIST)
    assert BACK_AGAIN not in all_words(first.blocks)
    await yuki.submits(first, {"お客様のことば（導入時期）": "半年以内"})
    second = await yuki.modal(TYPIST)
    assert BACK_AGAIN in all_words(second.blocks)
    assert await yuki.submits(second) == {}
    assert (await bench.dossier(lead_id)).known.authority is not None
