"""The lead's thread follows the talk: what the prospect says is queued for it, what comes quickly as one post.

    a person is asked for, or takes over    the thread gets the talk so far, so that nobody asks twice
    from then on                            it gets what the prospect says, until the bot goes on

An errand names messages by their numbers; the words stay in one place.
"""

from dialogs.messages import Message
from dialogs.records import Chat
from dialogs.whose import lead_of
from qualification import outbox
from qualification.notices import MIRROR
from qualification.outbox import OutboundStatus
from qualification.records import Outbound
from qualification.store import Transaction

MOST_IN_ONE_POST = 3_000  # characters
MOST_TOGETHER = 40  # messages: each is a block of its own, and a post of Slack holds fifty
PROSPECT_ONLY, EVERYBODY = "prospect", "everybody"


def follow(tx: Transaction, chat: Chat) -> None:
    """From now on the thread follows, and first it gets the talk as far as it does not have it yet."""
    if not chat.follows and chat.mirrored < chat.seq:
        _queue(tx, chat, chat.mirrored + 1, chat.seq, whose=EVERYBODY, length=MOST_IN_ONE_POST)
        chat.mirrored = chat.seq
    chat.follows = True


def show(tx: Transaction, chat: Chat, said: Message) -> None:
    """One message of the prospect, in the post that still waits or in one of its own."""
    if not chat.follows:
        return
    length = len(said.text or "")
    if not _joins_the_waiting_post(tx, chat, said.seq, length):
        _queue(tx, chat, said.seq, said.seq, whose=PROSPECT_ONLY, length=length)
    chat.mirrored = said.seq


def posts_of(chat: Chat) -> tuple[str, ...]:
    """The keys of the post that may still wait, and of the one that the next message may begin."""
    return (_key(chat, chat.mirror_from), _key(chat, (chat.seq if chat.follows else chat.mirrored) + 1))


def _joins_the_waiting_post(tx: Transaction, chat: Chat, last: int, length: int) -> bool:
    post = tx.first(Outbound, "key", _key(chat, chat.mirror_from)) if chat.mirror_from else None
    if post is None or post.status != OutboundStatus.WAITING or post.attempts:
        return False
    length += post.payload["length"]
    if length > MOST_IN_ONE_POST or last - post.payload["first"] >= MOST_TOGETHER:
        return False
    post.payload = {**post.payload, "last": last, "length": length}
    return True


def _queue(tx: Transaction, chat: Chat, first: int, last: int, *, whose: str, length: int) -> None:
    payload = {"chat": chat.id, "first": first, "last": last, "whose": whose, "length": length}
    lead = lead_of(tx, chat)
    outbox.queue(tx, key=_key(chat, first), kind=MIRROR, lead_id=lead.id if lead else None, payload=payload)
    chat.mirror_from = first


def _key(chat: Chat, first: int | None) -> str:
    return f"{MIRROR}:{chat.id}:{first}"
