"""The dates a text names, alone or as the two ends of a range, with the words that bound them.

by the end of Q3          from today to its last day
June to August            from the first of June to the last of August
9月以降は無理               until the last of August
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from dialogs.reading import calendar
from dialogs.reading.calendar import LONGER_THAN_A_MONTH, Grain
from dialogs.reading.date_marks import BOUNDS_IN_ORDER, DATE_MARKS, NEAR, Mark, marks_ahead, marks_behind
from dialogs.reading.dates import Dated, again
from dialogs.reading.found import Language
from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import Text
from dialogs.reading.when import When

LONGEST_JOINT = 24
"""Characters between the two ends of a range."""

_REFUSED = {Mark.SINCE: Mark.AHEAD, Mark.PAST_IT: Mark.DEADLINE, Mark.AHEAD: Mark.SINCE}
"""What is left when that is refused: 「9月以降は無理」 is before September, "after July is too late" is by July."""
_AT_LATEST = re.compile("遅く[とて]も")  # 早ければ7月、遅くとも9月


def bounded_dates(text: Text, found: Sequence[Dated], today: date) -> Iterator[When]:
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
    about = r"(?:頃|ごろ|くらい|ぐらい|あたり|の|中)?" if language == "ja" else ""
    lead = r"(?:the |in |early |around |about |maybe |by |next |this )?" if language == "en" else "(?:遅く[とて]も)?"
    return re.compile(rf"\s?{about}\s?({words.words('joint', language).glued_source})\s?{lead}")


def _joint_between(text: Text, first: Dated, second: Dated) -> str:
    """The word that makes two dates one range, or ""."""
    between = text.plain[first.end : second.start]
    if len(between) > LONGEST_JOINT:
        return ""
    if between.strip() in ("and", "and the"):
        lead = text.plain[max(0, first.start - 14) : first.start]
        return "and" if re.search(r"(?:between|from)\s(?:the )?(?:\w+ )?$", lead) else ""
    if not between and {first.span.grain, second.span.grain} == {Grain.SEASON}:
        return "・"  # 秋冬
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
    elif second.deadline:
        return _up_to_its_end(text, first, second), second
    elif first.deadline:
        return first, second  # 「年内〜3月」
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


def _up_to_its_end(text: Text, first: Dated, second: Dated) -> Dated:
    """The beginning of 「10月〜年内」, which began this year when October has passed."""
    if first.explicit or first.span.start <= second.span.end:
        return first
    earlier = again(text, first, max(first.span.start - _A_YEAR - timedelta(days=3), date(1, 1, 1)))
    return earlier if earlier.span.start <= second.span.end else first


def _only_day(dated: Dated) -> bool:
    """ "13 to 15 July": the first is a day whose month stands with the second."""
    return all(token.kind == "day" for token in dated.words)


_HANDS_FULL = (
    r"(?:忙し(?!くな)|いそがし(?!くな)|多忙|手一杯|手いっぱい|バタバタ|ばたばた|繁忙|立て込|たてこ|ピーク"
    r"|(?:[^。、\n]{0,6}で|(?:予定|スケジュール|日程|カレンダー|工数)[がはも]?[^。、\n]{0,6})埋ま(?:って|り)"
    r"|手が(?:回ら|回りま|空か|空きませ|空いて(?:い)?(?:な|ませ)|離せ|離れ)"
    r"|(?:余裕|余力|時間|暇)[がはも]?(?:な[いくしさかけ]|取れな|とれな|ありませ))"
)
_LITTLE_IS_LEFT = re.compile(
    r"まで(?:もう|あまり|余り|ほとんど)?(?:余裕|時間|日)[がも]?(?:な[いく]|ありませ)"
    r"[^。\n]{0,6}(?:ので|から|ため|くて|のですぐ|、)[^。\n]{0,12}(?:早|急|すぐ|至急|とにかく|間に合|今すぐ|即)"
)
"""「年末まで時間がないので早く導入したい」 is a deadline."""
_BUSY_UNTIL = re.compile(
    r"(?:まで|いっぱい)(?:は|が|、)?(?:ずっと|ちょっと|少し|かなり|とても|結構|何かと|なにかと|とにかく|もう)?"
    rf"{_HANDS_FULL}"
)
_NOT_UNTIL = re.compile(
    "までは(?:ちょっと|少し|とても|さすがに)?(?:動け|でき(?:な|ま)|待[っちつ]|難し|厳し|無理|身動き)"
)
"""Neither counts beside another time: 「3月までは忙しいので5月から」. Alone the first leaves what is behind March."""
_UNTIL = ("until ", "till ", "til ")
""" "Until December, start in January": it counts where no other time is told."""
_CANNOT_WAIT = re.compile("までは?(?:とても|さすがに)?待(?:て(?:な|ませ)|ち切れ|ってい?られ(?:な|ま))")
_SINCE = re.compile(r"(?<![a-z])since\s$")


def _bounded(text: Text, first: Dated, last: Dated, joint: str, border: int, following: int, today: date) -> When:
    core = (min(first.start, last.start), max(first.end, last.end))
    head, start = marks_ahead(text, core[0], border, DATE_MARKS)
    tail, end = marks_behind(text, core[1], following, DATE_MARKS)
    at_latest = first is not last and _AT_LATEST.search(text.plain, first.end, last.start) is not None
    ends_later = at_latest and Mark.SINCE in head
    if first.explicit and first.span.start > today and (since := _SINCE.search(text.plain, max(0, start - 8), start)):
        head, start = head | {Mark.SINCE}, since.start()  # "since March" has passed, "since next March" has not
    marks = _marks_that_hold(head, tail, last, joint, at_latest=at_latest) - ({Mark.SINCE} if ends_later else set())
    begun = first.span.grain in LONGER_THAN_A_MONTH and first.span.first_month.end < today
    if begun and Mark.FROM in marks and first is last and not first.explicit:
        first = last = again(text, first, first.span.end + timedelta(days=1))  # 「下期から」 in November: next October
    hurried = text.language == "ja" and _LITTLE_IS_LEFT.match(text.plain, core[1])
    if text.language == "ja" and not hurried and _BUSY_UNTIL.match(text.plain, core[1]):
        marks = marks - {Mark.SINCE, Mark.DEADLINE, Mark.REJECTED} | {Mark.PAST_IT, Mark.BUSY}
    if Mark.DEADLINE in head and not joint and text.plain.startswith(_UNTIL, start):
        marks |= {Mark.BUSY}
    if text.language == "ja" and _NOT_UNTIL.match(text.plain, core[1]):
        marks |= {Mark.BUSY}
    if text.language == "ja" and _CANNOT_WAIT.match(text.plain, core[1]):
        marks = marks - {Mark.SINCE, Mark.DEADLINE} | {Mark.AHEAD}
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


def _marks_that_hold(head: Set[Mark], tail: Set[Mark], last: Dated, joint: str, *, at_latest: bool) -> Set[Mark]:
    """What bounds a date, of the words in front of it and behind."""
    marks = head | tail | ({Mark.DEADLINE} if last.deadline and not joint else set())
    if (joint in _JOINTS_OF_A_RANGE or at_latest) and Mark.DEADLINE in tail:
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
