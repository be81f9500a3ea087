"""A form opens once for a press, whatever Slack repeats or refuses, and is never drawn over what came after it."""

import pytest

from bot.sandbox.driver import all_words
from tests.desk import YUKI, Bench

CALL = "架電を記録"


def outcomes(bench: Bench, method: str) -> list[str | None]:
    """How Slack answered each call of this method: None where it went well."""
    return [call.error for call in bench.workspace.calls if call.method == method]


async def test_a_press_delivered_twice_opens_one_form_and_nobody_is_told_anything(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    bench.workspace.faults.repeat_next(2)
    await yuki.clicks(CALL, on=bench.card(lead_id))
    await bench.settle()
    assert outcomes(bench, "views.open") == [None, "exchanged_trigger_id"]
    assert yuki.open_modal is not None
    assert yuki.sees_privately("#leads") == []


@pytest.mark.parametrize("problem", ["expired_trigger_id", "invalid_arguments", "internal_error"])
async def test_a_press_whose_form_does_not_open_is_asked_for_again(bench: Bench, problem: str) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    bench.workspace.faults.fail("views.open", problem)
    await yuki.clicks(CALL, on=bench.card(lead_id))
    await bench.settle()
    assert [message.text for message in yuki.sees_privately("#leads")] == [
        "画面を開けませんでした。恐れ入りますが、もう一度押してください。"
    ]


async def test_of_two_readings_of_one_note_the_second_is_not_drawn_over_what_came_after(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    await yuki.clicks(CALL, on=bench.card(lead_id))
    form = await yuki.modal(CALL)
    await yuki.chooses("メモ", "予算は800万円くらい。", on=form)
    bench.workspace.faults.repeat_next(2)
    await yuki.clicks("メモを読み取る", on=form)
    await bench.settle()
    assert outcomes(bench, "views.update") == [None, "hash_conflict"]
    assert "メモから読み取りました：予算。" in all_words(form.blocks)
    assert yuki.direct_messages() == []


@pytest.mark.parametrize(
    "label", ["架電を記録", "メールを送る", "聞き取りを進める", "スヌーズ", "差し戻す", "担当を変更"]
)
async def test_every_form_says_whom_it_is_about(bench: Bench, label: str) -> None:
    """From a list on Home nobody sees the card any more."""
    lead_id, yuki = await bench.has_lead(owner=YUKI), bench.person("yuki")
    await yuki.clicks(label, on=bench.card(lead_id))
    shown = all_words((await yuki.modal()).blocks)
    assert "アサヒ工業 山田 太郎様" in shown or "taro@asahi.example" in shown
