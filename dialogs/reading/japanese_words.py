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
    """The family names we know that are no other word."""
    return _reached("family") | _reached("rarer_family")


@cache
def one_kanji_families() -> frozenset[str]:
    """Family names that are a word as well: 泉, 榊."""
    return _reached("one_kanji_family")


@cache
def kana_words() -> frozenset[str]:
    """Kana words of business, which name nobody: エンジニア, スタッフ."""
    return _reached("no_kana_name")


@cache
def no_names() -> frozenset[str]:
    """What stands where a name could stand, and is none."""
    return _reached("no_name") | listed("job")


def _reached(section: str) -> frozenset[str]:
    return frozenset(lexicon("reached").words(section, "ja").spellings)
