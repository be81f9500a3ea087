"""The 3-hour rule: when its steps fall, what meets it, and that no step is taken early, twice or after contact."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualification import leads, ownership
from qualification.bant import Company, Industry
from qualification.calls import Outcome
from qualification.clock_rules import FollowUpRule
from qualification.contact import Evidence, Grade
from qualification.followup import (
    FIRST_CONTACT,
    STEP_TIMER,
    NothingToSnooze,
    SnoozeTooShort,
    cancel,
    open_follow_up,
    record_contact,
    snooze,
)
from qualification.policy import Policy, load_policy, shipped_policy
from qualification.records import FollowUp, Timer
from qualification.schedule import schedule
from qualification.stages import ReasonMissing, Stage
from qualification.steps import take_due_steps
from qualification.store import Store
from tests.business import NEED, SATO, Business
from tests.clock import MONDAY_TEN, Clock, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.test_policy import written

BOTH = (NEED, SATO)


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The shipped policy with this one duty; several at once: test_duties.py."""
    shipped = shipped_policy()
    return shipped.model_copy(update={"follow_up": {FIRST_CONTACT: shipped.follow_up[FIRST_CONTACT]}})


STEPS = ("half_time", "last_call", "due", "overdue")


def fires(firm: Business, timer: Timer) -> None:
    firm.store.run_here(lambda tx: take_due_steps(tx, [timer.subject_id]))


def due_timers_fire(firm: Business) -> list[str]:
    """What the worker would do now: every step that is due, each in its own transaction. The steps taken."""
    steps = (row for row in firm.all(Timer) if row.kind == STEP_TIMER)
    due = [row for row in steps if row.status == "waiting" and row.due_at <= firm.clock.now]
    before = len(steps_taken(firm))
    for timer in sorted(due, key=lambda row: row.due_at):
        fires(firm, timer)
    return steps_taken(firm)[before:]


def steps_taken(firm: Business) -> list[str]:
    leads_of_firm = {row.lead_id for row in firm.all(FollowUp)}
    rows = [row for lead in leads_of_firm for row in firm.history(lead, "step_taken")]
    return [row.data["step"] for row in sorted(rows, key=lambda row: row.id or 0)]


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


# -- what meets it ----------------------------------------------------------------------------


@on_both_databases
def test_a_claim_does_not_stop_the_clock(firm: Business) -> None:
    """M91, M97."""
    lead = firm.qualified_lead()
    firm.does(ownership.claim, lead, by="yuki")
    firm.clock.advance(minutes=180)

    assert due_timers_fire(firm) == ["due"]
    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status, clock.breached_at) == ("open", clock.due_at)


@on_both_databases
def test_an_attempt_stops_the_clock_and_its_steps_fall_silent(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=90)
    due_timers_fire(firm)
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(days=3)

    assert due_timers_fire(firm) == []
    assert firm.timers(lead) == {"half_time": "done", "last_call": "dropped", "due": "dropped", "overdue": "dropped"}


def test_a_call_is_proved_by_its_outcome_and_its_length(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.CONNECTED, minutes=7)

    clock = firm.clock_of(lead)
    assert clock is not None
    assert clock.evidence == {"kind": "call", "detail": "connected", "by": "yuki", "minutes": 7}
    assert firm.history(lead, "call_logged")[0].data["minutes"] == 7


def test_a_mail_the_server_took_is_an_attempt(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(record_contact, lead, Grade.ATTEMPT, Evidence(kind="mail", detail="<1@example.jp>"), by="yuki")

    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status, clock.evidence) == ("met", {"kind": "mail", "detail": "<1@example.jp>", "by": "yuki"})


@pytest.mark.parametrize(
    ("grade", "met"), [(Grade.CLAIM, False), (Grade.ATTEMPT, False), (Grade.REACHED, True), (Grade.TWO_WAY, True)]
)
def test_a_policy_may_ask_that_the_person_was_reached(firm: Business, policy: Policy, grade: Grade, met: bool) -> None:
    stricter = policy.follow_up[FIRST_CONTACT].model_copy(update={"met_by": "reached"})
    firm.store.policy = policy.model_copy(update={"follow_up": {FIRST_CONTACT: stricter}})
    lead = firm.qualified_lead()
    firm.does(record_contact, lead, grade, Evidence(kind="call", detail="x"), by="yuki")

    clock = firm.clock_of(lead)
    assert clock is not None
    assert (clock.status == "met") is met


def test_measuring_goes_on_after_the_breach(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=200)
    firm.calls(lead, Outcome.CONNECTED)

    clock = firm.clock_of(lead)
    (met,) = firm.history(lead, "follow_up_met")
    assert clock is not None
    assert (clock.status, clock.breached_at) == ("met", clock.due_at)
    assert (met.data["minutes"], met.data["late"]) == (200, True)


@pytest.mark.parametrize(("minutes", "late"), [(180, False), (181, True)])
def test_a_contact_at_the_very_instant_it_is_due_is_in_time(firm: Business, minutes: int, late: bool) -> None:
    """M91."""
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=minutes)
    firm.calls(lead, Outcome.CONNECTED)

    (met,) = firm.history(lead, "follow_up_met")
    clock = firm.clock_of(lead)
    assert clock is not None
    assert (met.data["late"], clock.breached_at is not None) == (late, late)


def test_a_minute_is_taken_when_it_is_over(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.clock.advance(minutes=10, seconds=59)
    firm.calls(lead, Outcome.CONNECTED)

    assert firm.history(lead, "follow_up_met")[0].data["minutes"] == 10


def test_a_step_says_that_the_contact_is_late_from_the_due_instant_on(firm: Business) -> None:
    """M96, D12."""
    lead = firm.qualified_lead()
    for minutes in (90, 60, 30, 60):
        firm.clock.advance(minutes=minutes)
        due_timers_fire(firm)

    assert [row.data["late"] for row in firm.history(lead, "step_taken")] == [False, False, True, True]


# -- outages, snoozes, edits ------------------------------------------------------------------


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


def test_a_snooze_holds_the_steps_back_and_the_manager_hears_why(firm: Business) -> None:
    lead = firm.qualified_lead()
    until = jst("2026-05-18 14:00")
    firm.does(snooze, lead, until=until, reason="会議中とのこと", by="yuki")

    firm.clock.now = jst("2026-05-18 13:30")
    assert due_timers_fire(firm) == []
    firm.clock.now = until
    assert due_timers_fire(firm) == ["overdue"]
    clock = firm.clock_of(lead)
    assert clock is not None
    assert clock.due_at == jst("2026-05-18 13:00"), "the due instant stays"
    assert firm.said("alarm")[0].payload["facts"]["reason"] == "会議中とのこと"


def test_a_short_snooze_leaves_later_steps_where_they_are(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(snooze, lead, until=jst("2026-05-18 12:00"), reason="lunch", by="yuki")

    by_step = {row.step: row.due_at for row in firm.all(Timer)}
    assert by_step["half_time"] == jst("2026-05-18 12:00")
    assert by_step["last_call"] == jst("2026-05-18 12:30")


@pytest.mark.parametrize(
    ("until", "reason", "problem"),
    [("2026-05-18 10:00", "why", SnoozeTooShort), ("2026-05-18 11:00", "  ", ReasonMissing)],
)
def test_a_snooze_needs_a_later_time_and_a_reason(firm: Business, until: str, reason: str, problem: type) -> None:
    lead = firm.qualified_lead()
    with pytest.raises(problem):
        firm.does(snooze, lead, until=jst(until), reason=reason, by="yuki")
    assert firm.history(lead, "follow_up_snoozed") == []


def test_there_is_nothing_to_snooze_without_a_clock(firm: Business) -> None:
    lead = firm.has_lead()
    with pytest.raises(NothingToSnooze):
        firm.does(snooze, lead, until=jst("2026-05-19 10:00"), reason="why", by="yuki")


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


# -- when it starts ---------------------------------------------------------------------------


def test_a_wish_for_a_person_starts_the_clock_below_every_line(firm: Business) -> None:
    """M92."""
    lead = firm.has_lead()
    firm.does(leads.want_person, lead, words="人と話したい")

    clock = firm.clock_of(lead)
    assert clock is not None
    assert (firm.lead(lead).stage, clock.status, clock.started_at) == (Stage.LEAD, "open", MONDAY_TEN)


def test_whichever_is_first_starts_the_one_clock(firm: Business) -> None:
    """M92."""
    lead = firm.has_lead()
    firm.does(leads.want_person, lead, words="please")
    firm.clock.advance(minutes=10)
    firm.talks_in_chat(lead, *BOTH)

    (clock,) = firm.all(FollowUp)
    assert clock.started_at == MONDAY_TEN


def test_a_lead_who_was_called_after_asking_for_it_gets_no_second_clock_by_qualifying(firm: Business) -> None:
    lead = firm.has_lead()
    firm.does(leads.want_person, lead, words="please")
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(minutes=10)
    firm.talks_in_chat(lead, *BOTH)

    assert len(firm.all(FollowUp)) == 1


def test_who_asks_again_out_of_nurture_is_lifted_by_the_new_wish(firm: Business) -> None:
    """M28, M133: as a request for a demo lifts them."""
    lead = firm.has_lead()
    for kind in ("document_requested", "price_list_viewed", "seminar_attended"):
        firm.does(leads.record_activity, lead, kind, key=f"{kind}:{lead}")
    firm.does(leads.want_person, lead, words="please")
    firm.clock.advance(days=1)
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="silence", by="clock")
    firm.clock.advance(days=10)
    firm.does(leads.want_person, lead, words="call me, please")

    clock = firm.clock_of(lead)
    assert clock is not None
    assert (firm.lead(lead).stage, clock.status) == (Stage.MQL, "open")


def test_who_asks_again_after_the_first_call_is_owed_another(firm: Business) -> None:
    lead = firm.has_lead()
    firm.does(leads.want_person, lead, words="please")
    firm.does(leads.want_person, lead, words="please!")
    assert len(firm.said("ring")) == 1
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.advance(hours=1)
    firm.does(leads.want_person, lead, words="nobody reached me")

    assert len(firm.said("ring")) == 2
    assert [row.status for row in firm.all(FollowUp)].count("open") == 1


def test_a_stale_generation_does_nothing(firm: Business) -> None:
    """A clock left behind by a newer one of the same rule drops its steps (OnCall #3111)."""
    lead = firm.qualified_lead()
    old = firm.clock_of(lead)
    assert old is not None
    firm.does(lambda tx, row: setattr(tx.get(FollowUp, old.id), "status", "met"), lead)
    firm.does(open_follow_up, lead, started_at=firm.clock.now + timedelta(days=30))
    firm.does(lambda tx, row: setattr(tx.get(FollowUp, old.id), "status", "open"), lead)
    firm.clock.advance(days=1)

    assert due_timers_fire(firm) == []


def test_a_clock_of_another_rule_leaves_this_one_running_however_often_it_began(firm: Business, policy: Policy) -> None:
    firm.store.policy = shipped_policy()
    lead = firm.qualified_lead()
    for days in (30, 60):
        other = firm.does(open_follow_up, lead, started_at=firm.clock.now + timedelta(days=days), rule="document_call")
        firm.does(lambda tx, row, other=other: cancel(tx, row, tx.get(FollowUp, other.id), reason="", by="yuki"), lead)
    firm.clock.advance(minutes=90)

    assert due_timers_fire(firm) == ["half_time"]


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


OF_MANUFACTURERS = """
version = "own-1"
[segments.manufacturing.follow_up.first_contact]
within_minutes = 60
reminders = []
[segments.manufacturing.follow_up.document_call]
within_working_days = 1
reminders = []
"""


@on_both_databases
def test_a_clock_runs_by_the_rules_of_what_is_known_when_it_starts(firm: Business, tmp_path: Path) -> None:
    """D19: a form tells the industry and asks for the document in one go."""
    firm.store.policy = load_policy(written(tmp_path, OF_MANUFACTURERS))
    maker = Company(name="Asahi", industry=Industry.MANUFACTURING)
    lead = firm.has_lead(maker)
    firm.does(leads.record_activity, lead, "document_requested", key="d1")
    assert firm.clocks_of(lead)["document_call"].due_at == jst("2026-05-19 18:00")

    lead = firm.has_lead(maker)
    firm.does(leads.want_person, lead, words="お電話ください")
    due_at = firm.lead(lead).due_at
    assert due_at is not None
    assert due_at - firm.clock.now == timedelta(minutes=60)
