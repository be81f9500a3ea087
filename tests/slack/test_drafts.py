"""A form that was closed gives back what stood in it; sent in, it begins anew."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.sandbox import payloads
from bot.sandbox.driver import all_words
from bot.sandbox.records import View
from bot.slack.records import SlackDraft
from qualification import ownership
from qualification.bant import Budget, Topic
from qualification.duplicates import merge
from qualification.records import Lead
from qualification.store import Transaction
from tests.desk import KEN, MEGUMI, YUKI, Bench, calls_of, say

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


@pytest.mark.parametrize(
    ("button", "field", "more"),
    [
        ("差し戻す", "理由", {"差し戻したあと": ["育成中に移す"]}),
        ("スヌーズ", "理由", {"いつまで": "3時間"}),
        ("商談結果を記録", "メモ", {"商談結果": "失注"}),
        ("かけ直し…", "メモ", {}),
    ],
)
async def test_every_form_with_words_in_it_gives_them_back_when_it_was_closed(
    bench: Bench, button: str, field: str, more: dict[str, Any]
) -> None:
    lead_id, yuki = await bench.has_lead(knows_all=True), bench.person("yuki")
    await yuki.clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    claimed = bench.thread(lead_id)[-1]
    if "商談" in button:
        await yuki.clicks("受け入れる", on=bench.card(lead_id))
        await bench.settle()
    on = claimed if button == "かけ直し…" else bench.card(lead_id)
    await yuki.clicks(button, on=on)
    form = await yuki.modal()
    for label, typed in ({field: "来期に再検討とのこと"} | more).items():
        await yuki.chooses(label, typed, on=form)
    await yuki.closes()
    await bench.settle()
    assert yuki.sees_privately("#leads") == []

    await yuki.clicks(button, on=on)
    again = await yuki.modal()
    assert BACK_AGAIN in all_words(again.blocks)
    assert "来期に再検討とのこと" in str(again.typed)
    for chosen in more.values():
        assert (chosen if isinstance(chosen, str) else chosen[0]) in str(again.typed)
    assert await yuki.submits(again) == {}
    assert "来期に再検討とのこと" in str((await bench.dossier(lead_id)).history)


async def test_the_note_at_the_end_of_the_interview_is_there_again(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(knows_all=True), bench.person("yuki")
    await yuki.chooses("メモ", "次回は見積りを持参", on=await opened(bench, lead_id, TYPIST))
    await yuki.closes()
    await bench.settle()
    again = await opened(bench, lead_id, TYPIST)
    assert await yuki.submits(again) == {}
    (call,) = [line for line in (await bench.dossier(lead_id)).history if line.kind == "call_logged"]
    assert call.facts["note"] == "次回は見積りを持参"


async def test_an_edited_mail_is_there_again_and_in_no_other_mail(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")

    async def previewed(template: str) -> View:
        await yuki.submits(await opened(bench, lead_id, "メールを送る"), {"テンプレート": template})
        return await yuki.modal("プレビュー")

    await yuki.chooses("本文", "10分かけて書いた本文です。", on=await previewed("初回のご連絡"))
    await yuki.closes(everything=True)
    await bench.settle()
    other = await previewed("お電話がつながらなかったとき")
    assert BACK_AGAIN not in all_words(other.blocks)
    await yuki.closes(everything=True)

    again = await previewed("初回のご連絡")
    assert again.typed["body"]["body"]["value"] == "10分かけて書いた本文です。"
    assert again.typed["subject"]["subject"]["value"].startswith("お問い合わせのお礼"), "as the template has it"
    assert await yuki.submits(again, {}) == {}
    await bench.settle()
    assert BACK_AGAIN not in all_words((await previewed("初回のご連絡")).blocks)


async def left_in_closed_forms(bench: Bench, lead_id: str) -> list[str]:
    """Yuki typed a note and five mails as long as a field holds, closed every form, and the lead is Ken's by now."""
    texts = [f"{letter * 1_400}\n{letter * 1_400}終" for letter in "あいうえおか"]

    def leave(tx: Transaction) -> None:
        for number, text in enumerate(texts):
            key = f"{YUKI}:mail_form:{lead_id}:{number}:ja"
            tx.add(SlackDraft(key=key, lead_id=lead_id, fields={"body": {"value": text}}, at=tx.now))
        ownership.reassign(tx, tx.get(Lead, lead_id), to=KEN, by=MEGUMI, by_manager=True)

    await bench.services.store.run(leave)
    return texts


async def test_all_that_a_rep_typed_is_handed_out_in_a_channel_however_much_it_is(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(owner=YUKI), bench.person("yuki")
    texts = await left_in_closed_forms(bench, lead_id)
    await yuki.clicks(CALL, on=bench.card(lead_id))
    await bench.settle()
    said = "\n".join(all_words(message.blocks) for message in yuki.sees_privately("#leads"))
    assert "このリードのフォームに入力していた内容：" in said
    assert all(line in said for text in texts for line in text.splitlines())


async def test_all_that_a_rep_typed_is_handed_out_on_home_as_well(bench: Bench) -> None:
    await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    yuki.opens_home()
    home = await yuki.waits_for_home("アサヒ工業")
    (lead_id,) = bench.services.store.read(lambda session: session.exec(select(Lead.id)).all())
    texts = await left_in_closed_forms(bench, lead_id)
    await yuki.clicks(CALL, on=home)
    await bench.settle()
    said = all_words((await yuki.modal()).blocks)
    assert all(line in said for text in texts for line in text.splitlines())


async def test_what_was_typed_about_a_record_that_was_merged_since_is_handed_out_on_the_kept_one(bench: Bench) -> None:
    kept, other = await bench.has_lead(owner=KEN), await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.chooses("メモ", "担当は佐藤様", on=await opened(bench, other))
    await yuki.closes()
    await bench.settle()
    await bench.services.store.run(lambda tx: merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by=MEGUMI))
    await yuki.clicks(CALL, on=bench.card(kept))
    await bench.settle()
    assert "担当は佐藤様" in all_words(yuki.sees_privately("#leads")[-1].blocks)
