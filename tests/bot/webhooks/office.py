"""A program that tells another one what happens to leads, and what that one has heard."""

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.bootstrap import Services, as_json_text
from bot.delivery import Delivery
from bot.settings import Settings
from bot.webhook.errand import Receiver, WebhookSender
from bot.words import Words
from bot.worker import Worker
from qualification.notices import ALARM, NOTE, RING
from qualification.outbox import CARD
from qualification.passed_on import WEBHOOK
from qualification.records import Lead, Outbound
from qualification.store import Store
from tests.bot.test_delivery import Receiver as Slack
from tests.business import Business
from tests.clock import Clock
from tests.program import Heard, Program, verifies

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
IN_SLACK = (CARD, NOTE, RING, ALARM)
OF_THE_PERSON = ("佐藤", "sato@example.jp", "Asahi")


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


def as_json(data: Any) -> Any:
    return json.loads(as_json_text(data))


def with_both(firm: Business, pair: tuple[str, str], verb: Callable[..., object]) -> None:
    kept, other = pair
    firm.store.run_here(lambda tx: verb(tx, tx.get(Lead, kept), tx.get(Lead, other), by="yuki") and None)
