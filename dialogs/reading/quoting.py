"""The words we quote beside a fact: the whole phrase a person would repeat, not the letters a rule needed.

部長の承認が必要です          a rule found 「部長の承認」, we quote the clause
we need a better way to track leads, soon      "we need a better way to track leads"
"""

import re
from dataclasses import replace

from dialogs.reading.clauses import after, before
from dialogs.reading.found import Found, T
from dialogs.reading.text import Text

LONGEST_QUOTE = {"ja": 60, "en": 110}
"""Characters; of a longer clause we quote what the rule found."""

_EDGE = " \t\n　、。,;:・/|"
_INSIDE_BRACKETS = re.compile(r"^[^「（(\[]*[」）)\]]|[「（(\[][^」）)\]]*$")


def quoted(fact: Found[T] | None, own: Text) -> Found[T] | None:
    """The same fact with its clause as its words; `own` has a blank where a question or an order stood."""
    if fact is None:
        return None
    first, last = own.inside(fact.span)
    start = before(own.plain, own.language, first)
    end = after(own.plain, own.language, last)
    while start < first and own.plain[start] in _EDGE:
        start += 1
    while end > last and own.plain[end - 1] in _EDGE:
        end -= 1
    if (
        (start, end) == (first, last)
        or end - start > LONGEST_QUOTE[own.language]
        or _INSIDE_BRACKETS.search(own.plain[start:end])
    ):
        return fact
    return replace(fact, span=own.span(start, end), words=own.words(start, end))
