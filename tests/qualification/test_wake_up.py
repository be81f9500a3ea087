"""A lead that is not ready comes back before the time it named, on a working morning (N22, M28, D9)."""

from datetime import date
from pathlib import Path

import pytest

from bot.worker import fire
from qualification import leads, ownership, their_time
from qualification.audit import audit_lead
from qualification.bant import Timeframe
from qualification.calls import Outcome
from qualification.followup import Status
from qualification.policy import load_policy, shipped_policy
from qualification.records import Timer
from qualification.stages import Stage
from qualification.store import Store
from qualification.timers import TimerStatus
from tests.business import BUDGET, NEED, NEXT_YEAR, NO_NEED, SATO, SOON, Business
from tests.clock import Clock, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.test_policy import written

FROM_MAY = Timeframe(earliest=date(2027, 5, 1), latest=date(2027, 5, 31))
BEFORE_APRIL = jst("2027-03-02 09:01")


def waits_for_next_year(firm: Business) -> str:
    """「来期、500万、稟議」: from April 2027."""
    lead = firm.qualified_lead(NEED, SATO, NEXT_YEAR, BUDGET)
    firm.does(ownership.hand_back, lead, reason="来期", to_nurture=True, by="yuki")
    return lead


def alarm(firm: Business, lead: str) -> Timer | None:
    return firm.store.run_here(lambda tx: tx.peek(Timer, (lead, their_time.WAKE_UP_TIMER)))


def wakes_at(firm: Business, lead: str) -> str | None:
    timer = alarm(firm, lead)
    if timer is None or timer.status != TimerStatus.WAITING:
        return None
    return f"{timer.due_at.astimezone(firm.store.policy.working_hours.zone):%Y-%m-%d %H:%M}"


def rings(firm: Business, lead: str) -> None:
    timer = alarm(firm, lead)
    assert timer is not None
    firm.clock.now = max(firm.clock.now, timer.due_at)
    firm.store.run_here(lambda tx: fire((lead, their_time.WAKE_UP_TIMER), tx))


@on_both_databases
def test_next_april_brings_the_lead_back_in_march_with_a_clock_of_its_own(firm: Business) -> None:
    lead = waits_for_next_year(firm)
    assert alarm(firm, lead).due_at == BEFORE_APRIL  # type: ignore[union-attr]

    rings(firm, lead)

    move = next(row.data for row in firm.history(lead, "stage_moved") if row.at == BEFORE_APRIL)
    assert (move["before"], move["after"], move["rule"]) == (Stage.NURTURE, Stage.MQL, "time_draws_near")
    assert "lead_woken" in [row.payload["event"] for row in firm.said("ring")]
    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status, clock.started_at, clock.due_at) == (Status.OPEN, BEFORE_APRIL, jst("2027-03-02 12:01"))


def test_it_comes_back_on_a_day_somebody_works(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, Timeframe(earliest=date(2027, 4, 5)))  # 30 days before is a Saturday
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")

    assert wakes_at(firm, lead) == "2027-03-08 09:01"


def test_who_named_only_an_end_is_woken_before_the_end(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, SOON)  # by 30 September
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")

    assert wakes_at(firm, lead) == "2026-08-31 09:01"


@pytest.mark.parametrize("day", [date(2026, 5, 28), date(2026, 6, 17)], ids=["next week", "30 days on"])
def test_a_time_too_near_for_that_wakes_on_its_own_day(firm: Business, day: date) -> None:
    lead = firm.qualified_lead(NEED, SATO, Timeframe(earliest=day, latest=day))
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")

    assert wakes_at(firm, lead) == f"{day} 09:01"


def test_another_time_named_meanwhile_takes_the_place_of_the_first(firm: Business) -> None:
    lead = waits_for_next_year(firm)
    firm.calls(lead, Outcome.NO_ANSWER, FROM_MAY)

    assert wakes_at(firm, lead) == "2027-04-01 09:01"


def test_who_named_no_time_is_not_woken(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO)
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")

    assert alarm(firm, lead) is None


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(lambda firm, lead: firm.does(leads.opt_out, lead, words="", by="prospect"), id="asked us to stop"),
        pytest.param(lambda firm, lead: firm.talks_in_chat(lead, NO_NEED), id="needs nothing any more"),
        pytest.param(lambda firm, lead: firm.calls(lead, Outcome.CONNECTED, NEED), id="back already"),
    ],
)
def test_nobody_is_woken_for_nothing(firm: Business, meanwhile: object) -> None:
    lead = waits_for_next_year(firm)
    firm.clock.advance(hours=1)
    assert callable(meanwhile)
    meanwhile(firm, lead)
    rings(firm, lead)

    assert firm.history(lead, "lead_woken") == []


def test_a_firm_may_leave_them_asleep(store: Store, clock: Clock, tmp_path: Path) -> None:
    store.policy = load_policy(written(tmp_path, "[nurture]\nwake_up = false\n"))
    firm = Business(store, clock)
    lead = waits_for_next_year(firm)
    rings(firm, lead)

    assert firm.history(lead, "lead_woken") == []


def test_who_went_to_sleep_before_a_firm_began_to_wake_them_is_woken_in_time_and_nothing_was_lost(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    store.policy = load_policy(written(tmp_path, "[nurture]\nwake_up = false\n"))
    firm = Business(store, clock)
    lead = waits_for_next_year(firm)
    store.policy = shipped_policy()

    assert firm.store.run_here(lambda tx: audit_lead(tx, lead)) == []
    rings(firm, lead)
    assert len(firm.history(lead, "lead_woken")) == 1


def test_nobody_is_woken_any_more_once_a_firm_leaves_them_asleep(store: Store, clock: Clock, tmp_path: Path) -> None:
    firm = Business(store, clock)
    lead = waits_for_next_year(firm)
    store.policy = load_policy(written(tmp_path, "[nurture]\nwake_up = false\n"))
    rings(firm, lead)

    assert firm.history(lead, "lead_woken") == []


def test_it_comes_back_as_the_firms_own_day_opens(store: Store, clock: Clock, tmp_path: Path) -> None:
    store.policy = load_policy(written(tmp_path, '[hours]\nzone = "Asia/Tokyo"\ntue = [["07:00", "15:00"]]\n'))
    firm = Business(store, clock)

    assert wakes_at(firm, waits_for_next_year(firm)) == "2027-03-02 07:01"


def test_a_firm_says_how_long_before(store: Store, clock: Clock, tmp_path: Path) -> None:
    store.policy = load_policy(written(tmp_path, "[nurture]\ndays_before = 90\n"))
    firm = Business(store, clock)

    assert wakes_at(firm, waits_for_next_year(firm)) == "2027-01-04 09:01"


def test_where_leads_are_called_from_a_talk_on_the_woken_one_is_called_all_the_same(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    store.policy = load_policy(written(tmp_path, '[stages]\nauto_accept = false\nqualified_from = "SAL"\n'))
    firm = Business(store, clock)
    lead = firm.has_lead(NEED, NEXT_YEAR, stage=Stage.TQL)
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")
    rings(firm, lead)

    assert firm.lead(lead).channel is not None
    clock_of_it = firm.clock_of(lead)
    assert clock_of_it is not None
    assert clock_of_it.status == Status.OPEN


def test_a_time_in_eight_thousand_years_disturbs_nobody(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, Timeframe(earliest=date(9999, 1, 1), latest=date(9999, 12, 31)))
    firm.does(ownership.accept, lead, by="yuki")
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")

    assert firm.moves(lead)[-2:] == [Stage.SAL, Stage.NURTURE]
    assert alarm(firm, lead) is None


# -- two records of one person -----------------------------------------------------------------


def test_a_time_that_came_with_another_record_wakes_the_kept_one(firm: Business) -> None:
    kept, other = firm.qualified_lead(NEED, SATO), firm.has_lead(SATO, NEXT_YEAR)
    firm.does(leads.put_aside, kept, Stage.NURTURE, rule="silence", by="clock")
    firm.merges(kept, other)
    assert wakes_at(firm, kept) == "2027-03-02 09:01"

    firm.parts(kept, other)
    assert wakes_at(firm, kept) is None


def test_a_record_that_is_its_own_again_is_woken_as_before(firm: Business) -> None:
    kept, other = firm.has_lead(SATO), waits_for_next_year(firm)
    firm.merges(kept, other)
    rings(firm, other)
    assert firm.history(other, "lead_woken") == []

    firm.clock.now = jst("2027-03-10 10:00")
    firm.parts(kept, other)
    assert wakes_at(firm, other) == "2027-04-01 09:01"
