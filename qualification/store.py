"""One writer, one commit for everybody who waits, and nobody is answered before it (ADR 2).

    door -> run(work) -> lanes -> writer thread: BEGIN, load, step, step, step, write, COMMIT -> answers

A step is a plain function of a `Transaction`; what it loads and adds is kept in the batch and written
with a few set-based statements. A step that raises leaves no trace in the batch. When the database
refuses the batch, it is rolled back and its members run again one by one, so only the culprit fails.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Update
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.sql import Executable
from sqlmodel import Session, SQLModel

from qualification.batch import AlreadyThere, Batch, Load, StepWritten, Wrote
from qualification.database import WRITER, line_of_writer, open_engine, without_transactions
from qualification.events import Event
from qualification.ids import OrderedIds
from qualification.jobs import Job, Outcome, Passage, note_begun, note_committed, refuse, settle
from qualification.many import Among
from qualification.policy import Policy
from qualification.rows import Values, key_name
from qualification.statements import statements_for
from qualification.waiting_line import Closed, Full, Lane, WaitingLine

R = TypeVar("R", bound=SQLModel)
T = TypeVar("T")
Work = Callable[["Transaction"], T]

BATCH = 256
TRIES = 10  # who takes the same rows in another order is in the way again and again
TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})  # PostgreSQL: serialisation failure, deadlock, lock not available

log = logging.getLogger(__name__)


class RecordNotFound(LookupError):
    def __init__(self, table: type[SQLModel], key: object) -> None:
        super().__init__(f"no {table.__tablename__} with {key!r}")


class Busy(Exception):
    """More work waits than we can promise to do soon; try again in a moment."""

    retry_after = 2


class Unavailable(Exception):
    """The database did not take the change; nothing was recorded; try again in a moment."""

    retry_after = 2


class _NoBegin(Exception):
    """The database did not even let us begin: it would not let the next one begin either."""


class _Undone(Exception):
    """A lone step failed after it had written: it was rolled back, and its own problem is the cause."""


class Transaction:
    """One unit of work: what a step may read, change and record, at one instant.

    Rows come back tracked: set their attributes and the change is written with the batch.
    """

    def __init__(
        self,
        batch: Batch,
        *,
        now: datetime,
        policy: Policy,
        tell: "Tell",
        ids: OrderedIds,
        passage: Passage | None = None,
    ) -> None:
        self.now = now
        self.trace = passage.trace if passage is not None else None
        self.policy = policy
        self._batch = batch
        self._tell = tell
        self._ids = ids

    def get(self, table: type[R], key: Any) -> R:
        """The row with this primary key; raises RecordNotFound."""
        row = self.peek(table, key)
        if row is None:
            raise RecordNotFound(table, key)
        return row

    def peek(self, table: type[R], key: Any) -> R | None:
        """The row with this primary key, or None."""
        return self.first(table, key_name(table), key)

    def first(self, table: type[R], column: str, value: Any) -> R | None:
        return next(iter(self._batch.find(table, column, value)), None)

    def find(self, table: type[R], column: str, value: Any) -> list[R]:
        """The rows whose column has this value, oldest key first, those added by this step included."""
        return self._batch.find(table, column, value)

    def load(self, table: type[SQLModel], column: str, values: Iterable[Any]) -> None:
        """Read all of these in as few statements as possible: whoever asks for one of them finds it read."""
        self._batch.load(table, column, values)

    def select(self, statement: Executable) -> Sequence[Row[Any]]:
        """Any other read. It sees what earlier steps of the batch wrote; rows it returns are not tracked."""
        self._batch.write()
        return self._batch.connection.execute(statement).all()

    def select_in(
        self, statement: Callable[[Among], Select[Any]], values: Iterable[Any], **more: Any
    ) -> Iterator[Row[Any]]:
        """The same for the rows that are `among` a list of any length, beside the statement's other parameters."""
        return self._batch.select_in(statement, values, **more)

    def change(self, table: type[SQLModel], keys: Iterable[Any], **to: Any) -> None:
        """Set columns of many rows by a statement; a row that was read before has to be read again to show it."""
        self._batch.change(table, keys, to)

    def change_in(self, table: type[SQLModel], statement: Callable[[Among], Update], values: Iterable[Any]) -> int:
        """How many of the rows `among` a list of any length the statement changes."""
        return self._batch.change_in(table, statement, values)

    def add_many(
        self, table: type[SQLModel], rows: list[Values], *, alike: Values | None = None, unless: str | None = None
    ) -> None:
        """Many new rows as plain values, without a word to anybody; not those whose `unless` another row has.

        `alike`: the columns in which all of them hold the same.
        """
        self._batch.add_many(table, rows, alike=alike, unless=unless)

    def add(self, row: R) -> R:
        """A new row, found from now on and written with the batch. Raises AlreadyThere."""
        self._batch.add(row)
        return row

    def added(self, table: type[R]) -> list[R]:
        """The rows this unit of work has added so far, in their order."""
        return self._batch.added(table)

    def once(self, row: R, make: Callable[[R], T]) -> T:
        """What is made of a row whose facts are never edited, made once in a commit."""
        return self._batch.once(row, make)

    def delete(self, table: type[SQLModel], column: str, *values: Any) -> int:
        """The rows whose column has one of these values are gone for good; how many. Only erasure does that."""
        return self._batch.delete(table, column, values)

    def record(self, happened: Event) -> None:
        """Write what happened into the lead's history and tell whoever has to know."""
        self._tell(self, happened)

    def new_id(self) -> str:
        """A public id: random, never made from a counter or a clock."""
        return self._batch.new_id()

    def ordered_id(self) -> str:
        """An inner id that sorts by when it was made, for rows that must keep their order."""
        return self._ids.next(self.now)

    def ordered_ids(self, many: int) -> list[str]:
        """So many of them, in their order."""
        return self._ids.many(self.now, many)


Tell = Callable[[Transaction, Event], None]
Answered = tuple[Any, Exception | None]


class Store:
    """The database and its one writer thread."""

    def __init__(self, url: str, *, clock: Callable[[], datetime], policy: Policy, tell: Tell) -> None:
        self.engine = open_engine(url)
        self._looking = without_transactions(self.engine)
        self._statements_of = statements_for(self.engine.dialect)
        self.clock = clock
        self.policy = policy
        self.on_commit: list[Callable[[Wrote], None]] = []
        self.on_batch: list[Callable[[int, float], None]] = []
        self.passage: Callable[[Lane], Passage | None] | None = None  # who follows a piece of work through the writer
        self._tell = tell
        self._ids = OrderedIds()
        self._line = WaitingLine()
        self._own_line: Connection | None = None
        self._thread = threading.Thread(target=self._write_for_ever, name=WRITER, daemon=True)
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

    # -- the writer thread ----------------------------------------------------------------

    def _write_for_ever(self) -> None:
        while waiting := self._line.take(BATCH):
            jobs = [job for job in waiting if job.may_begin()]
            try:
                self._serve(jobs)
            except BaseException as broken:  # the edge of the writer: whoever waits must hear of it, and it lives on
                log.exception("the writer met something unforeseen")
                refuse(jobs, broken)
        self._hang_up()

    def _serve(self, jobs: list[Job[Any]]) -> None:
        begin = perf_counter()
        note_begun(jobs)
        wrote = self._commit_together(jobs) if jobs else {}
        for measured in self.on_batch:
            measured(len(jobs), perf_counter() - begin)
        for told in tuple(self.on_commit) if wrote else ():
            told(wrote)

    def _commit_together(self, jobs: list[Job[Any]]) -> Wrote:
        """Commit and answer; what was written."""
        if len(jobs) == 1:
            return self._commit_one_by_one(jobs)
        try:
            answers, wrote = self._attempt(jobs)
        except _NoBegin as away:
            refuse(jobs, _unavailable(away))
            return {}
        except Exception:  # noqa: BLE001 - one of them is the culprit: each is tried alone
            return self._commit_one_by_one(jobs)
        _answer(jobs, answers)
        return wrote

    def _commit_one_by_one(self, jobs: list[Job[Any]]) -> Wrote:
        wrote: Wrote = {}
        for position, job in enumerate(jobs):
            try:
                for table, rows in self._commit_alone(job).items():
                    wrote.setdefault(table, {}).update(rows)
            except _NoBegin as away:
                refuse(jobs[position:], _unavailable(away))
                break
        return wrote

    def _commit_alone(self, job: Job[Any], tries: int = TRIES) -> Wrote:
        try:
            answers, wrote = self._attempt([job])
        except _NoBegin:
            raise
        except _Undone as undone:
            refuse([job], undone.__cause__ or undone)
        except Exception as refused:  # noqa: BLE001 - whatever it is belongs to whoever asked for it
            if tries > 1 and _may_pass(refused):
                return self._commit_alone(job, tries - 1)
            refuse([job], _unavailable(refused) if isinstance(refused, OperationalError | InterfaceError) else refused)
        else:
            _answer([job], answers)
            return wrote
        return {}

    def _attempt(self, jobs: list[Job[Any]]) -> tuple[list[Answered], Wrote]:
        with self._begun() as connection:
            batch = Batch(connection, self._statements_of)
            _load_for(batch, jobs)
            now = self.clock()
            answers = [self._step(batch, job, now, alone=len(jobs) == 1) for job in jobs]
            batch.commit()
        return answers, batch.wrote

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        """A transaction on the writer's own line, which is opened anew when it broke."""
        try:
            if self._own_line is None or self._own_line.invalidated:
                self._hang_up()
                self._own_line = line_of_writer(self.engine)
            transaction = self._own_line.begin()
        except SQLAlchemyError as refused:
            raise _NoBegin(_NoBegin.__doc__) from refused
        with transaction:
            yield self._own_line

    def _hang_up(self) -> None:
        if self._own_line is not None:
            self._own_line.close()
        self._own_line = None

    def _step(self, batch: Batch, job: Job[Any], now: datetime, *, alone: bool) -> Answered:
        tx = Transaction(batch, now=now, policy=self.policy, tell=self._tell, ids=self._ids, passage=job.passage)
        batch.begin_step()
        try:
            return job.work(tx), None
        except DBAPIError:
            raise
        except Exception as problem:  # noqa: BLE001 - a step's failure belongs to whoever asked for it
            try:
                batch.undo_step()
            except StepWritten:
                if alone:
                    raise _Undone(_Undone.__doc__) from problem
                raise
            return None, problem


def _answer(jobs: list[Job[Any]], answers: list[Answered]) -> None:
    note_committed(jobs)
    settle(Outcome(job, *answer) for job, answer in zip(jobs, answers, strict=True))


def _unavailable(refused: Exception) -> Unavailable:
    unavailable = Unavailable(Unavailable.__doc__)
    unavailable.__cause__ = refused
    return unavailable


def _may_pass(refused: Exception) -> bool:
    """Another process was in the way, or the line broke: on the next look its row is there, its lock is gone.

    When a commit's answer was lost, a repeat finds the key of what it did and does nothing twice.
    """
    if not isinstance(refused, DBAPIError):
        return False
    lost = refused.connection_invalidated or getattr(refused.orig, "sqlstate", None) in TRY_AGAIN
    return lost or isinstance(refused, IntegrityError)


def _load_for(batch: Batch, jobs: list[Job[Any]]) -> None:
    plans: dict[tuple[Load, ...], list[tuple[Any, ...]]] = {}
    for job in jobs:
        if job.plan:
            plans.setdefault(job.plan, []).append(job.keys)
    for plan, keys in plans.items():
        columns_of_keys = iter(zip(*keys, strict=True))
        for load in plan:
            batch.load(load.table, load.by, batch.values(*load.via) if load.via else next(columns_of_keys))


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
