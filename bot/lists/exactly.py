"""What a lead answered, exactly: beside the words a person reads in the criteria columns, for the way back.

    budget      answers
    300万円     {"budget": {"reads": "300万円", "value": {"amount": 3000000, "currency": "JPY"}, "words": "300くらい"}}

Words leave something out ("around July 2026" names no day), and a cell may be mended by hand. So the value of this
column counts as long as its cell still reads as it went out; a cell that was changed is read like any other.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.typed import readable
from qualification.answers import Stated
from qualification.bant import CRITERIA, Topic, as_kept, from_json
from qualification.calls import Heard


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
    """The answers as one cell, each beside the words for it in its own column."""
    exact = {
        answer.topic: _Exact(
            reads=readable(reads),
            value=as_kept(answer.topic, answer.value),
            words=readable(answer.words),
            certainty=answer.certainty,
        )
        for answer, reads in answers
    }
    return json.dumps(_COLUMN.dump_python(exact, mode="json", exclude_defaults=True), ensure_ascii=False)


def unchanged(cell: str, cells: Mapping[Topic, str]) -> dict[Topic, Heard]:
    """The answers of such a cell whose own columns still read as they went out. Raises NotOurs."""
    try:
        exact = _COLUMN.validate_json(cell)
        return {
            topic: Heard(topic=topic, value=from_json(topic, one.value), words=one.words, certainty=one.certainty)
            for topic, one in exact.items()
            if topic in CRITERIA and cells.get(topic, "") == one.reads
        }
    except ValidationError as wrong:
        raise NotOurs("cannot be read: leave it as it was exported, or leave the column out") from wrong
