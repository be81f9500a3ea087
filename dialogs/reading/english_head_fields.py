"""The fields of the head of an English note, and what each says: a person, a firm, a job, a count.

    Oakfield Dental - Susan Leary, owner. 14 staff.     firm | person | job | count

A head is a chain of fields with a sign between them: occasions, names, what somebody does, and counts; the first field
of any other kind ends it. What a name is, is told by its words, or by its neighbours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from itertools import islice

from dialogs.reading.english_meetings import SPOKE, either
from dialogs.reading.english_names import HONORIFIC, RUN, Looks, job, looks, may_be_firm
from dialogs.reading.found import Span

LONGEST_HEAD = 200
"""Letters of a text that may be its head."""
MOST_FIELDS = 8


_ENDS = (
    r"(?=[\s,;|()/:!?.])\s*(?:,(?!\s?(?:Inc|LLC|Ltd|GmbH|Corp|KK|K\.K|SA|S\.A|SpA|BV|AG|LLP|PLC)\b)|[;|\n()]|:(?=\s|$)"
    r"|\s-{1,2}(?=\s)|(?<![wW])/(?=\s)|(?<=\s)/|\s(?:and|but)(?=\sI\b)"
    r"|[!?]|(?<!\b[A-Z])(?<!\bSt)(?<!\bMt)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bRev)(?<!\bProf)(?<!\bSp)\.(?=\s|$))[\s/|;,(-]*"
)
# most letters begin no sign: they are passed by at one look
BETWEEN = re.compile(rf"(?=[\s,;|():/!?.]){_ENDS}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Field:
    start: int
    end: int
    ahead: str
    """The sign in front."""


def _fields(written: str, start: int) -> Iterator[_Field]:
    limit, ahead = min(len(written), start + LONGEST_HEAD), ""
    for between in BETWEEN.finditer(written, start, limit):
        if between.start() > start:
            yield _Field(start=start, end=between.start(), ahead=ahead)
        start, ahead = between.end(), between.group().strip()[:1] or between.group()[:1]
    if start < limit == len(written):
        yield _Field(start=start, end=limit, ahead=ahead)


_OCCASION = re.compile(
    rf"(?:[\w/'.&-]+\s){{0,4}}?{either('occasion')}(?i:\s(?:from|at|after|via|on|of|in|with|our|the|a|back|person|name|logged"
    r"|taken|today|since|done|again|#?[0-9]{1,4})\s?[\w/'.-]*){0,3}"
    r"|(?i:(?:[a-z]{3,9}\s)?[0-9][0-9/.:-]*(?:st|nd|rd|th)?(?:\s?[ap]m|\s[a-z]{3,9}(?:\s[0-9]{4})?)?\s?){1,3}"
)
_COUNT = re.compile(
    r"(?:about|around|approx\.?|approximately|roughly|some|over|under|nearly|almost|ca\.?|~|[<>])?\s?[0-9]",
    re.IGNORECASE,
)
GOES_ON = re.compile(
    rf"\s(?:(?:just\s|has\s|had\s)?{either('goes_on')}"
    r"|(?:in|from|on|at|of)\s(?:the\s|their\s|our\s)?[a-z&' ]{2,30}$)(?![a-z])"
)
DECIDES = re.compile(
    r"\W*(?:who\s)?(?:decides|signs|approves|decide|must|has to|have to|needs to|has the|will decide|is the decision)\b"
)
_SOMEBODY_ELSES = re.compile(
    rf"\W*(?:(?:is|was|are)\s)?(?i:their|our|the|an?|his|her)\s(?:[\w'-]+\s){{0,2}}{either('somebody_elses')}\b"
)
_ONLY_SIGNS = re.compile(
    r"(?:who\s)?(?:signs|approves|(?:has|have|needs)\sto\s(?:sign|approve)|must\s(?:sign|approve))(?:\soff)?(?:\s(?:it|this))?"
)


class Kind(Enum):
    """What a piece of a head is; a NAME is of a person or of a firm."""

    PERSON = auto()
    FIRM = auto()
    NAME = auto()
    JOB = auto()
    COUNT = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """What one field says, or part of it, and the place of the name in it."""

    kind: Kind
    span: Span = (0, 0)
    seems: Looks = Looks.NEITHER
    met: bool = False
    """Whether words say that the person was met, or address them."""
    ahead: str = ""


AGAIN = r"(?:(?:called|rang|wrote|phoned|emailed|calling)(?:\s(?:in|back|again|us))?\s|again\s|here\s|over\s)?"


@cache
def _named() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<met>(?:[\w/'.-]+\s){{0,5}}?{SPOKE})\s(?:again\s)?)?"
        r"(?:(?:[a-z]+\s){0,2}(?:call|mtg|meeting|demo|visit|tc|intro)\s)?"
        rf"(?:(?:the\s|an?\s)?{either('somebody')}\s(?:named|called)\s)?"
        rf"(?:(?:the|their|an?|our)\s)?(?P<job>{job()},?\s)?"
        rf"(?P<honorific>{HONORIFIC})?(?P<first>{RUN})(?:\s(?:here|speaking|calling))?"
        rf"(?:\s{AGAIN}(?:at|@|of|from|with|for|owns|runs|founded)\s(?:the\s)?(?P<second>{RUN}))?(?P<tail>\s.*)?$",
        re.DOTALL,
    )


@cache
def _job_field() -> re.Pattern[str]:
    at = rf"\s(?:at|@|for|with|from|of)\s(?:the\s)?(?P<firm>{RUN})"
    return re.compile(
        rf"(?:{job()}(?:{at})?|(?:I|who)(?:'m|\sam)?\s(?:work|do|run|own|lead|manage|head|handle|found|buy|am|in|an?|the)(?:s|es|ed|ing)?\b"
        rf"(?:[A-Za-z&' ]{{0,40}}?{at.replace('firm', 'elsewhere')}|\s(?:the\s)?(?P<own>{RUN})))(?P<tail>\s.*)?$"
    )


def pieces_of(written: str, start: int, *, met: bool) -> Iterator[Piece]:
    """What the fields from here on say, as long as they belong to the head; `met` tells that a person is awaited."""
    begun = False
    for field in islice(_fields(written, start), MOST_FIELDS):
        words = written[field.start : field.end]
        if _COUNT.match(words) and begun:
            yield Piece(kind=Kind.COUNT, span=(field.start, field.end), ahead=field.ahead)
            continue
        if not begun and written.startswith(":", field.end) and OF_OTHERS.search(words):
            return  # Competitor: Acme
        pieces = [*_said(words, field, met=met and not begun)]
        if not pieces and not begun and not met and (_OCCASION.fullmatch(words) or _is_label(written, field)):
            continue
        if not pieces:
            if _SOMEBODY_ELSES.match(words) or _ONLY_SIGNS.fullmatch(words):
                yield Piece(kind=Kind.NAME, ahead=field.ahead)
            return
        begun = True
        yield from pieces


def _is_label(written: str, field: _Field) -> bool:
    """Good fit: Trailhead Outfitters"""
    return written.startswith(":", field.end) and written.count(" ", field.start, field.end) < 3


OF_OTHERS = re.compile(rf"\b{either('label_of_others')}\b")


def _said(words: str, field: _Field, *, met: bool) -> Iterator[Piece]:
    at, ahead = field.start, field.ahead
    if _INITIALS.fullmatch(words):
        yield Piece(kind=Kind.JOB, span=(at, at + len(words)), ahead=ahead)  # CTO, DSI
        return
    does = _job_field().match(words)
    if does and (not does["tail"] or any(does.group("firm", "elsewhere", "own"))):
        yield Piece(kind=Kind.JOB, span=(at, at + does.start("tail") if does["tail"] else field.end), ahead=ahead)
        named = next((kind for kind in ("firm", "elsewhere", "own") if does[kind]), None)
        if named and may_be_firm(does[named]):
            yield Piece(kind=Kind.FIRM, span=(at + does.start(named), at + does.end(named)))
        return
    found = _named().match(words)
    if found is None:
        return
    met = met or bool(found["met"] or found["honorific"])
    first, second = found.span("first"), found.span("second")
    seems = looks(found["first"])
    apart = re.search(r"\s(?:of|for)\s(?:the\s)?", found["first"])
    if apart and second[0] < 0 and looks(found["first"][: apart.start()]) is Looks.PERSON:
        first, second = (first[0], first[0] + apart.start()), (first[0] + apart.end(), first[1])
        seems = Looks.PERSON
    tail = found["tail"] or ""
    if DECIDES.match(tail) or (tail and not met and second[0] < 0 and not GOES_ON.match(tail)):
        return
    if seems is Looks.NEITHER and not (met and found["honorific"]):
        if second[0] < 0 or not met:
            return
    else:
        addressed = found["honorific"] or (met and seems is not Looks.FIRM)
        kind = Kind.PERSON if addressed or (second[0] >= 0 and seems is not Looks.FIRM) else Kind.NAME
        yield Piece(kind=kind, span=(at + first[0], at + first[1]), seems=seems, met=met, ahead=ahead)
    if found["job"]:
        yield Piece(kind=Kind.JOB)
    if second[0] >= 0 and may_be_firm(words[slice(*second)]):
        yield Piece(kind=Kind.FIRM, span=(at + second[0], at + second[1]))


_INITIALS = re.compile(r"[A-Z]{2,3}")
