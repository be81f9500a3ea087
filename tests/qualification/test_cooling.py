"""Score and temperature follow the time alone: on every list, without a move and without a ring (M24, M75, M90, D8)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from qualification import followup, leads
from qualification.assessment import Verdict, verdict
from qualification.behaviour import Behaviour, Did
from qualification.cooling import judge_again, out_of_date
from qualification.policies.score_model import Rule
from qualification.policy import Policy, load_policy, shipped_policy
from qualification.priority import leads_by_priority
from qualification.records import Timer
from qualification.stages import Stage
from qualification.store import Store
from tests.business import NEED, SATO, SOON, Business
from tests.clock import MONDAY_TEN, Clock, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.test_assessment import picture
from tests.qualification.test_policy import written

EXPIRING = """
[score.rules]
document_requested = { points = 45, when = [{ did = ["document_requested"] }] }
seminar_attended = { points = 15, expires_days = 60, when = [{ did = ["seminar_attended"] }] }
store_visited = { points = 50, when = [{ did = ["store_visited"] }] }
unsubscribed = { points = -30, expires_days = 90, when = [{ did = ["social_engaged"] }] }
price_list_viewed = { points = 30, when = [{ did = ["price_list_viewed"] }] }
"""


@pytest.fixture
def expiring(store: Store, clock: Clock, tmp_path: Path) -> Business:
    store.policy = load_policy(written(tmp_path, EXPIRING))
    return Business(store, clock)


def did(firm: Business, *kinds: str) -> str:
    lead = firm.has_lead()
    for kind in kinds:
        firm.does(leads.record_activity, lead, kind, key=f"{kind}:{lead}")
    firm.does(leads.reassess, lead)
    return lead


def quiet_days_pass(firm: Business, days: int) -> None:
    firm.clock.advance(days=days)
    with Session(firm.store.engine) as session:
        over = out_of_date(session, now=firm.clock(), most=100)
    for _, lead in over:
        firm.store.run_here(partial(judge_again, lead_id=lead))


@on_both_databases
def test_after_a_hundred_quiet_days_a_lead_that_was_warm_is_cold_on_every_list(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO)
    assert firm.lead(lead).temperature == "warm"
    quiet_days_pass(firm, 89)
    assert firm.lead(lead).temperature == "warm"
    quiet_days_pass(firm, 11)

    assert (firm.lead(lead).temperature, firm.lead(lead).stage) == ("cold", Stage.TQL)


def test_points_that_have_expired_no_longer_put_a_lead_first(expiring: Business) -> None:
    firm = expiring
    faded = did(firm, "document_requested", "seminar_attended")
    steady = did(firm, "store_visited")
    assert (firm.lead(faded).score, firm.lead(steady).score) == (60, 50)
    quiet_days_pass(firm, 100)

    firm.does(followup.cancel_follow_ups, faded, reason="done", by="yuki")
    with Session(firm.store.engine) as session:
        order = [lead.id for lead in leads_by_priority(session, line=70)]
    assert (order, firm.lead(faded).score) == ([steady, faded], 45)
    assert firm.lead(faded).stage == Stage.MQL, "only a person moves it down (D7)"


def test_points_of_a_time_that_has_passed_are_gone_the_next_morning(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, SOON)  # by 30 September, within six months
    assert firm.lead(lead).score == 15
    firm.clock.now = jst("2026-09-30 12:00")
    quiet_days_pass(firm, 0)
    assert firm.lead(lead).score == 15
    firm.clock.now = jst("2026-10-01 00:00")
    quiet_days_pass(firm, 0)

    assert firm.lead(lead).score == 0


def test_an_answer_that_is_too_old_keeps_nobody_warm(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO)
    for month in range(14):
        firm.clock.now = MONDAY_TEN + timedelta(days=30 * (month + 1))
        if month < 12:
            firm.does(leads.record_activity, lead, "newsletter_opened", key=f"{month}:{lead}")
            firm.does(leads.judge, lead)
        quiet_days_pass(firm, 0)

    assert (firm.lead(lead).score, firm.lead(lead).temperature) == (10, "cold")


def test_who_cools_down_is_rung_for_nobody_and_their_card_changes_only_with_what_it_shows(firm: Business) -> None:
    lead = firm.qualified_lead(NEED, SATO, channel="C1")
    firm.does(leads.judge, lead)
    before = len(firm.said("ring"))

    def card() -> int:
        return next(row.revision for row in firm.said("card"))

    drawn = card()
    quiet_days_pass(firm, 100)
    assert (card(), len(firm.said("ring"))) == (drawn + 1, before)
    quiet_days_pass(firm, 300)
    assert card() == drawn + 1, "the answer is too old now, and the card shows nothing else"


def test_points_against_a_lead_that_run_out_move_it_with_the_next_thing_it_does(expiring: Business) -> None:
    """D9: time alone starts no clock on somebody who has been silent for months."""
    lead = did(expiring, "document_requested", "price_list_viewed", "social_engaged")
    assert (expiring.lead(lead).score, expiring.lead(lead).stage) == (45, Stage.LEAD)
    quiet_days_pass(expiring, 91)
    assert (expiring.lead(lead).score, expiring.lead(lead).stage) == (75, Stage.LEAD)
    assert "first_contact" not in expiring.clocks_of(lead)

    expiring.does(leads.record_activity, lead, "newsletter_opened", key="again")
    expiring.does(leads.reassess, lead)
    assert expiring.lead(lead).stage == Stage.MQL


def test_an_edited_policy_rings_for_nobody_whose_judgement_runs_out(firm: Business, tmp_path: Path) -> None:
    """D9."""
    lead = did(firm, "document_requested", "price_list_viewed")
    firm.store.policy = load_policy(
        written(
            tmp_path, "[score.rules]\ndocument_requested = { points = 90, when = [{ did = ['document_requested'] }] }\n"
        )
    )
    quiet_days_pass(firm, 100)

    assert (firm.lead(lead).score, firm.lead(lead).stage) == (90, Stage.LEAD)
    assert "first_contact" not in firm.clocks_of(lead)


def test_a_lead_from_whom_time_takes_nothing_is_never_looked_at_again(firm: Business) -> None:
    lead = did(firm, "newsletter_opened")

    assert (firm.lead(lead).score, firm.lead(lead).judged_until) == (10, None)
    assert [row for row in firm.all(Timer) if row.subject_id == lead] == [], (
        "a timer would keep it from being forgotten"
    )


KINDS = ("product_page_viewed", "site_visited", "price_list_viewed", "mail_clicked", "store_visited")
AGEING = {"when": [{"did": ["mail_clicked"]}]}
WITH_AGE = {
    "fades": AGEING | {"points": 12, "fades_in_days": 50, "counts_up_to": 2},
    "halves": AGEING | {"points": -9, "half_life_days": 7, "expires_days": 20},
    "expires": {"points": 50, "expires_days": 30, "when": [{"did": ["store_visited"]}]},
}


def ageing_policy() -> Policy:
    policy = shipped_policy()
    rules = {**policy.score.rules, **{name: Rule.model_validate(rule) for name, rule in WITH_AGE.items()}}
    own = policy.model_copy(update={"score": policy.score.model_copy(update={"rules": rules}), "segments": {}})
    return Policy.model_validate(own.model_dump())


POLICY = ageing_policy()


def judged(times: Sequence[tuple[str, datetime]], now: datetime) -> Verdict:
    seen = picture(NEED, SOON)._replace(
        behaviour=Behaviour.of((Did(kind=kind, at=at) for kind, at in times), POLICY.memory),
        now=now,
        today=now.astimezone(POLICY.working_hours.zone).date(),
        last_activity_at=max(at for _, at in times),
    )
    return verdict(seen, POLICY)


@given(
    did=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 60 * 24)), min_size=1, max_size=8),
    share=st.floats(0, 1),
)
def test_a_judgement_stands_as_long_as_it_says(did: list[tuple[str, int]], share: float) -> None:
    """M75: whatever ages, no point and no degree is lost unseen for longer than the hour it is rounded to."""
    times = [(kind, MONDAY_TEN - timedelta(hours=hours)) for kind, hours in did]
    now, looks = MONDAY_TEN, 0
    while True:
        first = judged(times, now)
        until = first.stands_until
        end = until or now + timedelta(days=3_000)
        between = min(now + (end - now) * share, end - timedelta(hours=1, seconds=1))
        if between > now:
            later = judged(times, between)
            assert (later.score, later.temperature) == (first.score, first.temperature)
        if until is None:
            break
        assert until > now
        now, looks = until, looks + 1
        assert looks < 100, "it is judged again and again"
