"""A rep is away until a day: what waits for them goes past them, from the moment it is said."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from qualification.absence import BackInThePast, NoSuchRep, SeveralReps, come_back, rep_called, set_away
from qualification.audience import Audience, audience_of
from qualification.audience import is_away as absent
from qualification.clock_rules import Tells
from qualification.records import Rep
from tests.business import Business
from tests.clock import MONDAY_TEN, jst
from tests.qualification.databases import on_both_databases
from tests.qualification.due import due_timers_fire
from tests.qualification.test_duties import BACKUP, in_force, is_known


def is_away(firm: Business, rep: str, until: str) -> None:
    day = date.fromisoformat(until)
    firm.store.run_here(lambda tx: set_away(tx, tx.get(Rep, rep), until=day, by="operator"))


def hears(firm: Business, owner: str, tells: Tells) -> Audience:
    return firm.store.run_here(lambda tx: audience_of(tx, owner, tells))


@on_both_databases
def test_an_absence_that_begins_while_a_clock_runs_sends_it_past_the_owner(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, BACKUP)
    is_known(firm, "yuki")
    lead = firm.qualified_lead(owner_id="yuki")
    is_away(firm, "yuki", "2026-05-25")

    (told,) = firm.history(lead, "owner_away")
    assert (told.data["people"], told.data["stands_in_for"]) == (["ken"], "yuki")
    assert [row.payload["event"] for row in firm.said("ring")] == ["owner_away"]
    firm.clock.advance(minutes=90)
    due_timers_fire(firm)
    assert firm.history(lead, "step_taken")[0].data["people"] == ["ken"]
    assert firm.lead(lead).owner_id == "yuki", "the lead stays theirs"


def test_who_is_back_is_reminded_again(firm: Business, tmp_path: Path) -> None:
    in_force(firm, tmp_path, BACKUP)
    is_known(firm, "yuki")
    lead = firm.qualified_lead(owner_id="yuki")
    is_away(firm, "yuki", "2026-05-25")
    firm.store.run_here(lambda tx: come_back(tx.get(Rep, "yuki")))
    firm.clock.advance(minutes=90)
    due_timers_fire(firm)

    assert firm.history(lead, "step_taken")[0].data["people"] == ["yuki"]


def test_the_return_is_the_next_opening_of_that_day(firm: Business) -> None:
    is_known(firm, "yuki")
    is_away(firm, "yuki", "2026-05-23")  # a Saturday

    assert firm.row(Rep, "yuki").away_until == jst("2026-05-25 09:00")


def test_who_is_away_is_back_at_the_very_instant_they_named(firm: Business) -> None:
    is_known(firm, "yuki")
    is_away(firm, "yuki", "2026-05-25")
    back_at = jst("2026-05-25 09:00")

    assert [absent(firm.row(Rep, "yuki"), at) for at in (back_at - timedelta(seconds=1), back_at)] == [True, False]


def test_closing_time_belongs_to_the_day_of_who_has_hours_of_their_own(firm: Business, tmp_path: Path) -> None:
    """CLOCK-S1: a lead of three in the afternoon is due at six, and its rep is called by name."""
    in_force(firm, tmp_path, '[people.yuki]\nzone = "Asia/Tokyo"\n')
    firm.clock.now = jst("2026-05-18 18:00")

    assert hears(firm, "yuki", Tells.MANAGER).people == ("yuki",)
    firm.clock.advance(seconds=1)
    assert hears(firm, "yuki", Tells.MANAGER).people == ()


def test_a_rep_may_have_a_stand_in_of_their_own_and_nobody_stands_in_for_oneself(
    firm: Business, tmp_path: Path
) -> None:
    """D23."""
    in_force(firm, tmp_path, BACKUP + '[people.yuki]\nbackup = "aya"\n')

    backups = [hears(firm, owner, Tells.BACKUP).people for owner in ("yuki", "sora", "ken")]
    assert backups == [("aya",), ("ken",), ()]


def test_the_next_level_hears_of_nothing_before_its_own_step(firm: Business, tmp_path: Path) -> None:
    """D12."""
    in_force(firm, tmp_path, BACKUP)

    assert hears(firm, "yuki", Tells.MANAGER).managers == ()
    assert hears(firm, "yuki", Tells.MANAGERS_MANAGER).managers == ("boss",)

    is_known(firm, "boss")
    is_away(firm, "boss", "2026-05-25")
    assert hears(firm, "yuki", Tells.MANAGERS_MANAGER).managers == ("boss",), "somebody has to hear it"


def test_who_stays_away_longer_is_told_of_once(firm: Business) -> None:
    is_known(firm, "yuki")
    lead = firm.qualified_lead(owner_id="yuki")
    for until in ("2026-05-25", "2026-05-26"):
        is_away(firm, "yuki", until)

    assert len(firm.history(lead, "owner_away")) == 1


def test_leads_whose_clock_is_over_ring_nobody(firm: Business) -> None:
    is_known(firm, "yuki")
    lead = firm.has_lead(owner_id="yuki")
    is_away(firm, "yuki", "2026-05-25")

    assert firm.history(lead, "owner_away") == []


def test_nobody_returns_in_the_past(firm: Business) -> None:
    is_known(firm, "yuki")
    with pytest.raises(BackInThePast):
        is_away(firm, "yuki", "2026-05-18")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("U1", "U1"),
        ("山田 由紀", "U1"),
        ("山田由紀", "U1"),
        ("suzuki", "U3"),
        ("山田", SeveralReps),
        ("佐藤", NoSuchRep),
    ],
)
def test_a_rep_is_called_by_id_or_by_a_part_of_the_name(name: str, found: str | type[Exception]) -> None:
    everybody = [
        Rep(id=rep_id, name=called, language="ja", zone="Asia/Tokyo", role="rep", seen_at=MONDAY_TEN)
        for rep_id, called in (("U1", "山田 由紀"), ("U2", "山田 健"), ("U3", "Ann Suzuki"))
    ]
    if isinstance(found, str):
        assert rep_called(everybody, name).id == found
    else:
        with pytest.raises(found):
            rep_called(everybody, name)
