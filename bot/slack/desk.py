"""What every listener is handed: the rules' store, the way out to Slack, and how to answer one person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.bootstrap import Services
from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.logs import log
from bot.slack import blocks, ids
from bot.slack.afterwards import Afterwards
from bot.slack.blocks import Json
from bot.slack.errors import FormAlreadyOpen, FormMovedOn
from bot.slack.gateway import Gateway
from bot.slack.homes import Homes
from bot.slack.once import once
from bot.slack.people import Colleague, People
from bot.slack.press import Form, Place
from bot.slack.rights import check_owner
from bot.slack.voice import Voice
from qualification.dossier import Dossier, dossier_of
from qualification.leads import LeadNotFound
from qualification.look import LookNow
from qualification.one_person import kept_of
from qualification.records import Lead
from qualification.store import Transaction
from qualification.tombstones import living


@dataclass(frozen=True, kw_only=True)
class Desk:
    services: Services
    gateway: Gateway
    people: People
    homes: Homes
    afterwards: Afterwards
    coalesce: float

    def voice(self, language: str) -> Voice:
        return Voice(words=self.services.words, language=language, now=self.services.clock())

    @property
    def local_now(self) -> datetime:
        """What a rep means by today: the firm's own clock."""
        return self.services.clock().astimezone(self.services.store.policy.working_hours.zone)

    async def act(self, key: str, work: Callable[[Transaction], Json | None]) -> Json:
        """Do it in one transaction, once for this key; answered after the commit."""
        return await self.services.store.run(lambda tx: once(tx, key, lambda: work(tx)))

    async def dossier(self, lead_id: str) -> Dossier:
        """Raises LeadNotFound."""
        return await self._look(lambda rows: _dossier(rows, lead_id))

    async def dossier_that_counts(self, lead_id: str) -> Dossier:
        """Of a merged record the one that was kept. Raises LeadNotFound, DataErased."""
        return await self._look(lambda rows: _dossier_that_counts(rows, lead_id))

    async def dossier_for(self, lead_id: str, by: Colleague) -> Dossier:
        """The same for somebody who wants to act on it, before a form is opened. Raises NotYourLead too."""

        def look(rows: LookNow) -> Dossier:
            dossier = _dossier_that_counts(rows, lead_id)
            check_owner(rows, dossier.lead, by)
            return dossier

        return await self._look(look)

    async def _look(self, look: Callable[[LookNow], Dossier]) -> Dossier:
        return await self.services.store.look(lambda session: look(self.now_in(session)))

    def now_in(self, session: Session) -> LookNow:
        """The rows as they stand now, under the policy in force."""
        return LookNow(session, policy=self.services.store.policy, now=self.services.clock())

    def open_form(self, place: Place, view: Json, language: str) -> None:
        """Open a form beside the acknowledgement; a person who waits in vain is told to press again."""
        self.afterwards.do(self._open(place, view, language))

    async def _open(self, place: Place, view: Json, language: str) -> None:
        try:
            await self.gateway.open_view(place.trigger_id or "", view)
        except FormAlreadyOpen:
            return
        except (RetryLater, GiveUp, OutcomeUnknown) as problem:
            log.warning("form_did_not_open", form=view.get("callback_id"), problem=str(problem))
            await self._tell(place, self.voice(language).says("press_again"))

    def change_form(self, form: Form, view: Json) -> None:
        """Draw an open form anew; what was changed or closed meanwhile stays as it is."""
        self.afterwards.do(self._change(form, view))

    async def _change(self, form: Form, view: Json) -> None:
        try:
            await self.gateway.update_view(str(form.view["id"]), str(form.view.get("hash") or ""), view)
        except FormMovedOn:
            return
        except (RetryLater, GiveUp, OutcomeUnknown) as problem:
            log.warning("form_not_changed", form=view.get("callback_id"), problem=str(problem))
            await self._tell(form.place, self.voice(form.by.language).says("press_again"))

    def tell(self, place: Place, text: str, language: str) -> None:
        """Say something only this person sees, where they are."""
        self.afterwards.do(self._tell_somehow(place, text, language))

    async def _tell_somehow(self, place: Place, text: str, language: str) -> None:
        if place.response_url is None and place.trigger_id and not place.in_modal:
            await self._open(place, self.only_words(text, language), language)
        else:
            await self._tell(place, text)

    async def _tell(self, place: Place, text: str) -> None:
        try:
            for words in blocks.messages(text):
                if place.response_url is not None:
                    await self.gateway.answer_privately(place.response_url, words)
                else:
                    await self.gateway.say_directly(place.user_id, words)
        except (RetryLater, GiveUp, OutcomeUnknown) as problem:
            log.warning("private_answer_lost", user=place.user_id, problem=str(problem))

    def only_words(self, text: str, language: str) -> Json:
        """A small modal that says this, however long it is."""
        voice = self.voice(language)
        return blocks.modal(
            voice.says("notice"),
            blocks.sections(text.split("\n"))[: blocks.BLOCKS_OF_A_VIEW],
            callback_id=ids.NOTE,
            close=voice.says("close"),
        )


def _dossier_that_counts(rows: LookNow, lead_id: str) -> Dossier:
    record = rows.peek(Lead, lead_id)
    if record is None:
        raise LeadNotFound(lead_id)
    return _dossier(rows, living(rows, kept_of(rows, record)).id)


def _dossier(rows: LookNow, lead_id: str) -> Dossier:
    return dossier_of(rows, lead_id, policy=rows.policy, now=rows.now)
