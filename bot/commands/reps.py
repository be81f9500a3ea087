"""`bantline reps list|away|back`: who is here, and who is away until when."""

from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlmodel import col, select

from bot.bootstrap import Services, as_json_text, open_services
from bot.commands.terminal import plain, printable
from bot.settings import load_settings
from qualification.absence import come_back, rep_called, set_away
from qualification.audience import backup_of, is_away
from qualification.events import OPERATOR
from qualification.records import Rep
from qualification.store import Transaction


def print_reps(*, as_json: bool) -> None:
    """Everybody who has used Bantline in Slack, who is away until when, and who stands in."""
    with closing(open_services(load_settings())) as services:
        reps = [_facts(rep, services) for rep in _everybody(services)]
        if as_json:
            print(as_json_text({"reps": reps}))
        else:
            Console().print(_table(reps, _zone(services)) if reps else "nobody has used Bantline in Slack yet")


def send_away(name: str, until: date, *, as_json: bool) -> None:
    """Raises NoSuchRep, SeveralReps, BackInThePast."""
    with closing(open_services(load_settings())) as services:
        rep = rep_called(_everybody(services), name)

        def away(tx: Transaction) -> datetime:
            return set_away(tx, tx.get(Rep, rep.id), until=until, by=OPERATOR)

        back_at = services.store.run_here(away).astimezone(_zone(services))
        backup = backup_of(services.store.policy, rep.id)
        said = f"away until {back_at:%Y-%m-%d %H:%M}; until then {backup or 'the channel'} hears of their leads"
        away_now = {"id": rep.id, "name": rep.name, "away_until": back_at.astimezone(UTC), "backup": backup}
        print(as_json_text(away_now) if as_json else printable(f"{rep.name} is {said}"))


def take_back(name: str, *, as_json: bool) -> None:
    """Raises NoSuchRep, SeveralReps."""
    with closing(open_services(load_settings())) as services:
        rep = rep_called(_everybody(services), name)
        services.store.run_here(lambda tx: come_back(tx.get(Rep, rep.id)))
        here = {"id": rep.id, "name": rep.name, "away_until": None}
        print(as_json_text(here) if as_json else printable(f"{rep.name} is here again"))


def _everybody(services: Services) -> list[Rep]:
    return services.store.read(lambda session: list(session.exec(select(Rep).order_by(col(Rep.name), col(Rep.id)))))


def _zone(services: Services) -> ZoneInfo:
    return services.store.policy.working_hours.zone


def _facts(rep: Rep, services: Services) -> dict[str, Any]:
    away = is_away(rep, services.clock())
    return {
        "id": rep.id,
        "name": rep.name,
        "role": rep.role,
        "zone": rep.zone,
        "away_until": rep.away_until if away else None,
        "backup": backup_of(services.store.policy, rep.id),
    }


def _table(reps: list[dict[str, Any]], zone: ZoneInfo) -> Table:
    table = Table(title=f"{len(reps)} {'rep' if len(reps) == 1 else 'reps'}")
    for heading in ("id", "name", "role", "zone", "away until", "backup"):
        table.add_column(heading)
    for rep in reps:
        until = rep["away_until"]
        away = f"{until.astimezone(zone):%Y-%m-%d %H:%M}" if until else "-"
        table.add_row(rep["id"], plain(rep["name"]), rep["role"], rep["zone"], away, rep["backup"] or "-")
    return table
