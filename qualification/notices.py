"""Who hears about what: one table from what happened to what is said about it.

    card    the lead's one living message is drawn again, at once when a person acts or has to
    note    a line in the lead's thread: history, nobody is rung
    ring    a line in the lead's thread that mentions whoever must act
    mirror  the prospect's own words in the lead's thread, while a person is in the talk or asked for
    alarm   the managers' channel and the lead's thread, once each; by mail when Slack does not take it;
            edited where it hangs when the contact was made, or taken back

Nothing below a qualified stage reaches Slack, except a wish for a person, a document that a colleague has to send, and
leads a rep made (M86, D17).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from qualification import events, leads, outbox
from qualification.answers import PROSPECT
from qualification.clock_rules import Tells
from qualification.followup import open_follow_up_of
from qualification.outbox import STEP, Message, OutboundStatus
from qualification.records import Answer, History, Lead, Outbound
from qualification.stages import Stage, is_at_least
from qualification.store import Transaction
from qualification.tombstones import living
from qualification.writing.blanks import BLANK, Form
from qualification.writing.rows import Values

NOTE = "note"
RING = "ring"
ALARM = "alarm"
MAIL = "mail"
BURST = "burst"  # many alarms, rings or held-back leads in one message
MIRROR = "mirror"
ALERT_MAIL = "alert_mail"  # to the managers, when Slack does not take an alarm
TROUBLE = "trouble"  # to the managers: something will never appear in Slack
RECEIPT_MAIL = "receipt_mail"  # to a prospect who asked for it


class Taker(Protocol):
    """A clock that takes a step, and where Slack shows its lead, if it does."""

    @property
    def clock_id(self) -> str: ...

    @property
    def lead_id(self) -> str: ...

    @property
    def clock_due_at(self) -> datetime: ...

    @property
    def channel(self) -> str | None: ...


NOTED: frozenset[type[events.Event]] = frozenset(
    {
        events.QuestionAsked,
        events.MessageLeft,
        events.StageMoved,
        events.ResultTold,
        events.OwnerChanged,
        events.HandedBack,
        events.CallLogged,
        events.MailAccepted,
        events.ReceiptMailFailed,
        events.FollowUpMet,
        events.FollowUpCancelled,
        events.FollowUpSeen,
        events.FollowUpRecounted,
        events.InterviewClosed,
        events.InterviewResumed,
        events.ChatTaken,
        events.ChatReturned,
        events.ProspectReplied,
        events.LineTooLate,
        events.OptedOut,
        events.Undone,
        events.NoteKept,
        events.LeadsMerged,
        events.MergeUndone,
        events.KeptApart,
    }
)
RUNG: frozenset[type[events.Event]] = frozenset(
    {
        events.PersonWanted,
        events.DocumentWanted,
        events.CallBackDue,
        events.ProspectWaits,
        events.TalkDeleted,
        events.TimeframePassed,
        events.LeadWoken,
        events.LeadOffered,
        events.StayedSilent,
        events.MailFailed,
        events.OwnerAway,
        events.NobodyCalled,
        events.SoonerWanted,
    }
)
ALARMED: frozenset[type[events.Event]] = frozenset({events.NobodyCalled})  # beside the ring in the thread
SETTLES: frozenset[type[events.Event]] = frozenset({events.FollowUpMet, events.FollowUpCancelled, events.Undone})
CHANGES_HANDS: frozenset[type[events.Event]] = frozenset({events.OwnerChanged, events.Undone})
SILENT: frozenset[type[events.Event]] = frozenset(
    {
        events.MailQueued,
        events.FollowUpOpened,
        events.AnswerGiven,
        events.AlertRerouted,
        events.LeadErased,
        events.TalkErased,
        events.ReceiptMailed,
    }
)

TOLD_BY_ITS_OWN_ROW: frozenset[type[events.Event]] = frozenset({events.AnswerGiven, events.FollowUpOpened})

# Machine-made changes of the card that nobody has to act on: many of them become one edit.
CALM: frozenset[type[events.Event]] = frozenset(
    {
        events.AnswerGiven,
        events.InterviewClosed,
        events.InterviewResumed,
        events.MailAccepted,
        events.MessageLeft,
        events.QuestionAsked,
    }
)
CALM_FOR = timedelta(seconds=45)
HANGS = (OutboundStatus.SENDING, OutboundStatus.SENT)

_FIRST_WORD: dict[type[events.Event], Callable[[Transaction, Lead, events.Event], bool]] = {
    events.StageMoved: lambda tx, lead, event: leads.is_qualified(tx, lead),
    events.PersonWanted: lambda tx, lead, event: True,
    events.DocumentWanted: lambda tx, lead, event: True,
    events.NobodyCalled: lambda tx, lead, event: True,
    events.LeadWoken: lambda tx, lead, event: True,
    events.CallBackDue: lambda tx, lead, event: True,
    events.LeadCaptured: lambda tx, lead, event: _is_made_by_a_rep(lead, event),
}


def _is_made_by_a_rep(lead: Lead, event: events.Event) -> bool:
    """Leads of a list come by the thousand: they ring when they have earned it."""
    return lead.origin == "outbound" and event.facts()["via"] != events.IMPORT


def tell(tx: Transaction, event: events.Event) -> None:
    """Write the event into the lead's history, unless a row tells it, and queue what has to be said about it.

    Raises DataErased.
    """
    lead = tx.get(Lead, event.lead_id)
    living(tx, lead)
    if type(event) not in TOLD_BY_ITS_OWN_ROW:
        tx.add(History(lead_id=event.lead_id, kind=event.kind, by=event.by, data=event.facts(), at=tx.now))
    if lead.channel is None and not _deserves_first_word(tx, lead, event):
        return
    if is_new := lead.channel is None:
        lead.channel = tx.policy.routing.channels.get(lead.language, "")  # type: ignore[call-overload]  # ja or en
    outbox.refresh(tx, lead.id, within=_may_wait(event))
    if type(event) in SETTLES:
        _go_on_with_alarms(tx, lead)
    if type(event) in CHANGES_HANDS:
        _go_on_with_rings(tx, lead)
    _say(tx, event, rings=not is_new and _is_over_the_line(tx, lead, event))


def _is_over_the_line(tx: Transaction, lead: Lead, event: events.Event) -> bool:
    """Whether a lead whose card hangs already is qualified now, and nobody knows: a new card would ring (M85).

    Whoever has it needs no call for what a colleague did to it; a clock that runs has called somebody before.
    """
    if not isinstance(event, events.StageMoved) or event.by == events.CLOCK:
        return False
    line = Stage(leads.stages_for(tx, lead).qualified_from)
    if is_at_least(Stage(event.before), line) or not leads.is_qualified(tx, lead):
        return False
    return open_follow_up_of(tx, lead) is None and (lead.owner_id is None or not _is_in_hand(tx, lead))


def _is_in_hand(tx: Transaction, lead: Lead) -> bool:
    """Whether a person of ours is just at work on it: with a call, a form, a merge."""
    acted = (row.by for row in tx.added(History) if row.lead_id == lead.id)
    noted = (row.said_by or PROSPECT for row in tx.added(Answer) if row.lead_id == lead.id)
    return any(who not in leads.OURSELVES for who in (*acted, *noted))


def _go_on_with_alarms(tx: Transaction, lead: Lead) -> None:
    """What hangs in the managers' channel, or is about to, says who made the contact, or that it is owed again."""
    for row in tx.find(Outbound, "lead_id", lead.id):
        if row.kind == ALARM and row.status in HANGS:
            outbox.say_again(tx, row)


def _go_on_with_rings(tx: Transaction, lead: Lead) -> None:
    """What was said aloud of a lead that nobody had says who has it, or asks once more for somebody."""
    hang: dict[str, Outbound] = {}  # several steps may have said theirs in one line, and the last of them counts
    for row in tx.find(Outbound, "lead_id", lead.id):
        if row.kind == RING and row.status in HANGS and _is_said_aloud(row):
            hang[str((row.receipt or {}).get("ts") or row.id)] = row
    for row in hang.values():
        outbox.say_again(tx, row)


def _is_said_aloud(row: Outbound) -> bool:
    return row.payload.get("event") == STEP and not row.payload["facts"].get("people")


def _may_wait(event: events.Event) -> timedelta:
    """How long the card may show what was before; what a person of ours pressed shows at once."""
    made_by_machine = event.by in (PROSPECT, events.BOT, events.CLOCK, events.POLICY)
    return CALM_FOR if made_by_machine and type(event) in CALM else outbox.AT_ONCE


def _deserves_first_word(tx: Transaction, lead: Lead, event: events.Event) -> bool:
    decide = _FIRST_WORD.get(type(event))
    return decide is not None and decide(tx, lead, event)


def _say(tx: Transaction, event: events.Event, *, rings: bool) -> None:
    if _concerns_managers(event):
        _queue(tx, event, NOTE)
        _queue(tx, event, ALARM)
    elif rings or type(event) in RUNG or is_given_away(event):
        _queue(tx, event, RING)
        if type(event) in ALARMED:
            _queue(tx, event, ALARM)
    elif type(event) in NOTED and not getattr(event, "mirrored", False):
        _queue(tx, event, NOTE)


def _concerns_managers(event: events.Event) -> bool:
    """What a rep does to a duty, or takes back of it."""
    if isinstance(event, events.HandedBack):
        return event.is_nobodys
    return isinstance(event, events.FollowUpSnoozed) or (isinstance(event, events.Undone) and event.managers_know)


def ring(tx: Transaction, event: events.Event) -> None:
    """A line alone, in the thread of a lead whose history may be gone by now."""
    _queue(tx, event, RING)


def tell_steps(tx: Transaction, steps: Iterable[tuple[events.StepTaken, Sequence[Taker]]]) -> None:
    """The same for steps of clocks that fell together: as the first clock takes it, with all that take it likewise."""
    kind = events.kind_of(events.StepTaken)
    history: list[Values] = []
    said: list[Message] = []
    for step, clocks in steps:
        facts, ways = step.facts() | {"follow_up_id": BLANK, "due_at": BLANK}, _ways_of(step)
        data, payload = Form(facts), Form({"event": kind, "by": step.by, "facts": facts})
        for clock in clocks:
            own = clock.clock_id, clock.clock_due_at.isoformat()
            history.append({"lead_id": clock.lead_id, "data": data.filled(own)})
            for how, suffix in ways if clock.channel is not None else ():
                key = told_key(clock.clock_id, step.step) + suffix
                said.append(Message(key=key, kind=how, lead_id=clock.lead_id, payload=payload.filled(own)))
    tx.add_many(History, history, alike={"kind": kind, "by": events.CLOCK, "at": tx.now})
    outbox.say_many(tx, said)


def _ways_of(step: events.StepTaken) -> tuple[tuple[str, str], ...]:
    """Of a step that leaves the team the managers' channel hears, and the lead's thread, under a key of its own."""
    return ((ALARM, ""), (RING, ":thread")) if Tells(step.tells).is_above else ((RING, ""),)


def told_key(follow_up_id: str, step: str) -> str:
    """The outbox key of the message that tells a step."""
    return f"step:{follow_up_id}:{step}"


def is_given_away(event: events.Event) -> bool:
    """Whether somebody has to hear that a lead is theirs now: who takes one knows it."""
    return isinstance(event, events.OwnerChanged) and event.after is not None and event.after != event.by


def _queue(tx: Transaction, event: events.Event, kind: str) -> None:
    outbox.queue(tx, key=None, kind=kind, lead_id=event.lead_id, payload=_payload(event, event.facts()))


def _payload(event: events.Event, facts: dict[str, Any]) -> dict[str, Any]:
    return {"event": event.kind, "by": event.by, "facts": facts}
