"""How the tables of what people type are written: one row a text, and what the reader must hear in it.

    question <TAB> now <TAB> text <TAB> answer; budget ..3000000 JPY month; timeframe 2026-10-01..2026-10-31

The comment at the top of each table explains the notation to a salesperson; a line break is written \\n. A row that
breaks it is an error naming file and line, so that a slip of the pen never passes as a reading.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from dialogs.reading.found import Act, Language
from qualification.bant import (
    Authority,
    Budget,
    Clarity,
    Headcount,
    Need,
    Period,
    Role,
    Strength,
    Timeframe,
    Topic,
)

CASES = Path(__file__).parent / "cases"
COLUMNS = 4
QUESTIONS: dict[str, Topic | None] = {"any": None, **{topic.value: topic for topic in Topic}}
CATEGORIES = {"efficiency", "cost", "revenue", "security", "data", "legacy", "staffing", "customer"}
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
MAY_STATE_FACTS = {Act.ANSWER, Act.CORRECT, Act.HUMAN}
WHOLE = re.compile(r"\d+")
CENTS = re.compile(r"\d+\.\d\d")
CURRENCY = re.compile(r"[A-Z]{3}")
E164 = re.compile(r"\+[1-9]\d{6,14}")


class MalformedRow(Exception):
    """A row of a table cannot be read; names the file, the line and what is wrong."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path.name}, line {line}: {problem}")


@dataclass
class Heard:
    """The act and the facts of one text, as a table states them or as the reader found them."""

    act: Act
    budget: Budget | None = None
    timeframe: Timeframe | None = None
    authority: Authority | None = None
    need: Need | None = None
    contact: dict[str, str | Headcount] = field(default_factory=dict)
    hard: bool = False


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row: what was asked when, what the person typed, and what must be heard."""

    file: str
    line: int
    question: Topic | None
    now: datetime
    text: str
    expected: Heard

    @property
    def id(self) -> str:
        return f"{self.file.removesuffix('.tsv')}:{self.line}"

    @property
    def language(self) -> Language:
        return "ja" if JAPANESE.search(unicodedata.normalize("NFKC", self.text)) else "en"


@functools.cache
def load(folder: Path = CASES) -> tuple[Case, ...]:
    """All rows of all tables, in the order of file names and lines; read once for all tests of a process."""
    return tuple(case for path in sorted(folder.glob("*.tsv")) for case in load_table(path))


def load_table(path: Path) -> Iterable[Case]:
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not row or row.startswith("#"):
            continue
        try:
            yield case_of(row, path.name, number)
        except ValueError as problem:
            raise MalformedRow(path, number, str(problem)) from problem


def case_of(row: str, file: str, line: int) -> Case:
    columns = row.split("\t")
    if len(columns) != COLUMNS:
        raise ValueError(f"{COLUMNS} columns wanted, {len(columns)} found")
    question, now, text, expected = columns
    if question not in QUESTIONS:
        raise ValueError(f"nobody asks about {question!r}")
    moment = datetime.fromisoformat(now)
    if moment.tzinfo is None:
        raise ValueError(f"{now} has no offset")
    return Case(
        file=file,
        line=line,
        question=QUESTIONS[question],
        now=moment,
        text=text.replace("\\n", "\n"),
        expected=heard(expected, moment.date()),
    )


def heard(notation: str, today: date) -> Heard:
    """What the notation says; ValueError when it says it wrongly."""
    act, *facts = notation.split("; ")
    result = Heard(act=Act(act))
    seen: set[str] = set()
    for fact in facts:
        name, _, words = fact.partition(" ")
        if name in seen:
            raise ValueError(f"{name} is written twice")
        seen.add(name)
        if name not in FACTS:
            raise ValueError(f"{name!r} is no fact; known are {', '.join(sorted(FACTS))}")
        FACTS[name](result, words, today)
    stated = seen - {"hard"}
    if result.act is Act.ANSWER and not stated:
        raise ValueError("an answer states at least one fact")
    if stated and result.act not in MAY_STATE_FACTS:
        raise ValueError(f"{result.act} states no fact")
    return result


def read_budget(result: Heard, words: str, _today: date) -> None:
    if words in (Clarity.UNDECIDED, Clarity.NONE):
        result.budget = Budget(clarity=Clarity(words))
        return
    amount, *rest = words.split(" ")
    minimum, maximum = (Decimal(amount),) * 2 if CENTS.fullmatch(amount) else bounds(amount)
    currency = rest.pop(0) if rest and CURRENCY.fullmatch(rest[0]) else None
    period = Period(rest.pop(0)) if rest else None
    if rest:
        raise ValueError(f"too much after the amount: {' '.join(rest)}")
    result.budget = Budget(minimum=minimum, maximum=maximum, currency=currency, period=period)


def read_timeframe(result: Heard, words: str, today: date) -> None:
    if words in (Clarity.UNDECIDED, Clarity.NONE):
        result.timeframe = Timeframe(clarity=Clarity(words))
        return
    first, dots, last = words.partition("..")
    earliest = date.fromisoformat(first)
    latest = None if dots and not last else date.fromisoformat(last or first)
    if earliest < today or (latest is not None and latest < earliest):
        raise ValueError(f"{words} begins before today, {today}, or ends before it begins")
    result.timeframe = Timeframe(earliest=earliest, latest=latest)


def read_authority(result: Heard, words: str, _today: date) -> None:
    role, _, approver = words.partition(" ")
    if approver and role != Role.NEEDS_APPROVAL:
        raise ValueError(f"{role} has no approver")
    result.authority = Authority(role=Role(role), approver=approver or None)


def read_need(result: Heard, words: str, _today: date) -> None:
    if words == "absent":
        result.need = Need(present=False)
        return
    strength, _, kinds = words.partition(" ")
    categories = tuple(kinds.split(",")) if kinds else ()
    if unknown := set(categories) - CATEGORIES:
        raise ValueError(f"no kind of need: {', '.join(sorted(unknown))}")
    result.need = Need(present=True, strength=Strength(strength), categories=categories)


def read_headcount(result: Heard, words: str, _today: date) -> None:
    minimum, maximum = bounds(words)
    result.contact["headcount"] = Headcount(minimum=minimum, maximum=maximum)


def read_phone(result: Heard, words: str, _today: date) -> None:
    if not E164.fullmatch(words):
        raise ValueError(f"{words!r} is not E.164")
    result.contact["phone"] = words


def read_email(result: Heard, words: str, _today: date) -> None:
    if words != words.lower() or "@" not in words:
        raise ValueError(f"{words!r} is no e-mail address in lower case")
    result.contact["email"] = words


def read_named(name: str) -> Callable[[Heard, str, date], None]:
    def keep(result: Heard, words: str, _today: date) -> None:
        if not words.strip():
            raise ValueError(f"{name} is empty")
        result.contact[name] = words

    return keep


def read_hard(result: Heard, words: str, _today: date) -> None:
    if words:
        raise ValueError("hard stands alone")
    result.hard = True


FACTS: dict[str, Callable[[Heard, str, date], None]] = {
    "budget": read_budget,
    "timeframe": read_timeframe,
    "authority": read_authority,
    "need": read_need,
    "headcount": read_headcount,
    "phone": read_phone,
    "email": read_email,
    "name": read_named("name"),
    "company": read_named("company"),
    "hard": read_hard,
}


def bounds(words: str) -> tuple[int | None, int | None]:
    """`5` is 5 to 5, `..5` at most, `5..` at least, `1..5` from 1 to 5."""
    first, dots, last = words.partition("..")
    for end in (first, last):
        if end and not WHOLE.fullmatch(end):
            raise ValueError(f"{end!r} is no whole number")
    if not first and not last:
        raise ValueError("an amount is missing")
    minimum = int(first) if first else None
    maximum = (int(last) if last else None) if dots else minimum
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ValueError(f"{words} runs backwards")
    return minimum, maximum
