"""The interview's states and the one table of its steps.

One machine checks the table and lays it out; it holds no state, so nothing is built for a turn (ADR 3).
There are no callbacks: `fire` takes the first step that is allowed, and changes nothing when there is none.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from transitions import Machine

from dialogs.playbook import Playbook, Question
from qualification.answers import Known
from qualification.bant import NO_BUSINESS, Company, Contact, Topic, Value
from qualification.stages import Stage


class State(StrEnum):
    ASKING = "asking"
    CONFIRMING = "confirming"
    COMPLETED = "completed"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    ABANDONED = "abandoned"


OPEN = [State.ASKING, State.CONFIRMING]
QUIET = [State.ASKING, State.CONFIRMING, State.ABANDONED]
EVERY = list(State)
OTHER_WAY = "the_other_way."  # and which: kept with the tries
QUESTION_STANDS = frozenset({State.ASKING, State.ABANDONED, State.HANDED_OVER})
"""It waits for its answer; a person who was promised a call may still be asked how to reach them."""

# trigger, from, to, only if
TRANSITIONS: tuple[tuple[str, list[State], State, str | None], ...] = (
    ("answer", [State.ASKING], State.ASKING, "has_more_to_ask"),
    ("answer", [State.ASKING], State.CONFIRMING, None),
    ("correct", [State.CONFIRMING, State.ASKING], State.ASKING, "has_more_to_ask"),
    ("correct", [State.CONFIRMING, State.ASKING], State.CONFIRMING, None),
    ("confirm", [State.CONFIRMING], State.COMPLETED, None),
    ("reopen", [State.COMPLETED], State.CONFIRMING, None),
    ("hand_over", [State.ASKING, State.CONFIRMING, State.COMPLETED], State.HANDED_OVER, None),
    ("take_over", [*QUIET, State.COMPLETED, State.HANDED_OVER], State.HANDED_OVER, None),
    ("hand_back", [State.HANDED_OVER], State.COMPLETED, "was_completed"),
    ("hand_back", [State.HANDED_OVER], State.ASKING, "has_more_to_ask"),
    ("hand_back", [State.HANDED_OVER], State.CONFIRMING, None),
    ("stop", [*OPEN, State.COMPLETED, State.HANDED_OVER, State.ABANDONED], State.DECLINED, None),
    ("go_quiet", OPEN, State.COMPLETED, "was_completed"),
    ("go_quiet", OPEN, State.ABANDONED, None),
    ("come_back", [State.ABANDONED], State.ASKING, "has_more_to_ask"),
    ("come_back", [State.ABANDONED], State.CONFIRMING, None),
)


class Refused(Exception):
    """The interview cannot take this step from where it is."""


@dataclass
class Interview:
    """One interview: where it is, what it has asked how often, and what is known so far.

    `closes` says which stages what is known puts out of reach: a question that only helps to earn one is left out.
    `was_completed`: a person took over after the end, or it was opened again, so there is nothing left to go back to.
    `asked_back`: how often they asked what only a person can answer.
    """

    playbook: Playbook
    state: State
    known: Known
    question: str | None = None
    asked: dict[str, int] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    reopened: str | None = None
    closes: Callable[[Known], frozenset[Stage]] = lambda known: frozenset()
    was_completed: bool = False
    asked_back: int = 0
    _answered_in: tuple[Known, frozenset[Topic]] | None = None
    _closed_in: tuple[Known, frozenset[Stage]] | None = None

    def fire(self, trigger: str) -> None:
        """Take one step; raises Refused and changes nothing when the table does not allow it."""
        for to, only_if in _STEPS.get((trigger, self.state), ()):
            if only_if is None or getattr(self, only_if):
                self.state = to
                return
        raise Refused(f"cannot {trigger} while {self.state}")

    @property
    def has_more_to_ask(self) -> bool:
        return self.next_question() is not None

    @property
    def can_go_on(self) -> bool:
        """Whether there are questions to go back to, once a person was asked for."""
        return not self.was_completed and self.has_more_to_ask

    def next_question(self) -> Question | None:
        """The question a person wants to answer anew, or the first whose answer is unknown and could still matter."""
        if self.reopened:
            return self.playbook.question(self.reopened)
        return next(self._open_questions(), None)

    @property
    def left_to_ask(self) -> int:
        """How many questions are still to come, the one that waits for its answer among them."""
        return sum(1 for _ in self._open_questions())

    def _open_questions(self) -> Iterator[Question]:
        answered = self._answered()
        for question in self.playbook.questions:
            if question.key in self.passed or question.about in answered:
                continue
            if question.for_stage is None or question.for_stage not in self._closed():
                yield question

    @property
    def asks_for_no_firm(self) -> bool:
        """A student, or somebody who asks for themselves (M61)."""
        contact = self.known.about(Topic.CONTACT)
        return contact is not None and isinstance(contact.value, Contact) and contact.value.standing in NO_BUSINESS

    def _answered(self) -> frozenset[Topic]:
        """Looked up once for what is known."""
        if self._answered_in is None or self._answered_in[0] is not self.known:
            answered = frozenset(answer.topic for answer in self.known.counting if _is_whole(answer.value))
            self._answered_in = (self.known, answered | {Topic.COMPANY} if self.asks_for_no_firm else answered)
        return self._answered_in[1]

    def _closed(self) -> frozenset[Stage]:
        """The stages that are out of reach; the same, and only where a question depends on it."""
        if self._closed_in is None or self._closed_in[0] is not self.known:
            self._closed_in = (self.known, self.closes(self.known))
        return self._closed_in[1]

    def ask_again(self, question: Question) -> bool:
        """Count one more try; False when we have asked often enough and move on."""
        tries = self.asked.get(question.key, 0) + 1
        self.asked[question.key] = tries
        if tries > self.playbook.ask_again:
            self.passed.add(question.key)
            return False
        return True

    @property
    def way_left(self) -> str | None:
        """Of a number and an address the one to ask for, where they refused the other."""
        kept = next((key for key in self.asked if key.startswith(OTHER_WAY)), None)
        return kept.removeprefix(OTHER_WAY) if kept else None

    def take_other_way(self, way: str) -> None:
        """They refused one way to reach them: this one is asked for from now on."""
        self.asked[f"{OTHER_WAY}{way}"] = 1

    @property
    def topic(self) -> Topic | None:
        return self.playbook.question(self.question).about if self.question else None


def _is_whole(value: Value) -> bool:
    """Whether nothing of it is left to ask: a firm has a name, and a person has one and can be reached."""
    if isinstance(value, Contact):
        return value.reachable and bool(value.name)
    return not isinstance(value, Company) or value.name is not None


MACHINE = Machine(
    model=None,
    states=State,
    initial=State.ASKING,
    auto_transitions=False,
    transitions=[
        {"trigger": trigger, "source": sources, "dest": dest, "conditions": only_if}
        for trigger, sources, dest, only_if in TRANSITIONS
    ],
)

# from (trigger, state): where to, only if
_STEPS: dict[tuple[str, State], list[tuple[State, str | None]]] = {
    (trigger, State[source]): [
        (State[str(step.dest)], str(step.conditions[0].func) if step.conditions else None) for step in steps
    ]
    for trigger, event in MACHINE.events.items()
    for source, steps in event.transitions.items()
}
