"""The way round a Slack that does not take our alerts: the same line, by mail, to the managers (R9, R20)."""

from typing import Any

import structlog

from bot.bootstrap import Services
from bot.delivery import GiveUp, may_leave
from bot.mail import MailServer, build_mail, hand_over
from qualification.outbox import Errand
from qualification.store import Transaction

log = structlog.get_logger()


class AlertMailSender:
    """Sends errands of the kind "alert_mail": {"to", "subject", "body"}, plain text."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def send(self, errand: Errand) -> dict[str, Any]:
        settings = self._services.settings
        if not settings.smtp_url:
            raise GiveUp("no mail server: set SMTP_URL")
        try:
            mail = build_mail(
                key=errand.key,
                sender=settings.sender_address,
                sender_name=settings.company or "Bantline",
                to=errand.payload["to"],
                subject=errand.payload["subject"],
                body=errand.payload["body"],
                at=errand.created_at,
            )
        except ValueError as wrong:
            raise GiveUp(str(wrong)) from wrong
        mail["Auto-Submitted"] = "auto-generated"  # nobody's absence assistant answers this
        may_leave(errand, self._services.clock)
        await hand_over(MailServer.of(settings.smtp_url), mail)
        return {"message_id": str(mail["Message-ID"])}

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        """The alert is told; what it means was recorded when it was sent round."""

    async def gave_up(self, errand: Errand, problem: str) -> None:
        log.error("alert_mail_failed", errand=errand.key, problem=problem)

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same Message-ID: the receiver's mail program shows it once."""

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same Message-ID again: nothing to take back."""
