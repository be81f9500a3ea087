"""The list of leads in the order people want it: the newest first, or whom to approach first."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from qualification.records import Lead
from qualification.stages import Stage

Order = Literal["newest", "priority"]


def newest_leads(session: Session, *, stage: Stage | None = None, limit: int = 100) -> Sequence[Lead]:
    """The leads by when they came, the newest first; of one stage if it is given."""
    rows = select(Lead).order_by(col(Lead.created_at).desc(), col(Lead.id).desc()).limit(limit)
    return session.exec(rows.where(Lead.stage == stage) if stage else rows).all()


def leads_by_priority(session: Session, *, line: int, stage: Stage | None = None, limit: int = 100) -> Sequence[Lead]:
    """Whom to approach first: those at or above the priority line, then whose first contact is due soonest, then the
    higher score, then who has waited longest (M51, M52, M90). The same order is always the same list.
    """
    found: list[Lead] = []
    for above in (col(Lead.score) >= line, col(Lead.score) < line):
        found += _soonest_due(session, above, stage, limit - len(found))
        found += _highest_score(session, above, stage, limit - len(found))
    return found


def _soonest_due(session: Session, which: ColumnElement[bool], stage: Stage | None, most: int) -> Sequence[Lead]:
    """Those on the clock of first contact, along the index of due instants."""
    rows = select(Lead).where(which, col(Lead.due_at).is_not(None))
    rows = rows.order_by(col(Lead.due_at), col(Lead.score).desc(), col(Lead.created_at), col(Lead.id)).limit(most)
    return session.exec(rows.where(Lead.stage == stage) if stage else rows).all() if most else ()


def _highest_score(session: Session, which: ColumnElement[bool], stage: Stage | None, most: int) -> Sequence[Lead]:
    """Those on no clock: the best of each stage, along the index of stage and score."""
    best = select(Lead).where(which, col(Lead.due_at).is_(None))
    best = best.order_by(col(Lead.score).desc(), col(Lead.created_at), col(Lead.id)).limit(most)
    stages = ((stage,) if stage else tuple(Stage)) if most else ()
    found = [lead for one in stages for lead in session.exec(best.where(Lead.stage == one)).all()]
    return sorted(found, key=lambda lead: (-lead.score, lead.created_at, lead.id))[:most]
