"""`bantline clock list|recompute`: who waits until when, and what an edited policy changes for clocks that run."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rich.cells import set_cell_size
from rich.console import Console
from sqlmodel import Session, col, select

from bot.bootstrap import Services, as_json_text, open_services
from bot.commands.terminal import plain
from bot.in_words.clock import arithmetic, clock_json, left_in_words
from bot.settings import load_settings
from qualification.dossier import FollowUpView, clock_view
from qualification.followup import Status
from qualification.hours.opening_times import read_zone
from qualification.kept_rules import rule_of
from qualification.look import Look
from qualification.policy import Policy
from qualification.recompute import (
    Recount,
    counted_with_other_hours,
    recompute,
    recount,
    rule_now,
    running_by_other_rules,
)
from qualification.records import FollowUp, Lead, Rep, Timer, is_written


def print_clocks(*, zone: str | None, limit: int, as_json: bool, language: str) -> None:
    """The running clocks, the most urgent first. `zone` is the reader's. Raises BadHours for an unknown one."""
    with closing(open_services(load_settings())) as services:
        read_in = read_zone(zone, "--zone") if zone else services.store.policy.working_hours.zone
        waiting = services.store.read(lambda session: running_clocks(session, services, limit))
        if as_json:
            clocks = [_json(lead, owner, view, services, read_in) for lead, owner, view in waiting]
            print(as_json_text({"clocks": clocks}))
        else:
            _print(waiting, services, read_in, language)


Waiting = tuple[Lead, str | None, FollowUpView]


def running_clocks(session: Session, services: Services, limit: int) -> list[Waiting]:
    """What is due soonest, then who has waited longest, as Home and /lead show them; at most `limit`."""
    rows = session.exec(
        select(Lead, FollowUp, Rep.name)
        .join(FollowUp, col(FollowUp.lead_id) == col(Lead.id))
        .join(Rep, col(Rep.id) == col(Lead.owner_id), isouter=True)
        .where(is_written(FollowUp.status, Status.OPEN))
        .order_by(col(FollowUp.due_at), col(Lead.created_at), col(Lead.id), col(FollowUp.rule))
        .limit(limit)
    ).all()
    look, policy, now = Look(session), services.store.policy, services.clock()
    return [(lead, name or lead.owner_id, clock_view(look, clock, policy, now)) for lead, clock, name in rows]


def _json(lead: Lead, owner: str | None, view: FollowUpView, services: Services, zone: ZoneInfo) -> dict[str, Any]:
    who = {"lead": lead.id, "company": lead.company, "person": lead.person, "stage": lead.stage, "owner": owner}
    return who | clock_json(view, services.words, services.clock(), zone=zone)


def _print(waiting: list[Waiting], services: Services, zone: ZoneInfo, language: str) -> None:
    """Three short lines for each clock, so that a terminal of 80 columns folds none of them in the middle."""
    console, says = Console(highlight=False), partial(services.words.label, "on_terminal", language=language)
    console.print(says("waiting").format(count=len(waiting), zone=zone.key) if waiting else says("nobody_waits"))
    for lead, owner, view in waiting:
        urgent = "red" if view.status == "overdue" else None
        first, *more = _lines(lead, owner, view, services, zone, language)
        console.print(first, style=urgent, markup=False, soft_wrap=True)
        for line in more:
            console.print(f"{'':<12}{line}", style="dim", markup=False, soft_wrap=True)


def _lines(
    lead: Lead, owner: str | None, view: FollowUpView, services: Services, zone: ZoneInfo, language: str
) -> Iterator[str]:
    words, says = services.words, partial(services.words.label, "on_terminal", language=language)
    since, due = (words.day_and_time(at, language, zone=zone) for at in (view.started_at, view.due_at))
    left = left_in_words(view, words, language, services.clock(), zone=zone)
    told = left if view.status == "overdue" else f"{set_cell_size(says('due').format(due=due), 24)}  {left}"
    yield f"{lead.id[:10]}  {set_cell_size(told, 42)} {words.label('rule', view.rule, language)}"
    who = plain(words.lead_title(lead.company, lead.person, language))
    yield f"{who} · {plain(owner) if owner else says('nobody_yet')} · {says('since').format(since=since)}"
    if counted := arithmetic(view, words, language):
        yield counted


def recompute_clocks(*, with_rules: bool, dry_run: bool, as_json: bool) -> None:
    """Lay the steps of running clocks out anew where hours (or rules) were edited; each in its own transaction."""
    with closing(open_services(load_settings())) as services:
        store = services.store
        ids = store.read(lambda session: _outdated(session, store.policy, with_rules=with_rules))
        counted = [_recount(services, clock_id, with_rules=with_rules, dry_run=dry_run) for clock_id in ids]
        found = [one for one in counted if one is not None]
        if as_json:
            print(as_json_text({"dry_run": dry_run, "clocks": [_recount_json(one) for one in found]}))
        else:
            _print_recounts(found, store.policy.working_hours.zone, with_rules=with_rules, dry_run=dry_run)


def _outdated(session: Session, policy: Policy, *, with_rules: bool) -> list[str]:
    others = running_by_other_rules(session, policy) if with_rules else []
    return sorted({*counted_with_other_hours(session, policy), *others})


def _recount(services: Services, clock_id: str, *, with_rules: bool, dry_run: bool) -> Recount | None:
    if not dry_run:
        return services.store.run_here(lambda tx: recompute(tx, clock_id, with_rules=with_rules))

    def look(session: Session) -> Recount | None:
        clock, policy = session.get_one(FollowUp, clock_id), services.store.policy
        timers = session.exec(select(Timer).where(Timer.subject_id == clock_id)).all()
        segment = session.get_one(Lead, clock.lead_id).segment
        rule = rule_now(policy, clock.rule, segment) if with_rules else None
        return recount(policy, clock, timers, rule or rule_of(Look(session), clock), now=services.clock())

    return services.store.read(look)


def _recount_json(one: Recount) -> dict[str, Any]:
    return {
        "lead": one.lead_id,
        "rule": one.rule,
        "old_due": one.old_due,
        "new_due": one.new_due,
        "kept": one.kept,
        "steps": [{"name": step.step, "old": step.old, "new": step.new} for step in one.steps],
    }


def _print_recounts(found: list[Recount], zone: ZoneInfo, *, with_rules: bool, dry_run: bool) -> None:
    if not found:
        print(f"every running clock is counted with the {'hours and rules' if with_rules else 'hours'} of now")
        return
    for one in found:
        old, new = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (one.old_due, one.new_due))
        moves = f"due {old} -> {new}, {len(one.steps)} steps move"
        why = f"due stays {old} ({one.kept})" if one.kept else moves
        print(f"{one.lead_id[:10]} {one.rule:<15} {why}")
    print(f"{len(found)} clocks" + (", nothing was changed (dry run)" if dry_run else ""))
