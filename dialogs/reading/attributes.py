"""Who the speaker is beside their name and firm: their line of business, for whom they ask, their place at work (M55).

製造業です                          industry: manufacturing
学生で、卒論のために調べています          standing: student
情報システム部 部長の佐藤です           department 情報システム部, title 部長
Jane Doe, Head of IT at Acme       title Head of IT
we sell to manufacturers           nothing: that is said of somebody else
"""

import re
from functools import cache
from operator import itemgetter

from dialogs.reading import industry, place_at_work, standing
from dialogs.reading.facts import Facts
from dialogs.reading.found import Attributes
from dialogs.reading.places import latin_words, pairs
from dialogs.reading.text import Text
from dialogs.reading.vocabulary import Vocabulary, Word, vocabulary
from qualification.bant import Standing, Topic


def find(own: Text, facts: Facts, *, asked: Topic | None) -> Attributes | None:
    """What the text says of the speaker, or a note of whom the rep met; None when it says nothing of it.

    `own` is what they state: no question, no order aimed at the bot, nothing they take back; `facts` is what else was
    found in it.
    """
    words = _words(own.plain)
    if not words and facts.contact is None and facts.authority is None and _SAYS_WHERE(own.plain) is None:
        return None
    place = place_at_work.find(own, facts, asked=asked)
    if not (words or place):
        return None
    asks_for = standing.find(own, words, asked=asked) if words else None
    studies = asks_for is not None and asks_for.value is Standing.STUDENT
    business = industry.find(own, words, facts, asked=asked) if words and not studies else None
    title, department = place or (None, None)
    if business and department and department.span == business.span:
        department = None  # "we work in manufacturing"
    if not (business or asks_for or title or department):
        return None
    return Attributes(industry=business, standing=asks_for, title=title, department=department)


def _words(plain: str) -> list[Word]:
    """The words of our list: most texts have none, and one look at how their words begin tells it."""
    listed = _listed()
    japanese = not plain.isascii() and not listed.beginnings.pairs.isdisjoint(pairs(plain))
    if japanese or not listed.first_words.isdisjoint(map(_SECOND, latin_words(plain))):
        return list(listed.find(plain))
    return []


_SECOND = itemgetter(1)
_SAYS_WHERE = re.compile("を担当|に所属|に勤務|の者|m in |m from the |am in |work in ").search
"""Where nothing else may tell that they speak of their work."""


@cache
def _listed() -> Vocabulary:
    return vocabulary("attributes", "word")
