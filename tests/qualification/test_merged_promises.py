"""What was promised to a person is promised after a merge too, once, and to each again when it is taken back (D9)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.worker import fire
from qualification import leads, replies
from qualification.bant import Standing
from qualification.call_backs import CALL_BACK_TIMER, call_back_due
from qualification.calls import Outcome
from qualification.clock_rules import FIRST_CONTACT
from qualification.events import OPERATOR
from qualification.followup import DUE_PASSES, snooze
from qualification.policy import Policy, load_policy
from qualification.records import FollowUp, Timer
from qualification.reopening import reopen
from qualification.silence import QUIET_TIMER
from qualification.stages import Stage
from qualification.steps import take_due_steps
from qualification.store import Transaction
from qualification.timers import TimerStatus
from tests.business import BUDGET, NEED, SATO, Business
from tests.clock import Clock
from tests.qualification.databases import on_both_databases
from tests.qualification.test_policy import written


def asks_for_a_document(firm: Business) -> str:
    """Sato again, by a form: an MQL by 60 points and the document."""
    lead = firm.has_lead(SATO)
    for kind in ("document_requested", "price_list_viewed", "seminar_attended", "newsletter_opened"):
        firm.does(leads.record_activity, lead, kind, key=f"{kind}:{lead}")
    firm.does(leads.reassess, lead)
    assert firm.lead(lead).stage == "MQL"
    return lead


def takes_what_is_due(firm: Business) -> None:
    """Every clock takes the steps that have fallen by now."""

    def work(tx: Transaction) -> None:
        waiting = [row for row in tx.find(Timer, "status", TimerStatus.WAITING) if row.due_at <= tx.now]
        take_due_steps(tx, {row.subject_id for row in waiting if row.kind == "step"})

    firm.store.run_here(work)


def test_the_duty_to_call_goes_with_the_merge(firm: Business, two: tuple[str, str]) -> None:
    running, kept = two
    started = next(row.started_at for row in firm.all(FollowUp) if row.lead_id == running)
    firm.merges(kept, running)
    clocks = [row for row in firm.all(FollowUp) if row.lead_id == kept and row.status == "open"]
    assert {clock.started_at for clock in clocks} == {started}
    assert not [row for row in firm.all(FollowUp) if row.lead_id == running and row.status == "open"]


def looks_waiting(firm: Business) -> set[str]:
    """Whose card is looked at when a snoozed duty falls due."""
    return {row.subject_id for row in firm.all(Timer) if row.kind == DUE_PASSES and row.status == "waiting"}


def test_a_snoozed_duty_shows_late_on_the_card_of_the_kept_record_and_after_the_merge_is_taken_back_on_its_own(
    firm: Business, clock: Clock, two: tuple[str, str]
) -> None:
    running, kept = two
    firm.does(snooze, running, until=clock.now + timedelta(days=3), reason="later", by="yuki")
    firm.does(snooze, running, until=clock.now + timedelta(days=4), reason="later still", by="yuki")
    assert looks_waiting(firm) == {running}

    firm.merges(kept, running)
    assert looks_waiting(firm) == {kept}
    firm.parts(kept, running)
    assert looks_waiting(firm) == {running}

    firm.calls(running, Outcome.CONNECTED)
    duties = {row.id for row in firm.all(FollowUp) if row.status == "open"}
    waiting = [row for row in firm.all(Timer) if row.kind == DUE_PASSES and row.status == "waiting"]
    assert all(row.step.split(":")[1] in duties for row in waiting), "nobody looks at a duty that is met"


def test_a_snoozed_promise_that_a_merge_ended_shows_late_again_once_the_merge_is_taken_back(
    firm: Business, clock: Clock
) -> None:
    earlier = firm.qualified_lead(NEED, SATO)
    clock.advance(minutes=30)
    later = firm.qualified_lead(NEED, SATO)
    for lead in (earlier, later):
        firm.does(snooze, lead, until=clock.now + timedelta(days=3), reason="later", by="yuki")
    firm.merges(earlier, later)
    assert looks_waiting(firm) == {earlier}

    firm.parts(earlier, later)
    assert looks_waiting(firm) == {earlier, later}


def test_who_was_called_long_ago_and_asks_anew_is_still_called_after_a_merge(firm: Business, clock: Clock) -> None:
    kept = firm.qualified_lead(NEED, SATO)
    firm.calls(kept, Outcome.CONNECTED)
    clock.advance(days=30)
    other = firm.has_lead(SATO)
    firm.does(leads.want_person, other, words="お電話ください")
    promised = firm.lead(other).due_at
    firm.merges(kept, other)
    assert promised is not None
    assert firm.lead(kept).due_at == promised
    assert firm.lead(other).due_at is None


def test_of_two_promises_to_one_person_the_earlier_is_kept(firm: Business, clock: Clock) -> None:
    other = firm.qualified_lead(NEED, SATO)
    clock.advance(minutes=40)
    kept = firm.qualified_lead(NEED, SATO)
    earlier = firm.lead(other).due_at
    firm.merges(kept, other)
    assert firm.lead(kept).due_at == earlier
    assert [row.lead_id for row in firm.all(FollowUp) if row.rule == FIRST_CONTACT and row.status == "open"] == [kept]


def test_who_was_called_since_they_asked_is_not_called_once_more_after_a_merge(firm: Business, clock: Clock) -> None:
    kept, other = firm.qualified_lead(NEED, SATO), firm.qualified_lead(NEED, SATO)
    clock.advance(minutes=10)
    firm.calls(kept, Outcome.CONNECTED)
    firm.merges(kept, other)
    assert firm.lead(kept).due_at is None
    assert firm.lead(other).due_at is None


@on_both_databases
@pytest.mark.parametrize("outcome", [Outcome.CONNECTED, Outcome.NO_ANSWER])
def test_whom_we_contacted_on_the_record_that_goes_into_another_waits_no_more_on_that_one(
    firm: Business, clock: Clock, outcome: Outcome
) -> None:
    """M91: nobody's manager is alarmed over somebody who was called."""
    called, kept = firm.qualified_lead(), firm.qualified_lead()
    clock.advance(minutes=30)
    firm.calls(called, outcome)
    firm.merges(kept, called)

    assert firm.clocks_of(kept)[FIRST_CONTACT].status == "cancelled"
    tries_on = firm.clocks_of(kept).get("persistence")
    assert (tries_on is not None and tries_on.status == "open") is (outcome is Outcome.NO_ANSWER)

    firm.parts(kept, called)
    assert firm.clocks_of(kept)[FIRST_CONTACT].status == "open"


def test_who_was_tried_on_one_record_and_reached_on_the_other_is_not_tried_again(firm: Business, clock: Clock) -> None:
    """D14: whichever of the two records is kept."""
    tried, reached = firm.qualified_lead(), firm.qualified_lead()
    firm.calls(tried, Outcome.NO_ANSWER)
    clock.advance(minutes=30)
    firm.calls(reached, Outcome.CONNECTED)
    firm.merges(tried, reached)

    assert firm.clocks_of(tried)["persistence"].status == "cancelled"


def test_a_mail_on_one_record_is_no_call_for_the_document_asked_for_on_the_other(firm: Business, clock: Clock) -> None:
    """M93."""
    kept, mailed = asks_for_a_document(firm), firm.qualified_lead()
    clock.advance(minutes=30)
    firm.does(replies.mail_accepted, mailed, by="yuki", to="sato@example.jp", subject="ご連絡", message_id="<1>")
    firm.merges(kept, mailed)

    assert firm.clocks_of(kept)["document_call"].status == "open"


def test_who_was_contacted_on_one_record_is_promised_no_second_first_contact_by_a_merge(
    firm: Business, clock: Clock
) -> None:
    """M92, D9: the clock starts when a qualified lead arises, and this one arose on the other record."""
    other = firm.qualified_lead(NEED, SATO)
    firm.calls(other, Outcome.CONNECTED)
    clock.advance(days=20)
    kept = firm.has_lead(SATO)
    firm.merges(kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at) == ("TQL", None)


def test_who_was_contacted_on_a_record_merged_before_is_promised_no_second_first_contact_either(firm: Business) -> None:
    """M92, D9: what was promised to a person is not lost on the way over three records."""
    first, second = firm.qualified_lead(NEED, SATO), firm.has_lead(SATO)
    firm.calls(first, Outcome.CONNECTED)
    firm.merges(second, first)
    kept = firm.has_lead(SATO)
    firm.merges(kept, second)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at) == ("TQL", None)


def test_who_was_qualified_on_a_record_that_promised_nothing_is_promised_a_first_contact(
    firm: Business, policy: Policy, tmp_path: Path
) -> None:
    """M92: leads were called from SAL on when this one became TQL; since the line was lowered nobody has called it."""
    firm.store.policy = load_policy(written(tmp_path, '[stages]\nauto_accept = false\nqualified_from = "SAL"\n'))
    other = firm.qualified_lead(NEED, SATO)
    assert firm.lead(other).due_at is None

    firm.store.policy = policy
    kept = firm.has_lead(SATO)
    firm.merges(kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at is not None) == ("TQL", True)


def test_two_records_that_are_qualified_only_together_are_promised_a_first_contact(firm: Business) -> None:
    """M92, D9."""
    kept, other = firm.has_lead(SATO), firm.has_lead(NEED)
    firm.talks_in_chat(other)
    firm.merges(kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at is not None) == ("TQL", True)


def test_what_was_said_of_a_clock_is_not_said_again_after_a_merge(firm: Business, clock: Clock) -> None:
    other = firm.qualified_lead(NEED, SATO, channel="C1")
    kept = firm.has_lead(SATO, channel="C1")
    clock.advance(hours=3)
    takes_what_is_due(firm)
    firm.merges(kept, other)
    before = len(firm.said("alarm"))
    takes_what_is_due(firm)
    assert before == 1
    assert len(firm.said("alarm")) == before


@on_both_databases
def test_a_promise_that_went_to_a_record_slack_has_not_shown_is_told_as_it_was_before(
    firm: Business, clock: Clock
) -> None:
    """D9: a card of a list has no place in Slack until its person comes by themselves."""
    kept, other = firm.has_lead(SATO, origin="outbound", channel=None), asks_for_a_document(firm)
    shown_in = firm.lead(other).channel
    firm.merges(kept, other)
    clock.advance(hours=5)
    takes_what_is_due(firm)
    assert shown_in is not None
    assert (firm.lead(kept).stage, firm.lead(kept).channel) == ("MQL", shown_in)
    assert [(row.lead_id, row.payload["facts"]["step"]) for row in firm.said("alarm")] == [(kept, "overdue")]


@pytest.mark.parametrize(("stops", "rung"), [(False, 1), (True, 0)])
def test_who_asked_on_the_other_record_to_be_called_back_is_on_the_one_that_was_kept(
    firm: Business, clock: Clock, two: tuple[str, str], stops: bool, rung: int
) -> None:
    other, kept = two
    firm.calls(other, Outcome.CALL_BACK, call_back_at=clock.now + timedelta(hours=1))
    firm.merges(kept, other)
    if stops:
        firm.does(leads.opt_out, kept, words="stop", by="prospect")
    clock.advance(hours=1)
    (due,) = [row for row in firm.all(Timer) if row.kind == CALL_BACK_TIMER]
    firm.store.run_here(lambda tx: call_back_due(tx, tx.get(Timer, (due.subject_id, due.step))))
    assert [row.payload["event"] for row in firm.said("ring") if row.lead_id == kept].count("call_back_due") == rung
    assert not firm.history(other, "call_back_due")


def test_a_disqualified_record_takes_no_promise_over(firm: Business) -> None:
    """D1: a manager opens it again, and the first contact is promised anew."""
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO)
    firm.does(leads.put_aside, kept, Stage.DISQUALIFIED, rule="test", by="yuki")
    firm.merges(kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at) == ("DISQUALIFIED", None)
    assert [row for row in firm.all(FollowUp) if row.status == "open"] == []

    firm.does(reopen, kept, reason="別件", by=OPERATOR)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at is not None) == ("TQL", True)


@on_both_databases
def test_who_was_qualified_on_one_record_stays_so_when_the_other_lowers_the_score(firm: Business, clock: Clock) -> None:
    """D7: the stage stays, and only a person or silence moves a lead down."""
    kept, other = firm.has_lead(replace(SATO, standing=Standing.STUDENT)), asks_for_a_document(firm)
    promised = firm.lead(other).due_at
    firm.merges(kept, other)
    assert (firm.lead(kept).stage, firm.lead(kept).due_at) == ("MQL", promised)
    assert firm.lead(kept).score < 60

    clock.advance(minutes=2)
    firm.parts(kept, other)
    assert [(firm.lead(lead).stage, firm.lead(lead).due_at) for lead in (kept, other)] == [
        ("LEAD", None), ("MQL", promised),
    ]  # fmt: skip


def test_a_merge_taken_back_gives_both_their_own_promise_back(firm: Business, clock: Clock) -> None:
    other = firm.qualified_lead(NEED, SATO)
    clock.advance(minutes=40)
    kept = firm.qualified_lead(NEED, SATO)
    promised = {lead: (firm.lead(lead).due_at, firm.timers(lead)) for lead in (kept, other)}
    firm.merges(kept, other)
    clock.advance(minutes=2)
    firm.parts(kept, other)
    assert {lead: (firm.lead(lead).due_at, firm.timers(lead)) for lead in (kept, other)} == promised


def silence_of(firm: Business, lead: str) -> str | None:
    """The status of its watch for silence."""
    return next((row.status for row in firm.all(Timer) if (row.subject_id, row.kind) == (lead, QUIET_TIMER)), None)


def silence_comes(firm: Business, lead: str) -> None:
    firm.clock.now = firm.row(Timer, (lead, QUIET_TIMER)).due_at
    firm.store.run_here(lambda tx: fire((lead, QUIET_TIMER), tx))


@pytest.fixture
def tried(firm: Business, two: tuple[str, str]) -> tuple[str, str]:
    """Sato was called on his first record, and did not answer."""
    firm.clock.advance(hours=1)
    firm.calls(two[0], Outcome.NO_ANSWER)
    firm.clock.advance(hours=1)
    return two


@on_both_databases
def test_silence_after_a_try_on_the_other_record_is_the_silence_of_the_person(
    firm: Business, tried: tuple[str, str]
) -> None:
    """M27, D15."""
    other, kept = tried
    due_at = firm.row(Timer, (other, QUIET_TIMER)).due_at
    firm.merges(kept, other)
    assert (silence_of(firm, other), silence_of(firm, kept)) == ("dropped", "waiting")
    assert firm.row(Timer, (kept, QUIET_TIMER)).due_at == due_at

    silence_comes(firm, kept)
    assert firm.lead(kept).stage == Stage.NURTURE


def test_a_word_of_theirs_on_either_record_ends_the_silence(firm: Business, tried: tuple[str, str]) -> None:
    other, kept = tried
    firm.talks_in_chat(kept, BUDGET)
    firm.clock.advance(hours=1)
    firm.merges(kept, other)
    stage = firm.lead(kept).stage
    silence_comes(firm, kept)
    assert firm.lead(kept).stage == stage


def test_after_two_were_parted_again_silence_follows_the_try_of_its_own_record(
    firm: Business, tried: tuple[str, str]
) -> None:
    other, kept = tried
    firm.merges(kept, other)
    firm.parts(kept, other)
    assert (silence_of(firm, other), silence_of(firm, kept)) == ("waiting", "dropped")

    silence_comes(firm, other)
    assert firm.lead(other).stage == Stage.NURTURE
