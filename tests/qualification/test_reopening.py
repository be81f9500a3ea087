"""Out of DISQUALIFIED: by a manager, with a reason, and never against the person's own wish (D1)."""

import pytest

from qualification import leads
from qualification.reopening import ManagersOnly, NotDisqualified, reopen
from qualification.stages import ReasonMissing, Stage
from tests.business import Business


def test_the_operator_reopens_a_lead_and_its_facts_count_again(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(leads.put_aside, lead, Stage.DISQUALIFIED, rule="no_need", by="yuki")
    firm.does(reopen, lead, reason="they wrote again", by="operator")

    reopened = [row.data for row in firm.history(lead, "stage_moved") if row.data["rule"] == "reopened"]
    assert [(row["before"], row["after"], row["words"]) for row in reopened] == [
        ("DISQUALIFIED", "LEAD", "they wrote again")
    ]
    assert firm.lead(lead).stage == Stage.TQL
    assert getattr(firm.clock_of(lead), "status", None) == "open"


@pytest.mark.parametrize(
    ("by", "reason", "problem"),
    [("yuki", "why not", ManagersOnly), ("operator", " ", ReasonMissing)],
)
def test_reopening_is_for_managers_and_needs_a_reason(firm: Business, by: str, reason: str, problem: type) -> None:
    lead = firm.has_lead(stage=Stage.DISQUALIFIED)
    with pytest.raises(problem):
        firm.does(reopen, lead, reason=reason, by=by)


def test_who_asked_to_be_left_alone_is_not_reopened(firm: Business) -> None:
    lead = firm.qualified_lead()
    firm.does(leads.opt_out, lead, words="stop", by="prospect")
    with pytest.raises(leads.ContactForbidden):
        firm.does(reopen, lead, reason="again", by="operator")


def test_only_a_disqualified_lead_is_reopened(firm: Business) -> None:
    with pytest.raises(NotDisqualified, match="it is at NURTURE"):
        firm.does(reopen, firm.has_lead(stage=Stage.NURTURE), reason="again", by="operator")
