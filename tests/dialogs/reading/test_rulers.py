"""The project's rulers, where they lie beside this repository: labelled lines, and facts nobody on this project wrote."""

import importlib.util
import json
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dialogs.reading import read
from dialogs.reading.conventions_json import conventions_json
from qualification.bant import Topic

RULERS = Path(__file__).resolve().parents[4] / "shared" / "reading"
pytestmark = pytest.mark.skipif(not RULERS.is_dir(), reason="the labelled texts are not beside this repository")

BARS = {"budget": 0.97, "timeframe": 0.97, "authority": 0.95, "need": 0.90, "contact": 0.95}


@pytest.fixture(scope="module")
def ruler() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ruler", RULERS / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines(name: str) -> list[dict[str, Any]]:
    stored = (RULERS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in stored if line.strip()]


def expect(text: str, question: Topic | None, now: str | None) -> dict[str, Any]:
    at = datetime.fromisoformat(now or "2026-05-14T10:00:00+09:00")
    return conventions_json(read(text, question=question, now=at), at.date())


@pytest.fixture(scope="module")
def labelled(ruler: ModuleType) -> dict[str, Any]:
    gold = lines("dev.jsonl")
    heard = {
        line["id"]: {
            "expect": expect(line["text"], None if line["question"] == "any" else Topic(line["question"]), line["now"])
        }
        for line in gold
    }
    result, _ = ruler.score(gold, heard)
    return dict(result)


@pytest.mark.parametrize("language", ["all", "ja", "en"])
def test_the_labelled_lines_are_heard(labelled: dict[str, Any], language: str) -> None:
    assert labelled[language]["act_acc"] >= 0.97
    heard = {fact: labelled[language]["slots"][fact]["F1"] for fact in BARS}
    assert {fact: score for fact, score in heard.items() if score < BARS[fact]} == {}


def test_plain_yes_and_no_of_others_are_heard(ruler: ModuleType) -> None:
    gold = lines("yesno.jsonl")
    heard = {line["id"]: {"expect": expect(line["text"], None, line["reference_datetime"])} for line in gold}
    result, _ = ruler.score_ext(gold, heard, True)
    assert min(result["yesno/en"]["acc"], result["yesno/ja"]["acc"]) >= 0.95


def test_questions_and_thanks_of_others_are_heard(ruler: ModuleType) -> None:
    gold = lines("act.jsonl")
    heard = {line["id"]: {"expect": expect(line["text"], None, None)} for line in gold}
    result, _ = ruler.score_ext(gold, heard, True)
    assert result["act/en"]["acc"] >= 0.92


# A little below what was measured; the page about reading says where we differ from these texts on purpose.
@pytest.mark.parametrize(
    ("file", "asked", "bars"),
    [
        ("money.jsonl", Topic.BUDGET, {"money/en": 0.85, "money/ja": 0.85}),
        ("timeframe.jsonl", Topic.TIMEFRAME, {"timeframe/en": 0.74, "timeframe/ja": 0.75}),
    ],
)
def test_amounts_and_dates_of_others_are_heard(
    ruler: ModuleType, file: str, asked: Topic, bars: dict[str, float]
) -> None:
    gold = lines(file)
    heard = {line["id"]: {"expect": expect(line["text"], asked, line["reference_datetime"])} for line in gold}
    result, _ = ruler.score_ext(gold, heard, True)
    assert {kind: result[kind]["acc"] for kind, bar in bars.items() if result[kind]["acc"] < bar} == {}
