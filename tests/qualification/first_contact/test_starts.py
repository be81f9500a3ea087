"""What starts the 3-hour clock, which rule it runs by, and that it starts once."""

from datetime import timedelta
from pathlib import Path

from qualification import leads
from qualification.bant import Company, Industry
from qualification.calls import Outcome
from qualification.followup import cancel, open_follow_up
from qualification.policy import Policy, load_policy, shipped_policy
from qualification.records import FollowUp
from qualification.stages import Stage
from tests.business import NEED, SATO, Business
from tests.clock import MONDAY_TEN, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.due import due_timers_fire
from tests.qualification.test_policy import written


def test_a_wish_for_a_person_starts_the_clock_below_every_line(firm: Business) -> None:
    """M92."""
    lead = firm.has_lead()
    firm.does(leads.want_person, lead, words="人と話したい")

    clock = firm.clock_of(lead)
    assert clock is not None
    assert (firm.lead(lead).stage, clock.status, clock.started_at) == (Stage.LEAD, "open", MONDAY_TEN)


def test_whichever_is_first_starts_the_one_clock(firm: Business) -> None:
    """M92."""
    lead = firm.has_lead()
    firm.does(leads.want_person, lead, words="please")
    firm.clock.advance(minutes=10)
    firm.talks_in_chat(lead, NEED, SATO)

    (clock,) = firm.all(FollowUp)
    assert clock.started_at == MONDAY_TEN


def test_a_lead_who_was_called_after_asking_for_it_gets_no_second_clock_by_qualifying(firm: Business) -> None:
    lead = firm.has_lead()
    firm.does(leads.want_person, lead, words="please")
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(minutes=10)
    firm.talks_in_chat(lead, NEED, SATO)

    assert len(firm.all(FollowUp)) == 1


def test_who_asks_again_out_of_nurture_is_lifted_by_the_new_wish(firm: Business) -> None:
    """M28, M133: as a request for a demo lifts them."""
    lead = firm.has_lead()
    for kind in ("document_requested", "price_list_viewed", "seminar_attended"):
        firm.does(leads.record_activity, lead, kind, key=f"{kind}:{lead}")
    firm.does(leads.want_person, lead, words="please")
    firm.clock.advance(days=1)
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")
    firm.clock.advance(days=10)
    firm.does(leads.want_person, lead, words="call me, please")

    clock = firm.clock_of(lead)
    assert clock is not None
    assert (firm.lead(lead).stage, clock.status) == (Stage.MQL, "open")


def test_who_asks_again_after_the_first_call_is_owed_another(firm: Business) -> None:
    lead = firm.has_lead()
    firm.does(leads.want_person, lead, words="please")
    firm.does(leads.want_person, lead, words="please!")
    assert len(firm.said("ring")) == 1
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(hours=1)
    firm.does(leads.want_person, lead, words="nobody reached me")

    assert len(firm.said("ring")) == 2
    assert [row.status for row in firm.all(FollowUp)].count("open") == 1


def test_a_stale_generation_does_nothing(firm: Business) -> None:
    """A clock left behind by a newer one of the same rule drops its steps (OnCall #3111)."""
    lead = firm.qualified_lead()
    old = firm.clock_of(lead)
    assert old is not None
    firm.does(lambda tx, row: setattr(tx.get(FollowUp, old.id), "status", "met"), lead)
    firm.does(open_follow_up, lead, started_at=firm.clock.now + timedelta(days=30))
    firm.does(lambda tx, row: setattr(tx.get(FollowUp, old.id), "status", "open"), lead)
    firm.clock.advance(days=1)

    assert due_timers_fire(firm) == []


def test_a_clock_of_another_rule_leaves_this_one_running_however_often_it_began(firm: Business, policy: Policy) -> None:
    firm.store.policy = shipped_policy()
    lead = firm.qualified_lead()
    for days in (30, 60):
        other = firm.does(open_follow_up, lead, started_at=firm.clock.now + timedelta(days=days), rule="document_call")
        firm.does(lambda tx, row, other=other: cancel(tx, row, tx.get(FollowUp, other.id), reason="", by="yuki"), lead)
    firm.clock.advance(minutes=90)

    assert due_timers_fire(firm) == ["half_time"]


OF_MANUFACTURERS = """
version = "own-1"
[segments.manufacturing.follow_up.first_contact]
within_minutes = 60
reminders = []
[segments.manufacturing.follow_up.document_call]
within_working_days = 1
reminders = []
"""


@on_both_databases
def test_a_clock_runs_by_the_rules_of_what_is_known_when_it_starts(firm: Business, tmp_path: Path) -> None:
    """D19: a form tells the industry and asks for the document in one go."""
    firm.store.policy = load_policy(written(tmp_path, OF_MANUFACTURERS))
    maker = Company(name="Asahi", industry=Industry.MANUFACTURING)
    lead = firm.has_lead(maker)
    firm.does(leads.record_activity, lead, "document_requested", key="d1")
    assert firm.clocks_of(lead)["document_call"].due_at == jst("2026-05-19 18:00")

    lead = firm.has_lead(maker)
    firm.does(leads.want_person, lead, words="お電話ください")
    due_at = firm.lead(lead).due_at
    assert due_at is not None
    assert due_at - firm.clock.now == timedelta(minutes=60)
