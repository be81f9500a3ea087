"""Who an English note or mail is about, as its head says it: the firm, the person, or both.

    Oakfield Dental - Susan Leary, owner. 14 staff.        Susan Leary, Oakfield Dental
    Brightwater Trust, spoke to Owen Price in admissions.  Owen Price, Brightwater Trust
    5/14 call. Dana Whitfield, controller, Kestrel Foods   Dana Whitfield, Kestrel Foods
    The person I talked to was Victor Hale, sales at Granite Supply   Victor Hale, Granite Supply
    Card says: Ana Ruiz, Ruiz Foods, ana@ruiz.example      Ana Ruiz, Ruiz Foods

`english_introduction.py` hears who introduces themselves, `english_small_head.py` notes without capitals.
"""

import re
from dataclasses import replace
from itertools import islice

from dialogs.reading.english_head_fields import pieces_of
from dialogs.reading.english_introduction import introduces_itself
from dialogs.reading.english_meetings import MET, SIGNS_OF_MET, either
from dialogs.reading.english_names import PERSON_RUN, RUN, Introduced, Looks, looks, may_be_firm
from dialogs.reading.english_small_head import in_small_letters
from dialogs.reading.english_who_is_who import who_is_who
from dialogs.reading.places import shows_any
from dialogs.reading.sought import sought

MOST_PLACES = 6
"""Places in the middle of a text where somebody is introduced."""


def introduced(written: str, plain: str, *, note: bool) -> Introduced | None:
    """Who is introduced in a text with the capitals the person wrote, and in small letters; `note` tells that nobody
    asked a question, so that it may begin like a call note."""
    if note and not _OPENS_A_SENTENCE.match(plain):
        found = _in_head(written) or in_small_letters(written, plain) or _firm_with_contact(written, plain)
        if found:
            return _with_their_contact(written, plain, _with_firm_behind_an_address(written, found))
    return introduces_itself(written) or (_in_the_middle(written, plain) if note else None)


def _with_their_contact(written: str, plain: str, who: Introduced) -> Introduced:
    """Bright Acre Nursery (garden centre), contact Tom Hollis, owner"""
    contact = None if who.person or "contact " not in plain else _CONTACT.search(written)
    met = who_is_who(written, pieces_of(written, contact.end(), met=True)) if contact else None
    return replace(who, person=met.person, job=who.job or met.job) if met and met.person else who


def _firm_with_contact(written: str, plain: str) -> Introduced | None:
    """Visit - Zuma Solar, contact Ann Lee"""
    beside = _FIRM_WITH_CONTACT.match(written) if "contact " in plain else None
    known = beside and may_be_firm(beside["firm"]) and looks(beside["person"]) in (Looks.PERSON, Looks.EITHER)
    return Introduced(firm=beside.span("firm"), person=beside.span("person")) if beside and known else None


_FIRM_WITH_CONTACT = re.compile(
    rf"(?:[\w/'. ]{{1,30}}?(?:\s-{{1,2}}|:)\s)?(?P<firm>{RUN})\s?[,;(-]"
    r"\s?(?i:(?:our|the|main)\s)?(?i:contact)\s?[:-]?\s"
    rf"(?P<person>{PERSON_RUN})"
)
_CONTACT = re.compile(r"[,;.)-]\s(?i:(?:our\s|the\s|main\s)?contact)\s(?=[A-Z])")


def _with_firm_behind_an_address(written: str, who: Introduced) -> Introduced:
    """Hassan Qureshi (hassan@quill.example) of Quill Pharma"""
    behind = _ADDRESS_BETWEEN.match(written, who.person[1]) if who.person and not who.firm else None
    return replace(who, firm=behind.span("firm")) if behind and may_be_firm(behind["firm"]) else who


_ADDRESS_BETWEEN = re.compile(rf"\s?\([^()\n]{{3,80}}\)\s(?:of|at|from|with)\s(?:the\s)?(?P<firm>{RUN})")
_OPENS_A_SENTENCE = re.compile(
    rf"\W*+(?:{either('opens_a_sentence')}|it(?='s|\s(?:is|has|was|takes|would|will)\b))(?![a-z0-9&-])"
)
"""Words that begin no head."""


def _in_head(written: str) -> Introduced | None:
    if not _BEGINS.match(written):
        return None
    return who_is_who(written, pieces_of(written, 0, met=False))


_BEGINS = re.compile(r"[^A-Z\n]{0,60}[A-Z]")


# Behind words that introduce somebody, anywhere

_PERSON_AWAITED = sought(
    rf"\b(?:{either('awaited')}(?i:(?:\s(?:who|that))?\s(?:i|we)\s(?:spoke|talked|met|reached|dealt)(?:\s(?:to|with))?\s(?:was|is))"
    r"|(?i:(?:my|our|the|main|new|key|best)\s(?:contact|poc)(?:\sperson)?(?:\sthere)?(?:\snow)?\s(?:is|was)"
    r"|(?:contact|poc|lead)(?:\s(?:person|name|details|since\s[^:.]{1,30}|is))?\s?:|contact\s(?:person\s)?is))\s"
)
_ANYWHERE = re.compile(rf"(?:(?:^|[.;,!\n]\s|\s-\s|\b(?:I|i|we|We)\s)(?:just\s|finally\s)?{MET})\s")


def _in_the_middle(written: str, plain: str) -> Introduced | None:
    for match in islice(_PERSON_AWAITED.named_in(written, plain), MOST_PLACES):
        if found := who_is_who(written, pieces_of(written, match.end(), met=True)):
            return found
    for match in islice(_ANYWHERE.finditer(written) if shows_any(plain, SIGNS_OF_MET) else (), MOST_PLACES):
        found = who_is_who(written, pieces_of(written, match.end(), met=True))
        if found and found.person and found.firm:
            return found
    for match in islice(_NAMED_WITH_MORE.finditer(written), MOST_PLACES):
        found = who_is_who(written, pieces_of(written, match.end(), met=True))
        if found and found.person and found.firm:
            return found
    return None


_NAMED_WITH_MORE = re.compile(
    rf"[.!:\n](?:(?<=\n)|(?<!\n)\s)(?={RUN},\s(?:[a-z]{{2,}}\s|{RUN},\s(?:[\w.+-]+@|[+(]?[0-9])))"
)
"""A chain that begins later in a note: "Card says: Ana Ruiz, Ruiz Foods, ana@ruiz.example"."""
