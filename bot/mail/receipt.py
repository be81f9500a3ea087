"""The copy a prospect asks for at the end of a chat: what we understood, by when somebody calls, and three links.

It leaves once for the same answers, with one Message-ID for ever (bot/mail/letter.py). A machine sends it, so it is no
contact and stops no clock (D11).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from jinja2 import Environment

from bot.bootstrap import Services
from bot.in_words.moments import instant
from bot.mail.letter import firms_mail, let_go, way_to_a_prospect
from bot.words import Words
from dialogs.returned_mail import copy_came_back
from qualification.events import BOT, ReceiptMailed
from qualification.outbox import Errand
from qualification.store import Transaction

TWO_DAYS = timedelta(days=2)
LINKS = ("correct", "sooner", "nobody_called")


@dataclass(frozen=True, kw_only=True)
class Copy:
    """The mail in words: subject, and the same text plain and as HTML."""

    subject: str
    text: str
    html: str


class ReceiptMailSender:
    """Sends errands of the kind "receipt_mail" (dialogs/receipt.py queues them)."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def send(self, errand: Errand) -> dict[str, Any]:
        server = await way_to_a_prospect(self._services, errand)
        copy = copy_in_words(self._services.words, errand.payload, errand.created_at)
        mail = firms_mail(self._services, errand, subject=copy.subject, body=copy.text, html=copy.html)
        return await let_go(mail, errand, server, self._services.clock)

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        if errand.lead_id is not None:
            told = ReceiptMailed(
                lead_id=errand.lead_id, by=BOT, to=errand.payload["to"], message_id=receipt["message_id"]
            )
            tx.record(told)

    def gave_up(self, tx: Transaction, errand: Errand, problem: str) -> None:
        if errand.lead_id is not None:
            chat, to = errand.payload["chat"], errand.payload["to"]
            copy_came_back(tx, lead_id=errand.lead_id, chat_id=chat, to=to, problem=problem)

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same Message-ID: the receiver's mail program shows it once."""

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same Message-ID again: nothing to take back."""


def copy_in_words(words: Words, payload: Mapping[str, Any], at: datetime) -> Copy:
    """The mail for an errand's payload (dialogs/receipt.py writes it), as told at this instant."""
    language = payload["language"]

    def say(key: str) -> str:
        return words.label("receipt_mail", key, language).format(company=words.company)

    facts = {name: payload.get(name) for name in ("due_at", "zone", "who")}
    shown: dict[str, Any] = {
        "say": say,
        "language": language,
        "company": words.company,
        "rows": words.understood(payload["answers"], language, at),
        "promise": words.page("receipt_promise", language, facts, _never_today(at, payload.get("due_at"))),
        "links": _links(words.url, payload),
    }
    subject = say("subject" if words.company else "subject_unnamed")
    return Copy(subject=subject, text=PLAIN.render(shown).strip() + "\n", html=HTML.render(shown))


def _never_today(at: datetime, due_at: str | None) -> datetime:
    """A mail may be read tomorrow, so it names the day: it speaks as from two days before."""
    return at - TWO_DAYS if due_at and instant(due_at) > at else at


def _links(url: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """Where each link leads; none without a public address of ours, or where nobody is to call."""
    if not url or not payload.get("receipt"):
        return {}
    offered = [name for name in LINKS if name != "correct" or payload.get("may_correct")]
    return {name: f"{url}/{name.replace('_', '-')}/{payload['receipt']}" for name in offered}


def _layout(name: str, *, escapes: bool) -> Any:
    source = files("templates").joinpath(f"mails/{name}").read_text("utf-8")
    return Environment(autoescape=escapes, trim_blocks=True, lstrip_blocks=True).from_string(source)


PLAIN = _layout("receipt.txt.j2", escapes=False)
HTML = _layout("receipt.html.j2", escapes=True)
