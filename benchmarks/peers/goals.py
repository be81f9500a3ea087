"""What we want to reach in a run with everybody, and what was reached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.peers.figures import Figure, cpu_of


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A bound on one figure. `what` is a column of it, its "ratio" (at least), or its "cpu" in microseconds."""

    words: str
    contestant: str
    clients: int
    what: str
    bound: float

    @property
    def at_least(self) -> bool:
        return self.what == "ratio"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    words: str
    wanted: str
    measured: str
    reached: bool


GOALS = (
    Goal(words="turns a second, ours / LangGraph", contestant="langgraph", clients=256, what="ratio", bound=12),
    Goal(
        words="turns a second, ours / Bot Framework Python",
        contestant="bot-framework",
        clients=256,
        what="ratio",
        bound=5,
    ),
    Goal(
        words="turns a second, ours / Bot Framework Node",
        contestant="bot-framework-node",
        clients=256,
        what="ratio",
        bound=1.5,
    ),
    Goal(words="turns a second, ours / the ceiling", contestant="ceiling", clients=32, what="ratio", bound=0.4),
    Goal(words="turns a second, ours / the ceiling", contestant="ceiling", clients=256, what="ratio", bound=0.5),
    Goal(words="turns a second, ours / raw asyncpg", contestant="bare-postgres", clients=256, what="ratio", bound=1.3),
    Goal(words="CPU of the server, µs a turn", contestant="bantline-sqlite", clients=256, what="cpu", bound=450),
    Goal(words="p50, ms", contestant="bantline-sqlite", clients=1, what="p50", bound=5),
    Goal(words="p99, ms", contestant="bantline-sqlite", clients=32, what="p99", bound=60),
    Goal(words="p99, ms", contestant="bantline-sqlite", clients=256, what="p99", bound=250),
    Goal(words="memory, MB", contestant="bantline-sqlite", clients=256, what="memory", bound=120),
    Goal(words="bytes on disk a talk", contestant="bantline-sqlite", clients=256, what="bytes_a_talk", bound=2_500),
)


def verdicts(found: Sequence[Figure]) -> Iterator[Verdict]:
    """For each goal whose figure was measured."""
    by_place = {(one.contestant, one.clients): one for one in found}
    for goal in GOALS:
        one = by_place.get((goal.contestant, goal.clients))
        value = _value(one, goal.what) if one else None
        if value is not None:
            yield Verdict(
                words=f"{goal.words}, {goal.clients} client{'s' * (goal.clients > 1)}",
                wanted=f"{'at least' if goal.at_least else 'at most'} {goal.bound:,g}",
                measured=f"{value:,.2f}" if goal.at_least else f"{value:,.0f}" if value > 20 else f"{value:.1f}",
                reached=value >= goal.bound if goal.at_least else value <= goal.bound,
            )


def _value(one: Figure, what: str) -> float | None:
    if what == "ratio":
        return one.ratio
    return cpu_of(one) if what == "cpu" else one[what]
