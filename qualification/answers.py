"""What we know of a lead: every stated answer with its provenance, and which one counts.

The newer answer counts; when prospect and rep disagree, both stay and the topic is flagged (D22). What somebody said
who merely typed the prospect's address never counts in place of an answer: it stays beside it, and flags what differs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple, Protocol, TypeVar

from qualification.bant import (
    CRITERIA,
    TOPIC_OF,
    Authority,
    Budget,
    Company,
    Contact,
    Need,
    Timeframe,
    Topic,
    Value,
    as_kept,
    from_json,
    gist,
)

PROSPECT = "prospect"
CHAT = "chat"
BY_ADDRESS = "form_by_address"  # of a form whose visitor typed an address we knew already, which proves nothing
TOPICS: dict[str, Topic] = {topic.value: topic for topic in Topic}
V = TypeVar("V", bound=Value)


class KeptAnswer(Protocol):
    """An answer as its row keeps it (records.py): `certainty` in hundredths, who and where empty for the usual ones."""

    topic: str
    value: dict[str, Any]
    words: str
    certainty: int
    said_by: str | None
    via: str | None
    at: datetime
    withdrawn_at: datetime | None


K = TypeVar("K", bound=KeptAnswer)


class Stated(NamedTuple):
    """One answer: the value, the speaker's own words, how sure the reading was, who, where, when."""

    topic: Topic
    value: Value
    words: str
    certainty: float
    said_by: str
    via: str
    at: datetime

    @classmethod
    def of(cls, row: KeptAnswer) -> "Stated":
        """The answer a row keeps."""
        topic = TOPICS[row.topic]
        return cls(
            topic=topic,
            value=from_json(topic, row.value),
            words=row.words,
            certainty=row.certainty / 100,
            said_by=row.said_by or PROSPECT,
            via=row.via or CHAT,
            at=row.at,
        )

    def as_kept(self) -> dict[str, Any]:
        """The columns of its row."""
        return {
            "topic": self.topic,
            "value": as_kept(self.topic, self.value),
            "words": self.words,
            "certainty": round(self.certainty * 100),
            "said_by": self.said_by if self.said_by != PROSPECT else None,
            "via": self.via if self.via != CHAT else None,
            "at": self.at,
        }


def not_withdrawn(rows: Iterable[K]) -> list[K]:
    """Those that nobody has taken back."""
    return [row for row in rows if row.withdrawn_at is None]


@dataclass(frozen=True)
class Known:
    """All answers of one lead that were not withdrawn, oldest first."""

    stated: tuple[Stated, ...] = ()
    _counting: dict[Topic, Stated] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_counting", _counting(self.stated))

    @classmethod
    def of(cls, rows: Iterable[KeptAnswer]) -> "Known":
        """From rows in any order."""
        return cls.said(map(Stated.of, not_withdrawn(rows)))

    @classmethod
    def said(cls, answers: Iterable[Stated]) -> "Known":
        """From answers in any order."""
        return cls(tuple(sorted(answers, key=attrgetter("at"))))

    def with_answer(self, answer: Stated) -> "Known":
        return Known((*self.stated, answer))

    def about(self, topic: Topic) -> Stated | None:
        """The answer that counts. Company and contact gather their parts: a name now, a phone number later."""
        return self._counting.get(topic)

    @property
    def counting(self) -> Iterable[Stated]:
        """The answers that count, one a topic."""
        return self._counting.values()

    def _value(self, kind: type[V]) -> V | None:
        answer = self.about(TOPIC_OF[kind])
        return answer.value if answer is not None and isinstance(answer.value, kind) else None

    @property
    def need(self) -> Need | None:
        return self._value(Need)

    @property
    def timeframe(self) -> Timeframe | None:
        return self._value(Timeframe)

    @property
    def authority(self) -> Authority | None:
        return self._value(Authority)

    @property
    def budget(self) -> Budget | None:
        return self._value(Budget)

    @property
    def company(self) -> Company | None:
        return self._value(Company)

    @property
    def contact(self) -> Contact | None:
        return self._value(Contact)

    @property
    def reachable(self) -> bool:
        return self.contact is not None and self.contact.reachable

    @property
    def unknown(self) -> tuple[Topic, ...]:
        """The criteria nobody has told us about, in the order we ask them."""
        return tuple(topic for topic in CRITERIA if self.about(topic) is None)

    @property
    def conflicts(self) -> tuple[Topic, ...]:
        """Criteria on which prospect and rep differ, until a rep has settled it by saying it once more (D22).

        Or on which a form differs whose visitor proved nothing, until rep or prospect say it once more.
        """
        return tuple(topic for topic in CRITERIA if self._disagree(topic))

    def _disagree(self, topic: Topic) -> bool:
        said: dict[bool, tuple[object, ...]] = {}
        latest: tuple[object, ...] | None = None
        disagree = False
        for answer in self.stated:
            if answer.topic is not topic:
                continue
            ours, word = answer.said_by != PROSPECT, gist(answer.value)
            if answer.via == BY_ADDRESS:
                disagree = disagree or latest not in (None, word)
                continue
            disagree = not (disagree and ours) and said.get(not ours, word) != word
            said[ours] = latest = word
        return disagree


def _counting(stated: Iterable[Stated]) -> dict[Topic, Stated]:
    """The answer to each topic that counts."""
    counting: dict[Topic, Stated] = {}
    for answer in stated:
        if answer.via == BY_ADDRESS:
            continue
        topic = answer.topic
        if topic in counting and topic not in CRITERIA:
            answer = _gathered(counting[topic], answer)
        counting[topic] = answer
    return counting


def _gathered(earlier: Stated, latest: Stated) -> Stated:
    """The latest, with those parts of the earlier that it says nothing of."""
    return latest._replace(value=with_what_is_unsaid(latest.value, earlier.value))


def with_what_is_unsaid(value: V, other: Value) -> V:
    """The value, with those parts of another of its kind that it says nothing of."""
    unsaid = [part.name for part in fields(value) if getattr(value, part.name) is None]
    return replace(value, **{name: getattr(other, name) for name in unsaid})
