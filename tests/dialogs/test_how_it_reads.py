"""What the bot says in whole sentences, where they depend on what was said before."""

from dataclasses import dataclass

import pytest

from bot.in_words.chat import message_text
from dialogs.playbook import Question, shipped_playbook
from dialogs.turn import Reply
from qualification.store import Store
from tests.bot.said import FRIDAY_NOON, WORDS, noted
from tests.clock import Clock
from tests.dialogs.chatting import Prospect


@dataclass
class Talk:
    """A talk in English, read as it stands in the widget."""

    prospect: Prospect

    def after(self, *said: str) -> list[str]:
        """What the bot says after the last of these."""
        for text in said:
            reply = self.prospect.says(text)
        return _words(reply)


@pytest.fixture
def talk(store: Store) -> Talk:
    prospect = Prospect(store, language="en")
    prospect.opens_chat()
    return Talk(prospect)


def _words(reply: Reply) -> list[str]:
    return [message_text(WORDS, message, "en") for message in reply.messages if message.prompt]


ALL_BUT_THE_FIRM = "We lose leads. In two months, I decide, and we have $20k"


def test_who_told_only_how_many_they_are_is_asked_for_the_name_alone(talk: Talk) -> None:
    *_, question = talk.after(ALL_BUT_THE_FIRM)
    assert question.startswith("Which company are you with?")
    assert talk.after("about 12 of us") == ["Thanks, I've noted how many you are. And what's the company called?"]


def test_who_changes_the_name_of_the_firm_is_asked_for_it_as_at_first(talk: Talk) -> None:
    talk.after(ALL_BUT_THE_FIRM, "Oak Ltd, about 12 of us", "Mia Oak mia@oak.example")
    (question,) = _words(talk.prospect.chooses("fix.which_company"))
    assert question.startswith("Which company are you with?")


def test_a_second_question_for_a_colleague_is_not_excused_at_length_once_more(talk: Talk) -> None:
    first, _ = talk.after("How much does it cost?")
    second, _ = talk.after("Is there a free trial?")
    assert first == "Thanks for asking. I'm a bot and can't answer that myself, but I've noted it for a colleague."
    assert second == (
        "I've noted that question for a colleague, too. To ask one directly, just write “talk to a person”."
    )


def test_a_problem_of_a_kind_we_know_is_named_and_not_quoted(talk: Talk) -> None:
    assert talk.after("We have too many manual steps")[0] == "Got it: this is about more efficient work."


def test_a_mere_yes_to_what_troubles_them_is_not_read_back_as_their_problem(talk: Talk) -> None:
    assert talk.after("yes, I think so.")[0] == "Thanks, I've noted what you'd like to solve."
    *_, read_back = talk.after("in two months, I decide, and we have $20k", "Oak Ltd", "Mia Oak mia@oak.example")
    assert "yes, I think so" not in read_back


def test_who_comes_back_is_not_thanked_for_getting_in_touch(talk: Talk) -> None:
    assert talk.after("hello")[0] == "Hello, and thanks for getting in touch."
    assert talk.after("we lose leads", "Hi, I'm back")[0] == "Hello again."


def test_outside_working_hours_they_read_when_somebody_is_back(talk: Talk, clock: Clock) -> None:
    clock.advance(hours=12)
    assert "Somebody will be back tomorrow (Tue) 9:00 am." in talk.after("I'd like to talk to a person")[0]


NOTED = {  # quick reply: what a rep reads on the card, said on Friday 15 May 2026, in English and in Japanese
    "efficiency": ("more efficient work", "業務効率化"),
    "revenue": ("growing revenue", "売上拡大"),
    "customer": ("serving customers better", "顧客対応の改善"),
    "no_problem": ("No problem", "課題なし"),
    "within_3_months": ("by 15 Aug 2026", "2026年8月15日まで"),
    "within_6_months": ("by 15 Nov 2026", "2026年11月15日まで"),
    "within_12_months": ("15 Nov 2026 – 15 May 2027", "2026年11月15日〜2027年5月15日"),
    "undecided": ("not decided", "未定"),
    "i_decide": ("the decision maker", "決裁者ご本人"),
    "needs_approval": ("needs approval", "社内承認が必要"),
    "i_gather": ("gathers information, advises", "検討・情報収集の担当"),
    "small": ("up to $10,000", "100万円まで"),
    "middle": ("$10,000–$30,000", "100万円〜300万円"),
    "large": ("$30,000 or more", "300万円以上"),
}


@pytest.mark.parametrize(
    "question", [one for one in shipped_playbook().questions if one.choices], ids=lambda question: question.key
)
def test_a_quick_reply_is_noted_as_the_rep_would_note_it(question: Question) -> None:
    today = FRIDAY_NOON.date()
    for choice in question.choices:
        for language, expected in zip(("en", "ja"), NOTED[choice.value], strict=True):
            assert noted(choice.meaning(today=today, language=language), language, FRIDAY_NOON) == expected
