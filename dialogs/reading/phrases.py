"""How the phrase lists in lexicons/*.toml are written, and how they become fast patterns.

    talk to <person>          <person> is another list of the same file
    (email|mail) me           one of several words
    [please] call me          a part that may be missing
    budget … wrong            a gap of at most fourteen characters inside one sentence
    approv*                   the beginning of a word
    ^skip$                    nothing else in the sentence

Everything else means itself. English phrases match whole words; an apostrophe may be missing.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LEXICONS = Path(__file__).parent / "lexicons"
LANGUAGES = ("ja", "en")

_GAP = r"[^。.!?\n]{0,14}?"
_START = r"(?:(?<=[。.!?\n、,;:「\"])|^)[ ]{0,3}"
_END = r"(?=[ ]{0,3}(?:[。.!?\n、,;:」\"~…]|$))"
_SIGNS = {
    "…": _GAP,
    "^": _START,
    "$": _END,
    "(": "(?:",
    ")": ")",
    "[": "(?:",
    "]": ")?",
    "|": "|",
    "*": "[a-z]*",
    " ": r"[\s-]{1,3}",
    "'": "['’]?",
}
_TOKEN = re.compile(r"<([a-z_]+)>|([a-z0-9]+)|(.)", re.DOTALL)

Lists = Mapping[str, tuple[str, ...]]


class PhraseMistake(ValueError):
    """A phrase in a lexicon cannot be read; the message names the file, the list and the phrase."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Where a phrase list matched: the name of the list and the place in the plain text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Phrases:
    """The lists of one lexicon file, ready to search."""

    patterns: Mapping[tuple[str, str], re.Pattern[str]]
    written: Mapping[str, Mapping[str, tuple[str, ...]]]

    def first(self, name: str, plain: str, languages: tuple[str, ...], start: int = 0) -> Hit | None:
        """The first place where the list matches, Japanese before English."""
        for language in languages:
            pattern = self.patterns.get((name, language))
            if pattern and (match := pattern.search(plain, start)):
                return Hit(name=name, start=match.start(), end=match.end())
        return None

    def every(self, name: str, plain: str, languages: tuple[str, ...]) -> Iterator[Hit]:
        for language in languages:
            if pattern := self.patterns.get((name, language)):
                for match in pattern.finditer(plain):
                    yield Hit(name=name, start=match.start(), end=match.end())

    def says(self, name: str, plain: str, languages: tuple[str, ...]) -> bool:
        return self.first(name, plain, languages) is not None


@cache
def load(file_name: str) -> Phrases:
    """Reads lexicons/<file_name>.toml: tables of lists, each with `ja` and `en`."""
    tables: dict[str, Any] = tomllib.loads((LEXICONS / f"{file_name}.toml").read_text("utf-8"))
    patterns = {
        (name, language): _compile(tables, name, language, file_name)
        for name, table in tables.items()
        for language in LANGUAGES
        if table.get(language)
    }
    written = {name: {each: tuple(table.get(each, ())) for each in LANGUAGES} for name, table in tables.items()}
    return Phrases(patterns, written)


def _compile(tables: dict[str, Any], name: str, language: str, file_name: str) -> re.Pattern[str]:
    source = _alternatives(tables, name, language, file_name, depth=0)
    # English words end where they end: "stop" is not in "stopwatch"
    whole = rf"(?<![a-z0-9]){source}(?![a-z0-9])" if language == "en" else source
    return re.compile(whole)


def _alternatives(tables: dict[str, Any], name: str, language: str, file_name: str, depth: int) -> str:
    if name not in tables or depth > 4:
        raise PhraseMistake(f"{file_name}.toml has no list <{name}> (or it contains itself)")
    parts = [_phrase(tables, written, language, file_name, depth) for written in tables[name].get(language, ())]
    longest_first = sorted(dict.fromkeys(parts), key=len, reverse=True)
    return f"(?:{'|'.join(longest_first)})"


def _phrase(tables: dict[str, Any], written: str, language: str, file_name: str, depth: int) -> str:
    built = "".join(_pieces(tables, written.lower(), language, file_name, depth))
    try:
        re.compile(built)
    except re.error as error:
        raise PhraseMistake(f"{file_name}.toml: cannot read the phrase {written!r}: {error}") from error
    return built


def _pieces(tables: dict[str, Any], written: str, language: str, file_name: str, depth: int) -> Iterator[str]:
    for listed, word, sign in _TOKEN.findall(written):
        if listed:
            yield _alternatives(tables, listed, language, file_name, depth + 1)
        elif word:
            # an abbreviation inside Japanese text stands alone: 「CEO」 but not the "it" of "Slackit"
            yield rf"(?<![a-z]){word}(?![a-z])" if language == "ja" and word.isalpha() else word
        else:
            yield _SIGNS.get(sign, re.escape(sign))
