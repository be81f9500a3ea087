"""Who is responsible for a lead: claimed by a rep, handed on, accepted by sales, handed back.

A claim is never a contact (D11); what sales accepts is theirs from then on (M14, M15).
"""

from qualification import leads
from qualification.clock_rules import Starts
from qualification.deals import is_decided, was_lost
from qualification.events import HandedBack, OwnerChanged
from qualification.followup import record_decision, start_clocks
from qualification.offers import NotOnOffer, is_on_offer, offer
from qualification.records import Lead
from qualification.stages import MoveNotAllowed, Reason, ReasonMissing, Stage
from qualification.store import Transaction


class AlreadyClaimed(Exception):
    """Another rep was faster; a normal answer, not a fault (D23)."""

    def __init__(self, owner_id: str) -> None:
        super().__init__(f"already claimed by {owner_id}")
        self.owner_id = owner_id


class MayNotReassign(Exception):
    """Only a manager, or its owner, hands a lead on."""

    def __init__(self, owner_id: str) -> None:
        super().__init__(f"the owner is {owner_id or 'nobody'}")
        self.owner_id = owner_id


def claim(tx: Transaction, lead: Lead, *, by: str) -> None:
    """The rep takes the lead. One winner; a claim is never a contact (D11). Raises AlreadyClaimed."""
    if lead.owner_id == by:
        return
    if lead.owner_id is not None:
        raise AlreadyClaimed(lead.owner_id)
    assign(tx, lead, to=by, by=by)


def check_may_reassign(lead: Lead, *, by: str, by_manager: bool) -> None:
    """A manager hands on every lead, a rep only their own. Raises MayNotReassign."""
    if not by_manager and lead.owner_id != by:
        raise MayNotReassign(lead.owner_id or "")


def reassign(tx: Transaction, lead: Lead, *, to: str, by: str, by_manager: bool) -> None:
    """The lead changes hands; the history says by whom. One whose deal was lost is work again for who is given it.

    Raises MayNotReassign, leads.ContactForbidden.
    """
    check_may_reassign(lead, by=by, by_manager=by_manager)
    if lead.do_not_contact:
        raise leads.ContactForbidden(leads.ContactForbidden.__doc__)
    if lead.owner_id != to:
        _take_up_again(tx, lead)
    assign(tx, lead, to=to, by=by)


def assign(tx: Transaction, lead: Lead, *, to: str | None, by: str) -> None:
    before, lead.owner_id = lead.owner_id, to
    if before != to:
        tx.record(OwnerChanged(lead_id=lead.id, by=by, before=before, after=to))


def accept(tx: Transaction, lead: Lead, *, by: str) -> None:
    """Sales formally accepts: SAL, and SQL in the same press when its rule is met (M14, M15, D2). Who was lost before
    is worked on again.

    Raises MoveNotAllowed for a lead that is no TQL, NotOnOffer for one that the policy does not put to sales yet (M39).
    """
    if Stage(lead.stage) is Stage.TQL and not is_on_offer(tx, lead, tx.policy):
        raise NotOnOffer
    reason = Reason(rule="sal_accepted", policy=tx.policy.version)
    leads.advance(tx, lead, Stage.SAL, by=by, reason=reason)
    _take_up_again(tx, lead)
    if lead.owner_id is None:
        assign(tx, lead, to=by, by=by)
    record_decision(tx, lead, "accepted", by=by)
    leads.reassess(tx, lead)


def confirm(tx: Transaction, lead: Lead, *, reason: str, by: str) -> None:
    """A rep judges an accepted lead to be an SQL by hand, with a reason (M20, D2); a lost one is worked on again.

    Raises ReasonMissing, and MoveNotAllowed for a lead nobody has accepted.
    """
    if not reason.strip():
        raise ReasonMissing(ReasonMissing.__doc__)
    leads.advance(tx, lead, Stage.SQL, by=by, reason=Reason(rule="sql_by_hand", policy=tx.policy.version, words=reason))
    _take_up_again(tx, lead)


def _take_up_again(tx: Transaction, lead: Lead) -> None:
    """Somebody answers for the deal anew, so it is on their lists; what was won stays over."""
    if was_lost(tx, lead):
        lead.deal_over_at = None


def hand_back(tx: Transaction, lead: Lead, *, reason: str, to_nurture: bool = False, by: str) -> None:
    """Sales refuses, with a reason: the lead stays offered to others, or goes to nurture (D16).

    Of a lead that was accepted before, and that nobody answers for now, the managers hear; somebody owes it a contact.

    Raises ReasonMissing, and MoveNotAllowed for a lead that is not on offer.
    """
    if not reason.strip():
        raise ReasonMissing(ReasonMissing.__doc__)
    if Stage(lead.stage) not in (Stage.TQL, Stage.SAL):
        raise MoveNotAllowed(Stage(lead.stage), Stage.NURTURE if to_nurture else Stage.TQL)
    is_nobodys = Stage(lead.stage) is Stage.SAL and not to_nurture
    tx.record(HandedBack(lead_id=lead.id, by=by, reason=reason, is_nobodys=is_nobodys))
    assign(tx, lead, to=None, by=by)
    record_decision(tx, lead, "handed_back", by=by)
    if to_nurture:
        leads.put_aside(tx, lead, Stage.NURTURE, rule="handed_back", words=reason, by=by)
    elif Stage(lead.stage) is Stage.TQL:
        offer(tx, lead, leads.judge(tx, lead), anew=True)  # it stays on offer, and somebody else has to decide
    elif not is_decided(lead):
        start_clocks(tx, lead, Starts.QUALIFIED)
