"""What a text means where we asked for something: read for our question, and once more where that tells another thing.

"No, 30k" is of the budget before, "Elm Works, 80 people" of the firm that was passed over, "no, bye" of nobody.
"""

from dataclasses import replace

from dialogs.interview import State
from dialogs.reading import read
from dialogs.reading.decider_rules import NAMES_SOMEBODY
from dialogs.reading.found import Act, Found, Reading
from dialogs.talk import Talk
from dialogs.told import (
    Fact,
    changes_what_was_said,
    counts_a_team,
    facts_of,
    may_change_what_was_said,
    names_no_firm,
    number_alone,
    only_refuses,
    takes_leave,
    tells_own_name,
)
from qualification.bant import CRITERIA, Budget, Clarity, Company, Contact, Need, Timeframe, Topic

OPENS_WITH_NO = frozenset({"authority.no", "authority.opening_no"})


def reading_of(talk: Talk, text: str) -> Reading:
    """What they said, as an answer to what we asked for."""
    reading = read(text, question=talk.topic_asked, now=talk.tx.here)
    reading = _of_the_answer_before(talk, reading) or _with_the_firm_late(talk, reading) or reading
    return _without_a_courtesy(talk, reading)


def with_the_name_alone(talk: Talk, reading: Reading) -> Reading:
    """Who left a number without a name, and then writes no more than a name, has told it."""
    contact = talk.interview.known.contact
    is_missing = contact is not None and contact.reachable and not contact.name
    if not is_missing or facts_of(reading) or not tells_own_name(reading.text):
        return reading
    as_name = read(reading.text, question=Topic.CONTACT, now=talk.tx.here)
    return as_name if as_name.contact is not None and as_name.contact.value.name else reading


def _of_the_answer_before(talk: Talk, reading: Reading) -> Reading | None:
    """ "No, 30k", where we have gone on to the next question, changes the budget, and tells nothing else.

    Said as it was known, it says nothing.
    """
    before, asked = talk.last_answered, talk.topic_asked
    if before not in CRITERIA or before is asked or talk.interview.state is not State.ASKING:
        return None
    if not may_change_what_was_said(reading.text):
        return None
    if asked is Topic.COMPANY and (number := number_alone(reading.text)):
        return read(number, question=asked, now=talk.tx.here)
    meant = read(reading.text, question=before, now=talk.tx.here)
    told = next((fact for fact in facts_of(meant, before) if fact.topic is before and not fact.is_bare), None)
    if told is None or not (_names_one(told, asked) and changes_what_was_said(reading.text, told.words)):
        return None
    known = talk.interview.known.about(before)
    if known is not None and known.value == told.value:
        return Reading(text=reading.text, language=reading.language, act=Act.NOISE)
    return replace(meant, act=Act.CORRECT)


def _names_one(told: Fact, asked: Topic | None) -> bool:
    """Whether it is no mere "nothing", nor the "undecided" that answers a question of this kind which we have asked."""
    if isinstance(told.value, Need):
        return told.value.present
    if isinstance(told.value, Budget | Timeframe):
        is_open = told.value.clarity is Clarity.UNDECIDED and asked not in CRITERIA
        return told.value.clarity is Clarity.KNOWN or is_open
    return True


def _with_the_firm_late(talk: Talk, reading: Reading) -> Reading | None:
    """ "Elm Works, 80 people", where we ask for their own name, is the firm that was passed over; so is "we're 30"."""
    contact, known = reading.contact, talk.interview.known.company
    is_whole = known is not None and known.name is not None and known.headcount is not None
    if talk.topic_asked is not Topic.CONTACT or is_whole or (contact is not None and contact.value.reachable):
        return None
    if not any(sign.isdigit() for sign in reading.text):
        return None
    if counts_a_team(reading.text):
        return replace(reading, company=None)
    again = read(reading.text, question=Topic.COMPANY, now=talk.tx.here)
    told = again.company
    if told is None or told.value.headcount is None:
        return None
    if known is not None and known.name is not None:
        counted = replace(told, value=Company(headcount=told.value.headcount))
        return replace(reading, act=Act.ANSWER, company=counted, contact=_person_beside(talk, reading, known.name))
    return again if told.value.name is not None else None


def _person_beside(talk: Talk, reading: Reading, firm: str) -> Found[Contact] | None:
    """Their own name beside the firm's: "Mia" of "Elm Works, 80 people, Mia"."""
    free = read(reading.text, question=None, now=talk.tx.here)
    firms = {firm, free.company.value.name if free.company is not None else None}
    is_a_firm = reading.contact is not None and reading.contact.value.name in firms
    return free.contact if is_a_firm else reading.contact


def _without_a_courtesy(talk: Talk, reading: Reading) -> Reading:
    """「大丈夫です」 and "no, bye", where we ask who decides, name nobody; "no, undecided" says that it is open."""
    told = reading.authority
    if talk.topic_asked is not Topic.AUTHORITY or told is None:
        return reading
    if told.rule in NAMES_SOMEBODY and only_refuses(reading.text):
        return replace(reading, authority=None, act=Act.NOISE)
    if told.rule not in OPENS_WITH_NO:
        return reading
    if names_no_firm(reading.text):
        return replace(reading, authority=None, act=Act.NOISE)
    behind = read(reading.text[told.span[1] :].lstrip(" 、。,.!"), question=Topic.AUTHORITY, now=talk.tx.here)
    tells_more = behind.act is Act.DONT_KNOW or takes_leave(behind.text)
    return behind if tells_more and not facts_of(behind) else reading
