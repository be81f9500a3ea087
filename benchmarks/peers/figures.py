"""From the rows of a run to what is published: medians over the rounds, and ours in relation to each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.peers.contestants import CONTESTANTS, OURS

Rows = Sequence[Mapping[str, Any]]
COLUMNS = ("rate", "p50", "p99", "server_us", "database_us", "memory", "bytes_a_talk", "others")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One contestant with one crowd: the median of the rounds by column, and how ours compares.

    `ratio` is our turns a second by its, so that more than 1 is better; `cost` is our CPU time a turn by its, each with
    its database's, so that less than 1 is better. Both are None for ours itself.
    """

    contestant: str
    title: str
    clients: int
    by_column: Mapping[str, float | None]
    rounds: int
    ratio: float | None
    cost: float | None

    def __getitem__(self, column: str) -> float | None:
        return self.by_column[column]


def figures(rows: Rows) -> list[Figure]:
    """In the order of the contestants, then by crowd. A round that everybody fought is compared within itself."""
    found = []
    for contestant in CONTESTANTS:
        mine = [row for row in rows if row["contestant"] == contestant.name]
        for clients in sorted({row["clients"] for row in mine}):
            here = [row for row in mine if row["clients"] == clients]
            ours = [row for row in rows if row["contestant"] == OURS[contestant.database] and row["clients"] == clients]
            found.append(
                Figure(
                    contestant=contestant.name,
                    title=contestant.title,
                    clients=clients,
                    by_column={column: _median([row[column] for row in here]) for column in COLUMNS},
                    rounds=len(here),
                    ratio=_ratio(ours, here, lambda row: float(row["rate"])),
                    cost=_ratio(ours, here, cpu_of),
                )
            )
    return found


def cpu_of(row: Mapping[str, Any] | Figure) -> float:
    """Microseconds a turn, of the server and of its database."""
    return float(row["server_us"] or 0) + float(row["database_us"] or 0)


def _ratio(upper: Rows, lower: Rows, of: Callable[[Mapping[str, Any]], float]) -> float | None:
    """The median of the one divided by the other, round by round; None where they are the same, or one is missing."""
    below = {row["round"]: row for row in lower}
    return (
        None
        if upper == lower
        else _median([of(row) / of(below[row["round"]]) for row in upper if row["round"] in below])
    )


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def table(found: Sequence[Figure]) -> str:
    """For people, one line a figure."""
    lines = [
        f"{'':<32} {'clients':>7} {'turns/s':>8} {'ours/it':>8} {'CPU/its':>8} {'p50 ms':>8} {'p99 ms':>8}"
        f" {'CPU µs':>7} {'DB µs':>6} {'RSS MB':>7} {'B/talk':>7} {'others':>7}"
    ]
    for one in found:
        cells = (
            f"{one.title:<32}",
            f"{one.clients:>7}",
            _cell(one["rate"], 8),
            _cell(one.ratio, 8, ".2f"),
            _cell(one.cost, 8, ".2f"),
            _cell(one["p50"], 8, ".1f"),
            _cell(one["p99"], 8, ".1f"),
            _cell(one["server_us"], 7),
            _cell(one["database_us"], 6),
            _cell(one["memory"], 7),
            _cell(one["bytes_a_talk"], 7),
            _cell(one["others"], 7, ".0%"),
        )
        lines.append(" ".join(cells))
    return "\n".join(lines)


def _cell(value: float | None, width: int, form: str = ".0f") -> str:
    return "-".rjust(width) if value is None else format(value, form).rjust(width)
