"""A question whose key is misspelt has no words: it is said when Bantline starts and by `policy check`, to no prospect."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.playbook_words import playbook_mistakes, questions_without_words
from dialogs.playbook import read_playbook, shipped_playbook

MISSPELT = (
    "standard.toml: line 10: question.0.key: 'what_probelm' has no words: there is no "
    "templates/prompts/what_probelm.ja.txt.j2; did you mean 'what_problem'?"
)


@pytest.fixture
def misspelt(tmp_path: Path) -> dict[str, str]:
    """The environment of a Bantline whose playbook has a key that no language knows."""
    shutil.copytree(Path("dialogs"), tmp_path / "dialogs")  # compiled as it is
    playbook = tmp_path / "dialogs" / "playbooks" / "standard.toml"
    playbook.write_text(playbook.read_text("utf-8").replace("what_problem", "what_probelm"), "utf-8")
    return os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{Path.cwd()}"}


@pytest.mark.parametrize(
    "command", [["policy", "check"], ["serve", "--port", "0"], ["worker"], ["doctor"]], ids=lambda command: command[0]
)
def test_a_misspelt_question_is_told_with_its_file_its_line_and_the_nearest_key(
    misspelt: dict[str, str], tmp_path: Path, command: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *command], cwd=tmp_path, env=misspelt, capture_output=True, text=True, timeout=120
    )
    assert done.returncode != 0
    told = " ".join((done.stdout + done.stderr).split())
    assert MISSPELT in told, told
    assert "Traceback" not in told


def test_every_mistake_of_a_playbook_is_an_entry_of_its_own(misspelt: dict[str, str], tmp_path: Path) -> None:
    playbook = tmp_path / "dialogs" / "playbooks" / "standard.toml"
    playbook.write_text(shipped_playbook().text.replace('"i_gather"', "3").replace('"small"', "4"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "policy", "check", "--json"],
        cwd=tmp_path, env=misspelt, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    told = [finding["says"] for finding in json.loads(done.stdout)["findings"]]
    assert [line.rpartition(": ")[0] for line in told] == [
        "standard.toml: line 54: question.2.choice.2.value",
        "standard.toml: line 62: question.3.choice.0.value",
    ]


def test_a_key_that_is_like_no_other_is_told_with_those_there_are() -> None:
    playbook = read_playbook(shipped_playbook().text.replace('key = "by_when"', 'key = "xyz"'))
    (told,) = questions_without_words(playbook)
    assert told.endswith("; there are budget_range, by_when, how_to_reach, what_problem, which_company, who_decides")


def test_a_question_that_is_never_asked_again_needs_no_words_for_that() -> None:
    once = shipped_playbook().text.replace("ask_again = 2", "ask_again = 0").replace('"by_when"', '"greeting"')
    assert list(questions_without_words(read_playbook(once))) == []
    (told,) = questions_without_words(read_playbook(once.replace("ask_again = 0", "ask_again = 1")))
    assert "there is no templates/prompts/greeting_again" in told


def test_the_shipped_playbooks_have_all_their_words() -> None:
    assert list(playbook_mistakes()) == []
