"""Points: each published number, and a sum that is always the score (M47-M72, D4, D5, D20)."""

import math
import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.answers import Known
from qualification.assessment import Picture, assess
from qualification.bant import (
    Authority,
    Company,
    Contact,
    Headcount,
    Industry,
    Role,
    Standing,
    Timeframe,
    Value,
)
from qualification.behaviour import Behaviour, Did
from qualification.policies.score_model import Rule, Score
from qualification.policy import Policy, shipped_policy
from qualification.scoring import Person, Point, points_for
from qualification.stages import Stage
from tests.business import BUDGET, NEED, NEXT_YEAR, SOON
from tests.clock import MONDAY_TEN
from tests.qualification.test_assessment import stated

TODAY = date(2026, 5, 18)
SHIPPED = shipped_policy()
DAY = timedelta(days=1)


def firm_of(minimum: int | None, maximum: int | None, industry: Industry | None = None) -> Company:
    return Company(headcount=Headcount(minimum=minimum, maximum=maximum), industry=industry)


def did(kind: str, *, days_ago: float = 0, seconds: int = 0, minutes: int | None = None) -> Did:
    return Did(kind=kind, at=MONDAY_TEN - timedelta(days=days_ago), seconds=seconds, minutes=minutes)


def points_of(
    *facts: Did | Value, score: Score | None = None, policy: Policy = SHIPPED, now: datetime = MONDAY_TEN
) -> tuple[Point, ...]:
    """The points of a lead with these behaviour and answers."""
    own = policy.model_copy(update={"score": score}) if score else policy
    own.__dict__.pop("memory", None)  # a copy carries the memory of its original
    said = Known(tuple(stated(fact) for fact in facts if not isinstance(fact, Did)))
    behaviour = Behaviour.of((fact for fact in facts if isinstance(fact, Did)), own.memory)
    return points_for(behaviour, Person(known=said, origin="inbound", today=TODAY), own.score, now=now)


def rules_of(*facts: Did | Value, **more: Any) -> dict[str, int]:
    return {point.rule: point.points for point in points_of(*facts, **more)}


def model(**rules: Any) -> Score:
    groups = rules.pop("groups", {})
    return Score.model_validate({"rules": rules, "groups": groups})


# -- behaviour ----------------------------------------------------------------------------------


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
def test_the_shipped_points_of_an_activity(kind: str, points: int, published: bool) -> None:
    """M47, M48, M49, M54, M69, M70, M72."""
    (point,) = points_of(did(kind))

    assert (point.rule, point.points, point.at) == (kind, points, MONDAY_TEN)
    assert (point.axis, point.hypothesis) == ("behaviour", not published)


def test_a_click_in_the_mail_after_an_event_counts_like_every_click() -> None:
    """M71."""
    assert rules_of(did("event_mail_clicked")) == {"mail_clicked": 5}


@pytest.mark.parametrize("kind", ["product_page_viewed", "comparison_page_viewed"])
def test_product_and_comparison_pages_count_from_the_third_view_within_thirty_days(kind: str) -> None:
    """M63, M67, D5."""
    twice = [did(kind, days_ago=1), did(kind, days_ago=2)]

    assert rules_of(*twice) == {}
    assert rules_of(*twice, did(kind, days_ago=30)) == {"product_page_often": 10}
    assert rules_of(*twice, did(kind, days_ago=31)) == {}
    assert rules_of(*twice, did("product_page_viewed"), did("comparison_page_viewed")) == {"product_page_often": 10}


@pytest.mark.parametrize(("seconds", "points"), [(59, {}), (60, {"long_stay": 5})])
@pytest.mark.parametrize("kind", ["price_page_viewed", "case_page_viewed"])
def test_a_long_stay_on_a_price_or_case_page_counts(kind: str, seconds: int, points: dict[str, int]) -> None:
    """M64, M65."""
    assert rules_of(did(kind, seconds=seconds)) == points


@pytest.mark.parametrize(
    ("minutes", "points"),
    [(0, {"quick_answer": 10}), (480, {"quick_answer": 10}), (481, {}), (None, {})],
    ids=["at once", "exactly within the limit", "a begun minute more", "nobody knows how long it took"],
)
def test_an_answer_to_us_counts_when_it_is_quick(minutes: int | None, points: dict[str, int]) -> None:
    """M34."""
    assert rules_of(did("answered_us", minutes=minutes)) == points


def test_who_was_quick_once_keeps_the_points_however_slow_they_are_later() -> None:
    """M34: one good sign more never takes points away, and it counts once."""
    quick, slow = did("answered_us", days_ago=2, minutes=5), did("answered_us", days_ago=1, minutes=9_000)

    assert rules_of(slow) == {}
    assert rules_of(quick, slow) == rules_of(quick, quick) == {"quick_answer": 10}


def test_regular_visits_are_three_different_days_in_fourteen() -> None:
    """M66, D30: visits are counted for the lead, no address of a machine is kept."""
    assert rules_of(*(did("site_visited", days_ago=hours / 24) for hours in range(6))) == {}
    assert rules_of(*(did("site_visited", days_ago=days) for days in (0, 7, 13))) == {"regular_visits": 5}
    assert rules_of(*(did("site_visited", days_ago=days) for days in (0, 7, 15))) == {}


def test_document_then_seminar_then_product_pages_counts_in_this_order_only() -> None:
    """M68."""
    views = [did("product_page_viewed", days_ago=days) for days in (1, 2, 3)]

    in_order = rules_of(did("document_requested", days_ago=9), did("seminar_attended", days_ago=5), *views)
    too_late = rules_of(did("document_requested", days_ago=9), did("seminar_attended", days_ago=2.5), *views)
    reversed_ = rules_of(did("document_requested", days_ago=4), did("seminar_attended", days_ago=5), *views)

    seminar_again = (did("seminar_attended", days_ago=days) for days in (5, 3.5))
    after_all = rules_of(did("document_requested", days_ago=4), *seminar_again, *views)

    assert in_order["document_seminar_product"] == after_all["document_seminar_product"] == 5
    assert "document_seminar_product" not in too_late | reversed_


# -- who they are ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "points"),
    [
        (firm_of(500, None), {"large_firm": 10}),  # M59
        (firm_of(499, 600), {}),
        (firm_of(1, 5), {"tiny_firm": -15}),  # M62
        (firm_of(1, 6), {}),
        (Company(industry=Industry.MANUFACTURING), {"target_industry": 10}),
        (Company(industry=Industry.FINANCE), {}),
        (Contact(title="営業部長"), {"deciding_title": 10}),
        (Contact(title="Chief Technology Officer"), {"deciding_title": 10}),
        (Contact(title="営業担当"), {}),
        (Contact(standing=Standing.STUDENT), {"no_business": -30}),  # M61
        (Contact(standing=Standing.PRIVATE), {"no_business": -30}),
        (Contact(standing=Standing.BUSINESS), {}),
        (Authority(role=Role.DECISION_MAKER), {"deciding_role": 10}),
        (Authority(role=Role.INFLUENCER), {}),
        (SOON, {"within_six_months": 15}),
        (NEXT_YEAR, {}),
        (Timeframe(latest=date(2026, 5, 17)), {}),  # passed
    ],
)
def test_the_shipped_points_of_who_they_are(said: Value, points: dict[str, int]) -> None:
    """M55, M59, M61, M62, D4."""
    assert rules_of(said) == points
    assert all(point.axis == "attributes" and point.hypothesis for point in points_of(said))


@pytest.mark.parametrize(
    "title",
    [
        "Factory supervisor",
        "Instructor",
        "社長秘書",
        "本部長補佐",
        "Account director's assistant",
        "Assistant to the Director",
    ],
)
def test_who_only_has_the_letters_of_a_deciding_title_or_assists_its_holder_gets_no_points_for_it(title: str) -> None:
    """M55, M77."""
    assert rules_of(Contact(title=title)) == {}


@pytest.mark.parametrize("title", ["CTO", "CEO兼CTO", "Managing Director", "副社長", "Vice-President", "Head of IT"])
def test_a_deciding_title_counts_as_a_whole_word_or_within_a_japanese_one(title: str) -> None:
    assert rules_of(Contact(title=title)) == {"deciding_title": 10}


def test_a_tiny_manufacturer_has_up_to_twenty_people_and_loses_points_once() -> None:
    """M62, D5: twenty in manufacturing, five elsewhere."""
    assert rules_of(firm_of(10, 20, Industry.MANUFACTURING))["tiny_manufacturer"] == -15
    assert "tiny_manufacturer" not in rules_of(firm_of(10, 21, Industry.MANUFACTURING))
    assert rules_of(firm_of(10, 20, Industry.TRADE)) == {}
    both = rules_of(firm_of(1, 5, Industry.MANUFACTURING))
    assert (both["tiny_firm"], both["tiny_manufacturer"]) == (-15, 0)


# -- both axes together -----------------------------------------------------------------------------

PRICES_SEEN_OFTEN = [did("price_page_viewed", days_ago=days) for days in (0, 1, 2)]


@pytest.mark.parametrize(
    ("facts", "all_three"),
    [
        ([*PRICES_SEEN_OFTEN, did("talk_requested"), firm_of(500, None)], True),
        (
            [
                *(did("price_page_viewed", days_ago=days) for days in (0, 40, 400)),
                did("talk_requested"),
                firm_of(500, None),
            ],
            True,
        ),
        ([*PRICES_SEEN_OFTEN[:2], did("talk_requested"), firm_of(500, None)], False),
        ([*PRICES_SEEN_OFTEN, firm_of(500, None)], False),
        ([*PRICES_SEEN_OFTEN, did("talk_requested"), firm_of(499, None)], False),
    ],
)
def test_three_price_views_a_talk_and_five_hundred_people_together_bring_more(
    facts: list[Any], all_three: bool
) -> None:
    """M57, M58, M59, M60: three views or more, whenever they were."""
    assert ("keen_large_firm" in rules_of(*facts)) is all_three


def test_behaviour_and_attributes_are_two_axes_of_one_number() -> None:
    """M53, M87, M167: mission 3.1, second row: 75 points without a document request."""
    points = points_of(did("price_list_viewed"), did("talk_requested"), *PRICES_SEEN_OFTEN, firm_of(500, None))

    axes = {axis: sum(point.points for point in points if point.axis == axis) for axis in ("behaviour", "attributes")}
    assert axes == {"behaviour": 65, "attributes": 10}


def test_a_firm_sets_its_own_weights_and_drops_weak_indicators() -> None:
    """M56, M78, M79, M81, M88: a small firm may live with a single rule of its own."""
    own = model(came_by={"points": 33, "when": [{"did": ["store_visited"]}]})

    assert rules_of(did("store_visited"), did("document_requested"), score=own) == {"came_by": 33}


# -- how often, how long, how much together ------------------------------------------------------------


def test_a_rule_counts_once_with_the_first_time_as_its_evidence() -> None:
    """D5."""
    (point,) = points_of(*(did("price_list_viewed", days_ago=days) for days in (1, 3, 2)))

    assert (point.points, point.at) == (15, MONDAY_TEN - 3 * DAY)
    assert [ground.what for ground in point.grounds] == ["price_list_viewed"]


def test_a_rule_may_count_several_times_up_to_its_cap() -> None:
    own = model(opened={"points": 10, "counts_up_to": 3, "when": [{"did": ["newsletter_opened"]}]})

    counted = [rules_of(*(did("newsletter_opened", days_ago=n) for n in range(times)), score=own) for times in range(6)]

    assert counted == [{}, {"opened": 10}, {"opened": 20}, {"opened": 30}, {"opened": 30}, {"opened": 30}]


def test_a_group_brings_no_more_than_its_cap_and_says_what_it_held_back() -> None:
    decider = points_of(Authority(role=Role.DECISION_MAKER), Contact(title="社長"))

    assert [(point.rule, point.points, point.full, point.held_back) for point in decider] == [
        ("deciding_role", 10, 10, None),
        ("deciding_title", 0, 10, "group"),
    ]


def test_points_halve_with_their_half_life_counted_from_the_latest_evidence() -> None:
    """D20."""
    own = model(seen={"points": 20, "half_life_days": 10, "when": [{"did": ["page_viewed"]}]})

    halved = points_of(did("page_viewed", days_ago=40), did("page_viewed", days_ago=10), score=own)

    assert [(point.points, point.full, point.held_back) for point in halved] == [(10, 20, "age")]
    assert halved[0].at == MONDAY_TEN - 10 * DAY


@pytest.mark.parametrize(("days", "points"), [(0, 20), (5, 10), (10, 0), (30, 0)])
def test_points_may_fade_evenly(days: int, points: int) -> None:
    own = model(seen={"points": 20, "fades_in_days": 10, "when": [{"did": ["page_viewed"]}]})

    assert rules_of(did("page_viewed", days_ago=days), score=own) == {"seen": points}


@pytest.mark.parametrize(("days", "points"), [(89, 20), (90, 0)])
def test_points_may_expire(days: int, points: int) -> None:
    own = model(seen={"points": 20, "expires_days": 90, "when": [{"did": ["page_viewed"]}]})

    assert rules_of(did("page_viewed", days_ago=days), score=own) == {"seen": points}


def test_no_shipped_point_ages() -> None:
    """D20: none by default."""
    assert not any(rule.ages for rule in SHIPPED.score.rules.values())


def test_what_the_policy_does_not_name_has_no_points() -> None:
    assert points_of(did("waved_at_us")) == ()


# -- the sum, whatever the history -------------------------------------------------------------------

KINDS = st.sampled_from(
    [
        "document_requested",
        "price_page_viewed",
        "product_page_viewed",
        "comparison_page_viewed",
        "seminar_attended",
        "site_visited",
        "newsletter_opened",
        "asked_for_person",
        "waved_at_us",
        "chat_talk",
        "answered_us",
    ]
)
HOURS_AGO = st.integers(0, 60 * 24).map(lambda hours: hours / 24)
DEEDS = st.lists(
    st.builds(did, KINDS, days_ago=HOURS_AGO, seconds=st.integers(0, 90), minutes=st.none() | st.integers(0, 600)),
    max_size=40,
)
SAID = st.lists(
    st.sampled_from(
        [
            *(NEED, BUDGET, SOON, NEXT_YEAR, firm_of(1, 5), firm_of(500, None, Industry.MANUFACTURING)),
            *(Authority(role=Role.DECISION_MAKER), Contact(title="部長"), Contact(standing=Standing.STUDENT)),
        ]
    ),
    max_size=6,
)
DONE = st.fixed_dictionaries(
    {"did": st.lists(KINDS, min_size=1, max_size=3)},
    optional={
        "times": st.integers(1, 5),
        "within_days": st.integers(1, 50),
        "seconds": st.integers(0, 90),
        "on_days": st.booleans(),
    },
)
QUICK = st.fixed_dictionaries(
    {"did": st.just(["answered_us"]), "within_minutes": st.integers(1, 600)}, optional={"times": st.integers(1, 3)}
)
ONCE = st.fixed_dictionaries({"did": st.lists(KINDS, min_size=1, max_size=2)})
AGE = st.sampled_from([{}, {"half_life_days": 7}, {"fades_in_days": 20}, {"expires_days": 30}])
RULE = st.one_of(
    st.builds(
        lambda points, when, age, order: {"points": points, "when": when, "in_order": order and len(when) > 1} | age,
        st.integers(-30, 40),
        st.lists(DONE | QUICK, min_size=1, max_size=3),
        AGE,
        st.booleans(),
    ),
    st.builds(
        lambda points, when, age, most: {"points": points, "when": [when], "counts_up_to": most, "group": "some"} | age,
        st.integers(-30, 40),
        ONCE,
        AGE,
        st.integers(1, 6),
    ),
)
MODELS = st.dictionaries(st.sampled_from("abcdef"), RULE, min_size=1).map(
    lambda rules: Score.model_validate({"rules": rules, "groups": {"some": 50}})
)


@given(history=DEEDS, score=MODELS, seed=st.integers())
def test_a_sum_kept_one_activity_at_a_time_in_any_order_equals_the_sum_of_all(
    history: list[Did], score: Score, seed: int
) -> None:
    """Late and out-of-order activities count at their own time; stored and read again nothing changes."""
    policy = SHIPPED.model_copy(update={"score": score})
    policy.__dict__.pop("memory", None)
    shuffled = random.Random(seed).sample(history, len(history))
    kept = Behaviour()
    for one in shuffled:
        kept = Behaviour.from_json(kept.with_did(one, policy.memory).to_json())

    assert kept == Behaviour.of(sorted(history, key=lambda one: one.at), policy.memory)
    assert all(len(latest) <= 10 for _, _, latest in kept.seen.values())


def by_the_book(score: Score, history: list[Did]) -> dict[str, int]:
    """The rules applied to the whole history, slowly and word by word: what the running sum must agree with."""
    zone = SHIPPED.working_hours.zone
    points: dict[str, int] = {}
    left = dict(score.groups)
    for name, rule in score.rules.items():
        moments: list[datetime] = []
        before = None
        for done in rule.acts:
            times = sorted(at for at, _ in _with_kind(history, done))
            first = times[0] if times else None
            if done.on_days:
                times = sorted(
                    {(at.astimezone(zone).date(), kind): at for at, kind in _with_kind(history, done)}.values()
                )
            if done.within_days:
                times = [at for at in times if at >= MONDAY_TEN - done.within_days * DAY]
            if len(times) < done.times or (rule.in_order and before and times[-done.times] < before):
                break
            before = first
            counted = times[-(rule.counts_up_to or done.times) :]
            once = done.times == 1 and not (rule.ages or rule.counts_up_to or done.within_days)
            moments += [first] if once and first else counted
        else:
            worth = [_worth(rule, (MONDAY_TEN - at) / DAY) for at in sorted(moments)]
            brought = sum(worth) if rule.counts_up_to else worth[-1]
            if rule.group in left:
                brought = max(-left[rule.group], min(left[rule.group], brought))
                left[rule.group] -= abs(brought)
            if rule.points:
                points[name] = brought
    return points


def _with_kind(history: list[Did], done: Any) -> list[tuple[datetime, str]]:
    wanted = [one for one in history if one.kind in done.did and one.seconds >= done.seconds]
    quick = [one for one in wanted if not done.within_minutes or _took(one) <= done.within_minutes]
    return sorted((one.at, one.kind) for one in quick)


def _took(answer: Did) -> float:
    return math.inf if answer.minutes is None else answer.minutes


def _worth(rule: Rule, days: float) -> int:
    if rule.expires_days and days >= rule.expires_days:
        return 0
    if rule.half_life_days:
        return round(rule.points * math.exp2(-days / rule.half_life_days))
    if rule.fades_in_days:
        return round(rule.points * max(0, 1 - days / rule.fades_in_days))
    return rule.points


@given(history=DEEDS, score=MODELS)
def test_the_running_sum_gives_the_points_the_whole_history_gives(history: list[Did], score: Score) -> None:
    """M75: incremental equals recomputed, for random histories, models, decay and order."""
    assert rules_of(*history, score=score) == by_the_book(score, history)


@given(history=DEEDS, said=SAID, score=st.one_of(st.just(SHIPPED.score), MODELS))
def test_the_shown_points_add_up_to_the_score(history: list[Did], said: list[Value], score: Score) -> None:
    """M76, M158."""
    policy = SHIPPED.model_copy(update={"score": score})
    for cached in ("memory", "of_segment", "of_trial"):
        policy.__dict__.pop(cached, None)
    judged = assess(
        Picture(
            stage=Stage.LEAD,
            known=Known(tuple(map(stated, said))),
            behaviour=Behaviour.of(history, policy.memory),
            last_activity_at=MONDAY_TEN,
            now=MONDAY_TEN,
            today=TODAY,
        ),
        policy,
    )

    assert sum(point.points for point in judged.points) == judged.score
    assert len({point.rule for point in judged.points}) == len(judged.points)
    assert all(point.grounds for point in judged.points)
    assert all(point.points == point.full or point.held_back for point in judged.points)
