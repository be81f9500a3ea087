"""How the team stands: what each rep carries, who is late, and what one rep did today."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import sqlalchemy
from sqlalchemy import ColumnElement, ScalarSelect, func, literal, text
from sqlmodel import Session, col, select

from bot.slack.queue import Waiting, waiting_leads
from qualification.call_backs import began_with_a_call_back
from qualification.clock_rules import FIRST_CONTACT
from qualification.followup import Status
from qualification.records import NOBODY_HAS, FollowUp, Lead, Rep
from qualification.reopening import MANAGERS
from qualification.stages import Stage
from qualification.working_hours import WorkingHours

SOON = timedelta(minutes=30)
MOST_COUNTED = 99


@dataclass(frozen=True, kw_only=True)
class Who:
    """Whose Home it is."""

    id: str
    is_manager: bool

    @classmethod
    def of(cls, rep: Rep) -> "Who":
        return cls(id=rep.id, is_manager=rep.role in MANAGERS)


@dataclass(frozen=True, kw_only=True)
class Today:
    """First contacts a rep made today: in time, and late."""

    met: int
    late: int


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a rep carries: duties of first contact that run, and those of them that are late. No name: nobody's.

    Above MOST_COUNTED it only says that they are more.
    """

    name: str | None
    running: int
    late: int


def today_of(session: Session, user_id: str, hours: WorkingHours, now: datetime) -> Today:
    """Counted from midnight where the firm works."""
    midnight = datetime.combine(now.astimezone(hours.zone).date(), time.min, hours.zone)
    met = select(FollowUp.ended_at, FollowUp.due_at).where(
        col(FollowUp.met_by) == user_id,
        col(FollowUp.ended_at) >= midnight.astimezone(now.tzinfo),
        col(FollowUp.status) == Status.MET,
        col(FollowUp.rule) == FIRST_CONTACT,
        ~began_with_a_call_back(FollowUp),
    )
    late = [ended is not None and ended > due for ended, due in session.exec(met).all()]
    return Today(met=late.count(False), late=late.count(True))


def loads_of(session: Session, now: datetime) -> tuple[Load, ...]:
    """Who carries most comes first; nobody is counted further than one beyond MOST_COUNTED."""
    owned = col(Lead.owner_id) == col(Rep.id)
    reps = session.exec(select(Rep.name, Rep.id, _how_many(owned), _how_many(owned, col(Lead.due_at) <= now))).all()
    nobodys: ColumnElement[bool] = text(NOBODY_HAS)  # type: ignore[assignment]  # a condition all the same
    running, late = session.exec(select(_how_many(nobodys), _how_many(nobodys, col(Lead.due_at) <= now))).one()
    loads = [Load(name=name, running=many, late=overdue) for name, _, many, overdue in sorted(reps) if many]
    nobody = [Load(name=None, running=running, late=late)] if running else []
    return tuple(sorted((*nobody, *loads), key=lambda load: -load.running))


def _how_many(*which: ColumnElement[bool]) -> ScalarSelect[int]:
    """Leads on the clock of first contact, no more looked at than are told."""
    some = sqlalchemy.select(literal(1)).where(*which, col(Lead.due_at).is_not(None)).limit(MOST_COUNTED + 1)
    return sqlalchemy.select(func.count()).select_from(some.correlate(Rep).subquery()).correlate(Rep).scalar_subquery()


def overdue_leads(session: Session, now: datetime, *, skip: int, most: int) -> tuple[Waiting, ...]:
    """First contacts of those who have a lead, late or to be so within half an hour, the latest first.

    Those of nobody's leads stand in a list of their own.
    """
    standing = col(Lead.stage) != Stage.DISQUALIFIED
    owned = col(Lead.owner_id).is_not(None)
    return waiting_leads(session, col(Lead.due_at) <= now + SOON, standing, owned, skip=skip, most=most)
