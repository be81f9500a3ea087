"""What became of the deal, as sales or its own system tells it: won, lost, and later whether they stay (M80, M89).

LEAD that never qualified    no deal yet: no result
MQL and beyond, or once so   won or lost; later the other as well, for of several the last counts
won                          and only then: left

Of a decided deal no timer rings, and none moves the lead: neither silence nor the time it had named.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from qualification.call_backs import call_back_no_more
from qualification.events import ResultTold
from qualification.followup import cancel_follow_ups
from qualification.one_person import records_of
from qualification.records import History, Lead
from qualification.stages import Stage, is_at_least, is_qualifying
from qualification.store import Transaction
from qualification.taken_back import Happened, still_said

H = TypeVar("H", bound=Happened)
Standing = Callable[[list[History], Callable[[History], Mapping[str, Any]]], list[History]]

RESULT_TOLD = "result"  # the deed of a rep who says it, which may be undone
EVENT = "result_told"
MOVED = "stage_moved"


class Result(StrEnum):
    WON = "won"
    LOST = "lost"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A result with what was said beside it; the amount in whole yen, dollars, ..."""

    result: Result
    amount: int | None = None
    currency: str = "JPY"
    words: str = ""


class NoDealYet(Exception):
    """Told of a lead that never qualified: the review could not count it, and its clocks would end for nothing."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(f"this lead is at {stage} and never qualified, so there is no deal yet")
        self.stage = stage


class NothingWon(Exception):
    """Nobody leaves a deal that was not won: tell first that it was won."""


def tell_result(tx: Transaction, lead: Lead, told: Told, *, by: str) -> None:
    """Write the result into the lead's history; nobody has to call any more, and the lists of what is to do are without
    the lead until something is owed to them anew. Of several results the last counts.

    Raises NoDealYet, and NothingWon for who left without a won deal.
    """
    _check(tx, lead, told.result)
    tx.record(
        ResultTold(
            lead_id=lead.id,
            by=by,
            result=told.result,
            amount=told.amount,
            currency=told.currency if told.amount is not None else None,
            words=told.words,
        )
    )
    cancel_follow_ups(tx, lead, reason=told.result, by=by)
    call_back_no_more(tx, lead)
    lead.deal_over_at = tx.now


def _check(tx: Transaction, lead: Lead, result: Result) -> None:
    moves = _of_the_person(tx, lead, moves_in)
    if not is_at_least(Stage(lead.stage), Stage.MQL) and not any(is_qualifying(row.kind, row.data) for row in moves):
        raise NoDealYet(Stage(lead.stage))
    told = [Result(row.data["result"]) for row in _of_the_person(tx, lead, results_in)]
    deals = [one for one in told if one is not Result.LEFT]
    if result is Result.LEFT and deals[-1:] != [Result.WON]:
        raise NothingWon(NothingWon.__doc__)


def _of_the_person(tx: Transaction, lead: Lead, standing: Standing) -> list[History]:
    """What stands of this kind on any record of this person, in its order; each takes back what was its own."""
    each = (standing(tx.find(History, "lead_id", one.id), lambda row: row.data) for one in records_of(tx, lead))
    return sorted((row for rows in each for row in rows), key=lambda row: (row.at, row.id or 0))


def results_in(happened: Iterable[H], facts: Callable[[H], Mapping[str, Any]]) -> list[H]:
    """What was told of the deal and not undone, in its order: of several the last counts."""
    return still_said(happened, EVENT, deed=RESULT_TOLD, facts=facts)


def is_decided(lead: Lead, *, since: datetime | None = None) -> bool:
    """Whether the deal was won or lost and nothing is owed to them anew; told before `since` it was another deal."""
    over_at = lead.deal_over_at
    return over_at is not None and (since is None or over_at >= since)


def was_lost(tx: Transaction, lead: Lead) -> bool:
    """Whether the last that was told of the deal, on any record of this person, is that it was lost."""
    told = _of_the_person(tx, lead, results_in)
    return bool(told) and told[-1].data["result"] == Result.LOST


def moves_in(happened: Iterable[H], facts: Callable[[H], Mapping[str, Any]]) -> list[H]:
    """The moves of one lead that were not undone, in their order."""
    return still_said(happened, MOVED, facts=facts)
