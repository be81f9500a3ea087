"""The command; see the package."""

import argparse
import json
import os
import platform
import sqlite3
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

import benchmarks.peers
from benchmarks.costs import machine_words
from benchmarks.durable_postgres import Postgres
from benchmarks.peers.contestants import CONTESTANTS, POSTGRES, Contestant
from benchmarks.peers.durable import goes_on_after_a_kill
from benchmarks.peers.environments import CACHE, NotToBeHad
from benchmarks.peers.figures import figures, table
from benchmarks.peers.goals import verdicts
from benchmarks.peers.match import Ring, Row, compete
from benchmarks.peers.server import DidNotStart

OUR_PACKAGES = ("fastapi", "uvicorn", "uvloop", "httptools", "sqlalchemy", "sqlmodel", "psycopg", "pydantic")
say = Console(highlight=False, markup=False, soft_wrap=True).print


def main() -> None:
    options = _options()
    asked = options.parse_args()
    known = [one.name for one in CONTESTANTS]
    names = asked.only.split(",") if asked.only else known
    if unknown := set(names) - set(known):
        options.error(f"{', '.join(sorted(unknown))}: nobody of that name; there are {', '.join(known)}")
    began = time.monotonic()
    ready, versions = prepare([one for one in CONTESTANTS if one.name in names], Path(asked.environments))
    if asked.install:
        return
    postgres = Postgres() if any(one.database == POSTGRES for one in ready) else None
    ring = Ring(crowds=tuple(map(int, asked.clients.split(","))), seconds=asked.seconds, postgres=postgres)
    if asked.check:
        check(ready, ring)
        return
    about = {
        "kind": "peers",
        "machine": machine_words(),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "load": os.getloadavg()[0],
        "versions": [*our_versions(), *([postgres.version] if postgres else []), *versions],
        "seconds": asked.seconds,
        "rounds": asked.rounds,
    }
    say(f"{about['machine']}; load {about['load']:.1f}")
    rows: list[Row] = []
    for number in range(1, asked.rounds + 1):
        rows += one_round(ready, ring, number)
        if asked.json:
            Path(asked.json).write_text(json.dumps(about | {"rows": [asdict(row) for row in rows]}, indent=1) + "\n")
    found = figures([asdict(row) for row in rows])
    say("\n" + table(found) + "\n")
    for one in verdicts(found):
        say(f"{'reached    ' if one.reached else 'not reached'}  {one.words}: {one.measured} ({one.wanted})")
    say(", ".join(about["versions"]))
    say(f"medians of {asked.rounds} rounds; {time.monotonic() - began:.0f} s in all, load now {os.getloadavg()[0]:.1f}")


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.peers",
        description=benchmarks.peers.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--only", default="", metavar="NAMES", help="these contestants, by comma")
    options.add_argument("--clients", default="1,32,256", help="the crowds, by comma (1,32,256)")
    options.add_argument("--seconds", type=float, default=3.0, help="how long each crowd talks (3)")
    options.add_argument("--rounds", type=int, default=3, help="how often all take their turn (3)")
    options.add_argument("--json", default="", metavar="FILE", help="keep the rows, with machine and versions")
    options.add_argument("--environments", default=str(CACHE), metavar="DIR", help=f"where peers install ({CACHE})")
    options.add_argument("--install", action="store_true", help="install what is missing, measure nothing")
    options.add_argument("--check", action="store_true", help="kill each in the middle of a talk: does it go on?")
    return options


def prepare(wanted: list[Contestant], below: Path) -> tuple[dict[Contestant, Path | None], list[str]]:
    """Those who can take part, with the folder of their environment, and the versions of what is in it."""
    ready: dict[Contestant, Path | None] = {}
    versions: dict[str, None] = {}
    for contestant in wanted:
        if (environment := contestant.environment) is None:
            ready[contestant] = None
            continue
        say(f"{contestant.name}: environment {below / environment.name}")
        try:
            place = environment.made(below)
        except NotToBeHad as problem:
            say(f"{contestant.name}: left out, {problem}")
            continue
        ready[contestant] = place
        versions |= dict.fromkeys(environment.versions(place))
    return ready, [*versions]


def one_round(ready: dict[Contestant, Path | None], ring: Ring, number: int) -> list[Row]:
    """Everybody once, every other round backwards; who does not start is left out of this round, and it is said."""
    rows: list[Row] = []
    order = list(ready.items())
    for contestant, installed in order if number % 2 else reversed(order):
        try:
            measured = compete(contestant, installed, ring, number)
            rows += measured
            for row in measured:
                say(
                    f"round {number}  {row.contestant:<20} {row.clients:>4} clients  {row.rate:>6.0f} turns/s "
                    f" p50 {row.p50:>7.1f} ms  p99 {row.p99:>7.1f} ms  {row.server_us:>6.0f} µs CPU a turn "
                    f" others {row.others:.0%}"
                )
        except (DidNotStart, OSError, RuntimeError) as problem:
            say(f"round {number}  {contestant.name}: left out, {problem}")
    return rows


def check(ready: dict[Contestant, Path | None], ring: Ring) -> None:
    for contestant, installed in ready.items():
        kept = goes_on_after_a_kill(contestant, installed, ring)
        say(f"{contestant.name}: killed after three answers, {'goes on' if kept else 'HAS FORGOTTEN'}")


def our_versions() -> list[str]:
    return [
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        *(f"{name} {version(name)}" for name in OUR_PACKAGES),
    ]


if __name__ == "__main__":
    main()
