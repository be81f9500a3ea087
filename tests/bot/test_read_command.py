"""`bantline read`: JSON lines in, understood facts out in the same order; or one text explained for a person."""

import io
import json
from datetime import UTC, datetime

import pytest
from rich.console import Console

from bot.commands.read import BadLine, explain, read_lines
from qualification.bant import Topic

NOW = "2026-05-14T10:00:00+09:00"


def line(**changed: object) -> str:
    return json.dumps({"id": "1", "lang": "ja", "question": "budget", "now": NOW, "text": "300万"} | changed)


def answers(*lines: str) -> list[dict[str, object]]:
    target = io.StringIO()
    read_lines(io.StringIO("\n".join(lines)), target)
    return [json.loads(one) for one in target.getvalue().splitlines()]


def test_every_line_is_answered_in_order() -> None:
    told = answers(
        line(), "", line(id="2", text="来月から", question="timeframe"), line(id="3", question="any", text="x")
    )
    assert [one["id"] for one in told] == ["1", "2", "3"]
    assert told[0]["expect"] == {
        "act": "answer",
        "budget": {"min": 3_000_000, "max": 3_000_000, "currency": "JPY", "period": None, "status": "known"},
    }
    assert told[1]["expect"] == {
        "act": "answer",
        "timeframe": {"months_min": 0.6, "months_max": 1.5, "by": "2026-06-30", "status": "known"},
    }


def test_today_is_the_date_written_in_now() -> None:
    told = answers(line(text="今日", question="timeframe", now="2026-05-14T23:30:00-08:00"))
    assert told[0]["expect"]["timeframe"]["by"] == "2026-05-14"  # type: ignore[index]  # JSON of our own shape


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        pytest.param("{", "line 2: not JSON", id="no JSON"),
        pytest.param("[]", "line 2: must be an object", id="no object"),
        pytest.param(line(question="price"), "line 2: question", id="no such question"),
        pytest.param(line(now="yesterday"), "line 2: now", id="now that is no instant"),
        pytest.param(line(now="9999-12-01"), "line 2: now: .*1970 to 2999", id="at the end of the calendar"),
        pytest.param("[" * 5_000, "line 2: not JSON", id="deep"),
        pytest.param("1" * 5_000, "line 2: not JSON", id="a number without end"),
        pytest.param('{"id": "1"}', "line 2: text", id="no text"),
    ],
)
def test_a_bad_line_is_named_and_the_lines_before_it_are_answered(bad: str, says: str) -> None:
    target = io.StringIO()
    with pytest.raises(BadLine, match=says):
        read_lines(io.StringIO(f"{line()}\n{bad}\n"), target)
    assert len(target.getvalue().splitlines()) == 1


def test_half_a_letter_and_the_mark_of_a_windows_pipe_are_taken_as_they_come() -> None:
    """An answer in UTF-8 cannot hold half a letter; it goes out as the escape it came in by."""
    target = io.StringIO()
    read_lines(io.StringIO("\ufeff" + line(id="\ud800")), target)
    assert target.getvalue().encode().startswith(b'{"id": "\\ud800"')


def test_a_person_sees_the_words_and_the_rule_behind_each_fact() -> None:
    told = io.StringIO()
    explain(
        "予算は300万くらい、決裁は社長です [b]",
        Topic.BUDGET,
        datetime(2026, 5, 14, tzinfo=UTC),
        Console(file=told, width=200),
    )
    for expected in ("answer", "300万くらい", "minimum 3000000", "needs_approval", "社長", "budget."):
        assert expected in told.getvalue()


def test_a_person_sees_when_nothing_was_understood() -> None:
    told = io.StringIO()
    explain("こんにちは", None, datetime(2026, 5, 14, tzinfo=UTC), Console(file=told, width=200))
    assert "no facts" in told.getvalue()
