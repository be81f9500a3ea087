"""What happened to a lead, in the past tense. Each is one row of its history.

`by` is who did it: "prospect", "bot", "clock", "policy", or a rep's id.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

BOT = "bot"
CLOCK = "clock"
POLICY = "policy"
IMPORT = "import"  # where the rows of a list come from
OPERATOR = "operator"  # whoever sits at the command line

PLAIN = frozenset({str, int, bool, type(None)})


@dataclass(frozen=True, kw_only=True)
class Event:
    lead_id: str
    by: str

    @property
    def kind(self) -> str:
        return kind_of(type(self))

    def facts(self) -> dict[str, Any]:
        """What is particular about it, as JSON takes it."""
        facts = vars(self).copy()
        del facts["lead_id"], facts["by"]
        return {name: fact if type(fact) in PLAIN else _plain(fact) for name, fact in facts.items()}


def kind_of(event: type[Event]) -> str:
    """An event's name as it stands in the history: StageMoved is stage_moved."""
    return _in_snake_case(event.__name__)


@cache
def _in_snake_case(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)[1:]


def _plain(fact: Any) -> Any:
    if isinstance(fact, datetime):
        return fact.isoformat()
    return list(fact) if isinstance(fact, tuple) else fact


@dataclass(frozen=True, kw_only=True)
class LeadCaptured(Event):
    via: str


@dataclass(frozen=True, kw_only=True)
class AnswerGiven(Event):
    """The answer itself says which (qualification/timeline.py)."""


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    """The prospect asked us something a person has to answer. `mirrored`: the thread has these words anyway."""

    words: str
    mirrored: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageLeft(Event):
    """The prospect wrote something after the interview was over; a person reads it. `mirrored`: as above."""

    words: str
    mirrored: bool = False


@dataclass(frozen=True, kw_only=True)
class NoteKept(Event):
    """Words about the lead that came with a list and fit no field."""

    words: str


@dataclass(frozen=True, kw_only=True)
class LeadsMerged(Event):
    """Another record of the same person went into this one; `same` says by what they were known to be one (D29)."""

    merged_id: str
    same: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    merged_id: str


@dataclass(frozen=True, kw_only=True)
class KeptApart(Event):
    """Another record looks like the same person, and somebody said that it is not (D29)."""

    other_id: str


@dataclass(frozen=True, kw_only=True)
class PersonWanted(Event):
    words: str


@dataclass(frozen=True, kw_only=True)
class DocumentWanted(Event):
    """They asked, in this form, for a document that a colleague has to send; also who wants no contact otherwise."""

    form: str
    opted_out: bool


@dataclass(frozen=True, kw_only=True)
class ChatTaken(Event):
    """A rep talks with the prospect in place of the bot; what the rep writes is held for so many seconds."""

    hold_seconds: int
    internal_prefix: str


@dataclass(frozen=True, kw_only=True)
class ChatReturned(Event):
    """The rep gave the chat back to the bot."""


@dataclass(frozen=True, kw_only=True)
class ProspectReplied(Event):
    """The prospect wrote after a person of ours had written, by mail or in the chat: a two-way contact (D11)."""

    answered: str
    via: str


@dataclass(frozen=True, kw_only=True)
class ProspectWaits(Event):
    """The rep who took the chat over has not answered for so many minutes.

    `people` are called; `in_chat` is that rep where others are called beside them or in their place: the lead's owner,
    who has it by now, or those who stand in for `stands_in_for`.
    """

    minutes: int
    people: tuple[str, ...] = ()
    in_chat: str = ""
    stands_in_for: str | None = None


@dataclass(frozen=True, kw_only=True)
class LineTooLate(Event):
    """A rep changed or deleted a line the prospect had already seen."""


@dataclass(frozen=True, kw_only=True)
class InterviewClosed(Event):
    state: str


@dataclass(frozen=True, kw_only=True)
class InterviewResumed(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class StageMoved(Event):
    before: str
    after: str
    rule: str
    policy: str
    evidence: tuple[str, ...]
    words: str | None = None
    score: int | None = None


@dataclass(frozen=True, kw_only=True)
class LeadOffered(Event):
    """A TQL satisfies the rule of SQL, so sales is asked about it; `rule` is the duty to decide (M39)."""

    rule: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ResultTold(Event):
    """What became of the deal (M80, M89); the amount in whole yen, dollars, ..."""

    result: str
    amount: int | None = None
    currency: str | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class OwnerChanged(Event):
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class HandedBack(Event):
    """Sales gives a lead back. `is_nobodys`: it was accepted before, so nobody answers for it now (M15)."""

    reason: str
    is_nobodys: bool = False


@dataclass(frozen=True, kw_only=True)
class Undone(Event):
    """Something done on the lead at `since` was taken back. `clock_runs`: a duty of first contact is open again.

    `managers_know`: the managers had been told of it.
    """

    deed: str
    since: datetime
    clock_runs: bool
    managers_know: bool = False


@dataclass(frozen=True, kw_only=True)
class CallLogged(Event):
    outcome: str
    grade: str
    note: str
    call_back_at: datetime | None = None
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class MailQueued(Event):
    template: str
    to: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class MailAccepted(Event):
    """The mail server took a personal mail: an attempt with its proof, the Message-ID (D11)."""

    to: str
    subject: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class MailFailed(Event):
    to: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class FollowUpOpened(Event):
    """The clock itself says which (qualification/timeline.py)."""


@dataclass(frozen=True, kw_only=True)
class AlertRerouted(Event):
    """An alert could not go where it should; `to` is where it went: a channel's id, or "mail"."""

    key: str
    to: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class StepTaken(Event):
    """A reminder or an escalation whose time had come; `again`: once more after "I have seen it".

    `people` are called in the lead's thread, `managers` in the managers' channel (none: those of the settings).
    """

    follow_up_id: str
    rule: str
    step: str
    tells: str
    due_at: datetime
    late: bool
    asks: str = "contact"
    people: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    stands_in_for: str | None = None
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class FollowUpMet(Event):
    rule: str
    grade: str
    evidence: str
    minutes: int
    late: bool
    system_seconds: int | None = None
    human_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUpCancelled(Event):
    rule: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FollowUpSnoozed(Event):
    rule: str
    until: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class FollowUpRecounted(Event):
    """The hours or the rules were edited: the due instant before and after; `kept` says why nothing moved."""

    rule: str
    old_due_at: datetime
    due_at: datetime
    policy: str
    kept: str | None = None
    edited: str = "hours"


@dataclass(frozen=True, kw_only=True)
class FollowUpSeen(Event):
    """ "I have seen it": until then nothing is said again."""

    rule: str
    step: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class OwnerAway(Event):
    """The owner of a lead on a clock is away; `people` stand in, or the channel when there are none."""

    stands_in_for: str | None
    people: tuple[str, ...]
    back_at: datetime


@dataclass(frozen=True, kw_only=True)
class NobodyCalled(Event):
    """The prospect says that nobody called. `evidence` is what had stopped the clock, `stopped_by` whose it was."""

    rule: str
    generation: int
    due_at: datetime
    evidence: str | None = None
    stopped_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class SoonerWanted(Event):
    """The prospect would like to hear from us before the clock is due; the promise stays what it was."""

    rule: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReceiptMailed(Event):
    """The mail server took the mail a prospect asked for: what we understood, and by when somebody calls."""

    to: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class ReceiptMailFailed(Event):
    """The mail a prospect asked for can never arrive; `problem` says why."""

    to: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class CallBackDue(Event):
    """The instant a prospect asked to be called back has come."""


@dataclass(frozen=True, kw_only=True)
class TimeframePassed(Event):
    """The time an accepted lead wanted to start has come and gone; somebody asks again (D21)."""


@dataclass(frozen=True, kw_only=True)
class LeadWoken(Event):
    """The time named by a lead that was not ready draws near: it is back, and somebody calls (N22)."""


@dataclass(frozen=True, kw_only=True)
class StayedSilent(Event):
    """Somebody we reached before has not answered for so many working days; the rep is asked what to do (D15)."""

    days: int


@dataclass(frozen=True, kw_only=True)
class OptedOut(Event):
    """The prospect asked us to stop: nobody contacts them. With `deletion`, a person deletes what we hold of them."""

    words: str
    deletion: bool = False


@dataclass(frozen=True, kw_only=True)
class LeadErased(Event):
    """What we held on this person is gone for good; this line is all that is left of the history."""


@dataclass(frozen=True, kw_only=True)
class TalkDeleted(Event):
    """The prospect deleted their talk while a person of ours was in it; `people` are told."""

    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TalkErased(Event):
    """A talk that led nowhere is gone for good; the lead is known from elsewhere, too, and stays."""
