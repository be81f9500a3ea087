"""Interview turns per second over real HTTP: token, reader, interview, answer, score, stage, outbox, durable commit.

    python -m benchmarks.turns                 SQLite in a fresh file; CLIENTS=1,32,256 and SECONDS=6 unless told
    DATABASE_URL=postgresql://... python -m benchmarks.turns

One `bantline serve` in a process of its own; the clients share the machine with it, so compare rows, not absolutes.
A turn is a message of a prospect with its answer; to open the talk is not counted, but its work is.
"""

import os
import tempfile
import time
from pathlib import Path

import uvloop

from benchmarks.costs import cpu_seconds, memory, on_disk
from benchmarks.crowd import measure
from tests.process import BantlineProcess

CLIENTS = tuple(map(int, os.environ.get("CLIENTS", "1,32,256").split(",")))
SECONDS = float(os.environ.get("SECONDS", "6"))


def main() -> None:
    given = os.environ.get("DATABASE_URL")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = {"DATABASE_URL": given} if given else {}
        begun = time.perf_counter()
        with BantlineProcess(folder, **settings) as bantline:
            print(f"listens after {time.perf_counter() - begun:.1f} s")
            talks = uvloop.run(measure(bantline.url, 4, 2.0)).talks
            print(f"{'clients':>8} {'turns/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'server µs/turn':>15} {'RSS MB':>7}")
            for clients in CLIENTS:
                before = cpu_seconds(bantline.pid)
                seen = uvloop.run(measure(bantline.url, clients, SECONDS))
                spent = (cpu_seconds(bantline.pid) - before) / seen.turns * 1e6
                talks += seen.talks
                row = f"{clients:>8} {seen.rate:>9.0f} {seen.p50:>8.1f} {seen.p99:>8.1f} {spent:>15.0f}"
                print(f"{row} {memory(bantline.pid):>7.0f}", flush=True)
        if not given:
            print(f"{on_disk(folder) / talks:.0f} bytes on disk for a finished interview, of {talks}")


if __name__ == "__main__":
    main()
