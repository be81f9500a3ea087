"""What people say about money, and the budget the reader hears in it; one table for each row of the conventions."""

from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading import money
from dialogs.reading.text import Text
from qualification.bant import Budget, Clarity, Period, Sum, Topic, from_json, to_json

MAN, OKU = 10_000, 100_000_000
MONTH, YEAR, ONCE = Period.MONTH, Period.YEAR, Period.ONCE
UNDECIDED, NONE = Budget(clarity=Clarity.UNDECIDED), Budget(clarity=Clarity.NONE)


class Row(NamedTuple):
    text: str
    budget: Budget | None
    asked: Topic | None = Topic.BUDGET


def yen(minimum: Sum | None, maximum: Sum | None, period: Period | None = None) -> Budget:
    return Budget(minimum=minimum, maximum=maximum, currency="JPY", period=period)


def usd(minimum: Sum | None, maximum: Sum | None, period: Period | None = None) -> Budget:
    return Budget(minimum=minimum, maximum=maximum, currency="USD", period=period)


def plain(minimum: Sum | None, maximum: Sum | None, period: Period | None = None) -> Budget:
    """An amount without currency, as in English texts that name none."""
    return Budget(minimum=minimum, maximum=maximum, period=period)


CENTS = [
    Row("$49.99 a month", usd(Decimal("49.99"), Decimal("49.99"), MONTH)),
    Row("at most 1,299.50 dollars", usd(None, Decimal("1299.50"))),
    Row("20 dollars 43 cents", usd(Decimal("20.43"), Decimal("20.43"))),
    Row("twenty dollars and forty-three cents", usd(Decimal("20.43"), Decimal("20.43"))),
    Row("$20 and 43 users", usd(20, 20)),
    Row("$19.00", usd(19, 19)),
    Row("月額49.5ドルまで", usd(None, Decimal("49.50"), MONTH)),
    Row("12ドル50セントです", usd(Decimal("12.50"), Decimal("12.50"))),
    Row("500ドルと30名分", usd(500, 500)),
    Row("1.25万円", yen(12_500, 12_500)),
]
WRITTEN = [
    Row("CHF 40'000", Budget(minimum=40_000, maximum=40_000, currency="CHF")),
    Row("₹10,00,000", Budget(minimum=1_000_000, maximum=1_000_000, currency="INR")),
    Row("3.5 crore INR", Budget(minimum=35_000_000, maximum=35_000_000, currency="INR")),
    Row("Rs 5 lakh", Budget(minimum=500_000, maximum=500_000, currency="INR")),
    Row("500萬円", yen(500 * MAN, 500 * MAN)),
    Row("300まん", yen(300 * MAN, 300 * MAN)),
    Row("2千5百万", yen(2_500 * MAN, 2_500 * MAN)),
    Row("三〇〇万", yen(300 * MAN, 300 * MAN)),
    Row("30M yen", yen(3_000 * MAN, 3_000 * MAN)),
    Row("ろくまんドルくらい", usd(60_000, 60_000)),
    Row("NZ$30k", Budget(minimum=30_000, maximum=30_000, currency="NZD")),
    Row("30万バーツ", Budget(minimum=300_000, maximum=300_000, currency="THB")),
]
ABOUT = [
    Row("300万", yen(300 * MAN, 300 * MAN)),
    Row("300万円ほどを想定しております", yen(300 * MAN, 300 * MAN)),
    Row("だいたい500万前後ですかね", yen(500 * MAN, 500 * MAN)),
    Row("うーん、出せても二百万弱ですかね", yen(None, 200 * MAN)),
    Row("二百万強ってとこです", yen(200 * MAN, 200 * MAN)),
    Row("約1,500,000円です", yen(150 * MAN, 150 * MAN)),
    Row("予算は 450 万円ぐらいになります", yen(450 * MAN, 450 * MAN)),
    Row("８００万円ちょっと", yen(800 * MAN, 800 * MAN)),
    Row("1億2000万円を見込んでいます", yen(12_000 * MAN, 12_000 * MAN)),
    Row("1千5百万円くらい", yen(1_500 * MAN, 1_500 * MAN)),
    Row("五百万円", yen(500 * MAN, 500 * MAN)),
    Row("1億5千くらいは", yen(15_000 * MAN, 15_000 * MAN)),
    Row("3.5億円", yen(35_000 * MAN, 35_000 * MAN)),
    Row("500くらい", yen(500 * MAN, 500 * MAN)),
    Row("予算500", yen(500 * MAN, 500 * MAN), None),
    Row("予算3000-5000", yen(3000 * MAN, 5000 * MAN), None),
    Row("予算は150000です", yen(150_000, 150_000)),
    Row("3百万円で考えてます", yen(300 * MAN, 300 * MAN)),
    Row("ごひゃくまんくらい", yen(500 * MAN, 500 * MAN)),
    Row("800万円で稟議を通してあります", yen(800 * MAN, 800 * MAN)),
    Row("予算として700万円確保済みです", yen(700 * MAN, 700 * MAN)),
    Row("around 50k", plain(50_000, 50_000)),
    Row("roughly $50,000 or so", usd(50_000, 50_000)),
    Row("~$45k", usd(45_000, 45_000)),
    Row("50k-ish", plain(50_000, 50_000)),
    Row("we've set aside 120,000 dollars for this", usd(120_000, 120_000)),
    Row("half a million", plain(500_000, 500_000)),
    Row("one and a half million yen", yen(1_500_000, 1_500_000)),
    Row("thirty grand", plain(30_000, 30_000)),
    Row("two hundred and fifty thousand dollars", usd(250_000, 250_000)),
    Row("a hundred grand give or take", plain(100_000, 100_000)),
    Row("USD 75,000", usd(75_000, 75_000)),
    Row("75.000 EUR", Budget(minimum=75_000, maximum=75_000, currency="EUR")),
    Row("EUR 40.000", Budget(minimum=40_000, maximum=40_000, currency="EUR")),
    Row("50 000 euros", Budget(minimum=50_000, maximum=50_000, currency="EUR")),
    Row("£20k", Budget(minimum=20_000, maximum=20_000, currency="GBP")),
    Row("1.2M JPY", yen(1_200_000, 1_200_000)),
    Row("2.5mm usd", usd(2_500_000, 2_500_000)),
    Row("5 million yen approved", yen(5_000_000, 5_000_000)),
    Row("our budget's 60k", plain(60_000, 60_000)),
    Row("50,000", plain(50_000, 50_000)),
    Row("A couple of million yen", yen(2_000_000, 2_000_000)),
    Row("a couple hundred thousand", plain(200_000, 200_000)),
]

AT_MOST = [
    Row("300万円以内", yen(None, 300 * MAN)),
    Row("500万未満で", yen(None, 500 * MAN)),
    Row("上限は200万です", yen(None, 200 * MAN)),
    Row("〜300万円", yen(None, 300 * MAN)),
    Row("max 100万", yen(None, 100 * MAN)),
    Row("200万が限度ですね", yen(None, 200 * MAN)),
    Row("150万が精一杯です", yen(None, 150 * MAN)),
    Row("高くても80万", yen(None, 80 * MAN)),
    Row("最大でも250万円くらいまで", yen(None, 250 * MAN)),
    Row("どんなに頑張っても400万かな", yen(None, 400 * MAN)),
    Row("500万を超えない範囲で", yen(None, 500 * MAN)),
    Row("数十万が天井", yen(None, 90 * MAN)),
    Row("600万は厳しいです", yen(None, 600 * MAN)),
    Row("1000万円なんて出せません", yen(None, 1000 * MAN)),
    Row("300万以上は無理です", yen(None, 300 * MAN)),
    Row("500万円はさすがに難しいかなと", yen(None, 500 * MAN)),
    Row("100万円までなら出せます", yen(None, 100 * MAN)),
    Row("up to $30k", usd(None, 30_000)),
    Row("under 20k", plain(None, 20_000)),
    Row("no more than 15,000 euros", Budget(maximum=15_000, currency="EUR")),
    Row("$50k max", usd(None, 50_000)),
    Row("80k is our ceiling", plain(None, 80_000)),
    Row("capped at $25,000", usd(None, 25_000)),
    Row("we can't go over 40k", plain(None, 40_000)),
    Row("we can't afford $25k", usd(None, 25_000)),
    Row("100k is way too much for us", plain(None, 100_000)),
    Row("anything under 10k", plain(None, 10_000)),
    Row("50k tops", plain(None, 50_000)),
    Row("not more than $5k a month", usd(None, 5_000, MONTH)),
    Row("I'd say 30 grand at the very most", plain(None, 30_000)),
    Row("less than a million yen", yen(None, 1_000_000)),
    Row("we have to stay below 70k", plain(None, 70_000)),
]

AT_LEAST = [
    Row("500万以上", yen(500 * MAN, None)),
    Row("1000万円超", yen(1000 * MAN, None)),
    Row("最低でも300万は", yen(300 * MAN, None)),
    Row("200万〜", yen(200 * MAN, None)),
    Row("300万からですね", yen(300 * MAN, None)),
    Row("少なくとも100万円は用意できます", yen(100 * MAN, None)),
    Row("at least 20k", plain(20_000, None)),
    Row("$100k+", usd(100_000, None)),
    Row("over 50 thousand dollars", usd(50_000, None)),
    Row("more than 2 million yen", yen(2_000_000, None)),
    Row("60k minimum", plain(60_000, None)),
    Row("north of $200k", usd(200_000, None)),
    Row("50k or more", plain(50_000, None)),
]

RANGES = [
    Row("300〜500万", yen(300 * MAN, 500 * MAN)),
    Row("300万から500万の間", yen(300 * MAN, 500 * MAN)),
    Row("100万か150万", yen(100 * MAN, 150 * MAN)),
    Row("5000万〜1億", yen(5000 * MAN, OKU)),
    Row("2、3百万", yen(200 * MAN, 300 * MAN)),
    Row("二三百万円", yen(200 * MAN, 300 * MAN)),
    Row("300万以上500万以下", yen(300 * MAN, 500 * MAN)),
    Row("最低300万、最大500万", yen(300 * MAN, 500 * MAN)),
    Row("数百万", yen(200 * MAN, 900 * MAN)),
    Row("数千万円規模", yen(2000 * MAN, 9000 * MAN)),
    Row("数億", yen(2 * OKU, 9 * OKU)),
    Row("300万円台", yen(3_000_000, 3_999_999)),
    Row("1000万円台", yen(10_000_000, 19_999_999)),
    Row("7桁くらい", yen(1_000_000, 9_999_999)),
    Row("200万、最大でも300万", yen(200 * MAN, 300 * MAN)),
    Row("できれば100万円、上限150万円", yen(100 * MAN, 150 * MAN)),
    Row("$50-80k", usd(50_000, 80_000)),
    Row("between 20 and 30 thousand euros", Budget(minimum=20_000, maximum=30_000, currency="EUR")),
    Row("2-3M yen", yen(2_000_000, 3_000_000)),
    Row("40k to 60k", plain(40_000, 60_000)),
    Row("40k or 50k", plain(40_000, 50_000)),
    Row("somewhere between $100,000 and $150,000", usd(100_000, 150_000)),
    Row("30k, 40k max", plain(30_000, 40_000)),
    Row("six figures", plain(100_000, 999_999)),
    Row("a 6-figure budget", plain(100_000, 999_999)),
    Row("six figures, roughly 120k", plain(120_000, 120_000)),
    Row("a few million yen", yen(2_000_000, 9_000_000)),
    Row("tens of thousands of dollars", usd(20_000, 90_000)),
    Row("several hundred thousand", plain(200_000, 900_000)),
]

PERIODS = [
    Row("月額5万円", yen(5 * MAN, 5 * MAN, MONTH)),
    Row("月に10万くらい", yen(10 * MAN, 10 * MAN, MONTH)),
    Row("月々3万円まで", yen(None, 3 * MAN, MONTH)),
    Row("10万円/月", yen(10 * MAN, 10 * MAN, MONTH)),
    Row("年間200万", yen(200 * MAN, 200 * MAN, YEAR)),
    Row("年額で120万円ほど", yen(120 * MAN, 120 * MAN, YEAR)),
    Row("初期費用50万円", yen(50 * MAN, 50 * MAN, ONCE)),
    Row("一括で300万", yen(300 * MAN, 300 * MAN, ONCE)),
    Row("初期100万、月額5万", yen(100 * MAN, 100 * MAN, ONCE)),
    Row("初期費用30万に月々2万、全部で60万くらい", yen(60 * MAN, 60 * MAN)),
    Row("$500/mo", usd(500, 500, MONTH)),
    Row("2k per month", plain(2_000, 2_000, MONTH)),
    Row("monthly budget of $3,000", usd(3_000, 3_000, MONTH)),
    Row("$40k per year", usd(40_000, 40_000, YEAR)),
    Row("60k annually", plain(60_000, 60_000, YEAR)),
    Row("€10k p.a.", Budget(minimum=10_000, maximum=10_000, currency="EUR", period=YEAR)),
    Row("$20k upfront", usd(20_000, 20_000, ONCE)),
    Row("one-time budget of 15k", plain(15_000, 15_000, ONCE)),
    Row("$5k setup, then $500 a month", usd(5_000, 5_000, ONCE)),
]

SEVERAL = [
    Row("300万、いや400万です", yen(400 * MAN, 400 * MAN)),
    Row("50k, no wait, 60k", plain(60_000, 60_000)),
    Row("さっきの予算、800万じゃなくて80万でした", yen(80 * MAN, 80 * MAN), Topic.TIMEFRAME),
    Row("先ほど300万と言いましたが、400万でお願いします", yen(400 * MAN, 400 * MAN)),
    Row("I said 50k earlier but it's actually 80k", plain(80_000, 80_000)),
    Row("budget is $40k, not $14k", usd(40_000, 40_000)),
    Row("600万は厳しい、400万なら", yen(400 * MAN, 400 * MAN)),
    Row("100k won't work, but 70k would", plain(70_000, 70_000)),
    Row("全体で1000万、うちシステムは300万", yen(1000 * MAN, 1000 * MAN)),
    Row("30k total, 10k of it for training", plain(30_000, 30_000)),
    Row("予算を300万から400万に増額しました", yen(400 * MAN, 400 * MAN)),
    Row("最大500万、できれば300万", yen(300 * MAN, 500 * MAN)),
    Row("未定だけど500万くらい", yen(500 * MAN, 500 * MAN)),
]

UNDECIDED_OR_NONE = [
    Row("未定です", UNDECIDED),
    Row("まだ決まっていないです", UNDECIDED),
    Row("これから検討します", UNDECIDED),
    Row("見積次第です", UNDECIDED),
    Row("内容によります", UNDECIDED),
    Row("予算はまだついていません", UNDECIDED, None),
    Row("予算も時期も未定です", UNDECIDED, None),
    Row("予算申請中です", UNDECIDED, None),
    Row("いくらでも出します", UNDECIDED),
    Row("青天井です", UNDECIDED),
    Row("現時点ではわかりません", UNDECIDED),
    Row("考えたこともなかったです", UNDECIDED),
    Row("TBD", UNDECIDED),
    Row("not sure yet", UNDECIDED),
    Row("it depends on the proposal", UNDECIDED),
    Row("we haven't set one", UNDECIDED),
    Row("hasn't been approved yet", UNDECIDED),
    Row("no fixed budget", UNDECIDED),
    Row("sky's the limit", UNDECIDED),
    Row("no budget yet", UNDECIDED, None),
    Row("still figuring that out", UNDECIDED),
    Row("予算なし", NONE, None),
    Row("予算は取っていません", NONE),
    Row("特にありません", NONE),
    Row("ゼロです", NONE),
    Row("0円", NONE),
    Row("無料のものだけ", NONE),
    Row("no budget", NONE, None),
    Row("we don't have any money for this", NONE),
    Row("can't spend anything", NONE),
    Row("zero", NONE),
    Row("free only", NONE),
]

NOT_A_BUDGET = [
    Row("売上は20億です", None, None),
    Row("資本金1000万円の会社です", None),
    Row("他社の見積は900万でした", None),
    Row("今のツールに月5万払っています", None),
    Row("去年は300万使いました", None),
    Row("500万までは私の決裁で", None, Topic.AUTHORITY),
    Row("決裁権限は300万円です", None, Topic.AUTHORITY),
    Row("1ユーザー1500円くらい", None),
    Row("石油でも出たら1億", None),
    Row("わからないです", None),
    Row("50人です", None),
    Row("3ヶ月くらいです", None),
    Row("2つあります", None),
    Row("our revenue is $20M", None),
    Row("we raised a $5M series A", None),
    Row("competitor quoted us 90k", None),
    Row("we currently pay $900 a month", None),
    Row("I can sign up to 10k", None, Topic.AUTHORITY),
    Row("$30 per user", None),
    Row("if we win the lottery, $10M", None),
    Row("about 50 people", None),
    Row("one of three on the committee", None, Topic.AUTHORITY),
    Row("we're losing $10k a month", None, Topic.NEED),
    Row("call me at 03-1234-5678", None),
    Row("2027年の4月です", None),
    Row("ISO27001 and 3 servers", None),
]

OTHERS_MONEY_BESIDE_OURS = [
    Row("他社さんの見積は900万でした。こっちは700万しかないです", yen(700 * MAN, 700 * MAN)),
    Row("弊社の売上は20億、予算は800万", yen(800 * MAN, 800 * MAN), None),
    Row("今のツールに月8万払ってます。新しいのは月6万以内で", yen(None, 6 * MAN, MONTH)),
    Row("去年の予算は300万でしたが今年は500万です", yen(500 * MAN, 500 * MAN)),
    Row("vendor A quoted 30k but we can only do 20k", plain(20_000, 20_000)),
    Row("we spend $50k a year today, for a new one we'd go to 60k", usd(60_000, 60_000)),
    Row("80 people, $20k a year, I decide", usd(20_000, 20_000, YEAR), None),
    Row("We did 20M in revenue last year, looking to spend 50k", plain(50_000, 50_000)),
]

TABLES = [
    CENTS,
    WRITTEN,
    ABOUT,
    AT_MOST,
    AT_LEAST,
    RANGES,
    PERIODS,
    SEVERAL,
    UNDECIDED_OR_NONE,
    NOT_A_BUDGET,
    OTHERS_MONEY_BESIDE_OURS,
]


def read(text: str, asked: Topic | None = Topic.BUDGET) -> Budget | None:
    found = money.find(Text.of(text), asked=asked)
    return found.value if found else None


@pytest.mark.parametrize("row", [row for table in TABLES for row in table], ids=lambda row: row.text)
def test_the_reader_hears_the_budget(row: Row) -> None:
    assert read(row.text, row.asked) == row.budget


@pytest.mark.parametrize("row", CENTS, ids=lambda row: row.text)
def test_a_sum_is_stored_and_comes_back_to_the_cent(row: Row) -> None:
    assert row.budget
    assert from_json(Topic.BUDGET, to_json(Topic.BUDGET, row.budget)) == row.budget


@pytest.mark.parametrize(("times", "heard"), [(1, True), (30, False)])
def test_a_run_of_kanji_longer_than_any_number_is_no_amount(times: int, heard: bool) -> None:
    text = Text.of(f"予算は{'一千二百三十四万' * times}円です")
    assert (money.find(text, asked=Topic.BUDGET) is not None) is heard


def test_the_words_of_the_person_stay_beside_the_value() -> None:
    found = money.find(Text.of("はい、ご予算は５００万〜６００万です"), asked=Topic.BUDGET)
    assert found is not None
    assert "５００万〜６００万" in found.words
    first, last = found.span
    assert "はい、ご予算は５００万〜６００万です"[first:last] == found.words


def test_a_unit_we_supplied_is_unsure() -> None:
    found = money.find(Text.of("500くらい"), asked=Topic.BUDGET)
    assert found is not None
    assert found.certainty < 0.6


def test_spans_to_ignore_are_not_read() -> None:
    text = Text.of("500万で足りますか。予算は300万です")
    found = money.find(text, asked=Topic.BUDGET, ignore=[(0, 10)])
    assert found is not None
    assert found.value == yen(300 * MAN, 300 * MAN)


# A small renderer: what an amount looks like in words, to be read back


def in_japanese(amount: int) -> str:
    oku, rest = divmod(amount, OKU)
    man, ones = divmod(rest, MAN)
    return "".join(f"{part}{unit}" for part, unit in ((oku, "億"), (man, "万"), (ones, "")) if part)


KANJI = "〇一二三四五六七八九"


def in_kanji(amount: int) -> str:
    words = ""
    for unit, name in ((OKU, "億"), (MAN, "万"), (1, "")):
        part, amount = divmod(amount, unit)
        if part:
            words += small_kanji(part) + name
    return words


def small_kanji(part: int) -> str:
    words = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        count, part = divmod(part, unit)
        if count:
            words += (KANJI[count] if count > 1 or unit == 1 else "") + name
    return words


WORDS = {
    **dict(
        enumerate(
            [
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
            ],
            1,
        )
    ),
    **dict(enumerate(["fifteen", "sixteen", "seventeen", "eighteen", "nineteen"], 15)),
    **{
        10 * at: word
        for at, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
    },
}


def in_words(amount: int) -> str:
    for unit, name in ((10**9, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if amount >= unit:
            rest = amount % unit
            joint = " and " if unit == 100 else " "
            return f"{in_words(amount // unit)} {name}" + (f"{joint}{in_words(rest)}" if rest else "")
    if amount in WORDS:
        return WORDS[amount]
    return f"{WORDS[amount // 10 * 10]}-{WORDS[amount % 10]}"


AMOUNTS = st.integers(min_value=1, max_value=999).flatmap(
    lambda figure: st.sampled_from([figure * 10**power for power in range(4, 8)])
)


@given(AMOUNTS)
def test_an_amount_said_in_japanese_comes_back(amount: int) -> None:
    assert read(f"{in_japanese(amount)}円です") == yen(amount, amount)
    assert read(f"{in_kanji(amount)}円くらいです") == yen(amount, amount)
    assert read(f"{amount:,}円以内で") == yen(None, amount)


@given(AMOUNTS)
def test_an_amount_said_in_english_comes_back(amount: int) -> None:
    assert read(f"{in_words(amount)} dollars") == usd(amount, amount)
    assert read(f"about ${amount:,}") == usd(amount, amount)
    assert read(f"at least {amount // 1000}k USD") == usd(amount, None)


@given(AMOUNTS, AMOUNTS)
def test_a_range_comes_back_in_both_languages(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert read(f"{in_japanese(low)}円から{in_japanese(high)}円の間") == yen(low, high)
    assert read(f"between ${low:,} and ${high:,}") == usd(low, high)


@given(
    st.sampled_from([(MONTH, "月額", "a month"), (YEAR, "年間", "per year"), (ONCE, "初期費用", "upfront")]), AMOUNTS
)
def test_a_period_comes_back_in_both_languages(period: tuple[Period, str, str], amount: int) -> None:
    kind, japanese, english = period
    assert read(f"{japanese}{in_japanese(amount)}円") == yen(amount, amount, kind)
    assert read(f"${amount:,} {english}") == usd(amount, amount, kind)


TELEPHONES = st.sampled_from(
    ["06-6123-4567", "03 1234 5678", "020 7946 0321", "+84 28 3822 1234", "+234 1 555 0123", "(415) 555-0188",
     "415-555-0188", "09012345678", "+49 (0)30 901820", "Tel. 555 0123", "+44 7700 900451"]
)  # fmt: skip
NEXT_LINES = st.from_regex(r"[kmb万億円元$€]?[.]?[a-z]{0,5}", fullmatch=True)


@given(TELEPHONES, NEXT_LINES, st.sampled_from(["", "TEL ", "Ana Lee\n", "担当 岡田 "]))
def test_a_telephone_number_is_no_money_whatever_the_next_line_begins_with(number: str, line: str, ahead: str) -> None:
    for text in (f"{ahead}{number}", f"{ahead}{number}\n{line}@example.jp", f"{ahead}{number}\n{line}"):
        for asked in (None, Topic.BUDGET, Topic.CONTACT):
            assert money.find(Text.of(text), asked=asked) is None


@given(st.integers(min_value=13, max_value=18), st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=6))
def test_an_amount_ends_with_its_line(thousands: int, name: str) -> None:
    for scale in ("k", "m", "bn", "万", "億", "$", "円"):
        found = money.find(Text.of(f"budget {thousands},000 USD\n{scale}.{name}@example.jp"), asked=None)
        assert found is not None
        assert (found.value.minimum, found.value.currency) == (thousands * 1_000, "USD")


@given(st.text(alphabet="0123456789,.万億円千百$k〜-から以上まで予算 ", max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    money.find(Text.of(text), asked=Topic.BUDGET)
