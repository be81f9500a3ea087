"""`bantline leads erase|export-person`: what we hold on one person, erased for good or printed whole (D26)."""

from contextlib import closing
from typing import Any

import typer

from bot.bootstrap import as_json_text, open_services
from bot.commands.leads import id_of
from bot.commands.terminal import printable
from bot.person import erase_person, person_json
from bot.settings import load_settings
from qualification.database import forget_old_pages
from qualification.events import OPERATOR
from qualification.look import Look
from qualification.records import Lead

IN_SLACK = (
    "Slack: the card will say that the data was deleted. Lines already posted in its thread and in other channels, "
    "mails already sent and copies of the database are not ours to take back: delete them by hand."
)


def erase(beginning: str, *, rehearse: bool, sure: bool, as_json: bool) -> None:
    """Raises NoSuchLead and SeveralLeads."""
    with closing(open_services(load_settings())) as services:
        store, lead_id = services.store, id_of(services, beginning)
        held = store.read(lambda session: person_json(Look(session), session.get_one(Lead, lead_id), services.words))
        if not as_json:
            _show(held["records"])
        if rehearse:
            print(as_json_text({"erased": [], "held": _counted(held["records"])}) if as_json else "Nothing was erased.")
            return
        if not sure:
            typer.confirm("Erase this person's data for good?", abort=True, err=True)
            typer.confirm("It cannot be taken back. Sure?", abort=True, err=True)
        erased = store.run_here(lambda tx: erase_person(tx, tx.get(Lead, lead_id), by=OPERATOR))
        forget_old_pages(store.engine)
        gone = {"erased": list(erased), "held": _counted(held["records"])}
        print(as_json_text(gone) if as_json else f"Erased: {', '.join(erased)}\n{IN_SLACK}")


def _counted(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is held in each record of the person, table by table, without a word of it."""
    return [
        {"id": record["lead"]["id"], **{name: len(rows) for name, rows in record.items() if name != "lead" and rows}}
        for record in records
    ]


def _show(records: list[dict[str, Any]]) -> None:
    for record, counted in zip(records, _counted(records), strict=True):
        who = " - ".join(filter(None, (record["lead"][name] for name in ("company", "person", "email", "phone"))))
        counts = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counted.items() if name != "id")
        print(printable(f"{counted['id']}  {counts or 'nothing'}: {who or 'nobody named'}"))


def export_person(beginning: str) -> None:
    """Raises NoSuchLead and SeveralLeads."""
    with closing(open_services(load_settings())) as services:
        lead_id = id_of(services, beginning)
        held = services.store.read(
            lambda session: person_json(Look(session), session.get_one(Lead, lead_id), services.words)
        )
        print(as_json_text(held))
