"""The 3-hour rule: when its steps fall, and that no step is taken early, twice or after contact."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualification import leads, ownership
from qualification.calls import Outcome
from qualification.clock_rules import FIRST_CONTACT, FollowUpRule
from qualification.followup import NothingToSnooze, snooze
from qualification.policy import Policy
from qualification.records import FollowUp, Timer
from qualification.schedule import schedule
from qualification.steps import take_due_steps
from qualification.store import Store
from tests.business import NEED, SATO, Business
from tests.clock import MONDAY_TEN, Clock, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.due import due_timers_fire, fires, steps_taken

BOTH = (NEED, SATO)
STEPS = ("half_time", "last_call", "due", "overdue")


# -- when the steps fall ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qualified", "steps"),
    [
        # a Friday at 17:10: 50 minutes on Friday, 130 on Monday
        ("2026-05-15 17:10", ["2026-05-18 09:40", "2026-05-18 10:40", "2026-05-18 11:10", "2026-05-18 12:10"]),
        # a Saturday: the clock starts on Monday
        ("2026-05-16 16:00", ["2026-05-18 10:30", "2026-05-18 11:30", "2026-05-18 12:00", "2026-05-18 13:00"]),
        # a Monday at 15:00: due at closing time, not at the next opening
        ("2026-05-18 15:00", ["2026-05-18 16:30", "2026-05-18 17:30", "2026-05-18 18:00", "2026-05-19 10:00"]),
        # Friday 1 May at 17:00: 4, 5 and 6 May are holidays
        ("2026-05-01 17:00", ["2026-05-07 09:30", "2026-05-07 10:30", "2026-05-07 11:00", "2026-05-07 12:00"]),
        # 28 December at 17:00: the firm is closed until 3 January
        ("2026-12-28 17:00", ["2027-01-04 09:30", "2027-01-04 10:30", "2027-01-04 11:00", "2027-01-04 12:00"]),
    ],
)
def test_the_steps_fall_in_working_time(firm: Business, qualified: str, steps: list[str]) -> None:
    """M91, M96."""
    firm.clock.now = jst(qualified)
    lead = firm.qualified_lead()
    clock = firm.clock_of(lead)
    assert clock is not None

    timers = sorted(firm.all(Timer), key=lambda row: row.due_at)
    assert [(row.step, row.due_at) for row in timers] == list(zip(STEPS, map(jst, steps), strict=True))
    assert (clock.started_at, clock.due_at) == (jst(qualified), jst(steps[2]))


def test_a_policy_may_count_every_hour(policy: Policy) -> None:
    rule = policy.follow_up[FIRST_CONTACT].model_copy(update={"count": "elapsed"})
    friday = jst("2026-05-15 17:10")

    assert [due.at - friday for due in schedule(rule, friday, policy.working_hours)] == [
        timedelta(minutes=minutes) for minutes in (90, 150, 180, 240)
    ]


def test_each_step_tells_whom_it_should(firm: Business) -> None:
    """M96, M97."""
    lead = firm.qualified_lead(owner_id="yuki")
    for minutes, step, tells in (
        (90, "half_time", "owner"),
        (60, "last_call", "owner"),
        (30, "due", "manager"),
        (60, "overdue", "managers_manager"),
    ):
        firm.clock.advance(minutes=minutes)
        assert due_timers_fire(firm) == [step]
        assert firm.history(lead, "step_taken")[-1].data["tells"] == tells

    assert set(firm.timers(lead).values()) == {"done"}
    assert [row.kind for row in firm.said("ring", "alarm")] == ["ring", "ring", "alarm", "ring", "alarm", "ring"]


@on_both_databases
def test_a_step_fires_once_even_when_two_workers_try(firm: Business) -> None:
    firm.qualified_lead()
    firm.clock.advance(minutes=90)
    (timer,) = [row for row in firm.all(Timer) if row.step == "half_time"]

    tries = [firm.store._submit(lambda tx: take_due_steps(tx, [timer.subject_id]), (), ()) for _ in range(10)]
    assert sorted(one.result(10) for one in tries) == [0] * 9 + [1]

    assert steps_taken(firm) == ["half_time"]
    assert len(firm.said("ring")) == 1


def test_a_step_is_never_taken_early(firm: Business) -> None:
    firm.qualified_lead()
    firm.clock.advance(minutes=89, seconds=59)
    for timer in firm.all(Timer):
        fires(firm, timer)

    assert steps_taken(firm) == []


# -- outages, edits ----------------------------------------------------------------------------


@on_both_databases
def test_after_an_outage_the_strongest_step_is_taken_once(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(days=2)

    assert due_timers_fire(firm) == ["overdue"]
    assert firm.timers(lead) == {"half_time": "dropped", "last_call": "dropped", "due": "dropped", "overdue": "done"}
    assert len(firm.said("alarm")) == 1


def test_a_short_outage_takes_what_is_due_and_leaves_the_rest(firm: Business) -> None:
    firm.qualified_lead()
    firm.clock.advance(minutes=160)
    assert due_timers_fire(firm) == ["last_call"]
    firm.clock.advance(minutes=20)
    assert due_timers_fire(firm) == ["due"]


@on_both_databases
def test_editing_the_policy_moves_no_running_clock(firm: Business, policy: Policy) -> None:
    lead = firm.qualified_lead()
    before = sorted((row.step, row.due_at) for row in firm.all(Timer))
    hurried = FollowUpRule.model_validate(
        {
            "within_minutes": 10,
            "met_by": "two_way",
            "count": "elapsed",
            "ladder": [{"name": "now", "late_minutes": 0, "tells": "manager"}],
        }
    )
    firm.store.policy = policy.model_copy(update={"follow_up": {FIRST_CONTACT: hurried}})

    firm.clock.advance(minutes=90)
    assert due_timers_fire(firm) == ["half_time"]
    assert sorted((row.step, row.due_at) for row in firm.all(Timer)) == before
    firm.calls(lead, Outcome.NO_ANSWER)
    clock = firm.clock_of(lead)
    assert clock is not None
    assert clock.status == "met", "the rule it began with is met by an attempt"


# -- whatever happens, in whatever order ------------------------------------------------------


ACTIONS = st.sampled_from(
    ["pass 30", "pass 100", "outage", "claim", "snooze 45", "attempt", "two_way", "wake", "qualify"]
)


@settings(max_examples=25)
@given(st.lists(ACTIONS, max_size=14))
def test_no_step_twice_none_early_none_after_contact(store: Store, clock: Clock, actions: list[str]) -> None:
    firm = Business(store, clock)
    clock.now = MONDAY_TEN
    lead = firm.qualified_lead()
    seen: list[tuple[str, str, datetime]] = []

    for action in actions:
        _happen(firm, lead, action)
        if action != "outage":
            taken = len(firm.history(lead, "step_taken"))
            due_timers_fire(firm)
            seen += [
                (row.data["follow_up_id"], row.data["step"], row.at) for row in firm.history(lead, "step_taken")[taken:]
            ]

    assert len({(follow_up, step) for follow_up, step, _ in seen}) == len(seen), "no step twice"
    terms = store.policy.follow_up[FIRST_CONTACT]
    for follow_up_id, step, at in seen:
        row = firm.row(FollowUp, follow_up_id)
        falls = {due.step.name: due.at for due in schedule(terms, row.started_at, store.policy.working_hours)}
        assert at >= falls[step], "none early"
        assert row.ended_at is None or at <= row.ended_at, "none after contact"


def _happen(firm: Business, lead: str, action: str) -> None:
    name, _, minutes = action.partition(" ")
    verbs: dict[str, Any] = {
        "pass": lambda: firm.clock.advance(minutes=int(minutes)),
        "outage": lambda: firm.clock.advance(hours=30),
        "claim": lambda: firm.does(_claim, lead),
        "snooze": lambda: firm.does(_snooze, lead, int(minutes)),
        "attempt": lambda: firm.calls(lead, Outcome.NO_ANSWER),
        "two_way": lambda: firm.calls(lead, Outcome.CONNECTED),
        "wake": lambda: firm.does(leads.want_person, lead, words="again"),
        "qualify": lambda: firm.talks_in_chat(lead, *BOTH),
    }
    verbs[name]()


def _claim(tx: Any, lead: Any) -> None:
    if lead.owner_id is None:
        ownership.claim(tx, lead, by="yuki")


def _snooze(tx: Any, lead: Any, minutes: int) -> None:
    try:
        snooze(tx, lead, until=tx.now + timedelta(minutes=minutes), reason="later", by="yuki")
    except NothingToSnooze:
        return
