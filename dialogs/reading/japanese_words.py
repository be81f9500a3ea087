"""Word lists as the rules of Japanese notes need them: family names, jobs, occasions, as a set or in a pattern."""

import re
from functools import cache

from dialogs.reading.lexicon import lexicon


@cache
def listed(section: str) -> frozenset[str]:
    """The Japanese words of this section of `firm.toml`."""
    return frozenset(lexicon("firm").words(section, "ja").spellings)


def either(section: str) -> str:
    """The words of a list as one group of a pattern, the longest first."""
    return f"(?i:{'|'.join(map(re.escape, sorted(listed(section), key=len, reverse=True)))})"


@cache
def families() -> frozenset[str]:
    """The family names we know."""
    return frozenset(lexicon("reached").words("family", "ja").spellings)


@cache
def no_names() -> frozenset[str]:
    """What stands where a name could stand, and is none."""
    return frozenset(lexicon("reached").words("no_name", "ja").spellings) | listed("job")
