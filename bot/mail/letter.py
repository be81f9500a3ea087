"""A rep's mail on its way: built once, with one Message-ID for ever, and handed to the mail server.

The server's acceptance is the proof of an attempt (D11). SMTP cannot say whether a mail whose answer was lost
arrived, so a repeat carries the same Message-ID and the receiver's side can tell.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from sqlmodel import Session

from bot.bootstrap import Clock, Services
from bot.delivery import GiveUp, may_leave
from bot.trails import here
from qualification.events import MailFailed
from qualification.outbox import Errand
from qualification.records import Lead
from qualification.replies import mail_accepted
from qualification.store import Transaction

TIMEOUT = 12.0
LONGEST_NAME = 120  # letters; Python folds a name of 1,000 kanji for a second
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")  # a terminal obeys it, some servers refuse it
UNSAYABLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff]+")


class BadAddress(ValueError):
    """This is not an address a mail can be sent to."""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool

    @classmethod
    def of(cls, url: str) -> "MailServer":
        """From SMTP_URL: smtps speaks TLS from the start, smtp with a user insists on STARTTLS."""
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if tls else 587),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
        )


def one_line(text: str) -> str:
    """Text for a mail header: control characters and line ends become single blanks, marks nobody sees are dropped.

    Nothing is left that a reader could decode: Python before 3.11.10 writes what stands inside =?...?= as it is,
    line ends included (CVE-2024-6923).
    """
    return CONTROL.sub(" ", UNSAYABLE.sub("", text)).replace("=?", "= ?").strip()


def checked_address(address: str) -> str:
    """The address if a mail can go there; raises BadAddress."""
    try:
        checked = validate_email(
            address, check_deliverability=False, test_environment=True, allow_smtputf8=False, allow_display_name=False
        )
    except EmailNotValidError as error:
        raise BadAddress(BadAddress.__doc__) from error
    return str(checked.ascii_email)


def message_id(key: str, sender: str) -> str:
    """The same errand always has the same Message-ID."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def build_mail(
    *, key: str, sender: str, sender_name: str, to: str, subject: str, body: str, at: datetime | None = None
) -> EmailMessage:
    """The mail as it leaves, dated `at`. Raises BadAddress, and ValueError for what cannot be written as a mail."""
    mail = EmailMessage(policy=SMTP)
    user, _, domain = sender.rpartition("@")
    mail["From"] = Address(display_name=one_line(sender_name)[:LONGEST_NAME], username=user, domain=domain)
    mail["To"] = checked_address(to)
    mail["Subject"] = one_line(subject)
    mail["Message-ID"] = message_id(key, sender)
    if at is not None:
        mail["Date"] = at
    mail.set_content(STEERING.sub("", body))
    mail.as_bytes()  # what cannot be written is refused here, not by every try to send it
    return mail


def firms_mail(services: Services, errand: Errand, *, subject: str, body: str, html: str = "") -> EmailMessage:
    """A mail the machine writes in the firm's name. Raises GiveUp for what can never be written as a mail."""
    settings = services.settings
    try:
        mail = build_mail(
            key=errand.key,
            sender=settings.sender_address,
            sender_name=settings.company or "Bantline",
            to=errand.payload["to"],
            subject=subject,
            body=body,
            at=errand.created_at,
        )
        if html:
            mail.add_alternative(STEERING.sub("", html), subtype="html")
    except (ValueError, MessageError) as wrong:
        raise GiveUp(str(wrong)) from wrong
    mail["Auto-Submitted"] = "auto-generated"  # nobody's absence assistant answers this
    return mail


def own_server(services: Services) -> MailServer:
    """The firm's mail server. Raises GiveUp while none is set."""
    if not services.settings.smtp_url:
        raise GiveUp("no mail server: set SMTP_URL")
    return MailServer.of(services.settings.smtp_url)


async def let_go(mail: EmailMessage, errand: Errand, server: MailServer, clock: Clock) -> dict[str, Any]:
    """Hand the mail over, after a last look at the claim; its Message-ID is the receipt. Raises what they raise."""
    from bot.mail.client import hand_over  # with the first mail: a library nobody needs before

    may_leave(errand, clock)
    with here().part("mail"):
        await hand_over(server, mail)
    return {"message_id": str(mail["Message-ID"])}


async def way_to_a_prospect(services: Services, errand: Errand) -> MailServer:
    """The firm's mail server; raises GiveUp when there is none, or when this person asked us not to write."""
    server = own_server(services)
    if await services.store.look(lambda session: is_off_limits(session, errand)):
        raise GiveUp("this person asked us not to contact them")
    return server


class MailSender:
    """Sends the errands of kind "mail": one personal mail of a rep each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def send(self, errand: Errand) -> dict[str, Any]:
        server = await way_to_a_prospect(self._services, errand)
        mail = self._mail(errand, self._services.settings.sender_address)
        return await let_go(mail, errand, server, self._services.clock)

    def _mail(self, errand: Errand, sender: str) -> EmailMessage:
        payload = errand.payload
        try:
            return build_mail(
                key=errand.key,
                sender=sender,
                sender_name=payload.get("by_name") or self._services.settings.company,
                to=payload["to"],
                subject=payload["subject"],
                body=payload["body"],
                at=errand.created_at,
            )
        except (ValueError, MessageError) as error:
            raise GiveUp(str(error)) from error

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        """The server took it."""
        told = errand.payload
        mail_accepted(
            tx,
            tx.get(Lead, told["lead_id"]),
            by=told["by"],
            to=told["to"],
            subject=told["subject"],
            message_id=receipt["message_id"],
        )

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same Message-ID: the receiver's mail program shows it once."""

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same Message-ID again: nothing to take back."""

    def gave_up(self, tx: Transaction, errand: Errand, problem: str) -> None:
        payload = errand.payload
        tx.record(MailFailed(lead_id=payload["lead_id"], by=payload["by"], to=payload["to"], problem=problem))


def is_off_limits(session: Session, errand: Errand) -> bool:
    """They may have opted out after the mail was written."""
    lead = session.get(Lead, errand.payload.get("lead_id") or errand.lead_id)
    return lead is not None and lead.do_not_contact
