"""The interview a rep holds on the phone: only what is unknown, one step at a time, nothing lost (M94)."""

from bot.sandbox.driver import all_words
from bot.slack.queue import SHORT_ID
from qualification.bant import Budget, Role, Topic
from qualification.stages import Stage
from tests.desk import YUKI, Bench

TITLE = "聞き取りを進める"


async def test_the_form_walks_through_what_is_unknown_and_ends_as_a_call(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.slash("/lead", f"interview {lead_id[:SHORT_ID]}")
    step = await yuki.modal(TITLE)
    assert "【導入時期】" in all_words(step.blocks)
    assert await yuki.submits(step, {"導入時期": "半年以内"}) == {}
    step = await yuki.modal(TITLE)
    assert "【決裁権】" in all_words(step.blocks)
    assert await yuki.submits(step, {"決裁権": "自分で決める"}) == {}
    step = await yuki.modal(TITLE)
    assert await yuki.submits(step, {"お客様のことば（予算）": "300万円くらいです"}) == {}
    end = await yuki.modal(TITLE)
    assert await yuki.submits(end, {"メモ": "来週提案"}) == {}
    await bench.settle()

    dossier = await bench.dossier(lead_id)
    known = dossier.known
    assert known.unknown == ()
    assert known.authority is not None
    assert known.authority.role is Role.DECISION_MAKER
    assert known.budget == Budget(minimum=3_000_000, maximum=3_000_000, currency="JPY")
    assert {known.about(topic).said_by for topic in (Topic.BUDGET, Topic.TIMEFRAME)} == {YUKI}  # type: ignore[union-attr]  # all known
    assert dossier.lead.stage == Stage.TQL
    assert dossier.lead.owner_id == YUKI
    assert dossier.follow_up is not None
    assert dossier.follow_up.grade == "two_way"
    assert yuki.open_modal is None


async def test_an_empty_step_is_passed_over_and_a_closed_form_loses_nothing(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.clicks(TITLE, on=bench.card(lead_id))
    step = await yuki.modal(TITLE)
    await yuki.submits(step, {})
    step = await yuki.modal(TITLE)
    await yuki.submits(step, {"お客様のことば（決裁権）": "私が決めます"})
    step = await yuki.modal(TITLE)
    assert "【予算】" in all_words(step.blocks)
    await yuki.closes()
    dossier = await bench.dossier(lead_id)
    assert dossier.known.unknown == (Topic.TIMEFRAME, Topic.BUDGET)
    assert "call_logged" not in [event.kind for event in dossier.history]


async def test_half_an_interview_earns_what_it_earns_without_a_finish(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    await yuki.clicks("受け入れる", on=bench.card(lead_id))
    await bench.settle()
    before = (await bench.dossier(lead_id)).lead
    await yuki.clicks(TITLE, on=bench.card(lead_id))
    await yuki.submits(await yuki.modal(TITLE), {"導入時期": "3か月以内"})
    await yuki.submits(await yuki.modal(TITLE), {"お客様のことば（決裁権）": "私が決めます"})
    await yuki.submits(await yuki.modal(TITLE), {"お客様のことば（予算）": "300万円です"})
    await bench.settle()

    lead = (await bench.dossier(lead_id)).lead
    assert (before.stage, lead.stage) == (Stage.SAL, Stage.SQL)
    assert lead.score > before.score


async def test_what_cannot_be_read_is_asked_again_under_its_field(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.clicks(TITLE, on=bench.card(lead_id))
    step = await yuki.modal(TITLE)
    errors = await yuki.submits(step, {"お客様のことば（導入時期）": "ほげ"})
    assert "例：9月まで" in errors["お客様のことば（導入時期）"]


async def test_a_note_that_answers_several_questions_is_read_at_once_and_they_are_not_asked(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    await yuki.clicks(TITLE, on=bench.card(lead_id))
    step = await yuki.modal(TITLE)
    await yuki.chooses("お客様のことば（導入時期）", "来年3月までに。予算は800万円くらい。", on=step)
    await yuki.clicks("メモを読み取る", on=step)
    await bench.settle()
    words = all_words(step.blocks)
    assert "読み取った内容（「次へ」で記録します）：\n・導入時期：2027年3月31日まで\n・予算：800万円" in words
    assert await yuki.submits(step) == {}
    assert "【決裁権】" in all_words((await yuki.modal(TITLE)).blocks)
    known = (await bench.dossier(lead_id)).known
    assert known.unknown == (Topic.AUTHORITY,)
    heard = {answer.words for topic in (Topic.TIMEFRAME, Topic.BUDGET) if (answer := known.about(topic))}
    assert heard == {"来年3月までに", "予算は800万円くらい"}


async def test_an_id_nobody_has_is_said_so(bench: Bench) -> None:
    yuki = bench.person("yuki")
    await yuki.slash("/lead", "interview abcdef12")
    assert yuki.sees_privately("#leads")[-1].text == "該当するリードがありません。「/lead find ことば」で探せます。"
