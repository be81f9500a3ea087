"""The project's rulers, where they lie beside this repository: labelled lines, and facts nobody on this project wrote."""

import importlib.util
import json
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dialogs.reading import money, read, timeframe
from dialogs.reading.conventions_json import conventions_json
from dialogs.reading.text import Text
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


@pytest.mark.parametrize(
    ("file", "kind", "language", "bar"),
    [
        ("money.jsonl", "money", "en", 0.75),
        ("money.jsonl", "money", "ja", 0.60),
        ("timeframe.jsonl", "timeframe", "en", 0.60),
        ("timeframe.jsonl", "timeframe", "ja", 0.75),
    ],
)
def test_amounts_and_dates_of_others_are_heard(
    ruler: ModuleType, file: str, kind: str, language: str, bar: float
) -> None:
    """By the rules for amounts and dates alone: their texts are full of questions, whose dates we leave out on purpose."""
    gold = [line for line in lines(file) if line["lang"] == language]
    heard = {line["id"]: {"expect": amounts_and_dates(line)} for line in gold}
    result, _ = ruler.score_ext(gold, heard, True)
    assert result[f"{kind}/{language}"]["acc"] >= bar


def amounts_and_dates(line: dict[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(line["reference_datetime"] or "2026-05-14T10:00:00+09:00")
    text = Text.of(line["text"])
    reading = read("", question=None, now=at)
    budget = money.find(text, asked=Topic.BUDGET)
    when = timeframe.find(text, asked=Topic.TIMEFRAME, today=at.date())
    return conventions_json(
        type(reading)(text="", language=text.language, act=reading.act, budget=budget, timeframe=when), at.date()
    )
