"""Sales accepts a lead with one press, or hands it back with a reason (M14, M15, D16)."""

from bot.sandbox.driver import all_words
from qualification.stages import Stage
from tests.desk import KEN, YUKI, Bench


async def test_accepting_a_free_lead_makes_it_sal_and_gives_it_an_owner(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    await bench.person("ken").clicks("受け入れる", on=bench.card(lead_id))
    lead = (await bench.dossier(lead_id)).lead
    assert (lead.stage, lead.owner_id) == (Stage.SAL, KEN)


async def test_accepting_a_lead_that_satisfies_the_rule_writes_both_moves(bench: Bench) -> None:
    lead_id = await bench.has_lead(knows_all=True)
    await bench.person("ken").clicks("受け入れる", on=bench.card(lead_id))
    dossier = await bench.dossier(lead_id)
    moves = [(event.facts["before"], event.facts["after"]) for event in dossier.history if event.kind == "stage_moved"]
    assert moves[-2:] == [("TQL", "SAL"), ("SAL", "SQL")]


async def test_pressing_accept_on_an_old_card_again_is_refused_politely(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    card = bench.card(lead_id)
    await yuki.clicks("受け入れる", on=card)
    await yuki.clicks("受け入れる", on=card)
    await bench.settle()
    (told,) = yuki.sees_privately("#leads")
    assert told.text == "現在のステージ（SAL）では、この操作は行えません。"


async def test_handing_back_needs_a_reason_and_the_lead_is_free_again(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    yuki = bench.person("yuki")
    await yuki.clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    await yuki.clicks("差し戻す", on=bench.card(lead_id))
    form = await yuki.modal("差し戻す")
    assert "理由" in await yuki.submits(form, {"理由": "　 "})
    assert await yuki.submits(form, {"理由": "担当エリア外です"}) == {}
    await bench.settle()
    lead = (await bench.dossier(lead_id)).lead
    assert (lead.stage, lead.owner_id) == (Stage.TQL, None)
    assert "担当エリア外です" in "".join(all_words(message.blocks) for message in bench.thread(lead_id))


async def test_handing_back_to_nurture_stops_the_clock(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.clicks("差し戻す", on=bench.card(lead_id))
    form = await yuki.modal("差し戻す")
    await yuki.submits(form, {"理由": "来期に再検討", "差し戻したあと": ["育成中に移す"]})
    dossier = await bench.dossier(lead_id)
    assert dossier.lead.stage == Stage.NURTURE
    assert dossier.follow_up is not None
    assert dossier.follow_up.status == "cancelled"


async def test_a_manager_may_hand_back_the_lead_of_a_rep(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    megumi = bench.person("megumi")
    await megumi.clicks("差し戻す", on=bench.card(lead_id))
    form = await megumi.modal("差し戻す")
    assert await megumi.submits(form, {"理由": "担当を変えます"}) == {}
    assert (await bench.dossier(lead_id)).lead.owner_id is None
