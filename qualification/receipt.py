"""The prospect's receipt: a token that opens one lead to a few sentences of theirs, and to nothing else (N3).

"nobody called me"
    while the clock is met         it starts anew as the next generation, and the managers hear who had stopped it
    while it still runs            the managers hear it
    again                          nothing more, until somebody has made contact again
"sooner, please"
    while the clock runs           whoever must call hears it, once; the promise stays what it was
    after the contact              nothing
they asked to be left alone        nothing runs; the page says how to come back

"Correct my answers" opens the read-back in their chat (dialogs/receipt.py).
"""

import re
import secrets
from enum import StrEnum

from qualification import leads
from qualification.answers import PROSPECT
from qualification.clock_rules import FIRST_CONTACT
from qualification.events import NobodyCalled, SoonerWanted
from qualification.followup import Status, latest_follow_up_of, open_follow_up
from qualification.one_person import kept_of
from qualification.records import FollowUp, Lead
from qualification.store import Transaction

TOKEN_BYTES = 24  # 192 random bits
_LIKE_OURS = re.compile(r"[A-Za-z0-9_-]+")  # PostgreSQL would refuse a NUL, and everybody's commit with it
ASKED_SOONER = "asked_sooner"


class ReceiptUnknown(LookupError):
    """No lead belongs to this link."""


class Heard(StrEnum):
    """What came of it."""

    CLOCK_STARTED = "clock_started"
    TOLD = "told"
    KNOWN_ALREADY = "known_already"
    LEFT_ALONE = "left_alone"
    CONTACTED = "contacted"


def receipt_of(tx: Transaction, lead: Lead) -> str:
    """The lead's own token, made when it is first needed; it opens nothing but this."""
    if lead.receipt is None:
        lead.receipt = secrets.token_urlsafe(TOKEN_BYTES)
    return lead.receipt


def lead_of(tx: Transaction, token: str) -> Lead:
    """Whose duties it speaks of: of two records made one, the kept one's (D29). Raises ReceiptUnknown."""
    return kept_of(tx, holder_of(tx, token))


def holder_of(tx: Transaction, token: str) -> Lead:
    """The record it was made for. Raises ReceiptUnknown."""
    lead = tx.first(Lead, "receipt", token) if _LIKE_OURS.fullmatch(token) else None
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


def sooner_please(tx: Transaction, token: str) -> Heard:
    """The prospect would like the call sooner than promised. Raises ReceiptUnknown."""
    lead = lead_of(tx, token)
    if lead.do_not_contact:
        return Heard.LEFT_ALONE
    clock = latest_follow_up_of(tx, lead)
    if clock is None or clock.status != Status.OPEN:
        return Heard.CONTACTED
    if clock.sooner_at is not None:
        return Heard.KNOWN_ALREADY
    clock.sooner_at = tx.now
    leads.record_activity(tx, lead, ASKED_SOONER, key=f"{ASKED_SOONER}:{clock.id}")
    leads.judge(tx, lead)
    tx.record(SoonerWanted(lead_id=lead.id, by=PROSPECT, rule=clock.rule, due_at=clock.due_at))
    return Heard.TOLD


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
