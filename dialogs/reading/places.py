"""Where in a text words of our lists may begin: one quick look at its letters before anything is tried.

All lists of a text share the pairs of its letters and the starts of its words, which are taken once.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress, count
from operator import add

# "v2" and "50k" are words, a sign begins one by itself; kana and kanji begin no English word
_WORD_OR_SIGN = re.compile(r"[a-z0-9]+|[^\sa-z0-9\u3000-\u9fff]")
LATIN_WORD = re.compile(r"#?[a-z0-9]+")
KEPT = 16
"""Texts whose letters are kept: one message is read in a few forms, without its questions, without orders."""


@dataclass(frozen=True, kw_only=True)
class Beginnings:
    """How some words begin: with `pairs` of letters, or with one of the `letters` and anything behind it."""

    pairs: frozenset[str]
    letters: frozenset[str]
    any_letter: re.Pattern[str] | None

    @classmethod
    def of(cls, words: Iterable[str]) -> "Beginnings":
        letters = frozenset(word for word in words if len(word) == 1)
        return cls(
            pairs=frozenset(word[:2] for word in words if len(word) > 1),
            letters=letters,
            any_letter=re.compile(f"[{re.escape(''.join(sorted(letters)))}]") if letters else None,
        )

    def find(self, plain: str) -> list[int]:
        """Every place of the text where one of the words may begin, from left to right."""
        places = list(compress(count(), map(self.pairs.__contains__, pairs(plain))))
        if self.any_letter and (more := [match.start() for match in self.any_letter.finditer(plain)]):
            return sorted({*places, *more})
        return places

    def at_words(self, plain: str) -> Sequence[int]:
        """Every place where a Latin word or a sign begins that may begin one of the words, from left to right."""
        pairs, letters = self.pairs, self.letters
        found = [places for pair, places in _word_starts(plain).items() if pair in pairs or pair[0] in letters]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))

    def finditer(self, pattern: re.Pattern[str], plain: str) -> Iterator[re.Match[str]]:
        """What the pattern of the words finds; in a text of Latin letters it is tried only where one may begin."""
        if not plain.isascii():
            yield from pattern.finditer(plain)
            return
        end = 0
        for at in self.at_words(plain):
            if at >= end and (match := pattern.match(plain, at)):
                end = match.end()
                yield match


@dataclass(frozen=True, kw_only=True)
class Endings:
    """How some words end: a quick look at the letters in front of a place before a pattern that ends there is tried.

    Between the words and the place may stand `most` of the letters `between`.
    """

    tails: frozenset[str]
    between: frozenset[str]
    most: int

    def may_stand(self, plain: str, floor: int, end: int) -> bool:
        """Whether one of the words may end in front of `plain[end]`; nothing in front of `floor` belongs to it."""
        tails = self.tails
        if "" in tails:
            return True
        for at in range(end, max(floor, end - self.most - 1), -1):
            if plain[at - 1 : at] in tails or plain[at - 2 : at] in tails or plain[at - 3 : at] in tails:
                return True
            if plain[at - 1] not in self.between:
                return False
        return False


@lru_cache(maxsize=KEPT)
def pairs(plain: str) -> Sequence[str]:
    """Each letter with the one behind it."""
    return tuple(map(add, plain, plain[1:] + " "))


@lru_cache(maxsize=KEPT)
def _word_starts(plain: str) -> Mapping[str, Sequence[int]]:
    """Where the Latin words and the signs begin, by their first two letters."""
    starts: defaultdict[str, list[int]] = defaultdict(list)
    for match in _WORD_OR_SIGN.finditer(plain):
        at = match.start()
        starts[plain[at : at + 2]].append(at)
    return starts


@lru_cache(maxsize=KEPT)
def latin_words(plain: str) -> Sequence[tuple[int, str]]:
    """The Latin words and figures, each with its place."""
    return [(match.start(), match.group()) for match in LATIN_WORD.finditer(plain)]


def shows_any(plain: str, signs: tuple[str, ...]) -> bool:
    """Whether one of the signs stands in the text: a quick look before a rule is tried."""
    for sign in signs:  # noqa: SIM110  a plain loop: dozens of rules ask this for every text
        if sign in plain:
            return True
    return False
