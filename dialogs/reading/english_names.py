"""What a run of capitalised English words names: a person, a firm, or a job there.

Susan Leary          a person: we know the given name
Oakfield Dental      a firm: it ends with what it does
Calder Mills         either
Customer Support     neither
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from dialogs.reading.firm_words import EN_FORM, EN_TITLE
from dialogs.reading.found import Span
from dialogs.reading.lexicon import lexicon


@dataclass(frozen=True, kw_only=True, slots=True)
class Introduced:
    """Where the name of the person, that of their firm, and what they do there stand, each if it is said."""

    person: Span | None = None
    firm: Span | None = None
    job: Span | None = None


class Looks(Enum):
    PERSON = auto()
    FIRM = auto()
    EITHER = auto()
    NEITHER = auto()


_WORD = (
    r"(?!Sp\.\sz|GmbH\s&\sCo)(?:(?:[A-Z]\.){1,3}(?=\s?[A-Za-z(@])|(?:St|Mt|Ft)\.(?=\s[A-Z])|[0-9]{1,3}[A-Z][\w&-]*|(?:al|el|d|l|o)['-][A-Z][\w'-]*"
    r"|(?!I\b)[^\W\d_a-z](?:[\w'&+-]|\.(?=\w))*)"
)
_PARTICLE = r"(?:de|du|des|del|della|di|da|do|dos|das|la|le|les|van|von|der|den|ter|ten|bin|binti|ibn|al|el)"
_SMALL = rf"(?:of|the|and|for|{_PARTICLE}|och|und|et|&|\+)"
RUN = rf"{_WORD}(?:\s(?:{_SMALL}\s){{0,2}}{_WORD}){{0,5}}(?:{EN_FORM}){{0,2}}(?![\w@])"
"""Capitalised words that may be one name: van der Berg, Friends of the Earth, Quill & Co Ltd."""
PERSON_RUN = rf"{_WORD}(?:[ ](?:{_PARTICLE}[ ]){{0,2}}{_WORD}){{0,4}}(?![\w@]|\.[\w])"
"""Capitalised words that may be a person's whole name."""
HONORIFIC = (
    r"(?:(?:(?i:mr|mrs|ms|miss|mx|dr|prof|rev|fr|capt|cllr|hon)\.?|Professor|Pastor|Father|Reverend|Captain|Sister|Frau|Herr|Mme"
    r"|Madame|Monsieur|Señora?|Signora?|Chef|Coach)\s)"
)
_HAS_FORM = re.compile(rf"{EN_FORM}$")
_CAMEL = re.compile(r"(?!Ma?c[A-Z])[A-Z][a-z]+[A-Z][a-z]|[0-9]|[A-Z]{3,}")
_INITIAL = re.compile(r"(?:[A-Z]\.){1,3}$")
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "ter", "ten", "bin", "binti", "ibn", "del", "della", "di", "da", "dos"}
)
_PRONOUNS = frozenset({"i", "we", "you", "they", "he", "she", "it", "that", "there", "what", "who", "here"})
MOST_WORDS = 4
"""Words of a person's name."""


def looks(name: str) -> Looks:
    """What these words name, by themselves."""
    if name.startswith("The "):
        return Looks.FIRM if looks(name[4:]) in (Looks.FIRM, Looks.EITHER) and name.count(" ") > 1 else Looks.NEITHER
    words = name.split()
    plain = [word.strip(".,").lower().removesuffix("'s") for word in words]
    if plain[0].partition("'")[0] in _PRONOUNS or plain[0] in firm_words("product"):
        return Looks.NEITHER
    first, last = plain[0], plain[-1]
    if _HAS_FORM.search(name):
        return Looks.FIRM
    known = first in firm_words("given", "reached")
    if names_no_firm(" ".join(plain)):
        return Looks.NEITHER
    kind = last in firm_words("ends_a_firm") and not (known and last in firm_words("ends_a_name_too"))
    long = kind and len(words) > 2 and first in firm_words("may_begin_a_firm")
    if (first in firm_words("first_of_no_firm") and not long) or (
        first in _no_names() and not long and not (known and len(words) > 1)
    ):
        return Looks.NEITHER
    if len(words) == 1 and (re.match(EN_TITLE, name) or name.endswith("'s")):
        return Looks.NEITHER
    if len(words) == 1:
        return Looks.PERSON if known else Looks.NEITHER if kind else Looks.FIRM if _CAMEL.search(name) else Looks.EITHER
    if kind or first in firm_words("begins_a_firm") or _joins_like_a_firm(words, plain) or "'s" in name:
        return Looks.FIRM
    if known and "and" in words:
        return Looks.NEITHER  # two of them
    if known or _INITIAL.match(words[0]) or not _PARTICLES.isdisjoint(plain):
        return Looks.PERSON if len(words) <= MOST_WORDS else Looks.NEITHER
    if all(word in _no_names() or word in firm_words("department") for word in plain):
        return Looks.NEITHER
    return Looks.EITHER if len(words) <= MOST_WORDS and not _CAMEL.search(name) else Looks.FIRM


def names_no_firm(plain: str) -> bool:
    """Whether words in small letters name an event or a trade: japan fintech week, real estate."""
    words = plain.split()
    return (
        plain in firm_words("staff")
        or words[-1] in firm_words("event")
        or " ".join(words[-2:]) in firm_words("event")
        or firm_words("sector").issuperset(words)
    )


def may_be_firm(name: str) -> bool:
    """Whether these words may name a firm, and no place."""
    return len(name) > 1 and looks(name) in (Looks.FIRM, Looks.EITHER) and name.lower() not in firm_words("place")


def has_common_word(name: str) -> bool:
    """Whether one of the words is no name by itself: Stock Control, Head Office."""
    return not _common_words().isdisjoint(word.strip(".,").lower() for word in name.split())


@cache
def _common_words() -> frozenset[str]:
    firms = firm_words("ends_a_firm") - firm_words("ends_a_name_too")
    return _no_names() | firm_words("first_of_no_firm") | firm_words("department") | firm_words("place") | firms


def is_common(word: str) -> bool:
    """Whether a word in small letters is one of everyday speech, and part of no name."""
    return word in _no_names() or word in firm_words("first_of_no_firm")


def names_something_else(plain: str) -> bool:
    """What is written like a person's name and is a place, a product, a team or one of us."""
    first, last = plain.split()[0], plain.split()[-1]
    if "'" in first and first.partition("'")[0] in _PRONOUNS:
        return True
    if plain in _WHEN_TO_CALL:
        return True
    return plain in firm_words("place") or first in firm_words("product") or first == "bantline" or last in _GROUPS


_WHEN_TO_CALL = frozenset(
    {"anytime", "tonight", "immediately", "whenever", "sometime", "urgently", "directly", "instead"}
)
"""Call me Tonight"""


_GROUPS = frozenset({"team", "department", "dept", "office", "committee", "division"})


def _joins_like_a_firm(words: list[str], plain: list[str]) -> bool:
    """Harbor & Pine, Friends of the Earth, but not Anna and Tom."""
    if "and" in words:
        return plain[0] not in firm_words("given", "reached")
    return not {"&", "+", "of", "for", "the"}.isdisjoint(words)


@cache
def firm_words(section: str, file: str = "firm") -> frozenset[str]:
    return frozenset(lexicon(file).words(section, "en").spellings)


@cache
def _no_names() -> frozenset[str]:
    return firm_words("no_name", "reached") | firm_words("not_a_company") | firm_words("no_whole_company")


# What somebody does there


def either(section: str, file: str = "firm") -> str:
    """The words of a list as a group of a pattern, the longest first; a space is any blank."""
    spelled = "|".join(map(re.escape, sorted(firm_words(section, file), key=len, reverse=True)))
    return rf"(?i:{spelled})".replace(r"\ ", r"\s")


@cache
def job() -> str:
    """Source of what somebody does: "purchasing manager", "head of IT", "freelancer", "in admissions"."""
    area = rf"(?:{either('department')}(?![a-z]))"
    what = rf"(?:{EN_TITLE}|{either('job')}(?![a-z]))"
    of = rf"\s(?:of|for|,)\s(?:{area}|(?:an?|the|our|their)\s[a-z][a-z' -]{{2,40}}|[a-z&]{{2,14}}|[A-Z]{{2,3}}\b)"
    two = r"\s(?:and|&)\s"
    return (
        rf"(?:(?:the\s|an?\s|our\s|their\s)?(?:[A-Za-z&/-]{{2,14}}\s){{0,3}}{what}(?:{of}(?:{two}[A-Za-z]{{2,14}})?)?(?:{two}{what})?"
        rf"|(?:in\s|from\s|runs\s)?(?:the\s)?{area}(?:\s(?i:team|department|dept|office))?)"
    )
