"""`bantline clock due`: questions about working time in, one JSON object a line; due instants out.

    {"id": "a", "timezone": "Asia/Tokyo", "hours": {"mon": [["09:00", "18:00"]], "fri": [["09:00", "18:00"]]},
     "holidays": [], "start": "2026-11-20T17:10:00+09:00", "work_minutes": 180}
    ->  {"id": "a", "due": "2026-11-23T11:10:00+09:00"}

"hours" may also be "always"; "pauses" is a list of [start, end]. Other fields are left alone.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TextIO

from bot.typed import BYTE_ORDER_MARK, json_line
from qualification.hours.opening_times import BadHours, read_holidays, read_week, read_zone
from qualification.hours.sheet import NoWorkingTime
from qualification.working_hours import Pause, WorkingHours

NEEDED = ("id", "timezone", "hours", "start", "work_minutes")
KNOWN_CALENDARS = 64  # calendars kept while reading; a file mostly asks about a few


@dataclass(frozen=True, kw_only=True)
class BadLine:
    """A line that could not be answered: its number from 1, the field, and what is wrong with it."""

    line: int
    field: str
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.problem}"


class BadLines(ValueError):
    """Some lines could not be answered. The message has one line for each; the other lines were answered."""

    def __init__(self, lines: Sequence[BadLine]) -> None:
        super().__init__("\n".join(str(line) for line in lines))
        self.lines = tuple(lines)


class _BadField(ValueError):
    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def due_lines(source: TextIO, target: TextIO) -> None:
    """Answer every line of `source` that can be answered on `target`, in order, with the offset of the line's zone.

    Raises BadLines after the last line when there were some that could not be answered.
    """
    bad: list[BadLine] = []
    calendars: dict[str, WorkingHours] = {}
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            answer = _answer(line, calendars)
        except (_BadField, BadHours) as error:
            bad.append(BadLine(line=number, field=error.field, problem=error.problem))
        else:
            target.write(json_line(answer) + "\n")
    if bad:
        raise BadLines(bad)


def _answer(line: str, calendars: dict[str, WorkingHours]) -> dict[str, object]:
    asked = _object(line)
    hours = _hours(asked, calendars)
    start, work = _instant(asked["start"], "start"), _work(asked["work_minutes"])
    try:
        due = hours.add(start, work, pauses=list(_pauses(asked.get("pauses", ()))))
        return {"id": asked["id"], "due": due.astimezone(hours.zone).isoformat()}
    except NoWorkingTime as error:
        raise _BadField("work_minutes", str(error)) from error


def _object(line: str) -> Mapping[str, object]:
    try:
        asked = json.loads(line.removeprefix(BYTE_ORDER_MARK))
    except (ValueError, RecursionError) as error:
        raise _BadField("json", str(error)) from error
    if not isinstance(asked, dict):
        raise _BadField("json", f"give an object in braces, not {line.strip()[:80]}")
    missing = [name for name in NEEDED if asked.get(name) is None]
    if missing:
        raise _BadField(missing[0], "is missing")
    return asked


def _hours(asked: Mapping[str, object], calendars: dict[str, WorkingHours]) -> WorkingHours:
    key = json.dumps([asked.get(name) for name in ("hours", "timezone", "holidays")])
    if key not in calendars:
        if len(calendars) >= KNOWN_CALENDARS:
            calendars.clear()
        zone = read_zone(asked["timezone"], "timezone")
        calendars[key] = WorkingHours(
            week=read_week(asked["hours"]), zone=zone, holidays=read_holidays(asked.get("holidays", ()))
        )
    return calendars[key]


def _instant(text: object, field: str) -> datetime:
    try:
        at = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        raise _BadField(field, f'give an instant such as "2026-11-20T17:10:00+09:00", not {text!r}') from None
    if at.tzinfo is None:
        raise _BadField(field, f"needs an offset such as +09:00 or Z: {text!r}")
    return at


def _work(minutes: object) -> timedelta:
    if isinstance(minutes, int | float) and not isinstance(minutes, bool) and minutes >= 0:
        try:
            return timedelta(minutes=minutes)
        except (OverflowError, ValueError) as error:
            raise _BadField("work_minutes", f"is too much: {minutes!r}") from error
    raise _BadField("work_minutes", f"give the minutes of work as a number, 0 or more, not {minutes!r}")


def _pauses(pauses: object) -> Iterator[Pause]:
    if not isinstance(pauses, Sequence) or isinstance(pauses, str):
        raise _BadField("pauses", f"give a list of [start, end], not {pauses!r}")
    for position, pause in enumerate(pauses):
        if not isinstance(pause, Sequence) or isinstance(pause, str) or len(pause) != 2:
            raise _BadField(f"pauses[{position}]", f"give [start, end], not {pause!r}")
        starts, ends = (_instant(at, f"pauses[{position}][{edge}]") for edge, at in enumerate(pause))
        yield starts, ends
