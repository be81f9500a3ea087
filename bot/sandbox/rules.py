"""The bricks of validation: what a single value may be, what an object consists of, and how a refusal is worded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.records import Json


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing Slack would refuse, and where."""

    pointer: str
    code: str
    message: str
    constraint: int | str | None = None
    field: str | None = None

    def line(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"

    def as_json(self) -> Json:
        shown: Json = {"pointer": self.pointer, "code": self.code, "message": self.message}
        if self.constraint is not None:
            shown["constraint"] = self.constraint
        if self.field is not None:
            shown["field"] = self.field
        return shown


@dataclass
class Findings:
    """Collects problems while a payload is walked."""

    problems: list[Problem] = field(default_factory=list)

    def add(
        self, pointer: str, code: str, message: str, *, constraint: int | str | None = None, field: str | None = None
    ) -> None:
        self.problems.append(Problem(pointer=pointer, code=code, message=message, constraint=constraint, field=field))


Rule = Callable[[Any, str, Findings], None]


# --- single values ---------------------------------------------------------------------------------------------------


def string(most: int | None = None, *, least: int = 1) -> Rule:
    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.add(at, "type", "must be a string")
        else:
            _length(value, least, most, at, found)

    return check


def _length(value: str, least: int, most: int | None, at: str, found: Findings) -> None:
    if len(value) < least:
        found.add(at, "min_length", f"must be more than {least - 1} characters", constraint=least)
    if most is not None and len(value) > most:
        found.add(at, "max_length", f"must be less than {most + 1} characters", constraint=most)


def boolean(value: Any, at: str, found: Findings) -> None:
    if not isinstance(value, bool):
        found.add(at, "type", "must be a boolean")


def anything(value: Any, at: str, found: Findings) -> None:
    return


def whole(least: int | None = None, most: int | None = None) -> Rule:
    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            found.add(at, "type", "must be a whole number")
        elif least is not None and value < least:
            found.add(at, "minimum", f"must be {least} or more", constraint=least)
        elif most is not None and value > most:
            found.add(at, "maximum", f"must be {most} or less", constraint=most)

    return check


def one_of(*allowed: str) -> Rule:
    def check(value: Any, at: str, found: Findings) -> None:
        if value not in allowed:
            found.add(at, "enum", f"must be one of {', '.join(allowed)}", constraint=", ".join(allowed))

    return check


def listed(rule: Rule, least: int, most: int | None) -> Rule:
    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.add(at, "type", "must be an array")
            return
        if len(value) < least:
            found.add(at, "min_items", f"no fewer than {least} items allowed", constraint=least)
        if most is not None and len(value) > most:
            found.add(at, "max_items", f"no more than {most} items allowed", constraint=most)
        for index, item in enumerate(value):
            rule(item, f"{at}/{index}", found)

    return check


def text(most: int, *, least: int = 1, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Rule:
    """A text object of at most that many characters."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add(at, "type", "must be an object")
            return
        kind = value.get("type")
        if kind not in kinds:
            found.add(f"{at}/type", "enum", f"must be {' or '.join(kinds)}", constraint=", ".join(kinds))
        allowed = {"type", "text", "emoji"} if kind == "plain_text" else {"type", "text", "verbatim"}
        _no_other_fields(value, allowed, at, found)
        if "text" not in value:
            found.add(at, "required", "missing required field: text", field="text")
        else:
            string(most, least=least)(value["text"], f"{at}/text", found)
        for flag in ("emoji", "verbatim"):
            if flag in value:
                boolean(value[flag], f"{at}/{flag}", found)

    return check


def plain(most: int) -> Rule:
    return text(most, kinds=("plain_text",))


# --- objects ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Which fields an object has; `beyond` looks at the object as a whole."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    beyond: Rule = anything

    def __call__(self, value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add(at, "type", "must be an object")
            return
        for name in self.required:
            if name not in value:
                found.add(at, "required", f"missing required field: {name}", field=name)
        _no_other_fields(value, {"type", *self.required, *self.optional}, at, found)
        for name, rule in (*self.required.items(), *self.optional.items()):
            if name in value:
                rule(value[name], f"{at}/{name}", found)
        self.beyond(value, at, found)


def _no_other_fields(value: Json, allowed: set[str], at: str, found: Findings) -> None:
    for name in value:
        if name not in allowed:
            found.add(f"{at}/{name}", "additional_property", f"invalid additional property: {name}", field=name)


def all_of(*rules: Rule) -> Rule:
    def check(value: Any, at: str, found: Findings) -> None:
        for rule in rules:
            rule(value, at, found)

    return check


def either(*names: str) -> Rule:
    """At least one of these fields."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not any(name in value for name in names):
            found.add(at, "required", f"missing required field: {' or '.join(names)}", field=names[0])

    return check


def not_both(first: str, second: str) -> Rule:
    def check(value: Any, at: str, found: Findings) -> None:
        if first in value and second in value:
            found.add(at, "conflict", f"only one of {first} and {second} is allowed", field=second)

    return check


def ordered(low: str, high: str) -> Rule:
    """`low` is not above `high`, where both are given."""

    def check(value: Any, at: str, found: Findings) -> None:
        if low not in value or high not in value:
            return
        try:
            above = float(value[low]) > float(value[high])
        except (TypeError, ValueError):
            found.add(at, "type", f"{low} and {high} must be numbers", field=low)
            return
        if above:
            found.add(f"{at}/{low}", "range", f"{low} must not be above {high}", field=low)

    return check
