"""Which of the names at the head of an English note is the person, and which the firm."""

from collections.abc import Iterator

from dialogs.reading.english_head_fields import BETWEEN, GOES_ON, Kind, Piece
from dialogs.reading.english_names import Introduced, Looks, firm_words, has_common_word, may_be_firm
from dialogs.reading.found import Span

_BETWEEN_SENTENCES = frozenset(".!?")


def who_is_who(written: str, found: Iterator[Piece]) -> Introduced | None:
    """The person and the firm among the pieces; None where the words do not suffice to tell."""
    pieces = list(found)
    person, firm, evidence = None, None, 0
    for at, piece in enumerate(pieces):
        behind = pieces[at + 1].kind if at + 1 < len(pieces) else None
        if piece.kind is Kind.NAME and piece.span == (0, 0):
            return None  # "Acme Software, their current vendor"
        if piece.kind in (Kind.JOB, Kind.COUNT):
            evidence += 1
        elif piece.kind is Kind.FIRM:
            firm = firm or piece.span
        elif piece.kind is Kind.PERSON or (
            piece.kind is Kind.NAME
            and not person
            and (piece.seems is Looks.PERSON or (behind is Kind.JOB and piece.seems is Looks.EITHER))
        ):
            person = person or piece.span
            evidence += piece.met
        elif not firm and piece.seems is Looks.FIRM:
            firm = piece.span
            evidence += piece.met or _stands_alone(written, piece, pieces)
    for at, piece in enumerate(pieces):
        if piece.kind is not Kind.NAME or piece.seems is not Looks.EITHER or piece.span in (person, firm):
            continue
        behind = pieces[at + 1].kind if at + 1 < len(pieces) else None
        name = written[slice(*piece.span)]
        if not firm and (behind is Kind.COUNT or (person and _beside(pieces, at, name))) and may_be_firm(name):
            firm = piece.span
        elif firm and not person and _may_be_person_beside(piece, name):
            person = piece.span
    if firm and not person:
        person = _in_front_of(written, pieces, firm)
    if any("bantline" in written[slice(*span)].lower() for span in (person, firm) if span):
        return None  # one of us
    if (person and firm) or ((person or firm) and evidence):
        return Introduced(person=person, firm=firm, job=_job(pieces))
    return None


def _in_front_of(written: str, pieces: list[Piece], firm: Span) -> Span | None:
    """Tsering Dolkar, Kailash Momos, 4k: of two names nobody knows the first is the person's."""
    first = pieces[0]
    behind = pieces[1].span if len(pieces) > 1 else None
    if behind != firm or first.kind is not Kind.NAME or first.seems is not Looks.EITHER:
        return None
    name = written[slice(*first.span)]
    return first.span if " " in name and not has_common_word(name) and _may_be_person_beside(first, name) else None


def _job(pieces: list[Piece]) -> Span | None:
    return next((piece.span for piece in pieces if piece.kind is Kind.JOB and piece.span[1]), None)


def _may_be_person_beside(piece: Piece, name: str) -> bool:
    plain = piece.ahead not in _BETWEEN_SENTENCES and name.lower() not in firm_words("place")
    return plain and (" " in name or piece.met)


def _beside(pieces: list[Piece], at: int, name: str) -> bool:
    """Whether a name of either kind is the firm of the person beside it: "Peter Osei, head of purchasing, Calder"."""
    if pieces[at].ahead in _BETWEEN_SENTENCES:
        return False
    after_job = at > 0 and pieces[at - 1].kind is Kind.JOB
    return after_job or " " in name or (at + 1 < len(pieces) and pieces[at + 1].kind is Kind.PERSON)


def _stands_alone(written: str, piece: Piece, pieces: list[Piece]) -> bool:
    """Whether the firm is the first thing said, with a sign or what it did behind it: "Harbour Inn / ..."."""
    behind = BETWEEN.match(written, piece.span[1]) or GOES_ON.match(written, piece.span[1])
    return pieces[0] is piece and piece.span[0] < 30 and behind is not None
