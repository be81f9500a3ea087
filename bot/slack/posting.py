"""What every message about a lead needs: to be posted once, the lead it speaks of, and the thread it belongs to."""

from datetime import timedelta
from functools import partial

from sqlmodel import Session, select

from bot.bootstrap import Services
from bot.delivery import NO_CARD_YET, GiveUp, RetryLater, may_leave
from bot.slack.blocks import Json
from bot.slack.gateway import Gateway
from bot.slack.records import SlackCard
from bot.slack.voice import Voice
from qualification.dossier import Dossier, dossier_of
from qualification.look import Look, Rows
from qualification.outbox import Errand, OutboundStatus, card_key
from qualification.records import Outbound

BEFORE_THE_RESTORE = timedelta(days=7)


class Posting:
    """Posts what may have been posted before only after looking for it."""

    def __init__(self, services: Services, gateway: Gateway) -> None:
        self.services, self.gateway = services, gateway

    async def post(
        self,
        channel: str,
        message: Json,
        errand: Errand,
        *,
        key: str | None = None,
        thread: str | None = None,
        broadcast: bool = False,
    ) -> str:
        """Post once: a message that may have arrived before is looked for first."""
        key = key or errand.key
        found = await self.found(channel, key, errand, thread=thread)
        look = partial(may_leave, errand, self.services.clock)
        return found or await self.gateway.post(
            channel, message, key=key, thread=thread, broadcast=broadcast, may_leave=look
        )

    async def found(self, channel: str, key: str, errand: Errand, *, thread: str | None = None) -> str | None:
        """The message of an earlier attempt, if there was one and it arrived."""
        careful = self.services.settings.outbound == "careful"
        if not (errand.may_have_been_sent or careful):
            return None
        since = errand.created_at - (BEFORE_THE_RESTORE if careful else timedelta())
        return await self.gateway.find(channel, key, since=since, thread=thread)

    async def look(self, lead_id: str) -> tuple[Dossier, SlackCard | None]:
        def look(session: Session) -> tuple[Dossier, SlackCard | None]:
            dossier = self.dossier(Look(session), lead_id)
            place = session.get(SlackCard, lead_id)
            if place is not None:
                session.expunge(place)
            return dossier, place

        return await self.services.store.look(look)

    def dossier(self, rows: Rows, lead_id: str) -> Dossier:
        services = self.services
        return dossier_of(rows, lead_id, policy=services.store.policy, now=services.clock())

    async def thread_of(self, errand: Errand) -> tuple[Dossier, SlackCard]:
        """The lead, and where its card hangs. Raises RetryLater until it does, GiveUp when it never will."""
        dossier, place = await self.look(lead_of(errand))
        if place is None:
            raise await self._without_card(dossier.lead.id)
        return dossier, place

    async def _without_card(self, lead_id: str) -> RetryLater | GiveUp:
        row = await self.services.store.look(
            lambda session: session.exec(select(Outbound.status).where(Outbound.key == card_key(lead_id))).first()
        )
        if row == OutboundStatus.FAILED:
            return GiveUp("the lead's card could not be posted")
        return RetryLater(NO_CARD_YET, counts=False)

    def voice(self) -> Voice:
        """Channels are spoken to in the firm's language."""
        services = self.services
        return Voice(words=services.words, language=services.settings.language, now=services.clock())


def lead_of(errand: Errand) -> str:
    """The id of the lead a message is about. Raises GiveUp for one that is about none."""
    if errand.lead_id is None:
        raise GiveUp("this errand names no lead")
    return errand.lead_id
