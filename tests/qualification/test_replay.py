"""The past under another policy: the one in force changes nothing, another one says who, when and how many (N6)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from qualification import leads, mornings, ownership, their_time
from qualification.activities import Seen
from qualification.bant import Timeframe
from qualification.calls import Outcome
from qualification.policy import Policy, load_policy, shipped_policy
from qualification.receipt import nobody_called, receipt_of
from qualification.records import FollowUp, History, Lead, Timer
from qualification.reports.recorded_facts import portions, recorded
from qualification.reports.replay import Comparison, Facts, Lived, compare, relive
from qualification.stages import MoveNotAllowed, ReasonMissing
from qualification.store import Store
from qualification.writing.rows import values_of
from tests.business import BUDGET, NEED, NO_NEED, SATO, SOON, Business
from tests.clock import Clock, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.test_policy import written

THIRTY = """
version = "document-30"
[trials.document_30.score.rules]
document_requested = { points = 30, when = [{ did = ["document_requested"] }] }
"""


def past_of(firm: Business, policy: Policy) -> list[Facts]:
    with firm.store.engine.connect() as connection:
        return [facts for portion in portions(connection, 2) for facts in recorded(connection, portion, policy)]


def sees(firm: Business, lead: str, *kinds: str) -> None:
    for kind in kinds:
        firm.clock.advance(minutes=1)
        firm.does(leads.see_activity, lead, Seen(source="site", id=f"{kind}{firm.clock()}", kind=kind))


VERBS: dict[str, Callable[[Business, str], None]] = {
    "answers": lambda firm, lead: firm.talks_in_chat(lead, NEED, SATO),
    "has no need": lambda firm, lead: firm.talks_in_chat(lead, NO_NEED),
    "asks for papers": lambda firm, lead: sees(firm, lead, "document_requested", "price_list_viewed"),
    "asks for a price": lambda firm, lead: sees(firm, lead, "quote_requested"),
    "comes to a seminar": lambda firm, lead: sees(firm, lead, "seminar_attended"),
    "wants a person": lambda firm, lead: firm.does(leads.want_person, lead, words="人と話したい"),
    "is called": lambda firm, lead: firm.calls(lead, Outcome.CONNECTED, BUDGET, SOON, SATO),
    "does not answer": lambda firm, lead: firm.calls(lead, Outcome.NO_ANSWER),
    "is not to be called": lambda firm, lead: firm.calls(lead, Outcome.DO_NOT_CONTACT),
    "is accepted": lambda firm, lead: firm.does(ownership.accept, lead, by="yuki"),
    "is nurtured": lambda firm, lead: firm.does(ownership.hand_back, lead, reason="later", to_nurture=True, by="yuki"),
}


@settings(max_examples=12)
@example([("wants a person", 0), ("does not answer", 0), ("wants a person", 0)])
@given(st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 1)), max_size=10))
def test_replaying_the_policy_in_force_gives_what_happened(
    store: Store, clock: Clock, verbs: list[tuple[str, int]]
) -> None:
    firm = Business(store, clock)
    both = [firm.has_lead(), firm.has_lead()]
    for verb, which in verbs:
        clock.advance(minutes=41)
        try:
            VERBS[verb](firm, both[which])
        except (MoveNotAllowed, ReasonMissing, leads.ContactForbidden):
            continue
    clock.advance(minutes=5)

    past = [facts for facts in past_of(firm, store.policy) if facts.lead_id in both]
    lived = {facts.lead_id: relive(facts, store.policy, now=clock()) for facts in past}
    for lead in both:
        moved = [(row.at, row.data["after"], row.data["rule"]) for row in firm.history(lead, "stage_moved")]
        assert [(at, stage.value, rule) for at, stage, rule in lived[lead].moves] == moved
        assert lived[lead].stage == firm.lead(lead).stage
        clocks = [row for row in firm.all(FollowUp) if (row.lead_id, row.rule) == (lead, "first_contact")]
        assert list(lived[lead].alerts) == sorted(row.started_at for row in clocks)


@on_both_databases
def test_another_policy_says_who_would_stand_elsewhere_and_how_often_reps_would_be_rung(
    firm: Business, tmp_path: Path
) -> None:
    """M56, M78, M79, M106: a changed threshold tried on the past before it counts."""
    keen, mild = firm.has_lead(), firm.has_lead()
    sees(firm, keen, "document_requested", "price_list_viewed", "quote_requested")
    sees(firm, mild, "document_requested", "price_list_viewed", "newsletter_opened")
    firm.clock.advance(hours=5)
    text = '[stages.mql]\nscore = 45\nwith_activity = "document_requested"\npriority_score = 70\n'
    lower = load_policy(written(tmp_path, text))

    told = compare(iter(past_of(firm, firm.store.policy)), firm.store.policy, lower, now=firm.clock())

    assert [(one.lead_id, one.before[0], one.after[0], one.after[2]) for one in told.changed] == [
        (mild, "LEAD", "MQL", 45)
    ]
    assert (told.leads, told.facts, told.unlike_the_record) == (2, 6, 0)
    assert (told.before.rung, told.after.rung, told.before.late, told.after.late) == (1, 2, 1, 2)
    assert told.after.alerts == {10: 2}  # both at ten o'clock in Tokyo


def test_a_call_in_time_is_not_late_in_the_past_either(firm: Business) -> None:
    lead = firm.has_lead()
    sees(firm, lead, "document_requested", "price_list_viewed", "quote_requested")
    firm.clock.advance(hours=1)
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(hours=5)
    (facts,) = past_of(firm, firm.store.policy)

    assert relive(facts, firm.store.policy, now=firm.clock()).late == 0


def lived_by(firm: Business, policy: Policy) -> dict[str, Lived]:
    return {facts.lead_id: relive(facts, policy, now=firm.clock()) for facts in past_of(firm, policy)}


def test_what_the_stated_time_earned_by_coming_near_it_earns_again(firm: Business) -> None:
    """D6: nothing happened on that morning but that it came."""
    lead = firm.qualified_lead(NEED, SATO, Timeframe(latest=date(2026, 12, 31)), BUDGET)
    firm.does(ownership.accept, lead, by="yuki")
    timer = firm.row(Timer, (lead, their_time.NEAR_TIMER))
    firm.clock.now = timer.due_at
    firm.store.run_here(lambda tx: mornings.time_is_near(tx, tx.get(Timer, (lead, their_time.NEAR_TIMER))))
    assert firm.lead(lead).stage == "SQL"
    firm.clock.advance(days=1)

    assert [(at, to.value) for at, to, _ in lived_by(firm, firm.store.policy)[lead].moves][-1:] == [
        (timer.due_at, "SQL")
    ]


def test_a_merge_that_was_taken_back_moves_nobody(firm: Business) -> None:
    """D29."""
    kept, other = firm.has_lead(SATO), firm.qualified_lead(NEED, SATO)
    firm.merges(kept, other)
    firm.clock.advance(minutes=2)
    firm.parts(kept, other)

    lived = lived_by(firm, firm.store.policy)
    assert (lived[kept].stage, lived[other].stage) == ("LEAD", "TQL")


def test_a_call_in_time_by_the_calendar_of_its_team_is_in_time(firm: Business, tmp_path: Path) -> None:
    """D10: half past eight in the evening of Tokyo is noon in London."""
    london = "".join(f'{day} = [["09:00", "18:00"]]\n' for day in ("mon", "tue", "wed", "thu", "fri"))
    text = f'[calendars.london]\nzone = "Europe/London"\n{london}[routing.calendars]\nen = "london"\n'
    firm.store.policy = load_policy(written(tmp_path, text))
    lead = firm.qualified_lead(language="en")
    firm.clock.now = jst("2026-05-18 19:30")
    firm.calls(lead, Outcome.CONNECTED)
    firm.clock.advance(days=1)

    assert lived_by(firm, firm.store.policy)[lead].late == 0


def test_a_clock_that_runs_again_since_nobody_called_is_late_when_nobody_calls_then_either(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(hours=1)
    firm.store.run_here(lambda tx: nobody_called(tx, receipt_of(tx, tx.get(Lead, lead))))
    firm.clock.advance(days=1)

    lived = lived_by(firm, firm.store.policy)[lead]
    assert (len(lived.alerts), lived.late) == (2, 1)


def test_twenty_against_thirty_points_are_two_models_over_the_same_leads(firm: Business, tmp_path: Path) -> None:
    """M82, M83."""
    lead = firm.has_lead()
    sees(firm, lead, "document_requested", "seminar_attended", "price_list_viewed")
    policy = load_policy(written(tmp_path, THIRTY))
    (facts,) = past_of(firm, policy)

    scores = [relive(facts, model, now=firm.clock()).score for model in (policy, policy.of_trial["document_30"])]

    assert scores == [50, 60]


def test_a_replay_writes_nothing(firm: Business) -> None:
    lead = firm.qualified_lead()
    before = (values_of(firm.lead(lead)), len(firm.all(History)))

    list(compare(iter(past_of(firm, shipped_policy())), shipped_policy(), shipped_policy(), now=firm.clock()).changed)

    assert (values_of(firm.lead(lead)), len(firm.all(History))) == before


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_every_lead_is_in_exactly_one_portion(firm: Business, count: int) -> None:
    made = {firm.has_lead() for _ in range(count)}

    past = [facts.lead_id for facts in past_of(firm, firm.store.policy)]

    assert sorted(past) == sorted(made)
    assert set(firm.store.read(lambda session: session.exec(select(Lead.id)).all())) == made


def test_parts_of_a_comparison_add_up() -> None:
    part = Comparison(leads=2, facts=5, unlike_the_record=1)

    assert part + part == Comparison(leads=4, facts=10, unlike_the_record=2)
