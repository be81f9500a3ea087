"""The managers' digest: one working day of the firm in numbers, by rep, at a time the policy names.

planned    a timer for the next working day's instant, one for each date
fired      one message in the outbox, one for each date; several workers and restarts change nothing about that
counted    when it is sent, over what is recorded: what came after the digest before, up to its own instant, so that
           evenings and closed days are told too; a day that is asked for goes from midnight to midnight
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, distinct, func, or_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from qualification import outbox, timers
from qualification.call_backs import began_with_a_call_back
from qualification.clock_rules import FIRST_CONTACT
from qualification.deals import MOVED
from qualification.followup import Status
from qualification.look import Look
from qualification.one_person import kept_of
from qualification.outbox import OutboundStatus
from qualification.policy import OTHER, Policy
from qualification.records import FollowUp, History, Lead, Outbound, Timer, is_written
from qualification.stages import LADDER, Stage
from qualification.store import Transaction
from qualification.taken_back import UNDONE
from qualification.timers import TimerStatus
from qualification.writing.batch import batched

DIGEST, DIGEST_TIMER = "digest", "digest"
TOO_LATE = "too_late"  # in its receipt: it was no news any more, and nobody was told
A_DAY = timedelta(days=1)
LOOK_AHEAD = 60  # days; no firm closes for longer


@dataclass(frozen=True, kw_only=True)
class RepDay:
    """One rep's first contacts: made in time, made late, running, and those of the running ones that are late.

    `rep_id` is None for leads nobody has.
    """

    rep_id: str | None
    met: int = 0
    met_late: int = 0
    waiting: int = 0
    late: int = 0


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A day in numbers: leads new and qualified, first contacts made and owed. `waiting` includes `late`.

    `since`: it counts what came after the digest of then, not the day alone.
    """

    day: date
    until: datetime
    since: datetime | None = None
    new: int
    qualified: int
    by_rep: tuple[RepDay, ...]

    @property
    def met(self) -> int:
        return sum(rep.met for rep in self.by_rep)

    @property
    def met_late(self) -> int:
        return sum(rep.met_late for rep in self.by_rep)

    @property
    def waiting(self) -> int:
        return sum(rep.waiting for rep in self.by_rep)

    @property
    def late(self) -> int:
        return sum(rep.late for rep in self.by_rep)


# -- when ------------------------------------------------------------------------------------------


def digest_at(day: date, policy: Policy) -> datetime:
    """The instant of a day's digest, where the firm works."""
    return datetime.combine(day, policy.digest.time, policy.working_hours.zone)


def is_working_day(day: date, policy: Policy) -> bool:
    """Whether anybody works on this local day, by the hours of the firm."""
    begins = datetime.combine(day, time.min, policy.working_hours.zone)
    return any(True for _ in policy.working_hours.open_spans(begins, begins + A_DAY))


def next_digest(policy: Policy, now: datetime) -> date | None:
    """The working day whose digest comes next; None when there are none."""
    today = now.astimezone(policy.working_hours.zone).date()
    days = (today + number * A_DAY for number in range(LOOK_AHEAD))
    to_come = (day for day in days if digest_at(day, policy) > now and is_working_day(day, policy))
    return next(to_come, None) if policy.digest.on else None


def plan_digest(tx: Transaction) -> None:
    """The next digest waits for its instant; planned twice it is planned once, and a changed time moves it."""
    day = next_digest(tx.policy, tx.now)
    if day is None:
        return
    due_at = digest_at(day, tx.policy).astimezone(tx.now.tzinfo)
    timer = tx.peek(Timer, (day.isoformat(), DIGEST_TIMER))
    if timer is None:
        tx.add(timers.timer_at(due_at, DIGEST_TIMER, day.isoformat()))
    elif timer.status == TimerStatus.WAITING:
        timer.due_at = due_at


def digest_due(tx: Transaction, timer: Timer) -> None:
    """Its instant has come: say it once, if its day is not over, and plan the next."""
    timers.done(tx, timer)
    day = date.fromisoformat(timer.subject_id)
    if tx.policy.digest.on and day == tx.here.date():
        payload = {"day": day.isoformat(), "until": timer.due_at.isoformat(), "since": _told_until(tx, day)}
        outbox.queue(tx, key=f"{DIGEST}:{day.isoformat()}", kind=DIGEST, lead_id=None, payload=payload)
    plan_digest(tx)


def _told_until(tx: Transaction, day: date) -> str | None:
    """Up to when the digest before this day's told; None when there was none lately."""
    keys = [f"{DIGEST}:{(day - number * A_DAY).isoformat()}" for number in range(1, LOOK_AHEAD)]
    tx.load(Outbound, "key", keys)
    before = (tx.first(Outbound, "key", key) for key in keys)
    return next((row.payload["until"] for row in before if row is not None and _is_told(row)), None)


def _is_told(row: Outbound) -> bool:
    """Posted, or about to be."""
    return row.status not in (OutboundStatus.FAILED, OutboundStatus.WITHDRAWN) and TOO_LATE not in (row.receipt or {})


# -- what ------------------------------------------------------------------------------------------


def digest_of(session: Session, day: date, policy: Policy, *, until: datetime, since: datetime | None = None) -> Digest:
    """The day as it stood at `until`, which lies on it or is its end; with what came `since` the digest before it."""
    after, told_until = since or _end_of(day - A_DAY, policy), min(until, _end_of(day, policy))
    created = _lies_between(col(Lead.created_at), after, told_until)
    new = session.exec(select(func.count()).select_from(Lead).where(created)).one()
    return Digest(
        day=day,
        until=until,
        since=since,
        new=new,
        qualified=_qualified(session, policy, after, told_until),
        by_rep=tuple(_by_rep(session, after, told_until)),
    )


def _end_of(day: date, policy: Policy) -> datetime:
    """The last instant of a day where the firm works; midnight belongs to the day that begins."""
    return datetime.combine(day + A_DAY, time.min, policy.working_hours.zone).astimezone(UTC) - datetime.resolution


def _lies_between(at: Mapped[Any], after: datetime, until: datetime) -> ColumnElement[bool]:
    """Counted once: what came at the instant of one digest is not told by the next again."""
    return and_(at > after, at <= until)


def _qualified(session: Session, policy: Policy, after: datetime, until: datetime) -> int:
    """Who reached the qualified line of their segment that day, each person once, and not who was taken back (D19)."""
    moved = (
        select(History.lead_id, History.at, Lead.merged_into)
        .join(Lead, col(Lead.id) == col(History.lead_id))
        .where(
            is_written(History.kind, MOVED),
            _lies_between(col(History.at), after, until),
            _crosses_its_line(policy),
        )
    )
    rows = session.exec(moved).all()
    taken_back = _taken_back(session, {lead_id for lead_id, _, _ in rows}, until)
    standing = [row for row in rows if (row[0], row[1]) not in taken_back]
    return len({_person(Look(session), lead_id, merged) for lead_id, _, merged in standing})


def _person(rows: Look, lead_id: str, merged_into: str | None) -> str:
    """The record that counts for them now (D29)."""
    kept = rows.peek(Lead, merged_into) if merged_into else None
    return kept_of(rows, kept).id if kept else lead_id


def _taken_back(session: Session, leads: Collection[str], until: datetime) -> set[tuple[str, datetime]]:
    """Of which of these leads what was undone by then, by the instant at which it was done (D23)."""
    undone = select(History.lead_id, History.data).where(col(History.kind) == UNDONE, col(History.at) <= until)
    return {
        (lead_id, datetime.fromisoformat(facts["since"]))
        for some in batched(sorted(leads))
        for lead_id, facts in session.exec(undone.where(col(History.lead_id).in_(some)))
    }


def _crosses_its_line(policy: Policy) -> ColumnElement[bool]:
    segment = col(Lead.segment)
    own = [and_(segment == name, _crosses(policy.qualified_from(name))) for name in policy.segments]
    return or_(and_(segment.not_in(policy.segments), _crosses(policy.qualified_from(OTHER))), *own)


def _crosses(line: Stage) -> ColumnElement[bool]:
    """A move from below this line to it or beyond."""
    place = LADDER.index(line)
    before, after = (col(History.data)[name].as_string() for name in ("before", "after"))
    return and_(after.in_(LADDER[place:]), before.in_((*LADDER[:place], Stage.NURTURE)))


def _by_rep(session: Session, after: datetime, until: datetime) -> Iterator[RepDay]:
    """Who made a contact by the contact, who owes one by the owner; the busiest first."""
    met, met_late = _made(session, after, until)
    waiting, late = _owed(session, until)
    reps = {*met, *met_late, *waiting}
    busy = {rep: met[rep] + met_late[rep] + waiting[rep] for rep in reps}
    for rep in sorted(reps, key=lambda rep: (rep is None, -busy[rep], rep or "")):
        yield RepDay(rep_id=rep, met=met[rep], met_late=met_late[rep], waiting=waiting[rep], late=late[rep])


def _made(session: Session, after: datetime, until: datetime) -> tuple[Counter[str | None], Counter[str | None]]:
    ended = select(FollowUp.evidence, FollowUp.ended_at, FollowUp.due_at).where(
        col(FollowUp.rule) == FIRST_CONTACT,
        col(FollowUp.status) == Status.MET,
        _lies_between(col(FollowUp.ended_at), after, until),
        ~began_with_a_call_back(FollowUp),
    )
    in_time: Counter[str | None] = Counter()
    too_late: Counter[str | None] = Counter()
    for evidence, at, due_at in session.exec(ended).all():
        by = (evidence or {}).get("by")
        (too_late if at is not None and at > due_at else in_time)[by] += 1
    return in_time, too_late


def _owed(session: Session, until: datetime) -> tuple[Counter[str | None], Counter[str | None]]:
    running = (
        select(Lead.owner_id, FollowUp.due_at, func.count(distinct(col(FollowUp.id))))
        .join(FollowUp, col(FollowUp.lead_id) == col(Lead.id))
        .where(
            col(FollowUp.rule) == FIRST_CONTACT,
            col(FollowUp.status) != Status.UNDONE,
            col(FollowUp.started_at) <= until,
            (col(FollowUp.ended_at).is_(None)) | (col(FollowUp.ended_at) > until),
        )
        .group_by(col(Lead.owner_id), col(FollowUp.due_at))
    )
    waiting: Counter[str | None] = Counter()
    late: Counter[str | None] = Counter()
    for owner, due_at, count in session.exec(running).all():
        waiting[owner] += count
        late[owner] += count if due_at <= until else 0
    return waiting, late
