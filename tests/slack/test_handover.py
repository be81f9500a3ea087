"""Sales accepts a lead with one press, or hands it back with a reason (M14, M15, D16)."""

from datetime import timedelta
from pathlib import Path

from bot.sandbox.driver import all_words, pressable_labels
from qualification import deeds, leads
from qualification.answers import PROSPECT
from qualification.bant import Budget, Timeframe, Topic
from qualification.deeds import Kind
from qualification.policy import load_policy
from qualification.records import Lead
from qualification.stages import Stage
from qualification.store import Transaction
from tests.desk import KEN, YUKI, Bench, say


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


async def test_a_hand_back_that_is_taken_back_leaves_no_line_of_it_standing(bench: Bench) -> None:
    """The owner who went, the decision that counted: as little true by then as the hand-back itself."""
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    standing = {message.ts for message in bench.thread(lead_id)}
    await yuki.clicks("差し戻す", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal("差し戻す"), {"理由": "来期に再検討", "差し戻したあと": ["育成中に移す"]})
    await bench.settle()
    said = [message.text for message in bench.thread(lead_id) if message.ts not in standing]
    assert len(said) == 5
    assert said[1].startswith("山田 由紀さんが担当を外れました。次に担当する方は")

    await types(bench, "undo")

    *now, undone = [message.text for message in bench.thread(lead_id) if message.ts not in standing]
    assert now == [f"取り消し済み：{line}" for line in said]
    assert undone.startswith("山田 由紀さんが取り消しました：差し戻し")


async def test_a_call_that_is_taken_back_takes_its_contact_with_it_in_the_thread(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    form = await yuki.modal()
    await yuki.chooses("架電結果", "つながった", on=form)
    await yuki.submits(form)
    await types(bench, "undo")
    (contact,) = [message.text for message in bench.thread(lead_id) if "初回接触" in message.text]
    assert contact.startswith("取り消し済み：")


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
    await bench.settle()
    assert any(message.text.startswith("佐藤 恵さんが担当者を外しました。") for message in bench.thread(lead_id))
    assert (await bench.dossier(lead_id)).lead.owner_id is None


async def test_a_rep_says_by_hand_that_an_accepted_leads_deal_is_real_and_why(bench: Bench) -> None:
    """M20: the rule still lacks a budget, the rep has heard enough."""
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    refused = await types(bench, f"confirm {lead_id} 契約書の確認中")
    assert refused.startswith("SQLとして確認できるのは、受け入れ済みのリードだけです（現在のステージ：TQL）。")
    await yuki.clicks("受け入れる", on=bench.card(lead_id))
    assert (await types(bench, f"confirm {lead_id}")).startswith("使い方：/lead confirm ID 理由")
    assert (await bench.dossier(lead_id)).lead.stage == Stage.SAL

    told = await types(bench, f"confirm {lead_id} 契約書の確認中")

    assert told == "アサヒ工業 山田 太郎様：商談として確認しました。「/lead undo」で5分以内なら取り消せます。"
    assert (await bench.dossier(lead_id)).lead.stage == Stage.SQL
    assert "契約書の確認中" in bench.thread(lead_id)[-1].text
    await types(bench, "undo")
    assert (await bench.dossier(lead_id)).lead.stage == Stage.SAL


async def test_a_rep_confirms_no_deal_of_a_colleague(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=KEN)
    assert "このリードの主担当は" in await types(bench, f"confirm {lead_id} 受注間近")


async def test_who_may_not_judge_by_the_policy_is_told_so_and_where_to_look(bench: Bench, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[stages.judges]\nSQL = ['manager']\n", "utf-8")
    bench.services.store.policy = load_policy(own)
    lead_id = await bench.has_lead(owner=YUKI)
    await bench.person("yuki").clicks("受け入れる", on=bench.card(lead_id))
    assert "SQLと判定する権限がありません" in await types(bench, f"confirm {lead_id} 受注間近")
    await types(bench, f"confirm {lead_id} 受注間近", "megumi")
    assert (await bench.dossier(lead_id)).lead.stage == Stage.SQL


async def types(bench: Bench, text: str, who: str = "yuki") -> str:
    person = bench.person(who)
    await person.slash("/lead", text)
    await bench.settle()
    return person.sees_privately("#leads")[-1].text


BY_THE_RULE = '[stages]\nqualified_from = "MQL"\nauto_accept = false\noffer_when = "bant_rule"\n'


def in_force(bench: Bench, tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, "utf-8")
    bench.services.store.policy = load_policy(own)


async def test_a_lead_that_sales_is_not_asked_about_yet_has_no_button_to_accept_it(
    bench: Bench, tmp_path: Path
) -> None:
    """M39: its rep works on it until the rule of SQL holds, and is rung then."""
    asked = await bench.has_lead(company="もう少し", owner=YUKI)
    in_force(bench, tmp_path, BY_THE_RULE)
    lead_id = await bench.has_lead(company="まだまだ", owner=YUKI)
    yuki = bench.person("yuki")
    yuki.opens_home()
    words = all_words((await yuki.waits_for_home("まだまだ")).blocks)
    in_their_order = [words.index(word) for word in ("受け入れ待ち", "もう少し", "担当しているリード", "まだまだ")]
    assert in_their_order == sorted(in_their_order)
    assert "受け入れる" in pressable_labels(bench.card(asked).blocks), "sales was asked before the policy was switched"
    assert "受け入れる" not in pressable_labels(bench.card(lead_id).blocks)

    await bench.services.store.run(lambda tx: tells_the_rest(tx, tx.get(Lead, lead_id)))
    await bench.settle()
    assert "受け入れる" in pressable_labels(bench.card(lead_id).blocks)
    assert "SQLの条件を満たしました" in "".join(message.text for message in bench.thread(lead_id))
    await yuki.clicks("受け入れる", on=bench.card(lead_id))
    assert (await bench.dossier(lead_id)).lead.stage == Stage.SQL


async def test_who_was_called_to_decide_by_a_call_that_is_taken_back_reads_so(bench: Bench, tmp_path: Path) -> None:
    """M39, D23."""
    in_force(bench, tmp_path, BY_THE_RULE)
    lead_id = await bench.has_lead(owner=YUKI)

    def logs(tx: Transaction) -> None:
        lead = tx.get(Lead, lead_id)
        deeds.do(tx, lead, Kind.CALL, lambda: tells_the_rest(tx, lead, by=YUKI), by=YUKI)

    await bench.services.store.run(logs)
    await bench.settle()
    (ring,) = [message for message in bench.thread(lead_id) if "SQLの条件を満たしました" in message.text]
    assert f"<@{YUKI}>" in ring.text

    await types(bench, "undo")
    (ring,) = [message for message in bench.thread(lead_id) if "SQLの条件を満たしました" in message.text]
    assert ring.text.startswith("取り消し済み：")
    assert "受け入れる" not in pressable_labels(bench.card(lead_id).blocks)


async def test_who_presses_accept_on_an_older_card_of_a_lead_that_is_on_offer_no_more_reads_why_not(
    bench: Bench, tmp_path: Path
) -> None:
    """M39: nobody was asked with a clock of its own, so the switched policy asks for the rule first."""
    in_force(bench, tmp_path, "[follow_up.acceptance]\non = false\n")
    lead_id = await bench.has_lead()
    in_force(bench, tmp_path, BY_THE_RULE)
    yuki = bench.person("yuki")
    await yuki.clicks("受け入れる", on=bench.card(lead_id))
    await bench.settle()
    (told,) = yuki.sees_privately("#leads")
    assert told.text.startswith("このリードは、まだ営業に提示されていません。")
    assert (await bench.dossier(lead_id)).lead.stage == Stage.TQL


def tells_the_rest(tx: Transaction, lead: Lead, *, by: str = PROSPECT) -> None:
    in_two_months = tx.now.date() + timedelta(days=60)
    say(tx, lead, Topic.TIMEFRAME, Timeframe(earliest=in_two_months, latest=in_two_months), "2か月後です", by=by)
    say(tx, lead, Topic.BUDGET, Budget(minimum=3_000_000, maximum=3_000_000, currency="JPY"), "300万円です", by=by)
    leads.reassess(tx, lead)


async def test_after_an_acceptance_is_taken_back_the_card_gives_the_reason_of_the_stage_it_stands_at(
    bench: Bench,
) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    why = next(line for line in all_words(bench.card(lead_id).blocks).splitlines() if line.startswith("理由："))
    bench.clock.advance(minutes=1)
    await bench.person("yuki").clicks("受け入れる", on=bench.card(lead_id))
    await bench.settle()
    assert "理由：営業が受け入れ" in all_words(bench.card(lead_id).blocks)

    await bench.person("yuki").clicks("取り消す（5分以内）", on=bench.thread(lead_id)[-2])
    await bench.settle()
    words = all_words(bench.card(lead_id).blocks)
    assert why in words
    assert "営業が受け入れ" not in words
