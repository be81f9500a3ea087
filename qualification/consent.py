"""What a person agreed to, and in which words they were asked: one row for each yes and each no, never edited (D26).

    enquiry        what the answers are used for: said before the first question, agreed to by answering
    receipt_mail   one mail with what we understood
    tracking       which pages of the site they look at

A wording has a name; whoever changes the words gives them a new one (a test holds the words to their name).
"""

from enum import StrEnum

from qualification.look import Rows
from qualification.records import Consent, Lead
from qualification.store import Transaction


class Purpose(StrEnum):
    ENQUIRY = "enquiry"
    RECEIPT_MAIL = "receipt_mail"
    TRACKING = "tracking"


WORDINGS: dict[Purpose, str] = {
    Purpose.ENQUIRY: "enquiry-2",
    Purpose.RECEIPT_MAIL: "receipt_mail-1",
    Purpose.TRACKING: "tracking-1",
}


def decide(
    tx: Transaction, lead: Lead, purpose: Purpose, *, agreed: bool = True, language: str, wording: str | None = None
) -> None:
    """Keep what they said. `wording` is the name of somebody else's words, such as a site's own banner."""
    asked_in = wording or WORDINGS[purpose]
    tx.add(Consent(lead_id=lead.id, purpose=purpose, agreed=agreed, wording=asked_in, language=language, at=tx.now))


def latest(rows: Rows, lead: Lead, purpose: Purpose) -> bool | None:
    """What they said last; None when they were never asked."""
    said = [row.agreed for row in rows.find(Consent, "lead_id", lead.id) if row.purpose == purpose]
    return said[-1] if said else None
