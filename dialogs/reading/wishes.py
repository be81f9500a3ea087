"""A wish about their work in words of its own: 「固定電話を廃止したい」, "we want to double online sales"."""

import re
from collections.abc import Sequence
from itertools import islice

from dialogs.reading.clarity import overlaps
from dialogs.reading.clauses import clause
from dialogs.reading.found import FAIR, GUESSED, Found
from dialogs.reading.lexicon import lexicon
from dialogs.reading.need_words import AMOUNT_OR_DATE, categories, need_found, need_words, strength_of
from dialogs.reading.sought import sought
from dialogs.reading.text import MOST, Text
from dialogs.reading.their_work import WISHES_TO_KNOW
from dialogs.reading.wanted_things import names_a_thing, names_nothing
from qualification.bant import Need

# 「固定電話を廃止したい」, "we want to double online sales": something is done to a thing, with a verb nobody listed
_WISH_JA = sought(
    r"(?P<thing>[a-z0-9一-龯々ァ-ヴー]{2,24})(?:など|とか|等|の(?:方|件))?(?:を|が|も|に)(?P<verb>[^。、!?\n]{0,11}?"
    r"[いきしちにひみりぎじびえけせてねへめれげぜべ見])"
    r"(?:たい|たく|てほしい|て欲しい|てもらいたい|[らえけせ]れるように)"
)
_WISH_EN = sought(
    r"(?<![a-z])(?<!n't )(?<!not )(?<!never )(?:wants?|wanted|would like|would love|'d like|'d love"
    r"|hop(?:e|es|ing)|needs?|trying|aim(?:s|ing)?|goal is|objective is|target is|idea is|looking|keen|eager) to "
    r"(?P<verb>[a-z]+) (?P<thing>[a-z0-9$%'-]+)"
)


def wished(text: Text, ignore: Sequence[tuple[int, int]]) -> Found[Need] | None:
    """A wish about their work in words of its own; talking to us, buying and deciding are no such wish."""
    if _SIGN_OF_KNOWING[text.language] in text.plain and (known := _wants_to_know(text, ignore)):
        return known
    pattern = _WISH_JA if text.language == "ja" else _WISH_EN
    not_a_wish = lexicon("needs").pattern("not_a_wish", text.language)
    for match in islice(pattern.finditer(text.plain), MOST):
        start, end = match.span()
        if overlaps(start, end, ignore) or not_a_wish.search(text.plain, *match.span("verb")):
            continue
        thing = match["thing"]
        named = not names_nothing(thing) if text.language == "ja" else names_a_thing(text, match.start("thing"))
        if named and not AMOUNT_OR_DATE.search(text.plain, *clause(text.plain, text.language, start, end)):
            value = Need(
                present=True,
                strength=strength_of(text, list(need_words(text, ignore)), False),
                categories=categories(text),
            )
            return need_found(text, value, start, end, GUESSED, "wish")
    return None


def _wants_to_know(text: Text, ignore: Sequence[tuple[int, int]]) -> Found[Need] | None:
    """ "We want to see which ads bring in leads": what they cannot see of their own work."""
    for match in islice(WISHES_TO_KNOW[text.language].pattern.finditer(text.plain), MOST):
        start, end = match.span()
        wants = _WANTS.search(text.plain, max(0, start - 24), start) if text.language == "en" else match
        if wants and not overlaps(wants.start(), end, ignore):
            kinds = {*categories(text), "data"}
            value = Need(
                present=True,
                strength=strength_of(text, list(need_words(text, ignore)), False),
                categories=tuple(kind for kind in lexicon("needs").sections["category"] if kind in kinds),
            )
            return need_found(text, value, wants.start(), end, FAIR, "wants_to_know")
    return None


_SIGN_OF_KNOWING = {"en": " to ", "ja": "どの"}
_WANTS = re.compile(
    r"(?<![a-z])(?<!n't )(?<!not )(?:wants?|wanted|like|love|needs?|keen|hop(?:e|es|ing)|trying|eager|important)\s$"
)
