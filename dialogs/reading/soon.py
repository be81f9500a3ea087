"""As soon as possible, soon, and what only sounds so: "not urgent", "sooner rather than later"."""

from collections.abc import Iterator
from datetime import date

from dialogs.reading import calendar
from dialogs.reading.clarity import overlaps
from dialogs.reading.found import FAIR
from dialogs.reading.lexicon import lexicon
from dialogs.reading.text import Text
from dialogs.reading.when import When
from qualification.bant import Topic


def soon(text: Text, asked: Topic | None, today: date) -> Iterator[When]:
    words, language = lexicon("timeframe"), text.language
    denied: list[tuple[int, int]] | None = None
    if not words.shows(_MEAN_SOON, language, text.plain):
        return
    for section, months in _SOON if asked is Topic.TIMEFRAME else _SOON[:2]:
        for match in words.pattern(section, language).finditer(text.plain):
            denied = _not_soon(text) if denied is None else denied
            if not overlaps(*match.span(), denied):
                yield When(
                    start=today,
                    end=calendar.add_months(today, months),
                    core=match.span(),
                    place=match.span(),
                    marks=frozenset(),
                    rule=section.removesuffix("_asked"),
                    rough=True,
                    sure=FAIR,
                )
                return


_SOON = (("now", 1), ("soon", 3), ("now_asked", 1))
"""What is meant by each, in months; the last only of who was asked when."""
_MEAN_SOON = tuple(section for section, _ in _SOON)


def _not_soon(text: Text) -> list[tuple[int, int]]:
    patterns = [
        lexicon("timeframe").pattern("not_now", text.language),
        lexicon("clarity").pattern("timeframe_undecided", text.language),
        lexicon("clarity").pattern("timeframe_undecided_asked", text.language),
    ]
    denied = [match.span() for pattern in patterns for match in pattern.finditer(text.plain)]
    return [place for place in denied if not text.plain.endswith("than ", 0, place[0])]  # sooner rather than later
