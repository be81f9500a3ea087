"""The store: one commit for everybody who waits, and no trace of what failed."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import col

from qualification.records import Activity, Answer, Inbound, KeptRule, Rep
from qualification.store import Store, Transaction
from qualification.writing.held import AlreadyThere
from qualification.writing.rows import Values, values_of
from tests.clock import Clock
from tests.qualification.databases import on_both_databases, watching
from tests.qualification.works import Stumbled, hire, names, rename, rep, stumble_after, together

pytestmark = on_both_databases


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


def test_a_column_that_is_misspelt_is_refused_to_the_step_that_wrote_it_and_to_no_other(store: Store) -> None:
    store.run_here(hire("a", "Aoi"))

    def misspells(tx: Transaction) -> None:
        tx.get(Rep, "a").awya_until = tx.now

    def misspells_a_new_one(tx: Transaction) -> None:
        tx.add(rep("b")).nmae = "Beni"

    answers = together(store, hire("c"), misspells, misspells_a_new_one, rename("a", "Akari"))

    assert [str(answer) for answer in answers[1:3]] == ["Rep has no awya_until", "Rep has no nmae"]
    assert [type(answer) for answer in answers[1:3]] == [TypeError, TypeError]
    assert names(store) == {"a": "Akari", "c": "Yuki"}


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


def test_of_two_moments_an_hour_apart_that_the_local_clock_calls_the_same_each_is_kept(store: Store) -> None:
    first = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))  # the clocks are set back at two
    told = {"first": first, "second": first.replace(fold=1)}

    def tell(tx: Transaction) -> None:
        for key, at in told.items():
            tx.add(Inbound(key=key, answer={}, at=at))

    store.run_here(tell)
    kept = store.read(lambda session: [session.get_one(Inbound, key).at for key in told])
    assert kept == [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6)]


@pytest.mark.parametrize("is_new", [True, False], ids=["added", "changed"])
def test_a_moment_without_a_zone_is_no_moment_at_all(store: Store, is_new: bool) -> None:
    naive = datetime(2026, 5, 18)  # noqa: DTZ001 - on purpose
    store.run_here(lambda tx: tx.add(Inbound(key="old", answer={}, at=tx.now)))

    def write(tx: Transaction) -> None:
        if is_new:
            tx.add(Inbound(key="new", answer={}, at=naive))
        else:
            tx.get(Inbound, "old").at = naive

    with pytest.raises(ValueError, match="needs a time zone"):
        store.run_here(write)


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


def test_what_stays_for_good_is_looked_for_once(store: Store) -> None:
    def look(tx: Transaction) -> object:
        rule = tx.peek(KeptRule, "twelve")
        return rule.says if rule else None

    assert store.run_here(look) is None
    store.run_here(lambda tx: tx.add(KeptRule(name="twelve", says={"within_minutes": 12}, at=tx.now)))
    with watching(store) as asked:
        assert store.run_here(look) == {"within_minutes": 12}
    assert asked == [], "whoever wrote it need not look"

    def add_and_fail(tx: Transaction) -> None:
        tx.add(KeptRule(name="thirteen", says={}, at=tx.now))
        raise ValueError("thirteen")

    with pytest.raises(ValueError, match="thirteen"):
        store.run_here(add_and_fail)
    assert store.run_here(lambda tx: tx.peek(KeptRule, "thirteen")) is None, "what was taken back was never there"
