"""Who waits for a person may go on with the questions, and loses nothing they say meanwhile."""

import pytest

from qualification.store import Store
from tests.clock import Clock
from tests.dialogs.chatting import Prospect


@pytest.fixture
def waiting(store: Store) -> Prospect:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています")
    prospect.says("担当者と話したいです")
    return prospect


@pytest.mark.parametrize(
    "words",
    [
        "では質問を続けます",
        "続けてください",
        "質問の続きをお願いします",
        "let's go on with the questions",
        "ok, then continue",
    ],
)
def test_who_goes_on_is_asked_the_next_question(waiting: Prospect, words: str) -> None:
    waiting.says(words)
    assert (waiting.chat.state, waiting.bot_said) == ("asking", ["by_when"])


@pytest.mark.parametrize(
    "words",
    [
        "I have no time to continue with your questions", "質問の続きは結構です", "質問の続きは後にします", "続けてほしくないです",
        "質問を続ける前に担当者と話したいです",
    ],
)  # fmt: skip
def test_who_does_not_go_on_waits(waiting: Prospect, words: str) -> None:
    waiting.says(words)
    assert waiting.chat.state == "handed_over"


def test_a_fact_beside_the_wish_to_go_on_is_kept(waiting: Prospect) -> None:
    waiting.says("質問の続きですが、予算は300万円です")
    assert waiting.known.budget is not None


def test_after_the_end_there_is_nothing_to_go_on_with_and_it_is_passed_on(store: Store) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says_everything()
    prospect.says("担当者と話したいです")
    prospect.says("続けてください")
    assert (prospect.chat.state, prospect.bot_said) == ("handed_over", ["left_a_message"])


def test_who_asked_before_we_closed_hears_on_asking_again_when_somebody_is_back(
    waiting: Prospect, clock: Clock
) -> None:
    assert waiting.bot_said[0] == "person_is_coming"
    clock.advance(hours=10)
    waiting.says("担当者と話したいです")
    assert (waiting.bot_said, waiting.offered) == (["nobody_is_free"], ["call_back", "go_on"])

    waiting.says("担当者と話したいです")
    assert waiting.bot_said == ["number_for_the_call"]

    clock.advance(hours=24)
    waiting.says("担当者と話したいです")
    assert waiting.bot_said == ["nobody_is_free"]


@pytest.mark.parametrize(("after_the_end", "goes_on"), [(True, False), (False, True)])
def test_only_who_has_questions_left_reads_that_they_may_go_on_with_them(
    store: Store, clock: Clock, after_the_end: bool, goes_on: bool
) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています")
    if after_the_end:
        prospect.says_everything()
    clock.advance(hours=10)
    reply = prospect.says("担当者と話したいです")
    (told,) = (message.facts or {} for message in reply.messages if message.prompt == "nobody_is_free")
    assert (told["goes_on"], "go_on" in prospect.offered) == (goes_on, goes_on)
