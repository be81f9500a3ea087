"""A firm grows out of its SQLite file: everything moves to PostgreSQL, is compared, and goes on there."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.bootstrap import start_services
from bot.commands.moving import CannotCopy, copy
from bot.health import WORKER, beat
from bot.migrations import bring_up_to_date
from bot.settings import Settings
from qualification.calls import Outcome
from qualification.records import History, Lead
from tests.business import Business
from tests.clock import Clock
from tests.command import bantline
from tests.files import database_in
from tests.postgres import fresh_schema


@pytest.fixture
def old(tmp_path: Path, clock: Clock) -> str:
    """A firm's SQLite file with leads, clocks and history."""
    url = database_in(tmp_path)
    services = start_services(Settings(database_url=url), clock=clock)
    firm = Business(services.store, clock)
    for outcome in (Outcome.CONNECTED, Outcome.NO_ANSWER):
        firm.calls(firm.qualified_lead(), outcome, note="折り返し希望 \U0001f600 '\"\\")
    services.close()
    return url


def history_of(url: str, clock: Clock) -> list[tuple[str, str, str]]:
    services = start_services(Settings(database_url=url), clock=clock)
    try:
        rows = services.store.read(lambda session: session.exec(select(History).order_by(col(History.id))).all())
        return [(row.lead_id, row.kind, json.dumps(row.data, sort_keys=True)) for row in rows]
    finally:
        services.close()


def test_everything_moves_to_postgresql_and_back_and_the_firm_goes_on(
    old: str, postgres_url: str, tmp_path: Path, clock: Clock
) -> None:
    with fresh_schema(postgres_url) as new:
        counts = copy(old, new, now=clock())
        assert counts["lead"] == 2
        assert history_of(new, clock) == history_of(old, clock)
        services = start_services(Settings(database_url=new), clock=clock)
        firm = Business(services.store, clock)
        firm.calls(firm.all(Lead)[0].id, Outcome.BUSY)  # its history gets the next number
        services.close()
        back = f"sqlite:///{tmp_path}/back.db"
        copy(new, back, now=clock())
        assert history_of(back, clock) == history_of(new, clock)


def test_a_database_that_holds_something_is_not_written_into(old: str, tmp_path: Path, clock: Clock) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    copy(old, other, now=clock())
    with pytest.raises(CannotCopy, match="already holds something"):
        copy(old, other, now=clock())


def test_nothing_is_copied_from_under_a_running_worker(old: str, tmp_path: Path, clock: Clock) -> None:
    services = start_services(Settings(database_url=old), clock=clock)
    services.store.run_here(lambda tx: beat(tx, WORKER))
    services.close()
    with pytest.raises(CannotCopy, match="stop it"):
        copy(old, f"sqlite:///{tmp_path}/new.db", now=clock() + timedelta(seconds=10))
    assert not (tmp_path / "new.db").exists()


def test_the_command_says_what_it_did_and_what_was_wrong(tmp_path: Path) -> None:
    bring_up_to_date(f"sqlite:///{tmp_path}/a.db")
    done = bantline(tmp_path, "db", "copy", "sqlite:///a.db", "sqlite:///b.db")
    assert (done.returncode, "both databases hold the same" in done.stdout) == (0, True)
    wrong = bantline(tmp_path, "db", "copy", "sqlite:///none.db", "sqlite:///c.db")
    assert (wrong.returncode, f"there is no database {tmp_path}/none.db" in wrong.stderr) == (2, True)
