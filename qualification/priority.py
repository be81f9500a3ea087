"""The list of leads in the order people want it: the newest first, or whom to approach first."""

from collections.abc import Sequence
from typing import Literal

from sqlmodel import Session, and_, case, col, select

from qualification.followup import FIRST_CONTACT, Status
from qualification.records import FollowUp, Lead
from qualification.stages import Stage

Order = Literal["newest", "priority"]


def newest_leads(session: Session, *, stage: Stage | None = None, limit: int = 100) -> Sequence[Lead]:
    rows = select(Lead).order_by(col(Lead.created_at).desc(), col(Lead.id)).limit(limit)
    return session.exec(rows.where(Lead.stage == stage) if stage else rows).all()


def leads_by_priority(session: Session, *, line: int, stage: Stage | None = None, limit: int = 100) -> Sequence[Lead]:
    """Whom to approach first: those at or above the priority line, then whose first contact is due soonest, then the
    higher score (M51, M52, M90). The same order is always the same list: equals stand by their ids.
    """
    running = and_(
        col(FollowUp.lead_id) == col(Lead.id), FollowUp.status == Status.OPEN, FollowUp.rule == FIRST_CONTACT
    )
    due = col(FollowUp.due_at)
    rows = (
        select(Lead)
        .join(FollowUp, running, isouter=True)
        .order_by(case((col(Lead.score) >= line, 0), else_=1), due.is_(None), due, col(Lead.score).desc(), col(Lead.id))
        .limit(limit)
    )
    return session.exec(rows.where(Lead.stage == stage) if stage else rows).all()
