"""What a rep typed about a criterion, read the same way as a prospect's own words (M36-M38)."""

from datetime import datetime

from dialogs.reading import read
from qualification.bant import Company, Headcount, Topic
from qualification.calls import Heard


class NotUnderstood(Exception):
    """Nothing about this topic could be read from the text."""


def heard_about(topic: Topic, text: str, *, now: datetime) -> Heard:
    """The answer in a field about one topic. `now` is local time. Raises NotUnderstood."""
    found = getattr(read(text, question=topic, now=now), topic.value)
    if found is None:
        raise NotUnderstood(NotUnderstood.__doc__)
    return Heard(topic=topic, value=found.value, words=text, certainty=found.certainty)


def heard_in_note(note: str, *, now: datetime) -> tuple[Heard, ...]:
    """Every answer a pasted call note contains, at most one for each topic."""
    if not note:
        return ()
    reading = read(note, question=None, now=now)
    found = ((topic, getattr(reading, topic.value)) for topic in Topic)
    return tuple(
        Heard(topic=topic, value=fact.value, words=fact.words or note, certainty=fact.certainty)
        for topic, fact in found
        if fact is not None
    )


def size_alone(fact: Heard) -> Headcount | None:
    """How many they are, where no more is said of the firm: it belongs to the name we know."""
    firm = fact.value
    return firm.headcount if isinstance(firm, Company) and firm.name is None else None
