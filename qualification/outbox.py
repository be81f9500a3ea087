"""What is on its way out: queued with its cause, claimed under a lease, settled with a receipt (DR1-DR4).

waiting -> sending (lease) -> sent
   ^          |  unknown outcome: the lease runs out, the next attempt asks the receiver first
   +----------+  clear refusal: waiting again, later;  hopeless: failed, with the problem in words

A reminder or an escalation whose clock was met while it waited is withdrawn: nobody is alarmed after the answer (R6).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from typing import Any

from sqlalchemy import Row, Select, Update, select, update

from qualification.database import Written
from qualification.records import FollowUp, Outbound
from qualification.store import Transaction
from qualification.writing.many import Among
from qualification.writing.rows import Values, new_values, table_of

LEASE = timedelta(seconds=30)
AT_ONCE = timedelta()
GIVE_UP_AFTER = 100  # with waits of up to ten minutes: a receiver may be away for half a day (R9, R10)


class OutboundStatus(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"  # its reason was gone before it left
    FOLDED = "folded"  # said in a digest, which its receipt names


AT_REST = frozenset({OutboundStatus.SENT, OutboundStatus.FAILED})

CARD = "card"
STEP = "step_taken"


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A claimed outbox row, as the door sees it: what to send, and whether somebody may have sent it before."""

    id: str
    key: str
    kind: str
    lead_id: str | None
    payload: dict[str, Any]
    attempt: int
    revision: int
    receipt: dict[str, Any] | None
    created_at: datetime
    claimed_at: datetime
    lease_until: datetime
    trace: str | None = None

    @property
    def may_have_been_sent(self) -> bool:
        return self.attempt > 1

    @property
    def is_news(self) -> bool:
        """Whether it says something for the first time; otherwise what hangs already goes on."""
        return self.receipt is None

    def is_safe_to_send(self, now: datetime) -> bool:
        """Whether enough of the lease is left: after a standstill somebody else may be about to send it (DR3, R4)."""
        return self.claimed_at <= now < self.claimed_at + (self.lease_until - self.claimed_at) / 2


def queue(tx: Transaction, *, key: str | None, kind: str, lead_id: str | None, payload: dict[str, Any]) -> None:
    """One message to the outside, once for its key; without a key it is a message of its own."""
    if key is None or tx.first(Outbound, "key", key) is None:
        _add(tx, key=key, kind=kind, lead_id=lead_id, payload=payload)


def _add(tx: Transaction, *, key: str | None, kind: str, lead_id: str | None, payload: dict[str, Any]) -> None:
    outbound_id = tx.ordered_id()
    named = key or f"{kind}:{outbound_id}"
    tx.add(Outbound(id=outbound_id, key=named, kind=kind, lead_id=lead_id, payload=payload, **_waits(tx)))


def _waits(tx: Transaction) -> Values:
    """What every message holds that is queued now."""
    return {"status": OutboundStatus.WAITING, "due_at": tx.now, "created_at": tx.now, "trace": tx.trace}


def refresh(tx: Transaction, lead_id: str, *, within: timedelta = AT_ONCE) -> None:
    """The lead's one living card should be drawn again; many wishes before it is drawn are one drawing.

    A change nobody has to act on may wait; one that somebody waits for takes it along at once.
    """
    card = tx.first(Outbound, "key", card_key(lead_id))
    if card is None:
        _add(tx, key=card_key(lead_id), kind=CARD, lead_id=lead_id, payload={})
    else:
        say_again(tx, card, within=within)


def send_again(tx: Transaction, key: str) -> None:
    """A message that hangs already says something else now; who sends it finds its place in the receipt."""
    if row := tx.first(Outbound, "key", key):
        say_again(tx, row)


def say_again(tx: Transaction, row: Outbound, *, within: timedelta = AT_ONCE) -> None:
    """The same of a message we hold in hand."""
    row.revision += 1
    for column, value in _to_say_again(row, tx.now, tx.now + within).items():
        setattr(row, column, value)


def _to_say_again(row: "Outbound | Row[Any]", now: datetime, due: datetime) -> Values:
    """What changes in a message that is to be said anew. What the receiver asked us to put off stays put off."""
    if row.status in AT_REST:
        return _from_rest(due, attempts=_tries_of(row))
    if row.status == OutboundStatus.SENDING and row.due_at <= now:
        return {"due_at": due}
    may_come_sooner = row.problem is None or row.status == OutboundStatus.SENDING
    return {"due_at": due} if may_come_sooner and due < row.due_at else {}


def _from_rest(due: datetime, *, attempts: int) -> Values:
    return {"status": OutboundStatus.WAITING, "due_at": due, "attempts": attempts}


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """Something to be said about a lead, once for its key."""

    key: str
    kind: str
    lead_id: str
    payload: dict[str, Any] | Written


def say_many(tx: Transaction, messages: Sequence[Message]) -> None:
    """The cards of these leads drawn again at once, and a message for each: the same as `refresh` and `queue`."""
    leads = dict.fromkeys(message.lead_id for message in messages)
    hanging = _draw_again(tx, leads)
    missing = (lead_id for lead_id in leads if lead_id not in hanging)
    cards = (Message(key=card_key(lead_id), kind=CARD, lead_id=lead_id, payload={}) for lead_id in missing)
    say_each(tx, [*cards, *messages])


def say_each(tx: Transaction, messages: Sequence[Message]) -> None:
    """Many messages by one statement: the same as `queue` for each."""
    rows = [
        {"id": outbound_id, "key": one.key, "kind": one.kind, "lead_id": one.lead_id, "payload": one.payload}
        for outbound_id, one in zip(tx.ordered_ids(len(messages)), messages, strict=True)
    ]
    tx.add_many(Outbound, rows, alike=new_values(Outbound, **_waits(tx)), unless="key")


def _draw_again(tx: Transaction, leads: Collection[str]) -> Collection[str]:
    """The leads that have a card. Nearly always all hang at rest and are woken unseen; if not, they are looked at."""
    keys = [card_key(lead_id) for lead_id in leads]
    if tx.change_in(Outbound, partial(_wake_cards, tx.now), keys) == len(keys):
        return leads
    hanging = set()
    alike: dict[tuple[tuple[str, Any], ...], list[str]] = {}
    for card in tx.select_in(_cards, keys):
        hanging.add(card.lead_id)
        if card.status != OutboundStatus.WAITING or card.due_at != tx.now:  # as those are that were just woken
            alike.setdefault(tuple(_to_say_again(card, tx.now, tx.now).items()), []).append(card.id)
    for changes, ids in alike.items():
        tx.change(Outbound, ids, revision=table_of(Outbound).c.revision + 1, **dict(changes))
    return hanging


def _wake_cards(now: datetime, among: Among) -> Update:
    row = table_of(Outbound).c
    at_rest = update(table_of(Outbound)).where(
        among(row.key), row.status == OutboundStatus.SENT, row.receipt.is_not(None)
    )
    return at_rest.values(revision=row.revision + 1, **_from_rest(now, attempts=0))


@cache
def _cards(among: Among) -> Select[Any]:
    row = table_of(Outbound).c
    read = select(row.id, row.lead_id, row.status, row.due_at, row.problem, row.receipt.is_not(None).label("receipt"))
    return read.where(among(row.key)).order_by(row.id).with_for_update()


def card_key(lead_id: str) -> str:
    """The key of a lead's one living message in Slack."""
    return f"card:{lead_id}"


def claim(tx: Transaction, outbound_id: str, *, lease: timedelta = LEASE) -> Errand | None:
    """Take one row under a lease, if it is still to be sent; None when somebody else has it."""
    row = tx.get(Outbound, outbound_id)
    free = row.status == OutboundStatus.WAITING and row.due_at <= tx.now
    forgotten = row.status == OutboundStatus.SENDING and row.lease_until is not None and row.lease_until <= tx.now
    if not (free or forgotten):
        return None
    if row.attempts == 0 and withdraw_if_answered(tx, row):
        return None
    row.status = OutboundStatus.SENDING
    row.attempts += 1
    row.lease_until = tx.now + lease
    return Errand(
        id=row.id,
        key=row.key,
        kind=row.kind,
        lead_id=row.lead_id,
        payload=row.payload,
        attempt=row.attempts,
        revision=row.revision,
        receipt=row.receipt,
        created_at=row.created_at,
        claimed_at=tx.now,
        lease_until=row.lease_until,
        trace=row.trace,
    )


def withdraw_if_answered(tx: Transaction, row: Outbound) -> bool:
    """A step of a clock that has been answered since is not said any more; whether it was one."""
    if not _is_outdated(tx, row):
        return False
    row.status, row.settled_at = OutboundStatus.WITHDRAWN, tx.now
    return True


def withdraw_if_unseen(tx: Transaction, row: Outbound) -> bool:
    """What nobody can have seen yet is not said any more; whether it was so."""
    if row.status != OutboundStatus.WAITING or row.attempts:
        return False
    row.status, row.settled_at = OutboundStatus.WITHDRAWN, tx.now
    return True


def _is_outdated(tx: Transaction, row: Outbound) -> bool:
    """What hangs already is edited, and never withdrawn."""
    follow_up_id = (row.payload.get("facts") or {}).get("follow_up_id")
    if row.payload.get("event") != STEP or follow_up_id is None or row.receipt is not None:
        return False
    follow_up = tx.peek(FollowUp, follow_up_id)
    return follow_up is not None and follow_up.ended_at is not None


def is_held(tx: Transaction, errand: Errand) -> bool:
    """Whether this claim is still the one that counts."""
    return _is_ours(tx.get(Outbound, errand.id), errand)


def settle(tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> bool:
    """It arrived; False when we knew that already, because somebody else found it there, or when it was erased.

    A card whose lead changed while it was on its way waits to be drawn again.
    """
    row = tx.get(Outbound, errand.id)
    if row.status in (OutboundStatus.SENT, OutboundStatus.WITHDRAWN):
        return False
    row.receipt, row.problem, row.lease_until = receipt, None, None
    row.settled_at = tx.now
    if not _wait_for_newer(tx, row, errand):
        row.status = OutboundStatus.SENT
    return True


def put_off(tx: Transaction, errand: Errand, *, problem: str, wait: timedelta, counts: bool = True) -> bool:
    """It surely did not arrive: try again after `wait`. False when we gave up instead.

    A wait that is nobody's failure (a paced channel, a card not posted yet) does not count as an attempt.
    """
    row = tx.get(Outbound, errand.id)
    if not _is_ours(row, errand):
        return True
    if not counts:
        row.attempts -= 1
    row.problem, row.lease_until = problem, None
    if row.attempts >= GIVE_UP_AFTER:
        row.status, row.settled_at = OutboundStatus.FAILED, tx.now
        return False
    row.status, row.due_at = OutboundStatus.WAITING, tx.now + wait
    return True


def give_up(tx: Transaction, errand: Errand, *, problem: str) -> bool:
    """It can never arrive; the row stays, visible with its problem. False when it is not ours to give up."""
    row = tx.get(Outbound, errand.id)
    if not _is_ours(row, errand):
        return False
    row.problem, row.lease_until = problem, None
    if _wait_for_newer(tx, row, errand):
        return False
    row.status, row.settled_at = OutboundStatus.FAILED, tx.now
    return True


def _is_ours(row: Outbound, errand: Errand) -> bool:
    """Whether the claim still holds: after a long standstill somebody else may have taken the row."""
    return row.status == OutboundStatus.SENDING and row.lease_until == errand.lease_until


def _wait_for_newer(tx: Transaction, row: Outbound, errand: Errand) -> bool:
    if row.revision == errand.revision:
        return False
    _wait_again(tx, row)
    return True


def _wait_again(tx: Transaction, row: Outbound) -> None:
    row.status, row.due_at = OutboundStatus.WAITING, max(row.due_at, tx.now)
    row.attempts = _tries_of(row)


def _tries_of(row: "Outbound | Row[Any]") -> int:
    """From the beginning; but what has no receipt may hang somewhere all the same, and is looked for first."""
    return 0 if row.receipt else 1
