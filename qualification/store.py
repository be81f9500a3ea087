"""One writer, one commit for everybody who waits, and nobody is answered before it (ADR 2).

    door -> run(work) -> queue -> writer thread: BEGIN, load, step, step, step, write, COMMIT -> answers

A step is a plain function of a `Transaction`; what it loads and adds is kept in the batch and written
with a few set-based statements. A step that raises leaves no trace in the batch. When the database
refuses the batch, it is rolled back and its members run again one by one, so only the culprit fails.
"""

import asyncio
import queue
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, Row, bindparam, create_engine, event, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable
from sqlmodel import Session, SQLModel

from qualification.events import Event
from qualification.policy import Policy

R = TypeVar("R", bound=SQLModel)
T = TypeVar("T")
Work = Callable[["Transaction"], T]
Values = dict[str, Any]

BATCH = 256
WAITING_LINE = 4_096


class RecordNotFound(LookupError):
    def __init__(self, table: type[SQLModel], key: object) -> None:
        super().__init__(f"no {table.__tablename__} with {key!r}")


class Busy(Exception):
    """More work waits than we can promise to do soon; try again in a moment."""

    retry_after = 2


class Unavailable(Exception):
    """The database did not take the change; nothing was recorded; try again in a moment."""

    retry_after = 2


@dataclass(frozen=True)
class Load:
    """Rows a kind of work always needs, read for the whole batch at once.

    Loads without `via` take the work's keys in their order; the others follow a column of rows already loaded.
    """

    table: type[SQLModel]
    by: str
    via: tuple[type[SQLModel], str] | None = None


@dataclass
class _Tracked:
    row: SQLModel
    stored: Values | None


@dataclass
class _Job(Generic[T]):
    work: Work[T]
    plan: tuple[Load, ...]
    keys: tuple[Any, ...]
    future: "Future[T]" = field(default_factory=Future)


class _Spoiled(Exception):
    """A step failed after its rows had been written: only a rollback takes them back."""


class Batch:
    """The rows of one commit: loaded once, found again by any column they were loaded by."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rows: dict[tuple[type[SQLModel], Any], _Tracked] = {}
        self._fresh: list[_Tracked] = []
        self._found: dict[tuple[type[SQLModel], str], dict[Any, list[SQLModel]]] = {}
        self._before: list[tuple[SQLModel, Values]] = []
        self._touched: set[int] = set()
        self._added: list[_Tracked] = []
        self._written = False
        self.made = 0

    # -- one step -------------------------------------------------------------------------

    def begin_step(self) -> None:
        self._before.clear()
        self._touched.clear()
        self._added.clear()
        self._written = False

    def undo_step(self) -> None:
        if self._written:
            raise _Spoiled
        for row, values in self._before:
            for name, value in values.items():
                if row.__dict__.get(name) is not value:
                    setattr(row, name, value)
        for tracked in self._added:
            self._forget(tracked)

    def _forget(self, tracked: _Tracked) -> None:
        table = type(tracked.row)
        self._rows.pop((table, _key_of(tracked.row)), None)
        self._fresh.remove(tracked)
        for (of, column), rows in self._found.items():
            if of is table:
                found = rows.get(getattr(tracked.row, column))
                if found and tracked.row in found:
                    found.remove(tracked.row)

    def _touch(self, row: SQLModel) -> None:
        if id(row) not in self._touched:
            self._touched.add(id(row))
            self._before.append((row, _values(row)))

    # -- reading --------------------------------------------------------------------------

    def find(self, table: type[R], column: str, value: Any) -> list[R]:
        known = self._found.setdefault((table, column), {})
        if value not in known:
            if column != _keys(table):
                self.write()
            self.load(table, column, [value])
        rows: list[R] = known[value]  # type: ignore[assignment]  # rows of `table` by construction
        for row in rows:
            self._touch(row)
        return list(rows)

    def load(self, table: type[SQLModel], column: str, values: Iterable[Any]) -> None:
        known = self._found.setdefault((table, column), {})
        missing = [value for value in dict.fromkeys(values) if value is not None and value not in known]
        if not missing:
            return
        for value in missing:
            known[value] = []
        keys = _keys(table)
        columns = table.__table__.c  # type: ignore[attr-defined]  # every table model has one
        for start in range(0, len(missing), 500):
            some = missing[start : start + 500]
            statement = select(*columns).where(columns[column].in_(some)).order_by(columns[keys]).with_for_update()
            for found in self.connection.execute(statement):
                known[found._mapping[column]].append(self._admit(table, found))

    def values(self, table: type[SQLModel], column: str) -> list[Any]:
        return [getattr(tracked.row, column) for (of, _), tracked in self._rows.items() if of is table]

    def _admit(self, table: type[SQLModel], found: Row[Any]) -> SQLModel:
        values = dict(found._mapping)
        identity = (table, values[_keys(table)])
        tracked = self._rows.get(identity)
        if tracked is None:
            tracked = _Tracked(table(**values), values)
            self._rows[identity] = tracked
        return tracked.row

    # -- writing --------------------------------------------------------------------------

    def add(self, row: SQLModel) -> None:
        tracked = _Tracked(row, None)
        self._fresh.append(tracked)
        self._added.append(tracked)
        table = type(row)
        if _key_of(row) is not None:
            self._rows[(table, _key_of(row))] = tracked
            self._found.setdefault((table, _keys(table)), {}).setdefault(_key_of(row), []).append(row)
        for (of, column), rows in self._found.items():
            if of is table and column != _keys(table):
                found = rows.get(getattr(row, column))
                if found is not None:
                    found.append(row)

    def write(self) -> None:
        """Everything new and changed, one statement for each shape of change."""
        self._write_new()
        self._write_changed()

    def _write_new(self) -> None:
        fresh: dict[type[SQLModel], list[Values]] = {}
        for tracked in self._fresh:
            values = _values(tracked.row)
            fresh.setdefault(type(tracked.row), []).append(values)
            tracked.stored = values
        for table, rows in fresh.items():
            if rows[0][_keys(table)] is None:
                rows = [{name: value for name, value in row.items() if name != _keys(table)} for row in rows]
            self.connection.execute(insert(table), rows)
            self._written = True
        self._fresh.clear()

    def _write_changed(self) -> None:
        changes: dict[tuple[type[SQLModel], tuple[str, ...]], list[Values]] = {}
        for (table, key), tracked in self._rows.items():
            now = _values(tracked.row)
            stored = tracked.stored or {}
            changed = tuple(
                name for name, value in now.items() if value is not stored.get(name) and value != stored.get(name)
            )
            if changed:
                change = {f"new_{name}": now[name] for name in changed} | {"this_key": key}
                changes.setdefault((table, changed), []).append(change)
                tracked.stored = now
        for (table, changed), rows in changes.items():
            columns = table.__table__.c  # type: ignore[attr-defined]  # every table model has one
            statement = (
                update(table.__table__)  # type: ignore[attr-defined]  # every table model has one
                .where(columns[_keys(table)] == bindparam("this_key"))
                .values({name: bindparam(f"new_{name}") for name in changed})
            )
            self.connection.execute(statement, rows)
            self._written = True


class Transaction:
    """One unit of work: what a step may read, change and record, at one instant.

    Rows come back tracked: set their attributes and the change is written with the batch.
    """

    def __init__(self, batch: Batch, *, now: datetime, policy: Policy, tell: "Tell") -> None:
        self.now = now
        self.policy = policy
        self._batch = batch
        self._tell = tell

    def get(self, table: type[R], key: Any) -> R:
        """The row with this primary key; raises RecordNotFound."""
        row = self.peek(table, key)
        if row is None:
            raise RecordNotFound(table, key)
        return row

    def peek(self, table: type[R], key: Any) -> R | None:
        """The row with this primary key, or None."""
        return self.first(table, _keys(table), key)

    def first(self, table: type[R], column: str, value: Any) -> R | None:
        return next(iter(self._batch.find(table, column, value)), None)

    def find(self, table: type[R], column: str, value: Any) -> list[R]:
        """The rows whose column has this value, oldest key first, those added by this step included."""
        return self._batch.find(table, column, value)

    def select(self, statement: Executable) -> Sequence[Row[Any]]:
        """Any other read. It sees what earlier steps of the batch wrote; rows it returns are not tracked."""
        self._batch.write()
        return self._batch.connection.execute(statement).all()

    def add(self, row: R) -> R:
        self._batch.add(row)
        return row

    def record(self, happened: Event) -> None:
        """Write what happened into the lead's history and tell whoever has to know."""
        self._tell(self, happened)

    @staticmethod
    def new_id() -> str:
        """A public id: 128 random bits, never made from a counter or a clock."""
        return secrets.token_hex(16)

    def ordered_id(self) -> str:
        """An inner id that sorts by when it was made, for rows that must keep their order."""
        self._batch.made += 1
        return f"{int(self.now.timestamp() * 1_000_000):016x}{self._batch.made:04x}{secrets.token_hex(6)}"


Tell = Callable[[Transaction, Event], None]


class Store:
    """The database and its one writer thread."""

    def __init__(self, url: str, *, clock: Callable[[], datetime], policy: Policy, tell: Tell) -> None:
        self.engine = open_engine(url)
        self.clock = clock
        self.policy = policy
        self.on_commit: list[Callable[[], None]] = []
        self._tell = tell
        self._jobs: queue.Queue[_Job[Any] | None] = queue.Queue(maxsize=WAITING_LINE)
        self._thread = threading.Thread(target=self._write_for_ever, name="bantline-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Work[T], plan: tuple[Load, ...] = (), *keys: Any) -> T:
        """Do the work in one transaction and answer after its commit.

        Raises what the work raised, Busy when the line is full, Unavailable when the database refused.
        """
        return await asyncio.wrap_future(self._submit(work, plan, keys))

    def run_here(self, work: Work[T], plan: tuple[Load, ...] = (), *keys: Any) -> T:
        """The same for callers without an event loop: the command line and tests."""
        return self._submit(work, plan, keys).result()

    def read(self, look: Callable[[Session], T]) -> T:
        """A look at what is committed, beside the writer."""
        with Session(self.engine) as session:
            return look(session)

    async def look(self, look: Callable[[Session], T]) -> T:
        return await asyncio.to_thread(self.read, look)

    def close(self) -> None:
        """Finish what waits, then stop."""
        self._jobs.put(None)
        self._thread.join()
        self.engine.dispose()

    def _submit(self, work: Work[T], plan: tuple[Load, ...], keys: tuple[Any, ...]) -> "Future[T]":
        job = _Job(work, plan, keys)
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise Busy(Busy.__doc__) from None
        return job.future

    # -- the writer thread ----------------------------------------------------------------

    def _write_for_ever(self) -> None:
        while (jobs := self._next_jobs()) is not None:
            if not jobs:
                continue
            self._commit_together(jobs)
            for woken in self.on_commit:
                woken()

    def _next_jobs(self) -> list[_Job[Any]] | None:
        first = self._jobs.get()
        if first is None:
            return None
        jobs = [first]
        while len(jobs) < BATCH:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            jobs.append(job)
        return [job for job in jobs if job.future.set_running_or_notify_cancel()]

    def _commit_together(self, jobs: list[_Job[Any]]) -> None:
        try:
            answers = self._attempt(jobs)
        except (DBAPIError, _Spoiled, RetryOne) as refused:
            if len(jobs) > 1:
                for job in jobs:
                    self._commit_together([job])
                return
            jobs[0].future.set_exception(_as_unavailable(refused))
            return
        except BaseException as broken:  # noqa: BLE001 - the edge of the writer: whoever waits must hear of it
            for job in jobs:
                job.future.set_exception(broken)
            return
        for job, (answer, problem) in zip(jobs, answers, strict=True):
            if problem is not None:
                job.future.set_exception(problem)
            else:
                job.future.set_result(answer)

    def _attempt(self, jobs: list[_Job[Any]]) -> list[tuple[Any, Exception | None]]:
        with self.engine.connect() as connection, connection.begin():
            batch = Batch(connection)
            _load_for(batch, jobs)
            now = self.clock()
            answers = [self._step(batch, job, now, alone=len(jobs) == 1) for job in jobs]
            batch.write()
        return answers

    def _step(self, batch: Batch, job: _Job[Any], now: datetime, *, alone: bool) -> tuple[Any, Exception | None]:
        tx = Transaction(batch, now=now, policy=self.policy, tell=self._tell)
        batch.begin_step()
        try:
            return job.work(tx), None
        except DBAPIError:
            raise
        except Exception as problem:  # noqa: BLE001 - a step's failure belongs to whoever asked for it
            try:
                batch.undo_step()
            except _Spoiled:
                if alone:
                    raise RetryOne(problem) from problem
                raise
            return None, problem


class RetryOne(Exception):
    """A lone step failed after a write: roll back and hand its own problem to whoever asked."""


def _as_unavailable(refused: Exception) -> Exception:
    if isinstance(refused, RetryOne) and isinstance(refused.__cause__, Exception):
        return refused.__cause__
    unavailable = Unavailable(Unavailable.__doc__)
    unavailable.__cause__ = refused
    return unavailable


def _load_for(batch: Batch, jobs: list[_Job[Any]]) -> None:
    plans: dict[tuple[Load, ...], list[tuple[Any, ...]]] = {}
    for job in jobs:
        if job.plan:
            plans.setdefault(job.plan, []).append(job.keys)
    for plan, keys in plans.items():
        columns_of_keys = iter(zip(*keys, strict=True))
        for load in plan:
            batch.load(load.table, load.by, batch.values(*load.via) if load.via else next(columns_of_keys))


_key_names: dict[type[SQLModel], str] = {}


def _keys(table: type[SQLModel]) -> str:
    name = _key_names.get(table)
    if name is None:
        name = next(iter(table.__table__.primary_key)).name  # type: ignore[attr-defined]  # every table model has one
        _key_names[table] = name
    return name


def _key_of(row: SQLModel) -> Any:
    return row.__dict__.get(_keys(type(row)))


_column_names: dict[type[SQLModel], tuple[str, ...]] = {}


def _values(row: SQLModel) -> Values:
    table = type(row)
    names = _column_names.get(table)
    if names is None:
        names = tuple(column.name for column in table.__table__.columns)  # type: ignore[attr-defined]  # as above
        _column_names[table] = names
    held = row.__dict__
    return {name: held.get(name) for name in names}


def open_engine(url: str) -> Engine:
    """An engine for either database: SQLite as a durable file, PostgreSQL as it comes."""
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    engine = create_engine(url, pool_pre_ping=url.startswith("postgresql"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _make_durable)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _make_durable(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    writing = threading.current_thread().name == "bantline-writer"
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
