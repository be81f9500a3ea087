"""What a short message says as a whole, by the lists of reading/lexicons/talk.toml, in either language.

What answers a question is read by dialogs/reading; here is what people say to the bot, or about the talk itself.
"""

import re
from functools import cache

from dialogs.reading.lexicon import lexicon
from dialogs.reading.phrases import LANGUAGES, Hit, load
from dialogs.reading.text import Text

FILE = "talk"


def plain_of(text: str) -> str:
    """In the one spelling in which the lists are compared."""
    return Text.of(text).plain.strip()


def says(name: str, plain: str) -> bool:
    """Whether words of this list stand anywhere in it."""
    return load(FILE).says(name, plain, LANGUAGES)


def places_of(name: str, plain: str) -> list[Hit]:
    """Where words of this list stand in it."""
    return load(FILE).every(name, plain, LANGUAGES)


def is_nothing_but(plain: str, name: str, *beside: str) -> bool:
    """Whether it is made of words of this list, and of the lists that may stand beside it."""
    return _made_of(name, *beside).fullmatch(plain) is not None and _words(name).search(plain) is not None


@cache
def _made_of(*names: str) -> re.Pattern[str]:
    words = "|".join(_words(name).pattern for name in names)
    return re.compile(rf"(?:(?:{words})[\s、。,.!?ー~-]*)+")


def _words(name: str) -> re.Pattern[str]:
    return lexicon(FILE).pattern(name, "ja")  # which holds the English ones, too
