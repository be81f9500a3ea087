"""Many messages due at once become one: after an outage, or under a flood of false leads (R16, S17).

    alarms           more than `digest_from` ready for the managers: one digest says them all
    rings of steps   more than `digest_from` ready: quiet lines in their threads, and one digest in the leads' channel
    new lead cards   more than `new_leads_a_minute`: the rest is posted minute by minute, and one line says how many

Nothing is dropped: what went into a digest names it, and what is held back has its own later minute.
"""

from collections.abc import Sequence
from datetime import timedelta

from qualification import outbox
from qualification.notices import ALARM, BURST, NOTE, RING
from qualification.outbox import CARD, STEP, OutboundStatus
from qualification.records import Outbound
from qualification.store import Transaction

MINUTE = timedelta(minutes=1)
TO_MANAGERS, TO_LEADS = "managers", "leads"
HELD_BACK = "many new leads at once: posted minute by minute"


def fold(tx: Transaction, ids: Sequence[str], kind: str) -> str | None:
    """Say these ready alarms or rings in one digest; its outbox key, None when they are not many any more."""
    rows = [row for row in _rows(tx, ids) if _is_fresh(tx, row) and row.kind == kind]
    rows = [row for row in rows if kind == ALARM or row.payload.get("event") == STEP]
    withdrawn = [row for row in rows if outbox.withdraw_if_answered(tx, row)]
    rows = [row for row in rows if row not in withdrawn]
    if len(rows) <= tx.policy.alerts.digest_from:
        return None
    key = f"{BURST}:{kind}:{rows[0].id}"
    told = list({row.lead_id: {"lead_id": row.lead_id, "payload": row.payload} for row in rows}.values())
    where = TO_MANAGERS if kind == ALARM else TO_LEADS
    outbox.queue(tx, key=key, kind=BURST, lead_id=None, payload={"to": where, "told": told})
    for row in rows:
        if kind == ALARM:
            row.status, row.settled_at, row.receipt = OutboundStatus.FOLDED, tx.now, {"digest": key}
        else:
            row.kind = NOTE
    return key


def hold_back(tx: Transaction, ids: Sequence[str], channel: str) -> int:
    """Give these first cards of a flood a later minute each, so many a minute as the policy allows; how many."""
    most = tx.policy.alerts.new_leads_a_minute
    rows = [row for row in _rows(tx, ids) if _is_fresh(tx, row) and row.kind == CARD]
    for place, row in enumerate(rows):
        row.due_at, row.problem = tx.now + MINUTE * (1 + place // most), HELD_BACK
    if rows:
        tenth = int(tx.now.timestamp() // 600)  # one line in ten minutes
        payload = {"to": TO_LEADS, "channel": channel, "held": len(rows)}
        outbox.queue(tx, key=f"{BURST}:held:{channel}:{tenth}", kind=BURST, lead_id=None, payload=payload)
    return len(rows)


def _rows(tx: Transaction, ids: Sequence[str]) -> list[Outbound]:
    tx.load(Outbound, "id", ids)
    return [tx.get(Outbound, at) for at in ids]


def _is_fresh(tx: Transaction, row: Outbound) -> bool:
    return row.status == OutboundStatus.WAITING and row.attempts == 0 and row.due_at <= tx.now


RINGS = (ALARM, RING)
