"""kill -9, SIGSTOP and many processes at once: each step is said once, whoever says it (R3, R4, R5)."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, func, select, update

from bot.bootstrap import wall_clock
from bot.migrations import bring_up_to_date
from bot.sandbox.cast import sales_team
from bot.sandbox.server import SandboxServer
from qualification.notices import ALARM
from qualification.records import Outbound, Timer
from qualification.store import Store
from tests.chaos import progress
from tests.chaos.clock_workers import CHANNELS, LEASE, channel_name, start
from tests.chaos.clocks import OVERDUE_BY, has_clocks, steps_told, store_of
from tests.chaos.office import folder
from tests.chaos.proof import Proof, unless
from tests.chaos.shaky import Shaky, accepted, hanging
from tests.desk import installation
from tests.postgres import fresh_schema, server_url

PATIENCE = 600.0
STOPPED_FOR = LEASE.total_seconds() + 1
PARTS = 20
SECONDS_A_KILL = 0.4  # as long as it takes on a busy machine, with the start of the next one
AWAKE_FOR = (0.5, 3.0)  # seconds a thawed worker lives on before it is killed


def kills(quick: bool) -> Proof:
    return asyncio.run(_chaos("R3", kills=10 if quick else 200, timers=100 if quick else 1_500))


def kills_with_lag(quick: bool) -> Proof:
    return asyncio.run(_chaos("R3-lag", kills=10 if quick else 200, timers=100 if quick else 1_500, lag=1.0))


def frozen(quick: bool) -> Proof:
    return asyncio.run(_chaos("R4", kills=10 if quick else 200, timers=100 if quick else 1_500, freeze=True))


def frozen_with_lag(quick: bool) -> Proof:
    return asyncio.run(
        _chaos("R4-lag", kills=10 if quick else 200, timers=100 if quick else 1_500, lag=1.0, freeze=True)
    )


def frozen_on_postgres(quick: bool) -> Proof:
    kills, timers = (10, 100) if quick else (200, 1_500)
    return asyncio.run(_chaos("R4-postgres", kills=kills, timers=timers, freeze=True, on_postgres=True))


@contextmanager
def _database(place: Path, *, on_postgres: bool) -> Iterator[str]:
    if on_postgres:
        with fresh_schema(server_url()) as url:
            yield url
    else:
        yield f"sqlite:///{place}/clocks.db"


async def _chaos(
    name: str, *, kills: int, timers: int, lag: float = 0.0, freeze: bool = False, on_postgres: bool = False
) -> Proof:
    team = sales_team(installation=installation(), limits=False)
    channels = [team.add_channel(channel_name(number), members=()).id for number in range(CHANNELS)]
    team.faults = shaky = Shaky(one_in=10, seed=3, lag=lag)
    with folder() as place, _database(place, on_postgres=on_postgres) as url, _firm(url) as store:
        _fall_due_meanwhile(store, timers, seconds=kills * SECONDS_A_KILL)
        async with SandboxServer(team) as slack:
            began = time.monotonic()
            counts = await _hurt(url, slack.api_url, team.bot_token, channels, kills, freeze=freeze)
            workers = [await asyncio.to_thread(start, url, slack.api_url, team.bot_token, channels) for _ in range(2)]
            sent = await _until_all_settled(store, timers)
            left = await store.look(_left)
            took = time.monotonic() - began
            for worker in workers:
                await _gone(worker)
        whole = "ok" if on_postgres else store.read(_integrity)
    hangs, posted = hanging(team), accepted(team)
    doubled = sum(count - 1 for count in hangs.values())
    taken_back = sum(len(posts) - hangs[key] for key, posts in posted.items())
    return Proof(
        name=name,
        promise="frozen workers do no harm" if freeze else "kill -9 loses and doubles nothing",
        figures=(
            f"{timers:,} timers{' on PostgreSQL' if on_postgres else ''}, 2 workers, {counts['kill']} kill -9"
            + (f" and {counts['stop']} SIGSTOP of {STOPPED_FOR:.0f} s (lease {LEASE.seconds} s)" if freeze else "")
            + f", {shaky.counts['refused']} posts refused with 429, {shaky.counts['unanswered']} taken without an answer"
            + (f", history lags {lag:.0f} s" if lag else "")
            + f": {timers - len(hangs)} lost, {doubled} doubled at the receiver, {taken_back} posted a second time and "
            f"taken back, integrity {whole}, {took:.0f} s"
        ),
        broken=unless(
            none_lost=(len(hangs) == timers and sent == timers, (timers, len(hangs), sent, left)),
            none_doubled=(doubled == 0, [posted[key] for key, count in hangs.items() if count > 1][:5]),
            the_file_is_whole=(whole == "ok", whole),
        ),
    )


@contextmanager
def _firm(url: str) -> Iterator[Store]:
    bring_up_to_date(url)
    with store_of(url) as store:
        yield store


def _integrity(session: Session) -> str:
    return str(session.connection().execute(text("PRAGMA integrity_check")).scalar())


def _fall_due_meanwhile(store: Store, timers: int, *, seconds: float) -> None:
    """Some at once, the others little by little: whenever a worker is struck there is something in its hands."""
    began = wall_clock() - OVERDUE_BY + timedelta(minutes=1)
    for part in range(PARTS):
        has_clocks(store, timers // PARTS, began + timedelta(seconds=part * seconds / PARTS))


async def _hurt(url: str, api_url: str, token: str, channels: list[str], kills: int, *, freeze: bool) -> Counter[str]:
    """Two workers, one of them struck every 20-180 ms; the struck one is replaced, a frozen one thaws later."""
    dice, counts = random.Random(4), Counter[str]()
    workers = [await asyncio.to_thread(start, url, api_url, token, channels) for _ in range(2)]
    thawing: list[asyncio.Task[None]] = []
    for number in range(kills):
        progress.says(f"{number} of {kills} workers struck, {dict(counts)}")
        await asyncio.sleep(dice.uniform(0.02, 0.18))
        victim = workers[number % 2]
        if freeze and dice.random() < 0.5:
            os.kill(victim.pid, signal.SIGSTOP)
            thawing.append(asyncio.create_task(_thaw_and_kill(victim, dice.uniform(*AWAKE_FOR))))
            counts["stop"] += 1
        else:
            await _gone(victim)
            counts["kill"] += 1
        workers[number % 2] = await asyncio.to_thread(start, url, api_url, token, channels)
    await asyncio.gather(*thawing)
    for worker in workers:
        await _gone(worker)
    return counts


async def _thaw_and_kill(victim: Any, awake_for: float) -> None:
    """It goes on where it stood, for a while."""
    await asyncio.sleep(STOPPED_FOR)
    os.kill(victim.pid, signal.SIGCONT)
    await asyncio.sleep(awake_for)
    await _gone(victim)


async def _gone(worker: Any) -> None:
    worker.kill()
    await asyncio.to_thread(worker.join)


def _left(session: Session) -> dict[str, int]:
    """Alarms that were not sent, by where they stand and how often they were tried: a proof that broke says why."""
    rows = session.exec(select(Outbound.status, Outbound.attempts).where(Outbound.kind == ALARM)).all()
    return dict(Counter(f"{status} after {tries} tries" for status, tries in rows if status != "sent"))


async def _until_all_settled(store: Store, timers: int) -> int:
    def sent(session: Session) -> int:
        return session.exec(
            select(func.count()).select_from(Outbound).where(Outbound.kind == ALARM, Outbound.status == "sent")
        ).one()

    until = time.monotonic() + PATIENCE
    while (count := await store.look(sent)) < timers and time.monotonic() < until:
        progress.says(f"{count:,} of {timers:,} sent")
        await asyncio.sleep(0.2)
    await asyncio.sleep(1)
    return count


# -- R5 --------------------------------------------------------------------------------------------


def many_processes(quick: bool) -> Proof:
    timers = 400 if quick else 10_000
    figures: list[str] = []
    broken: list[str] = []
    with folder() as place:
        url = f"sqlite:///{place}/many.db"
        for name, took, told in (_race(url, timers, "SQLite"), _race_on_postgres(timers)):
            figures.append(f"{name} {timers / took:,.0f} timers/s")
            broken += unless(**{f"each_once_on_{name}": (len(told) == len(set(told)) == timers, len(told))})
            if not quick:
                broken += unless(**{f"fast_enough_on_{name}": (timers / took >= 200, timers / took)})
    return Proof(
        name="R5",
        promise="many processes, one effect",
        figures=f"{timers:,} due timers, 4 processes: each fired once; {', '.join(figures)}",
        broken=tuple(broken),
    )


def _race_on_postgres(timers: int) -> tuple[str, float, list[str]]:
    with fresh_schema(server_url()) as url:
        return _race(url, timers, "PostgreSQL")


def _race(url: str, timers: int, name: str) -> tuple[str, float, list[str]]:
    """Everybody is awake when all of them fall due in the same instant; timed from that instant to the last step."""
    bring_up_to_date(url)
    with store_of(url) as store:
        has_clocks(store, timers, wall_clock())
        workers = [start(url) for _ in range(4)]
        due_at = wall_clock() + timedelta(seconds=2)
        with store.engine.begin() as connection:
            first = update(Timer).where(col(Timer.step) == "due").values(due_at=due_at)
            connection.execute(first)
        until = time.monotonic() + PATIENCE
        waits = select(func.count()).where(Timer.status == "waiting", col(Timer.due_at) <= due_at)
        while (left := store.read(lambda session: session.exec(waits).one())) and time.monotonic() < until:
            progress.says(f"{name}: {timers - left:,} of {timers:,} fired")
            time.sleep(0.05)
        took = (wall_clock() - due_at).total_seconds()
        for worker in workers:
            worker.kill()
            worker.join()
        return name, took, steps_told(store)
