"""Time alone takes points away and lets a lead cool down: score and temperature follow it (M24, M75, M90, D8, D20).

Whoever judges a lead notes how long the judgement stands (`Lead.judged_until`). What has run out is judged again, a few
at a time, so that a million leads cost no more at once than a hundred.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum

from sqlmodel import Session, col, select, tuple_

from qualification import leads, outbox
from qualification.records import Lead
from qualification.store import Transaction

CARD_WITHIN = timedelta(minutes=5)  # nobody has to act on it


class Judged(IntEnum):
    """What became of a lead whose judgement had run out."""

    NOT_NEEDED = 0
    AS_IT_LOOKED = 1
    DRAWN_AGAIN = 2


def out_of_date(
    session: Session, *, now: datetime, most: int, behind: tuple[datetime, str] | None = None
) -> Sequence[tuple[datetime, str]]:
    """The leads whose judgement no longer stands, each as (until when it stood, its id), the longest ago first.

    `behind`: only those that come after this one.
    """
    until, lead_id = col(Lead.judged_until), col(Lead.id)
    over = select(Lead.judged_until, Lead.id).where(until <= now)
    if behind is not None:
        over = over.where(tuple_(until, lead_id) > behind)
    return [(at, one) for at, one in session.exec(over.order_by(until, lead_id).limit(most)) if at is not None]


def judge_again(tx: Transaction, lead_id: str) -> Judged:
    """Score and temperature as of now; says whether the lead's card in Slack is drawn again for it.

    It moves nobody and starts no clock, whatever it finds: nothing has happened (D7, D9). What points they have earned
    by then counts with the next thing they do.
    """
    lead = tx.get(Lead, lead_id)
    if lead.judged_until is None or lead.judged_until > tx.now:
        return Judged.NOT_NEEDED
    before = lead.score, lead.temperature
    leads.judge(tx, lead)
    if lead.channel is None or (lead.score, lead.temperature) == before:
        return Judged.AS_IT_LOOKED
    outbox.refresh(tx, lead.id, within=CARD_WITHIN)
    return Judged.DRAWN_AGAIN
