"""What we understood from a text, each fact with its place in it and how sure we are."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from qualification.bant import Authority, Budget, Company, Contact, Industry, Need, Standing, Timeframe

T = TypeVar("T")
Language = Literal["ja", "en"]
Span = tuple[int, int]
"""Where something stands in a text: its first character, and the one behind its last."""


class Act(StrEnum):
    """What the person does by saying it; one per text."""

    ANSWER = "answer"
    CORRECT = "correct"
    DECLINE = "decline"
    DONT_KNOW = "dont_know"
    QUESTION = "question"
    HUMAN = "human"
    STOP = "stop"
    NOISE = "noise"


@dataclass(frozen=True, kw_only=True)
class Found(Generic[T]):
    """One fact: the value, the words it came from, and the rule that read them.

    `span` counts characters of the text as it was written; `certainty` runs from 0 to 1,
    and below `UNSURE` the interview asks to confirm.
    """

    value: T
    span: tuple[int, int]
    words: str
    certainty: float
    rule: str


UNSURE = 0.6
SURE, FAIR, GUESSED = 0.95, 0.8, 0.55
"""How sure a rule is: said in so many words; with something beside it that tells; a bare word, a guess from little."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A name, an address or a number they gave, ready to keep, and where it stands in `plain`."""

    value: str
    start: int
    end: int
    certainty: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Attributes:
    """Who the speaker is beside their name and firm (M55), each with its place and rule; none of it is an act."""

    industry: Found[Industry] | None = None
    standing: Found[Standing] | None = None
    title: Found[str] | None = None
    department: Found[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Everything one text says: the act, and at most one fact for each topic.

    `wants_deletion` marks a stop that asks to delete what we know of the person.
    """

    text: str
    language: Language
    act: Act
    budget: Found[Budget] | None = None
    timeframe: Found[Timeframe] | None = None
    authority: Found[Authority] | None = None
    need: Found[Need] | None = None
    company: Found[Company] | None = None
    contact: Found[Contact] | None = None
    attributes: Attributes | None = None
    wants_deletion: bool = False
