"""What a process costs, as the kernel counts it (Linux): CPU time, memory, disk; and how busy the machine was."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """CPU time of a process with all its threads, without its children."""
    user, system, _, _ = _times(pid)
    return user + system


def family_cpu_seconds(pid: int) -> float:
    """CPU time of a process, of its children, and of those that are gone already."""
    living = [child for child in _pids() if _parent(child) == pid]
    return sum(_times(pid)) + sum(sum(_times(child)) for child in living)


def memory(pid: int) -> float:
    """Megabytes the process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


def on_disk(folder: Path) -> int:
    """Bytes of a SQLite database in a folder, with its log."""
    return sum(file.stat().st_size for file in folder.glob("*.db*"))


@dataclass(frozen=True, kw_only=True)
class Machine:
    """All cores since the start: seconds in all, and those somebody used."""

    total: float
    busy: float

    def used_since(self, before: "Machine") -> float:
        """The share of the machine that was used by anybody since then."""
        return (self.busy - before.busy) / self.seconds_since(before)

    def seconds_since(self, before: "Machine") -> float:
        """Seconds of all cores together since then; a tick at least, for what was quicker than the clock."""
        return max(self.total - before.total, 1 / TICKS)


def machine_now() -> Machine:
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return Machine(total=sum(fields) / TICKS, busy=(sum(fields) - idle) / TICKS)


def machine_words() -> str:
    """The machine in one line."""
    model = next((line for line in _cpu_info() if line.startswith("model name")), "").partition(":")[2].strip()
    return f"{os.cpu_count()} cores ({model or platform.machine()}), {platform.system()}"


def _cpu_info() -> list[str]:
    return Path("/proc/cpuinfo").read_text().splitlines()


def _times(pid: int) -> tuple[float, float, float, float]:
    """User, system, and both once more for the children it has buried; none for a process that is gone."""
    fields = _stat(pid)
    user, system, buried_user, buried_system = (int(field) / TICKS for field in fields[11:15]) if fields else (0.0,) * 4
    return user, system, buried_user, buried_system


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
