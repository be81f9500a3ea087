"""`bantline policy check|explain|diff`: is it right, what does it say, what would change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.bootstrap import as_json_text, policy_of
from bot.definition import Definition, as_markdown, definition_json
from bot.in_words.playbook import playbook_mistakes
from bot.settings import load_settings
from bot.words import Words
from qualification.policies.check import check
from qualification.policy import BadPolicy, Policy, line_of, load_policy, shipped_policy

FINE, HINTS, MISTAKES = 0, 1, 2
SAME, DIFFERENT = 0, 1


def named(path: str | None) -> Policy:
    """The policy of a file; without one the policy in force. Raises BadPolicy."""
    if path is None:
        return policy_of(load_settings())
    return shipped_policy() if path == "shipped" else load_policy(Path(path))


def check_policy(path: str | None, *, as_json: bool) -> int:
    """Say every mistake and hint with its line, of the playbooks, too; 0 fine, 1 hints only, 2 mistakes."""
    mistakes = [("error", line) for line in playbook_mistakes()]
    try:
        policy = named(path)
    except BadPolicy as bad:
        mistakes = [("error", line) for line in str(bad).splitlines()] + mistakes
    if mistakes:
        _say_findings(mistakes, as_json=as_json)
        return MISTAKES
    file = Path(path) if path not in (None, "shipped") else None
    text = file.read_text("utf-8") if file else ""
    hints = [("hint", line_of(finding, text, str(file or policy.version))) for finding in check(policy)]
    _say_findings(hints, as_json=as_json)
    if not hints and not as_json:
        print(f"{policy.version}: nothing wrong")
    return HINTS if hints else FINE


def _say_findings(found: list[tuple[str, str]], *, as_json: bool) -> None:
    if as_json:
        print(as_json_text({"findings": [{"level": level, "says": line} for level, line in found]}))
        return
    console = Console(highlight=False, stderr=True)
    for level, line in found:
        style = "red" if level == "error" else "yellow"
        console.print(f"{level}: {line}", style=style, markup=False, soft_wrap=True)


def explain_policy(path: str | None, *, language: str, as_json: bool) -> None:
    """The definition in words, the same as on the page /definition."""
    policy = named(path)
    definition = Definition(policy, Words(policy.working_hours.zone), language)
    if as_json:
        print(as_json_text(definition_json(definition)))
    else:
        print(f"# {definition.title()}\n\n{as_markdown(definition)}")


def diff_policies(before: str | None, after: str, *, as_json: bool) -> int:
    """Every value that differs; 0 when none does, 1 otherwise."""
    changes = differences(named(before), named(after))
    if as_json:
        rows = [{"place": place, "before": old, "after": new} for place, old, new in changes]
        print(as_json_text({"changes": rows}))
    elif changes:
        table = Table("", "before", "after", show_lines=False)
        for place, old, new in changes:
            table.add_row(place, *("–" if value is None else str(value) for value in (old, new)))
        Console().print(table)
    else:
        print("no difference")
    return DIFFERENT if changes else SAME


def differences(before: Policy, after: Policy) -> list[tuple[str, Any, Any]]:
    """Place, value before, value after; None where one has no such value."""
    old, new = dict(_leaves(before.model_dump(mode="json"))), dict(_leaves(after.model_dump(mode="json")))
    places = [*old, *(place for place in new if place not in old)]
    return [(place, old.get(place), new.get(place)) for place in places if old.get(place) != new.get(place)]


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(inner, f"{place}.{number}")
    elif value is not None:
        yield place, value
