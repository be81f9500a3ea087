"""`bantline read`: shows what the reader understands, for other programs as JSON lines, for people with its reasons."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, TextIO

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.typed import BYTE_ORDER_MARK, YEARS, json_line
from dialogs.reading import read
from dialogs.reading.conventions_json import conventions_json
from dialogs.reading.found import UNSURE, Found, Language, Reading
from qualification.bant import Topic

ANY = "any"
ATTRIBUTES = ("industry", "standing", "title", "department")


class BadLine(ValueError):
    """A line of the input is not what we expect; the message names its number and what is wrong."""


def _within_reach(now: datetime) -> datetime:
    """The calendar has an end, and a text may say "in a hundred years"."""
    if now.year not in YEARS:
        raise ValueError(f"give a day from {YEARS[0]} to {YEARS[-1]}")
    return now


class Line(BaseModel):
    """One text to read. "today" is the date as it is written in `now`, with an offset from UTC or without."""

    model_config = ConfigDict(extra="ignore")

    id: str
    text: str
    now: Annotated[datetime, AfterValidator(_within_reach)]
    question: Topic | None = None
    lang: Language | None = None


def read_lines(source: TextIO, target: TextIO) -> None:
    """Reads {"id", "lang", "question", "now", "text"} lines and writes {"id", "expect"} lines in the same order.

    `question` is a topic or "any"; empty lines are skipped. Raises BadLine and stops at the first bad line.
    """
    for line in _lines(source):
        reading = read(line.text, question=line.question, now=line.now, language=line.lang)
        told = {"id": line.id, "expect": conventions_json(reading, line.now.date())}
        target.write(json_line(told) + "\n")
        target.flush()


def _lines(source: TextIO) -> Iterator[Line]:
    for number, written in enumerate(source, 1):
        if written.strip():
            yield _line(number, written)


def _line(number: int, written: str) -> Line:
    try:
        given = json.loads(written.removeprefix(BYTE_ORDER_MARK))
    except (ValueError, RecursionError) as error:
        raise BadLine(f"line {number}: not JSON: {error}") from error
    if not isinstance(given, dict):
        raise BadLine(f"line {number}: must be an object with id, question, now and text")
    try:
        return Line.model_validate(given | {"question": _topic(given.get("question"))})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise BadLine(f"line {number}: {wrong}") from error


def _topic(written: Any) -> Any:
    return None if written == ANY else written


def explain(text: str, question: Topic | None, now: datetime, target: Console) -> None:
    """Prints the act, and for each fact its value, the person's own words, the rule, and how sure it is."""
    reading = read(text, question=question, now=now)
    target.print(f"[bold]{escape(reading.act)}[/bold]  ({reading.language})")
    facts = list(_facts(reading))
    if not facts:
        target.print("no facts")
        return
    table = Table("topic", "value", "words", "span", "rule", "sure")
    for column in table.columns:
        column.overflow = "fold"  # on a narrow terminal nothing is cut: whose rule it was is what somebody looks for
    for topic, fact in facts:
        table.add_row(
            topic,
            escape(_parts(fact.value)),
            escape(fact.words),
            f"{fact.span[0]}-{fact.span[1]}",
            fact.rule,
            f"{fact.certainty:.2f}" + (" asks back" if fact.certainty < UNSURE else ""),
        )
    target.print(table)


def _facts(reading: Reading) -> Iterator[tuple[str, Found[Any]]]:
    for topic in Topic:
        fact = getattr(reading, topic.value)
        if fact is not None:
            yield topic.value, fact
    for name in ATTRIBUTES:
        if (said := getattr(reading.attributes, name, None)) is not None:
            yield name, said


def _parts(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    told = {name: part for name, part in vars(value).items() if part is not None and part != ()}
    return ", ".join(f"{name} {part}" for name, part in told.items())
