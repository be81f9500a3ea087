"""The one thread that writes: it takes who waits, runs their steps, commits them together, and answers.

    lanes -> BEGIN, load, step, step, step, write, COMMIT -> answers, and on when they are out

A step is a plain function of a `Transaction`; what it loads and adds is kept in the batch and written
with a few set-based statements. A step that raises leaves no trace in the batch. When the database
refuses the batch, it is rolled back and its members run again one by one, so only the culprit fails.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError

from qualification.database import line_of_writer
from qualification.writing.batch import Batch, ForGood, Load, StepWritten, Wrote, trips_of
from qualification.writing.jobs import (
    Job,
    Outcome,
    Passage,
    Unavailable,
    let_them_go_on,
    note_begun,
    note_committed,
    refuse,
    settle,
)
from qualification.writing.statements import statements_for
from qualification.writing.transaction import Transaction
from qualification.writing.waiting_line import WaitingLine

BATCH = 256
TRIES = 10  # who takes the same rows in another order is in the way again and again
TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})  # PostgreSQL: serialisation failure, deadlock, lock not available

Answered = tuple[Any, Exception | None]
Steps = Callable[[Passage | None], Transaction]

log = logging.getLogger(__name__)


class _NoBegin(Exception):
    """The database did not even let us begin: it would not let the next one begin either."""


class _Undone(Exception):
    """A lone step failed after it had written: it was rolled back, and its own problem is the cause."""


class Writer:
    """Commits what stands in line. `steps_of` begins the steps of one commit, which share its instant and its rows."""

    def __init__(self, engine: Engine, line: WaitingLine, *, steps_of: Callable[[Batch], Steps]) -> None:
        self.on_commit: list[Callable[[Wrote], None]] = []
        self.on_batch: list[Callable[[int, float], None]] = []
        self._engine = engine
        self._statements_of = statements_for(engine.dialect)
        self._line = line
        self._steps_of = steps_of
        self._own_line: Connection | None = None
        self._for_good: ForGood = {}

    def write_for_ever(self) -> None:
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
        let_them_go_on(jobs)

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
            batch = Batch(connection, self._statements_of, self._for_good)
            _load_for(batch, jobs)
            step_of = self._steps_of(batch)
            answers = [self._step(batch, step_of, job, alone=len(jobs) == 1) for job in jobs]
            batch.commit()
        self._for_good |= batch.seen_for_good()
        return answers, batch.wrote

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        """A transaction on the writer's own line, which is opened anew when it broke."""
        try:
            if self._own_line is None or self._own_line.invalidated:
                self._hang_up()
                self._own_line = line_of_writer(self._engine)
            transaction = self._own_line.begin()
        except SQLAlchemyError as refused:
            raise _NoBegin(_NoBegin.__doc__) from refused
        with transaction:
            yield self._own_line

    def _hang_up(self) -> None:
        if self._own_line is not None:
            self._own_line.close()
        self._own_line = None

    def _step(self, batch: Batch, step_of: Steps, job: Job[Any], *, alone: bool) -> Answered:
        batch.begin_step()
        try:
            return job.work(step_of(job.passage)), None
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
    of_kind: dict[int, list[Job[Any]]] = {}
    for job in jobs:
        if job.plan:
            of_kind.setdefault(id(job.plan), []).append(job)
    plans: dict[tuple[Load, ...], list[tuple[Any, ...]]] = {}
    for alike in of_kind.values():
        plans.setdefault(alike[0].plan, []).extend(job.keys for job in alike)
    for plan, keys in plans.items():
        columns_of_keys = iter(zip(*keys, strict=True))
        for trip in trips_of(plan):
            values = [batch.values(*load.via) if load.via else next(columns_of_keys) for load in trip]
            batch.load(*[(load.table, load.by, wanted) for load, wanted in zip(trip, values, strict=True)])
