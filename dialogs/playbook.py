"""What to ask, in which order: a playbook is data, checked when it is read.

Answers are kept by topic and questions by key, never by position, so a playbook may change while talks run;
a running talk stays on the text it began with.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qualification.bant import Authority, Budget, Need, Timeframe, Topic, Value
from qualification.policies.places import line_of_error, line_of_place
from qualification.stages import Stage
from qualification.timeframes import months_later

SKIP = "skip"

Mistake = tuple[Sequence[str], str]  # where it stands in the text, what is wrong


class BadPlaybook(ValueError):
    """The playbook has mistakes; the message has a line for each, and names its place."""


class Choice(BaseModel):
    """A quick reply, and the value it stands for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: str
    need: Need | None = None
    timeframe: Timeframe | None = None
    months: tuple[int, int] | None = None
    authority: Authority | None = None
    budget_by_language: dict[str, Budget] | None = None

    def meaning(self, *, today: date, language: str) -> Value:
        """The value this reply stands for, said today in this language. Raises BadPlaybook when it stands for none."""
        if self.months is not None:
            first, last = self.months
            return Timeframe(earliest=months_later(today, first), latest=months_later(today, last))
        if self.budget_by_language is not None:
            return self.budget_by_language[language]
        value = self.need or self.timeframe or self.authority
        if value is None:
            raise BadPlaybook(f"the choice {self.value!r} stands for nothing")
        return value


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    about: Topic
    for_stage: Stage | None = None
    choices: tuple[Choice, ...] = Field(default=(), alias="choice")

    @cached_property
    def replies(self) -> tuple[str, ...]:
        """Its own quick replies, and "I'd rather not say", which every question has."""
        return (*(choice.value for choice in self.choices), SKIP)

    def choice(self, value: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.value == value), None)


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    ask_again: int = Field(ge=0)
    questions: tuple[Question, ...] = Field(alias="question", min_length=1)


@dataclass(frozen=True, kw_only=True)
class Playbook:
    version: str
    name: str
    ask_again: int
    questions: tuple[Question, ...]
    text: str

    def question(self, key: str) -> Question:
        """The question of this key. Raises KeyError."""
        return self._by_key[key]

    def about(self, topic: Topic) -> Question | None:
        """The question about this topic, if there is one."""
        return next((question for question in self.questions if question.about is topic), None)

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}


@lru_cache(maxsize=64)
def read_playbook(text: str) -> Playbook:
    """A playbook from its TOML text; raises BadPlaybook with a line for each mistake."""
    try:
        parsed = _Text.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise _bad(text, (([str(part) for part in one["loc"]], one["msg"]) for one in error.errors())) from error
    except tomllib.TOMLDecodeError as error:
        raise BadPlaybook(f"line {line_of_error(str(error), text)}: {error}") from error
    except RecursionError as error:
        raise BadPlaybook(str(error)) from error
    if wrong := list(_mistakes(parsed.questions)):
        raise _bad(text, wrong)
    version = f"{parsed.name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    return Playbook(
        version=version, name=parsed.name, ask_again=parsed.ask_again, questions=parsed.questions, text=text
    )


def _bad(text: str, mistakes: Iterable[Mistake]) -> BadPlaybook:
    return BadPlaybook("\n".join(at_its_line(place, problem, text) for place, problem in mistakes))


def at_its_line(place: Sequence[str], problem: str, text: str) -> str:
    """line 12: question.1.key: ...; `place` is where in the text it stands."""
    return f"line {line_of_place(place, text)}: {'.'.join(place)}: {problem}"


def _mistakes(questions: tuple[Question, ...]) -> Iterator[Mistake]:
    """What every question by itself allows, and the playbook does not."""
    if not any(question.about is Topic.CONTACT for question in questions):
        yield ["question"], 'a playbook must ask how to reach the person (about = "contact")'
    keys = [question.key for question in questions]
    for number, question in enumerate(questions):
        place = ["question", str(number)]
        if question.key in keys[:number]:
            yield [*place, "key"], f"every question needs its own key, and another has {question.key!r}"
        for nth, choice in enumerate(question.choices):
            if problem := _wrong_with(choice, question.about):
                yield [*place, "choice", str(nth)], f"the choice {choice.value!r} {problem}"


def _wrong_with(choice: Choice, about: Topic) -> str:
    """Why it cannot be chosen in one of the languages; empty where it can."""
    for language in ("ja", "en"):
        try:
            meaning: Any = choice.meaning(today=date(2026, 1, 1), language=language)
        except BadPlaybook:
            return "stands for nothing"
        except KeyError:
            return f"has no value in {language!r}"
        except (ValueError, OverflowError) as error:
            return f"has no value ({error})"
        if type(meaning).__name__.lower() != about:
            return f"is not about {about}"
    return ""


def kept_playbook(text: str | None) -> Playbook:
    """The playbook a talk began with, by its text; the shipped one where that is not kept."""
    return read_playbook(text) if text is not None else shipped_playbook()


def shipped_playbook(name: str = "standard") -> Playbook:
    """A playbook of the shipped folder; raises BadPlaybook for a name that is not there."""
    if not name.isidentifier():
        raise BadPlaybook(f"there is no playbook {name!r}")
    try:
        return read_playbook(_shipped_text(name))
    except BadPlaybook as bad:
        raise BadPlaybook("\n".join(f"{name}.toml: {line}" for line in str(bad).splitlines())) from bad


def shipped_playbooks() -> Iterator[str]:
    """The names of all that lie in the folder."""
    for place in files("dialogs").joinpath("playbooks").iterdir():
        if place.name.endswith(".toml"):
            yield place.name.removesuffix(".toml")


@lru_cache
def _shipped_text(name: str) -> str:
    place = files("dialogs").joinpath(f"playbooks/{name}.toml")
    if not place.is_file():
        raise BadPlaybook("there is no such playbook")
    try:
        return place.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadPlaybook("it is not written in UTF-8; save it as UTF-8") from error
