"""Where a lead stands on the ladder, and which moves are allowed (D1).

LEAD -> MQL -> TQL -> SAL -> SQL
any open stage -> NURTURE (come back later) or DISQUALIFIED (the end)
NURTURE -> MQL, TQL;  DISQUALIFIED -> LEAD by a manager only
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qualification.events import StageMoved, kind_of


class Stage(StrEnum):
    LEAD = "LEAD"
    MQL = "MQL"
    TQL = "TQL"
    SAL = "SAL"
    SQL = "SQL"
    NURTURE = "NURTURE"
    DISQUALIFIED = "DISQUALIFIED"


LADDER = (Stage.LEAD, Stage.MQL, Stage.TQL, Stage.SAL, Stage.SQL)
_ASIDE = frozenset({Stage.NURTURE, Stage.DISQUALIFIED})


class Phase(StrEnum):
    """How far the buyer has come, by themselves (M7). A qualified lead is about to go from comparison to purchase (M8):
    what sales is offered compares, what sales has accepted buys."""

    AWARENESS = "awareness"
    INTEREST = "interest"
    COMPARISON = "comparison"
    PURCHASE = "purchase"


def phase_of(stage: Stage, *, is_cold: bool) -> Phase | None:
    """The phase of a lead at this stage; before the first line its temperature tells. None for a disqualified one."""
    if stage in (Stage.SAL, Stage.SQL):
        return Phase.PURCHASE
    if stage in (Stage.MQL, Stage.TQL):
        return Phase.COMPARISON
    if stage is Stage.DISQUALIFIED:
        return None
    return Phase.AWARENESS if is_cold else Phase.INTEREST


ALLOWED_MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.LEAD: _ASIDE | {Stage.MQL, Stage.TQL},
    Stage.MQL: _ASIDE | {Stage.TQL},
    Stage.TQL: _ASIDE | {Stage.SAL},
    Stage.SAL: _ASIDE | {Stage.SQL},
    Stage.SQL: _ASIDE,
    Stage.NURTURE: frozenset({Stage.MQL, Stage.TQL, Stage.DISQUALIFIED}),
    Stage.DISQUALIFIED: frozenset({Stage.LEAD}),
}


class MoveNotAllowed(Exception):
    def __init__(self, before: Stage, after: Stage) -> None:
        super().__init__(f"a lead cannot move from {before} to {after}")
        self.before, self.after = before, after


class MayNotJudge(MoveNotAllowed):
    """The policy leaves this judgement to somebody else (M19)."""

    def __init__(self, before: Stage, after: Stage) -> None:
        super().__init__(before, after)
        self.args = (f"the policy does not let this person judge that a lead is {after}",)


class ReasonMissing(Exception):
    """Whoever sets a rule aside by hand says why."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a move was made: the rule that judged, the policy it stands in, and the facts it saw (M19)."""

    rule: str
    policy: str
    evidence: tuple[str, ...] = ()
    words: str | None = None


@dataclass(frozen=True, kw_only=True)
class Move:
    """One step on the ladder: what changed, and why."""

    before: Stage
    after: Stage
    reason: Reason


def move(current: Stage, to: Stage, *, reason: Reason) -> Move:
    """The move, if the ladder allows it; raises MoveNotAllowed."""
    if to not in ALLOWED_MOVES[current]:
        raise MoveNotAllowed(current, to)
    return Move(before=current, after=to, reason=reason)


def is_qualifying(kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether an event of the history, its kind and its facts, is a move to MQL or beyond."""
    return kind == kind_of(StageMoved) and is_at_least(Stage(facts["after"]), Stage.MQL)


def is_at_least(stage: Stage, line: Stage) -> bool:
    """Whether a stage on the ladder has reached the line; stages beside the ladder never have."""
    return stage in LADDER and LADDER.index(stage) >= LADDER.index(line)
