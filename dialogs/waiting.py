"""A prospect who writes to a person should not wait unheard: after some minutes without an answer the rep is rung.

the prospect writes -- answer_minutes --> whoever is in the chat is mentioned in the thread, once,
                                          and the owner with them, where the lead was given to somebody else meanwhile;
                                          of who is away those who stand in
                    -- a line of the rep, or back to the bot --> nobody is
"""

from datetime import timedelta

from dialogs.records import Chat
from dialogs.whose import lead_of
from qualification import timers
from qualification.audience import called_on
from qualification.events import CLOCK, ProspectWaits
from qualification.records import Lead, Timer
from qualification.store import Transaction
from qualification.timers import TimerStatus

UNANSWERED = "unanswered"


def begin_to_wait(tx: Transaction, chat: Chat) -> None:
    """The first message without an answer counts."""
    due_at = tx.now + timedelta(minutes=tx.policy.live.answer_minutes)
    timer = _timer_of(tx, chat)
    if timer is None:
        tx.add(timers.timer_at(due_at, UNANSWERED, chat.id))
    elif timer.status != TimerStatus.WAITING:
        timers.wait_anew(timer, until=due_at)


def wait_no_more(tx: Transaction, chat: Chat) -> None:
    """Somebody answered, or the bot talks again: nobody is rung."""
    timer = _timer_of(tx, chat)
    if timer is not None:
        timers.drop(tx, timer)


def waited_long(tx: Transaction, timer: Timer) -> None:
    """The minutes are over: whoever talks with the prospect is rung, once."""
    timers.done(tx, timer)
    chat = tx.get(Chat, timer.subject_id)
    if chat.rep_id is not None:
        lead = lead_of(tx, chat)
        assert lead is not None  # only the chat of a lead can be taken over
        people, absent = _whom_to_call(tx, lead, chat.rep_id)
        tx.record(
            ProspectWaits(
                lead_id=lead.id,
                by=CLOCK,
                minutes=tx.policy.live.answer_minutes,
                people=people,
                in_chat="" if people == (chat.rep_id,) else chat.rep_id,
                stands_in_for=absent,
            )
        )


def _whom_to_call(tx: Transaction, lead: Lead, in_chat: str) -> tuple[tuple[str, ...], str | None]:
    """The rep in the chat and the owner, and for whom the others stand in; nobody by name: the whole channel (D12)."""
    rep = called_on(tx, in_chat)
    if lead.owner_id in (None, in_chat):
        return rep.people, rep.stands_in_for
    owner = called_on(tx, lead.owner_id)
    here = tuple(one for one in rep.people if one == in_chat)
    return tuple(dict.fromkeys((*here, *owner.people))), owner.stands_in_for


def _timer_of(tx: Transaction, chat: Chat) -> Timer | None:
    return next((row for row in tx.find(Timer, "subject_id", chat.id) if row.kind == UNANSWERED), None)
