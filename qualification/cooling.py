"""Time alone takes points away and lets a lead cool down: score and temperature follow it (M24, M75, M90, D8, D20).

Whoever judges a lead notes how long the judgement stands (`Lead.judged_until`). What has run out is judged again, a few
at a time, so that a million leads cost no more at once than a hundred.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from qualification import leads, outbox
from qualification.records import Lead
from qualification.store import Transaction

CARD_WITHIN = timedelta(minutes=5)  # nobody has to act on it


def out_of_date(session: Session, *, now: datetime, most: int) -> Sequence[str]:
    """The leads, by id, whose judgement no longer stands, those first that have waited longest."""
    over = select(Lead.id).where(col(Lead.judged_until) <= now)
    return session.exec(over.order_by(col(Lead.judged_until)).limit(most)).all()


def judge_again(tx: Transaction, lead_id: str) -> bool:
    """Score and temperature as of now; says whether the lead's card in Slack is drawn again for it.

    What falls moves nobody (D7); what rises, because points against the lead have run out, earns its move.
    """
    lead = tx.get(Lead, lead_id)
    if lead.judged_until is None or lead.judged_until > tx.now:
        return False
    before = lead.score, lead.temperature
    leads.judge(tx, lead)
    if lead.score > before[0]:
        leads.reassess(tx, lead)
    is_shown = lead.channel is not None and (lead.score, lead.temperature) != before
    if is_shown:
        outbox.refresh(tx, lead.id, within=CARD_WITHIN)
    return is_shown
