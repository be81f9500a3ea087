"""Who types what stands on a button has pressed it: the reader hears the same, and is sure of it."""

from datetime import date, datetime

import pytest

from bot.shipped_texts import table
from bot.words import LANGUAGES
from dialogs.doubt import is_unsure
from dialogs.playbook import SKIP, Question, shipped_playbook
from dialogs.reading import read
from dialogs.reading.found import Act
from dialogs.told import facts_of
from qualification.bant import Budget, Need, Timeframe, Value

NOON = datetime.fromisoformat("2026-05-18T12:00:00+09:00")
BUTTONS = [
    (language, question, value)
    for language in LANGUAGES
    for question in shipped_playbook().questions
    for value in question.replies
]


@pytest.mark.parametrize(("language", "question", "value"), BUTTONS, ids=lambda one: getattr(one, "key", str(one)))
def test_the_label_of_a_button_typed_says_what_the_button_says(language: str, question: Question, value: str) -> None:
    labels = table("choices", language)
    typed = labels["common"][SKIP] if value == SKIP else labels[question.key][value]
    reading = read(typed, question=question.about, now=NOON)
    facts = facts_of(reading, question.about)
    if value == SKIP:
        assert (reading.act, facts) == (Act.DECLINE, [])
        return
    choice = question.choice(value)
    assert choice is not None
    told = next(fact for fact in facts if fact.topic is question.about)
    assert not is_unsure(told)
    assert _gist(told.value) == _gist(choice.meaning(today=NOON.date(), language=language))


def _gist(value: Value) -> object:
    """How hard it presses and where a period begins are no words of a label; sums and last days are."""
    match value:
        case Need():
            return value.present, value.categories
        case Timeframe():
            return value.clarity, value.latest and date(value.latest.year, value.latest.month, 1)
        case Budget():
            return value.clarity, value.minimum, value.maximum
    return value
