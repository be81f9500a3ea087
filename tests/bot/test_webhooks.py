"""Signed webhooks: what another program hears of a lead, over a real socket, and what it never hears.

What is signed, and that the old secret dies: S26 of docs/reliability.md.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import Services, as_json_text, start_services
from bot.delivery import MOST_AT_ONCE, Delivery
from bot.lead_json import dossier_json
from bot.person import erase_person
from bot.running import running
from bot.settings import Settings
from bot.webhook import Receiver, WebhookSender, asked_to_wait
from bot.webhook_signature import signed
from bot.words import Words
from bot.worker import Worker
from qualification import deeds, leads, outbox, passed_on
from qualification.calls import Outcome
from qualification.deals import Result, Told, tell_result
from qualification.deeds import Kind
from qualification.dossier import Look, dossier_of
from qualification.duplicates import merge, undo_merge
from qualification.events import OPERATOR
from qualification.notices import ALARM, NOTE, RING
from qualification.outbox import CARD
from qualification.passed_on import WEBHOOK
from qualification.policy import Policy
from qualification.records import Deed, Lead, Outbound
from qualification.stages import Stage
from qualification.store import Store, Transaction
from tests.bot.test_delivery import Receiver as Slack
from tests.business import ASAHI, NEED, SATO, Business
from tests.clock import MONDAY_TEN, Clock
from tests.files import database_in
from tests.log_book import log_book
from tests.patience import PATIENCE
from tests.program import DOCS, SECRET_PATH, Heard, Program, program, verifies
from tests.qualification.databases import on_both_databases

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
IN_SLACK = (CARD, NOTE, RING, ALARM)
OF_THE_PERSON = ("佐藤", "sato@example.jp", "Asahi")


@pytest.fixture
def crm() -> Iterator[Program]:
    with program() as listens:
        yield listens


@pytest.fixture
def store(database_url: str, clock: Clock, policy: Policy) -> Iterator[Store]:
    """A store as it is opened where BANTLINE_WEBHOOK_URL is set."""
    store = Store(database_url, clock=clock, policy=policy, tell=passed_on.tell)
    yield store
    store.close()


@dataclass
class Office:
    """A worker whose webhooks go to one program, and whose Slack is a hand-written one."""

    services: Services
    slack: Slack
    worker: Worker

    async def ticks(self) -> None:
        await self.worker.tick()


@contextlib.asynccontextmanager
async def office(store: Store, clock: Clock, crm: Program, *secrets: str, kinds: Sequence[str] = IN_SLACK) -> Any:
    settings = Settings(
        bantline_webhook_url=crm.url, bantline_webhook_secrets=secrets or (SECRET,), bantline_company="Asahi"
    )
    words = Words(store.policy.working_hours.zone, company="Asahi")
    services, slack = Services(settings, store, words, clock), Slack()
    async with Receiver.open(settings) as receiver:
        webhooks = Delivery(store, {WEBHOOK: WebhookSender(services, receiver)}, at_once=8)
        worker = Worker(store, Delivery(store, dict.fromkeys(kinds, slack)), webhooks=webhooks)
        yield Office(services, slack, worker)


def told(heard: Heard) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(heard.body)
    return body


def names(crm: Program) -> list[str]:
    return [told(heard)["type"] for heard in crm.took]


def is_signed(heard: Heard, secret: str, clock: Clock, body: bytes | None = None) -> bool:
    checked: bool = verifies()(heard.headers, heard.body if body is None else body, secret, clock.now.timestamp())
    return checked


def waiting(firm: Business) -> list[Outbound]:
    return [row for row in firm.said(WEBHOOK) if row.status == "waiting"]


# -- what is told ---------------------------------------------------------------------------------


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


def as_json(data: Any) -> Any:
    return json.loads(as_json_text(data))


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


def with_both(firm: Business, pair: tuple[str, str], verb: Callable[..., object]) -> None:
    kept, other = pair
    firm.store.run_here(lambda tx: verb(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki") and None)


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


# -- how it is signed -----------------------------------------------------------------------------


def test_the_signature_is_that_of_the_public_convention() -> None:
    """The example that the libraries of Standard Webhooks are tested with."""
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', at=at, secrets=[SECRET])

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


async def test_a_receiver_verifies_what_is_ours_and_nothing_else(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    firm.qualified_lead()
    async with office(store, clock, crm) as desk:
        await desk.ticks()

    (heard,) = crm.took
    assert is_signed(heard, SECRET, clock)
    assert not is_signed(heard, SECRET, clock, heard.body.replace(b"TQL", b"SQL"))
    assert not is_signed(heard, NEW_SECRET, clock)
    for forged in ({"webhook-id": "another"}, {"webhook-timestamp": str(int(clock.now.timestamp()) + 1)}):
        assert not is_signed(Heard(heard.headers | forged, heard.body), SECRET, clock), "both are signed"
    clock.advance(minutes=6)
    assert not is_signed(heard, SECRET, clock), "an old delivery played back"


async def test_during_the_overlap_both_secrets_verify_and_afterwards_the_old_one_is_dead(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    verified = []
    for secrets in ((SECRET,), (NEW_SECRET, SECRET), (NEW_SECRET,)):
        firm.qualified_lead()
        async with office(store, clock, crm, *secrets) as desk:
            await desk.ticks()
        verified.append((is_signed(crm.took[-1], SECRET, clock), is_signed(crm.took[-1], NEW_SECRET, clock)))

    assert verified == [(True, False), (True, True), (False, True)]


# -- when the receiver is away --------------------------------------------------------------------


async def test_a_repeat_has_the_same_id_and_is_signed_for_its_own_time(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    firm.qualified_lead()
    crm.answers = [(503, {})]
    async with office(store, clock, crm) as desk:
        await desk.ticks()
        clock.advance(seconds=2)
        await desk.ticks()

    first, second = crm.tried
    assert first.id == second.id
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 2
    assert is_signed(second, SECRET, clock)


@on_both_databases
async def test_after_an_hour_away_everything_arrives_once_and_each_lead_in_its_order(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    crm.answers = [(502, {})] * 10_000
    pair = [firm.qualified_lead(), firm.qualified_lead()]
    async with office(store, clock, crm) as desk:
        for minute in range(60):
            if stage := {10: Stage.NURTURE, 20: Stage.DISQUALIFIED}.get(minute):
                for lead in pair:
                    firm.does(leads.put_aside, lead, stage, rule="by_hand", words="(said)", by="yuki")
            await desk.ticks()
            clock.advance(minutes=1)
        crm.answers.clear()
        for _ in range(30):
            await desk.ticks()
            clock.advance(minutes=1)

    assert len({one.id for one in crm.took}) == len(crm.took) == len(firm.said(WEBHOOK))
    assert waiting(firm) == []
    for lead in pair:
        moves = [told(one) for one in crm.took if told(one)["data"]["lead"]["id"] == lead]
        after = [one["data"]["facts"].get("after") for one in moves if one["type"] == "stage_moved"]
        assert after == [Stage.TQL, Stage.NURTURE, Stage.DISQUALIFIED]
        assert [one["id"] for one in moves] == sorted(one["id"] for one in moves)


async def test_a_receiver_that_hangs_keeps_no_alarm_waiting(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    crm.door.clear()
    for _ in range(MOST_AT_ONCE + 8):
        firm.qualified_lead()
    async with office(store, clock, crm, kinds=(ALARM,)) as desk:
        running = asyncio.create_task(desk.worker.run())
        async with asyncio.timeout(PATIENCE):
            while len(crm.tried) < 8:
                await asyncio.sleep(0.01)
            store.run_here(lambda tx: outbox.queue(tx, key="alarm", kind=ALARM, lead_id=None, payload={}))
            while "alarm" not in desk.slack.got:
                await asyncio.sleep(0.01)
        assert [row.problem for row in firm.said(WEBHOOK) if row.problem] == [], "no webhook had to end first"
        crm.door.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("status", [400, 401, 404, 410, 413, 422])
async def test_who_refuses_what_we_send_is_not_asked_again_and_the_operator_hears_of_it(
    firm: Business, store: Store, clock: Clock, crm: Program, status: int
) -> None:
    firm.qualified_lead()
    crm.answers = [(status, {"Retry-After": "5"})]
    with log_book() as log:
        async with office(store, clock, crm) as desk:
            await desk.ticks()
            clock.advance(hours=1)
            await desk.ticks()

    row = next(row for row in firm.said(WEBHOOK) if row.id == crm.tried[0].id)
    assert (row.status, len([one for one in crm.tried if one.id == row.id])) == ("failed", 1)
    assert row.problem is not None
    assert row.problem.startswith(f"the receiver answered {status}: it ")
    assert "errand_given_up" in log.getvalue()


@pytest.mark.parametrize("status", [301, 307, 408, 425, 429, 500, 503])
async def test_who_is_only_busy_or_moved_is_asked_again(
    firm: Business, store: Store, clock: Clock, crm: Program, status: int
) -> None:
    firm.qualified_lead()
    with program() as elsewhere:
        crm.answers = [(status, {"Location": elsewhere.url})]
        async with office(store, clock, crm) as desk:
            await desk.ticks()
            clock.advance(seconds=2)
            await desk.ticks()

    assert (len(crm.tried), len(crm.took), elsewhere.tried) == (2, 1, []), "and no redirect is followed"


async def test_who_asks_us_to_wait_is_asked_nothing_meanwhile(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    firm.qualified_lead()
    crm.answers = [(429, {"Retry-After": "120"})]
    async with office(store, clock, crm) as desk:
        await desk.ticks()
        firm.qualified_lead()
        for _ in range(11):
            clock.advance(seconds=10)
            await desk.ticks()
        assert len(crm.tried) == 1
        clock.advance(seconds=10)
        await desk.ticks()

    assert len(crm.took) == 2


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("99999999999999999999", timedelta(hours=1)),
        ("Mon, 18 May 2026 01:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 18 May 2026 00:05:00 GMT", timedelta()),
        ("Mon, 18 May 2037 00:05:00 GMT", timedelta(hours=1)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
    ],
)
def test_how_long_a_receiver_asks_us_to_wait(said: str, wait: timedelta | None) -> None:
    assert asked_to_wait(said, MONDAY_TEN) == wait


# -- what stands nowhere --------------------------------------------------------------------------


async def test_neither_the_path_of_the_address_nor_a_secret_is_written_down(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    firm.qualified_lead()
    crm.answers = [(500, {}), (404, {})]
    with log_book() as log:
        async with office(store, clock, crm, SECRET, NEW_SECRET) as desk:
            for _ in range(3):
                await desk.ticks()
                clock.advance(seconds=2)
            gone = Settings(bantline_webhook_url=f"http://127.0.0.1:9{SECRET_PATH}", bantline_webhook_secrets=(SECRET,))
            async with Receiver.open(gone) as nobody:
                sender = WebhookSender(desk.services, nobody)
                away = Delivery(store, {WEBHOOK: sender})
                firm.qualified_lead()
                await away.send_waiting()
            logging.getLogger("somebody").warning("POST %s with %s", crm.url, SECRET)

    written = log.getvalue() + json.dumps([row.problem for row in firm.said(WEBHOOK)])
    assert "127.0.0.1:9: nobody answers" in written
    assert "errand_given_up" in written
    assert "canary" not in written
    assert not any(secret.removeprefix("whsec_") in written for secret in (SECRET, NEW_SECRET))


async def test_a_trace_tells_that_a_webhook_left_and_how_it_ended_and_not_where_to(
    firm: Business, store: Store, clock: Clock, crm: Program
) -> None:
    traces = pytest.importorskip("bot.traces", reason="the extra `traces` is not installed")
    from tests.collector import collector

    firm.qualified_lead(NEED, SATO, ASAHI)
    crm.answers = [(500, {})]
    with collector() as kept:
        trails = traces.Traces(kept.url)
        async with office(store, clock, crm) as desk, Receiver.open(desk.services.settings) as receiver:
            sender = WebhookSender(desk.services, receiver)
            await Delivery(store, {WEBHOOK: sender}, trails=trails).send_waiting()
        trails.close()

    (span,) = kept.named("webhook")
    raw = b"".join(kept.raw)
    assert (span.told, b"canary" in raw) == ({"http.response.status_code": 500}, False)
    assert [word for word in (*OF_THE_PERSON, SECRET) if word.encode() in raw] == []
