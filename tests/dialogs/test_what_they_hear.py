"""Lines out of whole talks: nothing is asked or said in vain."""

import pytest

from qualification.bant import Role
from qualification.store import Store
from tests.dialogs.chatting import FOUR_ANSWERS, WHO, at_the_read_back, talk


@pytest.mark.parametrize(
    ("language", "title"), [("ja", "院長の森です 03-5555-0101"), ("en", "Mia Oak, CEO, +442079460018")]
)
def test_what_they_said_before_is_not_told_them_as_news(store: Store, language: str, title: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], WHO[language][0], title)
    assert prospect.bot_said == ["please_confirm"]


@pytest.mark.parametrize(
    ("language", "title"),
    [("ja", "情報システム部 部長の佐藤です"), ("ja", "総務課の佐藤です"), ("en", "Mia Oak, IT manager")],
)
def test_who_decides_does_not_take_it_back_with_the_title_at_their_name(
    store: Store, language: str, title: str
) -> None:
    authority = talk(store, language, *FOUR_ANSWERS[language], WHO[language][0], title).known.authority
    assert authority is not None
    assert authority.role is Role.DECISION_MAKER


def test_a_pasted_mail_that_says_everything_is_read_back_once(store: Store) -> None:
    prospect = talk(
        store, "en", "Hi, we copy invoices by hand. By October, about $25k, I decide.\n\n"
        "Best regards,\nOlivia Hart\nLarch Foods Ltd\nolivia@larch.example",
    )  # fmt: skip
    assert prospect.bot_said == ["please_confirm"]


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "結構です"), ("ja", "いいです"), ("ja", "いえ、結構です"), ("en", "I'd rather not")]
)
@pytest.mark.parametrize("answered", [0, 1, 2, 3, 4])
def test_a_polite_no_to_a_question_passes_over_it_and_ends_nothing(
    store: Store, language: str, said: str, answered: int
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:answered], said)
    assert prospect.bot_said[0] == "no_problem_skipped"


@pytest.mark.parametrize("said", ["もう結構です", "もういいです", "結構です、さようなら", "結構です。連絡は不要です"])
def test_who_has_had_enough_is_not_asked_on(store: Store, said: str) -> None:
    assert talk(store, "ja", *FOUR_ANSWERS["ja"][:3], said).bot_said == ["stopped"]


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "修正できますか?"), ("ja", "内容を直せますか"), ("en", "can I change something?")]
)
def test_who_asks_whether_they_may_change_something_may(store: Store, language: str, said: str) -> None:
    prospect = at_the_read_back(store, language)
    prospect.says(said)
    assert prospect.bot_said == ["which_to_correct"]


WISHES_TO_CHANGE = [
    ("ja", "訂正したい"),
    ("ja", "訂正したいです"),
    ("ja", "前の回答を直したいです"),
    ("ja", "回答を変更したい"),
    ("en", "I want to change an earlier answer"),
    ("en", "I'd like to correct an earlier answer"),
]


@pytest.mark.parametrize(("language", "said"), WISHES_TO_CHANGE)
def test_who_wants_to_change_an_earlier_answer_chooses_which_and_goes_on_where_they_were(
    store: Store, language: str, said: str
) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:3])
    assert prospect.says(said).messages[-1].choices == {
        "of": "fix",
        "values": ["fix.what_problem", "fix.by_when", "fix.who_decides"],
    }
    assert prospect.bot_said == ["which_to_correct"]
    prospect.chooses("fix.by_when")
    assert prospect.bot_said == ["by_when"]
    prospect.chooses("within_6_months")
    assert prospect.bot_said == ["understood", "budget_range"]


@pytest.mark.parametrize(("language", "which"), [("ja", "導入時期"), ("en", "timing")])
def test_which_answer_to_change_may_be_typed(store: Store, language: str, which: str) -> None:
    wish = {"ja": "訂正したい", "en": "I want to change an earlier answer"}[language]
    prospect = talk(store, language, *FOUR_ANSWERS[language][:3], wish, which)
    assert prospect.bot_said == ["by_when"]


@pytest.mark.parametrize("said", ["予算の回答を直したい", "予算の項目に戻って直したい"])
def test_an_answer_that_is_named_in_the_wish_is_asked_for_at_once(store: Store, said: str) -> None:
    assert talk(store, "ja", *FOUR_ANSWERS["ja"], said).bot_said == ["budget_range"]


def test_of_one_answer_nobody_is_asked_which(store: Store) -> None:
    assert talk(store, "ja", FOUR_ANSWERS["ja"][0], "訂正したい").bot_said == ["what_problem"]


def test_who_would_rather_leave_their_answers_be_is_asked_what_was_open(store: Store) -> None:
    prospect = talk(store, "ja", *FOUR_ANSWERS["ja"][:3], "訂正したい", "やっぱりいいです")
    assert prospect.bot_said == ["budget_range"]


def test_the_wish_to_change_an_answer_is_no_need_after_the_end_either(store: Store) -> None:
    prospect = at_the_read_back(store, "en")
    prospect.chooses("confirm")
    before = prospect.known.need
    prospect.says("I want to change an earlier answer")
    assert (prospect.bot_said, prospect.known.need) == (["which_to_correct"], before)


@pytest.mark.parametrize(
    ("language", "said"),
    [("ja", "修正できますか? 予算は300万円です"), ("en", "may I correct something? budget is 30k")],
)
def test_who_asks_whether_they_may_change_something_and_does_has_done_it(
    store: Store, language: str, said: str
) -> None:
    prospect = at_the_read_back(store, language)
    prospect.says(said)
    budget = prospect.known.budget
    assert budget is not None
    assert budget.maximum == {"ja": 3_000_000, "en": 30_000}[language]
    assert prospect.bot_said == ["corrected", "please_confirm"]


@pytest.mark.parametrize(("language", "said"), [("ja", "変更できますか"), ("en", "can I change it?")])
def test_what_may_be_changed_is_for_a_person_where_nothing_was_said_yet(store: Store, language: str, said: str) -> None:
    assert talk(store, language, said).bot_said == ["a_person_will_answer", "what_problem"]


@pytest.mark.parametrize(
    "said",
    [
        "契約後にプランの変更はできますか",
        "納期は変更できますか",
        "画面の色を変えられますか",
    ],
)
def test_what_can_be_changed_in_the_product_a_person_answers(store: Store, said: str) -> None:
    prospect = at_the_read_back(store, "ja")
    prospect.says(said)
    assert prospect.bot_said[0] == "a_person_will_answer"


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "わかりました"), ("ja", "承知しました"), ("en", "I see"), ("en", "ok, got it")]
)
def test_who_has_heard_it_is_asked_on_without_an_excuse(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:1], said)
    assert prospect.bot_said == ["by_when"]


@pytest.mark.parametrize(
    ("language", "said", "answer"),
    [
        ("ja", "よろしくお願いします", "you_are_welcome"),
        ("ja", "わかりました", "at_your_service"),
        ("ja", "承知しました、ありがとうございます", "you_are_welcome"),
        ("en", "ok, got it", "at_your_service"),
    ],
)
def test_a_courtesy_after_the_end_is_no_message_for_a_colleague(
    store: Store, language: str, said: str, answer: str
) -> None:
    prospect = at_the_read_back(store, language)
    prospect.chooses("confirm")
    prospect.says(said)
    assert prospect.bot_said == [answer]


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "いつ頃ご連絡いただけますか"), ("en", "when will I hear from you?")]
)
def test_who_asks_when_we_call_is_told_and_rings_nobody(store: Store, language: str, said: str) -> None:
    prospect = at_the_read_back(store, language)
    prospect.chooses("confirm")
    prospect.says(said)
    assert (prospect.bot_said, prospect.chat.state) == (["thank_you_will_reach"], "completed")


@pytest.mark.parametrize("said", ["nobody has contacted me yet", "nobody has called me", "still no call"])
def test_that_nobody_called_is_no_problem_of_their_work(store: Store, said: str) -> None:
    prospect = at_the_read_back(store, "en")
    prospect.chooses("confirm")
    told = prospect.known.need
    prospect.says(said)
    assert (prospect.bot_said, prospect.known.need) == (["nobody_called_heard"], told)


@pytest.mark.parametrize(
    ("language", "said", "approver"),
    [
        ("en", "head of finance", "head of finance"),
        ("en", "the head of IT operations", "head of IT operations"),
        ("ja", "経理部長", "経理部長"),
    ],
)
def test_who_decides_is_read_back_with_the_whole_title(store: Store, language: str, said: str, approver: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language][:2], said, {"ja": "はい", "en": "yes"}[language])
    authority = prospect.known.authority
    assert authority is not None
    assert authority.approver == approver


@pytest.mark.parametrize("said", ["所長の私です", "工場長の私が決めます", "課長の私"])
def test_whose_own_title_it_is_decides(store: Store, said: str) -> None:
    authority = talk(store, "ja", *FOUR_ANSWERS["ja"][:2], said).known.authority
    assert authority is not None
    assert authority.role is Role.DECISION_MAKER


@pytest.mark.parametrize("said", ["担当です", "情報収集を担当しています", "経理を担当"])
def test_who_is_in_charge_of_the_matter_names_nobody_who_approves(store: Store, said: str) -> None:
    authority = talk(store, "ja", *FOUR_ANSWERS["ja"][:2], said).known.authority
    assert authority is not None
    assert (authority.role, authority.approver) == (Role.INFLUENCER, None)


@pytest.mark.parametrize("said", ["I own the practice", "I run the firm, I decide"])
def test_whose_own_firm_it_is_decides(store: Store, said: str) -> None:
    authority = talk(store, "en", *FOUR_ANSWERS["en"][:2], said).known.authority
    assert authority is not None
    assert (authority.role, authority.approver) == (Role.DECISION_MAKER, None)


@pytest.mark.parametrize(("language", "said"), [("ja", "日本語で大丈夫です"), ("en", "English is fine")])
def test_a_word_about_the_language_is_no_firm(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language], said)
    assert (prospect.bot_said, prospect.known.company) == (["in_your_language", "which_company"], None)


@pytest.mark.parametrize(("language", "said"), [("ja", "はい、やめてください"), ("en", "yes please stop")])
@pytest.mark.parametrize("answered", [0, 2, 4])
def test_a_stop_behind_a_yes_is_obeyed(store: Store, language: str, said: str, answered: int) -> None:
    assert talk(store, language, *FOUR_ANSWERS[language][:answered], said).bot_said == ["stopped"]


@pytest.mark.parametrize(("language", "said"), [("ja", "個人です"), ("en", "I'm a freelancer")])
def test_who_says_late_that_they_are_with_no_firm_reads_no_excuse(store: Store, language: str, said: str) -> None:
    prospect = talk(store, language, *FOUR_ANSWERS[language])
    prospect.chooses("skip")
    prospect.says(said)
    assert prospect.bot_said[-1] == "how_to_reach"
