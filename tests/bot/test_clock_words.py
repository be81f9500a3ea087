"""A clock in words: what is left, how its due instant came about, and afterwards whose time it was."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.in_words.clock import arithmetic, clock_json, left_in_words, took_in_words
from bot.words import Words
from qualification import leads
from qualification.calls import Outcome
from qualification.dossier import Dossier, FollowUpView, dossier_of
from qualification.followup import mark_told
from tests.business import Business
from tests.clock import TOKYO, jst
from tests.qualification.test_duties import in_force
from tests.qualification.test_recompute import LUNCH

WORDS = Words(TOKYO)


def dossier(firm: Business, lead: str) -> Dossier:
    return firm.store.run_here(lambda tx: dossier_of(tx, lead, policy=tx.policy, now=tx.now))


def clock_of(firm: Business, lead: str, rule: str = "first_contact") -> FollowUpView:
    found = dossier(firm, lead).clock_of(rule)
    assert found is not None
    return found


def test_the_arithmetic_over_a_weekend_is_shown_piece_by_piece(firm: Business) -> None:
    firm.clock.now = jst("2026-05-15 17:10")
    clock = clock_of(firm, firm.qualified_lead())

    assert arithmetic(clock, WORDS, "ja") == "金 17:10 + 50分 → 月 9:00 + 2時間10分 = 月 11:10"
    assert arithmetic(clock, WORDS, "en") == "Fri 5:10 pm + 50 min → Mon 9:00 am + 2 h 10 min = Mon 11:10 am"


def test_a_duty_in_days_names_them(firm: Business) -> None:
    firm.clock.now = jst("2026-05-20 11:00")
    lead = firm.has_lead()
    firm.does(leads.record_activity, lead, "document_requested", key="d")

    clock = clock_of(firm, lead, "document_call")
    assert arithmetic(clock, WORDS, "ja") == "5月20日(水) 11:00 + 3営業日 = 5月25日(月) 18:00"
    assert arithmetic(clock, WORDS, "en") == "Wed 20 May, 11:00 am + 3 working days = Mon 25 May, 6:00 pm"


def test_within_a_week_the_weekdays_are_enough(firm: Business) -> None:
    firm.clock.now = jst("2026-05-01 17:00")
    clock = clock_of(firm, firm.qualified_lead())

    assert arithmetic(clock, WORDS, "ja") == "金 17:00 + 1時間 → 木 9:00 + 2時間 = 木 11:00"


def test_the_hour_that_is_there_twice_adds_up_too(firm: Business, tmp_path: Path) -> None:
    """Due at the first 2:45 of the night in which Berlin sets its clocks back: Python calls that instant unequal."""
    in_force(firm, tmp_path, '[hours]\nalways = true\nzone = "Europe/Berlin"\n')
    firm.clock.now = datetime(2026, 10, 24, 21, 45, tzinfo=UTC)
    clock = clock_of(firm, firm.qualified_lead())

    assert arithmetic(clock, WORDS, "en") == "Sat 11:45 pm + 3 h = Sun 2:45 am"


def test_what_no_longer_adds_up_is_not_shown(firm: Business, tmp_path: Path) -> None:
    lead = firm.qualified_lead()
    in_force(firm, tmp_path, LUNCH)

    assert arithmetic(clock_of(firm, lead), WORDS, "ja") == ""


@pytest.mark.parametrize(
    ("now", "japanese", "english"),
    [
        ("2026-05-18 10:50", "あと2時間10分", "2 h 10 min left"),
        ("2026-05-18 13:00", "5月18日(月) 13:00から期限超過", "due since Mon 18 May, 1:00 pm"),
        (
            "2026-05-19 09:00",
            "5月18日(月) 13:00から期限超過",
            "due since Mon 18 May, 1:00 pm",
        ),  # nobody worked at night
    ],
)
def test_what_is_left_is_said_in_words(firm: Business, now: str, japanese: str, english: str) -> None:
    lead = firm.qualified_lead()
    firm.clock.now = jst(now)
    clock = clock_of(firm, lead)

    assert left_in_words(clock, WORDS, "ja", firm.clock.now) == japanese
    assert left_in_words(clock, WORDS, "en", firm.clock.now) == english


def test_afterwards_our_time_and_theirs_stand_apart(firm: Business) -> None:
    firm.clock.now = jst("2026-05-15 17:40")
    lead = firm.qualified_lead()
    firm.clock.advance(seconds=4)
    firm.does(lambda tx, row: mark_told(tx, row.id), lead)
    firm.clock.now = jst("2026-05-18 09:30")
    firm.calls(lead, Outcome.NO_ANSWER)

    clock = clock_of(firm, lead)
    assert took_in_words(clock, WORDS, "ja") == "内訳：Slackへの通知まで4秒、担当者の対応まで49分"
    assert left_in_words(clock, WORDS, "ja", firm.clock.now) == ""
    (met,) = firm.history(lead, "follow_up_met")
    assert (met.data["system_seconds"], met.data["human_minutes"], met.data["minutes"]) == (4, 49, 50)


def test_a_program_reads_the_same(firm: Business) -> None:
    firm.clock.now = jst("2026-05-15 17:10")
    shown = clock_json(clock_of(firm, firm.qualified_lead()), WORDS, jst("2026-05-15 17:20"))

    assert (shown["rule"], shown["status"], shown["due_local"]) == (
        "first_contact",
        "open",
        "2026-05-18T11:10:00+09:00",
    )
    assert shown["left"] == {"ja": "あと65時間50分", "en": "65 h 50 min left"}
    assert shown["arithmetic"]["en"].endswith("= Mon 11:10 am")
