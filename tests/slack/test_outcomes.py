"""One press for the usual outcomes of a call, told in place, and taken back for five minutes."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.driver import all_words, pressable_labels
from bot.sandbox.records import Message
from bot.slack.outcomes import next_slot
from qualification.policy import shipped_policy
from tests.desk import MONDAY_TEN, YUKI, Bench

OUTCOMES = ["つながった", "不在", "話し中", "かけ直し…"]
UNDO = "取り消す（5分以内）"


async def claimed_lead(bench: Bench) -> tuple[str, Message]:
    """A lead that Yuki took just now, and the line in its thread that says so."""
    lead_id = await bench.has_lead()
    await bench.person("yuki").clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    return lead_id, line_with(bench, lead_id, UNDO)


def line_with(bench: Bench, lead_id: str, button: str) -> Message:
    """The newest line of the thread that has this button."""
    return next(line for line in reversed(bench.thread(lead_id)) if button in pressable_labels(line.blocks))


async def kinds(bench: Bench, lead_id: str) -> list[str]:
    return [event.kind for event in (await bench.dossier(lead_id)).history]


async def test_after_a_claim_the_four_usual_outcomes_stand_in_the_thread(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    assert pressable_labels(line.blocks) == [*OUTCOMES, UNDO]
    assert line.thread_ts == bench.card(lead_id).ts
    assert not line.broadcast


async def test_after_five_minutes_no_line_offers_to_take_it_back_any_more(bench: Bench) -> None:
    claimed, claim = await claimed_lead(bench)
    called, call = await claimed_lead(bench)
    bench.clock.advance(minutes=3)
    await bench.person("yuki").clicks("不在", on=call)
    await bench.settle()
    bench.clock.advance(minutes=2)
    await bench.settle()
    assert pressable_labels(claim.blocks) == OUTCOMES
    assert pressable_labels(call.blocks) == [UNDO], "the call is younger than the claim whose line it took"
    assert "架電：" in all_words(call.blocks)

    bench.clock.advance(minutes=3)
    await bench.settle()
    assert pressable_labels(call.blocks) == []
    assert "架電：" in all_words(call.blocks)
    assert len(bench.thread(claimed)) == len(bench.thread(called)) - 1, "nothing new is said of it"


@pytest.mark.parametrize(("button", "grade"), [("つながった", "two_way"), ("不在", "attempt"), ("話し中", "attempt")])
async def test_one_press_logs_the_call_and_the_line_says_so_in_place(bench: Bench, button: str, grade: str) -> None:
    lead_id, line = await claimed_lead(bench)
    await bench.person("yuki").clicks(button, on=line)
    await bench.settle()

    follow_up = (await bench.dossier(lead_id)).follow_up
    assert follow_up is not None
    assert (follow_up.status, follow_up.grade) == ("met", grade)
    words = all_words(line.blocks)
    assert "山田 由紀さんの架電：" in words
    assert f"期限内に対応済み：山田 由紀さんの架電（{button}）" in words
    assert pressable_labels(line.blocks) == [UNDO]
    told = [message for message in bench.thread(lead_id) if "さんの架電：" in message.text]
    assert told == [line]


async def test_call_back_asks_only_when_and_rings_with_the_outcomes_when_the_time_has_come(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    yuki = bench.person("yuki")
    await yuki.clicks("かけ直し…", on=line)
    form = await yuki.modal("かけ直し")
    assert await yuki.submits(form, {"かけ直す日時": bench.clock() + timedelta(hours=2)}) == {}
    await bench.settle()
    assert "かけ直し（本日12:00）" in line.text.replace("*", "")

    bench.clock.advance(hours=2)
    await bench.settle()
    ring = bench.thread(lead_id)[-1]
    assert f"<@{YUKI}>" in ring.text
    assert pressable_labels(ring.blocks) == OUTCOMES
    await yuki.clicks("つながった", on=ring)
    await bench.settle()
    assert (await kinds(bench, lead_id)).count("call_logged") == 2
    assert "つながった" in all_words(ring.blocks)
    assert pressable_labels(ring.blocks) == [UNDO]


async def test_a_call_back_in_the_past_is_said_under_its_field(bench: Bench) -> None:
    _, line = await claimed_lead(bench)
    yuki = bench.person("yuki")
    await yuki.clicks("かけ直し…", on=line)
    form = await yuki.modal("かけ直し")
    (when,) = [block for block in form.blocks if block.get("block_id") == "call_back_at"]
    assert not when["optional"]
    errors = await yuki.submits(form, {"かけ直す日時": bench.clock() - timedelta(hours=1)})
    assert errors == {"かけ直す日時": "これからの日時を選んでください。"}


async def test_two_quick_presses_are_one_call_and_the_second_is_told_so(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    yuki = bench.person("yuki")
    await asyncio.gather(yuki.clicks("不在", on=line), yuki.clicks("不在", on=line))
    await bench.settle()
    assert (await kinds(bench, lead_id)).count("call_logged") == 1
    assert "すでに記録しています" in yuki.sees_privately("#leads")[-1].text


async def test_a_press_that_slack_delivers_three_times_is_one_call(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    bench.workspace.faults.repeat_next(3)
    await bench.person("yuki").clicks("不在", on=line)
    await bench.settle()
    assert (await kinds(bench, lead_id)).count("call_logged") == 1
    assert bench.person("yuki").sees_privately("#leads") == []


async def test_a_colleague_who_presses_an_outcome_is_told_whose_lead_it_is(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    ken = bench.person("ken")
    await ken.clicks("不在", on=line)
    await bench.settle()
    assert "belongs to 山田 由紀" in ken.sees_privately("#leads")[-1].text
    assert "call_logged" not in await kinds(bench, lead_id)


async def test_an_outcome_pressed_by_mistake_is_taken_back_and_asked_for_again(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    yuki = bench.person("yuki")
    await yuki.clicks("つながった", on=line)
    await bench.settle()
    bench.clock.advance(minutes=4)
    await yuki.clicks(UNDO, on=line)
    await bench.settle()

    follow_up = (await bench.dossier(lead_id)).follow_up
    assert follow_up is not None
    assert follow_up.status == "open"
    assert all_words(line.blocks).startswith("取り消し済み：")
    assert pressable_labels(line.blocks) == OUTCOMES
    assert bench.thread(lead_id)[-1].text.startswith("山田 由紀さんが取り消しました：架電の記録")
    assert "対応期限は本日13:00です。" in bench.thread(lead_id)[-1].text
    assert "対応期限" in all_words(bench.card(lead_id).blocks)
    await yuki.clicks("不在", on=line)
    await bench.settle()
    assert "不在" in all_words(line.blocks)
    assert (await kinds(bench, lead_id)).count("call_logged") == 2


async def test_a_call_taken_back_after_the_hour_it_was_due_says_how_late_it_is(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    yuki = bench.person("yuki")
    bench.clock.advance(minutes=178)
    await yuki.clicks("つながった", on=line)
    await bench.settle()
    bench.clock.advance(minutes=4)
    await yuki.clicks(UNDO, on=line)
    await bench.settle()
    said = next(message for message in reversed(bench.thread(lead_id)) if "取り消しました" in message.text)
    assert said.text.endswith("対応期限（本日13:00）を過ぎています。")


async def test_a_claim_is_taken_back_and_the_lead_is_free_again(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    await bench.person("yuki").clicks(UNDO, on=line)
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.owner_id is None
    assert pressable_labels(line.blocks) == []
    assert "担当する" in pressable_labels(bench.card(lead_id).blocks)


async def test_after_five_minutes_undo_is_refused_politely(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    bench.clock.advance(minutes=6)
    await bench.person("yuki").clicks(UNDO, on=line)
    await bench.settle()
    assert "5分以内" in bench.person("yuki").sees_privately("#leads")[-1].text
    assert (await bench.dossier(lead_id)).lead.owner_id == YUKI


async def test_a_colleague_cannot_take_back_what_another_did(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    await bench.person("ken").clicks(UNDO, on=line)
    await bench.settle()
    assert bench.person("ken").sees_privately("#leads")[-1].text == (
        "Only 山田 由紀, who did this, or a manager can undo it."
    )
    assert (await bench.dossier(lead_id)).lead.owner_id == YUKI


@pytest.mark.parametrize(
    ("button", "title", "fields"),
    [
        ("差し戻す", "差し戻す", {"理由": "担当地域が違う"}),
        ("差し戻す", "差し戻す", {"理由": "来期の予定", "差し戻したあと": ["育成中に移す"]}),
        ("スヌーズ", "スヌーズ", {"理由": "先方が会議中"}),
    ],
    ids=["hand back", "put aside", "snooze"],
)
async def test_a_form_sent_in_by_mistake_is_taken_back_in_the_thread(
    bench: Bench, button: str, title: str, fields: dict[str, object]
) -> None:
    lead_id, _ = await claimed_lead(bench)
    yuki = bench.person("yuki")
    await yuki.clicks(button, on=bench.card(lead_id))
    assert await yuki.submits(await yuki.modal(title), fields) == {}
    await bench.settle()
    line = line_with(bench, lead_id, UNDO)
    assert str(fields["理由"]) in line.text
    await yuki.clicks(UNDO, on=line)
    await bench.settle()

    dossier = await bench.dossier(lead_id)
    assert dossier.lead.owner_id == YUKI
    assert dossier.lead.stage == "TQL"
    assert dossier.follow_up is not None
    assert (dossier.follow_up.status, dossier.follow_up.snoozed_until) == ("open", None)
    assert line.text.startswith("取り消し済み：")


async def test_a_line_that_somebody_deleted_is_posted_anew(bench: Bench) -> None:
    lead_id, line = await claimed_lead(bench)
    bench.workspace.messages[line.channel].remove(line)
    await bench.person("yuki").clicks("不在", on=line)
    await bench.settle()
    assert "不在" in all_words(line_with(bench, lead_id, UNDO).blocks)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (MONDAY_TEN, MONDAY_TEN + timedelta(hours=1)),
        (MONDAY_TEN + timedelta(minutes=7), MONDAY_TEN + timedelta(minutes=90)),
        (datetime(2026, 11, 20, 8, 40, tzinfo=UTC), datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
    ],
    ids=["on the hour", "rounded up", "over weekend and holiday"],
)
def test_a_call_back_is_proposed_in_an_hour_within_working_time(now: datetime, slot: datetime) -> None:
    assert next_slot(now, shipped_policy()) == slot
