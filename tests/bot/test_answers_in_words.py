"""An answer as a rep notes it and as the prospect reads it back: amounts, times, roles and needs."""

from datetime import date
from decimal import Decimal

import pytest

from bot.shipped_texts import table
from dialogs.reading import read
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
from tests.bot.said import FRIDAY_NOON, LANGUAGES, WORDS, YEN, day, fact, noted, prompt

BUDGETS = [
    (Budget(minimum=3_000_000, maximum=3_000_000, currency=YEN), "300万円", "¥3 million"),
    (Budget(minimum=3_000_000, maximum=5_000_000, currency=YEN), "300万円〜500万円", "¥3–5 million"),
    (Budget(minimum=1_000_000, maximum=200_000_000, currency=YEN), "100万円〜2億円", "¥1 million–¥200 million"),
    (Budget(minimum=100, maximum=200_000_000, currency=YEN), "100円〜2億円", "¥100–¥200,000,000"),
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
    (Budget(maximum=Decimal("3000000.50"), currency=YEN), "3,000,000.50円まで", "up to ¥3,000,000.50"),
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
        "業務効率化（強い）",
        "more efficient work (pressing)",
    ),
    (
        Need(present=True, strength=Strength.MEDIUM, categories=("cost", "data")),
        "コスト削減、データの集計・活用",
        "cutting costs, getting more out of data",
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
    assert WORDS.need_words(need, "ja") == "業務効率化とコスト削減"
    assert WORDS.need_words(need, "en") == "more efficient work and cutting costs"
    assert WORDS.need_words(to_json(Topic.NEED, Need(present=True)), "en") == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(table("answers", "en")["noted"]["kinds"]))
def test_the_words_of_a_need_may_be_added_to_in_a_form_and_stay_of_their_kind(kind: str, language: str) -> None:
    offered = noted(Need(present=True, strength=Strength.HIGH, categories=(kind,)), language)
    for text in (offered, f"{offered}, 3"):
        found = read(text, question=Topic.NEED, now=FRIDAY_NOON).need
        assert found is not None, text
        assert found.value.categories == (kind,), text


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
            "Got it: this is about more efficient work and cutting costs.",
        ),
        (
            Need(present=True, categories=("revenue", "customer", "legacy")),
            "売上拡大、顧客対応の改善とシステムの刷新についてのご相談ですね。",
            "Got it: this is about growing revenue, serving customers better and replacing old systems.",
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
