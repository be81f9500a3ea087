"""The auditor: walks over every open clock, every lead and every message, and compares it with what should be.

    each round   a slice of the open clocks and one of the leads, in the order of their ids; all that is overdue, held
                 or unreceipted
    each find    looked at again in a transaction of its own, repaired where that is safe, kept, and logged

A round reads a slice by its index, so it costs the same beside ten clocks and beside a million. The auditor has a
heartbeat of its own: an auditor that was switched off for being slow once hid a lost escalation from others.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy
from sqlalchemy import and_, or_, text
from sqlmodel import Session, col, select

from bot.delivery import is_unsettled
from bot.health import AUDITOR, beat
from bot.logs import log
from bot.upkeep.unwatched import some_leads, unwatched
from qualification.audit import (
    ERRAND_WAITS_AT_MOST,
    LEASE_AT_MOST,
    OVERDUE_AFTER,
    Stand,
    audit_clock,
    audit_errand,
    audit_lead,
    clock_flaws,
)
from qualification.followup import STEP_TIMER, Status
from qualification.kept_rules import rule_named
from qualification.look import Look
from qualification.notices import told_key
from qualification.outbox import STEP, OutboundStatus
from qualification.records import FollowUp, History, Irregularity, Lead, Outbound, Timer, is_written
from qualification.store import Busy, Store, Transaction, Unavailable
from qualification.timers import TimerStatus
from qualification.writing.rows import table_of

REST = 2.0  # seconds between two rounds
SLICE = 1_000  # open clocks, and leads, looked at in one round
MOST_FINDS = 200  # of each kind in one round
MOST_IN_ONE_LIST = 500
HISTORY_AT_ONCE = 5_000


@dataclass(frozen=True, kw_only=True)
class Suspects:
    """What one look found strange: ids of clocks, leads and messages. `last` and `last_lead` are the last clock and the
    last lead seen, None at the end.
    """

    clocks: frozenset[str]
    leads: frozenset[str]
    errands: frozenset[str]
    looked_at: int
    last: str | None
    last_lead: str | None
    history_id: int


@dataclass(frozen=True, kw_only=True)
class New:
    flaw: str
    step: str
    lead_id: str | None
    repaired: bool


Audit = Callable[[Transaction, str], list[Irregularity]]


class Auditor:
    """`kinds` of messages are expected to leave: what waits for a Slack that is switched off is no trouble."""

    def __init__(self, store: Store, *, kinds: Collection[str] = (), rest: float = REST, at_once: int = SLICE) -> None:
        self._store = store
        self._kinds = kinds
        self._rest = rest
        self._slice = at_once
        self._after = ""
        self._after_lead = ""
        self._history_id: int | None = None
        self._looked_at = 0
        self._of_last_pass = 0
        self._found = 0
        self._repaired = 0

    async def run(self) -> None:
        """Until cancelled; a database that is away is waited for."""
        while True:
            try:
                await self.round()
            except (Unavailable, Busy) as wait:
                log.warning("auditor_waits_for_database", problem=str(wait))
            except Exception:  # the edge of the auditor: it has to outlive whatever it finds
                log.exception("audit_broke")
            await asyncio.sleep(self._rest)

    async def whole_pass(self) -> None:
        """Every open clock and every lead once, for tests and the chaos programs."""
        await self.round()
        while self.is_on_its_way:
            await self.round()

    @property
    def is_on_its_way(self) -> bool:
        """Whether a walk has begun and not come to its end."""
        return bool(self._after or self._after_lead)

    async def round(self) -> None:
        """One slice; the heart beats only when the whole round was done."""
        suspects = await self._store.look(self._look)
        for follow_up_id in sorted(suspects.clocks):
            await self._audit(audit_clock, follow_up_id)
        for lead_id in sorted(suspects.leads):
            await self._audit(audit_lead, lead_id)
        for outbound_id in sorted(suspects.errands):
            await self._audit(audit_errand, outbound_id)
        self._walk_on(suspects)
        await self._store.run(lambda tx: beat(tx, AUDITOR, self._detail()))

    async def _audit(self, audit: "Audit", subject_id: str) -> None:
        for one in await self._store.run(partial(_ids_of_new, audit, subject_id)):
            self._found += 1
            self._repaired += one.repaired
            tell = log.warning if one.repaired else log.error
            tell("irregularity", flaw=one.flaw, lead=one.lead_id, step=one.step, repaired=one.repaired)

    def _walk_on(self, suspects: Suspects) -> None:
        self._looked_at += suspects.looked_at
        self._after, self._after_lead = suspects.last or "", suspects.last_lead or ""
        self._history_id = suspects.history_id
        if not self._after:
            self._of_last_pass, self._looked_at = self._looked_at, 0

    def _detail(self) -> dict[str, int]:
        return {"clocks": self._of_last_pass or self._looked_at, "found": self._found, "repaired": self._repaired}

    # -- one look --------------------------------------------------------------------------

    def _look(self, session: Session) -> Suspects:
        now = self._store.clock()
        clocks = _open_clocks(session, self._after, self._slice)
        leads = some_leads(session, self._after_lead, self._slice)
        taken_after_the_end, history_id = self._steps_since(session)
        known = _still_open(session)
        odd_clocks = {
            *_irregular(session, clocks, now),
            *_overdue(session, now),
            *_ended_without_trace(session),
            *taken_after_the_end,
        }
        odd_errands = {
            *_odd_errands(session, self._kinds, now),
            *_in_parts(session, Outbound.id, Outbound.id, sorted(known)),
        }
        odd_leads = {
            *unwatched(session, leads, self._store.policy, now),
            *_in_parts(session, Lead.id, Lead.id, sorted(known)),
        }
        return Suspects(
            clocks=frozenset(odd_clocks | known - odd_errands - odd_leads),
            leads=frozenset(odd_leads),
            errands=frozenset(odd_errands),
            looked_at=len(clocks),
            last=clocks[-1][0] if len(clocks) == self._slice else None,
            last_lead=leads[-1][0] if len(leads) == self._slice else None,
            history_id=history_id,
        )

    def _steps_since(self, session: Session) -> tuple[list[str], int]:
        """Clocks that have ended although a step was taken lately; the walk goes along the history, once."""
        newest = session.exec(select(History.id).order_by(col(History.id).desc()).limit(1)).first() or 0
        after = max(0, newest - HISTORY_AT_ONCE) if self._history_id is None else self._history_id
        until = min(newest, after + HISTORY_AT_ONCE)
        lately = select(History.data).where(col(History.id) > after, col(History.id) <= until, History.kind == STEP)
        taken = [str(data["follow_up_id"]) for data in session.exec(lately)]
        ended = select(FollowUp.id).where(col(FollowUp.id).in_(taken), FollowUp.status != Status.OPEN)
        return list(session.exec(ended).all()), until


def _ids_of_new(audit: "Audit", subject_id: str, tx: Transaction) -> list["New"]:
    """What was not known before, as plain values: rows do not leave their transaction."""
    return [
        New(flaw=row.flaw, step=row.step, lead_id=row.lead_id, repaired=row.repaired_at is not None)
        for row in audit(tx, subject_id)
    ]


def _open_clocks(session: Session, after: str, many: int) -> Sequence[sqlalchemy.Row[str, str]]:
    """Their ids, and the names of the rules they began with."""
    clock = table_of(FollowUp).c
    running = sqlalchemy.select(clock.id, clock.began_with).where(
        is_written(FollowUp.status, Status.OPEN), clock.id > after
    )
    return session.connection().execute(running.order_by(clock.id).limit(many)).all()


def _irregular(session: Session, clocks: Sequence[sqlalchemy.Row[str, str]], now: datetime) -> list[str]:
    """Those of these open clocks with which something is wrong."""
    steps_in = {rule: [one.name for one in rule_named(Look(session), rule).steps] for rule in {of for _, of in clocks}}
    clocks = _doubtful(session, clocks, steps_in, now)
    stands = _stands_of(session, [clock_id for clock_id, _ in clocks])
    done = {
        told_key(at, one.step): (at, one.step)
        for at, of in stands.items()
        for one in of
        if one.status == TimerStatus.DONE
    }
    told: dict[str, set[str]] = {}
    for key in _in_parts(session, Outbound.key, Outbound.key, list(done)):
        clock_id, step = done[key]
        told.setdefault(clock_id, set()).add(step)
    return [
        clock_id
        for clock_id, rule in clocks
        if clock_flaws(
            steps_in[rule],
            stands.get(clock_id, ()),
            told.get(clock_id, ()),
            status=Status.OPEN,
            ended_at=None,
            now=now,
        )
    ]


def _doubtful(
    session: Session, clocks: Sequence[sqlalchemy.Row[str, str]], steps_in: Mapping[str, Collection[str]], now: datetime
) -> list[sqlalchemy.Row[str, str]]:
    """Without those that are plainly well, as nearly all are: a timer for each step, waiting for its time."""
    timer = table_of(Timer).c
    waits = and_(timer.status == TimerStatus.WAITING, timer.due_at > now - OVERDUE_AFTER)
    seen = sqlalchemy.select(
        timer.subject_id,
        sqlalchemy.func.aggregate_strings(timer.step, "\n"),
        sqlalchemy.func.min(sqlalchemy.case((waits, 1), else_=0)),
    ).group_by(timer.subject_id)
    waiting: dict[str, str] = {}
    for part in _parts([clock_id for clock_id, _ in clocks]):
        of_these = seen.where(timer.subject_id.in_(part), timer.kind == STEP_TIMER)
        rows = session.connection().execute(of_these).all()
        waiting |= {clock_id: steps for clock_id, steps, all_wait in rows if all_wait}
    there = {clock_id: set(steps.split("\n")) for clock_id, steps in waiting.items()}
    return [one for one in clocks if not there.get(one[0], set()).issuperset(steps_in[one[1]])]


def _stands_of(session: Session, ids: Sequence[str]) -> dict[str, list[Stand]]:
    stands: dict[str, list[Stand]] = {}
    for part in _parts(ids):
        columns = [table_of(Timer).c[name] for name in ("subject_id", "step", "status", "due_at", "settled_at")]
        of_these = sqlalchemy.select(*columns).where(col(Timer.subject_id).in_(part), col(Timer.kind) == STEP_TIMER)
        for subject_id, *stand in session.connection().execute(of_these).all():
            stands.setdefault(subject_id, []).append(Stand._make(stand))
    return stands


def _in_parts(session: Session, wanted: Any, column: Any, values: Sequence[str]) -> list[str]:
    found: list[str] = []
    for part in _parts(values):
        found += session.exec(select(wanted).where(col(column).in_(part))).all()
    return found


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + MOST_IN_ONE_LIST] for start in range(0, len(values), MOST_IN_ONE_LIST))


def _overdue(session: Session, now: datetime) -> Sequence[str]:
    overdue = select(Timer.subject_id).where(
        is_written(Timer.status, TimerStatus.WAITING),
        Timer.kind == STEP_TIMER,
        col(Timer.due_at) <= now - OVERDUE_AFTER,
    )
    return session.exec(overdue.order_by(col(Timer.due_at)).limit(MOST_FINDS)).all()


def _ended_without_trace(session: Session) -> Sequence[str]:
    by_hand = select(FollowUp.id).where(text("status <> 'open' AND ended_at IS NULL"))
    return session.exec(by_hand.limit(MOST_FINDS)).all()


def _odd_errands(session: Session, kinds: Collection[str], now: datetime) -> list[str]:
    held = and_(
        col(Outbound.status) == OutboundStatus.SENDING,
        or_(col(Outbound.lease_until).is_(None), col(Outbound.lease_until) > now + LEASE_AT_MOST),
    )
    forgotten = and_(
        col(Outbound.status) == OutboundStatus.WAITING,
        col(Outbound.kind).in_(kinds),
        col(Outbound.due_at) <= now - ERRAND_WAITS_AT_MOST,
    )
    unsettled = select(Outbound.id).where(is_unsettled(Outbound), or_(held, forgotten)).limit(MOST_FINDS)
    unreceipted = select(Outbound.id).where(text("status = 'sent' AND receipt IS NULL")).limit(MOST_FINDS)
    return [*session.exec(unsettled).all(), *session.exec(unreceipted).all()]


def _still_open(session: Session) -> set[str]:
    """Subjects of what was found before and was not gone: perhaps it is now."""
    known = select(Irregularity.subject_id).where(text("gone_at IS NULL")).order_by(col(Irregularity.found_at))
    return set(session.exec(known.limit(MOST_FINDS)).all())
