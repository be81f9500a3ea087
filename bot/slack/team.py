"""How the team stands: what each rep carries, who is late, and what one rep did today."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from bot.slack.queue import ON_OFFER, Waiting, waiting_leads
from qualification.dossier import names_of
from qualification.followup import FIRST_CONTACT, Status
from qualification.records import FollowUp, Lead, Rep
from qualification.working_hours import WorkingHours

SOON = timedelta(minutes=30)
MANAGING = frozenset({"manager", "admin"})


@dataclass(frozen=True, kw_only=True)
class Who:
    """Whose Home it is."""

    id: str
    is_manager: bool

    @classmethod
    def of(cls, rep: Rep) -> "Who":
        return cls(id=rep.id, is_manager=rep.role in MANAGING)


@dataclass(frozen=True, kw_only=True)
class Today:
    """First contacts a rep made today: in time, and late."""

    met: int
    late: int


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a rep carries: duties of first contact that run, and those of them that are late. No name: nobody's."""

    name: str | None
    running: int
    late: int


def today_of(session: Session, user_id: str, hours: WorkingHours, now: datetime) -> Today:
    """Counted from midnight where the firm works."""
    midnight = datetime.combine(now.astimezone(hours.zone).date(), time.min, hours.zone)
    met = select(FollowUp.evidence, FollowUp.ended_at, FollowUp.due_at).where(
        col(FollowUp.ended_at) >= midnight.astimezone(now.tzinfo),
        col(FollowUp.status) == Status.MET,
        col(FollowUp.rule) == FIRST_CONTACT,
    )
    late = [
        ended is not None and ended > due
        for evidence, ended, due in session.exec(met).all()
        if (evidence or {}).get("by") == user_id
    ]
    return Today(met=late.count(False), late=late.count(True))


def loads_of(session: Session, now: datetime) -> tuple[Load, ...]:
    """Who carries most comes first."""
    running, late = func.count(), func.sum(case((col(FollowUp.due_at) <= now, 1), else_=0))
    rows = session.exec(
        select(Lead.owner_id, running, late)
        .join(FollowUp, col(FollowUp.lead_id) == col(Lead.id))
        .where(col(FollowUp.status) == Status.OPEN, col(FollowUp.rule) == FIRST_CONTACT)
        .group_by(col(Lead.owner_id))
        .order_by(running.desc(), col(Lead.owner_id))
    ).all()
    names = names_of(session, (owner for owner, _, _ in rows if owner))
    return tuple(
        Load(name=names.get(owner, owner) if owner else None, running=count, late=int(overdue or 0))
        for owner, count, overdue in rows
    )


def overdue_leads(session: Session, now: datetime, *, skip: int, most: int) -> tuple[Waiting, ...]:
    """First contacts that are late or will be within half an hour, the latest first."""
    near = (col(FollowUp.status) == Status.OPEN, col(FollowUp.due_at) <= now + SOON)
    return waiting_leads(session, col(Lead.stage).in_(ON_OFFER), *near, skip=skip, most=most)
