""" "I have seen it" holds the reminders back for a while, once for each step, and never hides the lateness."""

import pytest

from qualification.acknowledge import AlreadySeen, NothingToSee, acknowledge
from qualification.calls import Outcome
from qualification.records import Timer
from tests.business import Business
from tests.clock import jst
from tests.qualification.due import due_timers_fire, steps_taken


def at(firm: Business, time: str) -> list[str]:
    """The steps taken at this time of the Monday on which the lead qualified at 10:00."""
    firm.clock.now = jst(f"2026-05-18 {time}")
    return due_timers_fire(firm)


def test_what_was_seen_is_said_again_after_the_policys_interval(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    assert at(firm, "11:30") == ["half_time"]
    assert firm.does(acknowledge, lead, by="yuki") == jst("2026-05-18 12:00")

    assert at(firm, "11:59") == []
    assert at(firm, "12:00") == ["half_time:again"]
    assert firm.history(lead, "step_taken")[-1].data["again"] is True


def test_a_reminder_within_the_interval_waits_for_its_end_and_is_said_once(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    at(firm, "11:30")
    at(firm, "12:10")
    firm.does(acknowledge, lead, by="yuki")  # until 12:40; the last reminder would fall at 12:30

    assert at(firm, "12:35") == []
    assert at(firm, "12:40") == ["last_call"]


def test_a_rep_who_has_seen_it_keeps_the_lateness_from_nobody(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    at(firm, "12:30")
    at(firm, "12:50")
    firm.does(acknowledge, lead, by="yuki")

    assert at(firm, "13:00") == ["due"]


def test_a_manager_who_has_seen_it_hears_it_again_before_the_next_level(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    at(firm, "13:00")
    at(firm, "13:45")
    firm.does(acknowledge, lead, by="megumi", is_manager=True)  # until 14:15

    assert at(firm, "14:00") == []
    assert at(firm, "14:15") == ["overdue"]


def test_each_step_is_seen_once(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    firm.does(acknowledge, lead, by="yuki")
    with pytest.raises(AlreadySeen):
        firm.does(acknowledge, lead, by="yuki")

    at(firm, "11:30")
    firm.does(acknowledge, lead, by="yuki")
    at(firm, "12:00")
    with pytest.raises(AlreadySeen):
        firm.does(acknowledge, lead, by="yuki")
    assert len(firm.history(lead, "follow_up_seen")) == 2


def test_nothing_is_said_again_after_a_contact(firm: Business) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    at(firm, "11:30")
    firm.does(acknowledge, lead, by="yuki")
    firm.calls(lead, Outcome.NO_ANSWER)

    assert at(firm, "15:00") == []
    assert {row.status for row in firm.all(Timer) if row.step == "half_time:again"} == {"dropped"}


def test_the_interval_is_working_time(firm: Business) -> None:
    firm.clock.now = jst("2026-05-15 16:20")
    lead = firm.qualified_lead(owner_id="yuki")
    firm.clock.now = jst("2026-05-15 17:50")
    due_timers_fire(firm)

    assert firm.does(acknowledge, lead, by="yuki") == jst("2026-05-18 09:20")


def test_without_a_clock_there_is_nothing_to_see(firm: Business) -> None:
    with pytest.raises(NothingToSee):
        firm.does(acknowledge, firm.has_lead(), by="yuki")
    assert steps_taken(firm) == []
