"""The clock: fires what is due, sends what waits, and shows that it is alive.

The sweep only narrows: it selects ids, and each item re-reads and re-checks in its own transaction.

    clocks     sleep until the next timer is due; a commit that set one for the next moments wakes them
    errands    sleep until a commit left a message that can go out
    webhooks   the same, in a line of their own: a receiver that hangs keeps no alarm waiting

Neither sleeps longer than a second, so a jump of the clock costs no more (DR5), and neither waits for the other: only a
burst of steps is not sent before all of it is there, as it is told in one digest (R16).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter

import sqlalchemy
from sqlmodel import Session, SQLModel

from bot.delivery import Delivery
from bot.health import ALIVE_WITHIN, WORKER, beat
from bot.logs import log
from bot.trails import Trails
from bot.upkeep.bursts import MAY_BE_TOO_MANY, Bursts
from dialogs.kept_talk import SILENCE_TIMER
from dialogs.lines import HELD_LINE, line_due
from dialogs.turn import fall_silent
from dialogs.waiting import UNANSWERED, waited_long
from qualification.call_backs import CALL_BACK_TIMER, call_back_due
from qualification.deeds import UNDO_TIMER, undo_is_over
from qualification.followup import DUE_PASSES, STEP_TIMER, due_passed
from qualification.mornings import time_is_near, timeframe_passed, wake_up
from qualification.records import Outbound, Timer, is_written
from qualification.reports.digest import DIGEST_TIMER, digest_due, plan_digest
from qualification.silence import QUIET_TIMER, lead_stayed_quiet
from qualification.steps import take_due_steps, take_step
from qualification.store import Busy, Store, Transaction, Unavailable, Wrote
from qualification.their_time import NEAR_TIMER, TIMEFRAME_TIMER, WAKE_UP_TIMER
from qualification.timers import TimerStatus, lay_aside
from qualification.writing.rows import Values, table_of
from qualification.writing.waiting_line import Lane

LONGEST_SLEEP = 1.0
SHORTEST_SLEEP = 0.02
REST_FOR_A_LOOK, LONGEST_REST = 4.0, 0.25  # times as long as the look for messages took; seconds
LOOKS_APART = 0.1  # seconds between two looks for what commits have set; every turn sets a timer
MOST_TIMERS = 5_000
FEW = 10  # due at once: with more, a digest may be made of them
TOGETHER = 1_000  # steps in one commit: a chat waits for no more than these
TRIES = 5
PAUSE_AFTER_FAILURE = timedelta(minutes=1)

FIRE: dict[str, Callable[[Transaction, Timer], None]] = {
    STEP_TIMER: take_step,
    DUE_PASSES: due_passed,
    CALL_BACK_TIMER: call_back_due,
    SILENCE_TIMER: fall_silent,
    QUIET_TIMER: lead_stayed_quiet,
    TIMEFRAME_TIMER: timeframe_passed,
    NEAR_TIMER: time_is_near,
    WAKE_UP_TIMER: wake_up,
    HELD_LINE: line_due,
    UNANSWERED: waited_long,
    DIGEST_TIMER: digest_due,
    UNDO_TIMER: undo_is_over,
}

Waits = sqlalchemy.Row[str, str, str, datetime]  # as `_due` reads it
TimerKey = tuple[str, str]  # its subject and its step


def key_of(timer: Waits) -> TimerKey:
    return timer.subject_id, timer.step


def fire(key: TimerKey, tx: Transaction) -> None:
    """What one due timer asks for, if it still waits and its time has come."""
    timer = tx.get(Timer, key)
    if timer.status == TimerStatus.WAITING and timer.due_at <= tx.now:
        FIRE[timer.kind](tx, timer)


def park(key: TimerKey, tx: Transaction) -> None:
    """A timer that fails again and again is laid aside, visible as broken, and holds nobody else up."""
    lay_aside(tx, tx.get(Timer, key))


class Worker:
    """`pace`: how much faster the store's clock runs than ours, see Delivery.

    `webhooks`: sends what other programs hear. `took_up` hears how many seconds late each timer was.
    """

    def __init__(
        self,
        store: Store,
        delivery: Delivery,
        *,
        webhooks: Delivery | None = None,
        pace: float = 1,
        took_up: Callable[[float], None] | None = None,
        trails: Trails | None = None,
    ) -> None:
        self._trails = trails or Trails()
        self._store = store
        self._took_up = took_up
        self._pace = pace
        self._next_due: datetime | None = None
        self._delivery = delivery
        self._webhooks = webhooks
        self._bursts = Bursts(store)
        self._timer_set = asyncio.Event()
        self._woken = asyncio.Event()
        self._webhooks_woken = asyncio.Event()
        self._whole_burst = asyncio.Lock()
        self._fired_at: datetime | None = None
        self._beaten: datetime | None = None
        self._looked_for = 0.0
        self._planned = False
        self._failures: dict[TimerKey, int] = {}
        self._not_before: dict[TimerKey, datetime] = {}

    async def run(self) -> None:
        """Until cancelled. Whatever goes wrong in one round, the next one comes."""
        wake = self._waker(asyncio.get_running_loop())
        self._store.on_commit.append(wake)
        try:
            async with asyncio.TaskGroup() as sides:
                sides.create_task(self._for_ever(self._fire_round, self._until_due))
                sides.create_task(self._for_ever(self._send_round, self._until_woken))
                if self._webhooks is not None:
                    passing_on = partial(self._webhook_round, self._webhooks)
                    sides.create_task(self._for_ever(passing_on, self._until_webhooks_woken))
        finally:
            self._store.on_commit.remove(wake)
            await asyncio.gather(*(delivery.finish() for delivery in self._deliveries()))

    def _waker(self, loop: asyncio.AbstractEventLoop) -> Callable[[Wrote], None]:
        """Rung by the writer, for what cannot wait until the next look: most commits of a chat set timers far ahead."""
        bells: list[tuple[type[SQLModel], Callable[[Values], bool], asyncio.Event]] = [
            (Timer, self._is_near, self._timer_set),
            (Outbound, self._delivery.may_take, self._woken),
        ]
        if self._webhooks is not None:
            bells.append((Outbound, self._webhooks.may_take, self._webhooks_woken))

        def wake(wrote: Wrote) -> None:
            for table, cannot_wait, bell in bells:
                if bell.is_set() or loop.is_closed():
                    continue
                if any(row is None or cannot_wait(row) for row in wrote.get(table, {}).values()):
                    loop.call_soon_threadsafe(bell.set)

        return wake

    def _is_near(self, timer: Values) -> bool:
        """Whether it may be due before the clocks look again by themselves."""
        near = self._store.clock() + timedelta(seconds=2 * LONGEST_SLEEP * self._pace)
        return timer["status"] == TimerStatus.WAITING and bool(timer["due_at"] <= near)

    async def _for_ever(self, go_round: Callable[[], Awaitable[None]], rest: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._at_any_rate(go_round)
            await rest()

    async def _at_any_rate(self, go_round: Callable[[], Awaitable[None]]) -> None:
        try:
            await go_round()
        except (Unavailable, Busy) as wait:
            log.warning("worker_waits_for_database", problem=str(wait))
            await asyncio.sleep(1)
        except Exception:  # the edge of the worker: a clock that stops is worse than any of its errors
            log.exception("worker_round_broke")
            await asyncio.sleep(1)

    async def _fire_round(self) -> None:
        self._timer_set.clear()
        if not self._planned:
            await self._store.run(plan_digest)
            self._planned = True
        await self._fire_all_due()
        if self._fired_at is None:
            self._woken.set()  # the first sign of life waits for no message
        self._fired_at = self._store.clock()

    async def _send_round(self) -> None:
        self._woken.clear()
        async with self._whole_burst:
            began = perf_counter()
            await self._calm()
            await self._delivery.start_waiting()
            self._looked_for = perf_counter() - began
        if self._fired_at is not None:  # a worker whose clocks stand still shows no sign of life
            await self._beat(self._fired_at)

    async def _webhook_round(self, webhooks: Delivery) -> None:
        self._webhooks_woken.clear()
        await webhooks.start_waiting()

    def _deliveries(self) -> list[Delivery]:
        return [self._delivery] if self._webhooks is None else [self._delivery, self._webhooks]

    async def _send_waiting(self) -> int:
        """One whole round of everything that leaves: how many errands were tried."""
        return sum([await delivery.send_waiting() for delivery in self._deliveries()])

    async def _calm(self) -> None:
        if self._delivery.sends(MAY_BE_TOO_MANY):
            await self._bursts.calm()

    async def tick(self) -> None:
        """One round with everything it causes, for tests and the demo: fire, send, until nothing is ready."""
        fired = await self._fire_all_due()
        await self._calm()
        while await self._send_waiting() or fired:
            fired = await self._fire_due()
            await self._calm()
        await self._beat(self._store.clock())

    async def _fire_all_due(self) -> int:
        """Full sweeps follow each other at once, so that what fell due together is told together (R16)."""
        waiting = await self._waiting()
        if len(waiting) <= FEW:
            return await self._fire(waiting)
        async with self._whole_burst:
            fired = last = await self._fire(waiting)
            while last >= MOST_TIMERS // 2:
                last = await self._fire_due()
                fired += last
        return fired

    async def _fire_due(self) -> int:
        """How many timers did what they were set for."""
        return await self._fire(await self._waiting())

    async def _waiting(self) -> Sequence[Waits]:
        now = self._store.clock()
        return [timer for timer in await self._store.look(self._due) if self._may_try(key_of(timer), now)]

    async def _fire(self, waiting: Sequence[Waits]) -> int:
        now = self._store.clock()
        if self._took_up:
            for timer in waiting:
                self._took_up((now - timer.due_at).total_seconds())
        steps = [timer for timer in waiting if timer.kind == STEP_TIMER]
        fired = await self._fire_each([timer for timer in waiting if timer.kind != STEP_TIMER], now)
        for start in range(0, len(steps), TOGETHER):
            fired += await self._take_steps(steps[start : start + TOGETHER], now)
        return fired

    async def _take_steps(self, timers: Sequence[Waits], now: datetime) -> int:
        """In one commit; when one of them spoils it, each is tried alone."""
        clocks = dict.fromkeys(timer.subject_id for timer in timers)
        with self._trails.begin("clock_steps", timers=len(timers)):
            taking = self._store.run(lambda tx: take_due_steps(tx, clocks), lane=Lane.CLOCK)
            (taken,) = await asyncio.gather(taking, return_exceptions=True)
        if isinstance(taken, (Unavailable, Busy)):
            return 0
        return await self._fire_each(timers, now) if isinstance(taken, BaseException) else taken

    async def _fire_each(self, timers: Sequence[Waits], now: datetime) -> int:
        fired = await asyncio.gather(*map(self._fire_one, timers), return_exceptions=True)
        failed = [(timer, how) for timer, how in zip(timers, fired, strict=True) if isinstance(how, BaseException)]
        for timer, problem in failed:
            if not isinstance(problem, (Unavailable, Busy)):
                await self._count_failure(key_of(timer), problem, now)
        return len(timers) - len(failed)

    async def _fire_one(self, timer: Waits) -> None:
        with self._trails.begin("clock_item", kind=timer.kind):
            await self._store.run(partial(fire, key_of(timer)), lane=Lane.CLOCK)

    def _may_try(self, key: TimerKey, now: datetime) -> bool:
        return now >= self._not_before.get(key, now)

    async def _count_failure(self, key: TimerKey, problem: BaseException, now: datetime) -> None:
        log.error("timer_broke", timer=" ".join(key), exc_info=problem)
        self._failures[key] = self._failures.get(key, 0) + 1
        self._not_before[key] = now + PAUSE_AFTER_FAILURE
        if self._failures[key] >= TRIES:
            await self._store.run(partial(park, key))
            del self._failures[key], self._not_before[key]

    def _due(self, session: Session) -> Sequence[Waits]:
        """What is due, the most overdue first; and the instant of the timer after them is kept."""
        now, connection = self._store.clock(), session.connection()
        timer = table_of(Timer).c
        waiting = is_written(timer.status, TimerStatus.WAITING)
        due = sqlalchemy.select(timer.subject_id, timer.step, timer.kind, timer.due_at).where(
            waiting, timer.due_at <= now
        )
        later = sqlalchemy.select(timer.due_at).where(waiting, timer.due_at > now)
        self._next_due = connection.execute(later.order_by(timer.due_at).limit(1)).scalar()
        return connection.execute(due.order_by(timer.due_at).limit(MOST_TIMERS)).all()

    async def _beat(self, now: datetime) -> None:
        if self._beaten is None or not timedelta() <= now - self._beaten < ALIVE_WITHIN / 4:
            await self._store.run(lambda tx: beat(tx, WORKER))
            self._beaten = now

    async def _until_due(self) -> None:
        """Until the next timer is due, so that it fires in its instant, or one was set that may be due before."""
        await until_rung(self._longest_rest(), LOOKS_APART, self._timer_set)

    async def _until_woken(self) -> None:
        await until_rung(LONGEST_SLEEP, rest_after(self._looked_for), self._woken)

    async def _until_webhooks_woken(self) -> None:
        await until_rung(LONGEST_SLEEP, LOOKS_APART, self._webhooks_woken)

    def _longest_rest(self) -> float:
        if self._next_due is None:
            return LONGEST_SLEEP
        ahead = (self._next_due - self._store.clock()).total_seconds() / self._pace
        return min(max(ahead, 0), LONGEST_SLEEP)


def rest_after(look: float) -> float:
    """Seconds until the next look for messages, after one that took so many: beside thousands of messages it takes a
    while, and the visitors who cause it have the processor first.
    """
    return min(max(SHORTEST_SLEEP, REST_FOR_A_LOOK * look), LONGEST_REST)


async def until_rung(longest: float, shortest: float, bell: asyncio.Event) -> None:
    """So many seconds, or until the bell has rung, though not before the shortest of rests."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(longest):  # wait_for of 3.11 forgets a cancellation with the waking
            await asyncio.sleep(shortest)
            await bell.wait()
