"""What the bot says in the talk: promises that can be kept, and a stranger's words shown as text."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.words import Words
from dialogs.playbook import shipped_playbook
from qualification.bant import (
    Authority,
    Budget,
    Company,
    Contact,
    Need,
    Role,
    Strength,
    Timeframe,
)
from tests.bot.said import FRIDAY_NOON, LANGUAGES, TOKYO, WORDS, YEN, day, fact, prompt

HOSTILE = [
    "{{ person.__class__ }}",
    "{% for a in person %}{% endfor %}",
    "{person}",
    "%(person)s",
    "<script>alert(1)</script>",
    "<!channel> *bold*",
    "{0.__class__}",
]


EVERYTHING = [
    fact(Need(present=True, strength=Strength.HIGH, categories=("efficiency", "cost"))),
    fact(Timeframe(earliest=day("2026-05-15"), latest=day("2026-09-30"))),
    fact(Authority(role=Role.NEEDS_APPROVAL, approver="社長")),
    fact(Budget(minimum=3_000_000, maximum=5_000_000, currency=YEN)),
    fact(Company(name="株式会社北星")),
    fact(Contact(name="山田 太郎", email="yamada@example.jp")),
]


def test_the_read_back_is_one_line_for_each_answer_and_asks_whether_it_is_right() -> None:
    assert prompt("please_confirm", "ja", answers=EVERYTHING).split("\n") == [
        "ありがとうございます。次の内容で承りました。",
        "・お困りごと：業務効率化、コスト削減",
        "・導入時期：2026年9月30日まで",
        "・ご検討のお立場：社長のご承認が必要",
        "・ご予算：300万円〜500万円",
        "・会社名：株式会社北星",
        "・ご連絡先：山田 太郎様、yamada@example.jp",
        "こちらでよろしいですか。",
    ]


def test_the_read_back_of_somebody_who_told_nothing_still_asks() -> None:
    assert prompt("please_confirm", "en", answers=[]).endswith("Shall we leave it there?")


def test_the_end_says_who_will_call_by_when_in_the_zone_of_the_firm() -> None:
    due_at = datetime(2026, 5, 15, 6, 0, tzinfo=UTC).isoformat()
    assert "本日15:00までに担当者よりご連絡" in prompt("completed", "ja", due_at=due_at, reachable=True)
    assert "by 3:00 pm today (Fri), Tokyo time" in prompt("completed", "en", due_at=due_at, reachable=True)


def test_nobody_is_promised_a_call_we_cannot_make() -> None:
    for due_at in (None, FRIDAY_NOON.isoformat()):
        assert "このチャットを開いて" in prompt("completed", "ja", due_at=due_at, reachable=False)
        assert "open this chat again" in prompt("completed", "en", due_at=due_at, reachable=False)


def test_a_person_we_cannot_reach_yet_is_given_no_time() -> None:
    due_at = (FRIDAY_NOON + timedelta(hours=3)).isoformat()
    assert "15:00" not in prompt("person_is_coming", "ja", due_at=due_at, reachable=False)
    assert "3:00" not in prompt("person_is_coming", "en", due_at=due_at, reachable=False)


def test_whoever_asks_when_we_will_call_hears_it_again_and_never_a_time_that_has_passed() -> None:
    due_at = (FRIDAY_NOON + timedelta(hours=3)).isoformat()
    passed = (FRIDAY_NOON - timedelta(hours=1)).isoformat()
    assert "本日15:00まで" in prompt("a_person_will_answer", "ja", about=None, due_at=due_at)
    assert "by 3:00 pm" in prompt("a_person_will_answer", "en", about=None, due_at=due_at)
    assert "11:00" not in prompt("a_person_will_answer", "en", about=None, due_at=passed)


def test_a_question_about_why_we_ask_for_a_name_is_answered_with_the_purpose() -> None:
    assert "にのみ利用" in prompt("a_person_will_answer", "ja", about="contact", due_at=None)
    assert "only to deal with" in prompt("a_person_will_answer", "en", about="contact", due_at=None)


@pytest.mark.parametrize("key", ["completed", "person_is_coming", "thank_you_will_reach"])
def test_a_promise_that_has_passed_is_not_repeated(key: str) -> None:
    passed = (FRIDAY_NOON - timedelta(hours=1)).isoformat()
    for language in LANGUAGES:
        said = prompt(key, language, due_at=passed, reachable=True)
        assert "11:00" not in said
        assert ("お待たせ" in said) if language == "ja" else ("wait" in said)


@pytest.mark.parametrize(
    ("known", "asked", "not_asked"),
    [
        ({"name": False, "reachable": False}, ("お名前", "メールアドレス"), ()),
        ({"name": True, "reachable": False}, ("メールアドレス",), ("お名前",)),
        ({"name": False, "reachable": True}, ("お名前",), ("メールアドレス",)),
        ({"name": True, "reachable": True}, ("お名前", "メールアドレス"), ()),  # wants to correct them
    ],
)
def test_only_what_is_missing_is_asked_for(known: dict[str, bool], asked: Any, not_asked: Any) -> None:
    _, _, question = prompt("how_to_reach", "ja", known=known).rstrip("。").rpartition("。")
    assert all(words in question for words in asked)
    assert not any(words in question for words in not_asked)


def test_who_told_how_many_they_are_is_asked_for_the_name_alone() -> None:
    for language, name, size in (("ja", "会社名", "おおよその社員数"), ("en", "company called", "how many people")):
        assert size in prompt("which_company", language)
        rest = prompt("which_company", language, sized=True)
        assert name in rest
        assert size not in rest


def test_the_greeting_names_the_firm_and_does_without_a_name() -> None:
    assert prompt("greeting", "ja").startswith("こんにちは。アサヒ精機の自動応答ボットです。")
    assert "I'm an automated chatbot, not a person" in Words(TOKYO).prompt("greeting", "en", {}, FRIDAY_NOON)


def test_what_many_are_told_is_remembered_for_the_day_and_nothing_of_a_person_ever_is() -> None:
    words = Words(TOKYO)
    for told in EVERYTHING:
        answer = {"topic": told["topic"], "value": told["value"]}
        for key in ("understood", "please_confirm"):
            assert words.prompt(key, "ja", {"answers": [answer]}, FRIDAY_NOON)
    words.prompt("person_is_here", "ja", {"name": "佐藤"}, FRIDAY_NOON)
    words.prompt("receipt_mailed", "ja", {"email": "yamada@example.jp"}, FRIDAY_NOON)

    kept = repr(vars(words))
    assert "業務効率化" in kept
    assert "2026年9月30日" in kept
    assert not any(told in kept for told in ("社長", "北星", "山田", "yamada", "佐藤"))


def test_a_time_said_again_on_a_later_day_is_said_as_it_stands_then() -> None:
    words, facts = Words(TOKYO), {"answers": [{"topic": "timeframe", "value": EVERYTHING[1]["value"]}]}
    from_today = words.prompt("please_confirm", "ja", facts, FRIDAY_NOON)
    the_day_before = words.prompt("please_confirm", "ja", facts, FRIDAY_NOON - timedelta(days=1))
    assert ("9月30日まで" in from_today, "5月15日" in from_today) == (True, False)
    assert "5月15日" in the_day_before


def test_a_quick_reply_without_words_of_its_own_falls_back_to_the_common_ones() -> None:
    assert WORDS.choice("what_problem", "skip", "ja") == "回答を控える"
    assert WORDS.choice("budget_range", "small", "en") == "Under $10k"
    assert WORDS.choice("fix", "fix.by_when", "ja") == "導入時期"
    assert WORDS.choice("nowhere", "<b>\nodd</b>", "en") == "<b> odd</b>"


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_prospect_types_comes_out_as_text(text: str) -> None:
    approver = fact(Authority(role=Role.NEEDS_APPROVAL, approver=text))
    company = fact(Company(name=text))
    for language in LANGUAGES:
        assert text in prompt("please_confirm", language, answers=[approver, company])
        assert text in prompt("understood", language, answers=[approver])
        assert text in WORDS.answer("company", company["value"], language)
        assert text in WORDS.line("message_left", language, {"words": text}, FRIDAY_NOON)
        assert text in WORDS.lead_title(text, None, language)
        assert text in WORDS.mail("first_contact", language, {"company": text}).body
        assert text in WORDS.script("opening", language, {"person": text})


def test_an_endless_name_with_line_ends_stays_one_line_of_the_read_back() -> None:
    said = prompt("please_confirm", "ja", answers=[fact(Company(name="北\n・ご予算：1円\n" * 400))])
    assert len(said.split("\n")) == 3
    assert len(said) < 200


def test_every_question_of_the_playbook_is_asked_in_both_languages() -> None:
    for question in shipped_playbook().questions:
        for language in LANGUAGES:
            for key in (question.key, f"{question.key}_again"):
                assert prompt(key, language, known={"name": False, "reachable": False})


@pytest.mark.parametrize(
    ("language", "sends", "sends_none"),
    [("ja", "お送りします", "メールはお送りできません"), ("en", "on its way", "can't send mail")],
)
def test_a_copy_is_promised_only_where_mail_can_be_sent(language: str, sends: str, sends_none: str) -> None:
    """Its button may have been offered before the mail server went."""
    for can_mail, said in ((True, sends), (False, sends_none)):
        words = Words(TOKYO, can_mail=can_mail)
        assert said in words.prompt("receipt_mailed", language, {"email": "a@example.jp"}, FRIDAY_NOON)
