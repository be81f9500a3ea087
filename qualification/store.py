"""One writer, one commit for everybody who waits, and nobody is answered before it (ADR 2).

door -> run(work) -> lanes -> the writer's thread (writing/writer.py) -> COMMIT -> answers
door -> look -> what is committed, beside the writer
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from qualification.database import WRITER, open_engine, without_transactions
from qualification.ids import OrderedIds
from qualification.policy import Policy
from qualification.writing.batch import Batch, Load, Wrote
from qualification.writing.held import AlreadyThere
from qualification.writing.jobs import Busy, Job, Passage, Unavailable
from qualification.writing.transaction import RecordNotFound, Tell, Transaction, Work
from qualification.writing.waiting_line import Closed, Full, Lane, WaitingLine
from qualification.writing.writer import Steps, Writer

T = TypeVar("T")


class Store:
    """The database and its one writer thread."""

    def __init__(self, url: str, *, clock: Callable[[], datetime], policy: Policy, tell: Tell) -> None:
        self.engine = open_engine(url)
        self._looking = without_transactions(self.engine)
        self.clock = clock
        self.policy = policy
        self.passage: Callable[[Lane], Passage | None] | None = None  # who follows a piece of work through the writer
        self._tell = tell
        self._ids = OrderedIds()
        self._line = WaitingLine()
        writer = Writer(self.engine, self._line, steps_of=self._steps_of)
        self.on_commit, self.on_batch = writer.on_commit, writer.on_batch
        self._thread = threading.Thread(target=writer.write_for_ever, name=WRITER, daemon=True)
        self._thread.start()

    async def run(self, work: Work[T], plan: tuple[Load, ...] = (), *keys: Any, lane: Lane = Lane.DESK) -> T:
        """Do the work in one transaction and answer after its commit. In the visitors' lane the first key is the chat.

        Raises what the work raised, Busy when the line is full, Unavailable when the database refused.
        """
        answer: T = await self._put_in_line(Job(work, plan, keys, asyncio.get_running_loop()), lane).future
        return answer

    def run_here(self, work: Work[T], plan: tuple[Load, ...] = (), *keys: Any) -> T:
        """The same for callers without an event loop: the command line and tests."""
        return self._submit(work, plan, keys).result()

    def run_each_here(self, works: Iterable[tuple[Work[T], tuple[Any, ...]]], plan: tuple[Load, ...] = ()) -> list[T]:
        """Many pieces of work with their keys, committed together where they can be; a step each, in their order.

        Raises what the first of them raised; those before it are done, and those after it may be.
        """
        line = [self._submit(work, plan, keys) for work, keys in works]
        return [future.result() for future in line]

    def read(self, look: Callable[[Session], T]) -> T:
        """A look at what is committed, beside the writer. Raises Unavailable when the database is away."""
        try:
            with Session(self._looking) as session:
                return look(session)
        except (OperationalError, InterfaceError, PoolTimeout) as away:
            raise Unavailable(Unavailable.__doc__) from away

    async def look(self, look: Callable[[Session], T]) -> T:
        return await asyncio.to_thread(self.read, look)

    @property
    def waiting(self) -> dict[str, int]:
        """How many pieces of work wait for the writer, by lane."""
        return self._line.lengths

    def close(self) -> None:
        """Finish what waits, then stop. Work that comes later is refused as Unavailable."""
        self._line.close()
        self._thread.join()
        self.engine.dispose()

    def _submit(
        self, work: Work[T], plan: tuple[Load, ...], keys: tuple[Any, ...], lane: Lane = Lane.DESK
    ) -> "Future[T]":
        future: Future[T] = self._put_in_line(Job(work, plan, keys), lane).future
        return future

    def _put_in_line(self, job: Job[T], lane: Lane) -> Job[T]:
        if self.passage is not None:
            job.passage = self.passage(lane)
        try:
            self._line.put(job, lane)
        except Closed:
            raise Unavailable(Unavailable.__doc__) from None
        except Full:
            raise Busy(Busy.__doc__) from None
        return job

    def _steps_of(self, batch: Batch) -> Steps:
        """The steps of one commit: one instant, one policy."""
        now, policy = self.clock(), self.policy
        here = now.astimezone(policy.working_hours.zone)
        return lambda passage: Transaction(
            batch, now=now, here=here, policy=policy, tell=self._tell, ids=self._ids, passage=passage
        )


__all__ = [
    "AlreadyThere",
    "Busy",
    "Load",
    "RecordNotFound",
    "Store",
    "Transaction",
    "Unavailable",
    "Wrote",
    "open_engine",
]
