"""Finding the words of a lexicon table in a text, longest first, by looking them up instead of by one big pattern.

"no say in it" is found before "no", and most letters of a text cost no more than one look into a dictionary.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dialogs.reading.lexicon import lexicon
from dialogs.reading.meanings import Meanings
from dialogs.reading.places import LATIN_WORD, Beginnings, latin_words
from dialogs.reading.text import MOST

Lengths = Mapping[str, tuple[int, ...]]
"""How words begin, and how long those are that begin so, the longest first."""


class Word(NamedTuple):
    """A phrase of the table: what it means there, and its place in the plain text."""

    meaning: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The spellings of one table, found by how they begin: with a Latin word, or with two letters of another script."""

    meanings: Meanings
    latin: Lengths
    other: Lengths
    beginnings: Beginnings

    def find(self, plain: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
        """The words from left to right, none inside another; at most MOST of them."""
        joined, meanings = _joined(plain), self.meanings
        signs, mask = meanings.signs, meanings.mask
        reached, count, stop = start, 0, len(plain) if end is None else end
        for at, lengths in self._beginnings(joined):
            if not reached <= at < stop:
                continue
            for length in lengths:
                spelling = joined[at : at + length]
                if not signs[hash(spelling) & mask]:  # asked here: nine in ten are none of ours
                    continue
                if (meaning := meanings.get(spelling)) and _is_whole(spelling, joined, at + len(spelling)):
                    reached, count = at + len(spelling), count + 1
                    yield Word(meaning, at, reached)
                    break
            if count == MOST:
                return

    def _beginnings(self, joined: str) -> Sequence[tuple[int, tuple[int, ...]]]:
        latin, other = self.latin, self.other
        found = [(at, latin[word]) for at, word in latin_words(joined) if word in latin]
        if joined.isascii():
            return found
        for at in self.beginnings.find(joined):
            found.append((at, other.get(joined[at : at + 2]) or other[joined[at]]))
        found.sort()
        return found


def _joined(plain: str) -> str:
    """ "sign-off" is written "sign off" as well."""
    return plain.replace("-", " ").replace("\n", " ")


def _is_whole(spelling: str, joined: str, end: int) -> bool:
    """English phrases end where a word ends."""
    last, behind = spelling[-1], joined[end : end + 1]
    return not (last.isascii() and last.isalnum() and behind.isascii() and behind.isalnum())


@cache
def vocabulary(file: str, section: str) -> Vocabulary:
    """The table `section` of `lexicons/<file>.toml`. Raises LexiconProblem."""
    words = lexicon(file)
    meanings = {_joined(spelling): meaning for spelling, meaning in words.meanings(section).items()}
    words.let_go(section)
    latin: defaultdict[str, set[int]] = defaultdict(set)
    other: defaultdict[str, set[int]] = defaultdict(set)
    for phrase in meanings:
        if word := LATIN_WORD.match(phrase):
            latin[word.group()].add(len(phrase))
        else:
            other[phrase[:2]].add(len(phrase))
    for pair, lengths in other.items():
        lengths |= other.get(pair[0], set())
    return Vocabulary(
        meanings=Meanings(meanings),
        latin={word: tuple(sorted(lengths, reverse=True)) for word, lengths in latin.items()},
        other={pair: tuple(sorted(lengths, reverse=True)) for pair, lengths in other.items()},
        beginnings=Beginnings.of(other),
    )
