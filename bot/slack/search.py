"""Finding leads by what a rep remembers: company, person, address, number, or the beginning of an id."""

import re
import unicodedata

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from bot.slack.queue import SHORT_ID, Waiting, waiting_leads
from qualification.dossier import LeadNotFound, id_begins_with
from qualification.ids import LETTERS
from qualification.records import Lead

ID_PREFIX = re.compile(rf"[0-9a-v]{{6,{LETTERS}}}")
LONGEST = 80


def find_leads(session: Session, text: str) -> tuple[Waiting, ...]:
    """Leads that contain these words, the most urgent first; nothing for no words."""
    text = text.strip()[:LONGEST]
    if not text:
        return ()
    pattern = f"%{_literally(text)}%"
    columns = (col(Lead.company), col(Lead.person), col(Lead.email), col(Lead.phone))
    same: list[ColumnElement[bool]] = [column.ilike(pattern, escape="\\") for column in columns]
    if ID_PREFIX.fullmatch(text.lower()):
        same.append(id_begins_with(text.lower()))
    return waiting_leads(session, or_(*same))


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
