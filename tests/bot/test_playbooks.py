"""A question whose key is misspelt has no words: it is said when Bantline starts and by `policy check`, to no prospect."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.in_words.playbook import playbook_mistakes, questions_without_words
from dialogs.playbook import read_playbook, shipped_playbook
from tests.patience import PATIENCE

MISSPELT = (
    "standard.toml: line 10: question.0.key: 'what_probelm' has no words: there is no "
    "templates/prompts/what_probelm.ja.txt.j2; did you mean 'what_problem'?"
)


CHECKED = [["policy", "check"], ["serve", "--port", "0"], ["worker"], ["doctor"]]
IN_JSON = ["policy", "check", "--json"]
LOADED_ONCE = """
import json, multiprocessing, os, sys
from pathlib import Path
import bot.cli, bot.commands.doctor, bot.commands.policy, bot.commands.serve
from bot.__main__ import main

def run(command, said):
    for stream in (1, 2):
        os.dup2(said, stream)
    sys.argv = ["bantline", *command]
    main()

for number, (playbook, command) in enumerate(json.load(sys.stdin)):
    Path("dialogs/playbooks/standard.toml").write_text(playbook, "utf-8")
    said = os.open(f"{number}.said", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    running = multiprocessing.get_context("fork").Process(target=run, args=(command, said))
    running.start()
    running.join()
    print(running.exitcode)
"""


@dataclass(frozen=True)
class Told:
    returncode: int
    words: str


def _all_told(folder: Path) -> dict[str, Told]:
    """What each command says whose program lies beside a misspelt playbook, by the command; loaded once for all."""
    shutil.copytree(Path("dialogs"), folder / "dialogs")  # compiled as it is
    misspelt = shipped_playbook().text.replace("what_problem", "what_probelm")
    other_mistakes = shipped_playbook().text.replace('"i_gather"', "3").replace('"small"', "4")
    done = subprocess.run(
        [sys.executable, "-c", LOADED_ONCE],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{Path.cwd()}"},
        input=json.dumps([*((misspelt, command) for command in CHECKED), (other_mistakes, IN_JSON)]),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=PATIENCE * (len(CHECKED) + 1),
    )
    statuses = zip([*CHECKED, IN_JSON], done.stdout.split(), strict=True)
    return {
        " ".join(command): Told(int(status), folder.joinpath(f"{number}.said").read_text("utf-8"))
        for number, (command, status) in enumerate(statuses)
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    return _all_told(tmp_path_factory.mktemp("misspelt"))


def test_a_misspelt_question_is_told_with_its_file_its_line_and_the_nearest_key(told: dict[str, Told]) -> None:
    """One test for all commands: two workers of a run would each have them told."""
    for command in (" ".join(words) for words in CHECKED):
        words = " ".join(told[command].words.split())
        assert told[command].returncode != 0, command
        assert MISSPELT in words, f"{command}: {words}"
        assert "Traceback" not in words, command


def test_every_mistake_of_a_playbook_is_an_entry_of_its_own(told: dict[str, Told]) -> None:
    says = [finding["says"] for finding in json.loads(told[" ".join(IN_JSON)].words)["findings"]]
    assert [line.rpartition(": ")[0] for line in says] == [
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
