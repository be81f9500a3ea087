"""One message in, one reply out: understand it, record what it says, take the interview's step, answer.

take_turn -- the message is kept --> read --> what the person does by saying it --> recorded, answered
             (a repeated id gets the same answer, nothing is recorded twice)
"""

from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple
from zlib import crc32

from dialogs import hearing, listening, mirror
from dialogs.interview import QUESTION_STANDS, State
from dialogs.kept_talk import TALKING, keep_playbook, keep_words, patience, playbook_of, save, talk_of
from dialogs.messages import Message, last_asked, messages_of
from dialogs.playbook import Playbook, shipped_playbook
from dialogs.records import Chat, Turn
from dialogs.talk import COMMON, Talk
from dialogs.waiting import begin_to_wait
from qualification import timers
from qualification.answers import PROSPECT
from qualification.events import InterviewResumed
from qualification.outbox import card_key
from qualification.records import Answer, FollowUp, Lead, Outbound, Timer
from qualification.store import Load, Transaction
from qualification.writing.rows import Values

LONGEST_TEXT = 4_000
MOST_MESSAGES = 400


def _lead_beyond_questions(chat: Chat) -> tuple[str | None, ...]:
    """A clock matters when the questions are over; who stops before looks for it then."""
    return (chat.lead_id,) if chat.state != State.ASKING else ()


def _chat_with_timers(chat: Chat) -> tuple[str, ...]:
    """The talk may end with this turn, or a person is in it and is waited for."""
    return (chat.id,) if chat.state == State.CONFIRMING or chat.rep_id is not None else ()


def _errands(chat: Chat) -> tuple[str, ...]:
    """What hangs or waits of a talk whose questions are over: the card, and the post of their words in the thread."""
    if chat.state == State.ASKING or chat.lead_id is None:
        return ()
    return (card_key(chat.lead_id), *mirror.posts_of(chat))


TURN = (
    Load(Chat, "token_hash"),
    Load(Lead, "id", via=(Chat, "lead_id")),
    Load(Answer, "lead_id", via=(Chat, "lead_id")),
    Load(FollowUp, "lead_id", via=(Chat, _lead_beyond_questions)),
    Load(Timer, "subject_id", via=(Chat, _chat_with_timers)),
    Load(Outbound, "key", via=(Chat, _errands)),
)


class ChatNotFound(Exception):
    """No chat is opened by this token."""


class TooLong(Exception):
    """A message has at most 4,000 characters."""


class ChatIsFull(Exception):
    """This chat has reached its last message; a person will read it."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the prospect sent: a text, or the value of a quick reply. `id` is their side's own, once for a message."""

    id: str
    text: str | None = None
    choice: str | None = None


class Place(NamedTuple):
    """Where a talk stands, as whoever listens to it compares it."""

    seq: int
    state: str
    question: str | None
    rep_id: str | None
    held: int


_PLACE = itemgetter(*Place._fields)


def place_in(chat: Values) -> Place:
    """From what a chat's row holds."""
    return Place._make(_PLACE(chat))


class Reply(NamedTuple):
    """The messages of one turn in order, the prospect's own among them, and where the interview stands.

    `person` is who of ours talks with the prospect now, and `typing` that a line of theirs is on its way. `tracking`:
    whether they let us note which pages they look at. `place` is where the turn left the talk `chat_id`, when it has
    just been taken.
    """

    messages: tuple[Message, ...]
    language: str
    state: str
    question: str | None
    person: str | None = None
    typing: bool = False
    tracking: bool | None = None
    chat_id: str = ""
    place: Place | None = None


def open_chat(
    tx: Transaction,
    *,
    token_hash: str,
    language: str,
    page_url: str | None,
    referrer: str | None,
    playbook: str | None,
    zone: str | None = None,
    tracks: bool = False,
) -> Reply:
    """Begin a talk: who we are and what we ask for, then the first question. Raises BadPlaybook for an unknown name."""
    plan = shipped_playbook(playbook or "standard")
    keep_playbook(tx, plan)
    chat = tx.add(
        Chat(
            id=tx.new_id(),
            token_hash=token_hash,
            language=language,
            playbook=plan.version,
            state=State.ASKING,
            question=plan.questions[0].key,
            asked={},
            page_url=page_url,
            referrer=referrer,
            zone=zone,
            tracks=tracks,
            created_at=tx.now,
            spoke_at=tx.now,
        )
    )
    talk = talk_of(tx, chat)
    talk.greet()
    return _finish(tx, chat, talk)


def take_turn(tx: Transaction, token_hash: str, said: Said) -> Reply:
    """Answer one message. Raises ChatNotFound, TooLong, ChatIsFull; then nothing is recorded."""
    chat = chat_of(tx, token_hash)
    heard_id = _id_in(chat, token_hash, said)
    mark = _mark_of(heard_id)
    if mark in chat.heard and (earlier := _heard_before(tx, chat, heard_id)):
        return _same_answer(tx, chat, earlier)
    if said.text is not None and len(said.text) > LONGEST_TEXT:
        raise TooLong(TooLong.__doc__)
    if chat.seq >= MOST_MESSAGES:
        raise ChatIsFull(ChatIsFull.__doc__)
    chat.heard += mark
    heard = _hear(tx, chat, said)
    talk = talk_of(tx, chat)
    chat.spoke_at = tx.now
    if chat.rep_id is not None:
        listening.listen(talk, said.text)
        begin_to_wait(tx, chat)
    else:
        _answer(tx, talk, said)
    reply = _finish(tx, chat, talk, heard, heard_id=heard_id)
    _tell_the_thread(tx, chat, heard)
    return reply


def _answer(tx: Transaction, talk: Talk, said: Said) -> None:
    if talk.interview.state is State.ABANDONED:
        talk.interview.fire("come_back")
        tx.record(InterviewResumed(lead_id=talk.lead.id, by=PROSPECT))
    hearing.hear(talk, text=said.text, choice=said.choice)


def _tell_the_thread(tx: Transaction, chat: Chat, heard: Message) -> None:
    """The lead's thread follows while a person talks or is asked for."""
    mirror.show(tx, chat, heard)
    if chat.state == State.HANDED_OVER:
        mirror.follow(tx, chat)
    else:
        chat.follows = False


def topic_asked_in(chat: Chat, playbook: Playbook) -> str | None:
    """What the bot waits for, from the chat's row and its playbook."""
    return playbook.question(chat.question).about if chat.question and chat.state in QUESTION_STANDS else None


def chat_of(tx: Transaction, token_hash: str) -> Chat:
    """The talk its token, or the one a link in the receipt made, opens. Raises ChatNotFound."""
    chat = tx.first(Chat, "token_hash", token_hash) or tx.first(Chat, "again_hash", token_hash)
    if chat is None:
        raise ChatNotFound(ChatNotFound.__doc__)
    return chat


def fall_silent(tx: Transaction, timer: Timer) -> None:
    """The chat has had no answer for too long: it is abandoned, what was said is kept (M27)."""
    chat = tx.get(Chat, timer.subject_id)
    until = chat.spoke_at + patience(tx)
    if chat.state in TALKING and until > tx.now:
        timer.due_at = until
        return
    timers.done(tx, timer)
    if chat.state not in TALKING:
        return
    talk = talk_of(tx, chat)
    talk.go_quiet()
    save(chat, talk.interview, offered=chat.asked.get("offered"))


def _id_in(chat: Chat, token_hash: str, said: Said) -> str:
    """A side's own id, told apart from those of another device, which came by the link in the receipt."""
    return said.id if token_hash == chat.token_hash else f"{token_hash}:{said.id}"


def _heard_before(tx: Transaction, chat: Chat, heard_id: str) -> Turn | None:
    """The turn this message was answered in. Asked where its mark is known; marks may be alike."""
    return next((turn for turn in tx.find(Turn, "chat_id", chat.id) if turn.heard_id == heard_id), None)


def _mark_of(heard_id: str) -> str:
    return f"{crc32(heard_id.encode('utf-8', 'surrogatepass')) & 0xFFFF:04x}"


def _hear(tx: Transaction, chat: Chat, said: Said) -> Message:
    chat.seq += 1
    facts = {"of": _words_of_choice(chat), "value": said.choice} if said.choice is not None else None
    return Message(seq=chat.seq, sender=PROSPECT, text=said.text, facts=facts, at=tx.now)


def _words_of_choice(chat: Chat) -> str:
    return chat.asked.get("offered") or COMMON


def _finish(tx: Transaction, chat: Chat, talk: Talk, *heard: Message, heard_id: str | None = None) -> Reply:
    messages = keep_words(tx, chat, talk, *heard, heard_id=heard_id)
    place = place_in(chat.__dict__)
    return reply_of(chat, messages, state=chat.state, question=talk.topic_asked, place=place)


def reply_of(
    chat: Chat, messages: tuple[Message, ...], *, state: str, question: str | None, place: Place | None = None
) -> Reply:
    """These messages, and where the talk stands with them: the interview's state, the topic that is asked about."""
    return Reply(
        messages=messages,
        language=chat.language,
        state=state,
        question=question,
        person=chat.rep_name,
        typing=chat.held > 0,
        tracking=chat.tracking,
        chat_id=chat.id,
        place=place,
    )


def _same_answer(tx: Transaction, chat: Chat, earlier: Turn) -> Reply:
    playbook = playbook_of(tx, chat)
    messages = tuple(messages_of([earlier], playbook))
    topic = last_asked(earlier.said, playbook) if earlier.topic is None else earlier.topic or None
    return reply_of(chat, messages, state=earlier.state or State.ASKING, question=topic)
