"""One time a text names, with the words that bound it."""

from dataclasses import dataclass
from datetime import date

from dialogs.reading.date_marks import Mark
from dialogs.reading.found import SURE


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """One time the text names. `core` is the date itself, `place` includes the words that bound it.

    `lasting` when the same words also say how long something lasts (this year, three years); `rough` when they count
    months or years from today, and so name no day.
    """

    start: date | None
    end: date | None
    core: tuple[int, int]
    place: tuple[int, int]
    marks: frozenset[Mark]
    rule: str
    lasting: bool = False
    rough: bool = False
    sure: float = SURE
