"""Any button in any state: from another tab, an old page or the day before, it is answered, and nothing is lost by it."""

from collections.abc import Callable

import pytest

from bot.shipped_texts import table
from bot.words import Words
from dialogs.interview import State
from qualification.store import Store
from tests.clock import TOKYO
from tests.dialogs.chatting import Prospect

BUTTONS = [
    "yes", "no", "skip", "confirm", "fix", "fix.budget_range", "fix.of_old", "efficiency", "within_3_months", "i_decide",
    "small", "mail_copy", "sooner", "correct", "nobody_called", "may_note", "may_not_note", "call_back", "go_on", "of_old",
]  # fmt: skip
WISH = "担当者と話したいです"
ENOUGH = "もう連絡しないでください"


def asked(prospect: Prospect) -> None:
    prospect.says("紙の申請書が多く、承認に一週間かかっています")


def asked_to_confirm(prospect: Prospect) -> None:
    prospect.says("転記が大変です。3か月以内に、予算は300万円、私が決裁者です")
    prospect.says("株式会社あさひ")
    prospect.says("山田花子 090-1111-2222 a@example.jp")


def at_the_end(prospect: Prospect) -> None:
    asked_to_confirm(prospect)
    prospect.chooses("confirm")


def at_the_end_without_a_word(prospect: Prospect) -> None:
    while prospect.chat.state == "asking":
        prospect.chooses("skip")
    prospect.chooses("confirm")


def correcting(prospect: Prospect) -> None:
    at_the_end(prospect)
    prospect.chooses("correct")


def waiting(prospect: Prospect) -> None:
    asked(prospect)
    prospect.says(WISH)


def waiting_after_the_end(prospect: Prospect) -> None:
    at_the_end(prospect)
    prospect.says(WISH)


def waiting_after_an_empty_end(prospect: Prospect) -> None:
    at_the_end_without_a_word(prospect)
    prospect.says(WISH)


def given_back(prospect: Prospect) -> None:
    waiting(prospect)
    prospect.rep_takes_over()
    prospect.rep_hands_back()


def given_back_after_the_end(prospect: Prospect) -> None:
    at_the_end(prospect)
    prospect.rep_takes_over()
    prospect.rep_hands_back()


STATES = [
    asked, asked_to_confirm, at_the_end, at_the_end_without_a_word, correcting, waiting, waiting_after_the_end, waiting_after_an_empty_end,
    given_back,
    given_back_after_the_end,
]  # fmt: skip


def comes_to(store: Store, state: Callable[[Prospect], None], button: str) -> Prospect:
    prospect = Prospect(store, token=f"{state.__name__}-{button}")
    prospect.opens_chat()
    state(prospect)
    return prospect


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_button_is_answered_whenever_it_is_pressed_and_what_it_offers_leads_on(
    store: Store, state: Callable[[Prospect], None]
) -> None:
    walked = set()
    for button in BUTTONS:
        prospect = comes_to(store, state, button)
        known = prospect.known
        prospect.chooses(button)
        assert prospect.bot_said, f"{button} is answered by silence"
        assert "talk_is_over" not in prospect.bot_said, f"{button}: nothing is over before they say so"
        assert set(known.stated) <= set(prospect.known.stated) or button in prospect.offered, f"{button} lost an answer"
        reply = (prospect.chat.state, *prospect.bot_said, *prospect.offered)
        for offered in prospect.offered if reply not in walked else ():
            goes_on = comes_to(store, state, f"{button}-{offered}")
            goes_on.chooses(button)
            goes_on.chooses(offered)
            assert goes_on.bot_said, f"{button}, then {offered}: is answered by silence"
            assert "talk_is_over" not in goes_on.bot_said, f"{button}, then {offered}"
        walked.add(reply)


@pytest.mark.parametrize("button", ["skip", "efficiency", "confirm", "go_on"])
def test_who_waits_for_a_person_and_presses_an_old_button_is_asked_once_more_how_to_reach_them(
    store: Store, button: str
) -> None:
    prospect = comes_to(store, waiting_after_an_empty_end if button == "go_on" else waiting, button)
    asked = 0
    for _ in range(4):
        prospect.chooses(button)
        asked += "how_to_reach_person" in prospect.bot_said
    assert asked == 2, "as often as any question is put again, and not for ever"


@pytest.mark.parametrize("button", ["efficiency", "skip", "yes", "confirm", "go_on", "call_back", "of_old"])
def test_after_the_end_an_old_button_leaves_what_can_still_be_asked_for(store: Store, button: str) -> None:
    prospect = comes_to(store, at_the_end, button)
    offered = prospect.offered
    prospect.chooses(button)
    assert prospect.bot_said == ["at_your_service"]
    assert prospect.offered == offered != []


def test_change_something_opens_the_answers_again_after_the_end(store: Store) -> None:
    prospect = comes_to(store, at_the_end, "fix")
    prospect.chooses("fix")
    prospect.chooses("fix.budget_range")
    prospect.says("500万円")
    assert prospect.known.budget is not None
    assert prospect.known.budget.maximum == 5_000_000


@pytest.mark.parametrize("button", ["fix", "fix.of_old", "correct"])
def test_an_end_without_an_answer_is_not_opened_again_to_change_nothing(store: Store, button: str) -> None:
    prospect = comes_to(store, at_the_end_without_a_word, button)
    prospect.chooses(button)
    assert (prospect.chat.state, prospect.bot_said) == (State.COMPLETED, ["at_your_service"])


@pytest.mark.parametrize(
    ("text", "said", "state"),
    [
        ("訂正したいです", "how_to_correct", State.COMPLETED),
        ("予算を訂正したいです", "budget_range", State.ASKING),
    ],
)
def test_who_has_answered_nothing_and_wants_to_correct_it_is_asked_what_they_name(
    store: Store, text: str, said: str, state: State
) -> None:
    prospect = comes_to(store, at_the_end_without_a_word, text)
    prospect.says(text)
    assert (prospect.chat.state, prospect.bot_said) == (state, [said])


def test_on_with_the_questions_pressed_when_all_are_answered_keeps_the_wish_for_a_person(store: Store) -> None:
    prospect = comes_to(store, waiting_after_the_end, "go_on")
    prospect.chooses("go_on")
    assert prospect.chat.state == State.HANDED_OVER
    assert prospect.bot_said[0] in {"person_is_coming", "nobody_is_free"}


@pytest.mark.parametrize("button", BUTTONS)
def test_after_a_stop_no_button_opens_anything(store: Store, button: str) -> None:
    prospect = comes_to(store, at_the_end, button)
    prospect.says(ENOUGH)
    prospect.chooses(button)
    assert (prospect.chat.state, prospect.bot_said, prospect.offered) == (State.DECLINED, ["talk_is_over"], [])


@pytest.mark.parametrize("button", BUTTONS)
def test_while_a_person_talks_no_button_moves_the_interview(store: Store, button: str) -> None:
    prospect = comes_to(store, waiting, button)
    prospect.rep_takes_over()
    prospect.chooses(button)
    assert (prospect.chat.state, prospect.bot_said) == (State.HANDED_OVER, [])


@pytest.mark.parametrize(("language", "said"), [("ja", "3か月以内"), ("en", "Within 3 months")])
def test_a_button_of_an_earlier_question_reads_as_it_did_when_it_was_offered(language: str, said: str) -> None:
    assert Words(TOKYO).choice("budget_range", "within_3_months", language) == said


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_button_reads_the_same_whichever_question_it_is_looked_for_under(language: str) -> None:
    """One pressed late is looked for in every table. "Yes" where nothing was said reads otherwise: it has its own."""
    tables, said = table("choices", language), Words(TOKYO)
    for name, words in tables.items():
        for value, label in words.items():
            asked_under = ["of_old", *(tables.keys() - {"ending"})] if name != "ending" else [name]
            assert {said.choice(of, value, language) for of in asked_under} == {label}, f"{value} of {name}"
