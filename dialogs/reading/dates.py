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
from dialogs.reading.date_sense import MEANS, count_in_front, resolve
from dialogs.reading.date_words import date_words
from dialogs.reading.named_dates import HOLIDAYS
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
_NEAREST = re.compile(r"(?P<second>(?:second|2nd)\s)?(?:closest|nearest)\s")


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
    weeks = timedelta(weeks=max(count_in_front(text, weekday.start) or 0, 0))
    start, end = dated.span.start, dated.span.end
    if link[1]:
        return end + timedelta(days=(number - end.weekday() - 1) % 7 + 1) + weeks
    if link[2]:
        return start - timedelta(days=(start.weekday() - number - 1) % 7 + 1) - weeks
    nearest = _NEAREST.search(text.plain, max(0, weekday.start - 16), dated.start)
    if nearest is None:
        return None
    away = (number - start.weekday() + 3) % 7 - 3
    if nearest["second"]:
        away += 7 if away < 0 else -7
    return start + timedelta(days=away)


def _without_months_of_holidays(text: Text, found: list[Dated]) -> Iterator[Dated]:
    """「8月のお盆」 is the holiday."""
    for at, dated in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        of_it = following and following.rule in HOLIDAYS and text.plain[dated.end : following.start] == "の"
        if not (of_it and dated.span.grain is Grain.MONTH):
            yield dated
        elif following and following.rule == "days_off":  # 「9月の連休」
            found[at + 1] = again(text, following, dated.span.start)


def again(text: Text, dated: Dated, today: date) -> Dated:
    """The same words as seen from another day: "November to January", "2026年6月から7月"."""
    return (_dated(text, dated.words, today) if dated.words else None) or dated


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
_MONTHS = frozenset({"month", "relative_month", "quarter"})
_NOUNS = frozenset({"end", "the end", "middle", "back end", "the back end", "tail end", "the tail end", "beg", "beg."})
"""They may stand directly in front of a month: "end July"."""
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
        month_behind = between == " " and token.kind in _MONTHS and text.plain[last.start : last.end] in _NOUNS
        return month_behind or _EN_LINK_AFTER_NOUN.fullmatch(between) is not None
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
    return "main" if kind in MEANS else "year" if kind in _YEARS else kind


def _dated(text: Text, group: Sequence[Token], today: date) -> Dated | None:
    tokens = {_slot(token.kind): token for token in group}
    start, end = group[0].start, group[-1].end
    main, year = tokens.get("main"), tokens.get("year")
    if main and main.weak and len(tokens) == 1:
        return None
    span = resolve(text, tokens, today)
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
            later = resolve(text, tokens, whole.end + timedelta(days=1))
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
    r"(?<![a-z])(?:(?<!a )(?<!one )(?:week|wk) (?:of|starting|commencing|beginning)|w/c)\s(?:on\s)?(?:the\s)?$"
)
