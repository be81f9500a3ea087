"""An alarm in the managers' channel goes on with what is true: who made the contact, and when."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlmodel import select

from bot.bootstrap import Services
from bot.sandbox.driver import all_words, pressable_labels
from bot.sandbox.records import Message
from bot.upkeep.given_up import unheard_alarms
from qualification.calls import Call, Outcome, log_call
from qualification.deals import Result, Told, tell_result
from qualification.notices import ALERT_MAIL
from qualification.records import Lead, Outbound
from qualification.store import Transaction
from tests.clock import Clock
from tests.desk import KEN, Bench, open_bench

GIVE_AWAY = "担当を変更"


async def late_lead(bench: Bench) -> str:
    """Ken's lead, an hour and a half late: the managers were told at the due instant and an hour later."""
    await bench.person("ken").slash("/lead", "mine")
    lead_id = await bench.has_lead(owner=KEN)
    bench.clock.advance(hours=3)
    await bench.settle()
    bench.clock.advance(hours=1, minutes=30)
    await bench.settle()
    return lead_id


async def calls(bench: Bench, lead_id: str, outcome: Outcome = Outcome.CONNECTED) -> None:
    def work(tx: Transaction) -> None:
        log_call(tx, tx.get(Lead, lead_id), Call(outcome=outcome), by=KEN)

    await bench.services.store.run(work)
    await bench.settle()


def says_who_called(message: Message) -> bool:
    said = (
        "完了：アサヒ工業 山田 太郎様（初回接触）。期限後に対応：Ken Millerさんの架電（つながった）、11月16日(月) 14:30"
    )
    return said in message.text and said in all_words(message.blocks).replace("\n", "")


async def test_every_alarm_says_who_called_and_when_and_offers_nothing_more(bench: Bench) -> None:
    lead_id = await late_lead(bench)
    alarms = bench.managers_see()
    assert len(alarms) == 2
    assert all(GIVE_AWAY in pressable_labels(alarm.blocks) for alarm in alarms)
    await calls(bench, lead_id)

    assert [says_who_called(alarm) for alarm in bench.managers_see()] == [True, True]
    assert [pressable_labels(alarm.blocks) for alarm in alarms] == [[], []]
    assert "<@" not in alarms[0].text, "nobody is called by what is settled"
    assert len(bench.managers_see()) == 2, "nothing new is posted"


async def test_a_call_that_is_taken_back_makes_the_alarm_one_again(bench: Bench) -> None:
    lead_id = await late_lead(bench)
    first, second = [alarm.text for alarm in bench.managers_see()]
    ken = bench.person("ken")
    await ken.clicks("架電を記録", on=bench.card(lead_id))
    await ken.submits(await ken.modal(), {"How did it end?": "Connected"})
    await bench.settle()
    assert all(says_who_called(alarm) for alarm in bench.managers_see())

    await ken.slash("/lead", "undo")
    await bench.settle()
    assert [alarm.text for alarm in bench.managers_see()[:2]] == [first, second]
    assert all(GIVE_AWAY in pressable_labels(alarm.blocks) for alarm in bench.managers_see()[:2])


async def test_what_is_nobodys_duty_any_more_is_no_alarm_either(bench: Bench) -> None:
    lead_id = await late_lead(bench)

    def lost(tx: Transaction) -> None:
        tell_result(tx, tx.get(Lead, lead_id), Told(result=Result.LOST), by=KEN)

    await bench.services.store.run(lost)
    await bench.settle()
    assert all("完了：アサヒ工業" in alarm.text for alarm in bench.managers_see())
    assert all("フォロー終了：11月16日(月) 14:30" in alarm.text for alarm in bench.managers_see())


async def test_an_alarm_that_a_manager_deleted_stays_deleted(bench: Bench) -> None:
    lead_id = await late_lead(bench)
    first, second = bench.managers_see()
    bench.person("megumi").deletes(second)
    await calls(bench, lead_id)
    (left,) = bench.managers_see()
    assert left is first
    assert says_who_called(first)


async def test_a_later_alarm_hangs_under_the_first_also_while_the_first_is_edited(bench: Bench) -> None:
    lead_id = await late_lead(bench)
    await calls(bench, lead_id, Outcome.NO_ANSWER)  # from now on another try is due
    bench.clock.advance(days=7)
    await bench.settle()
    first, *later = bench.managers_see()
    assert len(later) > 1
    assert {alarm.thread_ts for alarm in later} == {first.ts}
    assert "期限後に対応：Ken Millerさんの架電（不在）" in first.text
    assert "完了" not in later[-1].text, "the try is still owed"


@pytest.mark.parametrize("code", ["invalid_auth", "internal_error"])
async def test_an_alarm_that_cannot_be_edited_goes_to_nobody_by_mail(
    make_services: Callable[..., Services], clock: Clock, code: str
) -> None:
    by_mail = {"smtp_url": "smtp://127.0.0.1:9", "mail_managers": ("megumi@asahi.example",)}
    async with open_bench(make_services, clock, **by_mail) as bench:
        lead_id = await late_lead(bench)
        bench.workspace.faults.fail("chat.update", code, times=None)
        await calls(bench, lead_id)
        for _ in range(3):
            bench.clock.advance(seconds=31)
            await bench.settle()
        rows = bench.services.store.read(lambda session: session.exec(select(Outbound.kind)).all())
        assert ALERT_MAIL not in rows


async def test_an_alarm_that_could_not_be_edited_was_heard_all_the_same(bench: Bench) -> None:
    lead_id = await late_lead(bench)
    bench.workspace.faults.fail("chat.update", "msg_too_long", times=None)
    await calls(bench, lead_id)
    look = partial(unheard_alarms, now=bench.clock.now)
    assert bench.services.store.read(look) == 0


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ja", "対応期限（昨日(月)13:00）を過ぎましたが、初回の"),
        ("en", "first contact was due yesterday (Mon) 1:00 pm, and nobody"),
    ],
)
async def test_after_a_night_an_alarm_says_since_when_and_counts_no_hours_nobody_works(
    make_services: Callable[..., Services], clock: Clock, language: str, says: str
) -> None:
    async with open_bench(make_services, clock, bantline_language=language) as bench:
        await bench.has_lead(owner=KEN)
        clock.advance(hours=23)  # nobody looked until 9:00 of the next day
        await bench.settle()
        told = [alarm.text.partition("\n")[0] for alarm in bench.managers_see()]
    assert any(says in line for line in told)
    assert not any("時間" in line or " h " in line for line in told)
