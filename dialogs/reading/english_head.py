"""Who an English note or mail is about, as its head says it: the firm, the person, or both.

    Oakfield Dental - Susan Leary, owner. 14 staff.        Susan Leary, Oakfield Dental
    Brightwater Trust, spoke to Owen Price in admissions.  Owen Price, Brightwater Trust
    5/14 call. Dana Whitfield, controller, Kestrel Foods   Dana Whitfield, Kestrel Foods
    The person I talked to was Victor Hale, sales at Granite Supply   Victor Hale, Granite Supply
    Hey, Paul with Redline Towing.                         Paul, Redline Towing

A head is a chain of fields with a sign between them: occasions, names, what somebody does, and counts; the first field
of any other kind ends it. What a name is, is told by its words, or by its neighbours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from itertools import islice

from dialogs.reading.english_names import HONORIFIC, RUN, Introduced, Looks, firm_words, job, looks
from dialogs.reading.found import Span
from dialogs.reading.places import shows_any

LONGEST_HEAD = 200
"""Letters of a text that may be its head."""
MOST_FIELDS = 8
MOST_PLACES = 6
"""Places in the middle of a text where somebody is introduced."""


def introduced(written: str, plain: str, *, note: bool) -> Introduced | None:
    """Who is introduced in a text with the capitals the person wrote, and in small letters; `note` tells that nobody
    asked a question, so that it may begin like a call note."""
    if note and not _OPENS_A_SENTENCE.match(plain):
        found = _in_head(written) or _in_small_letters(plain)
        if found:
            return _with_firm_behind_an_address(written, found)
    return introduces_itself(written) or (_in_the_middle(written, plain) if note else None)


def _with_firm_behind_an_address(written: str, who: Introduced) -> Introduced:
    """Hassan Qureshi (hassan@quill.example) of Quill Pharma"""
    behind = _ADDRESS_BETWEEN.match(written, who.person[1]) if who.person and not who.firm else None
    return replace(who, firm=behind.span("firm")) if behind and _may_be_firm(behind["firm"]) else who


_ADDRESS_BETWEEN = re.compile(rf"\s?\([^()\n]{{3,80}}\)\s(?:of|at|from|with)\s(?:the\s)?(?P<firm>{RUN})")
_OPENS_A_SENTENCE = re.compile(
    r"\W*(?:i|we|it(?='s|\s(?:is|has|was|takes|would|will)\b)|you|they|he|she|there|that|this|these|our|my|yes|no|yeah|ok|okay|so|but|if|hi|hello|hey|dear|thanks"
    r"|thank|please|could|can|would|do|does|is|are|how|what|when|why|who|not|maybe|wants|needs|need|budget|hoping"
    r"|looking)(?![a-z0-9&-])"
)
"""Words that begin no head."""


# The fields of a head

_ENDS = (
    r"(?=[\s,;|()/:!?.])\s*(?:,(?!\s?(?:Inc|LLC|Ltd|GmbH|Corp|KK|K\.K|SA|S\.A|SpA|BV|AG|LLP|PLC)\b)|[;|\n()]|:(?=\s|$)"
    r"|\s-{1,2}(?=\s)|(?<![wW])/(?=\s)|(?<=\s)/|\s(?:and|but)(?=\sI\b)"
    r"|[!?]|(?<!\b[A-Z])(?<!\bSt)(?<!\bMt)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bRev)(?<!\bProf)\.(?=\s|$))[\s/|;,(-]*"
)
# most letters begin no sign: they are passed by at one look
_BETWEEN = re.compile(rf"(?=[\s,;|():/!?.]){_ENDS}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Field:
    start: int
    end: int
    ahead: str
    """The sign in front."""


def _fields(written: str, start: int) -> Iterator[_Field]:
    limit, ahead = min(len(written), start + LONGEST_HEAD), ""
    for between in _BETWEEN.finditer(written, start, limit):
        if between.start() > start:
            yield _Field(start=start, end=between.start(), ahead=ahead)
        start, ahead = between.end(), between.group().strip()[:1] or between.group()[:1]
    if start < limit == len(written):
        yield _Field(start=start, end=limit, ahead=ahead)


# What a field says

_MET = (
    r"(?i:met(?:\s(?:up\s)?with)?|(?:spoke|spoken|talked|chatted|connected|touched\sbase|caught\sup|sat\sdown|in\stouch)\s(?:to|with|w/)"
    r"|reached(?:\sout\sto)?|caught|rang|phoned|called|dialled|visited|saw|emailed|interviewed|got\s(?:hold\sof|through\sto)"
    r"|heard\s(?:back\s)?from)"
)
_SPOKE = (
    rf"(?:{_MET}|(?i:(?:call|meeting|mtg|demo|chat|conversation|convo|discussion|sync|phone|intro|visit|zoom|teams|tc|session"
    r"|interview|coffee|lunch|dinner|breakfast|follow-?\s?up|catch-?\s?up|mins?|minutes|msg|message|voicemail|vm|notes?)"
    r"\s(?:back\s)?(?:with|w/|from|by|to|for)|(?:inbound|enquiry|inquiry|referral|lead|request|e?-?mail|form|card)"
    r"(?:\s(?:call|email|lead|in))?\sfrom|(?:returned|answered|picked\sup|taken|booked|back)\sby|(?:contact|poc|person|caller)\s(?:is|was)"
    r"|asked\sfor|w/))"
)
_OCCASION = re.compile(
    r"(?i)(?:(?:[\w/'.&-]+\s){0,4}?(?:calls?|call-?back|meetings?|mtg|demo|notes?|memo|inbound|outbound|card|leads?|referral|webinar|visit"
    r"|visited|contact|poc|recap|summary|fair|chat|zoom|voicemail|vm|intro|disc|tc|follow-?up|e-?mail|mail|enquiry|inquiry|form|prospect"
    r"|account|company|firm|client|name|attn|from|who|person|try)(?:\s(?:from|at|after|via|on|of|in|with|our|the|a|back|person|name|logged"
    r"|taken|today|since|done|again|#?[0-9]{1,4})\s?[\w/'.-]*){0,3}"
    r"|(?:(?:[a-z]{3,9}\s)?[0-9][0-9/.:-]*(?:st|nd|rd|th)?(?:\s?[ap]m|\s[a-z]{3,9}(?:\s[0-9]{4})?)?\s?){1,3})"
)
_COUNT = re.compile(
    r"(?:about|around|approx\.?|approximately|roughly|some|over|under|nearly|almost|ca\.?|~|[<>])?\s?[0-9]",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s(?:(?:just\s|has\s|had\s)?(?:called|rang|phoned|emailed|mailed|wrote|replied|responded|came|returned|picked|answered|asked|wants"
    r"|want|needs|need|would|is|are|requested|filled|downloaded|got|reached|signed|owns|runs|founded|heads|leads|manages)"
    r"|(?:in|from|on|at|of)\s(?:the\s|their\s|our\s)?[a-z&' ]{2,30}$)(?![a-z])"
)
_DECIDES = re.compile(
    r"\W*(?:who\s)?(?:decides|signs|approves|decide|must|has to|have to|needs to|has the|will decide|is the decision)\b"
)
_SOMEBODY_ELSES = re.compile(
    r"\W*(?:(?:is|was|are)\s)?(?i:their|our|the|an?|his|her)\s(?:[\w'-]+\s){0,2}(?:vendor|supplier|provider|competitor|rival|incumbent)\b"
)


_ONLY_SIGNS = re.compile(
    r"(?:who\s)?(?:signs|approves|(?:has|have|needs)\sto\s(?:sign|approve)|must\s(?:sign|approve))(?:\soff)?(?:\s(?:it|this))?"
)


class _Role(Enum):
    PERSON = auto()
    FIRM = auto()
    NAME = auto()
    JOB = auto()
    COUNT = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    role: _Role
    span: Span = (0, 0)
    seems: Looks = Looks.NEITHER
    met: bool = False
    """Whether words say that the person was met, or address them."""
    ahead: str = ""


_AGAIN = r"(?:(?:called|rang|wrote|phoned|emailed|calling)(?:\s(?:in|back|again|us))?\s|again\s|here\s|over\s)?"


@cache
def _named() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<met>(?:[\w/'.-]+\s){{0,5}}?{_SPOKE})\s(?:again\s)?)?"
        r"(?:(?:[a-z]+\s){0,2}(?:call|mtg|meeting|demo|visit|tc|intro)\s)?"
        r"(?:(?:the\s|an?\s)?(?:lady|guy|man|woman|person|gentleman|colleague|someone|somebody)\s(?:named|called)\s)?"
        rf"(?:(?:the|their|an?|our)\s)?(?P<job>{job()},?\s)?"
        rf"(?P<honorific>{HONORIFIC})?(?P<first>{RUN})(?:\s(?:here|speaking|calling))?"
        rf"(?:\s{_AGAIN}(?:at|@|of|from|with|for|owns|runs|founded)\s(?:the\s)?(?P<second>{RUN}))?(?P<tail>\s.*)?$",
        re.DOTALL,
    )


@cache
def _job_field() -> re.Pattern[str]:
    at = rf"\s(?:at|@|for|with|from|of)\s(?:the\s)?(?P<firm>{RUN})"
    return re.compile(
        rf"(?:{job()}(?:{at})?|(?:I|who)(?:'m|\sam)?\s(?:work|do|run|own|lead|manage|head|handle|found|buy|am|in|an?|the)(?:s|es|ed|ing)?\b"
        rf"(?:[A-Za-z&' ]{{0,40}}?{at.replace('firm', 'elsewhere')}|\s(?:the\s)?(?P<own>{RUN})))(?P<tail>\s.*)?$"
    )


def _pieces(written: str, start: int, *, met: bool) -> Iterator[_Piece]:
    """What the fields from here on say, as long as they belong to the head; `met` tells that a person is awaited."""
    begun = False
    for field in islice(_fields(written, start), MOST_FIELDS):
        words = written[field.start : field.end]
        if _COUNT.match(words) and begun:
            yield _Piece(role=_Role.COUNT, span=(field.start, field.end), ahead=field.ahead)
            continue
        if not begun and written.startswith(":", field.end) and _OF_OTHERS.search(words):
            return  # Competitor: Acme
        pieces = [*_said(words, field, met=met and not begun)]
        if not pieces and not begun and not met and (_OCCASION.fullmatch(words) or _is_label(written, field)):
            continue
        if not pieces:
            if _SOMEBODY_ELSES.match(words) or _ONLY_SIGNS.fullmatch(words):
                yield _Piece(role=_Role.NAME, ahead=field.ahead)
            return
        begun = True
        yield from pieces


def _is_label(written: str, field: _Field) -> bool:
    """Good fit: Trailhead Outfitters"""
    return written.startswith(":", field.end) and written.count(" ", field.start, field.end) < 3


_OF_OTHERS = re.compile(
    r"(?i)\b(?:competitors?|vendors?|suppliers?|providers?|current(?:ly)?|incumbent|rivals?|using|tools?|system|crm|decision|decider"
    r"|approver|boss|cc|assistant|budget|needs?|pains?|referrer|referred|reseller|signs|authority|subject|uses|stack)\b"
)


def _said(words: str, field: _Field, *, met: bool) -> Iterator[_Piece]:
    at, ahead = field.start, field.ahead
    if _INITIALS.fullmatch(words):
        yield _Piece(role=_Role.JOB, ahead=ahead)  # CTO, DSI
        return
    does = _job_field().match(words)
    if does and (not does["tail"] or any(does.group("firm", "elsewhere", "own"))):
        yield _Piece(role=_Role.JOB, ahead=ahead)
        named = next((kind for kind in ("firm", "elsewhere", "own") if does[kind]), None)
        if named and _may_be_firm(does[named]):
            yield _Piece(role=_Role.FIRM, span=(at + does.start(named), at + does.end(named)))
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
    if _DECIDES.match(tail) or (tail and not met and second[0] < 0 and not _GOES_ON.match(tail)):
        return
    if seems is Looks.NEITHER and not (met and found["honorific"]):
        if second[0] < 0 or not met:
            return
    else:
        addressed = found["honorific"] or (met and seems is not Looks.FIRM)
        role = _Role.PERSON if addressed or (second[0] >= 0 and seems is not Looks.FIRM) else _Role.NAME
        yield _Piece(role=role, span=(at + first[0], at + first[1]), seems=seems, met=met, ahead=ahead)
    if found["job"]:
        yield _Piece(role=_Role.JOB)
    if second[0] >= 0 and _may_be_firm(words[slice(*second)]):
        yield _Piece(role=_Role.FIRM, span=(at + second[0], at + second[1]))


_INITIALS = re.compile(r"[A-Z]{2,3}")


def _may_be_firm(name: str) -> bool:
    return looks(name) in (Looks.FIRM, Looks.EITHER) and name.lower() not in firm_words("place")


# Who is who

_BETWEEN_SENTENCES = frozenset(".!?")


def _in_head(written: str) -> Introduced | None:
    if not _BEGINS.match(written):
        return None
    return _who(written, _pieces(written, 0, met=False))


_BEGINS = re.compile(r"[^A-Z\n]{0,60}[A-Z]")


def _who(written: str, found: Iterator[_Piece]) -> Introduced | None:
    """The person and the firm among the pieces; None where the words do not suffice to tell."""
    pieces = list(found)
    person, firm, evidence = None, None, 0
    for at, piece in enumerate(pieces):
        behind = pieces[at + 1].role if at + 1 < len(pieces) else None
        if piece.role is _Role.NAME and piece.span == (0, 0):
            return None  # "Acme Software, their current vendor"
        if piece.role in (_Role.JOB, _Role.COUNT):
            evidence += 1
        elif piece.role is _Role.FIRM:
            firm = firm or piece.span
        elif piece.role is _Role.PERSON or (
            piece.role is _Role.NAME
            and not person
            and (piece.seems is Looks.PERSON or (behind is _Role.JOB and piece.seems is Looks.EITHER))
        ):
            person = person or piece.span
            evidence += piece.met
        elif not firm and piece.seems is Looks.FIRM:
            firm = piece.span
            evidence += piece.met or _stands_alone(written, piece, pieces)
    for at, piece in enumerate(pieces):
        if piece.role is not _Role.NAME or piece.seems is not Looks.EITHER or piece.span in (person, firm):
            continue
        behind = pieces[at + 1].role if at + 1 < len(pieces) else None
        name = written[slice(*piece.span)]
        if not firm and (behind is _Role.COUNT or (person and _beside(pieces, at, name))) and _may_be_firm(name):
            firm = piece.span
        elif firm and not person and _may_be_person_beside(piece, name):
            person = piece.span
    if any("bantline" in written[slice(*span)].lower() for span in (person, firm) if span):
        return None  # one of us
    if (person and firm) or ((person or firm) and evidence):
        return Introduced(person=person, firm=firm)
    return None


def _may_be_person_beside(piece: _Piece, name: str) -> bool:
    plain = piece.ahead not in _BETWEEN_SENTENCES and name.lower() not in firm_words("place")
    return plain and (" " in name or piece.met)


def _beside(pieces: list[_Piece], at: int, name: str) -> bool:
    """Whether a name of either kind is the firm of the person beside it: "Peter Osei, head of purchasing, Calder"."""
    if pieces[at].ahead in _BETWEEN_SENTENCES:
        return False
    after_job = at > 0 and pieces[at - 1].role is _Role.JOB
    return after_job or " " in name or (at + 1 < len(pieces) and pieces[at + 1].role is _Role.PERSON)


def _stands_alone(written: str, piece: _Piece, pieces: list[_Piece]) -> bool:
    """Whether the firm is the first thing said, with a sign or what it did behind it: "Harbour Inn / ..."."""
    behind = _BETWEEN.match(written, piece.span[1]) or _GOES_ON.match(written, piece.span[1])
    return pieces[0] is piece and piece.span[0] < 30 and behind is not None


# Behind words that introduce somebody, anywhere

_PERSON_AWAITED = re.compile(
    r"\b(?i:(?:person|one|guy|lady|woman|man|gentleman|contact)(?:\s(?:who|that))?\s(?:i|we)\s(?:spoke|talked|met|reached|dealt)(?:\s(?:to|with))?"
    r"\s(?:was|is)|(?:my|our|the|main|new|key|best)\s(?:contact|poc)(?:\sperson)?(?:\sthere)?(?:\snow)?\s(?:is|was)"
    r"|(?:contact|poc|lead)(?:\s(?:person|name|details|since\s[^:.]{1,30}|is))?\s?:|contact\s(?:person\s)?is)\s"
)
_ANYWHERE = re.compile(rf"(?:(?:^|[.;,!\n]\s|\s-\s|\b(?:I|i|we|We)\s)(?:just\s|finally\s)?{_MET})\s")


_SIGNS_OF_AWAITED = (
    "contact", "poc", "lead:", "lead name", " i spoke", " i talked", " i met", " i reached", " i dealt",
    " we spoke", " we met",
)  # fmt: skip
_SIGNS_OF_MET = (
    "spoke", "met ", "talked", "reached", "chatted", "connected", "caught", "called ", "rang ", "phoned",
    "visited", "saw ",
    "emailed", "touch", "heard ", "sat down", "got hold", "got through", "interviewed", "dialled",
)  # fmt: skip


def _in_the_middle(written: str, plain: str) -> Introduced | None:
    awaited = _PERSON_AWAITED.finditer(written) if shows_any(plain, _SIGNS_OF_AWAITED) else ()
    for match in islice(awaited, MOST_PLACES):
        if found := _who(written, _pieces(written, match.end(), met=True)):
            return found
    for match in islice(_ANYWHERE.finditer(written) if shows_any(plain, _SIGNS_OF_MET) else (), MOST_PLACES):
        found = _who(written, _pieces(written, match.end(), met=True))
        if found and found.person and found.firm:
            return found
    for match in islice(_NAMED_WITH_MORE.finditer(written), MOST_PLACES):
        found = _who(written, _pieces(written, match.end(), met=True))
        if found and found.person and found.firm:
            return found
    return None


_NAMED_WITH_MORE = re.compile(
    rf"(?:(?<=[.!:]\s)|(?<=\n))(?={RUN},\s(?:[a-z]{{2,}}\s|{RUN},\s(?:[\w.+-]+@|[+(]?[0-9])))"
)
"""A chain that begins later in a note: "Card says: Ana Ruiz, Ruiz Foods, ana@ruiz.example"."""


_GREETS = (
    r"(?i:hi|hello|hey|hiya|greetings|good\s(?:morning|afternoon|evening|day))"
    r"(?i:\s(?:there|all|team|folks|everyone))?\s?[,!.:-]?\s"
)
_ITSELF = re.compile(
    rf"(?:^|(?<=[.!,\n]\s)|(?<=\n))(?:{_GREETS})?(?i:this\sis|it's|i'm|i\sam|my\sname\sis|my\sname's|the\sname's)\s"
)
_GREETS_WITH_A_NAME = re.compile(rf"{_GREETS}(?={RUN}\s(?:{_AGAIN}(?:at|from|with|of)\s(?:the\s)?[A-Z0-9]|here\b))")


_RUNS = re.compile(rf"(?:^|(?<=[.!,\n]\s))I\s(?:run|own|founded|started|manage)\s(?:the\s)?(?P<firm>{RUN})")


_HERE = re.compile(
    rf"(?:{_GREETS})?(?P<person>{RUN})\s(?:here|speaking|calling)\s?,?\s(?:from|at|with|of)\s(?:the\s)?(?P<firm>{RUN})"
)


def introduces_itself(written: str) -> Introduced | None:
    """Who says at once who they are and where they work: "Sanjay Pillai here, from Kaveri Textiles"."""
    here = _HERE.match(written)
    if here and looks(here["person"]) in (Looks.PERSON, Looks.EITHER) and _may_be_firm(here["firm"]):
        return Introduced(person=here.span("person"), firm=here.span("firm"))
    greeting = _GREETS_WITH_A_NAME.match(written) or _ITSELF.search(written, 0, LONGEST_HEAD)
    who = _who(written, _pieces(written, greeting.end(), met=True)) if greeting else None
    if who is None and (runs := _RUNS.search(written, 0, LONGEST_HEAD)) and looks(runs["firm"]) is Looks.FIRM:
        return Introduced(firm=runs.span("firm"))
    return who


# In small letters

LONGEST_SMALL = 60
_SIGNS_OF_SPOKEN = (*_SIGNS_OF_MET, " with ", "w/", " from ")
_SMALL_HEAD = re.compile(
    rf"(?:[\w/'.-]+\s){{0,2}}?{_SPOKE}\s(?:(?P<person>[a-z][a-z'-]{{1,14}}(?:\s[a-z][a-z'-]{{1,14}})?)|(?:the|an?)\s[a-z]+(?:\s[a-z]+)?)"
    r"\s(?:at|@|from|of)\s(?P<firm>[a-z0-9][a-z0-9&'-]*(?:\s[a-z0-9&'-]+){0,3}?)(?=\s?(?:[,.;/|(\n]|-\s|$)|\s(?:about|today|re|on|who)\s)"
)
_SMALL_FIELDS = re.compile(
    r"(?P<firm>[a-z][a-z'-]*(?:\s(?:&\s|and\s)?[a-z][a-z'-]*){1,3})(?:,|:|;|\s[-/|])\s"
    r"(?P<person>[a-z][a-z'-]*(?:\s[a-z][a-z'-]*){1,2})(?=\s?(?:[,;:.|(/]|-\s|$))"
)


def _in_small_letters(plain: str) -> Introduced | None:
    """spoke w/ dave at pinecrest roofing, 40 ppl; oakridge dental - susan leary, owner"""
    if shows_any(plain[:LONGEST_SMALL], _SIGNS_OF_SPOKEN) and (found := _SMALL_HEAD.match(plain)):
        person = found.span("person") if found["person"] and _may_be_person(found["person"]) else None
        firm = found.span("firm") if _may_be_small_firm(found["firm"], known=False) else None
        return Introduced(person=person, firm=firm) if firm else None
    beside = _SMALL_FIELDS.match(plain)
    if beside and _may_be_small_firm(beside["firm"], known=True) and _is_person(beside["person"]):
        return Introduced(person=beside.span("person"), firm=beside.span("firm"))
    return None


def _may_be_person(name: str) -> bool:
    return looks(name.title()) in (Looks.PERSON, Looks.EITHER)


def _is_person(name: str) -> bool:
    return looks(name.title()) is Looks.PERSON


def _may_be_small_firm(name: str, *, known: bool) -> bool:
    seems = looks(name.title())
    return name not in firm_words("place") and (seems is Looks.FIRM or (seems is Looks.EITHER and not known))
