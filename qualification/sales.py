"""What became of the deal, as sales or its own system tells it: won, lost, and later whether they stay (M80, M89)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from qualification.events import ResultTold
from qualification.followup import cancel_follow_ups
from qualification.records import Lead
from qualification.store import Transaction
from qualification.taken_back import Happened, still_said

H = TypeVar("H", bound=Happened)


RESULT_TOLD = "result"  # the deed of a rep who says it, which may be undone
EVENT = "result_told"


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


def tell_result(tx: Transaction, lead: Lead, told: Told, *, by: str) -> None:
    """Write the result into the lead's history; nobody has to call any more. Of several the last counts."""
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


def results_in(happened: Iterable[H], facts: Callable[[H], Mapping[str, Any]]) -> list[H]:
    """What was told of the deal and not undone, in its order: of several the last counts."""
    return still_said(happened, EVENT, deed=RESULT_TOLD, facts=facts)
