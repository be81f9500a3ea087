"""A list's people become leads: new ones are made, known ones learn what they lacked, and nobody comes twice.

    the same row again          -> unchanged
    somebody we erased          -> left out (D26)
    an e-mail address we know   -> that lead gets the activity and whatever was still unknown about it; what a form
                                   says otherwise stands beside what we know, for a rep to settle (D22)
    a phone or name we know     -> a new lead, and a word that it may be the same person (D29)
    anybody else                -> a new lead

No clock starts, and nothing rings, unless the list's owner asks for it (D9).
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from bot.lists.entry import Entry
from qualification import leads
from qualification.bant import CRITERIA, Company, Contact, Topic, Value
from qualification.calls import Heard
from qualification.duplicates import Likeness, likenesses
from qualification.events import IMPORT, NoteKept
from qualification.freshness import fresh
from qualification.identity import name_key
from qualification.one_person import kept_of
from qualification.records import Activity, Answer, Lead
from qualification.store import Transaction
from qualification.tombstones import is_erased, mark_of
from qualification.writing.batch import Load

LONGEST_KEY = 200


class RowFate(StrEnum):
    CREATED = "created"
    COMPLETED = "completed"
    UNCHANGED = "unchanged"
    ERASED = "erased"  # of somebody whose data was erased before: nothing of the row is kept


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How a list is taken in: what its people did, where it comes from, who brings it, and whether clocks start.

    `firsthand`: they say it themselves, now, so that their answers count in place of older ones. `beside_as`: nobody
    knows whether it is them, so that what differs from a known answer is kept beside it as coming from here.
    """

    by: str
    via: str = IMPORT
    firsthand: bool = False
    beside_as: str = ""
    origin: str = "outbound"
    source: str | None = None
    activity: str | None = None
    start_clocks: bool = False


@dataclass(frozen=True, kw_only=True)
class BroughtIn:
    """What became of a row. `alike` are leads that may be the same person."""

    lead_id: str
    fate: RowFate
    alike: tuple[Likeness, ...] = ()


PLAN = (
    Load(Lead, "id"),
    Load(Activity, "key"),
    Load(Activity, "key"),
    Load(Lead, "email"),
    Load(Lead, "phone"),
    Load(Lead, "name_key"),
    Load(Answer, "lead_id"),
    Load(Activity, "lead_id"),
)
"""What every row needs, read for some hundred rows at once; `keys` has its values in this order."""


def keys(entry: Entry, lead_id: str, terms: Terms) -> tuple[str | None, ...]:
    """The values of PLAN for one entry."""
    name = name_key(entry.company.name, entry.contact.name)
    key = _key(entry, terms)
    return (lead_id, key, mark_of(key), entry.contact.email, entry.contact.phone, name, lead_id, lead_id)


def foresee(tx: Transaction, entry: Entry, lead_id: str, terms: Terms) -> BroughtIn:
    """What would become of the entry; reads only."""
    lead = _known(tx, entry, terms)
    if lead is None:
        return BroughtIn(lead_id=lead_id, fate=RowFate.CREATED, alike=likenesses(tx, entry.company, entry.contact))
    if is_erased(tx, lead):
        return BroughtIn(lead_id=lead.id, fate=RowFate.ERASED)
    if tx.first(Activity, "key", _key(entry, terms)) or not _has_news(tx, lead, entry, terms):
        return BroughtIn(lead_id=lead.id, fate=RowFate.UNCHANGED)
    return BroughtIn(lead_id=lead.id, fate=RowFate.COMPLETED)


def bring_in(tx: Transaction, entry: Entry, lead_id: str, terms: Terms) -> BroughtIn:
    """One entry becomes a lead with this id, or adds to the one it is."""
    becomes = foresee(tx, entry, lead_id, terms)
    if becomes.fate is RowFate.CREATED:
        lead = _captured(tx, lead_id, entry, terms)
        _learn(tx, lead, _facts(entry), terms)
        _finish(tx, lead, entry, terms)
    elif becomes.fate is RowFate.COMPLETED:
        lead = tx.get(Lead, becomes.lead_id)
        _learn(tx, lead, _news(tx, lead, entry, terms), terms)
        _finish(tx, lead, entry, terms)
    return becomes


def _key(entry: Entry, terms: Terms) -> str:
    """Of a long source the end is left out, never the mark of the row."""
    of_list = f"{terms.via}:{terms.activity or ''}:{terms.source or ''}"
    return f"{of_list[: LONGEST_KEY - len(entry.digest) - 1]}:{entry.digest}"


def _known(tx: Transaction, entry: Entry, terms: Terms) -> Lead | None:
    key = _key(entry, terms)
    if before := tx.first(Activity, "key", key) or tx.first(Activity, "key", mark_of(key)):
        return tx.get(Lead, before.lead_id)
    if entry.lead_id and (ours := tx.peek(Lead, entry.lead_id)):
        return kept_of(tx, ours)
    same_mail = sorted(tx.find(Lead, "email", entry.contact.email), key=lambda lead: lead.merged_into is not None)
    return kept_of(tx, same_mail[0]) if same_mail else None


def _captured(tx: Transaction, lead_id: str, entry: Entry, terms: Terms) -> Lead:
    return leads.capture(
        tx,
        id=lead_id,
        language=entry.language,
        origin=entry.origin or terms.origin,
        via=terms.via,
        by=terms.by,
        source=entry.source or terms.source,
    )


def _has_news(tx: Transaction, lead: Lead, entry: Entry, terms: Terms) -> bool:
    opts_out = entry.do_not_contact and not lead.do_not_contact
    return bool(terms.activity or entry.note or opts_out or _news(tx, lead, entry, terms))


def _news(tx: Transaction, lead: Lead, entry: Entry, terms: Terms) -> list[Heard]:
    """What the list knows and we did not; what we know already stays, for it is newer than a list."""
    known = leads.known_of(tx, lead)
    company, contact = known.company or Company(), known.contact or Contact()
    heard = CRITERIA if terms.firsthand or terms.beside_as else known.unknown
    news = [fact for fact in _facts(entry) if fact.topic in heard or _adds(fact.value, company, contact)]
    return [_only_new(fact, company, contact) for fact in news]


def _facts(entry: Entry) -> list[Heard]:
    company = Heard(topic=Topic.COMPANY, value=entry.company, words=entry.company.name or "")
    contact = Heard(topic=Topic.CONTACT, value=entry.contact, words=entry.contact.name or "")
    return [fact for fact in (company, contact) if fact.value not in (Company(), Contact())] + list(entry.heard)


def _adds(value: Value, company: Company, contact: Contact) -> bool:
    if not isinstance(value, (Company, Contact)):
        return False
    known = company if isinstance(value, Company) else contact
    return any(getattr(value, part.name) and not getattr(known, part.name) for part in fields(value))


def _only_new(fact: Heard, company: Company, contact: Contact) -> Heard:
    value: Value = fact.value
    if not isinstance(value, (Company, Contact)):
        return fact
    known = company if isinstance(value, Company) else contact
    parts = {part.name: getattr(known, part.name) or getattr(value, part.name) for part in fields(value)}
    return replace(fact, value=replace(value, **parts))


def _learn(tx: Transaction, lead: Lead, facts: Iterable[Heard], terms: Terms) -> None:
    answered = _answered(tx, lead) if terms.beside_as else ()
    for fact in facts:
        via = terms.beside_as if fact.topic in answered else terms.via
        answer = fact.stated(by=terms.by, via=via, at=tx.now)
        leads.record_answer(tx, lead, answer, by=terms.by)


def _answered(tx: Transaction, lead: Lead) -> tuple[Topic, ...]:
    """The criteria with an answer that still counts (D21)."""
    known = fresh(leads.known_of(tx, lead), tx.policy, today=tx.here.date())
    return tuple(topic for topic in CRITERIA if topic not in known.unknown)


def _finish(tx: Transaction, lead: Lead, entry: Entry, terms: Terms) -> None:
    kind = terms.activity or IMPORT
    leads.record_activity(tx, lead, kind, key=_key(entry, terms), starts_clocks=terms.start_clocks)
    if entry.note:
        tx.record(NoteKept(lead_id=lead.id, by=terms.by, words=entry.note))
    if entry.do_not_contact:
        leads.opt_out(tx, lead, words="", by=terms.by)
    if terms.start_clocks:
        leads.reassess(tx, lead)
    else:
        leads.judge(tx, lead)
