"""From what a benchmark saw to what the model needs: two of its figures give the costs, the others check the model.

turns a second of a crowd    the CPU of a turn: with many in a commit hardly anything else counts
p50 of a lone client         the CPU of a commit: what is left when turn and disk are taken away
"""

from dataclasses import dataclass

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.crowds import Heard, at_once
from benchmarks.capacity.program import Parts, Process
from benchmarks.capacity.world import Cores, Disk, World

STEPS = 8
WARM_UP, MEASURED = 0.7, 1.8  # seconds


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the model says of a crowd: turns a second, milliseconds, turns in one commit."""

    turns_a_second: float
    p50_ms: float
    p99_ms: float
    in_a_commit: float


def on_sqlite(costs: Costs) -> Parts:
    """The costs with which the model's crowd is as fast as the measured one."""
    measured = costs.sqlite
    low, high = 0.0, 1.0 / measured.crowd_turns_a_second
    for _ in range(STEPS):
        middle = (low + high) / 2
        told = crowd_of(measured.crowd, _parts(costs, middle), costs)
        low, high = (middle, high) if told.turns_a_second > measured.crowd_turns_a_second else (low, middle)
    return _parts(costs, (low + high) / 2)


def on_postgresql(costs: Costs, sqlite: Parts) -> Parts:
    """The same with a database beside it, by the measured ratio of CPU and the database's share of it."""
    all_of_it = sqlite.of_a_turn * costs.postgresql.cpu_ratio
    database = all_of_it * costs.postgresql.database_share
    more = (all_of_it - database) - sqlite.of_a_turn
    return Parts(
        door=sqlite.door, commit=sqlite.commit, turn=max(sqlite.turn + more, sqlite.turn / 2), database=database
    )


def crowd_of(clients: int, parts: Parts, costs: Costs, database_cores: int = 0) -> Told:
    """So many clients who answer at once, against one process."""
    world, heard = World(), Heard(since=WARM_UP)
    sync = costs.postgresql.sync_ms if database_cores else costs.sqlite.sync_ms
    database = Cores(world, database_cores) if database_cores else None
    process = Process(world, parts, Disk(world, sync / 1000), database)
    at_once(world, process, clients, heard, costs.firm.turns_a_talk)
    world.run(WARM_UP + MEASURED)
    turns = len(heard.took)
    in_a_commit = (turns * (WARM_UP + MEASURED) / MEASURED) / max(process.commits, 1)
    rate = turns / MEASURED
    return Told(
        turns_a_second=rate, p50_ms=heard.share(0.5) * 1000, p99_ms=heard.share(0.99) * 1000, in_a_commit=in_a_commit
    )


def _parts(costs: Costs, of_a_turn: float) -> Parts:
    measured = costs.sqlite
    requests_a_turn = (costs.firm.turns_a_talk + 1) / costs.firm.turns_a_talk  # to open a talk is no turn
    alone = 1 / (measured.one_client_turns_a_second * requests_a_turn)
    commit = max(0.0, alone - measured.sync_ms / 1000 - of_a_turn)
    door = of_a_turn * measured.door_share
    return Parts(door=door, commit=commit, turn=of_a_turn - door)
