"""A lead is handed on: by a manager any, by a rep their own, and to nobody who may not work on it."""

import pytest

from bot.sandbox.driver import pressable_labels
from tests.desk import KEN, MEGUMI, YUKI, Bench


async def test_a_manager_reassigns_from_home_and_both_reps_are_told(bench: Bench) -> None:
    for name in ("yuki", "ken"):
        bench.person(name).opens_home()
    await bench.settle()
    lead_id = await bench.has_lead(owner=YUKI)
    bench.clock.advance(hours=4)
    await bench.settle()
    megumi = bench.person("megumi")
    megumi.opens_home()
    await megumi.clicks("担当を変更", on=await megumi.waits_for_home("担当を変更"))
    form = await megumi.modal("担当を変更")
    assert await megumi.submits(form, {"新しい主担当": KEN}) == {}
    await bench.settle()

    dossier = await bench.dossier(lead_id)
    assert dossier.lead.owner_id == KEN
    change = [event for event in dossier.history if event.kind == "owner_changed"][-1]
    assert (change.by, change.facts["before"], change.facts["after"]) == (MEGUMI, YUKI, KEN)
    told = bench.thread(lead_id)[-1]
    assert told.text.startswith(f"<@{KEN}> <@{YUKI}> 主担当がKen Millerさんになりました（変更：佐藤 恵さん）")
    assert {"つながった", "取り消す（5分以内）"} <= set(pressable_labels(told.blocks))
    await bench.person("ken").waits_for_home("アサヒ工業")


@pytest.mark.parametrize("owner", [None, YUKI], ids=["nobody's", "somebody's"])
async def test_a_manager_gives_a_late_lead_to_a_rep_from_the_line_that_rang(bench: Bench, owner: str | None) -> None:
    lead_id = await bench.has_lead(owner=owner)
    bench.clock.advance(hours=4)
    await bench.settle()
    megumi = bench.person("megumi")
    await megumi.clicks("担当を変更", on=bench.managers_see()[-1])
    assert await megumi.submits(await megumi.modal("担当を変更"), {"新しい主担当": KEN}) == {}
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.owner_id == KEN


@pytest.mark.parametrize("chosen", ["U0GUEST0001", "U0OTHERBOT1"], ids=["a guest", "a bot"])
async def test_a_lead_is_not_given_to_somebody_who_may_not_work_on_it(bench: Bench, chosen: str) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    megumi = bench.person("megumi")
    await megumi.clicks("担当を変更", on=bench.card(lead_id))
    errors = await megumi.submits(await megumi.modal("担当を変更"), {"新しい主担当": chosen})
    assert errors == {"新しい主担当": "この方はリードを担当できません。当社の担当者を選んでください。"}
    assert (await bench.dossier(lead_id)).lead.owner_id == YUKI


async def test_a_rep_hands_on_their_own_lead_and_no_other(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    ken = bench.person("ken")
    await ken.clicks("担当を変更", on=bench.card(lead_id))
    await bench.settle()
    assert ken.sees_privately("#leads")[-1].text == "Only the owner or a manager can hand a lead on."
    yuki = bench.person("yuki")
    await yuki.clicks("担当を変更", on=bench.card(lead_id))
    assert await yuki.submits(await yuki.modal("担当を変更"), {"新しい主担当": KEN}) == {}
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.owner_id == KEN
    assert f"<@{KEN}>" in bench.thread(lead_id)[-1].text
    assert f"<@{YUKI}>" not in bench.thread(lead_id)[-1].text
