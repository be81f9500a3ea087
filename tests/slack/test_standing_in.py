"""Whoever is asked to act in place of an absent owner may do so (D12, D23)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.driver import all_words
from bot.sandbox.records import Message
from qualification import leads, receipt
from qualification.absence import come_back, set_away
from qualification.clock_rules import FIRST_CONTACT
from qualification.events import CLOCK, CallBackDue, TimeframePassed
from qualification.followup import Status
from qualification.policy import load_policy
from qualification.records import FollowUp, Lead, Rep
from qualification.store import Transaction
from tests.desk import KEN, YUKI, Bench

NOT_YOURS = "This lead belongs to 山田 由紀. Please talk to 山田 由紀 or to a manager."


async def lead_of_somebody_away(bench: Bench) -> str:
    """Yuki's lead; Yuki is away until the day after tomorrow."""
    await bench.person("yuki").slash("/lead", "mine")
    lead_id = await bench.has_lead(owner=YUKI)

    def goes(tx: Transaction) -> None:
        set_away(tx, tx.get(Rep, YUKI), until=tx.here.date() + timedelta(days=2), by="operator")

    await bench.services.store.run(goes)
    await bench.settle()
    return lead_id


async def logs_a_call(bench: Bench, who: str, lead_id: str) -> None:
    ken = bench.person(who)
    await ken.clicks("架電を記録", on=bench.card(lead_id))
    if ken.open_modal is not None:
        await ken.submits(await ken.modal(), {"How did it end?": "No answer"})
    await bench.settle()


async def first_contact(bench: Bench, lead_id: str) -> FollowUp:
    rows = await bench.services.store.run(lambda tx: tx.find(FollowUp, "lead_id", lead_id))
    return next(row for row in rows if row.rule == FIRST_CONTACT)


async def test_while_the_owner_is_away_a_rep_who_is_asked_with_the_channel_calls_and_the_promise_is_kept(
    bench: Bench,
) -> None:
    lead_id = await lead_of_somebody_away(bench)
    assert "不在" in bench.thread(lead_id)[-1].text
    await logs_a_call(bench, "ken", lead_id)

    clock = await first_contact(bench, lead_id)
    assert (clock.status, clock.met_by) == (Status.MET, KEN)
    assert (await bench.dossier(lead_id)).lead.owner_id == YUKI, "the lead stays theirs"


async def test_who_stands_in_accepts_in_the_place_of_the_absent_owner(bench: Bench) -> None:
    lead_id = await lead_of_somebody_away(bench)
    await bench.person("ken").clicks("受け入れる", on=bench.card(lead_id))
    await bench.settle()
    assert (await bench.dossier(lead_id)).lead.stage == "SAL"


@pytest.mark.parametrize(("backup", "may"), [(KEN, True), ("U0SOMEBODY1", False)], ids=["the backup", "another rep"])
async def test_where_one_stands_in_by_name_nobody_else_is_asked(
    bench: Bench, tmp_path: Path, backup: str, may: bool
) -> None:
    (tmp_path / "own.toml").write_text(f"[routing]\nbackup = '{backup}'\n", "utf-8")
    bench.services.store.policy = load_policy(tmp_path / "own.toml")
    lead_id = await lead_of_somebody_away(bench)
    await logs_a_call(bench, "ken", lead_id)

    assert (await first_contact(bench, lead_id)).met_by == (KEN if may else None)
    assert [told.text for told in bench.person("ken").sees_privately("#leads")] == ([] if may else [NOT_YOURS])


async def test_once_the_owner_is_back_the_lead_is_theirs_alone(bench: Bench) -> None:
    lead_id = await lead_of_somebody_away(bench)
    await bench.services.store.run(lambda tx: come_back(tx.get(Rep, YUKI)))
    await logs_a_call(bench, "ken", lead_id)

    assert (await first_contact(bench, lead_id)).met_by is None
    assert [told.text for told in bench.person("ken").sees_privately("#leads")] == [NOT_YOURS]


@pytest.mark.parametrize("hours", [5, 5 * 24], ids=["an evening", "a weekend"])
@pytest.mark.parametrize(("backup", "may"), [("", False), (KEN, True)], ids=["nobody is named", "the backup"])
async def test_after_a_part_timers_hours_only_their_backup_acts_in_their_place(
    bench: Bench, tmp_path: Path, hours: int, backup: str, may: bool
) -> None:
    days = "\n".join(f"{day} = [['09:00', '12:00']]" for day in ("mon", "tue", "wed", "thu", "fri"))
    named = f"[routing]\nbackup = '{backup}'\n" if backup else ""
    own = f"{named}[people.{YUKI}]\ncalendar = 'mornings'\n[calendars.mornings]\nzone = 'Asia/Tokyo'\n{days}\n"
    (tmp_path / "own.toml").write_text(own, "utf-8")
    bench.services.store.policy = load_policy(tmp_path / "own.toml")
    await bench.person("yuki").slash("/lead", "mine")
    lead_id = await bench.has_lead(owner=YUKI)
    bench.clock.advance(hours=hours)
    await logs_a_call(bench, "ken", lead_id)

    assert (await first_contact(bench, lead_id)).met_by == (KEN if may else None)
    assert [told.text for told in bench.person("ken").sees_privately("#leads")] == ([] if may else [NOT_YOURS])


@pytest.mark.parametrize(
    ("who", "says"), [("ken", "For 山田 由紀, who is away"), ("yuki", "")], ids=["who stands in", "the owner"]
)
async def test_who_stands_in_finds_the_lead_on_home_and_in_their_list_marked_with_whose_it_is(
    bench: Bench, who: str, says: str
) -> None:
    await lead_of_somebody_away(bench)
    rep = bench.person(who)
    await rep.slash("/lead", "mine")
    rep.opens_home()
    await bench.settle()
    home = await rep.waits_for_home("アサヒ工業")
    for seen in (all_words(rep.sees_privately("#leads")[-1].blocks), all_words(home.blocks)):
        assert "アサヒ工業" in seen
        assert says in seen
        assert says or "away" not in seen


async def test_once_the_owner_is_back_nobody_elses_list_holds_their_leads(bench: Bench) -> None:
    await lead_of_somebody_away(bench)
    await bench.services.store.run(lambda tx: come_back(tx.get(Rep, YUKI)))
    ken = bench.person("ken")
    await ken.slash("/lead", "mine")
    assert "no leads of your own" in ken.sees_privately("#leads")[-1].text


RINGS: dict[str, Callable[[Transaction, Lead], object]] = {  # what a prospect or an hour asks of whoever has the lead
    "call_back_due": lambda tx, lead: tx.record(CallBackDue(lead_id=lead.id, by=CLOCK)),
    "person_wanted": lambda tx, lead: leads.want_person(tx, lead, words="担当者と話したい"),
    "sooner_wanted": lambda tx, lead: receipt.sooner_please(tx, receipt.receipt_of(tx, lead)),
    "nobody_called": lambda tx, lead: receipt.nobody_called(tx, receipt.receipt_of(tx, lead)),
    "timeframe_passed": lambda tx, lead: tx.record(TimeframePassed(lead_id=lead.id, by=CLOCK)),
}


async def ring(bench: Bench, lead_id: str, what: str) -> Message:
    """The line of the thread that says it."""
    already = len(bench.thread(lead_id))
    bench.clock.advance(minutes=5)

    def happens(tx: Transaction) -> None:
        lead = tx.get(Lead, lead_id)
        lead.wants_person_at = None
        RINGS[what](tx, lead)

    await bench.services.store.run(happens)
    await bench.settle()
    return bench.thread(lead_id)[already]


@pytest.mark.parametrize("what", RINGS)
async def test_who_stands_in_is_called_by_name_for_whatever_the_absent_owner_would_be(
    bench: Bench, tmp_path: Path, what: str
) -> None:
    (tmp_path / "own.toml").write_text(f"[people.{YUKI}]\nbackup = '{KEN}'\n", "utf-8")
    bench.services.store.policy = load_policy(tmp_path / "own.toml")
    lead_id = await lead_of_somebody_away(bench)
    said = (await ring(bench, lead_id, what)).text

    assert said.startswith(f"<@{KEN}> 山田 由紀さんが不在のため、代わりの対応をお願いします。")
    assert f"<@{YUKI}>" not in said


@pytest.mark.parametrize("what", RINGS)
async def test_where_nobody_stands_in_by_name_the_whole_channel_hears_it_aloud(bench: Bench, what: str) -> None:
    lead_id = await lead_of_somebody_away(bench)
    said = await ring(bench, lead_id, what)

    assert said.text.startswith("山田 由紀さんが不在のため、代わりの対応をお願いします。")
    assert said.broadcast


async def test_once_the_owner_is_back_they_are_called_themselves(bench: Bench) -> None:
    lead_id = await lead_of_somebody_away(bench)
    await bench.services.store.run(lambda tx: come_back(tx.get(Rep, YUKI)))

    assert (await ring(bench, lead_id, "call_back_due")).text.startswith(f"<@{YUKI}> アサヒ工業")


@pytest.mark.parametrize(("backup", "called"), [("", YUKI), (KEN, KEN)], ids=["nobody is named", "the backup"])
async def test_on_a_part_timers_afternoon_their_backup_is_called_and_without_one_they_are_themselves(
    bench: Bench, tmp_path: Path, backup: str, called: str
) -> None:
    days = "\n".join(f"{day} = [['09:00', '12:00']]" for day in ("mon", "tue", "wed", "thu", "fri"))
    named = f"[routing]\nbackup = '{backup}'\n" if backup else ""
    own = f"{named}[people.{YUKI}]\ncalendar = 'mornings'\n[calendars.mornings]\nzone = 'Asia/Tokyo'\n{days}\n"
    (tmp_path / "own.toml").write_text(own, "utf-8")
    bench.services.store.policy = load_policy(tmp_path / "own.toml")
    await bench.person("yuki").slash("/lead", "mine")
    lead_id = await bench.has_lead(owner=YUKI)
    bench.clock.advance(hours=5)

    assert (await ring(bench, lead_id, "person_wanted")).text.startswith(f"<@{called}> ")
