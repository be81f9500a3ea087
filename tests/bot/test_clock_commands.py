"""What an operator sees of the clocks: who waits, what edited hours change, who is away, which steps are broken."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.bootstrap import Services, start_services
from bot.commands.clocks import running_clocks
from bot.settings import Settings
from bot.slack.queue import waiting_leads
from bot.words import Words
from qualification import leads
from qualification.clock_rules import FIRST_CONTACT
from qualification.priority import leads_by_priority
from qualification.records import NOBODY_HAS, Lead, Rep, Timer
from qualification.stages import Stage
from qualification.store import Transaction
from tests.business import NEED, SATO, Business
from tests.clock import MONDAY_TEN, TOKYO, Clock
from tests.command import bantline
from tests.files import database_in

ALWAYS = '[hours]\nzone = "Asia/Tokyo"\nalways = true\n'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Business]:
    """A firm in the folder's own database, at the real time; its lead has just qualified."""
    clock = Clock(datetime.now(UTC))
    services: Services = start_services(Settings(database_url=database_in(tmp_path)), clock=clock)
    yield Business(services.store, clock)
    services.close()


def test_who_waits_is_listed_with_the_time_left_and_the_arithmetic(office: Business, tmp_path: Path) -> None:
    lead = office.qualified_lead()
    done = bantline(tmp_path, "clock", "list", "--json", "--zone", "Europe/London")
    clocks = {clock["rule"]: clock for clock in json.loads(done.stdout)["clocks"]}

    first = clocks["first_contact"]
    assert set(clocks) == {"first_contact", "acceptance"}
    assert (first["lead"], first["status"], first["person"]) == (lead, "open", "佐藤")
    assert first["left"]["en"].endswith("left")
    assert " = " in first["arithmetic"]["ja"]
    assert first["due_local"].endswith(("+00:00", "+01:00"))

    told = bantline(tmp_path, "clock", "list", COLUMNS="80").stdout.splitlines()
    assert told[0] == "2 waiting, times in Asia/Tokyo"
    assert told[1].startswith(f"{lead[:10]}  due ")
    assert max(map(len, told)) <= 80
    shown = json.loads(bantline(tmp_path, "leads", "show", lead[:8], "--json").stdout)
    assert [clock["rule"] for clock in shown["clocks"]] == ["first_contact", "acceptance"]
    assert "first contact: Waiting, due" in bantline(tmp_path, "leads", "show", lead[:8]).stdout


def test_the_lists_speak_japanese_when_asked_to(office: Business, tmp_path: Path) -> None:
    lead = office.qualified_lead()
    first, who, *_ = bantline(tmp_path, "clock", "list", "--language", "ja", COLUMNS="80").stdout.splitlines()[1:]
    assert first.startswith(f"{lead[:10]}  期限 ")
    assert "あと" in first
    assert "佐藤様 · 担当者未定 · " in who
    leads = bantline(tmp_path, "leads", "list", "--language", "ja", COLUMNS="80").stdout
    assert "リード 1件" in leads
    assert "温度感" in leads
    assert (
        "現在、SQLのリードはありません"
        in bantline(tmp_path, "leads", "list", "--stage", "sql", "--language", "ja").stdout
    )


def test_of_leads_due_at_the_same_instant_who_has_waited_longest_stands_first_everywhere(office: Business) -> None:
    office.clock.now = MONDAY_TEN + timedelta(hours=10)  # the evening: all of them are due on Tuesday at noon
    came = []
    for _ in range(6):
        came.append(office.qualified_lead())
        office.clock.advance(minutes=1)
    services = Services(settings=Settings(), store=office.store, words=Words(TOKYO), clock=office.clock)
    ways: dict[str, Callable[[Session], list[str]]] = {
        "Home": lambda session: [one.lead.id for one in waiting_leads(session, text(NOBODY_HAS))],
        "leads list": lambda session: [lead.id for lead in leads_by_priority(session, line=60)],
        "clock list": lambda session: [
            lead.id for lead, _, clock in running_clocks(session, services, 100) if clock.rule == FIRST_CONTACT
        ],
    }
    assert len({office.lead(lead).due_at for lead in came}) == 1
    assert {name: office.store.read(look) for name, look in ways.items()} == dict.fromkeys(ways, came)


def test_an_unknown_zone_is_said_in_words(office: Business, tmp_path: Path) -> None:
    done = bantline(tmp_path, "clock", "list", "--zone", "Atlantis")
    assert (done.returncode, "--zone" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_edited_hours_are_found_tried_and_then_applied(office: Business, tmp_path: Path) -> None:
    office.qualified_lead()
    policy = tmp_path / "own.toml"
    policy.write_text(ALWAYS, "utf-8")

    doctor = bantline(tmp_path, "doctor", BANTLINE_POLICY=str(policy))
    assert "bantline clock recompute --dry-run" in doctor.stdout
    tried = bantline(tmp_path, "clock", "recompute", "--dry-run", "--json", BANTLINE_POLICY=str(policy))
    assert [clock["rule"] for clock in json.loads(tried.stdout)["clocks"]].count("first_contact") == 1
    done = bantline(tmp_path, "clock", "recompute", BANTLINE_POLICY=str(policy))
    assert "2 clocks" in done.stdout
    again = bantline(tmp_path, "clock", "recompute", BANTLINE_POLICY=str(policy))
    assert "counted with the hours of now" in again.stdout


def test_a_broken_step_is_shown_by_the_doctor(office: Business, tmp_path: Path) -> None:
    office.qualified_lead()
    timer = office.all(Timer)[0]
    office.store.run_here(lambda tx: setattr(tx.get(Timer, (timer.subject_id, timer.step)), "status", "broken"))

    done = bantline(tmp_path, "doctor")
    assert done.returncode == 1
    assert f"{timer.subject_id} {timer.step}" in done.stdout


def test_a_rep_is_sent_away_and_comes_back(office: Business, tmp_path: Path) -> None:
    def meet(tx: Transaction) -> None:
        tx.add(Rep(id="U1", name="山田 由紀", language="ja", zone="Asia/Tokyo", role="rep", seen_at=tx.now))

    office.store.run_here(meet)
    day = (office.clock.now + timedelta(days=30)).strftime("%Y-%m-%d")
    assert "山田 由紀 is away until" in bantline(tmp_path, "reps", "away", "山田", "--until", day).stdout
    (rep,) = json.loads(bantline(tmp_path, "reps", "list", "--json").stdout)["reps"]
    assert rep["away_until"] is not None

    assert json.loads(bantline(tmp_path, "reps", "back", "U1", "--json").stdout)["away_until"] is None
    wrong = bantline(tmp_path, "reps", "away", "佐藤", "--until", day)
    assert (wrong.returncode, "山田 由紀 (U1)" in wrong.stderr) == (2, True)


def test_a_disqualified_lead_is_reopened_with_a_reason(office: Business, tmp_path: Path) -> None:
    lead = office.qualified_lead()
    office.does(leads.put_aside, lead, Stage.DISQUALIFIED, rule="no_need", by="yuki")

    assert "is reopened: TQL" in bantline(tmp_path, "leads", "reopen", lead[:8], "--reason", "they wrote").stdout
    assert office.row(Lead, lead).stage == Stage.TQL
    again = bantline(tmp_path, "leads", "reopen", lead[:8], "--reason", "again")
    assert (again.returncode, "bantline leads why ID" in again.stderr) == (2, True)


def test_what_is_told_of_a_merged_record_counts_for_the_one_that_was_kept(office: Business, tmp_path: Path) -> None:
    """D29: an old mail or export names the record that is no more."""
    kept, other = office.qualified_lead(NEED, SATO), office.has_lead(SATO)
    office.merges(kept, other)

    done = bantline(tmp_path, "leads", "activity", other, "demo_requested")
    assert f"{other[:10]} was merged into {kept[:10]}" in done.stdout
    assert office.row(Lead, kept).score >= 30
    assert json.loads(bantline(tmp_path, "leads", "result", other, "won", "--json").stdout)["id"] == kept

    refused = bantline(tmp_path, "leads", "reopen", other, "--reason", "they wrote")
    assert (refused.returncode, "not disqualified" in refused.stderr) == (2, True)
    assert office.row(Lead, other).stage == Stage.DISQUALIFIED


def test_a_deal_is_told_and_the_review_counts_it_in_both_languages(office: Business, tmp_path: Path) -> None:
    """M80, M84."""
    lead = office.qualified_lead()
    done = bantline(tmp_path, "leads", "result", lead[:10], "won", "--amount", "3000000", "--json").stdout
    assert json.loads(done) == {"id": lead, "result": "won", "amount": 3_000_000, "currency": "JPY"}
    told = bantline(tmp_path, "review", "--language", "ja").stdout
    assert "商談化率" in told
    assert "率の違いは原因を示す" in told
    counted = json.loads(bantline(tmp_path, "review", "--json").stdout)
    assert (counted["total"]["leads"], counted["total"]["won"], counted["total"]["win_rate"]) == (1, 1, 1.0)
    early = bantline(tmp_path, "leads", "result", office.has_lead(), "won")
    assert (early.returncode, "never qualified" in early.stderr, "bantline leads why ID" in early.stderr) == (
        2,
        True,
        True,
    )
    wrong = bantline(tmp_path, "review", "--from", "2026-05-02", "--to", "2026-05-01")
    assert (wrong.returncode, "--from 2026-05-02 lies behind" in wrong.stderr) == (2, True)
