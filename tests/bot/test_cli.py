"""The command line, as an operator meets it: every command in a process of its own."""

import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError
from typer.main import get_command

from bot.__main__ import that_stays
from bot.cli import app
from bot.commands.problems import MENDABLE, advice_on
from bot.migrations import bring_up_to_date
from qualification.writing.jobs import Unavailable
from tests.command import bantline
from tests.patience import PATIENCE
from tests.process import BANTLINE, BantlineProcess, QuickBantline


def test_the_version_can_be_asked(tmp_path: Path) -> None:
    said = subprocess.run([BANTLINE, "--version"], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    assert said.stdout.startswith("bantline ")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("db", "copy", "a", "sqlite:///b.db"), "a is no database: write it as sqlite:///FILE"),
        (("db", "copy", "sqlite://a.db", "sqlite:///b.db"), "a.db is no database: write it as sqlite:///FILE"),
        (("serve", "--host", "nobody.invalid"), "nobody.invalid:8321: no machine has this name. Check --host"),
        (("manifest", "--compare", "nowhere.json"), "cannot read nowhere.json: save your app's manifest there"),
    ],
)
def test_a_mistyped_name_is_answered_with_what_to_write(tmp_path: Path, command: tuple[str, ...], said: str) -> None:
    done = bantline(tmp_path, *command)
    assert (done.returncode, said in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_lists_for_somebody_who_reads_japanese_are_japanese_throughout(tmp_path: Path) -> None:
    rows = "会社名,氏名,メール\n青葉製作所,佐藤 一,a@aoba.example\n青葉製作所,佐藤 一,b@aoba.example\n"
    (tmp_path / "cards.csv").write_text(rows, "utf-8")
    bantline(tmp_path, "leads", "import", "cards.csv")
    with closing(sqlite3.connect(tmp_path / "bantline.db")) as database:
        database.execute("UPDATE lead SET stage = 'NURTURE'")
        database.commit()

    leads = bantline(tmp_path, "leads", "list", "--language", "ja").stdout
    assert "育成中" in leads
    assert "NURTURE" not in leads

    twice = bantline(tmp_path, "leads", "duplicates", "--language", "ja").stdout
    assert "同じ方と思われるリード" in twice
    assert "育成中" in twice
    assert not re.search(r"may be|NURTURE|alike", twice)

    past = bantline(tmp_path, "policy", "replay", "--policy", "shipped", "--language", "ja").stdout
    assert "ステージが変わるリード" in past
    assert not re.search(r"leads|would|rung|NURTURE", past)


def test_a_person_is_found_by_the_address_they_write_from(tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("Company,Name,Email\nAcme,Jane Roe,Jane@acme.example\n", "utf-8")
    bantline(tmp_path, "leads", "import", "cards.csv")
    assert "Jane Roe" in bantline(tmp_path, "leads", "show", "jane@acme.example").stdout
    assert "Jane Roe" in bantline(tmp_path, "leads", "erase", "jane@acme.example", "--dry-run").stdout
    nobody = bantline(tmp_path, "leads", "export-person", "joe@acme.example")
    assert (nobody.returncode, "no lead has the address" in nobody.stderr) == (2, True)


def every_command(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name), command


def test_every_command_shows_by_examples_what_one_would_write() -> None:
    for path, command in every_command(get_command(app)):
        title, *examples = (command.epilog or f"{path} has none").splitlines()
        assert title == "For example:"
        for example in examples:
            words = shlex.split(re.split("[<>]", example)[0])
            assert words[: len(path) + 1] == ["bantline", *path]
            command.make_context(path[-1], words[len(path) + 1 :])  # read as it would be, and not run


@pytest.mark.parametrize(
    "command", [("digest", "--date"), ("review", "--from"), ("reps", "away", "Yuki", "--until")], ids=lambda it: it[0]
)
@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("tomorrow", "write the day as 2026-05-18, not 'tomorrow'"),
        ("0001-01-01", "a day from 1970 to 2999, not '0001-01-01'"),
        ("9999-12-31", "a day from 1970 to 2999, not '9999-12-31'"),
    ],
)
def test_a_day_that_is_none_is_answered_with_one(tmp_path: Path, command: tuple[str, ...], day: str, said: str) -> None:
    done = bantline(tmp_path, *command, day)
    assert (done.returncode, said in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("leads", "export", "nowhere/leads.csv"), "there is no folder nowhere"),
        (("leads", "export", "."), "is a folder: name a file in it, such as leads.csv"),
        (("leads", "import", "."), "is a folder: name the file in it"),
        (("leads", "list", "--stage", "sql"), "no lead is at SQL now"),
    ],
    ids=["no such folder", "out to a folder", "in from a folder", "nobody at this stage"],
)
def test_what_is_not_there_is_said_as_one_would_say_it(tmp_path: Path, command: tuple[str, ...], said: str) -> None:
    bring_up_to_date(f"sqlite:///{tmp_path}/bantline.db")
    done = bantline(tmp_path, *command)
    assert said in done.stdout + done.stderr


def test_an_export_writes_over_a_file_only_when_told_to(tmp_path: Path) -> None:
    bring_up_to_date(f"sqlite:///{tmp_path}/bantline.db")
    there = tmp_path / "notes.csv"
    there.write_text("mine", "utf-8")

    refused = bantline(tmp_path, "leads", "export", "notes.csv")
    assert "notes.csv is there already: name another file, or write over it with --replace" in refused.stderr
    assert (refused.returncode, there.read_text("utf-8")) == (2, "mine")

    assert bantline(tmp_path, "leads", "export", "notes.csv", "--replace").returncode == 0
    assert there.read_text("utf-8-sig").startswith("id,company,person")

    os.mkfifo(tmp_path / "device")
    refused = bantline(tmp_path, "leads", "export", "device", "--replace")
    assert "device is no file a list can take the place of: name another" in refused.stderr


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("Company,Name\n", "utf-8")
    done = bantline(tmp_path, "leads", "list", DATABASE_URL="sqlite:///cards.csv")
    assert (done.returncode, "cards.csv is no SQLite database\nCheck DATABASE_URL" in done.stderr) == (2, True)


def test_a_database_with_the_tables_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "bantline.db") as others:
        others.execute("CREATE TABLE lead (colour)")
    for command in (("serve",), ("leads", "list")):
        done = bantline(tmp_path, *command)
        assert (done.returncode, "made by another program.\nGive Bantline a database" in done.stderr) == (2, True)
    [seen] = [it for it in json.loads(bantline(tmp_path, "doctor", "--json").stdout) if it["part"] == "database"]
    assert (seen["well"], seen["seen"]) == (False, "sqlite, with tables of another program")


@pytest.mark.parametrize(
    ("open_as", "write", "advice"),
    [
        ("?mode=ro", "CREATE TABLE another (x)", "Run it as the account Bantline runs as"),
        ("?mode=rw", f"INSERT INTO one VALUES (zeroblob({1 << 20}))", "Make room on its disk"),
        ("/none.db?mode=rw", "", "who may read and write there"),
    ],
    ids=["not ours to write", "full", "cannot be opened"],
)
def test_a_database_that_refuses_says_what_to_do(tmp_path: Path, open_as: str, write: str, advice: str) -> None:
    with sqlite3.connect(tmp_path / "a.db") as made:
        made.execute("CREATE TABLE one (x)")
    engine = create_engine(f"sqlite:///file:{tmp_path}/a.db{open_as}&uri=true")
    with pytest.raises(OperationalError) as refused:
        _write_in_little_room(engine, write)

    assert advice in advice_on(refused.value)


def _write_in_little_room(engine: Engine, write: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 3")
        connection.exec_driver_sql(write)


WITH_CTRL_C = """
import signal
from bot.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background switched it off
main()
"""


@pytest.mark.waits
def test_an_import_stopped_with_ctrl_c_says_so_and_goes_on_when_told_again(tmp_path: Path) -> None:
    rows = "".join(f"Firm {number},a{number}@firm.example\n" for number in range(3000))
    (tmp_path / "cards.csv").write_text(f"Company,Email\n{rows}", "utf-8")
    bring_up_to_date(f"sqlite:///{tmp_path}/bantline.db")
    command = [sys.executable, "-c", WITH_CTRL_C, "leads", "import", "cards.csv"]

    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as importing:
        while not leads_in(tmp_path):
            assert importing.poll() is None
            time.sleep(0.01)
        importing.send_signal(signal.SIGINT)
        _, told = importing.communicate()

    assert "Import the list again: what is in already counts once" in told
    assert "Traceback" not in told
    assert 0 < leads_in(tmp_path) < 3000
    assert "3,000 rows" in bantline(tmp_path, "leads", "import", "cards.csv").stdout
    assert leads_in(tmp_path) == 3000


def leads_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "bantline.db")) as database:
        [(count,)] = database.execute("SELECT count(*) FROM lead")
        return int(count)


def test_a_database_that_another_program_holds_is_said_to_be_held(tmp_path: Path) -> None:
    problem = advice_on(Unavailable(Unavailable.__doc__))
    assert "nothing was recorded; try again in a moment.\nAnother program may hold the database" in problem
    assert Unavailable in MENDABLE


def test_a_rehearsal_before_the_first_start_leaves_no_database_behind(tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("Company,Name,Email\nAcme,Jane Roe,jane@acme.example\n", "utf-8")
    assert "1 created" in bantline(tmp_path, "leads", "import", "cards.csv", "--dry-run").stdout
    assert "no file other.csv" in bantline(tmp_path, "leads", "import", "other.csv").stderr
    assert [file.name for file in tmp_path.iterdir()] == ["cards.csv"]


def test_no_leads_yet_is_a_normal_answer(tmp_path: Path) -> None:
    bring_up_to_date(f"sqlite:///{tmp_path}/bantline.db")
    assert json.loads(bantline(tmp_path, "leads", "list", "--json").stdout) == {"leads": []}
    assert "no leads yet" in bantline(tmp_path, "leads", "list").stdout
    unknown = bantline(tmp_path, "leads", "show", "abc")
    assert (unknown.returncode, "bantline leads list" in unknown.stderr) == (2, True)
    assert bantline(tmp_path, "leads", "list", "--stage", "hero").returncode == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("leads", "why", "abc", "--language", "fr"), "--language"),
        (("policy", "replay"), "--policy FILE"),
        (("policy", "diff", "none.toml"), "check the path"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_give(
    tmp_path: Path, asked: tuple[str, ...], said: str
) -> None:
    done = bantline(tmp_path, *asked)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.waits
def test_sigterm_ends_the_program_in_order(tmp_path: Path) -> None:
    running = BantlineProcess(tmp_path)
    running.start()

    assert running.stop() == 0


@pytest.mark.parametrize("command", [[], ["leads"], ["clock"]], ids=["bantline", "leads", "clock"])
def test_help_is_shown_when_nothing_is_asked(tmp_path: Path, command: list[str]) -> None:
    done = bantline(tmp_path, *command)

    assert "Usage" in done.stdout + done.stderr


def test_a_person_is_printed_whole_and_erased_for_good(tmp_path: Path) -> None:
    tmp_path.joinpath("cards.csv").write_text("Company,Name,Email\nAsahi Tools,Jane Doe,jane@asahi.example\n")
    bantline(tmp_path, "leads", "import", "cards.csv")
    (lead,) = json.loads(bantline(tmp_path, "leads", "list", "--json").stdout)["leads"]

    exported = json.loads(bantline(tmp_path, "leads", "export-person", lead["id"]).stdout)
    rehearsed = bantline(tmp_path, "leads", "erase", lead["id"][:10], "--dry-run", "--json")
    unsure = bantline(tmp_path, "leads", "erase", lead["id"], given="y\nn\n")
    kept = bantline(tmp_path, "leads", "show", lead["id"], "--json").stdout
    done = bantline(tmp_path, "leads", "erase", lead["id"], "--yes")
    shown = bantline(tmp_path, "leads", "show", lead["id"], "--json").stdout

    assert exported["records"][0]["lead"]["email"] == "jane@asahi.example"
    assert json.loads(rehearsed.stdout)["erased"] == []
    assert unsure.returncode == 1
    assert "jane@asahi.example" in kept
    assert "by hand" in done.stdout
    assert "Jane" not in shown
    assert "jane@" not in shown
    assert "lead_erased" in shown
    assert bantline(tmp_path, "leads", "erase", "nobody", "--yes").returncode == 2
    late = bantline(tmp_path, "leads", "activity", lead["id"], "newsletter_opened")
    assert (late.returncode, "was erased" in late.stderr) == (2, True)


def test_an_old_list_brings_nobody_back_whom_the_operator_erased_and_says_which_row(tmp_path: Path) -> None:
    """D26."""
    tmp_path.joinpath("cards.csv").write_text("Company,Name,Email\nAsahi Tools,Jane Doe,jane@asahi.example\n")
    bantline(tmp_path, "leads", "import", "cards.csv")
    bantline(tmp_path, "leads", "export", "old.csv")
    bantline(tmp_path, "leads", "erase", "jane@asahi.example", "--yes")

    rehearsed = bantline(tmp_path, "leads", "import", "old.csv", "--dry-run")
    told = json.loads(bantline(tmp_path, "leads", "import", "old.csv", "--json").stdout)
    done = bantline(tmp_path, "leads", "import", "old.csv")

    for said, row in ((rehearsed.stdout, "would be kept"), (done.stdout, "is kept")):
        assert "0 unchanged, 1 left out, 0 refused" in said
        assert "Left out, because this person's data was erased: row 2." in said
        assert row in said
    assert (told["erased"], told["erased_rows"]) == (1, [2])
    assert done.returncode == 0
    with closing(sqlite3.connect(tmp_path / "bantline.db")) as database:
        assert "jane@" not in "".join(database.iterdump())


def test_the_backup_of_the_docs_is_made_while_it_runs_and_holds_everything(tmp_path: Path) -> None:
    docs = Path(__file__).parents[2].joinpath("docs", "operating.md").read_text("utf-8")
    (command,) = re.findall(r"^python3 (-c .+)$", docs, re.MULTILINE)
    with QuickBantline(tmp_path) as running:
        running.wait_until_well()
        (tmp_path / "cards.csv").write_text("Company,Name,Email\nAcme,Jane Roe,jane@acme.example\n", "utf-8")
        bantline(tmp_path, "leads", "import", "cards.csv", DATABASE_URL=f"sqlite:///{tmp_path}/test.db")
        ours = command.replace("bantline.db", "test.db")
        subprocess.run(f"{sys.executable} {ours}", shell=True, cwd=tmp_path, check=True, timeout=PATIENCE)
    assert "Jane Roe" in bantline(tmp_path, "leads", "list", DATABASE_URL=f"sqlite:///{tmp_path}/backup.db").stdout


@pytest.mark.parametrize(
    "words",
    ["worker", "serve", "serve --port 80", "serve --host ::1", "serve --port 0 --host 0.0.0.0"],
)
def test_what_stays_begins_without_the_library_of_the_command_line_when_it_is_asked_for_plainly(words: str) -> None:
    assert that_stays(words.split()) is not None


@pytest.mark.parametrize(
    "words",
    ["", "leads list", "worker --help", "serve --help", "serve --port=80", "serve --port", "serve --port 65536",
     "serve --port -1", "serve --port x", "serve --host --port", "serve 80", "serve --host a --prot 80"],
)  # fmt: skip
def test_every_other_way_to_say_it_is_for_the_command_line_to_read_or_to_refuse(words: str) -> None:
    assert that_stays(words.split()) is None


@pytest.mark.parametrize("words", ["", "demo", "leads list", "leads activity", "leads import", "reps away", "read"])
def test_help_speaks_of_texts_and_numbers_and_of_no_types_of_python(tmp_path: Path, words: str) -> None:
    told = bantline(tmp_path, *words.split(), "--help").stdout
    assert "--help" in told
    assert not re.search(r"<(bool|str|int|float|datetime|path|list|date)\b", told, re.IGNORECASE), told
