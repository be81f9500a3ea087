"""The currency of amounts that carry none themselves, where the text says it elsewhere.

40k. Euros.                              EUR
our turnover is €4m, we could spend 30k  EUR
50k. We bill our clients in euros.       none
"""

import re
from collections.abc import Sequence
from functools import cache

from dialogs.reading.found import Span
from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import Text


def currency_named(text: Text, amounts: Sequence[Span]) -> str | None:
    """The currency code of these amounts; yen where Japanese names none, None where English does."""
    table = lexicon("money").table("currency")
    for named in table.words.pattern.finditer(text.plain):
        if text.language == "ja" or _is_theirs(text, named, amounts):
            return table[named.group()]
    return "JPY" if text.language == "ja" else None


def _is_theirs(text: Text, named: re.Match[str], amounts: Sequence[Span]) -> bool:
    """Whether it is the currency of a sum, or of what they speak of: "all figures in GBP", not "euro pallets"."""
    plain, start, end = text.plain, named.start(), named.end()
    if not named.group().isalpha():
        return True
    if _WEIGHS.match(plain, start) or _NAMES_A_KIND.match(plain, start) or _is_in_a_name(text, start, end):
        return False
    if _BEHIND_A_SUM.search(plain, max(0, start - 16), start) or _IN_FRONT_OF_A_SUM.match(plain, end):
        return True
    clause = _clause(plain, start, end)
    if any(clause[0] <= amount[0] and amount[1] <= clause[1] for amount in amounts):
        return _OF_OTHERS.search(plain, *clause) is None
    if plain.startswith("?", clause[1]):
        return False  # "dollars or euros?"
    return all(word in _said_of_sums() for word in _WORD.findall(plain, *clause))


def _is_in_a_name(text: Text, start: int, end: int) -> bool:
    """Euro Pallets, Sterling Road"""
    return text.words(start, start + 1).isupper() and _ANOTHER_CAPITAL.match(text.words(end, end + 3)) is not None


def _clause(plain: str, start: int, end: int) -> Span:
    begins = max((mark.end() for mark in _PARTS.finditer(plain, 0, start)), default=0)
    stops = _PARTS.search(plain, end)
    return begins, stops.start() if stops else len(plain)


@cache
def _said_of_sums() -> frozenset[str]:
    words = lexicon("money")
    names = (word for spelling in words.table("currency").words.spellings for word in spelling.split())
    return frozenset((*words.words("said_of_sums", "en").spellings, *names))


_ANOTHER_CAPITAL = re.compile(r"\s[A-Z][a-z]")
_WEIGHS = re.compile(r"pounds? (?:of|per|each|heavy|weight|a (?:day|week|head))(?![a-z])")
_NAMES_A_KIND = re.compile(
    r"(?:dollar|euro|pound|buck|rand|sterling)[ -](?!budget|budgets|amount|amounts|figure|figures|terms|price|limit"
    r"|cap|total|or|and|is|max|please)[a-z]"
)
"""In front of a noun it is no unit: "dollar store", "a million dollar question", "the euro zone"."""
_BEHIND_A_SUM = re.compile(
    r"(?:[0-9]|[0-9]\s?(?:k|m|mil|bn)|grand|hundred|thousand|million|billion|lakhs?|crores?|couple of|few"
    r"|thousands of)[\s-]?$"
)
_IN_FRONT_OF_A_SUM = re.compile(r"\s?[0-9]")
_PARTS = re.compile(r"[.,;:!?()\n]\s|[.,;!?()\n]$|[()\n]|\s-+\s")
_OF_OTHERS = re.compile(
    r"(?<![a-z])(?:bills?|billing|invoices?|invoicing|sells?|selling|sold|charge|charges|exports?|imports?|trade|trades|earn|earns|paid"
    r"|customers?|clients?|suppliers?|invoices|reports?|handle|handles|support|supports)(?![a-z])"
)
_WORD = re.compile(r"[a-z']+")
