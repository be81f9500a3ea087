"""What a webhook leaves nowhere: the path of its address, a secret, a word of a person."""

import json
import logging

import pytest

from bot.delivery import Delivery
from bot.settings import Settings
from bot.webhook.errand import Receiver, WebhookSender
from qualification.passed_on import WEBHOOK
from qualification.store import Store
from tests.bot.webhooks.office import NEW_SECRET, OF_THE_PERSON, SECRET, office
from tests.business import ASAHI, NEED, SATO, Business
from tests.clock import Clock
from tests.log_book import log_book
from tests.program import SECRET_PATH, Program


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
