"""Which test names which number of the mission, and what the other names of rules mean: docs/mission.md is made from it.

Run `python -m tests.mission` after naming one; a test compares the committed page. A test names a number in its
docstring, in its name, or in a comment beside what it checks.
"""

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "mission.md"
NUMBER = re.compile(r"\bM\d{1,3}\b")
A_NUMBER_MAYBE = re.compile(r"M\d")
TOLD = tomllib.loads((TESTS / "mission.toml").read_text("utf-8"))
RULES: dict[str, str] = TOLD["rules"]
ADVICE: dict[str, str] = TOLD["advice"]
NOT_YET: dict[str, str] = TOLD["not_yet"]
DECISIONS: dict[str, str] = TOLD["decisions"]
BEYOND: dict[str, str] = TOLD["beyond"]
DELIVERY: dict[str, str] = TOLD["delivery"]
NUMBERS = [f"M{number}" for number in range(1, 194)]
NAME = r"(?:DR|[DMNRSU])\d{1,3}"
NAMES = re.compile(rf"\((?:{NAME}(?:, |-|\)))+")
MOST_SHOWN = 3
ROOMS = ("bot", "dialogs", "qualification", "templates")


@functools.cache
def naming() -> dict[str, list[str]]:
    """Each number with the tests that name it, as file::test."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, text in _tests(path):
            for number in dict.fromkeys(NUMBER.findall(f"{text} {name.replace('_', ' ')}")):
                found.setdefault(number, []).append(f"{path.relative_to(TESTS).as_posix()}::{name}")
    return found


def _tests(path: Path) -> Iterator[tuple[str, str]]:
    """Every test function with its text, the parameters in front of it included."""
    source = path.read_text("utf-8")
    if not A_NUMBER_MAYBE.search(source):
        return
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
            begin = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield node.name, "\n".join(lines[begin - 1 : node.end_lineno])


def unexplained() -> dict[str, str]:
    """The rules that the product's code names in brackets and no page explains, each with a file that does."""
    measured = PAGE.with_name("reliability.md").read_text("utf-8")
    told = {*RULES, *ADVICE, *NOT_YET, *DECISIONS, *BEYOND, *DELIVERY, *re.findall(rf"\b{NAME}\b", measured)}
    return {
        name: path.relative_to(TESTS.parent).as_posix()
        for room in ROOMS
        for path in (TESTS.parent / room).rglob("*.py")
        for named in NAMES.findall(path.read_text("utf-8"))
        for name in re.findall(NAME, named)
        if name not in told
    }


def page() -> str:
    found = naming()
    rows = [f"| {number} | {rule} | {_shown(found.get(number, []))} |" for number, rule in RULES.items()]
    return "\n".join(
        [
            "# What the product owes, and the tests that hold it to it",
            "",
            "Made from `tests/mission.toml` and the tests that name a number, by `python -m tests.mission`. The code names",
            "rules in brackets: M, D, N and DR stand on this page, R and S in [reliability.md](reliability.md).",
            "",
            "| number | rule | held by |",
            "|---|---|---|",
            *rows,
            "",
            "## Not in the product yet",
            "",
            *_listed(NOT_YET),
            "",
            "## Advice to people, which no program keeps for them",
            "",
            *_listed(ADVICE),
            "",
            "## What was decided where it leaves a choice",
            "",
            *_listed(DECISIONS),
            "",
            "## What goes beyond it",
            "",
            *_listed(BEYOND),
            "",
            "## How what is due and what leaves is done",
            "",
            *_listed(DELIVERY),
            "",
        ]
    )


def _listed(told: dict[str, str]) -> list[str]:
    return [f"- {number}: {words}" for number, words in told.items()]


def _shown(tests: list[str]) -> str:
    if not tests:
        return "**nothing**"
    shown = [f"`{test}`" for test in tests[:MOST_SHOWN]]
    return ", ".join(shown) + (f" and {len(tests) - MOST_SHOWN} more" if len(tests) > MOST_SHOWN else "")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
