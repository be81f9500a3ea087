"""What a rep typed about a criterion, read the same way as a prospect's own words (M36-M38)."""

from datetime import datetime

from dialogs.reading import read
from dialogs.told import facts_beside, facts_of
from qualification.bant import Company, Contact, Headcount, Topic
from qualification.calls import Heard


class NotUnderstood(Exception):
    """Nothing about this topic could be read from the text."""


def heard_about(topic: Topic, text: str, *, now: datetime) -> Heard:
    """The answer in a field about one topic. `now` is local time. Raises NotUnderstood."""
    found = next((fact for fact in facts_of(read(text, question=topic, now=now)) if fact.topic is topic), None)
    if found is None:
        raise NotUnderstood(NotUnderstood.__doc__)
    return Heard(topic=topic, value=found.value, words=text, certainty=found.certainty)


def heard_in_note(note: str, *, now: datetime) -> tuple[Heard, ...]:
    """Every answer a pasted call note contains, at most one for each topic, with who they are beside name and firm."""
    if not note:
        return ()
    reading = read(note, question=None, now=now)
    return tuple(
        Heard(topic=fact.topic, value=fact.value, words=fact.words or note, certainty=fact.certainty)
        for fact in (*facts_of(reading), *facts_beside(reading, None))
    )


def stands_beside(fact: Heard) -> bool:
    """Whether it says who they are (a title, a line of business, that they study), and no more: it goes with what we
    know, and fills no field.
    """
    return isinstance(fact.value, Company | Contact) and not fact.value.answers


def size_alone(fact: Heard) -> Headcount | None:
    """How many they are, where no more is said of the firm: it belongs to the name we know."""
    firm = fact.value
    return firm.headcount if isinstance(firm, Company) and firm.name is None else None
