"""How cards, notes, rings, alarms and a prospect's words reach Slack: a card and a thread for each lead, nothing twice.

A message whose fate is unknown is looked for by its key before it is posted again (DR3). Each channel is paced by the
gateway; an error says whether to wait, to give up, or to ask an admin.
"""

from typing import Any

from bot.bootstrap import Services
from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.logs import log
from bot.slack.errors import AskAdmin, MessageGone
from bot.slack.gateway import Gateway
from bot.slack.hanging import Cards, keep_place
from bot.slack.homes import Homes
from bot.slack.managers import Managers
from bot.slack.posting import Posting
from bot.slack.threads import Threads
from qualification import followup, outbox
from qualification.notices import ALARM, BURST, MIRROR, NOTE, RING, TROUBLE
from qualification.outbox import CARD, Errand
from qualification.reports.digest import DIGEST
from qualification.store import Transaction

URGENT = (ALARM, RING, BURST)


class SlackSender:
    """Sends errands of every kind that Slack shows, see `_ways`."""

    def __init__(self, services: Services, gateway: Gateway, homes: Homes) -> None:
        self._gateway = gateway
        self.posting = Posting(services, gateway)
        self._managers = Managers(self.posting)
        self.cards = Cards(self.posting, homes, self._managers)
        threads = Threads(self.posting, self._managers)
        self._ways = {
            CARD: self.cards.send,
            NOTE: threads.note,
            RING: threads.ring,
            MIRROR: threads.mirror,
            ALARM: self._managers.alarm,
            DIGEST: self._managers.digest,
            BURST: self._managers.burst,
            TROUBLE: self._managers.trouble,
        }

    async def send(self, errand: Errand) -> dict[str, Any]:
        """Bring one errand to Slack. The receipt says where it hangs: {"channel", "ts"}."""
        try:
            return await self._ways[errand.kind](errand)
        except AskAdmin as problem:
            await self._managers.tell_admin(problem)
            if (
                errand.kind in URGENT
                and errand.is_news
                and (by_mail := await self._managers.by_mail(errand, problem.problem))
            ):
                return by_mail
            raise
        except (RetryLater, OutcomeUnknown) as away:
            if errand.kind in (ALARM, BURST) and errand.is_news and self._managers.is_pressing(errand, away):
                await self._managers.by_mail(errand, away.problem)
            raise
        except MessageGone as gone:
            raise GiveUp(f"slack: {gone}") from gone

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        """A card that hangs is remembered with its place."""
        if errand.kind == CARD and errand.lead_id is not None:
            keep_place(tx, errand.lead_id, receipt["channel"], receipt["ts"])
            followup.mark_told(tx, errand.lead_id)

    def gave_up(self, tx: Transaction, errand: Errand, problem: str) -> None:
        """The managers hear that something will not appear in Slack; an alarm reaches them by mail.

        One that hangs is known already.
        """
        if errand.kind in (ALARM, BURST) and not errand.is_news:
            return
        if errand.kind in (ALARM, BURST):
            self._managers.queue_mails(tx, errand, problem)
        elif errand.kind != TROUBLE:
            payload = {"what": errand.kind, "problem": problem}
            outbox.queue(tx, key=f"{errand.key}:{TROUBLE}", kind=TROUBLE, lead_id=errand.lead_id, payload=payload)

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """Somebody else posted it while we stood still, and theirs is on record: ours is taken back."""
        if errand.kind != CARD and "ts" in receipt:
            await self._gateway.take_back(receipt["channel"], receipt["ts"])

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """We do not know whether ours arrived; what counts hangs where `receipt` says."""
        if "ts" in receipt:
            taken = await self._gateway.take_back_others(
                receipt["channel"],
                errand.key,
                receipt["ts"],
                since=errand.created_at,
                thread=receipt.get("thread_ts"),
            )
            log.warning("looked_for_a_twin", errand=errand.key, taken_back=taken)
