"""A number and its place in a text.

It is not yet money or months: `amounts` and `calendar` look at what stands around it.
"""

import re
from typing import NamedTuple

Pair = tuple[float, float]
"""Lowest and highest reading; they differ for open numbers only (数百 is 200 to 900)."""


class Number(NamedTuple):
    """A number and its place in `plain`. `scale` is the last multiplier written (万, k), 1 when there was none."""

    low: float
    high: float
    scale: float
    start: int
    end: int

    @property
    def open(self) -> bool:
        return self.low != self.high


def add(one: Pair, other: Pair | None) -> Pair:
    """Both together; None adds nothing."""
    return (one[0] + other[0], one[1] + other[1]) if other else one


NEIGHBOURS = re.compile(r"([1-9]),([1-9])")
"""4,5 in front of a scale is four to five."""
