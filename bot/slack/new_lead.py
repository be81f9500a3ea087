"""A rep makes a lead: who, which firm, what they said; the reader fills in what the words contain (M41, D18)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.lists.cells import is_seen
from bot.slack.blocks import one_line
from bot.slack.hearing import heard_in_note
from bot.slack.people import Colleague
from dialogs.reading.lexicon import lexicon
from qualification import leads, ownership
from qualification.bant import Company, Contact, Topic, Value
from qualification.calls import Heard
from qualification.records import Lead
from qualification.store import Transaction

COMMA = re.compile(r"[,、，]")
QUOTED = re.compile(r"[「\"“](?P<name>[^」\"”]+)[」\"”]\s*(?P<rest>.*)", re.DOTALL)
FIRM = re.compile(
    r"(?P<name>(?:\S+ ){1,3}?"
    r"(?:Inc|Incorporated|Ltd|Limited|LLC|LLP|PLC|plc|Corp|Corporation|Co|GmbH|AG|SA|SAS|BV|KK)\b\.?)\s+(?P<said>.+)",
    re.DOTALL,
)
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
OPENING = re.compile(r"\s*(?:(?:FYI|FYA|ASAP|NB|PS|BTW|[Hh]eads up)\b[\s:,.!–-]*|(?:FW|Fw|Fwd|RE|Re):\s*)+")
"""How colleagues begin a message, which is part of no name."""
_CAPITAL = r"[A-Z][\w'’-]*\.?"
OF_A_FIRM = re.compile(rf"(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,2}}) of (?P<firm>[A-Z].*)", re.DOTALL)
FIRMS_BEGIN = frozenset(
    {
        *lexicon("firm").words("begins_a_firm", "en").spellings,
        *lexicon("firm").words("kind_of_firm", "en").spellings,
        *("art", "board", "chamber", "heart", "isle", "lord", "office", "sons", "spirit", "state", "taste", "world"),
    }
)
"""What stands before "of" in the name of a firm: Bank of America, Institute of Design."""
TITLE = re.compile(r"\s*(?:さん|さま|様|氏|殿)$")
LONGEST_NAME, WORDS_OF_A_NAME = 80, 4
VIA = "slack"


@dataclass(frozen=True, kw_only=True)
class NewLead:
    name: str
    company: str
    said: str

    @property
    def language(self) -> str:
        """The language they will be written to in: Japanese as soon as a Japanese letter is in it (D27)."""
        return "ja" if JAPANESE.search(f"{self.name} {self.company} {self.said}") else "en"


class NotALead(Exception):
    """A new lead needs a name, a comma, and a company."""


def read_new(text: str) -> NewLead:
    """NAME, COMPANY what they said. Raises NotALead.

    A company of several words stands in quotes, or ends with a comma or its legal form: Jane Doe, Asahi Tools, needs a
    CRM by May; Jane Doe, Asahi Tools Inc needs a CRM by May.
    """
    name, *rest = COMMA.split(text.strip(), maxsplit=1)
    after = rest[0].strip() if rest else ""
    company, said = _company_and_words(after) if after else ("", "")
    new = NewLead(name=person_named(name), company=_name(company), said=said.strip())
    if not (new.name and new.company):
        raise NotALead(NotALead.__doc__)
    return new


def _company_and_words(after: str) -> tuple[str, str]:
    if quoted := QUOTED.match(after):
        return quoted["name"], quoted["rest"].lstrip(",、， ")
    first, *more = COMMA.split(after, maxsplit=1)
    if more and _looks_like_a_name(first):
        return first, more[0]
    if firm := FIRM.match(after):
        return firm["name"], firm["said"]
    word, _, said = after.replace("\u3000", " ").partition(" ")
    return word, said


def _looks_like_a_name(text: str) -> bool:
    """One word, or a few with capitals: Asahi Tools Inc, but not "Asahi needs help"."""
    words = text.split()
    capital = all(word[0].isupper() or word[0].isdigit() for word in words)
    return len(words) == 1 or (capital and len(words) <= WORDS_OF_A_NAME)


def _name(text: str) -> str:
    """Empty where nothing of it would be seen."""
    name = one_line(text)[:LONGEST_NAME]
    return name if any(is_seen(letter) for letter in name) else ""


def person_named(text: str) -> str:
    """The name without the title that is said behind it, for we say it ourselves: 鈴木花子様, 山田太郎さん."""
    name = _name(text)
    return TITLE.sub("", name) or name


def names_in(said: str, *, now: datetime) -> tuple[str, str]:
    """The person and the firm a message names, "" for what it does not; for a rep to look at. `now` is local time."""
    text = OPENING.sub("", said, count=1) if OPENING.match(said) else said
    values = {fact.topic: fact.value for fact in heard_in_note(text, now=now)}
    contact, company = values.get(Topic.CONTACT), values.get(Topic.COMPANY)
    name = person_named(contact.name or "") if isinstance(contact, Contact) else ""
    firm = _name(company.name or "") if isinstance(company, Company) else ""
    if name:
        person, of = _person_of_a_firm(name) or (name, "")
        return person, firm.removesuffix(f"の{name}") or of
    return _person_of_a_firm(firm or text.strip()) or ("", firm)


def _person_of_a_firm(text: str) -> tuple[str, str] | None:
    """Jones of Acme: who, and of which firm; None for the Bank of America, and for more than a few words."""
    found = OF_A_FIRM.fullmatch(text)
    if found is None or len(text.split()) > WORDS_OF_A_NAME * 2:
        return None
    if FIRMS_BEGIN.intersection(found["name"].lower().split()) or not _looks_like_a_name(found["firm"]):
        return None
    return found["name"], _name(found["firm"])


def heard_of(new: NewLead, *, now: datetime) -> tuple[Heard, ...]:
    """What the words contain, read before the lead is made. `now` is local time."""
    return (
        _heard(Topic.COMPANY, Company(name=new.company or None), new.company),
        _heard(Topic.CONTACT, Contact(name=new.name or None), new.name),
        *_without_names(heard_in_note(new.said, now=now)),
    )


def make_lead(tx: Transaction, new: NewLead, facts: Iterable[Heard], *, by: Colleague) -> Lead:
    """The lead with everything that was said, owned by who made it."""
    lead = leads.capture(tx, language=new.language, origin="outbound", via=VIA, by=by.id)
    ownership.claim(tx, lead, by=by.id)
    for heard in facts:
        answer = heard.stated(by=by.id, via=VIA, at=tx.now)
        leads.record_answer(tx, lead, answer, by=by.id)
    leads.reassess(tx, lead)
    return lead


def _heard(topic: Topic, value: Value, words: str) -> Heard:
    return Heard(topic=topic, value=value, words=words)


def _without_names(found: tuple[Heard, ...]) -> list[Heard]:
    """Name and company were given by themselves; of the words all else may add to them."""
    kept = []
    for heard in found:
        value = heard.value
        if isinstance(value, Contact):
            value = replace(value, name=None)
        if isinstance(value, Company):
            value = replace(value, name=None)
        if value not in (Contact(), Company()):
            kept.append(Heard(topic=heard.topic, value=value, words=heard.words, certainty=heard.certainty))
    return kept
