"""Finding the phrase lists of acts, orders to the bot, and yes and no in a text.

The lists hold thousands of variants, so we look only where one may begin: its first letters are kept in a table.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from dialogs.reading.lexicon import LexiconProblem, lexicon
from dialogs.reading.notation import HEAD, MARKS, Groups, NotAPhrase, Phrase, parse
from dialogs.reading.places import Beginnings
from dialogs.reading.text import MOST

LANGUAGES = ("ja", "en")
MOST_TRIES = 10 * MOST
"""Places in one message where we try the lists; a person's message has far fewer."""


class Hit(NamedTuple):
    """Where a phrase list matched: the name of the list and the place in the plain text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, eq=False)
class _Listed:
    """One phrase and the name of its list.

    Its pattern is made when a text first has its beginning: most never do, and until then it stays as it is written.
    """

    name: str
    written: str
    groups: Mapping[str, str]
    language: str
    begins_a_clause: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.source)

    @property
    def source(self) -> str:
        source = parse(self.written, Groups(self.groups)).source(words_alone=self.language == "ja")
        return source + ("(?![a-z0-9])" if self.language == "en" else "")


@dataclass(frozen=True, eq=False)
class _Headed:
    """The phrases that may begin with the same letters; one object for all beginnings of the same phrases."""

    phrases: Sequence[_Listed]

    @cached_property
    def each(self) -> Sequence[tuple[str, re.Pattern[str]]]:
        return tuple((one.name, one.pattern) for one in self.phrases)

    @cached_property
    def within(self) -> "_Headed":
        """Those that may begin inside of a clause."""
        inside = [one for one in self.phrases if not one.begins_a_clause]
        return _Headed(inside) if len(inside) < len(self.phrases) else self

    @cached_property
    def any(self) -> re.Pattern[str] | None:
        """Of many phrases it tells at once whether one of them can match; each has a pattern only when one did."""
        return re.compile("|".join(one.source for one in self.phrases)) if len(self.phrases) >= MANY else None


MANY = 16


@dataclass(frozen=True, kw_only=True)
class _Lists:
    """All phrases of one file and language under the letters they may begin with, at most HEAD of them.

    Under "can" stand those that begin with "c", "ca" or "can".
    """

    beginning: Mapping[str, Sequence[_Headed]]
    beginnings: Beginnings
    whole_words: bool

    def hits(self, plain: str) -> Mapping[str, Sequence[Hit]]:
        """The lists that match and their places, those of one list never inside each other."""
        found: dict[str, list[Hit]] = {}
        for at, headed in islice(self._tries(plain), MOST_TRIES):
            if headed.any and not headed.any.match(plain, at):
                continue
            for name, pattern in headed.each:
                if match := pattern.match(plain, at):
                    hits = found.setdefault(name, [])
                    if not hits or at >= max(hits[-1].end, hits[-1].start + 1):
                        hits.append(Hit(name, at, match.end()))
        return found

    def _tries(self, plain: str) -> Iterator[tuple[int, _Headed]]:
        headed_by = self.beginning.get
        places = self.beginnings.at_words(plain) if self.whole_words else self.beginnings.find(plain)
        return (
            (at, headed if at < 2 or plain[at - 1] in MARKS or not plain[at - 2].isalnum() else headed.within)
            for at in places
            for headed in headed_by(plain[at : at + HEAD])
            or headed_by(plain[at : at + 2])
            or headed_by(plain[at : at + 1], ())
        )


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The lists of one lexicon file, ready to search."""

    file: str

    def every(
        self, name: str, plain: str, languages: tuple[str, ...], start: int = 0, end: int | None = None
    ) -> list[Hit]:
        """The places where the list matches and begins between `start` and `end`, Japanese before English."""
        stop = len(plain) if end is None else end
        return [hit for hit in heard(self.file, plain, languages).get(name, ()) if start <= hit.start < stop]

    def first(
        self, name: str, plain: str, languages: tuple[str, ...], start: int = 0, end: int | None = None
    ) -> Hit | None:
        every = self.every(name, plain, languages, start, end)
        return every[0] if every else None

    def says(self, name: str, plain: str, languages: tuple[str, ...]) -> bool:
        return name in heard(self.file, plain, languages)


@cache
def load(file: str) -> Phrases:
    """The lists of lexicons/<file>.toml, each with `ja` and `en`. A search raises LexiconProblem."""
    return Phrases(file=file)


@lru_cache(maxsize=64)
def heard(file: str, plain: str, languages: tuple[str, ...]) -> Mapping[str, Sequence[Hit]]:
    """Every list of the file that matches, with its places in the text; Japanese before English."""
    if len(languages) == 1:
        return _hits(file, plain, languages[0])
    found: dict[str, Sequence[Hit]] = {}
    for language in languages:
        for name, hits in _hits(file, plain, language).items():
            found[name] = [*found.get(name, ()), *hits]
    return found


@lru_cache(maxsize=64)
def _hits(file: str, plain: str, language: str) -> Mapping[str, Sequence[Hit]]:
    return _lists(file, language).hits(plain)


@cache
def _lists(file: str, language: str) -> _Lists:
    beginning: dict[str, list[_Listed]] = {}
    listed = lexicon(file)
    for section in listed.sections:
        phrases = [phrase for _, phrase in listed.phrases(section, (language,))]
        for phrase in sorted(phrases, key=lambda each: len(each.written), reverse=True):
            one = _Listed(
                name=section,
                written=phrase.written,
                groups=listed.groups,
                language=language,
                begins_a_clause=phrase.begins_a_clause,
            )
            for head in _heads(file, f"{section}.{language}", phrase):
                beginning.setdefault(head, []).append(one)
    return _Lists(
        beginning=_with_those_that_begin_shorter(beginning),
        beginnings=Beginnings.of(beginning),
        whole_words=language == "en",
    )


def _with_those_that_begin_shorter(beginning: Mapping[str, Sequence[_Listed]]) -> Mapping[str, Sequence[_Headed]]:
    """Of ten thousand beginnings most share their phrases with others, and then what is made of them as well."""
    made = {phrases: _Headed(phrases) for phrases in map(tuple, beginning.values())}
    together: dict[tuple[_Headed, ...], tuple[_Headed, ...]] = {}
    shorter = {
        head: tuple(made[tuple(beginning[head[:size]])] for size in range(1, len(head) + 1) if head[:size] in beginning)
        for head in beginning
    }
    return {head: together.setdefault(each, each) for head, each in shorter.items()}


def _heads(file: str, key: str, phrase: Phrase) -> set[str]:
    try:
        return phrase.heads()
    except NotAPhrase as mistake:
        raise LexiconProblem(f"{file}.toml", key, f"cannot read {phrase.written!r}: {mistake}") from mistake
