"""The times a text names: dates and lengths of time, each with the words that bound it.

来期入ったら               from its first month
by the end of Q3         from today to its last day
4月1日から2週間            counted from that day
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from dialogs.reading import calendar, clauses
from dialogs.reading.bounded_dates import bounded_dates
from dialogs.reading.date_marks import (
    BOUNDS_IN_ORDER,
    DURATION_MARKS,
    Mark,
    marks_ahead,
    marks_behind,
)
from dialogs.reading.dates import Dated, again, dates
from dialogs.reading.durations import MONTH, Duration, durations
from dialogs.reading.found import FAIR, SURE
from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import Text
from dialogs.reading.when import When
from qualification.bant import Topic


def times_of(text: Text, asked: Topic | None, today: date) -> list[When]:
    """Dates, and lengths of time; a length that is counted from a date takes its place ("2 weeks from 15 May")."""
    found = dates(text, today)
    named = list(bounded_dates(text, found, today))
    times: list[When] = []
    for length in durations(text):
        if any(length.start < when.core[1] and when.core[0] < length.end for when in named):
            continue
        if _says_which_weekday(text, length, found):
            continue
        beside = _Beside(text, length, named)
        if lasting := beside.lasts(today):
            named = [lasting if one.core == lasting.core else one for one in named]
        elif beside.only_lasts:
            pass
        elif ahead := beside.before_a_date(today):
            times.append(ahead)
            named = [one for one in named if one is not beside.following]
        elif when := _from_length(text, length, asked, _counted_day(beside.anchor) if beside.anchor else today):
            named = [one for one in named if one is not beside.anchor]
            when, taken = _on_that_day(text, length, when, beside.anchor, found)
            times.append(when)
            named = [one for one in named if one.core not in taken]
    return [*named, *times]


_WEEKS_ON = re.compile(r"\son\s(?:next\s)?")
_IN_SOME_WEEKS = re.compile(r"(?<![a-z])in\s(?:about\s|around\s)?$")


def _says_which_weekday(text: Text, length: Duration, found: Sequence[Dated]) -> bool:
    """ "A week on Monday" is the Monday after the coming one; in "in two weeks on Monday" the length counts."""
    if length.most.unit == MONTH or _IN_SOME_WEEKS.search(text.plain, max(0, length.start - 10), length.start):
        return False
    return any(
        {token.kind for token in dated.words} == {"weekday"}
        and _WEEKS_ON.fullmatch(text.plain, length.end, dated.start)
        for dated in found
    )


def _counted_day(anchor: When) -> date:
    """The day from which a length is counted: "3 days after 12 January" counts from the 12th itself."""
    assert anchor.start is not None
    return anchor.start - timedelta(days=1) if Mark.PAST_IT in anchor.marks else anchor.start


_FROM_DATE = re.compile(r"\s(?:from|after|following)\s(?:the\s|next\s|this\s)?")
_DATE_FROM = re.compile(r"(?:から|より)の?")
_BEFORE_DATE = re.compile(r"\s(?:before|ahead of|prior to|in advance of)\s(?:the\s|our\s)?")
_LASTS = re.compile(r"(?<![a-z])(?<!not )for\s(?:about\s|around\s|just\s|only\s)?$")
_DATE_LASTS = re.compile(r",?\s(?:lasting\s|running\s)?for\s(?:about\s|around\s)?")
_ON_A_DAY = re.compile(r"(?<![a-z])on\s(?:the\s)?$")
_LASTS_FROM = re.compile(
    r",?\s(?:starting\s|beginning\s|commencing\s)?(?:from\s|on\s|as of\s)?(?:the\s|next\s|this\s)?"
)
_FROM_NOW = re.compile(r"\s(?:from now|from today|hence|out|away|later)(?![a-z])")


class _Beside:
    """A length of time and the dates beside it: what it is counted from, or which of them it says how long lasts."""

    def __init__(self, text: Text, length: Duration, named: Sequence[When]) -> None:
        self.text, self.length, self.named = text, length, named

    @cached_property
    def anchor(self) -> When | None:
        return next((when for when in self.named if when.start and _counted_from(self.text, self.length, when)), None)

    @cached_property
    def following(self) -> When | None:
        """The date in "two weeks before Christmas"."""
        plain, end = self.text.plain, self.length.end
        return next(
            (
                when
                for when in self.named
                if end <= when.core[0] <= end + 24 and _BEFORE_DATE.fullmatch(plain, end, when.core[0])
            ),
            None,
        )

    def before_a_date(self, today: date) -> When | None:
        when = self.following
        if when is None or when.end is None:
            return None
        day = when.end if Mark.DEADLINE in when.marks else when.end + timedelta(days=1)
        day = self.length.most.before(day)
        if day < today:
            return None
        marks, start = marks_ahead(self.text, self.length.start, 0, DURATION_MARKS)
        by_then = bool(marks & {Mark.SINCE, Mark.DEADLINE, Mark.WITHIN})  # "at least two weeks before" is by then
        return When(
            start=today if by_then else day,
            end=day,
            core=(self.length.start, when.core[1]),
            place=(start, when.place[1]),
            marks=frozenset({Mark.DEADLINE} if by_then else ()),
            rule=f"before {when.rule}",
        )

    @cached_property
    def only_lasts(self) -> bool:
        """Whether it tells how long something takes, beside a date: "for a week"."""
        plain, start = self.text.plain, self.length.start
        lasts = bool(self.named) and _LASTS.search(plain, max(0, start - 14), start) is not None
        return lasts and _FROM_NOW.match(plain, self.length.end) is None and self.anchor is None

    def lasts(self, today: date) -> When | None:
        """ "From 18 December for 10 days", "for a week from 3 May"; what lasts months is no time to start."""
        if self.length.most.unit == MONTH or not self.only_lasts:
            return None
        plain, (start, end) = self.text.plain, (self.length.start, self.length.end)
        for when in self.named:
            if when.start is None or when.start != when.end:
                continue
            begins_on = _ON_A_DAY.search(plain, max(0, when.core[0] - 8), when.core[0])  # and so is the time to start
            behind = when.core[1] <= start <= when.core[1] + 20 and _DATE_LASTS.fullmatch(plain, when.core[1], start)
            behind = None if begins_on else behind
            if behind or (end <= when.core[0] <= end + 24 and _LASTS_FROM.fullmatch(plain, end, when.core[0])):
                places = (*when.place, start, end)
                return replace(
                    when, end=self.length.most.after(when.start), place=(min(places), max(places)), sure=FAIR
                )
        return None


def _counted_from(text: Text, length: Duration, when: When) -> bool:
    if length.end <= when.core[0] <= length.end + 16:
        return _FROM_DATE.fullmatch(text.plain, length.end, when.core[0]) is not None
    return (
        when.core[1] <= length.start <= when.core[1] + 4
        and when.start == when.end
        and _DATE_FROM.fullmatch(text.plain, when.core[1], length.start) is not None
    )


_SIDE_BY_SIDE = re.compile(r",?\s(?:(?:on|in)\s)?(?:a\s)?")


def _on_that_day(
    text: Text, length: Duration, when: When, anchor: When | None, found: Sequence[Dated]
) -> tuple[When, set[tuple[int, int]]]:
    """ "Monday two weeks from now", "March in a year": the weekday or month said beside it, as seen from that day.

    Also the places of the dates that are used up.
    """
    last = anchor.core[1] if anchor else when.place[1]
    for dated in found:
        kinds = {token.kind for token in dated.words}
        on_it = anchor is not None and dated.start == anchor.core[0] and kinds == {"relative_day", "weekday"}
        front = dated.end <= when.place[0] and _SIDE_BY_SIDE.fullmatch(text.plain, dated.end, when.place[0])
        behind = dated.start >= last and _SIDE_BY_SIDE.fullmatch(text.plain, last, dated.start)
        of_it = text.plain[length.end : dated.start] in ("後の", "先の")  # 「2年後の4月」
        if when.start is None or when.start != when.end or not (on_it or front or behind or of_it):
            continue
        if kinds == {"month"}:
            span = (
                calendar.month(when.start.year, dated.span.start.month)
                if of_it
                else again(text, dated, when.start).span
            )
        elif kinds == {"season"} and of_it:
            span = calendar.season(when.start.year, dated.span.start.month)
        elif "weekday" in kinds and (on_it or kinds == {"weekday"}):
            number = next(token.number for token in dated.words if token.kind == "weekday")
            span = calendar.day(_weekday_near(when.start, number, length))
        else:
            continue
        place = (min(when.place[0], dated.start), max(when.place[1], dated.end))
        day = replace(when, start=span.start, end=span.end, place=place, lasting=False, rough=False)
        return day, {(dated.start, dated.end)}
    return when, set()


def _weekday_near(counted: date, number: int, length: Duration) -> date:
    """Of that week when days or weeks are counted; the next one when months or years are."""
    if length.most.unit == MONTH:
        return counted + timedelta(days=(number - counted.weekday()) % 7)
    return calendar.week(counted).start + timedelta(days=number)


_IN_FRONT = re.compile(r"(?<![a-z])in\s(?:about |around |roughly |approximately |maybe |like |just |the |another )?$")


# "CAD 90,000 over three years" says how long the money lasts
_SPREAD_OVER = re.compile(
    r"(?:[0-9]\s?(?:k|m|mil|million|thousand|grand|usd|eur|gbp|jpy|cad|aud|dollars|euros|yen|pounds|bucks)"
    r"|(?:[$€£¥]|usd|eur|gbp|jpy|cad|aud)\s?[0-9][0-9,.]*)\s(?:in )?(?:total )?(?:spread )?"
    r"(?:over|across)\s(?:about |the )?$"
)


def _from_length(text: Text, length: Duration, asked: Topic | None, today: date) -> When | None:
    head, start = marks_ahead(text, length.start, 0, DURATION_MARKS)
    tail, end = marks_behind(text, length.end, len(text.plain), DURATION_MARKS)
    marks = head | tail
    ahead = _IN_FRONT.search(text.plain, max(0, length.start - 20), length.start) is not None
    if _SPREAD_OVER.search(text.plain, max(0, length.start - 40), length.start):
        return None
    if Mark.AGO in marks and not ahead:
        return None
    begin: date | None
    stop: date | None
    begin, stop = sorted((length.least.after(today), length.most.after(today)))
    if length.at_least:
        marks = marks | {Mark.SINCE}
    if length.ahead:
        marks = marks | {Mark.WITHIN}
    if text.plain.startswith("~", end):
        marks, end = marks | {Mark.SINCE}, end + 1
    if marks & {Mark.SINCE, Mark.PAST_IT} and not marks & {Mark.WITHIN, Mark.DEADLINE}:
        stop = None
    elif marks & {Mark.WITHIN, Mark.DEADLINE}:
        begin = today
    counts = bool(marks & {Mark.SINCE, Mark.WITHIN, Mark.DEADLINE, Mark.LATER, Mark.PAST_IT})
    if not (counts or ahead) and asked is not Topic.TIMEFRAME and not _labelled(text, length.start):
        return None
    return When(
        start=begin,
        end=stop,
        core=(length.start, length.end),
        place=(start, end),
        marks=frozenset(marks | {Mark.LATER}),
        lasting=True,
        rough=length.most.unit == MONTH,
        rule=f"{next((mark for mark in BOUNDS_IN_ORDER if mark in marks), 'in')} duration",
        sure=FAIR if length.open else SURE,
    )


def _labelled(text: Text, start: int) -> bool:
    begin = clauses.before(text.plain, text.language, start)
    return lexicon("timeframe").pattern("label", text.language).search(text.plain, begin, start) is not None
