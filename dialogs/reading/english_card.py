"""Who says who they are beside an English answer, whatever was asked: a card in front of it, in its lines or behind it.

    Rahul Deshpande from Orchid Cold Storage, we can do 8k    Rahul Deshpande, Orchid Cold Storage
    Hi, Hanna Weiss, Weiss Optik, 14 employees. Our lists     Hanna Weiss, Weiss Optik
    tom whitfield, whitfield & sons roofing, tom@...          tom whitfield, whitfield & sons roofing
    can you ring me? Gareth, +44 7700 900241                  Gareth
    Tom Baker, our CFO, decides                               nobody: that is somebody else

A card is a name, then the job, the firm, a count, a number and an address, in any layout and each if it is said. No
list knows all names: what stands on the card is weighed, and a name with too little beside it is none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from dialogs.reading.english_head_fields import BETWEEN, DECIDES, LONGEST_HEAD, OF_OTHERS, Kind, Piece, pieces_of
from dialogs.reading.english_introduction import GREETS
from dialogs.reading.english_meetings import either
from dialogs.reading.english_names import (
    HONORIFIC,
    PERSON_RUN,
    RUN,
    Introduced,
    Looks,
    firm_words,
    has_common_word,
    is_common,
    looks,
    may_be_firm,
)
from dialogs.reading.found import Span

MOST_PLACES = 6
LONGEST_TAIL = 160
"""Letters at the end of a text that may be a card."""
MOST_PIECES = 4
ENOUGH = 3
"""What the parts of a card weigh together, at least."""
ENOUGH_IN_SMALL_LETTERS = 4


def shown(written: str, plain: str) -> Introduced | None:
    """Who shows a card in a text with the capitals the person wrote, `plain` being the same in small letters."""
    if written == plain:
        return _in_small_letters(plain)
    cards = (_card(written, place) for place in islice(_places(written), MOST_PLACES))
    return next((card for card in cards if card), None)


def person_and_firm(written: str) -> Introduced | None:
    """ "Jane Smith, Northwind", of who is asked for the firm or for themselves: two names and nothing else."""
    both = _PERSON_AND_FIRM.fullmatch(written)
    if both is None or " " not in both["person"] or looks(both["person"]) is not Looks.PERSON:
        return None
    known = may_be_firm(both["firm"]) and not has_common_word(both["firm"])
    return Introduced(person=both.span("person"), firm=both.span("firm")) if known else None


_PERSON_AND_FIRM = re.compile(rf"(?P<person>{PERSON_RUN})(?:,|\s-|\s/|\s\|)\s(?P<firm>{RUN})[\s.!]*")


# Where a card may begin


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    start: int
    last: bool = False
    """Whether nothing may stand behind the card."""
    enough: int = ENOUGH


_OPENING = re.compile(rf"(?:{GREETS}|{either('before_a_card')}(?:\s?[,!.:-]+)?\s){{0,3}}")
"""What may stand in front of the name: "hi there", "yes", "it's me"."""
_CLOSING = r"(?i:regards|rgds|thanks|thank\syou|thx|cheers|greetings|best)"
_LINE = re.compile(r"\n\s?(?=[^\W\d_a-z])")
_BEHIND = re.compile(rf"(?:[,.!?:]\s|\s-\s|\(|\b{_CLOSING}\s)(?=[^\W\d_a-z])")
_CLOSED = re.compile(rf"\b{_CLOSING}[,!.]?\s$")
_ASKED = re.compile(r"\b(?i:please|pls|plz|me|us|back|asap|thanks),\s$")
"""What stands in front of the name of who wants to be called: "ring me please, Leticia Barros, +55 ..."."""
_LABEL = re.compile(r"[^.!?,;\n]*:\s$")


def _places(written: str) -> Iterator[_Place]:
    yield _Place(start=_behind_the_opening(written))
    for line in _LINE.finditer(written, 0, LONGEST_HEAD):
        yield _Place(start=line.end())
    for behind in _BEHIND.finditer(written, max(0, len(written) - LONGEST_TAIL)):
        label = _LABEL.search(written, max(0, behind.end() - 40), behind.end())
        if not (label and OF_OTHERS.search(label.group())):  # "decision maker: Peter Hall"
            yield _Place(start=behind.end(), last=True, enough=_enough(written, behind))


def _enough(written: str, behind: re.Match[str]) -> int:
    """What a card at the end must weigh: behind a bare comma most, behind "regards" least."""
    ahead = written[max(0, behind.end() - 16) : behind.end()]
    if _CLOSED.search(ahead):
        return ENOUGH - 1
    return ENOUGH + 2 * (behind.group().startswith(",") and not _ASKED.search(ahead))


def _behind_the_opening(written: str) -> int:
    opening = _OPENING.match(written)
    return opening.end() if opening else 0


# What stands on it

_NAME = re.compile(
    rf"(?P<honorific>{HONORIFIC})?(?P<name>{PERSON_RUN})(?P<here>\s(?:here|speaking|calling|again)(?![a-z])){{0,2}}"
)
_OF = re.compile(r",?\s(?:of|from|at|with|@)\s(?:the\s)?(?=[^\W_a-z])")
_REACHED = re.compile(
    r"[\s,;:|/(.-]*(?:\b(?i:tel|phone|mobile|mob|cell|on|at|e?-?mail)\b[\s.:]*)?"
    r"(?P<at>[\w.+-]+@[\w.-]+|[+(]{0,2}[0-9](?:[ ().-]{0,2}[0-9]){6,})"
)
_HERE = re.compile(r"\s(?:here|speaking)(?![a-z])")
_PEOPLE = re.compile(r"(?i)[0-9]\+?\s?(?:staff|people|employees|ppl|of us|workers|heads|fte|persons)\b")
_SOMEBODYS = re.compile(r"(?i)(?:our|my|their|his|her|your)\s")
_NOTHING = re.compile(r"[\s.!)]*$")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NAMES = frozenset({Kind.NAME, Kind.PERSON})
_SENTENCE_ENDS = frozenset(".!?")
_NOBODY = (0, 0)
"""Of a piece that tells of somebody else: "their vendor", "signs"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parts:
    """What stands on a card; `of` tells that a word joins the firm to the name, `here` that one says who speaks."""

    name: re.Match[str]
    firm: Span | None
    job: Span | None
    reached: str
    of: bool
    here: bool
    people: bool
    end: int


def _card(written: str, place: _Place) -> Introduced | None:
    name = _NAME.match(written, place.start)
    parts = _parts(written, name) if name and _may_be_person(name) else None
    if parts is None or not (parts.firm or parts.job or parts.reached) or DECIDES.match(written, parts.end):
        return None
    if place.last and not ((parts.firm or parts.reached) and _NOTHING.match(written, parts.end)):
        return None
    enough = _weight(written, parts) >= place.enough
    return Introduced(person=parts.name.span("name"), firm=parts.firm, job=parts.job) if enough else None


def _parts(written: str, name: re.Match[str]) -> _Parts | None:
    """None where the words behind the name tell that it is somebody else's."""
    reached = _REACHED.match(written, name.end())
    at = reached.end() if reached else name.end()
    of = _OF.match(written, at)
    beside = of or BETWEEN.match(written, at)
    pieces = _pieces(written, beside.end()) if beside else []
    if any(piece.span == _NOBODY or _SOMEBODYS.match(written, *piece.span) for piece in pieces):
        return None
    firm = _firm(written, name.span("name"), pieces, joined=of is not None)
    theirs = [*takewhile(lambda piece: piece.kind not in _NAMES or piece.span == firm, pieces)]
    at = max([at, *(piece.span[1] for piece in theirs)])
    here = _HERE.match(written, at) if firm else None
    at = here.end() if here else at
    reached = reached or _REACHED.match(written, at)
    return _Parts(
        name=name,
        firm=firm,
        job=next((piece.span for piece in theirs if piece.kind is Kind.JOB), None),
        reached=reached["at"] if reached else "",
        of=of is not None and firm is not None,
        here=bool(here or name["here"]),
        people=any(piece.kind is Kind.COUNT for piece in theirs),
        end=max(at, reached.end()) if reached else at,
    )


def _weight(written: str, parts: _Parts) -> int:
    weight = _weight_of_name(parts.name) + parts.of + parts.here + parts.people + 2 * (parts.job is not None)
    if parts.firm:
        weight += _weight_of_firm(written, parts.name.span("name"), parts.firm)
    if parts.reached:
        weight += 2 + ("@" in parts.reached and _share_a_word(parts.reached, parts.name["name"]))
    return weight


def _may_be_person(name: re.Match[str]) -> bool:
    words = name["name"]
    if words.lower() in firm_words("place") or "bantline" in words.lower():
        return False
    return bool(name["honorific"]) or looks(words) in (Looks.PERSON, Looks.EITHER)


def _weight_of_name(name: re.Match[str]) -> int:
    """A word alone that no list knows tells against a card: "Compare with Globex Systems"."""
    words = name["name"]
    known = bool(name["honorific"]) or looks(words) is Looks.PERSON
    if " " in words:
        return 2 if known else 0 if has_common_word(words) else 1
    return 1 if known else -1


def _pieces(written: str, start: int) -> Sequence[Piece]:
    """What the fields behind the name say, up to another person, a new sentence, or a count of anything but people."""
    pieces: list[Piece] = []
    for piece in islice(pieces_of(written, start, met=False), MOST_PIECES):
        counts_else = piece.kind is Kind.COUNT and not _PEOPLE.search(written, *piece.span)
        if counts_else or (pieces and piece.ahead in _SENTENCE_ENDS) or (not pieces and piece.span[0] - start > 4):
            break
        pieces.append(piece)
    return pieces


def _firm(written: str, person: Span, pieces: Sequence[Piece], *, joined: bool) -> Span | None:
    """The firm on the card; a single word nobody knows is one only where a word or a job in front of it says so."""
    beside_job = joined
    for at, piece in enumerate(pieces):
        words = written[slice(*piece.span)]
        if piece.kind is Kind.FIRM:
            return piece.span
        if piece.kind in _NAMES:
            if _share_a_word(words, written[slice(*person)]):
                return piece.span
            told = piece.seems is Looks.FIRM or " " in words or beside_job
            alone = not any(behind.kind is Kind.JOB for behind in pieces[at + 1 :])
            if beside_job and alone and piece.seems is Looks.PERSON and words.count(" ") > 1:
                return piece.span  # "Hamish Reid, estate manager, Glen Orrin Estate"
            return piece.span if piece.kind is Kind.NAME and told and may_be_firm(words) else None
        beside_job = beside_job or piece.kind is Kind.JOB
    return None


def _weight_of_firm(written: str, person: Span, firm: Span) -> int:
    words = written[slice(*firm)]
    if _share_a_word(words, written[slice(*person)]):
        return 3
    return 2 if looks(words) is Looks.FIRM else 0


def _share_a_word(one: str, other: str) -> bool:
    """Hanna Weiss, Weiss Optik"""
    return not set(_WORD.findall(one.lower())).isdisjoint(_WORD.findall(other.lower()))


# In small letters

LONGEST_SMALL_HEAD = 90
_SMALL_WORD = re.compile(r"(?<![\w'@.+-])[^\W\d_][\w'-]*(?![\w]*[@.][a-z])")


def _in_small_letters(plain: str) -> Introduced | None:
    """steve from halden roofing, the diary is chaos: read as if the names had their capitals."""
    start = _behind_the_opening(plain)
    first = _SMALL_WORD.match(plain, start)
    if first is None or first.group() not in firm_words("given", "reached"):
        return None
    end = min(len(plain), start + LONGEST_SMALL_HEAD)
    written = plain[:start] + _SMALL_WORD.sub(_with_capital, plain[start:end]) + plain[end:]
    return _card(written, _Place(start=start, enough=ENOUGH_IN_SMALL_LETTERS))


def _with_capital(word: re.Match[str]) -> str:
    return word.group() if is_common(word.group()) else word.group().capitalize()
