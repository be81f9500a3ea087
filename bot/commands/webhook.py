"""`bantline webhook test`: one signed event of no lead, and what the receiver says to it."""

import asyncio
from dataclasses import dataclass
from secrets import token_hex

from rich.console import Console

from bot.bootstrap import as_json_text, wall_clock
from bot.settings import Settings, load_settings
from bot.typed import readable
from bot.webhook.body import written
from bot.webhook.errand import Answer, NotReached, Receiver

SAMPLE = "test"


class NoReceiver(Exception):
    """There is no program to tell: set BANTLINE_WEBHOOK_URL and BANTLINE_WEBHOOK_SECRETS."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What became of the event: the host and the delivery's id, and the answer or why there was none."""

    host: str
    id: str
    status: int | None
    problem: str
    answer: str


def try_receiver(*, as_json: bool) -> bool:
    """Send the event and print what came back; whether it was taken. Raises NoReceiver."""
    settings = load_settings()
    if not settings.bantline_webhook_url:
        raise NoReceiver(NoReceiver.__doc__)
    tried = asyncio.run(_try(settings))
    if as_json:
        print(as_json_text(vars(tried)))
    else:
        _print(tried)
    return not tried.problem


async def _try(settings: Settings) -> Tried:
    now, delivery_id = wall_clock(), f"{SAMPLE}-{token_hex(8)}"
    body = written(SAMPLE, delivery_id, {"lead": {"id": SAMPLE}}, at=now)
    async with Receiver.open(settings) as receiver:
        try:
            answer = await receiver.post(delivery_id, body, at=now, reads=True)
        except NotReached as away:
            return Tried(host=receiver.host, id=delivery_id, status=None, problem=str(away), answer="")
    return _of(answer, receiver.host, delivery_id)


def _of(answer: Answer, host: str, delivery_id: str) -> Tried:
    problem = "" if answer.is_taken else answer.problem
    return Tried(host=host, id=delivery_id, status=answer.status, problem=problem, answer=readable(answer.words))


def _print(tried: Tried) -> None:
    console = Console(highlight=False)
    taken = f"{tried.host} took it: {tried.status}"
    console.print(tried.problem or taken, style="red" if tried.problem else "green", markup=False, soft_wrap=True)
    if tried.answer.strip():
        console.print(f"it said: {tried.answer.strip()}", markup=False, soft_wrap=True)
    console.print(f"webhook-id: {tried.id}", markup=False, soft_wrap=True)
