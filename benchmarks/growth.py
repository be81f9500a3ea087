"""Does it stay as fast with a million leads as with ten thousand? The same work beside more and more of them.

    python -m benchmarks.growth [--leads 10000,100000,1000000] [--database sqlite|postgresql] [--seconds 5] [--json]

A database for each size (benchmarks/many_leads.py), and beside each the same things are done, in turns: whole
interviews over HTTP against a `bantline serve` of its own, and the looks and presses of the desk and the clock one by
one. What counts is CPU time, ours and that of PostgreSQL's processes where it runs on this machine, the least of the
rounds; ratios are to the first size. PostgreSQL is the one DATABASE_URL names, or one of its own for this run. A
million leads take some 8 GB in the folder for temporary files (TMPDIR).
"""

import argparse
import contextlib
import gc
import json
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import uvloop
from sqlalchemy import select
from sqlmodel import Session

from benchmarks import crowd
from benchmarks.costs import cpu_seconds, family_cpu_seconds
from benchmarks.durable_postgres import Postgres
from benchmarks.many_leads import ManyLeads, rep_id, size_of
from bot.bootstrap import wall_clock
from bot.delivery import Delivery
from bot.health import examine
from bot.server import COLLECT_AFTER
from bot.slack.home_view import home_facts
from bot.slack.once import once
from bot.slack.team import Who
from bot.slack.voice import Voice
from bot.upkeep.auditor import Auditor
from bot.words import Words
from bot.worker import Worker
from qualification import deeds, leads, notices, ownership
from qualification.activities import Seen
from qualification.deeds import Kind
from qualification.dossier import dossier_of
from qualification.look import Look
from qualification.outbox import CARD
from qualification.policy import shipped_policy
from qualification.priority import leads_by_priority, newest_leads
from qualification.records import Lead
from qualification.reports.digest import digest_of
from qualification.stages import Stage
from qualification.store import Store, Transaction
from qualification.writing.rows import table_of
from tests.chaos.office import quiet
from tests.process import BantlineProcess

CLIENTS = 32
FEWEST_TIMES, MOST_TIMES = 20, 300
MOST_OF = {"a claim": 100}  # a lead can be claimed once
AT_LEAST = 0.3  # seconds
SAMPLE = 40


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One thing done beside so many leads: CPU time of all processes in microseconds, and how long one took."""

    what: str
    cpu: float
    took_ms: float


class CpuTime:
    """Seconds of ours so far, with those of PostgreSQL's processes where they run on this machine."""

    def __init__(self, database_pid: int | None) -> None:
        self._database_pid = database_pid

    def here(self) -> float:
        return time.process_time() + self._of_database()

    def of(self, pid: int) -> float:
        """The same with another process in place of this one."""
        return cpu_seconds(pid) + self._of_database()

    def _of_database(self) -> float:
        return family_cpu_seconds(self._database_pid) if self._database_pid else 0.0


Rows = dict[int, list[Figure]]


# -- what is done ----------------------------------------------------------------------------------------


class Desk:
    """One process beside the database, without doors: whatever a person or the clock does, one by one."""

    def __init__(self, url: str) -> None:
        self.store = Store(url, clock=wall_clock, policy=shipped_policy(), tell=notices.tell)
        self._words = Words(self.store.policy.working_hours.zone, company="Example")
        self._delivery = Delivery(self.store, {})
        self._worker = Worker(self.store, self._delivery)
        self._auditor = Auditor(self.store, kinds=(CARD,))
        self._chance = random.Random()
        self._ids = self.store.read(self._some_leads)

    def _some_leads(self, session: Session) -> list[tuple[str, bool]]:
        """Leads from everywhere in the table, and whether they are free to claim."""
        columns = table_of(Lead).c
        found: list[tuple[str, str | None]] = []
        for _ in range(SAMPLE):
            beginning = f"{self._chance.getrandbits(32):08x}"
            some = select(columns.id, columns.owner_id).where(columns.id > beginning).order_by(columns.id).limit(SAMPLE)
            found += [(row.id, row.owner_id) for row in session.execute(some)]
        self._chance.shuffle(found)
        return [(lead_id, owner_id is None) for lead_id, owner_id in dict.fromkeys(found)]

    def things(self) -> Iterator[tuple[str, Callable[[], object]]]:
        free = iter([lead_id for lead_id, is_free in self._ids if is_free])
        everyone = [lead_id for lead_id, _ in self._ids]
        store, policy = self.store, self.store.policy
        line = policy.stages.mql.priority_score
        now = store.clock()
        yield "a claim", lambda: store.run_here(partial(_claim, next(free)))
        yield "an activity", lambda: store.run_here(partial(_see, self._chance.choice(everyone)))
        yield "a lead's page", lambda: store.read(partial(_page, self._chance.choice(everyone), store))
        yield "a rep's Home", lambda: store.read(partial(self._home, rep_id(1), False))
        yield "a manager's Home", lambda: store.read(partial(self._home, rep_id(0), True))
        yield "a look for due timers", lambda: store.read(self._worker._due)
        yield "a look for messages to send", lambda: store.read(self._delivery._waiting)
        yield "a look of the auditor", lambda: store.read(lambda session: self._auditor._look(session))
        yield "is all well (/healthz)", lambda: store.read(lambda session: examine(session, now=now))
        yield "newest leads", lambda: store.read(newest_leads)
        yield "newest leads of a stage", lambda: store.read(partial(newest_leads, stage=Stage.SAL))
        yield "leads by priority", lambda: store.read(partial(leads_by_priority, line=line))
        yield "the digest of a day", lambda: store.read(partial(digest_of, day=now.date(), policy=policy, until=now))

    def _home(self, user_id: str, is_manager: bool, session: Session) -> object:
        zone = ZoneInfo("Asia/Tokyo")
        voice = Voice(words=self._words, language="ja", now=self.store.clock(), zone=zone)
        who = Who(id=user_id, is_manager=is_manager)
        return home_facts(session, who, {}, self.store.policy, voice)


def _claim(lead_id: str, tx: Transaction) -> None:
    once(tx, secrets.token_hex(8), lambda: _take(tx, tx.get(Lead, lead_id)))


def _take(tx: Transaction, lead: Lead) -> None:
    deeds.do(tx, lead, Kind.CLAIM, lambda: ownership.claim(tx, lead, by=rep_id(1)), by=rep_id(1))


def _see(lead_id: str, tx: Transaction) -> None:
    seen = Seen(source="made", id=secrets.token_hex(8), kind="page_viewed", at=tx.now - timedelta(minutes=1))
    leads.see_activity(tx, tx.get(Lead, lead_id), seen)


def _page(lead_id: str, store: Store, session: Session) -> object:
    return dossier_of(Look(session), lead_id, policy=store.policy, now=store.clock())


# -- measuring -------------------------------------------------------------------------------------------


def measure(urls: Mapping[int, str], seconds: float, spent: CpuTime) -> Rows:
    """Everything once more, beside each size in turn, so that a bad moment of the machine is everybody's."""
    rows = {size: [_turns(url, seconds, spent)] for size, url in urls.items()}
    desks = {size: Desk(url) for size, url in urls.items()}
    try:
        for same in zip(*(desk.things() for desk in desks.values()), strict=True):
            for size, (what, do) in zip(desks, same, strict=True):
                rows[size].append(_one_by_one(what, do, spent))
    finally:
        for desk in desks.values():
            desk.store.close()
    return rows


def _turns(url: str, seconds: float, spent: CpuTime) -> Figure:
    with tempfile.TemporaryDirectory() as folder, BantlineProcess(Path(folder), DATABASE_URL=url) as bantline:
        uvloop.run(crowd.measure(bantline.url, 4, 2.0))
        before = spent.of(bantline.pid)
        seen = uvloop.run(crowd.measure(bantline.url, CLIENTS, seconds))
        cpu = (spent.of(bantline.pid) - before) / seen.turns
    return Figure(what=f"a turn, {CLIENTS} clients", cpu=cpu * 1e6, took_ms=seen.p50)


def _one_by_one(what: str, do: Callable[[], object], spent: CpuTime) -> Figure:
    do()
    took: list[float] = []
    before, begun = spent.here(), time.perf_counter()
    while len(took) < MOST_OF.get(what, MOST_TIMES) and (
        len(took) < FEWEST_TIMES or time.perf_counter() - begun < AT_LEAST
    ):
        began = time.perf_counter()
        do()
        took.append((time.perf_counter() - began) * 1000)
    return Figure(what=what, cpu=(spent.here() - before) / len(took) * 1e6, took_ms=median(took))


# -- telling ---------------------------------------------------------------------------------------------


def table_of_ratios(rows: Rows) -> Iterator[str]:
    first, *others = rows
    yield f"{'CPU time':<32}{f'{first:,} leads':>16}" + "".join(f"{f'{size:,}':>22}" for size in others)
    for place, begun in enumerate(rows[first]):
        cells = (f"{rows[size][place].cpu:,.0f} us  x{rows[size][place].cpu / begun.cpu:5.2f}" for size in others)
        yield f"{begun.what:<32}{begun.cpu:>13,.0f} us" + "".join(f"{cell:>22}" for cell in cells)


def as_json(rows: Rows) -> str:
    return json.dumps([{"leads": size, **vars(figure)} for size, figures in rows.items() for figure in figures])


def least_disturbed(rounds: list[list[Figure]]) -> list[Figure]:
    """The smaller of several figures of the same thing: whatever disturbs adds."""
    return [min(same, key=lambda figure: figure.cpu) for same in zip(*rounds, strict=True)]


@contextlib.contextmanager
def databases(name: str, kept: Path | None) -> Iterator[tuple[Callable[[int], str], CpuTime]]:
    """The URL of a database for so many leads, gone afterwards unless it is kept; and what they and we cost."""
    with contextlib.ExitStack() as opened:
        if name == "sqlite":
            folder = kept or opened.enter_context(tempfile.TemporaryDirectory(prefix="bantline-growth-"))
            yield lambda size: f"sqlite:///{folder}/{size}.db", CpuTime(None)
        else:
            server = Postgres()
            yield lambda _: opened.enter_context(server.fresh_database()), CpuTime(server.pid)


def _tell_progress(tell: Callable[[str], None], size: int, many: int) -> None:
    tell(f"{many:,} of {size:,} leads")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--leads", default="10000,100000,1000000")
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--seconds", type=float, default=4.0)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--folder", type=Path, help="keep the SQLite files here, and use those that are there")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    quiet()
    gc.set_threshold(*COLLECT_AFTER)  # as `bantline serve` does
    begun = time.perf_counter()

    def tell(words: str) -> None:
        print(f"{time.perf_counter() - begun:6.0f} s  {words}", file=sys.stderr, flush=True)

    with databases(given.database, given.folder) as (another, spent):
        urls = {size: another(size) for size in map(int, given.leads.split(","))}
        for size, url in urls.items():
            if given.folder and Path(given.folder, f"{size}.db").exists():
                continue
            with ManyLeads(url) as filled:
                filled.grow_to(size, partial(_tell_progress, tell, size))
                tell(f"{size:,} leads are {size_of(filled.engine) / 1e9:.2f} GB")
        rounds: list[Rows] = []
        for number in range(given.rounds):
            tell(f"round {number + 1} of {given.rounds}")
            rounds.append(measure(urls, given.seconds, spent))
    rows = {size: least_disturbed([one[size] for one in rounds]) for size in urls}
    print(as_json(rows) if given.json else "\n".join(table_of_ratios(rows)))


if __name__ == "__main__":
    main()
