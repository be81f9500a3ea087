"""Every number in a text, however it is written: 1,200 / 1億2000万 / 五百万 / 50k / half a million / 数十万."""

import re
from functools import lru_cache

from dialogs.reading.english_numbers import english_numbers
from dialogs.reading.figures import figure_numbers
from dialogs.reading.kanji_numbers import HAS_KANJI, SOUNDS, kanji_numbers, spoken_numbers
from dialogs.reading.number import Number
from dialogs.reading.text import Text

LARGEST = 1e15
"""Larger numbers are no amounts, and would not stay exact."""
_LATIN = re.compile("[a-z]{3}")


def numbers(text: Text) -> tuple[Number, ...]:
    """All numbers of the text from left to right; none inside a word, a web address or another number."""
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


def _telephones(plain: str) -> list[tuple[int, int]]:
    if not _MAY_BE_CALLED.search(plain):
        return []
    return [match.span() for match in _TELEPHONE.finditer(plain)]


@lru_cache(maxsize=16)
def _numbers(plain: str, japanese: bool) -> tuple[Number, ...]:
    taken: list[Number] = []
    if japanese and HAS_KANJI.search(plain):
        taken.extend(kanji_numbers(plain))
    if japanese and SOUNDS.search(plain):
        taken.extend(spoken_numbers(plain))
    done = {at for number in taken for at in range(number.start, number.end)} if taken else set()
    in_words = english_numbers(plain) if _LATIN.search(plain) else ()
    for number in (*figure_numbers(plain), *in_words):
        if number.start not in done:
            taken.append(number)
            done.update(range(number.start, number.end))
    if telephones := _telephones(plain):
        taken = [one for one in taken if not any(start < one.end and one.start < end for start, end in telephones)]
    return tuple(sorted((one for one in taken if one.high <= LARGEST), key=lambda number: number.start))
