"""The house keeps its rules: style, types, the direction of imports, and pages made from tables."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.docs import PAGES
from bot.commands.init import settings_text
from tests import mission

ROOT = Path(__file__).parent.parent
NAMED_FILE = re.compile(
    r"(?<![\w/.-])(?:bot|dialogs|qualification|templates|benchmarks|tests|docs)/[\w/-]+\.(?:py|toml|md|js)\b"
)
CHECKS = {
    "style": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy", *([] if ROOT.joinpath(".mypy_cache").is_dir() else ["--no-incremental"])],  # one look writes none
    "import contracts": ["lint-imports"],
}


@pytest.mark.waits
@pytest.mark.parametrize("check", CHECKS)
def test_the_tree_passes_the_check_of(check: str) -> None:
    program, *arguments = CHECKS[check]
    done = subprocess.run(
        [str(Path(sys.executable).parent / program), *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_the_page_says_what_the_tables_say(page: str) -> None:
    assert ROOT.joinpath("docs", page).read_text("utf-8") == PAGES[page](), "run: python -m bot.commands.docs"


def test_every_file_a_page_or_a_comment_names_is_there() -> None:
    rooms = ("bot", "dialogs", "qualification", "templates", "benchmarks", "docs")
    told = [
        ROOT / "README.md",
        *(path for room in rooms for kind in ("py", "md") for path in (ROOT / room).rglob(f"*.{kind}")),
    ]
    named = {(path, name) for path in told for name in NAMED_FILE.findall(path.read_text("utf-8"))}
    roots = (ROOT, ROOT / "tests")  # docs/mission.md names tests from their own room on
    assert [(str(path), name) for path, name in named if not any((root / name).is_file() for root in roots)] == []


def test_every_number_of_the_mission_has_a_test_or_says_why_not() -> None:
    found = mission.naming()

    told = [*mission.RULES, *mission.ADVICE, *mission.NOT_YET]
    assert sorted(told, key=lambda number: int(number[1:])) == mission.NUMBERS, "each number stands in one table, once"
    assert [number for number in mission.RULES if number not in found] == []
    assert [number for number in mission.NOT_YET if number in found] == [], "it has a test now: take it off the list"
    assert mission.PAGE.read_text("utf-8") == mission.page(), "run: python -m tests.mission"


def test_every_rule_the_code_names_is_explained_on_a_page() -> None:
    assert mission.unexplained() == {}, "tests/mission.toml says what a name means, docs/reliability.md what R and S do"


def test_the_written_settings_file_explains_every_setting() -> None:
    from bot.settings import Settings

    text = settings_text()
    assert all(f"# {name.upper()} = " in text for name in Settings.model_fields)


def test_no_line_of_the_product_speaks_of_the_place_it_was_made_in() -> None:
    shipped = [
        path for room in ("bot", "dialogs", "qualification", "templates", "docs") for path in (ROOT / room).rglob("*")
    ]
    readable = (path for path in shipped if path.suffix in {".py", ".toml", ".md", ".j2", ".js", ".css", ".html"})
    assert [str(path) for path in readable if "../shared" in path.read_text("utf-8")] == []


def test_a_program_on_sqlite_holds_nothing_of_postgresql_slack_and_mail_nor_what_draws_a_terminal() -> None:
    starts = """
import sys, bot.cli, bot.commands.serve as program
from bot.bootstrap import policy_of
program.learn_holidays_in_child(settings := program.load_settings())
policy_of(settings)
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", starts], capture_output=True, text=True, check=True)

    held = set(done.stdout.split())
    assert not {"psycopg", "sqlalchemy.dialects.postgresql", "alembic", "slack_sdk", "slack_bolt", "aiohttp"} & held
    assert not {"aiosmtplib", "rich", "pygments", "greenlet", "holidays", "phonenumbers"} & held
