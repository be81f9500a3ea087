"""What a short message says as a whole, by the lists of reading/lexicons/talk.toml, in either language.

What answers a question is read by dialogs/reading; here is what people say to the bot, or about the talk itself.
"""

import re
from functools import cache

from dialogs.reading.lexicon import lexicon
from dialogs.reading.phrases import LANGUAGES, Hit, load
from dialogs.reading.text import Text

FILE = "talk"
LONGEST = 200  # characters
_BETWEEN = " \u3000\t\r\n、。,.!?ー~-"
_INSIDE = re.compile("(?<=[a-z0-9])[a-z0-9]")


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
    """Whether it is made of words of this list, and of the lists that may stand beside it.

    It walks over the places where a word may begin, each one once: a courtesy said twenty times has a million ways
    to be taken apart.
    """
    if len(plain) > LONGEST or _words(name).search(plain) is None:
        return False
    every = _every_word(name, *beside)
    begins = {0}
    for at in range(len(plain)):
        if at in begins:
            begins |= {len(plain) - len(plain[end:].lstrip(_BETWEEN)) for end in _ends(every, plain, at)}
    return len(plain) in begins


def left_beside(plain: str, *names: str) -> str:
    """What is left of it without the words of these lists."""
    return _every_word(*names).sub(" ", plain).strip(_BETWEEN)


def _ends(every: re.Pattern[str], plain: str, at: int) -> list[int]:
    """Where a word that begins here may end, which is not inside of a longer one: "no" is none in "nobody"."""
    if every.match(plain, at) is None:
        return []
    ends = (end for end in range(at + 1, len(plain) + 1) if _INSIDE.match(plain, end) is None)
    return [end for end in ends if every.fullmatch(plain, at, end)]


@cache
def _every_word(*names: str) -> re.Pattern[str]:
    return re.compile("|".join(_words(name).pattern for name in names))


def _words(name: str) -> re.Pattern[str]:
    return lexicon(FILE).pattern(name, "ja")  # which holds the English ones, too
