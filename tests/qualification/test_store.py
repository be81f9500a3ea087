"""The store: one commit for everybody who waits, no trace of what failed, and no answer before the commit."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlmodel import col, func

from qualification.batch import AlreadyThere
from qualification.records import Activity, Answer, Heartbeat, History, Inbound, Lead, Rep
from qualification.rows import Values, values_of
from qualification.store import Busy, Load, RecordNotFound, Store, Transaction, Unavailable
from qualification.waiting_line import MOST, WAITING_LINE, Lane
from tests.business import Business
from tests.clock import Clock
from tests.qualification.databases import on_both_databases

pytestmark = on_both_databases


class Stumbled(Exception):
    """A step that goes wrong."""


def rep(key: str, name: str = "Yuki") -> Rep:
    return Rep(
        id=key, name=name, language="ja", zone="Asia/Tokyo", role="rep", seen_at=datetime(2026, 5, 18, tzinfo=UTC)
    )


def hire(key: str, name: str = "Yuki") -> Any:
    return lambda tx: tx.add(rep(key, name)).id


def rename(key: str, name: str) -> Any:
    def work(tx: Transaction) -> None:
        tx.get(Rep, key).name = name

    return work


def stumble_after(*works: Any) -> Any:
    def work(tx: Transaction) -> None:
        for each in works:
            each(tx)
        raise Stumbled

    return work


@contextmanager
def writer_held(store: Store) -> Iterator[None]:
    """While the writer is busy with one job, everything that comes waits for the same commit."""
    holds, let_go = threading.Event(), threading.Event()

    def hold(tx: Transaction) -> None:
        holds.set()
        let_go.wait(10)

    held = store._submit(hold, (), ())
    assert holds.wait(10)
    try:
        yield
    finally:
        let_go.set()
        held.result(10)


def together(store: Store, *works: Any) -> list[Any]:
    """The works in one batch; each answer, or the problem it met."""
    with writer_held(store):
        futures = [store._submit(work, (), ()) for work in works]
    return [future.exception(10) or future.result() for future in futures]


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement.split("(")[0].strip())

    event.listen(store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(store.engine, "before_cursor_execute", note)


def names(store: Store) -> dict[str, str]:
    return store.read(lambda session: dict(session.execute(select(col(Rep.id), col(Rep.name))).all()))


# -- a step that fails ------------------------------------------------------------------------


def test_a_step_that_raises_leaves_no_trace_and_harms_no_other(store: Store) -> None:
    store.run_here(hire("a", "Aoi"))

    answers = together(store, hire("b"), stumble_after(hire("c"), rename("a", "Oops")), rename("a", "Akari"), hire("d"))

    assert isinstance(answers[1], Stumbled)
    assert names(store) == {"a": "Akari", "b": "Yuki", "d": "Yuki"}


def test_a_step_that_raises_after_it_had_written_leaves_no_trace_either(store: Store) -> None:
    def count(tx: Transaction) -> int:
        return len(tx.select(select(col(Rep.id))))

    answers = together(store, hire("b"), stumble_after(hire("c"), count), hire("d"))

    assert isinstance(answers[1], Stumbled)
    assert names(store).keys() == {"b", "d"}


def test_a_read_in_a_failing_step_does_not_send_the_batch_back(store: Store) -> None:
    tried = []

    def once(tx: Transaction) -> None:
        tried.append(1)
        tx.add(rep("b"))

    together(store, once, stumble_after(lambda tx: tx.find(Answer, "lead_id", "nobody")))

    assert len(tried) == 1


def test_a_lone_step_that_raises_after_it_had_written_is_told_its_own_problem(store: Store) -> None:
    with pytest.raises(Stumbled):
        store.run_here(stumble_after(hire("a"), lambda tx: tx.select(select(col(Rep.id)))))
    assert names(store) == {}


def test_what_a_statement_changed_and_added_is_seen_by_the_next_step(store: Store) -> None:
    store.run_here(hire("a", "Aoi"))

    def change(tx: Transaction) -> None:
        assert tx.get(Rep, "a").name == "Aoi"
        assert tx.find(Rep, "role", "boss") == []
        tx.change(Rep, ["a"], name="Akari")
        tx.add_many(Rep, [values_of(rep("b")) | {"role": "boss"}])

    def look(tx: Transaction) -> tuple[str, list[str]]:
        tx.get(Rep, "a").language = "en"
        return tx.get(Rep, "a").name, [row.id for row in tx.find(Rep, "role", "boss")]

    assert together(store, change, look)[1] == ("Akari", ["b"])
    assert store.run_here(lambda tx: (tx.get(Rep, "a").name, tx.get(Rep, "a").language)) == ("Akari", "en")


def test_of_many_new_rows_those_whose_key_is_taken_are_left_out(store: Store) -> None:
    store.run_here(hire("a", "Aoi"))

    store.run_here(lambda tx: tx.add_many(Rep, [values_of(rep(key, "Newcomer")) for key in "ab"], unless="id"))

    assert names(store) == {"a": "Aoi", "b": "Newcomer"}


def test_many_new_rows_keep_what_their_columns_hold(store: Store) -> None:
    hostile = 'a "{quoted}", \\ bent\n,NULL'
    at = datetime(2026, 5, 18, 0, 0, 0, 250, tzinfo=UTC)
    said = {hostile: {"said": [hostile, None, 1]}, "b": {}}
    rows: list[Values] = [{"key": key, "answer": said[key]} for key in said]
    store.run_here(lambda tx: tx.add_many(Inbound, rows, alike={"at": at}))

    kept = store.run_here(lambda tx: [values_of(tx.get(Inbound, key)) for key in said])
    assert kept == [{"key": key, "answer": said[key], "at": at} for key in said]


def test_what_a_failed_step_changed_is_seen_unchanged_by_the_next(store: Store) -> None:
    store.run_here(hire("a", "Aoi"))

    answers = together(store, stumble_after(rename("a", "Oops")), lambda tx: tx.get(Rep, "a").name)

    assert answers[1] == "Aoi"


def test_what_a_failed_step_added_is_not_found_by_the_next(store: Store) -> None:
    answers = together(store, stumble_after(hire("a")), lambda tx: tx.peek(Rep, "a"), hire("a", "Aoi"))

    assert answers[1] is None
    assert names(store) == {"a": "Aoi"}


def test_one_text_the_database_cannot_keep_fails_alone(store: Store) -> None:
    answers = together(store, hire("a"), hire("b", "\ud800"), hire("c"))

    assert isinstance(answers[1], Exception)
    assert names(store).keys() == {"a", "c"}


def test_a_value_that_is_no_json_fails_alone(store: Store) -> None:
    def odd(tx: Transaction) -> None:
        tx.add(Inbound(key="odd", answer={"it": object()}, at=tx.now))

    answers = together(store, hire("a"), odd, hire("c"))

    assert isinstance(answers[1], Exception)
    assert names(store).keys() == {"a", "c"}


def test_work_that_runs_out_of_something_still_gets_its_answer(store: Store) -> None:
    async def ask() -> None:
        await asyncio.wait_for(store.run(lambda tx: next(iter(()))), 10)

    with pytest.raises(RuntimeError):
        asyncio.run(ask())


# -- the same key twice -----------------------------------------------------------------------


def test_the_same_key_at_the_same_moment_is_taken_once(store: Store) -> None:
    def take(tx: Transaction) -> str:
        if earlier := tx.peek(Inbound, "key"):
            return f"again: {earlier.answer['said']}"
        tx.add(Inbound(key="key", answer={"said": "hello"}, at=tx.now))
        return "hello"

    assert together(store, take, take, take) == ["hello", "again: hello", "again: hello"]


def test_a_step_that_adds_a_key_without_looking_is_refused(store: Store) -> None:
    answers = together(store, hire("a", "Aoi"), hire("a", "Beni"))

    assert isinstance(answers[1], AlreadyThere)
    assert names(store) == {"a": "Aoi"}


def test_when_the_database_refuses_the_batch_only_the_culprit_fails(store: Store) -> None:
    """The unique key of an activity is known to the database alone when nobody looked."""

    def act(lead: str) -> Any:
        return lambda tx: (
            tx.add(
                Activity(lead_id=lead, kind="seminar_attended", key="same", data={}, at=tx.now, received_at=tx.now)
            ).lead_id
        )

    answers = together(store, act("one"), hire("a"), act("two"), hire("b"))

    assert answers[0] == "one"
    assert isinstance(answers[2], Exception)
    assert names(store).keys() == {"a", "b"}


def test_a_key_another_process_wrote_first_is_found_on_the_second_look(store: Store, clock: Clock) -> None:
    other = Store(
        str(store.engine.url.render_as_string(hide_password=False)), clock=clock, policy=store.policy, tell=store._tell
    )
    tried = []

    def take(tx: Transaction) -> str:
        tried.append(1)
        if earlier := tx.peek(Inbound, "key"):
            return f"again: {earlier.answer['said']}"
        if len(tried) == 1 and store.engine.dialect.name == "postgresql":
            other.run_here(lambda tx: tx.add(Inbound(key="key", answer={"said": "hello"}, at=tx.now)) and None)
        tx.add(Inbound(key="key", answer={"said": "hello"}, at=tx.now))
        return "hello"

    answer = store.run_here(take)
    other.close()

    assert answer == ("again: hello" if store.engine.dialect.name == "postgresql" else "hello")


# -- finding ----------------------------------------------------------------------------------


def test_a_row_is_found_by_the_value_it_has_now(firm: Business) -> None:
    lead = firm.has_lead(owner_id="aoi")

    def work(tx: Transaction) -> tuple[int, int, int]:
        before = len(tx.find(Lead, "owner_id", "aoi"))
        tx.get(Lead, lead).owner_id = "beni"
        return before, len(tx.find(Lead, "owner_id", "aoi")), len(tx.find(Lead, "owner_id", "beni"))

    assert firm.store.run_here(work) == (1, 0, 1)


def test_a_row_an_earlier_step_changed_is_found_by_its_new_value(firm: Business) -> None:
    lead = firm.has_lead(owner_id="aoi")

    def count(tx: Transaction) -> tuple[int, int]:
        return len(tx.find(Lead, "owner_id", "aoi")), len(tx.find(Lead, "owner_id", "beni"))

    def hand_over(tx: Transaction) -> None:
        tx.get(Lead, lead).owner_id = "beni"

    assert together(firm.store, count, hand_over, count) == [(1, 0), None, (0, 1)]


def test_a_change_taken_back_is_found_where_it_was(firm: Business) -> None:
    lead = firm.has_lead(owner_id="aoi")

    def hand_over(tx: Transaction) -> int:
        tx.get(Lead, lead).owner_id = "beni"
        return len(tx.find(Lead, "owner_id", "beni"))

    answers = together(firm.store, stumble_after(hand_over), lambda tx: len(tx.find(Lead, "owner_id", "aoi")))

    assert answers[1] == 1


def test_new_rows_are_found_before_they_are_written_and_in_their_order(firm: Business) -> None:
    lead = firm.has_lead()

    def work(tx: Transaction) -> list[str]:
        for kind in ("first", "second"):
            tx.add(History(lead_id=lead, kind=kind, by="bot", data={}, at=tx.now))
        return [row.kind for row in tx.find(History, "lead_id", lead)]

    assert firm.store.run_here(work) == ["lead_captured", "first", "second"]


def test_a_row_the_database_numbers_can_be_changed_after_it_was_written(store: Store) -> None:
    def work(tx: Transaction) -> int | None:
        row = tx.add(Activity(lead_id="x", kind="seminar_attended", key="k", data={}, at=tx.now, received_at=tx.now))
        tx.select(select(col(Rep.id)))
        row.kind = "mail_clicked"
        assert tx.find(Activity, "lead_id", "x") == [row]
        return row.id

    number = store.run_here(work)

    assert store.run_here(lambda tx: tx.get(Activity, number).kind) == "mail_clicked"


def test_nothing_is_found_by_nothing(store: Store) -> None:
    assert store.run_here(lambda tx: tx.find(Lead, "owner_id", None)) == []
    with pytest.raises(RecordNotFound):
        store.run_here(lambda tx: tx.get(Lead, None))


def test_an_instant_comes_back_as_the_instant_it_was(store: Store, clock: Clock) -> None:
    store.run_here(lambda tx: tx.add(Heartbeat(name="worker", at=tx.now)) and None)

    assert store.run_here(lambda tx: tx.get(Heartbeat, "worker").at) == clock.now


def test_ids_keep_their_order_when_the_clock_stands_still_or_steps_back(store: Store, clock: Clock) -> None:
    made = [store.run_here(lambda tx: tx.ordered_id()) for _ in range(3)]
    clock.advance(hours=-1)
    made += store.run_here(lambda tx: [tx.ordered_id(), tx.ordered_id()])

    assert made == sorted(made)


# -- many at once -----------------------------------------------------------------------------


async def test_two_hundred_at_once_all_get_their_own_answer(store: Store) -> None:
    async def one(number: int) -> str:
        return await store.run(hire(f"rep{number:03}"))

    answers = await asyncio.gather(*(one(number) for number in range(200)))

    assert answers == [f"rep{number:03}" for number in range(200)]
    assert len(names(store)) == 200


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
    closing.join(10)

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


# -- a database that is away ------------------------------------------------------------------


def test_a_locked_database_refuses_everybody_at_once_and_keeps_nothing(store: Store, database_url: str) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("only a SQLite file is locked as a whole")
    store.engine.dispose()
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50"))
    locker = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")

    futures = [store._submit(hire(f"rep{number}"), (), ()) for number in range(50)]
    problems = [future.exception(10) for future in futures]
    locker.execute("COMMIT")

    assert all(isinstance(problem, Unavailable) for problem in problems)
    assert names(store) == {}
    assert store.run_here(hire("later")) == "later"


def test_a_connection_that_breaks_is_opened_again_and_the_work_is_done_once(store: Store, postgres_url: str) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("a file has no connection to break")
    tried = []

    def cut_off(tx: Transaction) -> str:
        tried.append(1)
        tx.add(rep("a"))
        if len(tried) == 1:
            tx.select(select(func.pg_terminate_backend(func.pg_backend_pid())))
        return "done"

    assert store.run_here(cut_off) == "done"
    assert len(tried) == 2
    assert names(store).keys() == {"a"}


def test_nobody_can_reach_a_database_that_is_not_there(clock: Clock, store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("a file is made when it is missing")
    away = Store("postgresql://nobody@127.0.0.1:1/none", clock=clock, policy=store.policy, tell=store._tell)

    with pytest.raises(Unavailable):
        away.run_here(hire("a"))
    with pytest.raises(Unavailable):
        names(away)
    away.close()


# -- answered only after the commit -----------------------------------------------------------

CHILD = """
import asyncio, sys
from datetime import UTC, datetime
from qualification import notices
from qualification.policy import shipped_policy
from qualification.records import Inbound
from qualification.store import Store

async def main(url):
    store = Store(url, clock=lambda: datetime.now(UTC), policy=shipped_policy(), tell=notices.tell)
    async def client(number):
        for turn in range(100_000):
            key = f"{number}:{turn}"
            await store.run(lambda tx: tx.add(Inbound(key=key, answer={}, at=tx.now)) and None)
            sys.stdout.write(key + "\\n")
            sys.stdout.flush()
    await asyncio.gather(*(client(number) for number in range(16)))

asyncio.run(main(sys.argv[1]))
"""


def test_whatever_was_acknowledged_is_there_after_a_kill(store: Store, database_url: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, database_url], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert child.stdout is not None
    heard = [child.stdout.readline() for _ in range(400)]
    child.kill()
    heard += child.stdout.readlines()
    child.wait(10)

    acknowledged = {line.strip() for line in heard if line.endswith("\n")}
    kept = store.read(lambda session: set(session.execute(select(col(Inbound.key))).scalars()))
    assert len(acknowledged) >= 400
    assert acknowledged <= kept
