"""Finding the words of a lexicon table in a text, longest first, by looking them up instead of by one big pattern.

"no say in it" is found before "no", and most letters of a text cost no more than one look into a dictionary.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from dialogs.reading.lexicon import lexicon
from dialogs.reading.meanings import Meanings
from dialogs.reading.places import KEPT, LATIN_WORD, Beginnings, latin_words
from dialogs.reading.text import MOST

HEAD = 3
"""Letters by which a spelling in another script is found."""
Lengths = Mapping[str, tuple[int, ...]]
"""How words begin, and how long those are that begin so, the longest first."""


class Word(NamedTuple):
    """A phrase of the table: what it means there, and its place in the plain text."""

    meaning: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The spellings of one table, found by how they begin: with Latin words, or with letters of another script.

    `latin` holds the first two words of a spelling, or its only word and the letter behind it; `other` holds the first
    HEAD letters.
    """

    meanings: Meanings
    first_words: frozenset[str]
    latin: Lengths
    other: Lengths
    beginnings: Beginnings

    def find(self, plain: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
        """The words from left to right, none inside another; at most MOST of them."""
        joined, meanings = _joined_text(plain), self.meanings
        signs, mask = meanings.signs, meanings.mask
        reached, count, stop = start, 0, len(plain) if end is None else end
        for at, lengths in self._beginnings(plain, joined):
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

    def _beginnings(self, plain: str, joined: str) -> Sequence[tuple[int, tuple[int, ...]]]:
        found, other = self._latin_beginnings(joined), self.other
        if joined.isascii():
            return found
        for at in self.beginnings.find(plain):  # where no word begins with a letter and a blank, the same places
            if lengths := other.get(joined[at : at + HEAD]) or other.get(joined[at : at + 2]) or other.get(joined[at]):
                found.append((at, lengths))
        found.sort()
        return found

    def _latin_beginnings(self, joined: str) -> list[tuple[int, tuple[int, ...]]]:
        words, first_words, latin = latin_words(joined), self.first_words, self.latin
        found = []
        for place, (at, word) in enumerate(words, 1):
            if word in first_words:
                following, behind = words[place] if place < len(words) else (at, word)
                lengths = latin.get(joined[at : following + len(behind)])
                if lengths := lengths or latin.get(joined[at : at + len(word) + 1]) or latin.get(word):
                    found.append((at, lengths))
        return found


def _joined(plain: str) -> str:
    """ "sign-off" is written "sign off" as well."""
    return plain.replace("-", " ").replace("\n", " ")


_joined_text = lru_cache(maxsize=KEPT)(_joined)


def _is_whole(spelling: str, joined: str, end: int) -> bool:
    """English phrases end where a word ends."""
    last, behind = spelling[-1], joined[end : end + 1]
    return not (last.isascii() and last.isalnum() and behind.isascii() and behind.isalnum())


@cache
def vocabulary(file: str, section: str) -> Vocabulary:
    """The table `section` of `lexicons/<file>.toml`. Raises LexiconProblem."""
    latin: defaultdict[str, set[int]] = defaultdict(set)
    other: defaultdict[str, set[int]] = defaultdict(set)
    first_words: dict[str, str] = {}
    meanings = Meanings(_noted(lexicon(file).spelled(section), first_words, latin, other))
    for words, first in first_words.items():
        latin[words] |= latin.get(words[: len(first) + 1], set()) | latin.get(first, set())
    for head, lengths in other.items():
        lengths |= other.get(head[:2], set()) | other.get(head[0], set())
    same: dict[tuple[int, ...], tuple[int, ...]] = {}  # one object for the thousands of beginnings that have the same
    return Vocabulary(
        meanings=meanings,
        first_words=frozenset(first_words.values()),
        latin={words: same.setdefault(every := _longest_first(lengths), every) for words, lengths in latin.items()},
        other={head: same.setdefault(every := _longest_first(lengths), every) for head, lengths in other.items()},
        beginnings=Beginnings.of(other),
    )


def _noted(
    spelled: Iterable[tuple[str, str]],
    first_words: dict[str, str],
    latin: Mapping[str, set[int]],
    other: Mapping[str, set[int]],
) -> Iterator[tuple[str, str]]:
    """The spellings as they are compared, each noted by how it begins as it passes: all at once would be 9 MB."""
    for spelling, meaning in spelled:
        phrase = _joined(spelling)
        if word := LATIN_WORD.match(phrase):
            second = LATIN_WORD.search(phrase, word.end())
            words = phrase[: second.end() if second else word.end() + 1]
            first_words[words] = word.group()
            latin[words].add(len(phrase))
        else:
            other[phrase[:HEAD]].add(len(phrase))
        yield phrase, meaning


def _longest_first(lengths: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(lengths, reverse=True))
