"""The dates a text names, as spans of the calendar.

    来期の   4月      末            tokens: fiscal year +1, month 4, the end of it
    end of  March   next year     the same in English, in another order

Tokens that stand side by side are one date; each kind occurs at most once in it. What "by" or "から" make of a date
is the business of `timeframe`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from dialogs.reading import calendar
from dialogs.reading.calendar import Grain, Span
from dialogs.reading.date_forms import Token
from dialogs.reading.date_words import date_words, in_company
from dialogs.reading.named_dates import HOLIDAYS, named_date
from dialogs.reading.text import MOST, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """A date in the text. `explicit` when the year was said; `deadline` when the word itself is one (年内)."""

    span: Span
    start: int
    end: int
    at_end: bool = False
    deadline: bool = False
    explicit: bool = False
    rule: str = ""
    words: tuple[Token, ...] = ()


def dates(text: Text, today: date) -> tuple[Dated, ...]:
    """Every date in the text from left to right. A later date of a range has to be resolved again: see `again`."""
    words = date_words(text)
    if not words:
        return ()
    groups = list(islice(_groups(text, words), MOST))
    found: list[Dated] = []
    for at, group in enumerate(groups):
        whole = _with_month(text, group, groups[max(0, at - 1) : at + 2])
        if dated := _dated(text, whole, today):
            found.append(dated if whole is group else replace(dated, start=group[0].start, end=group[-1].end))
    return tuple(_without_months_of_holidays(text, _beside_dates(text, found)))


_FROM_WEEKDAY = re.compile(r"\s(?:(after|following)|(before|preceding)|(?:(?:closest|nearest)\s)?(to))\s(?:the\s)?")
_NEAREST = re.compile(r"(?:closest|nearest)\s")


def _beside_dates(text: Text, found: list[Dated]) -> list[Dated]:
    """ "The Tuesday after Easter", "the second Monday before 1 May", "the Friday closest to the 10th": one day."""
    if text.language != "en" or len(found) < 2:
        return found
    merged: list[Dated] = []
    for dated in found:
        weekday = merged[-1] if merged else None
        day = _beside(text, weekday, dated) if weekday else None
        if weekday and day:
            merged[-1] = replace(dated, span=calendar.day(day), start=weekday.start, at_end=False, rule="day", words=())
        else:
            merged.append(dated)
    return merged


def _beside(text: Text, weekday: Dated, dated: Dated) -> date | None:
    link = _FROM_WEEKDAY.fullmatch(text.plain, weekday.end, dated.start)
    if link is None or [token.kind for token in weekday.words] != ["weekday"]:
        return None
    number = weekday.words[0].number
    count = _COUNT_IN_FRONT.search(text.plain, max(0, weekday.start - 8), weekday.start)
    weeks = timedelta(weeks=max(_COUNTS[count[1]], 0)) if count else timedelta()
    start, end = dated.span.start, dated.span.end
    if link[1]:
        return end + timedelta(days=(number - end.weekday() - 1) % 7 + 1) + weeks
    if link[2]:
        return start - timedelta(days=(start.weekday() - number - 1) % 7 + 1) - weeks
    if _NEAREST.search(text.plain, max(0, weekday.start - 9), dated.start) is None:
        return None
    return start + timedelta(days=(number - start.weekday() + 3) % 7 - 3)


def _without_months_of_holidays(text: Text, found: list[Dated]) -> Iterator[Dated]:
    """「8月のお盆」 is the holiday."""
    for at, dated in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        of_it = following and following.rule in HOLIDAYS and text.plain[dated.end : following.start] == "の"
        if not (of_it and dated.span.grain is Grain.MONTH):
            yield dated


def again(text: Text, dated: Dated, today: date) -> Dated:
    """The same words as seen from another day: "November to January", "2026年6月から7月"."""
    return (_dated(text, dated.words, today) if dated.words else None) or dated


_MAIN = frozenset(
    {"month", "relative_month", "quarter", "relative_quarter", "half", "coming_half", "season", "relative_week",
     "relative_work_week", "relative_day", "named", "week_number"}
)  # fmt: skip
_OF_A_MONTH = frozenset(
    {"season", "month", "relative_month", "year", "calendar_year", "relative_year", "relative_fiscal_year"}
)
_YEARS = frozenset({"year", "calendar_year", "fiscal_year", "relative_year", "relative_fiscal_year"})

# Groups

_JA_LINK = re.compile(r"\s?[の、]?\s?")
_EN_LINK = re.compile(r"[\s,/-]{0,3}(?:\(|of|in|on|day of)?\s?(?:the|our|this)?[\s-]{0,2}")
_EN_LINK_AFTER_NOUN = re.compile(r"\s(?:of|to)\s(?:the\s|our\s|this\s)?|\s(?=next|this|q[1-4])")
# "next year, first half", "2027, probably around March"
_EN_LINK_AFTER_YEAR = re.compile(
    r"[\s,/-]{1,3}(?:maybe|probably|perhaps|possibly|hopefully|ideally|likely|most likely|some\s?time|say)?\s?"
    r"(?:in|around|about|towards|roughly)?\s?(?:the)?\s?"
)
_ADJECTIVES = frozenset({"first thing", "early", "late", "mid", "very early"})


def _groups(text: Text, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token in tokens:
        if group and not _belongs(text, group, token):
            yield group
            group = []
        group.append(token)
    if group:
        yield group


_JOINT = re.compile(r"\s?(?:~|-|から|か|、|or|to|through)\s?")


def _with_month(text: Text, group: list[Token], near: Sequence[list[Token]]) -> list[Token]:
    """「6月上旬〜中旬」, "early to mid June": a part alone has the month of the other end."""
    if [token.kind for token in group] != ["part"]:
        return group
    for other in near:
        month = [token for token in other if token.kind in _OF_A_MONTH]
        first, last = sorted((group, other), key=lambda one: one[0].start)
        if len(month) < len(other) and month and _JOINT.fullmatch(text.plain, first[-1].end, last[0].start):
            return [*month, *group]
    return group


def _belongs(text: Text, group: list[Token], token: Token) -> bool:
    between = text.plain[group[-1].end : token.start]
    last = group[-1]
    if _slot(token.kind) in {_slot(one.kind) for one in group} or len(between) > 18:
        return False
    if token.weak and _IS_A_VERB.match(text.plain, token.end):
        return False
    if text.language == "en" and len(group) == 1 and _year_with_a_part_apart(text, last, token, between):
        return True
    if len(between) > 12:
        return False
    if not text.plain[last.start : last.end].isascii() or text.language == "ja":
        return _JA_LINK.fullmatch(between) is not None and ("、" not in between or token.kind in ("weekday", "day"))
    if last.kind == "part" and str(last.value).startswith(("day ", "week ", "month ")) and between == " in ":
        return True
    if last.kind == "part" and text.plain[last.start : last.end] not in _ADJECTIVES:
        return _EN_LINK_AFTER_NOUN.fullmatch(between) is not None
    if token.kind == "part" and token.value != "end":
        return False
    return _EN_LINK.fullmatch(between) is not None


_NOT_IN_FRONT = re.compile(r"(?<![a-z])not (?:in |for )?$")
_IS_A_VERB = re.compile(r"\s(?:be|not|we|i|have|need|well|still)(?![a-z])")


def _year_with_a_part_apart(text: Text, last: Token, token: Token, between: str) -> bool:
    """ "Next year, first half" and "first half, next year"; but "not this year, probably Q1" are two dates."""
    if last.kind == "part" and token.kind in _YEARS:
        return between == ", "
    apart = last.kind in _YEARS and _EN_LINK_AFTER_YEAR.fullmatch(between) is not None
    return apart and not _NOT_IN_FRONT.search(text.plain, max(0, last.start - 8), last.start)


def _slot(kind: str) -> str:
    """Kinds that exclude each other in one date share a slot."""
    return "main" if kind in _MAIN else "year" if kind in _YEARS else kind


def _dated(text: Text, group: Sequence[Token], today: date) -> Dated | None:
    tokens = {_slot(token.kind): token for token in group}
    start, end = group[0].start, group[-1].end
    main, year = tokens.get("main"), tokens.get("year")
    if main and main.weak and len(tokens) == 1:
        return None
    span = _resolve(text, tokens, today)
    if span is None:
        return None
    if span.grain is Grain.DAY and (
        _WEEK_OF.search(text.plain, max(0, start - 24), start) or text.plain.startswith("の週", end)
    ):
        # nobody names a week by its last day: the week of Sunday the 6th begins there, where weeks begin on Sunday
        span = calendar.week(span.start + timedelta(days=text.language == "en" and span.start.weekday() == _SUNDAY))
    part = tokens.get("part")
    whole = span
    if part and not (main and main.value == "new_year"):
        span = calendar.part_of(span, str(part.value))
        if "weekday" in tokens and "week" in str(part.value):
            span = _weekday_of(span, tokens["weekday"].number)
        if span.end < today and _is_unnumbered(tokens) and part.value in _BEGINNINGS:
            later = _resolve(text, tokens, whole.end + timedelta(days=1))
            span = calendar.part_of(later, str(part.value)) if later else span
    named = str(main.value) if main and main.kind == "named" else ""
    return Dated(
        span=span,
        start=start,
        end=end,
        at_end=(part is not None and part.value == "end") or named.endswith("_end"),
        deadline=named.startswith("in_the") or named in ("week_end",),
        explicit=year is not None or (main is not None and main.kind.startswith("relative")),
        rule=named or (f"{part.value} of {whole.grain}" if part else str(span.grain)),
        words=tuple(group),
    )


def _weekday_of(span: Span, number: int) -> Span:
    """That weekday in a week: "the first week of October, on Friday"."""
    return calendar.day(span.start + timedelta(days=(number - span.start.weekday()) % 7))


_SUNDAY = 6
_BEGINNINGS = frozenset({"start", "first_third", "first_half"})


def _is_unnumbered(tokens: Mapping[str, Token]) -> bool:
    """「下期頭」, said in November, is next October: the beginning of the one that runs has passed."""
    main = tokens.get("main")
    return "year" not in tokens and main is not None and main.kind in ("quarter", "half", "season")


_WEEK_OF = re.compile(
    r"(?<![a-z])(?:(?<!a )(?<!one )week (?:of|starting|commencing|beginning)|w/c)\s(?:on\s)?(?:the\s)?$"
)

# What the tokens of one date mean together

_NEXT_IN_FRONT = re.compile(r"(?<![a-z])(next|coming|upcoming|following)\s$")
_LAST_IN_FRONT = re.compile(r"(?<![a-z])(?:last|(?:the|this|these) past|previous)\s$|(?:先|昨|去)$")


def _resolve(text: Text, tokens: Mapping[str, Token], today: date) -> Span | None:
    main, year, day, weekday = (tokens.get(slot) for slot in ("main", "year", "day", "weekday"))
    if main and _LAST_IN_FRONT.search(text.plain, max(0, main.start - 12), main.start):
        return None
    if main is None:
        return _without_main(text, tokens, today)
    number = _year_number(year, today)
    fiscal = text.language == "ja" or (year is not None and year.kind.endswith("fiscal_year"))
    fiscal = fiscal and not (year is not None and year.kind == "calendar_year")
    kind = main.kind
    if kind == "named":
        return named_date(str(main.value), number, today)
    value = main.number
    if kind == "month":
        upcoming = _NEXT_IN_FRONT.search(text.plain, max(0, main.start - 10), main.start) is not None
        after_next = _AFTER_NEXT.match(text.plain, main.end) is not None
        span = _month(value, year, number, day, weekday, today, upcoming=upcoming or after_next, after_next=after_next)
        return _weekday_in(text, span, weekday) if span and weekday and not day else span
    if kind == "relative_month":
        span = calendar.month(today.year, today.month + value)
        return _day_in(span, day) if day else span
    if kind in ("quarter", "half"):
        fiscal = fiscal or "fiscal" in text.plain[max(0, main.start - 8) : main.end]
        build = calendar.quarter if kind == "quarter" else calendar.half
        if number is not None:
            return build(number, value, fiscal=fiscal)
        return calendar.coming(today, lambda of: build(of, value, fiscal=fiscal))
    if kind == "coming_half":  # 来下期, said in November, is next October's
        return next(
            span for at in range(3) if (span := calendar.half(today.year + at, value, fiscal=True)).start > today
        )
    if kind == "relative_quarter":
        return calendar.quarter(today.year, (today.month - 1) // 3 + 1 + value, fiscal=False)
    if kind == "season":
        if number is not None:
            return calendar.season(number, value)
        span = calendar.coming(today, lambda of: calendar.season(of, value))
        if span.start <= today and _NEXT_IN_FRONT.search(text.plain, max(0, main.start - 10), main.start):
            return calendar.season(span.start.year + 1, value)
        return span
    if kind == "week_number":
        whole = calendar.year(number) if number is not None else None
        return (
            calendar.part_of(whole, f"week {value} {value}")
            if whole
            else calendar.coming(today, lambda of: calendar.part_of(calendar.year(of), f"week {value} {value}"))
        )
    if kind == "relative_work_week" and not weekday:
        monday = calendar.week(today + timedelta(weeks=value)).start
        return Span(start=monday, end=monday + timedelta(days=4), grain=Grain.WEEK)
    if kind in ("relative_week", "relative_work_week"):
        span = calendar.week(today + timedelta(weeks=value))
        return calendar.day(span.start + timedelta(days=weekday.number)) if weekday else span
    return calendar.day(today + timedelta(days=value))


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


def _month(
    number: int,
    year: Token | None,
    of_year: int | None,
    day: Token | None,
    weekday: Token | None,
    today: date,
    *,
    upcoming: bool,
    after_next: bool,
) -> Span | None:
    if of_year is not None and year is not None:
        if year.kind.endswith("fiscal_year") and number < calendar.FISCAL_MONTH:
            of_year += 1
        span = calendar.month(of_year, number)
        return _day_in(span, day) if day else span
    if day:
        return _coming_day(number, day.number, today, weekday)
    span = calendar.coming(today, lambda of: calendar.month(of, number))
    years = (upcoming and span.start <= today) + after_next
    return calendar.month(span.start.year + years, number) if years else span


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
_SMALL = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def _weeks_skipped(plain: str, weekday: Token) -> int:
    """One for "Friday after next" and "Monday week", two for "three Fridays from now"."""
    if _AFTER_NEXT.match(plain, weekday.end) or _A_WEEK_LATER.match(plain, weekday.end):
        return 1
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


def _weekday_in(text: Text, month: Span, weekday: Token) -> Span:
    """ "The first Tuesday of October"; the month itself when no count stands in front."""
    count = _COUNT_IN_FRONT.search(text.plain, max(0, weekday.start - 8), weekday.start)
    if count is None:
        return month
    first = month.start + timedelta(days=(weekday.number - month.start.weekday()) % 7)
    days = [first + timedelta(weeks=at) for at in range(5) if (first + timedelta(weeks=at)) <= month.end]
    return calendar.day(days[_COUNTS[count[1]]])
