"""The policy: every number a sales team may want to change, as one versioned text (M26, M147).

`load_policy` reads a TOML file and says which file and line is wrong. The shipped text is
policies/standard.toml; a firm's own file replaces only the tables it names, each as a whole:
its [stages.sql] leaves [stages.mql] as shipped, its [hours] name all the days. Of the promise alone,
[follow_up.first_contact], what the file does not name is as shipped: somebody always hears that it is late.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from qualification.answers import Known
from qualification.bant import Company
from qualification.behaviour import Memory
from qualification.capture_form import CaptureForm
from qualification.clock_rules import FIRST_CONTACT, FollowUpRule
from qualification.hours.calendars import office_hours
from qualification.hours.opening_times import BadHours
from qualification.policies.check import check
from qualification.policies.finding import PolicyFinding
from qualification.policies.parts import (
    Activities,
    Alerts,
    AnswersRule,
    ContactRule,
    DailyDigest,
    Live,
    Nurture,
    Person,
    Retention,
    Routing,
    Segment,
    Silence,
    Stages,
    TemperatureRule,
)
from qualification.policies.places import line_of_error, line_of_place
from qualification.policies.score_model import Score
from qualification.policies.table import PolicyTable
from qualification.stages import Stage
from qualification.working_hours import WorkingHours

FIRMS_OWN = ""  # the name of the firm's calendar, [hours] and [closed]
OF_A_PERSON = "person:"
FORM_NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"  # a part of its address


class BadPolicy(ValueError):
    """The policy text has a mistake; the message names file and line."""


class Trial(PolicyTable):
    """Another model of the score that runs beside the one in force, to compare; it moves no lead (M82, D25)."""

    stages: dict[str, Any] = Field(default_factory=dict)
    score: dict[str, Any] = Field(default_factory=dict)


class Policy(PolicyTable):
    version: str
    agreed: dict[Literal["marketing", "sales"], str] = Field(default_factory=dict)
    activities: Activities = Activities()
    answers: AnswersRule = AnswersRule()
    segments: dict[str, Segment] = Field(default_factory=dict)
    trials: dict[str, Trial] = Field(default_factory=dict)
    stages: Stages
    temperature: TemperatureRule
    score: Score
    follow_up: dict[str, FollowUpRule]
    hours: dict[str, Any]
    closed: dict[str, Any]
    silence: Silence
    nurture: Nurture = Nurture()
    alerts: Alerts = Alerts()
    routing: Routing = Routing()
    contact: ContactRule = ContactRule()
    calendars: dict[str, dict[str, Any]] = Field(default_factory=dict)
    people: dict[str, Person] = Field(default_factory=dict)
    live: Live = Live()
    forms: dict[Annotated[str, Field(pattern=FORM_NAME)], CaptureForm] = Field(default_factory=dict)
    digest: DailyDigest = DailyDigest()
    retention: Retention = Retention()

    @property
    def first_contact(self) -> FollowUpRule:
        """The promise itself: the 3-hour rule (M91)."""
        return self.follow_up[FIRST_CONTACT]

    @property
    def asks_sales(self) -> bool:
        """Whether an offer is a question to sales, with a clock of its own (M39, D16)."""
        return any(rule.on and rule.asks_sales for rule in self.follow_up.values())

    @cached_property
    def months_that_count(self) -> frozenset[int]:
        """Within how many months a stated time changes the points, or satisfies the rule of SQL."""
        traits = (trait for rule in self.score.rules.values() for trait in rule.traits)
        return frozenset({self.stages.sql.within_months, *(one.within_months for one in traits if one.within_months)})

    @cached_property
    def working_hours(self) -> WorkingHours:
        """The firm's calendar, laid out once for each loaded policy (D10)."""
        return self.calendar(FIRMS_OWN)

    def calendar(self, name: str) -> WorkingHours:
        """The hours of a team (its name in [calendars]), of a rep ("person:ID"), or of the firm (FIRMS_OWN)."""
        return self._laid_out.get(name) or self._laid_out[FIRMS_OWN]

    def has_calendar(self, name: str) -> bool:
        return name in self._texts

    @property
    def calendar_names(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def mark_of(self, name: str) -> str:
        """A short mark of the text of these hours: another mark means somebody edited them."""
        return self._marks.get(name) or self._marks[FIRMS_OWN]

    def calendar_of(self, owner_id: str | None, language: str) -> str:
        """Which calendar counts for a lead: its owner's, where they have one, before that the team's (D10)."""
        if owner_id is not None and self.has_calendar(f"{OF_A_PERSON}{owner_id}"):
            return f"{OF_A_PERSON}{owner_id}"
        team: str = self.routing.calendars.get(language, FIRMS_OWN)  # type: ignore[call-overload]  # ja or en
        return team

    @cached_property
    def _texts(self) -> dict[str, dict[str, Any]]:
        """The tables [hours] and [closed] of every calendar by its name."""
        firm = {"hours": self.hours, "closed": self.closed}
        texts = {FIRMS_OWN: firm} | {name: _own_hours(table, firm) for name, table in self.calendars.items()}
        for person_id, person in self.people.items():
            if person.calendar:
                texts[f"{OF_A_PERSON}{person_id}"] = texts[person.calendar]
            elif person.zone:
                texts[f"{OF_A_PERSON}{person_id}"] = {**firm, "hours": self.hours | {"zone": person.zone}}
        return texts

    @cached_property
    def _laid_out(self) -> dict[str, WorkingHours]:
        return {name: _checked_hours(name, text) for name, text in self._texts.items()}

    @cached_property
    def _marks(self) -> dict[str, str]:
        return {
            name: hashlib.sha256(json.dumps(text, sort_keys=True, default=str).encode()).hexdigest()[:12]
            for name, text in self._texts.items()
        }

    @cached_property
    def memory(self) -> Memory:
        """How much of what leads do must be kept for the rules of every segment and trial."""
        every = (self, *self.of_segment.values(), *self.of_trial.values())
        rules = (rule for policy in every for rule in policy.score.rules.values())
        wanted = ((signal, rule.kept_times(done)) for rule in rules for done in rule.acts for signal in done.signals)
        return Memory.of(wanted, self.working_hours.zone)

    @cached_property
    def of_segment(self) -> dict[str, "Policy"]:
        """The policy as it stands for each segment."""
        return {
            name: self.with_values(segment.model_dump(exclude_unset=True)) for name, segment in self.segments.items()
        }

    @cached_property
    def of_trial(self) -> dict[str, "Policy"]:
        own = {name: trial.model_dump(exclude_unset=True) for name, trial in self.trials.items()}
        return {name: self.with_values(values) for name, values in own.items()}

    def with_values(self, own: dict[str, Any]) -> "Policy":
        """This policy with some values in place of its own, without segments and trials."""
        data = self.model_dump(exclude={"segments", "trials"}, exclude_unset=True)
        changed = {name: own[name] for name in OVERRIDDEN if name in own}
        return Policy.model_validate(_laid_over(data, changed))

    def segment_of(self, known: Known, origin: str) -> str:
        """The first segment that fits, or "other" (D19)."""
        company = known.company or Company()
        return next((name for name, segment in self.segments.items() if segment.fits(company, origin)), OTHER)

    def in_segment(self, name: str) -> "Policy":
        """The policy as it stands for the segment of this name."""
        return self.of_segment.get(name, self) if self.segments else self

    def qualified_from(self, segment: str) -> Stage:
        """The stage from which leads of this segment are called."""
        return Stage(self.in_segment(segment).stages.qualified_from)

    def for_lead(self, known: Known, origin: str) -> "Policy":
        """The policy as it stands for this lead's segment."""
        return self.in_segment(self.segment_of(known, origin))

    @model_validator(mode="after")
    def _names_stand_for_something(self) -> "Policy":
        for place, name in self._calendars_named():
            if name and name not in self.calendars:
                raise BadHours(place, f"there is no calendar {name!r}; write a table [calendars.{name}]")
        self.working_hours.zone  # noqa: B018 - laying the calendars out checks them
        rule = self.follow_up.get(FIRST_CONTACT)
        if rule is None or not rule.on:
            raise BadHours(f"follow_up.{FIRST_CONTACT}", "is the promise itself and cannot be switched off")
        return self

    def _calendars_named(self) -> list[tuple[str, str]]:
        people = [(f"people.{person_id}.calendar", person.calendar) for person_id, person in self.people.items()]
        return [*people, *((f"routing.calendars.{key}", name) for key, name in self.routing.calendars.items())]


def _own_hours(table: dict[str, Any], firm: dict[str, Any]) -> dict[str, Any]:
    """A calendar's hours; its closed days are the firm's unless it names its own."""
    hours = {key: value for key, value in table.items() if key != "closed"}
    return {"hours": hours, "closed": table.get("closed", firm["closed"])}


def _checked_hours(name: str, text: dict[str, Any]) -> WorkingHours:
    try:
        return office_hours(text)
    except BadHours as error:
        raise BadHours(_field_of(name, error.field), error.problem) from error


def _field_of(calendar: str, field: str) -> str:
    """Where a mistake of a calendar stands in the file: hours.mon of "osaka" is calendars.osaka.mon."""
    if calendar == FIRMS_OWN:
        return field
    if calendar.startswith(OF_A_PERSON):
        return f"people.{calendar.removeprefix(OF_A_PERSON)}.zone"
    return f"calendars.{calendar}.{field.removeprefix('hours').lstrip('.')}"


GROUPS = ("stages", "score", "follow_up", "calendars", "people")  # tables of tables: named one by one
OTHER = "other"
OVERRIDDEN = ("stages", "score", "temperature", "follow_up")
NEW_LINE = b"\n"
BOUNDS = {"less_than_equal": ("le", "less"), "greater_than_equal": ("ge", "more")}


@cache
def shipped_policy() -> Policy:
    """The rules that come with the program."""
    text = _shipped_text()
    return _parse(tomllib.loads(text), text, "standard.toml")


def _shipped_text() -> str:
    return files("qualification").joinpath("policies/standard.toml").read_text("utf-8")


def load_policy(path: Path) -> Policy:
    """The shipped policy with the tables of this file in place of its own; raises BadPolicy."""
    try:
        text = path.read_text("utf-8-sig")  # editors on Windows put a mark in front
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPolicy(f"{path}:{line_of_error(str(error), text)}: {error}") from error
    except FileNotFoundError as error:
        raise BadPolicy(f"{path}: there is no such policy file; check the path, or BANTLINE_POLICY") from error
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        raise BadPolicy(f"{path}:{before.count(NEW_LINE) + 1}: it is not written in UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise BadPolicy(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise BadPolicy(f"{path}: {error}") from error
    return _parse(_in_place_of_shipped(own), text, str(path))


def _in_place_of_shipped(own: dict[str, Any]) -> dict[str, Any]:
    shipped = tomllib.loads(_shipped_text())
    groups = {name: shipped.get(name, {}) | own[name] for name in GROUPS if isinstance(own.get(name), dict)}
    data = shipped | own | groups
    promise = groups.get("follow_up", {}).get(FIRST_CONTACT)
    if isinstance(promise, dict):
        data["follow_up"] = data["follow_up"] | {FIRST_CONTACT: _whole(promise, shipped["follow_up"][FIRST_CONTACT])}
    return data


def _whole(promise: dict[str, Any], shipped: dict[str, Any]) -> dict[str, Any]:
    """The 3-hour rule with what the firm's own does not name: of the shipped reminders those that fall before due."""
    rest = {name: value for name, value in shipped.items() if name not in ("reminders", "ladder")}
    if "within_working_days" in promise:
        del rest["within_minutes"]
    whole = rest | promise
    due = whole.get("within_minutes")
    fitting = [one for one in shipped["reminders"] if isinstance(due, int) and one["after_minutes"] < due]
    named = {step.get("name") for step in _steps_in(promise)}
    for name, steps in (("reminders", fitting), ("ladder", shipped["ladder"])):
        whole.setdefault(name, [step for step in steps if step["name"] not in named])
    return whole


def _steps_in(promise: dict[str, Any]) -> list[dict[str, Any]]:
    """Those a firm's own text names, as far as they are steps at all."""
    lists = [promise[name] for name in ("reminders", "ladder") if isinstance(promise.get(name), list)]
    return [step for steps in lists for step in steps if isinstance(step, dict)]


def _laid_over(data: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The data with these values in place of its own, table by table; a rule is replaced as a whole."""
    laid = dict(data)
    for name, value in own.items():
        below = laid.get(name)
        if isinstance(value, dict) and isinstance(below, dict) and "points" not in value:
            laid[name] = _laid_over(below, value)
        else:
            laid[name] = value
    return laid


def _parse(data: dict[str, Any], text: str, name: str) -> Policy:
    try:
        policy = Policy.model_validate(data)
    except ValidationError as error:
        raise BadPolicy("\n".join(_at_its_line(problem, text, name) for problem in _told(error))) from error
    _check_models(policy, text, name)
    if wrong := [finding for finding in check(policy) if finding.level == "error"]:
        raise BadPolicy("\n".join(line_of(finding, text, name) for finding in wrong))
    return policy


def _check_models(policy: Policy, text: str, name: str) -> None:
    """What stands in a segment or a trial must make a policy as well; a mistake names its line there."""
    groups: tuple[tuple[str, Mapping[str, PolicyTable]], ...] = (
        ("segments", policy.segments),
        ("trials", policy.trials),
    )
    for table, models in groups:
        for own, model in models.items():
            try:
                policy.with_values(model.model_dump(exclude_unset=True))
            except ValidationError as error:
                lines = (_at_its_line(problem, text, name, (table, own)) for problem in _told(error))
                raise BadPolicy("\n".join(lines)) from error


def _told(error: ValidationError) -> Iterator[Any]:
    """The mistakes one by one; a list that is too short only for want of what is wrong in it is none of its own."""
    problems = error.errors()
    for problem in problems:
        place = problem["loc"]
        is_explained = any(other["loc"][: len(place)] == place and other is not problem for other in problems)
        if problem["type"] != "too_short" or not is_explained:
            yield problem


def line_of(finding: PolicyFinding, text: str, name: str) -> str:
    """A finding as a line: the file, the line in it, the place, the problem."""
    return f"{name}:{line_of_place(finding.place, text)}: {'.'.join(finding.place)}: {finding.problem}"


def _at_its_line(problem: Any, text: str, name: str, within: tuple[str, ...] = ()) -> str:
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, BadHours):
        place, words = re.findall(r"\w+", cause.field), cause.problem
    else:
        place, words = [*within, *(str(part) for part in problem["loc"])], _advice(problem)
    return f"{name}:{line_of_place(place, text)}: {'.'.join(place)}: {words}"


def _advice(problem: Any) -> str:
    if problem["type"] == "extra_forbidden":
        return "there is no such key; policies/standard.toml shows them all"
    if problem["type"] in BOUNDS:
        bound, words = BOUNDS[problem["type"]]
        return f"{problem['input']} cannot be meant: write {problem['ctx'][bound]} or {words}"
    return str(problem["msg"]).removeprefix("Value error, ")
