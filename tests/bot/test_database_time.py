"""The database's clock decides what is due, whatever the clocks of its hosts say (R15)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bot.bootstrap import start_services, wall_clock
from bot.database_time import DatabaseClock
from bot.settings import Settings
from qualification.store import open_engine
from tests.clock import Clock
from tests.postgres import fresh_schema

A_WAY_THERE = timedelta(seconds=5)  # on a machine that is busy with other tests


class Steady:
    """Seconds since a host was started, as it counts them."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    yield engine
    engine.dispose()


def test_hosts_of_one_database_have_one_time(engine: Engine) -> None:
    young, old = DatabaseClock(engine, steady=Steady(3.5)), DatabaseClock(engine, steady=Steady(9e6))
    with engine.connect() as connection:
        server = connection.execute(select(func.clock_timestamp())).scalar_one()

    assert abs(young() - server) < A_WAY_THERE
    assert abs(old() - server) < A_WAY_THERE


def test_between_two_answers_the_steady_clock_counts_on(engine: Engine) -> None:
    steady = Steady(100)
    clock = DatabaseClock(engine, steady=steady)
    before = clock()
    steady.seconds += 7

    assert clock() - before == timedelta(seconds=7)


def test_a_host_that_was_suspended_learns_the_time_with_the_next_answer(engine: Engine) -> None:
    steady = Steady(100)
    clock = DatabaseClock(engine, steady=steady)
    steady.seconds -= 60  # as if it had slept a minute and not counted it
    assert wall_clock() - clock() > timedelta(seconds=50)
    clock.measure()

    assert abs(wall_clock() - clock()) < A_WAY_THERE


def test_on_postgresql_the_program_goes_by_the_servers_clock_unless_it_is_given_one(postgres_url: str) -> None:
    with fresh_schema(postgres_url) as url:
        for clock, kind in ((None, DatabaseClock), (Clock(), Clock)):
            services = start_services(Settings(database_url=url), clock=clock)
            services.close()
            assert isinstance(services.clock, kind)
            assert services.store.clock is services.clock


def test_a_sqlite_file_has_the_clock_of_its_host(tmp_path: Path) -> None:
    services = start_services(Settings(database_url=f"sqlite:///{tmp_path}/bantline.db"))
    services.close()

    assert services.clock is wall_clock
