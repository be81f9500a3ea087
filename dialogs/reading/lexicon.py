"""The words our rules know, kept as data: one TOML file a subject, which a bilingual salesperson can extend.

A file holds sections; a section is either words of both languages, or a table from a meaning to its spellings:

    [upper_bound]                          [currency]
    ja = ["以下", "まで", "が上限"]          JPY = ["円", "yen"]
    en = ["at most", "no more than"]       EUR = ["€", "ユーロ", "eur(o|os)"]

How a phrase is written: small letters; "(a|b)" is one of them, "(a|)" is a or nothing; a space also stands for a
hyphen; "…" lets up to twelve characters of the same clause stand between. English phrases match whole words only.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any

from dialogs.reading.found import Language

GAP = "…"
_GAP_PATTERN = r"[^。、,.;!?\n]{0,12}?"
_SPACE_PATTERN = r"[\s-]{1,3}"
_RIGHT_EDGE = "(?!(?<=[a-z0-9])[a-z0-9])"

Tree = dict[str, "Tree"]
_END = ""


class LexiconProblem(Exception):
    """A lexicon file is not what the reader needs; the message names the file and the key."""

    def __init__(self, file: str, key: str, what: str) -> None:
        super().__init__(f"{file}: {key}: {what}")


@dataclass(frozen=True, kw_only=True)
class Words:
    """Some phrases, and the one pattern that finds any of them in a plain text."""

    phrases: tuple[str, ...]

    @cached_property
    def source(self) -> str:
        """Regular expression source, to be built into a longer pattern: wrap it in a group."""
        return _source(self.phrases)

    @cached_property
    def glued_source(self) -> str:
        """Like `source`, but a phrase may follow a letter or digit directly ("50k", "us$")."""
        return _source(self.phrases, left_edge=False)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.source)


@dataclass(frozen=True, kw_only=True)
class Table:
    """Spellings that each mean one thing: a currency code, a multiplier, a month."""

    file: str
    section: str
    meanings: Mapping[str, str]

    @cached_property
    def words(self) -> Words:
        return Words(phrases=tuple(self.meanings))

    def __getitem__(self, found: str) -> str:
        """The meaning of a spelling that `words` found; hyphens and runs of spaces count as one space."""
        return self.meanings.get(found) or self.meanings[re.sub(r"[\s-]+", " ", found)]


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    file: str
    sections: Mapping[str, Mapping[str, tuple[str, ...]]]
    _patterns: dict[tuple[str, Language], re.Pattern[str]] = field(default_factory=dict, repr=False, compare=False)

    def words(self, section: str, language: Language) -> Words:
        """Words for a text of this language. A Japanese text may use English words as well, not the other way."""
        return _words(self, section, language)

    def pattern(self, section: str, language: Language) -> re.Pattern[str]:
        """The pattern of `words`, kept: rules ask for it dozens of times a text."""
        pattern = self._patterns.get((section, language))
        if pattern is None:
            pattern = self._patterns[section, language] = self.words(section, language).pattern
        return pattern

    def table(self, section: str) -> Table:
        return _table(self, section)

    def _section(self, section: str) -> Mapping[str, tuple[str, ...]]:
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
        stored = resources.files("dialogs.reading").joinpath("lexicons").joinpath(file).read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise LexiconProblem(file, name, "there is no such lexicon file") from missing
    return read_lexicon(file, stored)


def read_lexicon(file: str, stored: str) -> Lexicon:
    """A lexicon from TOML text; `file` is the name that mistakes are reported under. Raises LexiconProblem."""
    try:
        sections = tomllib.loads(stored)
    except tomllib.TOMLDecodeError as error:
        raise LexiconProblem(file, "whole file", str(error)) from error
    return Lexicon(file=file, sections={key: _read_section(file, key, section) for key, section in sections.items()})


def _read_section(file: str, key: str, section: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(section, dict):
        raise LexiconProblem(file, key, "must be a section with lists of words")
    return {name: _read_phrases(file, f"{key}.{name}", phrases) for name, phrases in section.items()}


def _read_phrases(file: str, key: str, phrases: Any) -> tuple[str, ...]:
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
        raise LexiconProblem(file, key, "must be a list of words")
    for phrase in phrases:
        if phrase != phrase.lower():
            raise LexiconProblem(file, key, f"{phrase!r} must be written in small letters")
        if not _balanced(phrase):
            raise LexiconProblem(file, key, f"{phrase!r} has brackets that do not match")
    return tuple(re.sub(r"\s+", " ", phrase.strip()) for phrase in phrases)


def _balanced(phrase: str) -> bool:
    """Brackets match, and "|" stands inside of them only."""
    depth = 0
    for letter in phrase:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0 or (letter == "|" and depth == 0):
            return False
    return depth == 0


@cache
def _words(lexicon: Lexicon, section: str, language: Language) -> Words:
    by_language = lexicon._section(section)
    if unknown := by_language.keys() - {"ja", "en"}:
        raise LexiconProblem(lexicon.file, f"{section}.{min(unknown)}", 'words are listed under "ja" and "en"')
    japanese = by_language.get("ja", ()) if language == "ja" else ()
    return Words(phrases=japanese + by_language.get("en", ()))


@cache
def _table(lexicon: Lexicon, section: str) -> Table:
    meanings: dict[str, str] = {}
    for meaning, spellings in lexicon._section(section).items():
        for spelling in (whole for phrase in spellings for whole in _expand(phrase)):
            if meanings.setdefault(spelling, meaning) != meaning or GAP in spelling:
                raise LexiconProblem(lexicon.file, f"{section}.{meaning}", f"{spelling!r} cannot mean this as well")
    return Table(file=lexicon.file, section=section, meanings=meanings)


def _expand(phrase: str) -> list[str]:
    """ "(about|all around) it" -> "about it", "all around it"."""
    group = next((token for token in _split(phrase) if token.startswith("(")), None)
    if group is None:
        return [phrase]
    before, _, after = phrase.partition(group)
    return [whole for option in _options(group) for whole in _expand(before + option + after)]


def _split(phrase: str) -> list[str]:
    """Letters, and bracketed groups as one piece each."""
    pieces: list[str] = []
    depth = 0
    for letter in phrase:
        if depth:
            pieces[-1] += letter
        else:
            pieces.append(letter)
        depth += {"(": 1, ")": -1}.get(letter, 0)
    return pieces


def _options(group: str) -> list[str]:
    options = [""]
    for piece in _split(group[1:-1]):
        if piece == "|":
            options.append("")
        else:
            options[-1] += piece
    return options


def _source(phrases: Iterable[str], *, left_edge: bool = True) -> str:
    """One pattern for all phrases: a tree of their letters, so that each letter of a text is looked at about once.

    Every branch starts with a literal, which lets `re` skip quickly; that is why the check that no letter stands
    in front comes after the first letter ("t(?<![a-z0-9]t)bd").
    """
    tree: Tree = {}
    for phrase in phrases:
        for whole in _open_beginning(phrase):
            tokens = [*_tokens(whole), *([_RIGHT_EDGE] if whole[-1] == ")" or _latin(whole[-1]) else [])]
            if left_edge and _latin(whole[0]):
                tokens[0] += f"(?<![a-z0-9]{whole[0]})"
            _plant(tree, tokens)
    if not tree:
        return "(?!)"
    return "|".join(token + _branch(rest) for token, rest in tree.items())


def _open_beginning(phrase: str) -> list[str]:
    """A phrase that begins with a group becomes one phrase for each of its options."""
    pieces = _split(phrase)
    if not pieces[0].startswith("("):
        return [phrase]
    rest = "".join(pieces[1:])
    return [whole for option in _options(pieces[0]) for whole in _open_beginning((option + rest).strip())]


def _tokens(phrase: str) -> list[str]:
    return [_token(piece) for piece in _split(phrase)]


def _token(piece: str) -> str:
    if piece.startswith("("):
        tree: Tree = {}
        for option in _options(piece):
            _plant(tree, _tokens(option))
        return _branch(tree)
    return {" ": _SPACE_PATTERN, GAP: _GAP_PATTERN}.get(piece) or re.escape(piece)


def _plant(tree: Tree, tokens: Iterable[str]) -> None:
    for token in tokens:
        tree = tree.setdefault(token, {})
    tree[_END] = {}


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _branch(tree: Tree) -> str:
    options = [token + _branch(rest) for token, rest in tree.items() if token != _END]
    if not options:
        return ""
    if len(options) == 1 and _END not in tree:
        return options[0]
    return f"(?:{'|'.join(options)})" + ("?" if _END in tree else "")
