"""What is found wrong with a policy."""

from dataclasses import dataclass
from typing import Literal

Place = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PolicyFinding:
    """One thing that is wrong, where it stands (the names of the tables, then what to look for), and how bad it is."""

    place: Place
    problem: str
    level: Literal["error", "hint"] = "error"
