"""Numbers in the text that Prometheus reads: how things stand, how often something happened, how large it was.

    Gauge       is set when somebody looks
    Counter     only grows
    Histogram   how many were no larger than each of its bounds, and their sum

Each number is told by one thread, so that none is locked. Labels are given as values, in the order of their names.
"""

from abc import abstractmethod
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from math import inf
from typing import ClassVar

Values = tuple[str, ...]
Samples = Iterator[tuple[str, tuple[tuple[str, str], ...], float]]
"""What is added to the name, the labels, the number."""

_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


class Measure:
    """One name with what it means; `labels` are the names of its labels."""

    kind: ClassVar[str]

    def __init__(self, name: str, about: str, *labels: str) -> None:
        self.name, self.about, self.labels = name, about, labels

    @abstractmethod
    def samples(self) -> Samples: ...

    def of(self, values: Values) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.labels, values, strict=True))


class _Numbers(Measure):
    """One number for each of the labels."""

    def __init__(self, name: str, about: str, *labels: str) -> None:
        super().__init__(name, about, *labels)
        self._numbers: dict[Values, float] = {} if labels else {(): 0.0}

    def samples(self) -> Samples:
        return (("", self.of(values), number) for values, number in tuple(self._numbers.items()))


class Gauge(_Numbers):
    kind = "gauge"

    def set(self, number: float, *values: str) -> None:
        self._numbers[values] = number


class Counter(_Numbers):
    kind = "counter"

    def add(self, *values: str) -> None:
        self._numbers[values] = self._numbers.get(values, 0) + 1


class Tally:
    """The numbers of a histogram with the same labels."""

    __slots__ = ("_bounds", "counts", "sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self._bounds, value)] += 1
        self.sum += value


class Histogram(Measure):
    kind = "histogram"

    def __init__(self, name: str, about: str, *labels: str, bounds: Sequence[float]) -> None:
        super().__init__(name, about, *labels)
        self._bounds = bounds
        self._tallies: dict[Values, Tally] = {}

    def tally(self, *values: str) -> Tally:
        """Where numbers with these labels go; from now on they are shown, and begin with none."""
        return self._tallies.setdefault(values, Tally(self._bounds))

    def samples(self) -> Samples:
        for values, tally in tuple(self._tallies.items()):
            labels, so_far = self.of(values), tuple(accumulate(tally.counts))
            for bound, count in zip((*self._bounds, inf), so_far, strict=True):
                yield "_bucket", (*labels, ("le", _number(bound))), count
            yield "_count", labels, so_far[-1]
            yield "_sum", labels, tally.sum


def exposed(measures: Iterable[Measure]) -> bytes:
    """All of them in Prometheus' text format, version 0.0.4."""
    return "".join(f"{line}\n" for measure in measures for line in _lines(measure)).encode()


def _lines(measure: Measure) -> Iterator[str]:
    yield f"# HELP {measure.name} {measure.about}"
    yield f"# TYPE {measure.name} {measure.kind}"
    for more, labels, number in measure.samples():
        told = ",".join(f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels)
        yield f"{measure.name}{more}{{{told}}} {_number(number)}" if told else f"{measure.name}{more} {_number(number)}"


def _number(number: float) -> str:
    return "+Inf" if number == inf else str(float(number))
