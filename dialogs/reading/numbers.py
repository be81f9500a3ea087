"""Every number in a text, however it is written: 1,200 / 1億2000万 / 五百万 / 50k / half a million / 数十万."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from dialogs.reading.english_numbers import english_numbers
from dialogs.reading.figures import figure_numbers
from dialogs.reading.found import Span
from dialogs.reading.kanji_numbers import HAS_KANJI, SOUNDS, kanji_numbers, spoken_numbers
from dialogs.reading.number import Number
from dialogs.reading.text import MOST, Text

LARGEST = 1e15
"""Larger numbers are no amounts, and would not stay exact."""
_LATIN = re.compile("[a-z]{3}")


def numbers(text: Text) -> tuple[Number, ...]:
    """The first MOST numbers of the text from left to right; none inside a word, a web address or another number."""
    return _numbers(text.plain, text.language == "ja")


_MAY_BE_CALLED = re.compile(r"[0-9](?:[ ().・-]{0,3}[0-9]){6}")
_TELEPHONE = re.compile(
    r"(?<![0-9a-z.,$€£¥-])(?!\(?[0-9]{1,2}[-.][0-9]{1,2}[-.](?:[0-9]{4}|[0-9]{2})(?![0-9]))"
    r"(?:\(?\+\(?[0-9](?:[ ().・/-]{0,3}[0-9]){6,14}"
    r"|\(?0[0-9]{1,4}\)?(?:[ .・-]|(?<=\)))(?:[ .・-]?[0-9]){5,9}"
    r"|\(?[2-9][0-9]{2}(?:\) ?|[ .・-])[0-9]{3}[ .・-][0-9]{4})(?![0-9])"
    r"|(?<![a-z])(?:tel|telephone|phone|mobile|cell|fax|direct|call me (?:on|at)|ph|mob|hp|電話(?:番号)?|携帯)"
    r"[.:]{0,2}\s?(?:no\.?\s|number\s|is\s)?\(?[0-9](?:[ ().・-]{0,3}[0-9]){5,13}"
)
"""What is dialled: +84 28 3822 1234, 06-6123-4567, (415) 555-0123, tel. 555 0123. Its figures count nothing."""


def _telephones(plain: str) -> list[Span]:
    if not _MAY_BE_CALLED.search(plain):
        return []
    return [match.span() for match in _TELEPHONE.finditer(plain)]


@lru_cache(maxsize=16)
def _numbers(plain: str, japanese: bool) -> tuple[Number, ...]:
    dialled = _telephones(plain)
    found: list[Number] = []
    taken: set[int] = set()
    for written in _written(plain, japanese):
        enough = len(found) + MOST
        for number in written:
            if number.start in taken:
                continue
            taken.update(range(number.start, number.end))
            if number.high <= LARGEST and not (dialled and _is_dialled(number, dialled)):
                found.append(number)
            if len(found) == enough:
                break
    return tuple(sorted(found, key=lambda number: number.start)[:MOST])


def _written(plain: str, japanese: bool) -> Iterator[Iterator[Number]]:
    """The numbers of the text from left to right, once for each way to write them."""
    if japanese and HAS_KANJI.search(plain):
        yield kanji_numbers(plain)
    if japanese and SOUNDS.search(plain):
        yield spoken_numbers(plain)
    yield figure_numbers(plain)
    if _LATIN.search(plain):
        yield english_numbers(plain)


def _is_dialled(number: Number, dialled: Sequence[Span]) -> bool:
    nearest = bisect_left(dialled, (number.end, 0)) - 1
    return nearest >= 0 and number.start < dialled[nearest][1]
