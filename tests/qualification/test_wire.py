"""The writer's own line to its database: it holds, and is mended when it breaks."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from qualification.store import Store, Transaction, Unavailable
from tests.qualification.databases import on_both_databases
from tests.qualification.works import Stumbled, hire, names, rename, stumble_after, together

pytestmark = on_both_databases


def the_server_hangs_up(store: Store) -> None:
    """On the writer, as when the server is started anew."""
    if store.engine.dialect.name == "postgresql":
        ((pid,),) = store.run_here(lambda tx: tx.select(text("SELECT pg_backend_pid()")))
        store.read(lambda session: session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid}))


def test_a_line_that_broke_is_opened_anew_and_nobody_notices(store: Store) -> None:
    store.run_here(hire("a"))
    the_server_hangs_up(store)
    store.run_here(hire("b"))
    the_server_hangs_up(store)

    together(store, hire("c"), rename("a", "Akari"))

    assert names(store) == {"a": "Akari", "b": "Yuki", "c": "Yuki"}


def test_a_look_at_postgres_says_neither_begin_nor_rollback(store: Store) -> None:
    """On SQLite a look stays one picture, however many statements it takes."""
    seen = store.read(_who_is_there_before_and_after(lambda: store.run_here(hire("a"))))

    assert seen == ((0, 1) if store.engine.dialect.name == "postgresql" else (0, 0))


def test_a_look_whose_line_breaks_is_refused_and_the_next_one_is_taken(store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("a file hangs nobody up")
    with pytest.raises(Unavailable):
        store.read(lambda session: session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())")))

    assert names(store) == {}
    with store.engine.begin() as transaction:
        assert not transaction.connection.autocommit


def _who_is_there_before_and_after(meanwhile: Callable[[], object]) -> Callable[[Session], tuple[int, int]]:
    def look(session: Session) -> tuple[int, int]:
        before = session.execute(text("SELECT count(*) FROM rep")).scalar_one()
        line: Any = session.connection().connection.driver_connection
        assert not hasattr(line, "info") or line.info.transaction_status == 0
        meanwhile()
        return before, session.execute(text("SELECT count(*) FROM rep")).scalar_one()

    return look


def test_what_was_prepared_is_known_after_a_rollback(store: Store) -> None:
    def fail(tx: Transaction) -> None:
        tx.select(text("SELECT 1"))
        raise Stumbled

    store.run_here(hire("a"))
    with pytest.raises(Stumbled):
        store.run_here(stumble_after(rename("a", "Oops"), fail))
    store.run_here(rename("a", "Akari"))

    assert names(store) == {"a": "Akari"}


def test_what_the_database_refuses_harms_nobody_else_in_the_commit(store: Store) -> None:
    store.run_here(hire("a"))
    answers: list[Any] = together(store, hire("b"), rename("a", None), hire("c"))  # type: ignore[arg-type]  # refused

    assert isinstance(answers[1], DBAPIError)
    assert "Yuki" not in str(answers[1])
    assert names(store) == {"a": "Yuki", "b": "Yuki", "c": "Yuki"}
    store.run_here(rename("c", "Chie"))
    assert names(store)["c"] == "Chie"


def test_a_letter_no_database_takes_is_refused_and_the_next_is_served(store: Store) -> None:
    store.run_here(hire("a"))
    with pytest.raises((DBAPIError, UnicodeEncodeError)):
        store.run_here(rename("a", "\ud800"))
    store.run_here(rename("a", "Akari"))

    assert names(store) == {"a": "Akari"}
