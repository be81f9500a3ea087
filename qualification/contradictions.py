"""Two answers that do not agree, and the word of a rep which of them is right (D22).

Both stay; the one a rep points to is said once more, as theirs, and counts from then on.
"""

import hashlib
import json
from typing import NamedTuple

from qualification import leads
from qualification.answers import BY_ADDRESS, PROSPECT, Known, Stated
from qualification.bant import Topic, gist, to_json
from qualification.records import Lead
from qualification.store import Transaction

SETTLED_IN = "slack"


class NothingToSettle(Exception):
    """It was settled before, or one of the two answers has changed since."""


class Contradiction(NamedTuple):
    """The prospect's answer and ours; or the one that counts and what a form says whose visitor proved nothing."""

    one: Stated
    other: Stated

    @property
    def is_by_address(self) -> bool:
        return self.other.via == BY_ADDRESS


def contradiction_about(known: Known, topic: Topic) -> Contradiction | None:
    """The latest two that differ; None where nothing is to be settled."""
    if topic not in known.conflicts:
        return None
    answers = [answer for answer in reversed(known.stated) if answer.topic is topic]
    told = [answer for answer in answers if answer.via != BY_ADDRESS]
    if answers[0].via == BY_ADDRESS:
        for answer in answers:
            if answer.via == BY_ADDRESS and gist(answer.value) != gist(told[0].value):
                return Contradiction(told[0], answer)
    theirs = next(answer for answer in told if answer.said_by == PROSPECT)
    ours = next(answer for answer in told if answer.said_by != PROSPECT)
    return Contradiction(theirs, ours)


def mark_of(answer: Stated) -> str:
    """By which a button tells the answer it was drawn for from any that came since; it says nothing of it."""
    value = json.dumps(to_json(answer.topic, answer.value), sort_keys=True)
    return hashlib.sha256(value.encode()).hexdigest()[:8]


def settle(tx: Transaction, lead: Lead, topic: Topic, mark: str, *, by: str) -> None:
    """The answer with this mark is right, says a rep: recorded as theirs, in the words it was first said in.

    Raises NothingToSettle.
    """
    sides = contradiction_about(leads.known_of(tx, lead), topic) or ()
    right = next((answer for answer in sides if mark_of(answer) == mark), None)
    if right is None:
        raise NothingToSettle(NothingToSettle.__doc__)
    answer = right._replace(certainty=1.0, said_by=by, via=SETTLED_IN, at=tx.now)
    leads.record_answer(tx, lead, answer, by=by)
    leads.reassess(tx, lead)
