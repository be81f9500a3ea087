"""When a lead is offered to sales, and which leads are (M39, M50, D16).

    offer_when = "tql"         every TQL is on offer
    offer_when = "bant_rule"   a TQL is put to sales once it satisfies the rule of SQL (D6), and stays so until sales
                               has decided, whatever is said meanwhile (as in D7)

The offer is the duty to decide about it, a clock of its own (M101). So when the policy is switched, what sales was
asked before stays asked; back at "tql" every TQL is on offer at once, and its clock starts with the next thing that
happens to it. Other duties that start with an offer start with it once, however soon they are met.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import col

from qualification.answers import PROSPECT
from qualification.assessment import Verdict
from qualification.clock_rules import Starts
from qualification.deals import is_decided
from qualification.events import POLICY, LeadOffered
from qualification.followup import DECISION, Status, start_clocks
from qualification.kept_rules import rule_of
from qualification.look import Rows
from qualification.policy import Policy
from qualification.records import FollowUp, KeptRule, Lead, is_written
from qualification.stages import MoveNotAllowed, Stage
from qualification.store import Transaction


class NotOnOffer(MoveNotAllowed):
    """Sales is not asked about this lead yet: what the policy asks of an offer is missing."""

    def __init__(self) -> None:
        super().__init__(Stage.TQL, Stage.SAL)
        self.args = (NotOnOffer.__doc__,)


def offer(tx: Transaction, lead: Lead, judged: Verdict, *, anew: bool) -> None:
    """Sales is asked to accept a TQL or to hand it back, as soon as the policy lets it be asked; once.

    `anew`: it has just become a TQL, or was handed back. Otherwise it is offered only where sales has yet to be asked,
    and once its deal was won or lost only for something they have said since.
    """
    rules = judged.policy.stages
    if Stage(lead.stage) is not Stage.TQL or rules.auto_accept or not judged.is_for_sales:
        return
    if waits_for_sales(tx, lead) or not (anew or judged.policy.asks_sales):
        return
    if not anew and is_decided(lead, since=_last_said(judged)):
        return
    start_clocks(tx, lead, Starts.OFFERED)
    if rules.offer_when == "bant_rule" and (asked := _question_to_sales(tx, lead)):
        tx.record(LeadOffered(lead_id=lead.id, by=POLICY, rule=asked.rule, evidence=rules.sql.required))


def _last_said(judged: Verdict) -> datetime | None:
    """When they told us anything themselves; what a rep notes is no word of theirs."""
    return max((one.at for one in judged.picture.known.stated if one.said_by == PROSPECT), default=None)


def is_on_offer(rows: Rows, lead: Lead, policy: Policy) -> bool:
    """Whether sales may accept it now."""
    if Stage(lead.stage) is not Stage.TQL:
        return False
    return policy.in_segment(lead.segment).stages.offer_when == "tql" or waits_for_sales(rows, lead)


def waits_for_sales(rows: Rows, lead: Lead) -> bool:
    """Whether sales was asked and has not decided."""
    return _question_to_sales(rows, lead) is not None


def _question_to_sales(rows: Rows, lead: Lead) -> FollowUp | None:
    running = (row for row in rows.find(FollowUp, "lead_id", lead.id) if row.status == Status.OPEN)
    return next((row for row in running if rule_of(rows, row).asks_sales), None)


def put_to_sales(policy: Policy) -> ColumnElement[bool] | None:
    """Which of many TQLs are on offer, as a statement asks it; None where all of them are."""
    every = {name: own.stages.offer_when == "tql" for name, own in policy.of_segment.items()}
    is_first = policy.stages.offer_when == "tql"
    if is_first and all(every.values()):
        return None
    others = [name for name, at_once in every.items() if at_once is not is_first]
    segment = col(Lead.segment)
    at_once = segment.not_in(others) if is_first else segment.in_(others)
    says = col(KeptRule.says)
    asked = exists().where(
        col(FollowUp.lead_id) == col(Lead.id),
        is_written(FollowUp.status, Status.OPEN),
        col(KeptRule.name) == col(FollowUp.began_with),
        says["starts"].as_string() == Starts.OFFERED,
        says["met_by"].as_string() == DECISION,
    )
    return or_(at_once, asked)
