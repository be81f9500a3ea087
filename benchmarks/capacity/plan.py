"""What so many leads a day need, and at how many a day each part would break."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.crowds import Heard, People
from benchmarks.capacity.fitting import crowd_of
from benchmarks.capacity.program import Parts, Process
from benchmarks.capacity.world import Cores, Disk, World

# Of a day's visitors, by the hour of the firm's clock: an office day, an evening at home, and hardly a night.
NIGHT, MORNING = (0.7, 0.4, 0.3, 0.2, 0.2, 0.4), (1.0, 2.4, 4.6, 7.4, 8.6, 8.2)
AFTERNOON, EVENING = (6.8, 7.0, 8.0, 7.8, 7.0, 6.0), (4.8, 4.2, 4.6, 4.4, 3.2, 1.8)
BY_HOUR = (*NIGHT, *MORNING, *AFTERNOON, *EVENING)
BURST = 3.0  # times the rate of the busiest hour, while a campaign's mail is being opened
BUSY = 0.6  # of a core: beyond, a turn waits as long as it works
A_DAY, AN_HOUR = 86_400.0, 3_600.0
MINUTE = 60.0
SEED = 20_261_121
DATABASE_CORES = 16  # of the largest machine we count with
LOOKED_AT = 20.0  # simulated seconds, after as many to fill the program


@dataclass(frozen=True, kw_only=True)
class Load:
    """A day of so many leads: talks and turns a second in the busiest hour, and while a campaign bursts."""

    leads: int
    talks: float
    turns: float

    @classmethod
    def of(cls, leads: int, costs: Costs) -> "Load":
        talks = leads * max(BY_HOUR) / sum(BY_HOUR) / AN_HOUR
        return cls(leads=leads, talks=talks, turns=talks * (1 + costs.firm.messages_a_talk))

    @property
    def burst(self) -> float:
        return self.turns * BURST


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a load needs."""

    load: Load
    processes: int
    database_cores: int
    workers: int
    open_chats: int
    gigabytes_of_memory: float
    gigabytes_a_day: float
    cards_a_day: int
    channels: int
    workspaces: int


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How a while went: milliseconds, the busiest core, and who was turned away."""

    p50_ms: float
    p99_ms: float
    process_busy: float
    database_busy: float
    turned_away: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A part of the whole, and the leads a day at which it has no room left."""

    what: str
    leads_a_day: float
    then: str


def need_of(leads: int, costs: Costs, parts: Parts) -> Need:
    """Sized for the burst of a campaign, every core busy for 60 % of the time at most."""
    load = Load.of(leads, costs)
    open_chats = math.ceil(load.talks * BURST * costs.firm.open_minutes * MINUTE)
    by_cpu = math.ceil(load.burst / (BUSY * most_turns(costs, parts)))
    by_streams = math.ceil(open_chats / costs.memory.streams_a_process)
    processes = max(by_cpu, by_streams)
    cards = round(leads * costs.firm.qualified_share)
    return Need(
        load=load,
        processes=processes,
        database_cores=math.ceil(load.burst * parts.database / BUSY),
        workers=math.ceil(load.talks * BURST * costs.clock.due_step_cpu_ms / 1000 / BUSY),
        open_chats=open_chats,
        gigabytes_of_memory=(processes * costs.memory.process_mb + open_chats * costs.memory.stream_kib / 1000) / 1000,
        gigabytes_a_day=leads * costs.sqlite.bytes_a_talk * _length_of_a_talk(costs) / 1e9,
        cards_a_day=cards,
        channels=math.ceil(cards * _posts_a_lead(costs) / (costs.slack.posts_a_second_a_channel * A_DAY)),
        workspaces=math.ceil(cards * costs.slack.edits_a_lead / (costs.slack.edits_a_minute * A_DAY / MINUTE)),
    )


def most_turns(costs: Costs, parts: Parts) -> float:
    """Turns a second one process answers when more wait than it can."""
    return crowd_of(costs.sqlite.crowd, parts, costs, DATABASE_CORES if parts.database else 0).turns_a_second


def live(need: Need, costs: Costs, parts: Parts) -> Answered:
    """Some seconds of the burst, person by person, with the processes and the database that were found to be needed."""
    world, chance, heard = World(), random.Random(SEED), Heard(since=LOOKED_AT)
    disk = Disk(world, (costs.postgresql if parts.database else costs.sqlite).sync_ms / 1000)
    database = Cores(world, max(need.database_cores, 1)) if parts.database else None
    processes = [Process(world, parts, disk, database) for _ in range(need.processes)]
    rate = need.load.talks * BURST
    people = People(world, processes, costs.firm, heard, chance)
    people.fill(rate)
    people.come(lambda _: rate, 2 * LOOKED_AT)
    world.run(2 * LOOKED_AT)
    return _answered(world, processes, database, heard)


def rush(visitors: int, within: float, costs: Costs, parts: Parts) -> Answered:
    """So many open the chat of one process within so many seconds, and talk."""
    world, heard = World(), Heard()
    process = Process(world, parts, Disk(world, costs.sqlite.sync_ms / 1000))
    People(world, [process], costs.firm, heard, random.Random(SEED)).all_at_once(visitors, within)
    world.run(within)
    return _answered(world, [process], None, heard)


def limits(costs: Costs, sqlite: Parts, postgresql: Parts) -> Iterator[Limit]:
    """Where it breaks first, for a firm with one Slack workspace and one channel for its leads; by the burst's rate."""
    turns_of_a_lead = Load.of(1, costs).burst
    slack, memory = costs.slack, costs.memory
    yield Limit(
        what="one channel's messages in Slack",
        leads_a_day=slack.posts_a_second_a_channel * A_DAY / (costs.firm.qualified_share * _posts_a_lead(costs)),
        then="a channel for each language (`[routing.channels]`), then a Bantline for each region",
    )
    yield Limit(
        what="one workspace's edits in Slack",
        leads_a_day=slack.edits_a_minute / MINUTE / (costs.firm.qualified_share * slack.edits_a_lead) * A_DAY,
        then="a workspace, and a Bantline, for each region or brand",
    )
    yield Limit(
        what="one process on SQLite",
        leads_a_day=most_turns(costs, sqlite) / turns_of_a_lead,
        then="PostgreSQL, and several processes",
    )
    yield Limit(
        what="one process on PostgreSQL",
        leads_a_day=most_turns(costs, postgresql) / turns_of_a_lead,
        then="more `bantline serve`",
    )
    yield Limit(
        what="open chats of one process",
        leads_a_day=memory.streams_a_process / (Load.of(1, costs).talks * BURST * costs.firm.open_minutes * MINUTE),
        then="more `bantline serve`",
    )
    yield Limit(
        what=f"a database of {DATABASE_CORES} cores",
        leads_a_day=DATABASE_CORES / (turns_of_a_lead * postgresql.database),
        then="a Bantline and a database for each workspace, or a distributed PostgreSQL",
    )


def _posts_a_lead(costs: Costs) -> float:
    return costs.slack.cards_a_lead + costs.slack.lines_a_lead


def _length_of_a_talk(costs: Costs) -> float:
    """Of the average talk, beside one to the end."""
    return costs.firm.messages_a_talk / costs.firm.turns_a_talk


def _answered(world: World, processes: list[Process], database: Cores | None, heard: Heard) -> Answered:
    return Answered(
        p50_ms=heard.share(0.5) * 1000,
        p99_ms=heard.share(0.99) * 1000,
        process_busy=max(process.core.used for process in processes) / world.now,
        database_busy=database.used / world.now / database.count if database else 0.0,
        turned_away=sum(process.turned_away for process in processes),
        waiting=sum(process.waiting for process in processes),
    )
