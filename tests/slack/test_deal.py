"""A rep says in Slack what became of the deal; the card shows it, the review counts it, and it can be undone (M80)."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.driver import all_words
from bot.sandbox.records import Message
from bot.slack.deal import read_line
from bot.slack.queue import SHORT_ID
from qualification import leads, ownership
from qualification.deals import Result
from qualification.records import Lead
from qualification.reports.recorded_facts import portions
from qualification.reports.review import Count, courses_in
from tests.desk import KEN, YUKI, Bench

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)
UNDO = "取り消す（5分以内）"
SHOWN = "商談結果："


async def accepted(bench: Bench, *, by: str = YUKI) -> str:
    """A lead in the middle of its deal: SQL, and nobody has to be reminded."""
    lead_id = await bench.has_lead(knows_all=True, owner=by)
    await bench.services.store.run(lambda tx: ownership.accept(tx, tx.get(Lead, lead_id), by=by))
    await bench.settle()
    return lead_id


async def types(bench: Bench, text: str, who: str = "yuki") -> str:
    person = bench.person(who)
    await person.slash("/lead", text)
    await bench.settle()
    return person.sees_privately("#leads")[-1].text


def counted(bench: Bench) -> Count:
    services = bench.services
    with services.store.engine.connect() as connection:
        return Count.of(
            course
            for portion in portions(connection)
            for course in courses_in(
                connection, portion, services.store.policy, since=NOW - timedelta(days=1), until=NOW + timedelta(days=1)
            )
        )


def line_of(bench: Bench, lead_id: str, words: str) -> Message:
    return next(message for message in reversed(bench.thread(lead_id)) if words in message.text)


async def test_a_deal_won_by_the_keyboard_is_on_the_card_and_in_the_review(bench: Bench) -> None:
    lead_id = await accepted(bench)
    answer = await types(bench, f"won {lead_id[:SHORT_ID]} 300万円 3年契約")
    assert answer.startswith("アサヒ工業 山田 太郎様：受注（300万円）として記録しました。")
    assert "商談結果：受注（300万円）" in all_words(bench.card(lead_id).blocks)
    assert "受注（300万円）「300万円 3年契約」 — 山田 由紀" in line_of(bench, lead_id, "商談結果：").text
    assert (counted(bench).won, counted(bench).sql) == (1, 1)
    assert "open" not in {clock.status for clock in (await bench.dossier(lead_id)).clocks}


async def test_a_result_that_is_undone_counts_nowhere_and_the_clocks_are_what_they_were(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    before = (await bench.dossier(lead_id)).clocks
    assert {clock.status for clock in before} == {"open"}
    await types(bench, f"lost {lead_id[:SHORT_ID]} 競合に決定")
    assert {clock.status for clock in (await bench.dossier(lead_id)).clocks} == {"cancelled"}
    assert "商談結果：失注" in all_words(bench.card(lead_id).blocks)
    line = line_of(bench, lead_id, "商談結果：")

    await bench.person("yuki").clicks(UNDO, on=line)
    await bench.settle()

    assert (await bench.dossier(lead_id)).clocks == before
    assert SHOWN not in all_words(bench.card(lead_id).blocks)
    assert line.text.startswith("取り消し済み：")
    assert counted(bench).lost == 0


async def test_undo_by_the_keyboard_takes_back_the_last_result_only(bench: Bench) -> None:
    lead_id = await accepted(bench)
    await types(bench, f"won {lead_id[:SHORT_ID]} 300万円")
    bench.clock.advance(minutes=1)
    await types(bench, f"lost {lead_id[:SHORT_ID]} 予算凍結")
    assert "商談結果：失注" in all_words(bench.card(lead_id).blocks)
    assert await types(bench, "undo") == "取り消しました：商談結果の記録（アサヒ工業 山田 太郎様）"
    assert "商談結果：受注（300万円）" in all_words(bench.card(lead_id).blocks)
    assert (counted(bench).won, counted(bench).lost) == (1, 0)
    bench.clock.advance(days=200)
    assert "利用終了として記録しました" in await types(bench, f"left {lead_id[:SHORT_ID]} 社内統合のため")
    assert "商談結果：利用終了" in all_words(bench.card(lead_id).blocks)


async def test_the_menu_of_an_accepted_lead_opens_a_form_for_the_result(bench: Bench) -> None:
    lead_id = await accepted(bench, by=KEN)
    ken = bench.person("ken")
    await ken.clicks("商談結果を記録", on=bench.card(lead_id))
    form = await ken.modal("Deal result")
    wrong = await ken.submits(form, {"What became of it": "Deal won", "Amount": "a lot"})
    assert list(wrong) == ["Amount"]
    assert await ken.submits(form, {"What became of it": "Deal won", "Amount": "$30,000", "Note": "three years"}) == {}
    await bench.settle()
    assert "商談結果：受注（$30,000）" in all_words(bench.card(lead_id).blocks)
    assert "three years" in line_of(bench, lead_id, "商談結果：").text


async def test_a_lead_nobody_accepted_offers_no_result_in_its_menu(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    assert "商談結果を記録" not in all_words(bench.card(lead_id).blocks)


async def test_a_lead_that_never_qualified_has_no_deal_and_a_rep_hears_what_to_do(bench: Bench) -> None:
    lead_id = await bench.services.store.run(lambda tx: leads.capture(tx, language="ja", via="import").id)
    answer = await types(bench, f"won {lead_id[:SHORT_ID]} 300万円")
    assert "まだ判定条件を満たしていないため（ステージ：" in answer
    assert "先に架電を記録してください" in answer
    assert counted(bench).won == 0


async def test_nobody_leaves_before_their_deal_was_won(bench: Bench) -> None:
    lead_id = await accepted(bench)
    assert "受注の記録がないため" in await types(bench, f"left {lead_id[:SHORT_ID]}")


@pytest.mark.parametrize("verb", ["won", "lost"])
async def test_only_the_owner_and_managers_tell_the_result(bench: Bench, verb: str) -> None:
    lead_id = await accepted(bench, by=KEN)
    assert "このリードの主担当は" in await types(bench, f"{verb} {lead_id[:SHORT_ID]}")
    assert SHOWN not in all_words(bench.card(lead_id).blocks)
    await types(bench, f"{verb} {lead_id[:SHORT_ID]}", "megumi")
    assert SHOWN in all_words(bench.card(lead_id).blocks)


async def test_a_slip_of_the_pen_is_answered_with_how_to_say_it(bench: Bench) -> None:
    assert (await types(bench, "won")).startswith("使い方：/lead won ID 金額 メモ")
    assert await types(bench, "lost 0123abcd") == "該当するリードがありません。「/lead find ことば」で探せます。"


@pytest.mark.parametrize(
    ("result", "words", "worth", "note"),
    [
        (Result.WON, "300万円", (3_000_000, "JPY"), ""),
        (Result.WON, "300万円 3年契約", (3_000_000, "JPY"), "300万円 3年契約"),
        (Result.WON, "$30,000 three years", (30_000, "USD"), "$30,000 three years"),
        (Result.WON, "3 years contract", (None, "JPY"), "3 years contract"),
        (Result.WON, "", (None, "JPY"), ""),
        (Result.LOST, "競合が300万円", (None, "JPY"), "競合が300万円"),
    ],
)
def test_the_amount_of_a_won_deal_is_read_like_any_other(
    result: Result, words: str, worth: tuple[int | None, str], note: str
) -> None:
    told = read_line(result, words, now=NOW)
    assert ((told.amount, told.currency), told.words) == (worth, note)
