"""A yes or a no in front of other words, which answers what was asked."""

from collections.abc import Mapping
from typing import TypeVar

from dialogs.reading.found import FAIR, Found
from dialogs.reading.intent import refusals, requests, unknowns
from dialogs.reading.text import Text
from dialogs.reading.yes_no import beginning
from qualification.bant import Topic

V = TypeVar("V")


def agreed(own: Text, asked: Topic | None, about: Topic, meaning: Mapping[bool, V]) -> Found[V] | None:
    """A yes or no in front of something else answers what was asked: "yes, and we want it live by October"."""
    if asked is not about or refusals(own) or unknowns(own) or requests(own, None):
        return None
    said_first = beginning(own)
    if said_first is None:
        return None
    answer, start, end = said_first
    return own.fact(meaning[answer], start, end, certainty=FAIR, rule=f"{about}.{'yes' if answer else 'no'}")
