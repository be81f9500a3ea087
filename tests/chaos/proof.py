"""What a proof is: a promise by its name, tried hard, and the figures that came out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Proof:
    """`figures` is one line for people; `broken` says what was promised and did not happen."""

    name: str
    promise: str
    figures: str
    broken: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        return not self.broken


Program = Callable[[bool], Proof]
"""A proof's program; True asks for the quick version, which takes seconds."""


def unless(**promises: tuple[bool, object]) -> tuple[str, ...]:
    """What was broken: each promise with whether it was kept and what was seen instead."""
    return tuple(f"{name.replace('_', ' ')}: {seen}" for name, (kept, seen) in promises.items() if not kept)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
