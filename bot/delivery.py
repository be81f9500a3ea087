"""Everything on its way out: claimed under a lease, sent outside any transaction, settled with its receipt.

Each kind of errand has one sender. A sender answers with a receipt, or says what went wrong in one of three
ways: try later, never, or nobody knows. What nobody knows waits for its lease and is then reconciled, never
blindly resent (DR3).
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.logs import log
from bot.trails import Trails, whose
from qualification import outbox
from qualification.bursts import HELD_BACK
from qualification.notices import ALARM, ALERT_MAIL, MAIL, RECEIPT_MAIL, TROUBLE
from qualification.outbox import CARD, Errand, OutboundStatus
from qualification.records import Outbound
from qualification.store import Busy, Store, Transaction, Unavailable
from qualification.writing.rows import Values
from qualification.writing.waiting_line import Lane

MOST_AT_ONCE = 64
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
DOUBLINGS = 10
TRIES_WHEN_BROKEN = 5
GRACE = 5.0  # seconds
OWN_LANE = (ALARM, MAIL, RECEIPT_MAIL)
WAITS_FOR_NOBODY = (ALERT_MAIL, TROUBLE)
THREAD = "thread"
FULL_CHANNEL = "this channel has many messages waiting"
NO_CARD_YET = "the lead's card is not posted yet"
LEASE_RUNS_OUT = "too little of the lease is left"
ONLY_WAITS = (FULL_CHANNEL, NO_CARD_YET, HELD_BACK)  # nothing is wrong with these: it is their turn later
UNSETTLED = (OutboundStatus.WAITING.value, OutboundStatus.SENDING.value)


class RetryLater(Exception):
    """It surely did not arrive; the receiver asks to wait, or was away."""

    def __init__(self, problem: str, wait: timedelta | None = None, *, counts: bool = True) -> None:
        super().__init__(problem)
        self.problem, self.wait, self.counts = problem, wait, counts


class GiveUp(Exception):
    """It can never arrive; a person has to look at the problem."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class OutcomeUnknown(Exception):
    """The connection broke after we spoke: it may have arrived. The lease runs out first."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def may_leave(errand: Errand, clock: Callable[[], datetime]) -> None:
    """The last look before an errand leaves: after a standstill it goes back, for somebody may have taken it up (R4).

    Raises RetryLater; nothing was sent.
    """
    if not errand.is_safe_to_send(clock()):
        raise RetryLater(LEASE_RUNS_OUT, timedelta(), counts=False)


def growing_wait(attempt: int) -> timedelta:
    """After the first try a moment, then twice as long each time, and no longer than ten minutes."""
    doubled: int = 2 ** min(attempt - 1, DOUBLINGS)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


class Sender(Protocol):
    async def send(self, errand: Errand) -> dict[str, Any]:
        """Bring one errand to its receiver and answer with the receipt."""
        ...

    def settled(self, tx: Transaction, errand: Errand, receipt: dict[str, Any]) -> None:
        """What the arrival means, recorded in the transaction that settles it."""
        ...

    def gave_up(self, tx: Transaction, errand: Errand, problem: str) -> None:
        """Let a person hear that this errand will never arrive, in the transaction that gives it up."""
        ...

    async def came_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """Take back what `receipt` names: while we stood still somebody else had sent it too."""
        ...

    async def may_have_come_twice(self, errand: Errand, receipt: dict[str, Any]) -> None:
        """Look for a second arrival and take it back; `receipt` names the one that counts."""
        ...


class Delivery:
    """Sends what waits in the outbox, oldest first.

    Each lead has four lanes: its thread (card, notes, rings), its alarms, its mails, the copies it asked for. A lane
    keeps its order: one errand at a time, and none before an older one that has to be tried again. An alarm never
    waits for a card; the way round a silent Slack, and a word of trouble, wait for nothing at all.

    `pace` is how much faster the store's clock runs than the wire (the demo's clock); leases stretch with it.
    `hold`: queue everything, send nothing (OUTBOUND, DR12). `at_once`: how many are on their way together. `lease` has
    to be longer than any history lags, and more than twice as long as one request may take. `tried` hears the kind of
    each errand and what became of the attempt.
    """

    def __init__(
        self,
        store: Store,
        senders: Mapping[str, Sender],
        *,
        pace: float = 1,
        hold: bool = False,
        at_once: int = MOST_AT_ONCE,
        lease: timedelta = outbox.LEASE,
        tried: Callable[[str, str], None] | None = None,
        trails: Trails | None = None,
    ) -> None:
        self._trails = trails or Trails()
        self._tried = tried or (lambda kind, outcome: None)
        self._store = store
        self._senders = senders
        self._lease = lease
        self._pace = pace
        self._hold = hold
        self._at_once = at_once
        self._on_the_way: dict[str, asyncio.Task[None]] = {}

    def may_take(self, errand: Values) -> bool:
        """Whether something may go out, now that this row was written: what is on its way is with its sender."""
        return not self._hold and errand["kind"] in self._senders and errand["status"] != OutboundStatus.SENDING

    def sends(self, kinds: Collection[str]) -> bool:
        """Whether there is a sender for any of these."""
        return not self._senders.keys().isdisjoint(kinds)

    async def start_waiting(self) -> int:
        """Send what is ready, each in its own task, so that one slow receiver holds up nobody else."""
        if self._hold:
            return 0
        ids = [
            outbound_id for outbound_id in await self._store.look(self._waiting) if outbound_id not in self._on_the_way
        ]
        for outbound_id in ids[: max(0, self._at_once - len(self._on_the_way))]:
            task = asyncio.create_task(self._deliver(outbound_id))
            self._on_the_way[outbound_id] = task
            task.add_done_callback(partial(self._arrived, outbound_id))
        return len(ids)

    def _arrived(self, outbound_id: str, task: asyncio.Task[None]) -> None:
        """Whatever interrupted it, the lease runs out and the errand is taken up again."""
        self._on_the_way.pop(outbound_id, None)
        if not task.cancelled() and (problem := task.exception()):
            log.error("errand_interrupted", errand=outbound_id, problem=repr(problem))

    async def finish(self) -> None:
        """Give what is on its way a moment to arrive; what does not is taken up again after its lease."""
        if self._on_the_way:
            await asyncio.wait(self._on_the_way.values(), timeout=GRACE)

    async def send_waiting(self) -> int:
        """One whole round, until each errand of it is settled: how many were tried."""
        await self.start_waiting()
        tasks = list(self._on_the_way.values())
        await asyncio.gather(*tasks, return_exceptions=True)
        return len(tasks)

    def _waiting(self, session: Session) -> Sequence[str]:
        now, kinds = self._store.clock(), list(self._senders)
        elder = aliased(Outbound)
        held_up = exists().where(
            col(elder.lead_id) == col(Outbound.lead_id),
            _lane(elder) == _lane(Outbound),
            col(elder.kind).in_(kinds),
            is_unsettled(elder),
            ~_is_edit(elder),
            or_(_is_on_the_way(elder, now), and_(col(elder.id) < col(Outbound.id), ~_is_ready(elder, now))),
        )
        ready = (
            select(Outbound.id, Outbound.lead_id, _lane(Outbound))
            .where(is_unsettled(Outbound), _is_ready(Outbound, now), col(Outbound.kind).in_(kinds), ~held_up)
            .order_by(col(Outbound.id))
            .limit(self._at_once * 4)
        )
        return _first_of_each_lane(session.exec(ready).all())[: self._at_once]

    async def _deliver(self, outbound_id: str) -> None:
        errand = await self._store.run(
            lambda tx: outbox.claim(tx, outbound_id, lease=self._lease * self._pace), lane=Lane.CLOCK
        )
        if errand is None:
            return
        with self._trails.begin("errand", whose(errand.trace), kind=errand.kind, attempt=errand.attempt) as trail:
            outcome = await self._bring(errand)
            trail.tell(outcome=outcome)

    async def _bring(self, errand: Errand) -> str:
        """What became of the attempt."""
        sender = self._senders[errand.kind]
        outcome = "broken"
        try:
            receipt = await sender.send(errand)
        except RetryLater as later:
            outcome = "later"
            await self._put_off(sender, errand, later)
        except GiveUp as hopeless:
            outcome = "given_up"
            await self._give_up(sender, errand, hopeless.problem)
        except OutcomeUnknown as unknown:
            outcome = "unknown"
            log.warning("outcome_unknown", errand=errand.key, kind=errand.kind, problem=unknown.problem)
            await self._look_for_a_twin(sender, errand)
        except (Unavailable, Busy) as away:
            outcome = "later"
            await self._put_off(sender, errand, RetryLater(str(away)))
        except Exception as broken:
            log.exception("errand_broke", errand=errand.key, kind=errand.kind)
            await self._mend(sender, errand, f"{type(broken).__name__}: {broken}")
        else:
            outcome = "arrived"
            await self._settle(sender, errand, receipt)
        finally:
            self._tried(errand.kind, outcome)
        return outcome

    async def _settle(self, sender: Sender, errand: Errand, receipt: dict[str, Any]) -> None:
        try:
            other = await self._store.run(partial(_settle, sender, errand, receipt), lane=Lane.CLOCK)
        except (Unavailable, Busy):
            raise  # the lease runs out, and the next attempt asks the receiver
        except Exception as broken:
            log.exception("receipt_broke", errand=errand.key, kind=errand.kind)
            await self._give_up(
                sender, errand, f"it arrived, but could not be recorded: {type(broken).__name__}: {broken}"
            )
        else:
            if other is not None and other != receipt:
                log.warning("errand_came_twice", errand=errand.key, kind=errand.kind)
                await sender.came_twice(errand, receipt)

    async def _look_for_a_twin(self, sender: Sender, errand: Errand) -> None:
        """We stood still past our lease and do not know whether we spoke: somebody else may have spoken as well.

        Within the lease there is nothing to do, for whoever takes it up then finds what we said. We look at once, and
        again when the slowest history shows it.
        """
        if self._store.clock() < errand.lease_until:
            return
        for wait in (0.0, self._lease.total_seconds()):
            await asyncio.sleep(wait)
            receipt = await self._store.look(partial(_receipt_of, errand))
            if receipt is not None:
                await sender.may_have_come_twice(errand, receipt)

    async def _mend(self, sender: Sender, errand: Errand, problem: str) -> None:
        """A sender that stumbles over an errand would stumble for ever: it gets a few tries, then a person looks."""
        if errand.attempt < TRIES_WHEN_BROKEN:
            await self._put_off(sender, errand, RetryLater(problem))
        else:
            await self._give_up(sender, errand, problem)

    async def _give_up(self, sender: Sender, errand: Errand, problem: str) -> None:
        await self._perhaps_for_good(sender, errand, problem, lambda tx: outbox.give_up(tx, errand, problem=problem))

    async def _put_off(self, sender: Sender, errand: Errand, later: RetryLater) -> None:
        wait = (growing_wait(errand.attempt) if later.wait is None else later.wait) * self._pace
        await self._perhaps_for_good(
            sender,
            errand,
            later.problem,
            lambda tx: not outbox.put_off(tx, errand, problem=later.problem, wait=wait, counts=later.counts),
        )

    async def _perhaps_for_good(
        self, sender: Sender, errand: Errand, problem: str, is_over: Callable[[Transaction], bool]
    ) -> None:
        """The last try and the word about it are one commit; what cannot even be told of is given up all the same."""
        try:
            over = await self._store.run(partial(_told_when_over, sender, errand, problem, is_over))
        except (Unavailable, Busy):
            raise  # the lease runs out, and it is tried again
        except Exception:  # the edge of the telling: whatever breaks it must not keep what is over for ever
            log.exception("cannot_tell_of_it", errand=errand.key, kind=errand.kind)
            over = await self._store.run(is_over)
        if over:
            log.error("errand_given_up", errand=errand.key, kind=errand.kind, problem=problem)


def _told_when_over(
    sender: Sender, errand: Errand, problem: str, is_over: Callable[[Transaction], bool], tx: Transaction
) -> bool:
    over = is_over(tx)
    if over:
        sender.gave_up(tx, errand, problem)
    return over


def _settle(sender: Sender, errand: Errand, receipt: dict[str, Any], tx: Transaction) -> dict[str, Any] | None:
    """None when this is the arrival that counts, otherwise the receipt that came before ours."""
    if outbox.settle(tx, errand, receipt):
        sender.settled(tx, errand, receipt)
        return None
    return tx.get(Outbound, errand.id).receipt


def _receipt_of(errand: Errand, session: Session) -> dict[str, Any] | None:
    row = session.get(Outbound, errand.id)
    return row.receipt if row else None


def is_unsettled(row: type[Outbound]) -> ColumnElement[bool]:
    """Written into the statement itself: SQLite cannot use its partial index for a value it has yet to be told."""
    return col(row.status).in_(bindparam(None, UNSETTLED, expanding=True, literal_execute=True))


def _is_ready(row: type[Outbound], now: datetime) -> ColumnElement[bool]:
    free = and_(col(row.status) == OutboundStatus.WAITING, col(row.due_at) <= now)
    forgotten = and_(col(row.status) == OutboundStatus.SENDING, col(row.lease_until) <= now)
    return or_(free, forgotten)


def _is_on_the_way(row: type[Outbound], now: datetime) -> ColumnElement[bool]:
    return and_(col(row.status) == OutboundStatus.SENDING, col(row.lease_until) > now)


def _is_edit(row: type[Outbound]) -> ColumnElement[bool]:
    """A card that hangs and waits to be drawn again: what is said under it need not wait for that."""
    return and_(col(row.kind) == CARD, col(row.receipt).is_not(None), col(row.status) == OutboundStatus.WAITING)


def _lane(row: type[Outbound]) -> ColumnElement[str]:
    alone = (col(row.kind).in_(WAITS_FOR_NOBODY), col(row.key))
    return case(alone, (col(row.kind).in_(OWN_LANE), col(row.kind)), else_=THREAD)


def _first_of_each_lane(rows: Sequence[tuple[str, str | None, str]]) -> list[str]:
    taken = set()
    first = []
    for outbound_id, lead_id, lane in rows:
        if lead_id is None or (lead_id, lane) not in taken:
            first.append(outbound_id)
            taken.add((lead_id, lane))
    return first
