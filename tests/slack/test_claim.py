"""One press, one owner: whoever was faster has the lead, the others are told by whom (D23)."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.sandbox.driver import all_words, pressable_labels
from qualification.look import Look
from qualification.records import History
from tests.desk import LEADS, MEGUMI, YUKI, Bench
from tests.slack.visit import TAKE_OVER, Visit, taken_over


def changes_of_owner(bench: Bench, lead_id: str) -> list[History]:
    rows = bench.services.store.read(lambda session: Look(session).find(History, "lead_id", lead_id))
    return [row for row in rows if row.kind == "owner_changed"]


async def test_twenty_reps_claim_at_once_and_one_has_the_lead(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    names = [f"rep{number}" for number in range(20)]
    for name in names:
        user = bench.workspace.add_user(name, locale="ja-JP")
        bench.workspace.join(bench.workspace.channel(LEADS), user)
    card = bench.card(lead_id)
    await asyncio.gather(*(bench.person(name).clicks("担当する", on=card) for name in names))
    await bench.settle()

    owner = (await bench.dossier(lead_id)).lead.owner_id
    assert owner is not None
    assert len(changes_of_owner(bench, lead_id)) == 1
    told = [name for name in names if bench.person(name).sees_privately("#leads")]
    assert len(told) == 19
    assert bench.workspace.person(owner).name not in told


async def test_who_has_claimed_a_lead_dials_its_number_with_one_press(bench: Bench) -> None:
    lead_id = await bench.has_lead(phone="+81312345678")
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    numbers = [block["text"]["text"] for block in bench.thread(lead_id)[-1].blocks if block["type"] == "section"]
    assert numbers == ["お電話：<tel:+81312345678|03-1234-5678>"]


async def test_without_a_number_there_is_nothing_to_dial(bench: Bench) -> None:
    lead_id = await bench.has_lead(phone=None)
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    assert "お電話：" not in all_words(bench.thread(lead_id)[-1].blocks)


async def test_a_claim_that_slack_delivers_four_times_happens_once(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    bench.workspace.faults.repeat_next(4)
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    assert len(changes_of_owner(bench, lead_id)) == 1
    assert bench.person("yuki").sees_privately("#leads") == []


async def test_who_comes_second_is_told_in_their_language_who_was_faster(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    card = bench.card(lead_id)
    await bench.person("yuki").clicks("担当する", on=card)
    await bench.person("ken").clicks("担当する", on=card)
    await bench.settle()
    (told,) = bench.person("ken").sees_privately("#leads")
    assert told.text == "山田 由紀 has already claimed this lead."
    assert told.thread_ts is None, "where they pressed, and not in a thread that is closed"
    assert (await bench.dossier(lead_id)).lead.owner_id == YUKI


async def test_a_lead_that_is_gone_is_said_to_be_gone(bench: Bench) -> None:
    lead_id = await bench.has_lead()
    card = bench.card(lead_id)
    for block in card.blocks:
        for element in block.get("elements", []):
            if element.get("action_id") == "lead_claim":
                element["value"] = "0" * 32
    await bench.person("yuki").clicks("担当する", on=card)
    await bench.settle()
    (told,) = bench.person("yuki").sees_privately("#leads")
    assert told.text == "該当するリードがありません。「/lead find ことば」で探せます。"
    assert all_words(told.blocks) == told.text


async def test_who_claims_late_reads_that_it_was_due_and_who_claims_after_the_contact_reads_of_no_due_time(
    bench: Bench,
) -> None:
    late, called = await bench.has_lead(), await bench.has_lead(owner=YUKI)
    await bench.person("yuki").clicks("架電を記録", on=bench.card(called))
    await bench.person("yuki").submits(await bench.person("yuki").modal(), {"架電結果": "つながった"})
    await bench.person("yuki").clicks("差し戻す", on=bench.card(called))
    await bench.person("yuki").submits(await bench.person("yuki").modal(), {"理由": "担当エリア外"})
    bench.clock.advance(hours=4)
    await bench.settle()
    for lead_id in (late, called):
        await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    said = [bench.thread(lead_id)[-1].text for lead_id in (late, called)]
    assert said == ["山田 由紀さんが担当します。対応期限は本日13:00でした。", "山田 由紀さんが担当します。"]


async def takes_over(visit: Visit) -> str:
    await taken_over(visit)
    return visit.prospect.lead.id


async def writes(visit: Visit) -> str:
    bench, yuki = visit.bench, visit.bench.person("yuki")
    lead_id = await bench.has_lead()
    await yuki.clicks("メールを送る", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal(), {})
    assert await yuki.submits(await yuki.modal("プレビュー"), {}) == {}
    return lead_id


async def asks_on_the_phone(visit: Visit) -> str:
    bench, yuki = visit.bench, visit.bench.person("yuki")
    lead_id = await bench.has_lead()
    await yuki.clicks("聞き取りを進める", on=bench.card(lead_id))
    assert await yuki.submits(await yuki.modal(), {"お客様のことば（導入時期）": "半年以内"}) == {}
    await yuki.closes(everything=True)
    return lead_id


@pytest.mark.parametrize("works", [takes_over, writes, asks_on_the_phone])
async def test_a_lead_taken_by_working_on_it_is_claimed_as_by_the_button(
    visit: Visit, works: Callable[[Visit], Awaitable[str]]
) -> None:
    lead_id = await works(visit)
    await visit.settles()
    (line,) = [one for one in visit.bench.thread(lead_id) if "山田 由紀さんが担当します" in one.text]
    assert {"つながった", "不在", "取り消す（5分以内）"} <= set(pressable_labels(line.blocks))

    yuki = visit.bench.person("yuki")
    await yuki.slash("/lead", "undo")
    await visit.settles()
    assert (await visit.bench.dossier(lead_id)).lead.owner_id is None


async def test_a_claim_by_taking_over_that_is_taken_back_gives_the_chat_back_to_the_bot(visit: Visit) -> None:
    """Nobody has the lead again: what is written in its thread is for colleagues, and no contact in anybody's name."""
    lead_id = await takes_over(visit)
    yuki = visit.bench.person("yuki")
    await yuki.slash("/lead", "undo")
    await visit.settles()
    yuki.posts(LEADS, "見積りは120万円です。", thread=visit.card)
    await visit.settles()
    await visit.window_passes()
    assert visit.from_the_rep == []
    assert visit.prospect.chat.rep_id is None
    assert (await visit.bench.dossier(lead_id)).lead.owner_id is None


async def test_a_claim_that_is_taken_back_leaves_a_colleague_who_took_the_chat_over_since_in_it(visit: Visit) -> None:
    lead_id = await takes_over(visit)
    await visit.bench.person("megumi").clicks(TAKE_OVER, on=visit.card)
    await visit.settles()
    (line,) = [one for one in visit.bench.thread(lead_id) if "山田 由紀さんが担当します" in one.text]
    await visit.bench.person("yuki").clicks("取り消す（5分以内）", on=line)
    await visit.settles()
    assert (await visit.bench.dossier(lead_id)).lead.owner_id is None
    assert visit.prospect.chat.rep_id == MEGUMI
