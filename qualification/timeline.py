"""What happened to a lead, line by line in its order: the history, and what rows of their own tell already.

An answer and the start of a clock are kept once, as what they are; here they are lines among the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from qualification.answers import BY_ADDRESS, CHAT, PROSPECT
from qualification.bant import Topic, as_told
from qualification.events import CLOCK, AnswerGiven, FollowUpOpened, LeadCaptured, kind_of
from qualification.records import Answer, FollowUp, History, JsonDict


@dataclass(frozen=True, kw_only=True)
class Line:
    kind: str
    by: str
    at: datetime
    facts: JsonDict


def timeline(history: Sequence[History], answers: Sequence[Answer], clocks: Sequence[FollowUp]) -> tuple[Line, ...]:
    """Oldest first; of one instant what was said stands before what came of it."""
    told = (Line(kind=row.kind, by=row.by, at=row.at, facts=row.data) for row in history)
    return tuple(sorted((*told, *_answers(answers), *map(_opened, clocks)), key=_place))


def _answers(rows: Sequence[Answer]) -> Iterator[Line]:
    told: set[str] = set()
    for row in sorted(rows, key=lambda row: row.at):
        replaces = row.topic in told and row.via != BY_ADDRESS
        value = as_told(Topic(row.topic), row.value)
        facts = {"topic": row.topic, "value": value, "words": row.words, "via": row.via or CHAT, "replaces": replaces}
        told.add(row.topic)
        yield Line(kind=kind_of(AnswerGiven), by=row.said_by or PROSPECT, at=row.at, facts=facts)


def _opened(clock: FollowUp) -> Line:
    facts = {
        "rule": clock.rule,
        "generation": clock.generation,
        "started_at": clock.started_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
    }
    return Line(kind=kind_of(FollowUpOpened), by=CLOCK, at=clock.started_at, facts=facts)


def _place(line: Line) -> tuple[datetime, int]:
    return line.at, FIRST.get(line.kind, len(FIRST))


FIRST = {kind_of(LeadCaptured): 0, kind_of(AnswerGiven): 1}
