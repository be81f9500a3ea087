"""`bantline clock due`: JSON lines in and out, line and field of each mistake, and every deadline of other projects."""

import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from bot.commands.clock import BadLines, due_lines
from tests.qualification.office_hours import NINE_TO_SIX

COLLECTED_CASES = Path("../shared/clock")


def question(**changes: object) -> str:
    asked: dict[str, object] = {
        "id": "a",
        "timezone": "Asia/Tokyo",
        "hours": NINE_TO_SIX,
        "holidays": ["2026-11-23"],
        "start": "2026-11-20T17:10:00+09:00",
        "work_minutes": 180,
    }
    return json.dumps({name: value for name, value in (asked | changes).items() if value is not ...}) + "\n"


def answers(text: str) -> list[dict[str, str]]:
    target = io.StringIO()
    due_lines(io.StringIO(text), target)
    return [json.loads(line) for line in target.getvalue().splitlines()]


def test_the_clock_command_answers_with_the_offset_of_the_zone() -> None:
    assert answers(question()) == [{"id": "a", "due": "2026-11-24T11:10:00+09:00"}]


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"hours": "always", "holidays": ...}, "2026-11-20T20:10:00+09:00"),
        ({"hours": {"fri": [["22:00", "24:00"], ["00:00", "01:00"]], "sat": []}}, "2026-11-27T01:00:00+09:00"),
        ({"start": "2026-11-20T08:10:00.5Z", "work_minutes": 0.5}, "2026-11-20T17:10:30.500000+09:00"),
        ({"pauses": [["2026-11-20T17:10:00+09:00", "2026-11-20T18:00:00+09:00"]]}, "2026-11-24T12:00:00+09:00"),
    ],
)
def test_the_clock_command_takes_every_kind_of_hours(changes: dict[str, object], due: str) -> None:
    assert [answer["due"] for answer in answers(question(**changes))] == [due]


def test_half_a_letter_and_the_mark_of_a_windows_pipe_are_taken_as_they_come() -> None:
    target = io.StringIO()
    due_lines(io.StringIO("\ufeff" + question(id="\ud800")), target)
    assert target.getvalue().encode().startswith(b'{"id": "\\ud800"')


def test_the_clock_command_names_line_and_field_and_answers_the_others() -> None:
    lines = [
        question(id="good"),
        "\n",
        "{\n",
        "[1]\n",
        question(start="2026-11-20T17:10:00"),
        question(timezone="JST-9"),
        question(work_minutes="180"),
        question(work_minutes=-1),
        question(work_minutes=10**12),
        question(hours={"mon": [["25:00", "26:00"]]}),
        question(holidays="2026-11-23"),
        question(pauses=[["2026-11-20T17:10:00+09:00"]]),
        question(id=...),
        question(id="also good"),
    ]
    target = io.StringIO()
    with pytest.raises(BadLines) as refused:
        due_lines(io.StringIO("".join(lines)), target)
    assert [(bad.line, bad.field) for bad in refused.value.lines] == [
        (3, "json"),
        (4, "json"),
        (5, "start"),
        (6, "timezone"),
        (7, "work_minutes"),
        (8, "work_minutes"),
        (9, "work_minutes"),
        (10, "hours.mon[0][0]"),
        (11, "holidays"),
        (12, "pauses[0]"),
        (13, "id"),
    ]
    assert [json.loads(line)["id"] for line in target.getvalue().splitlines()] == ["good", "also good"]
    assert "line 5: start: needs an offset" in str(refused.value)


@pytest.mark.parametrize(("file", "count"), [("cases.jsonl", 251), ("pause_cases.jsonl", 6)])
def test_every_collected_deadline_of_other_projects_is_right(file: str, count: int) -> None:
    collected = COLLECTED_CASES / file
    if not collected.exists():
        pytest.skip(f"the collected deadlines are not beside this repository: {collected}")
    text = collected.read_text(encoding="utf-8")
    expected = {case["id"]: case["expected_due"] for case in map(json.loads, text.splitlines())}
    given_due = {answer["id"]: answer["due"] for answer in answers(text)}
    wrong = {
        case: (given_due[case], due)
        for case, due in expected.items()
        if datetime.fromisoformat(given_due[case]) != datetime.fromisoformat(due)
    }
    assert (len(given_due), wrong) == (count, {})
