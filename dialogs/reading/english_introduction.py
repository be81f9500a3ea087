"""Who says at once who they are and where they work: "Hey, Paul with Redline", "I run Kestrel Foods"."""

import re

from dialogs.reading import english_names
from dialogs.reading.english_head_fields import LONGEST_HEAD, pieces_of
from dialogs.reading.english_meetings import either
from dialogs.reading.english_names import (
    PERSON_RUN,
    RUN,
    Introduced,
    Looks,
    firm_words,
    is_common,
    looks,
    may_be_firm,
)
from dialogs.reading.english_who_is_who import who_is_who
from dialogs.reading.firm_words import EN_TITLE

GREETS = rf"{either('greeting')}(?:\s{either('greeted')})?\s?[,!.:-]?\s"
_ITSELF = re.compile(
    rf"(?:^|(?<=[.!,\n]\s)|(?<=\n))(?:{GREETS})?(?i:this\sis|it's|i'm|i\sam|my\sname\sis|my\sname's|the\sname's)\s"
)
_BEFORE_A_FIRM = re.compile(
    rf"(?:^|(?<=[.!,;\n]\s)|(?<=\n))(?:{GREETS})?(?:(?i:btw|by\sthe\sway|oh|also|fyi|ps),?\s)?(?:(?i:i'?m|i\sam"
    rf"|we're|we\sare|just)\s){{0,2}}"
    rf"(?:{either('before_a_firm')}\s|(?i:we)\s\()(?:(?i:the)\s)?(?=[^\W_])"
)
_FROM = re.compile(r"(?i)\b(?:from|for|at|of|is)\s(?:the\s)?$")
_BEHIND_IT = r"(?=\s?[,.!:;()-]|\s(?:and|here|but|in)\s|\s(?i:btw|by\sthe\sway)|$)"
_CALLED = re.compile(r"(?i)\b(?:trading as|trade as|called|go by)\s(?:the\s)?$")
_HERE = re.compile(rf"(?:{GREETS})?(?P<firm>{RUN})\shere(?=\s?[,.!:;-]|$)")
_FIRM = re.compile(rf"(?P<firm>{RUN}){_BEHIND_IT}")
_SMALL_FIRM = re.compile(rf"(?P<firm>[a-z][\w'&-]*(?:\s(?:&\s)?[a-z][\w'&-]*){{1,3}}?){_BEHIND_IT}")


_ITS = re.compile(
    rf"(?:{GREETS})?(?i:it'?s|it\sis|this\sis|we're"
    rf"|we\sare)\s(?:the\s)?(?P<firm>[a-z][\w'&-]*(?:\s(?:&\s)?[a-z][\w'&-]*){{1,3}}?){_BEHIND_IT}"
)
_LABEL = r"(?i)(?:^|[/|\n;,]\s?|\s-\s)"
_NEXT_LABEL = r"(?=\s?(?:[/|\n;,]|\s-\s|$))"
_SAYS = r"(?:\s?:\s?|\s-{1,2}\s)"


def introduces_itself(written: str) -> Introduced | None:
    """Who says at once who they are: "This is Sanjay Pillai of Kaveri Textiles"."""
    itself = _ITSELF.search(written, 0, LONGEST_HEAD)
    return who_is_who(written, pieces_of(written, itself.end(), met=True)) if itself else None


_LABELLED_FIRM = re.compile(
    rf"{_LABEL}(?:company|firm|business|organi[sz]ation|shop)(?:\sname)?{_SAYS}(?P<firm>[^\W_][^/"
    rf"|\n:;,]{{1,40}}?){_NEXT_LABEL}"
)
_LABELLED_PERSON = re.compile(
    rf"{_LABEL}(?:contact|name|contact\sname|full\sname|person){_SAYS}(?P<person>[^\W\d_][^/"
    rf"|\n:;,@0-9]{{1,30}}?){_NEXT_LABEL}"
)


def labelled(written: str) -> Introduced | None:
    """company: bramble & birch candles / people: 6 / contact: hattie; also with dashes"""
    if written.count(":") < MOST_UNLABELLED > written.count(" - "):
        return None
    firm, person = _LABELLED_FIRM.search(written), _LABELLED_PERSON.search(written)
    if firm is None:
        return None
    return Introduced(firm=firm.span("firm"), person=person.span("person") if person else None)


MOST_UNLABELLED = 2
"""With fewer signs between a label and what it says, a text is no row of labels."""
_BETWEEN_THEM = rf"(?:\s(?i:btw|by\sthe\sway|here))?,?\s(?:from|at|with|of)\s(?:the\s)?(?P<firm>{RUN}){_BEHIND_IT}"
_FROM_THERE = re.compile(
    rf"\b(?i:it'?s|i'm|im|i\sam|my\sname\sis|my\sname's|name's|this\sis)\s(?P<person>{PERSON_RUN}){_BETWEEN_THEM}"
)
_WORKS_THERE = re.compile(
    r"\b(?i:i'm|im|i\sam|i\swork\sas)\s(?:(?i:just|only|still|currently)\s){0,2}(?i:an?|the"
    r"|one\sof\sthe)\s(?:[a-z-]{2,14}\s){0,2}?"
    rf"(?:intern|student|apprentice|trainee|temp|volunteer|worker|employee|bookkeeper|receptionist|{EN_TITLE}"
    rf"|{english_names.either('job')}(?![a-z]))"
    rf"(?:\s(?:over|here|down))?\s(?:at|with|for|@)\s(?:the\s)?(?P<firm>{RUN}){_BEHIND_IT}"
)


def says_where(written: str) -> Introduced | None:
    """I'm Greta btw, from Alpenrose Käserei; I'm just an intern at Vance Auto Body"""
    who = _FROM_THERE.search(written)
    if who and may_be_firm(who["firm"]) and looks(who["person"]) in (Looks.PERSON, Looks.EITHER):
        return Introduced(person=who.span("person"), firm=who.span("firm"))
    works = _WORKS_THERE.search(written)
    return Introduced(firm=works.span("firm")) if works and may_be_firm(works["firm"]) else None


_SMALL = r"[a-z][a-z'&-]*"
_IN_SMALL_LETTERS = re.compile(
    rf"(?P<greets>{GREETS})?(?:(?:this\sis|(?P<it>it'?s|it\sis|i'?m|i\sam)|my\sname\sis|my\sname's"
    rf"|name's)\s(?P<person>[a-z]+)(?P<last>\s[a-z'-]+)??"
    rf"(?:\shere)?|(?P<here>[a-z]+)\shere),?\s(?:(?:and\s)?i'?m\s)?(?:calling\s|writing\s)?"
    rf"(?P<joined>from|at|of|with)\s(?:the\s)?"
    rf"(?P<firm>{_SMALL}(?:\s(?:&\s)?{_SMALL}){{0,2}}?){_BEHIND_IT}"
)


def in_small_letters(written: str) -> Introduced | None:
    """hi this is ravi from zenpay; a given name we know tells that somebody is introduced"""
    who = _IN_SMALL_LETTERS.match(written)
    if who is None:
        return None
    first, firm = who["person"] or who["here"], who["firm"]
    if first not in firm_words("given", "reached") or is_common(first):
        return None
    a_word = who["it"] and not who["greets"] and first in firm_words("given_and_a_word", "reached")
    loosely = who["joined"] == "of" or (who["it"] and who["joined"] == "with")
    if (a_word or loosely) and looks(firm.title()) is not Looks.FIRM:
        return None  # its jack of all trades; it's dave with bad news
    start = who.start("person" if who["person"] else "here")
    person = (start, who.end("last") if who["last"] else start + len(first))
    if firm in firm_words("department") or firm in firm_words("place") or any(map(is_common, firm.split())):
        return Introduced(person=person)
    return Introduced(person=person, firm=who.span("firm"))


_CAPITAL = r"[A-Z][\w'&-]*"
_NUMBERED = re.compile(
    rf"(?i:we're\s|we\sare\s|it's\s|i'm\sfrom\s|the\s)?(?P<firm>(?:(?:{_CAPITAL}\s){{1,2}}[0-9]{{1,3}}"
    rf"|24\sSeven|7\sEleven)(?:\s(?:&\s)?{_CAPITAL}){{1,4}})"
    r"(?:\.|,\s.{1,60}|\s?-\s.{1,60})?"
)
_NAMES_A_PLACE = re.compile(
    r"(?:Studio|Route|Pier|Number|Area|Bay|Track|Chapter|Highway|Bar|Cafe|Club|Cloud|Base|Motel|Salon|Kitchen"
    r"|Lab|Agency|Interstate|Channel)\s[0-9]"
)
_COUNTS_SOMETHING = re.compile(r"(?:Approx|Circa|Phase|Year|Grade|Top|Series|Block|Suite|Building|Tower)\s[0-9]")
_A_BUILDING = frozenset({"building", "house", "center", "centre", "warehouse", "mall", "market"})
_INSIDE_ONE = re.compile(
    r"(?:No|Gate|Room|Level|Unit|Platform|Hangar|Dock|District|Sector|Zone|Warehouse|Floor)\s[0-9]"
)


def _is_numbered_firm(name: str) -> bool:
    """Studio 54 Hair, Level 3 Fitness, but neither Budget 20 Services nor Unit 12 Business Centre."""
    if _NAMES_A_PLACE.match(name):
        return True
    if not _ends_a_firm(name) or _COUNTS_SOMETHING.match(name) or is_common(name.split()[0].lower()):
        return False
    return not (_INSIDE_ONE.match(name) and name.split()[-1].lower() in _A_BUILDING)


def _ends_a_firm(name: str) -> bool:
    last = name.split()[-1].lower()
    return last in firm_words("ends_a_firm") or last.removesuffix("s") in firm_words("ends_a_firm")


def firm_alone(written: str, *, awaited: bool = False) -> Introduced | None:
    """Where they work: We (Nimbus Insurance, 150 staff); im calling from greenway motors; I run Kestrel Foods.

    `awaited` tells that the firm was asked for, so that "its pinewood dental" may be one.
    """
    its = _ITS.match(written) if awaited else None
    if its and looks(its["firm"].title()) is Looks.FIRM and not any(map(is_common, its["firm"].split())):
        return Introduced(firm=its.span("firm"))
    numbered = _NUMBERED.fullmatch(written) if awaited else None
    if numbered and _is_numbered_firm(numbered["firm"]):
        return Introduced(firm=numbered.span("firm"))
    here = _HERE.match(written)
    if here and looks(here["firm"]) is Looks.FIRM:
        return Introduced(firm=here.span("firm"))
    says = _BEFORE_A_FIRM.search(written, 0, LONGEST_HEAD)
    if says is None:
        return None
    if firm := _FIRM.match(written, says.end()):
        if _CALLED.search(says.group()) and may_be_firm(firm["firm"]):
            return Introduced(firm=firm.span("firm"))
        return Introduced(firm=firm.span("firm")) if looks(firm["firm"]) is Looks.FIRM else None
    small = _SMALL_FIRM.match(written, says.end()) if _FROM.search(says.group()) else None
    known = small and looks(small["firm"].title()) is Looks.FIRM and not any(map(is_common, small["firm"].split()))
    return Introduced(firm=small.span("firm")) if small and known else None
