"""Who was erased stays erased (D26): what is left of them is a tombstone, and no door writes on it again.

An old list, a program with the API's key, a form that stood open in Slack, a merge: each may name them for years.

    what happened              refused where it is told (notices.py), and with it all that was about to be kept
    what they did              refused by leads.record_activity
    another record of theirs   refused by duplicates.merge, either way round
    a row of a list            left out, and its operator is told (bot/lists/bringing_in.py): it names our id, or it is
                               one they came from, of which a mark that nobody can read was kept
    a form half filled in      not kept (bot/slack/drafts.py)

Who comes back by themselves begins a record of their own.
"""

from qualification.events import IMPORT, LeadErased, kind_of
from qualification.look import Rows
from qualification.records import History, Lead

ERASED = kind_of(LeadErased)
FROM_A_LIST = f"{IMPORT}:"  # so begins the key of what a row of a list brought; it ends with the digest of the row


class DataErased(Exception):
    """The data of this person was erased; nothing is written about them any more."""


def is_erased(rows: Rows, lead: Lead) -> bool:
    """Whether this lead is only a tombstone. Of who may be contacted nobody looks into the history."""
    return lead.do_not_contact and any(row.kind == ERASED for row in rows.find(History, "lead_id", lead.id))


def mark_of(key: str) -> str:
    """What stays of such a key, so that the same row is known again whatever its list is called."""
    return f"{ERASED}:{key.rpartition(':')[2]}"


def living(rows: Rows, lead: Lead) -> Lead:
    """The lead, if something may still be written about it. Raises DataErased."""
    if is_erased(rows, lead):
        raise DataErased(DataErased.__doc__)
    return lead
