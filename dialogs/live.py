"""A person steps in: a rep takes the talk over from the bot, and gives it back at the right question.

the bot asks -- take_over --> the rep talks, the bot is silent -- hand_back --> the bot goes on where it was
                              (dialogs/lines.py)                               (or stays at hand, after the end)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs import acts, doubt, lines, mirror, stop_to_a_rep
from dialogs.interview import State
from dialogs.kept_talk import keep_words, talk_of
from dialogs.records import Chat
from dialogs.waiting import wait_no_more
from dialogs.whose import chats_of
from qualification.events import ChatReturned, ChatTaken
from qualification.look import Rows
from qualification.policy import Policy
from qualification.records import Lead
from qualification.store import Transaction


class NoChat(Exception):
    """There is no chat with this person, or they have ended it."""


@dataclass(frozen=True, kw_only=True)
class ChatView:
    """The lead's chat as its card shows it. `wanted`: the prospect waits for a person; `rep_id` talks in it now."""

    rep_id: str | None
    rep_name: str | None
    wanted: bool


def chat_of_lead(rows: Rows, lead_id: str) -> Chat | None:
    """The chat that a rep is in, or else the one in which the prospect spoke last, if it can still be talked in."""
    return latest_of(chats_of(rows, lead_id))


def latest_of(chats: Iterable[Chat]) -> Chat | None:
    open_ones = [chat for chat in chats if chat.state != State.DECLINED]
    return max(open_ones, key=lambda chat: (chat.rep_id is not None, chat.spoke_at), default=None)


def chat_view(rows: Rows, lead_id: str, *, policy: Policy, now: datetime) -> ChatView | None:
    """The chat as the lead's card shows it now; None when there is none to be talked in."""
    chat = chat_of_lead(rows, lead_id)
    if chat is None:
        return None
    lately = now - chat.spoke_at <= timedelta(minutes=policy.silence.interview_minutes)
    waits = chat.state == State.HANDED_OVER and chat.rep_id is None
    return ChatView(rep_id=chat.rep_id, rep_name=chat.rep_name, wanted=waits and lately)


def take_over(tx: Transaction, lead: Lead, *, by: str, name: str, mark: str) -> None:
    """From now on this rep talks, and the bot is silent. Raises NoChat.

    `mark` is when it was pressed, as the door counts: what was written before it stays internal. Pressed by a
    second rep it passes the talk on; pressed twice by one it changes nothing.
    """
    chat = _open_chat_of(tx, lead)
    if chat.rep_id == by:
        return
    lines.send_what_is_held(tx, chat)
    chat.rep_id, chat.rep_name, chat.rep_mark, chat.rep_seq = by, name, mark, None
    mirror.follow(tx, chat)
    talk = talk_of(tx, chat)
    if pending := talk.take_pending():
        doubt.let_stand(talk, pending)
    talk.make_room_for(name)
    keep_words(tx, chat, talk)
    live = tx.policy.live
    taken = ChatTaken(lead_id=lead.id, by=by, hold_seconds=live.hold_seconds, internal_prefix=live.internal_prefix)
    tx.record(taken)


def hand_back(tx: Transaction, lead: Lead, *, by: str) -> None:
    """The bot talks again: it asks what is still open, reads back, or stays at hand, where they told the rep that they
    are done; who told the rep not to contact them is not. Raises NoChat.
    """
    chat = _open_chat_of(tx, lead)
    if chat.rep_id is None:
        return
    lines.send_what_is_held(tx, chat)
    chat.rep_id = chat.rep_name = None  # the last line sent stays known: it may be answered yet
    chat.follows = False
    wait_no_more(tx, chat)
    talk = talk_of(tx, chat)
    ends = stop_to_a_rep.ends_asked(tx, chat)
    if wish := next(filter(stop_to_a_rep.bars_contact, ends), None):
        acts.stop(talk, wish.text, deletion=wish.wants_deletion)
    else:
        talk.come_back(over=bool(ends))
    chat.left_in = None
    keep_words(tx, chat, talk)
    tx.record(ChatReturned(lead_id=lead.id, by=by))


def _open_chat_of(tx: Transaction, lead: Lead) -> Chat:
    chat = chat_of_lead(tx, lead.id)
    if chat is None:
        raise NoChat(NoChat.__doc__)
    return chat
