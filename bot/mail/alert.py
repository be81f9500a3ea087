"""The way round a Slack that does not take our alerts: the same line, by mail, to the managers (R9, R20)."""

from typing import Any

from bot.bootstrap import Services
from bot.mail.letter import firms_mail, let_go, own_server
from qualification.outbox import Errand
from qualification.store import Transaction


class AlertMailSender:
    """Sends errands of the kind "alert_mail": {"to", "subject", "body"}, plain text."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def send(self, errand: Errand) -> dict[str, Any]:
        server, said = own_server(self._services), errand.payload
        mail = firms_mail(self._services, errand, subject=said["subject"], body=said["body"])
        return await let_go(mail, errand, server, self._services.clock)

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        """The alert is told; what it means was recorded when it was sent round."""

    def gave_up(self, tx: Transaction, errand: Errand, problem: str) -> None:
        """There is no further way round: the log has it."""

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same Message-ID: the receiver's mail program shows it once."""

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """The same Message-ID again: nothing to take back."""
