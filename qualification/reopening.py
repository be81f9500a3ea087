"""Out of DISQUALIFIED: a manager gives a lead another look, with a reason (D1)."""

from qualification.events import OPERATOR
from qualification.leads import ContactForbidden, advance, reassess
from qualification.records import Lead, Rep
from qualification.stages import MoveNotAllowed, Reason, ReasonMissing, Stage
from qualification.store import Transaction

MANAGERS = frozenset({"manager", "admin"})


class ManagersOnly(Exception):
    """Only a manager may do this."""


class NotDisqualified(MoveNotAllowed):
    """Only a disqualified lead can be reopened."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, Stage.LEAD)
        self.args = (f"this lead is not disqualified, it is at {stage}",)


def reopen(tx: Transaction, lead: Lead, *, reason: str, by: str) -> None:
    """A manager, or the operator, takes a lead out of DISQUALIFIED; the facts count again at once.

    Raises ReasonMissing, ManagersOnly, ContactForbidden for a person who asked to be left alone, and NotDisqualified.
    """
    words = reason.strip()
    if not words:
        raise ReasonMissing(ReasonMissing.__doc__)
    if not _is_manager(tx, by):
        raise ManagersOnly(ManagersOnly.__doc__)
    if lead.do_not_contact:
        raise ContactForbidden(ContactForbidden.__doc__)
    if Stage(lead.stage) is not Stage.DISQUALIFIED:
        raise NotDisqualified(Stage(lead.stage))
    advance(tx, lead, Stage.LEAD, by=by, reason=Reason(rule="reopened", policy=tx.policy.version, words=words))
    reassess(tx, lead)


def _is_manager(tx: Transaction, person_id: str) -> bool:
    rep = tx.peek(Rep, person_id)
    return person_id == OPERATOR or (rep is not None and rep.role in MANAGERS)
