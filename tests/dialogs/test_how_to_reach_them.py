"""Lines out of whole talk, asked_how_to_reachs: how a person may be reached, and what they would rather not say."""

import pytest

from qualification.store import Store
from tests.dialogs.chatting import (
    FOUR_ANSWERS,
    asked_how_to_reach,
    at_the_read_back,
    talk,
)


@pytest.mark.parametrize(
    ("language", "said", "way"),
    [
        ("ja", "電話番号はちょっと", "email"), ("ja", "林です。電話番号は教えたくないです", "email"), ("ja", "メールだけでもいいですか", "email"),
        ("ja", "メールはちょっと", "phone"), ("ja", "メールアドレスは控えさせてください", "phone"),
        ("en", "I'd rather not give my phone number", "email"), ("en", "Rob Hazel. no phone calls please", "email"),
        ("en", "is email enough?", "email"), ("en", "no email please", "phone"), ("en", "I don't want to share my email", "phone"),
    ],
)  # fmt: skip
def test_who_refuses_a_number_is_asked_for_an_address_only_and_the_other_way_round(
    store: Store, language: str, said: str, way: str
) -> None:
    prospect = asked_how_to_reach(store, language)
    reply = prospect.says(said)
    assert prospect.bot_said == ["the_other_way"]
    assert (reply.messages[-1].facts or {})["way"] == way
    assert prospect.question == "contact"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "連絡先は教えたくない"), ("ja", "電話もメールもちょっと"), ("ja", "言いたくないです"),
        ("en", "I'd rather not share my details"), ("en", "no phone, no email"), ("en", "I'd rather not say"),
    ],
)  # fmt: skip
def test_who_refuses_both_is_asked_for_neither(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    assert prospect.bot_said[0] == "no_problem_skipped"


def test_who_refuses_one_after_the_other_is_not_asked_for_ever(store: Store) -> None:
    prospect = asked_how_to_reach(store, "en")
    prospect.says("no email please")
    prospect.says("no phone either")
    assert prospect.bot_said[0] == "no_problem_skipped"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "電話は03-1234-5678、森です"), ("ja", "メールは mori@mori.example 、森です"),
        ("en", "my phone is +44 20 7946 0018, Mia Oak"), ("en", "e-mail mia@oak.example, Mia Oak"),
    ],
)  # fmt: skip
def test_who_tells_one_of_them_refuses_nothing(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    assert prospect.bot_said == ["please_confirm"]


@pytest.mark.parametrize(("language", "said"), [("ja", "担当者お願いします"), ("en", "agent please")])
def test_who_wants_a_person_and_no_call_hears_that_one_can_answer_here(store: Store, language: str, said: str) -> None:
    prospect = talk(
        store, language, said, {"ja": "連絡先は教えたくない", "en": "I'd rather not share my details"}[language]
    )
    assert prospect.bot_said == ["no_number_needed"]


@pytest.mark.parametrize(("language", "said"), [("ja", "担当者お願いします"), ("en", "agent please")])
@pytest.mark.parametrize(
    "word", ["まだですか", "誰かいますか", "still there?", "anyone there?", "まだ返事がありません", "still no reply"]
)
def test_who_still_waits_in_the_chat_hears_no_excuse_of_a_bot(
    store: Store, language: str, said: str, word: str
) -> None:
    prospect = talk(
        store, language, said, {"ja": "連絡先は教えたくない", "en": "I'd rather not share my details"}[language]
    )
    prospect.says(word)
    assert prospect.bot_said == ["still_waiting"]


@pytest.mark.parametrize(
    ("language", "wish", "said"),
    [
        ("ja", "電話で話したいです", "電話番号は言いたくないです"),
        ("en", "can someone call me?", "I'd rather not give a number"),
    ],
)
def test_who_refuses_a_number_and_has_left_an_address_is_written_to(
    store: Store, language: str, wish: str, said: str
) -> None:
    prospect = at_the_read_back(store, language)
    prospect.chooses("confirm")
    prospect.says(wish)
    prospect.says(said)
    assert prospect.bot_said == ["no_number_needed"]


@pytest.mark.parametrize(("language", "said"), [("ja", "ハヤシ工業 80名"), ("en", "Hazel Works, 80 people")])
def test_a_firm_named_late_is_nobodys_name(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language])
    prospect.chooses("skip")
    prospect.says(said)
    company, contact = prospect.known.company, prospect.known.contact
    assert company is not None
    assert company.name
    assert contact is None


@pytest.mark.parametrize(
    ("language", "firm", "said", "name", "people"),
    [
        ("en", "Maple Works", "Maple Works, 80 people, Mia", "Mia", 80),
        ("ja", "株式会社モリ", "株式会社モリ 30名 森", "森", 30),
        ("ja", "株式会社モリ", "田中、2名で担当しています", "田中", None),
        ("en", "Maple Works", "Mia, in a team of 5 people", "Mia", None),
    ],
)
def test_a_name_beside_how_many_they_are_is_kept_and_so_is_the_firm(
    store: Store, language: str, firm: str, said: str, name: str, people: int | None
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], firm, said)
    company, contact = prospect.known.company, prospect.known.contact
    assert company is not None
    assert contact is not None
    assert (company.name, contact.name) == (firm, name)
    assert (company.headcount.minimum if company.headcount else None) == people


@pytest.mark.parametrize(("language", "said"), [("ja", "社員は30人です"), ("en", "we're about 30")])
def test_how_many_they_are_counts_also_where_we_ask_for_their_name(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    company = prospect.known.company
    assert company is not None
    assert company.headcount is not None
    assert prospect.bot_said == ["understood", "how_to_reach"]


@pytest.mark.parametrize(("language", "said"), [("ja", "大丈夫です"), ("ja", "いえ、大丈夫です"), ("en", "no thanks")])
def test_no_thanks_to_how_to_reach_them_is_no_riddle(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    assert prospect.bot_said[0] == "no_problem_skipped"


@pytest.mark.parametrize(
    ("language", "refusal", "then"),
    [
        ("ja", "電話はちょっと", "森"), ("ja", "電話はちょっと", "料金は?"), ("ja", "電話はちょっと", "なぜ必要なんですか"),
        ("en", "no phone please", "Nina West"), ("en", "no phone please", "why do you need it?"),
    ],
)  # fmt: skip
def test_a_way_that_was_refused_is_not_asked_for_again(store: Store, language: str, refusal: str, then: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(refusal)
    reply = prospect.says(then)
    told = reply.messages[-1]
    assert (told.prompt, (told.facts or {}).get("way")) == ("the_other_way", "email")
    prospect.says("nina@swallow.example")
    assert "the_other_way" not in prospect.bot_said


@pytest.mark.parametrize("said", ["our support desk has no email", "our desk has no phone"])
def test_what_a_desk_of_theirs_has_not_is_no_refusal(store: Store, said: str) -> None:
    prospect = asked_how_to_reach(store, "en")
    prospect.says(said)
    assert "the_other_way" not in prospect.bot_said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "who are you? no phone"), ("ja", "どちら様ですか？電話はちょっと")]
)
def test_who_asks_who_we_are_beside_a_refusal_hears_both(store: Store, language: str, said: str) -> None:
    prospect = asked_how_to_reach(store, language)
    prospect.says(said)
    assert prospect.bot_said == ["i_am_a_bot", "the_other_way"]
