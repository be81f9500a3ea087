"""Which records are one person, after however many merges (D29)."""

from qualification.look import Rows
from qualification.records import Lead


def kept_of(rows: Rows, lead: Lead) -> Lead:
    """The record that stands for this person: itself, or what it was merged into, over however many merges."""
    while lead.merged_into is not None and (further := rows.peek(Lead, lead.merged_into)) is not None:
        lead = further
    return lead


def records_of(rows: Rows, lead: Lead) -> list[Lead]:
    """The lead, and every record that was merged with it: they are one person."""
    found = [kept_of(rows, lead)]
    for one in found:
        found.extend(other for other in rows.find(Lead, "merged_into", one.id) if other not in found)
    return found
