"""Finding the phrase lists of acts, orders to the bot, and yes and no in a text.

The lists hold thousands of variants, so we look only where one may begin: its first letters are kept in a table.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from operator import add

from dialogs.reading.lexicon import LexiconProblem, lexicon
from dialogs.reading.notation import HEAD, NotAPhrase, Phrase
from dialogs.reading.text import MOST

LANGUAGES = ("ja", "en")
MOST_TRIES = 10 * MOST
"""Places in one message where we try the lists; a person's message has far fewer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """Where a phrase list matched: the name of the list and the place in the plain text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class _Lists:
    """All phrases of one file and language under the letters they may begin with, each with the name of its list.

    `pairs` are the first two letters of those beginnings, `letters` the beginnings of one letter.
    """

    beginning: Mapping[str, Sequence[tuple[str, re.Pattern[str]]]]
    pairs: frozenset[str]
    letters: frozenset[str]
    word_start: re.Pattern[str]
    whole_words: bool

    def hits(self, plain: str) -> Iterator[Hit]:
        done: dict[str, int] = {}
        for at, head in islice(self._places(plain), MOST_TRIES):
            for name, pattern in self.beginning[head]:
                if at >= done.get(name, 0) and (match := pattern.match(plain, at)):
                    done[name] = max(match.end(), at + 1)
                    yield Hit(name=name, start=at, end=match.end())

    def _places(self, plain: str) -> Iterator[tuple[int, str]]:
        for at in self._word_starts(plain) if self.whole_words else self._starts(plain):
            for size in range(1, HEAD + 1):
                head = plain[at : at + size]
                if head in self.beginning:
                    yield at, head

    def _starts(self, plain: str) -> list[int]:
        pairs, letters = self.pairs, self.letters
        following = map(add, plain, plain[1:] + " ")
        return [at for at, pair in enumerate(following) if pair in pairs or pair[0] in letters]

    def _word_starts(self, plain: str) -> list[int]:
        starts = [match.start() for match in self.word_start.finditer(plain)]
        return [at for at in starts if plain[at : at + 2] in self.pairs or plain[at] in self.letters]


def _word_start(letters: Iterable[str]) -> re.Pattern[str]:
    """Places outside of words where a phrase may begin with one of these letters; "v2" and "50k" are words."""
    others = "".join(re.escape(letter) for letter in letters if not letter.isascii())
    return re.compile(rf"(?<![a-z0-9])[!-~{others}]|[!-/:-@\[-`{{-~{others}]")


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The lists of one lexicon file, ready to search; `lists` are the phrases as they stand in the file."""

    file: str
    lists: Mapping[str, Mapping[str, Sequence[Phrase]]]

    def every(
        self, name: str, plain: str, languages: tuple[str, ...], start: int = 0, end: int | None = None
    ) -> Iterator[Hit]:
        """The places where the list matches and begins between `start` and `end`, Japanese before English."""
        stop = len(plain) if end is None else end
        return (
            hit
            for language in languages
            for hit in _hits(self.file, plain, language).get(name, ())
            if start <= hit.start < stop
        )

    def first(
        self, name: str, plain: str, languages: tuple[str, ...], start: int = 0, end: int | None = None
    ) -> Hit | None:
        return next(self.every(name, plain, languages, start, end), None)

    def says(self, name: str, plain: str, languages: tuple[str, ...]) -> bool:
        return any(name in _hits(self.file, plain, language) for language in languages)


@cache
def load(file: str) -> Phrases:
    """The lists of lexicons/<file>.toml, each with `ja` and `en`. Raises LexiconProblem."""
    return Phrases(file=file, lists=lexicon(file).sections)


@lru_cache(maxsize=32)
def _hits(file: str, plain: str, language: str) -> Mapping[str, Sequence[Hit]]:
    found: dict[str, list[Hit]] = {}
    for hit in _lists(file, language).hits(plain):
        found.setdefault(hit.name, []).append(hit)
    return found


@cache
def _lists(file: str, language: str) -> _Lists:
    beginning: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for name, by_language in load(file).lists.items():
        for phrase in sorted(by_language.get(language, ()), key=lambda each: len(each.written), reverse=True):
            pattern = re.compile(
                phrase.source(words_alone=language == "ja") + ("(?![a-z0-9])" if language == "en" else "")
            )
            for head in _heads(file, f"{name}.{language}", phrase):
                beginning.setdefault(head, []).append((name, pattern))
    return _Lists(
        beginning=beginning,
        pairs=frozenset(head[:2] for head in beginning if len(head) > 1),
        letters=frozenset(head for head in beginning if len(head) == 1),
        word_start=_word_start({head[0] for head in beginning}),
        whole_words=language == "en",
    )


def _heads(file: str, key: str, phrase: Phrase) -> set[str]:
    try:
        return phrase.heads()
    except NotAPhrase as mistake:
        raise LexiconProblem(f"{file}.toml", key, f"cannot read {phrase.written!r}: {mistake}") from mistake
