"""The prospect's receipt: a link that opens one lead to one sentence, "nobody called me" (N3).

pressed while the clock is met     it starts anew as the next generation, and the managers hear who had stopped it
pressed while it still runs        the managers hear it
pressed again                      nothing more, until somebody has made contact again
they asked to be left alone        nothing runs; the page says how to come back
"""

import secrets
from enum import StrEnum

from qualification.answers import PROSPECT
from qualification.clock_rules import FIRST_CONTACT
from qualification.events import NobodyCalled
from qualification.followup import Status, latest_follow_up_of, open_follow_up
from qualification.records import FollowUp, Lead
from qualification.store import Transaction

TOKEN_BYTES = 24  # 192 random bits


class ReceiptUnknown(LookupError):
    """No lead belongs to this link."""


class Heard(StrEnum):
    """What came of it."""

    CLOCK_STARTED = "clock_started"
    TOLD = "told"
    KNOWN_ALREADY = "known_already"
    LEFT_ALONE = "left_alone"


def receipt_of(tx: Transaction, lead: Lead) -> str:
    """The lead's own token, made when it is first needed; it opens nothing but this."""
    if lead.receipt is None:
        lead.receipt = secrets.token_urlsafe(TOKEN_BYTES)
    return lead.receipt


def lead_of(tx: Transaction, token: str) -> Lead:
    """Raises ReceiptUnknown."""
    lead = tx.first(Lead, "receipt", token)
    if lead is None:
        raise ReceiptUnknown(ReceiptUnknown.__doc__)
    return lead


def nobody_called(tx: Transaction, token: str) -> Heard:
    """The prospect says that nobody has called them. Raises ReceiptUnknown."""
    lead = lead_of(tx, token)
    if lead.do_not_contact:
        return Heard.LEFT_ALONE
    earlier = latest_follow_up_of(tx, lead)
    if earlier is not None and earlier.disputed_at is not None and earlier.status == Status.OPEN:
        return Heard.KNOWN_ALREADY
    running = earlier is not None and earlier.status == Status.OPEN
    now_runs = open_follow_up(tx, lead, started_at=tx.now, rule=FIRST_CONTACT)
    for follow_up in filter(None, (earlier, now_runs)):
        follow_up.disputed_at = tx.now
    tx.record(_said(lead, None if running else earlier, now_runs))
    return Heard.TOLD if running else Heard.CLOCK_STARTED


def _said(lead: Lead, disputed: FollowUp | None, now_runs: FollowUp) -> NobodyCalled:
    """`evidence` and `stopped_by` are what had stopped the clock, if something had."""
    evidence = (disputed.evidence if disputed else None) or {}
    return NobodyCalled(
        lead_id=lead.id,
        by=PROSPECT,
        rule=now_runs.rule,
        generation=now_runs.generation,
        due_at=now_runs.due_at,
        evidence=evidence.get("kind"),
        stopped_by=evidence.get("by"),
    )
