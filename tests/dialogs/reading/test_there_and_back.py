"""A value put into words and read again is the same value: in our own words of both languages, and in people's."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.words import Words
from dialogs.reading import calendar, read
from dialogs.reading.calendar import add_months
from qualification.bant import Budget, Clarity, Period, Sum, Timeframe, Topic, to_json

WORDS = Words(ZoneInfo("Asia/Tokyo"), company="アサヒ精機")
TOKYO = timezone(timedelta(hours=9))
LANGUAGES = st.sampled_from(("ja", "en"))
CURRENCIES = st.sampled_from(("JPY", "USD", "EUR", "GBP", "AUD", "INR"))
PERIODS = st.sampled_from((None, *Period))
WHOLE_SUMS: st.SearchStrategy[Sum] = st.integers(min_value=1, max_value=999).flatmap(
    lambda figure: st.sampled_from([figure * 10**power for power in range(2, 8)])
)
CENTS: st.SearchStrategy[Sum] = st.integers(min_value=101, max_value=99_999).map(
    lambda cents: cents // 100 if cents % 100 == 0 else Decimal(cents) / 100
)
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2033, 12, 31))
QUARTERS = st.integers(min_value=1, max_value=4)
HALVES = st.integers(min_value=1, max_value=2)
AHEAD = st.integers(min_value=1, max_value=4)


def our_words(topic: Topic, value: Budget | Timeframe, language: str, today: date) -> str:
    return WORDS.answer(topic.value, to_json(topic, value), language, at_noon(today))


def at_noon(today: date) -> datetime:
    return datetime.combine(today, time(12), TOKYO)


def budget_in(text: str) -> Budget | None:
    found = read(text, question=Topic.BUDGET, now=at_noon(date(2026, 5, 14))).budget
    return found.value if found else None


def time_in(text: str, today: date) -> Timeframe | None:
    found = read(text, question=Topic.TIMEFRAME, now=at_noon(today)).timeframe
    return found.value if found else None


# In our own words, as reps and prospects see them


def comes_back(budget: Budget, language: str) -> None:
    said = our_words(Topic.BUDGET, budget, language, date(2026, 5, 14))
    assert budget_in(said) == budget, said


@given(WHOLE_SUMS | CENTS, CURRENCIES, PERIODS, LANGUAGES)
def test_an_amount_comes_back(amount: Sum, currency: str, period: Period | None, language: str) -> None:
    comes_back(Budget(minimum=amount, maximum=amount, currency=currency, period=period), language)


@given(WHOLE_SUMS, CURRENCIES, PERIODS, LANGUAGES)
def test_a_floor_and_a_ceiling_come_back(amount: Sum, currency: str, period: Period | None, language: str) -> None:
    comes_back(Budget(minimum=amount, currency=currency, period=period), language)
    comes_back(Budget(maximum=amount, currency=currency, period=period), language)


@given(WHOLE_SUMS, WHOLE_SUMS, CURRENCIES, PERIODS, LANGUAGES)
def test_a_range_comes_back(one: Sum, other: Sum, currency: str, period: Period | None, language: str) -> None:
    low, high = sorted((one, other))
    comes_back(Budget(minimum=low, maximum=high, currency=currency, period=period), language)


@given(DAYS, st.integers(min_value=1, max_value=900), LANGUAGES)
def test_a_day_and_a_limit_come_back(today: date, later: int, language: str) -> None:
    day = today + timedelta(days=later)
    for value in (Timeframe(earliest=day, latest=day), Timeframe(earliest=today, latest=day)):
        said = our_words(Topic.TIMEFRAME, value, language, today)
        assert time_in(said, today) == value, said


@given(DAYS, AHEAD, st.integers(min_value=1, max_value=14), LANGUAGES)
def test_months_come_back(today: date, ahead: int, count: int, language: str) -> None:
    first = add_months(today.replace(day=1), ahead)
    span = Timeframe(earliest=first, latest=add_months(first, count) - timedelta(days=1))
    said = our_words(Topic.TIMEFRAME, span, language, today)
    assert time_in(said, today) == span, said


@given(DAYS, AHEAD, LANGUAGES)
def test_an_open_end_comes_back(today: date, ahead: int, language: str) -> None:
    value = Timeframe(earliest=add_months(today.replace(day=1), ahead))
    said = our_words(Topic.TIMEFRAME, value, language, today)
    assert time_in(said, today) == value, said


@given(st.sampled_from((Clarity.UNDECIDED, Clarity.NONE)), LANGUAGES)
def test_what_is_open_or_none_comes_back(clarity: Clarity, language: str) -> None:
    today = date(2026, 5, 14)
    timeframe = Timeframe(clarity=clarity)
    assert time_in(our_words(Topic.TIMEFRAME, timeframe, language, today), today) == timeframe
    comes_back(Budget(clarity=clarity), language)


# In the words of people: quarters, halves and years of the firm


def as_time(span: calendar.Span) -> Timeframe:
    return Timeframe(earliest=span.start, latest=span.end)


@given(DAYS, AHEAD, QUARTERS)
def test_a_quarter_comes_back(today: date, ahead: int, number: int) -> None:
    fiscal = calendar.fiscal_year_of(today) + ahead
    expected = as_time(calendar.quarter(fiscal, number, fiscal=True))
    for said in (
        f"{fiscal}年度第{number}四半期",
        f"{fiscal}年度の{number}Q",
        f"Q{number} of FY{fiscal}",
        f"FY{fiscal % 100} Q{number}",
    ):
        assert time_in(said, today) == expected, said
    assert time_in(f"Q{number} {today.year + ahead}", today) == as_time(
        calendar.quarter(today.year + ahead, number, fiscal=False)
    )


@given(DAYS, AHEAD, HALVES)
def test_a_half_of_the_fiscal_year_comes_back(today: date, ahead: int, number: int) -> None:
    fiscal = calendar.fiscal_year_of(today) + ahead
    expected = as_time(calendar.half(fiscal, number, fiscal=True))
    japanese, english = ("上期", "first half") if number == 1 else ("下期", "second half")
    for said in (f"{fiscal}年度{japanese}", f"{fiscal}年度の{japanese}に", f"the {english} of FY{fiscal % 100}"):
        assert time_in(said, today) == expected, said
    if ahead == 1:
        assert time_in(f"来期の{japanese}", today) == expected


@given(DAYS, AHEAD)
def test_a_fiscal_year_comes_back(today: date, ahead: int) -> None:
    fiscal = calendar.fiscal_year_of(today) + ahead
    expected = as_time(calendar.fiscal_year(fiscal))
    names = {1: ("来期", "next fiscal year"), 2: ("再来期",)}.get(ahead, ())
    for words in (f"{fiscal}年度", f"FY{fiscal}", f"fiscal {fiscal}", *names):
        assert time_in(words, today) == expected, words


@given(DAYS, st.integers(min_value=1, max_value=36), st.integers(min_value=1, max_value=12))
def test_a_length_and_a_range_of_lengths_come_back(today: date, months: int, more: int) -> None:
    first, last = add_months(today, months), add_months(today, months + more)
    assert (
        time_in(f"{months}ヶ月後", today)
        == time_in(f"in {months} months", today)
        == Timeframe(earliest=first, latest=first)
    )
    ranged = Timeframe(earliest=first, latest=last)
    assert time_in(f"{months}〜{months + more}ヶ月後", today) == ranged
    assert time_in(f"in {months} to {months + more} months", today) == ranged
    assert time_in(f"at least {months} months away", today) == Timeframe(earliest=first)
