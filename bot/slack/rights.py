"""What a rep may do on a lead: their own, free ones, and those of whom they stand in for; a manager on every one.

Asked inside the transaction that acts, so that a form which stood open for an hour is judged as things are now.
"""

from bot.slack.people import Colleague
from qualification import deeds, ownership
from qualification.audience import Standpoint, stands_in
from qualification.deeds import Kind
from qualification.leads import ContactForbidden
from qualification.one_person import kept_of
from qualification.records import Lead
from qualification.store import Transaction
from qualification.tombstones import living


class NotYourLead(Exception):
    """Another rep is responsible for this lead."""

    def __init__(self, owner_id: str) -> None:
        super().__init__(f"this lead belongs to {owner_id}")
        self.owner_id = owner_id


class AlreadyLogged(Exception):
    """A call was logged after these buttons were drawn."""

    def __init__(self, owner_id: str) -> None:
        super().__init__(f"a call was logged by {owner_id}")
        self.owner_id = owner_id


class NoMailAddress(Exception):
    """We do not know where to write to this person."""


def check_owner(at: Standpoint, lead: Lead, by: Colleague) -> None:
    """Raises NotYourLead when another rep is responsible and here, and this one is no manager."""
    if lead.owner_id in (None, by.id) or by.is_manager or stands_in(at, lead, by.id):
        return
    raise NotYourLead(lead.owner_id)


def record_that_counts(tx: Transaction, lead_id: str) -> Lead:
    """An old button of a merged record acts on the record that stands for this person.

    Raises RecordNotFound, DataErased.
    """
    return living(tx, kept_of(tx, tx.get(Lead, lead_id)))


def lead_for(tx: Transaction, lead_id: str, by: Colleague) -> Lead:
    """The lead, if this colleague may act on it. Raises RecordNotFound, DataErased, NotYourLead."""
    lead = record_that_counts(tx, lead_id)
    check_owner(tx, lead, by)
    return lead


def record_for(tx: Transaction, lead_id: str, by: Colleague) -> Lead:
    """This record and no other, if this colleague may act on it. Raises RecordNotFound, DataErased, NotYourLead."""
    lead = living(tx, tx.get(Lead, lead_id))
    check_owner(tx, lead, by)
    return lead


def take_if_free(tx: Transaction, lead: Lead, by: Colleague) -> None:
    """Who works on a lead that nobody has takes it, as by "Claim": with the same line, and the same way back."""
    if lead.owner_id is None:
        deeds.do(tx, lead, Kind.CLAIM, lambda: ownership.claim(tx, lead, by=by.id), by=by.id)


def contactable(lead: Lead) -> Lead:
    """Raises ContactForbidden for a person who asked us to stop."""
    if lead.do_not_contact:
        raise ContactForbidden(ContactForbidden.__doc__)
    return lead
