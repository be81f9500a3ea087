"""Patterns that know what they cannot do without: a text with none of those letters is not searched at all.

    (?<![a-z])(?:decides|signs) off (?:on )?the       needs "decides off " or "signs off "
    [0-9]{1,2}[/-][0-9]{4}                            needs "/" or "-"
    (?:は|が)?\\s?$                                     can do without any: always searched

The letters are taken from the pattern itself, so the two cannot part.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from re import _constants, _parser  # type: ignore[attr-defined]  # the tree of a pattern has no public name and no stubs
from typing import Any, NamedTuple

from dialogs.reading.places import Beginnings

Signs = tuple[str, ...]
ANYTHING: Signs = ("",)
MOST_SIGNS = 80
"""Looking for more of them would take as long as the search."""
_LONGEST_SIGN = 8
_HEAD = 2
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_CLASS = 26
"""Letters of a class, at most, that are looked for one by one."""


@dataclass(frozen=True)
class Look:
    """Whether one of some signs stands in a text: one pattern for many signs where `re` has more than Latin letters
    to pass by, else a search for each."""

    signs: Signs

    def finds(self, plain: str) -> bool:
        if len(self.signs) > _FEW and not plain.isascii():
            return self._pattern.search(plain) is not None
        for sign in self.signs:  # noqa: SIM110  a plain loop: dozens of rules ask this for every text
            if sign in plain:
                return True
        return False

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.signs)))


_FEW = 8


@dataclass(frozen=True)
class Sought:
    """A pattern to be searched for in whole texts, and the `look` that finds its signs: letters it cannot do without.

    `look` is for the plain text. Rules for a text with its capitals look there, and search with `pattern`. It is
    compiled when a text first holds its signs: many never are.
    """

    source: str
    look: Look

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.source)

    def search(self, plain: str) -> re.Match[str] | None:
        return self.pattern.search(plain) if self.look.finds(plain) else None

    def finditer(self, plain: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(plain) if self.look.finds(plain) else iter(())

    @cached_property
    def beginnings(self) -> Beginnings | None:
        """The letters it begins with, when it begins with a word, or with a choice whose first part does."""
        return Beginnings.of(beginnings_of(self.source)) if self.source.startswith(_BEGINS_A_WORD) else None

    @property
    def _whole_words(self) -> bool:
        return self.source.startswith(_BEGINS_A_WORD[0])

    def named_in(self, written: str, plain: str) -> Iterator[re.Match[str]]:
        """The matches in the text with its capitals; a pattern whose first letters are known is tried only there.

        What `plain` has blank is no beginning of a word; a pattern that may begin inside of one is tried there as well.
        """
        if not self.look.finds(plain):
            return
        if (begins := self.beginnings) is None or not (self._whole_words or written.isascii()):
            yield from self.pattern.finditer(written)
            return
        end = 0
        for at in begins.at_words(plain) if self._whole_words else begins.find(written.lower()):
            if at >= end and (match := self.pattern.match(written, at)):
                end = match.end()
                yield match


_BEGINS_A_WORD = (r"\b(?", r"(?:\b(?")


def sought(source: str, *, needs: str = "") -> Sought:
    """The pattern with a look for the signs that are in it, or in `needs`, a shorter one that fits wherever it does.

    One that begins where the text does is looked at itself.
    """
    return Sought(source=source, look=Look(ANYTHING if source.startswith("^") else signs_of(needs or source)))


class Either(NamedTuple):
    """Several patterns searched for as one that lists them with "|", each only where its own signs are."""

    every: tuple[Sought, ...]
    look: Look

    def finditer(self, plain: str) -> Iterator[re.Match[str]]:
        """The matches from left to right, none inside another; no pattern may match nothing."""
        if not self.look.finds(plain):
            return
        patterns = (one.pattern for one in self.every if one.look.finds(plain))
        following = [match for pattern in patterns if (match := pattern.search(plain))]
        while len(following) > 1:
            first = min(following, key=re.Match.start)
            yield first
            end = first.end()
            following = [
                match for each in following if (match := each if each.start() >= end else each.re.search(plain, end))
            ]
        for last in following:
            yield last
            yield from last.re.finditer(plain, last.end())


def either(*sources: str) -> Either:
    """The patterns, the first of which wins where several begin."""
    signs = _without_longer_ones(sign for source in sources for sign in signs_of(source))
    return Either(every=tuple(map(sought, sources)), look=Look(signs))


@dataclass(frozen=True)
class Ending:
    """A pattern that ends with "$", tried only where one of the letters it may end with stands; None for any."""

    pattern: re.Pattern[str]
    last_letters: frozenset[str] | None

    def search(self, written: str, start: int, end: int) -> re.Match[str] | None:
        if self.last_letters and written[end - 1 : end] not in self.last_letters:
            return None
        return self.pattern.search(written, start, end)


def ending(source: str) -> Ending:
    """The pattern with the letters in front of its "$", taken from the pattern itself."""
    return Ending(pattern=re.compile(source), last_letters=last_letters_of(source))


def signs_of(source: str) -> Signs:
    """Letters of which at least one stands in every match; ("",) when a match may hold anything."""
    return _needed(_parser.parse(source)) or ANYTHING


def beginnings_of(source: str) -> Signs:
    """The first two letters of every match, or one where anything may follow; "" when it begins with anything."""
    return _begins(_parser.parse(source))


def last_letters_of(source: str) -> frozenset[str] | None:
    """The last letter of every match, or the line break that "$" lets stand behind it; None when it may be any."""
    letters = _last(_parser.parse(source))
    return None if letters is None or "" in letters else letters | {"\n"}


# The tree of a pattern: pairs of an operation and its argument


def _needed(tree: Any) -> Signs | None:
    """The rarest letters of which whatever fits this part holds one; None when it may hold anything."""
    every: list[Signs | None] = []
    run, word = ANYTHING, ""
    for operation, argument in tree:
        if operation is _constants.ASSERT:  # what has to stand beside it stands in the text as well
            every.append(_needed(argument[1]))
        spelled = _spelled(operation, argument)
        if spelled and len(spelled) * len(run) <= MOST_SIGNS:
            run = tuple(map("".join, product(run, spelled)))
        else:
            every += (run, spelled or _inside(operation, argument))
            run = spelled or ANYTHING
        if spelled and len(spelled) == 1:
            word += spelled[0]
        else:
            every.append((word,))
            word = ""
    every += (run, (word,))
    found = [_without_longer_ones(signs) for signs in every if signs and "" not in signs]
    return min(found, key=_how_common, default=None)


def _inside(operation: Any, argument: Any) -> Signs | None:
    """What a longer part needs."""
    if operation is _constants.SUBPATTERN:
        return _needed(argument[-1])
    if operation is _constants.BRANCH:
        return _of_all(map(_needed, argument[1]))
    if operation in _REPEATS and argument[0] > 0:
        return _needed(argument[2])
    return None


def _begins(tree: Any) -> Signs:
    known: set[str] = set()
    going = {""}
    for operation, argument in tree:
        whole = _spelled(operation, argument)
        heads = {(head + part)[:_HEAD] for head in going for part in whole or _begins_inside(operation, argument)}
        if whole is not None:
            going = {head for head in heads if len(head) < _HEAD}
            known |= heads - going
        else:
            known |= heads
            going = going if operation in _REPEATS and argument[0] == 0 else set()
        if not going:
            break
    return tuple(known | going)


def _begins_inside(operation: Any, argument: Any) -> Signs:
    """How a longer part begins."""
    if operation is _constants.SUBPATTERN:
        return _begins(argument[-1])
    if operation is _constants.BRANCH:
        return tuple(head for branch in argument[1] for head in _begins(branch))
    return _begins(argument[2]) if operation in _REPEATS else ANYTHING


def _last(tree: Any) -> frozenset[str] | None:
    """The last letters of this part, "" when it may be empty; None when there may be any."""
    known = frozenset({""})
    for operation, argument in reversed(tree):
        letters = _last_of(operation, argument)
        if letters is None:
            return None
        known = known - {""} | letters
        if "" not in letters:
            break
    return known


def _last_of(operation: Any, argument: Any) -> frozenset[str] | None:
    if operation in (_constants.SUBPATTERN, *_REPEATS):
        letters = _last(argument[-1])
        return letters | {""} if letters and operation in _REPEATS and argument[0] == 0 else letters
    if operation is _constants.BRANCH:
        every = [_last(branch) for branch in argument[1]]
        return None if None in every else frozenset().union(*filter(None, every))
    spelled = _spelled(operation, argument)
    return frozenset(spelled).union(map(str.upper, spelled)) if spelled else None


def _of_all(branches: Iterable[Signs | None]) -> Signs | None:
    every = list(branches)
    together = _without_longer_ones(sign for signs in every for sign in signs or ())
    return together if None not in every and len(together) <= MOST_SIGNS else None


def _spelled(operation: Any, argument: Any) -> Signs | None:
    """Every way to write a short part, "" for what takes no letters; None when there are too many."""
    if operation is _constants.LITERAL:
        return (chr(argument).lower(),)
    if operation in (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT):
        return ANYTHING
    if operation is _constants.IN:
        return _letters_in(argument)
    if operation is _constants.SUBPATTERN:
        return _spelled_in_a_row(argument[-1])
    if operation is _constants.BRANCH:
        every = [_spelled_in_a_row(branch) for branch in argument[1]]
        spelled = tuple(dict.fromkeys(written for branch in every for written in branch or ()))
        return spelled if None not in every and len(spelled) <= MOST_SIGNS else None
    if operation is _constants.MAX_REPEAT and argument[:2] == (0, 1):
        once = _spelled_in_a_row(argument[2])
        return ("", *once) if once else None
    return None


def _spelled_in_a_row(tree: Any) -> Signs | None:
    run = ANYTHING
    for operation, argument in tree:
        spelled = _spelled(operation, argument)
        if spelled is None or len(run) * len(spelled) > MOST_SIGNS:
            return None
        run = tuple(map("".join, product(run, spelled)))
    return run


def _letters_in(members: Any) -> Signs | None:
    letters: dict[str, None] = {}
    for operation, argument in members:
        if operation is _constants.LITERAL:
            letters[chr(argument).lower()] = None
        elif operation is _constants.RANGE and argument[1] - argument[0] < _CLASS:
            letters |= {chr(letter).lower(): None for letter in range(argument[0], argument[1] + 1)}
        else:
            return None
    return tuple(letters) if len(letters) <= _CLASS else None


def _without_longer_ones(signs: Iterable[str]) -> Signs:
    """The same with no sign that holds another."""
    kept: list[str] = []
    for sign in sorted({sign[:_LONGEST_SIGN] for sign in signs}, key=lambda sign: (len(sign), sign)):
        if not any(other in sign for other in kept):
            kept.append(sign)
    return tuple(kept)


# How rare


_LOOK = 0.004


def _how_common(signs: Signs) -> float:
    """How often one of them stands in a text, by a rough measure; each costs a look as well."""
    return sum(_LOOK + prod(map(_share, sign)) for sign in signs)


def _share(letter: str) -> float:
    if letter in " ,.'-":
        return 0.9
    if letter.isascii() and letter.isalnum():
        return 0.3
    return 0.2 if "ぁ" <= letter <= "ん" else 0.05
