"""A running Bantline for the tests of the web door."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser

from bot.bootstrap import Services, start_services
from bot.settings import Settings
from tests.clock import Clock
from tests.files import database_in
from tests.patience import PATIENCE
from tests.process import QuickBantline
from tests.web.widget import Site


@pytest.fixture
def site(browser: Browser, chat_url: str) -> Iterator[Site]:
    site = Site(browser, chat_url.rstrip("/"))
    yield site
    for context in site.contexts:
        context.close()


@pytest.fixture(scope="session")
def bantline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickBantline]:
    with QuickBantline(tmp_path_factory.mktemp("bantline")) as process:
        process.wait_until_well()
        yield process


@pytest.fixture
def chat_url(bantline: QuickBantline) -> str:
    return bantline.url


@pytest.fixture
def web(bantline: QuickBantline) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=bantline.url, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """What the web door is built on, in this process."""
    services = start_services(
        Settings(database_url=database_in(tmp_path), bantline_api_key="key-of-the-tests"), clock=clock
    )
    yield services
    services.close()


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    return tmp_path
