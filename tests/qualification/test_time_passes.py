"""A stated time that has passed: the question is open again, the rep hears of it, the stage may fall (D21, N16)."""

from datetime import date
from pathlib import Path

from bot.worker import fire
from qualification import leads, mornings, ownership, their_time
from qualification.bant import Timeframe, Topic
from qualification.calls import Outcome
from qualification.freshness import outdated
from qualification.policy import load_policy
from qualification.records import Timer
from qualification.stages import Stage
from qualification.store import Store
from tests.business import BUDGET, NEED, NEXT_YEAR, SATO, SOON, Business
from tests.clock import Clock, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.test_policy import written

NURTURE = '[stages.sql]\nwithin_months = 6\nwhen_time_passes = "nurture"\nrequired = ["need", "timeframe", "budget"]\n'


def accepted(firm: Business) -> str:
    lead = firm.qualified_lead(NEED, SATO, SOON, BUDGET)  # by 30 September
    firm.does(ownership.accept, lead, by="yuki")
    return lead


def watched(firm: Business, lead: str) -> Timer:
    return firm.store.run_here(lambda tx: tx.get(Timer, (lead, their_time.TIMEFRAME_TIMER)))


def fires(firm: Business, lead: str) -> None:
    firm.store.run_here(lambda tx: mornings.timeframe_passed(tx, tx.get(Timer, (lead, their_time.TIMEFRAME_TIMER))))


@on_both_databases
def test_the_rep_is_told_on_the_first_working_morning_after_the_stated_time(firm: Business) -> None:
    lead = accepted(firm)
    assert watched(firm, lead).due_at == jst("2026-10-01 09:01")

    firm.clock.now = jst("2026-10-01 09:01")
    fires(firm, lead)

    assert firm.history(lead)[-1].kind == "timeframe_passed"
    assert firm.lead(lead).stage == Stage.SQL, "only a person moves it down"
    assert [row.payload["event"] for row in firm.said("ring")][-1] == "timeframe_passed"


def test_a_policy_may_send_such_a_lead_to_nurture(store: Store, clock: Clock, tmp_path: Path) -> None:
    store.policy = load_policy(written(tmp_path, NURTURE))
    firm = Business(store, clock)
    lead = accepted(firm)
    firm.clock.now = jst("2026-10-01 09:01")
    fires(firm, lead)

    assert firm.moves(lead)[-1] == Stage.NURTURE
    assert firm.history(lead, "stage_moved")[-1].data["rule"] == "timeframe_passed"


def test_a_new_date_heard_on_the_phone_is_watched_in_place_of_the_old_one(firm: Business) -> None:
    lead = accepted(firm)
    firm.calls(lead, Outcome.CONNECTED, NEXT_YEAR)
    assert NEXT_YEAR.latest is not None
    assert watched(firm, lead).due_at.date() > NEXT_YEAR.latest

    firm.clock.now = jst("2026-10-01 09:01")
    fires(firm, lead)

    assert "timeframe_passed" not in [row.kind for row in firm.history(lead)]


def test_a_chat_pays_nothing_for_it(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, SOON)

    waits = [row.kind for row in firm.all(Timer) if row.subject_id == lead]
    assert (their_time.TIMEFRAME_TIMER in waits, their_time.NEAR_TIMER in waits) == (False, False)


def test_an_answer_counts_for_a_year_to_the_day(firm: Business) -> None:
    """D21."""
    known = firm.does(leads.known_of, firm.has_lead(NEED))  # 18 May 2026

    assert outdated(known, firm.store.policy, today=date(2027, 5, 18)) == ()
    assert outdated(known, firm.store.policy, today=date(2027, 5, 19)) == (Topic.NEED,)


def test_its_question_is_open_again(firm: Business) -> None:
    known = firm.does(leads.known_of, accepted(firm))

    assert outdated(known, firm.store.policy, today=jst("2026-09-30 12:00").date()) == ()
    assert outdated(known, firm.store.policy, today=jst("2026-10-01 12:00").date()) == (Topic.TIMEFRAME,)


def far_off(firm: Business, *did: str) -> str:
    """In May: by 10 December, so within six months from 10 June on."""
    lead = firm.has_lead(SATO, Timeframe(latest=date(2026, 12, 10)))
    for kind in did:
        firm.does(leads.record_activity, lead, kind, key=f"{kind}:{lead}")
    firm.does(leads.reassess, lead)
    return lead


def its_time_comes_near(firm: Business, lead: str) -> None:
    """Nothing else happens."""
    firm.clock.now = firm.store.run_here(lambda tx: tx.get(Timer, (lead, their_time.NEAR_TIMER))).due_at
    firm.store.run_here(lambda tx: fire((lead, their_time.NEAR_TIMER), tx))


@on_both_databases
def test_a_lead_whose_time_alone_lifts_it_over_the_line_is_an_mql_that_morning_and_is_owed_a_call(
    firm: Business,
) -> None:
    """M75, M50, M92: 45 points and the document, and 15 more once the time is within six months."""
    lead = far_off(firm, "document_requested", "price_list_viewed", "newsletter_opened")
    assert (firm.lead(lead).stage, firm.lead(lead).score) == (Stage.LEAD, 45)
    its_time_comes_near(firm, lead)

    assert firm.clock.now == jst("2026-06-10 09:01")
    first_contact = firm.clock_of(lead)
    assert first_contact is not None
    assert (firm.lead(lead).stage, firm.lead(lead).score, first_contact.status) == (Stage.MQL, 60, "open")


def test_a_lead_that_stays_below_the_line_has_the_points_of_its_time_on_every_list_that_morning(firm: Business) -> None:
    """M90."""
    lead = far_off(firm, "document_requested")
    its_time_comes_near(firm, lead)
    assert (firm.lead(lead).stage, firm.lead(lead).score) == (Stage.LEAD, 35)
