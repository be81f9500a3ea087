"""Lines out of whole talks: what people ask, and what keeps them."""

import pytest

from qualification.store import Store
from tests.dialogs.chatting import FOUR_ANSWERS, at_the_read_back, talk


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "すみません、会議なので後で"), ("ja", "今移動中なので、後ほど"), ("ja", "また後で戻ります"),
        ("en", "sorry, in a meeting, later"), ("en", "I'm on a call, back later"), ("en", "gotta go, talk later"),
    ],
)  # fmt: skip
def test_whom_something_keeps_is_given_time(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, FOUR_ANSWERS[language][0], said)
    assert prospect.bot_said == ["take_your_time", "by_when"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("ja", "会議の議事録が大変です"), ("ja", "移動中に日報が書けません"), ("en", "we spend all day in meetings")],
)
def test_meetings_may_be_the_problem(store: Store, language: str, said: str) -> None:
    assert "take_your_time" not in talk(store, language, said).bot_said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "会社名は必要ですか"),
        ("ja", "社名って必須ですか"),
        ("en", "do you need the company name?"),
        ("en", "is the company name required?"),
    ],
)
def test_who_asks_whether_it_is_needed_hears_that_it_is_not(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], said)
    assert prospect.bot_said == ["you_may_skip", "which_company"]


@pytest.mark.parametrize(("language", "said"), [("ja", "予算って何の予算ですか"), ("en", "what budget do you mean?")])
def test_who_asks_what_budget_is_told(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:3], said)
    assert prospect.bot_said == ["what_we_mean", "budget_range"]


def test_who_asks_on_and_on_is_told_once_how_to_reach_a_person(store: Store) -> None:
    prospect = talk(store, "ja")
    asked = [prospect.says(said).messages for said in ("料金はいくらですか", "料金表ください", "値段だけ知りたいです")]
    hints = [
        said.facts.get("hint")
        for messages in asked
        for said in messages
        if said.prompt == "a_person_will_answer" and said.facts
    ]
    assert hints == [False, True, False]


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "ありがとうございました"), ("ja", "失礼します"), ("en", "thanks, bye")]
)
def test_who_takes_their_leave_is_asked_nothing_more(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, FOUR_ANSWERS[language][0], said)
    assert (prospect.bot_said, prospect.chat.state) == (["you_are_welcome"], "asking")


@pytest.mark.parametrize(("language", "said"), [("ja", "ありがとうございます"), ("en", "thanks")])
def test_who_only_thanks_is_asked_on(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, FOUR_ANSWERS[language][0], said)
    assert prospect.bot_said == ["you_are_welcome", "by_when"]


@pytest.mark.parametrize(
    ("language", "call", "said"),
    [
        ("ja", "今すぐ電話ください 090-1234-5678 田中です", "急いでます"), ("ja", "電話ください 090-1234-5678 田中です", "至急お願いします"),
        ("en", "call me please, +44 20 7946 0555, Tom", "hurry"), ("en", "call me please, +44 20 7946 0555, Tom", "it's urgent"),
    ],
)  # fmt: skip
def test_who_waits_for_the_call_and_is_in_a_hurry_says_nothing_of_when_to_buy(
    store: Store, language: str, call: str, said: str
) -> None:
    prospect = talk(store, language, call)
    told = prospect.known.timeframe
    prospect.says(said)
    assert (prospect.bot_said, prospect.known.timeframe) == (["sooner_heard"], told)


@pytest.mark.parametrize("said", ["急ぎの案件があるので9月までに導入したいです", "至急、見積もりの相談です"])
def test_what_is_urgent_for_another_reason_is_heard_as_such(store: Store, said: str) -> None:
    prospect = talk(store, "ja", "電話ください 090-1234-5678 田中です", said)
    assert "sooner_heard" not in prospect.bot_said


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "ないです"), ("ja", "学生です"), ("en", "none"), ("en", "I'm a student")]
)
def test_who_is_with_no_firm_is_not_asked_for_it_again(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], said)
    assert (prospect.bot_said[0], prospect.question) == ("no_problem_skipped", "contact")


def test_a_long_courtesy_after_the_end_is_one(store: Store) -> None:
    prospect = at_the_read_back(store, "ja")
    prospect.chooses("confirm")
    prospect.says("お手数をおかけしますが、よろしくお願いいたします。")
    assert prospect.bot_said == ["you_are_welcome"]


@pytest.mark.parametrize("said", ["よろしくお願いします", "そのままでいいです、", "thank you, "])
@pytest.mark.parametrize("times", [19, 300])
def test_a_courtesy_said_over_and_over_is_not_taken_apart_in_every_way_there_is(
    store: Store, said: str, times: int
) -> None:
    """Each time doubled the work: this one ends only where no place is tried twice."""
    prospect = talk(store, "ja", said * times + "犬")
    assert prospect.chat.state == "asking"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "ありがとうございました"), ("ja", "失礼します"), ("ja", "わかりました"), ("ja", "了解です"), ("ja", "承知しました"),
        ("en", "thanks, bye"), ("en", "thank you, have a nice day"), ("en", "got it"), ("en", "I see"),
    ],
)  # fmt: skip
def test_who_takes_their_leave_at_the_read_back_or_has_heard_it_agrees(store: Store, language: str, said: str) -> None:
    prospect = at_the_read_back(store, language)
    prospect.says(said)
    assert (prospect.bot_said, prospect.chat.state) == (["completed"], "completed")


@pytest.mark.parametrize(("language", "said"), [("ja", "失礼します"), ("ja", "失礼いたします。"), ("en", "excuse me")])
def test_who_comes_in_with_a_pardon_is_greeted_and_asked(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, said)
    assert prospect.bot_said == ["hello_too", "what_problem"]


def test_who_is_in_a_hurry_twice_is_not_told_twice_that_we_pass_it_on(store: Store) -> None:
    prospect = talk(store, "ja", "電話ください 090-1234-5678 田中です", "急いでいます", "急いでいます")
    assert prospect.bot_said == ["thank_you_will_reach"]
