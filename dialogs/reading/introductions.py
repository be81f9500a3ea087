"""Who introduces themselves in an English text, or is introduced by the rep's note, and who signed it."""

from functools import lru_cache

from dialogs.reading import english_head, english_introduction, english_signature
from dialogs.reading.english_names import Introduced
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
    return tuple(who for who in (head, english_signature.signed(written, len(text.plain.rstrip()))) if who)


_MAY_INTRODUCE = frozenset({None, Topic.CONTACT, Topic.COMPANY})
