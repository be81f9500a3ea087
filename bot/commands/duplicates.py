"""`bantline leads duplicates|merge`: the same person twice, seen and put right by a person (D29)."""

from collections.abc import Iterable
from contextlib import closing
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.bootstrap import Services, as_json_text, open_services
from bot.commands.leads import id_of
from bot.commands.terminal import plain, printable
from bot.settings import load_settings
from bot.words import Words
from qualification.duplicates import Sign, merge, undo_merge
from qualification.events import OPERATOR
from qualification.records import Lead

MOST_GROUPS = 1_000
COLUMNS = ("alike_by", "id", "stage", "company", "person", "email", "phone", "since")
COLUMN_OF = {Sign.EMAIL: Lead.email, Sign.PHONE: Lead.phone, Sign.NAME: Lead.name_key}


def alike(session: Session) -> list[tuple[list[Sign], list[Lead]]]:
    """Groups of open records that may be one person, each with the ways in which they are alike."""
    groups: dict[tuple[str, ...], tuple[list[Sign], list[Lead]]] = {}
    for way, column in COLUMN_OF.items():
        standing = col(Lead.merged_into).is_(None)
        twice = (
            select(column).where(standing, col(column).is_not(None)).group_by(column).having(func.count() > 1)
        ).limit(MOST_GROUPS)
        for value in session.exec(twice).all():
            leads = list(session.exec(select(Lead).where(standing, column == value).order_by(col(Lead.created_at))))
            ways, _ = groups.setdefault(tuple(sorted(lead.id for lead in leads)), ([], leads))
            ways.append(way)
    return list(groups.values())


def print_duplicates(*, as_json: bool, language: str) -> None:
    """Who may be here twice, and by what we think so."""
    with closing(open_services(load_settings())) as services:
        groups = services.store.read(alike)
        if as_json:
            print(as_json_text({"duplicates": [_as_json(ways, leads) for ways, leads in groups]}))
        elif not groups:
            print(services.words.label("duplicates", "nobody", language))
        else:
            Console().print(_table(groups, services.words, language))
            print(services.words.label("duplicates", "to_merge", language))


def _as_json(ways: Iterable[Sign], leads: Iterable[Lead]) -> dict[str, Any]:
    return {"alike_by": list(ways), "leads": [{"id": lead.id, "stage": lead.stage} for lead in leads]}


def _table(groups: Iterable[tuple[list[Sign], list[Lead]]], words: Words, language: str) -> Table:
    table = Table(title=words.label("duplicates", "title", language))
    for name in COLUMNS:
        heading = words.label("duplicate_columns", name, language)
        table.add_column(heading, no_wrap=name == "id", min_width=10 if name == "id" else None)
    for ways, leads in groups:
        for place, lead in enumerate(leads):
            by = ", ".join(words.label("alike_by", way, language) for way in ways) if place == 0 else ""
            stage = words.label("stage", lead.stage, language)
            cells = (stage, lead.company, lead.person, lead.email, lead.phone)
            table.add_row(by, lead.id[:10], *(plain(cell) for cell in cells), f"{lead.created_at:%Y-%m-%d}")
        table.add_section()
    return table


def merge_two(kept: str, other: str, *, as_json: bool) -> None:
    """Merge two leads named by the beginnings of their ids."""
    with closing(open_services(load_settings())) as services:
        kept_id, other_id = id_of(services, kept), id_of(services, other)
        services.store.run_here(lambda tx: merge(tx, tx.get(Lead, kept_id), tx.get(Lead, other_id), by=OPERATOR))
        if as_json:
            print(as_json_text({"kept": kept_id, "merged": other_id}))
            return
        print(f"{other_id[:10]} is part of {_title(services, kept_id)} now. To take it back:")
        print(f"bantline leads merge {kept_id[:10]} {other_id[:10]} --undo")


def undo_merge_of(kept: str, other: str, *, as_json: bool) -> None:
    """Two leads again, named by the beginnings of their ids. Raises NoSuchLead, SeveralLeads, NotMerged."""
    with closing(open_services(load_settings())) as services:
        kept_id, other_id = id_of(services, kept), id_of(services, other)
        services.store.run_here(lambda tx: undo_merge(tx, tx.get(Lead, kept_id), tx.get(Lead, other_id), by=OPERATOR))
        apart = {"kept": kept_id, "apart": other_id}
        print(as_json_text(apart) if as_json else f"{kept_id[:10]} and {other_id[:10]} are two leads again")


def _title(services: Services, lead_id: str) -> str:
    lead = services.store.read(lambda session: session.get(Lead, lead_id))
    return printable(" ".join(filter(None, (lead.company, lead.person)))) if lead else lead_id[:10]
