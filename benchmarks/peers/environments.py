"""Where the peers are installed: each into an environment of its own, on demand, and never into ours."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CACHE = Path.home() / ".cache" / "bantline-benchmarks"
INSTALLED = "installed.txt"
PATIENCE = 900


class NotToBeHad(Exception):
    """A contestant's environment cannot be made here; the message says why in one line."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The packages a contestant needs, each in its newest release that fits."""

    name: str
    packages: tuple[str, ...]
    of_node: bool = False

    def made(self, below: Path) -> Path:
        """The folder with the packages, installed if they were not yet; raises NotToBeHad."""
        place = below / self.name
        note = place / INSTALLED
        wanted = "\n".join(self.packages)
        if not note.exists() or note.read_text("utf-8") != wanted:
            place.mkdir(parents=True, exist_ok=True)
            (self._install_for_node if self.of_node else self._install_for_python)(place)
            note.write_text(wanted, "utf-8")
        return place

    def versions(self, place: Path) -> list[str]:
        """Name and version of each package that was asked for, and of what runs it."""
        asked = {package.partition(">")[0].lower() for package in self.packages}
        if self.of_node:
            listed = _told(["npm", "ls", "--parseable", "--long", "--depth", "0", "--prefix", str(place)])
            found = [line.rsplit(":", 2)[1] if line.count(":") > 1 else line.rsplit(":", 1)[-1] for line in listed]
            named = [f"npm {one.replace('@', ' ')}" for one in found if one.partition("@")[0] in asked]
            return [f"Node {_told(['node', '--version'])[0].removeprefix('v')}", *named]
        listed = _told([str(place / "bin" / "python"), "-m", "pip", "list", "--format", "freeze"])
        return [line.replace("==", " ") for line in listed if line.partition("==")[0].lower() in asked]

    def _install_for_python(self, place: Path) -> None:
        if not (place / "bin" / "python").exists():
            _done([sys.executable, "-m", "venv", str(place)])
        _done([str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", *self.packages])

    def _install_for_node(self, place: Path) -> None:
        if not shutil.which("node") or not shutil.which("npm"):
            raise NotToBeHad("node and npm are not here")
        _done(["npm", "install", "--prefix", str(place), "--no-audit", "--no-fund", "--yes", *self.packages])


def _done(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired as problem:
        raise NotToBeHad(f"{command[0]} took longer than {PATIENCE} seconds") from problem
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error" in line.lower()] or done.stderr.splitlines()
        raise NotToBeHad(said[0] if said else f"{command[0]} ended with {done.returncode}")


def _told(command: list[str]) -> list[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.splitlines()
