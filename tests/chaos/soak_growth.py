"""What grows while everything happens at once: memory, open files, threads, the database and what waits."""

import os
import re
import statistics
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One look at the processes and the database; sizes in MB. `life` counts the starts of `serve`."""

    minute: float
    life: int
    web: float
    files: int
    threads: int
    worker: float
    database: float
    log: float
    outbox: int
    overdue: int


def resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def threads(pid: int) -> int:
    found = re.search(r"^Threads:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def size(path: Path) -> float:
    return path.stat().st_size / 1e6 if path.exists() else 0.0


def table(samples: list[Sample]) -> str:
    lines = ["  min   serve MB  files  threads  worker MB  database MB  log MB  outbox  overdue"]
    every = max(1, round(len(samples) / 24))
    lines += [
        f"{one.minute:5.1f} {one.web:10.0f} {one.files:6} {one.threads:8} {one.worker:10.0f} {one.database:12.1f} "
        f"{one.log:7.1f} {one.outbox:7} {one.overdue:8}"
        for one in samples[every - 1 :: every]
    ]
    return "\n".join(lines)


def growth(samples: list[Sample], life: int) -> float:
    """Of the memory of `serve` in its last life: the last quarter of it beside the second, when it was warm."""
    lived = [one.web for one in samples if one.life == life]
    quarter = max(1, len(lived) // 4)
    return statistics.median(lived[-quarter:]) / statistics.median(lived[quarter : 2 * quarter] or lived) - 1
