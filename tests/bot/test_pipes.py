"""What goes in and out of a command by a pipe or a narrow terminal, whatever letters that knows."""

import csv
import io
import json
import os
import re
import subprocess
from datetime import datetime
from pathlib import Path

from tests.command import bantline
from tests.process import BANTLINE


def test_leads_go_through_a_pipe_in_the_encoding_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("会社名,氏名,メール\n青空,佐藤 一郎,sato@aozora.example\n", "utf-8")
    bantline(tmp_path, "leads", "import", "cards.csv")
    told = bantline(tmp_path, "leads", "export", "--encoding", "cp932")
    assert "青空" in told.written.decode("cp932")
    unknown = bantline(tmp_path, "leads", "export", "--encoding", "excel")
    assert (unknown.returncode, "no encoding 'excel'" in unknown.stderr, unknown.written) == (2, True, b"")


def test_a_pipe_that_knows_no_japanese_ends_no_command(tmp_path: Path) -> None:
    told = subprocess.run(
        [BANTLINE, "read", "--explain", "来月までに300万", "--question", "budget"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )

    assert b"\\u6765" in told.stdout  # 来


def test_what_goes_out_as_data_is_whole_whatever_the_terminal_knows(tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("会社名,氏名,メール\nCafé 😀,𠮷田 一郎,yoshida@cafe.example\n", "utf-8")
    bantline(tmp_path, "leads", "import", "cards.csv")

    export = bantline(tmp_path, "leads", "export", PYTHONIOENCODING="cp932")
    [row] = csv.DictReader(io.StringIO(export.stdout))
    assert (row["company"], row["person"]) == ("Café 😀", "𠮷田 一郎")

    listed = subprocess.run(
        [BANTLINE, "leads", "list", "--json"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "cp932"},
        capture_output=True,
        check=True,
    )
    [lead] = json.loads(listed.stdout.decode("cp932"))["leads"]
    assert (lead["company"], lead["person"]) == ("Café 😀", "𠮷田 一郎")


def test_hostile_names_and_whole_ids_on_a_narrow_terminal(tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text(
        "会社名,氏名,メール\n\\[bold]青空\x1b[2J,佐藤 一郎,sato@aozora.example\n", "utf-8"
    )
    bantline(tmp_path, "leads", "import", "cards.csv", "--start-clocks", "--activity", "document_requested")
    [lead] = json.loads(bantline(tmp_path, "leads", "list", "--json").stdout)["leads"]
    assert datetime.fromisoformat(lead["created_at"]).isoformat() == lead["created_at"]
    for command in (("leads", "list"), ("clock", "list"), ("leads", "show", lead["id"])):
        told = bantline(tmp_path, *command, COLUMNS="80").stdout
        assert lead["id"][:10] in told
        assert "\x1b" not in told
    assert re.search(r" \d{4}-\d\d-\d\d ", bantline(tmp_path, "leads", "list", COLUMNS="80").stdout)


def test_the_clock_answers_line_by_line(tmp_path: Path) -> None:
    friday = {
        "id": "a",
        "timezone": "Asia/Tokyo",
        "hours": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": [],
        "start": "2026-11-20T17:10:00+09:00",
        "work_minutes": 180,
    }
    done = bantline(tmp_path, "clock", "due", given=json.dumps(friday) + "\n")

    assert json.loads(done.stdout) == {"id": "a", "due": "2026-11-23T11:10:00+09:00"}


def test_the_reader_answers_line_by_line(tmp_path: Path) -> None:
    line = {"id": "a", "lang": "ja", "question": "budget", "now": "2026-05-14T10:00:00+09:00", "text": "300万円くらい"}
    done = bantline(tmp_path, "read", given=json.dumps(line, ensure_ascii=False) + "\n")

    answer = json.loads(done.stdout)
    assert answer["id"] == "a"
    assert answer["expect"]["budget"]["min"] == 3_000_000


def test_a_bad_line_is_named_by_its_number(tmp_path: Path) -> None:
    done = bantline(tmp_path, "read", given="{\n")

    assert done.returncode == 2
    assert "1" in done.stderr
    assert "Traceback" not in done.stderr
