"""Leads written into a list that opens well in a spreadsheet, and comes back unchanged.

The first columns are facts: taken in again they give the same leads. Those after them are our judgement of the
day (stage, score, owner); they are for reading, and a list that comes back does not change them.
"""

import csv
import io
from collections.abc import Iterator

from sqlmodel import Session, col, select

from bot.lists.cells import shown
from bot.lists.columns import Column
from bot.lists.exactly import written
from bot.typed import readable
from bot.words import Words
from qualification.answers import Known, Stated
from qualification.bant import CRITERIA, Company, Contact, Headcount, Topic, to_json
from qualification.records import Answer, Lead
from qualification.stages import Stage

FACTS = (
    Column.ID,
    Column.COMPANY,
    Column.PERSON,
    Column.EMAIL,
    Column.PHONE,
    Column.HEADCOUNT,
    Column.INDUSTRY,
    Column.DEPARTMENT,
    Column.TITLE,
    Column.STANDING,
    Column.NEED,
    Column.TIMEFRAME,
    Column.AUTHORITY,
    Column.BUDGET,
    Column.LANGUAGE,
    Column.ORIGIN,
    Column.SOURCE,
    Column.DO_NOT_CONTACT,
    Column.ANSWERS,
)
JUDGED = ("stage", "stage_since", "temperature", "score", "owner", "created_at", "last_activity_at")
LEADS_AT_ONCE = 500


def rows_of(session: Session, words: Words, *, stage: Stage | None = None) -> Iterator[list[str]]:
    """The headings, then a row for each lead, oldest first; memory stays flat however many there are."""
    yield [*FACTS, *JUDGED]
    after = ""
    while page := _page(session, stage, after):
        answers = _answers(session, page)
        for lead in page:
            yield [shown(readable(cell)) for cell in (*_facts(lead, answers.get(lead.id, []), words), *_judged(lead))]
        after = page[-1].id
        session.expunge_all()


def _page(session: Session, stage: Stage | None, after: str) -> list[Lead]:
    rows = select(Lead).where(col(Lead.id) > after, col(Lead.merged_into).is_(None)).order_by(Lead.id)
    return list(session.exec((rows.where(Lead.stage == stage) if stage else rows).limit(LEADS_AT_ONCE)))


def _answers(session: Session, page: list[Lead]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    wanted = select(Answer).where(col(Answer.lead_id).in_([lead.id for lead in page])).order_by(col(Answer.id))
    for answer in session.exec(wanted):
        found.setdefault(answer.lead_id, []).append(answer)
    return found


def _facts(lead: Lead, answers: list[Answer], words: Words) -> list[str]:
    known = Known.of(answers)
    company, contact = known.company or Company(), known.contact or Contact()
    said = {topic: _said(known.about(topic), lead.language, words) for topic in CRITERIA}
    return [
        lead.id,
        company.name or "",
        lead.person or "",
        lead.email or "",
        _phone(lead.phone),
        _headcount(company.headcount),
        company.industry or "",
        contact.department or "",
        contact.title or "",
        contact.standing or "",
        *said.values(),
        lead.language,
        lead.origin,
        lead.source or "",
        "yes" if lead.do_not_contact else "",
        written((answer, said[topic]) for topic in CRITERIA if (answer := known.about(topic))),
    ]


def _phone(number: str | None) -> str:
    """(+81) 3-1234-5678: no spreadsheet takes it for a sum, and everybody can read it."""
    if not number:
        return ""
    import phonenumbers  # 0.15 s to load, and not every list has numbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    code, _, rest = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).partition(" ")
    return f"({code}) {rest}"


def _headcount(size: Headcount | None) -> str:
    if size is None or (size.minimum is None and size.maximum is None):
        return ""
    if size.minimum == size.maximum:
        return str(size.minimum)
    if size.maximum is None:
        return f"{size.minimum}+"
    if size.minimum is None:
        return f"{size.maximum} or fewer"
    return f"{size.minimum} to {size.maximum}"  # 5-10 would be the fifth of October in a spreadsheet


def _said(answer: Stated | None, language: str, words: Words) -> str:
    """Their own words for a need; otherwise what the answer says."""
    if answer is None:
        return ""
    if answer.topic is Topic.NEED and answer.words:
        return answer.words
    return words.answer(answer.topic, to_json(answer.topic, answer.value), language)


def _judged(lead: Lead) -> list[str]:
    since, made, seen = (
        f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (lead.stage_since, lead.created_at, lead.last_activity_at)
    )
    return [lead.stage, since, lead.temperature, str(lead.score), lead.owner_id or "", made, seen]


def as_csv(row: list[str]) -> str:
    """One line of the file, ended as spreadsheets expect."""
    line = io.StringIO()
    csv.writer(line).writerow(row)
    return line.getvalue()
