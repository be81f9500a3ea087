"""One message in, one act and all its facts out: corrections, questions back, bare yes and no, and odd texts."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.reading import read
from dialogs.reading.found import UNSURE, Act, Found, Reading
from dialogs.reading.text import LONGEST
from dialogs.reading.yes_no import yes_or_no
from qualification.bant import Budget, Clarity, Headcount, Need, Role, Strength, Topic

NOW = datetime(2026, 5, 14, 10, 0, tzinfo=timezone(timedelta(hours=9)))
MAN = 10_000


def facts(reading: Reading) -> dict[Topic, Found[object]]:
    return {topic: fact for topic in Topic if (fact := getattr(reading, topic.value)) is not None}


def heard(text: str, question: Topic | None = None) -> Reading:
    return read(text, question=question, now=NOW)


# Several facts in one message


def test_a_call_note_gives_every_fact_at_once() -> None:
    note = heard("株式会社アサヒ 田中部長。社員60名、月10万円以内、10月開始希望、決裁は社長、課題は手作業")
    assert note.company
    assert note.company.value.name == "株式会社アサヒ"
    assert note.company.value.headcount == Headcount(minimum=60, maximum=60)
    assert note.budget
    assert note.budget.value.maximum == 10 * MAN
    assert note.timeframe
    assert note.timeframe.value.latest == date(2026, 10, 31)
    assert note.authority
    assert (note.authority.value.role, note.authority.value.approver) == (Role.NEEDS_APPROVAL, "社長")
    assert note.need
    assert "efficiency" in note.need.value.categories


def test_facts_are_heard_whatever_was_asked() -> None:
    for question in (None, *Topic):
        reading = heard("Budget 15k EUR. Boss approves. Live by Q3.", question)
        assert {Topic.BUDGET, Topic.AUTHORITY, Topic.TIMEFRAME} <= facts(reading).keys(), question


def test_the_words_beside_a_fact_are_the_persons_own() -> None:
    budget = heard("ご予算は５００万円くらいです", Topic.BUDGET).budget
    assert budget
    assert budget.words == "ご予算は５００万円くらいです"


# Corrections


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("さっきの予算は間違い、300万です", 300 * MAN),
        ("先ほど300万と言いましたが、500万です", 500 * MAN),
        ("予算の訂正です。800万じゃなくて80万でした", 80 * MAN),
        ("sorry, budget is $40k, not $14k", 40_000),
        ("I said 50k before but I meant 60k", 60_000),
        ("can you change my budget to 70k?", 70_000),
    ],
)
def test_a_correction_gives_only_the_new_value(text: str, amount: int) -> None:
    reading = heard(text, Topic.TIMEFRAME)
    assert reading.act is Act.CORRECT
    assert reading.budget
    assert reading.budget.value.maximum == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [("300万、いや400万", 400 * MAN), ("50k, no wait, 60k", 60_000), ("100万、やっぱり120万円で", 120 * MAN)],
)
def test_a_slip_put_right_in_the_same_breath_is_an_answer(text: str, amount: int) -> None:
    reading = heard(text, Topic.BUDGET)
    assert reading.act is Act.ANSWER
    assert reading.budget
    assert reading.budget.value.maximum == amount


@pytest.mark.parametrize(
    "text", ["前の質問に戻って", "go back please", "回答を直したい", "can I change my last answer?"]
)
def test_going_back_needs_no_new_value(text: str) -> None:
    reading = heard(text, Topic.NEED)
    assert reading.act is Act.CORRECT
    assert facts(reading) == {}


# Questions


@pytest.mark.parametrize(
    "text",
    [
        "500万で足りますか",
        "来月から使えますか？",
        "300名だといくらですか",
        "could we start in June?",
        "would $5k be enough to start?",
        "do you offer discounts above $50k?",
        "200万円以下で導入した会社はありますか",
    ],
)
def test_an_amount_or_a_date_inside_a_question_is_no_fact(text: str) -> None:
    reading = heard(text, Topic.BUDGET)
    assert reading.act is Act.QUESTION
    assert facts(reading) == {}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("予算500万なんですが足りますか", 500 * MAN),
        ("予算は50万円ですけど、使えますか？", 50 * MAN),
        ("We have 30k, is that enough?", 30_000),
        ("300万です。御社の実績は？", 300 * MAN),
        ("300万くらいでしょうか", 300 * MAN),
        ("maybe 20k?", 20_000),
    ],
)
def test_what_is_stated_beside_a_question_is_a_fact(text: str, amount: int) -> None:
    reading = heard(text, Topic.BUDGET)
    assert reading.act is Act.ANSWER
    assert reading.budget
    assert reading.budget.value.maximum == amount


# Yes and no


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("はい", Role.DECISION_MAKER),
        ("はい、そうです", Role.DECISION_MAKER),
        ("yes I do", Role.DECISION_MAKER),
        ("yes, and we want it live by October", Role.DECISION_MAKER),
        ("いいえ", Role.NONE),
        ("no", Role.NONE),
    ],
)
def test_a_bare_yes_or_no_answers_who_decides(text: str, role: Role) -> None:
    authority = heard(text, Topic.AUTHORITY).authority
    assert authority
    assert authority.value.role is role


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("はい", Need(present=True, strength=Strength.MEDIUM)),
        ("yes", Need(present=True, strength=Strength.MEDIUM)),
        ("いいえ", Need(present=False)),
        ("no", Need(present=False)),
    ],
)
def test_a_bare_yes_or_no_answers_whether_there_is_a_problem(text: str, need: Need) -> None:
    found = heard(text, Topic.NEED).need
    assert found
    assert found.value == need


@pytest.mark.parametrize("question", [None, Topic.BUDGET, Topic.TIMEFRAME, Topic.COMPANY, Topic.CONTACT])
def test_a_bare_yes_to_anything_else_says_nothing(question: Topic | None) -> None:
    reading = heard("はい", question)
    assert (reading.act, facts(reading)) == (Act.NOISE, {})


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        ("はい、合っています", True),
        ("それで大丈夫です", True),
        ("looks right, yes", True),
        ("yes... I said no onions", True),
        ("sounds good", True),
        ("👌", True),
        ("いいえ、違います", False),
        ("no, that's wrong", False),
        ("that won't work", False),
        ("来月です", None),
        ("three hundred", None),
    ],
)
def test_agreement_is_heard(text: str, agreed: bool | None) -> None:
    assert yes_or_no(text) is agreed


# Declining and not knowing


def test_a_declined_topic_is_no_fact_but_the_others_are() -> None:
    reading = heard("予算は言えませんが、時期は10月を考えています", Topic.BUDGET)
    assert reading.act is Act.ANSWER
    assert reading.budget is None
    assert reading.timeframe


@pytest.mark.parametrize("text", ["まだわかりません", "don't know yet", "not sure yet", "TBD", "未定です"])
def test_not_knowing_yet_is_undecided(text: str) -> None:
    reading = heard(text, Topic.BUDGET)
    assert reading.act is Act.ANSWER
    assert reading.budget
    assert reading.budget.value == Budget(clarity=Clarity.UNDECIDED)


def test_a_guess_asks_to_confirm() -> None:
    company = heard("Acme", Topic.COMPANY).company
    assert company
    assert company.certainty < UNSURE


# Any text at all

WORDS = st.sampled_from(
    [
        "300万",
        "予算",
        "は",
        "です",
        "か",
        "?",
        "！",
        "、",
        "。",
        "来月",
        "まで",
        "社長",
        "私",
        "決裁",
        "さっき",
        "の",
        "間違い",
        "やめます",
        "$50k",
        "by",
        "June",
        "my",
        "boss",
        "decides",
        "株式会社",
        "田中",
        "@",
        ".com",
        "03-",
        "1234",
        "(at)",
        "no",
        "yes",
        "not",
        "ignore",
        "all",
        "rules",
        "{}",
        "<system>",
        "\n",
        "\u200b",
        "㌦",
        "ﷺ",
        "👍",
        "(",
        ")",
        "[",
        "]",
        "「",
        "」",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(WORDS, max_size=40).map("".join),
    st.lists(WORDS, max_size=40).map(" ".join),
    st.builds(
        lambda piece, times: (piece * times)[: LONGEST + 50], st.text(min_size=1, max_size=6), st.integers(1, 4_000)
    ),
)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from([None, *Topic]))
def test_reading_never_fails_and_every_fact_stands_in_the_text(text: str, question: Topic | None) -> None:
    reading = heard(text, question)
    assert reading.text == text
    for topic, fact in facts(reading).items():
        start, end = fact.span
        assert 0 <= start < end <= len(text), topic
        assert fact.words == text[start:end], topic
        assert 0 <= fact.certainty <= 1
        assert fact.rule


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\x1f", "\x85", "\u2028", "\u3000", "\t"])
def test_a_space_of_any_kind_may_stand_between_an_amount_and_its_unit(odd: str) -> None:
    for typed, amount in ((f"budget 5{odd}million{odd}usd", 5_000_000), (f"our budget is usd{odd}5000", 5_000)):
        money = heard(typed).budget
        assert money
        assert money.value == Budget(minimum=amount, maximum=amount, currency="USD")


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_who_only_asks_refuses_or_chats_leaves_no_fact(text: str) -> None:
    reading = heard(text)
    if reading.act in (Act.QUESTION, Act.DECLINE, Act.DONT_KNOW, Act.NOISE):
        assert facts(reading) == {}


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…", "？？？", "\u200b", "🎉", "a" * 5_000])
def test_nothing_is_heard_in_nothing(text: str) -> None:
    assert facts(heard(text)) == {}
