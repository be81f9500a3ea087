"""The model behind docs/scale.md keeps the laws that every waiting line keeps, and says what was measured."""

import random

import pytest

from benchmarks.capacity.costs import Firm, read_costs
from benchmarks.capacity.crowds import Heard, People, at_once
from benchmarks.capacity.fitting import crowd_of, on_sqlite
from benchmarks.capacity.plan import need_of, rush
from benchmarks.capacity.program import Parts, Process
from benchmarks.capacity.world import Cores, Disk, World

PARTS = Parts(door=0.0004, commit=0.0015, turn=0.0008)
A_PERSON = Firm(turns_a_talk=3, finish_share=1.0, qualified_share=0.2, thinking_seconds=2.0, open_minutes=1.0)


def ends_on(count: int) -> list[float]:
    """When a task of one second and one of two end, begun together on so many cores."""
    world, ends = World(), list[float]()
    cores = Cores(world, count)
    for seconds in (1.0, 2.0):
        cores.work(seconds, lambda: ends.append(world.now))
    world.run(10)
    return ends


def test_two_tasks_on_one_core_take_twice_as_long_and_on_two_cores_do_not() -> None:
    assert ends_on(1) == pytest.approx([2.0, 3.0])
    assert ends_on(2) == pytest.approx([1.0, 2.0])


def test_who_comes_while_the_disk_is_busy_shares_the_next_write() -> None:
    world, kept = World(), []
    disk = Disk(world, 1.0)
    for at in (0.0, 0.2, 0.4, 0.9):
        world.after(at, lambda: disk.keep(lambda: kept.append(world.now)))
    world.run(10)
    assert kept == pytest.approx([1.0, 2.0, 2.0, 2.0])
    assert disk.writes == 2


def test_a_core_is_busy_for_exactly_the_work_that_was_done() -> None:
    world, heard = World(), Heard()
    process = Process(world, PARTS, Disk(world, 0.001))
    at_once(world, process, 8, heard, turns_a_talk=7)
    world.run(2.0)
    requests = process.heard
    asked = requests * (PARTS.door + PARTS.turn) + process.commits * PARTS.commit
    assert process.core.used == pytest.approx(asked, rel=0.02)


def test_as_many_are_in_the_middle_of_a_talk_as_come_in_the_time_it_takes() -> None:
    """Little's law, L = lambda x W, counted on both sides."""
    world, heard, rate = World(), Heard(), 30.0
    process = Process(world, PARTS, Disk(world, 0.001))
    people = People(world, [process], A_PERSON, heard, random.Random(5))
    seen: list[int] = []

    def look() -> None:
        seen.append(people.talking)
        world.after(0.5, look)

    people.come(lambda _: rate, until=120.0)
    world.after(40.0, look)
    world.run(120.0)
    assert sum(seen) / len(seen) == pytest.approx(rate * people.seconds_of_a_talk, rel=0.1)


def test_the_model_is_as_fast_as_the_program_was_measured_to_be() -> None:
    costs = read_costs()
    parts = on_sqlite(costs)
    for seen in costs.sqlite.seen:
        assert crowd_of(seen.clients, parts, costs).turns_a_second == pytest.approx(seen.turns_a_second, rel=0.35)


def test_more_leads_never_need_less() -> None:
    costs = read_costs()
    parts = Parts(door=0.0004, commit=0.0015, turn=0.0008, database=0.0009)
    needs = [need_of(leads, costs, parts) for leads in (10_000, 100_000, 1_000_000)]
    for name in ("processes", "database_cores", "open_chats", "gigabytes_a_day", "channels", "workspaces"):
        figures = [getattr(need, name) for need in needs]
        assert figures == sorted(figures), name


def test_a_rush_on_one_process_asks_some_to_come_again_and_keeps_the_line_short() -> None:
    went = rush(3_000, 1.0, read_costs(), PARTS)
    assert went.turned_away > 0
    assert went.waiting <= 2_048 + 1
