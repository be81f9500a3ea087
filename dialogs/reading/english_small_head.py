"""The head of an English note without capitals: "spoke w/ dave at pinecrest roofing, 40 ppl"."""

import re

from dialogs.reading.english_meetings import SIGNS_OF_MET, SPOKE
from dialogs.reading.english_names import Introduced, Looks, firm_words, looks
from dialogs.reading.places import shows_any

LONGEST_SMALL = 60
_SIGNS_OF_SPOKEN = (*SIGNS_OF_MET, " with ", "w/", " from ")
_SMALL_HEAD = re.compile(
    rf"(?:[\w/'.-]+\s){{0,2}}?{SPOKE}\s(?:(?P<person>[a-z][a-z'-]{{1,14}}(?:\s[a-z][a-z'-]{{1,14}})?)|(?:the|an?)\s[a-z]+(?:\s[a-z]+)?)"
    r"\s(?:at|@|from|of)\s(?P<firm>[a-z0-9][a-z0-9&'-]*(?:\s[a-z0-9&'-]+){0,3}?)(?=\s?(?:[,.;/|(\n]|-\s|$)|\s(?:about|today|re|on|who)\s)"
)
_SMALL_FIELDS = re.compile(
    r"(?P<firm>[a-z][a-z'-]*(?:\s(?:&\s|and\s)?[a-z][a-z'-]*){1,3})(?:,|:|;|\s[-/|])\s"
    r"(?P<person>[a-z][a-z'-]*(?:\s[a-z][a-z'-]*){1,2})(?=\s?(?:[,;:.|(/]|-\s|$))"
)


def in_small_letters(written: str, plain: str) -> Introduced | None:
    """spoke w/ dave at pinecrest roofing, 40 ppl; oakridge dental - susan leary, owner"""
    if shows_any(plain[:LONGEST_SMALL], _SIGNS_OF_SPOKEN) and (found := _SMALL_HEAD.match(plain)):
        person = found.span("person") if found["person"] and _may_be_person(found["person"]) else None
        counted = _COUNTED.fullmatch(written, *found.span("firm"))
        firm = found.span("firm") if not counted and _may_be_small_firm(found["firm"], known=False) else None
        return Introduced(person=person, firm=firm) if firm else None
    beside = _SMALL_FIELDS.match(plain)
    if beside and _may_be_small_firm(beside["firm"], known=True) and _is_person(beside["person"]):
        return Introduced(person=beside.span("person"), firm=beside.span("firm"))
    return None


_COUNTED = re.compile(
    r"(?:[0-9]{1,3}|two|three|four|five|six|seven|eight|nine|ten|several|some|a few) (?:[a-z-]+ ){0,2}[a-z-]+s"
)
"""Tel w/ owner of 3 bakeries"""


def _may_be_person(name: str) -> bool:
    return looks(name.title()) in (Looks.PERSON, Looks.EITHER)


def _is_person(name: str) -> bool:
    return looks(name.title()) is Looks.PERSON


def _may_be_small_firm(name: str, *, known: bool) -> bool:
    seems = looks(name.title())
    return name not in firm_words("place") and (seems is Looks.FIRM or (seems is Looks.EITHER and not known))
