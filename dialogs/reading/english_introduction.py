"""Who says at once who they are and where they work: "Hey, Paul with Redline", "I run Kestrel Foods"."""

import re

from dialogs.reading.english_head_fields import AGAIN, LONGEST_HEAD, pieces_of
from dialogs.reading.english_meetings import either
from dialogs.reading.english_names import RUN, Introduced, Looks, looks, may_be_firm
from dialogs.reading.english_who_is_who import who_is_who

_GREETS = rf"{either('greeting')}(?:\s{either('greeted')})?\s?[,!.:-]?\s"
_ITSELF = re.compile(
    rf"(?:^|(?<=[.!,\n]\s)|(?<=\n))(?:{_GREETS})?(?i:this\sis|it's|i'm|i\sam|my\sname\sis|my\sname's|the\sname's)\s"
)
_GREETS_WITH_A_NAME = re.compile(rf"{_GREETS}(?={RUN}\s(?:{AGAIN}(?:at|from|with|of)\s(?:the\s)?[A-Z0-9]|here\b))")


_RUNS = re.compile(rf"(?:^|(?<=[.!,\n]\s))I\s(?:run|own|founded|started|manage)\s(?:the\s)?(?P<firm>{RUN})")


_HERE = re.compile(
    rf"(?:{_GREETS})?(?P<person>{RUN})\s(?:here|speaking|calling)\s?,?\s(?:from|at|with|of)\s(?:the\s)?(?P<firm>{RUN})"
)


def introduces_itself(written: str) -> Introduced | None:
    """Who says at once who they are and where they work: "Sanjay Pillai here, from Kaveri Textiles"."""
    here = _HERE.match(written)
    if here and looks(here["person"]) in (Looks.PERSON, Looks.EITHER) and may_be_firm(here["firm"]):
        return Introduced(person=here.span("person"), firm=here.span("firm"))
    greeting = _GREETS_WITH_A_NAME.match(written) or _ITSELF.search(written, 0, LONGEST_HEAD)
    who = who_is_who(written, pieces_of(written, greeting.end(), met=True)) if greeting else None
    if who is None and (runs := _RUNS.search(written, 0, LONGEST_HEAD)) and looks(runs["firm"]) is Looks.FIRM:
        return Introduced(firm=runs.span("firm"))
    return who
