"""A deal that was won or lost is over: no timer brings the lead back, none rings for it (M89, D15, D21, N22)."""

from datetime import date
from functools import partial

import pytest

from bot.slack.home_view import home_facts
from bot.slack.team import Who
from bot.slack.voice import Voice
from bot.words import Words
from bot.worker import fire
from qualification import deeds, leads, ownership, replies, their_time
from qualification.activities import Seen
from qualification.bant import Timeframe
from qualification.calls import Outcome
from qualification.deals import Result, Told, tell_result
from qualification.followup import Status
from qualification.records import Lead, Timer
from qualification.silence import QUIET_TIMER
from qualification.stages import Stage
from qualification.store import Transaction
from tests.business import BUDGET, NEED, NEXT_YEAR, SATO, SOON, Business
from tests.clock import jst
from tests.qualification.databases import on_both_databases

FROM_MAY = Timeframe(earliest=date(2027, 5, 1), latest=date(2027, 5, 31))
BOTH = pytest.mark.parametrize("result", [Result.WON, Result.LOST])


def accepted(firm: Business, when: Timeframe) -> str:
    lead = firm.qualified_lead(NEED, SATO, when, BUDGET)
    firm.does(ownership.accept, lead, by="yuki")
    return lead


def mailed(firm: Business, lead: str) -> None:
    firm.does(replies.mail_accepted, lead, by="yuki", to="sato@example.jp", subject="お礼", message_id="<1>")


def ends(firm: Business, lead: str, result: Result = Result.LOST) -> None:
    firm.clock.advance(hours=1)
    firm.does(tell_result, lead, Told(result=result), by="yuki")


def comes_due(firm: Business, lead: str, kind: str) -> None:
    """Nothing else happens until then."""
    firm.clock.now = max(firm.clock.now, firm.row(Timer, (lead, kind)).due_at)
    firm.store.run_here(lambda tx: fire((lead, kind), tx))


def rings(firm: Business, lead: str) -> list[str]:
    return [row.payload["event"] for row in firm.said("ring", "alarm") if row.lead_id == lead]


@on_both_databases
@BOTH
def test_a_decided_deal_that_was_only_mailed_about_stays_where_it_was(firm: Business, result: Result) -> None:
    lead = accepted(firm, NEXT_YEAR)
    mailed(firm, lead)
    ends(firm, lead, result)
    comes_due(firm, lead, QUIET_TIMER)

    assert firm.moves(lead)[-1] == Stage.SAL
    assert {clock.status for clock in firm.clocks_of(lead).values()} <= {Status.MET, Status.CANCELLED}


def test_nobody_waits_for_an_answer_to_the_thanks_for_an_order(firm: Business) -> None:
    lead = accepted(firm, SOON)
    ends(firm, lead, Result.WON)
    firm.clock.advance(days=1)
    mailed(firm, lead)
    comes_due(firm, lead, QUIET_TIMER)

    assert firm.lead(lead).stage == Stage.SQL


@on_both_databases
@BOTH
def test_a_stated_time_that_passes_after_the_deal_was_decided_asks_nobody_again(firm: Business, result: Result) -> None:
    lead = accepted(firm, SOON)
    ends(firm, lead, result)
    before = rings(firm, lead)
    comes_due(firm, lead, their_time.TIMEFRAME_TIMER)

    assert rings(firm, lead) == before
    assert firm.history(lead, "timeframe_passed") == []


def test_a_lost_deal_becomes_no_sql_because_the_time_it_had_named_comes_near(firm: Business) -> None:
    lead = accepted(firm, NEXT_YEAR)
    ends(firm, lead)
    comes_due(firm, lead, their_time.NEAR_TIMER)

    assert firm.lead(lead).stage == Stage.SAL


@BOTH
def test_who_slept_when_the_deal_was_decided_is_not_woken(firm: Business, result: Result) -> None:
    lead = accepted(firm, NEXT_YEAR)
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="timeframe_passed", by="clock")
    ends(firm, lead, result)
    comes_due(firm, lead, their_time.WAKE_UP_TIMER)

    assert firm.lead(lead).stage == Stage.NURTURE
    assert firm.history(lead, "lead_woken") == []


def test_whom_a_rep_put_aside_for_next_year_after_the_loss_is_woken_then(firm: Business) -> None:
    lead = accepted(firm, NEXT_YEAR)
    ends(firm, lead)
    firm.clock.advance(hours=1)
    firm.does(ownership.hand_back, lead, reason="来期にもう一度", to_nurture=True, by="yuki")
    comes_due(firm, lead, their_time.WAKE_UP_TIMER)

    assert len(firm.history(lead, "lead_woken")) == 1
    assert rings(firm, lead)[-1] == "lead_woken"


def test_who_names_a_new_time_after_the_deal_is_asked_about_it_when_it_has_passed(firm: Business) -> None:
    lead = accepted(firm, SOON)
    ends(firm, lead, Result.WON)
    firm.clock.advance(days=90)
    firm.calls(lead, Outcome.CONNECTED, FROM_MAY)
    comes_due(firm, lead, their_time.TIMEFRAME_TIMER)

    assert firm.clock.now == jst("2027-06-01 09:01")
    assert rings(firm, lead)[-1] == "timeframe_passed"


def opens_a_newsletter(firm: Business, lead: str) -> None:
    seen = Seen(source="mails", kind="newsletter_opened", id="1", at=None, data={})
    firm.does(leads.see_activity, lead, seen)


def on_home(firm: Business, rep: str = "yuki") -> set[str]:
    voice = Voice(words=Words(firm.store.policy.working_hours.zone, company="Example"), language="ja", now=firm.clock())
    who = Who(id=rep, is_manager=False)
    facts = firm.store.read(lambda session: home_facts(session, who, {}, firm.store.policy, voice))
    return {row.lead.id for page in facts.pages for row in page.rows}


def lost_and_back(firm: Business) -> tuple[str, str]:
    """A deal lost in May; in July the person writes anew, on a record of their own."""
    lost = firm.qualified_lead(NEED, SATO, owner_id="yuki")
    ends(firm, lost)
    firm.clock.advance(days=60)
    return lost, firm.qualified_lead(NEED, SATO)


@on_both_databases
def test_who_writes_anew_after_a_loss_is_on_home_once_both_records_are_one(firm: Business) -> None:
    lost, anew = lost_and_back(firm)
    due_at = firm.lead(anew).due_at
    assert due_at is not None
    firm.merges(lost, anew)

    assert firm.lead(lost).due_at == due_at
    assert on_home(firm) == {lost}


def test_who_was_called_anew_after_the_loss_is_still_on_home_once_both_records_are_one(firm: Business) -> None:
    lost, anew = lost_and_back(firm)
    firm.calls(anew, Outcome.CONNECTED)
    firm.does(ownership.accept, anew, by="yuki")
    firm.merges(lost, anew)

    assert firm.lead(lost).due_at is None
    assert on_home(firm) == {lost}


@on_both_databases
def test_a_lost_deal_is_over_again_when_the_merge_that_brought_a_duty_to_call_is_taken_back(firm: Business) -> None:
    lost, anew = lost_and_back(firm)
    over_at = firm.lead(lost).deal_over_at
    firm.merges(lost, anew)
    firm.clock.advance(minutes=1)
    firm.parts(lost, anew)

    assert (firm.lead(lost).deal_over_at, firm.lead(lost).due_at) == (over_at, None)
    assert firm.lead(anew).due_at is not None
    assert on_home(firm) == {anew}


def test_what_is_owed_since_the_two_were_one_stays_on_home_when_the_merge_is_taken_back(firm: Business) -> None:
    lost, anew = lost_and_back(firm)
    firm.merges(lost, anew)
    firm.clock.advance(hours=1)
    firm.calls(lost, Outcome.CONNECTED)
    firm.clock.advance(hours=1)
    firm.does(leads.want_person, lost, words="お電話ください")
    firm.parts(lost, anew)

    assert firm.lead(lost).due_at is not None
    assert lost in on_home(firm)


def called_and_accepted(firm: Business) -> str:
    lead = accepted(firm, SOON)
    firm.calls(lead, Outcome.CONNECTED)
    return lead


@on_both_databases
@BOTH
def test_a_decided_tql_is_not_offered_once_more_because_it_opened_a_newsletter(firm: Business, result: Result) -> None:
    lead = firm.qualified_lead(NEED, SATO, owner_id="yuki")
    ends(firm, lead, result)
    before = rings(firm, lead)
    firm.clock.advance(days=60)
    opens_a_newsletter(firm, lead)

    assert {clock.status for clock in firm.clocks_of(lead).values()} == {Status.CANCELLED}
    assert rings(firm, lead) == before
    assert firm.lead(lead).deal_over_at is not None


def test_a_lost_tql_who_comes_back_and_talks_is_offered_to_sales_again(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO)
    ends(firm, lead)
    firm.clock.advance(days=60)
    firm.talks_in_chat(lead, BUDGET)

    assert firm.clocks_of(lead)["acceptance"].status == Status.OPEN
    assert firm.lead(lead).deal_over_at is None


@on_both_databases
@BOTH
def test_a_deal_that_was_decided_on_the_other_record_is_over_on_the_one_that_was_kept(
    firm: Business, result: Result
) -> None:
    kept, other = called_and_accepted(firm), accepted(firm, SOON)
    ends(firm, other, result)
    firm.merges(kept, other)
    before = rings(firm, kept)
    comes_due(firm, kept, their_time.TIMEFRAME_TIMER)

    assert rings(firm, kept) == before
    assert on_home(firm) == set()

    firm.parts(kept, other)
    assert on_home(firm) == {kept}, "what is over is the other record's deal"


def test_a_deal_of_one_record_that_was_lost_before_the_other_was_called_is_not_over_for_the_person(
    firm: Business,
) -> None:
    lost = accepted(firm, SOON)
    ends(firm, lost)
    firm.clock.advance(hours=1)
    kept = called_and_accepted(firm)
    firm.merges(kept, lost)

    assert on_home(firm) == {kept}


def test_a_lost_tql_is_not_offered_once_more_by_a_merge_into_an_empty_record(firm: Business) -> None:
    kept, lost = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO)
    ends(firm, lost)
    firm.clock.advance(hours=1)
    firm.merges(kept, lost)

    assert firm.lead(kept).stage == Stage.TQL
    assert firm.lead(kept).deal_over_at is not None
    assert {clock.status for clock in firm.clocks_of(kept).values()} <= {Status.CANCELLED}


@on_both_databases
@BOTH
def test_a_lost_lead_given_to_somebody_else_is_work_for_them_and_a_won_one_is_not(
    firm: Business, result: Result
) -> None:
    lead = accepted(firm, SOON)
    ends(firm, lead, result)
    firm.clock.advance(days=60)
    given = partial(ownership.reassign, to="ken", by="megumi", by_manager=True)
    firm.does(lambda tx, row: deeds.do(tx, row, deeds.Kind.REASSIGN, lambda: given(tx, row), by="megumi"), lead)
    assert on_home(firm, "ken") == ({lead} if result is Result.LOST else set())

    firm.does(lambda tx, row: deeds.undo(tx, deeds.deeds_on(tx, row.id)[-1], by="megumi"), lead)
    assert on_home(firm, "ken") | on_home(firm, "yuki") == set(), "the deal is over again"


@on_both_databases
@BOTH
def test_who_accepts_a_lead_after_its_deal_was_lost_has_it_on_their_home(firm: Business, result: Result) -> None:
    """An old card still offers the press; a won deal is no work, whoever accepts it."""
    lead = firm.qualified_lead(NEED, SATO, owner_id="yuki")
    ends(firm, lead, result)
    assert on_home(firm) == set()
    firm.does(lambda tx, row: deeds.do(tx, row, deeds.Kind.ACCEPT, lambda: accepts(tx, row), by="yuki"), lead)
    assert on_home(firm) == ({lead} if result is Result.LOST else set())

    firm.does(lambda tx, row: deeds.undo(tx, deeds.deeds_on(tx, row.id)[-1], by="yuki"), lead)
    assert on_home(firm) == set(), "the deal is over again"


def test_who_says_that_a_lost_deal_is_real_has_it_on_their_home(firm: Business) -> None:
    lead = accepted(firm, NEXT_YEAR)
    ends(firm, lead)
    firm.does(ownership.confirm, lead, reason="予算が付き直した", by="yuki")
    assert on_home(firm) == {lead}


def accepts(tx: Transaction, lead: Lead) -> None:
    ownership.accept(tx, lead, by="yuki")
