"""An hour agreed to call somebody back: rung once, owed until somebody calls, and over when it has no sense any more."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.slack.team import today_of
from bot.worker import fire
from qualification import deeds, leads
from qualification.call_backs import CALL_BACK_TIMER
from qualification.calls import Call, CallBackInThePast, Outcome, log_call
from qualification.clock_rules import FIRST_CONTACT
from qualification.deals import Result, Told, tell_result
from qualification.deeds import Kind
from qualification.followup import Status
from qualification.records import FollowUp, Lead, Timer
from qualification.reports.digest import digest_of
from qualification.reports.speed import first_contacts, speed_of
from qualification.stages import Stage
from qualification.store import Transaction
from qualification.timers import TimerStatus
from tests.business import Business
from tests.clock import jst
from tests.qualification.databases import on_both_databases

AT_THREE, AT_FIVE = jst("2026-05-18 15:00"), jst("2026-05-18 17:00")
NO_TALK = pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.WRONG_NUMBER, Outcome.REPLIED])


def promised(firm: Business) -> str:
    """Yuki reached them, and they asked to be called at three."""
    lead = firm.qualified_lead(owner_id="yuki")
    firm.calls(lead, Outcome.CALL_BACK, call_back_at=AT_THREE)
    firm.clock.advance(hours=1)
    return lead


def waits_for(firm: Business, lead: str) -> list[datetime]:
    return [
        row.due_at
        for row in firm.all(Timer)
        if (row.subject_id, row.kind, row.status) == (lead, CALL_BACK_TIMER, TimerStatus.WAITING)
    ]


def time_comes(firm: Business, until: datetime) -> None:
    """Everything that falls due by then falls due in its order."""

    def next_due(tx: Transaction) -> Timer | None:
        due = [row for row in tx.find(Timer, "status", TimerStatus.WAITING) if row.due_at <= until]
        return min(due, key=lambda row: row.due_at, default=None)

    while timer := firm.store.run_here(next_due):
        firm.clock.now = max(firm.clock.now, timer.due_at)
        firm.store.run_here(partial(fire, (timer.subject_id, timer.step)))
    firm.clock.now = until


def alarmed(firm: Business) -> list[str]:
    """Who heard that nobody called, in turn."""
    facts = [row.payload["facts"] for row in firm.said("alarm")]
    return [one["tells"] for one in facts if one["rule"] == FIRST_CONTACT]


def rung(firm: Business) -> list[str]:
    return [row.payload["event"] for row in firm.said("ring")]


@on_both_databases
@pytest.mark.parametrize("outcome", [Outcome.CONNECTED, Outcome.CALL_BACK])
def test_who_was_spoken_with_before_the_agreed_hour_is_called_at_the_hour_agreed_last_or_at_none(
    firm: Business, outcome: Outcome
) -> None:
    lead = promised(firm)
    firm.calls(lead, outcome, call_back_at=AT_FIVE if outcome is Outcome.CALL_BACK else None)

    assert waits_for(firm, lead) == ([AT_FIVE] if outcome is Outcome.CALL_BACK else [])
    time_comes(firm, AT_THREE)
    assert "call_back_due" not in rung(firm)


@NO_TALK
def test_who_was_not_spoken_with_still_expects_the_call_at_the_agreed_hour(firm: Business, outcome: Outcome) -> None:
    lead = promised(firm)
    firm.calls(lead, outcome)

    assert waits_for(firm, lead) == [AT_THREE]


def test_a_talk_that_is_taken_back_leaves_the_agreed_hour_as_it_was(firm: Business) -> None:
    lead = promised(firm)

    def called_by_mistake(tx: Transaction, row: Lead) -> None:
        call = Call(outcome=Outcome.CONNECTED)
        deed = deeds.do(tx, row, Kind.CALL, lambda: log_call(tx, row, call, by="yuki"), by="yuki")
        assert deed is not None

    firm.does(called_by_mistake, lead)
    assert waits_for(firm, lead) == []
    firm.does(lambda tx, row: deeds.undo(tx, deeds.deeds_on(tx, row.id)[-1], by="yuki"), lead)
    assert waits_for(firm, lead) == [AT_THREE]


@on_both_databases
@pytest.mark.parametrize("result", [Result.WON, Result.LOST])
def test_nobody_is_called_back_about_a_deal_that_was_decided_before_the_hour(firm: Business, result: Result) -> None:
    lead = promised(firm)
    firm.does(tell_result, lead, Told(result=result), by="yuki")

    assert waits_for(firm, lead) == []


def test_nobody_is_called_back_who_was_disqualified_before_the_hour(firm: Business) -> None:
    lead = promised(firm)
    firm.does(leads.put_aside, lead, Stage.DISQUALIFIED, rule="no_need", by="yuki")
    time_comes(firm, AT_FIVE)

    assert "call_back_due" not in rung(firm)


def test_a_talk_on_the_record_that_was_kept_ends_what_was_agreed_on_the_one_that_was_merged(firm: Business) -> None:
    merged, kept = promised(firm), firm.qualified_lead(owner_id="yuki")
    firm.merges(kept, merged)
    firm.calls(kept, Outcome.CONNECTED)

    assert waits_for(firm, merged) == []


@on_both_databases
@pytest.mark.parametrize("what", [Kind.CALL, Kind.RESULT])
def test_what_is_taken_back_on_the_kept_record_leaves_the_hour_agreed_on_the_merged_one_as_it_was(
    firm: Business, what: Kind
) -> None:
    merged, kept = promised(firm), firm.qualified_lead(owner_id="yuki")
    firm.merges(kept, merged)

    def by_mistake(tx: Transaction, row: Lead) -> None:
        if what is Kind.CALL:
            log_call(tx, row, Call(outcome=Outcome.CONNECTED), by="yuki")
        else:
            tell_result(tx, row, Told(result=Result.LOST), by="yuki")

    firm.does(lambda tx, row: deeds.do(tx, row, what, lambda: by_mistake(tx, row), by="yuki"), kept)
    assert waits_for(firm, merged) == []
    firm.does(lambda tx, row: deeds.undo(tx, deeds.deeds_on(tx, row.id)[-1], by="yuki"), kept)
    assert waits_for(firm, merged) == [AT_THREE]


@on_both_databases
@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.CONNECTED, Outcome.BUSY])
def test_an_hour_written_down_with_any_outcome_rings_at_that_hour(firm: Business, outcome: Outcome) -> None:
    lead = firm.qualified_lead(owner_id="yuki")
    firm.calls(lead, outcome, call_back_at=AT_THREE)
    time_comes(firm, AT_THREE)

    assert rung(firm).count("call_back_due") == 1


def test_an_hour_that_has_passed_is_refused_with_any_outcome(firm: Business) -> None:
    lead = firm.qualified_lead()
    with pytest.raises(CallBackInThePast):
        firm.calls(lead, Outcome.NO_ANSWER, call_back_at=firm.clock.now - timedelta(hours=1))

    assert firm.history(lead, "call_logged") == []


@on_both_databases
def test_a_call_back_that_nobody_makes_climbs_the_ladder_to_the_managers(firm: Business) -> None:
    """D12: at three, and three working hours from then on."""
    lead = promised(firm)
    time_comes(firm, jst("2026-05-19 12:00"))

    owed = firm.clock_of(lead)
    assert owed is not None
    assert (owed.rule, owed.started_at, owed.due_at) == (FIRST_CONTACT, AT_THREE, jst("2026-05-18 18:00"))
    assert alarmed(firm) == ["manager", "managers_manager"]


def test_a_call_back_that_is_made_alarms_nobody(firm: Business) -> None:
    lead = promised(firm)
    time_comes(firm, AT_THREE + timedelta(minutes=5))
    firm.calls(lead, Outcome.CONNECTED)
    time_comes(firm, jst("2026-05-19 12:00"))

    assert alarmed(firm) == []


@on_both_databases
def test_a_call_back_that_is_made_counts_among_nobodys_first_contacts(firm: Business) -> None:
    lead = promised(firm)
    time_comes(firm, AT_THREE + timedelta(minutes=5))
    firm.calls(lead, Outcome.CONNECTED)

    (clock,) = [one for one in firm.all(FollowUp) if one.started_at == AT_THREE]
    assert (clock.rule, clock.status, clock.met_by) == (FIRST_CONTACT, Status.MET, "yuki")
    digest, today, speed = firm.store.read(
        lambda session: (
            digest_of(session, AT_THREE.date(), firm.store.policy, until=firm.clock()),
            today_of(session, "yuki", firm.store.policy.working_hours, firm.clock()),
            speed_of(first_contacts(session.connection(), (lead, lead + "~"), {}, firm.store.policy).values()),
        )
    )
    assert (digest.met, today.met, speed.made) == (1, 1, 1)
