"""How the phrase lists of acts, orders to the bot, and yes and no are written, and how they are found.

    (email|mail) me           one of several words
    [please] call me          a part that may be missing, with its space
    talk to … human           a gap of at most fourteen characters inside one sentence
    approv*                   the beginning of a word
    not #                     a number or an amount
    ^skip$                    begins a sentence or clause; ends one

Everything else means itself. English phrases match whole words; a space is also a hyphen; an apostrophe may be missing.

The lists hold thousands of variants, so we look only where one may begin: its first letters are kept in a table.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import islice

from dialogs.reading.text import MOST

LANGUAGES = ("ja", "en")
HEAD = 3
MOST_TRIES = 10 * MOST
"""Places in one message where we try the lists; a person's message has far fewer."""

_MARKS = r"。.!?\n、,;:「\"】)"
_SIGNS = {
    "…": r"[^。.!?\n]{0,14}?",
    "^": rf"(?:^|(?<=[{_MARKS}])|(?<=[{_MARKS}\s]\s))",
    "$": r"(?=[ ]{0,3}(?:[。.!?\n、,;:」\"~)]|$))",
    "*": "[a-z-]*",
    "#": r"[$€£¥]?\s?[0-9][0-9,.]*[a-z]{0,2}",
    " ": r"[\s-]{1,3}",
    "'": "'?",
}
_ZERO_WIDTH = frozenset("^$")
_OPEN_ENDED = frozenset("…* '")
_BEGIN_NUMBERS = tuple("0123456789$€£¥")

Node = str | tuple["Sequence_", ...]
Sequence_ = tuple[Node, ...]
"""A phrase: letters and signs one by one, and choices between phrases; a missing part is a choice with ()."""


class PhraseMistake(ValueError):
    """A phrase in a lexicon cannot be read; the message names the file, the list and the phrase."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """Where a phrase list matched: the name of the list and the place in the plain text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class _Lists:
    """All phrases of one file and language under the letters they may begin with, each with the name of its list."""

    beginning: Mapping[str, Sequence[tuple[str, re.Pattern[str]]]]
    letters: frozenset[str]
    whole_words: bool

    def hits(self, plain: str) -> Iterator[Hit]:
        done: dict[str, int] = {}
        for at, head in islice(self._places(plain), MOST_TRIES):
            for name, pattern in self.beginning[head]:
                if at >= done.get(name, 0) and (match := pattern.match(plain, at)):
                    done[name] = max(match.end(), at + 1)
                    yield Hit(name=name, start=at, end=match.end())

    def _places(self, plain: str) -> Iterator[tuple[int, str]]:
        for at, letter in enumerate(plain):
            if letter not in self.letters or (self.whole_words and _inside_word(plain, at)):
                continue
            for size in range(1, HEAD + 1):
                head = plain[at : at + size]
                if head in self.beginning:
                    yield at, head


def _inside_word(plain: str, at: int) -> bool:
    return at > 0 and plain[at].isalnum() and plain[at - 1].isascii() and plain[at - 1].isalnum()


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The lists of one lexicon file, ready to search; `written` are the phrases as they stand in the file."""

    file: str
    written: Mapping[str, Mapping[str, Sequence[str]]]

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
    """The lists of lexicons/<file>.toml, each with `ja` and `en`. Raises PhraseMistake."""
    stored = resources.files("dialogs.reading").joinpath("lexicons").joinpath(f"{file}.toml").read_text("utf-8")
    tables = tomllib.loads(stored)
    return Phrases(
        file=file,
        written={name: {each: tuple(table.get(each, ())) for each in LANGUAGES} for name, table in tables.items()},
    )


@lru_cache(maxsize=32)
def _hits(file: str, plain: str, language: str) -> Mapping[str, Sequence[Hit]]:
    found: dict[str, list[Hit]] = {}
    for hit in _lists(file, language).hits(plain):
        found.setdefault(hit.name, []).append(hit)
    return found


@cache
def _lists(file: str, language: str) -> _Lists:
    beginning: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for name, lists in load(file).written.items():
        for written in sorted(lists[language], key=len, reverse=True):
            try:
                phrase = parse(written)
                pattern = re.compile(_source(phrase, language) + ("(?![a-z0-9])" if language == "en" else ""))
                heads = _heads(phrase)
            except (ValueError, re.error) as error:
                raise PhraseMistake(f"{file}.toml: {name}.{language}: cannot read {written!r}: {error}") from error
            for head in heads:
                beginning.setdefault(head, []).append((name, pattern))
    letters = frozenset(head[0] for head in beginning)
    return _Lists(beginning=beginning, letters=letters, whole_words=language == "en")


# How a phrase is read


def parse(written: str) -> Sequence_:
    """The phrase as letters and choices. Raises ValueError for brackets that do not match."""
    phrase, rest = _sequence(written.lower())
    if rest:
        raise ValueError(f"nothing opens what {rest[0]!r} closes")
    return phrase


def _sequence(written: str) -> tuple[Sequence_, str]:
    """Nodes up to the sign that ends this part, and what is left from that sign on."""
    nodes: list[Node] = []
    while written and written[0] not in "|)]":
        sign = written[0]
        if sign in "([":
            options, written = _choice(written[1:], "]" if sign == "[" else ")")
            if sign == "[":
                options, written = _missing(options, nodes, written)
            nodes.append(options)
        else:
            nodes.append(sign)
            written = written[1:].removeprefix(" ") if sign == "…" else written[1:]
    return tuple(nodes), written


def _choice(written: str, closing: str) -> tuple[tuple[Sequence_, ...], str]:
    options: list[Sequence_] = []
    while True:
        option, written = _sequence(written)
        options.append(option)
        if not written.startswith("|"):
            break
        written = written[1:]
    if not written.startswith(closing):
        raise ValueError(f"{closing!r} is missing")
    return tuple(options), written[1:]


def _missing(options: tuple[Sequence_, ...], nodes: list[Node], rest: str) -> tuple[tuple[Sequence_, ...], str]:
    """A part that may be missing takes one of the spaces beside it along."""
    if nodes and nodes[-1] == " " and rest[:1] in ("", " ", "|", ")", "]", "$"):
        nodes.pop()
        return (*((" ", *option) for option in options), ()), rest
    if rest.startswith(" "):
        return (*((*option, " ") for option in options), ()), rest[1:]
    return (*options, ()), rest


def _source(phrase: Sequence_, language: str) -> str:
    parts: list[str] = []
    word = ""
    for node in phrase:
        if isinstance(node, str) and node.isascii() and node.isalpha():
            word += node
            continue
        parts.append(_word(word, language))
        word = ""
        parts.append(_node(node, language))
    return "".join(parts) + _word(word, language)


def _word(word: str, language: str) -> str:
    # an abbreviation inside Japanese text stands alone: 「CEO」 but not the "ai" of "mail"
    return rf"(?<![a-z]){word}(?![a-z])" if word and language == "ja" else word


def _node(node: Node, language: str) -> str:
    if isinstance(node, str):
        return _SIGNS.get(node) or re.escape(node)
    return f"(?:{'|'.join(_source(option, language) for option in node)})"


def _heads(phrase: Sequence_) -> set[str]:
    """The first letters with which the phrase may begin, at most HEAD of them."""
    heads, closed = _beginnings(phrase)
    if "" in heads | closed:
        raise ValueError("it may begin with anything")
    return heads | closed


def _beginnings(phrase: Sequence_) -> tuple[set[str], set[str]]:
    """Beginnings that go on behind this phrase, and those that are complete."""
    going, closed = {""}, set[str]()
    for node in phrase:
        if not going:
            break
        going, ended = _longer(going, node)
        closed |= ended
    return going, closed


def _longer(going: set[str], node: Node) -> tuple[set[str], set[str]]:
    if isinstance(node, tuple):
        parts = [_beginnings(option) for option in node]
        after = {(head + more)[:HEAD] for head in going for open_, _ in parts for more in open_}
        ended = {(head + more)[:HEAD] for head in going for _, shut in parts for more in shut}
    elif node in _ZERO_WIDTH:
        after, ended = going, set()
    elif node in _OPEN_ENDED:
        after, ended = set(), going
    else:
        letters = _BEGIN_NUMBERS if node == "#" else (node,)
        after, ended = {head + letter for head in going for letter in letters}, set()
        if node == "#":
            after, ended = set(), after
    return {head for head in after if len(head) < HEAD}, ended | {head for head in after if len(head) == HEAD}
