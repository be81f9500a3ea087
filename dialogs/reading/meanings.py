"""What tens of thousands of spellings mean, in little room: the letters themselves are not kept, only their hashes.

A spelling as text in a dictionary takes 130 bytes, here 20. Of a thousand million texts one holds a word whose hash is
that of another, by chance and anew with each start of the program.
"""

from array import array
from collections.abc import Iterable

PLACES_FOR_EACH = 1.5
SIGNS_FOR_EACH = 4
HASH = 0xFFFF_FFFF  # what is kept of a hash, beside the place it names


class Meanings:
    """A table of hashes: a spelling stands at the place its hash names, or at one of those next to it."""

    def __init__(self, spelled: Iterable[tuple[str, str]]) -> None:
        """Of a spelling that comes twice the last meaning counts. What is given is let go of at once."""
        hashes, kinds, numbers = array("q"), bytearray(), {"": 0}
        for spelling, name in spelled:
            hashes.append(hash(spelling))
            kinds.append(numbers.setdefault(name, len(numbers)))
        places, signs = (1 << int(many * len(hashes)).bit_length() for many in (PLACES_FOR_EACH, SIGNS_FOR_EACH))
        self._names = tuple(numbers)
        self._mask, self._bits = places - 1, places.bit_length() - 1
        self._hashes, self._kinds = array("I", bytes(4 * places)), bytearray(places)
        self.signs = bytearray(signs)
        """Where the hash of a text leads to a 0, it is none of ours; asking that is as quick as asking a dictionary."""
        self.mask = signs - 1
        for hashed, kind in zip(hashes, kinds, strict=True):
            at = self._place(hashed)
            self._hashes[at], self._kinds[at] = hashed >> self._bits & HASH, kind
            self.signs[hashed & self.mask] = 1

    def get(self, spelling: str) -> str:
        """What it means; "" when it is none of ours."""
        return self._names[self._kinds[self._place(hash(spelling))]]

    def _place(self, hashed: int) -> int:
        """Where a spelling with this hash stands, or would."""
        kinds, hashes, mask = self._kinds, self._hashes, self._mask
        at, wanted = hashed & mask, hashed >> self._bits & HASH
        while kinds[at] and hashes[at] != wanted:
            at = at + 1 & mask
        return at
