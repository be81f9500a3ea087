"""Whatever stands in the way of a form when it is sent in, the words a rep typed into it are not lost."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.sandbox.driver import all_words
from tests.desk import KEN, YUKI, Bench, calls_of

STILL_HERE = "ここに入力した内容は残っています。"
NOTE = "来年3月までに導入したいとのこと。部長の承認が必要。次回は見積りを持参する。"
SAID = "お客様のことば（導入時期）"


@pytest.mark.parametrize(
    ("button", "typed"),
    [
        ("架電を記録", {"架電結果": "つながった", "メモ": NOTE}),
        ("聞き取りを進める", {SAID: "来年3月までに。社長が急いでいるとのこと"}),
    ],
)
async def test_the_slower_of_two_reps_keeps_what_they_typed(
    bench: Bench, button: str, typed: Mapping[str, Any]
) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    await yuki.clicks(button, on=bench.card(lead_id))
    form = await yuki.modal()
    await bench.person("ken").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()

    (refused,) = (await yuki.submits(form, typed)).values()
    assert refused.startswith("このリードの主担当はKen Millerさんです。")
    assert STILL_HERE in refused
    assert yuki.open_modal is form
    assert [text for text in typed.values() if text in str(form.typed)], "the words stand in the form"


async def test_a_note_typed_while_the_lead_was_given_to_a_colleague_is_saved_once_it_is_given_back(
    bench: Bench,
) -> None:
    lead_id, yuki, megumi = await bench.has_lead(owner=YUKI), bench.person("yuki"), bench.person("megumi")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    form = await yuki.modal()
    for owner, refused in ((KEN, True), (YUKI, False)):
        await megumi.clicks("担当を変更", on=bench.card(lead_id))
        await megumi.submits(await megumi.modal(), {"新しい主担当": owner})
        await bench.settle()
        problems = await yuki.submits(form, {"架電結果": "つながった", "メモ": NOTE})
        assert bool(problems) is refused
    (call,) = [line for line in (await bench.dossier(lead_id)).history if line.kind == "call_logged"]
    assert call.facts["note"] == NOTE


async def test_a_mail_written_on_a_free_lead_that_a_colleague_took_stays_to_be_copied(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    await yuki.clicks("メールを送る", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal(), {})
    preview = await yuki.modal("プレビュー")
    await bench.person("ken").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()

    refused = await yuki.submits(preview, {"本文": "10分かけて書いた本文です。"})
    assert STILL_HERE in refused["件名"]
    assert yuki.open_modal is preview
    assert preview.typed["body"]["body"]["value"] == "10分かけて書いた本文です。"


async def test_when_to_call_back_and_its_note_stay_when_a_manager_logged_the_call_meanwhile(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    await yuki.clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    line = bench.thread(lead_id)[-1]
    await yuki.clicks("かけ直し…", on=line)
    form = await yuki.modal()
    await bench.person("megumi").clicks("不在", on=line)
    await bench.settle()

    refused = await yuki.submits(form, {"メモ": NOTE})
    assert "佐藤 恵さんがすでに記録しています。" in refused["かけ直す日時"]
    assert yuki.open_modal is form
    assert await calls_of(bench, lead_id) == 1


async def test_a_form_of_an_older_version_is_not_swept_away_with_what_stands_in_it(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    form = await yuki.modal()
    form.content["callback_id"] = "call_form_of_last_year"
    refused = await yuki.submits(form, {"架電結果": "不在", "メモ": NOTE})
    assert refused["架電結果"].startswith("この操作は古い画面のものです。")
    assert STILL_HERE in refused["架電結果"]


async def test_a_note_left_in_a_closed_form_is_handed_out_when_the_lead_is_a_colleagues_by_now(bench: Bench) -> None:
    lead_id, yuki, note = await bench.has_lead(), bench.person("yuki"), NOTE * 60
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    await yuki.chooses("メモ", note, on=await yuki.modal())
    await yuki.closes()
    await bench.settle()
    await bench.person("ken").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()

    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    await bench.settle()
    told = yuki.sees_privately("#leads")[-1]
    assert told.text.startswith("このリードの主担当はKen Millerさんです。")
    assert note in all_words(told.blocks).replace("\n", "")
    await bench.person("guest").clicks("架電を記録", on=bench.card(lead_id))
    await bench.settle()
    assert NOTE not in bench.person("guest").sees_privately("#leads")[-1].text
