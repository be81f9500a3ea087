"""From facts to the stage they earn, how keen the lead is, and what is missing (mission 3.1, D2, D3, D6, D8)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

import pytest

from qualification.answers import PROSPECT, Known, Stated
from qualification.assessment import Picture, Temperature, assess, out_of_reach
from qualification.bant import (
    Authority,
    Budget,
    Clarity,
    Company,
    Contact,
    Headcount,
    Need,
    Role,
    Standing,
    Timeframe,
    Value,
)
from qualification.behaviour import Behaviour, Did
from qualification.policy import Policy, shipped_policy
from qualification.stages import Stage
from tests.business import ASAHI, BUDGET, NEED, NEXT_YEAR, NO_NEED, SATO, SOON, TOPIC_OF
from tests.clock import MONDAY_TEN

TODAY = date(2026, 5, 14)  # the day of the worked examples
LARGE = Company(name="Asahi Tools", headcount=Headcount(minimum=500, maximum=999))
DECIDER = Authority(role=Role.DECISION_MAKER)
IN_PRINCIPLE = Authority(role=Role.NEEDS_APPROVAL)  # 稟議


STUDENT = Contact(email="yama@waseda.example", standing=Standing.STUDENT)
MEMORY = shipped_policy().memory


def behaviour_of(did: Iterable[Did]) -> Behaviour:
    return Behaviour.of(did, MEMORY)


def stated(value: Value, *, at: datetime = MONDAY_TEN, by: str = PROSPECT, via: str = "chat") -> Stated:
    return Stated(topic=TOPIC_OF[type(value)], value=value, words="", certainty=1.0, said_by=by, via=via, at=at)


def picture(
    *facts: Value | str,
    stage: Stage = Stage.LEAD,
    since: datetime | None = None,
    quiet_days: int = 0,
) -> Picture:
    """What they said (values) and did (names), as it stands on 14 May 2026."""
    return Picture(
        stage=stage,
        since=since,
        known=Known(tuple(stated(fact) for fact in facts if not isinstance(fact, str))),
        behaviour=behaviour_of(Did(kind=fact, at=MONDAY_TEN) for fact in facts if isinstance(fact, str)),
        last_activity_at=MONDAY_TEN - timedelta(days=quiet_days),
        now=MONDAY_TEN,
        today=TODAY,
    )


def earned(seen: Picture, policy: Policy) -> Stage | None:
    judged = assess(seen, policy).earned
    return judged[0] if judged else None


# -- MQL (D3) ---------------------------------------------------------------------------------


def test_document_price_list_newsletter_and_seminar_make_an_mql(policy: Policy) -> None:
    seen = picture("document_requested", "price_list_viewed", "newsletter_opened", "seminar_attended")
    judged = assess(seen, policy)

    assert judged.score == 60
    assert judged.earned is not None
    assert (judged.earned[0], judged.earned[1].rule) == (Stage.MQL, "mql_score_and_activity")


def test_sixty_points_without_a_document_are_not_enough(policy: Policy) -> None:
    seen = picture("price_list_viewed", "seminar_attended", "quote_requested")

    assert assess(seen, policy).score == 60
    assert earned(seen, policy) is None


def test_seventy_points_need_no_document(policy: Policy) -> None:
    seen = picture("price_list_viewed", "seminar_attended", "quote_requested", LARGE)
    judged = assess(seen, policy)

    assert judged.score == 70
    assert judged.earned is not None
    assert (judged.earned[0], judged.earned[1].rule) == (Stage.MQL, "mql_priority_score")
    assert judged.temperature is Temperature.HOT


@pytest.mark.parametrize("stage", Stage)
def test_an_mql_alone_can_fall_below_the_line_it_crossed(stage: Stage, policy: Policy) -> None:
    """D7."""
    assert assess(picture("document_requested", stage=stage), policy).below_its_line is (stage is Stage.MQL)


def test_the_three_published_values_alone_reach_no_line(policy: Policy) -> None:
    """20 + 15 + 10 is 45: below 60 and 70, which is why more rules ship (D4)."""
    assert earned(picture("document_requested", "price_list_viewed", "newsletter_opened"), policy) is None


# -- TQL (D2, M13) ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (("chat_talk", NEED, SATO), ()),
        (("call_talk", NEED, SATO), ()),
        (("call_talk", NEED), ()),  # who spoke with us on the phone can be reached
        (("chat_talk", NEED), ("contact",)),
        (("chat_talk", NEED, Contact(name="佐藤")), ("contact",)),
        (("chat_talk", SATO), ("need",)),
        (("chat_talk", NO_NEED, SATO), ("need",)),
        ((NEED, SATO), ("talk",)),
        (("chat_talk", NEED, STUDENT), ("talk",)),  # a student's chat alone rings nobody
        (("call_talk", NEED, STUDENT), ()),
        ((), ("need", "contact", "talk")),
    ],
)
def test_a_talk_that_confirmed_a_need_makes_a_tql(
    facts: tuple[Value | str, ...], missing: tuple[str, ...], policy: Policy
) -> None:
    judged = assess(picture(*facts), policy)

    assert judged.missing == missing
    assert judged.next_stage is Stage.TQL
    assert (judged.earned is not None and judged.earned[0] is Stage.TQL) is (missing == ())


def test_an_mql_becomes_a_tql_and_no_mql_twice(policy: Policy) -> None:
    many = ("document_requested", "price_list_viewed", "newsletter_opened", "seminar_attended")

    assert earned(picture(*many, stage=Stage.MQL), policy) is None
    assert earned(picture(*many, "chat_talk", NEED, SATO, stage=Stage.MQL), policy) is Stage.TQL


def test_an_offered_lead_waits_for_sales(policy: Policy) -> None:
    judged = assess(picture("chat_talk", NEED, SATO, BUDGET, SOON, stage=Stage.TQL), policy)

    assert judged.earned is None
    assert (judged.next_stage, judged.missing) == (Stage.SAL, ("acceptance",))


def test_a_policy_may_accept_by_itself(policy: Policy) -> None:
    stages = policy.stages.model_copy(update={"auto_accept": True})

    assert earned(picture(stage=Stage.TQL), policy.model_copy(update={"stages": stages})) is Stage.SAL


# -- SQL (D6, M17) ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        # 14 May 2026: "9月までに、500万くらい", need stated, decider unknown
        ((NEED, BUDGET, SOON), ()),
        # 14 May 2026: "来期、500万、稟議"
        ((NEED, BUDGET, NEXT_YEAR, IN_PRINCIPLE), ("timeframe",)),
        ((BUDGET, SOON), ("need",)),
        ((NEED, SOON), ("budget",)),
        ((NEED, Budget(clarity=Clarity.UNDECIDED), SOON), ("budget",)),  # undecided is not known
        ((NEED, Budget(clarity=Clarity.NONE), SOON), ("budget",)),
        ((NEED, Budget(minimum=0, maximum=0), SOON), ("budget",)),
        ((NEED, Budget(minimum=1_000_000, clarity=Clarity.UNDECIDED), SOON), ("budget",)),  # "perhaps a million"
        ((NEED, Budget(maximum=1_000_000), SOON), ()),  # "a million at most" is a budget
        ((NEED, BUDGET, Timeframe(clarity=Clarity.UNDECIDED)), ("timeframe",)),
        ((NEED, BUDGET, Timeframe(latest=date(2026, 9, 30), clarity=Clarity.UNDECIDED)), ("timeframe",)),
        ((NEED, BUDGET, Timeframe(earliest=date(2026, 6, 1))), ("timeframe",)),  # no latest date of the range
        ((NEED, BUDGET, Timeframe(latest=date(2026, 11, 14))), ()),  # six months to the day
        ((NEED, BUDGET, Timeframe(latest=date(2026, 11, 15))), ("timeframe",)),
        ((NEED, BUDGET, Timeframe(latest=TODAY)), ()),
        ((NEED, BUDGET, Timeframe(latest=date(2026, 5, 13))), ("timeframe",)),  # its time has passed (D21)
    ],
)
def test_sql_needs_a_near_date_a_budget_and_a_need(
    facts: tuple[Value | str, ...], missing: tuple[str, ...], policy: Policy
) -> None:
    """M17, M30, M31, M32, M35, D6: dates and amounts decide, and they have to be clear."""
    judged = assess(picture(*facts, stage=Stage.SAL), policy)

    assert (judged.next_stage, judged.missing) == (Stage.SQL, missing)
    assert (judged.earned is not None) is (missing == ())


def test_an_unknown_decider_does_not_stop_an_sql_but_a_policy_may_ask_for_one(policy: Policy) -> None:
    rule = policy.stages.sql.model_copy(update={"required": ("need", "timeframe", "budget", "authority")})
    stricter = policy.model_copy(update={"stages": policy.stages.model_copy(update={"sql": rule})})
    seen = picture(NEED, BUDGET, SOON, stage=Stage.SAL)

    assert earned(seen, policy) is Stage.SQL
    assert assess(seen, stricter).missing == ("authority",)


# -- out of NURTURE ---------------------------------------------------------------------------

PUT_ASIDE = MONDAY_TEN + timedelta(days=1)
TALKED = ("chat_talk", NEED, SATO)


def later(seen: Picture, **news: tuple[Any, ...]) -> Picture:
    known = Known((*seen.known.stated, *news.get("said", ())))
    return Picture(
        stage=seen.stage,
        since=seen.since,
        known=known,
        behaviour=reduce(lambda behaviour, did: behaviour.with_did(did, MEMORY), news.get("did", ()), seen.behaviour),
        last_activity_at=PUT_ASIDE + timedelta(days=1),
        now=PUT_ASIDE + timedelta(days=1),
        today=TODAY,
    )


def test_old_talk_does_not_lift_a_lead_out_of_nurture(policy: Policy) -> None:
    seen = picture(*TALKED, stage=Stage.NURTURE, since=PUT_ASIDE)
    opened = Did(kind="newsletter_opened", at=PUT_ASIDE + timedelta(hours=3))

    assert earned(later(seen), policy) is None
    assert earned(later(seen, did=(opened,)), policy) is None
    assert assess(later(seen), policy).missing == ("talk",)


def test_what_was_said_in_the_moment_of_being_put_aside_does_not_lift_a_lead_out_again(policy: Policy) -> None:
    keen = (*TALKED, "demo_requested", "quote_requested", "document_requested")
    seen = picture(*keen, stage=Stage.NURTURE, since=MONDAY_TEN)

    assert earned(later(seen), policy) is None


def test_a_new_talk_lifts_a_lead_out_of_nurture(policy: Policy) -> None:
    """M28, M133."""
    seen = picture(*TALKED, stage=Stage.NURTURE, since=PUT_ASIDE)
    call = Did(kind="call_talk", at=PUT_ASIDE + timedelta(hours=3))
    answer = stated(BUDGET, at=PUT_ASIDE + timedelta(hours=3))

    assert earned(later(seen, did=(call,)), policy) is Stage.TQL
    assert earned(later(seen, said=(answer,)), policy) is Stage.TQL


def test_enough_points_lift_a_lead_out_of_nurture_when_one_of_them_is_new(policy: Policy) -> None:
    """M28, M133."""
    seen = picture("document_requested", "price_list_viewed", "quote_requested", stage=Stage.NURTURE, since=PUT_ASIDE)
    opened = Did(kind="newsletter_opened", at=PUT_ASIDE + timedelta(hours=3))

    assert assess(seen, policy).score == 65
    assert earned(later(seen), policy) is None
    assert earned(later(seen, did=(opened,)), policy) is Stage.MQL


# -- temperature (D8) -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "quiet_days", "temperature"),
    [
        (("asked_for_person",), 0, Temperature.HOT),
        (("demo_requested",), 0, Temperature.HOT),
        (("quote_requested",), 0, Temperature.HOT),
        (("document_requested",), 0, Temperature.WARM),  # 20 points
        (("price_list_viewed",), 0, Temperature.COLD),  # 15 points
        ((NEED,), 0, Temperature.WARM),
        ((NEED,), 90, Temperature.WARM),
        ((NEED,), 91, Temperature.COLD),
        ((NO_NEED,), 0, Temperature.COLD),
        ((), 0, Temperature.COLD),
    ],
)
def test_temperature_is_computed(
    facts: tuple[Value | str, ...], quiet_days: int, temperature: Temperature, policy: Policy
) -> None:
    assert assess(picture(*facts, quiet_days=quiet_days), policy).temperature is temperature


# -- what a talk can still bring --------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "closed"),
    [
        ((), set()),
        ((NEED, BUDGET, SOON), set()),
        ((NO_NEED,), {Stage.TQL, Stage.SAL, Stage.SQL}),
        ((NEXT_YEAR,), {Stage.SQL}),
        ((Budget(clarity=Clarity.NONE),), {Stage.SQL}),
        ((Timeframe(clarity=Clarity.NONE),), {Stage.SQL}),  # no plan at all
        ((Budget(clarity=Clarity.UNDECIDED), Timeframe(clarity=Clarity.UNDECIDED)), set()),
    ],
)
def test_only_a_plain_statement_closes_a_stage(said: tuple[Value, ...], closed: set[Stage], policy: Policy) -> None:
    assert out_of_reach(Known(tuple(map(stated, said))), policy, today=TODAY) == closed


def test_what_a_lead_is_missing_is_asked_of_nobody_at_the_top(policy: Policy) -> None:
    judged = assess(picture(NEED, ASAHI, stage=Stage.SQL), policy)

    assert (judged.next_stage, judged.missing, judged.earned) == (None, (), None)


def test_a_need_in_other_words_is_a_need(policy: Policy) -> None:
    strong = Need(present=True, strength=None, categories=("paper",))

    assert earned(picture("chat_talk", strong, SATO, DECIDER), policy) is Stage.TQL
