"""What every room's tests may ask for: a clock, the shipped policy, a real store, and a firm to act in."""

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from execnet import XSpec

from tests import bytecode, garbage, loaded

# isort: split
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from qualification import notices
from qualification.policy import Policy, shipped_policy
from qualification.store import Store
from tests.browser import Kept
from tests.business import Business
from tests.clock import Clock
from tests.files import database_in, lay_tables_into
from tests.postgres import fresh_schema, server_url

# In CI the examples are always the same: a run that fails there fails for a reason in the change.
settings.register_profile(
    "bantline",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=os.environ.get("CI", "").lower() == "true",
)
settings.load_profile("bantline")

KEPT = Kept()


def pytest_configure(config: pytest.Config) -> None:
    if given := getattr(config, "workerinput", None):
        bytecode.share(int(given["workerid"].removeprefix("gw")), given["workercount"])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[XSpec]) -> None:
    """Workers are forked from a process that has loaded the program; what it loads is compiled beside it."""
    loaded.begin()
    for spec in specs:
        spec.python = shlex.join([sys.executable, str(Path(__file__).with_name("worker.py"))])
    bytecode.compile_rooms()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Playwright's synchronous kind holds the thread's loop: whoever comes without its browser finds it closed."""
    if not _wants_a_browser(item):
        KEPT.put_away()


def pytest_sessionfinish() -> None:
    KEPT.put_away()
    garbage.last_look()


def pytest_collection_finish() -> None:
    garbage.looks_begin()


@pytest.fixture
def browser() -> Browser:
    """One for all tests that follow each other on it; contexts are each test's own."""
    return KEPT.browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever waits begins first: at the end of a run nobody would be left to work in the meantime.

    Then those who share the browser, one after the other: between two of them it would be put away and started anew.
    """
    items.sort(key=lambda item: (item.get_closest_marker("waits") is None, not _wants_a_browser(item)))


def _wants_a_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


@pytest.fixture
def clock() -> Clock:
    """Monday 18 May 2026, 10:00 in Tokyo."""
    return Clock()


@pytest.fixture(scope="session")
def policy() -> Policy:
    return shipped_policy()


@pytest.fixture(scope="session")
def postgres_url() -> str:
    return server_url()


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of ours without a table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with fresh_schema(request.getfixturevalue("postgres_url")) as url:
            yield url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database with our tables: a SQLite file, or what `on_both_databases` asks for."""
    if getattr(request, "param", "sqlite") == "postgres":
        with fresh_schema(request.getfixturevalue("postgres_url")) as url:
            lay_tables_into(url)
            yield url
    else:
        yield database_in(tmp_path)


@pytest.fixture
def store(database_url: str, clock: Clock, policy: Policy) -> Iterator[Store]:
    store = Store(database_url, clock=clock, policy=policy, tell=notices.tell)
    yield store
    store.close()


@pytest.fixture
def firm(store: Store, clock: Clock) -> Business:
    return Business(store, clock)
