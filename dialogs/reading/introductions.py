"""Who introduces themselves in an English text, or is introduced by the rep's note, and who signed it."""

from functools import lru_cache

from dialogs.reading import english_card, english_head, english_introduction, english_signature
from dialogs.reading.english_names import Introduced
from dialogs.reading.found import Span
from dialogs.reading.places import KEPT
from dialogs.reading.text import Text, cased
from qualification.bant import Topic


@lru_cache(maxsize=KEPT)
def introductions(text: Text, asked: Topic | None) -> tuple[Introduced, ...]:
    """Who is introduced at the head of an English text, and who signed it."""
    if text.language != "en":
        return ()
    written = cased(text)
    head: Introduced | None
    if asked in _MAY_INTRODUCE:
        head = english_head.introduced(written, text.plain, note=asked is None)
    else:
        head = english_introduction.introduces_itself(written)
        head = head if head and head.person and head.firm else None
    if head and asked is Topic.COMPANY and not (head.person and head.firm):
        head = None  # "it's Sanwa Technos"
    card = None if head and head.person and head.firm else english_card.shown(written, text.plain)
    if asked in (Topic.COMPANY, Topic.CONTACT):
        card = card or english_card.person_and_firm(written)
    signed = english_signature.signed(written, len(text.plain.rstrip()))
    first = (card, head) if card and card.firm else (head, card)
    labelled = english_introduction.labelled(written)
    alone = None
    if not any(who and who.firm for who in (labelled, *first)):
        where = english_introduction.says_where(written)
        where = where or english_introduction.in_small_letters(written)
        alone = where or english_introduction.firm_alone(written, awaited=asked is Topic.COMPANY)
    return tuple(who for who in (labelled, *first, alone, signed) if who)


_MAY_INTRODUCE = frozenset({None, Topic.CONTACT, Topic.COMPANY})


def job_of(text: Text, asked: Topic | None, name: str) -> Span | None:
    """What the person of this name does, as it is said where they are introduced."""
    written = cased(text)
    return next(
        (
            who.job
            for who in introductions(text, asked)
            if who.job and who.person and written[slice(*who.person)] == name
        ),
        None,
    )
