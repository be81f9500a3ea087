"""The times a text names: dates and lengths of time, each with the words that bound it.

来期入ったら               from its first month
by the end of Q3         from today to its last day
4月1日から2週間            counted from that day
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property

from dialogs.reading import calendar, clauses
from dialogs.reading.calendar import LONGER_THAN_A_MONTH, Grain
from dialogs.reading.clarity import overlaps
from dialogs.reading.date_marks import (
    BOUNDS_IN_ORDER,
    DATE_MARKS,
    DURATION_MARKS,
    NEAR,
    Mark,
    marks_ahead,
    marks_behind,
)
from dialogs.reading.dates import Dated, again, dates
from dialogs.reading.durations import MONTH, Duration, durations
from dialogs.reading.found import FAIR, SURE, Language
from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import Text
from qualification.bant import Topic

LONGEST_JOINT = 24
"""Characters between the two ends of a range."""

_REFUSED = {Mark.SINCE: Mark.AHEAD, Mark.PAST_IT: Mark.DEADLINE, Mark.AHEAD: Mark.SINCE}
"""What is left when that is refused: 「9月以降は無理」 is before September, "after July is too late" is by July."""
_AT_LATEST = re.compile("遅くと")  # 早ければ7月、遅くとも9月


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """One time the text names. `core` is the date itself, `place` includes the words that bound it.

    `lasting` when the same words also say how long something lasts (this year, three years); `rough` when they count
    months or years from today, and so name no day.
    """

    start: date | None
    end: date | None
    core: tuple[int, int]
    place: tuple[int, int]
    marks: frozenset[Mark]
    rule: str
    lasting: bool = False
    rough: bool = False
    sure: float = SURE


def times_of(text: Text, asked: Topic | None, today: date) -> list[When]:
    """Dates, and lengths of time; a length that is counted from a date takes its place ("2 weeks from 15 May")."""
    found = dates(text, today)
    named = list(_dates(text, found, today))
    times: list[When] = []
    for length in durations(text):
        if any(length.start < when.core[1] and when.core[0] < length.end for when in named):
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
        if when.start is None or when.start != when.end or not (on_it or front or behind):
            continue
        if kinds == {"month"}:
            span = again(text, dated, when.start).span
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


# Dates


def _dates(text: Text, found: Sequence[Dated], today: date) -> Iterator[When]:
    at = 0
    border = 0
    while at < len(found):
        first = last = found[at]
        joint = _joint_between(text, first, found[at + 1]) if at + 1 < len(found) else ""
        if joint.startswith(",") and Mark.REJECTED in marks_ahead(text, first.start, border, DATE_MARKS)[0]:
            joint = ""  # "not this year, maybe next"
        if joint:
            moved = _moved(text, first, found[at + 1])
            first, last = (found[at + 1],) * 2 if moved else _in_order(text, first, found[at + 1], joint, today)
            at += 1
            span = "" if moved else joint
        else:
            span = ""
        at += 1
        following = found[at].start if at < len(found) else len(text.plain)
        when = _bounded(text, first, last, span, border, following, today)
        border = when.place[1]
        if (when.end is None or when.end >= today) and not (first is last and last.span.end < today):
            yield when


@cache
def _joint(language: Language) -> re.Pattern[str]:
    words = lexicon("timeframe")
    about = r"(?:頃|ごろ|くらい|ぐらい|あたり|の)?" if language == "ja" else ""
    lead = r"(?:the |in |early |around |about |maybe |by |next |this )?" if language == "en" else "(?:遅くとも)?"
    return re.compile(rf"\s?{about}\s?({words.words('joint', language).glued_source})\s?{lead}")


def _joint_between(text: Text, first: Dated, second: Dated) -> str:
    """The word that makes two dates one range, or ""."""
    between = text.plain[first.end : second.start]
    if len(between) > LONGEST_JOINT:
        return ""
    if between.strip() in ("and", "and the"):
        lead = text.plain[max(0, first.start - 14) : first.start]
        return "and" if re.search(r"(?:between|from)\s(?:the )?(?:\w+ )?$", lead) else ""
    if between in _BESIDE and text.language == "en" and _part(first) in _LATE and _part(second) in _EARLY:
        return "to"  # "late July early August"
    match = _joint(text.language).fullmatch(between)
    if match is None or (match[1] in ("、", "と", "が") and first.span.grain != second.span.grain):
        return ""
    return match[1]


_BESIDE = frozenset({" ", ", "})
_LATE = frozenset({"last_third", "end"})
_EARLY = frozenset({"start", "first_third"})


def _part(dated: Dated) -> str | None:
    return next((str(token.value) for token in dated.words if token.kind == "part"), None)


def _moved(text: Text, first: Dated, second: Dated) -> bool:
    """ "Pushed from June to August" and 「6月から8月に延期」 are no ranges: the first date is the old one."""
    words, plain = lexicon("timeframe"), text.plain
    if words.pattern("moved_after", text.language).match(plain, second.end):
        return True
    front = plain[max(0, first.start - NEAR) : first.start].rstrip()
    return any(match.end() == len(front) for match in words.pattern("moved_before", text.language).finditer(front))


def _in_order(text: Text, first: Dated, second: Dated, joint: str, today: date) -> tuple[Dated, Dated]:
    """Both ends of a range so that the second follows the first: "November to January"."""
    if _only_day(first) and not _only_day(second):
        day = first.span.start.day
        month = second.span.start
        if day <= second.span.end.day:
            first = replace(first, span=calendar.day(month.replace(day=day)))
    elif joint in _FROM_TO and (begun := _begun(text, first, second, today)):
        first = begun
    elif not second.explicit:
        second = again(text, second, max(first.span.start, date(1, 1, 1)))
    elif not first.explicit and (second.span.start - first.span.start).days > 366:
        first = again(text, first, second.span.start - timedelta(days=365))
    return (first, second) if first.span.start <= second.span.start else (second, first)


_A_YEAR = timedelta(days=365)
_FROM_TO = frozenset({"to", "-", "~", "and", "until", "till", "through", "thru", "から", "より"})
_OF_A_YEAR = frozenset({"month", "quarter", "half", "season"})


def _begun(text: Text, first: Dated, second: Dated, today: date) -> Dated | None:
    """The beginning of a range that is running: "from 10/1 to 11/7", said on 24 October, began this year."""
    ends = {token.kind for token in second.words}
    named = not _OF_A_YEAR.isdisjoint(token.kind for token in first.words)
    if first.explicit or first.span.start <= today or not named or ends.isdisjoint({*_OF_A_YEAR, "relative_day"}):
        return None
    earlier = again(text, first, max(first.span.start - _A_YEAR - timedelta(days=3), date(1, 1, 1)))
    running = earlier.span.start <= today <= second.span.end < first.span.start
    return earlier if running and second.span.end - earlier.span.start < _A_YEAR else None


def _only_day(dated: Dated) -> bool:
    """ "13 to 15 July": the first is a day whose month stands with the second."""
    return all(token.kind == "day" for token in dated.words)


_SINCE = re.compile(r"(?<![a-z])since\s$")


def _bounded(text: Text, first: Dated, last: Dated, joint: str, border: int, following: int, today: date) -> When:
    core = (min(first.start, last.start), max(first.end, last.end))
    head, start = marks_ahead(text, core[0], border, DATE_MARKS)
    tail, end = marks_behind(text, core[1], following, DATE_MARKS)
    ends_later = first is not last and Mark.SINCE in head and _AT_LATEST.search(text.plain, first.end, last.start)
    if first.explicit and first.span.start > today and (since := _SINCE.search(text.plain, max(0, start - 8), start)):
        head, start = head | {Mark.SINCE}, since.start()  # "since March" has passed, "since next March" has not
    marks = _marks_that_hold(head, tail, last, joint) - ({Mark.SINCE} if ends_later else set())
    begin, stop = _ends_of(marks, first, last, today)
    bound = next((mark for mark in BOUNDS_IN_ORDER if mark in marks), None)
    return When(
        start=max(begin, today),
        end=stop,
        core=core,
        place=(start, end),
        marks=frozenset(marks),
        rule=f"{bound or 'in'} {first.rule}",
        lasting=first.span.grain in (Grain.YEAR, Grain.FISCAL_YEAR),
    )


_JOINTS_OF_A_RANGE = frozenset({"から", "~", "-", "to", "より", "以降", "through", "until", "till", "and"})


def _marks_that_hold(head: Set[Mark], tail: Set[Mark], last: Dated, joint: str) -> Set[Mark]:
    """What bounds a date, of the words in front of it and behind."""
    marks = head | tail | ({Mark.DEADLINE} if last.deadline else set())
    if joint in _JOINTS_OF_A_RANGE and Mark.DEADLINE in tail:
        marks -= {Mark.DEADLINE}
    if Mark.AHEAD in marks and last.at_end:
        marks = marks - {Mark.AHEAD} | {Mark.DEADLINE}
    if Mark.REJECTED in marks and marks & _REFUSED.keys():
        refused = next(mark for mark in _REFUSED if mark in marks)
        marks = marks - {Mark.REJECTED, refused} | {_REFUSED[refused]}
    return marks


def _ends_of(marks: Set[Mark], first: Dated, last: Dated, today: date) -> tuple[date, date | None]:
    """The first and the last day that the words leave; None when they leave the end open."""
    begin, stop = first.span.start, last.span.end
    if Mark.SINCE in marks:
        return begin, None
    if Mark.AHEAD in marks:
        return today, begin - timedelta(days=1)
    if Mark.DEADLINE in marks:
        return today, stop
    if Mark.PAST_IT in marks:
        return stop + timedelta(days=1), None
    if Mark.FROM in marks and first is last and first.span.grain in LONGER_THAN_A_MONTH:
        return begin, first.span.first_month.end
    return begin, stop


# Lengths of time


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


# "As soon as possible"


def soon(text: Text, asked: Topic | None, today: date) -> Iterator[When]:
    words, language = lexicon("timeframe"), text.language
    denied: list[tuple[int, int]] | None = None
    if not words.shows(_MEAN_SOON, language, text.plain):
        return
    for section, months in _SOON if asked is Topic.TIMEFRAME else _SOON[:2]:
        for match in words.pattern(section, language).finditer(text.plain):
            denied = _not_soon(text) if denied is None else denied
            if not overlaps(*match.span(), denied):
                yield When(
                    start=today,
                    end=calendar.add_months(today, months),
                    core=match.span(),
                    place=match.span(),
                    marks=frozenset(),
                    rule=section.removesuffix("_asked"),
                    rough=True,
                    sure=FAIR,
                )
                return


_SOON = (("now", 1), ("soon", 3), ("now_asked", 1))
"""What is meant by each, in months; the last only of who was asked when."""
_MEAN_SOON = tuple(section for section, _ in _SOON)


def _not_soon(text: Text) -> list[tuple[int, int]]:
    patterns = [
        lexicon("timeframe").pattern("not_now", text.language),
        lexicon("clarity").pattern("timeframe_undecided", text.language),
        lexicon("clarity").pattern("timeframe_undecided_asked", text.language),
    ]
    denied = [match.span() for pattern in patterns for match in pattern.finditer(text.plain)]
    return [place for place in denied if not text.plain.endswith("than ", 0, place[0])]  # sooner rather than later
