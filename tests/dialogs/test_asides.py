"""What is said to the bot itself is answered by the bot; what needs a person, or tells something, is left alone."""

import pytest

from dialogs.asides import Aside, aside_in
from dialogs.messages import messages_of
from dialogs.records import Turn
from dialogs.turn import chat_of
from qualification.notices import RECEIPT_MAIL
from qualification.records import Outbound
from qualification.store import Store
from tests.dialogs.chatting import Prospect

SAID = {
    Aside.WHO: (
        "are you a bot?", "Am I talking to a real person?", "so is this a human or a bot", "これってボットですか？",
        "AIが答えてるんですか", "人間ですか？", "人ですか", "これ、本当に人間ですか？",
    ),
    Aside.OPTIONAL: (
        "do I have to answer that?", "is this mandatory", "それって答えないといけませんか？", "必須ですか？", "答えなくてもいいですか",
        "are all questions mandatory?", "答えないとダメですか",
    ),
    Aside.MEANING: (
        "what do you mean?", "I don't understand the question", "what was the question?", "それはどういう意味ですか？", "例えば？",
        "質問は何でしたっけ",
    ),
    Aside.PURPOSE: (
        "why do you need my company name?", "why is my company name needed?", "なんで会社名が必要なんですか", "どうして予算を聞くんですか", "何に使うんですか",
    ),
    Aside.LEFT: ("how many more questions?", "are we done?", "あと何問ですか", "まだありますか", "これで終わりですか"),
    Aside.LANGUAGE: (
        "Sorry, can we do this in English?", "English please", "Do you speak Japanese?", "日本語でもいいですか", "英語でお願いします",
    ),
    Aside.HELLO: ("hello! how are you?", "Hi", "Hi, I'm back", "こんにちは", "お世話になっております。", "お待たせしました"),
    Aside.PAUSE: ("hmm, let me think", "One moment please", "wait", "少し考えます", "ちょっと待ってください", "うーん"),
    Aside.THANKS: ("thanks, bye", "Great, thanks!", "thank you very much", "ありがとう", "ありがとうございます。よろしくお願いします。"),
}  # fmt: skip
OTHERWISE = (
    "how much does it cost?", "Is my data safe with you?", "why is it so expensive?", "what is it?", "hello, we need a CRM",
    "How long does it usually take other companies?", "is this a machine learning tool?", "are you a partner of AWS?",
    "do we need to tell you our server specs before the demo?", "thanks, but our budget is 30k", "is the tool available in Japanese?", "customers wait too long",
    "料金はいくらですか？", "どうして安いんですか", "なぜ他社より速いのですか", "あとどのくらいで導入できますか",
    "これは何に使えるツールですか", "AIは使えますか？", "人が足りないです", "日本語に対応していますか", "英語のメールが多いです",
    "お客様をお待たせしています", "まだ紙で続いています", "ありがとう、予算は300万です",
)  # fmt: skip


@pytest.mark.parametrize(("aside", "text"), [(aside, text) for aside, texts in SAID.items() for text in texts])
def test_what_is_said_to_the_bot_is_known(aside: Aside, text: str) -> None:
    assert aside_in(text) is aside


@pytest.mark.parametrize("text", OTHERWISE)
def test_what_a_person_has_to_hear_is_left_to_them(text: str) -> None:
    assert aside_in(text) is None


def test_a_problem_of_no_known_kind_is_read_back_in_their_words_and_never_mailed(store: Store) -> None:
    prospect = Prospect(store, language="en")
    prospect.opens_chat()
    prospect.says("our stock counts are always wrong")
    assert _facts(store, prospect)["quoted"] == "our stock counts are always wrong"
    prospect.chooses("yes")
    for said in ("within six months", "it's my call", "$20k", "Testco Inc", "Joe Miller, joe@testco.example"):
        prospect.says(said)
    assert _facts(store, prospect)["quoted"] == "our stock counts are always wrong"
    prospect.chooses("confirm")
    prospect.chooses("mail_copy")
    mails = store.run_here(lambda tx: tx.find(Outbound, "kind", RECEIPT_MAIL))
    assert ["stock" in str(mail.payload) for mail in mails] == [False]


def _facts(store: Store, prospect: Prospect) -> dict[str, object]:
    turns = store.run_here(lambda tx: tx.find(Turn, "chat_id", chat_of(tx, prospect.token).id))
    return list(messages_of(turns, None))[-1].facts or {}
