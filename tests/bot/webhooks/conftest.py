"""What the tests of webhooks may ask for: a program of the firm's that listens, and a store that tells it."""

from collections.abc import Iterator

import pytest

from qualification import passed_on
from qualification.policy import Policy
from qualification.store import Store
from tests.clock import Clock
from tests.program import Program, program


@pytest.fixture
def crm() -> Iterator[Program]:
    with program() as listens:
        yield listens


@pytest.fixture
def store(database_url: str, clock: Clock, policy: Policy) -> Iterator[Store]:
    """A store as it is opened where BANTLINE_WEBHOOK_URL is set."""
    store = Store(database_url, clock=clock, policy=policy, tell=passed_on.tell)
    yield store
    store.close()
