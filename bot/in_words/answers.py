"""An answer in words, in one of three forms: noted for reps, listed and echoed for the prospect.

A value is first put into a kind and its parts ("up_to", amount 300万円); the sentence for each kind stands in
templates/answers.*.toml.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.in_words.amounts import amount, amounts
from bot.in_words.moments import day_in_words, days_in_words, is_whole_months
from qualification.bant import (
    Authority,
    Budget,
    Clarity,
    Company,
    Contact,
    Headcount,
    Need,
    Role,
    Timeframe,
    Topic,
    from_json,
)

_OF_THE_DEAL = frozenset({Topic.NEED, Topic.TIMEFRAME, Topic.AUTHORITY, Topic.BUDGET})
NOTED, LISTED, ECHO = "noted", "listed", "echo"
LONGEST_FACT = 200
_LINE_ENDS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How to say it: the language, its table of sentences, and the day on which it is said, if that matters."""

    language: str
    sentences: Mapping[str, Any]
    today: date | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """Which sentence of the table, and what goes into it."""

    kind: str
    parts: Mapping[str, object]


def one_line(text: str, limit: int = LONGEST_FACT) -> str:
    """Words of a prospect for one line of ours: no line ends, no control characters, not endless."""
    line = _LINE_ENDS.sub(" ", text[: 2 * limit]).strip()
    if len(line) <= limit < len(text):  # most of the beginning is blank
        line = _LINE_ENDS.sub(" ", text).strip()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def in_words(topic: str, value: Mapping[str, Any], form: str, speech: Speech) -> str:
    """A stored value in words. `form` is noted, listed or echo; raises ValueError for a value that is none."""
    kind = Topic(topic)
    said = _SAID[kind](from_json(kind, dict(value)), form, speech)
    return _table(form, kind, speech)[said.kind].format_map(said.parts)


def tells_of_nobody(topic: str, value: Mapping[str, Any]) -> bool:
    """Whether many people give this very answer: kinds, dates and sums; no name, no firm, no way to reach anybody."""
    return topic in _OF_THE_DEAL and not value.get("approver")


def kinds_of_need(value: Mapping[str, Any], speech: Speech) -> str:
    """Which kinds of problem a need names, for a sentence: 業務効率化とコスト削減; empty when it names none."""
    need = from_json(Topic.NEED, dict(value))
    return _kinds(need, ECHO, speech) if isinstance(need, Need) else ""


def _table(form: str, topic: Topic, speech: Speech) -> Mapping[str, str]:
    """Where a form has no sentences of its own for a topic, it is said as it is noted."""
    sentences = speech.sentences
    table: Mapping[str, str] = sentences[form].get(topic.value) or sentences[NOTED][topic.value]
    return table


def _word(form: str, table: str, key: str | None, speech: Speech) -> str:
    if key is None:
        return ""
    tables = speech.sentences["noted" if form == NOTED else "listed"]
    return str(tables.get(table, speech.sentences["noted"][table]).get(key, key))


def _need(need: Need, form: str, speech: Speech) -> Said:
    if not need.present:
        return Said(kind="absent", parts={})
    strength = _word(form, "strength", need.strength, speech)
    kinds = _kinds(need, form, speech)
    return Said(kind="about" if kinds else "present", parts={"strength": strength, "kinds": kinds})


def _kinds(need: Need, form: str, speech: Speech) -> str:
    names = [_word(form, "kinds", category, speech) for category in need.categories]
    join = speech.sentences["join"]
    if form != ECHO or len(names) < 2:
        return str(join["kinds"]).join(names)
    return str(join["kinds_in_a_sentence"]).join(names[:-1]) + str(join["kinds_at_its_end"]) + names[-1]


def _timeframe(timeframe: Timeframe, form: str, speech: Speech) -> Said:
    if timeframe.clarity is not Clarity.KNOWN or (timeframe.earliest is None and timeframe.latest is None):
        return Said(kind=_unclear(timeframe.clarity), parts={})
    say = _months if timeframe.rough else _days
    kind, days = say(timeframe.earliest, timeframe.latest, speech)
    return Said(kind=kind, parts={"days": days})


def _days(first: date | None, last: date | None, speech: Speech) -> tuple[str, str]:
    if last is None:
        assert first is not None
        return "from", day_in_words(first, speech.sentences, pattern="month" if first.day == 1 else "day")
    if first is None or (speech.today is not None and first <= speech.today):
        return "by", day_in_words(last, speech.sentences)
    if first == last:
        return "on", day_in_words(last, speech.sentences)
    return "during" if is_whole_months(first, last) else "between", days_in_words(first, last, speech.sentences)


def _months(first: date | None, last: date | None, speech: Speech) -> tuple[str, str]:
    """ "In 3 months" names no day, so we show the month it leads to."""
    if last is None:
        assert first is not None
        return "from", day_in_words(first, speech.sentences, pattern="month")
    if first is None or (speech.today is not None and first <= speech.today):
        return "by_around", day_in_words(last, speech.sentences, pattern="month")
    if (first.year, first.month) == (last.year, last.month):
        return "around", day_in_words(last, speech.sentences, pattern="month")
    whole_last = last.replace(day=monthrange(last.year, last.month)[1])
    return "during", days_in_words(first.replace(day=1), whole_last, speech.sentences)


def _unclear(clarity: Clarity) -> str:
    return "none" if clarity is Clarity.NONE else "undecided"


def _authority(authority: Authority, form: str, speech: Speech) -> Said:
    approver = one_line(authority.approver or "", limit=60)
    named = {Role.NEEDS_APPROVAL: "needs_approval_of", Role.INFLUENCER: "influencer_under"}
    kind = named.get(authority.role, authority.role.value) if approver else authority.role.value
    return Said(kind=kind, parts={"approver": approver})


def _budget(budget: Budget, form: str, speech: Speech) -> Said:
    period = _word(form, "period", budget.period, speech)
    low, high = budget.minimum, budget.maximum
    if budget.clarity is not Clarity.KNOWN or (low is None and high is None):
        return Said(kind=_unclear(budget.clarity), parts={})
    if low is not None and high is not None and low != high:
        between = amounts(low, high, budget.currency, speech.language)
        return Said(kind="exact", parts={"amount": between, "period": period})
    kind = "at_least" if high is None else "up_to" if low is None else "exact"
    known = high if low is None else low
    assert known is not None
    return Said(kind=kind, parts={"amount": amount(known, budget.currency, speech.language), "period": period})


def _company(company: Company, form: str, speech: Speech) -> Said:
    name = one_line(company.name or "", limit=80)
    size = _size(company.headcount, speech) if company.headcount else ""
    kind = "named_and_sized" if name and size else "named" if name else "sized" if size else "unknown"
    return Said(kind=kind, parts={"name": name, "size": size})


def _size(headcount: Headcount, speech: Speech) -> str:
    low, high = headcount.minimum, headcount.maximum
    if low is None and high is None:
        return ""
    if low is not None and high is not None:
        kind = "exact" if low == high else "range"
    else:
        kind = "at_least" if high is None else "up_to"
    number = high if low is None else low
    return str(speech.sentences["noted"]["size"][kind]).format(
        number=f"{number:,}", low=f"{low or 0:,}", high=f"{high or 0:,}"
    )


def _contact(contact: Contact, form: str, speech: Speech) -> Said:
    name = _addressed(contact.name, form, speech) if contact.name else ""
    place = [one_line(part or "", limit=60) for part in (contact.department, contact.title) if form == NOTED]
    reach = [
        *place,
        name,
        one_line(contact.email or "", limit=120),
        phone_as_dialled(contact.phone, speech.language) if contact.phone else "",
    ]
    return Said(kind="full", parts={"parts": str(speech.sentences["join"]["parts"]).join(filter(None, reach))})


def _addressed(name: str, form: str, speech: Speech) -> str:
    """A prospect's name as they read it (山田 太郎様), and plain as reps note it."""
    line = one_line(name, limit=60)
    return line if form == NOTED else str(speech.sentences[LISTED]["contact"]["name"]).format(name=line)


def phone_as_dialled(phone: str, language: str) -> str:
    """A number in the way its reader dials it: 03-1234-5678 in Japanese, +81 3-1234-5678 in English."""
    import phonenumbers  # 0.15 s to load: only a talk that names a number waits for it

    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return one_line(phone, limit=40)
    at_home = language == "ja" and number.country_code == 81
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


_SAID: dict[Topic, Callable[[Any, str, Speech], Said]] = {
    Topic.NEED: _need,
    Topic.TIMEFRAME: _timeframe,
    Topic.AUTHORITY: _authority,
    Topic.BUDGET: _budget,
    Topic.COMPANY: _company,
    Topic.CONTACT: _contact,
}
