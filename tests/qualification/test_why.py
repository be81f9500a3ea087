"""Every decision answers: why this score, why this stage, what is missing, and the shortest way there (N7, N8)."""

from datetime import timedelta

import pytest

from qualification import leads
from qualification.assessment import assess
from qualification.bant import Authority, Headcount, Role, Topic
from qualification.bant import Company as Firm
from qualification.dossier import dossier_of
from qualification.freshness import fresh, outdated
from qualification.policy import Policy
from qualification.stages import Stage
from qualification.why import next_question, way_to_mql
from tests.business import BUDGET, NEED, SATO, SOON, Business
from tests.clock import MONDAY_TEN
from tests.qualification.test_assessment import TODAY, picture


@pytest.mark.parametrize(
    ("facts", "line", "points_missing", "rules"),
    [
        # 45 points with a document: one more seminar is enough
        (("document_requested", "price_list_viewed", "newsletter_opened"), "score", 15, ("seminar_attended",)),
        # 60 points without a document: 10 more points, or the document
        (("demo_requested", "quote_requested"), "score", 0, ("document_requested",)),
        ((), "score", 60, ("document_requested", "asked_for_person", "newsletter_opened")),
    ],
)
def test_the_shortest_way_to_mql_names_the_fewest_rules(
    facts: tuple[str, ...], line: str, points_missing: int, rules: tuple[str, ...], policy: Policy
) -> None:
    """M5, M11, M50, M51: explicit criteria, and what is missing for them."""
    seen = picture(*facts)
    way = way_to_mql(seen, assess(seen, policy), policy)

    assert way is not None
    assert (way.line, way.points_missing, way.rules) == (line, points_missing, rules)
    done = picture(*facts, *rules)
    assert assess(done, policy).earned is not None, "who does what the way says is an MQL"


def test_an_mql_and_an_outbound_lead_have_no_way_by_score(policy: Policy) -> None:
    """M41."""
    seen = picture(stage=Stage.MQL)
    assert way_to_mql(seen, assess(seen, policy), policy) is None


def test_a_way_asks_for_no_headcount_the_firm_does_not_have(policy: Policy) -> None:
    rules = policy.score.model_copy(update={"rules": {"large_firm": policy.score.rules["large_firm"]}})
    only_large = policy.model_copy(update={"score": rules})
    small = picture(Firm(headcount=Headcount(minimum=10, maximum=20)))

    assert way_to_mql(small, assess(small, only_large), only_large) is None


@pytest.mark.parametrize(
    ("facts", "stage", "topic"),
    [
        ((), Stage.LEAD, Topic.NEED),
        ((NEED,), Stage.LEAD, Topic.CONTACT),
        ((NEED, SATO), Stage.SAL, Topic.TIMEFRAME),
        ((NEED, SATO, SOON), Stage.SAL, Topic.BUDGET),
        ((NEED, SATO, SOON, BUDGET), Stage.SAL, Topic.AUTHORITY),  # nothing is missing: what brings points
        ((NEED, SATO, SOON, BUDGET, Authority(role=Role.NONE)), Stage.SQL, None),
    ],
)
def test_the_next_question_is_what_the_next_stage_lacks(
    facts: tuple[object, ...], stage: Stage, topic: Topic | None, policy: Policy
) -> None:
    """M20, M32, M36, M38."""
    seen = picture(*facts, stage=stage)  # type: ignore[arg-type]  # values of the business
    assert next_question(seen.known, assess(seen, policy), policy, origin="inbound") is topic


def test_nobody_is_asked_anything_more_who_wants_to_be_left_alone_or_is_disqualified(firm: Business) -> None:
    def asked_next(lead: str) -> Topic | None:
        return firm.store.run_here(lambda tx: dossier_of(tx, lead, policy=tx.policy, now=tx.now)).ask_next

    open_lead, left_alone, over = (firm.qualified_lead() for _ in range(3))
    firm.does(leads.opt_out, left_alone, words="stop", by="prospect")
    firm.does(leads.put_aside, over, Stage.DISQUALIFIED, rule="no_need", by="yuki")

    assert asked_next(open_lead) is not None
    assert (asked_next(left_alone), asked_next(over)) == (None, None)


def test_an_mql_below_its_line_keeps_its_stage_and_says_so(policy: Policy) -> None:
    """D7."""
    judged = assess(picture("document_requested", stage=Stage.MQL), policy)

    assert (judged.below_its_line, judged.earned) == (True, None)


def test_an_answer_of_last_year_and_a_time_that_has_passed_count_no_more(policy: Policy) -> None:
    """D21: their questions are open again, the stage stays."""
    seen = picture(NEED, BUDGET, SOON, stage=Stage.SQL)
    today = MONDAY_TEN.date() + timedelta(days=366)

    assert outdated(seen.known, policy, today=TODAY) == ()
    assert set(outdated(seen.known, policy, today=today)) == {Topic.NEED, Topic.BUDGET, Topic.TIMEFRAME}
    assert fresh(seen.known, policy, today=today).unknown == (
        *(Topic.NEED, Topic.TIMEFRAME, Topic.AUTHORITY, Topic.BUDGET),
    )
    assert SOON.latest is not None
    judged = assess(picture(NEED, BUDGET, SOON, stage=Stage.SAL), policy)
    assert judged.missing == ()
    assert outdated(seen.known, policy, today=SOON.latest + timedelta(days=1)) == (Topic.TIMEFRAME,)
