"""The managers' digest: planned for working days, said once a day, and counted from what is recorded."""

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from qualification import ownership
from qualification.calls import Outcome
from qualification.outbox import OutboundStatus
from qualification.policy import Policy, load_policy, shipped_policy
from qualification.records import Outbound, Timer
from qualification.reports.digest import (
    DIGEST,
    DIGEST_TIMER,
    Digest,
    RepDay,
    digest_due,
    digest_of,
    next_digest,
    plan_digest,
)
from qualification.store import Transaction
from qualification.writing.rows import key_of
from tests.business import BUDGET, NEED, SATO, Business
from tests.clock import jst
from tests.qualification.databases import on_both_databases
from tests.qualification.test_mission_rules import LARGE, LARGE_FIRM, OVER_THE_LINE, sees
from tests.qualification.test_policy import written

MONDAY = date(2026, 5, 18)


def at(time: str, *, on: bool = True) -> Policy:
    policy = shipped_policy()
    return policy.model_copy(update={"digest": policy.digest.model_copy(update={"at": time, "on": on})})


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-05-18 10:00", date(2026, 5, 18)),
        ("2026-05-18 18:00", date(2026, 5, 19)),
        ("2026-05-22 19:00", date(2026, 5, 25)),
        ("2026-05-01 18:30", date(2026, 5, 7)),
        ("2026-12-28 18:01", date(2027, 1, 4)),
    ],
    ids=["later today", "its instant is over", "over the weekend", "over the holidays of May", "over the New Year"],
)
def test_the_next_digest_falls_on_a_day_the_firm_works(now: str, day: date) -> None:
    assert next_digest(shipped_policy(), jst(now)) == day


def test_a_firm_that_wants_none_gets_none() -> None:
    assert next_digest(at("18:00", on=False), jst("2026-05-18 10:00")) is None


@pytest.mark.parametrize("wrong", ["24:00", "6pm", "18:0", ""])
def test_a_time_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        Policy.model_validate(shipped_policy().model_dump() | {"digest": {"at": wrong}})


def plans(firm: Business) -> list[Timer]:
    return [timer for timer in firm.all(Timer) if timer.kind == DIGEST_TIMER]


def _falls_due(key: tuple[str, str], tx: Transaction) -> None:
    digest_due(tx, tx.get(Timer, key))


def fires(firm: Business) -> None:
    """Every digest whose time has come, as a worker does it."""
    for timer in plans(firm):
        if timer.status == "waiting" and timer.due_at <= firm.clock():
            firm.store.run_here(partial(_falls_due, key_of(timer)))


@on_both_databases
def test_it_is_said_once_a_day_however_often_it_is_planned_and_fired(firm: Business) -> None:
    for _ in range(3):  # three workers start, and one of them again
        firm.store.run_here(plan_digest)
    (timer,) = plans(firm)
    assert timer.due_at == jst("2026-05-18 18:00")
    firm.clock.now = jst("2026-05-18 18:00")
    for _ in range(3):
        firm.store.run_here(lambda tx: digest_due(tx, tx.get(Timer, key_of(timer))))

    assert [row.payload["day"] for row in firm.said(DIGEST)] == ["2026-05-18"]
    assert [row.due_at for row in plans(firm) if row.status == "waiting"] == [jst("2026-05-19 18:00")]


def test_a_week_has_five(firm: Business) -> None:
    firm.store.run_here(plan_digest)
    for day in range(18, 25):
        firm.clock.now = jst(f"2026-05-{day} 18:00")
        fires(firm)

    assert [row.payload["day"] for row in firm.said(DIGEST)] == [f"2026-05-{day}" for day in range(18, 23)]


def test_after_an_outage_over_midnight_the_old_day_is_left_out(firm: Business) -> None:
    firm.store.run_here(plan_digest)
    firm.clock.now = jst("2026-05-20 09:00")
    fires(firm)
    assert firm.said(DIGEST) == []
    firm.clock.now = jst("2026-05-20 18:05")
    fires(firm)
    assert [row.payload["day"] for row in firm.said(DIGEST)] == ["2026-05-20"]


def test_a_changed_time_moves_what_was_planned(firm: Business) -> None:
    firm.store.run_here(plan_digest)
    firm.store.policy = at("12:15")
    firm.store.run_here(plan_digest)

    assert [timer.due_at for timer in plans(firm)] == [jst("2026-05-18 12:15")]


def day_of(firm: Business, day: date = MONDAY) -> Digest:
    return firm.store.read(lambda session: digest_of(session, day, firm.store.policy, until=firm.clock()))


@on_both_databases
def test_the_day_is_counted_by_rep(firm: Business) -> None:
    firm.clock.now = jst("2026-05-18 09:00")
    early, late, free = (firm.qualified_lead(NEED, SATO) for _ in range(3))
    firm.has_lead()
    for lead in (early, late):
        firm.does(ownership.claim, lead, by="yuki")
    firm.calls(early, Outcome.NO_ANSWER)
    firm.clock.now = jst("2026-05-18 13:00")
    firm.calls(late, Outcome.CONNECTED, by="ken")
    waiting = firm.qualified_lead()
    firm.does(ownership.claim, waiting, by="ken")
    firm.clock.now = jst("2026-05-18 14:00")

    digest = day_of(firm)
    assert (digest.new, digest.qualified) == (5, 4)
    assert (digest.met, digest.met_late, digest.waiting, digest.late) == (1, 1, 2, 1)
    assert digest.by_rep == (
        RepDay(rep_id="ken", met=0, met_late=1, waiting=1, late=0),
        RepDay(rep_id="yuki", met=1, met_late=0, waiting=0, late=0),
        RepDay(rep_id=None, met=0, met_late=0, waiting=1, late=1),
    )
    assert firm.lead(free).owner_id is None


@on_both_databases
def test_a_lead_is_counted_from_the_stage_its_segment_is_called_from(firm: Business, tmp_path: Path) -> None:
    firm.store.policy = load_policy(written(tmp_path, LARGE + 'qualified_from = "TQL"\n'))
    large, other = firm.has_lead(LARGE_FIRM), firm.has_lead()
    for lead in (large, other):
        sees(firm, lead, *OVER_THE_LINE)
    assert day_of(firm).qualified == 1

    firm.talks_in_chat(large, NEED, SATO)
    assert day_of(firm).qualified == 2


def test_the_day_after_counts_only_its_own(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.calls(lead, Outcome.NO_ANSWER)
    firm.clock.now = jst("2026-05-19 10:00")
    firm.talks_in_chat(lead, BUDGET)

    digest = day_of(firm, date(2026, 5, 19))
    assert (digest.new, digest.qualified, digest.met, digest.waiting) == (0, 0, 0, 0)
    assert digest.by_rep == ()


def test_yesterday_is_told_as_it_stood(firm: Business) -> None:
    """A contact made this morning was still owed at the end of yesterday."""
    firm.clock.now = jst("2026-05-18 14:30")
    lead = firm.qualified_lead(owner_id="yuki")
    firm.clock.now = jst("2026-05-19 09:10")
    firm.calls(lead, Outcome.NO_ANSWER)

    until = jst("2026-05-18 18:00")
    digest = firm.store.read(lambda session: digest_of(session, MONDAY, firm.store.policy, until=until))
    assert digest.by_rep == (RepDay(rep_id="yuki", waiting=1, late=1),)


def posted(firm: Business) -> list[Digest]:
    """The digests as the managers read them, oldest first."""
    return [firm.store.read(partial(as_read, told=row.payload, policy=firm.store.policy)) for row in firm.said(DIGEST)]


def as_read(session: Session, told: dict[str, Any], policy: Policy) -> Digest:
    until, since = datetime.fromisoformat(told["until"]), told["since"] and datetime.fromisoformat(told["since"])
    return digest_of(session, date.fromisoformat(told["day"]), policy, until=until, since=since)


@on_both_databases
def test_what_came_in_the_evening_and_on_closed_days_is_told_once_by_the_next_digest(firm: Business) -> None:
    """Friday and Monday; each lead and each contact stands in one posted digest."""
    firm.clock.now = jst("2026-05-22 17:00")
    firm.store.run_here(plan_digest)
    firm.clock.now = jst("2026-05-22 18:00")
    fires(firm)
    firm.clock.now = jst("2026-05-22 18:30")
    evening = firm.qualified_lead()
    firm.clock.now = jst("2026-05-23 11:00")
    firm.qualified_lead()
    firm.calls(evening, Outcome.CONNECTED)
    firm.clock.now = jst("2026-05-25 18:00")
    fires(firm)

    friday, monday = posted(firm)
    assert (friday.new, friday.qualified, friday.met) == (0, 0, 0)
    assert (monday.new, monday.qualified, monday.met, monday.waiting) == (2, 2, 1, 1)


def test_what_a_digest_held_that_slack_refused_is_told_by_the_next(firm: Business) -> None:
    firm.clock.now = jst("2026-05-18 09:00")
    firm.store.run_here(plan_digest)
    firm.clock.now = jst("2026-05-18 18:00")
    fires(firm)
    firm.clock.now = jst("2026-05-19 18:00")
    firm.qualified_lead()
    fires(firm)
    refused = firm.said(DIGEST)[-1].id
    firm.store.run_here(lambda tx: tx.change(Outbound, [refused], status=OutboundStatus.FAILED))
    firm.clock.now = jst("2026-05-20 18:00")
    fires(firm)
    assert [digest.new for digest in posted(firm)] == [0, 1, 1]


def test_what_came_at_the_instant_of_a_digest_is_not_told_twice(firm: Business) -> None:
    firm.store.run_here(plan_digest)
    firm.clock.now = jst("2026-05-18 18:00")
    firm.qualified_lead()
    fires(firm)
    firm.clock.now = jst("2026-05-19 18:00")
    fires(firm)

    assert [digest.new for digest in posted(firm)] == [1, 0]


def test_who_came_at_midnight_belongs_to_the_day_that_begins_and_to_no_other(firm: Business) -> None:
    firm.clock.now = jst("2026-05-19 00:00")
    firm.qualified_lead()

    days = (day_of(firm, MONDAY), day_of(firm, date(2026, 5, 19)))
    assert [(digest.new, digest.qualified) for digest in days] == [(0, 0), (1, 1)]
