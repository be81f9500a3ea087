"""The same person twice: the card says so, a person decides, and a merge can be taken back (D29)."""

from bot.sandbox.driver import all_words
from qualification import deeds
from qualification.bant import Topic
from qualification.records import Lead
from qualification.store import Transaction
from tests.desk import KEN, YUKI, Bench

LOOKS_LIKE = "同じ方の記録かもしれません：アサヒ工業 山田 太郎様（TQL、メールアドレス、電話番号、会社名とお名前が一致）"
SAME, OTHER = "同じ方です。このリードに統合する", "別の方です。今後は表示しない"
QUESTION = "どちらでしょうか"


async def two_alike(bench: Bench, **given: str) -> tuple[str, str]:
    """Yamada wrote twice; the second time he named his budget."""
    first = await bench.has_lead(**given)
    return await bench.has_lead(knows_all=True), first


async def compared(bench: Bench, lead_id: str, who: str = "yuki", answer: str = SAME) -> None:
    person = bench.person(who)
    await person.clicks("見比べる…", on=bench.card(lead_id))
    form = await person.modal("同じ方ですか")
    assert "似ている記録：アサヒ工業 山田 太郎様" in all_words(form.blocks)
    assert "03-1234-5678" in all_words(form.blocks)
    assert await person.submits(form, {QUESTION: answer}) == {}
    await bench.settle()


async def lead_of(bench: Bench, lead_id: str) -> Lead:
    return (await bench.dossier(lead_id)).lead


async def test_a_card_says_who_it_looks_like_and_one_lead_is_made_of_two(bench: Bench) -> None:
    lead_id, other = await two_alike(bench)
    assert LOOKS_LIKE in all_words(bench.card(lead_id).blocks)
    assert LOOKS_LIKE in bench.card(lead_id).text
    await compared(bench, lead_id)
    assert (await lead_of(bench, other)).merged_into == lead_id
    assert "かもしれません" not in all_words(bench.card(lead_id).blocks)
    line = bench.thread(lead_id)[-1]
    assert "同じお客様の別の記録" in line.text
    merged = all_words(bench.card(other).blocks)
    assert f"理由：別の記録と統合（{lead_id[:8]}）" in merged
    assert lead_id not in merged
    assert "未確認" not in merged
    assert "担当者の対応まで" not in merged
    assert f"（別の記録と統合 {lead_id[:8]}）" in bench.thread(other)[-1].text
    await bench.person("yuki").clicks("取り消す（5分以内）", on=line)
    await bench.settle()
    assert (await lead_of(bench, other)).merged_into is None
    assert (await bench.dossier(other)).known.about(Topic.NEED) is not None
    assert line.text.startswith("取り消し済み：")
    for one in (lead_id, other):
        assert "TQL" in all_words(bench.card(one).blocks)
        assert LOOKS_LIKE in all_words(bench.card(one).blocks)
    assert f"（{lead_id[:8]}）との統合を取り消しました" in bench.thread(other)[-1].text


async def test_who_is_somebody_else_is_never_asked_about_again(bench: Bench) -> None:
    lead_id, other = await two_alike(bench)
    await compared(bench, lead_id, answer=OTHER)
    for one in (lead_id, other):
        assert "かもしれません" not in all_words(bench.card(one).blocks)
        assert (await lead_of(bench, one)).merged_into is None
    assert "は別の方だと確認しました" in bench.thread(lead_id)[-1].text


async def test_who_said_by_mistake_that_it_is_somebody_else_takes_it_back_on_both_cards(bench: Bench) -> None:
    lead_id, other = await two_alike(bench)
    await compared(bench, lead_id, answer=OTHER)
    line = bench.thread(lead_id)[-1]
    await bench.person("yuki").clicks("取り消す（5分以内）", on=line)
    await bench.settle()
    assert line.text.startswith("取り消し済み：")
    for one in (lead_id, other):
        assert "かもしれません" in all_words(bench.card(one).blocks)
        assert bench.thread(one)[-2].text.startswith("取り消し済み：")
        assert "別の方という確認" in bench.thread(one)[-1].text
    await compared(bench, other, answer=OTHER)
    assert "かもしれません" not in all_words(bench.card(lead_id).blocks)


async def test_a_rep_cannot_merge_with_the_lead_of_another(bench: Bench) -> None:
    lead_id, other = await two_alike(bench, owner=KEN)
    yuki = bench.person("yuki")
    await yuki.clicks("見比べる…", on=bench.card(lead_id))
    await bench.settle()
    assert "このリードの主担当は" in yuki.sees_privately("#leads")[-1].text
    await compared(bench, lead_id, "megumi")
    assert (await lead_of(bench, other)).merged_into == lead_id
    assert (await lead_of(bench, lead_id)).owner_id == KEN


async def test_a_form_that_stood_open_is_judged_as_things_are_now(bench: Bench) -> None:
    lead_id, other = await two_alike(bench)
    ken = bench.person("ken")
    await ken.clicks("見比べる…", on=bench.card(lead_id))
    form = await ken.modal("The same person?")
    await bench.person("yuki").clicks("担当する", on=bench.card(other))
    refused = await ken.submits(form, {"What do you say?": "The same person: merge into this lead"})
    assert refused == {"What do you say?": "This lead belongs to 山田 由紀. Please talk to 山田 由紀 or to a manager."}
    assert (await lead_of(bench, other)).merged_into is None
    assert (await lead_of(bench, other)).owner_id == YUKI


async def test_a_call_logged_by_an_old_button_of_the_merged_record_keeps_the_promise_of_the_one_that_was_kept(
    bench: Bench,
) -> None:
    """The clock went over with the merge; the outcome buttons still stand in the other thread."""
    lead_id, other = await two_alike(bench)
    await bench.person("yuki").clicks("担当する", on=bench.card(other))
    await bench.settle()
    claimed = bench.thread(other)[-1]
    await compared(bench, lead_id)
    await bench.person("yuki").clicks("つながった", on=claimed)
    await bench.settle()

    kept = await bench.dossier(lead_id)
    assert kept.follow_up is not None
    assert kept.follow_up.status == "met"
    assert [event.kind for event in kept.history].count("call_logged") == 1
    assert (await bench.dossier(other)).lead.stage == "DISQUALIFIED"
    await bench.person("yuki").clicks("取り消す（5分以内）", on=claimed)
    await bench.settle()
    assert (await bench.dossier(lead_id)).follow_up.status == "open"  # type: ignore[union-attr]


async def test_a_form_that_stood_open_over_the_merge_is_kept_with_the_record_that_was_kept(bench: Bench) -> None:
    lead_id, other = await two_alike(bench)
    yuki = bench.person("yuki")
    await yuki.clicks("架電を記録", on=bench.card(other))
    form = await yuki.modal()
    await compared(bench, lead_id, "megumi")
    assert await yuki.submits(form, {"架電結果": "つながった", "会社": "みなと物流"}) == {}
    await bench.settle()
    assert (await lead_of(bench, lead_id)).company == "みなと物流"


async def test_the_talk_script_of_a_merged_record_asks_nothing_anew(bench: Bench) -> None:
    lead_id, other = await two_alike(bench)
    script = bench.thread(other)[0]
    before = all_words(script.blocks)
    await compared(bench, lead_id)
    assert all_words(script.blocks) == before


async def merged_while(bench: Bench, kept: str, other: str) -> None:
    def work(tx: Transaction) -> None:
        deeds.merge(tx, tx.get(Lead, kept), tx.get(Lead, other), by=KEN)

    await bench.services.store.run(work)


async def test_an_interview_that_stood_open_over_a_merge_goes_on_with_what_the_kept_record_lacks(bench: Bench) -> None:
    lead_id, other = await two_alike(bench, owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.clicks("聞き取りを進める", on=bench.card(other))
    form = await yuki.modal("聞き取りを進める")
    await merged_while(bench, lead_id, other)

    assert await yuki.submits(form, {"お客様のことば（導入時期）": "来年3月"}) == {}
    await bench.settle()
    assert "メモ" in all_words((await yuki.modal()).blocks), "the kept record lacks nothing more"


async def test_an_old_button_of_a_merged_record_claims_and_gives_away_the_record_that_was_kept(bench: Bench) -> None:
    lead_id, other = await two_alike(bench)
    card, yuki = bench.card(other), bench.person("yuki")
    as_it_was = [dict(block) for block in card.blocks]
    await merged_while(bench, lead_id, other)
    await bench.settle()
    card.blocks = as_it_was

    await yuki.clicks("担当する", on=card)
    await bench.settle()
    assert [(await lead_of(bench, one)).owner_id for one in (lead_id, other)] == [YUKI, None]
    await yuki.slash("/lead", f"reassign {other[:8]}")
    assert await yuki.submits(await yuki.modal("担当を変更"), {"新しい主担当": KEN}) == {}
    assert [(await lead_of(bench, one)).owner_id for one in (lead_id, other)] == [KEN, None]
