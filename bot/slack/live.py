"""A rep takes the chat over: what they write in the lead's thread goes to the prospect, until they hand it back.

    Take over (card, menu, thread) --> the thread is the line to the prospect --> Back to the bot
    before, afterwards, and what colleagues write: internal, always

Slack tells us every message of the channel. What was written before the press was written for colleagues, even when
we hear of it later: both carry Slack's own time, and that decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from sqlmodel import Session, select

from bot.slack import ids
from bot.slack.blocks import Json, clean
from bot.slack.desk import Desk
from bot.slack.once import is_news
from bot.slack.people import House
from bot.slack.press import ONCE, Place, Press
from bot.slack.records import SlackCard
from bot.slack.rights import check_owner, contactable, lead_for, record_that_counts, take_if_free
from bot.slack.spoken import as_plain_words, people_in
from dialogs import lines, live
from dialogs.lines import Line
from dialogs.live import chat_of_lead
from dialogs.records import Chat
from dialogs.turn import LONGEST_TEXT
from qualification.dossier import names_of
from qualification.look import Look
from qualification.records import Lead
from qualification.store import Transaction

OURS = "house"
TOMBSTONE = "tombstone"
SAID, CHANGED, DELETED = "said", "changed", "deleted"
SPOKEN = {
    "": SAID,
    "thread_broadcast": SAID,
    "file_share": SAID,
    "me_message": SAID,
    "message_changed": CHANGED,
    "message_deleted": DELETED,
}
WHERE = {CHANGED: "message", DELETED: "previous_message"}


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(ids.BACK_TO_BOT)
    async def back_to_bot(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        press = Press.of(body, context)
        await desk.act(press.once, lambda tx: _leave(tx, press))
        await ack()

    @app.event("message")
    async def hear(ack: AsyncAck, event: Json, context: AsyncBoltContext) -> None:
        heard = overheard(event)
        if heard is not None:
            await listen(desk, heard, house=context[OURS], once=context[ONCE])
        await ack()


async def begin_to_talk(desk: Desk, press: Press) -> None:
    """Raises NotYourLead, ContactForbidden, NoChat."""
    await desk.act(press.once, lambda tx: _take_over(tx, press))


def _take_over(tx: Transaction, press: Press) -> None:
    lead = contactable(lead_for(tx, press.lead_id, press.by))
    live.take_over(tx, lead, by=press.by.id, name=press.by.name, mark=press.mark)
    take_if_free(tx, lead, press.by)


def _leave(tx: Transaction, press: Press) -> None:
    """Whoever is in the chat leaves it, whoever has the lead by now. Raises NotYourLead for others, NoChat."""
    lead = record_that_counts(tx, press.lead_id)
    chat = chat_of_lead(tx, lead.id)
    if chat is None or chat.rep_id != press.by.id:
        check_owner(tx, lead, press.by)
    live.hand_back(tx, lead, by=press.by.id)


# -- what is written in a thread -------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Overheard:
    """Something a person wrote, changed or deleted in a thread. `ts` is Slack's time of the writing."""

    how: str
    channel: str
    thread: str
    ts: str
    user: str
    text: str
    blocks: Sequence[Mapping[str, Any]] = ()
    has_files: bool = False


def overheard(event: Mapping[str, Any]) -> Overheard | None:
    """The event as our own type; None for what no person wrote in a thread."""
    how = SPOKEN.get(str(event.get("subtype") or ""))
    if how is None:
        return None
    message: Mapping[str, Any] = event.get(WHERE[how]) or {} if how in WHERE else event
    if message.get("subtype") == TOMBSTONE:
        how, message = DELETED, event.get("previous_message") or message
    thread, ts, user = (str(message.get(name) or "") for name in ("thread_ts", "ts", "user"))
    if not (thread and ts and user) or thread == ts or message.get("bot_id"):
        return None
    return Overheard(
        how=how,
        channel=str(event.get("channel") or ""),
        thread=thread,
        ts=ts,
        user=user,
        text=str(message.get("text") or ""),
        blocks=message.get("blocks") or (),
        has_files=bool(message.get("files")),
    )


async def listen(desk: Desk, heard: Overheard, *, house: House, once: str) -> None:
    """What the rep who took over wrote is on its way to the prospect; that a file or the end is not, they are told.

    So is the lead's owner, while somebody else is in the chat, that a line of theirs goes nowhere. Raises NotAllowed
    for who may no longer act.
    """
    talk = await desk.services.store.look(lambda session: _talk_under(session, heard))
    if talk is None:
        return
    internal_prefix = desk.services.store.policy.live.internal_prefix
    words = _words_of(heard, talk.names, internal_prefix)
    if talk.is_of_somebody_else:
        if words.startswith(internal_prefix):
            return
        await _say_who_is_heard(desk, heard, talk, house)
        return
    lead_id = talk.lead_id
    colleague = await desk.people.who(heard.user, house)
    line = Line(key=f"{heard.channel}:{heard.ts}", mark=heard.ts, text=words[:LONGEST_TEXT])
    is_for_the_prospect = False

    def keep(tx: Transaction) -> None:
        nonlocal is_for_the_prospect
        is_for_the_prospect = _keep(tx, lead_id, heard, line, by=colleague.id)

    await desk.act(once, keep)
    if is_for_the_prospect and heard.how == SAID:
        voice, place = desk.voice(colleague.language), Place.of({"user": {"id": colleague.id}})
        if heard.has_files:
            desk.tell(place, voice.says("files_stay_inside"), colleague.language)
        if len(words) > LONGEST_TEXT:
            desk.tell(place, voice.says("line_too_long", most=LONGEST_TEXT), colleague.language)


def _words_of(heard: Overheard, names: Mapping[str, str], internal_prefix: str) -> str:
    """As Slack's editor shows them; a remark for colleagues as it was typed, for the editor draws an emoji or a star of
    the prefix as something else.
    """
    typed = clean(as_plain_words(heard.text, names))
    return typed if typed.startswith(internal_prefix) else clean(as_plain_words(heard.text, names, heard.blocks))


async def _say_who_is_heard(desk: Desk, heard: Overheard, talk: "TalkUnder", house: House) -> None:
    """Once a day for each taking over: what they go on writing among colleagues needs no word of ours."""
    colleague = await desk.people.who(heard.user, house)
    key = f"unheard:{talk.taking_over}:{colleague.id}:{desk.local_now.date()}"
    if not await desk.services.store.run(lambda tx: is_news(tx, key)):
        return
    voice = desk.voice(colleague.language)
    words = voice.says("not_heard_by_the_prospect", name=talk.rep_name, press=voice.card(ids.TAKE_OVER_ENTRY))
    desk.tell(Place.of({"user": {"id": colleague.id}}), words, colleague.language)


@dataclass(frozen=True, kw_only=True)
class TalkUnder:
    """The chat beneath a card while a rep is in it: `names` of who is mentioned, `rep_name` of who is heard there.

    `taking_over` names the press that brought them in.
    """

    lead_id: str
    taking_over: str
    names: dict[str, str]
    rep_name: str
    is_of_somebody_else: bool


def _talk_under(session: Session, heard: Overheard) -> TalkUnder | None:
    """The talk in whose thread this was written, by the rep in it, or by the lead's owner for the prospect in vain."""
    card = select(SlackCard).where(SlackCard.channel == heard.channel, SlackCard.ts == heard.thread)
    place = session.exec(card).first()
    rows = Look(session)
    chat = chat_of_lead(rows, place.lead_id) if place else None
    if place is None or chat is None:
        return None
    in_vain = _is_of_an_owner_unheard(rows, chat, place.lead_id, heard)
    if not in_vain and not _is_for_the_prospect(chat, heard):
        return None
    names = names_of(session, people_in(heard.text))
    return TalkUnder(
        lead_id=place.lead_id,
        taking_over=f"{chat.id}:{chat.rep_mark}",
        names=names,
        rep_name=chat.rep_name or "",
        is_of_somebody_else=in_vain,
    )


def _is_of_an_owner_unheard(rows: Look, chat: Chat, lead_id: str, heard: Overheard) -> bool:
    """Whether the lead's owner wrote, while a colleague is in the chat."""
    if heard.how != SAID or chat.rep_id in (None, heard.user):
        return False
    lead = rows.peek(Lead, lead_id)
    return lead is not None and lead.owner_id == heard.user


def _is_for_the_prospect(chat: Chat | None, heard: Overheard) -> bool:
    return chat is not None and chat.rep_id == heard.user and heard.ts > (chat.rep_mark or heard.ts)


def _keep(tx: Transaction, lead_id: str, heard: Overheard, line: Line, *, by: str) -> bool:
    """Whether they still talk with the prospect, and this is no remark for colleagues."""
    chat = chat_of_lead(tx, lead_id)
    if chat is None or not _is_for_the_prospect(chat, heard):
        return False
    WAYS[heard.how](tx, chat, line, by=by)
    return not lines.is_internal(tx, line)


WAYS: dict[str, Callable[..., None]] = {SAID: lines.hold, CHANGED: lines.change, DELETED: lines.recall}
