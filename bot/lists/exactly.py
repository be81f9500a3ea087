"""What a lead answered, exactly: beside the words a person reads in the criteria columns, for the way back.

    budget      answers
    300万円     {"budget": {"reads": "300万円", "value": {"amount": 3000000, "currency": "JPY"}, "words": "300くらい"}}

Words leave something out ("around July 2026" names no day), and a cell may be mended by hand. So the value of this
column counts as long as its cell still reads as it went out; a cell that was changed is read like any other, and beside
an empty one nothing counts. What no answer of ours can be is refused: everybody can write into a list.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.typed import LARGEST_AMOUNT, YEARS, in_one_line, readable
from qualification.answers import Stated
from qualification.bant import (
    CRITERIA,
    Authority,
    Budget,
    Clarity,
    Need,
    Timeframe,
    Topic,
    Value,
    as_kept,
    from_json,
)
from qualification.calls import Heard

LONGEST_WORDS = 4_000
LONGEST_NAME = 200
MOST_KINDS = 50
_CURRENCY = re.compile(r"[A-Z]{3}")


class NotOurs(ValueError):
    """The column was written by somebody else, or is cut off."""


class _Exact(BaseModel):
    """`reads` is what stands in the criterion's own column."""

    model_config = ConfigDict(extra="forbid")

    reads: str
    value: dict[str, Any]
    words: str = ""
    certainty: float = Field(default=1.0, ge=0, le=1)


_COLUMN = TypeAdapter(dict[Topic, _Exact])


def written(answers: Iterable[tuple[Stated, str]]) -> str:
    """The answers as one cell, each beside the words for it in its own column; only those that `unchanged` takes."""
    exact = {
        answer.topic: _Exact(
            reads=readable(reads),
            value=_seen(as_kept(answer.topic, answer.value)),
            words=readable(answer.words)[:LONGEST_WORDS],
            certainty=answer.certainty,
        )
        for answer, reads in answers
        if readable(reads) and _can_be(answer.value)
    }
    return json.dumps(_COLUMN.dump_python(exact, mode="json", exclude_defaults=True), ensure_ascii=False)


def unchanged(cell: str, cells: Mapping[Topic, str]) -> dict[Topic, Heard]:
    """The answers of such a cell whose own columns still read as they went out. Raises NotOurs."""
    try:
        exact = _COLUMN.validate_json(cell)
        return {
            topic: _heard(topic, one)
            for topic, one in exact.items()
            if topic in CRITERIA and one.reads and cells.get(topic) == one.reads
        }
    except (ValidationError, NotOurs) as wrong:
        raise NotOurs("cannot be read: leave it as it was exported, or leave the column out") from wrong


def _heard(topic: Topic, one: _Exact) -> Heard:
    """Ours is what our rows would keep in the same words. Raises NotOurs, ValidationError."""
    value, words = from_json(topic, one.value), readable(one.words)
    if as_kept(topic, value) != one.value or _seen(one.value) != one.value or not _can_be(value):
        raise NotOurs(f"no {topic} of ours")
    if len(words) > LONGEST_WORDS:
        raise NotOurs(f"longer than {LONGEST_WORDS} characters")
    return Heard(topic=topic, value=value, words=words, certainty=one.certainty)


def _seen(value: dict[str, Any]) -> dict[str, Any]:
    return {name: in_one_line(part).strip() if isinstance(part, str) else part for name, part in value.items()}


def _can_be(value: Value) -> bool:
    """Whether somebody can have answered so."""
    match value:
        case Budget():
            ends = [end for end in (value.minimum, value.maximum) if end is not None]
            named = value.currency is None or _CURRENCY.fullmatch(value.currency)
            return _said(value, ends) and bool(named) and all(0 <= end <= LARGEST_AMOUNT for end in ends)
        case Timeframe():
            days = [day for day in (value.earliest, value.latest) if day is not None]
            return _said(value, days) and all(day.year in YEARS for day in days)
        case Authority():
            return len(value.approver or "") <= LONGEST_NAME
        case Need():
            kinds = value.categories
            return len(kinds) <= MOST_KINDS and all(in_one_line(kind) == kind[:LONGEST_NAME] for kind in kinds)
        case _:
            return False


def _said(value: Budget | Timeframe, ends: list[Any]) -> bool:
    """From the lower end to the upper; without either only where it is undecided, or there is none."""
    return (bool(ends) or value.clarity is not Clarity.KNOWN) and ends == sorted(ends)
