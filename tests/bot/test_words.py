"""Keys and facts in, Japanese and English out: values, times, prompts, lines, mails and scripts as people read them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.mail_templates import SHIPPED_MAILS, NoSuchMail
from bot.own_templates import BadTemplate
from bot.words import Words
from dialogs.playbook import shipped_playbook
from qualification import events
from qualification.bant import (
    Authority,
    Budget,
    Clarity,
    Company,
    Contact,
    Headcount,
    Need,
    Period,
    Role,
    Strength,
    Timeframe,
    Topic,
    Value,
    to_json,
)

TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY_NOON = datetime(2026, 5, 15, 12, 0, tzinfo=TOKYO)
WORDS = Words(TOKYO, company="アサヒ精機")
LANGUAGES = ("ja", "en")
HOSTILE = [
    "{{ person.__class__ }}",
    "{% for a in person %}{% endfor %}",
    "{person}",
    "%(person)s",
    "<script>alert(1)</script>",
    "<!channel> *bold*",
    "{0.__class__}",
]


def day(text: str) -> Any:
    return datetime.fromisoformat(text).date()


def fact(value: Value) -> dict[str, Any]:
    topic = Topic(type(value).__name__.lower())
    return {"topic": topic.value, "value": to_json(topic, value), "words": ""}


def noted(value: Value, language: str, now: datetime | None = None) -> str:
    answer = fact(value)
    return WORDS.answer(answer["topic"], answer["value"], language, now)


def prompt(key: str, language: str, **facts: Any) -> str:
    return WORDS.prompt(key, language, facts, FRIDAY_NOON)


# -- values --------------------------------------------------------------------------------------

YEN = "JPY"
BUDGETS = [
    (Budget(minimum=3_000_000, maximum=3_000_000, currency=YEN), "300万円", "¥3 million"),
    (Budget(minimum=3_000_000, maximum=5_000_000, currency=YEN), "300万円〜500万円", "¥3–5 million"),
    (
        Budget(minimum=3_000_000, maximum=5_000_000, currency=YEN, period=Period.YEAR),
        "300万円〜500万円（年額）",
        "¥3–5 million a year",
    ),
    (Budget(maximum=50_000, currency=YEN, period=Period.MONTH), "5万円まで（月額）", "up to ¥50,000 a month"),
    (
        Budget(minimum=800_000, maximum=800_000, currency=YEN, period=Period.ONCE),
        "80万円（一括）",
        "¥800,000, one-off",
    ),
    (Budget(minimum=3_000_000, currency=YEN), "300万円以上", "¥3 million or more"),
    (Budget(maximum=3_000_000, currency=YEN), "300万円まで", "up to ¥3 million"),
    (Budget(minimum=150_000_000, currency=YEN), "1億5,000万円以上", "¥150 million or more"),
    (Budget(maximum=1_234_567, currency=YEN), "123万4,567円まで", "up to ¥1,234,567"),
    (Budget(maximum=3_500, currency=YEN), "3,500円まで", "up to ¥3,500"),
    (Budget(maximum=1_500_000_000_000, currency=YEN), "1兆5,000億円まで", "up to ¥1,500 billion"),
    (Budget(minimum=0, maximum=0, currency=YEN), "0円", "¥0"),
    (Budget(minimum=500_000, maximum=1_500_000, currency=YEN), "50万円〜150万円", "¥500,000–¥1.5 million"),
    (Budget(minimum=10_000, maximum=30_000, currency="USD"), "$10,000〜$30,000", "$10,000–$30,000"),
    (Budget(minimum=30_000, currency="USD"), "$30,000以上", "$30,000 or more"),
    (Budget(maximum=15_000, currency="EUR"), "€15,000まで", "up to €15,000"),
    (Budget(maximum=15_000, currency="CHF"), "CHF 15,000まで", "up to CHF 15,000"),
    (Budget(maximum=5_000_000), "500万まで", "up to 5 million"),
    (Budget(clarity=Clarity.UNDECIDED), "未定", "not decided"),
    (Budget(clarity=Clarity.NONE), "予算なし", "no budget"),
    (Budget(), "未定", "not decided"),
]
TIMEFRAMES = [
    (Timeframe(latest=day("2026-09-30")), "2026年9月30日まで", "by 30 Sep 2026"),
    (Timeframe(earliest=day("2026-09-01")), "2026年9月以降", "Sep 2026 or later"),
    (Timeframe(earliest=day("2026-09-15")), "2026年9月15日以降", "15 Sep 2026 or later"),
    (Timeframe(earliest=day("2026-10-01"), latest=day("2026-10-01")), "2026年10月1日", "1 Oct 2026"),
    (Timeframe(earliest=day("2026-09-01"), latest=day("2026-09-30")), "2026年9月", "Sep 2026"),
    (Timeframe(earliest=day("2026-10-01"), latest=day("2026-12-31")), "2026年10月〜12月", "Oct–Dec 2026"),
    (Timeframe(earliest=day("2026-12-01"), latest=day("2027-01-31")), "2026年12月〜2027年1月", "Dec 2026 – Jan 2027"),
    (
        Timeframe(earliest=day("2026-07-15"), latest=day("2026-09-03")),
        "2026年7月15日〜9月3日",
        "15 Jul – 3 Sep 2026",
    ),
    (
        Timeframe(earliest=day("2026-12-15"), latest=day("2027-01-10")),
        "2026年12月15日〜2027年1月10日",
        "15 Dec 2026 – 10 Jan 2027",
    ),
    (Timeframe(clarity=Clarity.UNDECIDED), "未定", "not decided"),
    (Timeframe(clarity=Clarity.NONE), "導入予定なし", "no plan to buy"),
]
OTHERS = [
    (Authority(role=Role.DECISION_MAKER), "決裁者ご本人", "the decision maker"),
    (Authority(role=Role.NEEDS_APPROVAL), "社内承認が必要", "needs approval"),
    (Authority(role=Role.NEEDS_APPROVAL, approver="社長"), "社長の承認が必要", "needs approval (社長)"),
    (Authority(role=Role.INFLUENCER), "検討・情報収集の担当", "gathers information, advises"),
    (Authority(role=Role.NONE), "決裁には関与なし", "not involved in the decision"),
    (
        Need(present=True, strength=Strength.HIGH, categories=("efficiency",)),
        "課題あり（強い）：業務効率化",
        "Problem (pressing): efficiency",
    ),
    (
        Need(present=True, strength=Strength.MEDIUM, categories=("cost", "data")),
        "課題あり：コスト削減、データ活用",
        "Problem: cost, use of data",
    ),
    (Need(present=True, strength=Strength.LOW), "課題あり（弱い）", "Has a problem (mild)"),
    (Need(present=True), "課題あり", "Has a problem"),
    (Need(present=False), "課題なし", "No problem"),
    (
        Company(name="株式会社北星", headcount=Headcount(minimum=1_200, maximum=1_200)),
        "株式会社北星（社員1,200名）",
        "株式会社北星 (1,200 people)",
    ),
    (Company(headcount=Headcount(minimum=200, maximum=300)), "社員200〜300名", "200–300 people"),
    (Company(headcount=Headcount(minimum=5_000)), "社員5,000名以上", "5,000 people or more"),
    (Company(name="Acme", headcount=Headcount()), "Acme", "Acme"),
    (Company(), "不明", "unknown"),
    (
        Contact(name="山田 太郎", email="yamada@example.jp", phone="+81312345678"),
        "山田 太郎、yamada@example.jp、03-1234-5678",
        "山田 太郎, yamada@example.jp, +81 3-1234-5678",
    ),
    (Contact(phone="+12025550143"), "+1 202-555-0143", "+1 202-555-0143"),
]


@pytest.mark.parametrize(("value", "japanese", "english"), [*BUDGETS, *TIMEFRAMES, *OTHERS], ids=repr)
def test_a_rep_reads_an_answer_as_business_people_write_it(value: Value, japanese: str, english: str) -> None:
    assert noted(value, "ja") == japanese
    assert noted(value, "en") == english


@pytest.mark.parametrize(
    ("first", "last", "japanese", "english"),
    [
        pytest.param("2026-08-15", "2026-08-15", "2026年8月頃", "around Aug 2026", id="in 3 months"),
        pytest.param("2026-05-15", "2026-11-15", "2026年11月頃まで", "by about Nov 2026", id="within half a year"),
        pytest.param("2026-08-15", "2026-11-15", "2026年8月〜11月", "Aug–Nov 2026", id="in 3 to 6 months"),
        pytest.param("2027-05-15", None, "2027年5月以降", "May 2027 or later", id="a year or more"),
    ],
)
def test_a_time_counted_in_months_shows_no_day(first: str, last: str | None, japanese: str, english: str) -> None:
    said = Timeframe(earliest=date.fromisoformat(first), latest=date.fromisoformat(last) if last else None, rough=True)
    value = to_json(Topic.TIMEFRAME, said)
    assert WORDS.answer("timeframe", value, "ja", FRIDAY_NOON) == japanese
    assert WORDS.answer("timeframe", value, "en", FRIDAY_NOON) == english


@pytest.mark.parametrize(("cents", "says"), [("49.99", "$49.99"), ("1299.50", "$1,299.50")])
def test_cents_are_said_with_both_figures(cents: str, says: str) -> None:
    budget = to_json(Topic.BUDGET, Budget(minimum=Decimal(cents), maximum=Decimal(cents), currency="USD"))
    assert WORDS.answer("budget", budget, "ja", FRIDAY_NOON) == says
    assert WORDS.answer("budget", budget, "en", FRIDAY_NOON) == says


def test_a_timeframe_that_has_begun_is_said_as_its_limit() -> None:
    within = Timeframe(earliest=day("2026-05-15"), latest=day("2026-08-15"))
    assert noted(within, "ja", FRIDAY_NOON) == "2026年8月15日まで"
    assert noted(within, "en", FRIDAY_NOON) == "by 15 Aug 2026"


def test_the_kinds_of_a_need_can_stand_in_a_sentence() -> None:
    need = to_json(Topic.NEED, Need(present=True, categories=("efficiency", "cost")))
    assert WORDS.need_words(need, "ja") == "業務効率化、コスト削減"
    assert WORDS.need_words(to_json(Topic.NEED, Need(present=True)), "en") == ""


# -- times ---------------------------------------------------------------------------------------

MOMENTS = [
    ("2026-05-15T15:00+09:00", "本日15:00", "today 3:00 pm"),
    ("2026-05-15T06:00+00:00", "本日15:00", "today 3:00 pm"),  # the firm's zone, whatever the instant is written in
    ("2026-05-15T09:05+09:00", "本日9:05", "today 9:05 am"),
    ("2026-05-15T12:00+09:00", "本日12:00", "today 12:00 pm"),
    ("2026-05-15T00:30+09:00", "本日0:30", "today 12:30 am"),
    ("2026-05-16T11:10+09:00", "明日(土)11:10", "tomorrow (Sat) 11:10 am"),
    ("2026-05-14T18:00+09:00", "昨日(木)18:00", "yesterday (Thu) 6:00 pm"),
    ("2026-05-18T11:10+09:00", "5月18日(月) 11:10", "Mon 18 May, 11:10 am"),
    ("2027-01-04T09:00+09:00", "2027年1月4日(月) 9:00", "Mon 4 Jan 2027, 9:00 am"),
]


@pytest.mark.parametrize(("at", "japanese", "english"), MOMENTS)
def test_an_instant_is_said_in_the_zone_of_the_firm(at: str, japanese: str, english: str) -> None:
    instant = datetime.fromisoformat(at)
    assert WORDS.when(instant, "ja", FRIDAY_NOON) == japanese
    assert WORDS.when(instant, "en", FRIDAY_NOON) == english


@pytest.mark.parametrize(
    ("minutes", "japanese", "english"),
    [
        (0, "1分未満", "less than 1 min"),
        (45, "45分", "45 min"),
        (120, "2時間", "2 h"),
        (80, "1時間20分", "1 h 20 min"),
        (-80, "1時間20分", "1 h 20 min"),
        (1_500, "25時間", "25 h"),
    ],
)
def test_a_span_is_said_in_hours_and_minutes(minutes: int, japanese: str, english: str) -> None:
    assert WORDS.span(minutes, "ja") == japanese
    assert WORDS.span(minutes, "en") == english


# -- the talk ------------------------------------------------------------------------------------

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


@pytest.mark.parametrize(
    ("value", "japanese", "english"),
    [
        (
            Budget(minimum=3_000_000, maximum=5_000_000, currency=YEN, period=Period.YEAR),
            "ご予算は年額300万円〜500万円ですね。",
            "Got it: a budget of ¥3–5 million a year.",
        ),
        (
            Timeframe(earliest=day("2026-10-01"), latest=day("2026-12-31")),
            "2026年10月〜12月の導入をお考えですね。",
            "Got it: you'd like to start in Oct–Dec 2026.",
        ),
        (
            Authority(role=Role.NEEDS_APPROVAL, approver="社長"),
            "社長のご承認が必要なのですね。",
            "Got it: there's an approval to get first (社長).",
        ),
        (
            Need(present=True, categories=("efficiency", "cost")),
            "業務効率化とコスト削減についてのご相談ですね。",
            "Got it: this is about efficiency and cost.",
        ),
    ],
)
def test_an_answer_is_echoed_in_a_short_natural_sentence(value: Value, japanese: str, english: str) -> None:
    assert prompt("understood", "ja", answers=[fact(value)]) == japanese
    assert prompt("understood", "en", answers=[fact(value)]) == english


@pytest.mark.parametrize(
    ("value", "forms"),
    [(value, ("understood", "corrected", "did_i_get_it", "please_confirm")) for value, *_ in [*BUDGETS, *TIMEFRAMES]]
    + [(value, ("understood", "corrected", "did_i_get_it", "please_confirm")) for value, *_ in OTHERS],
    ids=repr,
)
def test_every_value_can_be_said_to_the_prospect(value: Value, forms: tuple[str, ...]) -> None:
    for language in LANGUAGES:
        for form in forms:
            said = prompt(form, language, answers=[fact(value)])
            assert said
            assert "None" not in said
            assert "{" not in said


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
    question = prompt("how_to_reach", "ja", known=known)
    assert all(words in question for words in asked)
    assert not any(words in question for words in not_asked)


def test_the_greeting_names_the_firm_and_does_without_a_name() -> None:
    assert prompt("greeting", "ja").startswith("こんにちは。アサヒ精機の自動応答ボットです。")
    assert "I'm an automated chatbot, not a person" in Words(TOKYO).prompt("greeting", "en", {}, FRIDAY_NOON)


def test_a_quick_reply_without_words_of_its_own_falls_back_to_the_common_ones() -> None:
    assert WORDS.choice("what_problem", "skip", "ja") == "回答を控える"
    assert WORDS.choice("budget_range", "small", "en") == "Under $10k"
    assert WORDS.choice("fix", "fix.by_when", "ja") == "導入時期"
    assert WORDS.choice("nowhere", "<b>\nodd</b>", "en") == "<b> odd</b>"


# -- Slack ---------------------------------------------------------------------------------------

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
    lambda: events.CallBackDue(**ROLE),
    lambda: events.TimeframePassed(**ROLE),
]
OWN = {"lead": "株式会社北星 山田 太郎様", "who": "佐藤", "mention": "<@U1>", "due": "本日15:00", "late_by": "1時間"}


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
        "担当者が決まっていません。担当できる方にカードの「担当する」を押してもらうか、ご自身で押して、対応をお願いします。"
    )


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


# -- mails and scripts ---------------------------------------------------------------------------

ABOUT_A_LEAD = {
    "person": "山田 太郎",
    "company": "株式会社北星",
    "rep_name": "佐藤 恵",
    "rep_email": "sato@example.jp",
    "rep_phone": "03-1111-2222",
    "need_words": "業務効率化",
    "timeframe_words": "2026年9月30日まで",
    "budget_words": "300万円",
    "due": "5月18日(月) 11:10",
}


@pytest.mark.parametrize("name", SHIPPED_MAILS)
@pytest.mark.parametrize("facts", [ABOUT_A_LEAD, {"rep_name": "佐藤 恵"}, {}], ids=["all", "rep only", "none"])
def test_every_mail_is_whole_with_and_without_facts(name: str, facts: dict[str, str]) -> None:
    for language in LANGUAGES:
        mail = WORDS.mail(name, language, facts)
        assert mail.subject
        assert "\n" not in mail.subject
        assert "None" not in mail.body
        assert "\n\n\n" not in mail.body
        assert not mail.body.startswith("\n")


def test_a_japanese_mail_opens_with_firm_and_person_and_greets_in_the_usual_way() -> None:
    opening = WORDS.mail("after_no_answer", "ja", ABOUT_A_LEAD).body.split("\n")[:4]
    assert opening == ["株式会社北星", "山田 太郎様", "", "お世話になっております。アサヒ精機の佐藤 恵です。"]
    assert WORDS.mail("after_no_answer", "ja", {}).body.startswith("ご担当者様\n")


def test_a_name_with_line_ends_makes_no_header_of_its_own() -> None:
    mail = Words(TOKYO, company="A\r\nBcc: all@example.com").mail("first_contact", "en", {})
    assert mail.subject == "Thank you for getting in touch with A Bcc: all@example.com"


def test_the_mails_on_offer_have_a_title_in_each_language() -> None:
    titles = {mail.name: mail.titles for mail in WORDS.mail_names()}
    assert titles["first_contact"] == {"ja": "初回のご連絡", "en": "First contact"}
    assert list(titles) == list(SHIPPED_MAILS)


def test_a_mail_nobody_wrote_is_refused() -> None:
    with pytest.raises(NoSuchMail, match="there is no mail template 'nowhere'"):
        WORDS.mail("nowhere", "ja", {})


@pytest.mark.parametrize(
    "topic", ["opening", "need", "timeframe", "authority", "budget", "company", "contact", "closing"]
)
def test_there_is_something_to_say_on_the_phone_for_every_topic(topic: str) -> None:
    for language in LANGUAGES:
        for facts in (ABOUT_A_LEAD, {}):
            said = WORDS.script(topic, language, facts)
            assert said
            assert "None" not in said
            assert "\n" not in said


def own_mail(folder: Path, name: str, text: str) -> Path:
    place = folder / "outreach" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, "utf-8")
    return folder


def test_a_firm_puts_its_own_mail_beside_the_shipped_ones(tmp_path: Path) -> None:
    own_mail(tmp_path, "展示会のお礼.ja.txt.j2", "Subject: {{ person }}様 展示会のお礼\nお世話になっております。\n")
    words = Words(TOKYO, own_templates=tmp_path)
    assert words.mail_names()[-1].name == "展示会のお礼"
    assert words.mail("展示会のお礼", "ja", {"person": "山田"}).subject == "山田様 展示会のお礼"
    assert words.mail("展示会のお礼", "en", {}).body == "お世話になっております。\n"  # the only language there is


def test_a_firm_replaces_a_shipped_mail_in_one_language(tmp_path: Path) -> None:
    own_mail(tmp_path, "first_contact.en.txt.j2", "Subject: Hi\nHi {{ person | default('there', true) }}\n")
    words = Words(TOKYO, own_templates=tmp_path)
    assert words.mail("first_contact", "en", {}).body == "Hi there\n"
    assert words.mail("first_contact", "ja", {}) == Words(TOKYO).mail("first_contact", "ja", {})


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        (
            "offer.ja.txt.j2",
            "Subject: x\n{{ person.upper() }}\n",
            r"^offer\.ja\.txt\.j2:2: calling something is not allowed here",
        ),
        ("offer.ja.txt.j2", "Subject: {{ lead }}\nx\n", r"^offer\.ja\.txt\.j2:1: there is no fact 'lead'"),
        ("offer.txt.j2", "Subject: x\nx\n", r"^offer\.txt\.j2:1: name it NAME\.ja\.txt\.j2"),
    ],
)
def test_a_bad_mail_of_a_firm_is_named_with_line_and_reason(tmp_path: Path, name: str, text: str, problem: str) -> None:
    with pytest.raises(BadTemplate, match=problem):
        Words(TOKYO, own_templates=own_mail(tmp_path, name, text))


# -- hostile facts -------------------------------------------------------------------------------


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
