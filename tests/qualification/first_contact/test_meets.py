"""What meets the duty to call: evidence of the asked grade, at any time, and never a claim."""

import pytest

from qualification import ownership
from qualification.calls import Outcome
from qualification.clock_rules import FIRST_CONTACT
from qualification.contact import Evidence, Grade
from qualification.followup import record_contact
from qualification.policy import Policy
from tests.business import Business
from tests.qualification.databases import on_both_databases
from tests.qualification.due import due_timers_fire


@on_both_databases
def test_a_claim_does_not_stop_the_clock(firm: Business) -> None:
    """M91, M97."""
    lead = firm.qualified_lead()
    firm.does(ownership.claim, lead, by="yuki")
    firm.clock.advance(minutes=180)

    assert due_timers_fire(firm) == ["due"]
    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status, clock.breached_at) == ("open", clock.due_at)


@on_both_databases
def test_an_attempt_stops_the_clock_and_its_steps_fall_silent(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=90)
    due_timers_fire(firm)
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(days=3)

    assert due_timers_fire(firm) == []
    assert firm.timers(lead) == {"half_time": "done", "last_call": "dropped", "due": "dropped", "overdue": "dropped"}


def test_a_call_is_proved_by_its_outcome_and_its_length(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.CONNECTED, minutes=7)

    clock = firm.clock_of(lead)
    assert clock is not None
    assert clock.evidence == {"kind": "call", "detail": "connected", "by": "yuki", "minutes": 7}
    assert firm.history(lead, "call_logged")[0].data["minutes"] == 7


def test_a_mail_the_server_took_is_an_attempt(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(record_contact, lead, Grade.ATTEMPT, Evidence(kind="mail", detail="<1@example.jp>"), by="yuki")

    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status, clock.evidence) == ("met", {"kind": "mail", "detail": "<1@example.jp>", "by": "yuki"})


@pytest.mark.parametrize(
    ("grade", "met"), [(Grade.CLAIM, False), (Grade.ATTEMPT, False), (Grade.REACHED, True), (Grade.TWO_WAY, True)]
)
def test_a_policy_may_ask_that_the_person_was_reached(firm: Business, policy: Policy, grade: Grade, met: bool) -> None:
    stricter = policy.follow_up[FIRST_CONTACT].model_copy(update={"met_by": "reached"})
    firm.store.policy = policy.model_copy(update={"follow_up": {FIRST_CONTACT: stricter}})
    lead = firm.qualified_lead()
    firm.does(record_contact, lead, grade, Evidence(kind="call", detail="x"), by="yuki")

    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status == "met") is met


def test_measuring_goes_on_after_the_breach(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=200)
    firm.calls(lead, Outcome.CONNECTED)

    clock = firm.clock_of(lead)
    (met,) = firm.history(lead, "follow_up_met")
    assert clock is not None
    assert (clock.status, clock.breached_at) == ("met", clock.due_at)
    assert (met.data["minutes"], met.data["late"]) == (200, True)


@pytest.mark.parametrize(("minutes", "late"), [(180, False), (181, True)])
def test_a_contact_at_the_very_instant_it_is_due_is_in_time(firm: Business, minutes: int, late: bool) -> None:
    """M91."""
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=minutes)
    firm.calls(lead, Outcome.CONNECTED)

    (met,) = firm.history(lead, "follow_up_met")
    clock = firm.clock_of(lead)
    assert clock is not None
    assert (met.data["late"], clock.breached_at is not None) == (late, late)


def test_a_minute_is_taken_when_it_is_over(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=10, seconds=59)
    firm.calls(lead, Outcome.CONNECTED)

    assert firm.history(lead, "follow_up_met")[0].data["minutes"] == 10


def test_a_step_says_that_the_contact_is_late_from_the_due_instant_on(firm: Business) -> None:
    """M96, D12."""
    lead = firm.qualified_lead()
    for minutes in (90, 60, 30, 60):
        firm.clock.advance(minutes=minutes)
        due_timers_fire(firm)

    assert [row.data["late"] for row in firm.history(lead, "step_taken")] == [False, False, True, True]
