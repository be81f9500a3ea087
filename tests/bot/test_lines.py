"""What the thread says of each thing that happened: one calm line with what there is to say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from qualification import events
from tests.bot.said import FRIDAY_NOON, LANGUAGES, WORDS

ROLE: Any = {"lead_id": "a", "by": "U1"}
LATER = FRIDAY_NOON + timedelta(hours=25)
HAPPENED: list[Callable[[], events.Event]] = [
    lambda: events.StageMoved(
        **ROLE, before="LEAD", after="TQL", rule="tql_need_confirmed", policy="p", evidence=("chat_talk", "need")
    ),
    lambda: events.ResultTold(**ROLE, result="won", amount=3_000_000, currency="JPY", words="3年契約"),
    lambda: events.ResultTold(**ROLE, result="left"),
    lambda: events.OwnerChanged(**ROLE, before=None, after="U1"),
    lambda: events.OwnerChanged(**ROLE, before="U1", after=None),
    lambda: events.HandedBack(**ROLE, reason="担当エリア外"),
    lambda: events.HandedBack(**ROLE, reason="担当エリア外", is_nobodys=True),
    lambda: events.CallLogged(**ROLE, outcome="call_back", grade="reached", note="午後に", call_back_at=LATER),
    lambda: events.CallLogged(**ROLE, outcome="no_answer", grade="attempt", note=""),
    lambda: events.MailAccepted(**ROLE, to="a@example.jp", subject="ご連絡", message_id="<1@x>"),
    lambda: events.MailFailed(**ROLE, to="a@example.jp", problem="550 no such user"),
    lambda: events.ReceiptMailFailed(**ROLE, to="a@example.jp", problem="550 no such user"),
    lambda: events.FollowUpMet(
        **ROLE, rule="first_contact", grade="attempt", evidence="no_answer", minutes=80, late=False
    ),
    lambda: events.FollowUpCancelled(**ROLE, rule="first_contact", reason="opted_out"),
    lambda: events.FollowUpSnoozed(**ROLE, rule="first_contact", until=LATER, reason="先方が会議中"),
    lambda: events.InterviewClosed(**ROLE, state="completed"),
    lambda: events.InterviewResumed(**ROLE),
    lambda: events.MessageLeft(**ROLE, words="よろしく"),
    lambda: events.ProspectReplied(**ROLE, answered="佐藤", via="mail"),
    lambda: events.QuestionAsked(**ROLE, words="料金は？"),
    lambda: events.OptedOut(**ROLE, words=""),
    lambda: events.PersonWanted(**ROLE, words="電話で話したい"),
    lambda: events.DocumentWanted(**ROLE, form="white-paper", opted_out=False),
    lambda: events.DocumentWanted(**ROLE, form="white-paper", opted_out=True),
    lambda: events.CallBackDue(**ROLE),
    lambda: events.TimeframePassed(**ROLE),
    lambda: events.LeadWoken(**ROLE),
    lambda: events.LeadOffered(**ROLE, rule="acceptance", evidence=("need", "timeframe", "budget")),
    lambda: events.StayedSilent(**ROLE, days=10),
]
OWN = {"lead": "株式会社北星 山田 太郎様", "who": "佐藤", "mention": "<@U1>", "due": "本日15:00", "is_late": True}


@pytest.mark.parametrize("happened", HAPPENED, ids=lambda happened: happened().kind)
@pytest.mark.parametrize("own", [OWN, {}], ids=["told everything", "told nothing"])
def test_every_event_is_one_calm_line(happened: Callable[[], events.Event], own: dict[str, str]) -> None:
    event = happened()
    for language in LANGUAGES:
        line = WORDS.line(event.kind, language, {**event.facts(), **own}, FRIDAY_NOON)
        assert line
        assert "\n" not in line
        assert "None" not in line
        assert "!" not in line.replace("<!", "")


NOW_LATE = {**OWN, "due": "昨日(木)13:00"}


@pytest.mark.parametrize(
    ("kind", "facts", "japanese", "english"),
    [
        (
            "person_wanted",
            {"words": ""},
            "対応期限（昨日(木)13:00）を過ぎています。至急ご連絡をお願いします。",
            "at once: it was due 昨日",
        ),
        ("sooner_wanted", {}, "お約束の対応期限（昨日(木)13:00）を過ぎています。至急お電話を", "It was due 昨日"),
        ("nobody_called", {"stopped_by": ""}, "対応期限（昨日(木)13:00）を過ぎています。お電話と", "it was due 昨日"),
        ("step_taken_owner", {"step": "half_time"}, "対応期限（昨日(木)13:00）を過ぎています。", "It was due 昨日"),
        ("step_taken_owner", {"step": "last_call"}, "対応期限（昨日(木)13:00）を過ぎています。", "It was due 昨日"),
    ],
)
def test_what_is_past_due_is_never_told_as_still_to_come(
    kind: str, facts: dict[str, str], japanese: str, english: str
) -> None:
    said = {language: WORDS.line(kind, language, {**NOW_LATE, **facts}, FRIDAY_NOON) for language in LANGUAGES}
    assert japanese in said["ja"]
    assert english in said["en"]
    in_time = WORDS.line(kind, "ja", {**NOW_LATE, **facts, "is_late": False}, FRIDAY_NOON)
    assert "過ぎ" not in in_time
    assert "昨日(木)13:00" in in_time


@pytest.mark.parametrize("step", ["half_time", "last_call", "due", "overdue", "a_step_of_our_own"])
@pytest.mark.parametrize("owner", [None, "", "佐藤"])
def test_a_reminder_says_what_to_do(step: str, owner: str | None) -> None:
    for language in LANGUAGES:
        for tells in ("owner", "manager"):
            line = WORDS.line(f"step_taken_{tells}", language, {**OWN, "step": step, "owner": owner}, FRIDAY_NOON)
            assert line.startswith("<@U1> ")
            assert ("お願いします" in line) if language == "ja" else ("Please" in line)


def test_a_lead_nobody_owns_is_not_said_to_have_an_owner() -> None:
    line = WORDS.line("step_taken_manager", "ja", {**OWN, "step": "due", "owner": ""}, FRIDAY_NOON)
    assert line == (
        "<@U1> 株式会社北星 山田 太郎様：対応期限（本日15:00）になりましたが、初回のご連絡がまだです。"
        "担当者は未定です。担当できる方にカードの「担当する」を押してもらうか、ご自身で押して、対応をお願いします。"
    )


@pytest.mark.parametrize(
    ("rule", "grade", "japanese", "english"),
    [
        (
            "first_contact",
            "attempt",
            "初回接触：期限内に対応（連絡試行、開始から1時間20分） — 佐藤",
            "First contact made in time (attempted after 1 h 20 min) — 佐藤",
        ),
        (
            "acceptance",
            "decision",
            "受け入れの判断：期限内に対応（開始から1時間20分） — 佐藤",
            "Decision on the hand-over made in time (after 1 h 20 min) — 佐藤",
        ),
        (  # they answered the first line of a chat: nobody has tried again
            "persistence",
            "two_way",
            "お客様とつながったため、再度のご連絡は不要になりました（会話成立） — 佐藤",
            "They were reached (talked), so no other try is needed — 佐藤",
        ),
        (
            "persistence",
            "attempt",
            "再度のご連絡：期限内に対応（連絡試行、開始から1時間20分） — 佐藤",
            "Another try made in time (attempted after 1 h 20 min) — 佐藤",
        ),
    ],
)
def test_a_duty_that_was_met_says_how_and_claims_no_more(rule: str, grade: str, japanese: str, english: str) -> None:
    met = events.FollowUpMet(**ROLE, rule=rule, grade=grade, evidence="chat", minutes=80, late=False)
    said = {
        language: WORDS.line(met.kind, language, {**met.facts(), "who": "佐藤"}, FRIDAY_NOON) for language in LANGUAGES
    }
    assert said == {"ja": japanese, "en": english}


def test_the_result_of_a_deal_names_its_amount_as_the_card_does() -> None:
    told = events.ResultTold(**ROLE, result="won", amount=3_000_000, currency="JPY", words="3年契約")
    said = {
        language: WORDS.line(told.kind, language, {**told.facts(), "who": "佐藤"}, FRIDAY_NOON)
        for language in LANGUAGES
    }
    assert said == {
        "ja": "商談結果：*受注*（300万円）「3年契約」 — 佐藤",
        "en": "Deal result: *Deal won* (¥3 million) “3年契約” — 佐藤",
    }


def test_a_move_tells_what_it_was_founded_on() -> None:
    assert WORDS.evidence(["score 75", "chat_talk"], "ja") == "スコア75点、チャットでの会話"
    assert WORDS.evidence(["score 75", "chat_talk"], "en") == "score 75, a talk in chat"
    assert WORDS.missing(["budget", "timeframe"], "ja") == "予算、導入時期"


@pytest.mark.parametrize(
    ("company", "person", "japanese", "english"),
    [
        ("アサヒ", "山田 太郎", "アサヒ 山田 太郎様", "アサヒ - 山田 太郎"),
        ("アサヒ", None, "アサヒ ご担当者様", "アサヒ"),
        (None, "山田 太郎", "山田 太郎様", "山田 太郎"),
        (None, None, "お名前未確認のお客様", "New lead (no name yet)"),
    ],
)
def test_a_lead_has_a_title(company: str | None, person: str | None, japanese: str, english: str) -> None:
    assert WORDS.lead_title(company, person, "ja") == japanese
    assert WORDS.lead_title(company, person, "en") == english


def test_a_name_of_a_firms_own_policy_is_shown_as_it_is_written() -> None:
    assert WORDS.label("point", "visited_our_booth", "ja") == "visited our booth"
