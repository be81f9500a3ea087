"""What a person did on a lead, and how it is taken back within five minutes (D23).

    done      every column it changed is written down with its value before and after, and every row it made
    undone    the same in reverse: the clock is what it was, and the history keeps both

It is refused when five minutes are over, or when something it changed has been changed again since. A step of the
clock that was taken stays taken: only steps the deed itself had silenced wait again, so none fires twice. The lead's
generation only grows; a follow-up that the deed had opened stays behind as undone, and so does one that began since
in place of a clock that runs again. Where Slack shows the lead stays: its card hangs there. A mail that went out after
a call is contact of its own, and meets the clock that runs again.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel

from qualification import activities, duplicates, leads, outbox, replies, timers
from qualification.clock_rules import FIRST_CONTACT
from qualification.deals import RESULT_TOLD
from qualification.events import Undone
from qualification.followup import (
    Status,
    never_ran,
    open_follow_up_of,
    open_follow_ups_of,
    show_due,
    show_whether_owed,
)
from qualification.notices import ALARM, NOTE, RING
from qualification.one_person import records_of
from qualification.outbox import OutboundStatus
from qualification.records import Activity, Answer, Deed, FollowUp, Lead, Outbound, Timer
from qualification.store import Transaction
from qualification.writing.rows import key_of, model_of, values_of

UNDO_WITHIN = timedelta(minutes=5)
UNDO_TIMER = "undo_is_over"
APART, MERGED = "apart", "merged"  # the other lead
FOLLOWS = "follows"  # in what is said: the deed it came of


class Kind(StrEnum):
    CLAIM = "claim"
    CALL = "call"
    ACCEPT = "accept"
    HAND_BACK = "hand_back"
    CONFIRM = "confirm"
    SNOOZE = "snooze"
    REASSIGN = "reassign"
    MERGE = "merge"
    KEEP_APART = duplicates.KEEP_APART
    RESULT = RESULT_TOLD


# The line in the lead's thread that tells of it, and carries the button that takes it back.
SAID_AS: dict[Kind, str] = {
    Kind.CLAIM: "owner_changed",
    Kind.CALL: "call_logged",
    Kind.ACCEPT: "stage_moved",
    Kind.HAND_BACK: "handed_back",
    Kind.CONFIRM: "stage_moved",
    Kind.SNOOZE: "follow_up_snoozed",
    Kind.REASSIGN: "owner_changed",
    Kind.MERGE: "leads_merged",
    Kind.KEEP_APART: "kept_apart",
    Kind.RESULT: "result_told",
}
ONLY_SAID = frozenset({Kind.RESULT})  # what they say counts by itself, whatever row it changes

# What follows from facts and clocks is reckoned anew; a generation never goes back, and what Slack has shown is shown.
NEVER_PUT_BACK = frozenset(
    {"score", "temperature", "segment", "judged_until", "behaviour", "behaviour_for"}
    | {"company", "person", "email", "phone", "name_key"}
    | {"company_folded", "person_folded", "family_folded"}
    | {"generation", "channel", "owed"}
)
MAY_HAVE_MOVED_ON = frozenset({("lead", name) for name in ("last_activity_at", "due_at", "deal_over_at")})

_TABLES: dict[str, type[SQLModel]] = {"lead": Lead, "follow_up": FollowUp, "timer": Timer}
_NAME_OF = {table: name for name, table in _TABLES.items()}

RowName = tuple[str, str]
RowsAsTheyStand = Mapping[RowName, Mapping[str, Any]]


class TooLateToUndo(Exception):
    """It can be taken back for five minutes only."""


class ChangedSince(Exception):
    """Something else was done on this lead since, and it stands on what would be taken back."""


class AlreadyUndone(Exception):
    """It was taken back before."""


class NotYourDeed(Exception):
    """Only who did it, or a manager, takes it back."""

    def __init__(self, owner_id: str) -> None:
        super().__init__(f"this was done by {owner_id}")
        self.owner_id = owner_id


@dataclass(frozen=True, kw_only=True)
class Change:
    """One column of one row, before and after the deed."""

    row: RowName
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class ThreadLine:
    """A message in Slack that is to tell of the deed, in place of a new one."""

    channel: str
    ts: str


# -- the rule --------------------------------------------------------------------------------------


def changes_between(before: RowsAsTheyStand, after: RowsAsTheyStand) -> tuple[Change, ...]:
    """What was decided anew in rows that were there before; what follows from facts is not kept (no personal data)."""
    return tuple(
        Change(row=row, column=column, before=value, after=after[row][column])
        for row, columns in before.items()
        for column, value in columns.items()
        if column not in NEVER_PUT_BACK and after[row][column] != value
    )


def made_between(before: RowsAsTheyStand, after: RowsAsTheyStand) -> tuple[RowName, ...]:
    """The rows that were not there before."""
    return tuple(row for row in after if row not in before)


def still_stands(changes: Sequence[Change], now: RowsAsTheyStand) -> bool:
    """Whether everything the deed decided is as it left it; what follows from facts may have moved on."""
    decided = (change for change in changes if (change.row[0], change.column) not in MAY_HAVE_MOVED_ON)
    return all(now.get(change.row, {}).get(change.column) == change.after for change in decided)


# -- doing -----------------------------------------------------------------------------------------


def do(
    tx: Transaction, lead: Lead, kind: Kind, work: Callable[[], object], *, by: str, place: ThreadLine | None = None
) -> Deed | None:
    """Do it so that it can be taken back; None when nothing came of it. Raises what the work raises.

    With a `place`, the message that hangs there tells of it; otherwise a new line in the lead's thread does.
    """
    before = standing_of(tx, lead)
    facts_before, said_before = _new_activities(tx, lead), _said(tx)
    work()
    after = standing_of(tx, lead)
    changes, made = changes_between(before, after), made_between(before, after)
    if not changes and not made and kind not in ONLY_SAID:
        return None
    deed = Deed(
        id=tx.ordered_id(),
        lead_id=lead.id,
        kind=kind,
        by=by,
        at=tx.now,
        changes={
            "columns": [[*change.row, change.column, _kept(change.before), _kept(change.after)] for change in changes],
            "made": [list(row) for row in made],
            "activities": sorted(_new_activities(tx, lead) - facts_before),
        },
    )
    _hang_on_its_lines(tx, deed, said_before, place)
    return tx.add(deed)


def merge(tx: Transaction, kept: Lead, other: Lead, *, by: str) -> Deed:
    """Make one lead of two so that it can be taken back. Raises SameLead, AlreadyMerged."""
    said_before = _said(tx)
    duplicates.merge(tx, kept, other, by=by)
    return _done_on_two(tx, kept, Kind.MERGE, {MERGED: other.id}, said_before, by=by)


def keep_apart(tx: Transaction, lead: Lead, other: Lead, *, by: str) -> Deed | None:
    """Say of two leads that they are two, so that it can be taken back; None when that was known. Raises SameLead."""
    said_before = _said(tx)
    if not duplicates.keep_apart(tx, lead, other, by=by):
        return None
    return _done_on_two(tx, lead, Kind.KEEP_APART, {APART: other.id}, said_before, by=by)


def _done_on_two(
    tx: Transaction, lead: Lead, kind: Kind, other: dict[str, str], said_before: Set[str], *, by: str
) -> Deed:
    changes = {"columns": [], "made": [], "activities": [], **other}
    deed = Deed(id=tx.ordered_id(), lead_id=lead.id, kind=kind, by=by, at=tx.now, changes=changes)
    _hang_on_its_lines(tx, deed, said_before)
    return tx.add(deed)


def _hang_on_its_lines(tx: Transaction, deed: Deed, said_before: Set[str], place: ThreadLine | None = None) -> None:
    """One line of the thread tells of the deed and offers to take it back; what else was said of it follows it."""
    lines = [row for row in tx.added(Outbound) if row.id not in said_before and row.kind in (NOTE, RING)]
    own = _line_of(deed, lines)
    for line in lines:
        if line is own:
            line.payload = {**line.payload, **_as_its_line(deed, place)}
        else:
            line.payload = {**line.payload, FOLLOWS: deed.id}
    deed.note_key = own.key if own else None
    if own:
        timers.wait(tx, UNDO_TIMER, deed.id, until=deed.at + UNDO_WITHIN)


def _line_of(deed: Deed, lines: Sequence[Outbound]) -> Outbound | None:
    said = SAID_AS[Kind(deed.kind)]
    telling = [row for row in lines if row.lead_id == deed.lead_id and row.payload.get("event") == said]
    return next(iter(telling if deed.kind == Kind.ACCEPT else telling[::-1]), None)


def _as_its_line(deed: Deed, place: ThreadLine | None) -> dict[str, Any]:
    hangs = {"place": {"channel": place.channel, "ts": place.ts}} if place else {}
    return {"deed": deed.id, **hangs}


def _said(tx: Transaction) -> Set[str]:
    """What this unit of work has said so far, by its ids."""
    return {row.id for row in tx.added(Outbound)}


def standing_of(tx: Transaction, lead: Lead) -> RowsAsTheyStand:
    """Everything that a deed on the lead can change: the lead, its clocks, their steps, and what is waited for on any
    record of this person (an agreed call back stays with the record it was agreed on).
    """
    clocks = tx.find(FollowUp, "lead_id", lead.id)
    subjects = (*(one.id for one in records_of(tx, lead)), *(clock.id for clock in clocks))
    timers = [timer for subject in subjects for timer in tx.find(Timer, "subject_id", subject)]
    return {(_NAME_OF[model_of(row)], _spelled(key_of(row))): values_of(row) for row in (lead, *clocks, *timers)}


def _new_activities(tx: Transaction, lead: Lead) -> set[str]:
    """Those of this unit of work, by their keys; a lead may have thousands from before."""
    return {row.key for row in tx.added(Activity) if row.lead_id == lead.id}


def deeds_on(tx: Transaction, lead_id: str, kind: Kind | None = None) -> list[Deed]:
    """What was done on a lead and not taken back, oldest first."""
    return [
        row for row in tx.find(Deed, "lead_id", lead_id) if row.undone_at is None and kind in (None, Kind(row.kind))
    ]


# -- taking it back --------------------------------------------------------------------------------


def undo(tx: Transaction, deed: Deed, *, by: str, is_manager: bool = False) -> None:
    """Make everything as it was. Raises AlreadyUndone, NotYourDeed, TooLateToUndo, ChangedSince."""
    lead = tx.get(Lead, deed.lead_id)
    changes = _changes_of(deed)
    _check(deed, by=by, is_manager=is_manager, now=tx.now)
    is_last = deeds_on(tx, lead.id)[-1] is deed and lead.merged_into is None
    if not is_last or not still_stands(changes, standing_of(tx, lead)):
        raise ChangedSince(ChangedSince.__doc__)
    if Kind(deed.kind) is Kind.MERGE:
        duplicates.undo_merge(tx, lead, tx.get(Lead, deed.changes[MERGED]), by=by)
        _mark_as_undone(tx, deed, by=by)
        return
    for change in changes:
        _restore(tx, change)
    for name, key in deed.changes["made"]:
        _take_away(tx, name, key)
    _run_each_duty_once(tx, lead)
    _withdraw_facts(tx, lead, deed)
    if Kind(deed.kind) is Kind.CALL:
        replies.count_again(tx, lead, since=deed.at)
    _reckon(tx, lead)
    _mark_as_undone(tx, deed, by=by)
    runs = open_follow_up_of(tx, lead) is not None
    known = _managers_were_told(tx, deed)
    for lead_id in (lead.id, *_also_of(deed)):
        tx.record(Undone(lead_id=lead_id, by=by, deed=deed.kind, since=deed.at, clock_runs=runs, managers_know=known))


def undo_is_over(tx: Transaction, timer: Timer) -> None:
    """The line that told of the deed is drawn again, without the button that would be refused by now."""
    timers.done(tx, timer)
    deed = tx.peek(Deed, timer.subject_id)
    line = tx.first(Outbound, "key", deed.note_key) if deed else None
    if line is not None and line.status == OutboundStatus.SENT and line.receipt and not _tells_of_more(tx, line):
        outbox.say_again(tx, line)


def _tells_of_more(tx: Transaction, line: Outbound) -> bool:
    """Whether the same message tells of a later deed by now (a call, where the claim stood), or of nobody any more."""
    ts = (line.receipt or {}).get("ts")
    later = (row for row in tx.find(Outbound, "lead_id", line.lead_id) if row.id > line.id)
    return not line.payload or any((row.payload.get("place") or {}).get("ts") == ts for row in later)


def may_be_undone(deed: Deed, now: datetime) -> bool:
    """Whether there is time left to take it back."""
    return deed.undone_at is None and now - deed.at < UNDO_WITHIN


def _also_of(deed: Deed) -> Sequence[str]:
    """The other lead of whom the deed was said too."""
    return [deed.changes[APART]] if APART in deed.changes else []


def _mark_as_undone(tx: Transaction, deed: Deed, *, by: str) -> None:
    """The lines that told of it say so; nobody is called by what has not left yet."""
    deed.undone_at, deed.undone_by = tx.now, by
    timers.wait_no_more(tx, UNDO_TIMER, deed.id)
    on = [deed.lead_id, *(deed.changes[other] for other in (APART, MERGED) if other in deed.changes)]
    said = [row for lead_id in on for row in tx.find(Outbound, "lead_id", lead_id)]
    follow = [row for row in said if row.payload.get(FOLLOWS) == deed.id]
    called_off = [row.key for row in follow if row.kind == RING and outbox.withdraw_if_unseen(tx, row)]
    for key in filter(None, (deed.note_key, *(row.key for row in follow if row.key not in called_off))):
        outbox.send_again(tx, key)


def _managers_were_told(tx: Transaction, deed: Deed) -> bool:
    return any(
        row.kind == ALARM and row.created_at == deed.at and row.payload.get("by") == deed.by
        for row in tx.find(Outbound, "lead_id", deed.lead_id)
    )


def _check(deed: Deed, *, by: str, is_manager: bool, now: datetime) -> None:
    if deed.undone_at is not None:
        raise AlreadyUndone(AlreadyUndone.__doc__)
    if deed.by != by and not is_manager:
        raise NotYourDeed(deed.by)
    if now - deed.at > UNDO_WITHIN:
        raise TooLateToUndo(TooLateToUndo.__doc__)


def _changes_of(deed: Deed) -> tuple[Change, ...]:
    return tuple(
        Change(row=(name, key), column=column, before=_read(before), after=_read(after))
        for name, key, column, before, after in deed.changes["columns"]
    )


def _restore(tx: Transaction, change: Change) -> None:
    """Put the earlier value back, unless the world has moved on since."""
    row = _row_named(tx, *change.row)
    if getattr(row, change.column) == change.after:
        setattr(row, change.column, change.before)


def _row_named(tx: Transaction, name: str, key: str) -> Any:
    return tx.get(_TABLES[name], _read_key(key))


def _take_away(tx: Transaction, name: str, key: str) -> None:
    """What the deed had made stays in the tables, and has no effect any more."""
    if name == "follow_up":
        follow_up = tx.get(FollowUp, _read_key(key))
        follow_up.status, follow_up.ended_at = Status.UNDONE, tx.now
    else:
        timers.drop(tx, tx.get(Timer, _read_key(key)))


def _run_each_duty_once(tx: Transaction, lead: Lead) -> None:
    """A duty that runs again would never have begun once more: what began since in its place never ran."""
    running: dict[str, FollowUp] = {}
    for clock in sorted(open_follow_ups_of(tx, lead), key=lambda row: row.generation):
        if clock is not running.setdefault(clock.rule, clock):
            never_ran(tx, lead, clock)
    if (first_contact := running.get(FIRST_CONTACT)) is not None:
        show_due(lead, first_contact)
    show_whether_owed(tx, lead)


def _withdraw_facts(tx: Transaction, lead: Lead, deed: Deed) -> None:
    """What was heard in the call that is taken back counts no more; the rows stay."""
    for answer in tx.find(Answer, "lead_id", lead.id):
        if answer.at == deed.at and answer.said_by == deed.by:
            answer.withdrawn_at = tx.now
    for activity in tx.find(Activity, "lead_id", lead.id):
        if activity.key in deed.changes["activities"]:
            activity.withdrawn_at = tx.now


def _reckon(tx: Transaction, lead: Lead) -> None:
    """What follows from the facts, from those that are left; the stage is the one restored."""
    leads.show(lead, leads.known_of(tx, lead))
    activities.keep(lead, activities.sum_of(tx.find(Activity, "lead_id", lead.id), tx.policy), tx.policy)
    leads.judge(tx, lead)


# -- how values are kept ---------------------------------------------------------------------------


def _spelled(key: str | tuple[str, ...]) -> str:
    return key if isinstance(key, str) else " ".join(key)


def _read_key(spelled: str) -> str | tuple[str, ...]:
    """A timer is named by its subject and its step, everything else by its id; none of these has a space in it."""
    key = tuple(spelled.split(" "))
    return key if len(key) > 1 else spelled


def _kept(value: Any) -> Any:
    return {"instant": value.isoformat()} if isinstance(value, datetime) else value


def _read(kept: Any) -> Any:
    if isinstance(kept, dict) and set(kept) == {"instant"}:
        return datetime.fromisoformat(kept["instant"])
    return kept
