"""`bantline leads list|show|why|activity|reopen|result`: leads on the terminal, for people and as JSON."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from sqlalchemy import ColumnElement, and_
from sqlmodel import col, select

from bot.bootstrap import Services, as_json_text, open_services
from bot.commands.terminal import plain, printable
from bot.in_words.clock import arithmetic, left_in_words, took_in_words
from bot.in_words.history import History
from bot.in_words.why import why_json, why_lines
from bot.lead_json import dossier_json, summary_json
from bot.settings import load_settings
from qualification import leads
from qualification.activities import Seen
from qualification.answers import Stated
from qualification.bant import CRITERIA, to_json
from qualification.deals import Result, Told, tell_result
from qualification.dossier import Dossier, FollowUpView, dossier_of, id_begins_with
from qualification.events import OPERATOR
from qualification.look import Look
from qualification.one_person import kept_of
from qualification.priority import Order, leads_by_priority, newest_leads
from qualification.records import Lead
from qualification.reopening import reopen as reopen_lead
from qualification.stages import Stage
from qualification.store import Transaction
from qualification.tombstones import living

MOST_NAMED = 5  # of the leads that a beginning fits
WHOLE = {
    "id": 10,
    "stage": None,
    "temperature": 8,
    "score": 5,
    "stage_since": 10,
}  # what must not be cut on a narrow terminal, and how wide it is


class UnknownStage(ValueError):
    """The stage asked for is not one of the ladder's."""


class NoSuchLead(LookupError):
    """No lead's id begins so."""


class SeveralLeads(ValueError):
    """The beginning of an id fits more than one lead."""


def print_list(*, stage: str | None, limit: int, order: Order, as_json: bool, language: str) -> None:
    """The leads, the newest first or whom to approach first. Raises UnknownStage."""
    wanted = stage_named(stage)
    with closing(open_services(load_settings())) as services:
        line = services.store.policy.stages.mql.priority_score
        look = partial(leads_by_priority, line=line) if order == "priority" else newest_leads
        found = services.store.read(lambda session: look(session, stage=wanted, limit=limit))
        if as_json:
            print(as_json_text({"leads": [summary_json(lead) for lead in found]}))
        else:
            Console().print(_table(found, services, language) if found else _nobody(wanted, services, language))


def _nobody(wanted: Stage | None, services: Services, language: str) -> str:
    says, label = partial(services.words.label, "on_terminal", language=language), services.words.label
    return says("nobody_at").format(stage=label("stage", wanted, language)) if wanted else says("no_leads")


def stage_named(stage: str | None) -> Stage | None:
    """Raises UnknownStage."""
    if stage is None:
        return None
    try:
        return Stage(stage.upper())
    except ValueError:
        raise UnknownStage(f"--stage: one of {', '.join(Stage)}") from None


def _table(leads: Sequence[Lead], services: Services, language: str) -> Table:
    words, zone = services.words, services.store.policy.working_hours.zone
    title = words.label("on_terminal", "one_lead" if len(leads) == 1 else "leads", language).format(count=len(leads))
    table = Table(title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("id", "stage", "temperature", "score", "company", "person", "owner", "stage_since"):
        heading = words.label("lead_columns", name, language)
        table.add_column(heading, no_wrap=name in WHOLE, min_width=WHOLE.get(name), overflow="fold")
    for lead in leads:
        who = (plain(cell) for cell in (lead.company, lead.person, lead.owner_id))
        stage = words.label("stage", lead.stage, language)
        temperature = words.label("temperature", lead.temperature, language)
        since = f"{lead.stage_since.astimezone(zone):%Y-%m-%d}"
        table.add_row(lead.id[:10], stage, temperature, str(lead.score), *who, since)
    return table


def print_lead(beginning: str, *, as_json: bool, language: str) -> None:
    """All we know of one lead, and what happened in words. Raises NoSuchLead, SeveralLeads."""
    with closing(open_services(load_settings())) as services:
        dossier = _dossier(services, beginning)
        if as_json:
            print(as_json_text(dossier_json(dossier, services.words, services.clock())))
        else:
            for line in _lead_lines(dossier, services, language):
                print(printable(line))


def print_why(beginning: str, *, as_json: bool, language: str) -> None:
    """Why the lead stands where it stands, and what would bring it further."""
    with closing(open_services(load_settings())) as services:
        dossier, policy = _dossier(services, beginning), services.store.policy
        if as_json:
            print(as_json_text(why_json(dossier, policy)))
        else:
            for line in why_lines(dossier, policy, services.words, language):
                print(line)


def see_activity(
    beginning: str, kind: str, *, at: datetime | None, source: str, source_id: str | None, as_json: bool
) -> None:
    """Record something the lead did and say where it stands now. Raises DataErased, UnknownKind, NotYetHappened."""
    with closing(open_services(load_settings())) as services:
        lead_id = id_of(services, beginning)
        zone = services.store.policy.working_hours.zone
        when = at if at is None or at.tzinfo else at.replace(tzinfo=zone)
        own_id = source_id or f"{kind}:{(when or services.clock()).isoformat()}"
        seen = Seen(source=source, id=own_id, kind=kind, at=when)

        def work(tx: Transaction) -> dict[str, Any]:
            lead = living(tx, kept_of(tx, leads.find(tx, lead_id)))
            recorded = leads.see_activity(tx, lead, seen)
            return {"recorded": recorded, **_standing(lead)}

        told = services.store.run_here(work)
        done = "recorded" if told["recorded"] else "known already"
        line = f"{_merged(lead_id, told)}{done}: {told['stage']}, {told['temperature']}, score {told['score']}"
        _say(told, line, as_json=as_json)


def reopen(beginning: str, reason: str, *, as_json: bool) -> None:
    """Raises NoSuchLead, ReasonMissing, MoveNotAllowed, ContactForbidden."""
    with closing(open_services(load_settings())) as services:
        lead_id = _dossier(services, beginning).lead.id

        def again(tx: Transaction) -> dict[str, Any]:
            lead = kept_of(tx, tx.get(Lead, lead_id))
            reopen_lead(tx, lead, reason=reason, by=OPERATOR)
            return _standing(lead)

        told = services.store.run_here(again)
        _say(told, f"{_merged(lead_id, told)}{told['id'][:10]} is reopened: {told['stage']}", as_json=as_json)


def tell(beginning: str, result: str, *, amount: int | None, currency: str, words: str, as_json: bool) -> None:
    """Raises NoSuchLead, SeveralLeads, DataErased, NoDealYet, NothingWon."""
    told = Told(result=Result(result), amount=amount, currency=currency, words=words)
    with closing(open_services(load_settings())) as services:
        lead_id = id_of(services, beginning)

        def work(tx: Transaction) -> str:
            lead = living(tx, kept_of(tx, tx.get(Lead, lead_id)))
            tell_result(tx, lead, told, by=OPERATOR)
            return lead.id

        standing = services.store.run_here(work)
        kept = {"id": standing, "result": told.result, "amount": amount, "currency": currency if amount else None}
        _say(
            kept,
            f"{_merged(lead_id, kept)}{standing[:10]}: {services.words.label('result', told.result, 'en')}",
            as_json=as_json,
        )


def _merged(lead_id: str, told: dict[str, Any]) -> str:
    """Why the line is about another record than the one that was named."""
    return f"{lead_id[:10]} was merged into {told['id'][:10]}. " if told["id"] != lead_id else ""


def _standing(lead: Lead) -> dict[str, Any]:
    return {"id": lead.id, "stage": lead.stage, "temperature": lead.temperature, "score": lead.score}


def _say(facts: dict[str, Any], line: str, *, as_json: bool) -> None:
    print(as_json_text(facts) if as_json else line)


def _dossier(services: Services, beginning: str) -> Dossier:
    store, lead_id = services.store, id_of(services, beginning)
    return store.read(lambda session: dossier_of(Look(session), lead_id, policy=store.policy, now=services.clock()))


def id_of(services: Services, beginning: str) -> str:
    """The one lead whose id begins so, or whose e-mail address this is. Raises NoSuchLead and SeveralLeads."""
    if "@" in beginning:
        written = beginning.strip()
        address = and_(col(Lead.email).in_((written, written.lower())), col(Lead.merged_into).is_(None))
        return _one_of(services, address, f"no lead has the address {beginning}")
    return _one_of(services, id_begins_with(beginning), f"no lead's id begins with {beginning!r}")


def _one_of(services: Services, fits: ColumnElement[bool], none: str) -> str:
    look = select(Lead.id).where(fits).order_by(col(Lead.id)).limit(MOST_NAMED)
    ids = services.store.read(lambda session: session.exec(look).all())
    if not ids:
        raise NoSuchLead(f"{none}; see them with: bantline leads list")
    if len(ids) > 1:
        raise SeveralLeads(f"this fits more than one lead: {', '.join(ids)}\nGive the whole id of one of them")
    return ids[0]


def _said(answer: Stated, services: Services, language: str) -> str:
    value = services.words.answer(answer.topic, to_json(answer.topic, answer.value), language, services.clock())
    quoted = services.words.label("show", "quoted", language).format(words=answer.words) if answer.words else ""
    return printable(f"{value}{quoted}")


def _clock_line(clock: FollowUpView, services: Services, language: str) -> str:
    """One duty: its condition, its due instant and how that came about, and what it took."""
    words, now = services.words, services.clock()
    due = f"{clock.due_at.astimezone(words.zone):%Y-%m-%d %H:%M %Z}"
    rule, status = words.label("rule", clock.rule, language), words.label("follow_up", clock.status, language)
    parts = (
        words.label("show", "due", language).format(rule=rule, status=status, due=due),
        left_in_words(clock, words, language, now) if clock.status != "overdue" else "",
        arithmetic(clock, words, language),
        took_in_words(clock, words, language),
    )
    return "  ".join(part for part in parts if part)


def _lead_lines(dossier: Dossier, services: Services, language: str) -> Iterator[str]:
    """Who it is, what is known, the clocks, what is missing, and what happened."""
    lead, words, judged = dossier.lead, services.words, dossier.judged

    def says(kind: str, key: str, **facts: object) -> str:
        return words.label(kind, key, language).format(**facts)

    stage, temperature = (
        words.label("stage", lead.stage, language),
        words.label("temperature", lead.temperature, language),
    )
    yield words.lead_title(lead.company, lead.person, language)
    yield says("show", "head", stage=stage, temperature=temperature, score=judged.score)
    owner = dossier.owner_name or lead.owner_id or says("show", "nobody")
    yield says("show", "person", id=lead.id, owner=owner, email=lead.email or "-", phone=lead.phone or "-")
    for topic in CRITERIA:
        answer = dossier.known.about(topic)
        said = _said(answer, services, language) if answer else says("show", "unknown")
        yield f"  {words.label('topic', topic, language)}: {said}"
    for clock in dossier.clocks:
        yield _clock_line(clock, services, language)
    if judged.next_stage:
        missing = words.missing(judged.missing, language) or says("show", "nothing")
        yield says("show", "missing", stage=words.label("stage", judged.next_stage, language), missing=missing)
    for line in History(dossier, words, language, services.clock()).lines():
        yield f"  {line}"
