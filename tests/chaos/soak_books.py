"""What the database says when a soak is over: what was sent, to whom, how late, and what had two effects."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.bootstrap import wall_clock
from bot.slack.records import SlackCard
from qualification.notices import RECEIPT_MAIL
from qualification.records import History, Lead, Outbound, Timer

STUCK_AFTER = timedelta(minutes=1)
UNSETTLED = ("waiting", "sending")
SETTLED = ("sent", "folded", "withdrawn")


@dataclass(frozen=True, kw_only=True)
class Books:
    """What the database says in the end; lateness in seconds."""

    leads: int
    failed: list[str]
    mails: int
    repeated: int
    late: list[float]


def is_stuck(row: Outbound) -> bool:
    """Given up, or waiting for longer than anything has to; clocks that are still open go on saying things."""
    return row.status not in SETTLED and not (row.status in UNSETTLED and row.due_at > wall_clock() - STUCK_AFTER)


def lateness(due: datetime, settled: datetime | None) -> float:
    return (settled - due).total_seconds() if settled else 0.0


def the_books(engine: Engine) -> Books:
    """Read all of it in one look."""
    with Session(engine) as session:
        sent = list(session.exec(select(Outbound)))
        cards = {card.lead_id for card in session.exec(select(SlackCard))}
        known = session.exec(select(Lead).where(col(Lead.email).is_not(None))).all()
        told = session.exec(select(History).where(col(History.kind).in_(("owner_changed", "call_logged")))).all()
        done = session.exec(select(Timer).where(Timer.status == "done")).all()
    effects = Counter((event.lead_id, event.kind) for event in told)
    return Books(
        leads=len([lead for lead in known if lead.id in cards]),
        failed=[f"{row.kind} {row.status}: {row.problem}" for row in sent if is_stuck(row)],
        mails=len([row for row in sent if row.kind == RECEIPT_MAIL]),
        repeated=len([many for many in effects.values() if many > 1]),
        late=[lateness(timer.due_at, timer.settled_at) for timer in done],
    )
