"""Where in a TOML text something stands, so that a mistake can be told with its line."""

import re
from collections.abc import Sequence


def line_of_place(place: Sequence[str], text: str) -> int:
    """The line where the deepest named part of the place stands; 1 when it is missing altogether.

    `place` names tables and keys from the outside in; a number counts the tables of one name, from 0.
    """
    heads = [set(re.findall(r"\w+", line.split("#")[0])) for line in text.splitlines()]
    found, skip = 0, 0
    for part in place:
        if part.isdigit():
            skip = int(part)
            continue
        standing = [number for number in range(found, len(heads)) if part in heads[number]]
        if not standing:
            break
        found, skip = standing[min(skip, len(standing) - 1)], 0
    return found + 1


def line_of_error(problem: str, text: str) -> int:
    """The line a TOML error speaks of: "(at line 3, column 5)", or the last one."""
    named = re.search(r"at line (\d+)", problem)
    return int(named[1]) if named else max(1, len(text.splitlines()))
