"""The words our rules know, kept as data: one TOML file a subject, which a bilingual salesperson can extend.

A file holds tables; a table is either words of both languages, or leads from a meaning to its spellings:

    [upper_bound]                          [currency]
    ja = ["以下", "まで", "が上限"]          JPY = ["円", "yen"]
    en = ["at most", "no more than"]       EUR = ["€", "ユーロ", "euro[s]"]

`dialogs/reading/notation.py` tells how a phrase is written. A file with a mistake is refused as a whole, with the
table and the phrase. What stays of a file are its phrases as they are written, a text for each list; as letters and
choices they would take 5 MB more, and are wanted once or twice, for a pattern.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from importlib import resources
from typing import Any

from dialogs.reading.found import Language
from dialogs.reading.notation import Groups, NotAPhrase, Phrase, one_of, parse, plain_phrase

GROUPS = "groups"
"""The table of a file that names words used in several of its phrases."""


class LexiconProblem(Exception):
    """A lexicon file is not what the reader needs; the message names the file, the table and the phrase."""

    def __init__(self, file: str, key: str, what: str) -> None:
        super().__init__(f"{file}: {key}: {what}")


@dataclass(frozen=True, kw_only=True)
class Words:
    """Some phrases, and the one pattern that finds any of them in a plain text.

    `read` gives the phrases; it is asked anew by each of the things that are made of them, and these are kept.
    """

    read: Callable[[], Sequence[Phrase]]

    @classmethod
    def spelled(cls, spellings: Sequence[str]) -> "Words":
        """Words whose letters all mean themselves."""
        return cls(read=lambda: tuple(map(plain_phrase, spellings)))

    @property
    def phrases(self) -> Sequence[Phrase]:
        return self.read()

    @cached_property
    def source(self) -> str:
        """Regular expression source, to be built into a longer pattern: wrap it in a group."""
        return one_of(self.phrases)

    @cached_property
    def glued_source(self) -> str:
        """Like `source`, but a phrase may follow a letter or digit directly ("50k", "us$")."""
        return one_of(self.phrases, left_edge=False)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.source)

    @cached_property
    def tails(self) -> frozenset[str]:
        """The last letters of each, at most HEAD of them; "" when one may end with anything."""
        return frozenset(tail for phrase in self.phrases for tail in phrase.tails())

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write each of them, for rules that compare whole words."""
        return tuple(dict.fromkeys(spelling for phrase in self.phrases for spelling in phrase.spellings()))


def only_where_one_begins(every: Iterable[Words]) -> str:
    """Source to put in front of a pattern of several groups of words, which lets `re` pass by where none begins."""
    firsts = {head[0] for words in every for phrase in words.phrases for head in phrase.heads()}
    latin = "".join(sorted(letter for letter in firsts if letter.isascii() and letter.isalnum()))
    other = "".join(map(re.escape, sorted(firsts - set(latin))))
    begins = [rf"(?<![a-z0-9])(?=[{latin}])"] * bool(latin) + [f"(?=[{other}])"] * bool(other)
    return f"(?:{'|'.join(begins)})"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Spellings that each mean one thing: a currency code, a multiplier, a month."""

    file: str
    section: str
    meanings: Mapping[str, str]

    @cached_property
    def words(self) -> Words:
        return Words.spelled(tuple(self.meanings))

    def __getitem__(self, found: str) -> str:
        """The meaning of a spelling that `words` found; hyphens and runs of spaces are one space, at its ends none."""
        return self.meanings.get(found) or self.meanings[re.sub(r"[\s-]+", " ", found).strip()]


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """`sections`: by its name the lists of each, a phrase a line; `groups`: the words that stand for a name in them."""

    file: str
    sections: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, str]
    _patterns: dict[tuple[str | tuple[str, ...], Language], re.Pattern[str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def words(self, section: str, language: Language) -> Words:
        """Words for a text of this language. A Japanese text may use English words as well, not the other way."""
        return _words(self, section, language)

    def pattern(self, section: str, language: Language) -> re.Pattern[str]:
        """The pattern of `words`, kept: rules ask for it dozens of times a text."""
        pattern = self._patterns.get((section, language))
        if pattern is None:
            pattern = self._patterns[section, language] = self.words(section, language).pattern
        return pattern

    def shows(self, sections: tuple[str, ...], language: Language, plain: str) -> bool:
        """Whether words of one of the sections stand in the text: one look in place of one for each."""
        pattern = self._patterns.get((sections, language))
        if pattern is None:
            every = [phrase for section in sections for phrase in self.words(section, language).phrases]
            pattern = self._patterns[sections, language] = Words(read=lambda: every).pattern
        return pattern.search(plain) is not None

    def table(self, section: str) -> Table:
        return _table(self, section)

    def spelled(self, section: str) -> Iterator[tuple[str, str]]:
        """Each spelling of a table with what it means, for whoever keeps tens of thousands in a way of their own."""
        for meaning, phrase in self.phrases(section, self._section(section)):
            for spelling in _spellings(self.file, f"{section}.{meaning}", phrase):
                yield spelling, meaning

    def phrases(self, section: str, names: Iterable[str]) -> Iterator[tuple[str, Phrase]]:
        """The phrases of these lists of a section, each with the name of its list; a list that is missing has none."""
        lists, groups = self._section(section), Groups(self.groups)
        return ((name, parse(line, groups)) for name in names for line in lists.get(name, "").splitlines())

    def _section(self, section: str) -> Mapping[str, str]:
        if section not in self.sections:
            raise LexiconProblem(self.file, section, "this section is missing")
        return self.sections[section]

    def __hash__(self) -> int:
        return hash(self.file)


@cache
def lexicon(name: str) -> Lexicon:
    """The lexicon `lexicons/<name>.toml`, read once. Raises LexiconProblem."""
    file = f"{name}.toml"
    try:
        stored = resources.files("dialogs.reading").joinpath("lexicons").joinpath(file).read_bytes()
    except FileNotFoundError as missing:
        raise LexiconProblem(file, name, "there is no such lexicon file") from missing
    return read_lexicon(file, stored)


def read_lexicon(file: str, stored: bytes) -> Lexicon:
    """A lexicon from TOML as an editor saved it; mistakes are told under the name `file`. Raises LexiconProblem."""
    try:
        sections = tomllib.loads(stored.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LexiconProblem(file, "whole file", "it is not written in UTF-8; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LexiconProblem(file, "whole file", str(error)) from error
    listed = _read_groups(file, sections.pop(GROUPS, {}))
    groups = Groups(listed)
    return Lexicon(
        file=file,
        sections={key: _read_section(file, key, section, groups) for key, section in sections.items()},
        groups=listed,
    )


def _read_groups(file: str, groups: Any) -> dict[str, str]:
    """Each group as the inside of a bracket: its words with "|" between them."""
    if not isinstance(groups, dict):
        raise LexiconProblem(file, GROUPS, "must be a section with lists of words")
    return {name: "|".join(_listed(file, f"{GROUPS}.{name}", words)) for name, words in groups.items()}


def _read_section(file: str, key: str, section: Any, groups: Groups) -> dict[str, str]:
    if not isinstance(section, dict):
        raise LexiconProblem(file, key, "must be a section with lists of words")
    return {name: _read_phrases(file, f"{key}.{name}", phrases, groups) for name, phrases in section.items()}


def _read_phrases(file: str, key: str, phrases: Any, groups: Groups) -> str:
    return "\n".join(_read_phrase(file, key, phrase, groups).written for phrase in _listed(file, key, phrases))


def _listed(file: str, key: str, phrases: Any) -> list[str]:
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
        raise LexiconProblem(file, key, "must be a list of words")
    return phrases


def _read_phrase(file: str, key: str, written: str, groups: Groups) -> Phrase:
    try:
        return parse(written, groups)
    except NotAPhrase as mistake:
        raise LexiconProblem(file, key, f"cannot read {written.strip()!r}: {mistake}") from mistake


@cache
def _words(lexicon: Lexicon, section: str, language: Language) -> Words:
    by_language = lexicon._section(section)
    if unknown := by_language.keys() - {"ja", "en"}:
        raise LexiconProblem(lexicon.file, f"{section}.{min(unknown)}", 'words are listed under "ja" and "en"')
    return Words(read=partial(_phrases, lexicon, section, ("ja", "en") if language == "ja" else ("en",)))


def _phrases(lexicon: Lexicon, section: str, names: Iterable[str]) -> Sequence[Phrase]:
    return tuple(phrase for _, phrase in lexicon.phrases(section, names))


@cache
def _table(lexicon: Lexicon, section: str) -> Table:
    return Table(file=lexicon.file, section=section, meanings=_meanings(lexicon, section))


def _meanings(lexicon: Lexicon, section: str) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for spelling, meaning in lexicon.spelled(section):
        if meanings.setdefault(spelling, meaning) != meaning:
            raise LexiconProblem(lexicon.file, f"{section}.{meaning}", f"{spelling!r} cannot mean this as well")
    return meanings


def _spellings(file: str, key: str, phrase: Phrase) -> list[str]:
    try:
        return phrase.spellings()
    except NotAPhrase as mistake:
        raise LexiconProblem(file, key, f"cannot read {phrase.written!r}: {mistake}") from mistake
