"""What a rep writes to the prospect: held for some seconds, in which it can be changed or recalled, then sent in order.

held -- the window is over --> sent: a message of the talk
  |  changed: the new words will be sent           changed or deleted later: the rep hears that it is too late
  |  deleted: recalled, nobody ever sees it
internal: a remark for colleagues, and it stays one, whatever it is changed to
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from dialogs.messages import Message, messages_of
from dialogs.records import Chat, RepLine, Turn
from dialogs.waiting import wait_no_more
from dialogs.whose import lead_of
from qualification import timers
from qualification.answers import PROSPECT
from qualification.contact import Evidence, Grade
from qualification.events import LineTooLate
from qualification.followup import record_contact
from qualification.records import Lead, Timer
from qualification.store import Transaction

HELD_LINE = "held_line"
CHAT = "chat"


class LineStatus(StrEnum):
    HELD = "held"
    SENT = "sent"
    RECALLED = "recalled"
    INTERNAL = "internal"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line as its door knows it: `key` names it, `mark` says when it was written, in the order of its door."""

    key: str
    mark: str
    text: str


def is_internal(tx: Transaction, line: Line) -> bool:
    """Whether it is a remark for colleagues."""
    return line.text.lstrip().startswith(tx.policy.live.internal_prefix)


def hold(tx: Transaction, chat: Chat, line: Line, *, by: str) -> None:
    """A line for the prospect, or a remark for colleagues. The same line twice is held once."""
    if tx.first(RepLine, "key", line.key) is not None or not line.text.strip():
        return
    internal = is_internal(tx, line)
    row = _add(tx, chat, line, by=by, status=LineStatus.INTERNAL if internal else LineStatus.HELD)
    if not internal:
        chat.held += 1
        _set_timer(tx, row)


def change(tx: Transaction, chat: Chat, line: Line, *, by: str) -> None:
    """The words were edited: they replace what waits; what was sent is sent, and the rep hears of it.

    Without any words left it is as if the line were deleted.
    """
    if not line.text.strip():
        recall(tx, chat, line, by=by)
        return
    row = tx.first(RepLine, "key", line.key)
    if row is None:
        hold(tx, chat, line, by=by)
    elif row.status == LineStatus.HELD and is_internal(tx, line):
        _settle(chat, row, LineStatus.INTERNAL)
    elif row.status == LineStatus.HELD:
        row.text = line.text
    elif row.status == LineStatus.SENT and line.text != row.text:
        tx.record(LineTooLate(lead_id=_lead_of(tx, chat).id, by=by))


def recall(tx: Transaction, chat: Chat, line: Line, *, by: str) -> None:
    """The line was deleted: what waits is never seen. A deletion that overtakes its line stops it all the same."""
    row = tx.first(RepLine, "key", line.key)
    if row is None:
        _add(tx, chat, line, by=by, status=LineStatus.RECALLED)
    elif row.status == LineStatus.HELD:
        _settle(chat, row, LineStatus.RECALLED)
    elif row.status == LineStatus.SENT:
        tx.record(LineTooLate(lead_id=_lead_of(tx, chat).id, by=by))


def line_due(tx: Transaction, timer: Timer) -> None:
    """The window of one line is over: it goes out, after every earlier one whose window is over too."""
    timers.done(tx, timer)
    row = tx.get(RepLine, timer.subject_id)
    _send(tx, tx.get(Chat, row.chat_id), everything=False)


def send_what_is_held(tx: Transaction, chat: Chat) -> None:
    """The rep leaves the talk: what was written before goes out before anything else is said."""
    _send(tx, chat, everything=True)


def _send(tx: Transaction, chat: Chat, *, everything: bool) -> None:
    held = [row for row in tx.find(RepLine, "chat_id", chat.id) if row.status == LineStatus.HELD]
    for row in sorted(held, key=lambda row: row.mark):
        if everything or row.due_at <= tx.now:
            _send_one(tx, chat, row)


def _send_one(tx: Transaction, chat: Chat, row: RepLine) -> None:
    _settle(chat, row, LineStatus.SENT)
    chat.seq += 1
    chat.rep_seq = row.seq = chat.seq
    _keep(tx, chat, Message(seq=chat.seq, sender="rep", text=row.text, facts={"name": chat.rep_name}, at=tx.now))
    wait_no_more(tx, chat)
    if _is_there(tx, chat):
        count_contact(tx, chat, Grade.ATTEMPT, by=row.rep_id)


def _keep(tx: Transaction, chat: Chat, line: Message) -> None:
    at = line.seq
    tx.add(Turn(chat_id=chat.id, first=at, last=at, said=[line.kept()], state=chat.state, at=line.at))


def _is_there(tx: Transaction, chat: Chat) -> bool:
    """A line to an empty room is no attempt: the prospect wrote not longer ago than we wait for an answer (D11)."""
    return tx.now - chat.spoke_at <= timedelta(minutes=tx.policy.silence.interview_minutes)


def count_contact(tx: Transaction, chat: Chat, grade: Grade, *, by: str) -> None:
    """What was written to the prospect, and what came back, is contact with its evidence."""
    record_contact(tx, _lead_of(tx, chat), grade, Evidence(kind=CHAT, detail=f"message {chat.seq}"), by=by)


def unanswered_lines(tx: Transaction, chat: Chat, heard: int) -> list[RepLine]:
    """The lines of a rep who has left to which message `heard` is the first word of the prospect, in their order."""
    if chat.rep_id is not None or chat.rep_seq is None:
        return []
    said = messages_of(tx.find(Turn, "chat_id", chat.id), None)
    spoke = max((one.seq for one in said if one.sender == PROSPECT and one.seq < heard), default=0)
    if chat.rep_seq < spoke:
        return []
    return _in_order(row for row in tx.find(RepLine, "chat_id", chat.id) if (row.seq or 0) > spoke)


def first_line(tx: Transaction, chat: Chat) -> RepLine | None:
    """What whoever is in the talk now said first; None where only lines from before they came are known."""
    since = chat.rep_mark or ""
    said = _in_order(row for row in tx.find(RepLine, "chat_id", chat.id) if row.seq and row.mark >= since)
    return next(iter(said), None)


def _in_order(sent: Iterable[RepLine]) -> list[RepLine]:
    return sorted(sent, key=lambda row: row.seq or 0)


def _lead_of(tx: Transaction, chat: Chat) -> Lead:
    lead = lead_of(tx, chat)
    assert lead is not None  # only the chat of a lead can be taken over
    return lead


def _add(tx: Transaction, chat: Chat, line: Line, *, by: str, status: LineStatus) -> RepLine:
    return tx.add(
        RepLine(
            id=tx.ordered_id(),
            key=line.key,
            chat_id=chat.id,
            rep_id=by,
            mark=line.mark,
            text=line.text,
            status=status,
            due_at=tx.now + timedelta(seconds=tx.policy.live.hold_seconds),
            at=tx.now,
        )
    )


def _set_timer(tx: Transaction, row: RepLine) -> None:
    tx.add(timers.timer_at(row.due_at, HELD_LINE, row.id))


def _settle(chat: Chat, row: RepLine, status: LineStatus) -> None:
    row.status = status
    chat.held -= 1
