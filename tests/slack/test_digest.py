"""The digest in the managers' channel and on the terminal: once a day, in the firm's language and zone."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.bootstrap import Services
from bot.commands.digest import digest_json, in_words, look
from bot.delivery import Delivery
from bot.in_words.digest import digest_in_words
from bot.sandbox.driver import all_words
from bot.worker import Worker
from qualification.calls import Call, Outcome, log_call
from qualification.policy import load_policy
from qualification.records import Lead
from qualification.reports.digest import DIGEST, plan_digest
from tests.clock import Clock
from tests.desk import KEN, YUKI, Bench, open_bench

SIX = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # 18:00 in Tokyo


async def a_day_passes(bench: Bench) -> None:
    for name in ("yuki", "ken"):
        bench.person(name).opens_home()
    await bench.settle()
    met = await bench.has_lead(owner=YUKI)
    await bench.services.store.run(lambda tx: log_call(tx, tx.get(Lead, met), Call(outcome=Outcome.BUSY), by=YUKI))
    await bench.has_lead(owner=KEN)
    await bench.services.store.run(plan_digest)


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_managers_read_the_day_at_the_time_they_chose(
    make_services: Callable[..., Services], clock: Clock, language: str
) -> None:
    async with open_bench(make_services, clock, bantline_language=language) as bench:
        await a_day_passes(bench)
        bench.clock.now = SIX
        await bench.settle()
        digest = next(message for message in bench.managers_see() if message.blocks[0]["type"] == "header")
    said = {
        "ja": [
            "本日のまとめ（11月16日(月) 18:00現在）",
            "新規リード：2件",
            "3時間以内の初回接触：1件（初回接触 1件のうち）",
            "初回接触待ち：1件（うち期限超過 1件）",
            "山田 由紀：期限内 1 ・ 期限後 0 ・ 対応待ち 0（うち期限超過 0）",
        ],
        "en": [
            "The day so far (Mon 16 Nov, 6:00 pm)",
            "New leads: 2",
            "First contact within 3 h: 1 of 1",
            "Waiting for first contact: 1 (1 overdue)",
            "Ken Miller: 0 in time · 0 late · 1 waiting (1 overdue)",
        ],
    }[language]
    for words in said:
        assert words in all_words(digest.blocks)
        assert words in digest.text


async def test_two_workers_and_a_restart_say_it_once(bench: Bench) -> None:
    await a_day_passes(bench)
    bench.clock.now = SIX
    others = [Worker(bench.services.store, Delivery(bench.services.store, {DIGEST: bench.sender})) for _ in range(2)]
    for worker in others:
        await bench.services.store.run(plan_digest)
        await worker.tick()
    await bench.settle()
    assert len([message for message in bench.managers_see() if "まとめ" in message.text]) == 1


async def test_a_digest_whose_answer_was_lost_is_not_posted_twice(bench: Bench) -> None:
    await a_day_passes(bench)
    bench.clock.now = SIX
    bench.workspace.faults.accept_then_drop("chat.postMessage", times=5)
    for _ in range(6):
        await bench.settle()
        bench.clock.advance(seconds=40)
    assert len([message for message in bench.managers_see() if "まとめ" in message.text]) == 1


async def test_a_digest_that_waited_for_more_than_a_day_is_left_out(bench: Bench) -> None:
    await a_day_passes(bench)
    bench.clock.now = SIX
    await Worker(bench.services.store, Delivery(bench.services.store, {})).tick()
    bench.clock.advance(days=2)
    await bench.settle()
    assert not any("まとめ" in message.text for message in bench.managers_see())


async def test_the_terminal_tells_the_same_day_in_words_and_as_json(bench: Bench) -> None:
    await a_day_passes(bench)
    digest, names = look(bench.services, None)
    told = json.loads(json.dumps(digest_json(digest), default=str))
    assert (told["day"], told["new"], told["met"], told["waiting"]) == ("2026-11-16", 2, 1, 1)
    assert names == {YUKI: "山田 由紀", KEN: "Ken Miller"}
    assert in_words(digest, names, bench.services).startswith("本日のまとめ（11月16日(月) 10:00現在）")
    assert "First contact within 3 h: 1 of 1" in in_words(digest, names, bench.services, "en")
    before, _ = look(bench.services, date(2026, 11, 13))
    assert (before.new, before.until) == (0, datetime(2026, 11, 13, 15, 0, tzinfo=UTC))
    assert in_words(before, names, bench.services).startswith("2026年11月13日(金)のまとめ")
    assert in_words(before, names, bench.services, "en").startswith("Fri 13 Nov 2026 in numbers")
    assert bench.clock() - digest.until == timedelta()


@pytest.mark.parametrize(
    ("text", "language", "says"),
    [
        ("within_working_days = 1", "ja", "1営業日以内の初回接触：0件"),
        ("within_working_days = 2", "en", "First contact within 2 working days: 0 of 0"),
        ("within_minutes = 90", "ja", "1時間30分以内の初回接触：0件"),
    ],
)
def test_a_first_contact_promised_in_days_is_told_in_days(
    services: Services, tmp_path: Path, text: str, language: str, says: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f"[follow_up.first_contact]\n{text}\n", "utf-8")
    digest, names = look(services, None)
    promise = load_policy(path).first_contact
    told = digest_in_words(digest, names, services.words, language, promise=promise)
    assert says in told.numbers
