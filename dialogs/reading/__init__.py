"""What one message of a prospect, or one call note of a rep, says: an act and the facts in it, without a model.

from dialogs.reading import read
read("300万くらい、来期入ったら", question=Topic.BUDGET, now=now)
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial
from typing import TypeVar

from dialogs.reading import attributes, firm, money, needs, reached, short_needs, timeframe, who_decides
from dialogs.reading.agreed import agreed
from dialogs.reading.asking import echoes, labels, questions
from dialogs.reading.facts import Facts, settled, without_the_slip
from dialogs.reading.found import Act, Found, Language, Reading, Span
from dialogs.reading.injection import orders
from dialogs.reading.intent import (
    Said,
    act,
    dates_of_the_problem,
    is_chat,
    others_who_know,
    refusals,
    requests,
    sayings,
    small_talk,
    unknowns,
    wants_deletion,
)
from dialogs.reading.names_like_dates import names_like_dates, names_told
from dialogs.reading.older_mail import quoted_mail
from dialogs.reading.places import KEPT
from dialogs.reading.quoting import quoted
from dialogs.reading.repairs import repairs_itself, taken_back
from dialogs.reading.reported import orders_of_others
from dialogs.reading.speaker import authority
from dialogs.reading.spoken import in_standard_words, without_kanji
from dialogs.reading.text import LONGEST, Text, as_typed
from dialogs.reading.withheld import unless_withheld
from qualification.bant import Company, Contact, Need, Strength, Topic

N = TypeVar("N", Company, Contact)

_NEEDS = {True: Need(present=True, strength=Strength.MEDIUM), False: Need(present=False)}
# The same text is looked at twice when a question mark may only hesitate: "50k?"
_budget = lru_cache(maxsize=KEPT)(money.find)
_timeframe = lru_cache(maxsize=KEPT)(timeframe.find)


def read(text: str, *, question: Topic | None, now: datetime, language: Language | None = None) -> Reading:
    """Everything `text` says, whatever was asked; `question` is what was asked last, None for free text or a note.

    `now` is the instant in the speaker's zone: "today" is its calendar date. `language` overrides what the
    letters tell. Never raises on any text; the first 4,000 characters are looked at.
    """
    whole = _readable(text, language)
    if (written := without_kanji(whole)) and (heard := _heard(text, written, question, now)).act is not Act.NOISE:
        return heard
    heard = _heard(text, whole, question, now)
    guessed = heard.need is not None and heard.need.rule == "need.statement"
    if (heard.act is Act.NOISE or guessed) and (standard := in_standard_words(whole)):
        again = _heard(text, standard, question, now)
        return again if again.act is not Act.NOISE else heard
    return heard


def _heard(raw: str, whole: Text, question: Topic | None, now: datetime) -> Reading:
    """What the text says in these words; `raw` is how it was typed."""
    ordered = orders(whole)
    if ordered and (told := orders_of_others(whole)):
        whole = whole.without(told, blank=" ")
        ordered = orders(whole)
    older = quoted_mail(whole)
    said = labels(whole.without([*ordered, *older, *_item_numbers(whole.plain)]))
    asking = questions(said, hesitant_answer=partial(_holds_an_answer, said, question, now))
    earlier = taken_back(said)
    retold = [*earlier, *small_talk(said), *sayings(said), *echoes(said)]
    own = said.without(asking).without(retold, blank=" ")
    facts = _facts(said, own, earlier, [*ordered, *older, *retold], asking, question, now)
    done = act(
        Said(
            text=said,
            own=own,
            asks=bool(asking),
            facts=facts.count,
            reachable=facts.contact is not None and facts.contact.value.reachable,
            repairs_itself=repairs_itself(own, answers=question is None or facts.tells(question)),
            beside_orders=bool(ordered),
            asked=question,
        )
    )
    who_they_are = None if done is Act.STOP else attributes.find(own, facts, asked=question)
    if done is Act.STOP:
        facts = Facts()
    elif done is Act.CORRECT:
        facts = without_the_slip(own, facts)
    unanswered = done is Act.NOISE or (done is Act.DONT_KNOW and short_needs.not_knowing_hurts(own))
    tells_for_whom = who_they_are is not None and who_they_are.standing is not None  # "I'm a private person"
    unanswered = unanswered and not (ordered or tells_for_whom)
    if unanswered and question is Topic.NEED and (not is_chat(said) or short_needs.about_work(own)):
        facts = replace(facts, need=short_needs.guess(own))
        done = Act.ANSWER if facts.count else done
    return Reading(
        text=raw,
        language=whole.language,
        act=done,
        budget=quoted(facts.budget, own),
        timeframe=quoted(facts.timeframe, own),
        authority=quoted(facts.authority, own),
        need=quoted(facts.need, own),
        company=_named_as_typed(whole, facts.company),
        contact=_named_as_typed(whole, facts.contact),
        attributes=who_they_are,
        wants_deletion=done is Act.STOP and wants_deletion(said),
    )


def _named_as_typed(text: Text, found: Found[N] | None) -> Found[N] | None:
    """The firm or person with the letters of their name as they wrote them: 山﨑."""
    if found is None or not found.value.name or (typed := as_typed(text, found.value.name)) == found.value.name:
        return found
    return replace(found, value=replace(found.value, name=typed))


def _item_numbers(plain: str) -> list[Span]:
    """Where "1) 55 employees 2) by the end of March 3) I decide" counts its answers: "March 3" is no date there."""
    if "1)" not in plain or "2)" not in plain:
        return []
    items = [*_ITEM_NUMBER.finditer(plain)]
    counted = len(items) > 1 and all(int(item[1]) == at for at, item in enumerate(items, 1))
    return [item.span() for item in items] if counted else []


_ITEM_NUMBER = re.compile(r"(?<![^\s])([0-9]{1,2})\)(?=\s)")


def _readable(text: str, language: Language | None) -> Text:
    """The text, not longer than we read: one Arabic ligature alone unfolds to eighteen letters."""
    whole = Text.of(text)
    if len(whole.plain) <= LONGEST and language in (None, whole.language):
        return whole
    return replace(whole, plain=whole.plain[:LONGEST], language=language or whole.language)


def _facts(
    said: Text,
    own: Text,
    earlier: Sequence[Span],
    left_out: Sequence[Span],
    asking: Sequence[Span],
    asked: Topic | None,
    now: datetime,
) -> Facts:
    """`own` is `said` without the questions in it and without `earlier`, what they take back; `left_out` is all that
    is not the person's statement.
    """
    wanted = requests(said, asked)
    told = own.without(wanted)
    refused, unknown = refusals(own), unknowns(own)
    kept = partial(unless_withheld, own, refused, unknown)
    contact = _contact(
        said, own, left_out, asking, [*refused, *unknown, *others_who_know(own)], asked, requested=bool(wanted)
    )
    company = firm.find(
        own, asked=asked, ignore=[*left_out, *asking], no_name=[*refused, *wanted, *unknown]
    ) or _firm_of_the_caller(said, contact, left_out, asking, asked)
    need = needs.find(told, asked=asked, ignore=names_told(own, company, contact))
    who = authority(own, told, [said.plain[slice(*place)] for place in earlier], contact, company, asked)
    unnamed = own.without(names_like_dates(own, company, contact, who, asked))
    return settled(
        own,
        Facts(
            budget=kept(_budget(unnamed, asked=asked)),
            timeframe=kept(_timeframe(unnamed.without(dates_of_the_problem(own)), asked=asked, today=now.date())),
            authority=who,
            need=kept(need) or agreed(own, asked, Topic.NEED, _NEEDS),
            company=company,
            contact=contact,
        ),
    )


def _contact(
    said: Text,
    own: Text,
    left_out: Sequence[Span],
    asking: Sequence[Span],
    no_name: Sequence[Span],
    asked: Topic | None,
    *,
    requested: bool,
) -> Found[Contact] | None:
    """ "Could somebody call me on 03-1234-5678?" gives the number in the question that has `requested` it."""
    contact = reached.find(own, asked=asked, ignore=[*left_out, *asking], no_name=no_name)
    if not (requested and asking) or (contact and contact.value.reachable):
        return contact
    whole = reached.find(said, asked=asked, ignore=left_out, no_name=no_name)
    return whole if whole and (contact is None or whole.value.reachable) else contact


def _firm_of_the_caller(
    said: Text, contact: Found[Contact] | None, left_out: Sequence[Span], asking: Sequence[Span], asked: Topic | None
) -> Found[Company] | None:
    """ "Can someone ring us, Colm at Kerry Seafoods, +353 ...": who asks to be called says in the question who asks."""
    if not asking or contact is None or not (contact.value.name and contact.value.reachable):
        return None
    return firm.find(said, asked=asked, ignore=left_out)


def _holds_an_answer(said: Text, asked: Topic | None, now: datetime) -> bool:
    """Whether a text with a question mark has a value for what was asked: "50k?" is a hesitant answer."""
    match asked:
        case Topic.BUDGET:
            return _budget(said, asked=asked) is not None
        case Topic.TIMEFRAME:
            return _timeframe(said, asked=asked, today=now.date()) is not None
        case Topic.AUTHORITY:
            return who_decides.find(said, asked=asked) is not None
        case Topic.COMPANY:
            return firm.find(said, asked=asked) is not None
        case Topic.CONTACT:
            return reached.find(said, asked=asked) is not None
        case Topic.NEED:
            return short_needs.only_names_it(said)
        case _:
            return False
