"""Who tells a rep to stop is not contacted; who only ends the talk keeps the call that was promised."""

import pytest

from qualification.store import Store
from tests.dialogs.chatting import Prospect

ENDS = (
    "もう結構です", "終了です", "I'm done, thanks", "no more questions", "let's call it a day",
    "今日はここまでで終わりにします。明日お電話ください",
)  # fmt: skip
STOPS = (
    "もう連絡しないでください", "電話はやめてください", "配信停止してください", "stop", "please stop messaging me", "take me off your list",
    "no more emails",
)  # fmt: skip


@pytest.fixture
def prospect(store: Store) -> Prospect:
    prospect = Prospect(store)
    prospect.opens_chat()
    prospect.says("手作業が多くて困っています")
    return prospect


@pytest.mark.parametrize("words", ENDS)
def test_who_is_done_keeps_the_call_and_is_asked_no_more(prospect: Prospect, words: str) -> None:
    for said in ("来月までに300万円、私が決めます", "株式会社A", "田中 t@a.example"):
        prospect.says(said)
    prospect.rep_takes_over()
    prospect.rep_writes("ほかにご質問はございますか。")
    prospect.says(words)

    assert prospect.rep_hands_back() == ["bot_is_back"]
    lead = prospect.lead
    assert (prospect.chat.state, lead.stage, lead.do_not_contact) == ("completed", "TQL", False)


@pytest.mark.parametrize("words", STOPS)
def test_who_wants_no_contact_is_not_contacted(prospect: Prospect, words: str) -> None:
    prospect.rep_takes_over()
    prospect.says(words)

    assert prospect.rep_hands_back() == ["stopped"]
    assert prospect.lead.do_not_contact


@pytest.mark.parametrize("then", ["ありがとうございます", "分かりました", "はい", "thanks, bye", "終了です"])
def test_a_thank_you_takes_no_stop_back(prospect: Prospect, then: str) -> None:
    prospect.rep_takes_over()
    prospect.says("もう連絡しないでください")
    prospect.rep_writes("承知しました")
    prospect.says(then)

    assert prospect.rep_hands_back() == ["stopped"]


@pytest.mark.parametrize(
    "then", ["やっぱりお願いします", "予算は300万円です", "料金はいくらですか", "I changed my mind"]
)
def test_a_fact_a_question_or_a_wish_takes_it_back(prospect: Prospect, then: str) -> None:
    prospect.rep_takes_over()
    prospect.says("もう連絡しないでください")
    prospect.says(then)

    assert "bot_is_back" in prospect.rep_hands_back()
    assert not prospect.lead.do_not_contact


def test_an_end_told_to_the_rep_before_is_over_once_the_bot_was_back(prospect: Prospect) -> None:
    prospect.rep_takes_over()
    prospect.says("終了です")
    prospect.rep_hands_back()
    prospect.says("予算は300万円です")
    prospect.rep_takes_over()
    prospect.rep_hands_back()

    assert not prospect.lead.do_not_contact
