"""What went wrong, told to the one person it concerns: a refusal in a sentence, a fault with a number to quote."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import BoltResponse

from bot.logs import log
from bot.mail.own_templates import BadTemplate
from bot.slack import blocks, ids
from bot.slack.blocks import Json
from bot.slack.desk import Desk
from bot.slack.drafts import left_behind
from bot.slack.people import NotAllowed, keep_refusal
from bot.slack.press import COLLEAGUE, Place
from bot.slack.rights import AlreadyLogged, NoMailAddress, NotYourLead
from bot.slack.voice import Voice
from bot.words import NoSuchMail
from dialogs.live import NoChat
from qualification.acknowledge import AlreadySeen, NothingToSee
from qualification.contradictions import NothingToSettle
from qualification.deals import NoDealYet, NothingWon
from qualification.deeds import AlreadyUndone, ChangedSince, NotYourDeed, TooLateToUndo
from qualification.duplicates import AlreadyMerged
from qualification.followup import NothingToSnooze, SnoozeTooShort
from qualification.leads import ContactForbidden, LeadNotFound
from qualification.offers import NotOnOffer
from qualification.ownership import AlreadyClaimed, MayNotReassign
from qualification.records import Rep
from qualification.stages import MayNotJudge, MoveNotAllowed, ReasonMissing, Stage
from qualification.store import Busy, RecordNotFound, Unavailable
from qualification.tombstones import DataErased


class FormProblem(Exception):
    """Something in a form has to be put right; the sentences stand under their fields."""

    def __init__(self, by_field: Mapping[str, str]) -> None:
        super().__init__(", ".join(by_field))
        self.by_field = dict(by_field)


class FormFromBefore(Exception):
    """A form that an older version drew."""


OWNED = (AlreadyClaimed, AlreadyLogged, MayNotReassign, NotYourDeed, NotYourLead)
LATER = (Busy, Unavailable)

# Asked from top to bottom; `owner` is the name of the rep in the way, where there is one.
_IN_WORDS: tuple[tuple[type[Exception], Callable[[Any, Voice, str], str]], ...] = (
    (DataErased, lambda error, voice, owner: voice.card("erased")),
    (AlreadyClaimed, lambda error, voice, owner: voice.card("already_claimed", name=owner)),
    (NotYourLead, lambda error, voice, owner: voice.says("not_your_lead", name=owner)),
    (AlreadyLogged, lambda error, voice, owner: voice.says("already_logged", name=owner)),
    (MayNotReassign, lambda error, voice, owner: voice.says("may_not_reassign")),
    (NotYourDeed, lambda error, voice, owner: voice.says("not_your_deed", name=owner)),
    (TooLateToUndo, lambda error, voice, owner: voice.says("too_late_to_undo")),
    (ChangedSince, lambda error, voice, owner: voice.says("changed_since")),
    (AlreadyUndone, lambda error, voice, owner: voice.says("already_undone")),
    (NotAllowed, lambda error, voice, owner: voice.says(f"refused_{error.why}")),
    (ContactForbidden, lambda error, voice, owner: voice.card("contact_forbidden")),
    (NoMailAddress, lambda error, voice, owner: voice.says("no_mail_address")),
    (FormFromBefore, lambda error, voice, owner: voice.says("from_an_older_version")),
    (NotOnOffer, lambda error, voice, owner: voice.says("not_on_offer")),
    (MayNotJudge, lambda error, voice, owner: voice.says("may_not_judge", stage=voice.label("stage", error.after))),
    (MoveNotAllowed, lambda error, voice, owner: _of_a_move(error, voice)),
    (NoDealYet, lambda error, voice, owner: voice.says("no_deal_yet", stage=voice.label("stage", error.stage))),
    (NothingWon, lambda error, voice, owner: voice.says("nothing_won")),
    (ReasonMissing, lambda error, voice, owner: voice.form("reason_missing")),
    (LeadNotFound, lambda error, voice, owner: voice.card("lead_not_found")),
    (RecordNotFound, lambda error, voice, owner: voice.card("lead_not_found")),
    (NothingToSee, lambda error, voice, owner: voice.says("nothing_to_snooze")),
    (AlreadySeen, lambda error, voice, owner: voice.says("already_seen")),
    (NothingToSnooze, lambda error, voice, owner: voice.says("nothing_to_snooze")),
    (SnoozeTooShort, lambda error, voice, owner: voice.form("in_the_past")),
    (NoChat, lambda error, voice, owner: voice.says("no_chat")),
    (NothingToSettle, lambda error, voice, owner: voice.says("nothing_to_settle")),
    (AlreadyMerged, lambda error, voice, owner: voice.says("already_merged")),
    (NoSuchMail, lambda error, voice, owner: voice.says("template_gone")),
    (BadTemplate, lambda error, voice, owner: voice.says("template_gone")),
    (Busy, lambda error, voice, owner: voice.says("busy")),
    (Unavailable, lambda error, voice, owner: voice.says("busy")),
)


class Problems:
    """The one handler of everything a listener raises; Slack is answered 200, the person in words."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def handle(self, error: Exception, body: Json, context: Mapping[str, Any]) -> BoltResponse:
        if isinstance(error, FormProblem):
            return _answer({"response_action": "errors", "errors": _under_blocks(error.by_field, body)})
        if isinstance(error, NotAllowed):
            await self._keep(error.user_id, error.why, body)
        elif isinstance(error, NotYourLead):
            await self._keep(Place.of(body).user_id, "not_your_lead", body)
        elif "event" in body and isinstance(error, LATER):
            return BoltResponse(status=503, body="")
        voice = self._desk.voice(self._language(error, context))
        text = await self._sentence(error, body, voice)
        if isinstance(error, NotYourLead) and body.get("type") == "block_actions":
            text = "\n".join((text, *await self._typed_before(body, voice)))
        return self._say(text, error, body, voice)

    async def _typed_before(self, body: Json, voice: Voice) -> list[str]:
        """What this person left in a form about the lead: it opens for them no more, and their words are theirs."""
        action = body["actions"][0]
        pressed = str(action.get("value") or (action.get("selected_option") or {}).get("value") or "")
        user_id, lead_id = Place.of(body).user_id, ids.lead_id_in(pressed) or ""
        texts = await self._desk.services.store.look(lambda session: left_behind(session, user_id, lead_id, voice.now))
        return [voice.says("typed_before"), *texts] if texts else []

    async def _keep(self, user_id: str, why: str, body: Json) -> None:
        wanted = wanted_in(body)
        log.warning("slack_person_refused", user=user_id, why=why, wanted=wanted)
        try:
            await self._desk.services.store.run(lambda tx: keep_refusal(tx, user_id, why, wanted))
        except LATER as unavailable:
            log.error("refusal_not_kept", problem=str(unavailable))

    def _language(self, error: Exception, context: Mapping[str, Any]) -> str:
        if isinstance(error, NotAllowed):
            return error.language
        colleague = context.get(COLLEAGUE)
        return colleague.language if colleague else self._desk.services.settings.language

    async def _sentence(self, error: Exception, body: Json, voice: Voice) -> str:
        for kind, in_words in _IN_WORDS:
            if isinstance(error, kind):
                return in_words(error, voice, await self._owner(error, voice))
        support = secrets.token_hex(4)
        log.error("slack_listener_broke", support=support, wanted=wanted_in(body), exc_info=error)
        return voice.says("broken", support=support)

    async def _owner(self, error: Exception, voice: Voice) -> str:
        if not isinstance(error, OWNED):
            return ""
        owner_id = error.owner_id
        rep = await self._desk.services.store.look(lambda session: session.get(Rep, owner_id))
        names = {owner_id: rep.name} if rep else {}
        return voice.colleague(owner_id, names)

    def _say(self, text: str, error: Exception, body: Json, voice: Voice) -> BoltResponse:
        if "command" in body:
            return _answer({"response_type": "ephemeral", **blocks.message(text, [blocks.section(text)])})
        kind = body.get("type")
        if kind == "view_submission":
            return _answer(self._in_form(text, error, body, voice))
        if kind == "block_suggestion":
            return _answer({"options": []})
        if kind in ("block_actions", "shortcut", "message_action"):
            self._desk.tell(Place.of(body), text, voice.language)
        return BoltResponse(status=200, body="")

    def _in_form(self, text: str, error: Exception, body: Json, voice: Voice) -> Json:
        """The sentence stands under the first field, and what was typed stays where it is.

        It takes the place of a form without fields, and of one whose facts this person may not see any more.
        """
        fields = [block for block in body["view"].get("blocks", []) if block.get("type") == "input"]
        if not fields or isinstance(error, (DataErased, NotAllowed)):
            return {"response_action": "update", "view": self._desk.only_words(text, voice.language)}
        may_go_later = isinstance(error, LATER)
        kept = voice.says("words_are_kept") if not may_go_later and any(map(_holds_words, fields)) else ""
        return {"response_action": "errors", "errors": {fields[0]["block_id"]: text + kept}}


def _holds_words(field: Json) -> bool:
    return bool(field["element"]["type"] == "plain_text_input")


def _of_a_move(error: MoveNotAllowed, voice: Voice) -> str:
    """Who says too early that a deal is real reads what comes first."""
    too_early = error.after is Stage.SQL and error.before in (Stage.LEAD, Stage.MQL, Stage.TQL)
    return voice.says("not_accepted_yet" if too_early else "move_not_allowed", stage=voice.label("stage", error.before))


def _under_blocks(by_field: Mapping[str, str], body: Json) -> dict[str, str]:
    """Slack wants to know the block of a field; one that we have filled stands in a block of another name."""
    values = (body["view"].get("state") or {}).get("values") or {}
    block_of = {name: block for block, fields in values.items() for name in fields}
    return {block_of.get(name, name): text for name, text in by_field.items()}


def _answer(body: Json) -> BoltResponse:
    return BoltResponse(status=200, body=body)


def wanted_in(body: Json) -> str:
    """What the person was about to do: the id of the button, form, command or event."""
    actions = body.get("actions") or [{}]
    view = body.get("view") or {}
    event = body.get("event") or {}
    named = (
        actions[0].get("action_id"),
        body.get("command"),
        body.get("callback_id"),
        view.get("callback_id"),
        event.get("type"),
        body.get("type"),
    )
    return str(next(filter(None, named), ""))
