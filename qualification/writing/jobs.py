"""Work that waits for the writer, and how those who asked for it are answered: all of one event loop at once.

    writer: commit -> settle(everybody of the batch) -> one call into each loop, which wakes all who wait there

A loop is woken by a byte on a pipe. One byte for each answer would make writer and loop take turns for every one. They
share one interpreter: while many answers go out the writer waits, as taking turns at it costs both of them more.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from time import time_ns
from typing import Any, Generic, NamedTuple, TypeVar

from qualification.writing.batch import Load

MANY = 8  # answers of one commit in one loop; fewer are out before it is worth waiting
ANSWERED_WITHIN = 0.5  # seconds; a loop that something else holds up holds up no commit for longer

T = TypeVar("T")


class Busy(Exception):
    """More work waits than we can promise to do soon; try again in a moment."""

    retry_after = 2


class Unavailable(Exception):
    """The database did not take the change; nothing was recorded; try again in a moment."""

    retry_after = 2


@dataclass(slots=True)
class Passage:
    """When a piece of work got in line, was taken up and was committed (nanoseconds since 1970), and with how many.

    `trace` names it for what it causes later, as W3C Trace Context writes it.
    """

    lane: str
    asked: int
    trace: str
    begun: int = 0
    committed: int = 0
    jobs: int = 0


@dataclass(eq=False)
class Job(Generic[T]):
    """One piece of work, what it needs loaded, and who waits for it: a thread, or a task of `loop`."""

    work: Callable[..., T]
    plan: tuple[Load, ...]
    keys: tuple[Any, ...]
    loop: asyncio.AbstractEventLoop | None = None
    passage: Passage | None = None
    future: Any = field(init=False)

    def __post_init__(self) -> None:
        self.future = Future() if self.loop is None else self.loop.create_future()

    def may_begin(self) -> bool:
        """False when whoever asked has gone away before it was their turn."""
        if self.loop is None:
            return bool(self.future.set_running_or_notify_cancel())
        return not self.future.cancelled()


class Outcome(NamedTuple):
    """What came of a job: its answer, or the problem to raise where it is waited for."""

    job: Job[Any]
    answer: Any = None
    problem: BaseException | None = None

    def tell(self) -> None:
        future = self.job.future
        if future.done():
            return
        if self.problem is not None:
            future.set_exception(_tellable(self.problem))
        else:
            future.set_result(self.answer)


def note_begun(jobs: Iterable[Job[Any]]) -> None:
    """Those that are traced were taken up now."""
    for job in jobs:
        if job.passage is not None:
            job.passage.begun = time_ns()


def note_committed(jobs: Sequence[Job[Any]]) -> None:
    """Those that are traced are on the disk now, together with all the others."""
    for job in jobs:
        if job.passage is not None:
            job.passage.committed, job.passage.jobs = time_ns(), len(jobs)


def settle(outcomes: Iterable[Outcome]) -> None:
    """Tell everybody what came of their job."""
    of_loop: dict[asyncio.AbstractEventLoop | None, list[Outcome]] = {}
    for outcome in outcomes:
        of_loop.setdefault(outcome.job.loop, []).append(outcome)
    for loop, told in of_loop.items():
        if loop is None:
            _tell_all(told)
        else:
            with suppress(RuntimeError):  # the loop was closed: nobody waits there any more
                loop.call_soon_threadsafe(_tell_all, told)


def let_them_go_on(jobs: Iterable[Job[Any]]) -> None:
    """Wait until everybody who has just been told of their job has gone on, where many wait in one loop."""
    for loop, waiting in Counter(job.loop for job in jobs).items():
        if loop is None or waiting < MANY:
            continue
        gone_on = threading.Event()
        with suppress(RuntimeError):  # the loop was closed
            loop.call_soon_threadsafe(loop.call_soon, gone_on.set)  # after those who are being woken
            gone_on.wait(ANSWERED_WITHIN)


def refuse(jobs: Iterable[Job[Any]], problem: BaseException) -> None:
    """Tell everybody the same problem."""
    settle(Outcome(job, problem=problem) for job in jobs)


def _tell_all(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        outcome.tell()


def _tellable(problem: BaseException) -> BaseException:
    """asyncio refuses to carry a StopIteration, and whoever waits would wait for ever."""
    if not isinstance(problem, StopIteration):
        return problem
    told = RuntimeError("the work ran out of something it expected")
    told.__cause__ = problem
    return told
