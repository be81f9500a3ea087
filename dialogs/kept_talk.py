"""A talk as its rows keep it: made ready for a turn, and what was heard and said in it written down."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from dialogs.interview import Interview, State
from dialogs.messages import Message, last_asked
from dialogs.playbook import Playbook, kept_playbook, shipped_playbook
from dialogs.records import Chat, PlaybookText, Turn
from dialogs.reply import Say
from dialogs.talk import Talk
from dialogs.whose import known_in, own_record
from qualification import timers
from qualification.answers import Known
from qualification.assessment import out_of_reach
from qualification.events import BOT
from qualification.freshness import fresh
from qualification.one_person import kept_of
from qualification.records import Timer
from qualification.store import Transaction

SILENCE_TIMER = "chat_silence"
TALKING = (State.ASKING, State.CONFIRMING)


def talk_of(tx: Transaction, chat: Chat) -> Talk:
    """The talk as it stands, ready for one turn."""
    own = own_record(tx, chat)
    today = tx.here.date()
    known = fresh(known_in(tx, own), tx.policy, today=today) if own else Known()
    asked = chat.asked
    interview = Interview(
        playbook=playbook_of(tx, chat),
        state=State(chat.state),
        known=known,
        question=chat.question,
        asked=dict(asked.get("tries", {})),
        passed=set(asked.get("passed", ())),
        reopened=asked.get("reopened"),
        closes=partial(out_of_reach, policy=tx.policy, today=today),
        was_completed=chat.left_in == State.COMPLETED,
        asked_back=asked.get("back", 0),
    )
    return Talk(tx, chat, interview, kept_of(tx, own) if own else None)


def playbook_of(tx: Transaction, chat: Chat) -> Playbook:
    """The one it began with, whatever is shipped by now."""
    current = shipped_playbook()
    if current.version == chat.playbook:
        return current
    return kept_playbook(tx.get(PlaybookText, chat.playbook).text)


def keep_playbook(tx: Transaction, playbook: Playbook) -> None:
    """Its text, for the talks that begin with it; once for each version."""
    if tx.peek(PlaybookText, playbook.version) is None:
        tx.add(PlaybookText(version=playbook.version, name=playbook.name, text=playbook.text, at=tx.now))


def keep_words(
    tx: Transaction, chat: Chat, talk: Talk, *heard: Message, heard_id: str | None = None
) -> tuple[Message, ...]:
    """What was heard and said in this turn, kept in order, with the place the interview has come to."""
    messages = (*heard, *_numbered(chat, talk.says, at=tx.now))
    was_talking = chat.state in TALKING
    offered = next((say.choices.of for say in reversed(talk.says) if say.choices), None)
    save(chat, talk.interview, offered=offered)
    _keep(tx, chat, messages, talk, heard_id=heard_id)
    if talk.is_first_word or was_talking != (chat.state in TALKING):
        _arm_silence(tx, chat, is_first_word=talk.is_first_word)
    return messages


def _numbered(chat: Chat, says: Sequence[Say], *, at: datetime) -> list[Message]:
    first = chat.seq + 1
    chat.seq += len(says)
    return [
        Message(
            seq=seq,
            sender=BOT,
            at=at,
            prompt=say.prompt,
            facts=say.facts,
            choices=say.choices.as_json() if say.choices else None,
        )
        for seq, say in enumerate(says, start=first)
    ]


def _keep(tx: Transaction, chat: Chat, messages: Sequence[Message], talk: Talk, *, heard_id: str | None) -> None:
    playbook = talk.interview.playbook
    said = [message.kept(playbook) for message in messages]
    tx.add(
        Turn(
            chat_id=chat.id,
            first=messages[0].seq,
            last=messages[-1].seq,
            heard_id=heard_id,
            said=said,
            state=chat.state if chat.state != State.ASKING else None,
            topic=_beyond(last_asked(said, playbook), talk.topic_asked),
            at=tx.now,
        )
    )


def _beyond(asked: str | None, topic: str | None) -> str | None:
    """What is kept of the topic that is open: nothing where the last message asks about it."""
    return None if topic == asked else topic or ""


def save(chat: Chat, interview: Interview, *, offered: str | None) -> None:
    """Where the interview has come to; `offered`: whose quick replies stand below what we said last."""
    chat.state = interview.state
    chat.question = interview.question
    asked = {
        "tries": interview.asked,
        "passed": sorted(interview.passed),
        "reopened": interview.reopened,
        "back": interview.asked_back,
        "offered": offered,
    }
    chat.asked = {name: value for name, value in asked.items() if value}


def _arm_silence(tx: Transaction, chat: Chat, *, is_first_word: bool) -> None:
    """Where the talk begins, rests or goes on. A word does not put it off: due, it looks when they spoke last."""
    is_open = chat.state in TALKING
    known = () if is_first_word else tx.find(Timer, "subject_id", chat.id)
    timer = next((row for row in known if row.kind == SILENCE_TIMER), None)
    if timer is None:
        if is_open:
            tx.add(timers.timer_at(tx.now + patience(tx), SILENCE_TIMER, chat.id))
    elif is_open:
        timers.wait_anew(timer, until=tx.now + patience(tx))
    else:
        timers.drop(tx, timer)


def patience(tx: Transaction) -> timedelta:
    """For so long a talk rests before it is called silent (M27)."""
    return timedelta(minutes=tx.policy.silence.interview_minutes)
