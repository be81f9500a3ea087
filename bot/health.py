"""Whether the program keeps its promise right now: who showed themselves, and what cannot get out.

`/healthz`, `bantline doctor` and the heartbeat URL all tell what `examine` finds here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from bot.delivery import ONLY_WAITS, is_unsettled
from bot.upkeep.given_up import MOST_COUNTED, given_up, unheard_alarms
from qualification.notices import ALARM, ALERT_MAIL, MAIL, RING
from qualification.outbox import OutboundStatus
from qualification.records import Heartbeat, Irregularity, JsonDict, Outbound
from qualification.store import Transaction

WORKER = "worker"
AUDITOR = "auditor"
ALIVE_WITHIN = timedelta(seconds=45)  # with a look each quarter of a minute: noticed within a minute (R20)
STUCK_AFTER = timedelta(seconds=40)  # and a look each quarter of a minute: silence is noticed within a minute (R20)
URGENT = (ALARM, RING, ALERT_MAIL, MAIL)


@dataclass(frozen=True, kw_only=True)
class Health:
    """What was seen at one instant; times are seconds since the last heartbeat, None for never.

    `unheard` alarms reached nobody in the last hour; `given_up` counts all that was refused for good in the last week.
    `waiting` is everything on its way out; to hold it back on purpose is no problem, but it is said.
    """

    worker: float | None
    auditor: float | None
    undelivered: int
    unheard: int
    given_up: int
    irregular: int
    audited: JsonDict | None
    waiting: int

    @property
    def problems(self) -> tuple[str, ...]:
        """What must not stay so, each as a short sentence; empty when all is well."""
        wrong = {
            "worker is silent": not _is_fresh(self.worker),
            "auditor is silent": not _is_fresh(self.auditor),
            f"{self.undelivered} messages cannot be delivered": self.undelivered > 0,
            f"alarms that reached nobody: {self.unheard}": self.unheard > 0,
        }
        return tuple(problem for problem, is_so in wrong.items() if is_so)

    def report(self, outbound: str) -> dict[str, Any]:
        """What /healthz answers; `outbound` is the setting, "hold" is said beside the problems."""
        held = (f"outgoing messages are on hold, {self.waiting} wait",) if outbound == "hold" else ()
        return {
            "status": "; ".join((*self.problems, *held)) or "ok",
            "outbound": outbound,
            "waiting": self.waiting,
            "worker_seconds_ago": self.worker,
            "auditor_seconds_ago": self.auditor,
            "undelivered": self.undelivered,
            "unheard": self.unheard,
            "given_up": self.given_up,
            "irregular": self.irregular,
            "audited": self.audited,
        }


def examine(session: Session, *, now: datetime) -> Health:
    """Look at heartbeats, at what is stuck on its way out, and at what the auditor could not mend."""
    hearts = {heart.name: heart for heart in session.exec(select(Heartbeat)).all()}
    auditor = hearts.get(AUDITOR)
    lost = given_up(session, now=now)
    return Health(
        worker=_seconds_ago(hearts.get(WORKER), now),
        auditor=_seconds_ago(auditor, now),
        undelivered=_undelivered(session, now),
        unheard=unheard_alarms(session, now=now),
        given_up=lost.how_many if lost else 0,
        irregular=_irregular(session),
        audited=auditor.detail if auditor else None,
        waiting=waiting_to_leave(session),
    )


def _seconds_ago(heart: Heartbeat | None, now: datetime) -> float | None:
    return None if heart is None else abs((now - heart.at).total_seconds())


def _is_fresh(seconds: float | None) -> bool:
    return seconds is not None and seconds <= ALIVE_WITHIN.total_seconds()


def waiting_to_leave(session: Session) -> int:
    """Every message on its way out, whatever it waits for: its time, its channel, or OUTBOUND=on.

    Counted to one more than MOST_COUNTED: beyond, how many they are helps nobody.
    """
    some = select(Outbound.id).where(is_unsettled(Outbound)).limit(MOST_COUNTED + 1).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def _irregular(session: Session) -> int:
    """What the auditor found and could not mend, counted as far."""
    standing = select(Irregularity.found_at).where(text("gone_at IS NULL AND repaired_at IS NULL"))
    some = standing.limit(MOST_COUNTED + 1).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def _undelivered(session: Session, now: datetime) -> int:
    """Urgent messages that a receiver has refused for a while; a paced channel is no trouble."""
    stuck = select(Outbound.problem, Outbound.status).where(
        is_unsettled(Outbound), col(Outbound.kind).in_(URGENT), col(Outbound.created_at) <= now - STUCK_AFTER
    )
    rows = session.exec(stuck.limit(10_000)).all()
    return sum(
        (problem is not None and not problem.startswith(ONLY_WAITS)) or status == OutboundStatus.SENDING
        for problem, status in rows
    )


def beat(tx: Transaction, name: str, detail: JsonDict | None = None) -> None:
    """Show that `name` is alive, and what it has to say."""
    heart = tx.peek(Heartbeat, name)
    if heart is None:
        tx.add(Heartbeat(name=name, at=tx.now, detail=detail))
    else:
        heart.at, heart.detail = tx.now, detail


def is_alive(session: Session, *, now: datetime, name: str = WORKER) -> bool:
    """Whether the worker (or the auditor) showed itself lately."""
    return _is_fresh(_seconds_ago(session.get(Heartbeat, name), now))
