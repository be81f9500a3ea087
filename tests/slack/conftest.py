"""What the tests of the desk may ask for: services alone, or a whole desk over Socket Mode or signed HTTP."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.bootstrap import Services
from tests.clock import Clock
from tests.desk import MONDAY_TEN, Bench, http_server, open_bench, services_in
from tests.slack.visit import Visit


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY_TEN)


@pytest.fixture
def make_services(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Services]]:
    with services_in(tmp_path, clock) as make:
        yield make


@pytest.fixture
def services(make_services: Callable[..., Services]) -> Services:
    """Services without Slack, for what needs rows only."""
    return make_services()


@pytest.fixture
async def http_bench(make_services: Callable[..., Services], clock: Clock) -> AsyncIterator[Bench]:
    """The same desk, reached by signed HTTP in place of Socket Mode."""
    async with open_bench(make_services, clock, slack_app_token="") as opened, http_server(opened.door) as url:
        opened.workspace.request_url = url
        yield opened


@pytest.fixture
async def bench(make_services: Callable[..., Services], clock: Clock) -> AsyncIterator[Bench]:
    async with open_bench(make_services, clock) as opened:
        yield opened


@pytest.fixture
async def visit(bench: Bench) -> Visit:
    return Visit(bench)
