"""One message in, one reply out: understand it, record what it says, take the interview's step, answer.

take_turn -- the message is kept --> read --> what the person does by saying it --> recorded, answered
             (a repeated id gets the same answer, nothing is recorded twice)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs import mirror
from dialogs.interview import Interview, State
from dialogs.playbook import Playbook, read_playbook, shipped_playbook
from dialogs.records import Chat, Message, PlaybookText
from dialogs.reply import Say
from dialogs.talk import Talk
from dialogs.waiting import begin_to_wait
from qualification import leads
from qualification.answers import PROSPECT, Known
from qualification.assessment import out_of_reach
from qualification.events import InterviewResumed
from qualification.followup import TimerStatus
from qualification.freshness import fresh
from qualification.records import Answer, FollowUp, Inbound, Lead, Timer
from qualification.store import Load, Transaction

SILENCE_TIMER = "chat_silence"
LONGEST_TEXT = 4_000
HALF_A_HASH = 32  # characters
MOST_MESSAGES = 400

TURN = (
    Load(Chat, "token_hash"),
    Load(Inbound, "key"),
    Load(Lead, "id", via=(Chat, "lead_id")),
    Load(Answer, "lead_id", via=(Chat, "lead_id")),
    Load(FollowUp, "lead_id", via=(Chat, "lead_id")),
    Load(Timer, "subject_id", via=(Chat, "id")),
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


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The messages of one turn in order, the prospect's own among them, and where the interview stands.

    `person` is who of ours talks with the prospect now, and `typing` that a line of theirs is on its way. `tracking`:
    whether they let us note which pages they look at.
    """

    messages: tuple[Message, ...]
    language: str
    state: str
    question: str | None
    person: str | None = None
    typing: bool = False
    tracking: bool | None = None


def inbox_key(token_hash: str, message_id: str) -> str:
    """Half of the hash names the chat as surely; it stands in a row and an index for every message."""
    return f"chat:{token_hash[:HALF_A_HASH]}:{message_id}"


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
    _keep_text(tx, plan)
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
    key = inbox_key(token_hash, said.id)
    if earlier := tx.peek(Inbound, key):
        return _same_answer(tx, chat, earlier)
    if said.text is not None and len(said.text) > LONGEST_TEXT:
        raise TooLong(TooLong.__doc__)
    if chat.seq >= MOST_MESSAGES:
        raise ChatIsFull(ChatIsFull.__doc__)
    heard = _keep_said(tx, chat, said)
    talk = talk_of(tx, chat)
    chat.spoke_at = tx.now
    if chat.rep_id is not None:
        talk.listen(said.text)
        begin_to_wait(tx, chat)
    else:
        _answer(tx, talk, said)
    reply = _finish(tx, chat, talk, heard)
    _tell_the_thread(tx, chat, heard)
    tx.add(Inbound(key=key, answer={"first": heard.seq, "last": chat.seq, **_place(reply)}, at=tx.now))
    return reply


def _answer(tx: Transaction, talk: Talk, said: Said) -> None:
    if talk.interview.state is State.ABANDONED:
        talk.interview.fire("come_back")
        tx.record(InterviewResumed(lead_id=talk.lead.id, by=PROSPECT))
    talk.hear(text=said.text, choice=said.choice)


def _tell_the_thread(tx: Transaction, chat: Chat, heard: Message) -> None:
    """The lead's thread follows while a person talks or is asked for."""
    mirror.show(tx, chat, heard)
    if chat.state == State.HANDED_OVER:
        mirror.follow(tx, chat)
    else:
        chat.follows = False


def topic_asked_in(chat: Chat, text: str | None) -> str | None:
    """What the bot waits for, from the chat's row and the text of its playbook (None: the current one)."""
    waiting = chat.state in (State.ASKING, State.ABANDONED, State.HANDED_OVER)
    playbook = read_playbook(text) if text is not None else shipped_playbook()
    return playbook.question(chat.question).about if chat.question and waiting else None


def chat_of(tx: Transaction, token_hash: str) -> Chat:
    """The talk its token, or the one a link in the receipt made, opens. Raises ChatNotFound."""
    chat = tx.first(Chat, "token_hash", token_hash) or tx.first(Chat, "again_hash", token_hash)
    if chat is None:
        raise ChatNotFound(ChatNotFound.__doc__)
    return chat


def fall_silent(tx: Transaction, timer: Timer) -> None:
    """The chat has had no answer for too long: it is abandoned, what was said is kept (M27)."""
    chat = tx.get(Chat, timer.subject_id)
    timer.status, timer.settled_at = TimerStatus.DONE, tx.now
    talk = talk_of(tx, chat)
    if talk.interview.state not in (State.ASKING, State.CONFIRMING):
        return
    talk.go_quiet()
    _save(chat, talk.interview)


def talk_of(tx: Transaction, chat: Chat) -> Talk:
    """The talk as it stands, ready for one turn."""
    lead = tx.get(Lead, chat.lead_id) if chat.lead_id else None
    today = tx.now.astimezone(tx.policy.working_hours.zone).date()
    known = fresh(leads.known_of(tx, lead), tx.policy, today=today) if lead else Known()
    asked = chat.asked
    interview = Interview(
        playbook=_playbook_of(tx, chat),
        state=State(chat.state),
        known=known,
        question=chat.question,
        asked=dict(asked.get("tries", {})),
        passed=set(asked.get("passed", ())),
        reopened=asked.get("reopened"),
        closed_stages=out_of_reach(known, tx.policy, today=today),
        was_completed=chat.left_in == State.COMPLETED,
    )
    return Talk(tx, chat, interview, lead)


def _playbook_of(tx: Transaction, chat: Chat) -> Playbook:
    current = shipped_playbook()
    if current.version == chat.playbook:
        return current
    return read_playbook(tx.get(PlaybookText, chat.playbook).text)


def _keep_text(tx: Transaction, playbook: Playbook) -> None:
    if tx.peek(PlaybookText, playbook.version) is None:
        tx.add(PlaybookText(version=playbook.version, name=playbook.name, text=playbook.text, at=tx.now))


def _keep_said(tx: Transaction, chat: Chat, said: Said) -> Message:
    chat.seq += 1
    facts = {"of": _words_of_choice(chat), "value": said.choice} if said.choice is not None else None
    return tx.add(Message(chat_id=chat.id, seq=chat.seq, sender=PROSPECT, text=said.text, facts=facts, at=tx.now))


def _words_of_choice(chat: Chat) -> str:
    return chat.asked.get("offered") or chat.question or "common"


def _keep_say(tx: Transaction, chat: Chat, say: Say) -> Message:
    chat.seq += 1
    return tx.add(
        Message(
            chat_id=chat.id,
            seq=chat.seq,
            sender="bot",
            prompt=say.prompt,
            facts=say.facts,
            choices=say.choices.as_json() if say.choices else None,
            at=tx.now,
        )
    )


def _finish(tx: Transaction, chat: Chat, talk: Talk, *heard: Message) -> Reply:
    messages = (*heard, *keep_words(tx, chat, talk))
    return reply_of(chat, messages, state=chat.state, question=talk.topic_asked)


def reply_of(chat: Chat, messages: tuple[Message, ...], *, state: str, question: str | None) -> Reply:
    return Reply(
        messages=messages,
        language=chat.language,
        state=state,
        question=question,
        person=chat.rep_name if chat.rep_id else None,
        typing=chat.held > 0,
        tracking=chat.tracking,
    )


def keep_words(tx: Transaction, chat: Chat, talk: Talk) -> list[Message]:
    """What the bot said in this turn, kept in order, with the place the interview has come to."""
    said = [_keep_say(tx, chat, say) for say in talk.says]
    _save(chat, talk.interview)
    offered = next((say.choices.of for say in reversed(talk.says) if say.choices), None)
    chat.asked = {**chat.asked, "offered": offered}
    if chat.lead_id:
        _arm_silence(tx, chat)
    return said


def _save(chat: Chat, interview: Interview) -> None:
    chat.state = interview.state
    chat.question = interview.question
    chat.asked = {
        "tries": interview.asked,
        "passed": sorted(interview.passed),
        "reopened": interview.reopened,
        "offered": chat.asked.get("offered"),
    }


def _arm_silence(tx: Transaction, chat: Chat) -> None:
    open_now = chat.state in (State.ASKING, State.CONFIRMING)
    due_at = tx.now + timedelta(minutes=tx.policy.silence.interview_minutes)
    timer = next((row for row in tx.find(Timer, "subject_id", chat.id) if row.kind == SILENCE_TIMER), None)
    if timer is None:
        if open_now:
            tx.add(_silence_timer(tx, chat, due_at))
        return
    timer.status = TimerStatus.WAITING if open_now else TimerStatus.DROPPED
    timer.due_at = due_at


def _silence_timer(tx: Transaction, chat: Chat, due_at: datetime) -> Timer:
    return Timer(
        id=tx.new_id(),
        key=f"{SILENCE_TIMER}:{chat.id}",
        kind=SILENCE_TIMER,
        subject_id=chat.id,
        step="silence",
        status=TimerStatus.WAITING,
        due_at=due_at,
    )


def _same_answer(tx: Transaction, chat: Chat, earlier: Inbound) -> Reply:
    answer = earlier.answer
    rows = [row for row in tx.find(Message, "chat_id", chat.id) if answer["first"] <= row.seq <= answer["last"]]
    messages = tuple(sorted(rows, key=lambda row: row.seq))
    return reply_of(chat, messages, state=answer["state"], question=answer["question"])


def _place(reply: Reply) -> dict[str, str | None]:
    return {"state": reply.state, "question": reply.question}
