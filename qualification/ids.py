"""The ids we give: short, because each of them stands in many rows and in every index of those.

    random   0c8hq2lmv61t        who sees one learns nothing from it, and cannot guess the next; it opens nothing
    ordered  1t6b0r5s2ja09qf1    they sort by when they were made: microseconds, and a random end

Small letters and digits in the order of the alphabet that databases sort by.
"""

import re
import secrets
from base64 import b32hexencode
from datetime import datetime

LETTERS = 12  # 60 random bits: of ten million, two are alike once in 23,000 databases; the step then runs once more
_RANDOM_BYTES = 8
_RANDOM_END = 25  # bits
_ORDERED_BYTES = 10
BEHIND_ALL = "w"  # sorts behind every letter of an id
_ID = re.compile(rf"[0-9a-v]{{{LETTERS}}}")


def random_id() -> str:
    """Never made from a counter or a clock."""
    return _spelled(secrets.token_bytes(_RANDOM_BYTES))[:LETTERS]


def is_id(text: str) -> bool:
    """Whether this may be an id that `random_id` made."""
    return _ID.fullmatch(text) is not None


class OrderedIds:
    """Ids that sort by when they were made, also when the clock stands still or steps back."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, now: datetime) -> str:
        self._last = max(self._last + 1, int(now.timestamp() * 1_000_000))
        made = self._last << _RANDOM_END | secrets.randbits(_RANDOM_END)
        return _spelled(made.to_bytes(_ORDERED_BYTES))


def _spelled(value: bytes) -> str:
    return b32hexencode(value).decode().lower()
