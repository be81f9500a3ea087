"""Reminders wait, with a reason the managers see; the due time stays (D12)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.bootstrap import Services
from bot.sandbox.driver import all_words
from bot.slack.snooze import until_chosen
from qualification.policy import shipped_policy
from tests.clock import Clock
from tests.desk import MONDAY_TEN, YUKI, Bench, open_bench

FRIDAY_FIVE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # 17:00 in Tokyo; Monday 23 November is a holiday


@pytest.mark.parametrize(
    ("choice", "now", "until"),
    [
        ("30", MONDAY_TEN, MONDAY_TEN + timedelta(minutes=30)),
        ("180", MONDAY_TEN, MONDAY_TEN + timedelta(hours=3)),
        ("next_morning", MONDAY_TEN, datetime(2026, 11, 17, 0, 0, tzinfo=UTC)),
        ("next_morning", FRIDAY_FIVE, datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
        (None, MONDAY_TEN, MONDAY_TEN + timedelta(hours=1)),
    ],
    ids=["half an hour", "three hours", "tomorrow at nine", "over weekend and holiday", "nothing chosen"],
)
def test_what_a_choice_stands_for(choice: str | None, now: datetime, until: datetime) -> None:
    assert until_chosen(choice, now=now, policy=shipped_policy()) == until


async def test_a_snoozed_lead_rings_nobody_until_then_and_the_managers_hear_why(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.clicks("スヌーズ", on=bench.card(lead_id))
    form = await yuki.modal("スヌーズ")
    assert await yuki.submits(form, {"いつまで": "3時間", "理由": "先方が会議中"}) == {}
    await bench.settle()
    (told,) = bench.managers_see()
    assert "先方が会議中" in told.text
    before = len(bench.thread(lead_id))
    bench.clock.advance(minutes=100)
    await bench.settle()
    assert len(bench.thread(lead_id)) == before


async def test_a_promise_cannot_be_put_off_for_years(bench: Bench) -> None:
    """Slack's picker goes on to 2286; who is wanted that late belongs in NURTURE."""
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.clicks("スヌーズ", on=bench.card(lead_id))
    form = await yuki.modal("スヌーズ")
    refused = await yuki.submits(form, {"または日時を選ぶ": 9_999_999_999, "理由": "来世紀に"})
    assert "90日以内" in next(iter(refused.values()))


async def test_a_card_says_until_when_also_the_other_duties_are_snoozed(bench: Bench) -> None:
    """The first contact is made; the decision on the hand-over still waits."""
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.clicks("架電を記録", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal("架電を記録"), {"架電結果": "つながった"})
    await bench.settle()
    await yuki.clicks("スヌーズ", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal("スヌーズ"), {"いつまで": "3時間", "理由": "先方が会議中"})
    await bench.settle()
    assert all_words(bench.card(lead_id).blocks).count("スヌーズ中です。理由：先方が会議中") == 1


async def test_a_card_says_that_it_is_late_also_while_the_reminders_are_snoozed(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.clicks("スヌーズ", on=bench.card(lead_id))
    await yuki.submits(await yuki.modal("スヌーズ"), {"いつまで": "翌営業日の朝まで", "理由": "先方が出張中"})
    await bench.settle()
    heard = len(bench.managers_see()), len(bench.thread(lead_id))

    for hours, late in ((4, "*期限超過：対応期限は"), (6, "受け入れの判断 ・ 期限超過：対応期限は")):
        assert late not in all_words(bench.card(lead_id).blocks)
        bench.clock.advance(hours=hours)
        await bench.settle()
        assert late in all_words(bench.card(lead_id).blocks)

    assert (len(bench.managers_see()), len(bench.thread(lead_id))) == heard


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_managers_who_heard_of_a_snooze_hear_that_it_was_taken_back(
    make_services: Callable[..., Services], clock: Clock, language: str
) -> None:
    async with open_bench(make_services, clock, bantline_language=language) as bench:
        lead_id = await bench.has_lead(owner=YUKI)
        yuki = bench.person("yuki")
        await yuki.clicks("スヌーズ" if language == "ja" else "Snooze", on=bench.card(lead_id))
        await yuki.submits(await yuki.modal("スヌーズ"), {"いつまで": "3時間", "理由": "先方が会議中"})
        await bench.settle()
        await yuki.slash("/lead", "undo")
        await bench.settle()
        told = bench.managers_see()[-1]
        assert told.thread_ts == bench.managers_see()[0].ts
        said = {
            "ja": "アサヒ工業 山田 太郎様：山田 由紀さんが取り消しました：スヌーズ",
            "en": "アサヒ工業 - 山田 太郎: 山田 由紀 undid this: Snooze",
        }[language]
        assert said in told.text


async def test_a_claim_taken_back_is_none_of_the_managers_business(bench: Bench) -> None:
    lead_id, yuki = await bench.has_lead(), bench.person("yuki")
    await yuki.clicks("担当する", on=bench.card(lead_id))
    await bench.settle()
    await yuki.slash("/lead", "undo")
    await bench.settle()
    assert bench.managers_see() == []


async def test_a_time_that_has_passed_is_said_under_its_field(bench: Bench) -> None:
    lead_id = await bench.has_lead(owner=YUKI)
    yuki = bench.person("yuki")
    await yuki.clicks("スヌーズ", on=bench.card(lead_id))
    form = await yuki.modal("スヌーズ")
    past = bench.clock() - timedelta(hours=1)
    errors = await yuki.submits(form, {"または日時を選ぶ": past, "理由": "会議"})
    assert errors == {"または日時を選ぶ": "これからの日時を選んでください。"}
