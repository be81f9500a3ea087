"""Signed webhooks: what another program hears of a lead, over a real socket, and what it never hears."""

import asyncio
import json
from pathlib import Path
from typing import Any

from bot.bootstrap import start_services
from bot.delivery import Delivery
from bot.lead_json import dossier_json
from bot.person import erase_person
from bot.running import running
from bot.settings import Settings
from bot.webhook.errand import Receiver, WebhookSender
from bot.worker import Worker
from qualification import deeds, leads, outbox, passed_on
from qualification.calls import Outcome
from qualification.deals import Result, Told, tell_result
from qualification.deeds import Kind
from qualification.dossier import dossier_of
from qualification.duplicates import merge, undo_merge
from qualification.events import OPERATOR
from qualification.look import Look
from qualification.passed_on import WEBHOOK
from qualification.records import Deed, Lead, Outbound
from qualification.stages import Stage
from qualification.store import Store, Transaction
from tests.bot.webhooks.office import OF_THE_PERSON, SECRET, as_json, names, office, told, with_both
from tests.business import ASAHI, NEED, SATO, Business
from tests.clock import Clock
from tests.files import database_in
from tests.patience import PATIENCE
from tests.program import DOCS, Program
from tests.qualification.databases import on_both_databases


@on_both_databases
async def test_a_move_is_told_with_its_reason_and_the_lead_as_the_api_shows_it(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    """M149, M162."""
    lead = firm.qualified_lead(NEED, SATO, ASAHI)
    async with office(store, clock, crm) as desk:
        await desk.ticks()

        body = told(crm.took[-1])
        (move,) = firm.history(lead, "stage_moved")
        shown = store.read(lambda session: dossier_of(Look(session), lead, policy=store.policy, now=clock.now))
    assert names(crm) == ["stage_moved"]
    assert (body["timestamp"], body["id"]) == ("2026-05-18T01:00:00+00:00", crm.took[0].id)
    assert (body["data"]["by"], body["data"]["facts"]) == ("policy", move.data)
    assert (move.data["after"], bool(move.data["rule"])) == (Stage.TQL, True)
    assert body["data"]["lead"] == as_json(dossier_json(shown, desk.services.words, clock.now))
    assert body["data"]["lead"]["email"] == "sato@example.jp"


@on_both_databases
async def test_what_waits_to_leave_holds_ids_alone(firm: Business, store: Store, clock: Clock, crm: Program) -> None:
    lead = firm.qualified_lead(NEED, SATO, ASAHI)
    firm.does(leads.put_aside, lead, Stage.NURTURE, rule="by_hand", words="佐藤さんは来年", by="yuki")
    held = json.dumps([row.payload for row in firm.said(WEBHOOK)], ensure_ascii=False)
    async with office(store, clock, crm) as desk:
        await desk.ticks()

    assert [word for word in OF_THE_PERSON if word in held] == []
    assert told(crm.took[-1])["data"]["facts"]["words"] == "佐藤さんは来年", "the reason, as the history has it"


@on_both_databases
async def test_an_overdue_promise_is_told_with_each_step_of_the_ladder_and_then_that_it_was_met(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    lead = firm.qualified_lead()
    async with office(store, clock, crm) as desk:
        for hours in (2.5, 0.5, 1):
            clock.advance(hours=hours)
            await desk.ticks()
        firm.calls(lead, Outcome.CONNECTED)
        await desk.ticks()

    steps = [told(one)["data"]["facts"]["step"] for one in crm.took if told(one)["type"] == "follow_up_overdue"]
    (met,) = (told(one)["data"] for one in crm.took if told(one)["type"] == "follow_up_met")
    assert steps == ["due", "overdue"], "reminders before it are nobody else's business"
    assert (met["facts"]["rule"], met["facts"]["late"], met["by"]) == ("first_contact", True, "yuki")
    assert met["lead"]["follow_up"]["status"] == "met_late"


async def test_a_result_a_merge_and_what_was_taken_back_are_told(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    kept, other = firm.qualified_lead(), firm.has_lead()
    pair = (kept, other)
    with_both(firm, pair, merge)
    with_both(firm, pair, undo_merge)
    won = Told(result=Result.WON, amount=3_000_000)

    def press(tx: Transaction) -> str:
        lead = tx.get(Lead, kept)
        deed = deeds.do(tx, lead, Kind.RESULT, lambda: tell_result(tx, lead, won, by="yuki"), by="yuki")
        assert deed is not None
        return deed.id

    deed = store.run_here(press)
    store.run_here(lambda tx: deeds.undo(tx, tx.get(Deed, deed), by="yuki"))
    async with office(store, clock, crm) as desk:
        await desk.ticks()

    facts = {told(one)["type"]: told(one)["data"]["facts"] for one in crm.took}
    assert facts["leads_merged"]["merged_id"] == facts["merge_undone"]["merged_id"] == other
    assert (facts["result_told"]["result"], facts["result_told"]["amount"]) == ("won", 3_000_000)
    assert facts["undone"]["deed"] == "result"
    assert set(names(crm)) <= set(passed_on.NAMES)


@on_both_databases
async def test_of_an_erased_person_a_webhook_tells_the_id_and_nothing_else(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    lead = firm.qualified_lead(NEED, SATO, ASAHI)
    store.run_here(lambda tx: erase_person(tx, tx.get(Lead, lead), by=OPERATOR))
    async with office(store, clock, crm) as desk:
        await desk.ticks()

    (heard,) = crm.tried
    body = told(heard)
    assert (body["type"], body["data"]) == ("lead_erased", {"lead": {"id": lead}})
    assert [word for word in OF_THE_PERSON if word.encode() in heard.body] == []


async def test_what_waits_of_a_person_leaves_no_more_once_they_are_erased(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    lead = firm.qualified_lead(NEED, SATO, ASAHI)
    crm.answers = [(500, {})]
    async with office(store, clock, crm) as desk:
        await desk.ticks()
        (move,) = firm.said(WEBHOOK)
        store.run_here(lambda tx: erase_person(tx, tx.get(Lead, lead), by=OPERATOR))
        clock.advance(minutes=1)
        await desk.ticks()

    assert [told(one)["type"] for one in crm.tried] == ["stage_moved", "lead_erased"]
    assert firm.row(Outbound, move.id).payload == {}


async def test_what_leaves_in_the_moment_its_person_is_erased_tells_the_id_alone(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    lead = firm.qualified_lead(NEED, SATO, ASAHI)
    (move,) = firm.said(WEBHOOK)
    errand = store.run_here(lambda tx: outbox.claim(tx, move.id))
    assert errand is not None
    store.run_here(lambda tx: erase_person(tx, tx.get(Lead, lead), by=OPERATOR))
    async with office(store, clock, crm) as desk, Receiver.open(desk.services.settings) as receiver:
        await WebhookSender(desk.services, receiver).send(errand)

    assert told(crm.took[0])["data"] == {"lead": {"id": lead}}


async def test_without_an_address_nothing_is_queued_and_nothing_sent(clock: Clock, tmp_path: Path) -> None:
    services = start_services(Settings(database_url=database_in(tmp_path)), clock=clock)
    firm = Business(services.store, clock)
    firm.qualified_lead()
    clock.advance(hours=3)
    await Worker(services.store, Delivery(services.store, {})).tick()
    said = firm.said(WEBHOOK)
    services.close()

    assert said == []


async def test_with_an_address_the_running_program_tells_it(clock: Clock, tmp_path: Path, crm: Program) -> None:
    settings = Settings(
        database_url=database_in(tmp_path), bantline_webhook_url=crm.url, bantline_webhook_secrets=(SECRET,)
    )
    services = start_services(settings, clock=clock)
    try:
        async with running(services):
            await asyncio.to_thread(Business(services.store, clock).qualified_lead)
            async with asyncio.timeout(PATIENCE):
                while not crm.took:
                    await asyncio.sleep(0.01)
    finally:
        services.close()

    assert names(crm) == ["stage_moved"]


async def test_the_body_in_the_docs_is_one_that_leaves(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    lead = firm.qualified_lead(NEED, SATO, ASAHI)
    async with office(store, clock, crm) as desk:
        await desk.ticks()

    sent = told(crm.took[0])
    shown = json.loads(DOCS.read_text("utf-8").split("```json\n")[1].split("```")[0])
    shown["id"], shown["data"]["lead"]["id"] = sent["id"], lead
    assert with_the_same_keys(sent, shown) == shown


def with_the_same_keys(whole: Any, part: Any) -> Any:
    """Of the whole what the part shows."""
    if not isinstance(part, dict) or whole is None:
        return whole
    return {key: with_the_same_keys(whole[key], value) for key, value in part.items()}
