"""Finding leads by what a rep remembers: company, person, address, number, or the beginning of an id."""

import re
import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlmodel import Session, col, select

from bot.slack.new_lead import TITLE
from bot.slack.queue import SHORT_ID, Waiting, waiting_leads
from qualification.dossier import id_begins_with
from qualification.identity import company_key, same_spelling
from qualification.ids import LETTERS
from qualification.leads import LeadNotFound
from qualification.records import Lead

ID_PREFIX = re.compile(rf"[0-9a-v]{{6,{LETTERS}}}")
LONGEST, MOST_WORDS = 80, 6
NUMBER = re.compile(r"[+(]?[0-9][0-9()./ ‐-―ー-]*")
FEWEST_DIGITS = 3
NO_DIGIT = re.compile(r"[^0-9]")
LOOKED_INTO = (Lead.id, Lead.company, Lead.person, Lead.email, Lead.phone, Lead.name_key)
LOOKED_THROUGH = 50_000
"""So many of the newest leads are looked through for what stands inside a word: a part of a second, however many there
are."""
MOST_FOUND = 500
BEHIND_ALL_LETTERS = "\U0010ffff"
HOME = "+81"  # a number that begins with 0 is dialled within Japan


def find_leads(session: Session, text: str, *, through: int = LOOKED_THROUGH) -> tuple[Waiting, ...]:
    """Leads that contain these words, the most urgent first; nothing for no words.

    A whole number, address or beginning of an id is looked up in its index, and so is the beginning of a firm or of a
    name; for what stands inside a word as many of the newest leads are looked `through`. Widths, blanks, kana, a title
    behind a name and a firm's legal form do not matter.
    """
    text = text.strip()[:LONGEST]
    if not text:
        return ()
    if known := leads_known_by(session, unicodedata.normalize("NFKC", text)):
        return known
    return waiting_leads(session, col(Lead.id).in_(_named(session, text, through)))


def leads_known_by(session: Session, text: str) -> tuple[Waiting, ...]:
    """Those with this whole number or address, or whose id begins so."""
    return waiting_leads(session, _is_exactly(text))


def _is_exactly(text: str) -> ColumnElement[bool]:
    same = [col(Lead.email) == text.lower(), col(Lead.phone).in_(_numbers(text))]
    if ID_PREFIX.fullmatch(text.lower()):
        same.append(id_begins_with(text.lower()))
    return or_(*same)


def _numbers(text: str) -> tuple[str, ...]:
    """As numbers are kept, +81312345678, whether it was typed so or as it is dialled in Japan; none for other words."""
    if not NUMBER.fullmatch(text):
        return ()
    digits = NO_DIGIT.sub("", text)
    return (f"+{digits}", f"{HOME}{digits[1:]}") if digits.startswith("0") else (f"+{digits}",)


def _named(session: Session, text: str, through: int) -> set[str]:
    """The ids of those whose names begin so, and of the newest leads that hold it anywhere."""
    words = [_bare(word) for word in text.split()[:MOST_WORDS]]
    ways = [_begins(_bare(text)), and_(*map(_begins, words))][: len(words)]
    looked = select(*map(col, LOOKED_INTO)).order_by(col(Lead.created_at).desc(), col(Lead.id).desc())
    newest = looked.limit(through).subquery().c
    asked = [*(select(Lead.id).where(way) for way in ways), select(newest.id).where(_holds(text, newest))]
    return {found for one in asked for found in session.exec(one.limit(MOST_FOUND))}


def _begins(text: str) -> ColumnElement[bool]:
    """Whether a name begins so, in any spelling: ranges of the indexes, where LIKE would read every lead."""
    keys = {key for key in (same_spelling(text), company_key(text)) if key}
    names = (col(Lead.company_folded), col(Lead.person_folded), col(Lead.family_folded))
    ranges = [and_(name >= key, name < key + BEHIND_ALL_LETTERS) for name in names for key in sorted(keys)]
    return or_(false(), *ranges)


def _holds(text: str, lead: Any) -> ColumnElement[bool]:
    """Every word of it in one lead; or it is part of a number, in as many pieces as it was typed."""
    anywhere = and_(*(_has_word(_bare(word), lead) for word in text.split()[:MOST_WORDS]))
    return or_(anywhere, *_has_number(text, lead))


def _bare(word: str) -> str:
    """A name without the title that is said behind it."""
    return TITLE.sub("", word) or word


def _has_word(word: str, lead: Any) -> ColumnElement[bool]:
    """As it was typed, but for widths and blanks; or, where name and company are known, in any spelling of it."""
    plain = unicodedata.normalize("NFKC", word)
    names = (_without_blanks(column) for column in (lead.company, lead.person))
    written = [_contains(name, spelt) for name in names for spelt in {word, plain}]
    keys = {key for key in (same_spelling(word), company_key(word)) if key}
    spelt = [_contains(lead.name_key, key) for key in keys]
    return or_(*written, _contains(lead.email, plain), *spelt, *_has_number(plain, lead))


def _has_number(text: str, lead: Any) -> list[ColumnElement[bool]]:
    """Part of a number as it is kept; nothing for other words, and for fewer digits than tell one from another."""
    plain = unicodedata.normalize("NFKC", text)
    digits = NO_DIGIT.sub("", plain).removeprefix("0")
    if len(digits) < FEWEST_DIGITS or not NUMBER.fullmatch(plain):
        return []
    return [_contains(lead.phone, digits)]


def _without_blanks(column: Any) -> Any:
    return func.replace(func.replace(column, " ", ""), "\u3000", "")


def _contains(column: Any, text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.ilike(f"%{_literally(text)}%", escape="\\")
    return found


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def lead_id_of(session: Session, typed: str) -> str:
    """The id of the one lead that begins with what was typed; raises LeadNotFound."""
    typed = unicodedata.normalize("NFKC", typed).strip(" `").lower()
    if not ID_PREFIX.fullmatch(typed):
        raise LeadNotFound(typed[:SHORT_ID])
    found = session.exec(select(Lead.id).where(id_begins_with(typed)).limit(2)).all()
    if len(found) != 1:
        raise LeadNotFound(typed[:SHORT_ID])
    return found[0]
