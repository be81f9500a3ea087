"""What the business expects of stages, scores and segments, by the numbers of docs/mission.md."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qualification import leads, ownership
from qualification.activities import Seen
from qualification.answers import Known
from qualification.assessment import Temperature, assess
from qualification.bant import Company, Headcount, Industry, Standing, Timeframe, Value
from qualification.bant import Contact as Person
from qualification.behaviour import Behaviour, Did
from qualification.calls import Call, Outcome, log_call
from qualification.events import POLICY
from qualification.policy import Policy, load_policy
from qualification.priority import leads_by_priority
from qualification.scoring import Person as Who
from qualification.scoring import points_for
from qualification.stages import MayNotJudge, MoveNotAllowed, Stage
from qualification.store import Store
from tests.business import BUDGET, NEED, SATO, SOON, Business
from tests.clock import MONDAY_TEN, Clock
from tests.qualification.databases import on_both_databases
from tests.qualification.test_assessment import TODAY, earned, picture, stated
from tests.qualification.test_duties import is_known
from tests.qualification.test_policy import written

OVER_THE_LINE = ("document_requested", "quote_requested", "price_list_viewed")  # 65 points
BELOW_IT = ("document_requested", "newsletter_opened")  # 30 points


def sees(firm: Business, lead: str, *kinds: str) -> None:
    for kind in kinds:
        firm.does(leads.see_activity, lead, Seen(source="site", id=f"{kind}:{firm.clock()}", kind=kind))


def firm_with(store: Store, clock: Clock, tmp_path: Path, text: str) -> Business:
    store.policy = load_policy(written(tmp_path, text))
    return Business(store, clock)


# -- what a lead is ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["site_visited", "newsletter_opened", "newsletter_subscribed", "document_requested"])
def test_who_touched_us_in_any_way_is_a_lead_and_no_more(firm: Business, kind: str) -> None:
    """M1, M2, M3: visitors, readers and whoever asks for a document begin at the first stage."""
    lead = firm.has_lead(SATO)
    sees(firm, lead, kind)

    assert firm.lead(lead).stage == Stage.LEAD


def test_sales_hears_of_the_leads_over_the_line_and_of_no_others(firm: Business) -> None:
    """M4, M6, M21, M85, M86: quality before quantity; ten leads below the line are no alert."""
    for _ in range(10):
        sees(firm, firm.has_lead(), *BELOW_IT)
    assert firm.said() == []

    keen = firm.has_lead()
    sees(firm, keen, *OVER_THE_LINE)

    assert {row.lead_id for row in firm.said()} == {keen}


def test_the_same_facts_make_the_same_score_whoever_looks_and_whoever_owns_the_lead(firm: Business) -> None:
    """M76, M77."""
    scores = set()
    for owner in ("yuki", "ken", None):
        lead = firm.has_lead(owner_id=owner)
        sees(firm, lead, *BELOW_IT)
        scores.add(firm.lead(lead).score)

    assert scores == {30}


# -- the ladder ----------------------------------------------------------------------------------------


def test_an_mql_is_only_presumed_keen_and_sales_cannot_accept_it_yet(firm: Business) -> None:
    """M12."""
    lead = firm.has_lead()
    sees(firm, lead, *OVER_THE_LINE)

    with pytest.raises(MoveNotAllowed):
        firm.does(ownership.accept, lead, by="yuki")


def test_a_talk_on_the_phone_that_confirms_a_need_makes_a_tql(firm: Business) -> None:
    """M13, M18, M43: what the card said is heard on the phone; contact and a clear problem count."""
    lead = firm.has_lead()
    sees(firm, lead, "card_exchanged")
    firm.calls(lead, Outcome.CONNECTED, NEED)

    assert firm.moves(lead) == [Stage.TQL]


def test_sales_accepts_formally_and_is_responsible_from_then_on(firm: Business) -> None:
    """M14, M15, M19: the rep judged, by accepting; the move says so."""
    lead = firm.qualified_lead()
    firm.does(ownership.accept, lead, by="yuki")

    accepted = firm.history(lead, "stage_moved")[-1]
    assert (firm.lead(lead).stage, firm.lead(lead).owner_id) == (Stage.SAL, "yuki")
    assert (accepted.by, accepted.data["rule"], accepted.data["policy"]) == ("yuki", "sal_accepted", "standard-1")


def test_an_accepted_lead_with_a_near_date_and_a_budget_is_an_sql(firm: Business) -> None:
    """M16, M17."""
    lead = firm.qualified_lead(NEED, SATO, SOON, BUDGET)
    firm.does(ownership.accept, lead, by="yuki")

    assert firm.moves(lead) == [Stage.TQL, Stage.SAL, Stage.SQL]
    assert firm.history(lead, "stage_moved")[-1].by == POLICY


def test_a_policy_says_who_may_judge_what(store: Store, clock: Clock, tmp_path: Path) -> None:
    """M19, M20, M154: here only a rep confirms a deal, and only the rule makes a TQL."""
    text = "[stages.judges]\nMQL = ['policy']\nTQL = ['policy']\nSAL = ['manager']\nSQL = ['rep']\n"
    firm = firm_with(store, clock, tmp_path, text)
    lead = firm.qualified_lead(NEED, SATO, SOON, BUDGET)

    with pytest.raises(MayNotJudge):
        firm.does(ownership.accept, lead, by="yuki")

    assert firm.lead(lead).stage == Stage.TQL
    assert earned(picture(NEED, BUDGET, SOON, stage=Stage.SAL), store.policy) is None


def test_what_was_talked_about_and_heard_stays_with_the_lead(firm: Business) -> None:
    """M45, M46."""
    lead = firm.has_lead()
    firm.does(log_call, lead, Call(outcome=Outcome.CONNECTED, note="見積は来週まで", heard=()), by="yuki")
    firm.calls(lead, Outcome.CONNECTED, BUDGET)

    assert firm.history(lead, "call_logged")[0].data["note"] == "見積は来週まで"
    known: Known = firm.does(leads.known_of, lead)
    assert known.budget == BUDGET


def test_silence_goes_to_nurture_and_something_new_qualifies_again(firm: Business) -> None:
    """M27, M28, M29, M133, M137: gained, nurtured, qualified: three processes that run into each other."""
    lead = firm.has_lead()
    sees(firm, lead, *OVER_THE_LINE)
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")
    firm.clock.advance(hours=30)
    sees(firm, lead, "demo_requested")

    assert firm.moves(lead) == [Stage.MQL, Stage.NURTURE, Stage.MQL]


# -- temperature -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "temperature"),
    [
        (("demo_requested",), Temperature.HOT),  # M22, M44
        (("asked_for_person",), Temperature.HOT),  # M44
        (("document_requested",), Temperature.WARM),  # M23
        (("newsletter_opened",), Temperature.COLD),  # M24
    ],
)
def test_temperature_says_how_keen_they_are_now(
    facts: tuple[str, ...], temperature: Temperature, policy: Policy
) -> None:
    """M22, M23, M24, M44."""
    assert assess(picture(*facts), policy).temperature is temperature


@pytest.mark.parametrize(
    ("points", "kinds", "becomes", "temperature"),
    [
        (19, (), None, Temperature.COLD),
        (20, (), None, Temperature.WARM),
        (59, ("document_requested",), None, Temperature.WARM),
        (60, ("document_requested",), Stage.MQL, Temperature.WARM),
        (69, (), None, Temperature.WARM),
        (70, (), Stage.MQL, Temperature.HOT),
    ],
)
def test_a_line_is_crossed_by_its_own_number_and_not_by_one_point_less(
    points: int, kinds: tuple[str, ...], becomes: Stage | None, temperature: Temperature, tmp_path: Path
) -> None:
    """M11, M22, M23, M51, D3, D8."""
    rule = f"seminar = {{ points = {points}, when = [{{ did = ['seminar_attended'] }}] }}"
    more = "visits = { points = 100, when = [{ did = ['store_visited'] }] }"  # so that every line can be reached
    own = load_policy(written(tmp_path, f"[score.rules]\n{rule}\n{more}\n"))
    seen = picture("seminar_attended", *kinds)

    assert (earned(seen, own), assess(seen, own).temperature) == (becomes, temperature)


def test_what_they_did_and_what_they_said_bring_a_lead_over_the_line_together(policy: Policy) -> None:
    """M33: 45 points of behaviour, 15 for the time they named."""
    did = ("document_requested", "price_list_viewed", "newsletter_opened")

    assert [earned(picture(*facts), policy) for facts in (did, (SOON,), (*did, SOON))] == [None, None, Stage.MQL]


def test_a_firm_says_itself_what_is_hot(tmp_path: Path) -> None:
    """M25: here it is a certain download."""
    text = "[temperature]\nhot_score = 70\nhot_activities = ['part_specification_requested']\nwarm_score = 20\nwarm_days = 90\n"
    own = load_policy(written(tmp_path, text))

    assert assess(picture("part_specification_requested"), own).temperature is Temperature.HOT
    assert assess(picture("demo_requested"), own).temperature is not Temperature.HOT


# -- inbound and outbound ----------------------------------------------------------------------------------


def test_inbound_moves_by_score_and_outbound_by_what_a_person_heard(firm: Business) -> None:
    """M40, M41, M107, M108, D18."""
    inbound, outbound = firm.has_lead(origin="inbound"), firm.has_lead(origin="outbound")
    for lead in (inbound, outbound):
        sees(firm, lead, *OVER_THE_LINE, "demo_requested")
    assert (firm.lead(inbound).stage, firm.lead(outbound).stage) == (Stage.MQL, Stage.LEAD)

    firm.calls(outbound, Outcome.CONNECTED, NEED, SATO)

    assert firm.moves(outbound) == [Stage.TQL]


@pytest.mark.parametrize("kind", ["seminar_attended", "card_exchanged", "survey_answered", "store_visited"])
def test_what_happens_away_from_the_site_is_an_activity_like_any_other(firm: Business, kind: str) -> None:
    """M42, M109, M110: cards and surveys are kept; behaviour and interest decide, not the card alone."""
    lead = firm.has_lead(origin="outbound")
    sees(firm, lead, kind)

    assert firm.lead(lead).behaviour[kind][0] == 1
    assert firm.lead(lead).stage == Stage.LEAD


def test_a_detailed_survey_answer_counts_as_what_it_says(firm: Business) -> None:
    """M42, M112: title and timeframe told in a form bring their points."""
    lead = firm.has_lead()
    sees(firm, lead, "survey_answered")
    firm.talks_in_chat(lead, SOON, Person(title="情報システム部長"))

    assert firm.lead(lead).score == 25


def test_a_firm_lets_its_landing_page_count(tmp_path: Path) -> None:
    """M73."""
    text = (
        "[score.rules]\nseminar = { points = 80, when = [{ did = ['seminar_attended'] }] }\n"
        "landing = { points = 5, when = [{ did = ['landing_page_viewed'] }, { did = ['cta_clicked'] }] }\n"
    )
    own = load_policy(written(tmp_path, text))

    assert points_of(own, "landing_page_viewed") == {}
    assert points_of(own, "landing_page_viewed", "cta_clicked") == {"landing": 5}


# -- the order of approach -----------------------------------------------------------------------------------


@on_both_databases
def test_the_score_and_the_time_left_set_the_order_of_approach(firm: Business) -> None:
    """M50, M51, M52, M90, M102: first above the priority line, then who is due soonest, then by score."""
    waiting = firm.has_lead()
    sees(firm, waiting, *OVER_THE_LINE)
    firm.clock.advance(minutes=10)
    later = firm.has_lead()
    sees(firm, later, *OVER_THE_LINE)
    keen = firm.has_lead()
    sees(firm, keen, *OVER_THE_LINE, "demo_requested")
    quiet = firm.has_lead()

    line = firm.store.policy.stages.mql.priority_score
    order = firm.store.read(lambda session: [lead.id for lead in leads_by_priority(session, line=line)])
    mqls = firm.store.read(lambda session: leads_by_priority(session, line=line, stage=Stage.MQL))

    assert order == [keen, waiting, later, quiet]
    assert {lead.stage for lead in mqls} == {Stage.MQL}


def test_a_lead_on_the_priority_line_stands_above_one_below_it_and_who_is_due_sooner_before_who_has_more_points(
    firm: Business,
) -> None:
    """M51, M52, M90."""
    soon, later = MONDAY_TEN + timedelta(hours=1), MONDAY_TEN + timedelta(hours=2)
    below = firm.has_lead(score=69, due_at=soon)
    higher = firm.has_lead(score=90, due_at=later)
    on_it = firm.has_lead(score=70, due_at=soon)

    order = firm.store.read(lambda session: [lead.id for lead in leads_by_priority(session, line=70)])
    assert order == [on_it, higher, below]


@on_both_databases
def test_of_leads_on_no_clock_with_the_same_score_who_has_waited_longest_stands_first(firm: Business) -> None:
    """M90."""
    came: list[str] = []
    for stage in (Stage.MQL, Stage.LEAD, Stage.MQL, Stage.LEAD):
        came.append(firm.has_lead(score=40, stage=stage))
        firm.clock.advance(minutes=1)

    order = firm.store.read(lambda session: [lead.id for lead in leads_by_priority(session, line=70)])
    assert order == came


# -- segments ------------------------------------------------------------------------------------------------


def points_of(policy: Policy, *facts: str | Value) -> dict[str, int]:
    known = Known(tuple(stated(fact) for fact in facts if not isinstance(fact, str)))
    own = policy.for_lead(known, "inbound")
    did = (Did(kind=fact, at=MONDAY_TEN) for fact in facts if isinstance(fact, str))
    who = Who(known=known, origin="inbound", today=TODAY)
    given = points_for(Behaviour.of(did, policy.memory), who, own.score, now=MONDAY_TEN)
    return {point.rule: point.points for point in given}


@pytest.mark.parametrize(
    ("industry", "kind", "points"),
    [
        (Industry.SAAS, "trial_started", 30),  # M138
        (Industry.IT, "technical_talk_requested", 30),  # M140
        (Industry.IT, "technical_question_asked", 10),  # M140
        (Industry.MANUFACTURING, "technical_document_requested", 20),  # M139
        (Industry.MANUFACTURING, "part_specification_requested", 20),  # M139
        (Industry.MANUFACTURING, "oem_talk_requested", 30),  # M141
        (Industry.MANUFACTURING, "quote_requested", 40),  # M142: more than the 30 of everybody else
        (Industry.FINANCE, "quote_requested", 30),
        (Industry.FINANCE, "trial_started", 0),
    ],
)
def test_each_segment_has_its_key_activities(industry: Industry, kind: str, points: int, policy: Policy) -> None:
    """M138, M139, M140, M141, M142."""
    given = points_of(policy, Company(industry=industry), kind)
    given.pop("target_industry", None)

    assert sum(given.values()) == points


def test_repeated_store_visits_and_quotations_count_for_high_price_goods(policy: Policy) -> None:
    """M143."""
    firm = Company(industry=Industry.CONSUMER_GOODS)

    assert points_of(policy, firm, "store_visited") == {}
    assert points_of(policy, firm, "store_visited", "store_visited") == {"store_visits": 20}
    assert points_of(policy, firm, *["quote_requested"] * 3) == {"quote_requested": 60}


SMALL_AND_LARGE = """
[segments.small]
headcount_to = 50
[segments.small.stages.sql]
within_months = 2
required = ["need", "timeframe", "budget"]
[segments.large]
headcount_from = 1000
[segments.large.stages.sql]
within_months = 12
required = ["need", "timeframe", "budget", "authority"]
"""


@pytest.mark.parametrize(
    ("size", "months_ahead", "missing"),
    [
        (20, 1, ()),
        (50, 4, ("timeframe",)),
        (51, 4, ()),
        (999, 4, ()),
        (1_000, 4, ("authority",)),
        (20, 4, ("timeframe",)),
        (300, 4, ()),
        (5_000, 9, ("authority",)),
        (5_000, 14, ("timeframe", "authority")),
    ],
)
def test_small_and_large_firms_have_their_own_time_and_their_own_questions(
    size: int, months_ahead: int, missing: tuple[str, ...], tmp_path: Path
) -> None:
    """M144, M145, M146."""
    own = load_policy(written(tmp_path, SMALL_AND_LARGE))
    firm = Company(headcount=Headcount(minimum=size, maximum=size))
    when = Timeframe(latest=TODAY + timedelta(days=30 * months_ahead))

    judged = assess(picture(NEED, BUDGET, firm, when, stage=Stage.SAL), own)

    assert judged.missing == missing
    assert judged.segment == ("small" if size <= 50 else "large" if size >= 1000 else "other")


def test_a_segment_may_have_a_clock_of_its_own(store: Store, clock: Clock, tmp_path: Path) -> None:
    """M144, D19: an hour for large firms, three for everybody else."""
    text = "[segments.large]\nheadcount_from = 1000\n[segments.large.follow_up.first_contact]\nwithin_minutes = 60\nreminders = []\n"
    firm = firm_with(store, clock, tmp_path, text)
    large, other = firm.has_lead(Company(headcount=Headcount(minimum=5_000, maximum=5_000))), firm.has_lead()
    for lead in (large, other):
        sees(firm, lead, *OVER_THE_LINE)

    due = [firm.clock_of(lead) for lead in (large, other)]
    assert [row.due_at - row.started_at for row in due if row] == [timedelta(hours=1), timedelta(hours=3)]


LARGE = "[segments.large]\nheadcount_from = 1000\n[segments.large.stages]\n"
LARGE_FIRM = Company(headcount=Headcount(minimum=5_000, maximum=5_000))


def test_in_a_segment_that_accepts_by_itself_nobody_owes_a_decision(store: Store, clock: Clock, tmp_path: Path) -> None:
    """M144, D2, D19."""
    firm = firm_with(store, clock, tmp_path, LARGE + "auto_accept = true\n")
    large, other = firm.qualified_lead(NEED, SATO, LARGE_FIRM), firm.qualified_lead(NEED, SATO)

    assert [firm.lead(lead).stage for lead in (large, other)] == [Stage.SAL, Stage.TQL]
    assert ["acceptance" in firm.clocks_of(lead) for lead in (large, other)] == [False, True]


def test_a_segment_may_be_called_from_a_later_stage_on(store: Store, clock: Clock, tmp_path: Path) -> None:
    """M144, D9, D17, D19: neither a clock nor a card before that."""
    firm = firm_with(store, clock, tmp_path, LARGE + 'qualified_from = "TQL"\n')
    large, other = firm.has_lead(LARGE_FIRM), firm.has_lead()
    for lead in (large, other):
        sees(firm, lead, *OVER_THE_LINE)
    assert [firm.lead(lead).stage for lead in (large, other)] == [Stage.MQL, Stage.MQL]
    assert [firm.clock_of(lead) is not None for lead in (large, other)] == [False, True]
    assert [firm.lead(lead).channel for lead in (large, other)] == [None, ""]

    firm.talks_in_chat(large, NEED, SATO)
    assert firm.clock_of(large) is not None
    assert firm.lead(large).channel == ""


def test_in_a_segment_a_manager_alone_may_judge(store: Store, clock: Clock, tmp_path: Path) -> None:
    """M19, M145, D19."""
    firm = firm_with(store, clock, tmp_path, LARGE + '[segments.large.stages.judges]\nSQL = ["manager"]\n')
    large, other = firm.qualified_lead(NEED, SATO, LARGE_FIRM), firm.qualified_lead(NEED, SATO)
    for lead in (large, other):
        firm.does(ownership.accept, lead, by="yuki")
    firm.does(ownership.confirm, other, reason="会いました", by="yuki")

    for person, role in (("yuki", "rep"), ("mori", "manager")):
        is_known(firm, person, role=role)
    with pytest.raises(MayNotJudge):
        firm.does(ownership.confirm, large, reason="会いました", by="yuki")
    firm.does(ownership.confirm, large, reason="会いました", by="mori")
    assert firm.lead(large).stage == Stage.SQL


def test_the_first_segment_that_fits_counts_and_everybody_else_is_other(policy: Policy) -> None:
    """M145, D19."""
    segments: list[Any] = [Company(industry=Industry.SAAS), Company(industry=Industry.MANUFACTURING), Company()]

    assert [policy.segment_of(Known((stated(firm),)), "inbound") for firm in segments] == [
        *("software", "manufacturing", "other"),
    ]


def test_a_segment_may_be_of_one_origin(tmp_path: Path) -> None:
    """M145, D18, D19."""
    own = load_policy(written(tmp_path, "[segments.called]\norigin = ['outbound']\n"))

    assert [own.segment_of(Known(), origin) for origin in ("outbound", "inbound")] == ["called", "other"]


def test_a_student_who_does_a_lot_is_no_mql(firm: Business) -> None:
    """M61, mission 3.1, third row: 60 points, but a student: 30, stays a lead, no alert."""
    lead = firm.has_lead(Person(standing=Standing.STUDENT))
    sees(firm, lead, "document_requested", "price_list_viewed", "newsletter_opened", "seminar_attended")

    assert (firm.lead(lead).score, firm.lead(lead).stage) == (30, Stage.LEAD)
    assert firm.said() == []
