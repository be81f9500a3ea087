r"""The duties on a lead's clock: opened, reminded of, escalated, met. The first of them is the 3-hour rule (M91, M92).

    opened -- reminders to the owner -- due -- the ladder: manager, manager's manager
       \______ evidence of the asked grade, or a decision, meets it at any time; a claim never does (D11)

The rule a follow-up began with is kept for it, so editing the policy moves no running clock (D13).
Each step is a timer row named by its clock and the step: it fires once, and never after the contact.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from qualification import outbox, timers
from qualification.clock_rules import FIRST_CONTACT, FollowUpRule, Starts, Step
from qualification.contact import Evidence, Grade
from qualification.events import CLOCK, FollowUpCancelled, FollowUpMet, FollowUpOpened, FollowUpSnoozed
from qualification.kept_rules import keep, rule_of
from qualification.records import FollowUp, Lead, Timer
from qualification.reports.delays import delays_of
from qualification.schedule import PlannedStep, counted_by, course_of, due_of, schedule
from qualification.stages import ReasonMissing
from qualification.store import Transaction
from qualification.timers import TimerStatus
from qualification.working_hours import WorkingHours

STEP_TIMER = "step"
DUE_PASSES = "due_passes"
DECISION = "decision"
LONGEST_SNOOZE = timedelta(days=90)


class Status(StrEnum):
    """The condition of a follow-up row."""

    OPEN = "open"
    MET = "met"
    CANCELLED = "cancelled"
    UNDONE = "undone"  # opened by something that was taken back: as if it had never run


class NothingToSnooze(Exception):
    """There is no open follow-up to snooze for this lead."""


class SnoozeTooLong(Exception):
    """Snooze for 90 days at most; who is wanted later belongs in NURTURE, from where the stated time wakes them."""


class SnoozeTooShort(Exception):
    """Snooze until a time that has not come yet."""


def hours_of(tx: Transaction, follow_up: FollowUp) -> WorkingHours:
    """The calendar this clock counts on, as it stands in the policy now."""
    return counted_by(rule_of(tx, follow_up), tx.policy.calendar(follow_up.calendar))


def open_follow_up_of(tx: Transaction, lead: Lead, rule: str = FIRST_CONTACT) -> FollowUp | None:
    rows = tx.find(FollowUp, "lead_id", lead.id)
    return next((row for row in rows if row.rule == rule and row.status == Status.OPEN), None)


def latest_follow_up_of(tx: Transaction, lead: Lead, rule: str = FIRST_CONTACT) -> FollowUp | None:
    rows = [row for row in tx.find(FollowUp, "lead_id", lead.id) if row.rule == rule and row.status != Status.UNDONE]
    return max(rows, key=lambda row: row.generation, default=None)


def open_follow_ups_of(tx: Transaction, lead: Lead) -> list[FollowUp]:
    """Every running clock of the lead, the most urgent first."""
    rows = [row for row in tx.find(FollowUp, "lead_id", lead.id) if row.status == Status.OPEN]
    return sorted(rows, key=lambda row: (row.due_at, row.rule))


def start_clocks(tx: Transaction, lead: Lead, starts: Starts, *, at: datetime | None = None) -> None:
    """Every duty of the policy that begins with this, unless it already runs; a lead to be left alone gets none.

    What happened earlier (`at`) and is told only now starts no clock that would be over by now (imports, D9).
    """
    if lead.do_not_contact:
        return
    for name, rule in tx.policy.in_segment(lead.segment).follow_up.items():
        if rule.starts is starts and rule.on and not (at and _would_be_over(tx, lead, rule, at)):
            open_follow_up(tx, lead, started_at=at or tx.now, rule=name)


def _would_be_over(tx: Transaction, lead: Lead, rule: FollowUpRule, at: datetime) -> bool:
    hours = tx.policy.calendar(tx.policy.calendar_of(lead.owner_id, lead.language))
    return due_of(rule, at, hours) <= tx.now


def open_follow_up(tx: Transaction, lead: Lead, *, started_at: datetime, rule: str = FIRST_CONTACT) -> FollowUp:
    """Start the clock, unless it already runs; every step becomes a timer in the same commit."""
    earlier = [row for row in tx.find(FollowUp, "lead_id", lead.id) if row.rule == rule]
    if running := next((row for row in earlier if row.status == Status.OPEN), None):
        return running
    terms = tx.policy.in_segment(lead.segment).follow_up[rule]
    calendar = tx.policy.calendar_of(lead.owner_id, lead.language)
    hours = tx.policy.calendar(calendar)
    generation = max((row.generation for row in earlier), default=0) + 1
    course = course_of(terms, started_at, hours)
    lead.generation, lead.deal_over_at = max(lead.generation, generation), None
    follow_up = tx.add(
        FollowUp(
            id=tx.new_id(),
            lead_id=lead.id,
            rule=rule,
            generation=generation,
            status=Status.OPEN,
            started_at=started_at,
            due_at=course.due_at,
            began_with=keep(tx, terms),
            calendar=calendar,
            hours_mark=tx.policy.mark_of(calendar),
        )
    )
    show_due(lead, follow_up)
    lead.owed = True
    for due in course.steps:
        tx.add(timer_for(follow_up, due))
    tx.record(FollowUpOpened(lead_id=lead.id, by=CLOCK))
    return follow_up


def show_due(lead: Lead, follow_up: FollowUp) -> None:
    """The lead's own row says by when its first contact is due, so that a list is read along an index."""
    if follow_up.rule == FIRST_CONTACT:
        lead.due_at = follow_up.due_at if follow_up.status == Status.OPEN else None


def show_whether_owed(tx: Transaction, lead: Lead) -> None:
    """The same of every duty, so that a list finds whoever waits for any of them."""
    lead.owed = bool(open_follow_ups_of(tx, lead))


def plant_missing_steps(tx: Transaction, follow_up: FollowUp) -> None:
    """Every step of a running clock whose timer is gone waits again, for the instant its rule gives it."""
    hours = tx.policy.calendar(follow_up.calendar)
    there = {row.step for row in tx.find(Timer, "subject_id", follow_up.id)}
    for due in schedule(rule_of(tx, follow_up), follow_up.started_at, hours):
        if due.step.name not in there:
            tx.add(timer_for(follow_up, due))


def timer_for(follow_up: FollowUp, due: PlannedStep, *, suffix: str = "") -> Timer:
    """The step as a row that waits for its instant."""
    step = due.step.name + suffix
    return Timer(
        subject_id=follow_up.id,
        step=step,
        kind=STEP_TIMER,
        status=TimerStatus.WAITING,
        due_at=due.at,
    )


def waiting_timers_of(tx: Transaction, follow_up: FollowUp) -> list[Timer]:
    return [row for row in tx.find(Timer, "subject_id", follow_up.id) if row.status == TimerStatus.WAITING]


def step_named(tx: Transaction, follow_up: FollowUp, name: str) -> Step:
    return rule_of(tx, follow_up).named(name)


def record_contact(
    tx: Transaction, lead: Lead, grade: Grade, evidence: Evidence, *, by: str, at: datetime | None = None
) -> None:
    """A person tried or spoke: whatever is open and satisfied by this is met, and its steps fall silent.

    A first contact that was only an attempt starts the duty to try again (D11, D14). `at`: when it was, if not now.
    """
    if grade.is_enough_for(Grade.REACHED):
        lead.reached = True
    only_tried = False
    for follow_up in open_follow_ups_of(tx, lead):
        rule = rule_of(tx, follow_up)
        if not rule.counts(evidence.kind):
            continue
        follow_up.attempts += grade.is_enough_for(Grade.ATTEMPT)
        if rule.is_met_by(grade, follow_up.attempts):
            _meet(tx, lead, follow_up, grade, evidence, by, at or tx.now)
            only_tried |= rule.starts is Starts.QUALIFIED and not grade.is_enough_for(Grade.REACHED)
    if only_tried:
        start_clocks(tx, lead, Starts.NOT_REACHED)


def mark_told(tx: Transaction, lead_id: str) -> None:
    """The lead's card hangs in Slack: from now on the delay of its running clocks is a person's (D28)."""
    for follow_up in tx.find(FollowUp, "lead_id", lead_id):
        if follow_up.status == Status.OPEN and follow_up.told_at is None:
            follow_up.told_at = tx.now


def record_decision(tx: Transaction, lead: Lead, decision: str, *, by: str) -> None:
    """Sales has decided about what it was offered, either way: the duty to decide is met (D16, M101)."""
    for follow_up in open_follow_ups_of(tx, lead):
        if waits_for_a_decision(tx, follow_up):
            _meet(tx, lead, follow_up, DECISION, Evidence(kind=DECISION, detail=decision), by, tx.now)


def _meet(
    tx: Transaction, lead: Lead, follow_up: FollowUp, grade: str, evidence: Evidence, by: str, at: datetime
) -> None:
    _end(tx, lead, follow_up, Status.MET)
    follow_up.grade, follow_up.ended_at = grade, at
    lasted = {"minutes": evidence.minutes} if evidence.minutes is not None else {}
    follow_up.evidence = {"kind": evidence.kind, "detail": evidence.detail, "by": by, **lasted}
    follow_up.met_by = by
    delays = delays_of(follow_up, hours_of(tx, follow_up), until=at)
    late = at > follow_up.due_at
    if late and follow_up.breached_at is None:
        follow_up.breached_at = follow_up.due_at
    tx.record(
        FollowUpMet(
            lead_id=lead.id,
            by=by,
            rule=follow_up.rule,
            grade=grade,
            evidence=evidence.detail,
            minutes=_minutes_taken(tx, follow_up, at),
            late=late,
            system_seconds=delays.system_seconds,
            human_minutes=delays.human_minutes,
        )
    )


def _minutes_taken(tx: Transaction, follow_up: FollowUp, at: datetime) -> int:
    return int(hours_of(tx, follow_up).between(follow_up.started_at, at).total_seconds() // 60)


def cancel_follow_ups(tx: Transaction, lead: Lead, *, reason: str, by: str) -> None:
    for follow_up in open_follow_ups_of(tx, lead):
        cancel(tx, lead, follow_up, reason=reason, by=by)


def cancel(tx: Transaction, lead: Lead, follow_up: FollowUp, *, reason: str, by: str) -> None:
    """This duty is nobody's any more."""
    call_off(tx, lead, follow_up)
    tx.record(FollowUpCancelled(lead_id=lead.id, by=by, rule=follow_up.rule, reason=reason))


def call_off(tx: Transaction, lead: Lead, follow_up: FollowUp) -> None:
    """The same without a word about it."""
    _end(tx, lead, follow_up, Status.CANCELLED)


def hand_on(tx: Transaction, follow_up: FollowUp, *, before: Lead, after: Lead) -> None:
    """The clock runs on, on another record of the same person: it keeps its start, and what it said is said.

    Something is owed there from now on, also where the deal was over.
    """
    earlier = [row.generation for row in tx.find(FollowUp, "lead_id", after.id) if row.rule == follow_up.rule]
    held = _held_until(follow_up)
    if held:
        _look_when_due(tx, follow_up, until=tx.now)  # not for this record any more
    follow_up.lead_id, follow_up.generation = after.id, max(earlier, default=0) + 1
    if held:
        _look_when_due(tx, follow_up, until=held)
    after.generation, after.deal_over_at = max(after.generation, follow_up.generation), None
    show_due(after, follow_up)
    if follow_up.rule == FIRST_CONTACT:
        before.due_at = None
    for lead in (before, after):
        show_whether_owed(tx, lead)


def resume(tx: Transaction, lead: Lead, follow_up: FollowUp, *, ended_at: datetime) -> None:
    """What was ended at this instant has never been: the steps it silenced wait again. Ended later, it stays so."""
    was_cancelled_then = follow_up.status == Status.CANCELLED and follow_up.ended_at == ended_at
    if not was_cancelled_then or open_follow_up_of(tx, lead, follow_up.rule):
        return
    follow_up.status, follow_up.ended_at = Status.OPEN, None
    show_due(lead, follow_up)
    lead.owed = True
    for timer in tx.find(Timer, "subject_id", follow_up.id):
        if timer.status == TimerStatus.DROPPED and timer.settled_at == ended_at:
            timers.wait_anew(timer)
    if held := _held_until(follow_up):
        _look_when_due(tx, follow_up, until=held)


def never_ran(tx: Transaction, lead: Lead, follow_up: FollowUp) -> None:
    """It was opened by something that is taken back."""
    _end(tx, lead, follow_up, Status.UNDONE)


def waits_for_a_decision(tx: Transaction, follow_up: FollowUp) -> bool:
    return rule_of(tx, follow_up).met_by == DECISION


def _end(tx: Transaction, lead: Lead, follow_up: FollowUp, status: Status) -> None:
    follow_up.status = status
    follow_up.ended_at = tx.now
    show_due(lead, follow_up)
    show_whether_owed(tx, lead)
    for timer in waiting_timers_of(tx, follow_up):
        timers.drop(tx, timer)
    if held := _held_until(follow_up):
        _look_when_due(tx, follow_up, until=held)


def snooze(tx: Transaction, lead: Lead, *, until: datetime, reason: str, by: str, rule: str | None = None) -> FollowUp:
    """Hold reminders and escalations back until then; the due instant stays, and the manager hears the reason (D12).

    One rule's, or those of every running clock; gives the most urgent. Raises NothingToSnooze, SnoozeTooShort,
    SnoozeTooLong and ReasonMissing.
    """
    running = [row for row in open_follow_ups_of(tx, lead) if rule in (None, row.rule)]
    if not running:
        raise NothingToSnooze(NothingToSnooze.__doc__)
    if until <= tx.now:
        raise SnoozeTooShort(SnoozeTooShort.__doc__)
    if until > tx.now + LONGEST_SNOOZE:
        raise SnoozeTooLong(SnoozeTooLong.__doc__)
    if not reason.strip():
        raise ReasonMissing(ReasonMissing.__doc__)
    for follow_up in running:
        follow_up.snoozed_until, follow_up.snooze_reason = until, reason
        hold_back(tx, follow_up, waiting_timers_of(tx, follow_up), until=until)
    tx.record(FollowUpSnoozed(lead_id=lead.id, by=by, rule=running[0].rule, until=until, reason=reason))
    return running[0]


def hold_back(tx: Transaction, follow_up: FollowUp, steps: list[Timer], *, until: datetime) -> None:
    """These steps wait; if the due instant passes meanwhile, nobody is told, and the card says so all the same."""
    for step in steps:
        step.due_at = max(step.due_at, until)
    _look_when_due(tx, follow_up, until=until)


def _look_when_due(tx: Transaction, follow_up: FollowUp, *, until: datetime) -> None:
    """One look at the due instant of a duty whose steps wait until then; none where there is nothing to see."""
    name = f"{DUE_PASSES}:{follow_up.id}"
    look = next((row for row in tx.find(Timer, "subject_id", follow_up.lead_id) if row.step == name), None)
    is_wanted = follow_up.status == Status.OPEN and tx.now < follow_up.due_at < until
    if is_wanted and look is None:
        tx.add(timers.timer_at(follow_up.due_at, DUE_PASSES, follow_up.lead_id, own_id=follow_up.id))
    elif look is not None and is_wanted:
        timers.wait_anew(look, until=follow_up.due_at)
    elif look is not None:
        timers.drop(tx, look)


def _held_until(follow_up: FollowUp) -> datetime | None:
    return max((held for held in (follow_up.snoozed_until, follow_up.quiet_until) if held is not None), default=None)


def move_due(tx: Transaction, follow_up: FollowUp, *, to: datetime) -> None:
    """The due instant of a running clock becomes another, and the look at it while its steps wait goes along."""
    follow_up.due_at = to
    if held := _held_until(follow_up):
        _look_when_due(tx, follow_up, until=held)


def due_passed(tx: Transaction, timer: Timer) -> None:
    """A due instant has come whose own step is held back: what shows the clock is drawn again."""
    timers.done(tx, timer)
    if tx.get(Lead, timer.subject_id).channel is not None:
        outbox.refresh(tx, timer.subject_id)
