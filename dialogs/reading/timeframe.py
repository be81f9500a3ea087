"""When they want to start: dates and lengths of time with the words that bound them, and which of several counts.

来期入ったら               from its first month
by the end of Q3         from today to its last day
PoCは来月、本番は1月        the go-live beats the trial
年内は無理、4月以降          what they reject does not count
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from dialogs.reading import calendar, clauses
from dialogs.reading.calendar import LONGER_THAN_A_MONTH, Grain
from dialogs.reading.clarity import Ignored, overlaps, unclear
from dialogs.reading.dates import Dated, again, dates
from dialogs.reading.durations import MONTH, Duration, durations
from dialogs.reading.found import Found, Language
from dialogs.reading.lexicon import lexicon, only_where_one_begins
from dialogs.reading.named_dates import HOLIDAYS
from dialogs.reading.places import Endings
from dialogs.reading.text import Text
from qualification.bant import Clarity, Timeframe, Topic

SURE, FAIR, GUESSED = 0.95, 0.8, 0.55
NEAR = 48
TIE = 48
"""Characters in front of a date, and behind it, that can belong to it."""

LONGEST_JOINT = 24
"""Characters between the two ends of a range."""

_UNTIL_THEN = "until then"


class Mark(StrEnum):
    """What a word beside a date makes of it. The order is the order in which they are tried."""

    ABOUT_FIRST = "about_first"
    SINCE = "since"
    REJECTED = "rejected"
    AGO = "ago"
    WITHIN = "within"
    DEADLINE = "deadline"
    AHEAD = "ahead"
    LATER = "later"
    PAST_IT = "past_it"
    FROM = "from"
    ABOUT = "about"


_MARKS = {str(mark): mark for mark in Mark}
_DATE_MARKS = tuple(mark for mark in Mark if mark not in (Mark.AGO, Mark.WITHIN, Mark.LATER))
_DURATION_MARKS = tuple(mark for mark in Mark if mark not in (Mark.AHEAD, Mark.FROM))
_REFUSED = {Mark.SINCE: Mark.AHEAD, Mark.PAST_IT: Mark.DEADLINE, Mark.AHEAD: Mark.SINCE}
"""What is left when that is refused: 「9月以降は無理」 is before September, "after July is too late" is by July."""
_AT_LATEST = re.compile("遅くと")
_BOUNDS = frozenset({Mark.SINCE, Mark.WITHIN, Mark.DEADLINE, Mark.AHEAD, Mark.PAST_IT, Mark.FROM})
_BOUNDS_IN_ORDER = tuple(mark for mark in Mark if mark in _BOUNDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class _When:
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


def find(text: Text, *, asked: Topic | None = None, today: date, ignore: Ignored = ()) -> Found[Timeframe] | None:
    """The time a text states, or that it is undecided or that they will not buy; None when it says nothing.

    `today` is the speaker's date. `ignore` are spans of `plain` that are not the person's own statement.
    """
    times = _times(text, asked, today)
    times = [_until_then(text, time, times, today) for time in times]
    times = [time for time in times if not overlaps(*time.core, ignore) and _theirs(text, time, times, asked, today)]
    times = times or [time for time in _soon(text, asked, today) if not overlaps(*time.core, ignore)]
    if times:
        return _choose(text, sorted(times, key=lambda time: time.core))
    if found := unclear(text, "timeframe", asked=asked, ignore=ignore):
        return Found(
            value=Timeframe(clarity=found.clarity),
            span=text.span(found.start, found.end),
            words=text.words(found.start, found.end),
            certainty=SURE if found.rule.startswith("timeframe") else FAIR,
            rule=f"timeframe.{found.rule}",
        )
    return None


def _times(text: Text, asked: Topic | None, today: date) -> list[_When]:
    """Dates, and lengths of time; a length that is counted from a date takes its place ("2 weeks from 15 May")."""
    named = list(_dates(text, today))
    times: list[_When] = []
    for length in durations(text):
        if any(length.start < when.core[1] and when.core[0] < length.end for when in named):
            continue
        anchor = next((when for when in named if when.start and _counted_from(text, length, when)), None)
        if when := _from_length(text, length, asked, _counted_day(anchor) if anchor else today):
            times.append(when)
            named = [one for one in named if one is not anchor]
    return [*named, *times]


def _counted_day(anchor: _When) -> date:
    """The day from which a length is counted: "3 days after 12 January" counts from the 12th itself."""
    assert anchor.start is not None
    return anchor.start - timedelta(days=1) if Mark.PAST_IT in anchor.marks else anchor.start


_FROM_DATE = re.compile(r"\s(?:from|after|following)\s(?:the\s|next\s|this\s)?")
_DATE_FROM = re.compile(r"(?:から|より)の?")


def _counted_from(text: Text, length: Duration, when: _When) -> bool:
    if length.end <= when.core[0] <= length.end + 16:
        return _FROM_DATE.fullmatch(text.plain, length.end, when.core[0]) is not None
    return (
        when.core[1] <= length.start <= when.core[1] + 4
        and when.start == when.end
        and _DATE_FROM.fullmatch(text.plain, when.core[1], length.start) is not None
    )


# Dates


def _dates(text: Text, today: date) -> Iterator[_When]:
    found = dates(text, today)
    at = 0
    border = 0
    while at < len(found):
        first = last = found[at]
        joint = _joint_between(text, first, found[at + 1]) if at + 1 < len(found) else ""
        if joint.startswith(",") and Mark.REJECTED in _head(text, first.start, border, _DATE_MARKS)[0]:
            joint = ""  # "not this year, maybe next"
        if joint:
            moved = _moved(text, first, found[at + 1])
            first, last = (found[at + 1],) * 2 if moved else _in_order(text, first, found[at + 1], today)
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
    lead = r"(?:the |in |early |around |about |maybe |by )?" if language == "en" else "(?:遅くとも)?"
    return re.compile(rf"\s?{about}\s?({words.words('joint', language).glued_source})\s?{lead}")


def _joint_between(text: Text, first: Dated, second: Dated) -> str:
    """The word that makes two dates one range, or ""."""
    between = text.plain[first.end : second.start]
    if len(between) > LONGEST_JOINT:
        return ""
    if between.strip() == "and":
        lead = text.plain[max(0, first.start - 14) : first.start]
        return "and" if re.search(r"(?:between|from)\s(?:the )?(?:\w+ )?$", lead) else ""
    match = _joint(text.language).fullmatch(between)
    if match is None or (match[1] in ("、", "と", "が") and first.span.grain != second.span.grain):
        return ""
    return match[1]


def _moved(text: Text, first: Dated, second: Dated) -> bool:
    """ "Pushed from June to August" and 「6月から8月に延期」 are no ranges: the first date is the old one."""
    words, plain = lexicon("timeframe"), text.plain
    if words.pattern("moved_after", text.language).match(plain, second.end):
        return True
    front = plain[max(0, first.start - NEAR) : first.start].rstrip()
    return any(match.end() == len(front) for match in words.pattern("moved_before", text.language).finditer(front))


def _in_order(text: Text, first: Dated, second: Dated, today: date) -> tuple[Dated, Dated]:
    """Both ends of a range so that the second follows the first: "November to January"."""
    if _only_day(first) and not _only_day(second):
        day = first.span.start.day
        month = second.span.start
        if day <= second.span.end.day:
            first = replace(first, span=calendar.day(month.replace(day=day)))
    elif not second.explicit:
        second = again(text, second, max(first.span.start, date(1, 1, 1)))
    elif not first.explicit and (second.span.start - first.span.start).days > 366:
        first = again(text, first, second.span.start - timedelta(days=365))
    return (first, second) if first.span.start <= second.span.start else (second, first)


def _only_day(dated: Dated) -> bool:
    """ "13 to 15 July": the first is a day whose month stands with the second."""
    return all(token.kind == "day" for token in dated.words)


def _bounded(text: Text, first: Dated, last: Dated, joint: str, border: int, following: int, today: date) -> _When:
    core = (min(first.start, last.start), max(first.end, last.end))
    head, start = _head(text, core[0], border, _DATE_MARKS)
    tail, end = _tail(text, core[1], following, _DATE_MARKS)
    marks = head | tail
    if last.deadline:
        marks |= {Mark.DEADLINE}
    if joint in ("から", "~", "-", "to", "より", "以降", "through", "until", "till", "and") and Mark.DEADLINE in tail:
        marks -= {Mark.DEADLINE}
    if Mark.REJECTED in marks and marks & _REFUSED.keys():
        refused = next(mark for mark in _REFUSED if mark in marks)
        marks = marks - {Mark.REJECTED, refused} | {_REFUSED[refused]}
    if first is not last and Mark.SINCE in head and _AT_LATEST.search(text.plain, first.end, last.start):
        marks -= {Mark.SINCE}  # 早ければ7月、遅くとも9月
    begin: date | None
    stop: date | None
    begin, stop = first.span.start, last.span.end
    if Mark.SINCE in marks:
        stop = None
    elif Mark.AHEAD in marks:
        begin, stop = today, stop if last.at_end else begin - timedelta(days=1)
    elif Mark.DEADLINE in marks:
        begin = today
    elif Mark.PAST_IT in marks:
        begin, stop = stop + timedelta(days=1), None
    elif Mark.FROM in marks and first is last and first.span.grain in LONGER_THAN_A_MONTH:
        stop = first.span.first_month.end
    bound = next((mark for mark in _BOUNDS_IN_ORDER if mark in marks), None)
    return _When(
        start=max(begin, today),
        end=stop,
        core=core,
        place=(start, end),
        marks=frozenset(marks),
        rule=f"{bound or 'in'} {first.rule}",
        lasting=first.span.grain in (Grain.YEAR, Grain.FISCAL_YEAR),
    )


# Words beside


@cache
def _marks(side: str, language: Language, kinds: tuple[Mark, ...]) -> re.Pattern[str]:
    words = lexicon("timeframe")
    groups = [
        f"(?P<{mark}>{words.words(f'{mark}_{side}', language).source})"
        for mark in kinds
        if f"{mark}_{side}" in words.sections
    ]
    if side == "before":
        every = [words.words(f"{mark}_before", language) for mark in kinds if f"{mark}_before" in words.sections]
        return re.compile(rf"{only_where_one_begins(every)}(?:{'|'.join(groups)})[\s、:(]{{0,3}}$")
    return re.compile(rf"[\s)]{{0,2}}(?:{'|'.join(groups)})")


@cache
def _endings(language: Language, kinds: tuple[Mark, ...]) -> Endings:
    """How the words in front of a date end."""
    words = lexicon("timeframe")
    sections = [f"{mark}_before" for mark in kinds if f"{mark}_before" in words.sections]
    tails = frozenset(tail for section in sections for tail in words.words(section, language).tails)
    return Endings(tails=tails, between=frozenset(" \t\n\u3000、:("), most=3)


def _head(text: Text, start: int, border: int, kinds: tuple[Mark, ...]) -> tuple[set[Mark], int]:
    """The marks in front of a date, and where their words begin."""
    pattern = _marks("before", text.language, kinds)
    may_stand = _endings(text.language, kinds).may_stand
    marks: set[Mark] = set()
    for step in range(6):
        floor = max(border, start - NEAR)
        window = text.plain[floor:start]
        found = pattern.search(window) if may_stand(text.plain, floor, start) else None
        if not found or not found.lastgroup:
            break
        mark = _MARKS[found.lastgroup]
        if mark is Mark.FROM and step:
            break  # "start in Q3" is in Q3, "starting Q3" is its first month
        if not (mark in _BOUNDS and marks & _BOUNDS):
            marks.add(mark)
        start += found.start() - len(window)
    return marks, start


def _tail(text: Text, end: int, following: int, kinds: tuple[Mark, ...]) -> tuple[set[Mark], int]:
    """The marks behind a date, and where their words end."""
    pattern = _marks("after", text.language, kinds)
    marks: set[Mark] = set()
    for _ in range(6):
        found = pattern.match(text.plain, end, following)
        if not found or not found.lastgroup:
            break
        if found.group().strip() == "~" and text.plain[end - 1] in "なねよか":
            break  # 夏ぐらいかな〜
        mark = _MARKS[found.lastgroup]
        if not (mark in _BOUNDS and marks & _BOUNDS):
            marks.add(mark)
        end = found.end()
    return marks, end


# Lengths of time


_IN_FRONT = re.compile(r"(?<![a-z])in\s(?:about |around |roughly |approximately |maybe |like |just |the |another )?$")


# "CAD 90,000 over three years" says how long the money lasts
_SPREAD_OVER = re.compile(
    r"(?:[0-9]\s?(?:k|m|mil|million|thousand|grand|usd|eur|gbp|jpy|cad|aud|dollars|euros|yen|pounds|bucks)"
    r"|(?:[$€£¥]|usd|eur|gbp|jpy|cad|aud)\s?[0-9][0-9,.]*)\s(?:in )?(?:total )?(?:spread )?"
    r"(?:over|across)\s(?:about |the )?$"
)


def _from_length(text: Text, length: Duration, asked: Topic | None, today: date) -> _When | None:
    head, start = _head(text, length.start, 0, _DURATION_MARKS)
    tail, end = _tail(text, length.end, len(text.plain), _DURATION_MARKS)
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
    return _When(
        start=begin,
        end=stop,
        core=(length.start, length.end),
        place=(start, end),
        marks=frozenset(marks | {Mark.LATER}),
        lasting=True,
        rough=length.most.unit == MONTH,
        rule=f"{next((mark for mark in _BOUNDS_IN_ORDER if mark in marks), 'in')} duration",
        sure=FAIR if length.open else SURE,
    )


def _labelled(text: Text, start: int) -> bool:
    begin = clauses.before(text.plain, text.language, start)
    return lexicon("timeframe").pattern("label", text.language).search(text.plain, begin, start) is not None


# "As soon as possible"


def _soon(text: Text, asked: Topic | None, today: date) -> Iterator[_When]:
    words, language = lexicon("timeframe"), text.language
    denied = [match.span() for match in words.pattern("not_now", language).finditer(text.plain)]
    for section in ("timeframe_undecided", "timeframe_undecided_asked"):
        denied += [match.span() for match in lexicon("clarity").pattern(section, language).finditer(text.plain)]
    denied = [place for place in denied if not text.plain.endswith("than ", 0, place[0])]  # sooner rather than later
    sections = [("now", 1), ("soon", 3)]
    if asked is Topic.TIMEFRAME:
        sections.append(("now_asked", 1))
    for section, months in sections:
        for match in words.pattern(section, language).finditer(text.plain):
            if not overlaps(*match.span(), denied):
                yield _When(
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


# Whose date


def _theirs(text: Text, when: _When, times: Sequence[_When], asked: Topic | None, today: date) -> bool:
    """Whether it is the time of their purchase: not a contract's end, a call-back, or how long something takes."""
    words, language, plain = lexicon("timeframe"), text.language, text.plain
    ahead, behind = _around(text, when, times)
    own = max(_last(text, "golive", ahead), _last(text, "label", ahead))
    place = when.place[0] if asked is Topic.TIMEFRAME else ahead[1]  # "as of March" binds the date, when asked for it
    other = _last(text, "other_before", (ahead[0], max(ahead[0], place)))
    if Mark.LATER in when.marks:
        other = max(other, _last(text, "work", (ahead[0], max(ahead[0], place))))
    if when.place[1] > when.core[1] and any(_says_when(text, when, time) for time in times):
        return False
    if when.end == today and asked is not Topic.TIMEFRAME and not when.marks & _BOUNDS and own < 0:
        return False  # "today" is mostly the day of speaking
    if asked is not Topic.TIMEFRAME and not when.marks & _BOUNDS and own < 0 and when.rule.split()[-1] in HOLIDAYS:
        return False  # "the shop breaks down on Black Friday"
    if asked is not Topic.TIMEFRAME and own < 0 and _dates_money(text, when, ahead, behind):
        return False
    between = _TELEPHONE.sub("", plain[max(other, 0) : when.core[0]])
    foreign = other > own and not any(letter.isdecimal() for letter in between)
    near = (behind[0], min(behind[1], behind[0] + 30))
    if not foreign and Mark.LATER in when.marks:
        foreign = words.pattern("work", language).search(plain, *near) is not None
    if not foreign and own < 0:
        found = words.pattern("other_after", language).search(plain, *near)
        golive = words.pattern("golive", language).search(plain, *near)
        foreign = found is not None and (golive is None or found.start() <= golive.start())
    tied = words.pattern("tied", language).search(plain, when.core[1], min(len(plain), when.core[1] + TIE))
    return not foreign or tied is not None or when.rule == _UNTIL_THEN


_ON_A_DATE = re.compile(r"\s(?:in|on|at|around|every)\s(?:the )?")


def _says_when(text: Text, when: _When, time: _When) -> bool:
    """ "Our fiscal year ends in June" tells a day of June, and nothing behind the fiscal year."""
    ends = when.place[1]
    return _ON_A_DATE.fullmatch(text.plain, ends, max(ends, time.core[0])) is not None


_TELEPHONE = re.compile(r"[+(]?[0-9][0-9 ().-]{7,20}")
"""Between "call me on" and a date it does not part them, as another figure does."""

_MONEY = re.compile(r"[$€£¥円万億]|[0-9]k(?![a-z])|(?<![a-z])(?:budget|million|thousand)|予算")


def _dates_money(text: Text, when: _When, ahead: tuple[int, int], behind: tuple[int, int]) -> bool:
    """「今期は200万しかない」 and "$1M over three years" say how long the money lasts, not when they start."""
    if when.marks & (_BOUNDS - {Mark.SINCE}) or not when.lasting:
        return False
    golive = lexicon("timeframe").pattern("golive", text.language)
    return any(_MONEY.search(text.plain, *region) for region in (ahead, behind)) and not any(
        golive.search(text.plain, *region) for region in (ahead, behind)
    )


def _until_then(text: Text, when: _When, times: Sequence[_When], today: date) -> _When:
    """ "The licence runs out in August, so before then": somebody else's date becomes the deadline.

    So it does in "by the time our lease ends in March".
    """
    words, reach = lexicon("timeframe"), min(len(text.plain), when.core[1] + TIE)
    found = words.pattern("until_then", text.language).search(text.plain, when.core[1], reach)
    if when.end is None:
        return when
    ahead, behind = _around(text, when, times)
    if words.pattern("until_it_ends", text.language).search(text.plain, *ahead):
        return replace(when, start=today, marks=when.marks | {Mark.DEADLINE}, rule=_UNTIL_THEN)
    if found is None:
        return when
    if any(_last(text, "golive", region) >= 0 for region in (ahead, (behind[0], min(behind[1], behind[0] + 10)))):
        return when
    return replace(
        when, start=today, place=(when.place[0], found.end()), marks=when.marks | {Mark.DEADLINE}, rule=_UNTIL_THEN
    )


def _last(text: Text, section: str, region: tuple[int, int]) -> int:
    if region[0] >= region[1]:
        return -1
    pattern = lexicon("timeframe").pattern(section, text.language)
    return max((match.start() for match in pattern.finditer(text.plain, *region)), default=-1)


def _around(text: Text, when: _When, times: Sequence[_When]) -> tuple[tuple[int, int], tuple[int, int]]:
    """The words of the clause before and behind a date, up to the dates beside it."""
    floor = max((time.core[1] for time in times if time.core[1] <= when.core[0]), default=0)
    ceiling = min((time.core[0] for time in times if time.core[0] >= when.core[1]), default=len(text.plain))
    begin = clauses.before(text.plain, text.language, when.core[0], floor=floor)
    stop = clauses.after(text.plain, text.language, when.core[1], ceiling=ceiling)
    return (begin, when.core[0]), (when.core[1], stop)


# Which of several


def _choose(text: Text, times: list[_When]) -> Found[Timeframe]:
    times = _after_repair(text, times)
    if all(Mark.REJECTED in time.marks for time in times):
        only = times[0]
        if following := _the_next_one(text, only):
            return _found(text, following, Timeframe(earliest=following.start, latest=following.end))
        return _found(text, replace(only, rule="rejected", sure=GUESSED), Timeframe(clarity=Clarity.NONE))
    times = [time for time in times if Mark.REJECTED not in time.marks]
    if len(times) > 1:
        ranks = [_milestone(text, time, times) for time in times]
        times = [time for time, rank in zip(times, ranks, strict=True) if rank == max(ranks)]
    chosen = _narrower(times)
    for other in times[1:]:
        if _closes(chosen, other):
            chosen = replace(chosen, end=other.end, rule=f"{chosen.rule} to {other.rule}", sure=FAIR)
    if len(times) > 1:
        chosen = replace(chosen, sure=min(chosen.sure, FAIR))
    return _found(text, chosen, Timeframe(earliest=chosen.start, latest=chosen.end, rough=chosen.rough))


_NEXT_ONE = re.compile(
    r"(?<![a-z])(?:the )?(?:next|following) one|the one after"
    r"|(?:その)?次(?:の(?:期|年度|年|四半期|月|期間))?(?:に|で|から|です|かな|$)"
)


def _the_next_one(text: Text, when: _When) -> _When | None:
    """ "Not this fiscal year, the next one" names the one behind it."""
    length = next((months for kind, months in _MONTHS_OF if when.rule.endswith(kind)), None)
    said = _NEXT_ONE.search(text.plain, when.core[1])
    if said is None or length is None or when.end is None:
        return None
    start = when.end + timedelta(days=1)
    end = calendar.add_months(start, length) - timedelta(days=1)
    return replace(when, start=start, end=end, place=(when.place[0], said.end()), marks=frozenset(), sure=FAIR)


_MONTHS_OF = ((f" {Grain.FISCAL_YEAR}", 12), (f" {Grain.YEAR}", 12), (f" {Grain.QUARTER}", 3), (f" {Grain.MONTH}", 1))


def _closes(chosen: _When, other: _When) -> bool:
    """ "Not before June, by September at the latest"; and, said in one breath, "April, May at the outside" and
    "autumn, October at the latest".
    """
    if other.end is None or chosen.start is None or not other.marks & {Mark.DEADLINE, Mark.AHEAD}:
        return False
    if chosen.end is None:
        return other.end > chosen.start
    at_once = Mark.DEADLINE in other.marks and 0 <= other.core[0] - chosen.core[1] <= len(", or ")
    return at_once and not chosen.marks & _BOUNDS and other.end > chosen.start and other.end != chosen.end


def _narrower(times: Sequence[_When]) -> _When:
    """The first; but of 「秋の収穫が終わったら、11月から」 the month in that season."""
    first = times[0]
    if first.rule.endswith(f" {Grain.SEASON}") and first.start and first.end:
        for other in times[1:]:
            if other.start and other.end and first.start <= other.start and other.end <= first.end:
                return other
    return first


def _after_repair(text: Text, times: list[_When]) -> list[_When]:
    """ "March, no wait, April": a repair drops what was said before it."""
    repair = lexicon("money").pattern("repair", text.language)
    first = 0
    for at in range(1, len(times)):
        if repair.search(text.plain, times[at - 1].core[1], times[at].core[0]) and Mark.REJECTED not in times[at].marks:
            first = at
    return times[first:]


_GOES_ON = re.compile(r"\s(?:and|then)\s|,\s")


def _milestone(text: Text, when: _When, times: Sequence[_When]) -> int:
    """2 for going live, 0 for a trial, a contract or a decision, 1 when it does not say."""
    ahead, behind = _around(text, when, times)
    close = (behind[0], min(behind[1], behind[0] + 6))
    if text.language == "en" and (goes_on := _GOES_ON.search(text.plain, *behind)):
        behind = (behind[0], goes_on.start())  # "kick off in February and be live by May"
    for region in (close, ahead, behind):
        if _last(text, "golive_strong", region) > _last(text, "lesser", region):
            return 2
        if _last(text, "lesser", region) >= 0:
            return 0
    return 1


def _found(text: Text, when: _When, value: Timeframe) -> Found[Timeframe]:
    return Found(
        value=value,
        span=text.span(*when.place),
        words=text.words(*when.place),
        certainty=when.sure,
        rule=f"timeframe.{when.rule}",
    )
