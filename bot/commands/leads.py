"""`bantline leads list|show`: leads on the terminal, for people and as JSON."""

from datetime import datetime
from functools import partial
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlmodel import select

from bot.bootstrap import Services, as_json_text, start_services
from bot.clock_words import arithmetic, left_in_words, took_in_words
from bot.commands.terminal import plain, printable
from bot.lead_json import dossier_json, summary_json
from bot.settings import load_settings
from bot.why_in_words import why_json, why_lines
from qualification import leads
from qualification.activities import Seen
from qualification.answers import Stated
from qualification.bant import CRITERIA, to_json
from qualification.dossier import Dossier, FollowUpView, LeadNotFound, Look, dossier_of, id_begins_with
from qualification.events import OPERATOR
from qualification.priority import Order, leads_by_priority, newest_leads
from qualification.records import Lead
from qualification.reopening import reopen as reopen_lead
from qualification.sales import Result, Told, tell_result
from qualification.stages import Stage
from qualification.store import Transaction


class UnknownStage(ValueError):
    """The stage asked for is not one of the ladder's."""


class SeveralLeads(ValueError):
    """The beginning of an id fits more than one lead."""


def print_list(*, stage: str | None, limit: int, order: Order, as_json: bool) -> None:
    wanted = stage_named(stage)
    services = start_services(load_settings())
    try:
        line = services.store.policy.stages.mql.priority_score
        look = partial(leads_by_priority, line=line) if order == "priority" else newest_leads
        found = services.store.read(lambda session: look(session, stage=wanted, limit=limit))
        if as_json:
            print(as_json_text({"leads": [summary_json(lead) for lead in found]}))
        else:
            Console().print(_table([summary_json(lead) for lead in found], services) if found else "no leads yet")
    finally:
        services.close()


def stage_named(stage: str | None) -> Stage | None:
    """Raises UnknownStage."""
    if stage is None:
        return None
    try:
        return Stage(stage.upper())
    except ValueError:
        raise UnknownStage(f"--stage: one of {', '.join(Stage)}") from None


def _table(leads: list[dict[str, Any]], services: Services) -> Table:
    table = Table(title=f"{len(leads)} {'lead' if len(leads) == 1 else 'leads'}", show_lines=False)
    for heading in ("id", "stage", "temperature", "score", "company", "person", "owner", "since"):
        table.add_column(heading, no_wrap=heading in ("id", "stage"), min_width=10 if heading == "id" else None)
    for lead in leads:
        since = lead["stage_since"].astimezone(services.store.policy.working_hours.zone)
        cells = (lead["stage"], lead["temperature"], str(lead["score"]), lead["company"], lead["person"], lead["owner"])
        table.add_row(lead["id"][:10], *(plain(cell) for cell in cells), f"{since:%Y-%m-%d %H:%M}")
    return table


def print_lead(beginning: str, *, as_json: bool) -> None:
    services = start_services(load_settings())
    try:
        dossier = _dossier(services, beginning)
        if as_json:
            print(as_json_text(dossier_json(dossier, services.words, services.clock())))
        else:
            _print_dossier(Console(highlight=False), dossier, services)
    finally:
        services.close()


def print_why(beginning: str, *, as_json: bool, language: str) -> None:
    """Why the lead stands where it stands, and what would bring it further."""
    services = start_services(load_settings())
    try:
        dossier, policy = _dossier(services, beginning), services.store.policy
        if as_json:
            print(as_json_text(why_json(dossier, policy)))
        else:
            for line in why_lines(dossier, policy, services.words, language):
                print(line)
    finally:
        services.close()


def see_activity(beginning: str, kind: str, *, at: datetime | None, source: str, source_id: str | None) -> None:
    """Record something the lead did and say where it stands now. Raises UnknownKind, NotYetHappened."""
    services = start_services(load_settings())
    try:
        lead_id = id_of(services, beginning)
        zone = services.store.policy.working_hours.zone
        when = at if at is None or at.tzinfo else at.replace(tzinfo=zone)
        own_id = source_id or f"{kind}:{(when or services.clock()).isoformat()}"
        seen = Seen(source=source, id=own_id, kind=kind, at=when)

        def work(tx: Transaction) -> str:
            lead = leads.find(tx, lead_id)
            done = "recorded" if leads.see_activity(tx, lead, seen) else "known already"
            return f"{done}: {lead.stage}, {lead.temperature}, score {lead.score}"

        print(services.store.run_here(work))
    finally:
        services.close()


def reopen(beginning: str, reason: str) -> None:
    """Raises LeadNotFound, ReasonMissing, MoveNotAllowed, ContactForbidden."""
    services = start_services(load_settings())
    try:
        lead_id = _dossier(services, beginning).lead.id

        def again(tx: Transaction) -> str:
            lead = tx.get(Lead, lead_id)
            reopen_lead(tx, lead, reason=reason, by=OPERATOR)
            return lead.stage

        print(f"{lead_id[:10]} is reopened: {services.store.run_here(again)}")
    finally:
        services.close()


def tell(beginning: str, result: str, *, amount: int | None, currency: str, words: str) -> None:
    """Raises LeadNotFound, SeveralLeads."""
    told = Told(result=Result(result), amount=amount, currency=currency, words=words)
    services = start_services(load_settings())
    try:
        lead_id = id_of(services, beginning)
        services.store.run_here(lambda tx: tell_result(tx, tx.get(Lead, lead_id), told, by=OPERATOR))
        print(f"{lead_id[:10]}: {services.words.label('result', told.result, 'en')}")
    finally:
        services.close()


def _dossier(services: Services, beginning: str) -> Dossier:
    store, lead_id = services.store, id_of(services, beginning)
    return store.read(lambda session: dossier_of(Look(session), lead_id, policy=store.policy, now=services.clock()))


def id_of(services: Services, beginning: str) -> str:
    """The one lead whose id begins so. Raises LeadNotFound and SeveralLeads."""
    store = services.store
    fits = select(Lead.id).where(id_begins_with(beginning)).limit(2)
    ids = store.read(lambda session: session.exec(fits).all())
    if not ids:
        raise LeadNotFound(beginning)
    if len(ids) > 1:
        raise SeveralLeads(f"{beginning!r} fits more than one lead; give more of the id")
    return ids[0]


def _said(answer: Stated, services: Services) -> str:
    value = plain(services.words.answer(answer.topic, to_json(answer.topic, answer.value), "en", services.clock()))
    return f"{value}  「{plain(answer.words)}」 {answer.said_by}" if answer.words else f"{value}  {answer.said_by}"


def _clock_line(clock: FollowUpView, services: Services) -> str:
    """One duty: its condition, its due instant and how that came about, and what it took."""
    words, zone = services.words, services.store.policy.working_hours.zone
    due = f"{clock.due_at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    parts = (
        f"{words.label('rule', clock.rule, 'en')}: {clock.status}, due {due}",
        left_in_words(clock, words, "en", services.clock()),
        arithmetic(clock, words, "en"),
        took_in_words(clock, words, "en"),
    )
    return "  ".join(part for part in parts if part)


def _print_dossier(console: Console, dossier: Dossier, services: Services) -> None:
    lead, zone = dossier.lead, services.store.policy.working_hours.zone
    title = " ".join(plain(part) for part in (lead.company, lead.person) if part) or lead.id
    console.print(f"[bold]{title}[/bold]  {lead.stage}  {lead.temperature}  score {dossier.judged.score}")
    console.print(f"id {lead.id}   owner {plain(dossier.owner_name)}   {plain(lead.email)}   {plain(lead.phone)}")
    for topic in CRITERIA:
        answer = dossier.known.about(topic)
        console.print(f"  {topic:<10} {_said(answer, services) if answer else 'unknown'}", soft_wrap=True)
    for clock in dossier.clocks:
        console.print(_clock_line(clock, services), markup=False, soft_wrap=True)
    missing = ", ".join(dossier.judged.missing) or "nothing"
    console.print(f"for {dossier.judged.next_stage or '-'} is missing: {missing}")
    for row in dossier.history:
        facts = {name: fact for name, fact in row.facts.items() if fact not in (None, "", [])}
        line = f"  {row.at.astimezone(zone):%m-%d %H:%M} {row.kind} by {row.by} {printable(str(facts))}"
        console.print(line, markup=False, soft_wrap=True)
