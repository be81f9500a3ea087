"""What one process weighs: how soon it is there, what it holds for an open chat, what a finished interview leaves.

    python -m benchmarks.weight                         SQLite, five starts, 2,000 open chats, 500 interviews
    python -m benchmarks.weight --starts 1 --chats 200 --interviews 50 --json weight.json

A real `bantline serve`. An open chat has three answers and no stream (an open panel's stream: benchmarks.streams).
Bytes are those of the database after a clean stop, less those of an empty one.
"""

import argparse
import json
import os
import tempfile
import time
import urllib.request
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from statistics import median
from urllib.error import HTTPError

import uvloop

from benchmarks.costs import cpu_seconds, machine_words, memory, on_disk
from benchmarks.crowd import Crowd, connected
from tests.process import BantlineProcess

CLIENTS = 16
ANSWERS = 3
LOOKS_AGAIN_AFTER = 0.01  # seconds
WARM_UP = 0.2  # of what is counted


@dataclass(frozen=True, kw_only=True)
class Start:
    """Seconds from the start of the process, and the CPU time it had used when it answered the first turn."""

    healthy: float
    first_turn: float
    cpu: float


@dataclass(frozen=True, kw_only=True)
class Weight:
    """Seconds, megabytes, kibibytes, bytes."""

    first_start: Start
    later_start: Start
    idle_megabytes: float
    kibibytes_an_open_chat: float
    open_chats: int
    bytes_an_interview: float
    interviews: int


def weigh(starts: int, chats: int, interviews: int) -> Weight:
    first, later, idle = started(starts)
    with tempfile.TemporaryDirectory() as name, BantlineProcess(Path(name)) as bantline:
        talks_of(bantline, int(chats * WARM_UP), leaves_after=ANSWERS)
        before = memory(bantline.pid)
        opened = talks_of(bantline, chats, leaves_after=ANSWERS)
        each = (memory(bantline.pid) - before) * 1e6 / 1024 / opened
    finished, left = left_by(interviews)
    return Weight(
        first_start=first,
        later_start=later,
        idle_megabytes=idle,
        kibibytes_an_open_chat=each,
        open_chats=opened,
        bytes_an_interview=left,
        interviews=finished,
    )


def started(times: int) -> tuple[Start, Start, float]:
    """On no database, again on the one it made, and the megabytes it holds then; the median of so many times."""
    firsts, laters, held = [], [], []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as name:
            bantline = BantlineProcess(Path(name))
            firsts.append(start(bantline))
            bantline.stop()
            laters.append(start(bantline))
            held.append(memory(bantline.pid))
            bantline.stop()
    return middle(firsts), middle(laters), median(held)


def start(bantline: BantlineProcess) -> Start:
    began = time.perf_counter()
    bantline.start()
    while not is_healthy(bantline.url):
        time.sleep(LOOKS_AGAIN_AFTER)
    healthy = time.perf_counter() - began
    uvloop.run(_talk(bantline, 1, 1))
    return Start(healthy=healthy, first_turn=time.perf_counter() - began, cpu=cpu_seconds(bantline.pid))


def is_healthy(url: str) -> bool:
    """Its worker and its auditor have been heard of, too."""
    try:
        with urllib.request.urlopen(f"{url}/healthz") as answer:
            return bool(answer.status == HTTPStatus.OK)
    except HTTPError:
        return False


def middle(starts: list[Start]) -> Start:
    return Start(
        healthy=median(one.healthy for one in starts),
        first_turn=median(one.first_turn for one in starts),
        cpu=median(one.cpu for one in starts),
    )


def left_by(interviews: int) -> tuple[int, float]:
    """How many were held, and the bytes each left."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bantline = BantlineProcess(folder)
        bantline.start()
        bantline.stop()
        empty = on_disk(folder)
        with bantline:
            finished = talks_of(bantline, interviews)
        return finished, (on_disk(folder) - empty) / finished


def talks_of(bantline: BantlineProcess, wanted: int, leaves_after: int | None = None) -> int:
    """At least so many talks, some at once."""
    done = 0
    while done < wanted:
        done += uvloop.run(_talk(bantline, min(CLIENTS, wanted - done), leaves_after))
    return done


async def _talk(bantline: BantlineProcess, clients: int, leaves_after: int | None) -> int:
    crowd: Crowd = await connected(bantline.url, clients, leaves_after)
    return (await crowd.talk(0.0)).talks


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.weight", description=__doc__)
    options.add_argument("--starts", type=int, default=5)
    options.add_argument("--chats", type=int, default=2_000)
    options.add_argument("--interviews", type=int, default=500)
    options.add_argument("--json", default="", metavar="FILE")
    asked = options.parse_args()
    about = {
        "kind": "weight",
        "machine": machine_words(),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "load": os.getloadavg()[0],
    }
    print(f"{about['machine']}; load {about['load']:.1f}")
    found = weigh(asked.starts, asked.chats, asked.interviews)
    for words, one in (("on no database", found.first_start), ("on its database", found.later_start)):
        print(
            f"started {words}: /healthz is good after {one.healthy:.2f} s, the first turn is answered after"
            f" {one.first_turn:.2f} s, {one.cpu:.2f} s of CPU by then"
        )
    print(f"memory: {found.idle_megabytes:.0f} MB with one chat,", end=" ")
    print(f"{found.kibibytes_an_open_chat:.2f} KiB more for each of {found.open_chats:,} open chats")
    print(f"disk: {found.bytes_an_interview:,.0f} bytes for each of {found.interviews:,} finished interviews")
    if asked.json:
        Path(asked.json).write_text(json.dumps(about | asdict(found), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
