"""Finding the words of a lexicon table in a text, longest first, by looking them up instead of by one big pattern.

"no say in it" is found before "no", and most letters of a text cost no more than one look into a dictionary.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import MOST

Lengths = Mapping[str, tuple[int, ...]]
"""How words begin, and how long those are that begin so, the longest first."""

_LATIN_WORD = re.compile(r"[a-z0-9#]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A phrase of the table: what it means there, and its place in the plain text."""

    meaning: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The spellings of one table, found by how they begin: with a Latin word, or with two letters of another script."""

    meanings: Mapping[str, str]
    latin: Lengths
    other: Lengths
    first_letters: re.Pattern[str]

    def find(self, plain: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
        """The words from left to right, none inside another; at most MOST of them."""
        joined = _joined(plain)
        reached, count = start, 0
        for at, lengths in self._beginnings(joined, start, len(plain) if end is None else end):
            if at < reached:
                continue
            for length in lengths:
                spelling = joined[at : at + length]
                if spelling in self.meanings and _is_whole(
                    spelling, joined[at + len(spelling) : at + len(spelling) + 1]
                ):
                    reached, count = at + len(spelling), count + 1
                    yield Word(meaning=self.meanings[spelling], start=at, end=reached)
                    break
            if count == MOST:
                return

    def _beginnings(self, joined: str, start: int, end: int) -> list[tuple[int, tuple[int, ...]]]:
        latin, other = self.latin, self.other
        found = [
            (match.start(), latin[match.group()])
            for match in _LATIN_WORD.finditer(joined, start, end)
            if match.group() in latin
        ]
        if joined.isascii():
            return found
        for match in self.first_letters.finditer(joined, start, end):
            at = match.start()
            lengths = other.get(joined[at : at + 2]) or other.get(match.group())
            if lengths:
                found.append((at, lengths))
        found.sort()
        return found


def _joined(plain: str) -> str:
    """ "sign-off" is written "sign off" as well."""
    return plain.replace("-", " ").replace("\n", " ")


def _is_whole(spelling: str, behind: str) -> bool:
    """English phrases end where a word ends."""
    last = spelling[-1]
    return not (last.isascii() and last.isalnum() and behind.isascii() and behind.isalnum())


@cache
def vocabulary(file: str, section: str) -> Vocabulary:
    """The table `section` of `lexicons/<file>.toml`. Raises LexiconProblem."""
    meanings = {_joined(spelling): meaning for spelling, meaning in lexicon(file).table(section).meanings.items()}
    latin: defaultdict[str, set[int]] = defaultdict(set)
    other: defaultdict[str, set[int]] = defaultdict(set)
    for phrase in meanings:
        if word := _LATIN_WORD.match(phrase):
            latin[word.group()].add(len(phrase))
        else:
            other[phrase[:2]].add(len(phrase))
    for pair, lengths in other.items():
        lengths |= other.get(pair[0], set())
    first_letters = "".join(sorted({pair[0] for pair in other}))
    return Vocabulary(
        meanings=meanings,
        latin={word: tuple(sorted(lengths, reverse=True)) for word, lengths in latin.items()},
        other={pair: tuple(sorted(lengths, reverse=True)) for pair, lengths in other.items()},
        first_letters=re.compile(f"[{re.escape(first_letters)}]" if first_letters else "(?!)"),
    )
