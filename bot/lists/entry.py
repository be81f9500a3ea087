"""One row of a list as a person we could call: read strictly, because a wrong number is worse than a missing one."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from bot.lists.cells import meant
from bot.lists.columns import JAPANESE, Column, industries
from bot.lists.exactly import NotOurs, unchanged
from bot.typed import readable
from dialogs.reading import read
from dialogs.reading.addresses import email, phone
from dialogs.reading.found import Language
from dialogs.reading.headcount import headcount
from dialogs.reading.text import Text
from qualification.bant import CRITERIA, Company, Contact, Headcount, Industry, Standing, Topic
from qualification.calls import Heard
from qualification.identity import same_spelling
from qualification.ids import is_id

T = TypeVar("T")

LONGEST_COMPANY, LONGEST_PERSON, LONGEST_SOURCE, LONGEST_NOTE = 120, 80, 200, 4_000
LANGUAGES: dict[str, Language] = {
    "ja": "ja",
    "japanese": "ja",
    "日本語": "ja",
    "en": "en",
    "english": "en",
    "英語": "en",
}
ORIGINS = {"inbound": "inbound", "outbound": "outbound", "インバウンド": "inbound", "アウトバウンド": "outbound"}
SWITCH = dict.fromkeys(("yes", "y", "true", "1", "x", "○", "はい", "有", "不可", "禁止", "停止", "済"), True) | (
    dict.fromkeys(("no", "n", "false", "0", "×", "いいえ", "無", "-", "可"), False)
)
STANDINGS = {
    **{standing.value: standing for standing in Standing},
    **dict.fromkeys(("法人", "会社", "仕事", "業務"), Standing.BUSINESS),
    **dict.fromkeys(("学生", "学業", "学習"), Standing.STUDENT),
    **dict.fromkeys(("個人", "私用", "personal"), Standing.PRIVATE),
}
_SIZE = re.compile(
    r"(?P<exact>[0-9]{1,7})|(?P<low>[0-9]{1,7}) to (?P<high>[0-9]{1,7})"
    r"|(?P<least>[0-9]{1,7})\+|(?P<most>[0-9]{1,7}) or fewer"
)
"""A headcount as our own exports write it; one that is larger is read like any other text."""
_ENDS = (("exact", "low", "least"), ("exact", "high", "most"))
_LOST_DIGITS = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)


class BadRow(ValueError):
    """A row nobody could work with; `problems` are sentences that say what to mend, `columns` where."""

    def __init__(self, *problems: str, columns: Sequence[Column] = ()) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
        self.columns = tuple(columns)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Who somebody is and what is known about them, as the list says. `digest` is the same for the same row."""

    digest: str
    company: Company
    contact: Contact
    language: str
    lead_id: str | None = None
    origin: str | None = None
    source: str | None = None
    heard: tuple[Heard, ...] = ()
    note: str = ""
    do_not_contact: bool = False


@dataclass(kw_only=True)
class _Row:
    """The cells of one row, and what was wrong with them so far."""

    cells: Mapping[Column, str]
    problems: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)

    def read(self, column: Column, reader: Callable[[str], T]) -> T | None:
        """The cell read; None for an empty one and, with a problem noted, for one that cannot be read."""
        cell = self.cells.get(column)
        if not cell:
            return None
        try:
            return reader(cell)
        except BadRow as bad:
            self.problems.extend(f"{column}: {problem}" for problem in bad.problems)
            self.columns.append(column)
            return None


def entry_of(
    cells: Mapping[Column, str], *, now: datetime, of_somebody_known: bool = False, japanese: bool = False
) -> Entry:
    """The row as a entry. `now` is local time: 「来月」 counts from it. Raises BadRow with all that is wrong.

    `japanese` is a list whose headings are: then a phone number without its country is one, too.

    Of somebody known the row may hold anything; of a stranger it has to say whom to call.
    """
    written = {column: meant(cell) for column, cell in cells.items()}
    row = _Row(cells={column: text for column, cell in written.items() if (text := readable(cell))})
    heard, unread = _heard(row, now)
    note = row.read(Column.NOTE, _text(LONGEST_NOTE))
    language = row.read(Column.LANGUAGE, _word(LANGUAGES)) or _language(row.cells)
    dialled = _phone("ja" if japanese else language)
    entry = Entry(
        digest=_digest(written),
        lead_id=row.read(Column.ID, _lead_id),
        company=Company(
            name=row.read(Column.COMPANY, _company),
            headcount=row.read(Column.HEADCOUNT, _headcount),
            industry=_industry(row.cells),
        ),
        contact=Contact(
            name=_person(row),
            email=row.read(Column.EMAIL, _email),
            phone=row.read(Column.PHONE, dialled) or row.read(Column.MOBILE, dialled),
            title=row.read(Column.TITLE, _place),
            department=row.read(Column.DEPARTMENT, _place),
            standing=row.read(Column.STANDING, _word(STANDINGS)),
        ),
        language=language,
        origin=row.read(Column.ORIGIN, _word(ORIGINS)),
        source=row.read(Column.SOURCE, _text(LONGEST_SOURCE)),
        do_not_contact=bool(row.read(Column.DO_NOT_CONTACT, _word(SWITCH))),
        heard=tuple(heard),
        note="\n".join(filter(None, (*unread, note))),
    )
    names_somebody = entry.contact.reachable or (entry.company.name and entry.contact.name)
    if not (of_somebody_known or names_somebody or row.problems):
        row.problems.append("nobody to call: give an e-mail address, a phone number, or a company and a name")
    if row.problems:
        raise BadRow(*row.problems, columns=row.columns)
    return entry


def _digest(cells: Mapping[Column, str]) -> str:
    spelled = json.dumps({column: cells[column] for column in sorted(cells)}, ensure_ascii=False)
    return hashlib.sha256(spelled.encode(errors="surrogatepass")).hexdigest()[:40]


def _language(cells: Mapping[Column, str]) -> Language:
    """Japanese as soon as a Japanese letter is in it (D27)."""
    return "ja" if any(JAPANESE.search(cell) for cell in cells.values()) else "en"


def _text(longest: int) -> Callable[[str], str]:
    def read_text(cell: str) -> str:
        if len(cell) > longest:
            raise BadRow(f"longer than {longest} characters")
        return cell

    return read_text


def _company(cell: str) -> str:
    return " ".join(_text(LONGEST_COMPANY)(cell).split())


def _place(cell: str) -> str:
    return " ".join(_text(LONGEST_PERSON)(cell).split())


def _industry(cells: Mapping[Column, str]) -> Industry | None:
    """One we know; the name of another stays in the note."""
    return industries().get(same_spelling(cells.get(Column.INDUSTRY, "")))


def _person(row: _Row) -> str | None:
    """The whole name; family name first in Japanese, last in English, as each is written."""
    if whole := row.read(Column.PERSON, _text(LONGEST_PERSON)):
        return " ".join(whole.split())
    family = row.read(Column.FAMILY_NAME, _text(LONGEST_PERSON))
    given = row.read(Column.GIVEN_NAME, _text(LONGEST_PERSON))
    parts = (family, given) if JAPANESE.search(f"{family}{given}") else (given, family)
    return " ".join(filter(None, parts)) or None


def _lead_id(cell: str) -> str | None:
    """Ours have a shape of their own; another system's number is nothing we know."""
    return cell if is_id(cell) else None


def _email(cell: str) -> str:
    text = Text.of(cell)
    found = email(text, ())
    if found is None or len(text.plain[: found.start] + text.plain[found.end :].strip("<> ")) > 0:
        raise BadRow(f"{_shortened(cell)} is not one e-mail address")
    return found.value


_ABROAD = re.compile(r"\+|(?<![0-9])00")
"""Without it a number of a Japanese list is none of North America: its 0 is lost, nobody can tell which it was."""


def _phone(language: Language) -> Callable[[str], str]:
    def read_phone(cell: str) -> str:
        if _LOST_DIGITS.fullmatch(cell):
            raise BadRow(f"{_shortened(cell)} has lost its digits in a spreadsheet; format the column as text")
        text = replace(Text.of(cell), language=language)
        found = phone(text, ())
        if found is None or (language == "ja" and found.value.startswith("+1") and not _ABROAD.search(text.plain)):
            raise BadRow(f"{_shortened(cell)} is not a phone number we can dial; write +81 3-... or 03-...")
        return found.value

    return read_phone


def _headcount(cell: str) -> Headcount:
    if ours := _SIZE.fullmatch(cell):
        size = {part: int(number) for part, number in ours.groupdict().items() if number}
        minimum, maximum = (next((size[part] for part in parts if part in size), None) for parts in _ENDS)
        if min(size.values()) >= 1 and (minimum is None or maximum is None or minimum <= maximum):
            return Headcount(minimum=minimum, maximum=maximum)
    found = headcount(Text.of(cell), Topic.COMPANY, ())
    if found is None:
        raise BadRow(f"{_shortened(cell)} is no number of people")
    return Headcount(minimum=found.minimum, maximum=found.maximum)


def _word(meanings: Mapping[str, T]) -> Callable[[str], T]:
    def read_word(cell: str) -> T:
        word = unicodedata.normalize("NFKC", cell).strip().casefold().replace("〇", "○")
        if word not in meanings:
            raise BadRow(f"{_shortened(cell)} is none of {', '.join(meanings)}")
        return meanings[word]

    return read_word


def _heard(row: _Row, now: datetime) -> tuple[list[Heard], list[str]]:
    """What the criteria cells say, then what title and note say about the others; and the cells we could not read.

    In a list of ours a title says no more than it did: what it told about who decides stands in its own column.
    """
    heard = row.read(Column.ANSWERS, lambda cell: _exactly(cell, row)) or {}
    unread = []
    for topic in CRITERIA:
        cell = row.cells.get(Column(topic.value))
        if topic in heard:
            continue
        if cell and (said := _said(topic, cell, now)):
            heard[topic] = said
        elif cell:
            unread.append(f"{topic}: {cell}")
    title = row.cells.get(Column.TITLE) if Column.ANSWERS not in row.cells else None
    if title and Topic.AUTHORITY not in heard and (said := _said(Topic.AUTHORITY, title, now)):
        heard[Topic.AUTHORITY] = said
    if (industry := row.cells.get(Column.INDUSTRY)) and _industry(row.cells) is None:
        unread.append(f"{Column.INDUSTRY}: {industry}")
    if note := row.cells.get(Column.NOTE):
        reading = read(note[:LONGEST_NOTE], question=None, now=now)
        for topic in CRITERIA:
            if topic not in heard and (found := getattr(reading, topic.value)):
                words = found.words or note
                heard[topic] = Heard(topic=topic, value=found.value, words=words, certainty=found.certainty)
    return list(heard.values()), unread


def _exactly(cell: str, row: _Row) -> dict[Topic, Heard]:
    try:
        return unchanged(cell, {topic: row.cells.get(Column(topic.value), "") for topic in CRITERIA})
    except NotOurs as wrong:
        raise BadRow(str(wrong)) from wrong


@lru_cache(maxsize=4_096)  # a list of thousands has a few dozen titles
def _said(topic: Topic, cell: str, now: datetime) -> Heard | None:
    found = getattr(read(cell, question=topic, now=now), topic.value)
    return Heard(topic=topic, value=found.value, words=cell, certainty=found.certainty) if found else None


def _shortened(cell: str) -> str:
    return f"{cell[:40]}…" if len(cell) > 40 else f"{cell}"
