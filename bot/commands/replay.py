"""`bantline policy replay`: the recorded past under a changed policy, on every core, without a single write."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.bootstrap import as_json_text, open_services
from bot.commands.policy import named
from bot.in_words.answers import one_line
from bot.settings import load_settings
from qualification.database import open_engine
from qualification.policy import BadPolicy, Policy
from qualification.reports.recorded_facts import Range, portions, recorded
from qualification.reports.replay import Comparison, Side, compare
from qualification.stages import Stage

SHOWN = 20
MOST_TOLD = 10_000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which two policies are compared over which database; small enough to be sent to another process.

    `trial` names a model of [trials] in the first policy, in place of a second file.
    """

    database_url: str
    before: str | None
    after: str | None
    trial: str | None
    now: datetime

    def policies(self) -> tuple[Policy, Policy]:
        """The two of them. Raises BadPolicy, also for a trial the policy has not."""
        before = named(self.before)
        if self.trial is not None:
            if self.trial not in before.of_trial:
                raise BadPolicy(f"there is no [trials.{self.trial}] in {before.version}")
            return before, before.of_trial[self.trial]
        return before, named(self.after) if self.after else before


def replay(after: str | None, *, before: str | None, trial: str | None, as_json: bool, language: str) -> None:
    """Say who would stand elsewhere, how many alerts there would have been, and how many late. Raises BadPolicy."""
    if after is None and trial is None:
        raise BadPolicy("say what changes: --policy FILE, or --trial NAME for a model of [trials] in the policy")
    with closing(open_services(load_settings())) as services:
        now, url, words = services.clock(), services.settings.database_url, services.words
    plan = Plan(database_url=url, before=before, after=after, trial=trial, now=now)
    policies = plan.policies()
    comparison = run(plan, show_progress=not as_json)
    if as_json:
        print(as_json_text(comparison_json(comparison, policies)))
    else:
        _print(Console(highlight=False), comparison, policies, partial(words.label, language=language))


def run(plan: Plan, *, processes: int | None = None, show_progress: bool = False) -> Comparison:
    """The whole past, in portions on as many processes as there are cores."""
    engine = open_engine(plan.database_url)
    try:
        with engine.connect() as connection:
            ranges = portions(connection)
    finally:
        engine.dispose()
    total = Comparison()
    with _workers(processes, len(ranges)) as each, Progress(disable=not show_progress, transient=True) as progress:
        task = progress.add_task("leads", total=len(ranges))
        for part in each(partial(_relive, plan), ranges):
            total += part
            progress.advance(task)
    return total


@contextmanager
def _workers(processes: int | None, work: int) -> Iterator[Any]:
    wanted = min(processes or os.cpu_count() or 1, work)
    if wanted <= 1:
        yield map
        return
    with ProcessPoolExecutor(wanted, mp_context=get_context("spawn")) as pool:
        yield pool.map


_held: dict[Plan, tuple[Any, Policy, Policy]] = {}  # what a process keeps between its portions


def _relive(plan: Plan, portion: Range) -> Comparison:
    if plan not in _held:
        _held[plan] = (open_engine(plan.database_url), *plan.policies())
    engine, before, after = _held[plan]
    with engine.connect() as connection:
        return compare(recorded(connection, portion, before), before, after, now=plan.now)


# -- how it is told ---------------------------------------------------------------------------------


def comparison_json(comparison: Comparison, policies: tuple[Policy, Policy]) -> dict[str, Any]:
    """The comparison for programs; each pair is before and after, instants are UTC."""
    before, after = comparison.before, comparison.after
    return {
        "policies": [policy.version for policy in policies],
        "leads": comparison.leads,
        "facts": comparison.facts,
        "changed": len(comparison.changed),
        "unlike_the_record": comparison.unlike_the_record,
        "stages": {stage.value: [before.stages[stage], after.stages[stage]] for stage in Stage},
        "alerts": [_alerts_json(before), _alerts_json(after)],
        "late": [before.late, after.late],
        "leads_changed": [
            {"lead": one.lead_id, "before": _standing(one.before), "after": _standing(one.after)}
            for one in comparison.changed[:MOST_TOLD]
        ],
    }


def _standing(side: tuple[Stage, datetime | None, int]) -> dict[str, Any]:
    stage, since, score = side
    return {"stage": stage, "since": since, "score": score}


def _alerts_json(side: Side) -> dict[str, Any]:
    busiest = max(side.busiest.items(), key=lambda hour: hour[1], default=None)
    return {
        "count": side.rung,
        "by_hour": {str(hour): side.alerts[hour] for hour in sorted(side.alerts)},
        "busiest_hour": {"at": busiest[0], "count": busiest[1]} if busiest else None,
    }


def _print(
    console: Console, comparison: Comparison, policies: tuple[Policy, Policy], label: Callable[[str, str], str]
) -> None:
    def says(key: str, **facts: object) -> str:
        return label("replay", key).format(**facts)

    told = comparison_json(comparison, policies)
    names = [one_line(version) for version in told["policies"]]
    if names[0] == names[1]:
        names = [says("now", version=names[0]), says("changed", version=names[1])]
    table = Table("", *names, title=says("title", leads=comparison.leads, facts=comparison.facts), show_lines=False)
    for stage, counts in told["stages"].items():
        table.add_row(label("stage", stage), *(f"{count:,}" for count in counts))
    table.add_row(says("rung"), *(f"{side['count']:,}" for side in told["alerts"]))
    table.add_row(says("busiest"), *(_busiest(side["busiest_hour"]) for side in told["alerts"]))
    table.add_row(says("late"), *(f"{count:,}" for count in told["late"]))
    console.print(table)
    console.print(says("elsewhere", count=told["changed"]))
    for one in comparison.changed[:SHOWN]:
        (was, _, before), (would, since, after) = one.before, one.after
        when = says("since", at=f"{since:%Y-%m-%d %H:%M} UTC") if since else ""
        stages = f"{label('stage', was)} ({before}) → {label('stage', would)} ({after})"
        console.print(f"  {one.lead_id[:10]}  {stages}{when}", soft_wrap=True)
    if told["changed"] > SHOWN:
        console.print(says("more", count=told["changed"] - SHOWN))
    if comparison.unlike_the_record:
        console.print(says("unlike_the_record", count=comparison.unlike_the_record))


def _busiest(hour: dict[str, Any] | None) -> str:
    return f"{hour['count']:,} ({hour['at']})" if hour else "–"
