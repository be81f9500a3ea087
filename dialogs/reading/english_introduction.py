"""Who says at once who they are and where they work: "Hey, Paul with Redline", "I run Kestrel Foods"."""

import re

from dialogs.reading.english_head_fields import LONGEST_HEAD, pieces_of
from dialogs.reading.english_meetings import either
from dialogs.reading.english_names import RUN, Introduced, Looks, is_common, looks
from dialogs.reading.english_who_is_who import who_is_who

GREETS = rf"{either('greeting')}(?:\s{either('greeted')})?\s?[,!.:-]?\s"
_ITSELF = re.compile(
    rf"(?:^|(?<=[.!,\n]\s)|(?<=\n))(?:{GREETS})?(?i:this\sis|it's|i'm|i\sam|my\sname\sis|my\sname's|the\sname's)\s"
)
_BEFORE_A_FIRM = re.compile(
    rf"(?:^|(?<=[.!,;\n]\s)|(?<=\n))(?:{GREETS})?(?:(?i:i'?m|i\sam|we're|we\sare|just)\s){{0,2}}"
    rf"(?:{either('before_a_firm')}\s|(?i:we)\s\()(?:(?i:the)\s)?(?=[^\W_])"
)
_FROM = re.compile(r"(?i)\b(?:from|for|at|of|is)\s(?:the\s)?$")
_BEHIND_IT = r"(?=\s?[,.!:;()-]|\s(?:and|here|but|in)\s|$)"
_HERE = re.compile(rf"(?:{GREETS})?(?P<firm>{RUN})\shere(?=\s?[,.!:;-]|$)")
_FIRM = re.compile(rf"(?P<firm>{RUN}){_BEHIND_IT}")
_SMALL_FIRM = re.compile(rf"(?P<firm>[a-z][\w'&-]*(?:\s(?:&\s)?[a-z][\w'&-]*){{1,3}}?){_BEHIND_IT}")


def introduces_itself(written: str) -> Introduced | None:
    """Who says at once who they are: "This is Sanjay Pillai of Kaveri Textiles"."""
    itself = _ITSELF.search(written, 0, LONGEST_HEAD)
    return who_is_who(written, pieces_of(written, itself.end(), met=True)) if itself else None


def firm_alone(written: str) -> Introduced | None:
    """Where they work: We (Nimbus Insurance, 150 staff); im calling from greenway motors; I run Kestrel Foods."""
    here = _HERE.match(written)
    if here and looks(here["firm"]) is Looks.FIRM:
        return Introduced(firm=here.span("firm"))
    says = _BEFORE_A_FIRM.search(written, 0, LONGEST_HEAD)
    if says is None:
        return None
    if firm := _FIRM.match(written, says.end()):
        return Introduced(firm=firm.span("firm")) if looks(firm["firm"]) is Looks.FIRM else None
    small = _SMALL_FIRM.match(written, says.end()) if _FROM.search(says.group()) else None
    known = small and looks(small["firm"].title()) is Looks.FIRM and not any(map(is_common, small["firm"].split()))
    return Introduced(firm=small.span("firm")) if small and known else None
