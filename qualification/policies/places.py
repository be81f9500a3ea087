"""Where in a TOML text something stands, so that a mistake can be told with its line."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

NAME = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
DOTTED = rf"({NAME}(?:\s*\.\s*{NAME})*)"
HEAD = re.compile(rf"\s*(\[\[?)\s*{DOTTED}\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(rf"\s*{DOTTED}\s*=")

Place = tuple[str, ...]


def line_of_place(place: Sequence[str], text: str) -> int:
    """The line where the deepest named part of the place stands; 1 when it is missing altogether.

    `place` names tables and keys from the outside in, a number counts the tables of one name, from 0. What is no key
    of the text is looked for as a word in the innermost table or value that is.
    """
    lines = text.splitlines()
    places = list(_places(lines))
    depth = max((_in_common(place, here) for here in places), default=0)
    if not depth:
        return 1
    within = [number for number, here in enumerate(places) if _in_common(place, here) == depth]
    return _line_of_words(place[depth:], within, lines) + 1


def _places(lines: Sequence[str]) -> Iterator[Place]:
    """The place each line stands at: that of its table and its key, or that of the line before."""
    counted: dict[Place, int] = {}
    table: Place = ()
    here: Place = ()
    for line in lines:
        if head := HEAD.match(line):
            here = table = _table(_names(head[2]), counted, is_one_of_many=head[1] == "[[")
        elif key := KEY.match(line):
            here = (*table, *_names(key[1]))
        yield here


def _table(names: Place, counted: dict[Place, int], *, is_one_of_many: bool) -> Place:
    """The place of this head; `counted` says of tables of one name how many there were, from the outside in."""
    place: Place = ()
    for depth, name in enumerate(names, start=1):
        place = (*place, name)
        if is_one_of_many and depth == len(names):
            counted[place] = counted.get(place, -1) + 1
        if place in counted:
            place = (*place, str(counted[place]))
    return place


def _names(dotted: str) -> Place:
    return tuple(name.strip("\"'") for name in re.findall(NAME, dotted))


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _line_of_words(words: Sequence[str], within: Sequence[int], lines: Sequence[str]) -> int:
    found, skip = within[0], 0
    for word in words:
        if word.isdigit():
            skip = int(word)
            continue
        standing = [number for number in within if number >= found and word in _words(lines[number])]
        if not standing:
            break
        found, skip = standing[min(skip, len(standing) - 1)], 0
    return found


def _words(line: str) -> set[str]:
    return set(re.findall(r"\w+", line.split("#")[0]))


def line_of_error(problem: str, text: str) -> int:
    """The line a TOML error speaks of: "(at line 3, column 5)", or the last one."""
    named = re.search(r"at line (\d+)", problem)
    return int(named[1]) if named else max(1, len(text.splitlines()))
