"""How long a person's data is kept, and what becomes of it then (D26): the rule, which only decides.

    a chat without a lead         silent for `unqualified_chat_days`       the talk goes
    a chat of a lead below the    nothing happened for so long             the talk goes, and the lead with it when
    qualified line                                                         it came from this chat alone
    any lead                      quiet for `quiet_lead_months`            the person goes, out of every room

Whoever has a running clock, or something that waits for its day, is never touched. NURTURE has a way back, so its leads
are kept for the longer time; whoever asked not to be contacted loses the talk and stays known as such until then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from qualification.policies.parts import Retention
from qualification.stages import LADDER, Stage
from qualification.timeframes import months_later

BY = "retention"


class Fate(StrEnum):
    """What becomes of a talk or a person, and why in one word."""

    KEEP = "keep"
    TALK_OF_NOBODY = "talk_of_nobody"
    TALK_LED_NOWHERE = "talk_led_nowhere"
    LEAD_LED_NOWHERE = "lead_led_nowhere"
    LEAD_IS_QUIET = "lead_is_quiet"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What counts of a lead, over all records of the person. `quiet_since`: the last thing that happened."""

    stage: str
    quiet_since: datetime
    is_waited_for: bool
    do_not_contact: bool
    came_from_one_chat: bool


def chats_go_before(rule: Retention, now: datetime) -> datetime | None:
    """Chats in which nobody spoke since then may go; None: they are kept."""
    return now - timedelta(days=rule.unqualified_chat_days) if rule.unqualified_chat_days else None


def leads_go_before(rule: Retention, now: datetime) -> datetime | None:
    """Leads to whom nothing happened since then may go; None: they are kept. Calendar months in UTC."""
    if not rule.quiet_lead_months:
        return None
    return datetime.combine(months_later(now.date(), -rule.quiet_lead_months), now.time(), now.tzinfo)


def stages_that_led_nowhere(qualified_from: str) -> tuple[Stage, ...]:
    """Below the qualified line, and the end; NURTURE waits for its day."""
    return (*LADDER[: LADDER.index(Stage(qualified_from))], Stage.DISQUALIFIED)


def fate_of_chat(
    spoke_at: datetime, lead: Standing | None, rule: Retention, *, qualified_from: str, now: datetime
) -> Fate:
    """What becomes of a chat in which somebody spoke last at `spoke_at` (UTC); `lead` is None for a talk of nobody.

    `qualified_from` is the stage from which a lead has led somewhere.
    """
    limit = chats_go_before(rule, now)
    if limit is None or spoke_at > limit:
        return Fate.KEEP
    if lead is None:
        return Fate.TALK_OF_NOBODY
    if lead.is_waited_for or lead.quiet_since > limit or lead.stage not in stages_that_led_nowhere(qualified_from):
        return Fate.KEEP
    whole = lead.came_from_one_chat and not lead.do_not_contact
    return Fate.LEAD_LED_NOWHERE if whole else Fate.TALK_LED_NOWHERE


def fate_of_lead(lead: Standing, rule: Retention, now: datetime) -> Fate:
    """What becomes of a person to whom nothing has happened since `lead.quiet_since` (UTC)."""
    limit = leads_go_before(rule, now)
    if limit is None or lead.is_waited_for or lead.quiet_since > limit:
        return Fate.KEEP
    return Fate.LEAD_IS_QUIET
