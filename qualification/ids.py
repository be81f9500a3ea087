"""The ids we give: short, because each of them stands in many rows and in every index of those.

    random   0c8hq2lmv61t        who sees one learns nothing from it, and cannot guess the next; it opens nothing
             0c8ts0k4ecnd        made one after the other they begin alike, so that they stand together in an index
    ordered  1t6b0r5s2ja09qf1    they sort by when they were made: microseconds, and a random end

Small letters and digits in the order of the alphabet that databases sort by.
"""

import os
import re
from datetime import datetime
from random import getrandbits
from secrets import randbits

LETTERS = 12  # 60 random bits: of ten million, two are alike once in 8,000 databases; the step then runs once more
_BEGINNING = 15  # bits, three letters
_REST = 5 * LETTERS - _BEGINNING
_BEGIN_ALIKE = 1_024  # ids, about what 250 talks need
_RANDOM_END = 25  # bits
ORDERED_LETTERS = 16
BEHIND_ALL = "w"  # sorts behind every letter of an id
_ID = re.compile(rf"[0-9a-v]{{{LETTERS}}}")


class RandomIds:
    """Never made from a counter or a clock; the beginning they share for a while is as random as the rest.

    Of ids without one each goes to a page of its own in every index, and among thousands of talks a commit reads and
    writes all of these pages. All that begin alike are drawn together: to ask the system for each takes as long as
    all the rest, and lets go of the interpreter. A child of the process draws its own.
    """

    def __init__(self) -> None:
        self._drawn: list[int] = []
        if hasattr(os, "register_at_fork"):  # not on Windows, which has no such children either
            os.register_at_fork(after_in_child=self._drawn.clear)

    def next(self) -> str:
        try:
            drawn = self._drawn.pop()
        except IndexError:  # no looking first: another thread may take the last one
            self._drawn += _begin_alike()
            drawn = self._drawn.pop()
        return _spelled(drawn, LETTERS)


def _begin_alike() -> list[int]:
    beginning = randbits(_BEGINNING) << _REST
    rests = memoryview(os.urandom(8 * _BEGIN_ALIKE)).cast("Q")
    return [beginning | rest & (1 << _REST) - 1 for rest in rests]


def is_id(text: str) -> bool:
    """Whether this may be an id that `random_id` made."""
    return _ID.fullmatch(text) is not None


class OrderedIds:
    """Ids that sort by when they were made, also when the clock stands still or steps back.

    The end only tells apart what two processes make in the same microsecond. To ask the system for it lets go of the
    interpreter, and the writer would wait for the event loop with each id.
    """

    def __init__(self) -> None:
        self._last = 0

    def next(self, now: datetime) -> str:
        return self.many(now, 1)[0]

    def many(self, now: datetime, count: int) -> list[str]:
        """So many, in their order."""
        first = max(self._last + 1, int(now.timestamp() * 1_000_000))
        self._last = first + count - 1
        return [
            _spelled(first + place << _RANDOM_END | getrandbits(_RANDOM_END), ORDERED_LETTERS) for place in range(count)
        ]


def _spelled(number: int, letters: int) -> str:
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS[letters]])


_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = [one + other for one in _ALPHABET for other in _ALPHABET]  # letter by letter takes twice as long
_SHIFTS = {letters: range(5 * letters - 10, -1, -10) for letters in (LETTERS, ORDERED_LETTERS)}

random_id = RandomIds().next
