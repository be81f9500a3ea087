"""What holds for every duty of the shipped policy, whatever people do and in whatever order."""

from datetime import datetime
from functools import partial
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from qualification import leads, ownership
from qualification.acknowledge import AlreadySeen, NothingToSee, acknowledge
from qualification.calls import Outcome
from qualification.clock_rules import AGAIN, FollowUpRule
from qualification.followup import NothingToSnooze, snooze
from qualification.kept_rules import rule_of
from qualification.look import Look
from qualification.receipt import nobody_called, receipt_of
from qualification.records import FollowUp, Lead, Timer
from qualification.stages import MoveNotAllowed, Stage
from qualification.store import Store
from tests.business import Business
from tests.clock import MONDAY_TEN, Clock
from tests.qualification.due import due_timers_fire

THINGS = st.sampled_from(
    [
        ("pass", 20),
        ("pass", 95),
        ("pass", 400),
        ("outage", 4_000),
        ("call", Outcome.NO_ANSWER),
        ("call", Outcome.CONNECTED),
        ("document", 0),
        ("seen", 0),
        ("seen by a manager", 0),
        ("snooze", 45),
        ("nobody called", 0),
        ("hand back", 0),
        ("accept", 0),
        ("person", 0),
    ]
)


@settings(max_examples=30)
@given(st.lists(THINGS, max_size=16))
@example([("outage", 4_000), ("seen", 0), ("pass", 400)])
def test_the_laws_of_the_clock(store: Store, clock: Clock, things: list[tuple[str, Any]]) -> None:
    firm = Business(store, clock)
    clock.now = MONDAY_TEN
    lead = firm.qualified_lead(owner_id="yuki")
    for name, value in things:
        firm.store.run_here(lambda tx, name=name, value=value: happens(tx, tx.get(Lead, lead), clock, name, value))  # type: ignore[misc]  # the loop's own
        if name != "outage":
            due_timers_fire(firm)
    steps = firm.history(lead, "step_taken")
    clocks = {row.id: row for row in firm.all(FollowUp) if row.lead_id == lead}

    told = [(row.data["follow_up_id"], row.data["step"]) for row in steps]
    assert len(set(told)) == len(told), "none twice"
    for row in steps:
        ended = clocks[row.data["follow_up_id"]].ended_at
        assert ended is None or row.at <= ended, "none after it was met"
        assert row.data["tells"] in ("owner", "channel") or row.data["late"], "nobody above hears before it is due"
    _generations_only_grow(list(clocks.values()))
    _the_ladder_is_climbed_upwards(firm, steps, clocks)
    _a_met_clock_is_silent(firm, list(clocks.values()))


def _generations_only_grow(clocks: list[FollowUp]) -> None:
    for rule in {clock.rule for clock in clocks}:
        of_rule = sorted((clock for clock in clocks if clock.rule == rule), key=lambda clock: clock.generation)
        assert [clock.generation for clock in of_rule] == list(range(1, len(of_rule) + 1))
        assert [clock.started_at for clock in of_rule] == sorted(clock.started_at for clock in of_rule)
        assert sum(clock.status == "open" for clock in of_rule) <= 1
        assert all(clock.status != "open" for clock in of_rule[:-1]), "only the last one runs"


def _rule_of(clock: FollowUp, session: Session) -> FollowUpRule:
    return rule_of(Look(session), clock)


def _the_ladder_is_climbed_upwards(firm: Business, steps: list[Any], clocks: dict[str, FollowUp]) -> None:
    for clock in clocks.values():
        names = [step.name for step in firm.store.read(partial(_rule_of, clock)).steps]
        taken = [row.data["step"] for row in steps if row.data["follow_up_id"] == clock.id]
        ranks = [names.index(name.removesuffix(AGAIN)) for name in taken]
        assert ranks == sorted(ranks), "a weaker step never follows a stronger one"


def _a_met_clock_is_silent(firm: Business, clocks: list[FollowUp]) -> None:
    ended = {clock.id for clock in clocks if clock.status != "open"}
    assert all(row.status != "waiting" for row in firm.all(Timer) if row.subject_id in ended)


@settings(max_examples=20)
@given(minutes=st.integers(0, 2_000))
def test_after_an_outage_of_any_length_one_step_is_said_and_it_is_the_strongest(
    store: Store, clock: Clock, minutes: int
) -> None:
    firm = Business(store, clock)
    clock.now = MONDAY_TEN
    lead = firm.qualified_lead()
    falls = sorted((row.due_at, row.step) for row in firm.all(Timer) if row.subject_id == _first_clock(firm, lead).id)
    clock.advance(minutes=minutes)
    due_timers_fire(firm)

    passed = [step for at, step in falls if at <= clock.now]
    taken = [row.data["step"] for row in firm.history(lead, "step_taken") if row.data["rule"] == "first_contact"]
    assert taken == passed[-1:]


def _first_clock(firm: Business, lead: str) -> FollowUp:
    clock = firm.clock_of(lead)
    assert clock is not None
    return clock


def happens(tx: Any, lead: Lead, clock: Clock, name: str, value: Any) -> None:
    """One thing that may happen on a working day; what is not possible now does not happen."""
    from qualification.calls import Call, log_call

    now: datetime = tx.now
    verbs: dict[str, Any] = {
        "pass": lambda: clock.advance(minutes=value),
        "outage": lambda: clock.advance(minutes=value),
        "call": lambda: log_call(tx, lead, Call(outcome=value), by="yuki"),
        "document": lambda: leads.record_activity(tx, lead, "document_requested", key=f"{lead.id}:{now}"),
        "seen": lambda: acknowledge(tx, lead, by="yuki"),
        "seen by a manager": lambda: acknowledge(tx, lead, by="megumi", is_manager=True),
        "snooze": lambda: _snooze(tx, lead, value),
        "nobody called": lambda: nobody_called(tx, receipt_of(tx, lead)),
        "hand back": lambda: ownership.hand_back(tx, lead, reason="no", by="yuki"),
        "accept": lambda: ownership.accept(tx, lead, by="yuki"),
        "person": lambda: leads.want_person(tx, lead, words="call me"),
    }
    if Stage(lead.stage) not in (Stage.TQL, Stage.SAL) and name in ("hand back", "accept"):
        return
    try:
        verbs[name]()
    except (AlreadySeen, NothingToSee, NothingToSnooze, MoveNotAllowed):
        return


def _snooze(tx: Any, lead: Lead, minutes: int) -> None:
    from datetime import timedelta

    snooze(tx, lead, until=tx.now + timedelta(minutes=minutes), reason="later", by="yuki")
