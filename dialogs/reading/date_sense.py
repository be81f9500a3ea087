"""What the tokens of one date mean together, as a span of the calendar.

month 4, fiscal year +1    the April of the next fiscal year
quarter 3                  the next one, or the one that runs
day 15, weekday 3          the next 15th that is a Thursday
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from dialogs.reading import calendar
from dialogs.reading.calendar import Grain, Span
from dialogs.reading.date_forms import Token
from dialogs.reading.date_words import in_company
from dialogs.reading.named_dates import named_date
from dialogs.reading.text import Text

_NEXT_IN_FRONT = re.compile(r"(?<![a-z])(next|coming|upcoming|following)\s$")
_LAST_IN_FRONT = re.compile(r"(?<![a-z])(?:last|(?:the|this|these) past|previous)\s$|(?:先|昨|去)$")


class _Date(NamedTuple):
    """The tokens of one date, `main` the one that says most; `of_year` is the number of the year beside it."""

    text: Text
    today: date
    main: Token
    year: Token | None
    of_year: int | None
    day: Token | None
    weekday: Token | None

    @property
    def value(self) -> int:
        return self.main.number

    @property
    def is_next(self) -> bool:
        return _NEXT_IN_FRONT.search(self.text.plain, max(0, self.main.start - 10), self.main.start) is not None

    @property
    def is_fiscal(self) -> bool:
        """Japanese quarters and halves are those of the fiscal year, unless they are said to be the calendar's."""
        kind = self.year.kind if self.year is not None else ""
        said = "fiscal" in self.text.plain[max(0, self.main.start - 8) : self.main.end]
        return said or (kind != "calendar_year" and (self.text.language == "ja" or kind.endswith("fiscal_year")))


def resolve(text: Text, tokens: Mapping[str, Token], today: date) -> Span | None:
    """The span the tokens name, by their slots (main, year, day, weekday, part); None when they name none.

    The next one, where no year is said; what is over ("last May") is no date to plan for.
    """
    main, year, day, weekday = (tokens.get(slot) for slot in ("main", "year", "day", "weekday"))
    if main is None:
        return _without_main(text, tokens, today)
    if _LAST_IN_FRONT.search(text.plain, max(0, main.start - 12), main.start):
        return None
    said = _Date(
        text=text, today=today, main=main, year=year, of_year=_year_number(year, today), day=day, weekday=weekday
    )
    return MEANS[main.kind](said)


def _named(said: _Date) -> Span | None:
    return named_date(str(said.main.value), said.of_year, said.today)


def _of_month(said: _Date) -> Span | None:
    span = _month(said)
    return _weekday_in(said.text, span, said.weekday) if span and said.weekday and not said.day else span


def _month(said: _Date) -> Span | None:
    number, day, of_year = said.value, said.day, said.of_year
    if of_year is not None and said.year is not None:
        if said.year.kind.endswith("fiscal_year") and number < calendar.FISCAL_MONTH:
            of_year += 1
        span = calendar.month(of_year, number)
        return _day_in(span, day) if day else span
    if day:
        return _coming_day(number, day.number, said.today, said.weekday)
    after_next = _AFTER_NEXT.match(said.text.plain, said.main.end) is not None
    span = calendar.coming(said.today, lambda of: calendar.month(of, number))
    years = ((said.is_next or after_next) and span.start <= said.today) + after_next
    return calendar.month(span.start.year + years, number) if years else span


def _relative_month(said: _Date) -> Span | None:
    span = calendar.month(said.today.year, said.today.month + said.value)
    return _day_in(span, said.day) if said.day else span


def _quarter(said: _Date) -> Span:
    return _part_of_a_year(said, calendar.quarter)


def _half(said: _Date) -> Span:
    return _part_of_a_year(said, calendar.half)


def _part_of_a_year(said: _Date, build: Callable[..., Span]) -> Span:
    if said.of_year is not None:
        return build(said.of_year, said.value, fiscal=said.is_fiscal)
    return calendar.coming(said.today, lambda of: build(of, said.value, fiscal=said.is_fiscal))


def _coming_half(said: _Date) -> Span:
    """来下期, said in November, is next October's."""
    halves = (calendar.half(said.today.year + ahead, said.value, fiscal=True) for ahead in range(3))
    return next(half for half in halves if half.start > said.today)


def _relative_quarter(said: _Date) -> Span:
    return calendar.quarter(said.today.year, (said.today.month - 1) // 3 + 1 + said.value, fiscal=False)


def _season(said: _Date) -> Span:
    if said.of_year is not None:
        return calendar.season(said.of_year, said.value)
    span = calendar.coming(said.today, lambda of: calendar.season(of, said.value))
    runs = span.start <= said.today and said.is_next
    return calendar.season(span.start.year + 1, said.value) if runs else span


def _week_number(said: _Date) -> Span:
    week = f"week {said.value} {said.value}"
    if said.of_year is not None:
        return calendar.part_of(calendar.year(said.of_year), week)
    return calendar.coming(said.today, lambda of: calendar.part_of(calendar.year(of), week))


def _relative_week(said: _Date) -> Span:
    week = calendar.week(said.today + timedelta(weeks=said.value))
    return calendar.day(week.start + timedelta(days=said.weekday.number)) if said.weekday else week


def _relative_work_week(said: _Date) -> Span:
    week = _relative_week(said)
    return week if said.weekday else Span(start=week.start, end=week.start + timedelta(days=4), grain=Grain.WEEK)


def _relative_day(said: _Date) -> Span:
    return calendar.day(said.today + timedelta(days=said.value))


MEANS: Mapping[str, Callable[[_Date], Span | None]] = {
    "named": _named,
    "month": _of_month,
    "relative_month": _relative_month,
    "quarter": _quarter,
    "half": _half,
    "coming_half": _coming_half,
    "relative_quarter": _relative_quarter,
    "season": _season,
    "week_number": _week_number,
    "relative_week": _relative_week,
    "relative_work_week": _relative_work_week,
    "relative_day": _relative_day,
}
"""What each kind of the token that says most makes of it."""


def _year_number(year: Token | None, today: date) -> int | None:
    if year is None:
        return None
    value = year.number
    if year.kind == "relative_year":
        return today.year + value
    if year.kind == "relative_fiscal_year":
        return calendar.fiscal_year_of(today) + value
    return value


def _without_main(text: Text, tokens: Mapping[str, Token], today: date) -> Span | None:
    year, day, weekday, part = (tokens.get(slot) for slot in ("year", "day", "weekday", "part"))
    if year:
        number = _year_number(year, today) or today.year
        if year.kind.endswith("fiscal_year"):
            return calendar.fiscal_year(number)
        return calendar.year(number)
    if day and weekday:
        return _day_on_weekday(day.number, weekday.number, today)
    if day:
        return _day_alone(day.number, today) if not _counts_days(text, day) else None
    if weekday:
        return _weekday(text, weekday, today)
    if (
        part
        and str(part.value) in ("first_half", "second_half")
        and text.language == "en"
        and (in_company(text.plain, part.start, part.end) or text.plain.startswith(" of the year", part.end))
    ):
        number = 1 if part.value == "first_half" else 2
        return calendar.coming(today, lambda of: calendar.half(of, number, fiscal=False))._replace(grain=Grain.DAY)
    return None


_DAYS_COUNTED = re.compile(
    r"(?:後|以内|以上|目|程度|くらい|ぐらい|ほど|ぶり|おき|ごと|分|前|経|かか|半|も|足らず|弱|強|あたり|当た|締め|払い|に?[0-9]|がかり|仕事)"
)


def _counts_days(text: Text, day: Token) -> bool:
    return _DAYS_COUNTED.match(text.plain, day.end) is not None


def _day_in(span: Span, day: Token) -> Span | None:
    found = calendar.day_of_month(span.start.year, span.start.month, day.number)
    return calendar.day(found) if found else None


def _coming_day(month: int, number: int, today: date, weekday: Token | None) -> Span | None:
    """The next such day; "Fri, Jul 18" is next year's when this year's is no Friday."""
    first = _first_day(month, number, today)
    if weekday and first and first.weekday() != weekday.number:
        later = _first_day(month, number, first + timedelta(days=1))
        if later and later.weekday() == weekday.number and later.year == first.year + 1:
            first = later
    return calendar.day(first) if first else None


def _first_day(month: int, number: int, today: date) -> date | None:
    # 29 February comes within eight years
    for of in range(today.year, today.year + 9):
        found = calendar.day_of_month(of, month, number)
        if found and found >= today:
            return found
    return None


def _day_alone(number: int, today: date) -> Span | None:
    for ahead in range(3):
        month = calendar.month(today.year, today.month + ahead)
        found = calendar.day_of_month(month.start.year, month.start.month, number)
        if found and found >= today:
            return calendar.day(found)
    return None


def _weekday(text: Text, weekday: Token, today: date) -> Span:
    number = weekday.number
    if _NEXT_IN_FRONT.search(text.plain, max(0, weekday.start - 10), weekday.start):
        return calendar.day(calendar.week(today).start + timedelta(days=7 + number))
    coming = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return calendar.day(coming + timedelta(weeks=_weeks_skipped(text.plain, weekday)))


_COUNT_OF_DAYS = re.compile(r"(?<![a-z0-9])([1-9]|two|three|four|five|six)\s$")
_FROM_NOW = re.compile(r"\sfrom\s(?:now|today)(?![a-z])")
_AFTER_NEXT = re.compile(r"\safter\snext(?![a-z])")
_A_WEEK_LATER = re.compile(r"\sweek(?=\s?(?:[.,;!)]|$|latest|please|pls|or|at|if|would|works|is))")
"""Monday week"""
_A_WEEK_ON = re.compile(
    r"(?<![a-z])(?<!in )(?:(?:a|one|(?P<count>two|three)) )?(?P<unit>week|fortnight)s? on (?:next )?$"
    r"|(?<!a )(?<!one )(?<![a-z])(?P<from>week|fortnight) from (?:next )?$"
)
_A_FORTNIGHT_LATER = re.compile(r"\sfortnight(?![a-z])")
_SMALL = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def _weeks_skipped(plain: str, weekday: Token) -> int:
    """One for "Friday after next", "Monday week" and "a week on Monday", two for "three Fridays from now"."""
    if _AFTER_NEXT.match(plain, weekday.end) or _A_WEEK_LATER.match(plain, weekday.end):
        return 1
    if later := _A_WEEK_ON.search(plain, max(0, weekday.start - 20), weekday.start):
        return _SMALL.get(later["count"] or "", 1) * (2 if "fortnight" in later.group() else 1)
    if _A_FORTNIGHT_LATER.match(plain, weekday.end):
        return 2
    count = _COUNT_OF_DAYS.search(plain, max(0, weekday.start - 7), weekday.start)
    if count is None or not _FROM_NOW.match(plain, weekday.end):
        return 0
    return (_SMALL.get(count[1]) or int(count[1])) - 1


def _day_on_weekday(number: int, weekday: int, today: date) -> Span | None:
    """ "Thu 15th": the next 15th that is a Thursday."""
    for ahead in range(48):
        first = calendar.month(today.year, today.month + ahead).start
        found = calendar.day_of_month(first.year, first.month, number)
        if found and found >= today and found.weekday() == weekday:
            return calendar.day(found)
    return None


_COUNT_IN_FRONT = re.compile(r"(?<![a-z])(first|1st|second|2nd|third|3rd|fourth|4th|last)\s$")
_COUNTS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}


def count_in_front(text: Text, weekday: int) -> int | None:
    """Which of several, as it is said in front of the weekday at this place: 0 for the first, -1 for the last."""
    count = _COUNT_IN_FRONT.search(text.plain, max(0, weekday - 8), weekday)
    return _COUNTS[count[1]] if count else None


def _weekday_in(text: Text, month: Span, weekday: Token) -> Span:
    """ "The first Tuesday of October"; the month itself when no count stands in front."""
    count = count_in_front(text, weekday.start)
    if count is None:
        return month
    first = month.start + timedelta(days=(weekday.number - month.start.weekday()) % 7)
    days = [first + timedelta(weeks=at) for at in range(5) if (first + timedelta(weeks=at)) <= month.end]
    return calendar.day(days[count])
