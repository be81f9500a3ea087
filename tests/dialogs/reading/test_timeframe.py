"""What people say about when, and the dates the reader hears; one table for each row of the conventions.

Today is Thursday, 14 May 2026, unless a row says otherwise. "now.." begins today, "..": one side is open.
"""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading import timeframe
from dialogs.reading.calendar import add_months
from dialogs.reading.text import Text
from qualification.bant import Clarity, Timeframe, Topic

TODAY = date(2026, 5, 14)


class Row(NamedTuple):
    text: str
    when: str
    asked: Topic | None = Topic.TIMEFRAME
    today: date = TODAY


DURATIONS = [
    Row("3ヶ月以内に", "now..2026-08-14"),
    Row("三ヶ月後くらい", "2026-08-14..2026-08-14"),
    Row("3〜6ヶ月", "2026-08-14..2026-11-14"),
    Row("半年以上先", "2026-11-14.."),
    Row("半年〜1年", "2026-11-14..2027-05-14"),
    Row("1、2ヶ月で", "2026-06-14..2026-07-14"),
    Row("一年半くらい先", "2027-11-14..2027-11-14"),
    Row("数ヶ月後", "2026-07-14..2026-11-14"),
    Row("2週間以内", "now..2026-05-28"),
    Row("10日以内", "now..2026-05-24"),
    Row("少なくとも半年は先", "2026-11-14.."),
    Row("向こう半年のうちに", "now..2026-11-14"),
    Row("within 3 months", "now..2026-08-14"),
    Row("in 2 to 4 weeks", "2026-05-28..2026-06-11"),
    Row("in about half a year", "2026-11-14..2026-11-14"),
    Row("a month or two", "2026-06-14..2026-07-14"),
    Row("over the next few weeks", "now..2026-06-25"),
    Row("in the next couple of months", "now..2026-07-14"),
    Row("18 months out", "2027-11-14..2027-11-14"),
    Row("at least a year away", "2027-05-14.."),
    Row("3+ months", "2026-08-14.."),
    Row("90 days max", "now..2026-08-12"),
    Row("two quarters from now", "2026-11-14..2026-11-14"),
    Row("one and a half years", "2027-11-14..2027-11-14"),
]

DEADLINES = [
    Row("3月まで", "now..2027-03-31"),
    Row("年内に", "now..2026-12-31"),
    Row("遅くとも10月には", "now..2026-10-31"),
    Row("9月中に", "now..2026-09-30"),
    Row("夏までに間に合うように", "now..2026-08-31"),
    Row("今週中", "now..2026-05-17"),
    Row("月内", "now..2026-05-31"),
    Row("年度内", "now..2027-03-31"),
    Row("6月いっぱいで", "now..2026-06-30"),
    Row("お盆前に", "now..2026-08-12"),
    Row("8月より前", "now..2026-07-31"),
    Row("by March", "now..2027-03-31"),
    Row("by the end of the year", "now..2026-12-31"),
    Row("by Q3", "now..2026-09-30"),
    Row("before Q3", "now..2026-06-30"),
    Row("before the end of June", "now..2026-06-30"),
    Row("no later than October", "now..2026-10-31"),
    Row("October at the latest", "now..2026-10-31"),
    Row("within the year", "now..2026-12-31"),
    Row("within a year", "now..2027-05-14"),
    Row("by Friday", "now..2026-05-15"),
    Row("before 2027", "now..2026-12-31"),
    Row("by EOY", "now..2026-12-31"),
    Row("by the end of the month", "now..2027-01-31", today=date(2027, 1, 31)),
    Row("今の契約が11月で切れるのでそれまでに", "now..2026-11-30"),
    Row("our contract ends in June so we need something before then", "now..2026-06-30"),
]

PERIODS = [
    Row("3月頃", "2027-03-01..2027-03-31"),
    Row("来月", "2026-06-01..2026-06-30"),
    Row("再来月くらい", "2026-07-01..2026-07-31"),
    Row("来年", "2027-01-01..2027-12-31"),
    Row("来年3月", "2027-03-01..2027-03-31"),
    Row("5月", "now..2026-05-31"),
    Row("4月", "2027-04-01..2027-04-30"),
    Row("７月か８月", "2026-07-01..2026-08-31"),
    Row("10〜12月", "2026-10-01..2026-12-31"),
    Row("11月から1月", "2026-11-01..2027-01-31"),
    Row("8月末", "2026-08-31..2026-08-31"),
    Row("来月の頭", "2026-06-01..2026-06-10"),
    Row("6月中旬", "2026-06-11..2026-06-20"),
    Row("11月下旬", "2026-11-21..2026-11-30"),
    Row("来年の前半", "2027-01-01..2027-06-30"),
    Row("7月後半", "2026-07-16..2026-07-31"),
    Row("年明け", "2027-01-01..2027-01-31"),
    Row("年末", "2026-12-31..2026-12-31"),
    Row("6/30", "2026-06-30..2026-06-30"),
    Row("2027年4月1日", "2027-04-01..2027-04-01"),
    Row("令和9年4月", "2027-04-01..2027-04-30"),
    Row("2027/4", "2027-04-01..2027-04-30"),
    Row("来月25日", "2026-06-25..2026-06-25"),
    Row("来週の月曜", "2026-05-18..2026-05-18"),
    Row("in March", "2027-03-01..2027-03-31"),
    Row("March or April", "2027-03-01..2027-04-30"),
    Row("next March", "2027-03-01..2027-03-31"),
    Row("next May", "2027-05-01..2027-05-31"),
    Row("early March", "2027-03-01..2027-03-10"),
    Row("mid-July", "2026-07-11..2026-07-20"),
    Row("late November", "2026-11-21..2026-11-30"),
    Row("early next year", "2027-01-01..2027-01-31"),
    Row("end of next quarter", "2026-09-30..2026-09-30"),
    Row("June-August", "2026-06-01..2026-08-31"),
    Row("between June and August", "2026-06-01..2026-08-31"),
    Row("November to January", "2026-11-01..2027-01-31"),
    Row("October 1st", "2026-10-01..2026-10-01"),
    Row("the third of July", "2026-07-03..2026-07-03"),
    Row("July 13 to 15", "2026-07-13..2026-07-15"),
    Row("March 3, 2027", "2027-03-03..2027-03-03"),
    Row("week of June 8", "2026-06-08..2026-06-14"),
    Row("first Tuesday of October", "2026-10-06..2026-10-06"),
    Row("we may start in May", "now..2026-05-31"),
    Row("start in September", "2026-09-01..2026-09-30"),
]

FISCAL = [
    Row("今期", "now..2027-03-31"),
    Row("来期", "2027-04-01..2028-03-31"),
    Row("来期", "2026-04-01..2027-03-31", today=date(2026, 3, 25)),
    Row("来期入ったら", "2027-04-01..2027-04-30"),
    Row("来年度から", "2027-04-01..2027-04-30"),
    Row("再来期", "2028-04-01..2029-03-31"),
    Row("2027年度", "2027-04-01..2028-03-31"),
    Row("FY27", "2027-04-01..2028-03-31"),
    Row("来期の4月", "2027-04-01..2027-04-30"),
    Row("来期の1月", "2028-01-01..2028-01-31"),
    Row("年度末", "2027-03-31..2027-03-31"),
    Row("期初", "2027-04-01..2027-04-30"),
    Row("上期", "now..2026-09-30"),
    Row("下期から", "2026-10-01..2026-10-31"),
    Row("来期上期", "2027-04-01..2027-09-30"),
    Row("第3四半期", "2026-10-01..2026-12-31"),
    Row("4Q中に", "now..2027-03-31"),
    Row("1Qに", "now..2026-06-30"),
    Row("来四半期", "2026-07-01..2026-09-30"),
    Row("Q4", "2026-10-01..2026-12-31"),
    Row("Q1", "2027-01-01..2027-03-31"),
    Row("fiscal Q1", "now..2026-06-30"),
    Row("next fiscal year Q1", "2027-04-01..2027-06-30"),
    Row("Q1 FY27", "2027-04-01..2027-06-30"),
    Row("H2", "2026-07-01..2026-12-31"),
    Row("H1 2027", "2027-01-01..2027-06-30"),
    Row("second half of next year", "2027-07-01..2027-12-31"),
    Row("this quarter", "now..2026-06-30"),
    Row("next quarter", "2026-07-01..2026-09-30"),
    Row("starting Q4", "2026-10-01..2026-10-31"),
    Row("end of FY26", "2027-03-31..2027-03-31"),
]

SEASONS = [
    Row("春", "now..2026-05-31"),
    Row("来春", "2027-03-01..2027-05-31"),
    Row("夏頃", "2026-06-01..2026-08-31"),
    Row("秋口", "2026-09-01..2026-11-30"),
    Row("冬までに", "now..2027-02-28"),
    Row("next spring", "2027-03-01..2027-05-31"),
    Row("this fall", "2026-09-01..2026-11-30"),
    Row("summer", "2026-06-01..2026-08-31"),
    Row("spring 2027", "2027-03-01..2027-05-31"),
]

OPEN_ENDS = [
    Row("秋以降", "2026-09-01.."),
    Row("4月過ぎ", "2027-05-01.."),
    Row("GW明け", "2027-05-06.."),
    Row("来年以降", "2027-01-01.."),
    Row("早くても来年4月", "2027-04-01.."),
    Row("4月までは無理", "2027-04-01.."),
    Row("after September", "2026-10-01.."),
    Row("no earlier than Q4", "2026-10-01.."),
    Row("not before September", "2026-09-01.."),
    Row("October or later", "2026-10-01.."),
    Row("from October onwards", "2026-10-01.."),
]

SOON = [
    Row("すぐにでも", "now..2026-06-14"),
    Row("なるはやで", "now..2026-06-14"),
    Row("至急お願いします", "now..2026-06-14"),
    Row("近いうちに", "now..2026-08-14"),
    Row("早めに", "now..2026-08-14"),
    Row("ASAP", "now..2026-06-14"),
    Row("we need it yesterday", "now..2026-06-14"),
    Row("right now", "now..2026-06-14"),
    Row("soon", "now..2026-08-14"),
    Row("ASAP, but before July", "now..2026-06-30"),
]

SEVERAL = [
    Row("年内は無理、来年4月に", "2027-04-01..2027-04-30"),
    Row("今期中は厳しいので来期ですね", "2027-04-01..2028-03-31"),
    Row("6月ではなく7月", "2026-07-01..2026-07-31"),
    Row("6月、いや7月", "2026-07-01..2026-07-31"),
    Row("試験導入は来月、本番は来年1月", "2027-01-01..2027-01-31"),
    Row("4月に契約、6月に稼働", "2026-06-01..2026-06-30"),
    Row("not June, July", "2026-07-01..2026-07-31"),
    Row("March, no wait, April", "2027-04-01..2027-04-30"),
    Row("pilot in July, full rollout in October", "2026-10-01..2026-10-31"),
    Row("sign in June, go live in September", "2026-09-01..2026-09-30"),
    Row("signing the contract in August", "2026-08-01..2026-08-31"),
]

UNDECIDED_OR_NONE = [
    Row("未定です", "undecided"),
    Row("情報収集中です", "undecided", None),
    Row("まだ先の話です", "undecided"),
    Row("いつか", "undecided"),
    Row("稟議次第", "undecided"),
    Row("特に急いではいません", "undecided"),
    Row("導入時期はまだ決まっていません", "undecided", None),
    Row("just researching", "undecided", None),
    Row("no timeline yet", "undecided"),
    Row("it depends on budget approval", "undecided"),
    Row("someday", "undecided"),
    Row("no rush", "undecided"),
    Row("not sure yet", "undecided"),
    Row("導入予定はありません", "none"),
    Row("今回は見送ります", "none"),
    Row("買うつもりはないです", "none"),
    Row("今のところ予定なし", "none"),
    Row("今年は導入しません", "none"),
    Row("not planning to buy", "none"),
    Row("no plans at the moment", "none"),
    Row("we won't be moving forward", "none"),
    Row("not this year", "none"),
]

NOT_A_TIMEFRAME = [
    Row("来月また電話します", "", None),
    Row("明日の15時に電話ください", ""),
    Row("2005年創業です", "", None),
    Row("先月から検討しています", ""),
    Row("3年前から使っています", ""),
    Row("導入に3ヶ月かかると聞きました", "", Topic.NEED),
    Row("今の契約は9月末まで", ""),
    Row("毎月10日締めの処理が大変", "", Topic.NEED),
    Row("1日3時間かかっている作業を減らしたい", "", Topic.NEED),
    Row("call me tomorrow at 3pm", ""),
    Row("follow up in June", "", None),
    Row("founded in 2015", "", None),
    Row("our contract ends in June", ""),
    Row("we've been using X for 3 years", ""),
    Row("it may take a while", "", Topic.NEED),
    Row("$1.5M over three years", "", Topic.BUDGET),
    Row("budget gets approved in July", ""),
    Row("no issues right now", "", Topic.NEED),
]

BESIDE_OTHER_DATES = [
    Row("6/1に再訪問予定。導入は秋", "2026-09-01..2026-11-30", None),
    Row("budget gets approved in July, want to start in September", "2026-09-01..2026-09-30", None),
    Row("met on 5/12, follow up in June. go-live planned for October", "2026-10-01..2026-10-31", None),
    Row("500万で、3月までにやりたい", "now..2027-03-31", Topic.BUDGET),
    Row("社員60名、月10万円以内、10月開始希望", "2026-10-01..2026-10-31", None),
]

NOVEMBER = date(2026, 11, 21)
SAID_IN_NOVEMBER = [
    Row("来上期", "2027-04-01..2027-09-30", today=NOVEMBER),
    Row("来下期", "2027-10-01..2028-03-31", today=NOVEMBER),
    Row("今下期", "2026-11-21..2027-03-31", today=NOVEMBER),
    Row("来期の上期", "2027-04-01..2027-09-30", today=NOVEMBER),
    Row("下期頭", "2027-10-01..2027-10-31", today=NOVEMBER),
    Row("期末までに", "now..2027-03-31", today=NOVEMBER),
    Row("早くてQ4の頭", "2027-01-01..", today=NOVEMBER),
    Row("1月第3週", "2027-01-15..2027-01-21", today=NOVEMBER),
    Row("4月1日付で", "2027-04-01..2027-04-01", today=NOVEMBER),
    Row("early Q4", "2027-10-01..2027-10-31", today=NOVEMBER),
    Row("two upcoming months", "now..2027-01-21", today=NOVEMBER),
    Row("in the upcoming 3 months", "now..2027-02-21", today=NOVEMBER),
    Row("between now and March", "now..2027-03-31", today=NOVEMBER),
    Row("the third week of January", "2027-01-15..2027-01-21", today=NOVEMBER),
    Row("the rest of the year", "now..2026-12-31", today=NOVEMBER),
]
WEEKDAYS_AND_FORMS = [
    Row("Fri, Jul 2", "2027-07-02..2027-07-02"),  # 2 July 2026 is a Thursday
    Row("10月12日、火曜日", "2027-10-12..2027-10-12"),
    Row("Monday 18", "2026-05-18..2026-05-18"),
    Row("three Fridays from now", "2026-05-29..2026-05-29"),
    Row("Friday after next", "2026-05-22..2026-05-22"),
    Row("3 days after June 12th", "2026-06-15..2026-06-15"),
    Row("two weeks after next Friday", "2026-06-05..2026-06-05"),
    Row("Sep-23-2027", "2027-09-23..2027-09-23"),
    Row("23/Sep/2027", "2027-09-23..2027-09-23"),
    Row("Dec/2026-ish", "2026-12-01..2026-12-31"),
]

TABLES = [
    SAID_IN_NOVEMBER,
    WEEKDAYS_AND_FORMS,
    DURATIONS,
    DEADLINES,
    PERIODS,
    FISCAL,
    SEASONS,
    OPEN_ENDS,
    SOON,
    SEVERAL,
    UNDECIDED_OR_NONE,
    NOT_A_TIMEFRAME,
    BESIDE_OTHER_DATES,
]


def read(text: str, asked: Topic | None = Topic.TIMEFRAME, today: date = TODAY) -> Timeframe | None:
    found = timeframe.find(Text.of(text), asked=asked, today=today)
    return found.value if found else None


def expected(when: str, today: date) -> Timeframe | None:
    if not when:
        return None
    if when in (Clarity.UNDECIDED, Clarity.NONE):
        return Timeframe(clarity=Clarity(when))
    first, _, last = when.partition("..")
    return Timeframe(
        earliest=today if first == "now" else date.fromisoformat(first),
        latest=date.fromisoformat(last) if last else None,
    )


@pytest.mark.parametrize("row", [row for table in TABLES for row in table], ids=lambda row: row.text)
def test_the_reader_hears_when(row: Row) -> None:
    assert read(row.text, row.asked, row.today) == expected(row.when, row.today)


def test_the_words_of_the_person_stay_beside_the_value() -> None:
    found = timeframe.find(Text.of("できれば１０月末までにお願いします"), asked=Topic.TIMEFRAME, today=TODAY)
    assert found is not None
    assert found.words.startswith("できれば１０月末まで")


@pytest.mark.parametrize("text", ["3ヶ月後", "半年以内", "in 3 months", "within a year", "なるはやで", "soon"])
def test_a_time_counted_in_months_names_no_day(text: str) -> None:
    found = read(text)
    assert found is not None
    assert found.rough


@pytest.mark.parametrize("text", ["10日以内", "2 weeks from now", "9月末まで", "by 12 October", "来期"])
def test_a_time_that_names_a_day_or_a_period_is_not_rough(text: str) -> None:
    found = read(text)
    assert found is not None
    assert not found.rough


# A small renderer: a time in words, to be read back

EN_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2035, 12, 31))


@given(DAYS, st.integers(min_value=0, max_value=2_000))
def test_a_day_comes_back_in_both_languages(today: date, later: int) -> None:
    day = today + timedelta(days=later)
    same = Timeframe(earliest=day, latest=day)
    assert read(f"{day.year}年{day.month}月{day.day}日", today=today) == same
    assert read(f"{day:%Y/%m/%d}", today=today) == same
    assert read(f"on {EN_MONTHS[day.month - 1]} {day.day}, {day.year}", today=today) == same
    assert read(f"by {day.day} {EN_MONTHS[day.month - 1]} {day.year}", today=today) == Timeframe(
        earliest=today, latest=day
    )


@given(DAYS, st.integers(min_value=1, max_value=12))
def test_a_month_comes_back_in_both_languages(today: date, month: int) -> None:
    japanese, english = read(f"{month}月ごろ", today=today), read(f"in {EN_MONTHS[month - 1]}", today=today)
    assert japanese == english
    assert japanese is not None
    assert japanese.latest is not None
    assert japanese.latest.month == month
    assert today <= japanese.latest < add_months(today, 13)


@given(DAYS, st.integers(min_value=1, max_value=36))
def test_a_length_comes_back_in_both_languages(today: date, months: int) -> None:
    within = Timeframe(earliest=today, latest=add_months(today, months))
    assert read(f"{months}ヶ月以内", today=today) == within
    assert read(f"within {months} months", today=today) == within


@given(DAYS, st.integers(min_value=1, max_value=4))
def test_a_quarter_ends_after_today_and_lasts_three_months(today: date, number: int) -> None:
    for said in (f"第{number}四半期", f"Q{number}"):
        found = read(said, today=today)
        assert found is not None
        assert found.latest is not None
        assert today <= found.latest < add_months(today, 12)


@given(st.text(alphabet="0123456789年月日期Q春末頭中旬から以降まで来再今 /-〜ヶmarchby", max_size=300), DAYS)
def test_no_text_breaks_the_reader(text: str, today: date) -> None:
    found = timeframe.find(Text.of(text), asked=Topic.TIMEFRAME, today=today)
    if found and found.value.earliest and found.value.latest:
        assert found.value.earliest <= found.value.latest
