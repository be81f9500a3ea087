"""The policy: every number a sales team may want to change, as one versioned text (M26, M147).

`load_policy` reads a TOML file and says which file and line is wrong. The shipped text is
policies/standard.toml; a firm's own file replaces only the tables it names, each as a whole:
its [stages.sql] leaves [stages.mql] as shipped, its [hours] name all the days.
"""

import re
import tomllib
from datetime import timedelta
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qualification.calendars import office_hours
from qualification.opening_times import BadHours
from qualification.working_hours import WorkingHours

Minutes = Annotated[int, Field(gt=0)]
Points = dict[str, int]


class BadPolicy(ValueError):
    """The policy text has a mistake; the message names file and line."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MqlRule(_Table):
    """MQL = (score >= `score` AND `with_activity`) OR score >= `priority_score` (M11, M51, D3)."""

    score: int
    with_activity: str
    priority_score: int


class TqlRule(_Table):
    """TQL = a conversation of one of these kinds confirmed a need, with a person we can reach (M13, D2)."""

    conversations: tuple[Literal["chat", "call"], ...]
    reachable: bool


class SqlRule(_Table):
    """SQL = timeframe within `within_months` AND these criteria known, once sales accepted (M17, M32, D6)."""

    within_months: int
    required: tuple[Literal["need", "timeframe", "budget", "authority"], ...]


class Stages(_Table):
    auto_accept: bool
    qualified_from: Literal["MQL", "TQL", "SAL", "SQL"]
    mql: MqlRule
    tql: TqlRule
    sql: SqlRule


class TemperatureRule(_Table):
    """Hot, warm, cold (M22-M25, D8)."""

    hot_score: int
    hot_activities: tuple[str, ...]
    warm_score: int
    warm_days: int


class AttributePoints(_Table):
    """Points for who they are (M53, M55, D4). Sizes count employees."""

    large_firm_from: int
    large_firm: int
    tiny_firm_to: int
    tiny_firm: int
    deciding_role: int
    within_six_months: int


class Score(_Table):
    """Two axes, merged into one number (M53, M87). `hypothesis` names the points that are our own guess."""

    activities: Points
    attributes: AttributePoints
    hypothesis: tuple[str, ...]


class Step(_Table):
    """What happens after so many minutes of the rule's time, and who hears of it."""

    name: str
    after_minutes: Minutes
    tells: Literal["owner", "manager"]


class FollowUpRule(_Table):
    """How soon a person must make contact (M91, M92, D9-D12)."""

    within_minutes: Minutes
    met_by: Literal["attempt", "reached", "two_way"]
    count: Literal["working", "elapsed"]
    steps: tuple[Step, ...]

    @property
    def within(self) -> timedelta:
        return timedelta(minutes=self.within_minutes)

    @model_validator(mode="after")
    def _steps_in_order(self) -> "FollowUpRule":
        minutes = [step.after_minutes for step in self.steps]
        if minutes != sorted(minutes):
            raise ValueError("steps must be in the order of their minutes")
        if len({step.name for step in self.steps}) != len(self.steps):
            raise ValueError("every step needs its own name")
        return self


class Silence(_Table):
    """When silence is silence (M27, D15)."""

    interview_minutes: Minutes
    nurture_after_working_days: int


class Routing(_Table):
    """Which channel hears of a lead, by the language of the talk; empty means the channel of the settings."""

    channels: dict[Literal["ja", "en"], str] = {}
    managers: str = ""


class Policy(_Table):
    version: str
    stages: Stages
    temperature: TemperatureRule
    score: Score
    follow_up: dict[str, FollowUpRule]
    hours: dict[str, Any]
    closed: dict[str, Any]
    silence: Silence
    routing: Routing = Routing()

    @cached_property
    def working_hours(self) -> WorkingHours:
        """The firm's calendar, laid out once for each loaded policy (D10)."""
        return office_hours({"hours": self.hours, "closed": self.closed})

    @model_validator(mode="after")
    def _hours_make_sense(self) -> "Policy":
        self.working_hours.zone  # noqa: B018 - laying the calendar out checks it
        return self


GROUPS = ("stages", "score", "follow_up")  # tables of tables: named one by one


def shipped_policy() -> Policy:
    text = _shipped_text()
    return _parse(tomllib.loads(text), text, "standard.toml")


def _shipped_text() -> str:
    return files("qualification").joinpath("policies/standard.toml").read_text("utf-8")


def load_policy(path: Path) -> Policy:
    """The shipped policy with the tables of this file in place of its own; raises BadPolicy."""
    try:
        text = path.read_text("utf-8")
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPolicy(f"{path}:{_line_in(str(error), text)}: {error}") from error
    except FileNotFoundError as error:
        raise BadPolicy(f"{path}: there is no such policy file; check BANTLINE_POLICY") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadPolicy(f"{path}: {error}") from error
    return _parse(_in_place_of_shipped(own), text, str(path))


def _in_place_of_shipped(own: dict[str, Any]) -> dict[str, Any]:
    shipped = tomllib.loads(_shipped_text())
    groups = {name: shipped[name] | own[name] for name in GROUPS if isinstance(own.get(name), dict)}
    return shipped | own | groups


def _parse(data: dict[str, Any], text: str, name: str) -> Policy:
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        raise BadPolicy("\n".join(_at_its_line(problem, text, name) for problem in error.errors())) from error


def _at_its_line(problem: Any, text: str, name: str) -> str:
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, BadHours):
        place, words = re.findall(r"\w+", cause.field), cause.problem
    else:
        place, words = [str(part) for part in problem["loc"]], problem["msg"]
    return f"{name}:{_line_of(place, text)}: {'.'.join(place)}: {words}"


def _line_in(problem: str, text: str) -> int:
    """The line a TOML error speaks of: "(at line 3, column 5)", or the last one."""
    named = re.search(r"at line (\d+)", problem)
    return int(named[1]) if named else max(1, len(text.splitlines()))


def _line_of(place: list[str], text: str) -> int:
    """The line where the deepest named part of the place stands; 1 when it is missing altogether."""
    heads = [set(re.findall(r"\w+", line.split("#")[0])) for line in text.splitlines()]
    found, skip = 0, 0
    for part in place:
        if part.isdigit():
            skip = int(part)
            continue
        standing = [number for number in range(found, len(heads)) if part in heads[number]]
        if not standing:
            break
        found, skip = standing[min(skip, len(standing) - 1)], 0
    return found + 1
