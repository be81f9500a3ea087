"""Everything we can say about one lead, gathered in one look: for the card, the API and the command line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, SQLModel, col, select

from qualification.activities import summed
from qualification.answers import Known
from qualification.assessment import Assessment, Picture, assess
from qualification.bant import Topic
from qualification.clock_rules import FIRST_CONTACT, FollowUpRule
from qualification.deals import results_in
from qualification.followup import Status
from qualification.hours.due_explained import Stretch, explain
from qualification.ids import BEHIND_ALL
from qualification.kept_rules import rule_of
from qualification.leads import LeadNotFound
from qualification.look import Rows
from qualification.offers import is_on_offer
from qualification.one_person import records_of
from qualification.policy import Policy
from qualification.records import Activity, Answer, FollowUp, History, Lead, Rep, Timer
from qualification.reports.delays import Delays, delays_of
from qualification.schedule import counted_by
from qualification.stages import Stage
from qualification.timeline import Line, timeline
from qualification.tombstones import ERASED
from qualification.why import next_question
from qualification.working_hours import WorkingHours

R = TypeVar("R", bound=SQLModel)


def id_begins_with(beginning: str) -> ColumnElement[bool]:
    """Leads whose id begins so: a range of the key, where LIKE would read every lead."""
    return and_(col(Lead.id) >= beginning.lower(), col(Lead.id) < f"{beginning.lower()}{BEHIND_ALL}")


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A step of the follow-up: when it falls, and whether it was taken, dropped or still waits."""

    name: str
    due_at: datetime
    status: str


@dataclass(frozen=True, kw_only=True)
class FollowUpView:
    """The clock as people read it. `status`: open, overdue, met, met_late, cancelled.

    `counted` is the working time that adds up to the due instant; empty for a rule in `days`, and when the hours were
    edited since. `zone` is that of its calendar.
    """

    id: str
    rule: str
    asks: str
    generation: int
    started_at: datetime
    due_at: datetime
    status: str
    attempts: int
    grade: str | None
    evidence: dict[str, Any] | None
    ended_at: datetime | None
    snoozed_until: datetime | None
    snooze_reason: str | None
    steps: tuple[StepView, ...]
    calendar: str
    zone: ZoneInfo
    days: int | None
    is_elapsed: bool
    counted: tuple[Stretch, ...]
    told_at: datetime | None
    delays: Delays
    seen_by: str | None
    quiet_until: datetime | None
    sooner_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One lead with its answers, judgement, clocks and history. `names` maps rep ids to display names.

    `results` is what was told of the deal, on whichever record of this person, oldest first.
    `follow_up` is the clock of first contact, `clocks` the latest of every duty, running ones first by urgency.
    `is_offered`: sales may accept it now. `ask_next` is the next best question; None once all is known or nobody may
    ask any more.
    """

    lead: Lead
    known: Known
    picture: Picture
    judged: Assessment
    clocks: tuple[FollowUpView, ...]
    history: tuple[Line, ...]
    names: dict[str, str]
    results: tuple[Line, ...] = ()
    is_offered: bool = False
    ask_next: Topic | None = None
    trials: dict[str, int] = field(default_factory=dict)

    @property
    def follow_up(self) -> FollowUpView | None:
        return self.clock_of(FIRST_CONTACT)

    def clock_of(self, rule: str) -> FollowUpView | None:
        return next((clock for clock in self.clocks if clock.rule == rule), None)

    @property
    def is_erased(self) -> bool:
        return any(event.kind == ERASED for event in self.history)

    @property
    def owner_name(self) -> str | None:
        """None for nobody, and for an owner Slack has not shown us yet."""
        return self.names.get(self.lead.owner_id) if self.lead.owner_id else None


def dossier_of(rows: Rows, lead_id: str, *, policy: Policy, now: datetime) -> Dossier:
    """The whole picture of a lead; raises LeadNotFound."""
    lead = rows.peek(Lead, lead_id)
    if lead is None:
        raise LeadNotFound(lead_id)
    answers, clocks = rows.find(Answer, "lead_id", lead_id), rows.find(FollowUp, "lead_id", lead_id)
    known = Known.of(answers)
    picture = Picture(
        stage=Stage(lead.stage),
        since=lead.stage_since,
        known=known,
        behaviour=summed(lead, lambda: rows.find(Activity, "lead_id", lead_id), policy),
        origin=lead.origin,
        last_activity_at=lead.last_activity_at,
        now=now,
        today=now.astimezone(policy.working_hours.zone).date(),
    )
    history = timeline(rows.find(History, "lead_id", lead_id), answers, clocks)
    judged = assess(picture, policy)
    return Dossier(
        lead=lead,
        known=known,
        picture=picture,
        judged=judged,
        clocks=_clocks(rows, clocks, policy, now),
        history=history,
        results=_results(rows, lead, history),
        names=_names(rows, lead, history),
        is_offered=lead.deal_over_at is None and is_on_offer(rows, lead, policy),
        ask_next=_ask_next(lead, known, judged, policy),
        trials={name: assess(picture, trial).score for name, trial in policy.of_trial.items()},
    )


def _results(rows: Rows, lead: Lead, history: Sequence[Line]) -> tuple[Line, ...]:
    others = (one.id for one in records_of(rows, lead) if one.id != lead.id)
    each = (history, *(timeline(rows.find(History, "lead_id", one), (), ()) for one in others))
    told = (line for lines in each for line in results_in(lines, lambda line: line.facts))
    return tuple(sorted(told, key=lambda line: line.at))


def _ask_next(lead: Lead, known: Known, judged: Assessment, policy: Policy) -> Topic | None:
    if lead.do_not_contact or Stage(lead.stage) is Stage.DISQUALIFIED:
        return None
    return next_question(known, judged, policy, origin=lead.origin)


def _clocks(rows: Rows, clocks: Sequence[FollowUp], policy: Policy, now: datetime) -> tuple[FollowUpView, ...]:
    latest: dict[str, FollowUp] = {}
    for row in sorted(clocks, key=lambda clock: clock.generation):
        if row.status != Status.UNDONE:
            latest[row.rule] = row
    views = [clock_view(rows, row, policy, now) for row in latest.values()]
    return tuple(sorted(views, key=lambda view: (view.ended_at is not None, view.due_at, view.rule)))


def clock_view(rows: Rows, row: FollowUp, policy: Policy, now: datetime) -> FollowUpView:
    """One clock as people read it."""
    rule, hours = rule_of(rows, row), policy.calendar(row.calendar)
    timers = sorted(rows.find(Timer, "subject_id", row.id), key=lambda timer: timer.due_at)
    return FollowUpView(
        id=row.id,
        rule=row.rule,
        asks=rule.asks,
        generation=row.generation,
        started_at=row.started_at,
        due_at=row.due_at,
        status=_status(row, now),
        attempts=row.attempts,
        grade=row.grade,
        evidence=row.evidence,
        ended_at=row.ended_at,
        snoozed_until=row.snoozed_until,
        snooze_reason=row.snooze_reason,
        steps=tuple(StepView(name=timer.step, due_at=timer.due_at, status=timer.status) for timer in timers),
        calendar=row.calendar,
        zone=hours.zone,
        days=rule.within_working_days,
        is_elapsed=rule.count == "elapsed",
        counted=_counted(row, rule, hours),
        told_at=row.told_at,
        delays=delays_of(row, counted_by(rule, hours), until=row.ended_at or now),
        seen_by=row.seen_by,
        quiet_until=row.quiet_until,
        sooner_at=row.sooner_at,
    )


def _counted(row: FollowUp, rule: FollowUpRule, hours: WorkingHours) -> tuple[Stretch, ...]:
    """The way from start to due, if the hours of now still lead there."""
    if rule.within_minutes is None:
        return ()
    way = explain(counted_by(rule, hours), row.started_at, timedelta(minutes=rule.within_minutes))
    # in UTC: an instant in an hour that a zone repeats equals none of another zone
    return way.counted if way.due.astimezone(UTC) == row.due_at else ()


def _status(row: FollowUp, now: datetime) -> str:
    if row.status == Status.OPEN:
        return "overdue" if now >= row.due_at else "open"
    if row.status == Status.MET and row.ended_at is not None and row.ended_at > row.due_at:
        return "met_late"
    return row.status


def _names(rows: Rows, lead: Lead, history: Sequence[Line]) -> dict[str, str]:
    people = {row.by for row in history} | ({lead.owner_id} if lead.owner_id else set())
    reps = (rows.peek(Rep, person) for person in sorted(people))
    return {rep.id: rep.name for rep in reps if rep is not None}


def names_of(session: Session, people: Iterable[str]) -> dict[str, str]:
    """Names by id, of those we have met."""
    return dict(session.exec(select(Rep.id, Rep.name).where(col(Rep.id).in_(set(people)))).all())
