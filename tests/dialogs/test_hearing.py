"""What a prospect means by what they type: a language, a title under a yes, a correction they do not want any more."""

import pytest

from qualification.store import Store
from tests.dialogs.chatting import Prospect, kinds_of_need, talk


@pytest.mark.parametrize(
    "said",
    [
        "英語は苦手なので日本語でお願いします", "Sorry for my English. Can we switch to Japanese?", "英語ではなく日本語でお願いします",
    ],
)  # fmt: skip
def test_the_talk_goes_on_in_the_language_they_ask_for(store: Store, said: str) -> None:
    prospect = talk(store, "ja", said)
    assert (prospect.chat.language, prospect.bot_said[0]) == ("ja", "in_your_language")


@pytest.mark.parametrize(
    "said",
    [
        "マニュアルを英語に切り替えたい", "英語の問い合わせを日本語で書いて対応", "英語で書いたマニュアルはありますか", "画面を英語に変更できますか",
        "契約書は英語でお願いします",
    ],
)  # fmt: skip
def test_a_word_about_something_else_in_english_changes_no_language(store: Store, said: str) -> None:
    prospect = talk(store, "ja", said)
    assert prospect.chat.language == "ja"
    assert "in_your_language" not in prospect.bot_said


def test_what_customers_ask_about_a_bot_is_a_problem(store: Store) -> None:
    assert talk(store, "ja", "顧客から「AIですか」と聞かれることが多い").bot_said == ["did_i_get_it"]


@pytest.mark.parametrize(
    ("language", "first", "said"),
    [
        ("ja", "社長です", "はい、社長です"), ("ja", "社長です", "そうです、社長です"), ("ja", "社長です", "社長です"),
        ("en", "Owner", "yes, owner"), ("en", "CEO", "CEO"),
    ],
)  # fmt: skip
def test_a_yes_with_the_title_in_it_is_a_yes(store: Store, language: str, first: str, said: str) -> None:
    need = "手作業が多くて困っています。来月までに" if language == "ja" else "we lose leads, in two months"
    prospect = talk(store, language, need, first, said)
    assert prospect.bot_said == ["budget_range"]
    assert prospect.known.authority is not None
    assert prospect.known.authority.role == "needs_approval"


@pytest.mark.parametrize(
    "said",
    [
        "I think our CEO",
        "I'd say our CEO",
        "I believe it's the owner",
        "probably our CFO, I guess",
        "our CEO here in Berlin",
    ],
)
def test_who_thinks_it_is_the_ceo_is_not_the_ceo(store: Store, said: str) -> None:
    authority = talk(store, "en", "we lose leads, in two months", said).known.authority
    assert authority is not None
    assert authority.role == "needs_approval"


@pytest.mark.parametrize("said", ["当方の社長です", "私の上司の部長です"])
def test_the_boss_of_the_speaker_is_not_the_speaker(store: Store, said: str) -> None:
    authority = talk(store, "ja", "手作業が多くて困っています。来月までに", said).known.authority
    assert authority is not None
    assert authority.role == "needs_approval"


@pytest.mark.parametrize("said", ["I'm the owner", "myself, the CEO", "私が社長です", "社長をしております"])
def test_who_says_that_the_title_is_theirs_decides(store: Store, said: str) -> None:
    authority = talk(store, "en", "we lose leads, in two months", said).known.authority
    assert authority is not None
    assert authority.role == "decision_maker"


def test_a_title_in_doubt_is_asked_when_it_corrects_another(store: Store) -> None:
    assert talk(store, "en", "we lose leads, in two months", "I meant CEO").bot_said == ["did_i_get_it"]


def test_the_title_read_back_is_a_title(store: Store) -> None:
    pending = talk(store, "ja", "手作業が多くて困っています。来月までに", "代表です").chat.pending
    assert pending is not None
    assert pending["value"]["approver"] == "代表"


@pytest.mark.parametrize("said", ["やっぱりいいです", "いや、そのままで", "never mind"])
def test_who_leaves_a_correction_be_is_at_the_end_again(store: Store, said: str) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says_everything()
    prospect.says("予算を訂正したいです")
    prospect.says(said)
    assert (prospect.chat.state, prospect.bot_said) == ("completed", ["at_your_service"])


def test_nothing_is_called_corrected_that_was_not_told_before(store: Store) -> None:
    assert (
        talk(store, "ja", "はじめまして。実は在庫の数が合わなくて、棚卸しをやり直しています").bot_said[0]
        == "understood"
    )


@pytest.mark.parametrize(
    ("language", "first", "beside"),
    [
        ("en", "we do far too much by hand", "by September, as we lose leads every month"),
        ("ja", "手作業が多くて困っています", "9月までに。売上も落ちています"),
    ],
)
def test_a_problem_told_beside_another_answer_comes_on_top_of_the_first(
    store: Store, language: str, first: str, beside: str
) -> None:
    prospect = talk(store, language, first)
    told_first = kinds_of_need(prospect)
    prospect.says(beside)
    assert prospect.known.timeframe is not None
    assert told_first < kinds_of_need(prospect)


def test_a_vague_wish_beside_another_answer_leaves_the_problem_as_it_was_told(store: Store) -> None:
    prospect = talk(store, "ja", "手作業が多くて困っています")
    told = prospect.known.need
    prospect.says("できれば夏休みに入る前にはなんとかしたいと社内でも話しているんですが")
    assert prospect.known.timeframe is not None
    assert prospect.known.need == told


def test_a_problem_that_is_corrected_takes_the_place_of_the_first(store: Store) -> None:
    prospect = talk(store, "en", "we do far too much by hand", "sorry, I meant we lose leads")
    assert kinds_of_need(prospect) == {"revenue"}


@pytest.mark.parametrize("said", ["ok, stop", "もういいです"])
def test_a_yes_in_front_of_a_stop_takes_nothing_of_it(store: Store, said: str) -> None:
    assert talk(store, "ja", "売上", said).bot_said == ["stopped"]


@pytest.mark.parametrize(
    "said", ["don't contact me", "no, unsubscribe", "no, stop", "いいえ、やめます", "いえ、退会します"]
)
def test_a_stop_is_obeyed_where_a_bare_no_would_only_refuse_the_question(store: Store, said: str) -> None:
    assert talk(store, "ja", "手作業が多い、来月まで、私が決めます、100万円", said).bot_said == ["stopped"]


@pytest.mark.parametrize(
    "said",
    [
        "電話がありませんのでメールでお願いします", "連絡はまだ大丈夫です", "お電話はまだ結構です", "please nobody call me",
        "when should I call you?", "いつご連絡すればよいですか", "電話はいつでも大丈夫です",
    ],
)  # fmt: skip
def test_who_tells_us_how_and_when_to_call_complains_of_nothing(store: Store, said: str) -> None:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says_everything()
    prospect.says(said)
    assert {"nobody_called_heard", "thank_you_will_reach"}.isdisjoint(prospect.bot_said)


def test_who_left_no_number_and_hears_nothing_is_heard_and_asked_for_it(store: Store) -> None:
    prospect = talk(store, "en", "talk to a person", "nobody called me")
    assert prospect.bot_said == ["still_waiting", "how_to_reach_person"]


@pytest.mark.parametrize("said", ["夕方以降", "留守電可", "After lunch", "Talk later", "English please"])
def test_a_remark_after_the_number_is_no_name(store: Store, said: str) -> None:
    contact = talk(store, "ja", "03-1234-5678に電話ください", said).known.contact
    assert contact is not None
    assert contact.name is None
