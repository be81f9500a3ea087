"""Many at once: everybody gets their own answer, reps and clocks before a flood, two programs over one database."""

import asyncio
import contextlib
import threading
from typing import Any

import pytest

from qualification.records import Lead, Rep
from qualification.store import Busy, Load, Store, Transaction, Unavailable
from qualification.writing.waiting_line import MOST, WAITING_LINE, Lane
from tests.business import Business
from tests.clock import Clock
from tests.patience import PATIENCE
from tests.qualification.databases import on_both_databases
from tests.qualification.works import Stumbled, hire, names, rename, statements, writer_held

pytestmark = on_both_databases


async def test_two_hundred_at_once_all_get_their_own_answer(store: Store) -> None:
    async def one(number: int) -> str:
        return await store.run(hire(f"rep{number:03}"))

    answers = await asyncio.gather(*(one(number) for number in range(200)))

    assert answers == [f"rep{number:03}" for number in range(200)]
    assert len(names(store)) == 200


async def test_a_crowd_is_answered_before_the_next_commit_begins(store: Store) -> None:
    order: list[str] = []
    begun, next_in_line = threading.Event(), threading.Event()

    def first(tx: Transaction) -> None:
        begun.set()
        next_in_line.wait(PATIENCE)

    async def one(work: Any, name: str) -> None:
        await store.run(work)
        order.append(name)

    async def crowd() -> None:
        await asyncio.gather(*(one(work, "answered") for work in (first, *[hire(f"rep{n}") for n in range(9)])))

    with writer_held(store):
        answering = asyncio.create_task(crowd())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.to_thread(begun.wait, 10)
    following = asyncio.create_task(one(lambda tx: order.append("next commit"), "next answered"))
    await asyncio.sleep(0)
    next_in_line.set()
    await asyncio.gather(answering, following)

    assert order == ["answered"] * 10 + ["next commit", "next answered"]


def test_what_all_need_is_read_in_one_statement_and_written_in_one(store: Store) -> None:
    for number in range(20):
        store.run_here(hire(f"rep{number:02}"))

    with statements(store) as seen:
        with writer_held(store):
            futures = [
                store._submit(rename(f"rep{number:02}", "Aoi"), (Load(Rep, "id"),), (f"rep{number:02}",))
                for number in range(20)
            ]
        assert [future.result(10) for future in futures] == [None] * 20

    assert len([one for one in seen if one.startswith("SELECT")]) == 1
    assert len([one for one in seen if one.startswith("UPDATE")]) == 1


def test_whoever_comes_when_the_line_is_full_is_asked_to_wait(store: Store) -> None:
    with writer_held(store):
        for _ in range(WAITING_LINE):
            store._submit(lambda tx: None, (), ())
        with pytest.raises(Busy):
            store.run_here(lambda tx: None)

    assert store.run_here(lambda tx: "welcome") == "welcome"


def test_a_flood_of_visitors_holds_up_no_press_no_clock_and_no_other_visitor(store: Store) -> None:
    done: list[str] = []

    def waits(name: str, chat: str, lane: Lane) -> None:
        store._submit(lambda tx: done.append(name), (), (chat,), lane)

    with writer_held(store):
        for _ in range(1_000):
            waits("flood", "one chat", Lane.VISITORS)
        for name in ("first", "second"):
            waits(f"other visitor, {name}", "another chat", Lane.VISITORS)
        waits("press", "", Lane.DESK)
        waits("timer", "", Lane.CLOCK)
    store.run_here(lambda tx: None)

    assert done[:6] == ["timer", "press", "flood", "other visitor, first", "flood", "other visitor, second"]


def test_when_visitors_are_asked_to_come_again_reps_and_clocks_are_served(store: Store) -> None:
    with writer_held(store):
        for number in range(MOST[Lane.VISITORS]):
            store._submit(lambda tx: None, (), (number,), Lane.VISITORS)
        with pytest.raises(Busy):
            store._submit(hire("visitor"), (), (), Lane.VISITORS)
        served = [store._submit(hire(lane), (), (), lane) for lane in (Lane.DESK, Lane.CLOCK)]

    assert [future.result(10) for future in served] == ["desk", "clock"]
    assert store.run_here(lambda tx: tx.peek(Rep, "visitor")) is None


def test_closing_finishes_what_waits_and_refuses_what_comes_later(store: Store) -> None:
    with writer_held(store):
        waiting = [store._submit(hire(f"rep{number}"), (), ()) for number in range(300)]
        closing = threading.Thread(target=store.close)
        closing.start()
    closing.join(PATIENCE)

    assert [future.result(0) for future in waiting] == [f"rep{number}" for number in range(300)]
    with pytest.raises(Unavailable):
        store.run_here(hire("late"))
    store.close()


def test_the_writer_lives_on_whatever_is_thrown_at_it(store: Store) -> None:
    def leave(tx: Transaction) -> None:
        raise SystemExit

    def wake(_wrote: object) -> None:
        raise Stumbled

    with pytest.raises(SystemExit):
        store.run_here(leave)
    store.on_commit.append(wake)
    store.run_here(hire("a"))
    store.run_here(hire("b"))

    assert names(store).keys() == {"a", "b"}


def test_only_a_change_wakes_the_worker(store: Store) -> None:
    woken = []
    store.on_commit.append(lambda _: woken.append(1))

    store.run_here(lambda tx: tx.peek(Rep, "a"))
    assert woken == []
    store.run_here(hire("a"))
    store.run_here(lambda tx: None)

    assert woken == [1]


async def test_someone_who_left_the_line_does_not_disturb_it(store: Store) -> None:
    with writer_held(store):
        gone = asyncio.create_task(store.run(hire("gone")))
        stays = asyncio.create_task(store.run(hire("stays")))
        await asyncio.sleep(0)
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
    assert await stays == "stays"
    assert names(store).keys() == {"stays"}


async def test_two_programs_over_one_database_lose_no_change(firm: Business, clock: Clock, database_url: str) -> None:
    """They take the same leads in opposite order: who gets in the way of the other is run again."""
    other = Store(database_url, clock=clock, policy=firm.store.policy, tell=firm.store._tell)
    known = [firm.has_lead() for _ in range(6)]

    def count(some: list[str]) -> Any:
        def work(tx: Transaction) -> None:
            for lead in some:
                tx.get(Lead, lead).generation += 1

        return work

    await asyncio.gather(
        *(firm.store.run(count(known)) for _ in range(40)),
        *(other.run(count(known[::-1])) for _ in range(40)),
    )
    other.close()

    assert {firm.lead(lead).generation for lead in known} == {80}
