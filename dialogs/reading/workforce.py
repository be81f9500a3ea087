"""The people of a firm counted kind by kind, in English: their sum is its headcount.

20 full time and 15 part time       35
me plus 4 lads                       5
900 students, 24 teachers, 6 TAs    30
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from dialogs.reading.lexicon import lexicon
from dialogs.reading.number import Number
from dialogs.reading.numbers import numbers
from dialogs.reading.text import Text


class Workforce(NamedTuple):
    """How many they are together, and where they are counted."""

    minimum: int
    maximum: int
    start: int
    end: int


class _Kind(NamedTuple):
    """One kind of people: how many, and whether all who work there may be meant, or nobody who does."""

    low: int
    high: int
    everybody: bool
    start: int
    end: int
    outside: bool = False


LONGEST = 400
"""Characters of an answer in which we add up; who writes more tells more than a number of people."""
_JOINT = re.compile(r",?\s(?:and|plus|with|&|\+|n|as well as|along with)\s(?:then\s|also\s)?|,\s|\s?[;\n+]\s?|,(?=#)")
_JUST_A_COMMA = re.compile(r"[,;\s]+")
_IN_FRONT = r"(?:(?![^#]*\b(?:for|need|needs|hire|hiring|hired|lost|want|wants|licen[cs]es?|seats)\b)[^#]*[\s:(-])?"
_COUNT = (
    r"(?:an?\s|the\s)?(?P<first>#+)(?:(?:\s?[-~]\s?|\s(?:to|or)\s)(?P<last>#+))?\+?"
    r"(?:\sor\sso|\sodd)?(?:\sof)?[\s-]{0,2}(?:of\s)?"
)
_SORT = (
    r"(?:(?!(?:and|or|of|for|in|to|with|on|at|new|more|our|my|the|hours?|hrs?|days?|weeks?|months?|years?|minutes?)\s)"
    r"[a-z][a-z/-]*\s){0,2}?"
)
_BEHIND = r"(?:\s(?:across|over|between|in|at|here|now|currently|overall|depending|mostly|or so)(?![a-z]).*)?[\s.!)]*"
_ME = r"(?:just|only)?\s?(?:me|myself|my self|i)"


@cache
def _source(section: str) -> str:
    return lexicon("firm").words(section, "en").source


@cache
def _counted() -> re.Pattern[str]:
    kinds = rf"(?P<everybody>{_source('everybody')})|(?P<outside>{_source('not_staff')})|{_source('worker')}"
    return re.compile(rf"{_IN_FRONT}{_COUNT}{_SORT}(?:{kinds}){_BEHIND}")


@cache
def _one() -> re.Pattern[str]:
    """The speaker, one of the family, or "an apprentice"."""
    return re.compile(
        rf"(?:[^#]*(?:it's|its|there's|theres|[.:-])\s)?{_ME}|(?:(?:my|the)\s)?(?:{_source('relative')})"
        rf"|an?\s{_SORT}(?:{_source('worker')}){_BEHIND}"
    )


@cache
def worker() -> re.Pattern[str]:
    """What stands behind a number in the answer of somebody asked how many work there: "24 teachers"."""
    return re.compile(rf"[\s-](?:of\s)?{_SORT}(?:{_source('worker')})(?![a-z])")


def workforce(text: Text) -> Workforce | None:
    """The sum when two kinds of people or more are counted side by side, else None."""
    plain = text.plain
    if len(plain) > LONGEST or not (found := numbers(text)):
        return None
    for kinds in _side_by_side(_with_signs(plain, found), {number.start: number for number in found}):
        staff = [kind for kind in kinds if not kind.outside]
        if len(staff) > 1:
            low, high = sum(kind.low for kind in staff), sum(kind.high for kind in staff)
            return Workforce(minimum=low, maximum=high, start=staff[0].start, end=staff[-1].end)
    return None


def _with_signs(plain: str, found: Sequence[Number]) -> str:
    """The text with a sign in place of each letter of a number: "forty five" and 45 look alike."""
    pieces: list[str] = []
    done = 0
    for number in found:
        pieces += (plain[done : number.start], "#" * (number.end - number.start))
        done = number.end
    return "".join([*pieces, plain[done:]])


def _side_by_side(signs: str, found: dict[int, Number]) -> Iterator[list[_Kind]]:
    """Each run of kinds with nothing between them but a joint."""
    run: list[_Kind] = []
    at = 0
    for joint in (*_JOINT.finditer(signs), None):
        end = joint.start() if joint else len(signs)
        kind = _kind(signs, at, end, found, behind_me=bool(run))
        if kind and run and run[0].everybody and _JUST_A_COMMA.fullmatch(signs, run[0].end, kind.start):
            return  # "45 staff, 24 teachers": the teachers are of the staff
        if kind:
            run.append(kind)
        else:
            yield run
            run = []
        at = joint.end() if joint else end
    yield run


def _kind(signs: str, start: int, end: int, found: dict[int, Number], *, behind_me: bool) -> _Kind | None:
    if _one().fullmatch(signs, start, end):
        return _Kind(1, 1, False, start, end)
    counted = _counted().fullmatch(signs, start, end)
    if counted is None:
        bare = behind_me and re.fullmatch("#+", signs[start:end])  # "me plus one"
        return _Kind(int(found[start].low), int(found[start].high), False, start, end) if bare else None
    first = found.get(counted.start("first"))
    last = found.get(counted.start("last")) if counted["last"] else first
    if first is None or last is None:
        return None
    everybody, outside = counted["everybody"] is not None, counted["outside"] is not None
    return _Kind(int(first.low), int(last.high), everybody, first.start, end, outside)
