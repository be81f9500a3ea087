"""Leads for whom something must wait beside their clocks, and does not: the auditor's look at a slice of them (R19).

ids, stages and segments -> their timers -> of the doubtful alone: what they said of need and time, what we tried
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlmodel import Session, SQLModel

from qualification.answers import Known, not_withdrawn
from qualification.audit import lead_flaws, stand_of
from qualification.bant import Topic
from qualification.policy import Policy
from qualification.records import Answer, History, Lead, Timer
from qualification.silence import QUIET_TIMER, last_try
from qualification.stages import Stage
from qualification.their_time import NEAR_TIMER, TIMEFRAME_TIMER, WAKE_UP_TIMER
from qualification.watches import TOLD_OF_TRIES, WATCHES, Watched, awaited, kinds_at
from qualification.writing.rows import table_of

Standing = sqlalchemy.Row[str, str, str]
"""A lead's id, stage and segment."""


def some_leads(session: Session, after: str, many: int) -> Sequence[Standing]:
    """So many leads after this id, in the order of their ids."""
    lead = table_of(Lead).c
    rows = sqlalchemy.select(lead.id, lead.stage, lead.segment).where(lead.id > after).order_by(lead.id).limit(many)
    return session.connection().execute(rows).all()


def unwatched(session: Session, leads: Sequence[Standing], policy: Policy, now: datetime) -> list[str]:
    """Those of these leads, by id, for whom a timer was lost; of those whose timers all wait nothing more is read."""
    stages = {lead_id: (Stage(stage), segment) for lead_id, stage, segment in leads}
    kinds_of = {lead_id: kinds_at(*standing, policy) for lead_id, standing in stages.items()}
    timers = {
        lead_id: [stand_of(row) for row in rows]
        for lead_id, rows in _of(session, Timer, "subject_id", list(stages), "kind", WATCHES).items()
    }
    doubtful = {lead_id: kinds for lead_id, kinds in kinds_of.items() if lead_flaws(kinds, timers.get(lead_id, ()))}
    timed = [lead_id for lead_id, kinds in doubtful.items() if kinds & {TIMEFRAME_TIMER, NEAR_TIMER, WAKE_UP_TIMER}]
    tried = [lead_id for lead_id, kinds in doubtful.items() if QUIET_TIMER in kinds]
    said = _of(session, Answer, "lead_id", timed, "topic", (Topic.NEED, Topic.TIMEFRAME))
    told = _of(session, History, "lead_id", tried, "kind", TOLD_OF_TRIES)
    today = now.astimezone(policy.working_hours.zone).date()

    def is_lost(lead_id: str) -> bool:
        stage, segment = stages[lead_id]
        standing = Watched(
            stage=stage,
            segment=segment,
            known=Known.of(not_withdrawn(said.get(lead_id, ()))),
            tried_at=last_try(told.get(lead_id, ())),
        )
        return bool(lead_flaws(awaited(standing, policy, today=today), timers.get(lead_id, ())))

    return [lead_id for lead_id in doubtful if (lead_id in said or lead_id in told) and is_lost(lead_id)]


def _of(
    session: Session, table: type[SQLModel], key: str, ids: Sequence[str], narrow: str, values: Iterable[str]
) -> dict[str, list[Any]]:
    """The rows of these leads that have one of these values, in the order they came; plain ones, as there are many."""
    found: dict[str, list[Any]] = defaultdict(list)
    column = table_of(table).c
    wanted = sqlalchemy.select(table_of(table)).where(column[key].in_(ids), column[narrow].in_(tuple(values)))
    for row in session.connection().execute(wanted) if ids else ():
        found[getattr(row, key)].append(row)
    for each in found.values():
        each.sort(key=lambda row: getattr(row, "id", 0))
    return found
