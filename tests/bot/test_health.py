"""What /healthz and the doctor tell of messages that are held back, given up, and of alarms nobody heard."""

import stat
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import start_services
from bot.health import Health, examine
from bot.running import running
from bot.settings import Settings
from bot.upkeep.given_up import BY_MAIL, REROUTED, given_up
from qualification import outbox
from qualification.notices import ALARM, ALERT_MAIL, BURST, NOTE
from qualification.records import Outbound
from qualification.store import Transaction
from tests.business import Business
from tests.qualification.databases import make_room, on_both_databases, watching


def test_held_messages_are_counted_and_said_but_are_no_trouble(firm: Business) -> None:
    firm.qualified_lead()
    health = firm.store.read(lambda session: examine(session, now=firm.clock.now))
    waiting = len(firm.said())

    assert waiting > 1
    assert health.report("hold")["status"].endswith(f"outgoing messages are on hold, {waiting} wait")
    assert health.report("hold")["waiting"] == waiting
    assert "on hold" not in health.report("on")["status"]


def test_what_will_never_arrive_is_told_with_its_reason_for_a_week(firm: Business) -> None:
    nothing = firm.store.read(lambda session: given_up(session, now=firm.clock.now))
    firm.store.run_here(lambda tx: refused(tx, NOTE, "n1"))
    refused_at = firm.clock.now
    told = firm.store.read(lambda session: given_up(session, now=refused_at + timedelta(days=6)))
    later = firm.store.read(lambda session: given_up(session, now=refused_at + timedelta(days=7)))

    assert (nothing, later) == (None, None)
    assert told is not None
    assert (told.how_many, told.since, told.lead_id, told.problem) == (1, refused_at, "lead-1", "channel_not_found")


@on_both_databases
def test_however_much_was_given_up_no_look_counts_further_than_it_tells(firm: Business) -> None:
    for number in range(4):
        firm.store.run_here(partial(refused, kind=NOTE, key=f"n{number}"))
    make_room(firm.store)
    with watching(firm.store) as asked:
        told = firm.store.read(lambda session: given_up(session, now=firm.clock.now, most=2))

    assert told is not None
    assert told.how_many == 3, "one more than the most"
    assert [one for one in asked if one.reads_all or one.sorts] == []


ALARMED = "step:clock-1:alert"


def refused(tx: Transaction, kind: str, key: str, lead_id: str | None = "lead-1") -> None:
    errand = queued(tx, kind, key, lead_id)
    outbox.give_up(tx, errand, problem="channel_not_found\nask an admin")


def taken(tx: Transaction, kind: str, key: str, receipt: dict[str, Any], lead_id: str | None = "lead-1") -> None:
    outbox.settle(tx, queued(tx, kind, key, lead_id), receipt)


def queued(tx: Transaction, kind: str, key: str, lead_id: str | None) -> outbox.Errand:
    outbox.queue(tx, key=key, kind=kind, lead_id=lead_id, payload={})
    row = tx.first(Outbound, "key", key)
    assert row is not None
    errand = outbox.claim(tx, row.id)
    assert errand is not None
    return errand


def health_after(firm: Business, since: timedelta) -> Health:
    return firm.store.read(lambda session: examine(session, now=firm.clock.now + since))


@pytest.mark.parametrize(
    ("slack", "mails", "unheard"),
    [
        pytest.param("refused", {}, 1, id="Slack refuses, no mail is set up"),
        pytest.param("refused", {"a": False}, 1, id="Slack and the mail server refuse"),
        pytest.param("rerouted", {"a": False}, 1, id="Slack is silent, the mail server refuses"),
        pytest.param("refused", {"a": False, "b": True}, 0, id="one of two managers has the mail"),
        pytest.param("said", {}, 0, id="said in Slack"),
    ],
)
def test_an_alarm_that_reached_nobody_by_any_way_is_told_for_an_hour(
    firm: Business, slack: str, mails: dict[str, bool], unheard: int
) -> None:
    def happens(tx: Transaction) -> None:
        if slack == "refused":
            refused(tx, ALARM, ALARMED)
        else:
            taken(tx, ALARM, ALARMED, {REROUTED: "mail"} if slack == "rerouted" else {"channel": "C1", "ts": "1"})
        for address, arrives in mails.items():
            key = f"{ALARMED}{BY_MAIL}{address}"
            taken(tx, ALERT_MAIL, key, {"id": "m"}) if arrives else refused(tx, ALERT_MAIL, key)

    firm.store.run_here(happens)
    now, later = (health_after(firm, since) for since in (timedelta(minutes=59), timedelta(hours=1)))

    assert (now.unheard, later.unheard) == (unheard, 0)
    assert ("alarms that reached nobody: 1" in now.problems) == bool(unheard)
    assert later.given_up == (slack == "refused") + sum(not arrives for arrives in mails.values())


def test_an_alarm_of_many_leads_is_heard_when_the_first_of_two_managers_has_the_mail(firm: Business) -> None:
    def happens(tx: Transaction) -> None:
        taken(tx, BURST, "burst-1", {REROUTED: "mail"}, None)
        taken(tx, ALERT_MAIL, f"burst-1{BY_MAIL}a", {"id": "m"}, None)
        refused(tx, ALERT_MAIL, f"burst-1{BY_MAIL}b", None)

    firm.store.run_here(happens)
    heard = health_after(firm, timedelta(minutes=1)).unheard

    firm.store.run_here(lambda tx: refused(tx, BURST, "burst-2", None))
    assert (heard, health_after(firm, timedelta(minutes=1)).unheard) == (0, 1)


async def test_a_program_that_has_just_opened_its_doors_is_not_told_as_silent(tmp_path: Path) -> None:
    services = start_services(Settings.model_validate({"database_url": f"sqlite:///{tmp_path}/new.db"}))
    async with running(services):
        health = await services.store.look(lambda session: examine(session, now=services.clock()))
    services.close()

    assert health.problems == ()


def test_a_new_database_is_for_its_owners_eyes_alone(tmp_path: Path) -> None:
    """Personal data stand in the file and in its log."""
    database = tmp_path / "new.db"
    services = start_services(Settings.model_validate({"database_url": f"sqlite:///{database}"}))
    services.store.run_here(lambda tx: refused(tx, NOTE, "n1"))
    rights = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    services.close()

    assert rights == dict.fromkeys(("new.db", "new.db-wal", "new.db-shm"), 0o600)


def test_a_database_that_is_there_keeps_the_rights_it_was_given(tmp_path: Path) -> None:
    database = tmp_path / "old.db"
    database.touch(mode=0o640)
    database.chmod(0o640)
    start_services(Settings.model_validate({"database_url": f"sqlite:///{database}"})).close()

    assert stat.S_IMODE(database.stat().st_mode) == 0o640
