"""Points: each published number, and a sum that is always the score (M47-M62, D4, D5)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.answers import Known
from qualification.assessment import Picture, assess
from qualification.bant import Authority, Company, Headcount, Role, Timeframe, Value
from qualification.policy import Policy, shipped_policy
from qualification.scoring import Did, points_for
from qualification.stages import Stage
from tests.business import BUDGET, NEED, NEXT_YEAR, SOON
from tests.clock import MONDAY_TEN
from tests.qualification.test_assessment import stated

TODAY = date(2026, 5, 18)


def firm_of(minimum: int | None, maximum: int | None) -> Company:
    return Company(headcount=Headcount(minimum=minimum, maximum=maximum))


@pytest.mark.parametrize(
    ("kind", "points", "published"),
    [
        ("document_requested", 20, True),  # M47
        ("price_list_viewed", 15, True),  # M48
        ("newsletter_opened", 10, True),  # M49
        ("seminar_attended", 15, False),
        ("asked_for_person", 30, False),
        ("demo_requested", 30, False),
        ("quote_requested", 30, False),
        ("mail_clicked", 5, False),
    ],
)
def test_the_shipped_points_of_an_activity(kind: str, points: int, published: bool, policy: Policy) -> None:
    (point,) = points_for([Did(kind=kind, at=MONDAY_TEN)], Known(), policy, today=TODAY)

    assert (point.rule, point.points, point.at) == (kind, points, MONDAY_TEN)
    assert point.hypothesis is not published


@pytest.mark.parametrize(
    ("said", "points"),
    [
        (firm_of(500, None), {"large_firm": 10}),  # M59
        (firm_of(499, 600), {}),
        (firm_of(1, 5), {"tiny_firm": -15}),  # M62
        (firm_of(1, 6), {}),
        (Authority(role=Role.DECISION_MAKER), {"deciding_role": 10}),
        (Authority(role=Role.INFLUENCER), {}),
        (SOON, {"within_six_months": 15}),
        (NEXT_YEAR, {}),
        (Timeframe(latest=date(2026, 5, 17)), {}),  # passed
    ],
)
def test_the_shipped_points_of_who_they_are(said: Value, points: dict[str, int], policy: Policy) -> None:
    known = Known((stated(said),))

    assert {point.rule: point.points for point in points_for([], known, policy, today=TODAY)} == points


def test_a_rule_counts_once_with_the_first_time_as_its_evidence(policy: Policy) -> None:
    visits = [Did(kind="price_list_viewed", at=MONDAY_TEN + timedelta(days=day)) for day in (3, 1, 2)]

    (point,) = points_for(visits, Known(), policy, today=TODAY)

    assert (point.points, point.at) == (15, MONDAY_TEN + timedelta(days=1))


def test_what_the_policy_does_not_name_has_no_points(policy: Policy) -> None:
    assert points_for([Did(kind="waved_at_us", at=MONDAY_TEN)], Known(), policy, today=TODAY) == ()


SHIPPED = shipped_policy()
KINDS = st.sampled_from([*SHIPPED.score.activities, "waved_at_us", "chat_talk"])
SAID = st.sampled_from([NEED, BUDGET, SOON, NEXT_YEAR, firm_of(1, 5), firm_of(500, None), Authority(role=Role.NONE)])


@given(did=st.lists(KINDS), said=st.lists(SAID))
def test_the_shown_points_add_up_to_the_score(did: list[str], said: list[Value]) -> None:
    judged = assess(
        Picture(
            stage=Stage.LEAD,
            known=Known(tuple(map(stated, said))),
            did=tuple(Did(kind=kind, at=MONDAY_TEN) for kind in did),
            last_activity_at=MONDAY_TEN,
            now=MONDAY_TEN,
            today=TODAY,
        ),
        SHIPPED,
    )

    assert sum(point.points for point in judged.points) == judged.score
    assert len({point.rule for point in judged.points}) == len(judged.points)
    assert all(point.at is not None for point in judged.points if point.rule in SHIPPED.score.activities)
